//! The incoming token request, up to the call of `/auth/token`: what is checked before the body is
//! read, and in the body itself.

use super::{
    EndpointSettings, Handling, Presented, Reply, TokenCall, authorization, certificate, cors,
    respond::{OAuthError, Refused, Responder},
    settings::{Hooks, Reissue},
    url,
};
use crate::basic::{self, MAX_CREDENTIAL_BYTES};
use crate::form;
use crate::loopback::is_loopback;
use crate::prelude::*;
use crate::text::{cut, digits, is_digits};

/// Parameters that must not be in a URL, where they would end up in logs (RFC 6749 §2.3.1, §3.2).
const SENSITIVE: [&str; 7] = [
    "client_secret",
    "client_assertion",
    "code",
    "refresh_token",
    "password",
    "assertion",
    "subject_token",
];

/// Parameters that Authlete or a hook may read, so their values must be UTF-8 (RFC 6749 Appendix
/// B).
#[rustfmt::skip]
const KNOWN: [&str; 26] = [
    "grant_type", "scope", "client_id", "client_secret", "client_assertion", "client_assertion_type",
    "code", "redirect_uri", "code_verifier", "refresh_token", "username", "password", "assertion",
    "subject_token", "subject_token_type", "actor_token", "actor_token_type", "requested_token_type",
    "resource", "audience", "authorization_details", "device_code", "auth_req_id",
    "pre-authorized_code", "tx_code", "device_secret",
];

const ALREADY_READ: &OAuthError = &OAuthError::new(500, "server_error", "")
    .because("something has read the body of the request before the endpoint, or has locked it");
const NOT_BYTES: &OAuthError = &OAuthError::new(500, "server_error", "").because(
    "the request can't be read: its body is not a stream of bytes, and it has no arrayBuffer() that gives bytes",
);
const WRONG_METHOD: &OAuthError =
    &OAuthError::new(405, "invalid_request", "The token endpoint takes POST requests only.")
        .because("the method is not POST");
const TOO_LARGE: &OAuthError =
    &OAuthError::new(413, "invalid_request", "The request is too large.")
        .because("the body is longer than maxRequestBytes");
const WRONG_PROOF: &OAuthError =
    &OAuthError::new(400, "invalid_dpop_proof", "There must be one DPoP header with one proof.")
        .because("the header DPoP is malformed, or there are several");
const NO_HTTPS: &OAuthError =
    &OAuthError::invalid_request("The token endpoint must be called over https.")
        .because("the URL of the request is not absolute, or its scheme is not https");
const INSECURE: &OAuthError = &OAuthError::invalid_request("The token endpoint must be called over https.").because(
    "the URL is http: and its host is not a loopback one; if a server in front rewrites the URL or ends TLS, see allowInsecureRequests",
);
const CONTENT_TYPE: OAuthError = OAuthError::invalid_request(
    "The content type must be application/x-www-form-urlencoded, in UTF-8.",
);
const WRONG_MEDIA_TYPE: &OAuthError =
    &CONTENT_TYPE.because("the content type is not that of a form in UTF-8");
const NO_MEDIA_TYPE: &OAuthError = &CONTENT_TYPE.because("there is no content type");

/// A request whose method, URL and headers are good. Its body is still to be read.
pub struct Pending {
    respond: Responder,
    hooks: Hooks,
    reissue: Reissue,
    limit: usize,
    has_media_type: bool,
    call: TokenCall,
}

/// Checks what comes before the body. `header` gives the value of a header by its lower-case name,
/// repeated ones joined by `", "`, as the Fetch standard's `Headers.get` does.
///
/// # Errors
/// The answer to a request whose body does not have to be read. Not always a refusal: `OPTIONS` is
/// answered here, too.
pub fn open(
    settings: &EndpointSettings,
    method: &str,
    url: &str,
    header: &dyn Fn(&'static str) -> Option<String>,
) -> Result<Pending, Reply> {
    let mut respond = Responder {
        realm: settings.realm.clone(),
        cors: cors::headers(&settings.cors, header),
        carried: Vec::new(),
        challenge: true,
    };
    match method {
        "POST" => {}
        "OPTIONS" => {
            if cors::is_preflight(header) {
                cors::answer_preflight(&settings.cors, header, &mut respond.cors);
            }
            return Err(respond.options());
        }
        _ => {
            let mut reply = respond.refuse(Refused::with(WRONG_METHOD, method));
            if method == "HEAD" {
                reply.response.body.clear();
            }
            return Err(reply);
        }
    }
    let authorization = header("authorization").filter(|value| !value.trim_ascii().is_empty());
    respond.challenge =
        basic::is_challenged(authorization.is_some(), header("sec-fetch-site").as_deref());
    match judge(settings, url, authorization, header) {
        Err(refused) => Err(respond.refuse(refused)),
        Ok((has_media_type, call)) => Ok(Pending {
            respond,
            hooks: settings.hooks,
            reissue: settings.reissue_id_token,
            limit: settings.max_request_bytes,
            has_media_type,
            call,
        }),
    }
}

impl Pending {
    /// Adds the TLS client certificate (RFC 8705), if the source that the operator has named shows
    /// one.
    ///
    /// # Errors
    /// The answer to a request whose certificate can't be used.
    pub fn certificate(&mut self, presented: &Presented<'_>) -> Result<(), Reply> {
        match certificate::read(presented) {
            Err(refusal) => return Err(self.respond.refuse(refusal)),
            Ok(None) => {}
            Ok(Some((certificate, path))) => {
                self.call.client_certificate = Some(certificate);
                self.call.client_certificate_path = path;
            }
        }
        Ok(())
    }

    /// The longest body to read, in bytes. Stop reading at one byte more.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// The answer when the body is longer than [`Pending::limit`].
    pub fn too_large(self) -> Reply {
        self.respond.refuse(TOO_LARGE)
    }

    /// The answer when the body broke off.
    pub fn broken(self) -> Reply {
        const BROKEN: &OAuthError =
            &OAuthError::invalid_request("The request body could not be read.")
                .because("the body of the request broke off, or the request was aborted");
        self.respond.refuse(BROKEN)
    }

    /// The answer when the host has read the body before it called this endpoint.
    pub fn already_read(self) -> Reply {
        self.respond.refuse(ALREADY_READ)
    }

    /// The answer when the host's request has no body that could be read as bytes.
    pub fn not_bytes(self) -> Reply {
        self.respond.refuse(NOT_BYTES)
    }

    /// Checks the whole body, and makes the request of `/auth/token` from it. An empty body is
    /// passed on: Authlete's answer names what is missing.
    ///
    /// # Errors
    /// The answer to a body that is not a form.
    pub fn body(mut self, bytes: Vec<u8>) -> Result<(Handling, TokenCall), Reply> {
        match parameters(bytes, self.limit, self.has_media_type) {
            Err(refusal) => Err(self.respond.refuse(refusal)),
            Ok(parameters) => {
                self.call.parameters = parameters;
                Ok((Handling::new(self.respond, self.hooks, self.reissue), self.call))
            }
        }
    }
}

fn judge(
    settings: &EndpointSettings,
    url: &str,
    authorization: Option<String>,
    header: &dyn Fn(&'static str) -> Option<String>,
) -> Result<(bool, TokenCall), Refused> {
    let url = url::split(url);
    let secure = url.scheme == "https"
        || url.scheme == "http" && (settings.allow_insecure_requests || is_loopback(url.host));
    if !secure {
        let refusal = if url.scheme == "http" { INSECURE } else { NO_HTTPS };
        // Only scheme and host: path and query may hold secrets.
        let origin = if url.host.is_empty() {
            String::new()
        } else {
            [url.scheme, "://", url.host].concat()
        };
        return Err(Refused::with(refusal, &origin));
    }
    if form::parameters(url.query).any(|(name, _)| SENSITIVE.contains(&name.as_str())) {
        const IN_URL: &OAuthError =
            &OAuthError::invalid_request("Parameters of a token request must not be in the URL.");
        return Err(IN_URL.into());
    }
    let media_type = header("content-type").filter(|value| !value.is_empty());
    if let Some(other) = media_type.as_deref().filter(|value| !form::is_content_type(value)) {
        return Err(Refused::with(WRONG_MEDIA_TYPE, cut(other, b';').0.trim_ascii()));
    }
    if header("content-length").is_some_and(|length| exceeds(&length, settings.max_request_bytes)) {
        return Err(TOO_LARGE.into());
    }
    let (client_id, client_secret) = match authorization {
        None => (None, None),
        Some(value) => {
            let (id, secret) = authorization::parse(&value)?;
            (Some(id), secret)
        }
    };
    let dpop = single(header("dpop")).ok_or(WRONG_PROOF)?;
    const ATTESTATION: OAuthError = OAuthError::invalid_request(
        "There must be one client attestation, and one proof of possession of its key.",
    );
    const WRONG_ATTESTATION: &OAuthError = &ATTESTATION
        .because("the header OAuth-Client-Attestation is malformed, or there are several");
    const WRONG_POP: &OAuthError = &ATTESTATION
        .because("the header OAuth-Client-Attestation-PoP is malformed, or there are several");
    Ok((
        media_type.is_some(),
        TokenCall {
            parameters: String::new(),
            client_id,
            client_secret,
            client_certificate: None,
            client_certificate_path: Vec::new(),
            htm: dpop.is_some().then_some("POST"),
            htu: dpop.is_some().then(|| settings.token_endpoint.clone()).flatten(),
            dpop,
            oauth_client_attestation: single(header("oauth-client-attestation"))
                .ok_or(WRONG_ATTESTATION)?,
            oauth_client_attestation_pop: single(header("oauth-client-attestation-pop"))
                .ok_or(WRONG_POP)?,
        },
    ))
}

// `Some(None)` when the header is absent, `None` when it can't be one JWT: a comma means that two
// headers were joined.
fn single(value: Option<String>) -> Option<Option<String>> {
    match value {
        None => Some(None),
        Some(value) => {
            let fits = (1..=MAX_CREDENTIAL_BYTES).contains(&value.len())
                && value.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
            fits.then_some(Some(value))
        }
    }
}

// Only a hint: if the length is not a number, the count of the bytes decides.
fn exceeds(length: &str, limit: usize) -> bool {
    is_digits(length) && digits(length).is_none_or(|length| length > limit as u64)
}

fn parameters(
    bytes: Vec<u8>,
    limit: usize,
    has_media_type: bool,
) -> Result<String, &'static OAuthError> {
    if bytes.len() > limit {
        return Err(TOO_LARGE);
    }
    if !has_media_type && !bytes.is_empty() {
        return Err(NO_MEDIA_TYPE);
    }
    const NOT_UTF8: &OAuthError =
        &OAuthError::invalid_request("The parameters must be form-encoded UTF-8.");
    let text = String::from_utf8(bytes).map_err(|_| NOT_UTF8)?;
    let bad = form::parameters(&text)
        .any(|(name, value)| KNOWN.contains(&name.as_str()) && form::decode(value).is_err());
    if bad { Err(NOT_UTF8) } else { Ok(text) }
}
