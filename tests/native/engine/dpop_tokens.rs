//! What a DPoP proof binds: access tokens, refresh tokens, codes.

use super::assertions::CREDENTIALS;
use super::harness::*;
use super::proofs::*;
use authlete_token::engine::Algorithm;
use serde_json::{Value, json};

fn assert_bound(server: &Server, answer: &Value, alg: Algorithm) {
    assert_eq!(content(answer)["token_type"], "DPoP", "{answer}");
    let seen = server.introspect(text(answer, "accessToken"));
    assert_eq!((&seen["cnf"]["jkt"], &seen["token_type"]), (&json!(jkt(alg)), &json!("DPoP")));
}

fn assert_unbound(server: &Server, answer: &Value) {
    assert_eq!(content(answer)["token_type"], "Bearer", "{answer}");
    let seen = server.introspect(text(answer, "accessToken"));
    assert!(seen.get("cnf").is_none() && seen["token_type"] == "Bearer", "{seen}");
}

fn with_service(more: Value) -> Value {
    let mut config = config();
    merge(&mut config["service"], more);
    config
}

fn assert_needs_the_key(answer: &Value) {
    assert_refused(answer, "BAD_REQUEST", "invalid_grant", "A053394");
}

#[test]
fn the_tokens_of_a_code_are_bound_to_the_key_of_the_request_that_redeems_it() {
    let server = server();
    for by in [WEB, SPA] {
        let id = if by.0.is_some() { "web" } else { "spa" };
        let answer =
            ok(server.login_with(by, &server.code(id, json!({})), &Proof::new(&server).jti(id)));
        assert_bound(&server, &answer, Algorithm::EdDSA);
        assert_unbound(&server, &ok(server.redeem(by, &server.code(id, json!({})))));
    }
}

#[test]
fn the_refresh_token_of_a_public_client_needs_the_same_key_and_nothing_is_spent_without_it() {
    let server = server();
    let answer = ok(server.login_with(SPA, &server.code("spa", json!({})), &Proof::new(&server)));
    let token = text(&answer, "refreshToken").to_owned();
    for _ in 0..2 {
        assert_needs_the_key(&server.refresh(SPA, &token));
    }
    assert_needs_the_key(&server.refresh_with(SPA, &token, &Proof::by_another(&server)));
    assert!(server.is_active(text(&answer, "accessToken")));
    let next = ok(server.refresh_with(SPA, &token, &Proof::new(&server).jti("second")));
    assert_bound(&server, &next, Algorithm::EdDSA);
    // Whoever has the replaced token and not the key ends nothing. With the key it is reuse.
    assert_needs_the_key(&server.refresh(SPA, &token));
    assert_needs_the_key(&server.refresh_with(SPA, &token, &Proof::by_another(&server).jti("2")));
    assert!(server.is_active(text(&next, "accessToken")));
    assert_no_good(&server.refresh_with(SPA, &token, &Proof::new(&server).jti("third")), "A053302");
    assert!(!server.is_active(text(&next, "accessToken")));
}

#[test]
fn a_confidential_client_may_change_its_key_or_send_no_proof() {
    let server = server();
    let answer = ok(server.login_with(WEB, &server.code("web", json!({})), &Proof::new(&server)));
    let other = Proof::by_another(&server);
    let second = ok(server.refresh_with(WEB, text(&answer, "refreshToken"), &other));
    assert_bound(&server, &second, Algorithm::ES256);
    let third = ok(server.refresh(WEB, text(&second, "refreshToken")));
    assert_unbound(&server, &third);
    let fourth = Proof::new(&server).jti("fourth");
    assert_bound(
        &server,
        &ok(server.refresh_with(WEB, text(&third, "refreshToken"), &fourth)),
        Algorithm::EdDSA,
    );
}

#[test]
fn a_proof_binds_the_refresh_token_that_follows_an_unbound_one() {
    let server = server();
    let answer = ok(server.redeem(SPA, &server.code("spa", json!({}))));
    let bound = ok(server.refresh_with(SPA, text(&answer, "refreshToken"), &Proof::new(&server)));
    assert_bound(&server, &bound, Algorithm::EdDSA);
    let token = text(&bound, "refreshToken");
    assert_needs_the_key(&server.refresh(SPA, token));
    ok(server.refresh_with(SPA, token, &Proof::new(&server).jti("second")));
}

#[test]
fn a_thief_who_binds_a_stolen_refresh_token_loses_it_when_its_owner_uses_it() {
    let server = server();
    let answer = ok(server.redeem(SPA, &server.code("spa", json!({}))));
    let stolen = text(&answer, "refreshToken");
    let mut taken = ok(server.refresh_with(SPA, stolen, &Proof::by_another(&server)));
    // Even after more refreshes by the thief.
    for jti in ["2", "3"] {
        let proof = Proof::by_another(&server).jti(jti);
        taken = ok(server.refresh_with(SPA, text(&taken, "refreshToken"), &proof));
    }
    assert_no_good(&server.refresh(SPA, stolen), "A053302");
    assert!(!server.is_active(text(&taken, "accessToken")));
    let proof = Proof::by_another(&server).jti("4");
    assert_no_good(&server.refresh_with(SPA, text(&taken, "refreshToken"), &proof), "A053302");
}

#[test]
fn a_lost_answer_to_a_refresh_comes_again_for_the_same_key_only() {
    let idempotent = with_service(json!({ "refreshTokenIdempotent": true }));
    for (by, id) in [(SPA, "spa"), (WEB, "web")] {
        let server = start(&idempotent);
        let old = ok(server.login_with(by, &server.code(id, json!({})), &Proof::new(&server)));
        let token = text(&old, "refreshToken");
        let proof = |jti: &str| Proof::new(&server).jti(jti);
        let first = ok(server.refresh_with(by, token, &proof("second")));
        let again = ok(server.refresh_with(by, token, &proof("third")));
        assert_eq!(again["accessToken"], first["accessToken"]);
        assert_eq!(again["refreshToken"], first["refreshToken"]);
        assert_bound(&server, &again, Algorithm::EdDSA);
        let by_another = server.refresh_with(by, token, &Proof::by_another(&server));
        let without = server.refresh(by, token);
        for refused in [by_another, without] {
            assert_eq!(
                (&refused["action"], &content(&refused)["error"]),
                (&json!("BAD_REQUEST"), &json!("invalid_grant"))
            );
        }
        // A used proof is not good for it, either.
        assert_bad_proof(&server.refresh_with(by, token, &proof("second")), "A254385");
        assert!(server.is_active(text(&first, "accessToken")));
        ok(server.refresh_with(by, text(&first, "refreshToken"), &proof("fourth")));
    }
}

#[test]
fn an_unbound_answer_to_a_refresh_does_not_come_again_for_a_key() {
    let server = start(&with_service(json!({ "refreshTokenIdempotent": true })));
    let old = server.login(WEB, "web");
    let token = text(&old, "refresh_token");
    let first = ok(server.refresh(WEB, token));
    assert_no_good(&server.refresh_with(WEB, token, &Proof::new(&server)), "A053302");
    assert_eq!(ok(server.refresh(WEB, token))["accessToken"], first["accessToken"]);
}

#[test]
fn of_two_keys_that_refresh_at_once_one_gets_tokens_and_none_gets_those_of_the_other() {
    let server = start(&with_service(json!({ "refreshTokenIdempotent": true })));
    let old = server.login(WEB, "web");
    let parameters =
        format!("grant_type=refresh_token&refresh_token={}", text(&old, "refresh_token"));
    let bodies = [Proof::new(&server), Proof::by_another(&server)].map(|proof| {
        let mut call = token_call(WEB, &parameters);
        call["dpop"] = proof.signed().into();
        call.to_string()
    });
    let sent = bodies.into_iter().map(|body| server.send("/auth/token", body)).collect();
    let answers: Vec<Value> = wait_for_all(sent)
        .iter()
        .map(|answer| serde_json::from_slice(&answer.body).unwrap())
        .collect();
    assert!(answers[0].get("accessToken").is_some() != answers[1].get("accessToken").is_some());
    assert!(answers.iter().any(|answer| answer["resultCode"] == "A053393"), "{answers:?}");
}

#[test]
fn a_kept_refresh_token_of_a_confidential_client_takes_any_key() {
    let server = start(&with_service(json!({ "refreshTokenKept": true })));
    let answer = ok(server.login_with(WEB, &server.code("web", json!({})), &Proof::new(&server)));
    let token = text(&answer, "refreshToken");
    let next = ok(server.refresh_with(WEB, token, &Proof::by_another(&server)));
    assert_eq!(next["refreshToken"], answer["refreshToken"]);
    assert_bound(&server, &next, Algorithm::ES256);
}

#[test]
fn a_client_with_bound_tokens_gets_none_without_a_proof() {
    let mut config = config();
    for client in 0..3 {
        config["clients"][client]["dpop_bound_access_tokens"] = true.into();
    }
    let server = start(&config);
    assert_bad_proof(&server.token(WEB, CREDENTIALS), "A254386");
    let code = server.code("spa", json!({}));
    assert_bad_proof(&server.redeem(SPA, &code), "A254386");
    let answer = ok(server.login_with(SPA, &code, &Proof::new(&server)));
    assert_bad_proof(&server.refresh(SPA, text(&answer, "refreshToken")), "A254386");
    let next = Proof::new(&server).jti("second");
    ok(server.refresh_with(SPA, text(&answer, "refreshToken"), &next));
    let password = "grant_type=password&username=a&password=b";
    assert_bad_proof(&server.token(WEB, password), "A254386");
    // Others are not affected.
    assert_unbound(&server, &ok(server.token(NUMBER, CREDENTIALS)));
}

#[test]
fn the_tokens_of_a_password_are_bound_to_the_key_that_was_shown_with_it() {
    let server = server();
    let password = "grant_type=password&username=alice&password=wonderland";
    let asked = server.prove(SPA, password, &Proof::new(&server).signed());
    assert_eq!(asked["action"], "PASSWORD");
    let issued = server.api(
        "/auth/token/issue",
        &json!({ "ticket": text(&asked, "ticket"), "subject": "user-1" }),
    );
    assert_bound(&server, &issued, Algorithm::EdDSA);
    assert_needs_the_key(&server.refresh(SPA, text(&issued, "refreshToken")));
    let next = Proof::new(&server).jti("second");
    assert_bound(
        &server,
        &ok(server.refresh_with(SPA, text(&issued, "refreshToken"), &next)),
        Algorithm::EdDSA,
    );
}

#[test]
fn a_code_that_is_bound_to_a_key_is_good_for_that_key_only_and_survives_the_others() {
    let server = server();
    for (by, id) in [(WEB, "web"), (SPA, "spa")] {
        let code = server.code(id, json!({ "dpop_jkt": jkt(Algorithm::EdDSA) }));
        let refused = [
            server.redeem(by, &code),
            server.login_with(by, &code, &Proof::by_another(&server).jti(id)),
        ];
        for answer in refused {
            assert_refused(&answer, "BAD_REQUEST", "invalid_grant", "A050398");
        }
        let answer = ok(server.login_with(by, &code, &Proof::new(&server).jti(id)));
        assert_bound(&server, &answer, Algorithm::EdDSA);
    }
}

#[test]
fn an_authorization_request_names_the_key_and_hands_it_on_to_the_code() {
    let server = server();
    let jkt = jkt(Algorithm::EdDSA);
    let request = format!(
        "response_type=code&client_id=spa&scope=orders.read&code_challenge={CHALLENGE}&code_challenge_method=S256&dpop_jkt={jkt}"
    );
    let checked: Value =
        serde_json::from_str(&server.engine.check_authorization(&request)).unwrap();
    assert_eq!(checked["code"]["dpop_jkt"], jkt, "{checked}");
    let mut code = checked["code"].clone();
    code["subject"] = "user-1".into();
    let code = server.engine.issue_authorization_code(&code.to_string()).unwrap();
    let parameters = format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}");
    let answer = server.token(SPA, &parameters);
    assert_refused(&answer, "BAD_REQUEST", "invalid_grant", "A050398");
    ok(server.prove(SPA, &parameters, &Proof::new(&server).signed()));
    for wrong in ["x", &format!("{jkt}A"), &jkt[1..], "0ZcOCORZNYy+DWpqq30jZyJGHTN0d2HglBV3uiguA4I"]
    {
        let request = request.replace(&jkt, &wrong.replace('+', "%2B"));
        let checked: Value =
            serde_json::from_str(&server.engine.check_authorization(&request)).unwrap();
        assert_eq!(
            (&checked["error"], &checked["message"]),
            (
                &json!("invalid_request"),
                &json!("dpop_jkt: expected a SHA-256 thumbprint in base64url")
            )
        );
    }
}
