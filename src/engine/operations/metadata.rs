//! What the authorization server publishes about itself: its keys and its metadata.

use crate::engine::context::Context;
use crate::engine::jose::{Algorithm, JwsAlgorithm, text_of};
use crate::engine::service::AuthMethod;
use serde_json::{Value, json};

/// The JWK set.
pub(crate) fn jwks(context: &Context<'_>) -> String {
    let published = context.keyring.published(context.now_seconds());
    text_of(&json!({ "keys": published.collect::<Vec<_>>() }))
}

/// The metadata document.
pub(crate) fn metadata(context: &Context<'_>) -> String {
    let service = &context.config.service;
    let signs = |alg: &Algorithm| context.keyring.signing(*alg, context.now_seconds()).is_some();
    let algorithms: Vec<&str> =
        Algorithm::ALL.into_iter().filter(signs).map(Algorithm::as_str).collect();
    let challenges: &[&str] =
        if service.pkce_s256_required { &["S256"] } else { &["S256", "plain"] };
    // Only the registration of a client shows whether the host gets certificates at all, and
    // whether there are attesters.
    let uses = |method| context.config.clients.iter().any(|client| client.auth_method == method);
    let attests = uses(AuthMethod::AttestJwtClientAuth);
    let can_work = |method: &AuthMethod| {
        let needs_more = method.has_certificate() || *method == AuthMethod::AttestJwtClientAuth;
        !needs_more || uses(*method)
    };
    let methods = AuthMethod::ALL.into_iter().filter(can_work);
    // The engine's own endpoints take no certificates.
    let without_tls = methods.clone().filter(|method| !method.has_certificate());
    let confidential = without_tls.clone().filter(|method| *method != AuthMethod::None);
    let mut metadata: Value = json!({
        "issuer": service.issuer,
        "authorization_endpoint": service.authorization_endpoint,
        "token_endpoint": service.token_endpoint,
        "userinfo_endpoint": service.user_info_endpoint,
        "jwks_uri": service.jwks_uri,
        "scopes_supported": context.config.scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": service.grant_types.iter().map(|grant| grant.name).collect::<Vec<_>>(),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported":
            methods.map(AuthMethod::oauth_name).collect::<Vec<_>>(),
        "token_endpoint_auth_signing_alg_values_supported": JwsAlgorithm::NAMES,
        "dpop_signing_alg_values_supported": Algorithm::NAMES,
        "code_challenge_methods_supported": challenges,
        "authorization_response_iss_parameter_supported": true,
        "tls_client_certificate_bound_access_tokens": service.binds_to_certificates,
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "at_hash"],
        "request_uri_parameter_supported": false,
        "introspection_endpoint": service.introspection_endpoint,
        "introspection_endpoint_auth_methods_supported":
            confidential.map(AuthMethod::oauth_name).collect::<Vec<_>>(),
        "introspection_endpoint_auth_signing_alg_values_supported": JwsAlgorithm::NAMES,
        "revocation_endpoint": service.revocation_endpoint,
        "revocation_endpoint_auth_methods_supported":
            without_tls.map(AuthMethod::oauth_name).collect::<Vec<_>>(),
        "revocation_endpoint_auth_signing_alg_values_supported": JwsAlgorithm::NAMES,
    });
    if let Value::Object(members) = &mut metadata {
        let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
        if attests {
            add("client_attestation_signing_alg_values_supported", json!(Algorithm::NAMES));
            add("client_attestation_pop_signing_alg_values_supported", json!(Algorithm::NAMES));
        }
        if let Some(url) = &service.challenge_endpoint {
            add("challenge_endpoint", json!(url));
        }
    }
    text_of(&metadata)
}
