//! The engine's configuration: one JSON document, checked as a whole before anything runs.

mod assertion_keys;
mod client;
mod grant_entry;
mod keyring;
mod likely_name;
mod reader;
mod redirect_uri;
mod settings;

pub(crate) use client::{AuthMethod, Client};
pub(crate) use grant_entry::GrantEntry;
pub(crate) use keyring::check_public_keys;
pub use keyring::{PublicKey, SigningKey};
pub(crate) use reader::{LONGEST_DURATION, NOT_SUPPORTED, Object};
pub(crate) use settings::ServiceSettings;

use crate::engine::jose::Algorithm;
use crate::error::{Error, ErrorCode};
use serde_json::Value;

/// A checked configuration. It holds digests of the bearer and of the client secrets, not these themselves.
pub struct Config {
    pub(crate) service: ServiceSettings,
    pub(crate) clients: Vec<Client>,
    keys: Vec<SigningKey>,
}

impl Config {
    /// Reads the configuration of an engine that has these grant types.
    pub(crate) fn read(json: &str, grants: &[&'static GrantEntry]) -> Result<Self, Error> {
        // serde_json's message could quote a value.
        let value: Value = serde_json::from_str(json).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            Error::new(ErrorCode::Config, format!("the configuration is not JSON: line {line}, column {column}"))
        })?;
        let root = Object::root(ErrorCode::Config, "the configuration", &value)?;
        // `users` is not the engine's.
        root.expect_known(&[&["service", "clients", "jwks", "users"]], |_| false)?;
        let mut clients = Vec::new();
        if let Some(list) = root.take("clients") {
            for member in list.array()? {
                let client = Client::read(&member, grants)?;
                client.check_against(&clients, &member)?;
                clients.push(client);
            }
        }
        let service = ServiceSettings::read(&root.need("service")?, &clients, grants)?;
        let keys = read_keys(&root)?;
        let config = Config { service, clients, keys };
        config.check_grant_types()?;
        config.check_scopes()?;
        if !config.keys.is_empty() {
            config.check_algorithms(|alg| config.keys.iter().any(|key| key.alg() == alg))?;
        }
        Ok(config)
    }

    /// The configured signing keys; none if `jwks` is absent or has no keys.
    pub fn signing_keys(&self) -> &[SigningKey] {
        &self.keys
    }

    /// The algorithms for which a key has to be generated before the engine can run. None if there are configured keys.
    pub fn missing_algorithms(&self) -> Vec<Algorithm> {
        if !self.keys.is_empty() {
            return Vec::new();
        }
        [Algorithm::ES256, Algorithm::RS256]
            .into_iter()
            .filter(|&alg| self.clients.iter().any(|client| self.signs_for(client) && client.id_token_alg == alg))
            .collect()
    }

    /// The issuer identifier (RFC 8414 §2).
    pub fn issuer(&self) -> &str {
        &self.service.issuer
    }

    /// The client of an identifier as a request names it: the alias, or the number (also of a client that has an alias).
    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.is_called(id))
    }

    /// The client of a number.
    pub(crate) fn client_by_number(&self, number: u64) -> Option<&Client> {
        self.clients.iter().find(|client| client.number == number)
    }

    /// Whether a client may have a scope now.
    pub(crate) fn allows_scope(&self, client: &Client, scope: &str) -> bool {
        let has = |scopes: &[String]| scopes.iter().any(|s| s == scope);
        has(&self.service.scopes) && client.scopes.as_deref().is_none_or(has)
    }

    /// Fails if a client would get ID tokens, and no key fits its algorithm.
    pub(crate) fn check_algorithms(&self, has_key: impl Fn(Algorithm) -> bool) -> Result<(), Error> {
        match self.clients.iter().position(|client| self.signs_for(client) && !has_key(client.id_token_alg)) {
            Some(i) => {
                let problem = "no signing key for this algorithm (the default is RS256)";
                Err(Error::new(ErrorCode::Config, format!("clients[{i}].id_token_signed_response_alg: {problem}")))
            }
            None => Ok(()),
        }
    }

    fn signs_for(&self, client: &Client) -> bool {
        let mut grants = client.grant_types.iter();
        self.allows_scope(client, "openid")
            && grants.any(|entry| entry.for_users && self.service.supports(&entry.constant))
    }

    /// Fails if a client has a grant type that the service has not: each request with it would be refused.
    fn check_grant_types(&self) -> Result<(), Error> {
        for (i, client) in self.clients.iter().enumerate() {
            let mut grants = client.grant_types.iter().enumerate();
            let Some((at, grant)) = grants.find(|(_, grant)| !self.service.supports(&grant.constant)) else { continue };
            let by_default = if self.service.default_grant_types { " by default" } else { "" };
            let lacking = format!("service.supportedGrantTypes has no {}{by_default}", grant.constant.as_str());
            let problem = if client.default_grant_types {
                format!("missing; the default is {}, and {lacking}", grant.name)
            } else {
                lacking
            };
            let element = if client.default_grant_types { String::new() } else { format!("[{at}]") };
            return Err(Error::new(ErrorCode::Config, format!("clients[{i}].grant_types{element}: {problem}")));
        }
        Ok(())
    }

    fn check_scopes(&self) -> Result<(), Error> {
        for (i, client) in self.clients.iter().enumerate() {
            if client.scopes.iter().flatten().any(|scope| !self.service.scopes.contains(scope)) {
                let problem = "has a scope that service.supportedScopes has not";
                return Err(Error::new(ErrorCode::Config, format!("clients[{i}].scope: {problem}")));
            }
        }
        Ok(())
    }
}

fn read_keys(root: &Object<'_>) -> Result<Vec<SigningKey>, Error> {
    let Some(jwks) = root.take("jwks") else { return Ok(Vec::new()) };
    let jwks = jwks.object()?;
    jwks.expect_known(&[&["keys"]], |_| false)?;
    let keys = jwks.need("keys")?.array()?.iter().map(SigningKey::from_member).collect::<Result<Vec<_>, _>>()?;
    check_public_keys(&keys.iter().map(SigningKey::public).collect::<Vec<_>>())?;
    Ok(keys)
}
