//! Clients whose keys are at a `jwks_uri`: when they are fetched, how long they are kept, and what
//! happens while they can't be fetched.

use super::assertions::*;
use super::harness::*;
use super::signatures::{base64url, public_jwk};
use authlete_token::engine::PlatformFailure::{Fetch, KeySet};
use authlete_token::engine::{Algorithm, Document};
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

const URI: &str = "https://client.example/jwks.json";
const MINUTE: u64 = 60_000;

/// The client `jwt` with its keys at [`URI`].
fn remote(more: Value) -> Value {
    let mut config = config_with_client(json!({ "jwks": null, "jwks_uri": URI }));
    merge(&mut config["clients"][4], more);
    config
}

/// A server whose client publishes these keys.
fn publishing(keys: &[Value]) -> Server {
    let server = start(&remote(json!({})));
    server.publish(&json!({ "keys": keys }).to_string());
    server
}

fn key(alg: Algorithm, kid: &str) -> Value {
    with(public_jwk(alg), "kid", json!(kid))
}

fn other_key(kid: &str) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": base64url(&[0x58; 32]), "kid": kid })
}

/// An assertion that is good now.
fn assertion(server: &Server, alg: Algorithm, kid: Option<&str>, jti: &str) -> String {
    let now = server.now() / 1000;
    Assertion::by(alg)
        .header(json!({ "kid": kid }))
        .claims(json!({ "jti": jti, "iat": now, "exp": now + 300 }))
        .signed()
}

impl Server {
    fn publish(&self, text: &str) {
        self.publish_for(text, None);
    }

    fn publish_for(&self, text: &str, cache_control: Option<&str>) {
        let document =
            Document { text: text.to_owned(), cache_control: cache_control.map(str::to_owned) };
        self.switches.documents.lock().unwrap().insert(URI.to_owned(), document);
    }

    fn go_offline(&self) {
        self.switches.documents.lock().unwrap().clear();
    }

    /// How often the keys were fetched, from nowhere else.
    fn fetches(&self) -> usize {
        let fetched = self.switches.fetched.lock().unwrap();
        assert!(fetched.iter().all(|url| url == URI), "{fetched:?}");
        fetched.len()
    }

    /// Asserts that nobody can tell whether an assertion is good.
    fn assert_undecided(&self, assertion: &str) {
        let call = assertion_call(assertion, CREDENTIALS).to_string();
        let response = wait(self.send("/auth/token", call));
        assert_eq!(response.status, 503);
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!(body["resultCode"], "A157190");
    }
}

#[test]
fn keys_are_fetched_for_the_first_assertion_and_kept_for_ten_minutes() {
    for alg in Algorithm::ALL {
        let server = publishing(&[key(alg, "1")]);
        ok(server.assert(&assertion(&server, alg, Some("1"), "1")));
        server.advance(10 * MINUTE - 1);
        ok(server.assert(&assertion(&server, alg, None, "2")));
        assert_eq!(server.fetches(), 1, "{alg:?}");
        server.advance(1);
        ok(server.assert(&assertion(&server, alg, Some("1"), "3")));
        assert_eq!(server.fetches(), 2, "{alg:?}");
    }
}

#[test]
fn an_answer_may_say_how_long_its_keys_are_good() {
    let server = publishing(&[]);
    let text = json!({ "keys": [key(Algorithm::EdDSA, "1")] }).to_string();
    server.publish_for(&text, Some("public, max-age=3600"));
    ok(server.assert(&assertion(&server, Algorithm::EdDSA, None, "1")));
    server.advance(60 * MINUTE - 1);
    ok(server.assert(&assertion(&server, Algorithm::EdDSA, None, "2")));
    assert_eq!(server.fetches(), 1);
    server.advance(1);
    ok(server.assert(&assertion(&server, Algorithm::EdDSA, None, "3")));
    assert_eq!(server.fetches(), 2);
}

#[test]
fn a_new_key_is_found_at_once_with_and_without_a_kid() {
    for kid in [Some("new"), None] {
        let server = publishing(&[other_key("old")]);
        let answer = server.assert(&assertion(&server, Algorithm::EdDSA, Some("old"), "0"));
        assert_not_authenticated(&answer, "A157390");
        server.advance(MINUTE);
        server.publish(
            &json!({ "keys": [other_key("old"), key(Algorithm::EdDSA, "new")] }).to_string(),
        );
        ok(server.assert(&assertion(&server, Algorithm::EdDSA, kid, "1")));
        assert_eq!(server.fetches(), 2);
        ok(server.assert(&assertion(&server, Algorithm::EdDSA, kid, "2")));
        assert_eq!(server.fetches(), 2);
    }
}

#[test]
fn a_key_that_was_withdrawn_is_good_for_ten_minutes_at_most() {
    let server = publishing(&[key(Algorithm::EdDSA, "1")]);
    ok(server.assert(&assertion(&server, Algorithm::EdDSA, Some("1"), "1")));
    server.publish(r#"{"keys":[]}"#);
    server.advance(10 * MINUTE);
    let answer = server.assert(&assertion(&server, Algorithm::EdDSA, Some("1"), "2"));
    assert_not_authenticated(&answer, "A156304");
}

#[test]
fn whatever_assertions_say_the_keys_are_fetched_once_a_minute_at_most() {
    let server = publishing(&[key(Algorithm::EdDSA, "1")]);
    let mut sent = 0;
    for expected in 1..=3 {
        for kid in ["a", "b", "http://127.0.0.1/", "../../etc/passwd", "__proto__"] {
            sent += 1;
            let unknown = assertion(&server, Algorithm::EdDSA, Some(kid), &sent.to_string());
            assert_not_authenticated(&server.assert(&unknown), "A156304");
            let forged = assertion(&server, Algorithm::EdDSA, None, &sent.to_string());
            let (input, _) = forged.rsplit_once('.').unwrap();
            let forged = format!("{input}.{}", base64url(&[1; 64]));
            assert_not_authenticated(&server.assert(&forged), "A157390");
        }
        assert_eq!(server.fetches(), expected);
        server.advance(MINUTE);
    }
    // A known kid with a wrong signature is no reason to look for other keys.
    let good = assertion(&server, Algorithm::EdDSA, Some("1"), "x");
    let (input, _) = good.rsplit_once('.').unwrap();
    let answer = server.assert(&format!("{input}.{}", base64url(&[1; 64])));
    assert_not_authenticated(&answer, "A157390");
    assert_eq!(server.fetches(), 3);
    ok(server.assert(&good));
}

#[test]
fn nothing_is_fetched_for_an_assertion_that_is_refused_anyway() {
    let server = publishing(&[key(Algorithm::EdDSA, "1")]);
    let pinned =
        server.reconfigured(&remote(json!({ "token_endpoint_auth_signing_alg": "PS256" })));
    for claims in [
        json!({ "iss": "nobody", "sub": "nobody" }),
        json!({ "iss": "web", "sub": "web" }),
        json!({ "sub": "web" }),
        json!({ "aud": "https://evil.example" }),
        json!({ "exp": 1 }),
        json!({ "exp": null }),
        json!({ "iat": NOW / 1000 + 3600 }),
        json!({ "jti": null }),
    ] {
        let header = json!({ "jku": "https://evil.example/jwks", "x5u": "https://evil.example/x5u", "jwk": other_key("1"), "x5c": ["MII"] });
        let answer = server.assert(&Assertion::new().header(header).claims(claims).signed());
        assert_eq!(answer["action"], "INVALID_CLIENT");
    }
    for header in
        [json!({ "typ": "dpop+jwt" }), json!({ "crit": ["exp"] }), json!({ "alg": "none" })]
    {
        assert_eq!(
            server.assert(&Assertion::new().header(header).signed())["action"],
            "INVALID_CLIENT"
        );
    }
    let mac = maced(authlete_token::engine::MacAlgorithm::HS256, "", &Assertion::new().claims);
    assert_not_authenticated(&server.assert(&mac), "A156304");
    assert_not_authenticated(&pinned.assert(&Assertion::new().signed()), "A156304");
    assert_eq!(server.fetches(), 0);
    // Addresses in a header are ignored where the client is known, too.
    let header = json!({ "kid": "1", "jku": "https://evil.example/jwks" });
    ok(server.assert(&Assertion::new().header(header).signed()));
    assert_eq!(server.fetches(), 1);
}

#[test]
fn known_keys_are_used_for_a_day_while_they_cannot_be_fetched() {
    let server = publishing(&[key(Algorithm::EdDSA, "1")]);
    ok(server.assert(&assertion(&server, Algorithm::EdDSA, Some("1"), "1")));
    server.go_offline();
    server.advance(10 * MINUTE);
    for jti in ["2", "3", "4"] {
        ok(server.assert(&assertion(&server, Algorithm::EdDSA, Some("1"), jti)));
    }
    // The next attempt is a minute later.
    assert_eq!(server.fetches(), 2);
    assert_eq!(*server.switches.failures.lock().unwrap(), [(Fetch, "authToken")]);
    server.advance(MINUTE);
    ok(server.assert(&assertion(&server, Algorithm::EdDSA, Some("1"), "5")));
    assert_eq!(server.fetches(), 3);
    // What none of them fits is refused.
    let unknown = assertion(&server, Algorithm::EdDSA, Some("unknown"), "6");
    assert_not_authenticated(&server.assert(&unknown), "A156304");
    server.advance(24 * 60 * MINUTE - 11 * MINUTE - 1);
    ok(server.assert(&assertion(&server, Algorithm::EdDSA, Some("1"), "7")));
    server.advance(1);
    server.assert_undecided(&assertion(&server, Algorithm::EdDSA, Some("1"), "8"));
}

#[test]
fn without_any_keys_the_client_is_asked_to_come_back_and_the_assertion_stays_good() {
    let server = start(&remote(json!({})));
    let good = assertion(&server, Algorithm::EdDSA, None, "1");
    for _ in 0..3 {
        server.assert_undecided(&good);
    }
    assert_eq!(server.fetches(), 1);
    assert_eq!(*server.switches.failures.lock().unwrap(), [(Fetch, "authToken")]);
    server.publish(&json!({ "keys": [key(Algorithm::EdDSA, "1")] }).to_string());
    server.advance(9_999);
    server.assert_undecided(&good);
    server.advance(1);
    ok(server.assert(&good));
    assert_eq!(server.fetches(), 2);
}

#[test]
fn what_is_not_a_key_set_is_a_failure_and_bad_keys_in_one_are_skipped() {
    for text in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"keys":null}"#,
        r#"{"keys":{}}"#,
        "<html>",
        r#"{"keys":[],"keys":[]}"#,
        r#"{"keys":[{"kty":"oct","kty":"EC"}]}"#,
    ] {
        let server = start(&remote(json!({})));
        server.publish(text);
        server.assert_undecided(&Assertion::new().signed());
        assert_eq!(*server.switches.failures.lock().unwrap(), [(KeySet, "authToken")], "{text}");
    }
    let private = with(key(Algorithm::EdDSA, "1"), "d", json!("AA"));
    let bad = [
        json!(null),
        json!(7),
        json!({}),
        private.clone(),
        with(key(Algorithm::EdDSA, "1"), "x", json!("AA")),
        json!({ "kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMko", "kid": "1" }),
        with(key(Algorithm::EdDSA, "1"), "use", json!("enc")),
    ];
    let server = publishing(&[&bad[..], &[key(Algorithm::EdDSA, "1")]].concat());
    ok(server.assert(&assertion(&server, Algorithm::EdDSA, Some("1"), "1")));
    assert_eq!(server.switches.failures.lock().unwrap().len(), 0);
    let dump = server.store.dump();
    assert!(
        dump.contains("client_keys ") && !dump.contains(r#"\"d\""#) && !dump.contains("AyM1SysP"),
        "{dump}"
    );
    let server = publishing(&[private]);
    let answer = server.assert(&assertion(&server, Algorithm::EdDSA, Some("1"), "1"));
    assert_not_authenticated(&answer, "A156304");
}

#[test]
fn of_requests_at_the_same_time_one_fetches_and_all_get_in() {
    let server = publishing(&[other_key("old")]);
    let all = |server: &Server, kid: Option<&str>, from: usize| {
        let calls = (from..from + 20).map(|jti| {
            let assertion = assertion(server, Algorithm::EdDSA, kid, &jti.to_string());
            assertion_call(&assertion, CREDENTIALS).to_string()
        });
        let answers = wait_for_all(calls.map(|call| server.send("/auth/token", call)).collect());
        answers
            .iter()
            .filter(|answer| {
                let body: Value = serde_json::from_slice(&answer.body).unwrap();
                body["action"] == "OK"
            })
            .count()
    };
    // Nothing is known yet, and then the keys are replaced.
    server.publish(&json!({ "keys": [key(Algorithm::EdDSA, "1")] }).to_string());
    assert_eq!((all(&server, Some("1"), 0), server.fetches()), (20, 1));
    server.publish(&json!({ "keys": [key(Algorithm::EdDSA, "2")] }).to_string());
    server.advance(MINUTE);
    assert_eq!((all(&server, Some("2"), 100), server.fetches()), (20, 2));
    // While one looks for newer ones, the others use what they have.
    server.advance(10 * MINUTE);
    assert_eq!((all(&server, Some("2"), 200), server.fetches()), (20, 3));
    // And if there is nothing to be had, all of them learn that.
    let server = start(&remote(json!({})));
    assert_eq!((all(&server, None, 0), server.fetches()), (0, 1));
}

#[test]
fn a_request_that_was_given_up_while_it_fetched_holds_others_up_for_ten_seconds_only() {
    let server = publishing(&[key(Algorithm::EdDSA, "1")]);
    *server.switches.plan.lock().unwrap() =
        Some(Box::new(|step| if step == Step::Fetch { Fate::Hangs } else { Fate::Works }));
    let call = assertion_call(&Assertion::new().signed(), CREDENTIALS).to_string();
    assert!(wait_until_it_hangs(server.send("/auth/token", call)).is_none());
    *server.switches.plan.lock().unwrap() = None;
    server.assert_undecided(&Assertion::new().signed());
    assert_eq!(server.fetches(), 1);
    server.advance(10_000);
    ok(server.assert(&Assertion::new().signed()));
    assert_eq!(server.fetches(), 2);
}

#[test]
fn while_one_request_waits_for_newer_keys_the_others_use_the_known_ones() {
    let server = publishing(&[key(Algorithm::EdDSA, "1")]);
    ok(server.assert(&assertion(&server, Algorithm::EdDSA, Some("1"), "first")));
    server.advance(11 * MINUTE);
    *server.switches.plan.lock().unwrap() =
        Some(Box::new(|step| if step == Step::Fetch { Fate::Hangs } else { Fate::Works }));
    let call = |jti: &str| {
        let assertion = assertion(&server, Algorithm::EdDSA, Some("1"), jti);
        assertion_call(&assertion, CREDENTIALS).to_string()
    };
    assert!(wait_until_it_hangs(server.send("/auth/token", call("second"))).is_none());
    let others = wait_until_it_hangs(server.send("/auth/token", call("third"))).unwrap();
    let answer: Value = serde_json::from_slice(&others.body).unwrap();
    assert_eq!(answer["action"], "OK");
}

#[test]
fn keys_outlive_a_restart_and_belong_to_the_address_that_they_came_from() {
    let server = publishing(&[key(Algorithm::EdDSA, "1")]);
    ok(server.assert(&assertion(&server, Algorithm::EdDSA, None, "1")));
    let restarted = server.reconfigured(&remote(json!({})));
    ok(restarted.assert(&assertion(&server, Algorithm::EdDSA, None, "2")));
    assert_eq!(server.fetches(), 1);
    let moved = server.reconfigured(&remote(json!({ "jwks_uri": "https://elsewhere.example/" })));
    let call = assertion_call(&assertion(&server, Algorithm::EdDSA, None, "3"), CREDENTIALS);
    assert_eq!(wait(moved.send("/auth/token", call.to_string())).status, 503);
    assert_eq!(
        server.switches.fetched.lock().unwrap().last().unwrap(),
        "https://elsewhere.example/"
    );
}

#[test]
fn no_more_than_five_keys_of_a_set_are_tried_and_none_twice() {
    let server = publishing(&(0..9).map(|i| other_key(&i.to_string())).collect::<Vec<_>>());
    let before = server.switches.verifications.load(SeqCst);
    let answer = server.assert(&assertion(&server, Algorithm::EdDSA, None, "1"));
    assert_not_authenticated(&answer, "A157390");
    assert_eq!(server.switches.verifications.load(SeqCst), before + 5);
    // The same keys once more are not tried again.
    server.advance(MINUTE);
    let answer = server.assert(&assertion(&server, Algorithm::EdDSA, None, "2"));
    assert_eq!(answer["action"], "INVALID_CLIENT");
    assert!(server.switches.verifications.load(SeqCst) <= before + 11);
    assert_eq!(server.fetches(), 2);
}

#[test]
fn the_other_endpoints_ask_the_client_to_come_back_too() {
    let mut config = remote(json!({ "resource_identifiers": ["https://api.example.com"] }));
    config["clients"][4]["redirect_uris"] = json!([CALLBACK]);
    let server = start(&config);
    let assertion = Assertion::new().signed();
    let body = format!(
        "token=x&client_assertion={assertion}&client_assertion_type={}",
        JWT_BEARER.replace(':', "%3A")
    );
    let request = authlete_token::http::HttpRequest {
        method: "POST".into(),
        url: "https://as.example.com/introspect".into(),
        headers: vec![("content-type".into(), "application/x-www-form-urlencoded".into())],
        body: body.into_bytes(),
    };
    for response in [
        wait(server.engine.handle_introspection(&request)),
        wait(server.engine.handle_revocation(&request)),
    ] {
        let body: Value = serde_json::from_slice(&response.body).unwrap();
        assert_eq!((response.status, text(&body, "error")), (503, "temporarily_unavailable"));
    }
}
