//! The HTTP face of the endpoints that the engine answers itself: introspection (RFC 7662) and
//! revocation (RFC 7009). Who asks is checked as at the token endpoint.

use crate::basic::{self, Credentials};
use crate::contract::DEFAULT_MAX_REQUEST_BYTES;
use crate::engine::client::{self, Authenticated, Caller};
use crate::engine::context::{Conclusion, Context};
use crate::engine::operations;
use crate::engine::platform::Check;
use crate::engine::request::{Evidence, Form};
use crate::engine::result_code::{self, Outcome, Refusal, ResultCode};
use crate::engine::service::ServiceSettings;
use crate::form;
use crate::http::{HttpRequest, HttpResponse};

/// The parameters of both endpoints (RFC 7662 §2.1, RFC 7009 §2.1).
const PARAMETERS: [&str; 2] = ["token", "token_type_hint"];
/// Parameters that must not be in a URL, where they would end up in logs (RFC 6749 §2.3.1, §3.2).
const SENSITIVE: [&str; 3] = ["token", "client_secret", "client_assertion"];

/// One of the endpoints.
pub(crate) struct Endpoint {
    /// Its name for the host's reports.
    pub(crate) operation: &'static str,
    /// The realm of its challenge.
    realm: &'static str,
    url: fn(&ServiceSettings) -> &str,
    /// Answers a client's question about a token: with the JSON for it, or with an empty body.
    decide: fn(&Context<'_>, &Caller<'_>, &str) -> Result<Conclusion<String>, Refusal>,
}

pub(crate) static INTROSPECTION: Endpoint = Endpoint {
    operation: "handleIntrospectionRequest",
    realm: "introspection",
    url: |service| &service.introspection_endpoint,
    decide: operations::introspect_for,
};
pub(crate) static REVOCATION: Endpoint = Endpoint {
    operation: "handleRevocationRequest",
    realm: "revocation",
    url: |service| &service.revocation_endpoint,
    decide: operations::revoke_for,
};

/// Answers a request.
pub(crate) async fn answer(
    context: &Context<'_>,
    endpoint: &Endpoint,
    request: &HttpRequest,
) -> HttpResponse {
    match process(context, endpoint, request).await {
        Ok((body, challenge)) => with_challenge(respond(200, body), challenge),
        Err(Refusal { code, attestation_challenge, .. }) => {
            with_challenge(refuse(code, endpoint, request), attestation_challenge)
        }
    }
}

/// Why the body of a request could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It has more than 65,536 bytes.
    TooLarge,
    /// It broke off.
    BrokenOff,
    /// The host has already read it, or can't give it as bytes.
    NotThere,
}

/// The answer to a request whose body could not be read.
pub(crate) fn unread(context: &Context<'_>, unread: Unread) -> HttpResponse {
    let code = match unread {
        Unread::TooLarge => result_code::ENDPOINT_TOO_LARGE,
        Unread::BrokenOff => result_code::ENDPOINT_UNREAD,
        Unread::NotThere => result_code::SERVER_ERROR,
    };
    context.refused(Check::HttpRequest, code, "");
    respond(status(code), code.content())
}

/// The steps, in order: the request's form, the client, what it asks for, and the one commit.
/// Beside the answer comes the challenge for the client's next proof of possession, if it needs
/// one.
async fn process(
    context: &Context<'_>,
    endpoint: &Endpoint,
    request: &HttpRequest,
) -> Result<(String, Option<String>), Refusal> {
    let body = context.part(Check::HttpRequest, body(request))?;
    let credentials = context.check(Check::HttpRequest, credentials(request))?;
    let form = Form::read(body, &|name| PARAMETERS.contains(&name));
    let form = context.part(Check::Parameters, form)?;
    let token = form.need("token", result_code::TOKEN_MISSING);
    let token = context.check(Check::Parameters, token)?;
    let evidence = Evidence::of_request(request, credentials.as_ref(), &form);
    let called = (endpoint.url)(&context.config.service);
    let Authenticated { caller, marks, attested } =
        client::authenticate(context, &evidence, called).await?;
    let answer = context.finish(marks, (endpoint.decide)(context, &caller, token))?;
    Ok((answer, attested.challenge))
}

/// The form that a request carries.
fn body(request: &HttpRequest) -> Result<&str, &'static ResultCode> {
    if request.method != "POST" {
        return Err(result_code::ENDPOINT_METHOD);
    }
    let before_fragment = request.url.split('#').next().unwrap_or_default();
    let query = before_fragment.split_once('?').map_or("", |(_, query)| query);
    if form::parameters(query).any(|(name, _)| SENSITIVE.contains(&name.as_str())) {
        return Err(result_code::PARAMETER_IN_URL);
    }
    if !request.header("content-type").is_some_and(form::is_content_type) {
        return Err(result_code::ENDPOINT_CONTENT_TYPE);
    }
    if request.body.len() > DEFAULT_MAX_REQUEST_BYTES {
        return Err(result_code::ENDPOINT_TOO_LARGE);
    }
    std::str::from_utf8(&request.body).map_err(|_| result_code::PARAMETER_MALFORMED)
}

fn credentials(request: &HttpRequest) -> Result<Option<Credentials>, &'static ResultCode> {
    authorization(request).map(basic::parse).transpose().map_err(unusable)
}

fn authorization(request: &HttpRequest) -> Option<&str> {
    request.header("authorization").filter(|value| !value.trim_ascii().is_empty())
}

fn unusable(unusable: basic::Unusable) -> &'static ResultCode {
    match unusable {
        basic::Unusable::Scheme => result_code::AUTHORIZATION_SCHEME,
        basic::Unusable::Several => result_code::AUTHORIZATION_SEVERAL,
        basic::Unusable::Malformed => result_code::AUTHORIZATION_MALFORMED,
        basic::Unusable::TooLong => result_code::AUTHORIZATION_TOO_LONG,
    }
}

/// An error response (RFC 6749 §5.2). A 401 has a challenge (RFC 9110 §15.5.2).
fn refuse(code: &ResultCode, endpoint: &Endpoint, request: &HttpRequest) -> HttpResponse {
    let challenged =
        || basic::is_challenged(authorization(request).is_some(), request.header("sec-fetch-site"));
    let status = match status(code) {
        401 if !challenged() => 400,
        status => status,
    };
    let body = if request.method == "HEAD" { String::new() } else { code.content() };
    let mut response = respond(status, body);
    let extra = match status {
        401 => Some(("www-authenticate", basic::challenge(endpoint.realm))),
        405 => Some(("allow", "POST".to_owned())),
        _ => None,
    };
    response.headers.extend(extra.map(|(name, value)| (name.to_owned(), value)));
    response
}

/// The response with a challenge (draft-ietf-oauth-attestation-based-client-auth-08 §7.1).
fn with_challenge(mut response: HttpResponse, challenge: Option<String>) -> HttpResponse {
    let name = "oauth-client-attestation-challenge";
    response.headers.extend(challenge.map(|challenge| (name.to_owned(), challenge)));
    response
}

fn status(code: &ResultCode) -> u16 {
    match code.outcome {
        Outcome::BadRequest(_) => 400,
        Outcome::InvalidClient => 401,
        Outcome::Endpoint(status, _) => status,
        Outcome::Unavailable => 503,
        Outcome::Success | Outcome::ServerError | Outcome::CallerError | Outcome::Http(_) => 500,
    }
}

/// A response with JSON, or without a body.
fn respond(status: u16, body: String) -> HttpResponse {
    let content_type = Some(("content-type", "application/json")).filter(|_| !body.is_empty());
    let headers = [
        ("cache-control", "no-store"),
        ("pragma", "no-cache"),
        ("x-content-type-options", "nosniff"),
    ];
    let headers = headers.into_iter().chain(content_type);
    HttpResponse {
        status,
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body: body.into_bytes(),
    }
}
