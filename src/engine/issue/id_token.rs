//! ID tokens (OpenID Connect Core §2): the claims, and the JWS around them (RFC 7515).

use crate::engine::context::Context;
use crate::engine::hash::{base64url, sha256};
use crate::engine::jose::{Algorithm, text_of};
use crate::engine::platform::{Check, PlatformFailure, Unavailable};
use crate::engine::records::Grant;
use crate::engine::service::Client;
use serde_json::{Map, Value};

/// Claims that only the engine sets.
const OWN_CLAIMS: [&str; 11] =
    ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "c_hash", "s_hash", "azp"];
/// Header parameters that decide how the token is read; only the engine sets them.
const OWN_HEADER: [&str; 5] = ["alg", "kid", "typ", "crit", "b64"];

/// What an ID token says.
pub(crate) struct IdToken<'a> {
    pub(crate) client: &'a Client,
    pub(crate) grant: &'a Grant,
    pub(crate) subject: &'a str,
    /// The access token that it is issued with.
    pub(crate) access_token: &'a str,
    pub(crate) nonce: Option<&'a str>,
    /// More claims. They never replace the engine's own.
    pub(crate) claims: Map<String, Value>,
    /// More header parameters. They never replace the engine's own.
    pub(crate) header: Map<String, Value>,
    /// Whether `aud` is a string, not an array.
    pub(crate) single_audience: bool,
}

impl IdToken<'_> {
    /// The token in the compact serialization (RFC 7515 §3.1), signed with the current key for the
    /// client's algorithm.
    pub(crate) async fn sign(self, context: &Context<'_>) -> Result<String, Unavailable> {
        let key = context.keyring.signing(self.client.id_token_alg, context.now_seconds());
        let key = key.ok_or_else(|| context.failed(PlatformFailure::SigningKey))?;
        let input =
            format!("{}.{}", encode(self.header(key.alg, &key.kid)), encode(self.claims(context)));
        let signature = context.sign(key.alg, &key.kid, input.as_bytes()).await?;
        context.passed(Check::IdTokenIssued, key.alg.as_str());
        Ok(format!("{input}.{}", base64url(&signature)))
    }

    fn header(&self, alg: Algorithm, kid: &str) -> Map<String, Value> {
        let mut header = self.header.clone();
        header.retain(|name, _| !OWN_HEADER.contains(&name.as_str()));
        header.insert("alg".into(), alg.as_str().into());
        header.insert("kid".into(), kid.into());
        header
    }

    fn claims(&self, context: &Context<'_>) -> Map<String, Value> {
        let service = &context.config.service;
        let now = context.now_seconds();
        let mut claims = self.claims.clone();
        claims.retain(|name, _| !OWN_CLAIMS.contains(&name.as_str()));
        let mut set = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        set("iss", service.issuer.as_str().into());
        set("sub", self.subject.into());
        let audience = Value::from(self.grant.client_id.as_str());
        set("aud", if self.single_audience { audience } else { Value::Array(vec![audience]) });
        set("exp", now.saturating_add(service.id_token_duration).into());
        set("iat", now.into());
        set("at_hash", left_half(self.access_token).into());
        if let Some(nonce) = self.nonce {
            set("nonce", nonce.into());
        }
        if let Some(auth_time) = self.grant.auth_time {
            set("auth_time", auth_time.into());
        }
        if let Some(acr) = &self.grant.acr {
            set("acr", acr.as_str().into());
        }
        claims
    }
}

/// `at_hash` (OpenID Connect Core §3.1.3.6). Both algorithms use SHA-256.
fn left_half(access_token: &str) -> String {
    let digest = sha256(access_token.as_bytes());
    base64url(digest.first_chunk::<16>().map_or(&[], |half| half.as_slice()))
}

fn encode(object: Map<String, Value>) -> String {
    base64url(text_of(&Value::Object(object)).as_bytes())
}
