//! The parameters of a token request: every value of every known name.

use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::form;
use std::collections::BTreeSet;

/// The parameters that are known for every grant type. Unknown parameters are ignored
/// (RFC 6749 §3.2).
const COMMON: [&str; 8] = [
    "grant_type",
    "client_id",
    "client_secret",
    "client_assertion",
    "client_assertion_type",
    "scope",
    "resource",
    "authorization_details",
];
/// The parameters that may be repeated (RFC 8707 §2, RFC 8693 §2.1).
const REPEATABLE: [&str; 2] = ["resource", "audience"];

/// The known parameters of a request, decoded, in order. An empty value counts as no value
/// (RFC 6749 §3.2).
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form body; `is_known` says which parameters the grant types have. A repeated
    /// parameter is an error, even with an empty or an equal value, unless it may be repeated; so
    /// is a known one that isn't UTF-8.
    pub(crate) fn read(
        body: &str,
        is_known: &dyn Fn(&str) -> bool,
    ) -> Result<Self, &'static ResultCode> {
        let is_known = |name: &str| COMMON.contains(&name) || is_known(name);
        match Form::collect(body, is_known) {
            Ok((form, repeated)) if repeated.is_empty() => Ok(form),
            Ok(_) => Err(result_code::PARAMETER_REPEATED),
            Err(form::Malformed) => Err(result_code::PARAMETER_MALFORMED),
        }
    }

    /// Reads a form body: its known parameters, and the names that are repeated and must not be.
    /// A known parameter that isn't UTF-8 is an error.
    pub(crate) fn collect(
        body: &str,
        is_known: impl Fn(&str) -> bool,
    ) -> Result<(Self, BTreeSet<String>), form::Malformed> {
        let (mut names, mut repeated) = (BTreeSet::new(), BTreeSet::new());
        let mut known = Vec::new();
        for (name, value) in form::parameters(body).filter(|(name, _)| !name.is_empty()) {
            let decoded = if is_known(&name) { Some(form::decode(value)?) } else { None };
            if !REPEATABLE.contains(&name.as_str()) && !names.insert(name.clone()) {
                repeated.insert(name.clone());
            }
            known.extend(decoded.filter(|value| !value.is_empty()).map(|value| (name, value)));
        }
        Ok((Form(known), repeated))
    }

    /// All values of a parameter, in order.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter: of one that may be repeated, the first.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The value of a parameter, or the refusal for a request without it.
    pub(crate) fn need(&self, name: &str, missing: &'static ResultCode) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| missing.into())
    }
}
