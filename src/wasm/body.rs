//! Reads a body with a size cap: of Authlete's answers, and of requests to the token endpoint and the engine.

use super::host::{Obj, boundary, key};
use super::task::{self, Broken};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(method, structural, js_name = arrayBuffer, catch)]
    fn array_buffer(this: &Obj) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, js_name = read, catch)]
    fn read_chunk(this: &Obj) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn cancel(this: &Obj) -> Result<JsValue, JsValue>;
}

/// Why a body could not be read.
pub(super) enum Unread {
    /// It has more bytes than allowed. What was left of it is cancelled.
    TooLarge,
    /// It was consumed already, is no stream, or broke off.
    Unreadable,
    /// The deadline or the caller's signal ended the wait.
    Interrupted(Broken),
}

impl From<Broken> for Unread {
    fn from(broken: Broken) -> Unread {
        match broken {
            Broken::Rejected(_) => Unread::Unreadable,
            interrupted => Unread::Interrupted(interrupted),
        }
    }
}

/// The bytes of a message's body, no more than `max`: an `ArrayBuffer` or a `Uint8Array`. `head` has the member `length`: that of the body, as
/// far as HTTP vouches for it, or else -1.
pub(super) async fn bytes(message: &Obj, head: &Obj, max: f64) -> Result<JsValue, Unread> {
    let length = key::LENGTH.with(|key| head.number(key));
    if !(0.0..=max).contains(&length) {
        return capped(message, max).await;
    }
    let promise = message.array_buffer().map_err(|_| Unread::Unreadable)?;
    let bytes = task::wait(&promise).await?;
    let Some(buffer) = bytes.dyn_ref::<ArrayBuffer>() else { return Err(Unread::Unreadable) };
    // An injected `fetch` may say anything about its length.
    if f64::from(buffer.byte_length()) > max { Err(Unread::TooLarge) } else { Ok(bytes) }
}

/// The bytes of a body of unknown length, read chunk by chunk.
async fn capped(message: &Obj, max: f64) -> Result<JsValue, Unread> {
    let reader = boundary::reader(message).map_err(|_| Unread::Unreadable)?;
    let Some(reader) = Obj::from_value(&reader) else { return Ok(Uint8Array::new_with_length(0).into()) };
    let (chunks, mut total) = (Array::new(), 0.0);
    loop {
        let promise = reader.read_chunk().map_err(|_| Unread::Unreadable)?;
        let next = match task::wait(&promise).await {
            Ok(next) => boundary::plain(&next).map_err(|_| Unread::Unreadable)?,
            Err(broken) => {
                give_up(&reader);
                return Err(broken.into());
            }
        };
        if key::DONE.with(|key| next.get(key)).is_truthy() {
            return Ok(joined(&chunks, total));
        }
        let chunk = key::VALUE.with(|key| next.find(key)).ok_or(Unread::Unreadable)?;
        if !chunk.is_instance_of::<Uint8Array>() {
            give_up(&reader);
            return Err(Unread::Unreadable);
        }
        total += f64::from(chunk.unchecked_ref::<Uint8Array>().byte_length());
        if total > max {
            give_up(&reader);
            return Err(Unread::TooLarge);
        }
        chunks.push(&chunk);
    }
}

/// Cancels the stream without waiting for it; its rejection, if any, is nobody's business.
fn give_up(reader: &Obj) {
    if let Ok(promise) = reader.cancel() {
        boundary::ignore(&promise);
    }
}

fn joined(chunks: &Array, total: f64) -> JsValue {
    if chunks.length() == 1 {
        return chunks.get(0);
    }
    let all = Uint8Array::new_with_length(total as u32);
    let mut offset = 0;
    for chunk in chunks.iter() {
        all.set(&chunk, offset);
        offset += chunk.unchecked_ref::<Uint8Array>().byte_length();
    }
    all.into()
}
