//! The engine's store, clock and randomness, as JavaScript gives them.

use super::unavailable;
use crate::Error;
use crate::engine::{Host, Kind, Record, Store, Unavailable, Write};
use crate::wasm::host::boundary;
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `EngineStore` of `js/engine/store.ts`.
    pub type JsStore;
    #[wasm_bindgen(method, structural, catch)]
    fn get(this: &JsStore, kind: &str, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn commit(this: &JsStore, writes: &JsValue) -> Result<bool, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn expire(this: &JsStore, now: f64, limit: u32) -> Result<(), JsValue>;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn get_random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;
}

/// The store of JavaScript. Each step of the engine is one call of it, so that a trap can't leave half of a step.
pub(super) struct StoreOfJs(pub(super) JsStore);

#[derive(Deserialize)]
struct Stored {
    value: String,
    /// JavaScript has no other number.
    expires_at: f64,
}

impl StoreOfJs {
    /// The record of any kind; the engine's own kinds are those of [`Kind`].
    pub(super) fn record(&self, kind: &str, key: &str) -> Result<Option<Record>, Unavailable> {
        let found = self.0.get(kind, key).map_err(|_| Unavailable)?;
        let found: Option<Stored> = serde_wasm_bindgen::from_value(found).map_err(|_| Unavailable)?;
        Ok(found.map(|stored| Record { value: stored.value, expires_at: stored.expires_at as u64 }))
    }

    /// Applies a step: a list of objects as [`Write`] serializes to.
    pub(super) fn apply(&self, writes: &(impl Serialize + ?Sized)) -> Result<bool, Unavailable> {
        let writes = writes.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(|_| Unavailable)?;
        self.0.commit(&writes).map_err(|_| Unavailable)
    }
}

impl Store for StoreOfJs {
    fn get(&self, kind: Kind, key: &str) -> Result<Option<Record>, Unavailable> {
        self.record(kind.as_str(), key)
    }

    fn commit(&self, writes: &[Write]) -> Result<bool, Unavailable> {
        self.apply(writes)
    }

    fn expire(&self, now_ms: u64, limit: usize) -> Result<(), Unavailable> {
        self.0.expire(now_ms as f64, u32::try_from(limit).unwrap_or(u32::MAX)).map_err(|_| Unavailable)
    }
}

/// The clock and the random source.
#[derive(Clone)]
pub(super) struct Platform {
    now: Rc<JsValue>,
    /// What the clock said when the call began: a user's function may fail, and the engine must not.
    time: Rc<Cell<u64>>,
}

impl Platform {
    pub(super) fn new(now: JsValue) -> Platform {
        Platform { now: Rc::new(now), time: Rc::default() }
    }

    /// Reads the clock for the call that begins.
    pub(super) fn read_clock(&self) -> Result<(), Error> {
        let time = boundary::call(&self.now).ok().and_then(|time| time.as_f64());
        // Whole seconds of any date that a Date can hold fit.
        match time.filter(|time| (0.0..8.64e15).contains(time)) {
            Some(time) => self.time.set(time as u64),
            None => return Err(unavailable("now: did not give milliseconds since the epoch")),
        }
        Ok(())
    }
}

impl Host for Platform {
    fn now_ms(&self) -> u64 {
        self.time.get()
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unavailable> {
        // The limit of one call.
        for chunk in bytes.chunks_mut(65_536) {
            get_random_values(chunk).map_err(|_| Unavailable)?;
        }
        Ok(())
    }
}
