//! The one error of this crate, and the table of its codes. No message ever carries a secret or a
//! body.

use crate::prelude::*;
use core::fmt;

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal,)+) => {
        /// What went wrong, as a closed set. The JavaScript names are a public contract.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl ErrorCode {
            /// Every code, in the order of the TypeScript union.
            pub const ALL: [ErrorCode; [$($name),+].len()] = [$(ErrorCode::$variant),+];

            /// The value of `AuthleteError.code` in JavaScript.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(ErrorCode::$variant => $name,)+
                }
            }

            /// The documentation of each code, in the same order: the build writes it into
            /// TypeScript.
            pub(crate) const DOCS: [&'static str; Self::ALL.len()] = [$(concat!($($doc, "\n"),+)),+];
        }
    };
}

error_codes! {
    /// An option of the client, the endpoint or the engine is missing or unusable.
    Config "ERR_AUTHLETE_CONFIG",
    /// The request object has a missing, mistyped or unknown member; the message names its path.
    /// Nothing was sent.
    RequestInvalid "ERR_AUTHLETE_REQUEST_INVALID",
    /// No complete HTTP answer arrived: refused, reset, DNS, TLS, a body that broke off.
    Connection "ERR_AUTHLETE_CONNECTION",
    /// The deadline (`timeoutMs`) passed.
    Timeout "ERR_AUTHLETE_TIMEOUT",
    /// The caller's `AbortSignal` fired.
    Aborted "ERR_AUTHLETE_ABORTED",
    /// Authlete answered with an HTTP status other than 200: see `status`, `resultCode`,
    /// `resultMessage`, `retryAfter`.
    HttpStatus "ERR_AUTHLETE_HTTP_STATUS",
    /// Authlete answered 200 with something that is not an answer of this API, or a `fetch` of
    /// yours gave a `Response` that can't be read.
    ResponseInvalid "ERR_AUTHLETE_RESPONSE_INVALID",
    /// The WebAssembly instance trapped. The next call runs on a fresh one.
    WasmTrap "ERR_AUTHLETE_WASM_TRAP",
    /// There is no WebAssembly module: a slim entry was used before its `initializeWasm`, the file
    /// could not be loaded, compiled or instantiated (`cause` is what the runtime threw), or the
    /// runtime has no WebAssembly. Nothing was sent; the next call tries again.
    NotInitialized "ERR_AUTHLETE_NOT_INITIALIZED",
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
    /// An error with a code and a sentence, and without the members of an HTTP answer.
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
