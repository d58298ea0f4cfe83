//! The service: what Authlete calls the authorization server's settings, by Authlete's names.

use super::client::Client;
use super::grant_entry::GrantEntry;
use super::reader::{Member, NOT_SUPPORTED, Object};
use crate::api::GrantType;
use crate::engine::hash::{Digest, sha256};
use crate::engine::scope::is_scope;
use crate::error::Error;
use fluent_uri::Uri;
use fluent_uri::pct_enc::EStr;
use fluent_uri::pct_enc::encoder::Path;

/// The members of a service.
const MEMBERS: &[&str] = &[
    "serviceId",
    "bearer",
    "issuer",
    "tokenEndpoint",
    "authorizationEndpoint",
    "jwksUri",
    "userInfoEndpoint",
    "accessTokenDuration",
    "refreshTokenDuration",
    "idTokenDuration",
    "authorizationCodeDuration",
    "refreshTokenKept",
    "pkceRequired",
    "pkceS256Required",
    "idTokenReissuable",
    "supportedGrantTypes",
    "supportedScopes",
    "dpopNonceRequired",
    "allowableClockSkew",
    "clientAssertionAudRestrictedToIssuer",
];

/// The service. Durations are seconds.
pub(crate) struct ServiceSettings {
    pub(crate) id: String,
    pub(crate) bearer: Digest,
    pub(crate) issuer: String,
    pub(crate) token_endpoint: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) jwks_uri: String,
    pub(crate) user_info_endpoint: String,
    pub(crate) access_token_duration: u64,
    pub(crate) refresh_token_duration: u64,
    pub(crate) id_token_duration: u64,
    pub(crate) authorization_code_duration: u64,
    pub(crate) refresh_token_kept: bool,
    pub(crate) pkce_required: bool,
    pub(crate) pkce_s256_required: bool,
    pub(crate) id_token_reissuable: bool,
    /// How far the clocks of those who sign JWTs may be off; seconds.
    pub(crate) allowable_clock_skew: u64,
    /// Whether a client assertion must be meant for the issuer, and for nobody else.
    pub(crate) assertion_for_issuer_only: bool,
    pub(crate) grant_types: Vec<&'static GrantEntry>,
    /// Whether the configuration names no grant types.
    pub(crate) default_grant_types: bool,
    pub(crate) scopes: Vec<String>,
}

impl ServiceSettings {
    pub(crate) fn supports(&self, grant: &GrantType) -> bool {
        self.grant_types.iter().any(|entry| entry.constant == *grant)
    }

    /// Reads the service. The scopes of the clients count as supported where the service names none.
    pub(crate) fn read(member: &Member<'_>, clients: &[Client], grants: &[&'static GrantEntry]) -> Result<Self, Error> {
        let object = member.object()?;
        object.expect_known(&[MEMBERS], |_| false)?;
        let issuer = read_url(&object.need("issuer")?)?;
        if issuer.contains('?') {
            return Err(object.error("issuer", "has a query"));
        }
        // Below the issuer, whose path may end in a slash or not.
        let endpoint = |name, path| match object.take(name) {
            Some(member) => read_url(&member),
            None => Ok(format!("{}{path}", issuer.trim_end_matches('/'))),
        };
        let service = ServiceSettings {
            id: read_id(&object.need("serviceId")?)?,
            bearer: sha256(read_bearer(&object.need("bearer")?)?.as_bytes()),
            token_endpoint: endpoint("tokenEndpoint", "/token")?,
            authorization_endpoint: endpoint("authorizationEndpoint", "/authorize")?,
            jwks_uri: endpoint("jwksUri", "/jwks")?,
            user_info_endpoint: endpoint("userInfoEndpoint", "/userinfo")?,
            access_token_duration: object.seconds("accessTokenDuration")?.unwrap_or(3600),
            refresh_token_duration: object.seconds("refreshTokenDuration")?.unwrap_or(864_000),
            id_token_duration: object.seconds("idTokenDuration")?.unwrap_or(300),
            authorization_code_duration: object.seconds("authorizationCodeDuration")?.unwrap_or(60),
            refresh_token_kept: object.boolean("refreshTokenKept")?.unwrap_or(false),
            pkce_required: object.boolean("pkceRequired")?.unwrap_or(false),
            pkce_s256_required: object.boolean("pkceS256Required")?.unwrap_or(true),
            id_token_reissuable: object.boolean("idTokenReissuable")?.unwrap_or(true),
            allowable_clock_skew: object.seconds_or_none("allowableClockSkew")?.unwrap_or(0),
            assertion_for_issuer_only: object.boolean("clientAssertionAudRestrictedToIssuer")?.unwrap_or(false),
            grant_types: read_grant_types(&object, grants)?,
            default_grant_types: object.take("supportedGrantTypes").is_none(),
            scopes: read_scopes(&object, clients)?,
            issuer,
        };
        if object.boolean("dpopNonceRequired")? == Some(true) {
            return Err(object.error("dpopNonceRequired", NOT_SUPPORTED));
        }
        Ok(service)
    }
}

/// A service ID is one segment of the API's paths.
fn read_id(member: &Member<'_>) -> Result<String, Error> {
    let id = match member.value.as_u64() {
        Some(number) => number.to_string(),
        None => member.filled_text()?.to_owned(),
    };
    let segment = id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)) && id != "." && id != "..";
    if segment { Ok(id) } else { Err(member.error("not a single path segment")) }
}

/// The characters of a bearer token (RFC 6750 §2.1).
fn read_bearer<'a>(member: &Member<'a>) -> Result<&'a str, Error> {
    let bearer = member.filled_text()?;
    if bearer.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer ")) {
        return Err(member.error("begins with `Bearer `; give the token alone"));
    }
    let visible = bearer.bytes().all(|b| b.is_ascii_graphic());
    if visible { Ok(bearer) } else { Err(member.error("has characters that a header can't carry")) }
}

/// A URL of the service. It stands for itself, byte for byte, so nothing may be in it that the clients' URL readers take away or change.
fn read_url(member: &Member<'_>) -> Result<String, Error> {
    let url = member.filled_text()?;
    let uri = Uri::parse(url).map_err(|_| member.error("not a URL"))?;
    if !matches!(uri.scheme().as_str(), "http" | "https") {
        return Err(member.error("expected an http or https URL"));
    }
    let authority = uri.authority().filter(|authority| !authority.host().is_empty());
    let authority = authority.ok_or_else(|| member.error("has no host"))?;
    if authority.has_userinfo() {
        return Err(member.error("has user information"));
    }
    if authority.port_to_u16().is_err() {
        return Err(member.error("has a port that is too large"));
    }
    if uri.path().split('/').any(is_dot_segment) {
        return Err(member.error("has dot segments"));
    }
    if uri.has_fragment() {
        return Err(member.error("has a fragment"));
    }
    Ok(url.to_owned())
}

/// Whether URL readers take the segment away (RFC 3986 §5.2.4), also when its dots are escaped.
fn is_dot_segment(segment: &EStr<Path>) -> bool {
    let plain = segment.as_str().to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

fn read_grant_types(object: &Object<'_>, grants: &[&'static GrantEntry]) -> Result<Vec<&'static GrantEntry>, Error> {
    let Some(list) = object.take("supportedGrantTypes") else {
        return Ok(grants.iter().copied().filter(|entry| entry.by_default).collect());
    };
    let read = |member: &Member<'_>| {
        let constant = member.text()?;
        let entry = grants.iter().copied().find(|entry| entry.constant.as_str() == constant);
        entry.ok_or_else(|| member.error(NOT_SUPPORTED))
    };
    list.array()?.iter().map(read).collect()
}

fn read_scopes(object: &Object<'_>, clients: &[Client]) -> Result<Vec<String>, Error> {
    let Some(list) = object.take("supportedScopes") else {
        let named = clients.iter().flat_map(|client| client.scopes.iter().flatten().map(String::as_str));
        let mut scopes: Vec<String> = ["openid", "profile"].into_iter().chain(named).map(str::to_owned).collect();
        scopes.sort();
        scopes.dedup();
        return Ok(scopes);
    };
    let read = |member: &Member<'_>| {
        let scope = member.text()?;
        if is_scope(scope) { Ok(scope.to_owned()) } else { Err(member.error("not a scope token")) }
    };
    list.array()?.iter().map(read).collect()
}
