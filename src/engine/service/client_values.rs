//! The values that only clients have.

use super::auth_method::AuthMethod;
use super::likely_name::same_name;
use super::macros::reader;
use super::reader::{Member, NOT_SUPPORTED, Object};
use super::table::Grants;
use crate::api::GrantType;
use crate::engine::hash::{Digest, sha256};
use crate::engine::jose::{Algorithm, JwsAlgorithm};
use crate::error::Error;

reader! {
    /// A client ID (RFC 6749 §2.2).
    ClientId(member, _) -> String,
    Shape::Value { typescript: "string", schema: VISIBLE_OR_SPACE },
    visible_or_space(member)
}

reader! {
    /// A client secret, of which only the digest is kept.
    Secret(member, _) -> Digest,
    Shape::Value { typescript: "string", schema: VISIBLE_OR_SPACE },
    visible_or_space(member).map(|secret| sha256(secret.as_bytes()))
}

reader! {
    /// A numeric client ID.
    ClientNumber(member, _) -> u64,
    Shape::Value {
        typescript: "string | number",
        schema: r#"{ "anyOf": [{ "type": "integer", "minimum": 1, "maximum": 9223372036854775807 }, { "type": "string", "pattern": "^[1-9][0-9]{0,18}$" }] }"#,
    },
    {
        let number = member.value.as_u64().or_else(|| member.value.as_str().and_then(decimal));
        number
            .filter(|n| (1..=i64::MAX.unsigned_abs()).contains(n))
            .ok_or_else(|| member.error("expected a positive integer"))
    }
}

reader! {
    /// The name of an authentication method.
    AuthMethodName(member, _) -> AuthMethod,
    Shape::OneOf(&[
        AuthMethod::ALL[0].oauth_name(),
        AuthMethod::ALL[1].oauth_name(),
        AuthMethod::ALL[2].oauth_name(),
        AuthMethod::ALL[3].oauth_name(),
        AuthMethod::ALL[4].oauth_name(),
        AuthMethod::ALL[5].oauth_name(),
        AuthMethod::ALL[6].oauth_name(),
        AuthMethod::ALL[7].oauth_name(),
    ]),
    {
        let name = member.text()?;
        let known = AuthMethod::ALL.map(AuthMethod::oauth_name);
        AuthMethod::by_name(name).ok_or_else(|| member.not_supported(same_name(name, known)))
    }
}

reader! {
    /// An algorithm that ID tokens are signed with.
    SigningAlgorithm(member, _) -> Algorithm,
    Shape::OneOf(&[Algorithm::ES256.as_str(), Algorithm::RS256.as_str()]),
    {
        let name = member.text()?;
        let known = [Algorithm::ES256.as_str(), Algorithm::RS256.as_str()];
        let alg = Algorithm::parse(name).filter(|alg| alg.signs_id_tokens());
        alg.ok_or_else(|| member.not_supported(same_name(name, known)))
    }
}

reader! {
    /// An algorithm that clients sign assertions with.
    AssertionAlgorithm(member, _) -> JwsAlgorithm,
    Shape::OneOf(&JwsAlgorithm::NAMES),
    {
        let name = member.text()?;
        JwsAlgorithm::parse(name).ok_or_else(|| member.not_supported(same_name(name, JwsAlgorithm::NAMES)))
    }
}

reader! {
    /// The only kind of user identifiers that the engine has.
    PublicSubject(member, _) -> (),
    Shape::OneOf(&["public"]),
    if member.text()? == "public" { Ok(()) } else { Err(member.error(NOT_SUPPORTED)) }
}

reader! {
    /// The only time at which secrets expire here: never.
    NeverExpires(member, _) -> (),
    Shape::Value { typescript: "0", schema: r#"{ "const": 0 }"# },
    if member.value.as_u64() == Some(0) { Ok(()) } else { Err(member.error(NOT_SUPPORTED)) }
}

/// The characters of client IDs and secrets (`VSCHAR`, RFC 6749 appendix A).
fn visible_or_space(member: &Member<'_>) -> Result<String, Error> {
    let text = member.filled_text()?;
    let allowed = text.bytes().all(|b| (0x20..=0x7e).contains(&b));
    if allowed {
        Ok(text.to_owned())
    } else {
        Err(member.error("has characters that RFC 6749 does not allow"))
    }
}

/// The same rule for the JSON Schema.
#[cfg(not(target_arch = "wasm32"))]
const VISIBLE_OR_SPACE: &str = r#"{ "type": "string", "pattern": "^[ -~]+$" }"#;

/// The numeric client ID. If it is not given, it is derived from the alias, so that it stays the
/// same from run to run; it has 53 bits, so that a JavaScript number can hold it.
pub(super) fn number_of(object: &Object<'_>, id: &str, given: Option<u64>) -> Result<u64, Error> {
    match (decimal(id), given) {
        (Some(decimal), Some(given)) if decimal != given => {
            Err(object.error("authlete_client_id", "differs from the decimal client_id"))
        }
        (Some(number), _) | (None, Some(number)) => Ok(number),
        (None, None) => Ok(sha256(id.as_bytes())
            .iter()
            .take(8)
            .fold(0, |n, byte| (n << 8 | u64::from(*byte)) & ((1 << 53) - 1))),
    }
}

/// The number of a canonical decimal text.
fn decimal(text: &str) -> Option<u64> {
    let canonical = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|n| canonical && *n <= i64::MAX.unsigned_abs())
}

/// A client has a secret if, and only if, it authenticates with one.
pub(super) fn check_secret(
    object: &Object<'_>,
    method: AuthMethod,
    secret: Option<Digest>,
) -> Result<Option<Digest>, Error> {
    match (method, secret) {
        (AuthMethod::None, Some(_)) => Err(object.error(
            "client_secret",
            "a public client (token_endpoint_auth_method none) must not have one",
        )),
        (method, Some(_)) if !method.has_secret() => Err(object.error(
            "client_secret",
            "a client with this token_endpoint_auth_method must not have one",
        )),
        (method, None) if method.has_secret() => {
            Err(object.error("client_secret", "missing for this token_endpoint_auth_method"))
        }
        (_, secret) => Ok(secret),
    }
}

/// A client of the authorization code grant type has a redirect URI.
pub(super) fn check_redirect_uris(
    object: &Object<'_>,
    grants: Grants<'_>,
    redirect_uris: &[String],
) -> Result<(), Error> {
    if redirect_uris.is_empty()
        && grants.iter().any(|entry| entry.constant == GrantType::AuthorizationCode)
    {
        return Err(object.error("redirect_uris", "missing for the authorization_code grant type"));
    }
    Ok(())
}

/// A protected resource authenticates itself: otherwise anybody could introspect tokens in its name
/// (RFC 7662 §2.1).
pub(super) fn check_resource_identifiers(
    object: &Object<'_>,
    method: AuthMethod,
    identifiers: &[String],
) -> Result<(), Error> {
    if method == AuthMethod::None && !identifiers.is_empty() {
        return Err(object.error(
            "resource_identifiers",
            "a public client (token_endpoint_auth_method none) must not have any",
        ));
    }
    Ok(())
}
