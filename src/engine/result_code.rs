//! Every answer's result code, error and sentence, in one table.
//!
//! The code is `A` and six digits; the third digit from the right says who is concerned: 0 success,
//! 1 the server, 2 the caller of the API, 3 the OAuth client. Codes and sentences that Authlete is
//! known to use are taken from it; the others are the engine's own.

use crate::api::{TokenResponse, TokenResponseAction};
use crate::engine::platform::{RecordKind, Unavailable, Write};
use serde::Serialize;

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The action that the operation has for success.
    Success,
    /// `BAD_REQUEST` with this OAuth error (RFC 6749 §5.2).
    BadRequest(&'static str),
    /// `INVALID_CLIENT` with the error `invalid_client`.
    InvalidClient,
    /// `INTERNAL_SERVER_ERROR` with the error `server_error`.
    ServerError,
    /// The HTTP error 503 of the API, with the error `temporarily_unavailable`: the same request
    /// may succeed in a moment.
    Unavailable,
    /// `CALLER_ERROR` where the operation has it, else `INTERNAL_SERVER_ERROR`.
    CallerError,
    /// An HTTP error of the API itself, with this status.
    Http(u16),
    /// An error of another endpoint than the token endpoint, with this status and OAuth error.
    Endpoint(u16, &'static str),
}

/// A row of the table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ResultCode {
    pub(crate) code: &'static str,
    pub(crate) outcome: Outcome,
    sentence: &'static str,
    /// What the OAuth client is told instead: only the operator may learn whether a credential was
    /// valid once.
    told: Option<&'static ResultCode>,
}

macro_rules! table {
    ($($name:ident: $code:literal, $outcome:expr, $sentence:literal $(, told as $told:ident)?;)+) => {
        $(pub(crate) static $name: &ResultCode =
            &ResultCode { code: $code, outcome: $outcome, sentence: $sentence, told: [$(Some($told),)? None][0] };)+
        /// The whole table.
        #[cfg(test)]
        pub(crate) static ALL: &[&ResultCode] = &[$($name),+];
    };
}

use Outcome::{
    BadRequest, CallerError, Endpoint, Http, InvalidClient, ServerError, Success,
    Unavailable as Passing,
};

table! {
    // Success
    CODE_REDEEMED: "A050001", Success, "The token request (grant_type=authorization_code) was processed successfully.";
    REFRESHED: "A053001", Success, "The token request (grant_type=refresh_token) was processed successfully.";
    PASSWORD_ISSUED: "A054001", Success, "The token request (grant_type=password) was processed successfully.";
    PASSWORD_VALID: "A057001", Success, "The token request (grant_type=password) is valid.";
    CLIENT_CREDENTIALS_ISSUED: "A059001", Success, "The token request (grant_type=client_credentials) was processed successfully.";
    REISSUED: "A399001", Success, "An ID token was reissued successfully.";

    // The API call itself
    AUTHORIZATION_MISSING: "A001202", Http(401), "Authorization header is missing.";
    BEARER_INVALID: "A001291", Http(401), "The Authorization header has no valid bearer token of this service.";
    SERVICE_UNKNOWN: "A001292", Http(403), "The bearer token gives no access to the service that the path names.";
    API_UNKNOWN: "A001293", Http(404), "There is no such API.";
    METHOD_WRONG: "A001294", Http(405), "The API must be called with POST.";
    CONTENT_TYPE_WRONG: "A001295", Http(400), "The content type is not one that the API accepts.";
    BODY_TOO_LARGE: "A001298", Http(413), "The request body is larger than the API accepts.";
    BODY_MALFORMED: "A001296", Http(400), "The request body can't be read.";
    MEMBER_WRONG: "A001297", Http(400), "A member of the request has the wrong type: ";

    // The server and its platform
    SERVER_ERROR: "A001101", ServerError, "The server failed to process the request.";

    CLIENT_KEYS_UNAVAILABLE: "A157190", Passing, "The public keys of the client could not be fetched from its jwks_uri.";

    // The caller of the API
    PARAMETER_MISSING: "A049201", CallerError, "A required request parameter of the API is missing.";
    ACCESS_TOKEN_UNUSABLE: "A049202", CallerError, "The accessToken is too long, or has characters that a bearer token can't have.";
    ACCESS_TOKEN_EXISTS: "A049203", CallerError, "The accessToken is already in use.";
    PROPERTIES_TOO_LARGE: "A049204", CallerError, "The properties are too large.";
    SUBJECT_UNUSABLE: "A049205", CallerError, "The subject must be 1 to 255 printable ASCII characters.";
    TICKET_UNKNOWN: "A049206", CallerError, "No such ticket.";
    TICKET_EXPIRED: "A049208", CallerError, "The ticket has expired.", told as TICKET_UNKNOWN;
    TICKET_USED: "A049209", CallerError, "The ticket was used before.", told as TICKET_UNKNOWN;
    REASON_UNKNOWN: "A049207", CallerError, "The reason is not one of those that the API knows.";
    REISSUE_OFF: "A399201", CallerError, "The service does not reissue ID tokens.";
    REISSUE_TOKENS: "A399202", CallerError, "The access token and the refresh token are not valid tokens of one grant.";
    REISSUE_SCOPE: "A399203", CallerError, "The access token has no subject, or does not have the scope openid.";
    REISSUE_JSON: "A399204", CallerError, "The claims or idtHeaderParams are not the text of a JSON object.";
    REISSUE_AUD_TYPE: "A399205", CallerError, "The idTokenAudType is neither array nor string.";
    REISSUE_EXPIRED: "A399206", CallerError, "The access token or the refresh token has expired.";
    REISSUE_USED: "A399207", CallerError, "The refresh token was used before.";

    // The token request as such
    PARAMETER_REPEATED: "A049301", BadRequest("invalid_request"), "A request parameter is included more than once.";
    PARAMETER_MALFORMED: "A049302", BadRequest("invalid_request"), "A request parameter is not form-encoded UTF-8.";
    GRANT_TYPE_MISSING: "A049303", BadRequest("invalid_request"), "The grant_type parameter is missing.";
    GRANT_TYPE_UNSUPPORTED: "A049304", BadRequest("unsupported_grant_type"), "The grant type is not supported.";
    GRANT_TYPE_NOT_ALLOWED: "A049305", BadRequest("unauthorized_client"), "The client is not authorized to use this grant type.";
    SCOPE_MALFORMED: "A049306", BadRequest("invalid_scope"), "The scope parameter is malformed.";
    SCOPE_NOT_ALLOWED: "A049307", BadRequest("invalid_scope"), "The client may not request one or more of the scopes.";
    RESOURCE_NOT_GRANTED: "A049308", BadRequest("invalid_target"), "One of the resources was not granted.";
    RESOURCE_MALFORMED: "A049310", BadRequest("invalid_target"), "A resource must be an absolute URI without a fragment.";
    DETAILS_NOT_GRANTED: "A049309", BadRequest("invalid_authorization_details"), "The authorization_details parameter is not supported.";

    // Client authentication
    CLIENT_METHODS_MIXED: "A157391", BadRequest("invalid_request"), "The request uses more than one method of client authentication.";
    CLIENT_IDS_DIFFER: "A157392", BadRequest("invalid_request"), "The request names two different clients.";
    CLIENT_ID_MISSING: "A157393", BadRequest("invalid_request"), "The request does not name a client.";
    ASSERTION_INCOMPLETE: "A157394", BadRequest("invalid_request"), "The client_assertion and client_assertion_type parameters go together.";
    CLIENT_WRONG_PLACE: "A157357", InvalidClient, "The client identifier is not found at the expected location.";
    CLIENT_INVALID: "A157395", InvalidClient, "Client authentication failed.";
    ASSERTION_TYPE_UNKNOWN: "A157397", BadRequest("invalid_request"), "The client_assertion_type is not urn:ietf:params:oauth:client-assertion-type:jwt-bearer.";
    ASSERTION_MALFORMED: "A157380", InvalidClient, "The client assertion is not a signed JWT in compact form, is meant for something else, or requires extensions.", told as CLIENT_INVALID;
    ASSERTION_ALGORITHM: "A157399", InvalidClient, "The signature algorithm of the client assertion is not supported.", told as CLIENT_INVALID;
    ASSERTION_CLAIM_WRONG: "A157381", InvalidClient, "The claims of the client assertion are not a JSON object, or one of them has a wrong type or value.", told as CLIENT_INVALID;
    ASSERTION_ISSUER: "A157382", InvalidClient, "The iss and sub claims of the client assertion are not the same client identifier.", told as CLIENT_INVALID;
    ASSERTION_CLIENT_ID: "A157383", InvalidClient, "The request and the sub claim of the client assertion name different clients.", told as CLIENT_INVALID;
    ASSERTION_EXP_MISSING: "A157384", InvalidClient, "The client assertion has no exp claim.", told as CLIENT_INVALID;
    ASSERTION_EXPIRED: "A157385", InvalidClient, "The client assertion has expired.", told as CLIENT_INVALID;
    ASSERTION_LASTS: "A157386", InvalidClient, "The client assertion expires later than 24 hours from now.", told as CLIENT_INVALID;
    ASSERTION_EARLY: "A157387", InvalidClient, "The nbf or iat claim of the client assertion is in the future.", told as CLIENT_INVALID;
    ASSERTION_JTI: "A157388", InvalidClient, "The jti claim of the client assertion is missing, empty, or longer than 255 bytes.", told as CLIENT_INVALID;
    ASSERTION_AUDIENCE: "A157356", InvalidClient, "The aud claim of the client assertion does not name this server, or not in the form that the service requires.", told as CLIENT_INVALID;
    ASSERTION_CLIENT: "A157389", InvalidClient, "The client of the client assertion is unknown, or is not registered for client assertions.", told as CLIENT_INVALID;
    ASSERTION_KEY: "A156304", InvalidClient, "The client has no key, and no secret that is long enough, for the algorithm and the kid of the client assertion.", told as CLIENT_INVALID;
    ASSERTION_SIGNATURE: "A157390", InvalidClient, "The signature of the client assertion is wrong.", told as CLIENT_INVALID;
    ASSERTION_USED: "A157398", InvalidClient, "The client assertion was used before.", told as CLIENT_INVALID;
    ATTESTATION_INCOMPLETE: "A157361", BadRequest("invalid_request"), "A client attestation and the proof of possession of its key go together.";
    ATTESTATION_MALFORMED: "A157362", InvalidClient, "The client attestation is not a signed JWT of the type oauth-client-attestation+jwt in compact form, requires extensions, or has a claim of a wrong type.", told as CLIENT_INVALID;
    ATTESTATION_ALGORITHM: "A157363", InvalidClient, "The signature algorithm of the client attestation or its proof of possession is not supported.", told as CLIENT_INVALID;
    ATTESTATION_CLAIM_MISSING: "A157364", InvalidClient, "The client attestation lacks sub, exp, or a cnf with a public key of a supported type as jwk.", told as CLIENT_INVALID;
    ATTESTATION_CLIENT_ID: "A157365", InvalidClient, "The request and the sub claim of the client attestation name different clients.", told as CLIENT_INVALID;
    ATTESTATION_CLIENT: "A157366", InvalidClient, "The client of the client attestation is unknown, or is not registered for attest_jwt_client_auth.", told as CLIENT_INVALID;
    ATTESTATION_KEY: "A157367", InvalidClient, "No trusted attester has a key for the algorithm and the kid of the client attestation.", told as CLIENT_INVALID;
    ATTESTATION_SIGNATURE: "A157368", InvalidClient, "The signature of the client attestation is wrong.", told as CLIENT_INVALID;
    ATTESTER_CERTIFICATE: "A157378", InvalidClient, "The x5c of the client attestation is not an array of X.509 certificates in base64, the first of which has a key of a supported type.", told as CLIENT_INVALID;
    ATTESTATION_EARLY: "A157369", InvalidClient, "The nbf or iat claim of the client attestation is in the future.", told as CLIENT_INVALID;
    ATTESTATION_EXPIRED: "A157370", BadRequest("use_fresh_attestation"), "The client attestation has expired.";
    ATTESTATION_PROOF_MALFORMED: "A157371", InvalidClient, "The proof of possession is not a signed JWT of the type oauth-client-attestation-pop+jwt in compact form, requires extensions, or has a claim of a wrong type.", told as CLIENT_INVALID;
    ATTESTATION_PROOF_SIGNATURE: "A157372", InvalidClient, "The proof of possession is not signed with the key of the client attestation.", told as CLIENT_INVALID;
    ATTESTATION_PROOF_AUDIENCE: "A157373", InvalidClient, "The aud claim of the proof of possession is not the issuer of this server, and nobody else.", told as CLIENT_INVALID;
    ATTESTATION_PROOF_TIME: "A157374", InvalidClient, "The iat claim of the proof of possession is missing, too old or in the future, or the proof has expired or is not valid yet.", told as CLIENT_INVALID;
    ATTESTATION_PROOF_JTI: "A157375", InvalidClient, "The jti claim of the proof of possession is missing, empty, or longer than 255 bytes.", told as CLIENT_INVALID;
    ATTESTATION_PROOF_USED: "A157376", InvalidClient, "The proof of possession was used before.", told as CLIENT_INVALID;
    ATTESTATION_CHALLENGE: "A157377", BadRequest("use_attestation_challenge"), "The proof of possession does not have the challenge that this server expects.";

    // Client certificates
    CERTIFICATE_MISSING: "A157331", InvalidClient, "The client authenticates with a certificate, and the request has none.", told as CLIENT_INVALID;
    CERTIFICATE_MALFORMED: "A157332", InvalidClient, "The client certificate, or one of its path, is not one X.509 certificate in PEM form of 16384 bytes at most.", told as CLIENT_INVALID;
    CERTIFICATE_EARLY: "A157333", InvalidClient, "The client certificate, or one that vouches for it, is not valid yet.", told as CLIENT_INVALID;
    CERTIFICATE_EXPIRED: "A157334", InvalidClient, "The client certificate, or one that vouches for it, has expired.", told as CLIENT_INVALID;
    CERTIFICATE_NAME: "A157335", InvalidClient, "The client certificate does not have the registered name. A registered subject begins with the last attribute of the certificate.", told as CLIENT_INVALID;
    CERTIFICATE_KEY: "A157336", InvalidClient, "The client certificate is not one of the client's jwks.", told as CLIENT_INVALID;
    BINDING_MISSING: "A157346", BadRequest("invalid_request"), "The client's tokens are bound to its certificate, and the request has none.";
    BINDING_MALFORMED: "A157347", BadRequest("invalid_request"), "The client certificate is not one X.509 certificate in PEM form of 16384 bytes at most.";
    PATH_TOO_LONG: "A157337", InvalidClient, "The client shows more than 5 certificates.", told as CLIENT_INVALID;
    PATH_BROKEN: "A157338", InvalidClient, "A certificate is not followed by that of its issuer.", told as CLIENT_INVALID;
    PATH_UNTRUSTED: "A157339", InvalidClient, "The certificates lead to none of the trusted root certificates.", told as CLIENT_INVALID;
    PATH_NOT_AUTHORITY: "A157340", InvalidClient, "One of the issuers may not issue certificates, or not for a path of this length.", told as CLIENT_INVALID;
    PATH_PURPOSE: "A157341", InvalidClient, "The key usages of a certificate leave out client authentication.", told as CLIENT_INVALID;
    PATH_EXTENSION: "A157342", InvalidClient, "A certificate has name constraints, an unknown critical extension, or a malformed one.", told as CLIENT_INVALID;
    PATH_ALGORITHM: "A157343", InvalidClient, "A certificate is signed by an algorithm that is not supported, or that does not fit the key of its issuer.", told as CLIENT_INVALID;
    PATH_KEY: "A157344", InvalidClient, "The key of an issuer is of a type or size that is not supported.", told as CLIENT_INVALID;
    PATH_SIGNATURE: "A157345", InvalidClient, "The signature of a certificate is wrong.", told as CLIENT_INVALID;

    // DPoP
    DPOP_MALFORMED: "A254301", BadRequest("invalid_dpop_proof"), "The DPoP proof is not a signed JWT in compact form, or requires extensions.";
    DPOP_SEVERAL: "A254390", BadRequest("invalid_dpop_proof"), "There must be only one DPoP proof.";
    DPOP_TYPE: "A254392", BadRequest("invalid_dpop_proof"), "The typ header parameter of the DPoP proof is not dpop+jwt.";
    DPOP_ALGORITHM: "A254393", BadRequest("invalid_dpop_proof"), "The signature algorithm of the DPoP proof is not supported.";
    DPOP_JWK_MISSING: "A254303", BadRequest("invalid_dpop_proof"), "The DPoP proof has no jwk header parameter.";
    DPOP_JWK_PRIVATE: "A254394", BadRequest("invalid_dpop_proof"), "The jwk header parameter of the DPoP proof has members of a private or shared key.";
    DPOP_JWK_WRONG: "A254395", BadRequest("invalid_dpop_proof"), "The jwk header parameter of the DPoP proof is not a supported public key that fits the algorithm.";
    DPOP_CLAIM_WRONG: "A254396", BadRequest("invalid_dpop_proof"), "The claims of the DPoP proof are not a JSON object, or one of them has a wrong type.";
    DPOP_JTI: "A254397", BadRequest("invalid_dpop_proof"), "The jti claim of the DPoP proof is missing or empty.";
    DPOP_HTM: "A254398", BadRequest("invalid_dpop_proof"), "The htm claim of the DPoP proof is missing, or is not the method of the request.";
    DPOP_HTU: "A254399", BadRequest("invalid_dpop_proof"), "The htu claim of the DPoP proof is missing, or is not the URL that the request is for.";
    DPOP_IAT: "A254380", BadRequest("invalid_dpop_proof"), "The iat claim of the DPoP proof is missing.";
    DPOP_OLD: "A254381", BadRequest("invalid_dpop_proof"), "The iat claim of the DPoP proof is too long ago, or its exp claim is over.";
    DPOP_EARLY: "A254382", BadRequest("invalid_dpop_proof"), "The iat or nbf claim of the DPoP proof is in the future.";
    DPOP_ATH: "A254383", BadRequest("invalid_dpop_proof"), "The ath claim of the DPoP proof is missing, or is not the hash of the access token.";
    DPOP_SIGNATURE: "A254384", BadRequest("invalid_dpop_proof"), "The signature of the DPoP proof is wrong.";
    DPOP_NONCE: "A254307", BadRequest("use_dpop_nonce"), "The nonce claim of the DPoP proof must be the nonce that comes with this response.";
    DPOP_USED: "A254385", BadRequest("invalid_dpop_proof"), "The DPoP proof was used before.";
    DPOP_PROOF_MISSING: "A254386", BadRequest("invalid_dpop_proof"), "The request must have a DPoP proof.";

    // Authorization code
    CODE_MISSING: "A050301", BadRequest("invalid_request"), "The code parameter is missing.";
    CODE_UNKNOWN: "A050305", BadRequest("invalid_grant"), "No such authorization code.";
    CODE_EXPIRED: "A050396", BadRequest("invalid_grant"), "The authorization code has expired.", told as CODE_UNKNOWN;
    CODE_USED: "A050397", BadRequest("invalid_grant"), "The authorization code was used before.", told as CODE_UNKNOWN;
    REDIRECT_URI_MISSING: "A050391", BadRequest("invalid_request"), "The redirect_uri parameter is missing, although the authorization request had one.";
    REDIRECT_URI_WRONG: "A050392", BadRequest("invalid_grant"), "The redirect URI is not the one of the authorization request, or is no longer registered.";
    VERIFIER_MISSING: "A050312", BadRequest("invalid_grant"), "The code_verifier parameter is missing.";
    VERIFIER_MALFORMED: "A050393", BadRequest("invalid_grant"), "The code_verifier parameter is malformed.";
    VERIFIER_WRONG: "A050394", BadRequest("invalid_grant"), "The code_verifier does not match the code_challenge.";
    VERIFIER_UNEXPECTED: "A050317", BadRequest("invalid_grant"), "There is a code_verifier, but the authorization request had no code_challenge.";
    CHALLENGE_MISSING: "A050395", BadRequest("invalid_grant"), "The authorization request had no code_challenge, or one by a method that is not allowed.";
    CODE_BOUND: "A050398", BadRequest("invalid_grant"), "The authorization code is bound to a DPoP key, and the request does not prove to have it.";

    // Refresh token
    REFRESH_TOKEN_MISSING: "A053301", BadRequest("invalid_request"), "The refresh_token parameter is missing.";
    REFRESH_TOKEN_UNKNOWN: "A053302", BadRequest("invalid_grant"), "No such refresh token.";
    REFRESH_TOKEN_EXPIRED: "A053391", BadRequest("invalid_grant"), "The refresh token has expired.", told as REFRESH_TOKEN_UNKNOWN;
    REFRESH_TOKEN_USED: "A053392", BadRequest("invalid_grant"), "The refresh token was used before.", told as REFRESH_TOKEN_UNKNOWN;
    RENEWAL_DIFFERS: "A053393", BadRequest("invalid_grant"), "The refresh token was used a moment ago, for other scopes or resources, or with another key or certificate.", told as REFRESH_TOKEN_UNKNOWN;
    REFRESH_TOKEN_BOUND: "A053394", BadRequest("invalid_grant"), "The refresh token is bound to a key or a certificate, and the request does not prove to have it.";
    REFRESH_SCOPE_WIDER: "A053303", BadRequest("invalid_scope"), "The scope parameter has a scope that was not granted.";

    // Client credentials
    CLIENT_PUBLIC: "A059301", BadRequest("unauthorized_client"), "A public client may not use this grant type.";
    OPENID_WITHOUT_USER: "A059302", BadRequest("invalid_scope"), "The scope openid is not available for this grant type.";

    // Resource owner password credentials
    USERNAME_MISSING: "A057301", BadRequest("invalid_request"), "The username parameter is missing.";
    PASSWORD_MISSING: "A057302", BadRequest("invalid_request"), "The password parameter is missing.";
    CREDENTIALS_INVALID: "A067301", BadRequest("invalid_request"), "The credentials (username & password) passed to the token endpoint are invalid.";
    FAILED_UNKNOWN: "A067391", BadRequest("server_error"), "The authorization server failed to process the token request.";
    FAILED_TARGET: "A067392", BadRequest("invalid_target"), "The requested resource is invalid, unknown or malformed.";
    FAILED_CLIENT: "A067393", BadRequest("invalid_client"), "The authorization server refused the client.";
    FAILED_UNAUTHORIZED: "A067394", BadRequest("unauthorized_client"), "The client may not make this token request.";
    FAILED_SCOPE: "A067395", BadRequest("invalid_scope"), "The authorization server refused the requested scope.";

    // Introspection and revocation
    ENDPOINT_METHOD: "A145391", Endpoint(405, "invalid_request"), "The endpoint takes POST requests only.";
    ENDPOINT_CONTENT_TYPE: "A145392", BadRequest("invalid_request"), "The content type must be application/x-www-form-urlencoded, in UTF-8.";
    ENDPOINT_TOO_LARGE: "A145393", Endpoint(413, "invalid_request"), "The request is too large.";
    ENDPOINT_UNREAD: "A145394", BadRequest("invalid_request"), "The request body could not be read.";
    PARAMETER_IN_URL: "A145395", BadRequest("invalid_request"), "The token and the client's credentials must not be in the URL.";
    AUTHORIZATION_SCHEME: "A145396", InvalidClient, "The authentication scheme is not supported; use Basic.";
    AUTHORIZATION_SEVERAL: "A145397", BadRequest("invalid_request"), "There must be only one Authorization header.";
    AUTHORIZATION_MALFORMED: "A145398", InvalidClient, "The Authorization header is malformed.";
    AUTHORIZATION_TOO_LONG: "A145399", InvalidClient, "The Authorization header is too long.";
    TOKEN_MISSING: "A145301", BadRequest("invalid_request"), "The token parameter is missing.";
    // RFC 7662 §2.3 has no error of its own for a client that authenticated itself and may not
    // introspect: it refers to RFC 6749 §5.2, where such a client is told this. A 403 is for
    // callers with an access token (RFC 6750 §3.1), which this endpoint does not take.
    INTROSPECTION_NOT_ALLOWED: "A145302", BadRequest("unauthorized_client"), "The client is not authorized to introspect tokens.";
    ACCESS_TOKEN_INVALID: "A145304", Endpoint(401, "invalid_token"), "The access token is unknown, has expired, or was revoked.";
    ACCESS_SCHEME_UNKNOWN: "A145305", Endpoint(401, "invalid_token"), "The authentication scheme is neither Bearer nor DPoP.";
    ACCESS_NOT_BEARER: "A145306", Endpoint(401, "invalid_token"), "The access token is bound to a DPoP key, and needs the scheme DPoP with a proof.";
    ACCESS_NOT_DPOP: "A145307", Endpoint(401, "invalid_token"), "The access token is not bound to a DPoP key, and needs the scheme Bearer.";
    ACCESS_KEY_WRONG: "A145308", Endpoint(401, "invalid_token"), "The access token is bound to another key than that of the DPoP proof.";
    ACCESS_CERTIFICATE_WRONG: "A145309", Endpoint(401, "invalid_token"), "The access token is bound to a certificate, and the request does not prove to have it.";
    REVOCATION_FOREIGN: "A145303", BadRequest("invalid_grant"), "The token was not issued to the client.";
}

/// An error response of a token endpoint (RFC 6749 §5.2).
#[derive(Serialize)]
struct ErrorContent<'a> {
    error: &'a str,
    error_description: String,
    error_uri: String,
}

impl ResultCode {
    /// The sentence, with the code before it.
    pub(crate) fn message(&self) -> String {
        format!("[{}] {}", self.code, self.sentence)
    }

    /// The sentence of an HTTP error, with the path of the API and the name of a member, where
    /// there is one.
    pub(crate) fn message_at(&self, path: &str, member: &str) -> String {
        let comma = if path.is_empty() { "" } else { ", " };
        format!("[{}] {path}{comma}{}{member}", self.code, self.sentence)
    }

    /// The action of `/auth/token` for this outcome; for success, the operation may use another
    /// one.
    pub(crate) fn action(&self) -> TokenResponseAction {
        match self.outcome {
            Success => TokenResponseAction::Ok,
            BadRequest(_) => TokenResponseAction::BadRequest,
            InvalidClient => TokenResponseAction::InvalidClient,
            ServerError | Passing | CallerError | Http(_) | Endpoint(..) => {
                TokenResponseAction::InternalServerError
            }
        }
    }

    /// The beginning of a response of `/auth/token`.
    pub(crate) fn response(&self, action: TokenResponseAction) -> TokenResponse {
        TokenResponse {
            action: Some(action),
            result_code: Some(self.code.to_owned()),
            result_message: Some(self.message()),
            ..Default::default()
        }
    }

    /// The OAuth error.
    pub(crate) fn error(&self) -> &'static str {
        match self.outcome {
            BadRequest(error) | Endpoint(_, error) => error,
            InvalidClient => "invalid_client",
            Passing => "temporarily_unavailable",
            Success | ServerError | CallerError | Http(_) => "server_error",
        }
    }

    /// The JSON text for the OAuth client.
    pub(crate) fn content(&self) -> String {
        if let Some(told) = self.told {
            return told.content();
        }
        let error = self.error();
        let error_uri = format!("https://docs.authlete.com/#{}", self.code);
        let content = ErrorContent { error, error_description: self.message(), error_uri };
        serde_json::to_string(&content).unwrap_or_default()
    }
}

/// Why a call does not succeed.
pub(crate) struct Refusal {
    pub(crate) code: &'static ResultCode,
    /// What is written although the call is refused.
    pub(crate) writes: Vec<Write>,
    /// Whether all was well until another request was first.
    pub(crate) overtaken: bool,
    /// Whether the request used a refresh token that was replaced before.
    pub(crate) previous_refresh_token_used: bool,
    /// The challenge that the client's next proof of possession must have.
    pub(crate) attestation_challenge: Option<String>,
}

impl Refusal {
    /// A refusal that ends a grant, and with it all of its tokens.
    pub(crate) fn revoking(code: &'static ResultCode, grant: String) -> Self {
        Refusal {
            writes: vec![Write::Delete { kind: RecordKind::Grant, key: grant }],
            ..Refusal::from(code)
        }
    }
}

impl From<&'static ResultCode> for Refusal {
    fn from(code: &'static ResultCode) -> Self {
        Refusal {
            code,
            writes: Vec::new(),
            overtaken: false,
            previous_refresh_token_used: false,
            attestation_challenge: None,
        }
    }
}

impl From<Unavailable> for Refusal {
    fn from(_: Unavailable) -> Self {
        Refusal::from(SERVER_ERROR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_code_is_used_once_and_names_the_party_that_its_outcome_blames() {
        let mut seen = HashSet::new();
        for row in ALL {
            assert!(seen.insert(row.code), "{} appears twice", row.code);
            let (a, digits) = row.code.split_at(1);
            assert!(
                a == "A" && digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit()),
                "{}",
                row.code
            );
            let party = match row.outcome {
                Success => "0",
                ServerError | Passing => "1",
                CallerError | Http(_) => "2",
                BadRequest(_) | InvalidClient | Endpoint(..) => "3",
            };
            assert_eq!(&row.code[4..5], party, "{}", row.code);
        }
    }

    #[test]
    fn every_description_has_only_the_characters_that_an_error_description_may_have() {
        for row in ALL {
            let allowed = |b: u8| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
            assert!(row.message().bytes().all(allowed), "{}", row.code);
        }
    }
}
