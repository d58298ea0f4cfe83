//! CORS headers: which web origin may read the answer. CORS is no authentication: a request of any origin is processed.

use super::settings::Cors;
use crate::prelude::*;

const EXPOSED: &str = "DPoP-Nonce, WWW-Authenticate, OAuth-Client-Attestation-Challenge, Retry-After";
const ALLOWED: &str = "authorization, content-type, dpop, oauth-client-attestation, oauth-client-attestation-pop";

/// Two hours, in seconds: the longest that Chromium remembers a preflight.
const MAX_AGE: &str = "7200";

/// The CORS headers of an answer.
pub(super) fn headers(cors: &Cors, header: &dyn Fn(&'static str) -> Option<String>) -> Vec<(String, String)> {
    let mut headers = Vec::with_capacity(3);
    let allowed = match cors {
        Cors::Off => None,
        Cors::Any => Some("*".to_owned()),
        Cors::List(origins) => {
            headers.push(("vary".into(), "Origin".into()));
            // `null` is the origin of any sandboxed page: to allow it would be to allow everybody.
            header("origin").filter(|origin| origin != "null" && origins.contains(origin))
        }
    };
    if let Some(origin) = allowed {
        headers.push(("access-control-allow-origin".into(), origin));
        headers.push(("access-control-expose-headers".into(), EXPOSED.into()));
    }
    headers
}

/// True for a preflight: the request that a browser sends ahead of one with unusual headers.
pub(super) fn is_preflight(header: &dyn Fn(&'static str) -> Option<String>) -> bool {
    header("origin").is_some() && header("access-control-request-method").is_some()
}

/// What a preflight asks for, beyond the CORS headers of every answer; nothing for an origin that may not read answers.
pub(super) fn preflight_headers(cors: &[(String, String)]) -> Vec<(String, String)> {
    if !cors.iter().any(|(name, _)| name == "access-control-allow-origin") {
        return Vec::new();
    }
    vec![
        ("access-control-allow-methods".into(), "POST".into()),
        // `*` would not cover `Authorization`.
        ("access-control-allow-headers".into(), ALLOWED.into()),
        ("access-control-max-age".into(), MAX_AGE.into()),
    ]
}
