//! The state machine of one token request, from the call of `/auth/token` to the answer.

use super::{
    ApiAnswer, ApiCall, CallFailure, Hook, Notice, OperationName, ReissueFailure, Step, StepResult,
    Turn,
    action::{self, Next},
    respond::{OAuthError, Responder, put},
    settings::{Hooks, Reissue},
};
use crate::prelude::*;
use crate::{ErrorCode, http::HttpResponse, text::decimal};
use core::mem;

/// The longest nonce or challenge that is passed on, in bytes. With a longer one, the headers of
/// the answer could be too large to get through.
const MAX_CARRIED_BYTES: usize = 2_048;

/// One token request under way. Each step is followed by one [`Handling::resume`], until a step is
/// an answer.
pub struct Handling {
    respond: Responder,
    hooks: Hooks,
    reissue: Reissue,
    state: State,
}

/// What the request waits for.
enum State {
    /// `/auth/token`
    Token,
    /// The hook `authenticateUser`.
    User { ticket: String },
    /// `/auth/token/issue`
    Issue,
    /// `/auth/token/fail`, whose answer the client gets.
    Fail,
    /// `/auth/token/fail`, only to end the ticket: the client gets this, whatever Authlete says.
    Discard(&'static OAuthError),
    /// A hook that answers by itself.
    Delegate(Hook),
    /// The hook `reissueIdToken`.
    Options { issued: String, access_token: String, refresh_token: String },
    /// `/idtoken/reissue`. `issued` is the answer without it: the old refresh token may be spent,
    /// so these tokens must not be lost.
    Reissue { issued: String },
    /// Nothing: the answer is given.
    Done,
}

impl Handling {
    pub(super) fn new(respond: Responder, hooks: Hooks, reissue: Reissue) -> Self {
        Handling { respond, hooks, reissue, state: State::Token }
    }

    /// Takes the result of the last step, and gives the next step. A result that does not fit the
    /// step ends in 500.
    pub fn resume(&mut self, result: StepResult) -> Turn {
        match (mem::replace(&mut self.state, State::Done), result) {
            (State::Token, StepResult::Answer(answer)) => self.token(answer),
            (State::Token, StepResult::CallFailed(failure)) => {
                self.call_failed(OperationName::Token, failure)
            }
            (State::Token, StepResult::HookFailed) => self.hook_failed(Hook::TokenRequest),

            (State::User { ticket }, StepResult::HookAccepted) => {
                self.call(State::Issue, ApiCall::Issue { ticket })
            }
            (State::User { ticket }, StepResult::HookRefused) => self.call(
                State::Fail,
                ApiCall::Fail { ticket, reason: "INVALID_RESOURCE_OWNER_CREDENTIALS" },
            ),
            (State::User { ticket }, StepResult::HookFailed) => self.discard(
                ticket,
                OAuthError::SERVER_ERROR,
                Notice::HookFailed { hook: Hook::AuthenticateUser },
            ),
            (State::Issue, StepResult::Answer(answer)) => self.relay(
                OperationName::Issue,
                action::issue(&answer.action),
                answer.response_content,
            ),
            (State::Issue, StepResult::CallFailed(failure)) => {
                self.call_failed(OperationName::Issue, failure)
            }
            (State::Fail, StepResult::Answer(answer)) => self.relay(
                OperationName::Fail,
                action::fail(&answer.action),
                answer.response_content,
            ),
            (State::Fail, StepResult::CallFailed(failure)) => {
                self.call_failed(OperationName::Fail, failure)
            }
            (State::Discard(refusal), StepResult::Answer(_)) => {
                end(self.respond.error(refusal), None)
            }
            (State::Discard(refusal), StepResult::CallFailed(failure)) => end(
                self.respond.error(refusal),
                Some(upstream_failed(OperationName::Fail, failure)),
            ),

            (State::Delegate(_), StepResult::HookResponded) => Turn {
                step: Step::Relay { headers: self.respond.headers() },
                notices: [None, None],
            },
            (State::Delegate(hook), StepResult::HookFailed) => self.hook_failed(hook),

            (State::Options { issued, access_token, refresh_token }, StepResult::HookAccepted) => {
                self.call(
                    State::Reissue { issued },
                    ApiCall::Reissue { access_token, refresh_token },
                )
            }
            (State::Options { issued, .. }, StepResult::HookRefused) => {
                self.issued(issued, Some(ReissueFailure::Declined))
            }
            (State::Options { issued, .. }, _) => {
                self.issued(issued, Some(ReissueFailure::HookFailed))
            }
            (State::Reissue { issued }, StepResult::Answer(answer)) => {
                self.reissued(issued, answer)
            }
            (State::Reissue { issued }, StepResult::CallFailed(failure)) => {
                let CallFailure { code, status, .. } = failure;
                self.issued(
                    issued,
                    Some(ReissueFailure::Upstream { code, status, detail: failure.look_at() }),
                )
            }
            (State::Reissue { issued }, _) => {
                self.issued(issued, Some(reissue_unusable(NO_CONTENT)))
            }

            _ => end(self.respond.error(OAuthError::SERVER_ERROR), None),
        }
    }

    fn token(&mut self, mut answer: ApiAnswer) -> Turn {
        let nonce = self.carry("dpop-nonce", answer.dpop_nonce.take());
        let challenge =
            self.carry("oauth-client-attestation-challenge", answer.attestation_challenge.take());
        let next = action::token(&answer.action);
        // Tokens that were issued are not lost for the sake of a header.
        let issued = matches!(next, Some(Next::Relay(200) | Next::Reissue));
        let fits = nonce && challenge;
        if !fits && !issued {
            return self.unusable(OperationName::Token, UNFIT);
        }
        let turn = self.act(next, answer);
        if fits {
            return turn;
        }
        let Turn { step, notices: [first, _] } = turn;
        Turn { step, notices: [Some(unusable(OperationName::Token, UNFIT)), first] }
    }

    fn act(&mut self, next: Option<Next>, answer: ApiAnswer) -> Turn {
        match next {
            Some(Next::Relay(status)) => {
                self.relay(OperationName::Token, Some(status), answer.response_content)
            }
            Some(Next::Authenticate) => self.authenticate(answer),
            Some(Next::Delegate(hook)) => self.delegate(hook),
            Some(Next::Reissue) => self.reissue(answer),
            None => self.unusable(OperationName::Token, action::UNKNOWN),
        }
    }

    // Keeps a header for the answer to the client; false if no header can hold the value
    // (RFC 9449 §8.1 and RFC 9110 §5.5).
    fn carry(&mut self, name: &str, value: Option<String>) -> bool {
        let Some(value) = value else { return true };
        let fits = (1..=MAX_CARRIED_BYTES).contains(&value.len())
            && value.bytes().all(|byte| byte.is_ascii_graphic());
        if fits {
            self.respond.carried.push((name.to_owned(), value));
        }
        fits
    }

    fn authenticate(&mut self, answer: ApiAnswer) -> Turn {
        match answer.ticket {
            Some(ticket) if !ticket.is_empty() && answer.has_user_credentials => {
                if self.hooks.authenticate_user {
                    return self.ask(State::User { ticket }, Hook::AuthenticateUser);
                }
                const NO_HOOK: &OAuthError = &OAuthError::unsupported_grant_type(
                    "the action is PASSWORD, and there is no hook authenticateUser",
                );
                self.discard(ticket, NO_HOOK, NO_HOOK.notice())
            }
            _ => self.unusable(
                OperationName::Token,
                "the action is PASSWORD, without ticket, username or password",
            ),
        }
    }

    fn delegate(&mut self, hook: Hook) -> Turn {
        let (given, refusal) = match hook {
            Hook::TokenExchange => (self.hooks.token_exchange, NO_TOKEN_EXCHANGE),
            Hook::JwtBearer => (self.hooks.jwt_bearer, NO_JWT_BEARER),
            _ => (self.hooks.native_sso, NO_NATIVE_SSO),
        };
        if given {
            return self.ask(State::Delegate(hook), hook);
        }
        end(self.respond.error(refusal), Some(refusal.notice()))
    }

    fn reissue(&mut self, answer: ApiAnswer) -> Turn {
        let Some(issued) = answer.response_content else {
            return self.unusable(OperationName::Token, NO_CONTENT);
        };
        if self.reissue == Reissue::Off {
            return self.issued(issued, None);
        }
        let filled = |token: Option<String>| token.filter(|token| !token.is_empty());
        // The new ID token's `at_hash` is computed from the access token that the client gets.
        let access_token = filled(answer.jwt_access_token).or(filled(answer.access_token));
        let (Some(access_token), Some(refresh_token)) =
            (access_token, filled(answer.refresh_token))
        else {
            let why = reissue_unusable(
                "the answer of /auth/token lacks the access token or the refresh token",
            );
            return self.issued(issued, Some(why));
        };
        if self.reissue == Reissue::Ask {
            return self
                .ask(State::Options { issued, access_token, refresh_token }, Hook::ReissueIdToken);
        }
        self.call(State::Reissue { issued }, ApiCall::Reissue { access_token, refresh_token })
    }

    fn reissued(&self, issued: String, answer: ApiAnswer) -> Turn {
        match (action::reissue(&answer.action), answer.response_content) {
            (Ok(()), Some(content)) => self.issued(content, None),
            (Ok(()), None) => self.issued(issued, Some(reissue_unusable(NO_CONTENT))),
            (Err(why), _) => self.issued(issued, Some(why)),
        }
    }

    // 200 with tokens. `why` is given if they are those of `/auth/token` because the reissue
    // failed.
    fn issued(&self, content: String, why: Option<ReissueFailure>) -> Turn {
        let notices = match why {
            None => [None, None],
            Some(why @ ReissueFailure::HookFailed) => [
                Some(Notice::HookFailed { hook: Hook::ReissueIdToken }),
                Some(Notice::ReissueFailed { why }),
            ],
            Some(why) => [Some(Notice::ReissueFailed { why }), None],
        };
        Turn { step: Step::Respond(self.respond.json(200, content.into_bytes())), notices }
    }

    fn relay(
        &self,
        operation: OperationName,
        status: Option<u16>,
        content: Option<String>,
    ) -> Turn {
        match (status, content) {
            (Some(status), Some(content)) => {
                end(self.respond.json(status, content.into_bytes()), None)
            }
            (None, _) => self.unusable(operation, action::UNKNOWN),
            _ => self.unusable(operation, NO_CONTENT),
        }
    }

    fn ask(&mut self, state: State, hook: Hook) -> Turn {
        self.state = state;
        Turn { step: Step::Hook(hook), notices: [None, None] }
    }

    fn call(&mut self, state: State, call: ApiCall) -> Turn {
        self.state = state;
        Turn { step: Step::Call(call), notices: [None, None] }
    }

    // A ticket that nobody will use is ended at Authlete before the client gets its answer.
    fn discard(&mut self, ticket: String, refusal: &'static OAuthError, notice: Notice) -> Turn {
        let turn = self.call(State::Discard(refusal), ApiCall::Fail { ticket, reason: "UNKNOWN" });
        Turn { notices: [Some(notice), None], ..turn }
    }

    fn hook_failed(&self, hook: Hook) -> Turn {
        end(self.respond.error(OAuthError::SERVER_ERROR), Some(Notice::HookFailed { hook }))
    }

    // Authlete answered, but not with anything that this endpoint can act on.
    fn unusable(&self, operation: OperationName, detail: &'static str) -> Turn {
        end(self.respond.error(OAuthError::SERVER_ERROR), Some(unusable(operation, detail)))
    }

    // After 503, clients keep their tokens and try again; after 500, they send their user to sign
    // in again. If an answer with new tokens was lost, trying again can't make that worse.
    fn call_failed(&self, operation: OperationName, failure: CallFailure) -> Turn {
        let passes = failure.passes();
        let mut response =
            self.respond.error(if passes { UNAVAILABLE } else { OAuthError::SERVER_ERROR });
        if let (true, Some(seconds)) = (passes, failure.retry_after) {
            put(&mut response.headers, "retry-after", &decimal(seconds));
        }
        end(response, Some(upstream_failed(operation, failure)))
    }
}

const NO_TOKEN_EXCHANGE: &OAuthError = &OAuthError::unsupported_grant_type(
    "the action is TOKEN_EXCHANGE, and there is no hook tokenExchange",
);

const NO_JWT_BEARER: &OAuthError =
    &OAuthError::unsupported_grant_type("the action is JWT_BEARER, and there is no hook jwtBearer");

const NO_NATIVE_SSO: &OAuthError = &OAuthError::new(
    400,
    "invalid_grant",
    "Native SSO is not supported by this authorization server.",
)
.because("the action is NATIVE_SSO, and there is no hook nativeSso");

const UNAVAILABLE: &OAuthError = &OAuthError::new(503, "temporarily_unavailable", "");

const NO_CONTENT: &str = "the answer has no responseContent that is a JSON object";

const UNFIT: &str = "dpopNonce or attestationChallenge does not fit into a header";

fn unusable(operation: OperationName, detail: &'static str) -> Notice {
    let code = ErrorCode::ResponseInvalid;
    Notice::UpstreamFailed { operation, code, status: None, detail }
}

fn reissue_unusable(detail: &'static str) -> ReissueFailure {
    ReissueFailure::Upstream { code: ErrorCode::ResponseInvalid, status: None, detail }
}

fn end(response: HttpResponse, notice: Option<Notice>) -> Turn {
    Turn { step: Step::Respond(response), notices: [notice, None] }
}

fn upstream_failed(operation: OperationName, failure: CallFailure) -> Notice {
    Notice::UpstreamFailed {
        operation,
        code: failure.code,
        status: failure.status,
        detail: failure.look_at(),
    }
}
