//! CORS headers: which web origin may read the answer. CORS is not authentication: a request from
//! any origin is processed.

use super::respond::put;
use super::settings::Cors;
use crate::prelude::*;
use crate::text::pieces;

const EXPOSED: &str =
    "DPoP-Nonce, WWW-Authenticate, OAuth-Client-Attestation-Challenge, Retry-After";
const ALLOWED: &str =
    "authorization, content-type, dpop, oauth-client-attestation, oauth-client-attestation-pop";

/// How many headers a preflight may name, and the length of that list in bytes: instrumented pages
/// add a handful of headers.
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
            // `null` is the origin of any sandboxed page: allowing it would allow everybody.
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

/// Adds what a preflight asks for to the CORS headers of every answer. An origin that may not read
/// answers gets nothing.
pub(super) fn answer_preflight(
    cors: &Cors,
    header: &dyn Fn(&'static str) -> Option<String>,
    headers: &mut Vec<(String, String)>,
) {
    if !headers.iter().any(|(name, _)| name == "access-control-allow-origin") {
        return;
    }
    // Instrumentation adds headers to a page's requests (`traceparent`), and nothing here depends
    // on a header that is not in `ALLOWED`. `*` does not cover `Authorization`.
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

// The names in `asked` that are not in `ALLOWED`, each after a comma. `None` if there are too many,
// or if they are not written as browsers write them: tokens in lower case.
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

// A token (RFC 9110 §5.6.2) in lower case, other than the wildcard.
fn is_header_name(name: &str) -> bool {
    let is_token = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'!' | b'#'..=b'\'' | b'*'..=b'+' | b'-'..=b'.' | b'^'..=b'`' | b'|' | b'~');
    !name.is_empty() && name != "*" && name.bytes().all(is_token)
}
