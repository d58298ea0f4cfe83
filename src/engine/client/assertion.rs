//! Client assertions: `private_key_jwt` and `client_secret_jwt` (RFC 7523 §2.2, §3, OpenID Connect
//! Core §9).

use super::remote_keys::RemoteKeys;
use super::{Attested, Authenticated, Caller};
use crate::engine::context::Context;
use crate::engine::jose::{
    Algorithm, Audience, Claims, Jws, JwsAlgorithm, MacAlgorithm, PublicJwk,
};
use crate::engine::platform::{Check, RecordKind, Unavailable};
use crate::engine::request::Evidence;
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::engine::service::{Client, ClientKeys, ServiceSettings, fitting};

/// The value of `client_assertion_type` (RFC 7523 §2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// What `typ` may say. A JWT of another type was made for something else (RFC 8725 §3.11).
const TYPES: [&str; 2] = ["JWT", "client-authentication+jwt"];
/// How far ahead `exp` may be; milliseconds. A `jti` is remembered until then, so it can't be years
/// (RFC 7523 §3, item 4).
const LONGEST_LIFE: u64 = 24 * 60 * 60 * 1000;
/// How far ahead the clock of a client may be; milliseconds. FAPI 2.0 Security Profile §5.3.2.1
/// asks for these 10 seconds.
const AHEAD: u64 = 10_000;
/// The longest `jti`, in bytes.
const LONGEST_ID: usize = 255;

/// An assertion with the right claims. Only its signature can show that its client made it.
struct Claim {
    /// The client, by the identifier that it uses itself.
    client_id: String,
    jti: String,
    /// Milliseconds since the epoch.
    expires_at: u64,
}

/// The client of a request with an assertion. Every bad assertion gets the same answer: what is
/// wrong with it, and whether there is such a client at all, is for the operator only.
pub(super) async fn authenticate<'a>(
    context: &Context<'a>,
    evidence: &Evidence<'_>,
    endpoint: &str,
    assertion: &str,
) -> Result<Authenticated<'a>, Refusal> {
    let read = read(context, evidence, endpoint, assertion);
    let (jws, alg, claim) = context.check(Check::ClientAssertion, read)?;
    let client = verified(context, &claim.client_id, alg, &jws).await?;
    // RFC 7523 §3, item 7: single-use until the assertion expires.
    let (kind, used) = (RecordKind::AssertionId, result_code::ASSERTION_USED);
    let number = client.number.to_string();
    let mark = context.mark(kind, &[&number, &claim.jti], claim.expires_at, used)?;
    Ok(Authenticated {
        caller: Caller { client, id: claim.client_id },
        marks: vec![mark],
        attested: Attested::default(),
    })
}

/// Reads an assertion, and checks all that needs no key.
fn read<'a>(
    context: &Context<'_>,
    evidence: &Evidence<'_>,
    endpoint: &str,
    assertion: &'a str,
) -> Result<(Jws<'a>, JwsAlgorithm, Claim), &'static ResultCode> {
    if evidence.assertion_type != Some(JWT_BEARER) {
        return Err(result_code::ASSERTION_TYPE_UNKNOWN);
    }
    let jws = Jws::parse(assertion)
        .filter(|jws| jws.may_be(&TYPES))
        .ok_or(result_code::ASSERTION_MALFORMED)?;
    let alg = JwsAlgorithm::parse(&jws.alg).ok_or(result_code::ASSERTION_ALGORITHM)?;
    let claims = Claims::parse(&jws.payload).ok_or(result_code::ASSERTION_CLAIM_WRONG)?;
    let claim = check(context, evidence, endpoint, claims)?;
    Ok((jws, alg, claim))
}

/// Checks the claims.
fn check(
    context: &Context<'_>,
    evidence: &Evidence<'_>,
    endpoint: &str,
    claims: Claims,
) -> Result<Claim, &'static ResultCode> {
    let service = &context.config.service;
    let skew = context.skew();
    let client_id = match (&claims.iss, &claims.sub) {
        (Some(iss), Some(sub)) if iss == sub => sub.clone(),
        _ => return Err(result_code::ASSERTION_ISSUER),
    };
    // RFC 7521 §4.2.
    if evidence.names_another(&client_id) {
        return Err(result_code::ASSERTION_CLIENT_ID);
    }
    let exp = claims.exp.ok_or(result_code::ASSERTION_EXP_MISSING)?;
    let expires_at = exp.saturating_add(skew);
    if claims.has_expired(context.now, skew) {
        return Err(result_code::ASSERTION_EXPIRED);
    }
    if expires_at > context.now.saturating_add(skew).saturating_add(LONGEST_LIFE) {
        return Err(result_code::ASSERTION_LASTS);
    }
    if claims.is_early(context.now, skew.saturating_add(AHEAD)) {
        return Err(result_code::ASSERTION_EARLY);
    }
    let jti = claims
        .jti
        .filter(|jti| (1..=LONGEST_ID).contains(&jti.len()))
        .ok_or(result_code::ASSERTION_JTI)?;
    if !is_for(service, endpoint, claims.aud.as_ref()) {
        return Err(result_code::ASSERTION_AUDIENCE);
    }
    Ok(Claim { client_id, jti, expires_at })
}

/// Whether an assertion is meant for this server: for its issuer, its token endpoint
/// (RFC 7523 §3, item 3) or the endpoint that was called, and for nobody else, since another
/// recipient could use it here. If the service restricts it, it must be the issuer as a string.
fn is_for(service: &ServiceSettings, endpoint: &str, audience: Option<&Audience>) -> bool {
    let is_endpoint = |one: &str| one == service.token_endpoint || one == endpoint;
    match audience {
        Some(Audience::One(one)) if service.assertion_for_issuer_only => *one == service.issuer,
        Some(audience) if !service.assertion_for_issuer_only => {
            audience.only().is_some_and(|one| one == service.issuer || is_endpoint(one))
        }
        _ => false,
    }
}

/// The client, if the assertion is signed with one of its keys, or with its secret.
async fn verified<'a>(
    context: &Context<'a>,
    client_id: &str,
    alg: JwsAlgorithm,
    jws: &Jws<'_>,
) -> Result<&'a Client, Refusal> {
    let found = context
        .config
        .client(client_id)
        .and_then(|client| Some((client, client.assertion_keys.as_ref()?)));
    let verdict = match alg {
        JwsAlgorithm::Mac(alg) => {
            authentic(context, found.and_then(|(_, keys)| keys.secret(alg)), alg, jws).await?
        }
        JwsAlgorithm::Signature(alg) => {
            let set = found.and_then(|(client, keys)| Some((client, keys.public(alg)?)));
            signed(context, set, alg, jws).await?
        }
    };
    let verified = match (found, verdict) {
        (Some((client, _)), Verdict::Good) => Ok(client),
        (Some(_), Verdict::NoKey) => Err(result_code::ASSERTION_KEY),
        (Some(_), Verdict::Bad) => Err(result_code::ASSERTION_SIGNATURE),
        (None, _) => Err(result_code::ASSERTION_CLIENT),
    };
    Ok(context.check_as(Check::ClientAssertionSignature, alg.as_str(), verified)?)
}

/// What the check of a signature or a MAC has shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Good,
    Bad,
    /// There was no key to check it with.
    NoKey,
}

/// Checks a MAC. Without a secret for this algorithm, one is checked all the same, so that the
/// response time does not reveal which clients there are.
async fn authentic(
    context: &Context<'_>,
    secret: Option<&[u8]>,
    alg: MacAlgorithm,
    jws: &Jws<'_>,
) -> Result<Verdict, Unavailable> {
    let stand_in = [0; 64];
    let key = secret.unwrap_or(&stand_in);
    let valid = context.verify_mac(key, alg, jws.input, &jws.signature).await?;
    Ok(match (secret, valid) {
        (None, _) => Verdict::NoKey,
        (Some(_), true) => Verdict::Good,
        (Some(_), false) => Verdict::Bad,
    })
}

/// Checks a signature. Without a key, one is checked all the same, as with a MAC.
async fn signed(
    context: &Context<'_>,
    set: Option<(&Client, &ClientKeys)>,
    alg: Algorithm,
    jws: &Jws<'_>,
) -> Result<Verdict, Refusal> {
    let verdict = match set {
        None => Verdict::NoKey,
        Some((_, ClientKeys::Inline(keys))) => tried(context, keys, &[], alg, jws).await?,
        Some((client, ClientKeys::Remote(uri))) => {
            let remote = RemoteKeys::of(context, client, uri);
            let known = remote.known().await?;
            let verdict = tried(context, &known.keys, &[], alg, jws).await?;
            // A key that is named and known is no reason to look for others.
            let unknown = verdict == Verdict::NoKey || jws.kid.is_none();
            match unknown && verdict != Verdict::Good {
                true => match remote.newer(&known).await? {
                    Some(newer) => tried(context, &newer.keys, &known.keys, alg, jws).await?,
                    None => verdict,
                },
                false => verdict,
            }
        }
    };
    if verdict == Verdict::NoKey {
        context.verify(&PublicJwk::stand_in(alg), alg, jws.input, &jws.signature).await?;
    }
    Ok(verdict)
}

/// Checks a signature with the keys that fit it, except for those that were tried before.
async fn tried(
    context: &Context<'_>,
    keys: &[PublicJwk],
    before: &[PublicJwk],
    alg: Algorithm,
    jws: &Jws<'_>,
) -> Result<Verdict, Unavailable> {
    let mut verdict = Verdict::NoKey;
    for key in fitting(keys, before, alg, jws.kid.as_deref()) {
        if context.verify(key, alg, jws.input, &jws.signature).await? {
            return Ok(Verdict::Good);
        }
        verdict = Verdict::Bad;
    }
    Ok(verdict)
}
