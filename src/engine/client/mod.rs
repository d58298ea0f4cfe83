//! Client authentication (RFC 6749 §2.3): which client a request comes from, and the proof of it.
//! One file per kind of credential.

mod assertion;
mod attestation;
mod certification_path;
mod remote_keys;
mod secret;
mod tls;

pub(crate) use attestation::{Attested, challenges};

use crate::engine::context::{Context, Mark};
use crate::engine::platform::Check;
use crate::engine::records::Grant;
use crate::engine::request::Evidence;
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::engine::service::Client;

/// The client that a request comes from, by the identifier that it used.
#[derive(Clone)]
pub(crate) struct Caller<'a> {
    pub(crate) client: &'a Client,
    pub(crate) id: String,
}

impl Caller<'_> {
    /// Authlete's numeric client ID.
    pub(crate) fn number(&self) -> Option<i64> {
        i64::try_from(self.client.number).ok()
    }

    /// Whether the identifier is the alias.
    pub(crate) fn alias_used(&self) -> bool {
        self.client.alias.as_ref() == Some(&self.id)
    }

    /// A grant of a client that acts for itself.
    pub(crate) fn grant(&self) -> Grant {
        Grant::of(self.client.number, &self.id)
    }
}

/// A client that has authenticated itself.
pub(crate) struct Authenticated<'a> {
    pub(crate) caller: Caller<'a>,
    /// What must not be accepted a second time.
    pub(crate) marks: Vec<Mark>,
    /// What its attestation has shown, if it has authenticated itself with one.
    pub(crate) attested: Attested,
}

/// The client of a request to the endpoint with the URL `endpoint`.
pub(crate) async fn authenticate<'a>(
    context: &Context<'a>,
    evidence: &Evidence<'_>,
    endpoint: &str,
) -> Result<Authenticated<'a>, Refusal> {
    let authenticated = identify(context, evidence, endpoint).await?;
    let method = authenticated.caller.client.auth_method.oauth_name();
    context.passed(Check::ClientAuthentication, method);
    Ok(authenticated)
}

async fn identify<'a>(
    context: &Context<'a>,
    evidence: &Evidence<'_>,
    endpoint: &str,
) -> Result<Authenticated<'a>, Refusal> {
    context.part(Check::ClientAuthentication, one_method(evidence))?;
    match (evidence.attestation, evidence.attestation_pop) {
        (Some(attestation), Some(proof)) => {
            return attestation::authenticate(context, evidence, attestation, proof).await;
        }
        (None, None) => {}
        _ => {
            let code = result_code::ATTESTATION_INCOMPLETE;
            return Err(context.refused(Check::ClientAuthentication, code, "").into());
        }
    }
    if let Some(assertion) = evidence.assertion {
        return assertion::authenticate(context, evidence, endpoint, assertion).await;
    }
    let id = context.part(Check::ClientAuthentication, one_client_id(evidence))?;
    let caller = if tls::is_used(context.config, evidence, id) {
        tls::authenticate(context, evidence, id).await?
    } else {
        secret::authenticate(context, evidence, id)?
    };
    Ok(Authenticated { caller, marks: Vec::new(), attested: Attested::default() })
}

/// A request authenticates its client by one method at most (RFC 6749 §2.3).
fn one_method(evidence: &Evidence<'_>) -> Result<(), &'static ResultCode> {
    if evidence.assertion.is_some() != evidence.assertion_type.is_some() {
        return Err(result_code::ASSERTION_INCOMPLETE);
    }
    let methods = [
        evidence.header_secret.is_some(),
        evidence.form_secret.is_some(),
        evidence.assertion.is_some(),
        evidence.attestation.is_some() || evidence.attestation_pop.is_some(),
    ];
    if methods.into_iter().filter(|used| *used).count() > 1 {
        return Err(result_code::CLIENT_METHODS_MIXED);
    }
    Ok(())
}

/// The client ID from header and body. Both may have it if it is the same.
fn one_client_id<'a>(evidence: &Evidence<'a>) -> Result<&'a str, &'static ResultCode> {
    match (evidence.header_id, evidence.form_id) {
        (Some(header), Some(body)) if header != body => Err(result_code::CLIENT_IDS_DIFFER),
        (Some(id), _) | (None, Some(id)) => Ok(id),
        (None, None) if evidence.header_secret.is_some() || evidence.form_secret.is_some() => {
            Err(result_code::CLIENT_INVALID)
        }
        (None, None) => Err(result_code::CLIENT_ID_MISSING),
    }
}
