//! The HTTP face of the engine: `POST /api/{serviceId}/…`, as Authlete has it.

use crate::api::schema::Read;
use crate::api::{self, Operation, auth_token, auth_token_fail, auth_token_issue, idtoken_reissue};
use crate::engine::checks::{Reason, Why};
use crate::engine::context::Context;
use crate::engine::hash::{same, sha256};
use crate::engine::operations::{self, Refusable};
use crate::engine::platform::Check;
use crate::engine::request::input::{self, Wrong};
use crate::engine::result_code::{self, Outcome, Refusal, ResultCode};
use crate::engine::service::ServiceSettings;
use crate::http::{HttpRequest, HttpResponse};
use fluent_uri::UriRef;
use serde::Serialize;

const TOKEN: &str = auth_token::OPERATION.path;
const FAIL: &str = auth_token_fail::OPERATION.path;
const ISSUE: &str = auth_token_issue::OPERATION.path;
static OPERATIONS: [&Operation; 4] = [
    &auth_token::OPERATION,
    &auth_token_fail::OPERATION,
    &auth_token_issue::OPERATION,
    &idtoken_reissue::OPERATION,
];

impl Reason for Wrong {
    fn why(&self) -> Why {
        let detail = if let Wrong::Member(name) = self { name } else { "" };
        Why { code: Some(self.code()), detail: [detail, ""] }
    }
}

/// The operation that a URL names, and the service ID.
pub(crate) fn called(url: &str) -> Option<(&'static Operation, &str)> {
    let (service_id, path) = split(url)?;
    let operation = OPERATIONS.into_iter().find(|operation| operation.path == path)?;
    Some((operation, service_id))
}

/// Whether a caller without HTTP may use the service with this ID; otherwise the answer to it.
#[cfg(all(target_arch = "wasm32", feature = "boundary"))]
pub(crate) fn admit_directly(
    context: &Context<'_>,
    service_id: &str,
    authorization: &str,
) -> Result<(), HttpResponse> {
    let admitted = admit(&context.config.service, service_id, Some(authorization));
    context.check(Check::Call, admitted).map_err(|code| failure(code, TOKEN, ""))
}

/// The HTTP error that a call of `/auth/token` without HTTP would get.
#[cfg(all(target_arch = "wasm32", feature = "boundary"))]
pub(crate) fn refused(code: &ResultCode) -> HttpResponse {
    failure(code, TOKEN, "")
}

/// The answer to a call that the engine could not answer.
#[cfg(all(target_arch = "wasm32", feature = "boundary"))]
pub(crate) fn failed() -> HttpResponse {
    failure(result_code::SERVER_ERROR, "", "")
}

/// Answers a call of an operation, if there is one and its caller may use it.
pub(crate) async fn answer(
    context: &Context<'_>,
    called: Option<(&'static Operation, &str)>,
    request: &HttpRequest,
) -> HttpResponse {
    let path = called.map_or("", |(operation, _)| operation.path);
    let admitted = admitted(&context.config.service, called, request);
    let operation = match context.part(Check::Call, admitted) {
        Ok(operation) => operation,
        Err(code) => return failure(code, path, ""),
    };
    match path {
        TOKEN => match read(context, operation, true, request) {
            Ok(call) => match operations::token(context, &call).await {
                Ok(response) => json(200, &response),
                Err(code) => failure(code, path, ""),
            },
            Err(wrong) => unreadable::<api::TokenResponse>(path, wrong),
        },
        FAIL => match read(context, operation, true, request) {
            Ok(call) => finished(operations::fail(context, &call)),
            Err(wrong) => unreadable::<api::TokenFailResponse>(path, wrong),
        },
        ISSUE => match read(context, operation, true, request) {
            Ok(call) => finished(operations::issue(context, &call).await),
            Err(wrong) => unreadable::<api::TokenIssueResponse>(path, wrong),
        },
        _ => match read(context, operation, false, request) {
            Ok(call) => finished(operations::reissue(context, &call).await),
            Err(wrong) => unreadable::<api::IdtokenReissueResponse>(path, wrong),
        },
    }
}

/// The answer to a call whose body could not be read, or was too large to be read.
pub(crate) fn unread(context: &Context<'_>, too_large: bool) -> HttpResponse {
    let code = if too_large { result_code::BODY_TOO_LARGE } else { result_code::BODY_MALFORMED };
    failure(context.refused(Check::Call, code, ""), "", "")
}

/// The operation of a call, if its caller may use it.
fn admitted(
    service: &ServiceSettings,
    called: Option<(&'static Operation, &str)>,
    request: &HttpRequest,
) -> Result<&'static Operation, &'static ResultCode> {
    let (operation, service_id) = called.ok_or(result_code::API_UNKNOWN)?;
    if request.method != "POST" {
        return Err(result_code::METHOD_WRONG);
    }
    admit(service, service_id, request.header("authorization"))?;
    Ok(operation)
}

fn read<T: Read>(
    context: &Context<'_>,
    operation: &Operation,
    takes_form: bool,
    request: &HttpRequest,
) -> Result<T, Wrong> {
    context.check(Check::Call, input::read(operation, takes_form, request))
}

/// The service ID and the path of the operation, which begins with a slash.
fn split(url: &str) -> Option<(&str, &str)> {
    // What follows the path is ignored, and a platform's URL may have characters there that a URI
    // can't have.
    let path =
        UriRef::parse(url.split(['?', '#']).next()?).ok()?.path().as_str().strip_prefix("/api/")?;
    path.split_at_checked(path.find('/')?)
}

/// The caller's right to the service. The bearer token is checked before the service ID, so a
/// caller without one learns nothing.
fn admit(
    service: &ServiceSettings,
    service_id: &str,
    authorization: Option<&str>,
) -> Result<(), &'static ResultCode> {
    let authorization = authorization.ok_or(result_code::AUTHORIZATION_MISSING)?;
    let (scheme, token) = authorization.split_once(' ').unwrap_or((authorization, ""));
    let valid = same(&service.bearer, &sha256(token.trim().as_bytes()));
    if !scheme.eq_ignore_ascii_case("bearer") || !valid {
        return Err(result_code::BEARER_INVALID);
    }
    if service_id == service.id { Ok(()) } else { Err(result_code::SERVICE_UNKNOWN) }
}

fn finished<T: Refusable>(result: Result<T, Refusal>) -> HttpResponse {
    json(200, &result.unwrap_or_else(T::refused))
}

/// The answer to a call whose body is not a request of the operation.
fn unreadable<T: Refusable>(path: &str, wrong: Wrong) -> HttpResponse {
    let code = wrong.code();
    match wrong {
        Wrong::Missing => json(200, &T::refused(code.into())),
        Wrong::Member(name) => failure(code, path, name),
        Wrong::ContentType | Wrong::Malformed => failure(code, path, ""),
    }
}

/// An HTTP error of the API.
fn failure(code: &ResultCode, path: &str, member: &str) -> HttpResponse {
    let status = match code.outcome {
        Outcome::Http(status) => status,
        Outcome::Unavailable => 503,
        _ => 500,
    };
    let body = api::ApiResult {
        result_code: Some(api::ResultCodeText(code.code.to_owned())),
        result_message: Some(code.message_at(path, member)),
        ..Default::default()
    };
    let mut response = json(status, &body);
    let extra = match status {
        401 => Some(("www-authenticate", "Bearer")),
        405 => Some(("allow", "POST")),
        _ => None,
    };
    response.headers.extend(extra.map(|(name, value)| (name.to_owned(), value.to_owned())));
    response
}

fn json(status: u16, body: &impl Serialize) -> HttpResponse {
    let headers = [("content-type", "application/json"), ("cache-control", "no-store")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    match serde_json::to_vec(body) {
        Ok(body) => HttpResponse { status, headers, body },
        Err(_) => HttpResponse { status: 500, headers, body: b"{}".to_vec() },
    }
}
