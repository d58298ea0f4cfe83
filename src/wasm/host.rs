//! What JavaScript lends: the functions of `js/runtime.ts`, plain property access, and strings made
//! once.

pub(super) use crate::contract::members::{Key, key};
use crate::prelude::*;
use js_sys::{Array, JsString};
use wasm_bindgen::prelude::*;

/// Functions of the instance's own `boundary` object, which the build makes a parameter of the
/// instance factory.
pub(super) mod boundary {
    use super::{Array, JsString, JsValue, Obj, wasm_bindgen};
    use crate::prelude::{String, Vec};

    #[wasm_bindgen]
    extern "C" {
        /// Runs `f`; false when it threw or trapped, and from then on this instance gets no new
        /// calls.
        // No `catch`: its handler would call into wasm on a spent stack.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn attempt(f: &mut dyn FnMut()) -> bool;
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn settle(id: usize, fulfilled: bool, value: &JsValue);
        #[wasm_bindgen(js_namespace = boundary, js_name = settleTrapped)]
        pub(in crate::wasm) fn settle_trapped(id: usize);
        /// Resumes the task `id`, of this name, with the poll that it has been woken for: a moment
        /// later, never before this has returned.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn wake(id: usize, name: u32);
        /// Resumes the task with an end of its waits after so many milliseconds (never, if there
        /// are none) and when the signal fires; true if it has fired already. It takes the place of
        /// what was set before.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn limit(
            id: usize,
            number: u32,
            milliseconds: f64,
            signal: &JsValue,
        ) -> bool;

        // These resume the task with what comes of them, never before they have returned.
        /// Calls a function that users gave, with no `this`.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn ask(
            id: usize,
            number: u32,
            function: &JsValue,
            a: &JsValue,
            b: &JsValue,
            c: &JsValue,
            d: &JsValue,
        );
        /// The bytes of a message's body, or the number that says why there are none; no more than
        /// `max`.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn read(id: usize, number: u32, message: &Obj, max: f64);
        /// A copy of what [`read`] gave.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn bytes(read: &JsValue) -> Vec<u8>;
        /// POSTs to a path, by its place in `paths()`, with the client's `fetch`, and gives what
        /// arrived, an [`Obj`] with `status`, `headers`, `problem` and `text`: the text where the
        /// status line and the content type speak of JSON. Redirects are not followed; [`give_up`]
        /// aborts it. A rejection is that of `fetch`.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn exchange(
            id: usize,
            number: u32,
            settings: &Obj,
            path: usize,
            headers: &Obj,
            body: &JsString,
        );
        /// Nothing, after so many milliseconds; false, and then never, if the time that [`limit`]
        /// gave would be over by then. [`give_up`] ends it.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn sleep(id: usize, number: u32, milliseconds: f64) -> bool;

        /// What has arrived of an exchange that is not over: its head, or `undefined`.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn arrived(id: usize) -> JsValue;
        /// Aborts what the task has posted last, and ends its pause.
        #[wasm_bindgen(js_namespace = boundary, js_name = giveUp)]
        pub(in crate::wasm) fn give_up(id: usize);

        /// Calls a function that users gave, with no `this`, and gives what it returned.
        #[wasm_bindgen(js_namespace = boundary, catch)]
        pub(in crate::wasm) fn call(function: &JsValue) -> Result<JsValue, JsValue>;
        /// An `AuthleteError`, not thrown. `details` holds its optional members.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn error(code: &str, message: &str, details: &Obj) -> JsValue;
        /// A copy of an object's own members, or of an array's; nothing for anything else, and when
        /// a getter throws.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn plain(value: &JsValue) -> Option<Obj>;
        /// A copy of a `Response` whose headers can be set, or a string that says what is wrong
        /// with it.
        #[wasm_bindgen(js_namespace = boundary, js_name = copyResponse)]
        pub(in crate::wasm) fn copy_response(response: &JsValue) -> JsValue;
        /// A request like this one, with its parameters as a body that nobody has read.
        #[wasm_bindgen(js_namespace = boundary, js_name = unreadRequest)]
        pub(in crate::wasm) fn unread_request(request: &Obj, parameters: &JsValue) -> JsValue;
        /// What every hook gets as its last argument.
        #[wasm_bindgen(js_namespace = boundary, js_name = hookContext)]
        pub(in crate::wasm) fn hook_context(parameters: &JsValue) -> JsValue;
        /// A `Response`. `headers` are names and values, a line each; an empty body is none.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn respond(status: u16, headers: &str, body: &str) -> JsValue;
        /// Sets headers, names and values, a line each; `vary` is appended.
        #[wasm_bindgen(js_namespace = boundary, js_name = setHeaders)]
        pub(in crate::wasm) fn set_headers(response: &Obj, headers: &str);
        /// A header of a message, by its name.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn header(headers: &Obj, name: &str) -> Option<String>;
        /// The same by a [`Key`].
        #[wasm_bindgen(js_namespace = boundary, js_name = keyedHeader)]
        pub(in crate::wasm) fn keyed_header(headers: &Obj, key: u32) -> Option<String>;
        /// For each key a base-4 digit, the first key's the lowest: 0 absent or `null`, 1 a string,
        /// 2 anything else. When `alone`, minus one less than that if the object has members beside
        /// those.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn kinds(object: &Obj, keys: &Array, alone: bool) -> f64;
        /// The first name of an object's member that is none of these, cut to what an error message
        /// can hold.
        #[wasm_bindgen(js_namespace = boundary, js_name = unknownName)]
        pub(in crate::wasm) fn unknown_name(object: &Obj, names: &Array) -> Option<String>;
        /// The JSON text of plain data; nothing if the host can't write it.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn stringify(value: &Obj) -> Option<JsString>;
        /// The object of a JSON text; `null` if the text is no JSON, `undefined` if it is not an
        /// object.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn parse(text: &JsString) -> JsValue;
        /// What there is to mind in parsed JSON: one of [`crate::contract::parsed`]. Only unsafe
        /// values can need [`crate::api::numbers`].
        #[wasm_bindgen(js_namespace = boundary, js_name = lookAt)]
        pub(in crate::wasm) fn look_at(parsed: &JsValue) -> u32;
        /// Whether a JSON text may hold a member twice, by its [`Key`]. A false alarm costs a scan.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn twice(text: &JsString, key: u32) -> bool;
        /// Tells `onEvent`, and ignores what it throws.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn tell(on_event: &JsValue, event: &Obj);
        /// The same, with details that do not belong into every log.
        #[wasm_bindgen(js_namespace = boundary, js_name = tell)]
        pub(in crate::wasm) fn tell_details(on_event: &JsValue, event: &Obj, details: &Obj);
        /// Whether a thrown value is an error, of whatever realm.
        #[wasm_bindgen(js_namespace = boundary, js_name = isError)]
        pub(in crate::wasm) fn is_error(thrown: &JsValue) -> bool;
        /// The name of a thrown value's type: all that may be said of what a user's function threw.
        #[wasm_bindgen(js_namespace = boundary, js_name = typeName)]
        pub(in crate::wasm) fn type_name(thrown: &JsValue) -> String;
    }
}

#[wasm_bindgen]
extern "C" {
    /// A JavaScript object read and written by [`Key`]. Only for objects whose members are plain
    /// data: a getter that throws would be a trap. What users give is copied first, by
    /// [`boundary::plain`].
    #[derive(Clone)]
    pub(super) type Obj;

    /// A member by a name that is no [`Key`].
    #[wasm_bindgen(method, structural, indexing_getter)]
    pub(super) fn named(this: &Obj, name: &JsString) -> JsValue;
    #[wasm_bindgen(method, structural, indexing_setter)]
    pub(super) fn set_named(this: &Obj, name: &JsString, value: &JsValue);
    #[wasm_bindgen(method, structural, indexing_deleter)]
    pub(super) fn delete_named(this: &Obj, name: &JsString);

    #[wasm_bindgen(js_namespace = boundary, js_name = get)]
    fn member(object: &Obj, key: u32) -> JsValue;
    #[wasm_bindgen(js_namespace = boundary, js_name = find)]
    fn find_member(object: &Obj, key: u32) -> Option<JsValue>;
    #[wasm_bindgen(js_namespace = boundary, js_name = get)]
    fn number_member(object: &Obj, key: u32) -> f64;
    #[wasm_bindgen(js_namespace = boundary, js_name = text)]
    fn text_member(object: &Obj, key: u32) -> Option<String>;
    #[wasm_bindgen(js_namespace = boundary, js_name = set)]
    fn set_member(object: &Obj, key: u32, value: &JsValue);
    #[wasm_bindgen(js_namespace = boundary, js_name = set)]
    fn set_text_member(object: &Obj, key: u32, value: &str);
    #[wasm_bindgen(js_namespace = boundary, js_name = set)]
    fn set_number_member(object: &Obj, key: u32, value: f64);

    // js-sys has this with `&str`, which copies the text into wasm memory and out again.
    #[wasm_bindgen(js_namespace = JSON, js_name = parse, catch)]
    pub(super) fn parse_json(text: &JsString) -> Result<JsValue, JsValue>;
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

    /// The member as it is.
    pub(super) fn get(&self, key: Key) -> JsValue {
        member(self, key.0)
    }

    /// The member; nothing when it is `undefined` or `null`.
    pub(super) fn find(&self, key: Key) -> Option<JsValue> {
        find_member(self, key.0)
    }

    /// A member that is surely a number.
    pub(super) fn number(&self, key: Key) -> f64 {
        number_member(self, key.0)
    }

    /// The member, if it is a string.
    pub(super) fn text(&self, key: Key) -> Option<String> {
        text_member(self, key.0)
    }

    pub(super) fn set(&self, key: Key, value: &JsValue) {
        set_member(self, key.0, value);
    }

    pub(super) fn set_text(&self, key: Key, value: &str) {
        set_text_member(self, key.0, value);
    }

    pub(super) fn set_number(&self, key: Key, value: f64) {
        set_number_member(self, key.0, value);
    }
}

/// The names of the members, for JavaScript's side of [`Key`].
#[wasm_bindgen]
pub fn key_names() -> String {
    key::NAMES.into()
}
