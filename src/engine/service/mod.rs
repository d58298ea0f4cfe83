//! The engine's configuration: one JSON document, checked as a whole before anything runs.

mod assertion_keys;
mod attester_keys;
mod auth_method;
mod certificates;
mod client;
mod client_members;
mod client_values;
mod grant_entry;
mod key_set;
mod keyring;
mod likely_name;
mod macros;
mod reader;
mod redirect_uri;
mod settings;
mod signing_key;
mod table;
mod url;
mod values;

pub(crate) use assertion_keys::fitting;
pub(crate) use auth_method::AuthMethod;
pub(crate) use certificates::RegisteredCertificate;
pub(crate) use client::Client;
pub(crate) use grant_entry::GrantEntry;
pub(crate) use key_set::ClientKeys;
pub(crate) use keyring::Keyring;
pub(crate) use reader::{LONGEST_DURATION, NOT_SUPPORTED, Object};
pub(crate) use settings::ServiceSettings;
pub use signing_key::{PublicKey, SigningKey};
#[cfg(not(target_arch = "wasm32"))]
pub use table::{Presence, Row, Shape, Table};
pub(crate) use values::LAST_SECOND;

use crate::engine::jose::Algorithm;
use crate::engine::resource;
use crate::error::{Error, ErrorCode};
use client::Clients;
use macros::{config, reader};
use serde_json::Value;
use signing_key::Keys;
use std::collections::BTreeMap;
use table::Grants;

config! {
    /// The whole configuration of the embedded engine: JSON, so `undefined` means the same as
    /// leaving a member out.
    pub(crate) struct Document as "EngineConfig", read(object, grants) {
        fields {
            /// The authorization server.
            "service" service: ServiceMember;
            /// The registered OAuth clients.
            "clients" clients: Clients = Vec::new();
            /// The private keys that sign ID tokens (RFC 7517). Left out, keys are generated once
            /// and kept in the storage.
            ///
            /// A key can take over from another without a moment in which an ID token can't be
            /// verified. Add the new key with an `nbf` that lies as far in the future as clients
            /// keep the key set, and give the old key that moment as its `exp`. The new key is
            /// published at once, and signs from then on. The old key stays published until its
            /// last ID token has expired; then it can be taken out.
            "jwks" keys: Keys = Vec::new();
        }
        ignores {
            /// Ignored by the engine: it is accepted so that a demonstration can keep its users in
            /// the same document.
            "users": "unknown";
            /// Where editors find the JSON Schema of the document, which is the file
            /// `engine.schema.json` of the package. The engine ignores it.
            "$schema": "string";
        }
    }
}

reader! {
    /// The service.
    ServiceMember(member, grants) -> ServiceSettings,
    Shape::Object(ServiceSettings::TABLE),
    ServiceSettings::read(&member.object()?, grants)
}

/// The configuration as data: its outermost object.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) const TABLE: &Table = Document::TABLE;

/// A checked configuration. It holds digests of the bearer and of the client secrets, not their
/// values, except for secrets that clients sign assertions with (`client_secret_jwt`).
pub struct Config {
    pub(crate) service: ServiceSettings,
    pub(crate) clients: Vec<Client>,
    /// Which of the clients an identifier means.
    client_ids: BTreeMap<String, usize>,
    keys: Vec<SigningKey>,
    /// The supported scopes: those that the service names, or the default.
    pub(crate) scopes: Vec<String>,
}

impl Config {
    /// Reads the configuration of an engine that has these grant types.
    pub(crate) fn read(json: &str, grants: Grants<'_>) -> Result<Self, Error> {
        // serde_json's message could quote a value.
        let value: Value = serde_json::from_str(json).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Error::new(
                ErrorCode::Config,
                format!("the configuration is not JSON: line {line}, column {column}"),
            )
        })?;
        let root = Object::root(ErrorCode::Config, "the configuration", &value)?;
        let Document { service, clients, keys } = Document::read(&root, grants)?;
        let scopes = service.named_scopes.clone().unwrap_or_else(|| default_scopes(&clients));
        // Not collected, which would bring the code of a sort.
        let mut client_ids = BTreeMap::new();
        for (at, client) in clients.iter().enumerate() {
            for id in client.ids() {
                client_ids.insert(id, at);
            }
        }
        let config = Config { service, clients, client_ids, keys, scopes };
        config.check_grant_types()?;
        config.check_scopes()?;
        config.check_resources()?;
        config.check_attesters()?;
        config.check_binding()?;
        if !config.keys.is_empty() {
            config.check_algorithms(|alg| config.keys.iter().any(|key| key.alg() == alg))?;
        }
        Ok(config)
    }

    /// The configured signing keys; empty if `jwks` is absent or has no keys.
    pub fn signing_keys(&self) -> &[SigningKey] {
        &self.keys
    }

    /// The algorithms for which a key has to be generated before the engine can run. Empty if there
    /// are configured keys.
    pub fn missing_algorithms(&self) -> Vec<Algorithm> {
        if !self.keys.is_empty() {
            return Vec::new();
        }
        [Algorithm::ES256, Algorithm::RS256]
            .into_iter()
            .filter(|&alg| {
                self.clients
                    .iter()
                    .any(|client| self.signs_for(client) && client.id_token_alg == alg)
            })
            .collect()
    }

    /// The key of a record of this service, as the store knows it: several services may share one
    /// store.
    pub(crate) fn record_key(&self, key: &str) -> String {
        format!("{}:{key}", self.service.id)
    }

    /// The issuer identifier (RFC 8414 §2).
    pub fn issuer(&self) -> &str {
        &self.service.issuer
    }

    /// The client of an identifier as a request names it: the alias, or the number (also of a
    /// client that has an alias).
    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.get(*self.client_ids.get(id)?)
    }

    /// The client of a number.
    pub(crate) fn client_by_number(&self, number: u64) -> Option<&Client> {
        self.client(&number.to_string())
    }

    /// Whether a client may have a scope now.
    pub(crate) fn allows_scope(&self, client: &Client, scope: &str) -> bool {
        let has = |scopes: &[String]| scopes.iter().any(|s| s == scope);
        has(&self.scopes) && client.scopes.as_deref().is_none_or(has)
    }

    /// Those of the resources that a client may have now, as they are listed. Without a list, that
    /// is each of them, as it is.
    pub(crate) fn allowed_resources(&self, client: &Client, resources: &[String]) -> Vec<String> {
        resources.iter().filter_map(|resource| self.allowed_resource(client, resource)).collect()
    }

    /// As the service lists the resource or, if it has no list, the client.
    fn allowed_resource(&self, client: &Client, resource: &str) -> Option<String> {
        let mut resource = resource;
        for list in [&client.resources, &self.service.resources].into_iter().flatten() {
            resource = resource::find(list, resource)?;
        }
        Some(resource.to_owned())
    }

    /// What a client may still have of the resources that it was granted. `None` if nothing is
    /// left: a token without resources would be for more than was granted.
    pub(crate) fn remaining_resources(
        &self,
        client: &Client,
        granted: &[String],
    ) -> Option<Vec<String>> {
        let remaining = self.allowed_resources(client, granted);
        (granted.is_empty() || !remaining.is_empty()).then_some(remaining)
    }

    /// Fails if a client would get ID tokens, and no key fits its algorithm.
    pub(crate) fn check_algorithms(
        &self,
        has_key: impl Fn(Algorithm) -> bool,
    ) -> Result<(), Error> {
        match self
            .clients
            .iter()
            .position(|client| self.signs_for(client) && !has_key(client.id_token_alg))
        {
            Some(i) => {
                let problem = "no signing key for this algorithm (the default is RS256)";
                Err(Error::new(
                    ErrorCode::Config,
                    format!("clients[{i}].id_token_signed_response_alg: {problem}"),
                ))
            }
            None => Ok(()),
        }
    }

    fn signs_for(&self, client: &Client) -> bool {
        let mut grants = client.grant_types.iter();
        self.allows_scope(client, "openid")
            && grants.any(|entry| entry.for_users && self.service.supports(&entry.constant))
    }

    /// Fails if a client has a grant type that the service does not have: each request with it
    /// would be refused.
    fn check_grant_types(&self) -> Result<(), Error> {
        for (i, client) in self.clients.iter().enumerate() {
            let mut grants = client.grant_types.iter().enumerate();
            let Some((at, grant)) =
                grants.find(|(_, grant)| !self.service.supports(&grant.constant))
            else {
                continue;
            };
            let by_default = if self.service.default_grant_types { " by default" } else { "" };
            let lacking = format!(
                "service.supportedGrantTypes has no {}{by_default}",
                grant.constant.as_str()
            );
            let problem = if client.default_grant_types {
                format!("missing; the default is {}, and {lacking}", grant.name)
            } else {
                lacking
            };
            let element =
                if client.default_grant_types { String::new() } else { format!("[{at}]") };
            return Err(Error::new(
                ErrorCode::Config,
                format!("clients[{i}].grant_types{element}: {problem}"),
            ));
        }
        Ok(())
    }

    fn check_resources(&self) -> Result<(), Error> {
        let Some(supported) = &self.service.resources else { return Ok(()) };
        for (i, client) in self.clients.iter().enumerate() {
            // No token would ever be for such a resource.
            for (name, resources) in [
                ("allowed_resources", client.resources.as_deref().unwrap_or_default()),
                ("resource_identifiers", client.resource_identifiers.as_slice()),
            ] {
                let unknown = |uri: &String| resource::find(supported, uri).is_none();
                if let Some(at) = resources.iter().position(unknown) {
                    let problem = "not in service.supportedResources";
                    return Err(Error::new(
                        ErrorCode::Config,
                        format!("clients[{i}].{name}[{at}]: {problem}"),
                    ));
                }
            }
        }
        Ok(())
    }

    /// Fails if nobody could attest to a client that authenticates so, or its attesters have keys
    /// where they need certificates.
    fn check_attesters(&self) -> Result<(), Error> {
        let service = &self.service;
        let needs_own = service.attester_keys.is_none() && !service.attester_roots_enabled;
        for (i, client) in self.clients.iter().enumerate() {
            let attested = client.auth_method == AuthMethod::AttestJwtClientAuth;
            let problem = match &client.attester_keys {
                Some(_) if service.attester_roots_only => {
                    "must not be there with service.clientAttesterRootsOnly"
                }
                None if attested && needs_own => {
                    "missing for token_endpoint_auth_method attest_jwt_client_auth (so are service.clientAttesterJwks and service.clientAttesterRoots)"
                }
                _ => continue,
            };
            let path = format!("clients[{i}].client_attester_jwks: {problem}");
            return Err(Error::new(ErrorCode::Config, path));
        }
        Ok(())
    }

    /// Fails if a client's tokens should be bound to its certificate, and the service does not do
    /// that: they would quietly be good for anybody.
    fn check_binding(&self) -> Result<(), Error> {
        let unbound =
            |client: &Client| client.binds_to_certificates && !self.service.binds_to_certificates;
        match self.clients.iter().position(unbound) {
            Some(i) => {
                let problem = "service.tlsClientCertificateBoundAccessTokens is not true";
                Err(Error::new(
                    ErrorCode::Config,
                    format!("clients[{i}].tls_client_certificate_bound_access_tokens: {problem}"),
                ))
            }
            None => Ok(()),
        }
    }

    fn check_scopes(&self) -> Result<(), Error> {
        for (i, client) in self.clients.iter().enumerate() {
            if client.scopes.iter().flatten().any(|scope| !self.scopes.contains(scope)) {
                let problem = "has a scope that is not in service.supportedScopes";
                return Err(Error::new(
                    ErrorCode::Config,
                    format!("clients[{i}].scope: {problem}"),
                ));
            }
        }
        Ok(())
    }
}

/// The scopes of a service that names none: the usual ones, and those of its clients.
fn default_scopes(clients: &[Client]) -> Vec<String> {
    let named =
        clients.iter().flat_map(|client| client.scopes.iter().flatten().map(String::as_str));
    let mut scopes = vec!["openid".to_owned(), "profile".to_owned()];
    for scope in named {
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    scopes
}
