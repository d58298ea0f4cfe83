//! Reads a body with a size cap: of Authlete's answers, and of requests to the token endpoint and
//! the engine. The loop over the chunks is in `js/body.ts`: each turn of it would be two crossings.

use super::host::{Obj, boundary};
use super::wait::{Broken, Wait};
use crate::contract::problem;
use crate::prelude::*;

/// Why a body could not be read.
pub(super) enum Unread {
    /// It has more bytes than allowed. What was left of it is cancelled.
    TooLarge,
    /// Something else has read it, or holds it.
    Used,
    /// It is no body of bytes, or there is no way to read it.
    NotBytes,
    /// It broke off.
    Unreadable,
    /// The deadline or the caller's signal ended the wait.
    Interrupted,
}

/// The bytes of a message's body, no more than `max`.
pub(super) async fn bytes(message: &Obj, max: f64) -> Result<Vec<u8>, Unread> {
    let wait = Wait::begin();
    boundary::read(wait.task, wait.number, message, max);
    match wait.await {
        // In the place of bytes a number: nothing has gone wrong that would need an error object.
        Ok(read) => match read.as_f64().map(|number| number as u32) {
            None => Ok(boundary::bytes(&read)),
            Some(problem::TOO_LARGE) => Err(Unread::TooLarge),
            Some(problem::USED) => Err(Unread::Used),
            // Whatever else: there are no bytes to be had.
            Some(_) => Err(Unread::NotBytes),
        },
        Err(Broken::Rejected(_)) => Err(Unread::Unreadable),
        Err(_) => Err(Unread::Interrupted),
    }
}
