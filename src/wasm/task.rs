//! Runs a future until it has settled its promise. One call is one task; JavaScript holds the promise and names the task by a number.
//!
//! Not wasm-bindgen-futures, for two measured reasons (`ARCHITECTURE.md`, "Why not"): a panic in a later poll would leave its promise pending for
//! ever, and its two closures an await are the dearest part of a call. Here every poll runs inside a promise callback, behind a fence
//! that turns a trap into the rejection of that one call.

use super::host::boundary;
use std::{
    cell::RefCell,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll, Waker},
};
use wasm_bindgen::prelude::*;

/// Why a wait ended without its promise having been fulfilled.
pub(super) enum Broken {
    /// The promise was rejected with this value.
    Rejected(JsValue),
    /// The deadline set with [`deadline`] passed.
    Expired,
    /// The `AbortSignal` given to [`watch`] fired.
    Aborted,
}

type Work = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;
type News = Result<JsValue, Broken>;

struct Task {
    /// Nothing while it is being polled.
    work: Option<Work>,
    // News carries the number of the wait, timer or watch it answers; any other number is stale.
    waiting: u32,
    timer: u32,
    watch: u32,
    news: Option<News>,
}

#[derive(Default)]
struct Tasks {
    slots: Vec<Option<Task>>,
    running: usize,
    last_number: u32,
}

thread_local! {
    static TASKS: RefCell<Tasks> = RefCell::default();
}

impl Tasks {
    fn slot(&mut self, id: usize) -> Option<&mut Task> {
        self.slots.get_mut(id)?.as_mut()
    }

    /// Gives the running task a new number, in the place that `assign` picks.
    fn number(&mut self, assign: impl FnOnce(&mut Task, u32)) -> (usize, u32) {
        self.last_number = self.last_number.wrapping_add(1).max(1);
        let (id, number) = (self.running, self.last_number);
        if let Some(task) = self.slot(id) {
            assign(task, number);
        }
        (id, number)
    }
}

/// Starts the task `id`, whose promise JavaScript already holds, and polls it once.
pub(super) fn start(id: usize, work: impl Future<Output = Result<JsValue, JsValue>> + 'static) {
    let task = Task { work: Some(Box::pin(work)), waiting: 0, timer: 0, watch: 0, news: None };
    TASKS.with_borrow_mut(|tasks| {
        if tasks.slots.len() <= id {
            tasks.slots.resize_with(id + 1, || None);
        }
        if let Some(slot) = tasks.slots.get_mut(id) {
            *slot = Some(task);
        }
    });
    poll(id);
}

/// News for a task, from JavaScript: kind 0 fulfilled, 1 rejected, 2 the timer, 3 the abort signal.
#[wasm_bindgen]
pub fn resume(id: usize, number: u32, kind: u32, value: JsValue) {
    let expected = TASKS.with_borrow_mut(|tasks| {
        let Some(task) = tasks.slot(id) else { return false };
        let (expected, news) = match kind {
            0 => (task.waiting, Ok(value)),
            1 => (task.waiting, Err(Broken::Rejected(value))),
            2 => (task.timer, Err(Broken::Expired)),
            _ => (task.watch, Err(Broken::Aborted)),
        };
        if number != expected || task.waiting == 0 {
            return false;
        }
        task.waiting = 0;
        task.news = Some(news);
        true
    });
    if expected {
        poll(id);
    }
}

fn poll(id: usize) {
    // A task can start another one in the middle of a poll: an injected function may call back in.
    let (work, outer) = TASKS.with_borrow_mut(|tasks| {
        (tasks.slot(id).and_then(|task| task.work.take()), std::mem::replace(&mut tasks.running, id))
    });
    let Some(mut work) = work else { return };
    let mut outcome = Poll::Pending;
    let whole = fenced(&mut || outcome = work.as_mut().poll(&mut Context::from_waker(Waker::noop())));
    let pending = whole && outcome.is_pending();
    let work = TASKS.with_borrow_mut(|tasks| {
        tasks.running = outer;
        if !pending {
            tasks.slots.get_mut(id).and_then(Option::take);
            return Some(work);
        }
        if let Some(task) = tasks.slot(id) {
            task.work = Some(work);
        }
        None
    });
    match outcome {
        _ if !whole => {
            // Half-run: dropping it could touch what the trap left broken.
            std::mem::forget(work);
            boundary::settle_trapped(id);
        }
        Poll::Ready(Ok(value)) => boundary::settle(id, true, &value),
        Poll::Ready(Err(error)) => boundary::settle(id, false, &error),
        Poll::Pending => {}
    }
}

/// Runs `f` through a JavaScript `try`. The frame is never inlined: its epilogue puts the shadow stack back after a trap.
#[inline(never)]
fn fenced(f: &mut dyn FnMut()) -> bool {
    let mut used = 0_u32;
    let whole = boundary::attempt(&mut || {
        used = 1;
        f();
    });
    std::hint::black_box(&used);
    whole
}

/// Waits for a promise; anything else counts as fulfilled. The running task's deadline and signal end the wait early.
pub(super) async fn wait(promise: &JsValue) -> Result<JsValue, Broken> {
    let (id, number) = TASKS.with_borrow_mut(|tasks| tasks.number(|task, number| task.waiting = number));
    boundary::wait(id, number, promise);
    poll_fn(|_| {
        let news = TASKS.with_borrow_mut(|tasks| {
            let id = tasks.running;
            tasks.slot(id).and_then(|task| task.news.take())
        });
        news.map_or(Poll::Pending, Poll::Ready)
    })
    .await
}

/// The number of the running task.
pub(super) fn running() -> usize {
    TASKS.with_borrow(|tasks| tasks.running)
}

/// Sets the running task's deadline, in milliseconds from now; a new one replaces the old one.
pub(super) fn deadline(milliseconds: f64) {
    let (id, number) = TASKS.with_borrow_mut(|tasks| tasks.number(|task, number| task.timer = number));
    boundary::deadline(id, number, milliseconds);
}

/// Ends the running task's waits when this `AbortSignal` fires; true when it has fired already. A new one replaces the old one, and `None` just
/// ends the watch.
pub(super) fn watch(signal: Option<&JsValue>) -> bool {
    let (id, number, watched) = TASKS.with_borrow_mut(|tasks| {
        let watched = tasks.slots.get(tasks.running).and_then(Option::as_ref).is_some_and(|task| task.watch != 0);
        let (id, number) = tasks.number(|task, number| task.watch = if signal.is_some() { number } else { 0 });
        (id, number, watched)
    });
    match signal {
        Some(signal) => boundary::watch(id, number, signal),
        None if watched => boundary::watch(id, number, &JsValue::UNDEFINED),
        None => false,
    }
}
