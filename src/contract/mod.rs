//! What Rust and JavaScript have to agree on, and what the wire types are made of. `xtask` writes
//! TypeScript from it, into `js/generated/`.
//!
//! It is public because `xtask` and the tests are other crates, and hidden because nobody else
//! needs it: it may change with any version.

pub mod members;

use crate::ErrorCode;
use crate::api::{self, ApiResult};
#[cfg(feature = "operations")]
use crate::endpoint::Hook;
#[cfg(feature = "engine")]
use crate::engine::Check;

pub use crate::api::operation::Operation;
pub use crate::api::schema::{Enumeration, Field, Schema, ValueType};

/// Numbers that cross the boundary instead of names.
#[derive(Debug)]
pub struct Numbers {
    /// What the names of the TypeScript constants begin with.
    pub prefix: &'static str,
    /// Name and number of each.
    pub rows: &'static [(&'static str, u32)],
}

macro_rules! numbers {
    (
        $($(#[doc = $doc:literal])+ $module:ident $prefix:literal {
            $($(#[doc = $row_doc:literal])+ $name:ident = $number:expr,)+
        })+
    ) => {
        $(
            $(#[doc = $doc])+
            pub mod $module {
                $(
                    $(#[doc = $row_doc])+
                    pub const $name: u32 = $number;
                )+
            }
        )+

        /// All of these numbers.
        pub const NUMBERS: &[Numbers] = &[$(Numbers {
            prefix: $prefix,
            rows: &[$((stringify!($name), $module::$name)),+],
        }),+];
    };
}

numbers! {
    /// Why a waiting task continues.
    news "NEWS" {
        /// The promise was fulfilled.
        FULFILLED = 0,
        /// The promise was rejected.
        REJECTED = 1,
        /// The time limit passed.
        EXPIRED = 2,
        /// The caller's signal fired.
        ABORTED = 3,
        /// Its waker asked for another poll.
        WOKEN = 4,
    }
    /// The result of reading a body: of Authlete's answers, and of requests to the token endpoint
    /// and the engine.
    problem "PROBLEM" {
        /// The body is there, or was not asked for.
        NONE = 0,
        /// There is no response, so there is no body.
        NO_RESPONSE = 1,
        /// It has more bytes than allowed. The rest of it was cancelled.
        TOO_LARGE = 2,
        /// It broke off.
        UNREADABLE = 3,
        /// Its bytes are not UTF-8.
        NOT_UTF8 = 4,
        /// Something else has read it, or holds it.
        USED = 5,
        /// It is not a stream, and there is no `arrayBuffer()` either.
        NO_WAY = 6,
        /// It gives something other than bytes.
        NOT_BYTES = 7,
        /// An engine gave something other than an answer.
        NO_ANSWER = 8,
    }
    /// What Rust needs to know of an answer's text, added up, above two bits for each of
    /// [`DECISIVE`]: 0 if it is absent or `null`, 1 if it is a string, 2 if it is anything else.
    facts "FACTS" {
        /// One of [`DECISIVE`] may be there twice.
        REPEATED = 1 << 10,
        /// There is a `null`, or a number that may have been rounded.
        UNSAFE = 1 << 11,
        /// It is nested too deeply.
        TOO_DEEP = 1 << 12,
        /// It is not JSON.
        NOT_JSON = 1 << 13,
        /// It is not an object.
        NOT_AN_OBJECT = 1 << 14,
        /// There is no text: the content type is not that of JSON, or there is a problem.
        NO_TEXT = 1 << 15,
        /// A number of [`problem`] is multiplied by this.
        PROBLEM = 1 << 16,
    }
    /// What each bit says about a call that begins.
    call "CALL" {
        /// The caller's signal has fired already.
        ABORTED = 1,
        /// The host can't write the request as JSON.
        UNWRITABLE = 1 << 1,
        /// The exchange has begun, with the headers that every call of this client has.
        STARTED = 1 << 2,
        /// There may be more than one attempt.
        RETRIED = 1 << 3,
    }
    /// What each bit says about the token endpoint's options: one number crosses instead of many
    /// values.
    flag "FLAG" {
        /// There is a hook `authenticateUser`.
        AUTHENTICATE_USER = 1,
        /// There is a hook `tokenExchange`.
        TOKEN_EXCHANGE = 1 << 1,
        /// There is a hook `jwtBearer`.
        JWT_BEARER = 1 << 2,
        /// There is a hook `nativeSso`.
        NATIVE_SSO = 1 << 3,
        /// ID tokens are reissued.
        REISSUE = 1 << 4,
        /// The hook `reissueIdToken` says how.
        ASK_FOR_REISSUE = 1 << 5,
        /// Web origins may read the answers.
        CORS = 1 << 6,
        /// Only the web origins of a list may.
        CORS_LIST = 1 << 7,
        /// `http:` is accepted from hosts other than loopback ones.
        INSECURE = 1 << 8,
        /// `reissueIdToken` is an object with options.
        REISSUE_OPTIONS = 1 << 9,
    }
}

/// The four operations.
pub const OPERATIONS: [&Operation; 4] = api::OPERATIONS;

/// The JSON body of an HTTP error of the API.
pub const API_RESULT: &Schema = ApiResult::SCHEMA;

/// The codes of errors, each with its documentation.
pub fn error_codes() -> impl Iterator<Item = (&'static str, &'static str)> {
    ErrorCode::ALL.into_iter().map(ErrorCode::as_str).zip(ErrorCode::DOCS)
}

/// The names of the engine's checks, each with its documentation.
#[cfg(feature = "engine")]
pub fn check_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    Check::ALL.into_iter().map(Check::as_str).zip(Check::DOCS)
}

/// The names of the hooks: of the options that the token endpoint calls.
#[cfg(feature = "operations")]
pub fn hook_names() -> impl Iterator<Item = &'static str> {
    Hook::ALL.into_iter().map(Hook::as_str)
}

/// The longest request body that the token endpoint reads unless it is told otherwise, in bytes.
pub const DEFAULT_MAX_REQUEST_BYTES: usize = 65_536;

/// The members that decide what is done with an answer.
pub const DECISIVE: [&str; 5] = crate::api::usable::DECISIVE;

/// How deep arrays and objects may be nested in an answer.
pub const MOST_LEVELS: usize = crate::api::usable::MOST_LEVELS;

/// The headers of a token request that are read, in lower case.
pub const REQUEST_HEADERS: [&str; 8] = [
    "authorization",
    "content-type",
    "content-length",
    "dpop",
    "oauth-client-attestation",
    "oauth-client-attestation-pop",
    "origin",
    "sec-fetch-site",
];

/// Those that are read in addition when the method is `OPTIONS`.
pub const PREFLIGHT_HEADERS: [&str; 2] =
    ["access-control-request-method", "access-control-request-headers"];

/// The members of Cloudflare's `request.cf.tlsClientAuth` that are read.
pub const TLS_CLIENT_AUTH: [&str; 7] = [
    "certPresented",
    "certVerified",
    "certRevoked",
    "certRFC9440",
    "certRFC9440TooLarge",
    "certChainRFC9440",
    "certChainRFC9440TooLarge",
];

/// The headers of a call that the client sets itself, in lower case.
pub const OWN_HEADERS: [&str; 3] = ["authorization", "accept", "content-type"];
