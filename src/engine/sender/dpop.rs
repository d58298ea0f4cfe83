//! DPoP proofs (RFC 9449 §4): the sender has the private part of a key.

use super::htu::normalized;
use crate::engine::context::{Context, Mark};
use crate::engine::hash::{base64url, sha256};
use crate::engine::jose::{Algorithm, Jws, ProofClaims, PublicJwk, secret_member};
use crate::engine::platform::{Check, RecordKind};
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::engine::window::HandedOut;
use serde_json::Value;

/// The value of `typ` (RFC 9449 §4.2).
const TYPE: &str = "dpop+jwt";
/// How old a proof may be, by its `iat`; milliseconds.
const LONGEST_LIFE: u64 = 300_000;
/// How far its `iat` may be in the future, since clocks differ; milliseconds.
const EARLIEST: u64 = 60_000;

/// What a proof must be for.
pub(crate) struct Expected<'a> {
    /// The method and the URL of the request.
    pub(crate) htm: &'a str,
    pub(crate) htu: &'a str,
    /// The access token that is shown with it; `None` at the token endpoint.
    pub(crate) access_token: Option<&'a str>,
    pub(crate) nonce_required: bool,
}

/// A proof that is good.
pub(crate) struct Proof {
    /// The thumbprint of its key.
    pub(crate) thumbprint: String,
    /// Makes it single-use.
    pub(crate) mark: Mark,
}

/// A proof with the right claims. Only its signature can show that the owner of its key made it.
struct Claim {
    /// The URL, normalised.
    htu: String,
    jti: String,
    nonce: Option<String>,
    /// From when on it is too old; milliseconds since the epoch.
    expires_at: u64,
}

/// Checks a proof (RFC 9449 §4.3), for which only its signature needs time. If there must be a
/// nonce, `nonce` becomes that of the client's next proof.
pub(crate) async fn verify(
    context: &Context<'_>,
    proof: &str,
    expected: &Expected<'_>,
    nonce: &mut Option<String>,
) -> Result<Proof, Refusal> {
    let (jws, alg, key, claim) = context.part(Check::DpopProof, read(context, proof, expected))?;
    let verified = context.verify(&key, alg, jws.input, &jws.signature).await?;
    let wrong = result_code::DPOP_SIGNATURE;
    context.require_as(Check::DpopProof, alg.as_str(), verified, wrong)?;
    // Any other nonce is ignored: a client may keep one from a time when it was needed.
    if expected.nonce_required {
        let seconds = context.config.service.dpop_nonce_duration;
        let nonces = HandedOut::read(context, "dpop_nonce", seconds)?;
        let is_good = claim.nonce.as_ref().is_some_and(|nonce| nonces.includes(nonce));
        *nonce = Some(nonces.current);
        context.require(Check::DpopNonce, is_good, result_code::DPOP_NONCE)?;
    }
    let thumbprint = key.thumbprint();
    // Single-use while it is not too old (RFC 9449 §11.1).
    let (kind, used) = (RecordKind::DpopProof, result_code::DPOP_USED);
    let texts = [thumbprint.as_str(), &claim.htu, &claim.jti];
    let mark = context.mark(kind, &texts, claim.expires_at, used)?;
    Ok(Proof { thumbprint, mark })
}

/// Reads a proof, and checks all but its signature.
fn read<'a>(
    context: &Context<'_>,
    proof: &'a str,
    expected: &Expected<'_>,
) -> Result<(Jws<'a>, Algorithm, PublicJwk, Claim), &'static ResultCode> {
    let jws = Jws::parse(proof).ok_or_else(|| unreadable(proof))?;
    if !jws.is(&[TYPE]) {
        return Err(result_code::DPOP_TYPE);
    }
    let alg = Algorithm::parse(&jws.alg).ok_or(result_code::DPOP_ALGORITHM)?;
    let key = key(alg, jws.jwk.as_ref())?;
    let claims = ProofClaims::parse(&jws.payload).ok_or(result_code::DPOP_CLAIM_WRONG)?;
    let claim = check(context, expected, claims)?;
    Ok((jws, alg, key, claim))
}

/// Why a text is not a proof. Several headers of the same name come as one, with a comma in
/// between (RFC 9110 §5.3).
fn unreadable(proof: &str) -> &'static ResultCode {
    if proof.contains(',') { result_code::DPOP_SEVERAL } else { result_code::DPOP_MALFORMED }
}

/// The public key that a proof brings with it.
fn key(alg: Algorithm, jwk: Option<&Value>) -> Result<PublicJwk, &'static ResultCode> {
    let jwk = jwk.ok_or(result_code::DPOP_JWK_MISSING)?;
    let jwk = jwk.as_object().ok_or(result_code::DPOP_JWK_WRONG)?;
    if secret_member(jwk).is_some() {
        return Err(result_code::DPOP_JWK_PRIVATE);
    }
    let key = PublicJwk::read(jwk).ok().flatten().filter(|key| key.fits(alg));
    key.ok_or(result_code::DPOP_JWK_WRONG)
}

/// Whether a proof can be for this URL at all.
pub(crate) fn is_url(htu: &str) -> bool {
    normalized(htu).is_some()
}

/// Checks the claims, which needs no key.
fn check(
    context: &Context<'_>,
    expected: &Expected<'_>,
    claims: ProofClaims,
) -> Result<Claim, &'static ResultCode> {
    let skew = context.skew();
    let jti = claims.jti.filter(|jti| !jti.is_empty()).ok_or(result_code::DPOP_JTI)?;
    if claims.htm.as_deref() != Some(expected.htm) {
        return Err(result_code::DPOP_HTM);
    }
    let htu = claims.htu.as_deref().and_then(normalized);
    let htu = htu.filter(|htu| normalized(expected.htu).as_ref() == Some(htu));
    let htu = htu.ok_or(result_code::DPOP_HTU)?;
    let iat = claims.iat.ok_or(result_code::DPOP_IAT)?.saturating_mul(1000);
    let expires_at = iat.saturating_add(LONGEST_LIFE).min(claims.exp.unwrap_or(u64::MAX));
    let expires_at = expires_at.saturating_add(skew);
    if context.now >= expires_at {
        return Err(result_code::DPOP_OLD);
    }
    if iat.max(claims.nbf.unwrap_or_default())
        > context.now.saturating_add(EARLIEST).saturating_add(skew)
    {
        return Err(result_code::DPOP_EARLY);
    }
    let ath = expected.access_token.map(|token| base64url(&sha256(token.as_bytes())));
    if ath.is_some() && ath != claims.ath {
        return Err(result_code::DPOP_ATH);
    }
    Ok(Claim { htu, jti, nonce: claims.nonce, expires_at })
}
