//! Scope lists (RFC 6749 §3.3).

use std::collections::BTreeSet;

/// Whether the text is one scope token: visible ASCII but `"` and `\`.
pub(crate) fn is_scope(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
}

/// The tokens of a list, each once, in order; `None` if one of them is malformed.
pub(crate) fn parse(text: &str) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let tokens: Vec<&str> =
        text.split(' ').filter(|token| !token.is_empty() && seen.insert(*token)).collect();
    tokens
        .iter()
        .all(|token| is_scope(token))
        .then(|| tokens.into_iter().map(str::to_owned).collect())
}

/// Whether `openid` is among the scopes (OpenID Connect Core §3.1.2.1).
pub(crate) fn has_openid(scopes: &[String]) -> bool {
    scopes.iter().any(|scope| scope == "openid")
}
