//! The platform fails, or the process is killed, at each step of each request in turn: no token is
//! lost that was given out, and none is doubled.

use super::harness::*;
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};

const FATES: [Fate; 5] =
    [Fate::Fails, Fate::FailsAfterwards, Fate::DiesBefore, Fate::DiesAfter, Fate::Hangs];

/// A request whose steps are interrupted.
struct Scene {
    /// The switches of the service that are on.
    on: &'static [&'static str],
    /// Prepares the request.
    request: fn(&Server) -> Request,
    /// What holds after a request that was not interrupted, given its answer.
    done: fn(&Server, &Value),
    /// What the client finds if the request was done and its answer did not arrive.
    lost: fn(&Server, &Request),
}

struct Request {
    path: &'static str,
    body: Value,
    /// Tokens that are good until the request is done.
    held: Option<Value>,
}

impl Request {
    fn token(parameters: &str, held: Option<Value>) -> Self {
        Request { path: "/auth/token", body: token_call(WEB, parameters), held }
    }

    fn send(&self, server: &Server) -> Value {
        server.api(self.path, &self.body)
    }
}

/// Whether it makes a difference to fail after the step or before it, and whether it can hang.
fn is_possible(step: Step, fate: Fate) -> bool {
    let writes = matches!(step, Step::Commit | Step::Expire);
    match fate {
        Fate::FailsAfterwards | Fate::DiesAfter => writes,
        Fate::Hangs => step == Step::Sign,
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
fn play(scene: &Scene) {
    let mut config = config();
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
        Step::Get | Step::Random | Step::Sign => false,
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
    assert_eq!(server.store.dump(), stored, "{step:?} {fate:?}");
    if let Some(held) = &request.held {
        assert!(server.is_active(text(held, "access_token")));
    }
    (scene.done)(server, &request.send(server));
}

/// The users' tokens of the client `web` that would be accepted: access tokens and refresh tokens.
fn living(server: &Server) -> (usize, usize) {
    let dump = server.store.dump();
    let records = |kind: &'static str| {
        dump.lines().filter_map(move |line| {
            let mut parts = line.splitn(4, ' ');
            let (of, key, expires_at) = (parts.next()?, parts.next()?, parts.next()?);
            let is_live = of == kind && expires_at.parse::<u64>().unwrap() > server.now();
            let value: Value = serde_json::from_str(parts.next()?).unwrap();
            is_live.then(|| (key.split_once(':').unwrap().1, value))
        })
    };
    let grants: Vec<&str> = records("grant")
        .filter(|(_, grant)| grant["client"] == 1001 && grant.get("subject").is_some())
        .map(|(key, _)| key)
        .collect();
    let count = |kind| {
        let of_grant = records(kind)
            .filter(|(_, token)| grants.contains(&text(token, "grant")) && token["used"] != true);
        of_grant.count()
    };
    (count("access_token"), count("refresh_token"))
}

/// Tokens were issued, they are all good, and they are the only ones.
fn issued(server: &Server, answer: &Value) {
    let tokens = content(&ok(answer.clone()));
    assert_eq!(living(server), (1, 1));
    assert!(server.is_active(text(&tokens, "access_token")));
    ok(server.refresh(WEB, text(&tokens, "refresh_token")));
    assert_eq!(living(server), (1, 1));
}

/// A login without an ID token: nothing is signed, which takes a while here.
fn login(server: &Server, by: By, client: &str) -> Value {
    let code = server.code(client, json!({ "scope": "orders.read" }));
    content(&ok(server.redeem(by, &code)))
}

fn code(server: &Server) -> Request {
    Request::token(&redemption(&server.code("web", json!({}))), None)
}

/// The code was used: whoever repeats it gets nothing, and after the moment in which a client may
/// race with itself, the tokens that nobody has got end, too.
fn code_lost(server: &Server, request: &Request) {
    assert_eq!(living(server), (1, 1));
    assert_no_good(&request.send(server), "A050305");
    server.advance(20_000);
    assert_no_good(&request.send(server), "A050305");
    assert_eq!(living(server), (0, 0));
}

fn refresh(server: &Server) -> Request {
    let login = login(server, WEB, "web");
    let parameters =
        format!("grant_type=refresh_token&refresh_token={}", text(&login, "refresh_token"));
    Request::token(&parameters, Some(login))
}

/// The repetition is taken for a reuse: the client must ask its user again, and two living sets of
/// tokens there never are.
fn refresh_lost(server: &Server, request: &Request) {
    assert_eq!(living(server), (1, 1));
    assert_no_good(&request.send(server), "A053302");
    assert_eq!(living(server), (0, 0));
}

/// The repetition brings tokens, as if nothing had happened.
fn repeated(server: &Server, request: &Request) {
    let held = request.held.as_ref().unwrap();
    assert!(!server.is_active(text(held, "access_token")));
    assert_eq!(living(server), (1, 1));
    issued(server, &request.send(server));
}

fn password_issue(server: &Server) -> Request {
    let pending = server.token(WEB, "grant_type=password&username=a&password=b&scope=openid");
    let body = json!({ "ticket": pending["ticket"], "subject": "user-1" });
    Request { path: "/auth/token/issue", body, held: None }
}

/// The ticket was used, and its tokens are there once.
fn ticket_lost(server: &Server, request: &Request) {
    assert_refused(&request.send(server), "INTERNAL_SERVER_ERROR", "server_error", "A049209");
    assert_eq!(living(server), (1, 1));
}

#[test]
fn a_code_brings_tokens_once_wherever_its_request_is_cut_short() {
    play(&Scene { on: &[], request: code, done: issued, lost: code_lost });
}

#[test]
fn a_refresh_brings_tokens_once_wherever_it_is_cut_short() {
    for on in [&[][..], &["singleAccessTokenPerSubject", "refreshTokenDurationKept"]] {
        play(&Scene { on, request: refresh, done: issued, lost: refresh_lost });
    }
}

#[test]
fn a_kept_refresh_token_stays_good_wherever_a_refresh_is_cut_short() {
    for on in [&["refreshTokenKept"][..], &["refreshTokenKept", "refreshTokenDurationReset"]] {
        play(&Scene { on, request: refresh, done: issued, lost: repeated });
    }
}

#[test]
fn an_idempotent_refresh_brings_its_tokens_in_the_end_wherever_it_is_cut_short() {
    let lost = |server: &Server, request: &Request| {
        let once = ok(request.send(server));
        let twice = ok(request.send(server));
        assert_eq!(once["previousRefreshTokenUsed"], true);
        for same in ["accessToken", "refreshToken"] {
            assert_eq!(twice[same], once[same]);
        }
        repeated(server, request);
    };
    play(&Scene { on: &["refreshTokenIdempotent"], request: refresh, done: issued, lost });
}

#[test]
fn a_ticket_brings_tokens_once_wherever_its_request_is_cut_short() {
    play(&Scene { on: &[], request: password_issue, done: issued, lost: ticket_lost });
}

#[test]
fn a_login_ends_the_one_before_together_with_its_own_success_or_not_at_all() {
    let on = &["singleAccessTokenPerSubject"];
    let request = |server: &Server| {
        let held = login(server, WEB, "web");
        Request { held: Some(held), ..code(server) }
    };
    let lost = |server: &Server, request: &Request| {
        assert!(!server.is_active(text(request.held.as_ref().unwrap(), "access_token")));
        code_lost(server, request);
    };
    play(&Scene { on, request, done: issued, lost });
    let request = |server: &Server| {
        let held = login(server, WEB, "web");
        Request { held: Some(held), ..password_issue(server) }
    };
    play(&Scene { on, request, done: issued, lost: ticket_lost });
}

#[test]
fn a_client_without_a_user_and_a_password_just_ask_again() {
    let own = |_: &Server| Request::token("grant_type=client_credentials", None);
    let done = |server: &Server, answer: &Value| {
        assert!(server.is_active(text(&ok(answer.clone()), "accessToken")));
    };
    let lost = |server: &Server, request: &Request| {
        assert!(server.is_active(text(&ok(request.send(server)), "accessToken")));
    };
    play(&Scene { on: &[], request: own, done, lost });

    let ask = |_: &Server| Request::token("grant_type=password&username=a&password=b", None);
    let done = |server: &Server, answer: &Value| {
        let body = json!({ "ticket": answer["ticket"], "subject": "user-1" });
        issued(server, &server.api("/auth/token/issue", &body));
    };
    let lost =
        |server: &Server, request: &Request| assert_eq!(request.send(server)["action"], "PASSWORD");
    play(&Scene { on: &[], request: ask, done, lost });
}

#[test]
fn a_replay_ends_the_family_at_the_latest_when_it_is_repeated() {
    let ended = |server: &Server, answer: &Value| {
        let code = text(answer, "resultCode");
        assert_no_good(answer, if code == "A050397" { "A050305" } else { "A053302" });
        assert_eq!(living(server), (0, 0));
    };
    let lost = |server: &Server, request: &Request| {
        assert_eq!(living(server), (0, 0));
        assert_eq!(request.send(server)["action"], "BAD_REQUEST");
    };
    let reuse = |server: &Server| {
        let used = refresh(server);
        Request { held: Some(content(&ok(used.send(server)))), ..used }
    };
    play(&Scene { on: &[], request: reuse, done: ended, lost });
    let replay = |server: &Server| {
        let used = code(server);
        let held = Some(content(&ok(used.send(server))));
        server.advance(20_000);
        Request { held, ..used }
    };
    play(&Scene { on: &[], request: replay, done: ended, lost });
}

#[test]
fn records_that_are_garbage_mean_500_nothing_issued_and_nothing_lost() {
    for request in [code, refresh, password_issue] {
        let server = server();
        let request = request(&server);
        let stored = server.store.dump();
        let garbage: &AtomicBool = &server.switches.garbage;
        garbage.store(true, SeqCst);
        let answer = request.send(&server);
        assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A001101");
        garbage.store(false, SeqCst);
        assert_eq!(server.store.dump(), stored);
        issued(&server, &request.send(&server));
    }
}
