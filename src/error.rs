//! The one error of this crate, and the table of its codes. No message ever carries a secret or a body.

use crate::prelude::*;
use core::fmt;

/// What went wrong, as a closed set. The JavaScript names are a public contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// An option of the client, the endpoint or the engine is missing or unusable.
    Config,
    /// The request object has a missing, mistyped or unknown member. Nothing was sent.
    RequestInvalid,
    /// No complete HTTP answer arrived: refused, reset, DNS, TLS, a body that broke off.
    Connection,
    /// The deadline passed.
    Timeout,
    /// The caller's `AbortSignal` fired.
    Aborted,
    /// Authlete answered with an HTTP status other than 200.
    HttpStatus,
    /// Authlete answered 200 with something that is not an answer of this API.
    ResponseInvalid,
    /// The WebAssembly instance trapped. The next call runs on a fresh one.
    WasmTrap,
    /// The slim entry was used before `initializeWasm`.
    NotInitialized,
}

impl ErrorCode {
    /// Every code, in the order of the TypeScript union.
    pub const ALL: [ErrorCode; 9] = [
        ErrorCode::Config,
        ErrorCode::RequestInvalid,
        ErrorCode::Connection,
        ErrorCode::Timeout,
        ErrorCode::Aborted,
        ErrorCode::HttpStatus,
        ErrorCode::ResponseInvalid,
        ErrorCode::WasmTrap,
        ErrorCode::NotInitialized,
    ];

    /// The value of `AuthleteError.code` in JavaScript.
    pub const fn as_str(self) -> &'static str {
        match self {
            ErrorCode::Config => "ERR_AUTHLETE_CONFIG",
            ErrorCode::RequestInvalid => "ERR_AUTHLETE_REQUEST_INVALID",
            ErrorCode::Connection => "ERR_AUTHLETE_CONNECTION",
            ErrorCode::Timeout => "ERR_AUTHLETE_TIMEOUT",
            ErrorCode::Aborted => "ERR_AUTHLETE_ABORTED",
            ErrorCode::HttpStatus => "ERR_AUTHLETE_HTTP_STATUS",
            ErrorCode::ResponseInvalid => "ERR_AUTHLETE_RESPONSE_INVALID",
            ErrorCode::WasmTrap => "ERR_AUTHLETE_WASM_TRAP",
            ErrorCode::NotInitialized => "ERR_AUTHLETE_NOT_INITIALIZED",
        }
    }
}

/// A failed operation. An OAuth refusal (`action: "BAD_REQUEST"` …) is an answer, not an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// What went wrong.
    pub code: ErrorCode,
    /// One sentence for people. It names fields and statuses, never values.
    pub message: String,
    /// HTTP status of Authlete's answer, with [`ErrorCode::HttpStatus`].
    pub status: Option<u16>,
    /// Authlete's result code, such as `A001202`; a number on the wire arrives as its decimal text.
    pub result_code: Option<String>,
    /// Authlete's explanation of the result code.
    pub result_message: Option<String>,
    /// Seconds after which Authlete wants to be asked again.
    pub retry_after: Option<u64>,
}

impl Error {
    /// An error with a code and a sentence, and nothing of an HTTP answer.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Error {
            code,
            message: message.into(),
            status: None,
            result_code: None,
            result_message: None,
            retry_after: None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl core::error::Error for Error {}
