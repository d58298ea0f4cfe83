//! What the engine tells others: about its tokens, its keys, and itself.

use super::Unavailable;
use super::config::{AuthMethod, Config};
use super::context::Context;
use super::keys::PublicKey;
use super::records::{AccessToken, Grant, RefreshToken};
use super::store::Kind;
use serde::Serialize;
use serde_json::{Value, json};

/// An introspection response (RFC 7662 §2.2).
#[derive(Serialize)]
struct Introspection<'a> {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<&'a str>,
    token_type: &'static str,
    iss: &'a str,
    exp: u64,
    iat: u64,
}

/// What an access token is good for. A refresh token is never active here: a resource server must not take it for an access token.
pub(super) fn introspect(context: &Context<'_>, token: &str) -> Result<String, Unavailable> {
    let inactive = || json!({ "active": false }).to_string();
    let Some(token) = context.live_credential::<AccessToken>(Kind::AccessToken, token)? else { return Ok(inactive()) };
    let Some(grant) = context.live::<Grant>(Kind::Grant, token.data.grant.clone())? else { return Ok(inactive()) };
    if context.config.client_by_number(grant.data.client).is_none() {
        return Ok(inactive());
    }
    super::context::to_text(&Introspection {
        active: true,
        scope: (!token.data.scopes.is_empty()).then(|| token.data.scopes.join(" ")),
        client_id: &grant.data.client_id,
        sub: grant.data.subject.as_deref(),
        token_type: "Bearer",
        iss: &context.config.service.issuer,
        exp: token.expires_at / 1000,
        iat: token.data.issued_at,
    })
}

/// Ends the grant of an access token or a refresh token.
pub(super) fn revoke(context: &Context<'_>, token: &str) -> Result<(), Unavailable> {
    let access: Option<_> = context.live_credential::<AccessToken>(Kind::AccessToken, token)?;
    if let Some(access) = access {
        return context.revoke_grant(&access.data.grant);
    }
    match context.live_credential::<RefreshToken>(Kind::RefreshToken, token)? {
        Some(refresh) => context.revoke_grant(&refresh.data.grant),
        None => Ok(()),
    }
}

/// The JWK set.
pub(super) fn jwks(keys: &[PublicKey]) -> String {
    json!({ "keys": keys.iter().map(PublicKey::jwk).collect::<Vec<_>>() }).to_string()
}

/// The metadata document.
pub(super) fn metadata(config: &Config, keys: &[PublicKey]) -> String {
    let service = &config.service;
    let methods = [AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost, AuthMethod::None];
    let mut algorithms: Vec<&str> = keys.iter().map(|key| key.alg.as_str()).collect();
    algorithms.sort_unstable();
    algorithms.dedup();
    let challenges: &[&str] = if service.pkce_s256_required { &["S256"] } else { &["S256", "plain"] };
    let metadata: Value = json!({
        "issuer": service.issuer,
        "authorization_endpoint": service.authorization_endpoint,
        "token_endpoint": service.token_endpoint,
        "userinfo_endpoint": service.user_info_endpoint,
        "jwks_uri": service.jwks_uri,
        "scopes_supported": service.scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": service.grant_types.iter().map(|grant| grant.oauth_name()).collect::<Vec<_>>(),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported": methods.map(AuthMethod::oauth_name),
        "code_challenge_methods_supported": challenges,
        "authorization_response_iss_parameter_supported": true,
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "at_hash"],
        "request_uri_parameter_supported": false,
    });
    metadata.to_string()
}
