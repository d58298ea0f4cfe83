//! Reads the bodies of requests to the token endpoint and the engine, up to a size limit. The loop
//! over the chunks is in `js/body.ts`: in Rust, each turn of it would cross the boundary twice.

use super::host::{Obj, boundary};
use super::wait::{Broken, Wait};
use crate::contract::{facts, problem};
use crate::prelude::*;
use wasm_bindgen::JsValue;

/// Why a body could not be read.
pub(super) enum Unread {
    /// It has more bytes than allowed. The rest of it is cancelled.
    TooLarge,
    /// Something else has read or locked it.
    Used,
    /// It does not consist of bytes, or there is no way to read it.
    NotBytes,
    /// It broke off; what reading it threw.
    Unreadable(JsValue),
    /// The deadline or the caller's signal ended the wait.
    Interrupted,
}

/// The bytes of a message's body, no more than `max`.
pub(super) async fn bytes(message: &Obj, max: f64) -> Result<Vec<u8>, Unread> {
    let wait = Wait::begin();
    boundary::read(wait.task, wait.number, message, max);
    match wait.await {
        Ok(read) => match read.facts / facts::PROBLEM {
            problem::NONE => Ok(boundary::bytes(&read.value)),
            problem::TOO_LARGE => Err(Unread::TooLarge),
            problem::USED => Err(Unread::Used),
            // For every other reason, there are no bytes.
            _ => Err(Unread::NotBytes),
        },
        Err(Broken::Rejected(thrown)) => Err(Unread::Unreadable(thrown)),
        Err(_) => Err(Unread::Interrupted),
    }
}
