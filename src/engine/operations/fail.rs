//! `/auth/token/fail`: the host refuses a password request.

use super::Refusable;
use crate::api::{
    TokenFailRequest, TokenFailRequestReason as Reason, TokenFailResponse, TokenFailResponseAction,
};
use crate::engine::context::{Conclusion, Context};
use crate::engine::grants::password;
use crate::engine::platform::Check;
use crate::engine::result_code::{self, Refusal, ResultCode};

impl Refusable for TokenFailResponse {
    fn refused(Refusal { code, .. }: Refusal) -> Self {
        response(code, TokenFailResponseAction::InternalServerError)
    }
}

/// Ends the ticket, and gives the error for the OAuth client.
pub(crate) fn fail(
    context: &Context<'_>,
    request: &TokenFailRequest,
) -> Result<TokenFailResponse, Refusal> {
    let code = context.check(Check::Reason, told(&request.reason))?;
    let ticket = context.check(Check::Ticket, password::find(context, &request.ticket))?;
    let step = Conclusion {
        answer: response(code, TokenFailResponseAction::BadRequest),
        writes: vec![password::spent(ticket)?],
        conflict: Some(result_code::TICKET_USED),
    };
    context.finish(Vec::new(), Ok(step))
}

/// What the OAuth client is told for a reason.
fn told(reason: &Reason) -> Result<&'static ResultCode, &'static ResultCode> {
    match reason {
        Reason::Unknown => Ok(result_code::FAILED_UNKNOWN),
        Reason::InvalidResourceOwnerCredentials => Ok(result_code::CREDENTIALS_INVALID),
        Reason::InvalidTarget => Ok(result_code::FAILED_TARGET),
        Reason::InvalidClient => Ok(result_code::FAILED_CLIENT),
        Reason::UnauthorizedClient => Ok(result_code::FAILED_UNAUTHORIZED),
        Reason::InvalidScope => Ok(result_code::FAILED_SCOPE),
        Reason::Other(_) => Err(result_code::REASON_UNKNOWN),
    }
}

fn response(code: &ResultCode, action: TokenFailResponseAction) -> TokenFailResponse {
    TokenFailResponse {
        action: Some(action),
        result_code: Some(code.code.to_owned()),
        result_message: Some(code.message()),
        response_content: Some(code.content()),
        ..Default::default()
    }
}
