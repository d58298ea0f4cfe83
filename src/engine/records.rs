//! The records of the store: what is known about a grant, a code, a token, a ticket.

use crate::engine::stored::{FromStored, Stored, stored};
use serde::Serialize;
use serde_json::{Map, Value};

/// What a client may do, as a user allowed it or, with client credentials, without a user. Tokens
/// refer to it, and are invalid without it.
#[derive(Clone, Serialize)]
pub(crate) struct Grant {
    /// The numeric ID of the client.
    pub(crate) client: u64,
    /// The identifier that the client used; the audience of ID tokens.
    pub(crate) client_id: String,
    /// The user; `None` for client credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    /// When the user logged in; seconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) auth_time: Option<u64>,
    /// How the user logged in (OpenID Connect Core §2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) acr: Option<String>,
    /// The names of the user's claims in the first ID token.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) claim_names: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) properties: Vec<Property>,
    /// The resources that its tokens may be for (RFC 8707); any, if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
}

impl Grant {
    /// A grant of a client that acts for itself, with the identifier that the client used.
    pub(crate) fn of(client: u64, client_id: &str) -> Self {
        Grant {
            client,
            client_id: client_id.to_owned(),
            subject: None,
            auth_time: None,
            acr: None,
            claim_names: Vec::new(),
            properties: Vec::new(),
            resources: Vec::new(),
        }
    }
}

/// The identifier of the grant that a client has for a user, where it may have only one, or that an
/// access token belongs to that the host has chosen. The grant may have ended since.
#[derive(Serialize)]
#[serde(transparent)]
pub(crate) struct GrantId(pub(crate) String);

/// A property that the host attaches to a grant.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Property {
    pub(crate) key: String,
    pub(crate) value: String,
    /// Whether it stays out of the token response.
    pub(crate) hidden: bool,
}

/// What a token is bound to (RFC 7800 §3.1): it is good only for someone who proves to have the
/// same.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Confirmation {
    /// The thumbprint of the key of DPoP proofs (RFC 9449 §6.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jkt: Option<String>,
    /// The thumbprint of the client's certificate (RFC 8705 §3.1).
    #[serde(rename = "x5t#S256", skip_serializing_if = "Option::is_none")]
    pub(crate) x5t: Option<String>,
    /// The thumbprint of the key of the client instance, where an attestation authenticates the
    /// client. Only refresh tokens are bound to it
    /// (draft-ietf-oauth-attestation-based-client-auth-08 §10.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instance: Option<String>,
}

impl Confirmation {
    /// Whether it binds to nothing.
    pub(crate) fn is_none(&self) -> bool {
        self.jkt.is_none() && self.x5t.is_none() && self.instance.is_none()
    }

    /// Whether what a request has proved is all that this binds to.
    pub(crate) fn is_met_by(&self, proved: &Confirmation) -> bool {
        let meets = |bound: &Option<String>, proved| bound.is_none() || bound == proved;
        meets(&self.jkt, &proved.jkt)
            && meets(&self.x5t, &proved.x5t)
            && meets(&self.instance, &proved.instance)
    }

    /// The names of what it binds to.
    pub(crate) const fn binds_to(&self) -> &'static str {
        match (&self.jkt, &self.x5t, &self.instance) {
            (None, None, None) => "",
            (Some(_), None, None) => "dpop_key",
            (None, Some(_), None) => "certificate",
            (None, None, Some(_)) => "attested_instance",
            (Some(_), Some(_), None) => "dpop_key certificate",
            (Some(_), None, Some(_)) => "dpop_key attested_instance",
            (None, Some(_), Some(_)) => "certificate attested_instance",
            (Some(_), Some(_), Some(_)) => "dpop_key certificate attested_instance",
        }
    }

    /// What an access token is bound to.
    pub(crate) fn for_access_token(&self) -> Self {
        Confirmation { instance: None, ..self.clone() }
    }

    /// What a refresh token is bound to. That of a confidential client is bound to the instance of
    /// the client alone: it authenticates itself at each use, and may change its other keys
    /// (RFC 9449 §5, RFC 8705 §4).
    pub(crate) fn for_refresh_token(&self, is_public: bool) -> Self {
        if is_public {
            return self.clone();
        }
        Confirmation { instance: self.instance.clone(), ..Confirmation::default() }
    }

    /// The type of access tokens that are bound so (RFC 6750, RFC 9449 §5).
    pub(crate) fn token_type(&self) -> &'static str {
        if self.jkt.is_some() { "DPoP" } else { "Bearer" }
    }
}

/// The authorization code of a grant (RFC 6749 §4.1.2).
#[derive(Serialize)]
pub(crate) struct Code {
    /// The hash of the code.
    pub(crate) hash: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) scopes: Vec<String>,
    /// As in the authorization request; `None` if it had none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) redirect_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) challenge: Option<Challenge>,
    /// The thumbprint of the only DPoP key that may redeem it (RFC 9449 §10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dpop_jkt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<String>,
    /// Claims of the user for the ID token.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub(crate) claims: Map<String, Value>,
    /// When the code was redeemed; milliseconds since the epoch. The hash stays as long as the
    /// grant, so that a replayed code is noticed; the challenge for a moment, so that a client that
    /// races with itself can be distinguished from a thief.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) used_at: Option<u64>,
}

/// A code challenge (RFC 7636 §4.3).
#[derive(Clone, Serialize)]
pub(crate) struct Challenge {
    pub(crate) value: String,
    pub(crate) method: ChallengeMethod,
}

/// A code challenge method (RFC 7636 §4.2).
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum ChallengeMethod {
    #[serde(rename = "S256")]
    S256,
    #[serde(rename = "plain")]
    Plain,
}

/// A grant with its code and its tokens, in one record: of each kind, one is good at a time. So a
/// request reads one record and writes one, and removing it ends them all.
#[derive(Serialize)]
pub(crate) struct Family {
    pub(crate) grant: Grant,
    /// The code that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<Code>,
    /// `None` until the code is redeemed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) access_token: Option<AccessToken>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<RefreshToken>,
}

/// The access token of a grant. It ends with the next refresh.
#[derive(Serialize)]
pub(crate) struct AccessToken {
    /// The hash of the token.
    pub(crate) hash: String,
    pub(crate) scopes: Vec<String>,
    /// Seconds since the epoch.
    pub(crate) issued_at: u64,
    /// Milliseconds since the epoch.
    pub(crate) expires_at: u64,
    /// The resources that it is for (RFC 8707).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
    #[serde(skip_serializing_if = "Confirmation::is_none")]
    pub(crate) cnf: Confirmation,
    /// Whether the host has chosen it. Then a record of its own leads from it to its grant.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) chosen: bool,
}

/// The refresh token of a grant.
#[derive(Serialize)]
pub(crate) struct RefreshToken {
    /// The hash of the token.
    pub(crate) hash: String,
    /// What the refresh tokens of the grant are marked with, in base64url: so one that was replaced
    /// can be told from one that somebody made up. It is not enough to make one that is good.
    pub(crate) mark: String,
    pub(crate) scopes: Vec<String>,
    /// The lifetime that it was issued with; seconds.
    pub(crate) duration: u64,
    /// Milliseconds since the epoch.
    pub(crate) expires_at: u64,
    #[serde(skip_serializing_if = "Confirmation::is_none")]
    pub(crate) cnf: Confirmation,
    /// Whether one of those that it has replaced was not bound, or not to the same: whoever has
    /// that one need not be able to prove what this one is bound to.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) bound_later: bool,
    /// The key of the renewal that it came from, which ends when it is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) renewal: Option<String>,
}

/// The renewal of a refresh token whose answer may have been lost: what it takes, beside the
/// replaced token itself, to make the same tokens again.
#[derive(Clone, Serialize)]
pub(crate) struct Renewal {
    /// 256 random bits, in base64url.
    pub(crate) salt: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) resources: Vec<String>,
}

/// A ticket: a password request that waits for the host's verdict.
#[derive(Serialize)]
pub(crate) struct Ticket {
    pub(crate) grant: Grant,
    pub(crate) scopes: Vec<String>,
    /// What the tokens will be bound to.
    #[serde(skip_serializing_if = "Confirmation::is_none")]
    pub(crate) cnf: Confirmation,
    /// Whether the host has given its verdict. The record stays until it expires, so that a used
    /// ticket can be distinguished from an unknown one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) used: bool,
}

/// What is known of the keys at the `jwks_uri` of a client. All moments are milliseconds since the
/// epoch.
#[derive(Default, Serialize)]
pub(crate) struct FetchedKeys {
    /// The set that was fetched last, as JSON text, with the keys that verify signatures; empty
    /// until one was fetched.
    pub(crate) set: String,
    pub(crate) fetched_at: u64,
    /// Until when nobody looks for newer keys without a reason.
    pub(crate) fresh_until: u64,
    /// When a request last set out to fetch them.
    pub(crate) tried_at: u64,
    /// Whether that request has not come back yet.
    pub(crate) under_way: bool,
}

stored! {
    Grant { client client_id } or_default { subject auth_time acr claim_names properties resources }
    Property { key value hidden } or_default {}
    Confirmation {} or_default { jkt x5t "x5t#S256" instance }
    Code { hash } or_default { scopes redirect_uri challenge dpop_jkt nonce claims used_at }
    Challenge { value method } or_default {}
    Family { grant } or_default { code access_token refresh_token }
    AccessToken { hash scopes issued_at expires_at } or_default { resources cnf chosen }
    RefreshToken { hash mark scopes duration expires_at } or_default { cnf bound_later renewal }
    Renewal { salt scopes resources } or_default {}
    Ticket { grant scopes } or_default { cnf used }
    FetchedKeys { set fetched_at fresh_until tried_at under_way } or_default {}
}

impl FromStored for GrantId {
    fn read(value: Stored<'_>) -> Option<Self> {
        String::read(value).map(GrantId)
    }
}

impl FromStored for ChallengeMethod {
    fn read(value: Stored<'_>) -> Option<Self> {
        match String::read(value)?.as_str() {
            "S256" => Some(ChallengeMethod::S256),
            "plain" => Some(ChallengeMethod::Plain),
            _ => None,
        }
    }
}

/// Whether the text can be a subject: 1 to 255 ASCII characters (OpenID Connect Core §2), no
/// control characters.
pub(crate) fn is_subject(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|b| (0x20..=0x7e).contains(&b))
}
