//! How a code or token leads to its grant: its text begins with the identifier of the grant, and
//! one record has the grant and the hashes of its code and tokens.

use crate::engine::context::{Context, Live, Lookup};
use crate::engine::hash::{base64url, hmac, same, storage_key};
use crate::engine::platform::{RecordKind, Unavailable};
use crate::engine::records::{Family, GrantId};

/// The length of a grant's identifier: 16 bytes in base64url.
const ID: usize = 22;
/// The length of a code or token: the identifier, and 32 bytes in base64url.
const TOKEN: usize = ID + 43;
/// The length of a refresh token without its mark: the identifier, and 24 random bytes. The mark
/// follows: nobody can guess it, and so nobody can end a grant by making up a token that looks like
/// one that was replaced.
const UNMARKED: usize = ID + 32;

/// What is random in a token.
pub(crate) type Secret = [u8; 32];

/// The identifier of a new grant. It is no secret: what follows it in a code or token is. Nothing
/// but random bits are in it, so that a random source that repeats itself is noticed: there is a
/// record with that key already.
pub(crate) fn new_id(context: &Context<'_>) -> Result<String, Unavailable> {
    context.random_bytes::<16>().map(|bytes| base64url(&bytes))
}

/// A code or an access token of the grant.
pub(crate) fn token(id: &str, secret: &Secret) -> String {
    format!("{id}{}", base64url(secret))
}

/// A refresh token of the grant.
pub(crate) fn refresh_token(id: &str, mark: &str, secret: &Secret) -> Option<String> {
    let unmarked = format!("{id}{}", base64url(secret.first_chunk::<24>()?));
    let marked = marked(mark, &unmarked)?;
    Some(unmarked + &marked)
}

/// The end of a refresh token of the grant with this mark.
fn marked(mark: &str, unmarked: &str) -> Option<String> {
    let digest = hmac(mark.as_bytes(), &[unmarked.as_bytes()])?;
    digest.first_chunk::<8>().map(|bytes| base64url(bytes))
}

/// The identifier in a code or token that the engine may have made.
fn id_in(token: &str) -> Option<&str> {
    let is_own = token.len() == TOKEN
        && token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    token.get(..ID).filter(|_| is_own)
}

fn by_id(context: &Context<'_>, id: &str) -> Result<Lookup<Box<Family>>, Unavailable> {
    context.look_up(RecordKind::Grant, id.to_owned())
}

/// The grant whose code this is.
pub(crate) fn of_code(
    context: &Context<'_>,
    code: &str,
) -> Result<Lookup<Box<Family>>, Unavailable> {
    let Some(id) = id_in(code) else { return Ok(Lookup::Unknown) };
    let hash = storage_key(code);
    let is_of = |family: &Family| family.code.as_ref().is_some_and(|code| code.hash == hash);
    Ok(match by_id(context, id)? {
        Lookup::Live(live) if is_of(&live.data) => Lookup::Live(live),
        Lookup::Expired(family) if is_of(&family) => Lookup::Expired(family),
        _ => Lookup::Unknown,
    })
}

/// The grant whose access token this is, if the token is alive.
pub(crate) fn of_access_token(
    context: &Context<'_>,
    token: &str,
) -> Result<Option<Live<Box<Family>>>, Unavailable> {
    let hash = storage_key(token);
    let is_good = |family: &Live<Box<Family>>| {
        let last = family.data.access_token.as_ref();
        last.is_some_and(|last| last.hash == hash && last.expires_at > context.now)
    };
    if let Some(id) = id_in(token)
        && let Some(family) = by_id(context, id)?.live().filter(is_good)
    {
        return Ok(Some(family));
    }
    let chosen = context.live::<GrantId>(RecordKind::ChosenAccessToken, hash.clone())?;
    let Some(Live { data: GrantId(id), .. }) = chosen else { return Ok(None) };
    Ok(by_id(context, &id)?.live().filter(is_good))
}

/// What is known about a refresh token.
pub(crate) enum RefreshTokenState {
    /// It is good.
    Good(Live<Box<Family>>),
    /// It was good until another one replaced it.
    Replaced(Live<Box<Family>>),
    Expired(Box<Family>),
    Unknown,
}

/// The state of a refresh token, and its grant.
pub(crate) fn of_refresh_token(
    context: &Context<'_>,
    token: &str,
) -> Result<RefreshTokenState, Unavailable> {
    let Some(id) = id_in(token) else { return Ok(RefreshTokenState::Unknown) };
    let is_last = |family: &Family| {
        family.refresh_token.as_ref().is_some_and(|last| last.hash == storage_key(token))
    };
    Ok(match by_id(context, id)? {
        Lookup::Live(live) if is_last(&live.data) => {
            let expires_at = live.data.refresh_token.as_ref().map_or(0, |last| last.expires_at);
            if expires_at > context.now {
                RefreshTokenState::Good(live)
            } else {
                RefreshTokenState::Expired(live.data)
            }
        }
        Lookup::Live(live) if is_marked(&live.data, token) => RefreshTokenState::Replaced(live),
        Lookup::Expired(family) if is_last(&family) || is_marked(&family, token) => {
            RefreshTokenState::Expired(family)
        }
        Lookup::Live(_) | Lookup::Expired(_) | Lookup::Unknown => RefreshTokenState::Unknown,
    })
}

/// Whether the engine has made this refresh token for this grant.
fn is_marked(family: &Family, token: &str) -> bool {
    let end = family.refresh_token.as_ref().and_then(|last| {
        let (unmarked, end) = token.split_at_checked(UNMARKED)?;
        Some((marked(&last.mark, unmarked)?, end))
    });
    end.is_some_and(|(marked, end)| same(marked.as_bytes(), end.as_bytes()))
}
