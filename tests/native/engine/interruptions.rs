//! Requests that are interrupted: at each of their steps in turn, the platform fails or the process
//! is killed.

use super::assertions::*;
use super::harness::*;
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

const FATES: [Fate; 5] =
    [Fate::Fails, Fate::FailsAfterwards, Fate::DiesBefore, Fate::DiesAfter, Fate::Hangs];

/// A request whose steps are interrupted.
pub struct Scene {
    /// The switches of the service that are on.
    pub on: &'static [&'static str],
    /// Prepares the request.
    pub request: fn(&Server) -> Request,
    /// What holds after a request that was not interrupted, given its answer.
    pub done: fn(&Server, &Value),
    /// What the client finds if the request was done and its answer did not arrive.
    pub lost: fn(&Server, &Request),
}

pub struct Request {
    pub path: &'static str,
    pub body: Value,
    /// Tokens that are good until the request is done.
    pub held: Option<Value>,
    /// How the client repeats it, if it has to say something new: a refused request uses up an
    /// assertion, too.
    pub repetition: Option<Value>,
}

impl Request {
    pub fn token(parameters: &str, held: Option<Value>) -> Self {
        Request { path: "/auth/token", body: token_call(WEB, parameters), held, repetition: None }
    }

    /// Makes the request, or repeats it.
    pub fn send(&self, server: &Server) -> Value {
        server.api(self.path, self.repetition.as_ref().unwrap_or(&self.body))
    }
}

/// Whether it makes a difference to fail after the step or before it, and whether it can hang.
fn is_possible(step: Step, fate: Fate) -> bool {
    let writes = matches!(step, Step::Commit | Step::Expire);
    match fate {
        Fate::FailsAfterwards | Fate::DiesAfter => writes,
        Fate::Hangs => matches!(step, Step::Sign | Step::Verify | Step::Fetch),
        Fate::Works | Fate::Fails | Fate::DiesBefore => true,
    }
}

/// Runs a request whose step number `n` has this fate. Its answer, unless it ends without one; and
/// that step, if there is one.
fn interrupted(
    server: &Server,
    request: &Request,
    n: usize,
    fate: Fate,
) -> (Option<Value>, Option<Step>) {
    let met = Arc::new(Mutex::new(None));
    let (mut count, at) = (0, met.clone());
    *server.switches.plan.lock().unwrap() = Some(Box::new(move |step| {
        count += 1;
        if count != n + 1 {
            return Fate::Works;
        }
        *at.lock().unwrap() = Some(step);
        if is_possible(step, fate) { fate } else { Fate::Works }
    }));
    let sent = server.send(request.path, request.body.to_string());
    let response = catch_unwind(AssertUnwindSafe(|| wait_until_it_hangs(sent)));
    let response = response.unwrap_or_else(|payload| {
        assert!(payload.is::<Killed>(), "a panic");
        None
    });
    server.switches.plan.lock().unwrap().take();
    let answer = response.map(|response| serde_json::from_slice(&response.body).unwrap());
    let step = *met.lock().unwrap();
    (answer, step)
}

/// Interrupts every step in every way.
pub fn play(scene: &Scene) {
    let mut config = config_with_keys();
    for switch in scene.on {
        config["service"][*switch] = true.into();
    }
    let mut steps = Vec::new();
    for n in 0.. {
        let before = steps.len();
        for fate in FATES {
            let server = start(&config);
            // Something that has expired, to be swept away, and another client of the same user.
            server.code("spa", json!({}));
            server.advance(100_000);
            let bystander = login(&server, SPA, "spa");
            let request = (scene.request)(&server);
            let stored = server.store.dump();
            // Only the first request of an engine is sure to sweep.
            let server = server.reconfigured(&config);
            let (answer, step) = interrupted(&server, &request, n, fate);
            let Some(step) = step else { break };
            if is_possible(step, fate) {
                // A new process over the same store.
                let server = server.reconfigured(&config);
                judge(scene, &server, &request, (step, fate), answer, &stored);
                assert!(server.is_active(text(&bystander, "access_token")));
                ok(server.refresh(SPA, text(&bystander, "refresh_token")));
                login(&server, WEB, "web");
                steps.push((step, fate));
            }
        }
        if steps.len() == before {
            break;
        }
    }
    let commits = steps.iter().filter(|(step, _)| *step == Step::Commit).count();
    assert_eq!(commits, 4, "one commit, interrupted in each way: {steps:?}");
    assert!(steps.iter().any(|(step, _)| *step == Step::Expire), "a sweep: {steps:?}");
}

fn judge(
    scene: &Scene,
    server: &Server,
    request: &Request,
    (step, fate): (Step, Fate),
    answer: Option<Value>,
    stored: &str,
) {
    let has_ended = matches!(fate, Fate::DiesBefore | Fate::DiesAfter | Fate::Hangs);
    assert_eq!(answer.is_none(), has_ended, "{step:?} {fate:?}: {answer:?}");
    let is_durable = match step {
        Step::Commit => matches!(fate, Fate::FailsAfterwards | Fate::DiesAfter),
        Step::Expire => true,
        Step::Get | Step::Random | Step::Sign | Step::Verify | Step::Fetch => false,
    };
    match answer {
        // The sweep comes after the commit, and matters to nobody.
        Some(answer) if step == Step::Expire => return (scene.done)(server, &answer),
        Some(answer) => {
            assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A001101");
        }
        None => {}
    }
    if is_durable {
        assert_ne!(server.store.dump(), stored);
        return (scene.lost)(server, request);
    }
    if request.repetition.is_none() {
        assert_eq!(server.store.dump(), stored, "{step:?} {fate:?}");
    }
    if let Some(held) = &request.held {
        assert!(server.is_active(text(held, "access_token")));
    }
    (scene.done)(server, &request.send(server));
}

/// The users' tokens that would be accepted, access tokens and refresh tokens, except for those of
/// the bystander.
pub fn living(server: &Server) -> (usize, usize) {
    let dump = server.store.dump();
    let families: Vec<Value> = dump
        .lines()
        .filter(|line| line.starts_with("grant "))
        .map(|line| serde_json::from_str(line.splitn(4, ' ').last().unwrap()).unwrap())
        .filter(|family: &Value| {
            family["grant"]["client"] != 1003 && family["grant"].get("subject").is_some()
        })
        .collect();
    let count = |token: &str| {
        let is_live = |family: &&Value| {
            family[token]["expires_at"].as_u64().is_some_and(|moment| moment > server.now())
        };
        families.iter().filter(is_live).count()
    };
    (count("access_token"), count("refresh_token"))
}

/// A login without an ID token: nothing is signed, which takes a while here.
pub fn login(server: &Server, by: By, client: &str) -> Value {
    let code = server.code(client, json!({ "scope": "orders.read" }));
    content(&ok(server.redeem(by, &code)))
}
