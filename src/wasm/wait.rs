//! What a task waits for that JavaScript brings the news of, and what limits its waits.

use super::host::boundary;
use super::task::{running, with_waits};
use crate::contract::news;
use crate::prelude::*;
use core::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};
use wasm_bindgen::prelude::*;

/// Why a wait ended without its promise having been fulfilled.
pub(super) enum Broken {
    /// The promise was rejected with this value.
    Rejected(JsValue),
    /// The time limit set with [`limit`] passed.
    Expired,
    /// The `AbortSignal` given to [`limit`] fired.
    Aborted,
}

/// What JavaScript brings for a wait.
pub(super) struct Brought {
    pub(super) value: JsValue,
    /// The HTTP status, of an exchange; the engine makes none.
    #[cfg_attr(feature = "engine", allow(dead_code))]
    pub(super) status: f64,
    /// What there is to know of the value: a sum of [`facts`](crate::contract::facts).
    pub(super) facts: u32,
}

pub(super) type News = Result<Brought, Broken>;

/// The waits of one task, and what limits them.
pub(super) struct Waits {
    begun: Vec<Begun>,
    limit: u32,
    /// The kind of the news that ended the waits: it applies to every wait until there is another
    /// limit.
    over: u32,
}

struct Begun {
    /// 0 once it has ended.
    number: u32,
    kind: u32,
    brought: Brought,
}

/// No news yet; the other kinds are those of [`news`].
const NONE: u32 = u32::MAX;

const NOTHING: Brought = Brought { value: JsValue::UNDEFINED, status: 0.0, facts: 0 };

impl Waits {
    pub(super) fn new() -> Waits {
        Waits { begun: Vec::new(), limit: 0, over: NONE }
    }

    /// Records news; false if they are stale.
    pub(super) fn settle(&mut self, number: u32, kind: u32, brought: Brought) -> bool {
        if number == self.limit {
            self.over = kind;
            return true;
        }
        let Some(wait) = self.begun.iter_mut().find(|wait| wait.number == number) else {
            return false;
        };
        (wait.kind, wait.brought) = (kind, brought);
        true
    }

    /// The outcome of a wait, once.
    fn poll(&mut self, number: u32) -> Poll<News> {
        let Some(wait) = self.begun.iter_mut().find(|wait| wait.number == number) else {
            return Poll::Pending;
        };
        let kind = if wait.kind == NONE { self.over } else { wait.kind };
        if kind == NONE {
            return Poll::Pending;
        }
        wait.number = 0;
        let brought = core::mem::replace(&mut wait.brought, NOTHING);
        Poll::Ready(match kind {
            news::FULFILLED => Ok(brought),
            news::REJECTED => Err(Broken::Rejected(brought.value)),
            news::EXPIRED => Err(Broken::Expired),
            _ => Err(Broken::Aborted),
        })
    }
}

/// A wait of the running task. Its two numbers go to one of the functions of [`boundary`] that
/// resume a task; then it is awaited, alone or joined with others. It needs no waker, since its
/// news poll the whole task. So it must not be used where only woken futures are polled, as in
/// `FuturesUnordered`.
pub(super) struct Wait {
    pub(super) task: usize,
    pub(super) number: u32,
}

impl Wait {
    pub(super) fn begin() -> Wait {
        let task = running();
        let number = with_waits(task, |waits, number| {
            let begun = Begun { number, kind: NONE, brought: NOTHING };
            match waits.begun.iter_mut().find(|wait| wait.number == 0) {
                Some(ended) => *ended = begun,
                None => waits.begun.push(begun),
            }
            number
        });
        Wait { task, number: number.unwrap_or_default() }
    }
}

impl Future for Wait {
    type Output = News;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<News> {
        with_waits(self.task, |waits, _| waits.poll(self.number)).unwrap_or(Poll::Pending)
    }
}

/// Ends the running task's waits after so many milliseconds (never, if 0) and when the
/// `AbortSignal` fires; true if it has fired already. A new limit replaces the old one.
pub(super) fn limit(milliseconds: f64, signal: Option<&JsValue>) -> bool {
    let none = JsValue::UNDEFINED;
    let signal = signal.unwrap_or(&none);
    limited(|id, number| boundary::limit(id, number, milliseconds, signal))
}

/// Gives a new limit to the running task; `set` gets the numbers of both.
pub(super) fn limited<T>(set: impl FnOnce(usize, u32) -> T) -> T {
    let id = running();
    let number = with_waits(id, |waits, number| {
        (waits.limit, waits.over) = (number, NONE);
        number
    });
    set(id, number.unwrap_or_default())
}
