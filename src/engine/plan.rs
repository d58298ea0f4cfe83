//! Issuing tokens: first a plan – the tokens, what is to be written, the ID token to be signed – and only then the deed.

use super::Unavailable;
use super::config::GrantType;
use super::context::{Context, to_text};
use super::crypto::storage_key;
use super::host::Signer;
use super::id_token::{Contents, Unsigned};
use super::properties;
use super::records::{AccessToken, Grant, RefreshToken};
use super::request::{Caller, Options};
use super::result_code::{self, Refusal, ResultCode};
use super::scope::has_openid;
use super::store::{Kind, Write};
use super::tokens::{RefreshPart, Tokens};
use serde_json::{Map, Value};

/// The longest access token that a host may choose, in bytes.
const LONGEST_ACCESS_TOKEN: usize = 4096;
/// The longest lifetime, in seconds: a hundred years, so that every moment in milliseconds fits a JavaScript number.
pub(super) const LONGEST_DURATION: u64 = 3_155_760_000;

/// What is to be issued.
pub(super) struct Issue<'a> {
    pub(super) caller: &'a Caller<'a>,
    pub(super) options: &'a Options<'a>,
    pub(super) grant: Grant,
    /// The identifier of the grant.
    pub(super) grant_id: String,
    /// The text and the expiry of the stored grant that `grant` continues; nothing for a new one.
    pub(super) continues: Option<(String, u64)>,
    /// The scopes of the access token.
    pub(super) scopes: Vec<String>,
    pub(super) refresh: Refresh,
    /// Whether there is an ID token if the scopes have `openid`; its nonce and more claims.
    pub(super) id_token: Option<(Option<String>, Map<String, Value>)>,
}

/// What happens about a refresh token.
pub(super) enum Refresh {
    /// There is none.
    No,
    /// A new one with these scopes, if the client may use refresh tokens.
    New(Vec<String>),
    /// The one that the request presented stays.
    Kept(RefreshPart),
}

/// Tokens that are not issued yet.
pub(super) struct Plan {
    tokens: Tokens,
    id_token: Option<Unsigned>,
    writes: Vec<Write>,
    conflict: &'static ResultCode,
}

impl Plan {
    /// Adds what happens to the credential that the tokens are issued for.
    pub(super) fn spend(&mut self, write: Write) {
        self.writes.push(write);
    }

    /// Signs, writes everything in one step, and gives the tokens out.
    pub(super) async fn carry_out(self, context: &Context<'_>, signer: &impl Signer) -> Result<Tokens, Refusal> {
        let mut tokens = self.tokens;
        if let Some(unsigned) = self.id_token {
            tokens.id_token = Some(unsigned.sign(context, signer).await?);
        }
        if context.commit(&self.writes)? { Ok(tokens) } else { Err(self.conflict.into()) }
    }
}

impl Issue<'_> {
    /// Makes the tokens and lists what is to be written. Nothing has happened yet. `conflict` is the refusal if a condition of
    /// the writes no longer holds in the end: another request was first.
    pub(super) fn plan(mut self, context: &Context<'_>, conflict: &'static ResultCode) -> Result<Plan, Refusal> {
        self.grant.properties = properties::merge(&self.grant.properties, self.options.properties)?;
        let asked = positive(self.options.access_token_duration);
        let duration = asked.unwrap_or(context.config.service.access_token_duration);
        let mut writes = Vec::new();
        let tokens = Tokens {
            access_token: self.access_token(context)?,
            access_token_expires_at: context.after(duration),
            access_token_duration: duration,
            refresh: self.refresh_token(context, &mut writes)?,
            id_token: None,
            scopes: self.scopes.clone(),
            subject: self.grant.subject.clone(),
            properties: self.grant.properties.clone(),
            claim_names: self.grant.claim_names.clone(),
        };
        writes.push(self.access_token_record(context, &tokens)?);
        writes.push(self.grant_record(&tokens)?);
        let id_token = self.unsigned_id_token(context, &tokens)?;
        Ok(Plan { tokens, id_token, writes, conflict })
    }

    fn access_token(&self, context: &Context<'_>) -> Result<String, Refusal> {
        let Some(chosen) = self.options.access_token else { return Ok(context.random_token()?) };
        let usable = chosen.len() <= LONGEST_ACCESS_TOKEN && chosen.bytes().all(|b| b.is_ascii_graphic());
        if !usable {
            return Err(result_code::ACCESS_TOKEN_UNUSABLE.into());
        }
        if context.exists(Kind::AccessToken, &storage_key(chosen))? {
            return Err(result_code::ACCESS_TOKEN_EXISTS.into());
        }
        Ok(chosen.to_owned())
    }

    fn access_token_record(&self, context: &Context<'_>, tokens: &Tokens) -> Result<Write, Unavailable> {
        let (grant, scopes) = (self.grant_id.clone(), self.scopes.clone());
        let record = AccessToken { grant, scopes, issued_at: context.now_seconds() };
        Ok(Write::Insert {
            kind: Kind::AccessToken,
            key: storage_key(&tokens.access_token),
            value: to_text(&record)?,
            expires_at: tokens.access_token_expires_at,
        })
    }

    fn refresh_token(
        &mut self,
        context: &Context<'_>,
        writes: &mut Vec<Write>,
    ) -> Result<Option<RefreshPart>, Unavailable> {
        let service = &context.config.service;
        let scopes = match std::mem::replace(&mut self.refresh, Refresh::No) {
            Refresh::No => return Ok(None),
            Refresh::Kept(part) => return Ok(Some(part)),
            Refresh::New(scopes) => scopes,
        };
        if !service.supports(GrantType::RefreshToken) || !self.caller.client.may_use(GrantType::RefreshToken) {
            return Ok(None);
        }
        let duration = positive(self.options.refresh_token_duration).unwrap_or(service.refresh_token_duration);
        let token = context.random_token()?;
        let expires_at = context.after(duration);
        let grant = self.grant_id.clone();
        let record = RefreshToken { grant, scopes: scopes.clone(), duration, used: false };
        writes.push(Write::Insert {
            kind: Kind::RefreshToken,
            key: storage_key(&token),
            value: to_text(&record)?,
            expires_at,
        });
        Ok(Some(RefreshPart { token, expires_at, duration, scopes }))
    }

    /// The grant lives as long as its longest-lived token. A grant that was revoked meanwhile makes the step fail.
    fn grant_record(&self, tokens: &Tokens) -> Result<Write, Unavailable> {
        let (kind, key, value) = (Kind::Grant, self.grant_id.clone(), to_text(&self.grant)?);
        let expires_at = tokens.expires_at();
        Ok(match &self.continues {
            Some((text, before)) => {
                let expires_at = expires_at.max(*before);
                Write::Replace { kind, key, expected: text.clone(), value, expires_at }
            }
            None => Write::Insert { kind, key, value, expires_at },
        })
    }

    fn unsigned_id_token(&mut self, context: &Context<'_>, tokens: &Tokens) -> Result<Option<Unsigned>, Unavailable> {
        let (Some((nonce, claims)), Some(subject)) = (self.id_token.take(), &self.grant.subject) else {
            return Ok(None);
        };
        if !has_openid(&self.scopes) {
            return Ok(None);
        }
        let contents = Contents {
            client: self.caller.client,
            grant: &self.grant,
            subject,
            access_token: &tokens.access_token,
            nonce: nonce.as_deref(),
            claims,
            header: Map::new(),
            single_audience: false,
        };
        contents.prepare(context).map(Some)
    }
}

/// A duration that the host asked for, if it counts.
fn positive(seconds: Option<i64>) -> Option<u64> {
    let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok()).filter(|&seconds| seconds > 0);
    seconds.map(|seconds| seconds.min(LONGEST_DURATION))
}
