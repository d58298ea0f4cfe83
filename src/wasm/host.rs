//! What JavaScript provides: the functions of `js/wasm-instance.ts` and `js/boundary.ts`, and
//! property access by number.

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
        /// Calls [`run`](super::super::task::run); false if it threw or trapped, and from then on
        /// this instance gets no new calls.
        // No `catch`: its handler would call into wasm on an exhausted stack.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn attempt(id: usize) -> bool;
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn settle(id: usize, fulfilled: bool, value: &JsValue);
        #[wasm_bindgen(js_namespace = boundary, js_name = settleTrapped)]
        pub(in crate::wasm) fn settle_trapped(id: usize);
        /// Polls the task `id` of this name again, as its waker asked: in a microtask, never before
        /// this has returned.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn wake(id: usize, name: u32);
        /// Ends the task's waits after so many milliseconds (never, if 0) and when the signal
        /// fires; true if it has fired already. It replaces the limit that was set before.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn limit(
            id: usize,
            number: u32,
            milliseconds: f64,
            signal: &JsValue,
        ) -> bool;

        /// Begins a call of a client: [`limit`], with the client's time limit if `milliseconds` is
        /// not a number, and then, if `kept`, at once an [`exchange`] with the headers that are
        /// kept with the settings, if there are any. `body` is the request; if it is `undefined`,
        /// what was inspected last. The result is a sum of [`call`](crate::contract::call).
        #[wasm_bindgen(js_namespace = boundary, js_name = beginCall)]
        #[allow(clippy::too_many_arguments)]
        pub(in crate::wasm) fn begin_call(
            id: usize,
            limit: u32,
            exchange: u32,
            settings: &Obj,
            path: usize,
            milliseconds: f64,
            signal: &JsValue,
            kept: bool,
            body: &JsValue,
        ) -> u32;

        // The following resume the task with their outcome, never before they have returned.
        /// Calls a user's function without a `this`.
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
        /// The bytes of a message's body, no more than `max`, or a problem among the facts.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn read(id: usize, number: u32, message: &Obj, max: f64);
        /// A copy of the bytes that [`read`] resolved to.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn bytes(read: &JsValue) -> Vec<u8>;
        /// POSTs the request of the call to a path, by its index in `paths()`, with the client's
        /// `fetch`. It brings the status, the [`facts`](crate::contract::facts) and, if the content
        /// type is that of JSON, what [`parse`] makes of the text; [`arrived`] has the rest.
        /// Without `headers`, it sends those that are kept with the settings. Redirects are not
        /// followed; [`give_up`] aborts it. It rejects if `fetch` does.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn exchange(
            id: usize,
            number: u32,
            settings: &Obj,
            path: usize,
            headers: &JsValue,
        );
        /// The headers of an [`exchange`]: those of the client and `extra` ones, and, if it is not
        /// `undefined`, this `Authorization`.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn headers(
            settings: &Obj,
            authorization: &JsValue,
            extra: &JsValue,
        ) -> JsValue;
        /// Resumes the task after so many milliseconds. [`give_up`] ends it.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn sleep(id: usize, number: u32, milliseconds: f64);
        /// Milliseconds since some time: a clock that nobody sets.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn now() -> f64;

        /// What has arrived in the task's last exchange, be it the head only: an [`Obj`] with
        /// `status`, `headers` and `text`, or without any of them.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn arrived(id: usize) -> Obj;
        /// Aborts the task's last exchange, and ends its pause.
        #[wasm_bindgen(js_namespace = boundary, js_name = giveUp)]
        pub(in crate::wasm) fn give_up(id: usize);

        /// Calls a user's function without a `this`, and returns its result.
        #[wasm_bindgen(js_namespace = boundary, catch)]
        pub(in crate::wasm) fn call(function: &JsValue) -> Result<JsValue, JsValue>;
        /// An `AuthleteError`, not thrown. `details` holds its optional members.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn error(code: &str, message: &str, details: &Obj) -> JsValue;
        /// A copy of an object's own members, or of an array's; `None` for anything else, and if a
        /// getter throws.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn plain(value: &JsValue) -> Option<Obj>;
        /// Copies an object's own members. For each key a base-4 digit as in [`kinds`]; if the
        /// object has other members too, minus one minus those digits; not a number if there is no
        /// object, or a getter throws. [`inspected`] is the copy, which only few requests need.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn inspect(value: &JsValue, keys: &Array) -> f64;
        /// The last copy that [`inspect`] has made.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn inspected() -> Obj;
        /// A copy of a `Response` whose headers can be set, or a string that says what is wrong
        /// with it.
        #[wasm_bindgen(js_namespace = boundary, js_name = copyResponse)]
        pub(in crate::wasm) fn copy_response(response: &JsValue) -> JsValue;
        /// A copy of the request, with its parameters as an unread body.
        #[wasm_bindgen(js_namespace = boundary, js_name = unreadRequest)]
        pub(in crate::wasm) fn unread_request(request: &Obj, parameters: &JsValue) -> JsValue;
        /// The last argument of every hook.
        #[wasm_bindgen(js_namespace = boundary, js_name = hookContext)]
        pub(in crate::wasm) fn hook_context(parameters: &JsValue) -> JsValue;
        /// An answer of the endpoint: one text, which begins with the names and values of the
        /// headers, one per line, `length` bytes of ASCII. The rest is the body, if there is one.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn respond(status: u16, length: usize, text: &str) -> JsValue;
        /// An `EngineAnswer` of `js/client.ts`.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn answer(status: u16, body: &str) -> JsValue;
        /// Sets headers: names and values, one per line. `vary` is appended.
        #[wasm_bindgen(js_namespace = boundary, js_name = setHeaders)]
        pub(in crate::wasm) fn set_headers(response: &Obj, headers: &str);
        /// A header of a message, by its name.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn header(headers: &Obj, name: &str) -> Option<String>;
        /// For each key a base-4 digit, the first key's the lowest: 0 absent or `null`, 1 a string,
        /// 2 anything else.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn kinds(object: &Obj, keys: &Array) -> f64;
        /// The first member name of an object that is not in `names`, shortened for an error
        /// message.
        #[wasm_bindgen(js_namespace = boundary, js_name = unknownName)]
        pub(in crate::wasm) fn unknown_name(object: &Obj, names: &Array) -> Option<String>;
        /// A string as it is, a bigint or an integer that a number holds exactly as its digits;
        /// `undefined` for anything else.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn id(value: &JsValue) -> JsValue;
        /// The JSON text of plain data; `undefined` if the host can't write it.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn stringify(value: &Obj) -> JsValue;
        /// The object of a JSON text; `null` if the text is not JSON, `undefined` if it is not an
        /// object.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn parse(text: &JsString) -> JsValue;
        /// A member of an object by its [`Key`], if it is the JSON text of an object.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn content(object: &Obj, key: u32) -> Option<String>;
        /// What there is to know of a text and of what [`parse`] has made of it: a sum of
        /// [`facts`](crate::contract::facts). Only unsafe values can need
        /// [`crate::api::numbers`]; a false alarm about repeated members costs a scan.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn facts(parsed: &JsValue, text: &JsString) -> u32;
        /// Calls `onEvent`, and ignores what it throws.
        #[wasm_bindgen(js_namespace = boundary)]
        pub(in crate::wasm) fn tell(on_event: &JsValue, event: &Obj);
        /// The same, with details that are not safe for every log.
        #[wasm_bindgen(js_namespace = boundary, js_name = tell)]
        pub(in crate::wasm) fn tell_details(on_event: &JsValue, event: &Obj, details: &Obj);
        /// Whether a thrown value is an error, from any realm.
        #[wasm_bindgen(js_namespace = boundary, js_name = isError)]
        pub(in crate::wasm) fn is_error(thrown: &JsValue) -> bool;
        /// The name of a thrown value's type: nothing else may be said about what a user's function
        /// threw.
        #[wasm_bindgen(js_namespace = boundary, js_name = typeName)]
        pub(in crate::wasm) fn type_name(thrown: &JsValue) -> String;
    }
}

#[wasm_bindgen]
extern "C" {
    /// A JavaScript object read and written by [`Key`]. Only for objects whose members are plain
    /// data: a getter that throws would be a trap. Users' objects are copied first, by
    /// [`boundary::plain`].
    #[derive(Clone)]
    pub(super) type Obj;

    /// A member by a name that has no [`Key`].
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

    /// The member; `None` if it is `undefined` or `null`.
    pub(super) fn find(&self, key: Key) -> Option<JsValue> {
        find_member(self, key.0)
    }

    /// A member that is known to be a number.
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

    #[cfg(not(feature = "engine"))]
    pub(super) fn delete(&self, key: Key) {
        self.delete_named(&key.name().into());
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
