//! Attestation-based client authentication
//! (draft-ietf-oauth-attestation-based-client-auth-08): an attester vouches for the key of an
//! instance of the client, and the instance proves for each request that it has it.

use super::certification_path::{MOST_CERTIFICATES, check_path};
use super::{Authenticated, Caller};
use crate::engine::context::Context;
use crate::engine::jose::{Algorithm, Audience, Claims, Jws, PublicJwk};
use crate::engine::platform::{Check, RecordKind, Unavailable};
use crate::engine::request::Evidence;
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::engine::service::{AuthMethod, Client};
use crate::engine::window::HandedOut;
use crate::engine::x509::Certificate;
use serde_json::{Map, Value};

/// The types of the two JWTs (§5.1, §5.2), which they must name.
const ATTESTATION_TYPE: &str = "oauth-client-attestation+jwt";
const PROOF_TYPE: &str = "oauth-client-attestation-pop+jwt";
/// How long ago the `iat` of a proof may be; milliseconds.
const OLDEST: u64 = 300_000;
/// How far ahead a clock may be that `iat` and `nbf` come from; milliseconds.
const AHEAD: u64 = 60_000;
/// The longest `jti`, in bytes.
const LONGEST_ID: usize = 255;

/// What an attestation has shown.
#[derive(Default)]
pub(crate) struct Attested {
    /// The thumbprint of the instance's key.
    pub(crate) instance: Option<String>,
    /// The challenge for the next proof, if the service wants one.
    pub(crate) challenge: Option<String>,
}

/// An attestation with all its parts. Only its signature can show that an attester made it.
struct Attestation<'a> {
    jws: Jws<'a>,
    alg: Algorithm,
    claims: Claims,
    /// The client, by the identifier that it uses itself.
    client_id: String,
    /// The key of the instance.
    key: PublicJwk,
}

/// A proof of possession. Only its signature can show that the instance made it.
struct Proof<'a> {
    jws: Jws<'a>,
    alg: Algorithm,
    claims: Claims,
    others: Map<String, Value>,
}

/// The challenges that a service hands out (§7), if its clients need them.
pub(crate) fn challenges(context: &Context<'_>) -> Result<Option<HandedOut>, Unavailable> {
    let service = &context.config.service;
    let purpose = "attestation_challenge";
    let wanted = service.challenge_endpoint.as_ref();
    wanted.map(|_| HandedOut::read(context, purpose, service.challenge_window)).transpose()
}

/// The client of a request with an attestation and a proof. Until both signatures are verified,
/// every refusal gets the same answer: what is wrong is for the operator only.
pub(super) async fn authenticate<'a>(
    context: &Context<'a>,
    evidence: &Evidence<'_>,
    attestation: &str,
    proof: &str,
) -> Result<Authenticated<'a>, Refusal> {
    let (of_attestation, of_proof) = (Check::ClientAttestation, Check::ClientAttestationProof);
    let attestation = context.part(of_attestation, Attestation::read(attestation))?;
    let proof = context.part(of_proof, Proof::read(proof))?;
    // §6.3.
    if evidence.names_another(&attestation.client_id) {
        let code = result_code::ATTESTATION_CLIENT_ID;
        return Err(context.refused(of_attestation, code, "").into());
    }
    let client = attestation.verify(context).await?;
    context.part(of_proof, proof.verify(context, &attestation.key).await)?;
    context.check(of_attestation, attestation.check_times(context))?;
    let checked = context.check(of_proof, proof.check(context))?;
    let challenge = proof.check_challenge(context)?;
    let instance = attestation.key.thumbprint();
    // Whoever the client is: an attester may have vouched for the same key twice.
    let (kind, used) = (RecordKind::AttestationProofId, result_code::ATTESTATION_PROOF_USED);
    let (jti, expires_at) = checked;
    let mark = context.mark(kind, &[&instance, jti], expires_at, used)?;
    Ok(Authenticated {
        caller: Caller { client, id: attestation.client_id },
        marks: vec![mark],
        attested: Attested { instance: Some(instance), challenge },
    })
}

impl<'a> Attestation<'a> {
    /// Reads an attestation, which needs no key (§5.1).
    fn read(text: &'a str) -> Result<Self, &'static ResultCode> {
        let malformed = result_code::ATTESTATION_MALFORMED;
        let jws = Jws::parse(text).filter(|jws| jws.is(&[ATTESTATION_TYPE])).ok_or(malformed)?;
        let alg = Algorithm::parse(&jws.alg).ok_or(result_code::ATTESTATION_ALGORITHM)?;
        let (mut claims, others) = Claims::and_others(&jws.payload).ok_or(malformed)?;
        let incomplete = result_code::ATTESTATION_CLAIM_MISSING;
        let client_id = claims.sub.take().filter(|_| claims.exp.is_some()).ok_or(incomplete)?;
        // A private key that is written down here has been given away, and is refused, too.
        let jwk = others.get("cnf").and_then(|cnf| cnf.get("jwk")).and_then(Value::as_object);
        let key = jwk.and_then(|jwk| PublicJwk::read(jwk).ok().flatten()).ok_or(incomplete)?;
        Ok(Attestation { jws, alg, claims, client_id, key })
    }

    /// The client, if one of its attesters has signed. What needs no client is checked without one,
    /// too, so that the response time does not reveal which clients there are.
    async fn verify<'c>(&self, context: &Context<'c>) -> Result<&'c Client, Refusal> {
        let Attestation { jws, alg, .. } = self;
        let client = context
            .config
            .client(&self.client_id)
            .filter(|client| client.auth_method == AuthMethod::AttestJwtClientAuth);
        let service = &context.config.service;
        let own = client.and_then(|client| client.attester_keys.as_ref());
        let chain = jws.x5c.as_ref().filter(|_| own.is_none() && service.attester_roots_enabled);
        let certified = match chain {
            Some(chain) => {
                let certified = certified(context, chain).await;
                Some(context.check(Check::CertificationPath, certified)?)
            }
            None => None,
        };
        let shared = service.attester_keys.as_ref().filter(|_| certified.is_none());
        let known = own.or(shared).into_iter();
        let known = known.flat_map(|all| all.for_attestation(*alg, jws.kid.as_deref()));
        let keys: Vec<_> = certified.iter().filter(|key| key.fits(*alg)).chain(known).collect();
        let mut verified = false;
        for key in &keys {
            verified = verified || context.verify(key, *alg, jws.input, &jws.signature).await?;
        }
        if keys.is_empty() {
            context.verify(&PublicJwk::stand_in(*alg), *alg, jws.input, &jws.signature).await?;
        }
        let verified = match client {
            Some(client) if verified => Ok(client),
            Some(_) if keys.is_empty() => Err(result_code::ATTESTATION_KEY),
            Some(_) => Err(result_code::ATTESTATION_SIGNATURE),
            None => Err(result_code::ATTESTATION_CLIENT),
        };
        Ok(context.check_as(Check::ClientAttestationSignature, alg.as_str(), verified)?)
    }

    fn check_times(&self, context: &Context<'_>) -> Result<(), &'static ResultCode> {
        let skew = context.skew();
        if self.claims.has_expired(context.now, skew) {
            return Err(result_code::ATTESTATION_EXPIRED);
        }
        if self.claims.is_early(context.now, skew.saturating_add(AHEAD)) {
            return Err(result_code::ATTESTATION_EARLY);
        }
        Ok(())
    }
}

/// The key of an attester, if its certificates lead to one of the service's roots.
async fn certified(context: &Context<'_>, chain: &Value) -> Result<PublicJwk, Refusal> {
    let chain = chain.as_array().map(Vec::as_slice).unwrap_or_default();
    if chain.len() > MOST_CERTIFICATES {
        return Err(result_code::PATH_TOO_LONG.into());
    }
    let read = |one: &Value| Certificate::from_base64(one.as_str()?);
    let chain: Option<Vec<Certificate>> = chain.iter().map(read).collect();
    let (attester, others) = match chain.as_deref() {
        Some([attester, others @ ..]) => (attester, others),
        _ => return Err(result_code::ATTESTER_CERTIFICATE.into()),
    };
    check_path(context, attester, others, &context.config.service.attester_roots).await?;
    attester.key().ok_or_else(|| result_code::ATTESTER_CERTIFICATE.into())
}

impl<'a> Proof<'a> {
    /// Reads a proof, which needs no key (§5.2).
    fn read(text: &'a str) -> Result<Self, &'static ResultCode> {
        let malformed = result_code::ATTESTATION_PROOF_MALFORMED;
        let jws = Jws::parse(text).filter(|jws| jws.is(&[PROOF_TYPE])).ok_or(malformed)?;
        let alg = Algorithm::parse(&jws.alg).ok_or(result_code::ATTESTATION_ALGORITHM)?;
        let (claims, others) = Claims::and_others(&jws.payload).ok_or(malformed)?;
        Ok(Proof { jws, alg, claims, others })
    }

    /// Fails unless the instance has signed.
    async fn verify(&self, context: &Context<'_>, key: &PublicJwk) -> Result<(), Refusal> {
        let Proof { jws, alg, .. } = self;
        if key.fits(*alg) && context.verify(key, *alg, jws.input, &jws.signature).await? {
            Ok(())
        } else {
            Err(result_code::ATTESTATION_PROOF_SIGNATURE.into())
        }
    }

    /// Checks the other claims (§8). Gives the `jti`, and the moment from which on the proof is too
    /// old; milliseconds.
    fn check(&self, context: &Context<'_>) -> Result<(&str, u64), &'static ResultCode> {
        let Claims { aud, iat, jti, .. } = &self.claims;
        if aud.as_ref().and_then(Audience::only) != Some(&context.config.service.issuer) {
            return Err(result_code::ATTESTATION_PROOF_AUDIENCE);
        }
        let skew = context.skew();
        let expires_at = iat.map(|iat| iat.saturating_add(OLDEST).saturating_add(skew));
        let expires_at = expires_at
            .filter(|expires_at| context.now < *expires_at)
            .filter(|_| !self.claims.has_expired(context.now, skew))
            .filter(|_| !self.claims.is_early(context.now, skew.saturating_add(AHEAD)))
            .ok_or(result_code::ATTESTATION_PROOF_TIME)?;
        let jti = jti.as_deref().filter(|jti| (1..=LONGEST_ID).contains(&jti.len()));
        Ok((jti.ok_or(result_code::ATTESTATION_PROOF_JTI)?, expires_at))
    }

    /// Fails unless the proof has a challenge of the service, if that wants one. Gives the one for
    /// the next proof.
    fn check_challenge(&self, context: &Context<'_>) -> Result<Option<String>, Refusal> {
        let Some(challenges) = challenges(context)? else { return Ok(None) };
        let shown = self.others.get("challenge").and_then(Value::as_str);
        let is_good = shown.is_some_and(|shown| challenges.includes(shown));
        let attestation_challenge = Some(challenges.current);
        let code = result_code::ATTESTATION_CHALLENGE;
        if is_good {
            context.passed(Check::ClientAttestationChallenge, "");
            return Ok(attestation_challenge);
        }
        context.refused(Check::ClientAttestationChallenge, code, "");
        Err(Refusal { attestation_challenge, ..code.into() })
    }
}
