//! The vocabulary between the handling of a token request and its driver: steps out, results in,
//! notices on the side.
//!
//! Types that hold credentials or tokens have no `Debug`, so that no log line can show them.

use crate::prelude::*;
use crate::{ErrorCode, http::HttpResponse};

/// What [`super::Handling::resume`] gives: the next step, and what to tell `onEvent` first.
pub struct Turn {
    /// What to do now.
    pub step: Step,
    /// What to tell `onEvent`, in order, before the step. There are two when the client gets no new
    /// ID token because a hook failed.
    pub notices: [Option<Notice>; 2],
}

/// What the driver does next.
pub enum Step {
    /// Call an operation of Authlete; resume with [`StepResult::Answer`] or
    /// [`StepResult::CallFailed`].
    Call(ApiCall),
    /// Run a hook of the host; resume with one of the `Hook…` events.
    Hook(Hook),
    /// Answer with the hook's own response. The end.
    Relay {
        /// Header names in lower case, and values, to set on that response; `vary` is appended.
        headers: Vec<(String, String)>,
    },
    /// Answer with this. The end. An empty body means that there is none.
    Respond(HttpResponse),
}

/// A call of one operation, after `/auth/token`. The driver adds to its request what comes from the
/// host's options and hooks.
pub enum ApiCall {
    /// `/auth/token/issue`, with the subject that the hook gave.
    Issue {
        /// The ticket of `/auth/token`.
        ticket: String,
    },
    /// `/auth/token/fail`
    Fail {
        /// The ticket of `/auth/token`.
        ticket: String,
        /// The value of `reason`.
        reason: &'static str,
    },
    /// `/idtoken/reissue`, with the options that the host or its hook gave.
    Reissue {
        /// The access token as the client gets it: the JWT, where there is one.
        access_token: String,
        /// The refresh token.
        refresh_token: String,
    },
}

/// The part of the request of `/auth/token` that comes from the incoming request. `None` is a
/// member to leave out.
pub struct TokenCall {
    /// The body of the incoming request, byte for byte.
    pub parameters: String,
    /// The client ID of the `Authorization` header.
    pub client_id: Option<String>,
    /// The client secret of the `Authorization` header, unless it is empty.
    pub client_secret: Option<String>,
    /// The TLS client certificate in PEM, if [`super::Pending::certificate`] got one.
    pub client_certificate: Option<String>,
    /// The other certificates of its chain in PEM. Leave out an empty list.
    pub client_certificate_path: Vec<String>,
    /// The `DPoP` header (RFC 9449).
    pub dpop: Option<String>,
    /// The HTTP method for the DPoP proof, with `dpop` only.
    pub htm: Option<&'static str>,
    /// The URL for the DPoP proof, with `dpop` and [`super::EndpointSettings::token_endpoint`]
    /// only.
    pub htu: Option<String>,
    /// The `OAuth-Client-Attestation` header.
    pub oauth_client_attestation: Option<String>,
    /// The `OAuth-Client-Attestation-PoP` header.
    pub oauth_client_attestation_pop: Option<String>,
}

/// A function that the host may give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hook {
    /// `tokenRequest`: more members for `/auth/token`. Never a step: the driver runs it when it
    /// makes the call.
    TokenRequest,
    /// `authenticateUser`: [`StepResult::HookAccepted`] (a subject that is not empty, or issue
    /// parameters), or [`StepResult::HookRefused`].
    AuthenticateUser,
    /// `tokenExchange`: [`StepResult::HookResponded`].
    TokenExchange,
    /// `jwtBearer`: [`StepResult::HookResponded`].
    JwtBearer,
    /// `nativeSso`: [`StepResult::HookResponded`].
    NativeSso,
    /// `reissueIdToken`: [`StepResult::HookAccepted`] (reissue options), or
    /// [`StepResult::HookRefused`].
    ReissueIdToken,
}

impl Hook {
    /// Every hook.
    pub const ALL: [Hook; 6] = [
        Hook::TokenRequest,
        Hook::AuthenticateUser,
        Hook::TokenExchange,
        Hook::JwtBearer,
        Hook::NativeSso,
        Hook::ReissueIdToken,
    ];

    /// The name of the option in JavaScript.
    pub const fn as_str(self) -> &'static str {
        match self {
            Hook::TokenRequest => "tokenRequest",
            Hook::AuthenticateUser => "authenticateUser",
            Hook::TokenExchange => "tokenExchange",
            Hook::JwtBearer => "jwtBearer",
            Hook::NativeSso => "nativeSso",
            Hook::ReissueIdToken => "reissueIdToken",
        }
    }
}

/// The result of a step.
pub enum StepResult {
    /// The operation answered.
    Answer(ApiAnswer),
    /// The operation gave no usable answer.
    CallFailed(CallFailure),
    /// The hook gave a value; the driver keeps it for the next call.
    HookAccepted,
    /// The hook gave `null`.
    HookRefused,
    /// The hook gave a response; the driver keeps it.
    HookResponded,
    /// The hook threw, took too long, or gave something else.
    HookFailed,
}

/// What the endpoint reads from the answer of an operation. A member that is absent, `null` or of
/// another type is `None`.
#[derive(Default)]
pub struct ApiAnswer {
    /// `action`; empty when there is none.
    pub action: String,
    /// `responseContent`, provided that its text is a JSON object.
    pub response_content: Option<String>,
    /// `ticket`
    pub ticket: Option<String>,
    /// Whether `username` and `password` are both there.
    pub has_user_credentials: bool,
    /// `accessToken`
    pub access_token: Option<String>,
    /// `jwtAccessToken`
    pub jwt_access_token: Option<String>,
    /// `refreshToken`
    pub refresh_token: Option<String>,
    /// `dpopNonce`
    pub dpop_nonce: Option<String>,
    /// `attestationChallenge`
    pub attestation_challenge: Option<String>,
}

/// How a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallFailure {
    /// The code of the error.
    pub code: ErrorCode,
    /// HTTP status of Authlete's answer, if one came.
    pub status: Option<u16>,
    /// Seconds after which Authlete wants to be asked again.
    pub retry_after: Option<u64>,
    /// The failure is known to be permanent: the host's HTTP client is broken, not the connection.
    pub lasting: bool,
}

impl CallFailure {
    /// Whether the same request may succeed later: there was no complete answer, or one with a
    /// status for temporary trouble (408, 429, any 5xx). An aborted call counts: it says nothing
    /// against the request.
    pub(super) fn passes(&self) -> bool {
        match self.code {
            _ if self.lasting => false,
            ErrorCode::Connection | ErrorCode::Timeout | ErrorCode::Aborted => true,
            ErrorCode::HttpStatus => matches!(self.status, Some(408 | 429 | 500..=599)),
            _ => false,
        }
    }

    /// What the operator should look at. It names no cause: the error does that, where the cause is
    /// known.
    pub fn look_at(&self) -> &'static str {
        match (self.code, self.status) {
            (ErrorCode::Connection, _) => {
                "check serverURL, the network, and your own fetch or engine if there is one"
            }
            (ErrorCode::Timeout, _) => {
                "check timeoutMs, serverURL, the network, and your own fetch, engine and bearer function if there are any"
            }
            (ErrorCode::Aborted, _) => {
                "the signal of the token request fired, as it does when the client disconnects"
            }
            (ErrorCode::ResponseInvalid, _) => {
                "check serverURL, proxies on the way, and your own fetch or engine if there is one"
            }
            (ErrorCode::Config, _) => "check the function that gives the bearer",
            (ErrorCode::HttpStatus, Some(status)) => match status {
                401 => {
                    "Authlete does not accept the bearer: check that it is right, and that it belongs to serverURL or the engine"
                }
                403 => {
                    "the bearer may not do this: check its rights to this service, and serviceId"
                }
                404 => "there is nothing at this address: check serverURL and serviceId",
                429 => "Authlete limits the rate of requests: send fewer, or try again later",
                408 | 500..=599 => {
                    "trouble at Authlete, at a proxy on the way, or in the embedded engine: resultMessage may say more"
                }
                0 | 300..=399 => {
                    "a redirect, which is never followed: check serverURL, and proxies on the way"
                }
                _ => "Authlete does not accept the call: its result code says more",
            },
            _ => "see the error",
        }
    }
}

/// One of Authlete's operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationName {
    /// `/auth/token`
    Token,
    /// `/auth/token/issue`
    Issue,
    /// `/auth/token/fail`
    Fail,
    /// `/idtoken/reissue`
    Reissue,
}

/// What `onEvent` is told. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The endpoint itself refuses the request.
    Refused {
        /// The status of the answer.
        status: u16,
        /// The error code of the answer (RFC 6749 §5.2).
        error: &'static str,
        /// What is wrong, in words for the operator. Of the request it names at most the method,
        /// the media type, and the scheme and host of the URL.
        detail: String,
    },
    /// A hook threw, took too long, or gave something that can't be used.
    HookFailed {
        /// Which one.
        hook: Hook,
    },
    /// There is no new ID token; the client gets the tokens that were issued.
    ReissueFailed {
        /// Why.
        why: ReissueFailure,
    },
    /// An operation gave no usable answer.
    UpstreamFailed {
        /// Which one.
        operation: OperationName,
        /// [`ErrorCode::ResponseInvalid`] also stands for an answer with nothing that the endpoint
        /// can act on.
        code: ErrorCode,
        /// HTTP status of Authlete's answer, if another than 200 came.
        status: Option<u16>,
        /// What to look at, in words for the operator.
        detail: &'static str,
    },
}

/// Why there is no new ID token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReissueFailure {
    /// The hook gave `null`.
    Declined,
    /// The hook threw, took too long, or gave something that can't be used.
    HookFailed,
    /// The action was `INTERNAL_SERVER_ERROR`.
    InternalServerError,
    /// The action was `CALLER_ERROR`.
    CallerError,
    /// There was no usable answer, or the answer of `/auth/token` had no tokens for the reissue.
    Upstream {
        /// The code of the error.
        code: ErrorCode,
        /// HTTP status of Authlete's answer, if another than 200 came.
        status: Option<u16>,
        /// What to look at, in words for the operator.
        detail: &'static str,
    },
}
