//! Runs a future until it has settled its promise. One call is one task; JavaScript holds the promise and names the task by a number.
//!
//! Not wasm-bindgen-futures, for two measured reasons (`ARCHITECTURE.md`, "Why not"): a panic in a later poll would leave its promise pending for
//! ever, and its two closures an await are the dearest part of a call. Here every poll runs inside a promise callback, behind a fence
//! that turns a trap into the rejection of that one call.

use super::host::boundary;
use super::local::Local;
use crate::prelude::*;
use core::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
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

type Work = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;
pub(super) type News = Result<JsValue, Broken>;

struct Task {
    /// Nothing while it is being polled.
    work: Option<Work>,
    // News carries the number of the wait or limit that it answers; any other number is stale.
    waiting: u32,
    limit: u32,
    news: Option<News>,
}

struct Tasks {
    slots: Vec<Option<Task>>,
    running: usize,
    last_number: u32,
}

static TASKS: Local<RefCell<Tasks>> = Local::new(RefCell::new(Tasks { slots: Vec::new(), running: 0, last_number: 0 }));

fn with_tasks<T>(f: impl FnOnce(&mut Tasks) -> T) -> T {
    f(&mut TASKS.borrow_mut())
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
    let task = Task { work: Some(Box::pin(work)), waiting: 0, limit: 0, news: None };
    with_tasks(|tasks| {
        if tasks.slots.len() <= id {
            tasks.slots.resize_with(id + 1, || None);
        }
        if let Some(slot) = tasks.slots.get_mut(id) {
            *slot = Some(task);
        }
    });
    poll(id);
}

/// News for a task, from JavaScript: kind 0 fulfilled, 1 rejected, 2 the time limit, 3 the abort signal.
#[wasm_bindgen]
pub fn resume(id: usize, number: u32, kind: u32, value: JsValue) {
    let expected = with_tasks(|tasks| {
        let Some(task) = tasks.slot(id) else { return false };
        let (expected, news) = match kind {
            0 => (task.waiting, Ok(value)),
            1 => (task.waiting, Err(Broken::Rejected(value))),
            2 => (task.limit, Err(Broken::Expired)),
            _ => (task.limit, Err(Broken::Aborted)),
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
    let (work, outer) = with_tasks(|tasks| {
        (tasks.slot(id).and_then(|task| task.work.take()), core::mem::replace(&mut tasks.running, id))
    });
    let Some(mut work) = work else { return };
    let mut outcome = Poll::Pending;
    let whole = fenced(&mut || outcome = work.as_mut().poll(&mut Context::from_waker(Waker::noop())));
    let pending = whole && outcome.is_pending();
    let work = with_tasks(|tasks| {
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
            core::mem::forget(work);
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
    core::hint::black_box(&used);
    whole
}

/// A wait of the running task. Its two numbers go to one of the functions of [`boundary`] that resume a task; then it is awaited.
pub(super) struct Wait {
    pub(super) task: usize,
    pub(super) number: u32,
}

impl Wait {
    pub(super) fn begin() -> Wait {
        let (task, number) = with_tasks(|tasks| tasks.number(|task, number| task.waiting = number));
        Wait { task, number }
    }
}

impl Future for Wait {
    type Output = News;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<News> {
        let news = with_tasks(|tasks| tasks.slot(self.task).and_then(|task| task.news.take()));
        news.map_or(Poll::Pending, Poll::Ready)
    }
}

/// Waits for a promise; anything else counts as fulfilled.
#[cfg(feature = "engine")]
pub(super) fn wait(promise: &JsValue) -> Wait {
    let wait = Wait::begin();
    boundary::wait(wait.task, wait.number, promise);
    wait
}

/// The number of the running task.
pub(super) fn running() -> usize {
    with_tasks(|tasks| tasks.running)
}

/// Ends the running task's waits after so many milliseconds (never, if there are none) and when the `AbortSignal` fires; true if it has fired already. A new limit
/// replaces the old one.
pub(super) fn limit(milliseconds: f64, signal: Option<&JsValue>) -> bool {
    let (id, number) = with_tasks(|tasks| tasks.number(|task, number| task.limit = number));
    boundary::limit(id, number, milliseconds, signal.unwrap_or(&JsValue::UNDEFINED))
}
