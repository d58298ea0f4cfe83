//! CORS headers: which web origin may read the answer. CORS is no authentication: a request of any
//! origin is processed.

use super::respond::put;
use super::settings::Cors;
use crate::prelude::*;
use crate::text::pieces;

const EXPOSED: &str =
    "DPoP-Nonce, WWW-Authenticate, OAuth-Client-Attestation-Challenge, Retry-After";
const ALLOWED: &str =
    "authorization, content-type, dpop, oauth-client-attestation, oauth-client-attestation-pop";

/// What a page may ask for by name at the most, and the bytes of all of it: a page that is
/// instrumented adds a handful.
const MOST_NAMES: usize = 32;
const MOST_BYTES: usize = 1_024;

/// Two hours, in seconds: the longest that Chromium remembers a preflight.
const MAX_AGE: &str = "7200";

/// The CORS headers of an answer.
pub(super) fn headers(
    cors: &Cors,
    header: &dyn Fn(&'static str) -> Option<String>,
) -> Vec<(String, String)> {
    let mut headers = Vec::with_capacity(3);
    let allowed = match cors {
        Cors::Off => None,
        Cors::Any => Some("*".to_owned()),
        Cors::List(origins) => {
            put(&mut headers, "vary", "Origin");
            // `null` is the origin of any sandboxed page: to allow it would be to allow everybody.
            header("origin").filter(|origin| origin != "null" && origins.contains(origin))
        }
    };
    if let Some(origin) = allowed {
        put(&mut headers, "access-control-allow-origin", &origin);
        put(&mut headers, "access-control-expose-headers", EXPOSED);
    }
    headers
}

/// True for a preflight: the request that a browser sends ahead of one with unusual headers.
pub(super) fn is_preflight(header: &dyn Fn(&'static str) -> Option<String>) -> bool {
    header("origin").is_some() && header("access-control-request-method").is_some()
}

/// Adds what a preflight asks for to the CORS headers of every answer; nothing for an origin that
/// may not read answers.
pub(super) fn answer_preflight(
    cors: &Cors,
    header: &dyn Fn(&'static str) -> Option<String>,
    headers: &mut Vec<(String, String)>,
) {
    if !headers.iter().any(|(name, _)| name == "access-control-allow-origin") {
        return;
    }
    // What instruments a page adds headers to its requests (`traceparent`), and nothing here
    // depends on one that is not named. `*` does not cover `Authorization`.
    let mut allowed = ALLOWED.to_owned();
    if matches!(cors, Cors::Any) {
        allowed.push_str(", *");
    } else {
        allowed.push_str(
            &header("access-control-request-headers")
                .and_then(|asked| others(&asked))
                .unwrap_or_default(),
        );
        for (_, vary) in headers.iter_mut().filter(|(name, _)| name == "vary") {
            vary.push_str(", Access-Control-Request-Headers");
        }
    }
    put(headers, "access-control-allow-methods", "POST");
    put(headers, "access-control-allow-headers", &allowed);
    put(headers, "access-control-max-age", MAX_AGE);
}

// The names in `asked` that are not ours, each after a comma. Nothing if they are too many, or not
// written as browsers write them: tokens in small letters.
fn others(asked: &str) -> Option<String> {
    if asked.len() > MOST_BYTES {
        return None;
    }
    let mut others = String::new();
    for (count, name) in pieces(asked, b',').map(str::trim_ascii).enumerate() {
        if count == MOST_NAMES || !is_header_name(name) {
            return None;
        }
        if pieces(ALLOWED, b',').all(|ours| ours.trim_ascii() != name) {
            others.push_str(", ");
            others.push_str(name);
        }
    }
    Some(others)
}

// A token (RFC 9110 §5.6.2) in small letters, other than the wildcard.
fn is_header_name(name: &str) -> bool {
    let is_token = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'!' | b'#'..=b'\'' | b'*'..=b'+' | b'-'..=b'.' | b'^'..=b'`' | b'|' | b'~');
    !name.is_empty() && name != "*" && name.bytes().all(is_token)
}
