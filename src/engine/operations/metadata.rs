//! What the authorization server publishes about itself: its keys and its metadata.

use crate::engine::context::Context;
use crate::engine::jose::{Algorithm, JwsAlgorithm, object_of, text_of};
use crate::engine::service::AuthMethod;
use serde_json::{Map, Value};

/// The JWK set.
pub(crate) fn jwks(context: &Context<'_>) -> String {
    let published = context.keyring.published(context.now_seconds());
    let keys = published.map(|jwk| Value::Object(jwk.clone())).collect();
    text_of(&object_of([("keys", Value::Array(keys))]))
}

/// The metadata document.
pub(crate) fn metadata(context: &Context<'_>) -> String {
    let service = &context.config.service;
    let signs = |alg: &Algorithm| context.keyring.signing(*alg, context.now_seconds()).is_some();
    // Only the registration of a client shows whether the host gets certificates at all, and
    // whether there are attesters.
    let uses = |method| context.config.clients.iter().any(|client| client.auth_method == method);
    let can_work = |method: &AuthMethod| {
        let needs_more = method.has_certificate() || *method == AuthMethod::AttestJwtClientAuth;
        !needs_more || uses(*method)
    };
    let methods = AuthMethod::ALL.into_iter().filter(can_work);
    // The engine's own endpoints take no certificates.
    let without_tls = methods.clone().filter(|method| !method.has_certificate());
    let confidential = without_tls.clone().filter(|method| *method != AuthMethod::None);

    let mut metadata = Metadata(Map::new());
    for (name, url) in [
        ("issuer", &service.issuer),
        ("authorization_endpoint", &service.authorization_endpoint),
        ("token_endpoint", &service.token_endpoint),
        ("userinfo_endpoint", &service.user_info_endpoint),
        ("jwks_uri", &service.jwks_uri),
        ("introspection_endpoint", &service.introspection_endpoint),
        ("revocation_endpoint", &service.revocation_endpoint),
    ] {
        metadata.add(name, Value::String(url.clone()));
    }
    for (name, value) in [
        ("authorization_response_iss_parameter_supported", true),
        ("tls_client_certificate_bound_access_tokens", service.binds_to_certificates),
        ("request_uri_parameter_supported", false),
    ] {
        metadata.add(name, Value::Bool(value));
    }
    metadata.list("scopes_supported", &mut context.config.scopes.iter().map(String::as_str));
    metadata.list("grant_types_supported", &mut service.grant_types.iter().map(|grant| grant.name));
    metadata.list(
        "id_token_signing_alg_values_supported",
        &mut Algorithm::ALL.into_iter().filter(signs).map(Algorithm::as_str),
    );
    let named = AuthMethod::oauth_name;
    metadata.list("token_endpoint_auth_methods_supported", &mut methods.map(named));
    metadata.list("introspection_endpoint_auth_methods_supported", &mut confidential.map(named));
    metadata.list("revocation_endpoint_auth_methods_supported", &mut without_tls.map(named));
    let challenges: &[&str] =
        if service.pkce_s256_required { &["S256"] } else { &["S256", "plain"] };
    for (name, values) in [
        ("response_types_supported", ["code"].as_slice()),
        ("response_modes_supported", &["query"]),
        ("subject_types_supported", &["public"]),
        ("token_endpoint_auth_signing_alg_values_supported", &JwsAlgorithm::NAMES),
        ("introspection_endpoint_auth_signing_alg_values_supported", &JwsAlgorithm::NAMES),
        ("revocation_endpoint_auth_signing_alg_values_supported", &JwsAlgorithm::NAMES),
        ("dpop_signing_alg_values_supported", &Algorithm::NAMES),
        ("code_challenge_methods_supported", challenges),
        ("claims_supported", &CLAIMS),
    ] {
        metadata.list(name, &mut values.iter().copied());
    }
    if uses(AuthMethod::AttestJwtClientAuth) {
        for name in [
            "client_attestation_signing_alg_values_supported",
            "client_attestation_pop_signing_alg_values_supported",
        ] {
            metadata.list(name, &mut Algorithm::NAMES.into_iter());
        }
    }
    if let Some(url) = &service.challenge_endpoint {
        metadata.add("challenge_endpoint", Value::String(url.clone()));
    }
    text_of(&Value::Object(metadata.0))
}

const CLAIMS: [&str; 9] =
    ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "at_hash"];

/// A metadata document that is being made.
struct Metadata(Map<String, Value>);

impl Metadata {
    fn add(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    fn list(&mut self, name: &str, values: &mut dyn Iterator<Item = &str>) {
        self.add(name, Value::Array(values.map(Value::from).collect()));
    }
}
