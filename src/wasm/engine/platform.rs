//! The engine's store, clock, randomness and `fetch`, which JavaScript provides, the `onEvent` that
//! is told when one of them fails, and the `onTrace` that is told what was checked.

use super::random_pool::RandomPool;
use crate::engine::{
    Boxed, Document, Fetch, Host, PlatformFailure, Record, RecordKind, Store, Trace, Unavailable,
    Write,
};
use crate::wasm::host::{Obj, boundary, key};
use crate::wasm::wait::Wait;
use crate::{Error, ErrorCode};
use js_sys::{JSON, Promise, TypeError};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// `EnginePlatform` of `js/engine/index.ts`.
    pub type JsPlatform;
    #[wasm_bindgen(method, getter, structural)]
    fn store(this: &JsPlatform) -> JsStore;
    #[wasm_bindgen(method, getter, structural)]
    fn now(this: &JsPlatform) -> JsValue;
    #[wasm_bindgen(method, getter, structural, js_name = onEvent)]
    fn on_event(this: &JsPlatform) -> JsValue;
    /// Whether there is an `onTrace`.
    #[wasm_bindgen(method, getter, structural)]
    fn traced(this: &JsPlatform) -> bool;
    /// Gives the JSON text of a trace to `onTrace`. It never throws.
    #[wasm_bindgen(method, structural)]
    fn trace(this: &JsPlatform, json: &str);
    /// Whether requests remove what has expired.
    #[wasm_bindgen(method, getter, structural)]
    pub fn sweep(this: &JsPlatform) -> bool;
    /// Fetches a document. It never throws.
    #[wasm_bindgen(method, structural)]
    fn fetch(this: &JsPlatform, url: &str) -> Promise;

    /// `FetchedDocument` of `js/engine/documents.ts`.
    type JsDocument;
    #[wasm_bindgen(method, getter, structural)]
    fn text(this: &JsDocument) -> String;
    #[wasm_bindgen(method, getter, structural, js_name = cacheControl)]
    fn cache_control(this: &JsDocument) -> Option<String>;

    /// `EngineStore` of `js/engine/store.ts`.
    pub type JsStore;
    #[wasm_bindgen(method, structural, catch)]
    fn get(this: &JsStore, kind: &str, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn commit(this: &JsStore, writes: &JsValue, now: f64) -> Result<bool, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn expire(this: &JsStore, now: f64, limit: u32) -> Result<f64, JsValue>;

    /// `StoredRecord` of `js/engine/store.ts`, as far as the store keeps its word.
    type JsRecord;
    #[wasm_bindgen(method, getter, structural)]
    fn value(this: &JsRecord) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn expires_at(this: &JsRecord) -> JsValue;
}

/// The last moment that a JavaScript `Date` can hold.
const LATEST: f64 = 8.64e15;

/// The platform of one engine. Each step of the engine is one call of the store, so that a trap
/// can't leave half of a step.
#[derive(Clone)]
pub(super) struct EnginePlatform(Rc<Shared>);

struct Shared {
    given: JsPlatform,
    store: JsStore,
    clock: JsValue,
    on_event: JsValue,
    /// Asked about in every call, so without a crossing.
    traced: bool,
    /// The time when the call began. The clock is read only then, since it is a user's function
    /// that may fail.
    time: Cell<u64>,
    /// What was thrown last, for the failure that is reported next.
    thrown: RefCell<Option<JsValue>>,
    /// What was thrown last, for the error of a call that is not an API's.
    cause: RefCell<Option<JsValue>>,
    /// Whether the last failed read returned something that is not a record.
    misread: Cell<bool>,
    random: RefCell<RandomPool>,
}

impl EnginePlatform {
    pub(super) fn new(given: &JsPlatform) -> EnginePlatform {
        EnginePlatform(Rc::new(Shared {
            given: AsRef::<JsValue>::as_ref(given).clone().unchecked_into(),
            store: given.store(),
            clock: given.now(),
            on_event: given.on_event(),
            traced: given.traced(),
            time: Cell::default(),
            thrown: RefCell::default(),
            cause: RefCell::default(),
            misread: Cell::default(),
            random: RefCell::default(),
        }))
    }

    /// Reads the clock for the call that begins.
    pub(super) fn read_clock(&self, operation: &str) -> Result<(), Error> {
        let time = boundary::call(&self.0.clock).map_err(|thrown| self.remember(&thrown)).ok();
        // Any moment since 1970 that a JavaScript `Date` can hold.
        match time.and_then(|time| time.as_f64()).filter(|time| (0.0..LATEST).contains(time)) {
            Some(time) => self.0.time.set(time as u64),
            None => {
                self.tell("clock", operation);
                return Err(Error::new(
                    ErrorCode::Config,
                    "now: did not return milliseconds since the Unix epoch",
                ));
            }
        }
        Ok(())
    }

    /// Keeps what was thrown.
    pub(super) fn remember(&self, thrown: &JsValue) -> Unavailable {
        self.0.thrown.replace(Some(thrown.clone()));
        self.0.cause.replace(Some(thrown.clone()));
        Unavailable
    }

    /// What was thrown last.
    pub(super) fn take_cause(&self) -> Option<JsValue> {
        self.0.cause.take()
    }

    /// Reports a failure to `onEvent`: a `PlatformFailedEvent` of `js/engine/events.ts`.
    fn tell(&self, failure: &str, operation: &str) {
        let thrown = self.0.thrown.take();
        if self.0.on_event.is_undefined() {
            return;
        }
        let event = Obj::new();
        event.set_text(key::TYPE, "platform_failed");
        event.set_text(key::FAILURE, failure);
        event.set_text(key::OPERATION, operation);
        let details = Obj::new();
        if let Some(thrown) = thrown {
            event.set_text(key::ERROR, &boundary::type_name(&thrown));
            details.set(key::ERROR, &thrown);
        }
        boundary::tell_details(&self.0.on_event, &event, &details);
    }

    /// Remembers that what the store returned is not a record.
    fn misread(&self) -> Unavailable {
        self.0.misread.set(true);
        self.remember(&TypeError::new(
            "storage.get: expected undefined or { value: string, expires_at: number }",
        ))
    }
}

impl Store for EnginePlatform {
    fn get(&self, kind: RecordKind, key: &str) -> Result<Option<Record>, Unavailable> {
        let found =
            self.0.store.get(kind.as_str(), key).map_err(|thrown| self.remember(&thrown))?;
        if found.is_null() || found.is_undefined() {
            return Ok(None);
        }
        let record = found.unchecked_ref::<JsRecord>();
        let expires_at = record.expires_at().as_f64().filter(|at| (0.0..=LATEST).contains(at));
        match (record.value().as_string(), expires_at) {
            (Some(value), Some(at)) => Ok(Some(Record { value, expires_at: at as u64 })),
            _ => Err(self.misread()),
        }
    }

    fn commit(&self, writes: &[Write], now_ms: u64) -> Result<bool, Unavailable> {
        // As one text: each member of each write would be a crossing of its own.
        let writes = serde_json::to_string(writes).map_err(|_| Unavailable)?;
        let writes = JSON::parse(&writes).map_err(|thrown| self.remember(&thrown))?;
        self.0.store.commit(&writes, now_ms as f64).map_err(|thrown| self.remember(&thrown))
    }

    fn expire(&self, now_ms: u64, limit: usize) -> Result<usize, Unavailable> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let removed = self.0.store.expire(now_ms as f64, limit);
        removed.map(|removed| removed as usize).map_err(|thrown| self.remember(&thrown))
    }
}

/// How long a pause is; milliseconds.
const PAUSE: f64 = 100.0;

impl Fetch for EnginePlatform {
    fn fetch<'a>(&'a self, url: &'a str) -> Boxed<'a, Result<Document, Unavailable>> {
        Box::pin(async move {
            let fetched = JsFuture::from(self.0.given.fetch(url)).await;
            let document: JsDocument =
                fetched.map_err(|thrown| self.remember(&thrown))?.unchecked_into();
            Ok(Document { text: document.text(), cache_control: document.cache_control() })
        })
    }

    fn pause(&self) -> Boxed<'_, ()> {
        Box::pin(async {
            let wait = Wait::begin();
            boundary::sleep(wait.task, wait.number, PAUSE);
            // When the call is over, there is nothing to wait for either.
            drop(wait.await);
        })
    }
}

impl Host for EnginePlatform {
    fn now_ms(&self) -> u64 {
        self.0.time.get()
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unavailable> {
        self.0.random.borrow_mut().fill(bytes).map_err(|thrown| self.remember(&thrown))
    }

    fn failed(&self, failure: PlatformFailure, operation: &'static str) {
        let misread = self.0.misread.take();
        let failure = if misread && failure == PlatformFailure::StoreRead {
            PlatformFailure::StoreRecord
        } else {
            failure
        };
        self.tell(failure.as_str(), operation);
    }

    fn wants_trace(&self) -> bool {
        self.0.traced
    }

    fn trace(&self, trace: Trace) {
        self.0.given.trace(&trace.to_json());
    }
}
