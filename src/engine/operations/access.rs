//! A request to a protected resource: may its sender use the access token (RFC 6750 §2.1, RFC 9449
//! §7)?

use super::introspection::{describe, find};
use crate::engine::context::{Conclusion, Context, Mark};
use crate::engine::jose::{Algorithm, object_of, text_of};
use crate::engine::platform::Check;
use crate::engine::records::AccessToken;
use crate::engine::result_code::{self, Refusal, ResultCode};
use crate::engine::sender::dpop::{self, Expected};
use crate::engine::service::Object;
use crate::engine::x509::Certificate;
use crate::error::{Error, ErrorCode};
use serde_json::Value;

/// The parameters.
const PARAMETERS: &[&str] =
    &["token", "scheme", "dpop", "htm", "htu", "dpopNonceRequired", "clientCertificate"];

/// What a request shows.
struct Shown<'a> {
    token: &'a str,
    scheme: Option<Scheme>,
    dpop: Option<&'a str>,
    expected: Expected<'a>,
    /// The certificate of the TLS connection in PEM.
    certificate: Option<&'a str>,
}

/// The authentication scheme of a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Bearer,
    Dpop,
}

/// Judges a request by its parameters. The answer is JSON text: an `AccessVerdict` of the npm
/// package.
pub(crate) async fn verify_access(
    context: &Context<'_>,
    parameters: &str,
) -> Result<String, Error> {
    let value = serde_json::from_str(parameters)
        .map_err(|_| Error::new(ErrorCode::RequestInvalid, "the parameters are not JSON"));
    let value = context.part(Check::Parameters, value)?;
    let shown = context.check(Check::Parameters, read(context, &value))?;
    let mut nonce = None;
    match judge(context, &shown, &mut nonce).await {
        Ok(token) => Ok(accepted(&token, nonce.as_deref())),
        Err(Refusal { code, .. }) if code == result_code::SERVER_ERROR => {
            Err(crate::engine::platform::Unavailable.into())
        }
        Err(Refusal { code, .. }) => Ok(refused(code, shown.scheme, nonce)),
    }
}

fn read<'a>(context: &Context<'_>, value: &'a Value) -> Result<Shown<'a>, Error> {
    let object = Object::root(ErrorCode::RequestInvalid, "the parameters", value)?;
    object.expect_members(PARAMETERS, &[], &[])?;
    let scheme = object.need("scheme")?.text()?;
    let token = object.need("token")?.text()?;
    let htu = object.need("htu")?;
    if !dpop::is_url(htu.text()?) {
        return Err(htu.error("expected the absolute URL of the resource"));
    }
    let required = object.take("dpopNonceRequired").map(|flag| flag.boolean()).transpose()?;
    let known = [("bearer", Scheme::Bearer), ("dpop", Scheme::Dpop)];
    Ok(Shown {
        token,
        scheme: known
            .into_iter()
            .find(|(name, _)| scheme.eq_ignore_ascii_case(name))
            .map(|(_, scheme)| scheme),
        dpop: object.text("dpop")?,
        expected: Expected {
            htm: object.need("htm")?.text()?,
            htu: htu.text()?,
            access_token: Some(token),
            nonce_required: required == Some(true) || context.config.service.dpop_nonce_required,
        },
        certificate: object.text("clientCertificate")?,
    })
}

/// What is known about the token, in JSON, if the sender may use it.
async fn judge(
    context: &Context<'_>,
    shown: &Shown<'_>,
    nonce: &mut Option<String>,
) -> Result<String, Refusal> {
    let scheme = shown.scheme.ok_or(result_code::ACCESS_SCHEME_UNKNOWN);
    let scheme = context.part(Check::TokenScheme, scheme)?;
    // First, since it costs less than a signature.
    let (token, grant) = find(context, shown.token)?.ok_or(result_code::ACCESS_TOKEN_INVALID)?;
    let mut marks = Vec::new();
    let needed = match (scheme, &token.cnf.jkt) {
        (Scheme::Bearer, Some(_)) => Err(result_code::ACCESS_NOT_BEARER),
        (Scheme::Dpop, None) => Err(result_code::ACCESS_NOT_DPOP),
        (Scheme::Bearer, None) => Ok(None),
        (Scheme::Dpop, Some(jkt)) => Ok(Some(jkt)),
    };
    let mut allowed = Ok(());
    if let Some(jkt) = context.check_as(Check::TokenScheme, token.cnf.token_type(), needed)? {
        let (mark, thumbprint) = prove(context, shown, nonce).await?;
        marks.push(mark);
        let (proved, code) = (thumbprint == *jkt, result_code::ACCESS_KEY_WRONG);
        allowed = context.require_as(Check::SenderBinding, "dpop_key", proved, code);
    }
    let allowed = allowed.and_then(|()| check_certificate(context, &token, shown));
    let step = match allowed {
        Ok(()) => {
            let answer = describe(context, &token, &grant, &token.resources)?;
            Ok(Conclusion { answer, writes: Vec::new(), conflict: None })
        }
        Err(code) => Err(code.into()),
    };
    context.finish(marks, step)
}

/// The mark and the thumbprint of the proof.
async fn prove(
    context: &Context<'_>,
    shown: &Shown<'_>,
    nonce: &mut Option<String>,
) -> Result<(Mark, String), Refusal> {
    let proof = shown.dpop.ok_or(result_code::DPOP_PROOF_MISSING);
    let proof = context.part(Check::DpopProof, proof)?;
    let proof = dpop::verify(context, proof, &shown.expected, nonce).await?;
    Ok((proof.mark, proof.thumbprint))
}

/// A token that is bound to a certificate goes with that certificate only (RFC 8705 §3).
fn check_certificate(
    context: &Context<'_>,
    token: &AccessToken,
    shown: &Shown<'_>,
) -> Result<(), &'static ResultCode> {
    if token.cnf.x5t.is_none() {
        return Ok(());
    }
    let proved = shown.certificate.and_then(Certificate::from_pem);
    let is_that_one = token.cnf.x5t == proved.map(|proved| proved.thumbprint());
    let code = result_code::ACCESS_CERTIFICATE_WRONG;
    context.require_as(Check::SenderBinding, "certificate", is_that_one, code)
}

fn accepted(token: &str, nonce: Option<&str>) -> String {
    // In base64url: there is nothing to escape.
    let nonce = nonce.map_or(String::new(), |nonce| [",\"dpopNonce\":\"", nonce, "\""].concat());
    ["{\"accepted\":true,\"token\":", token, &nonce, "}"].concat()
}

/// With the challenge of the 401 (RFC 6750 §3, RFC 9449 §7.1): the error belongs to the scheme that
/// was used, and the other one is offered where the client has not found it by itself.
fn refused(code: &ResultCode, scheme: Option<Scheme>, nonce: Option<String>) -> String {
    let (error, message) = (code.error(), code.message());
    let algs = ["algs=\"", &Algorithm::NAMES.join(" "), "\""].concat();
    let error_is = ["error=\"", error, "\", error_description=\"", &message, "\", "].concat();
    let challenge = match scheme {
        Some(Scheme::Dpop) => ["DPoP ", &error_is, &algs].concat(),
        _ => ["Bearer ", &error_is, "DPoP ", &algs].concat(),
    };
    let nonce = nonce.map(|nonce| ("dpopNonce", nonce.into()));
    let verdict = [
        ("accepted", false.into()),
        ("error", error.into()),
        ("message", message.into()),
        ("challenge", challenge.into()),
    ];
    text_of(&object_of(verdict.into_iter().chain(nonce)))
}
