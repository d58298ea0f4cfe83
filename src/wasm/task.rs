//! Runs a future until it has settled its promise. One call is one task; JavaScript holds the
//! promise and names the task by a number.
//!
//! Not the executor of wasm-bindgen-futures: it costs more (`ARCHITECTURE.md`, "Why not"). Every
//! poll runs inside a promise callback, behind a fence that turns a trap into the rejection of that
//! one call. A task can await any future: its waker asks for one more poll, a moment later. What
//! operations wait for needs no waker: a [`Wait`] is resumed with its news at once.

use super::host::boundary;
use super::local::Local;
use super::wait::{Brought, Waits};
use crate::contract::news;
use crate::prelude::*;
use core::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    ptr::without_provenance,
    task::{Context, Poll, RawWaker, RawWakerVTable, Waker},
};
use wasm_bindgen::prelude::*;

type Outcome = Result<JsValue, JsValue>;
type Work = Pin<Box<dyn Future<Output = Outcome>>>;

struct Task {
    /// `None` while it is being polled, and once it has ended.
    work: Option<Work>,
    /// What it has ended with.
    outcome: Option<Outcome>,
    /// What its wakers know it by. Unlike its slot, no other task has ever had it.
    name: u32,
    /// A poll has been asked for.
    woken: bool,
    waits: Waits,
}

struct Tasks {
    slots: Vec<Option<Task>>,
    running: usize,
    last_number: u32,
}

static TASKS: Local<RefCell<Tasks>> =
    Local::new(RefCell::new(Tasks { slots: Vec::new(), running: 0, last_number: 0 }));

/// `f` must not run users' code, which could call back into here.
fn with_tasks<T>(f: impl FnOnce(&mut Tasks) -> T) -> T {
    f(&mut TASKS.borrow_mut())
}

impl Tasks {
    fn slot(&mut self, id: usize) -> Option<&mut Task> {
        self.slots.get_mut(id)?.as_mut()
    }

    /// A number that no task, wait or limit has had.
    fn number(&mut self) -> u32 {
        self.last_number = self.last_number.wrapping_add(1).max(1);
        self.last_number
    }
}

/// Starts the task `id`, whose promise JavaScript already holds, and polls it once.
pub(super) fn start(id: usize, work: impl Future<Output = Result<JsValue, JsValue>> + 'static) {
    let work: Work = Box::pin(work);
    with_tasks(|tasks| {
        let (work, name, waits) = (Some(work), tasks.number(), Waits::new());
        let task = Task { work, outcome: None, name, woken: false, waits };
        if tasks.slots.len() <= id {
            tasks.slots.resize_with(id + 1, || None);
        }
        if let Some(slot) = tasks.slots.get_mut(id) {
            *slot = Some(task);
        }
    });
    poll(id);
}

/// News for a task, from JavaScript: `kind` is one of [`news`]. `number` is that of the wait, of
/// the limit or, for a poll that a waker has asked for, the name of the task; news with any other
/// number are stale. `status` and `facts` are those of [`Brought`].
#[wasm_bindgen]
pub fn resume(id: usize, number: u32, kind: u32, value: JsValue, status: f64, facts: u32) {
    if kind == news::WOKEN {
        if with_tasks(|tasks| tasks.slot(id).is_some_and(|task| task.name == number && task.woken))
        {
            poll(id);
        }
        return;
    }
    let brought = Brought { value, status, facts };
    let fresh = with_tasks(|tasks| {
        let task = tasks.slot(id)?;
        task.waits.settle(number, kind, brought).then_some((task.name, task.work.is_some()))
    });
    match fresh {
        Some((_, true)) => poll(id),
        // In the middle of a poll: futures that have been polled already would miss the news.
        Some((name, false)) => wake(without_provenance(name as usize)),
        None => {}
    }
}

fn poll(id: usize) {
    // A task can start another one in the middle of a poll: an injected function may call back in.
    let outer = with_tasks(|tasks| {
        let task = tasks.slot(id)?;
        task.work.as_ref()?;
        task.woken = false;
        Some(core::mem::replace(&mut tasks.running, id))
    });
    let Some(outer) = outer else { return };
    let whole = fenced(id);
    let ended = with_tasks(|tasks| {
        tasks.running = outer;
        let pending = whole && tasks.slot(id).is_some_and(|task| task.outcome.is_none());
        if pending { None } else { tasks.slots.get_mut(id).and_then(Option::take) }
    });
    let Some(mut ended) = ended else { return };
    match ended.outcome.take() {
        _ if !whole => {
            // Half-run: dropping it could touch what the trap left broken.
            core::mem::forget(ended);
            boundary::settle_trapped(id);
        }
        Some(Ok(value)) => boundary::settle(id, true, &value),
        Some(Err(error)) => boundary::settle(id, false, &error),
        None => {}
    }
}

/// Calls [`run`] through a JavaScript `try`. The frame is never inlined: its epilogue restores the
/// shadow stack after a trap.
#[inline(never)]
fn fenced(id: usize) -> bool {
    let frame = id;
    let whole = boundary::attempt(id);
    core::hint::black_box(&frame);
    whole
}

/// Polls the task once. JavaScript calls it while [`fenced`] waits. If it traps, the future that it
/// has taken is never dropped.
#[wasm_bindgen]
pub fn run(id: usize) {
    let taken = with_tasks(|tasks| {
        let task = tasks.slot(id)?;
        Some((task.work.take()?, waker(task.name)))
    });
    let Some((mut work, waker)) = taken else { return };
    let (left, outcome) = match work.as_mut().poll(&mut Context::from_waker(&waker)) {
        Poll::Pending => (Some(work), None),
        Poll::Ready(outcome) => {
            drop(work);
            (None, Some(outcome))
        }
    };
    with_tasks(|tasks| {
        if let Some(task) = tasks.slot(id) {
            (task.work, task.outcome) = (left, outcome);
        }
    });
}

/// A waker holds nothing but the name of its task: it may outlive the task, and need not be
/// dropped.
fn waker(name: u32) -> Waker {
    // SAFETY: the functions of the table use the pointer as a number and never dereference it, so
    // every value is valid at any time.
    unsafe { Waker::new(without_provenance(name as usize), &WAKER) }
}

static WAKER: RawWakerVTable =
    RawWakerVTable::new(|name| RawWaker::new(name, &WAKER), wake, wake, |_| {});

/// Asks for one poll of the task, however often it is woken before that; does nothing once the task
/// has ended.
fn wake(name: *const ()) {
    let name = name.addr() as u32;
    let asked = with_tasks(|tasks| {
        let id = tasks
            .slots
            .iter()
            .position(|slot| slot.as_ref().is_some_and(|task| task.name == name))?;
        let task = tasks.slot(id)?;
        (!core::mem::replace(&mut task.woken, true)).then_some(id)
    });
    if let Some(id) = asked {
        boundary::wake(id, name);
    }
}

/// The number of the running task.
pub(super) fn running() -> usize {
    with_tasks(|tasks| tasks.running)
}

/// Runs `f` with the waits of the task `id` and a new number; `None` if the task has ended.
pub(super) fn with_waits<T>(id: usize, f: impl FnOnce(&mut Waits, u32) -> T) -> Option<T> {
    with_tasks(|tasks| {
        let number = tasks.number();
        tasks.slot(id).map(|task| f(&mut task.waits, number))
    })
}
