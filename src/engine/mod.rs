//! Room 3: the embedded engine – Authlete's four token-endpoint APIs, answered locally by OAuth
//! logic.
//!
//! For development, tests, demos and small self-contained deployments. The platform is yours: a
//! [`Store`] ([`MemoryStore`] is one), a [`Crypto`] with the private keys, a [`Host`] with clock
//! and random source. The configuration is the JSON document of the npm package.
//!
//! ```
//! use authlete_token::api::{Service, TokenRequest, TokenResponseAction, auth_token};
//! use authlete_token::engine::{Algorithm, Boxed, Config, Crypto, Engine, Host, MacAlgorithm, MemoryStore, PublicJwk, Unavailable};
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
//! impl Crypto for NoKeys {
//!     // Only ID tokens are signed: a service without them needs no keys.
//!     fn sign<'a>(&'a self, _: Algorithm, _: &'a str, _: &'a [u8]) -> Boxed<'a, Result<Vec<u8>, Unavailable>> {
//!         Box::pin(std::future::ready(Err(Unavailable)))
//!     }
//!     // Only client assertions and proofs of possession are verified.
//!     fn verify<'a>(
//!         &'a self,
//!         _: &'a PublicJwk,
//!         _: Algorithm,
//!         _: &'a [u8],
//!         _: &'a [u8],
//!     ) -> Boxed<'a, Result<bool, Unavailable>> {
//!         Box::pin(std::future::ready(Err(Unavailable)))
//!     }
//!     fn verify_mac<'a>(
//!         &'a self,
//!         _: &'a [u8],
//!         _: MacAlgorithm,
//!         _: &'a [u8],
//!         _: &'a [u8],
//!     ) -> Boxed<'a, Result<bool, Unavailable>> {
//!         Box::pin(std::future::ready(Err(Unavailable)))
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
//! `facade` finds the operation, one file of `operations` answers it. A token request goes
//! `request` (what it says) → `client` (who sends it) → `sender` (what the sender proves to have) →
//! one file of `grants` (what to do with it) → `issue` (the tokens, made and signed) → one commit.
//! So nothing is consumed before every check has passed and every signature is made.
//! `authorization` stands beside that: it checks what an authorization endpoint is asked, and makes
//! the code.

mod authorization;
mod checks;
mod client;
mod context;
mod endpoints;
mod facade;
mod family;
mod grants;
mod hash;
mod issue;
pub(crate) mod jose;
mod operations;
mod pkce;
mod platform;
mod records;
mod request;
mod resource;
mod result_code;
#[cfg(not(target_arch = "wasm32"))]
pub mod schema;
mod scope;
mod sender;
mod service;
mod stored;
mod sweep;
mod window;
mod x509;

pub use endpoints::Unread;
pub use jose::{Algorithm, MacAlgorithm, PublicJwk};
#[cfg(all(target_arch = "wasm32", feature = "boundary"))]
pub(crate) use platform::NEVER;
pub use platform::{
    Boxed, Check, Checked, Crypto, Document, Fetch, Host, MemoryStore, NoFetch, PlatformFailure,
    Record, RecordKind, Store, Trace, Unavailable, Write,
};
pub use service::{Config, PublicKey, SigningKey};

#[cfg(all(target_arch = "wasm32", feature = "boundary"))]
use crate::api::{TokenRequest, TokenResponse, auth_token};
use crate::error::{Error, ErrorCode};
use crate::http::{HttpRequest, HttpResponse};
use context::{Context, Platform};
use serde::Serialize;
use service::Keyring;
use sweep::Sweep;

/// The name for the host of a call that names no operation, or that could not be read so far.
const UNKNOWN: &str = "unknown";
/// How many records [`Engine::expire`] removes at most: some 30 ms of work for SQLite.
const EXPIRE_AT_ONCE: usize = 10_000;

impl Config {
    /// Reads the configuration: `service`, `clients`, and optionally `jwks` (private keys) and
    /// `users` (which the engine ignores).
    ///
    /// # Errors
    /// [`ErrorCode::Config`], naming the path of the first member that is missing, wrong, unknown
    /// or not supported. Never its value.
    pub fn parse(json: &str) -> Result<Self, Error> {
        Config::read(json, &grants::entries())
    }
}

/// What [`Engine::expire`] has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Expired {
    /// How many records it removed.
    pub removed: usize,
    /// Whether it stopped at its limit, so that more may be left: call it again soon.
    pub more: bool,
}

/// The engine: a configuration and its platform. What it remembers is in the store.
pub struct Engine<S, C, H, F = NoFetch> {
    config: Config,
    keyring: Keyring,
    store: S,
    crypto: C,
    host: H,
    fetch: F,
    sweep: Option<Sweep>,
}

impl<S: Store, C: Crypto, H: Host> Engine<S, C, H> {
    /// An engine over a store, the holder of the private part of `keys`, and a clock and random
    /// source.
    ///
    /// # Errors
    /// [`ErrorCode::Config`] if two keys have the same `kid`, or if a client's ID tokens could not
    /// be signed with any of them.
    pub fn new(
        config: Config,
        keys: Vec<PublicKey>,
        store: S,
        crypto: C,
        host: H,
    ) -> Result<Self, Error> {
        let keyring = Keyring::new(keys, config.service.id_token_duration)?;
        config.check_algorithms(|alg| keyring.has(alg))?;
        let sweep = Some(Sweep::new());
        Ok(Engine { config, keyring, store, crypto, host, fetch: NoFetch, sweep })
    }
}

impl<S: Store, C: Crypto, H: Host, F: Fetch> Engine<S, C, H, F> {
    /// The same engine, which fetches the keys of clients with `jwks_uri`.
    #[must_use]
    pub fn with_fetch<G: Fetch>(self, fetch: G) -> Engine<S, C, H, G> {
        let Engine { config, keyring, store, crypto, host, sweep, .. } = self;
        Engine { config, keyring, store, crypto, host, fetch, sweep }
    }

    /// The same engine, whose requests leave expired records in the store: for a host that calls
    /// [`Engine::expire`] regularly. Otherwise about every tenth request removes some of them, more
    /// than were written since the last time.
    #[must_use]
    pub fn without_sweep(self) -> Self {
        Engine { sweep: None, ..self }
    }

    /// Answers one API call: `POST /api/{serviceId}/…`. Every failure is an answer, too.
    pub async fn handle(&self, request: &HttpRequest) -> HttpResponse {
        let called = facade::called(&request.url);
        let name = called.map_or(UNKNOWN, |(operation, _)| operation.name);
        facade::answer(&self.context(name), called, request).await
    }

    /// Answers a call of `/auth/token` that comes without HTTP: what the caller shows are the
    /// service ID and an `Authorization` header. No member of the request may be an empty text,
    /// except the parameters.
    ///
    /// # Errors
    /// The HTTP error that the call would get.
    #[cfg(all(target_arch = "wasm32", feature = "boundary"))]
    pub(crate) async fn token(
        &self,
        service_id: &str,
        authorization: &str,
        request: &TokenRequest,
    ) -> Result<TokenResponse, HttpResponse> {
        let context = self.context(auth_token::OPERATION.name);
        facade::admit_directly(&context, service_id, authorization)?;
        operations::token(&context, request).await.map_err(facade::refused)
    }

    /// The answer to an API call that the engine could not answer.
    #[cfg(all(target_arch = "wasm32", feature = "boundary"))]
    pub(crate) fn failed(&self) -> HttpResponse {
        facade::failed()
    }

    /// The answer to an API call whose body broke off, or is too large to be read.
    pub fn refuse_unread(&self, too_large: bool) -> HttpResponse {
        facade::unread(&self.context(UNKNOWN), too_large)
    }

    /// Plays the authorization endpoint's part: checks the parameters (a JSON object as text) and
    /// gives an authorization code.
    ///
    /// # Errors
    /// [`ErrorCode::RequestInvalid`], naming the parameter; [`ErrorCode::HttpStatus`] with status
    /// 500 if the platform fails.
    pub fn issue_authorization_code(&self, parameters: &str) -> Result<String, Error> {
        authorization::issue_code(&self.context("issueAuthorizationCode"), parameters)
    }

    /// Checks an authorization request: its parameters, as the browser sent them (form encoding;
    /// a leading `?` is ignored). The answer is a JSON object, as the npm package documents it for
    /// `checkAuthorization`: `accepted` says whether the user may be asked for consent. If so,
    /// `code` has what [`Engine::issue_authorization_code`] takes, beside the user; else `error` is
    /// for the client (RFC 6749 §4.1.2.1), to which the user may be sent back only if there is a
    /// `redirect_uri`. It neither reads nor changes the store, and has no errors.
    pub fn check_authorization(&self, parameters: &str) -> String {
        authorization::check(&self.context("checkAuthorization"), parameters)
    }

    /// What is known about an access token, as the JSON of RFC 7662 §2.2; `{"active":false}` for
    /// anything else.
    ///
    /// # Errors
    /// [`ErrorCode::HttpStatus`] with status 500 if the platform fails.
    pub fn introspect(&self, token: &str) -> Result<String, Error> {
        operations::introspect(&self.context("introspect"), token).map_err(Error::from)
    }

    /// Whether a request to a protected resource may use its access token: by its authentication
    /// scheme, its DPoP proof (RFC 9449 §7) and its certificate. The parameters are a JSON object
    /// as text, and so is the answer, both as the npm package documents them for `verifyAccess`. A
    /// proof is used up, whatever the answer.
    ///
    /// # Errors
    /// [`ErrorCode::RequestInvalid`], naming the parameter; [`ErrorCode::HttpStatus`] with status
    /// 500 if the platform fails.
    pub async fn verify_access(&self, parameters: &str) -> Result<String, Error> {
        operations::verify_access(&self.context("verifyAccess"), parameters).await
    }

    /// Revokes an access token or a refresh token, and all tokens of the same grant
    /// (RFC 7009 §2.1). An unknown token is not an error.
    ///
    /// # Errors
    /// [`ErrorCode::HttpStatus`] with status 500 if the platform fails.
    pub fn revoke(&self, token: &str) -> Result<(), Error> {
        operations::revoke(&self.context("revoke"), token).map_err(Error::from)
    }

    /// A challenge for the proofs beside client attestations, as the JSON that the challenge
    /// endpoint answers with (draft-ietf-oauth-attestation-based-client-auth-08 §7).
    ///
    /// # Errors
    /// [`ErrorCode::Config`] if the service has no `challengeEndpoint`: it asks for no challenges
    /// then. [`ErrorCode::HttpStatus`] with status 500 if the platform fails.
    pub fn attestation_challenge(&self) -> Result<String, Error> {
        operations::attestation_challenge(&self.context("attestationChallenge"))
    }

    /// Removes what has expired from the store: codes, tokens, and what belongs to them. No more
    /// than 10,000 records at once, so that requests need not wait for long.
    ///
    /// # Errors
    /// [`ErrorCode::HttpStatus`] with status 500 if the store fails.
    pub fn expire(&self) -> Result<Expired, Error> {
        let removed = self.context("expire").expire(EXPIRE_AT_ONCE)?;
        Ok(Expired { removed, more: removed >= EXPIRE_AT_ONCE })
    }

    /// Answers a request to the introspection endpoint (RFC 7662): whether an access token is
    /// active, for clients with `resource_identifiers`. Every failure is an answer, too.
    ///
    /// The URL must be the one that the client called; TLS is the host's concern (RFC 7662 §4). A
    /// body may have 65,536 bytes.
    pub async fn handle_introspection(&self, request: &HttpRequest) -> HttpResponse {
        self.answer(&endpoints::INTROSPECTION, request).await
    }

    /// Answers a request to the revocation endpoint (RFC 7009): ends the grant of a token of the
    /// client that asks. Every failure is an answer, too.
    ///
    /// The URL must be the one that the client called; TLS is the host's concern (RFC 7009 §2). A
    /// body may have 65,536 bytes.
    pub async fn handle_revocation(&self, request: &HttpRequest) -> HttpResponse {
        self.answer(&endpoints::REVOCATION, request).await
    }

    /// The answer to a request to one of these two endpoints whose body could not be read.
    pub fn refuse_unread_form(&self, unread: Unread) -> HttpResponse {
        endpoints::unread(&self.context(UNKNOWN), unread)
    }

    async fn answer(
        &self,
        endpoint: &'static endpoints::Endpoint,
        request: &HttpRequest,
    ) -> HttpResponse {
        endpoints::answer(&self.context(endpoint.operation), endpoint, request).await
    }

    /// The public signing keys as a JWK set (RFC 7517 §5): those that sign, that will sign, and
    /// that signed an ID token which may still be valid.
    pub fn jwks(&self) -> String {
        operations::jwks(&self.context("jwks"))
    }

    /// The authorization server metadata (RFC 8414, OpenID Connect Discovery 1.0).
    pub fn metadata(&self) -> String {
        operations::metadata(&self.context("metadata"))
    }

    fn context(&self, operation: &'static str) -> Context<'_> {
        let platform = Platform {
            store: &self.store,
            crypto: &self.crypto,
            host: &self.host,
            fetch: &self.fetch,
        };
        Context::begin(&self.config, &self.keyring, platform, self.sweep.as_ref(), operation)
    }
}

/// Outside the four APIs, a failing platform is an error with the status and result code that the
/// APIs would answer.
impl From<Unavailable> for Error {
    fn from(_: Unavailable) -> Self {
        let failed = result_code::SERVER_ERROR;
        Error {
            status: Some(500),
            result_code: Some(failed.code.to_owned()),
            result_message: Some(failed.message()),
            ..Error::new(
                ErrorCode::HttpStatus,
                "the store or the random source of the engine failed",
            )
        }
    }
}
