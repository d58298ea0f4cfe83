//! A client: its registration, by the names of RFC 7591 and OpenID Connect Dynamic Client Registration.

use super::assertion_keys::AssertionKeys;
use super::grant_entry::GrantEntry;
use super::reader::{Member, NOT_SUPPORTED, Object};
use super::redirect_uri;
use crate::api::{ClientAuthMethod, GrantType};
use crate::engine::hash::{Digest, sha256};
use crate::engine::jose::Algorithm;
use crate::engine::scope;
use crate::error::Error;

/// How a client authenticates at the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthMethod {
    /// A public client.
    None,
    /// RFC 6749 §2.3.1, `Authorization` header.
    ClientSecretBasic,
    /// RFC 6749 §2.3.1, request body.
    ClientSecretPost,
    /// OpenID Connect Core §9: a JWT that the client signs with its private key (RFC 7523 §2.2).
    PrivateKeyJwt,
}

impl AuthMethod {
    /// All that there are.
    pub(crate) const ALL: [AuthMethod; 4] =
        [AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost, AuthMethod::PrivateKeyJwt, AuthMethod::None];

    /// The registered name.
    pub(crate) const fn oauth_name(self) -> &'static str {
        match self {
            AuthMethod::None => "none",
            AuthMethod::ClientSecretBasic => "client_secret_basic",
            AuthMethod::ClientSecretPost => "client_secret_post",
            AuthMethod::PrivateKeyJwt => "private_key_jwt",
        }
    }

    /// Authlete's constant.
    pub(crate) const fn constant(self) -> ClientAuthMethod {
        match self {
            AuthMethod::None => ClientAuthMethod::None,
            AuthMethod::ClientSecretBasic => ClientAuthMethod::ClientSecretBasic,
            AuthMethod::ClientSecretPost => ClientAuthMethod::ClientSecretPost,
            AuthMethod::PrivateKeyJwt => ClientAuthMethod::PrivateKeyJwt,
        }
    }

    fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.oauth_name() == name)
    }
}

/// What the engine reads of a client.
const MEMBERS: &[&str] = &[
    "client_id",
    "authlete_client_id",
    "client_secret",
    "token_endpoint_auth_method",
    "token_endpoint_auth_signing_alg",
    "jwks",
    "grant_types",
    "redirect_uris",
    "scope",
    "id_token_signed_response_alg",
    "subject_type",
    "client_secret_expires_at",
];

/// Registered metadata that means nothing at the token endpoint.
const WITHOUT_MEANING: &[&str] = &[
    "client_name",
    "client_uri",
    "logo_uri",
    "tos_uri",
    "policy_uri",
    "contacts",
    "response_types",
    "application_type",
    "software_id",
    "software_version",
    "software_statement",
    "client_id_issued_at",
    "jwks_uri",
    "default_max_age",
    "default_acr_values",
    "initiate_login_uri",
    "request_uris",
    "post_logout_redirect_uris",
    "backchannel_logout_uri",
    "backchannel_logout_session_required",
    "frontchannel_logout_uri",
    "frontchannel_logout_session_required",
];

/// Metadata that people read, in their language.
const FOR_PEOPLE: &[&str] = &["client_name", "client_uri", "logo_uri", "tos_uri", "policy_uri"];

/// Switches for features that the engine does not have: off is fine, on is an error.
const SWITCHED_OFF: &[&str] = &[
    "dpop_bound_access_tokens",
    "tls_client_certificate_bound_access_tokens",
    "require_pushed_authorization_requests",
    "require_signed_request_object",
    "require_auth_time",
];

/// Registered metadata that would change what the engine does, and that it does not honour.
const UNSUPPORTED: &[&str] = &[
    "sector_identifier_uri",
    "tls_client_auth_subject_dn",
    "tls_client_auth_san_dns",
    "tls_client_auth_san_uri",
    "tls_client_auth_san_ip",
    "tls_client_auth_san_email",
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_signed_response_alg",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "request_object_signing_alg",
    "request_object_encryption_alg",
    "request_object_encryption_enc",
    "authorization_signed_response_alg",
    "authorization_encrypted_response_alg",
    "authorization_encrypted_response_enc",
    "authorization_details_types",
    "backchannel_token_delivery_mode",
    "backchannel_client_notification_endpoint",
    "backchannel_authentication_request_signing_alg",
    "backchannel_user_code_parameter",
];

/// An OAuth client.
pub(crate) struct Client {
    /// Authlete's numeric client ID.
    pub(crate) number: u64,
    /// The registered `client_id`, if it is not the number.
    pub(crate) alias: Option<String>,
    pub(crate) auth_method: AuthMethod,
    /// SHA-256 of the client secret; none for a client that authenticates without one.
    pub(crate) secret: Option<Digest>,
    /// What the client's assertions are verified with; none for a client that authenticates without them.
    pub(crate) assertion_keys: Option<AssertionKeys>,
    pub(crate) grant_types: Vec<&'static GrantEntry>,
    /// Whether the configuration names no grant types.
    pub(crate) default_grant_types: bool,
    redirect_uris: Vec<String>,
    /// The scopes that the client may have; all of the service's when nothing is registered.
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) id_token_alg: Algorithm,
}

impl Client {
    /// Whether a request means this client by `id`.
    pub(crate) fn is_called(&self, id: &str) -> bool {
        self.alias.as_deref() == Some(id) || self.number.to_string() == id
    }

    pub(crate) fn may_use(&self, grant: &GrantType) -> bool {
        self.grant_types.iter().any(|entry| entry.constant == *grant)
    }

    pub(crate) fn is_public(&self) -> bool {
        self.auth_method == AuthMethod::None
    }

    /// Whether the client may be redirected there: an exact match, with any port on a loopback IP (RFC 8252 §7.3).
    pub(crate) fn may_redirect_to(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|registered| redirect_uri::matches(registered, uri))
    }

    /// The redirect URI, if there is only one (RFC 6749 §3.1.2.3).
    pub(crate) fn only_redirect_uri(&self) -> Option<&str> {
        match self.redirect_uris.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    pub(crate) fn read(member: &Member<'_>, grants: &[&'static GrantEntry]) -> Result<Self, Error> {
        let object = member.object()?;
        let other = |name: &str| is_tagged(name) || UNSUPPORTED.contains(&name);
        object.expect_known(&[MEMBERS, SWITCHED_OFF, WITHOUT_MEANING], other)?;
        object.refuse(UNSUPPORTED)?;
        let (number, alias) = read_ids(&object)?;
        let auth_method = match object.take("token_endpoint_auth_method") {
            Some(member) => AuthMethod::by_name(member.text()?).ok_or_else(|| member.error(NOT_SUPPORTED))?,
            None => AuthMethod::ClientSecretBasic,
        };
        let grant_types = match object.take("grant_types") {
            Some(list) => list.array()?.iter().map(|name| read_grant_type(name, grants)).collect::<Result<_, _>>()?,
            // RFC 7591 §2.
            None => grants.iter().copied().filter(|entry| entry.constant == GrantType::AuthorizationCode).collect(),
        };
        let redirect_uris = match object.take("redirect_uris") {
            Some(list) => list.array()?.iter().map(redirect_uri::read).collect::<Result<_, _>>()?,
            None => Vec::new(),
        };
        let client = Client {
            number,
            alias,
            auth_method,
            secret: read_secret(&object, auth_method)?,
            assertion_keys: AssertionKeys::read(&object, auth_method)?,
            grant_types,
            default_grant_types: object.take("grant_types").is_none(),
            redirect_uris,
            scopes: read_scope(&object)?,
            id_token_alg: match object.take("id_token_signed_response_alg") {
                Some(member) => {
                    let alg = Algorithm::parse(member.text()?).filter(|alg| alg.signs_id_tokens());
                    alg.ok_or_else(|| member.error(NOT_SUPPORTED))?
                }
                None => Algorithm::RS256,
            },
        };
        if client.may_use(&GrantType::AuthorizationCode) && client.redirect_uris.is_empty() {
            return Err(object.error("redirect_uris", "missing for the authorization_code grant type"));
        }
        refuse_switched_on(&object)?;
        Ok(client)
    }

    /// Every client can be told from those before it, by alias and by number.
    pub(crate) fn check_against(&self, others: &[Client], member: &Member<'_>) -> Result<(), Error> {
        let object = member.object()?;
        let ids = self.alias.iter().cloned().chain([self.number.to_string()]);
        for id in ids {
            if others.iter().any(|other| other.is_called(&id)) {
                let name = if self.alias.as_deref() == Some(&id) || self.alias.is_none() {
                    "client_id"
                } else {
                    "authlete_client_id"
                };
                return Err(object.error(name, "another client has the same"));
            }
        }
        Ok(())
    }
}

/// The number and the alias. A number that is not given is derived from the alias, so that it stays the same from run to run;
/// 53 bits, so that a JavaScript number holds it.
fn read_ids(object: &Object<'_>) -> Result<(u64, Option<String>), Error> {
    let member = object.need("client_id")?;
    let id = member.filled_text()?;
    if !id.bytes().all(|b| (0x20..=0x7e).contains(&b)) {
        return Err(member.error("has characters that RFC 6749 does not allow"));
    }
    let number = object.take("authlete_client_id");
    if let Some(decimal) = decimal(id) {
        return match number {
            Some(other) if read_number(&other)? != decimal => Err(other.error("differs from the decimal client_id")),
            _ => Ok((decimal, None)),
        };
    }
    let number = match number {
        Some(member) => read_number(&member)?,
        None => sha256(id.as_bytes()).iter().take(8).fold(0, |n, byte| (n << 8 | u64::from(*byte)) & ((1 << 53) - 1)),
    };
    Ok((number, Some(id.to_owned())))
}

fn read_number(member: &Member<'_>) -> Result<u64, Error> {
    let number = member.value.as_u64().or_else(|| member.value.as_str().and_then(decimal));
    number
        .filter(|n| (1..=i64::MAX.unsigned_abs()).contains(n))
        .ok_or_else(|| member.error("expected a positive integer"))
}

/// The number of a canonical decimal text.
fn decimal(text: &str) -> Option<u64> {
    let canonical = text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|n| canonical && *n <= i64::MAX.unsigned_abs())
}

fn read_secret(object: &Object<'_>, method: AuthMethod) -> Result<Option<Digest>, Error> {
    let member = object.take("client_secret");
    match (method, member) {
        (AuthMethod::None | AuthMethod::PrivateKeyJwt, None) => Ok(None),
        (AuthMethod::PrivateKeyJwt, Some(member)) => {
            Err(member.error("a client with token_endpoint_auth_method private_key_jwt has none"))
        }
        (AuthMethod::None, Some(member)) => {
            Err(member.error("a public client (token_endpoint_auth_method none) has none"))
        }
        (_, None) => Err(object.error("client_secret", "missing for this token_endpoint_auth_method")),
        (_, Some(member)) => {
            let secret = member.filled_text()?;
            if !secret.bytes().all(|b| (0x20..=0x7e).contains(&b)) {
                return Err(member.error("has characters that RFC 6749 does not allow"));
            }
            Ok(Some(sha256(secret.as_bytes())))
        }
    }
}

fn read_grant_type(member: &Member<'_>, grants: &[&'static GrantEntry]) -> Result<&'static GrantEntry, Error> {
    let name = member.text()?;
    grants.iter().copied().find(|entry| entry.name == name).ok_or_else(|| member.error(NOT_SUPPORTED))
}

fn read_scope(object: &Object<'_>) -> Result<Option<Vec<String>>, Error> {
    let Some(member) = object.take("scope") else { return Ok(None) };
    let scopes = scope::parse(member.text()?).ok_or_else(|| member.error("not a list of scope tokens"))?;
    Ok(Some(scopes))
}

fn refuse_switched_on(object: &Object<'_>) -> Result<(), Error> {
    for &name in SWITCHED_OFF {
        if object.boolean(name)? == Some(true) {
            return Err(object.error(name, NOT_SUPPORTED));
        }
    }
    if object.text("subject_type")?.is_some_and(|kind| kind != "public") {
        return Err(object.error("subject_type", NOT_SUPPORTED));
    }
    if object.take("client_secret_expires_at").is_some_and(|member| member.value.as_u64() != Some(0)) {
        return Err(object.error("client_secret_expires_at", NOT_SUPPORTED));
    }
    Ok(())
}

/// Members for people may carry a language tag: `client_name#de` (RFC 7591 §2.2).
fn is_tagged(name: &str) -> bool {
    name.split_once('#').is_some_and(|(name, _)| FOR_PEOPLE.contains(&name))
}
