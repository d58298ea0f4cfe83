//! What the engine has checked to answer one call: for hosts that want to show or record it.

macro_rules! checks {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal,)+) => {
        /// The name of a check.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Check {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Check {
            /// Every check, in the order of the TypeScript union.
            pub const ALL: [Check; [$($name),+].len()] = [$(Check::$variant),+];

            /// The name in JavaScript.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Check::$variant => $name,)+
                }
            }

            /// The documentation of each check, in the same order: the build writes it into
            /// TypeScript.
            pub(crate) const DOCS: [&'static str; Self::ALL.len()] = [$(concat!($($doc, "\n"),+)),+];
        }
    };
}

checks! {
    /// The API call itself: its path and method, its bearer, the members of its JSON.
    Call "call",
    /// The HTTP request to the introspection or revocation endpoint: method, content type, size,
    /// `Authorization` header.
    HttpRequest "http_request",
    /// The parameters: readable, none repeated, and those that are needed are there.
    Parameters "parameters",
    /// The grant type: the engine and the service have it, and the client may use it. Its name.
    GrantType "grant_type",
    /// There are no `authorization_details`, which the engine does not support. Only ever refused.
    AuthorizationDetails "authorization_details",
    /// Which client it is, and that it has proved it. The method.
    ClientAuthentication "client_authentication",
    /// The client assertion: its type, algorithm and claims.
    ClientAssertion "client_assertion",
    /// The signature or MAC of the client assertion, by a key or the secret of its client. The
    /// algorithm.
    ClientAssertionSignature "client_assertion_signature",
    /// The client's public keys at its `jwks_uri`: `stored`, or `fetched` just now.
    ClientKeys "client_keys",
    /// The client attestation: its type, algorithm, claims and times.
    ClientAttestation "client_attestation",
    /// The signature of the client attestation, by an attester that is trusted. The algorithm.
    ClientAttestationSignature "client_attestation_signature",
    /// The proof that the client instance has the key of its attestation: type, signature, audience
    /// and time.
    ClientAttestationProof "client_attestation_proof",
    /// The challenge in that proof, which the server handed out a moment ago.
    ClientAttestationChallenge "client_attestation_challenge",
    /// The client's TLS certificate: readable, valid now, and the one that is registered.
    ClientCertificate "client_certificate",
    /// The certificates lead to a trusted root.
    CertificationPath "certification_path",
    /// The client can keep a secret: a public one may not do this.
    ConfidentialClient "confidential_client",
    /// What may be used once was not used before. The kind of its record in the store.
    SingleUse "single_use",
    /// The client's tokens are bound to its certificate, and the request has a usable one.
    CertificateBinding "certificate_binding",
    /// The DPoP proof: its type, key, claims and signature. The algorithm.
    DpopProof "dpop_proof",
    /// The nonce in the DPoP proof, which the server handed out a moment ago.
    DpopNonce "dpop_nonce",
    /// A code or token that is bound is shown by the sender who has what it is bound to:
    /// `dpop_key`, `certificate`, `attested_instance`.
    SenderBinding "sender_binding",
    /// The resources: absolute URIs, which the client may request.
    Resource "resource",
    /// The requested resources are among the granted ones, and the client may still have them.
    GrantedResources "granted_resources",
    /// The scopes: well-formed, and the client may request them; with a refresh token, they were
    /// granted.
    Scope "scope",
    /// The authorization code: known, the client's own, not expired, and not used before. `revoked`
    /// if its second use ends the grant.
    AuthorizationCode "authorization_code",
    /// The redirect URI: registered, and that of the authorization request.
    RedirectUri "redirect_uri",
    /// PKCE: the `code_verifier` fits the `code_challenge`; in an authorization request, the
    /// challenge is well-formed. The method, or `not_used`.
    Pkce "pkce",
    /// The refresh token: known, the client's own, and not expired. `replaced` if it was used
    /// before.
    RefreshToken "refresh_token",
    /// What becomes of a refresh token that was used before: `same_tokens_again`, or `revoked` if
    /// that ends the grant.
    RefreshTokenReuse "refresh_token_reuse",
    /// Username and password are there: whether they are right, only the host knows.
    UserCredentials "user_credentials",
    /// The ticket between the calls of a password request: known, not expired, not used before.
    Ticket "ticket",
    /// The `reason` of `/auth/token/fail`, which the API knows.
    Reason "reason",
    /// The subject that the host names can be one.
    Subject "subject",
    /// The properties that the host adds are not too large. Only ever refused.
    Properties "properties",
    /// The access token that the host has chosen: usable, and not in use.
    ChosenAccessToken "chosen_access_token",
    /// An access token was made, which is valid once it is committed. Its type.
    AccessTokenIssued "access_token_issued",
    /// A refresh token was made, or the presented one stays: `new`, `replacing` or `kept`.
    RefreshTokenIssued "refresh_token_issued",
    /// An ID token was made and signed. The algorithm.
    IdTokenIssued "id_token_issued",
    /// The service reissues ID tokens, and this one can be.
    IdTokenReissue "id_token_reissue",
    /// The access token and the refresh token are live tokens of one grant.
    TokenFamily "token_family",
    /// The access token is active: known, not expired, not revoked.
    AccessToken "access_token",
    /// The authentication scheme of a request fits its access token: `Bearer` or `DPoP`.
    TokenScheme "token_scheme",
    /// The client is a protected resource, which may introspect.
    ResourceIdentifiers "resource_identifiers",
    /// The access token is for the protected resource that asks, or for `any`.
    Audience "audience",
    /// The token to be revoked belongs to a live grant. That it does not is no error.
    Token "token",
    /// The token was issued to the client that wants to revoke it.
    TokenOwner "token_owner",
    /// The client of an authorization request is registered.
    Client "client",
    /// Response type and mode are `code` and `query`, and nothing is asked for that the engine
    /// lacks.
    ResponseType "response_type",
    /// `prompt` and `max_age` are well-formed.
    Prompt "prompt",
    /// The `id_token_hint` is an ID token of this issuer.
    IdTokenHint "id_token_hint",
    /// `dpop_jkt` is the thumbprint of a key.
    DpopJkt "dpop_jkt",
    /// A step was written completely, or not at all. What was written, such as
    /// `insert grant, delete renewal`. Refused: another request was first.
    Commit "commit",
    /// The platform failed: the name of the failure. Only ever refused.
    Platform "platform",
}

/// What the engine has checked to answer one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The engine's function, named as for [`Host::failed`](super::Host::failed); `unknown` for a
    /// call that names none, or that could not be read so far.
    pub operation: &'static str,
    /// The checks, in the order in which they were made. There are none for functions that check
    /// nothing.
    pub checks: Vec<Checked>,
}

/// A check, and how it ended. Its texts are all made of constants: none is from the request, the
/// configuration or the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What was checked.
    pub check: Check,
    /// Whether it ended in a refusal.
    pub refused: bool,
    /// More about it, as the documentation of the [`Check`] says; empty if there is no more.
    pub detail: String,
    /// The result code of a refusal, as its operator may know it.
    pub result_code: Option<&'static str>,
    /// Its sentence, with the code before it.
    pub result_message: Option<String>,
}

impl Trace {
    /// The JSON text of the npm package's `EngineTrace`. No constant has anything to escape.
    pub fn to_json(&self) -> String {
        let mut json = ["{\"operation\":\"", self.operation, "\",\"checks\":["].concat();
        for (index, checked) in self.checks.iter().enumerate() {
            json.push_str(if index == 0 { "{" } else { ",{" });
            checked.members(&mut json);
            json.push('}');
        }
        json + "]}"
    }
}

impl Checked {
    fn members(&self, json: &mut String) {
        let outcome = if self.refused { "refused" } else { "passed" };
        let members = [
            ("\"name\":\"", self.check.as_str()),
            ("\",\"outcome\":\"", outcome),
            ("\",\"detail\":\"", &self.detail),
            ("\",\"resultCode\":\"", self.result_code.unwrap_or_default()),
            ("\",\"resultMessage\":\"", self.result_message.as_deref().unwrap_or_default()),
        ];
        for (name, value) in members.into_iter().filter(|(_, value)| !value.is_empty()) {
            json.push_str(name);
            json.push_str(value);
        }
        json.push('"');
    }
}
