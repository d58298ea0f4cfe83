//! The scheduler of the boundary: what a task may await, and what wakes it. Here, `host` takes the
//! place of JavaScript.

// As in `src/wasm/mod.rs`.
#![allow(unsafe_code, unreachable_pub)]

#[path = "../../../src/wasm/local.rs"]
mod local;
#[path = "../../../src/wasm/task.rs"]
mod task;
#[path = "../../../src/wasm/wait.rs"]
mod wait;

use futures_util::future::{self, Either};
use futures_util::stream::{FuturesUnordered, StreamExt};
use js_sys::Promise;
use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::rc::Rc;
use std::task::{Poll, Waker};
use wait::{Broken, Wait};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

const FULFILLED: u32 = 0;
const REJECTED: u32 = 1;
const EXPIRED: u32 = 2;

mod host {
    pub mod boundary {
        use wasm_bindgen::prelude::*;

        #[wasm_bindgen(
            inline_js = "export function attempt(f) { try { f(); return true; } catch { return false; } }"
        )]
        extern "C" {
            #[wasm_bindgen(js_name = attempt)]
            fn attempt_in_javascript(f: &mut dyn FnMut()) -> bool;
        }

        pub fn attempt(id: usize) -> bool {
            attempt_in_javascript(&mut || super::super::task::run(id))
        }

        pub fn settle(id: usize, fulfilled: bool, value: &JsValue) {
            super::super::end(id, if fulfilled { value.as_string() } else { None });
        }

        pub fn settle_trapped(id: usize) {
            super::super::end(id, Some("trapped".into()));
        }

        pub fn wake(id: usize, name: u32) {
            super::super::WAKES.set(super::super::WAKES.get() + 1);
            wasm_bindgen_futures::spawn_local(async move {
                super::super::resume(id, name, 4, JsValue::UNDEFINED)
            });
        }

        pub fn limit(_: usize, number: u32, _: f64, _: &JsValue) -> bool {
            super::super::LIMIT.set(number);
            false
        }
    }
}

/// News without any numbers.
fn resume(id: usize, number: u32, kind: u32, value: JsValue) {
    task::resume(id, number, kind, value, 0.0, 0);
}

thread_local! {
    /// What the tasks have ended with.
    static ENDS: RefCell<Vec<(usize, Option<String>)>> = const { RefCell::new(Vec::new()) };
    static WAKES: Cell<u32> = const { Cell::new(0) };
    static LIMIT: Cell<u32> = const { Cell::new(0) };
    static LAST_ID: Cell<usize> = const { Cell::new(0) };
}

fn end(id: usize, outcome: Option<String>) {
    ENDS.with_borrow_mut(|ends| ends.push((id, outcome)));
}

/// What the task has ended with, once for each time that it ended.
fn ends(id: usize) -> Vec<Option<String>> {
    ENDS.with_borrow(|ends| {
        ends.iter().filter(|(ended, _)| *ended == id).map(|(_, outcome)| outcome.clone()).collect()
    })
}

fn text(text: &str) -> Vec<Option<String>> {
    vec![Some(text.to_owned())]
}

fn start(work: impl Future<Output = String> + 'static) -> usize {
    let id = LAST_ID.get() + 1;
    LAST_ID.set(id);
    start_in(id, work);
    id
}

fn start_in(id: usize, work: impl Future<Output = String> + 'static) {
    task::start(id, async move { Ok(work.await.into()) });
}

/// Waits until everything that is due at once has happened.
async fn moments() {
    for _ in 0..20 {
        JsFuture::from(Promise::resolve(&JsValue::UNDEFINED)).await.unwrap();
    }
}

/// A future that something else completes, as a channel or a timer does.
#[derive(Clone, Default)]
struct Event(Rc<RefCell<(bool, Option<Waker>, u32)>>);

impl Event {
    fn happened(&self) -> impl Future<Output = ()> + 'static {
        let event = self.clone();
        poll_fn(move |context| {
            let (happened, waker, polls) = &mut *event.0.borrow_mut();
            *polls += 1;
            *waker = Some(context.waker().clone());
            if *happened { Poll::Ready(()) } else { Poll::Pending }
        })
    }

    fn waker(&self) -> Waker {
        self.0.borrow().1.clone().unwrap()
    }

    fn polls(&self) -> u32 {
        self.0.borrow().2
    }

    fn happen(&self) {
        self.0.borrow_mut().0 = true;
        self.waker().wake();
    }
}

async fn promised(value: &str) -> String {
    JsFuture::from(Promise::resolve(&JsValue::from(value))).await.unwrap().as_string().unwrap()
}

#[wasm_bindgen_test]
async fn a_task_awaits_promises_one_after_the_other_and_side_by_side() {
    let id = start(async {
        let first = promised("a").await;
        let (second, third) = future::join(promised("b"), promised("c")).await;
        let never = JsFuture::from(Promise::new(&mut |_, _| {}));
        let Either::Left((fourth, _)) = future::select(Box::pin(promised("d")), never).await else {
            unreachable!()
        };
        let many: FuturesUnordered<_> = ["e", "f"].into_iter().map(promised).collect();
        let rest: Vec<_> = many.collect().await;
        [first, second, third, fourth, rest.concat()].concat()
    });
    assert_eq!(ends(id), []);
    moments().await;
    assert_eq!(ends(id), text("abcdef"));
}

#[wasm_bindgen_test]
async fn a_task_awaits_what_another_task_or_nobody_in_wasm_brings_about() {
    let event = Event::default();
    let waiting = event.happened();
    let id = start(async {
        waiting.await;
        "happened".into()
    });
    moments().await;
    assert_eq!(ends(id), []);
    let sender = event.clone();
    start(async move {
        sender.happen();
        String::new()
    });
    assert_eq!(ends(id), [], "never inside the poll of the one that wakes");
    moments().await;
    assert_eq!(ends(id), text("happened"));
}

#[wasm_bindgen_test]
async fn several_wakes_before_a_poll_are_one_poll() {
    let event = Event::default();
    let waiting = event.happened();
    let id = start(async {
        waiting.await;
        "done".into()
    });
    let before = WAKES.get();
    for _ in 0..3 {
        event.waker().wake_by_ref();
        event.waker().wake();
    }
    assert_eq!((event.polls(), WAKES.get() - before), (1, 1), "before the poll");
    moments().await;
    assert_eq!(event.polls(), 2, "one poll more");
    event.happen();
    moments().await;
    assert_eq!((event.polls(), ends(id)), (3, text("done")));
}

#[wasm_bindgen_test]
async fn a_task_that_wakes_itself_is_polled_again_when_that_poll_is_over() {
    let polls = Rc::new(Cell::new(0));
    let counted = polls.clone();
    let id = start(async move {
        poll_fn(|context| {
            counted.set(counted.get() + 1);
            context.waker().wake_by_ref();
            if counted.get() < 5 { Poll::Pending } else { Poll::Ready(()) }
        })
        .await;
        "done".into()
    });
    assert_eq!(polls.get(), 1);
    moments().await;
    assert_eq!((polls.get(), ends(id)), (5, text("done")));
}

#[wasm_bindgen_test]
async fn a_waker_that_has_outlived_its_task_polls_nobody_else() {
    let (old, new) = (Event::default(), Event::default());
    let id = start({
        let waiting = old.happened();
        async {
            waiting.await;
            "old".into()
        }
    });
    let waker = old.waker();
    old.happen();
    moments().await;
    assert_eq!(ends(id), text("old"));
    start_in(id, {
        let waiting = new.happened();
        async {
            waiting.await;
            "new".into()
        }
    });
    waker.wake();
    moments().await;
    assert_eq!(new.polls(), 1, "the task that has its number");
    new.happen();
    moments().await;
    assert_eq!(ends(id), [text("old"), text("new")].concat());
}

#[wasm_bindgen_test]
async fn a_poll_that_was_asked_for_before_the_task_ended_polls_nobody_else() {
    let (old, new) = (Event::default(), Event::default());
    let number = Rc::new(Cell::new(0));
    let id = start({
        let (waiting, number) = (old.happened(), number.clone());
        async move {
            let wait = Wait::begin();
            number.set(wait.number);
            let news = future::select(wait, Box::pin(waiting)).await;
            if let Either::Left((Ok(_), _)) = news { "news".into() } else { "woken".into() }
        }
    });
    old.waker().wake();
    resume(id, number.get(), FULFILLED, JsValue::UNDEFINED);
    assert_eq!(ends(id), text("news"));
    start_in(id, {
        let waiting = new.happened();
        async {
            waiting.await;
            "new".into()
        }
    });
    moments().await;
    assert_eq!(new.polls(), 1);
}

#[wasm_bindgen_test]
async fn a_waker_of_a_task_that_has_trapped_is_harmless() {
    let event = Event::default();
    let waiting = event.happened();
    let id = start(async {
        waiting.await;
        core::arch::wasm32::unreachable()
    });
    event.happen();
    moments().await;
    assert_eq!(ends(id), text("trapped"));
    event.waker().wake();
    moments().await;
    assert_eq!((ends(id), event.polls()), (text("trapped"), 2));
}

/// A task that joins two waits: its ID and their numbers.
fn joined() -> (usize, u32, u32) {
    let numbers = Rc::new(Cell::new((0, 0)));
    let told = numbers.clone();
    let id = start(async move {
        wait::limit(5.0, None);
        let (first, second) = (Wait::begin(), Wait::begin());
        told.set((first.number, second.number));
        let (first, second) = future::join(first, second).await;
        [first, second]
            .map(|news| news.map_or_else(name, |brought| brought.value.as_string().unwrap()))
            .concat()
    });
    let (first, second) = numbers.get();
    (id, first, second)
}

fn name(broken: Broken) -> String {
    match broken {
        Broken::Rejected(reason) => reason.as_string().unwrap(),
        Broken::Expired => "expired".into(),
        Broken::Aborted => "aborted".into(),
    }
}

#[wasm_bindgen_test]
async fn waits_side_by_side_get_each_its_own_news_once() {
    let (id, first, second) = joined();
    resume(id, second, FULFILLED, "2".into());
    resume(id, second, FULFILLED, "again".into());
    assert_eq!(ends(id), []);
    resume(id, first, REJECTED, "no".into());
    assert_eq!(ends(id), text("no2"));
}

#[wasm_bindgen_test]
async fn each_wait_gets_the_numbers_of_its_own_news() {
    let numbers = Rc::new(Cell::new((0, 0)));
    let told = numbers.clone();
    let id = start(async move {
        let (first, second) = (Wait::begin(), Wait::begin());
        told.set((first.number, second.number));
        let (first, second) = future::join(first, second).await;
        [first, second]
            .map(|news| {
                news.map_or_else(name, |brought| format!("{} {};", brought.status, brought.facts))
            })
            .concat()
    });
    let (first, second) = numbers.get();
    task::resume(id, second, FULFILLED, JsValue::UNDEFINED, 503.0, 7);
    task::resume(id, first, FULFILLED, JsValue::UNDEFINED, 200.0, 1 << 16);
    assert_eq!(ends(id), text("200 65536;503 7;"));
}

#[wasm_bindgen_test]
async fn a_limit_ends_every_wait_that_has_no_news() {
    let (id, first, _) = joined();
    let limit = LIMIT.get();
    resume(id, first, FULFILLED, "1".into());
    resume(id, limit, EXPIRED, JsValue::UNDEFINED);
    assert_eq!(ends(id), text("1expired"));
}

#[wasm_bindgen_test]
async fn a_limit_that_ends_while_a_task_awaits_something_else_ends_its_next_wait() {
    let event = Event::default();
    let waiting = event.happened();
    let id = start(async {
        wait::limit(5.0, None);
        waiting.await;
        let ended = Wait::begin().await.map_or_else(name, |_| String::new());
        wait::limit(5.0, None);
        let wait = Wait::begin();
        resume(wait.task, wait.number, FULFILLED, JsValue::UNDEFINED);
        let next = wait.await.map_or_else(name, |_| "news".into());
        [ended, next].join(", ")
    });
    resume(id, LIMIT.get(), EXPIRED, JsValue::UNDEFINED);
    event.happen();
    moments().await;
    assert_eq!(ends(id), text("expired, news"));
}

#[wasm_bindgen_test]
async fn news_that_come_in_the_middle_of_a_poll_are_not_missed() {
    let id = start(async {
        let wait = Wait::begin();
        let (task, number) = (wait.task, wait.number);
        let beside = async move { resume(task, number, FULFILLED, "news".into()) };
        let (news, ()) = future::join(wait, beside).await;
        news.map_or_else(name, |brought| brought.value.as_string().unwrap())
    });
    moments().await;
    assert_eq!(ends(id), text("news"));
}
