//! ID tokens, and their reissue after a refresh.

use super::harness::*;
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

fn at_hash(access_token: &str) -> String {
    Base64UrlUnpadded::encode_string(&Sha256::digest(access_token)[..16])
}

/// A login whose code had everything that an ID token can show.
fn full_login(server: &Server) -> Value {
    let claims = json!({ "email": "alice@example.com", "iss": "https://evil.example", "aud": "evil", "exp": 0 });
    let more = json!({ "nonce": "n-0S6_WzA2Mj", "acr": "urn:mace:silver", "auth_time": NOW / 1000 - 50, "claims": claims });
    content(&ok(server.redeem(WEB, &server.code("web", more))))
}

fn reissue(server: &Server, tokens: &Value, more: Value) -> Value {
    let mut call =
        json!({ "accessToken": tokens["access_token"], "refreshToken": tokens["refresh_token"] });
    merge(&mut call, more);
    server.api("/idtoken/reissue", &call)
}

fn assert_caller_error(answer: &Value, code: &str) {
    assert_eq!(
        (&answer["action"], &answer["resultCode"]),
        (&json!("CALLER_ERROR"), &json!(code)),
        "{answer}"
    );
    assert!(answer.get("responseContent").is_none() && answer.get("idToken").is_none());
}

#[test]
fn an_id_token_verifies_with_the_published_key_and_says_what_it_must() {
    let server = server();
    let login = full_login(&server);
    let (header, claims) = verified(&server, text(&login, "id_token"));
    assert_eq!(header, json!({ "alg": "ES256", "kid": "ec-1" }));
    let expected = json!({
        "iss": "https://as.example.com", "sub": "user-1", "aud": ["web"], "iat": NOW / 1000, "exp": NOW / 1000 + 300,
        "nonce": "n-0S6_WzA2Mj", "acr": "urn:mace:silver", "auth_time": NOW / 1000 - 50,
        "at_hash": at_hash(text(&login, "access_token")), "email": "alice@example.com",
    });
    assert_eq!(claims, expected);
}

#[test]
fn what_the_authorization_request_did_not_have_is_absent() {
    let server = server();
    let (_, claims) = verified(&server, text(&server.login(WEB, "web"), "id_token"));
    for absent in ["nonce", "acr", "auth_time", "azp"] {
        assert!(claims.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn without_openid_there_is_no_id_token() {
    let server = server();
    let answer =
        ok(server.redeem(WEB, &server.code("web", json!({ "scope": "profile", "nonce": "n" }))));
    assert!(answer.get("idToken").is_none() && content(&answer).get("id_token").is_none());
}

#[test]
fn the_algorithm_is_the_one_that_the_client_registered_and_rs256_by_default() {
    let mut config = config();
    config["jwks"]["keys"] = json!([ec_jwk(), rsa_jwk()]);
    config["clients"][0].as_object_mut().unwrap().remove("id_token_signed_response_alg");
    let server = start(&config);
    let id_token = server.login(WEB, "web")["id_token"].as_str().unwrap().to_owned();
    assert_eq!(decoded(&id_token).0, json!({ "alg": "RS256", "kid": "rsa-1" }));
    assert!(id_token.ends_with(&Base64UrlUnpadded::encode_string(b"rsa:rsa-1")));
    verified(&server, text(&server.login(POST, "post"), "id_token"));
}

#[test]
fn the_audience_is_the_identifier_that_the_client_used() {
    let server = server();
    let (_, claims) = verified(&server, text(&server.login(NUMBER, "2004"), "id_token"));
    assert_eq!(claims["aud"], json!(["2004"]));
    let by_number = By(Some(("1001", "web-secret")), "");
    let (_, claims) = verified(&server, text(&server.login(by_number, "1001"), "id_token"));
    assert_eq!(claims["aud"], json!(["1001"]));
}

#[test]
fn a_refresh_is_reissuable_with_openid_and_only_if_the_service_wants_it() {
    let server = server();
    let login = full_login(&server);
    let answer = server.refresh(WEB, text(&login, "refresh_token"));
    assert_eq!(
        (&answer["action"], &answer["resultCode"]),
        (&json!("ID_TOKEN_REISSUABLE"), &json!("A053001"))
    );
    assert!(answer["requestedIdTokenClaims"].as_array().unwrap().contains(&json!("email")));
    assert!(answer.get("ticket").is_none());
    let narrow = format!(
        "grant_type=refresh_token&refresh_token={}&scope=orders.read",
        text(&answer, "refreshToken")
    );
    assert_eq!(server.token(WEB, &narrow)["action"], "OK");
    let mut off = config();
    off["service"]["idTokenReissuable"] = false.into();
    let server = start(&off);
    let login = server.login(WEB, "web");
    assert_eq!(server.refresh(WEB, text(&login, "refresh_token"))["action"], "OK");
    assert_caller_error(&reissue(&server, &login, json!({})), "A399201");
}

#[test]
fn a_reissued_id_token_keeps_who_and_when_and_drops_the_nonce() {
    let server = server();
    let login = full_login(&server);
    server.advance(100_000);
    let fresh = content(&ok(server.refresh(WEB, text(&login, "refresh_token"))));
    server.advance(100_000);
    let more = json!({
        "claims": r#"{"email":"new@example.com","nonce":"forged","auth_time":1}"#,
        "idtHeaderParams": r#"{"x5t":"abc","alg":"none","kid":"other"}"#,
        "idTokenAudType": "string",
    });
    let answer = reissue(&server, &fresh, more);
    let (header, claims) = verified(&server, text(&answer, "idToken"));
    assert_eq!(header, json!({ "alg": "ES256", "kid": "ec-1", "x5t": "abc" }));
    let now = NOW / 1000 + 200;
    let expected = json!({
        "iss": "https://as.example.com", "sub": "user-1", "aud": "web", "iat": now, "exp": now + 300,
        "acr": "urn:mace:silver", "auth_time": NOW / 1000 - 50,
        "at_hash": at_hash(text(&fresh, "access_token")), "email": "new@example.com",
    });
    assert_eq!(claims, expected);
    let mut response = fresh.clone();
    merge(&mut response, json!({ "id_token": answer["idToken"], "expires_in": 3500 }));
    assert_eq!(content(&answer), response);
    let (_, claims) = verified(
        &server,
        text(&reissue(&server, &fresh, json!({ "sub": "pairwise-1" })), "idToken"),
    );
    assert_eq!((&claims["sub"], &claims["aud"]), (&json!("pairwise-1"), &json!(["web"])));
    ok(server.refresh(WEB, text(&fresh, "refresh_token")));
}

#[test]
fn a_reissue_needs_living_tokens_of_one_grant_with_openid() {
    let server = server();
    let (login, other) = (full_login(&server), full_login(&server));
    let fresh = content(&ok(server.refresh(WEB, text(&login, "refresh_token"))));
    for (access, refresh) in [
        (&fresh["access_token"], &other["refresh_token"]),
        (&fresh["access_token"], &json!("unknown")),
        (&json!("x"), &fresh["refresh_token"]),
        (&fresh["refresh_token"], &fresh["access_token"]),
    ] {
        let tokens = json!({ "access_token": access, "refresh_token": refresh });
        assert_caller_error(&reissue(&server, &tokens, json!({})), "A399202");
    }
    let replaced =
        json!({ "access_token": fresh["access_token"], "refresh_token": login["refresh_token"] });
    assert_caller_error(&reissue(&server, &replaced, json!({})), "A399207");
    let narrow = format!(
        "grant_type=refresh_token&refresh_token={}&scope=orders.read",
        text(&fresh, "refresh_token")
    );
    let narrow = content(&ok(server.token(WEB, &narrow)));
    assert_caller_error(&reissue(&server, &narrow, json!({})), "A399203");
    server.engine.revoke(text(&other, "access_token")).unwrap();
    assert_caller_error(&reissue(&server, &other, json!({})), "A399202");
    server.advance(3_600_000);
    assert_caller_error(&reissue(&server, &narrow, json!({})), "A399206");
}

#[test]
fn a_reissue_with_unusable_members_is_the_callers_error() {
    let server = server();
    let login = full_login(&server);
    for (more, code) in [
        (json!({ "claims": "[]" }), "A399204"),
        (json!({ "claims": "{" }), "A399204"),
        (json!({ "idtHeaderParams": "\"x\"" }), "A399204"),
        (json!({ "idTokenAudType": "set" }), "A399205"),
        (json!({ "sub": "\n" }), "A049205"),
        (json!({ "accessToken": null }), "A049201"),
        (json!({ "refreshToken": null }), "A049201"),
    ] {
        assert_caller_error(&reissue(&server, &login, more), code);
    }
}
