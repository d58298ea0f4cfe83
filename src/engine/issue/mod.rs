//! Issuing tokens: what is issued, in which order, and what is written for it.

mod access_token;
mod id_token;
mod origin;
pub(crate) mod properties;
mod refresh_token;
mod response;
mod single;

pub(crate) use id_token::IdToken;
pub(crate) use origin::Origin;
pub(crate) use refresh_token::{Refresh, RefreshPart};
pub(crate) use response::{Tokens, integer};

use crate::api;
use crate::engine::client::Caller;
use crate::engine::context::{Context, Live, to_text};
use crate::engine::platform::{Check, RecordKind, Unavailable, Write};
use crate::engine::records::{Confirmation, Family, Grant};
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::engine::scope::has_openid;
use crate::engine::service::LONGEST_DURATION;
use serde_json::{Map, Value};

/// What is to be issued.
pub(crate) struct Issue<'a> {
    pub(crate) caller: &'a Caller<'a>,
    pub(crate) options: &'a Options<'a>,
    pub(crate) grant: Grant,
    /// The identifier of the grant.
    pub(crate) grant_id: String,
    /// What is stored about the grant, with its code as it will be stored; `None` for a new grant.
    pub(crate) continues: Option<Live<Box<Family>>>,
    /// The scopes of the access token.
    pub(crate) scopes: Vec<String>,
    /// The resources that the access token is for (RFC 8707).
    pub(crate) resources: Vec<String>,
    /// What the tokens are bound to.
    pub(crate) confirmation: Confirmation,
    pub(crate) refresh: Refresh,
    /// The nonce and further claims of the ID token, which is issued if the scopes have `openid`.
    /// `None`: never an ID token.
    pub(crate) id_token: Option<(Option<String>, Map<String, Value>)>,
    /// What happens to the credential that the tokens are issued for.
    pub(crate) spent: Vec<Write>,
    /// What the tokens are made from, if the same ones may have to be made again.
    pub(crate) origin: Option<Origin>,
    /// Whether the host may ask for a new ID token, if there is a user and the scopes have `openid`
    /// (Authlete: `idTokenReissuable`).
    pub(crate) reissuable: bool,
    /// What the answer says.
    pub(crate) code: &'static ResultCode,
    /// The refusal if another request was first.
    pub(crate) conflict: &'static ResultCode,
}

/// Tokens that are made and signed. They are valid once `writes` are committed.
pub(crate) struct Issued {
    pub(crate) tokens: Tokens,
    pub(crate) writes: Vec<Write>,
}

/// What the host wants for the new tokens.
pub(crate) struct Options<'a> {
    pub(crate) properties: Option<&'a [api::Property]>,
    pub(crate) access_token: Option<&'a str>,
    /// Seconds, as the host gave it; ignored unless positive.
    pub(crate) access_token_duration: Option<i64>,
    /// Seconds, as the host gave it; ignored unless positive.
    pub(crate) refresh_token_duration: Option<i64>,
}

impl<'a> From<&'a api::TokenRequest> for Options<'a> {
    fn from(request: &'a api::TokenRequest) -> Self {
        Options {
            properties: request.properties.as_deref(),
            access_token: request.access_token.as_deref(),
            access_token_duration: request.access_token_duration,
            refresh_token_duration: request.refresh_token_duration,
        }
    }
}

impl<'a> From<&'a api::TokenIssueRequest> for Options<'a> {
    fn from(request: &'a api::TokenIssueRequest) -> Self {
        Options {
            properties: request.properties.as_deref(),
            access_token: request.access_token.as_deref(),
            access_token_duration: request.access_token_duration,
            refresh_token_duration: request.refresh_token_duration,
        }
    }
}

impl<'a> Issue<'a> {
    /// An access token without scopes for a new grant, and nothing else. The caller sets the rest.
    pub(crate) fn new(
        caller: &'a Caller<'a>,
        options: &'a Options<'a>,
        confirmation: Confirmation,
        grant: Grant,
    ) -> Self {
        Issue {
            caller,
            options,
            grant,
            grant_id: String::new(),
            continues: None,
            scopes: Vec::new(),
            resources: Vec::new(),
            confirmation,
            refresh: Refresh::No,
            id_token: None,
            spent: Vec::new(),
            origin: None,
            reissuable: false,
            code: result_code::SERVER_ERROR,
            conflict: result_code::SERVER_ERROR,
        }
    }

    /// Makes and signs the tokens. The ID token has a hash of the access token that the client
    /// gets, so it comes last. Nothing is written here.
    pub(crate) async fn make(mut self, context: &Context<'_>) -> Result<Issued, Refusal> {
        let properties = properties::merge(&self.grant.properties, self.options.properties);
        self.grant.properties = context.part(Check::Properties, properties)?;
        let mut writes = std::mem::take(&mut self.spent);
        let token = self.access_token(context)?;
        context.passed(Check::AccessTokenIssued, self.confirmation.token_type());
        let (refresh_token, refresh) = self.refresh_token(context)?.unzip();
        let (access_token, duration) = self.access_record(context, &token, refresh.as_ref());
        let id_token = self.id_token(context, &token).await?;
        // The grant lives as long as its longest-lived token.
        let lasts = refresh
            .as_ref()
            .map_or(0, |refresh| refresh.expires_at)
            .max(access_token.expires_at)
            .max(self.continues.as_ref().map_or(0, |before| before.expires_at));
        writes.extend(self.chosen(context, &access_token)?);
        writes.extend(self.end_others(context, lasts)?);
        let access_token_expires_at = access_token.expires_at;
        let token_type = access_token.cnf.token_type();
        let (before, code) = self.continues.map(|live| (live.text, live.data.code)).unzip();
        let family = Family {
            grant: self.grant,
            code: code.flatten(),
            access_token: Some(access_token),
            refresh_token: refresh,
        };
        writes.push(record(&family, self.grant_id, before, lasts)?);
        let Family { grant, refresh_token: refresh, .. } = family;
        let tokens = Tokens {
            access_token: token,
            token_type,
            access_token_expires_at,
            access_token_duration: duration,
            refresh: refresh_token.zip(refresh).map(RefreshPart::from),
            id_token,
            scopes: self.scopes,
            resources: self.resources,
            subject: grant.subject,
            properties: grant.properties,
            claim_names: grant.claim_names,
        };
        Ok(Issued { tokens, writes })
    }

    async fn id_token(
        &mut self,
        context: &Context<'_>,
        access_token: &str,
    ) -> Result<Option<String>, Unavailable> {
        let (Some((nonce, claims)), Some(subject)) = (self.id_token.take(), &self.grant.subject)
        else {
            return Ok(None);
        };
        if !has_openid(&self.scopes) {
            return Ok(None);
        }
        let id_token = IdToken {
            client: self.caller.client,
            grant: &self.grant,
            subject,
            access_token,
            nonce: nonce.as_deref(),
            claims,
            header: Map::new(),
            single_audience: false,
        };
        id_token.sign(context).await.map(Some)
    }
}

/// The write of the grant and its tokens. The step fails if the grant was revoked in the meantime,
/// or another request has continued it.
fn record(
    family: &Family,
    key: String,
    before: Option<String>,
    expires_at: u64,
) -> Result<Write, Unavailable> {
    let (kind, value) = (RecordKind::Grant, to_text(family)?);
    Ok(match before {
        Some(expected) => Write::Replace { kind, key, expected, value, expires_at },
        None => Write::Insert { kind, key, value, expires_at },
    })
}

/// The duration that the host asked for, if it is positive.
fn positive(seconds: Option<i64>) -> Option<u64> {
    let seconds =
        seconds.and_then(|seconds| u64::try_from(seconds).ok()).filter(|&seconds| seconds > 0);
    seconds.map(|seconds| seconds.min(LONGEST_DURATION))
}
