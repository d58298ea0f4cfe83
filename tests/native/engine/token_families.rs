//! A grant with its code and tokens is one record: what is read and written, what belongs to it,
//! and what only looks as if it did.

use super::harness::*;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// The same text with another character at its end. The last one of base64url may have unused bits:
/// then it is the one before.
fn altered(token: &str) -> String {
    let (rest, end) = token.split_at(token.len() - 2);
    format!("{rest}{}", if end == "AA" { "BA" } else { "AA" })
}

#[test]
fn a_token_that_somebody_made_up_from_good_ones_ends_nothing() {
    let server = server();
    let code = server.code("web", json!({}));
    let login = content(&ok(server.redeem(WEB, &code)));
    let fresh = content(&ok(server.refresh(WEB, text(&login, "refresh_token"))));
    server.advance(20_000);
    let (old, last) = (text(&login, "refresh_token"), text(&fresh, "refresh_token"));
    let access = text(&fresh, "access_token");
    let mixed = format!(
        "{}{}",
        &last[..22],
        &server.login(WEB, "web")["access_token"].as_str().unwrap()[22..]
    );
    for wrong in [altered(old), altered(last), mixed, access.into(), code.clone(), old[..64].into()]
    {
        assert_eq!(server.refresh(WEB, &wrong)["resultCode"], "A053302", "{wrong}");
        server.engine.revoke(&altered(&wrong)).unwrap();
    }
    for wrong in [altered(&code), access.into(), last.into()] {
        assert_eq!(server.redeem(WEB, &wrong)["resultCode"], "A050305", "{wrong}");
    }
    assert!(!server.is_active(&altered(access)) && server.is_active(access));
    ok(server.refresh(WEB, last));
}

#[test]
fn a_refresh_token_that_was_replaced_long_ago_still_takes_its_family_along() {
    let server = server();
    let login = server.login(WEB, "web");
    let mut tokens = login.clone();
    for _ in 0..30 {
        server.advance(9 * 86_400_000);
        tokens = content(&ok(server.refresh(WEB, text(&tokens, "refresh_token"))));
    }
    assert_no_good(&server.refresh(WEB, text(&login, "refresh_token")), "A053302");
    assert!(!server.is_active(text(&tokens, "access_token")));
    assert_no_good(&server.refresh(WEB, text(&tokens, "refresh_token")), "A053302");
}

/// The records that it reads, and whether it writes.
fn steps(server: &Server, act: impl FnOnce()) -> (usize, usize) {
    let counts = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
    let counted = counts.clone();
    *server.switches.plan.lock().unwrap() = Some(Box::new(move |step| {
        match step {
            Step::Get => counted.0.fetch_add(1, SeqCst),
            Step::Commit => counted.1.fetch_add(1, SeqCst),
            _ => 0,
        };
        Fate::Works
    }));
    act();
    server.switches.plan.lock().unwrap().take();
    (counts.0.load(SeqCst), counts.1.load(SeqCst))
}

#[test]
fn a_request_reads_one_record_at_most_and_a_login_is_one_record_for_all_its_life() {
    let server = server();
    let own = |server: &Server| ok(server.token(WEB, "grant_type=client_credentials"));
    assert_eq!(steps(&server, || drop(own(&server))), (0, 1));
    assert_eq!(server.store.len(), 1);
    let code = server.code("web", json!({}));
    let mut tokens = Value::Null;
    assert_eq!(steps(&server, || tokens = content(&ok(server.redeem(WEB, &code)))), (1, 1));
    for _ in 0..3 {
        let last = tokens.clone();
        let refreshed = || tokens = content(&ok(server.refresh(WEB, text(&last, "refresh_token"))));
        assert_eq!(steps(&server, refreshed), (1, 1));
    }
    assert_eq!(server.store.len(), 2);
    assert_eq!(steps(&server, || assert!(server.is_active(text(&tokens, "access_token")))), (1, 0));
}

#[test]
fn what_protected_a_code_is_forgotten_with_the_first_refresh_after_its_moment() {
    let server = server();
    let code = server.code("web", json!({ "nonce": "a-visible-nonce" }));
    let mut tokens = content(&ok(server.redeem(WEB, &code)));
    assert!(!server.store.dump().contains("a-visible-nonce"));
    for (wait, kept) in [(5_000, true), (5_000, false)] {
        server.advance(wait);
        tokens = content(&ok(server.refresh(WEB, text(&tokens, "refresh_token"))));
        assert_eq!(server.store.dump().contains(CHALLENGE), kept);
    }
    assert_no_good(&server.redeem(WEB, &code), "A050305");
    assert!(!server.is_active(text(&tokens, "access_token")), "the code itself is remembered");
}

#[test]
fn a_chosen_access_token_that_has_become_another_grants_is_not_ended_by_the_first() {
    let server = server();
    let chosen = |seconds: u32| {
        let mut call = token_call(WEB, &redemption(&server.code("web", json!({}))));
        call["accessToken"] = json!("chosen");
        call["accessTokenDuration"] = json!(seconds);
        server.api("/auth/token", &call)
    };
    let first = content(&ok(chosen(10)));
    server.advance(10_000);
    let second = content(&ok(chosen(3600)));
    ok(server.refresh(WEB, text(&first, "refresh_token")));
    assert!(server.is_active("chosen"), "it is the second one's");
    assert_eq!(chosen(3600)["resultCode"], "A049203", "it is in use");
    // Once its grant has ended, it is free.
    server.engine.revoke(text(&second, "refresh_token")).unwrap();
    assert!(!server.is_active("chosen"));
    ok(chosen(3600));
    assert!(server.is_active("chosen"));
}

#[test]
fn an_access_token_that_the_host_has_chosen_belongs_to_its_grant_and_is_free_again_after_a_refresh()
{
    let server = server();
    let login = server.login(WEB, "web");
    let chosen = |refresh_token: &str, access_token: &str| {
        let parameters = format!("grant_type=refresh_token&refresh_token={refresh_token}");
        let mut call = token_call(WEB, &parameters);
        call["accessToken"] = access_token.into();
        server.api("/auth/token", &call)
    };
    // One of them looks as if it began with the identifier of a grant.
    let own = text(&server.login(WEB, "web"), "access_token")[..22].to_owned() + &"x".repeat(43);
    let mut refresh_token = text(&login, "refresh_token").to_owned();
    for token in ["chosen", &own, "chosen"] {
        let answer = ok(chosen(&refresh_token, token));
        assert!(server.is_active(token));
        text(&answer, "refreshToken").clone_into(&mut refresh_token);
        assert_eq!(chosen(&refresh_token, token)["resultCode"], "A049203", "it is in use");
    }
    assert!(!server.is_active(&own), "it ended with its refresh token");
    let good = server.login(WEB, "web");
    let taken = text(&good, "access_token");
    assert_eq!(chosen(&refresh_token, taken)["resultCode"], "A049203", "the engine made it");
    server.engine.revoke("chosen").unwrap();
    assert!(!server.is_active("chosen") && server.is_active(taken));
    assert_no_good(&server.refresh(WEB, &refresh_token), "A053302");
}
