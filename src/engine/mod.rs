//! Room 3: the embedded engine – Authlete's four token-endpoint APIs, answered locally by OAuth logic.
//!
//! For development, tests, demos and small self-contained deployments. The platform is yours: a [`Store`] ([`MemoryStore`] is one), a [`Signer`]
//! with the private keys, a [`Host`] with clock and random source. The configuration is the JSON document of the npm package.
//!
//! ```
//! use authlete_token::api::{Service, TokenRequest, TokenResponseAction, auth_token};
//! use authlete_token::engine::{Algorithm, Config, Engine, Host, MemoryStore, Signer, Unavailable};
//! use std::fs::File;
//! use std::io::Read;
//! use std::time::{SystemTime, UNIX_EPOCH};
//!
//! struct Platform;
//!
//! impl Host for Platform {
//!     fn now_ms(&self) -> u64 {
//!         SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_millis() as u64)
//!     }
//!     fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unavailable> {
//!         File::open("/dev/urandom").and_then(|mut file| file.read_exact(bytes)).map_err(|_| Unavailable)
//!     }
//! }
//!
//! struct NoKeys;
//!
//! impl Signer for NoKeys {
//!     // Only ID tokens are signed: a service without them needs no keys.
//!     async fn sign(&self, _: Algorithm, _: &str, _: &[u8]) -> Result<Vec<u8>, Unavailable> {
//!         Err(Unavailable)
//!     }
//! }
//!
//! let config = Config::parse(
//!     r#"{
//!         "service": { "serviceId": "1", "bearer": "dev", "issuer": "http://localhost:8787", "supportedScopes": ["read"] },
//!         "clients": [{ "client_id": "app", "client_secret": "s3cret", "grant_types": ["client_credentials"], "scope": "read" }]
//!     }"#,
//! )?;
//! let engine = Engine::new(config, Vec::new(), MemoryStore::new(), NoKeys, Platform)?;
//!
//! let request = TokenRequest {
//!     parameters: "grant_type=client_credentials&scope=read".into(),
//!     client_id: Some("app".into()),
//!     client_secret: Some("s3cret".into()),
//!     ..TokenRequest::default()
//! };
//! let request = auth_token::encode(&Service::new("http://localhost", "1", "dev")?, &request)?;
//! // `block_on` is your async runtime's.
//! let response = auth_token::decode(&block_on(engine.handle(&request)))?;
//! assert_eq!(response.action, Some(TokenResponseAction::Ok));
//! assert_eq!(response.scopes, Some(vec!["read".to_owned()]));
//! # fn block_on<T>(future: impl Future<Output = T>) -> T {
//! #     let mut context = std::task::Context::from_waker(std::task::Waker::noop());
//! #     match std::pin::pin!(future).poll(&mut context) {
//! #         std::task::Poll::Ready(output) => output,
//! #         std::task::Poll::Pending => unreachable!("nothing here waits"),
//! #     }
//! # }
//! # Ok::<(), authlete_token::Error>(())
//! ```
//!
//! # Inside
//!
//! A request goes `facade` → one file of `operations` → for a token request `request`, `client_auth` and one file of `grants`.
//! A grant only plans: it reads, checks, and lists what is to be written. The engine then signs, and commits the plan in one step,
//! so nothing is consumed before every check has passed and every signature is made.

mod authorization;
mod client_auth;
mod config;
mod context;
mod crypto;
mod facade;
mod grants;
mod host;
mod id_token;
mod input;
mod keys;
mod likely_name;
mod memory;
mod operations;
mod pkce;
mod plan;
mod properties;
mod reader;
mod records;
mod request;
mod result_code;
mod scope;
mod status;
mod store;
mod tokens;

pub use config::Config;
pub use host::{Algorithm, Host, PlatformFailure, Signer};
pub use keys::{PublicKey, SigningKey};
pub use memory::MemoryStore;
pub use store::{Kind, Record, Store, Write};

use crate::error::{Error, ErrorCode};
use crate::http::{HttpRequest, HttpResponse};
use context::Context;
use std::fmt;

/// The store, the random source or the signer did not do its work. Why is the business of whoever implements it; that it did not is told to
/// [`Host::failed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable;

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the platform of the engine failed")
    }
}

impl std::error::Error for Unavailable {}

/// The engine: a configuration and its platform. It has no state of its own; all of that is in the store.
pub struct Engine<S, K, H> {
    config: Config,
    keys: Vec<PublicKey>,
    store: S,
    signer: K,
    host: H,
}

impl<S: Store, K: Signer, H: Host> Engine<S, K, H> {
    /// An engine over a store, a signer that holds the private part of `keys`, and a clock and random source.
    ///
    /// # Errors
    /// [`ErrorCode::Config`] if two keys have the same `kid`, or if a client's ID tokens could not be signed with any of them.
    pub fn new(config: Config, keys: Vec<PublicKey>, store: S, signer: K, host: H) -> Result<Self, Error> {
        keys::check_public_keys(&keys)?;
        config.check_algorithms(|alg| keys.iter().any(|key| key.alg == alg))?;
        Ok(Engine { config, keys, store, signer, host })
    }

    /// Answers one API call: `POST /api/{serviceId}/…`. Whatever goes wrong is an answer too.
    pub async fn handle(&self, request: &HttpRequest) -> HttpResponse {
        match facade::route(&self.config.service, request) {
            Ok(operation) => facade::answer(&self.context(operation.name), &self.signer, operation, request).await,
            Err(refused) => refused,
        }
    }

    /// The answer to an API call whose body broke off, or is too large to be read.
    pub fn refuse_unread(&self, too_large: bool) -> HttpResponse {
        facade::unread(too_large)
    }

    /// Plays the authorization endpoint's part: checks the parameters (a JSON object as text) and gives an authorization code.
    ///
    /// # Errors
    /// [`ErrorCode::RequestInvalid`], naming the parameter; [`ErrorCode::HttpStatus`] with status 500 if the platform fails.
    pub fn issue_authorization_code(&self, parameters: &str) -> Result<String, Error> {
        authorization::issue_code(&self.context("issueAuthorizationCode"), parameters)
    }

    /// What an access token is good for, as the JSON of RFC 7662 §2.2; `{"active":false}` for anything else.
    ///
    /// # Errors
    /// [`ErrorCode::HttpStatus`] with status 500 if the platform fails.
    pub fn introspect(&self, token: &str) -> Result<String, Error> {
        status::introspect(&self.context("introspect"), token).map_err(Error::from)
    }

    /// Revokes an access token or a refresh token, and all tokens of the same grant (RFC 7009 §2.1). An unknown token is no error.
    ///
    /// # Errors
    /// [`ErrorCode::HttpStatus`] with status 500 if the platform fails.
    pub fn revoke(&self, token: &str) -> Result<(), Error> {
        status::revoke(&self.context("revoke"), token).map_err(Error::from)
    }

    /// The public signing keys as a JWK set (RFC 7517 §5).
    pub fn jwks(&self) -> String {
        status::jwks(&self.keys)
    }

    /// The authorization server metadata (RFC 8414, OpenID Connect Discovery 1.0).
    pub fn metadata(&self) -> String {
        status::metadata(&self.config, &self.keys)
    }

    fn context(&self, operation: &'static str) -> Context<'_> {
        Context::begin(&self.config, &self.keys, &self.store, &self.host, operation)
    }
}

/// Outside the four APIs, a failing platform is an error with the status and result code that the APIs would answer.
impl From<Unavailable> for Error {
    fn from(_: Unavailable) -> Self {
        let failed = result_code::SERVER_ERROR;
        Error {
            status: Some(500),
            result_code: Some(failed.code.to_owned()),
            result_message: Some(failed.message()),
            ..Error::new(ErrorCode::HttpStatus, "the store or the random source of the engine failed")
        }
    }
}
