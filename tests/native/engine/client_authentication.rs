//! Client authentication at the token endpoint.

use super::harness::*;
use serde_json::json;

const CREDENTIALS: &str = "grant_type=client_credentials";

#[test]
fn each_registered_method_works() {
    let server = server();
    for (by, method) in [
        (WEB, "CLIENT_SECRET_BASIC"),
        (POST, "CLIENT_SECRET_POST"),
        (NUMBER, "CLIENT_SECRET_BASIC"),
    ] {
        assert_eq!(ok(server.token(by, CREDENTIALS))["clientAuthMethod"], method);
    }
    let answer = server.redeem(SPA, &server.code("spa", json!({})));
    assert_eq!(ok(answer)["clientAuthMethod"], "NONE");
}

#[test]
fn an_unknown_client_and_a_wrong_secret_get_the_same_answer() {
    let server = server();
    let unknown = server.token(By(Some(("nobody", "web-secret")), ""), CREDENTIALS);
    assert_refused(&unknown, "INVALID_CLIENT", "invalid_client", "A157395");
    for secret in
        ["wrong", "", "web-secret ", "web-secret\n", "web-secre", "web-secrett", "WEB-SECRET"]
    {
        assert_eq!(
            server.token(By(Some(("web", secret)), ""), CREDENTIALS)["responseContent"],
            unknown["responseContent"]
        );
    }
    for body in [
        "client_id=web",
        "client_id=post&client_secret=wrong",
        "client_id=nobody&client_secret=x",
        "client_id=nobody",
    ] {
        assert_eq!(
            server.token(By(None, body), CREDENTIALS)["responseContent"],
            unknown["responseContent"],
            "{body}"
        );
    }
}

#[test]
fn a_client_must_use_the_method_that_it_is_registered_for() {
    let server = server();
    // With the right secret the answer may say what is wrong; with a wrong one it must not.
    let wrong_place =
        [By(Some(("post", "post-secret")), ""), By(None, "client_id=web&client_secret=web-secret")];
    for by in wrong_place {
        assert_refused(
            &server.token(by, CREDENTIALS),
            "INVALID_CLIENT",
            "invalid_client",
            "A157357",
        );
    }
    let guess = server.token(By(None, "client_id=web&client_secret=guess"), CREDENTIALS);
    assert_refused(&guess, "INVALID_CLIENT", "invalid_client", "A157395");
}

#[test]
fn a_public_client_with_a_secret_is_refused() {
    let server = server();
    for by in [By(Some(("spa", "x")), ""), By(None, "client_id=spa&client_secret=x")] {
        let code = server.code("spa", json!({}));
        assert_refused(&server.redeem(by, &code), "INVALID_CLIENT", "invalid_client", "A157395");
    }
}

#[test]
fn two_methods_in_one_request_are_refused() {
    let server = server();
    for body in [
        "client_secret=web-secret",
        "client_secret=wrong",
        "client_assertion=x&client_assertion_type=y",
    ] {
        let answer = server.token(By(WEB.0, body), CREDENTIALS);
        assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A157391");
    }
    let mut call = token_call(WEB, CREDENTIALS);
    call["oauthClientAttestation"] = "x".into();
    assert_refused(&server.api("/auth/token", &call), "BAD_REQUEST", "invalid_request", "A157391");
}

#[test]
fn the_client_id_may_stand_in_header_and_body_if_it_is_the_same() {
    let server = server();
    ok(server.token(By(WEB.0, "client_id=web"), CREDENTIALS));
    let answer = server.token(By(WEB.0, "client_id=post"), CREDENTIALS);
    assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A157392");
}

#[test]
fn a_request_without_any_client_id_is_refused() {
    let server = server();
    assert_refused(
        &server.token(By(None, ""), CREDENTIALS),
        "BAD_REQUEST",
        "invalid_request",
        "A157393",
    );
    let answer = server.token(By(None, "client_secret=x"), CREDENTIALS);
    assert_refused(&answer, "INVALID_CLIENT", "invalid_client", "A157395");
}

#[test]
fn an_assertion_that_is_no_good_never_lets_a_public_client_in_without_it() {
    let server = server();
    let assertion = "client_id=spa&client_assertion=x&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
    let answer = server.token(By(None, assertion), CREDENTIALS);
    assert_refused(&answer, "INVALID_CLIENT", "invalid_client", "A157380");
    for half in ["client_id=spa&client_assertion=x", "client_id=spa&client_assertion_type=x"] {
        assert_refused(
            &server.token(By(None, half), CREDENTIALS),
            "BAD_REQUEST",
            "invalid_request",
            "A157394",
        );
    }
}

#[test]
fn client_ids_are_compared_without_unicode_folding() {
    let mut config = config();
    config["clients"][0]["client_id"] = "cafe".into();
    let server = start(&config);
    ok(server.token(By(Some(("cafe", "web-secret")), ""), CREDENTIALS));
    for other in ["caf\u{e9}", "cafe\u{301}", "\u{ff43}afe", "CAFE", "cafe\0"] {
        let call =
            json!({ "parameters": CREDENTIALS, "clientId": other, "clientSecret": "web-secret" });
        assert_eq!(server.api("/auth/token", &call)["action"], "INVALID_CLIENT");
    }
}

#[test]
fn an_identifier_and_a_secret_that_stand_in_different_places_are_refused() {
    let server = server();
    for by in [
        By(Some(("", "web-secret")), "client_id=web"),
        By(Some(("", "post-secret")), "client_id=post"),
        By(Some(("post", "")), "client_secret=post-secret"),
        By(Some(("web", "")), "client_secret=web-secret"),
    ] {
        assert_refused(
            &server.token(by, CREDENTIALS),
            "INVALID_CLIENT",
            "invalid_client",
            "A157357",
        );
    }
    let guess = server.token(By(Some(("", "guess")), "client_id=web"), CREDENTIALS);
    assert_refused(&guess, "INVALID_CLIENT", "invalid_client", "A157395");
}
