//! What a host is told of calls that are refused, decided again, or of no use to a thief: the check
//! that refused them, and what that did.

use super::assertions::*;
use super::harness::*;
use super::proofs::*;
use super::traced::assert_ends;
use serde_json::{Value, json};
use std::sync::atomic::Ordering::SeqCst;

fn idempotent() -> Server {
    start(&config_with_service(json!({ "refreshTokenIdempotent": true })))
}

#[test]
fn a_lost_answer_is_given_again_and_a_reuse_ends_the_grant() {
    let server = idempotent();
    let login = server.login(WEB, "web");
    let old = text(&login, "refresh_token");
    ok(server.refresh(WEB, old));
    assert_ends(
        &server,
        &["refresh_token_issued replacing", "commit insert renewal, replace grant"],
    );
    ok(server.refresh(WEB, old));
    let again = ["refresh_token replaced", "refresh_token_reuse same_tokens_again"];
    assert_ends(&server, &again);
    let differs = format!("grant_type=refresh_token&refresh_token={old}&scope=openid");
    server.token(WEB, &differs);
    assert_ends(&server, &["refresh_token replaced", "refresh_token_reuse: A053393"]);
    server.advance(60_000);
    server.refresh(WEB, old);
    let ended =
        ["refresh_token replaced", "refresh_token_reuse revoked: A053392", "commit delete grant"];
    assert_ends(&server, &ended);
    server.refresh(WEB, old);
    assert_ends(&server, &["grant_type refresh_token", "refresh_token: A053302"]);
}

#[test]
fn a_replayed_code_ends_the_grant_unless_its_client_races_with_itself() {
    let server = server();
    let code = server.code("web", json!({}));
    ok(server.redeem(WEB, &code));
    server.redeem(WEB, &code);
    assert_ends(&server, &["authorization_code: A050397"]);
    server.advance(10_000);
    server.redeem(WEB, &code);
    assert_ends(&server, &["authorization_code revoked: A050397", "commit delete grant"]);
}

#[test]
fn a_refusal_whose_step_another_request_overtakes_stays_the_last_one() {
    let server = server();
    let old = text(&server.login(WEB, "web"), "refresh_token").to_owned();
    ok(server.refresh(WEB, &old));
    server.switches.refused_commits.store(1, SeqCst);
    server.refresh(WEB, &old);
    let ends = ["refresh_token_reuse revoked: A053392", "commit delete grant: A053392"];
    assert_ends(&server, &ends);
}

#[test]
fn a_token_request_is_refused_by_the_check_that_found_the_reason() {
    let server = server();
    let code = |more: Value| server.code("web", more);
    let with = |parameters: &str| format!("{CREDENTIALS}{parameters}");
    for (by, parameters, last) in [
        (WEB, with("&grant_type=password"), "parameters: A049301"),
        (WEB, String::new(), "grant_type: A049303"),
        (
            By(Some(("web", "wrong")), ""),
            with(""),
            "client_authentication client_secret_basic: A157395",
        ),
        (
            By(None, "client_id=post&client_secret=no"),
            with(""),
            "client_authentication client_secret_post: A157395",
        ),
        (By(None, ""), with(""), "client_authentication: A157393"),
        (WEB, with("&authorization_details=x"), "authorization_details: A049309"),
        (WEB, with("&resource=x"), "resource: A049310"),
        (WEB, "grant_type=unknown".to_owned(), "grant_type: A049304"),
        (SPA, with(""), "confidential_client: A059301"),
        (WEB, with("&scope=admin"), "scope: A049307"),
        (WEB, with("&scope=openid"), "scope: A059302"),
        (WEB, "grant_type=authorization_code".to_owned(), "authorization_code: A050301"),
        (POST, redemption(&code(json!({}))), "authorization_code: A050305"),
        (
            WEB,
            redemption(&code(json!({ "redirect_uri": null }))).replace("app", "other"),
            "redirect_uri: A050392",
        ),
        (
            WEB,
            redemption(&code(json!({}))).replace(VERIFIER, &"x".repeat(43)),
            "pkce S256: A050394",
        ),
        (
            WEB,
            redemption(&code(json!({ "dpop_jkt": hash("x") }))),
            "sender_binding dpop_key: A050398",
        ),
        (
            WEB,
            redemption(&code(json!({ "resource": "https://a.example" })))
                + "&resource=https%3A%2F%2Fb.example",
            "granted_resources: A049308",
        ),
        (
            WEB,
            "grant_type=refresh_token&refresh_token=unknown".to_owned(),
            "refresh_token: A053302",
        ),
        (WEB, "grant_type=password&username=alice".to_owned(), "user_credentials: A057302"),
    ] {
        server.token(by, &parameters);
        assert_ends(&server, &[last]);
    }
}

#[test]
fn a_dpop_proof_is_refused_for_itself_its_nonce_or_its_second_use() {
    let server = start(&config_with_service(json!({ "dpopNonceRequired": true })));
    let asked = server.prove(WEB, CREDENTIALS, &Proof::new(&server).signed());
    let nonce = text(&asked, "dpopNonce");
    assert_ends(
        &server,
        &["dpop_proof EdDSA", "commit insert window_secret", "dpop_nonce: A254307"],
    );
    let proof = Proof::new(&server).claims(json!({ "nonce": nonce })).signed();
    ok(server.prove(WEB, CREDENTIALS, &proof));
    assert!(server.checks().contains(&"dpop_nonce".to_owned()));
    server.prove(WEB, CREDENTIALS, &proof);
    assert_ends(&server, &["dpop_nonce", "single_use dpop_proof: A254385"]);
    server.prove(WEB, CREDENTIALS, &Proof::new(&server).claims(json!({ "htm": "GET" })).signed());
    assert_ends(&server, &["dpop_proof: A254398"]);
}

#[test]
fn a_request_that_another_one_overtakes_is_checked_again() {
    let server = server();
    let token = text(&server.login(WEB, "web"), "refresh_token").to_owned();
    let (rival, same) = (server.reconfigured(&config()), token.clone());
    server.before_commits(1, move || drop(ok(rival.refresh(WEB, &same))));
    server.refresh(WEB, &token);
    assert_ends(
        &server,
        &[
            "refresh_token_issued replacing",
            "commit replace grant: A053302",
            "grant_type refresh_token",
            "refresh_token replaced",
            "refresh_token_reuse revoked: A053392",
            "commit delete grant",
        ],
    );
}

#[test]
fn a_proof_that_two_requests_show_at_once_is_used_by_one_of_them() {
    let server = server();
    let proof = Proof::new(&server).signed();
    let (rival, same) = (server.reconfigured(&config()), proof.clone());
    server.before_commits(1, move || drop(ok(rival.prove(WEB, CREDENTIALS, &same))));
    server.prove(WEB, CREDENTIALS, &proof);
    let lost = [
        "commit insert dpop_proof, insert grant: A049203",
        "commit insert dpop_proof: no",
        "single_use dpop_proof: A254385",
    ];
    assert_ends(&server, &lost);
}
