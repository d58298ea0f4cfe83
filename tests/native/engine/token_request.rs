//! The token request as such: parameters, grant types, what the host asks for, and what the answer
//! carries.

use super::harness::*;
use serde_json::{Value, json};

const CREDENTIALS: &str = "grant_type=client_credentials";

#[test]
fn a_repeated_parameter_is_refused_even_if_equal_or_empty() {
    let server = server();
    for parameters in [
        "grant_type=client_credentials&grant_type=client_credentials",
        "grant_type=client_credentials&grant_type=",
        "grant_type=client_credentials&scope=profile&scope=profile",
        "grant_type=client_credentials&unknown=1&unknown=2",
        "grant_type=client_credentials&%73cope=profile&scope=profile",
    ] {
        let answer = server.token(WEB, parameters);
        assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A049301");
    }
}

#[test]
fn an_empty_parameter_counts_as_left_out_and_an_unknown_one_is_ignored() {
    let server = server();
    let odd = "&&=&=&&scope=&__proto__=x&constructor=%ff&toString=z&audience=a&audience=b";
    ok(server.token(WEB, &format!("{CREDENTIALS}{odd}")));
    assert_refused(&server.token(WEB, "grant_type="), "BAD_REQUEST", "invalid_request", "A049303");
    assert_refused(&server.token(WEB, ""), "BAD_REQUEST", "invalid_request", "A049303");
}

#[test]
fn a_known_parameter_that_is_not_utf8_is_refused() {
    let server = server();
    for bad in ["%ff", "%c0%ae", "%ed%a0%80", "%a", "%zz"] {
        for name in ["code", "client_id", "scope", "redirect_uri"] {
            let answer = server.token(WEB, &format!("grant_type=authorization_code&{name}={bad}"));
            assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A049302");
        }
    }
}

#[test]
fn a_semicolon_separates_nothing() {
    let answer = server().token(WEB, "grant_type=client_credentials;scope=profile");
    assert_refused(&answer, "BAD_REQUEST", "unsupported_grant_type", "A049304");
}

#[test]
fn a_grant_type_that_is_unknown_or_off_is_unsupported_and_one_that_is_not_registered_is_unauthorized()
 {
    for name in [
        "Client_Credentials",
        "implicit",
        "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange",
        "urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code",
        // It has no row in the shipped engine: only the unit tests register it.
        "urn%3Aexample%3Atoy",
    ] {
        let answer = server().token(WEB, &format!("grant_type={name}"));
        assert_refused(&answer, "BAD_REQUEST", "unsupported_grant_type", "A049304");
    }
    let mut off = config();
    off["service"]["supportedGrantTypes"] = json!(["AUTHORIZATION_CODE"]);
    limit_grants(&mut off, &["authorization_code"]);
    let answer = start(&off).token(WEB, CREDENTIALS);
    assert_refused(&answer, "BAD_REQUEST", "unsupported_grant_type", "A049304");
    let mut unregistered = config();
    unregistered["clients"][0]["grant_types"] = json!(["authorization_code"]);
    let answer = start(&unregistered).token(WEB, CREDENTIALS);
    assert_refused(&answer, "BAD_REQUEST", "unauthorized_client", "A049305");
}

#[test]
fn an_unauthenticated_caller_learns_nothing_about_a_code() {
    let server = server();
    let code = server.code("web", json!({}));
    let wrong = By(Some(("web", "wrong")), "");
    let with_good_code = server.redeem(wrong, &code);
    let with_bad_code = server.redeem(wrong, "no-such-code");
    assert_eq!(with_good_code, with_bad_code);
    assert_eq!(with_good_code["action"], "INVALID_CLIENT");
    ok(server.redeem(WEB, &code));
}

#[test]
fn authorization_details_are_refused_rather_than_ignored() {
    let server = server();
    let answer = server.token(WEB, &format!("{CREDENTIALS}&authorization_details=%5B%5D"));
    assert_refused(&answer, "BAD_REQUEST", "invalid_authorization_details", "A049309");
}

#[test]
fn the_answer_carries_what_authletes_does() {
    let server = server();
    let answer = ok(server.redeem(WEB, &server.code("web", json!({}))));
    let content = content(&answer);
    let expected = json!({
        "action": "OK", "resultCode": "A050001",
        "resultMessage": "[A050001] The token request (grant_type=authorization_code) was processed successfully.",
        "accessToken": content["access_token"], "accessTokenDuration": 3600, "accessTokenExpiresAt": NOW + 3_600_000,
        "refreshToken": content["refresh_token"], "refreshTokenDuration": 864_000, "refreshTokenExpiresAt": NOW + 864_000_000,
        "idToken": content["id_token"], "grantType": "AUTHORIZATION_CODE", "subject": "user-1",
        "scopes": ["openid", "orders.read"], "refreshTokenScopes": ["openid", "orders.read"],
        "clientId": 1001, "clientIdAlias": "web", "clientIdAliasUsed": true, "clientAuthMethod": "CLIENT_SECRET_BASIC",
        "responseContent": answer["responseContent"],
    });
    assert_eq!(answer, expected);
    assert_eq!(content["token_type"], "Bearer");
    assert_eq!(content["expires_in"], 3600);
    assert_eq!(content["scope"], "openid orders.read");
    for token in ["access_token", "refresh_token"] {
        assert_eq!(text(&content, token).len(), 65);
    }
}

#[test]
fn a_decimal_client_id_is_the_number_and_an_alias_can_be_replaced_by_its_number() {
    let server = server();
    let decimal = ok(server.token(NUMBER, CREDENTIALS));
    assert_eq!(decimal["clientId"], 2004);
    assert_eq!(decimal["clientIdAliasUsed"], false);
    assert!(decimal.get("clientIdAlias").is_none());
    let by_number = ok(server.token(By(Some(("1001", "web-secret")), ""), CREDENTIALS));
    assert_eq!(
        (&by_number["clientIdAlias"], &by_number["clientIdAliasUsed"]),
        (&json!("web"), &json!(false))
    );
}

#[test]
fn a_generated_client_number_is_stable_and_fits_a_javascript_number() {
    let number = |order: &[usize]| {
        let mut config = config();
        let clients = config["clients"].as_array().unwrap().clone();
        config["clients"] = order.iter().map(|&i| clients[i].clone()).collect();
        for client in config["clients"].as_array_mut().unwrap() {
            client.as_object_mut().unwrap().remove("authlete_client_id");
        }
        start(&config).token(WEB, CREDENTIALS)["clientId"].as_u64().unwrap()
    };
    let first = number(&[0, 1]);
    assert_eq!(first, number(&[2, 3, 0]));
    assert!((1..1 << 53).contains(&first));
}

#[test]
fn the_host_chooses_the_access_token_and_positive_durations() {
    let server = server();
    let mut call = token_call(WEB, &redemption(&server.code("web", json!({}))));
    merge(
        &mut call,
        json!({ "accessToken": "chosen~token", "accessTokenDuration": 60, "refreshTokenDuration": 600 }),
    );
    let answer = ok(server.api("/auth/token", &call));
    assert_eq!(answer["accessToken"], "chosen~token");
    assert_eq!(answer["accessTokenExpiresAt"], NOW + 60_000);
    assert_eq!(answer["refreshTokenExpiresAt"], NOW + 600_000);
    assert_eq!(content(&answer)["expires_in"], 60);
    assert!(server.is_active("chosen~token"));

    let mut again = token_call(WEB, CREDENTIALS);
    merge(&mut again, json!({ "accessToken": "chosen~token" }));
    assert_refused(
        &server.api("/auth/token", &again),
        "INTERNAL_SERVER_ERROR",
        "server_error",
        "A049203",
    );
    for unusable in ["with space", "line\nbreak", &"x".repeat(5000)] {
        again["accessToken"] = unusable.into();
        assert_refused(
            &server.api("/auth/token", &again),
            "INTERNAL_SERVER_ERROR",
            "server_error",
            "A049202",
        );
    }

    // When it has expired it is no longer in use, removed from the store or not.
    server.advance(60_000);
    again["accessToken"] = "chosen~token".into();
    ok(server.api("/auth/token", &again));
    assert!(server.is_active("chosen~token"));
}

#[test]
fn zero_negative_and_enormous_durations_do_no_harm() {
    let server = server();
    let mut call = token_call(WEB, CREDENTIALS);
    for ignored in [0, -5, i64::MIN] {
        call["accessTokenDuration"] = ignored.into();
        assert_eq!(ok(server.api("/auth/token", &call))["accessTokenDuration"], 3600);
    }
    call["accessTokenDuration"] = i64::MAX.into();
    let answer = ok(server.api("/auth/token", &call));
    assert!(answer["accessTokenExpiresAt"].as_u64().unwrap() < 1 << 53);
    assert!(server.is_active(text(&answer, "accessToken")));
}

#[test]
fn properties_are_kept_merged_and_shown_unless_hidden_and_reserved_ones_are_ignored() {
    let server = server();
    let mut call = token_call(WEB, &redemption(&server.code("web", json!({}))));
    call["properties"] = json!([
        { "key": "channel", "value": "web" },
        { "key": "risk", "value": "7", "hidden": true },
        { "key": "scope", "value": "admin" },
        { "key": "access_token", "value": "mine" },
    ]);
    let first = ok(server.api("/auth/token", &call));
    let channel = json!({ "key": "channel", "value": "web", "hidden": false });
    let risk = json!({ "key": "risk", "value": "7", "hidden": true });
    assert_eq!(first["properties"], json!([channel, risk]));
    let shown = content(&first);
    assert_eq!((&shown["channel"], shown.get("risk")), (&json!("web"), None));
    assert_eq!(shown["scope"], "openid orders.read");

    let mut refresh = token_call(
        WEB,
        &format!("grant_type=refresh_token&refresh_token={}", text(&first, "refreshToken")),
    );
    refresh["properties"] = json!(r#"[{"key":"channel","value":"app"}]"#);
    let second = ok(server.api("/auth/token", &refresh));
    let channel = json!({ "key": "channel", "value": "app", "hidden": false });
    assert_eq!(second["properties"], json!([risk, channel]));
}

#[test]
fn too_large_properties_are_the_callers_error() {
    let mut call = token_call(WEB, CREDENTIALS);
    call["properties"] = json!([{ "key": "k", "value": "v".repeat(65_536) }]);
    let answer = server().api("/auth/token", &call);
    assert_refused(&answer, "INTERNAL_SERVER_ERROR", "server_error", "A049204");
}

#[test]
fn requests_full_of_separators_or_scopes_are_answered_quickly() {
    let server = server();
    for filler in ["&", "=", ";"] {
        let answer = server.token(WEB, &filler.repeat(60_000));
        assert_refused(&answer, "BAD_REQUEST", "invalid_request", "A049303");
    }
    let many: Vec<String> = (0..10_000).map(|i| format!("s{i}")).collect();
    let answer = server.token(WEB, &format!("{CREDENTIALS}&scope={}", many.join("+")));
    assert_refused(&answer, "BAD_REQUEST", "invalid_scope", "A049307");
    let doubled =
        ok(server.token(WEB, &format!("{CREDENTIALS}&scope=profile++orders.read+profile")));
    assert_eq!(content(&doubled)["scope"], "profile orders.read");
}

#[test]
fn members_that_the_java_sdk_sends_empty_are_as_good_as_absent() {
    let mut call = token_call(WEB, CREDENTIALS);
    for name in [
        "clientCertificate",
        "clientCertificatePath",
        "properties",
        "dpop",
        "htm",
        "htu",
        "accessToken",
    ] {
        call[name] = Value::Null;
    }
    merge(
        &mut call,
        json!({ "accessTokenDuration": 0, "refreshTokenDuration": 0, "dpopNonceRequired": false, "future": 1 }),
    );
    ok(server().api("/auth/token", &call));
}
