//! What the authorization server says of itself: its keys and its metadata.

use crate::engine::jose::Algorithm;
use crate::engine::service::{AuthMethod, Config, PublicKey};
use serde_json::{Value, json};

/// The JWK set.
pub(crate) fn jwks(keys: &[PublicKey]) -> String {
    json!({ "keys": keys.iter().map(PublicKey::jwk).collect::<Vec<_>>() }).to_string()
}

/// The metadata document.
pub(crate) fn metadata(config: &Config, keys: &[PublicKey]) -> String {
    let service = &config.service;
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
        "grant_types_supported": service.grant_types.iter().map(|grant| grant.name).collect::<Vec<_>>(),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported": AuthMethod::ALL.map(AuthMethod::oauth_name),
        "token_endpoint_auth_signing_alg_values_supported": Algorithm::NAMES,
        "code_challenge_methods_supported": challenges,
        "authorization_response_iss_parameter_supported": true,
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "at_hash"],
        "request_uri_parameter_supported": false,
    });
    metadata.to_string()
}
