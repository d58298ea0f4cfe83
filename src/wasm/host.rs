//! What JavaScript lends: the functions of `js/runtime.ts`, plain property access, and strings made once.

use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

/// Functions of the instance's own `boundary` object, which the build makes a parameter of the instance factory.
pub(super) mod boundary {
    use super::{Array, JsString, JsValue, Obj, wasm_bindgen};

    #[wasm_bindgen]
    extern "C" {
        /// Runs `f`; false when it threw or trapped, and from then on this instance gets no new calls.
        // No `catch`: its handler would call into wasm on a spent stack.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn attempt(f: &mut dyn FnMut()) -> bool;
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn settle(id: usize, fulfilled: bool, value: &JsValue);
        #[wasm_bindgen(js_namespace = boundary, js_name = settleTrapped)]
        pub(in crate::wasm) fn settle_trapped(id: usize);
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn wait(id: usize, number: u32, promise: &JsValue);
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn deadline(id: usize, number: u32, milliseconds: f64);
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn watch(id: usize, number: u32, signal: &JsValue) -> bool;
        /// An `AuthleteError`, not thrown. `details` holds its optional members.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn error(code: &str, message: &str, details: &Obj) -> JsValue;
        /// A copy of an object's own members, or of an array's; an `Err` for anything else, and when a getter throws.
        #[wasm_bindgen(js_namespace = boundary, catch)]
        pub(in crate::wasm) fn plain(value: &JsValue) -> Result<Obj, JsValue>;
        /// What is read of a `Response`, as plain data: `status`, `headers` and `type` (of the content). An `Err` if it is
        /// no `Response`.
        #[wasm_bindgen(js_namespace = boundary, catch)]
        pub(in crate::wasm) fn head(response: &JsValue) -> Result<Obj, JsValue>;
        /// A copy of a `Response` whose headers can be set; an `Err` if it is none, or its body is used up.
        #[wasm_bindgen(js_namespace = boundary, js_name = copyResponse, catch)]
        pub(in crate::wasm) fn copy_response(response: &JsValue) -> Result<Obj, JsValue>;
        /// A promise of the bytes of a message's body, or of `null` when there are more than `max`.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn read(message: &Obj, max: f64) -> JsValue;
        /// Calls a function that users gave, with no `this`.
        #[wasm_bindgen(js_namespace = boundary, catch)]
        pub(in crate::wasm) fn call(
            function: &JsValue,
            a: &JsValue,
            b: &JsValue,
            c: &JsValue,
        ) -> Result<JsValue, JsValue>;
        /// POSTs with `fetch`, the runtime's own when `fetch` is `undefined`: redirects are not followed, and [`give_up`] aborts it.
        #[wasm_bindgen(js_namespace = boundary, catch)]
        pub(in crate::wasm) fn post(
            id: usize,
            fetch: &JsValue,
            url: &JsString,
            headers: &Obj,
            body: &JsString,
        ) -> Result<JsValue, JsValue>;
        /// Aborts what the task has posted last.
        #[wasm_bindgen(js_namespace = boundary, js_name = giveUp)]
        pub(in crate::wasm) fn give_up(id: usize);
        /// For each key a base-4 digit, the first key's the lowest: 0 absent or `null`, 1 a string, 2 anything else. When `alone`, minus one less
        /// than that if the object has members beside those.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn kinds(object: &Obj, keys: &Array, alone: bool) -> f64;
        /// A promise that is fulfilled after so many milliseconds.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn sleep(milliseconds: f64) -> JsValue;
        /// Tells `onEvent`, and ignores what it throws.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn tell(on_event: &JsValue, event: &Obj);
        /// Whether what a `fetch` threw says that no connection was made, so that Authlete can't have seen the request.
        #[wasm_bindgen(js_namespace = boundary, js_name = neverConnected)]
        pub(in crate::wasm) fn never_connected(thrown: &JsValue) -> bool;
        /// The name of a thrown value's type: all that may be said of what a user's function threw.
        #[wasm_bindgen(js_namespace = boundary, js_name = typeName)]
        pub(in crate::wasm) fn type_name(thrown: &JsValue) -> String;
    }
}

#[wasm_bindgen]
extern "C" {
    /// A JavaScript object read and written by key, at half the price of `Reflect`. Only for objects whose members are plain data: a getter that throws
    /// would be a trap. What users give is copied first, by [`boundary::plain`].
    #[derive(Clone)]
    pub(super) type Obj;

    /// The member; nothing when it is `undefined` or `null`.
    #[wasm_bindgen(method, structural, indexing_getter)]
    pub(super) fn find(this: &Obj, key: &JsString) -> Option<JsValue>;
    /// The member as it is.
    #[wasm_bindgen(method, structural, indexing_getter)]
    pub(super) fn get(this: &Obj, key: &JsString) -> JsValue;
    /// A member that is surely a number.
    #[wasm_bindgen(method, structural, indexing_getter)]
    pub(super) fn number(this: &Obj, key: &JsString) -> f64;
    #[wasm_bindgen(method, structural, indexing_setter)]
    pub(super) fn set(this: &Obj, key: &JsString, value: &JsValue);
    #[wasm_bindgen(method, structural, indexing_deleter)]
    pub(super) fn delete(this: &Obj, key: &JsString);

    /// `headers.get(name)`
    #[wasm_bindgen(method, structural, js_name = get, catch)]
    pub(super) fn header(this: &Obj, name: &JsString) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    pub(super) fn append(this: &Obj, name: &str, value: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(method, structural, js_name = set, catch)]
    pub(super) fn set_header(this: &Obj, name: &str, value: &str) -> Result<(), JsValue>;

    // js-sys has these with `&str`, which copies the text into wasm memory and out again.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    pub(super) fn parse_json(text: &JsString) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural)]
    pub(super) fn test(this: &Obj, text: &JsString) -> bool;
}

impl Obj {
    /// `{}`
    pub(super) fn new() -> Obj {
        js_sys::Object::new().unchecked_into()
    }

    /// The value as an object, if it is one; functions and arrays count.
    pub(super) fn from_value(value: &JsValue) -> Option<Obj> {
        (value.is_object() || value.is_function()).then(|| value.clone().unchecked_into())
    }

    /// The member, if it is a string.
    pub(super) fn text(&self, key: &JsString) -> Option<String> {
        self.find(key)?.as_string()
    }
}

/// Property names, made once per instance and read as `key::ACTION.with(|key| …)`.
pub(super) mod key {
    use super::{JsString, wasm_bindgen};

    macro_rules! keys {
        ($($name:ident $text:tt)*) => {
            #[wasm_bindgen]
            extern "C" {
                $(#[wasm_bindgen(thread_local_v2, static_string)]
                pub(in crate::wasm) static $name: JsString = $text;)*
            }
        };
    }

    keys! {
        ACCEPT "accept"
        ACCESS_TOKEN "accessToken"
        ACTION "action"
        ALLOW_INSECURE_REQUESTS "allowInsecureRequests"
        APPLICATION_JSON "application/json"
        ATTEMPT "attempt"
        ATTEMPTS "attempts"
        ATTESTATION_CHALLENGE "attestationChallenge"
        AUTHENTICATE_USER "authenticateUser"
        AUTHORIZATION "authorization"
        BEARER "bearer"
        BODY_USED "bodyUsed"
        CAUSE "cause"
        CLIENT_ID "clientId"
        CLIENT_SECRET "clientSecret"
        CODE "code"
        CONTENT_TYPE "content-type"
        CORS "cors"
        DPOP "dpop"
        DPOP_NONCE "dpopNonce"
        DURATION_MS "durationMs"
        ERROR "error"
        FETCH "fetch"
        HEADERS "headers"
        HOOK "hook"
        HOOK_TIMEOUT_MS "hookTimeoutMs"
        HTM "htm"
        HTU "htu"
        JWT_ACCESS_TOKEN "jwtAccessToken"
        JWT_BEARER "jwtBearer"
        MAX_DELAY_MS "maxDelayMs"
        MAX_REQUEST_BYTES "maxRequestBytes"
        MAX_RESPONSE_BYTES "maxResponseBytes"
        METHOD "method"
        NATIVE_SSO "nativeSso"
        OAUTH_CLIENT_ATTESTATION "oauthClientAttestation"
        OAUTH_CLIENT_ATTESTATION_POP "oauthClientAttestationPop"
        ON_EVENT "onEvent"
        OPERATION "operation"
        PARAMETERS "parameters"
        PASSWORD "password"
        PREFIX "prefix"
        READY_HEADERS "readyHeaders"
        REALM "realm"
        REASON "reason"
        REFRESH_TOKEN "refreshToken"
        REISSUE_ID_TOKEN "reissueIdToken"
        RESPONSE_CONTENT "responseContent"
        RESULT_CODE "resultCode"
        RESULT_MESSAGE "resultMessage"
        RETRY_AFTER "retryAfter"
        SIGNAL "signal"
        STATUS "status"
        SUBJECT "subject"
        TICKET "ticket"
        TIMEOUT_MS "timeoutMs"
        TOKEN_ENDPOINT "tokenEndpoint"
        TOKEN_EXCHANGE "tokenExchange"
        TOKEN_REQUEST "tokenRequest"
        TYPE "type"
        URL "url"
        USERNAME "username"
    }
}
