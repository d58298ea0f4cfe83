//! The state machine of one token request, from the call of `/auth/token` to the answer.

use super::{
    Answer, Call, Event, Failure, Hook, Notice, Operation, ReissueFailure, Step, Turn,
    action::{self, Next},
    respond::{Refusal, Responder, put},
    settings::{Hooks, Reissue},
};
use crate::prelude::*;
use crate::{ErrorCode, http::HttpResponse, text::decimal};
use core::mem;

/// A nonce or challenge that is longer, in bytes, is none: it would break the answer's head on its way.
const MAX_CARRIED_BYTES: usize = 2_048;

/// One token request under way. Each step is followed by one [`Exchange::resume`], until a step is an answer.
pub struct Exchange {
    respond: Responder,
    hooks: Hooks,
    reissue: Reissue,
    state: State,
}

/// What the exchange waits for.
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
    Discard(&'static Refusal),
    /// A hook that answers by itself.
    Delegate(Hook),
    /// The hook `reissueIdToken`.
    Options { issued: String, access_token: String, refresh_token: String },
    /// `/idtoken/reissue`. `issued` is the answer without it: the old refresh token may be spent, so these tokens must not be lost.
    Reissue { issued: String },
    /// Nothing: the answer is given.
    Done,
}

impl Exchange {
    pub(super) fn new(respond: Responder, hooks: Hooks, reissue: Reissue) -> Self {
        Exchange { respond, hooks, reissue, state: State::Token }
    }

    /// Takes what came of the last step, and gives the next one. An event that does not fit the step ends in 500.
    pub fn resume(&mut self, event: Event) -> Turn {
        match (mem::replace(&mut self.state, State::Done), event) {
            (State::Token, Event::Answer(answer)) => self.token(answer),
            (State::Token, Event::CallFailed(failure)) => self.call_failed(Operation::Token, failure),
            (State::Token, Event::HookFailed) => self.hook_failed(Hook::TokenRequest),

            (State::User { ticket }, Event::HookAccepted) => self.call(State::Issue, Call::Issue { ticket }),
            (State::User { ticket }, Event::HookRefused) => {
                self.call(State::Fail, Call::Fail { ticket, reason: "INVALID_RESOURCE_OWNER_CREDENTIALS" })
            }
            (State::User { ticket }, Event::HookFailed) => {
                self.discard(ticket, Refusal::SERVER_ERROR, Notice::HookFailed { hook: Hook::AuthenticateUser })
            }
            (State::Issue, Event::Answer(answer)) => {
                self.relay(Operation::Issue, action::issue(&answer.action), answer.response_content)
            }
            (State::Issue, Event::CallFailed(failure)) => self.call_failed(Operation::Issue, failure),
            (State::Fail, Event::Answer(answer)) => {
                self.relay(Operation::Fail, action::fail(&answer.action), answer.response_content)
            }
            (State::Fail, Event::CallFailed(failure)) => self.call_failed(Operation::Fail, failure),
            (State::Discard(refusal), Event::Answer(_)) => end(self.respond.error(refusal), None),
            (State::Discard(refusal), Event::CallFailed(failure)) => {
                end(self.respond.error(refusal), Some(upstream_failed(Operation::Fail, failure)))
            }

            (State::Delegate(_), Event::HookResponded) => {
                Turn { step: Step::Relay { headers: self.respond.headers() }, notice: None }
            }
            (State::Delegate(hook), Event::HookFailed) => self.hook_failed(hook),

            (State::Options { issued, access_token, refresh_token }, Event::HookAccepted) => {
                self.call(State::Reissue { issued }, Call::Reissue { access_token, refresh_token })
            }
            (State::Options { issued, .. }, Event::HookRefused) => self.issued(issued, Some(ReissueFailure::Declined)),
            (State::Options { issued, .. }, _) => self.issued(issued, Some(ReissueFailure::HookFailed)),
            (State::Reissue { issued }, Event::Answer(answer)) => self.reissued(issued, answer),
            (State::Reissue { issued }, Event::CallFailed(failure)) => {
                let Failure { code, status, .. } = failure;
                self.issued(issued, Some(ReissueFailure::Upstream { code, status, detail: failure.look_at() }))
            }
            (State::Reissue { issued }, _) => self.issued(issued, Some(reissue_unusable(NO_CONTENT))),

            _ => end(self.respond.error(Refusal::SERVER_ERROR), None),
        }
    }

    fn token(&mut self, mut answer: Answer) -> Turn {
        let nonce = self.carry("dpop-nonce", answer.dpop_nonce.take());
        let challenge = self.carry("oauth-client-attestation-challenge", answer.attestation_challenge.take());
        if !(nonce && challenge) {
            return self.unusable(Operation::Token, "dpopNonce or attestationChallenge does not fit into a header");
        }
        match action::token(&answer.action) {
            Some(Next::Relay(status)) => self.relay(Operation::Token, Some(status), answer.response_content),
            Some(Next::Authenticate) => self.authenticate(answer),
            Some(Next::Delegate(hook)) => self.delegate(hook),
            Some(Next::Reissue) => self.reissue(answer),
            None => self.unusable(Operation::Token, action::UNKNOWN),
        }
    }

    // Keeps a header for the last answer; false if no header can hold the value (RFC 9449 §8.1 and RFC 9110 §5.5).
    fn carry(&mut self, name: &str, value: Option<String>) -> bool {
        let Some(value) = value else { return true };
        let fits = (1..=MAX_CARRIED_BYTES).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic());
        if fits {
            self.respond.carried.push((name.to_owned(), value));
        }
        fits
    }

    fn authenticate(&mut self, answer: Answer) -> Turn {
        match answer.ticket {
            Some(ticket) if !ticket.is_empty() && answer.has_user_credentials => {
                if self.hooks.authenticate_user {
                    return self.ask(State::User { ticket }, Hook::AuthenticateUser);
                }
                const NO_HOOK: &Refusal =
                    &Refusal::unsupported_grant_type("the action is PASSWORD, and there is no hook authenticateUser");
                self.discard(ticket, NO_HOOK, NO_HOOK.notice())
            }
            _ => self.unusable(Operation::Token, "the action is PASSWORD, without ticket, username or password"),
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

    fn reissue(&mut self, answer: Answer) -> Turn {
        let Some(issued) = answer.response_content else {
            return self.unusable(Operation::Token, NO_CONTENT);
        };
        if self.reissue == Reissue::Off {
            return self.issued(issued, None);
        }
        let filled = |token: Option<String>| token.filter(|token| !token.is_empty());
        // The new ID token's `at_hash` is made of the access token as the client gets it.
        let access_token = filled(answer.jwt_access_token).or(filled(answer.access_token));
        let (Some(access_token), Some(refresh_token)) = (access_token, filled(answer.refresh_token)) else {
            let why = reissue_unusable("the answer of /auth/token lacks the access token or the refresh token");
            return self.issued(issued, Some(why));
        };
        if self.reissue == Reissue::Ask {
            return self.ask(State::Options { issued, access_token, refresh_token }, Hook::ReissueIdToken);
        }
        self.call(State::Reissue { issued }, Call::Reissue { access_token, refresh_token })
    }

    fn reissued(&self, issued: String, answer: Answer) -> Turn {
        match (action::reissue(&answer.action), answer.response_content) {
            (Ok(()), Some(content)) => self.issued(content, None),
            (Ok(()), None) => self.issued(issued, Some(reissue_unusable(NO_CONTENT))),
            (Err(why), _) => self.issued(issued, Some(why)),
        }
    }

    // 200 with tokens; with a reason if they are those of `/auth/token` although newer ones were wanted.
    fn issued(&self, content: String, why: Option<ReissueFailure>) -> Turn {
        let notice = why.map(|why| Notice::ReissueFailed { why });
        end(self.respond.json(200, content.into_bytes()), notice)
    }

    fn relay(&self, operation: Operation, status: Option<u16>, content: Option<String>) -> Turn {
        match (status, content) {
            (Some(status), Some(content)) => end(self.respond.json(status, content.into_bytes()), None),
            (None, _) => self.unusable(operation, action::UNKNOWN),
            _ => self.unusable(operation, NO_CONTENT),
        }
    }

    fn ask(&mut self, state: State, hook: Hook) -> Turn {
        self.state = state;
        Turn { step: Step::Hook(hook), notice: None }
    }

    fn call(&mut self, state: State, call: Call) -> Turn {
        self.state = state;
        Turn { step: Step::Call(call), notice: None }
    }

    // A ticket that nobody will use is ended at Authlete before the client hears of it.
    fn discard(&mut self, ticket: String, refusal: &'static Refusal, notice: Notice) -> Turn {
        let turn = self.call(State::Discard(refusal), Call::Fail { ticket, reason: "UNKNOWN" });
        Turn { notice: Some(notice), ..turn }
    }

    fn hook_failed(&self, hook: Hook) -> Turn {
        end(self.respond.error(Refusal::SERVER_ERROR), Some(Notice::HookFailed { hook }))
    }

    // Authlete answered, but not with anything that this endpoint can act on.
    fn unusable(&self, operation: Operation, detail: &'static str) -> Turn {
        let notice = Notice::UpstreamFailed { operation, code: ErrorCode::ResponseInvalid, status: None, detail };
        end(self.respond.error(Refusal::SERVER_ERROR), Some(notice))
    }

    // Clients keep their tokens and come back after 503, and send their user to sign in again after 500. One whose answer got lost holds nothing that
    // coming back could ruin.
    fn call_failed(&self, operation: Operation, failure: Failure) -> Turn {
        let passes = failure.passes();
        let mut response = self.respond.error(if passes { UNAVAILABLE } else { Refusal::SERVER_ERROR });
        if let (true, Some(seconds)) = (passes, failure.retry_after) {
            put(&mut response.headers, "retry-after", &decimal(seconds));
        }
        end(response, Some(upstream_failed(operation, failure)))
    }
}

const NO_TOKEN_EXCHANGE: &Refusal =
    &Refusal::unsupported_grant_type("the action is TOKEN_EXCHANGE, and there is no hook tokenExchange");

const NO_JWT_BEARER: &Refusal =
    &Refusal::unsupported_grant_type("the action is JWT_BEARER, and there is no hook jwtBearer");

const NO_NATIVE_SSO: &Refusal =
    &Refusal::new(400, "invalid_grant", "Native SSO is not supported by this authorization server.")
        .because("the action is NATIVE_SSO, and there is no hook nativeSso");

const UNAVAILABLE: &Refusal = &Refusal::new(503, "temporarily_unavailable", "");

const NO_CONTENT: &str = "the answer has no responseContent that is a JSON object";

fn reissue_unusable(detail: &'static str) -> ReissueFailure {
    ReissueFailure::Upstream { code: ErrorCode::ResponseInvalid, status: None, detail }
}

fn end(response: HttpResponse, notice: Option<Notice>) -> Turn {
    Turn { step: Step::Respond(response), notice }
}

fn upstream_failed(operation: Operation, failure: Failure) -> Notice {
    Notice::UpstreamFailed { operation, code: failure.code, status: failure.status, detail: failure.look_at() }
}
