//! An empty value counts as left out (RFC 6749 §2.3.1, §3.2); only an empty proof is malformed.

use super::harness::*;
use serde_json::{Value, json};

const CREDENTIALS: &str = "grant_type=client_credentials";

#[test]
fn an_empty_secret_or_certificate_is_none_in_the_header_and_in_the_body() {
    let server = server();
    let empty = json!({
        "clientId": "", "clientSecret": "", "clientCertificate": "", "clientCertificatePath": [],
    });
    for by in [By(Some(("spa", "")), ""), By(None, "client_id=spa&client_secret=")] {
        ok(server.redeem(by, &server.code("spa", json!({}))));
    }
    let mut call = token_call(SPA, &redemption(&server.code("spa", json!({}))));
    merge(&mut call, empty);
    assert_eq!(ok(server.api("/auth/token", &call))["clientAuthMethod"], "NONE");
    call = token_call(SPA, &redemption(&server.code("spa", json!({}))));
    merge(&mut call, json!({ "clientCertificatePath": ["", ""] }));
    ok(server.api("/auth/token", &call));
    // Empty credentials besides good ones are not a second method.
    ok(server
        .token(By(WEB.0, "client_secret=&client_assertion=&client_assertion_type="), CREDENTIALS));
    let mut call = token_call(POST, CREDENTIALS);
    call["clientSecret"] = "".into();
    ok(server.api("/auth/token", &call));
    // For a client with a secret, an empty one is not enough.
    for by in [
        By(Some(("web", "")), ""),
        By(Some(("", "")), "client_id=web"),
        By(None, "client_id=post&client_secret="),
    ] {
        assert_refused(
            &server.token(by, CREDENTIALS),
            "INVALID_CLIENT",
            "invalid_client",
            "A157395",
        );
    }
    let nobody = server.token(By(Some(("", "")), "client_id=&client_secret="), CREDENTIALS);
    assert_refused(&nobody, "BAD_REQUEST", "invalid_request", "A157393");
}

#[test]
fn an_empty_proof_is_a_malformed_one_and_never_as_good_as_none() {
    let server = server();
    for (member, error, code) in [
        ("dpop", ("BAD_REQUEST", "invalid_dpop_proof"), "A254301"),
        ("oauthClientAttestation", ("BAD_REQUEST", "invalid_request"), "A157361"),
        ("oauthClientAttestationPop", ("BAD_REQUEST", "invalid_request"), "A157361"),
    ] {
        let code_value = server.code("spa", json!({}));
        let mut call = token_call(SPA, &redemption(&code_value));
        call[member] = "".into();
        assert_refused(&server.api("/auth/token", &call), error.0, error.1, code);
        let parameters = format!("{}&client_id=spa", redemption(&code_value));
        let parameters = parameters.replace('%', "%25").replace('&', "%26").replace('=', "%3D");
        let form = format!("parameters={parameters}&{member}=");
        let form = request("/auth/token", "application/x-www-form-urlencoded", form);
        let answer = serde_json::from_slice(&wait(server.engine.handle(&form)).body).unwrap();
        assert_refused(&answer, error.0, error.1, code);
        ok(server.redeem(SPA, &code_value));
    }
    let mut call = token_call(WEB, CREDENTIALS);
    call["oauthClientAttestationPop"] = "".into();
    assert_refused(&server.api("/auth/token", &call), "BAD_REQUEST", "invalid_request", "A157391");
}

#[test]
fn an_empty_member_is_no_member_in_each_of_the_four_calls() {
    let server = server();
    let empty = json!({
        "accessToken": "", "properties": [], "htm": "", "htu": "", "jwtAtClaims": "", "clientCertificate": "",
    });
    let mut call = token_call(WEB, CREDENTIALS);
    merge(&mut call, empty);
    assert_eq!(text(&ok(server.api("/auth/token", &call)), "accessToken").len(), 65);
    call["properties"] = "".into();
    ok(server.api("/auth/token", &call));
    let form = format!(
        "parameters={}&clientId=web&clientSecret=web-secret&accessToken=",
        "grant_type%3Dclient_credentials"
    );
    let form = request("/auth/token", "application/x-www-form-urlencoded", form);
    let answer: Value = serde_json::from_slice(&wait(server.engine.handle(&form)).body).unwrap();
    assert_eq!(text(&ok(answer), "accessToken").len(), 65);

    let password = "grant_type=password&username=a&password=b&scope=openid";
    let ticket = server.token(WEB, password)["ticket"].clone();
    let mut issue = json!({ "ticket": ticket, "subject": "user-1", "accessToken": "", "properties": [], "jwtAtClaims": "" });
    let issued = ok(server.api("/auth/token/issue", &issue));
    assert_eq!(text(&issued, "accessToken").len(), 65);

    let mut reissue =
        json!({ "accessToken": issued["accessToken"], "refreshToken": issued["refreshToken"] });
    merge(
        &mut reissue,
        json!({ "sub": "", "claims": "", "idtHeaderParams": "", "idTokenAudType": "" }),
    );
    let reissued = ok(server.api("/idtoken/reissue", &reissue));
    let (_, claims) = verified(&server, text(&reissued, "idToken"));
    assert_eq!((&claims["sub"], &claims["aud"]), (&json!("user-1"), &json!(["web"])));

    let mut fail = json!({ "ticket": server.token(WEB, password)["ticket"], "reason": "UNKNOWN" });
    for (path, body, required) in [
        ("/auth/token/issue", &mut issue, ["ticket", "subject"]),
        ("/auth/token/fail", &mut fail, ["ticket", "reason"]),
        ("/idtoken/reissue", &mut reissue, ["accessToken", "refreshToken"]),
    ] {
        for name in required {
            let value = std::mem::replace(&mut body[name], "".into());
            let answer = server.api(path, body);
            let action =
                if path == "/idtoken/reissue" { "CALLER_ERROR" } else { "INTERNAL_SERVER_ERROR" };
            assert_eq!(
                (&answer["action"], &answer["resultCode"]),
                (&json!(action), &json!("A049201")),
                "{path} {name}"
            );
            body[name] = value;
        }
    }
    // Only the token request itself may be empty, since that is the OAuth client's mistake.
    assert_refused(&server.token(WEB, ""), "BAD_REQUEST", "invalid_request", "A049303");
}

#[test]
fn an_empty_member_of_the_wrong_type_is_still_wrong() {
    let server = server();
    for (member, value) in [
        ("clientSecret", json!([])),
        ("parameters", json!([])),
        ("clientCertificatePath", json!("")),
        ("accessTokenDuration", json!("")),
        ("cimdOptions", json!([])),
    ] {
        let mut call = token_call(WEB, CREDENTIALS);
        call[member] = value;
        let response = wait(server.send("/auth/token", call.to_string()));
        assert_eq!(response.status, 400, "{member}");
    }
}

#[test]
fn an_empty_parameter_of_a_grant_is_a_missing_one() {
    let server = server();
    let code = server.code("spa", json!({}));
    for (parameters, error, code) in [
        ("grant_type=authorization_code&code=".to_owned(), "invalid_request", "A050301"),
        (redemption(&code).replace(VERIFIER, ""), "invalid_grant", "A050312"),
        ("grant_type=refresh_token&refresh_token=".to_owned(), "invalid_request", "A053301"),
        ("grant_type=password&username=&password=b".to_owned(), "invalid_request", "A057301"),
        ("grant_type=password&username=a&password=".to_owned(), "invalid_request", "A057302"),
    ] {
        assert_refused(&server.token(SPA, &parameters), "BAD_REQUEST", error, code);
    }
    let without_uri =
        format!("grant_type=authorization_code&code={code}&code_verifier={VERIFIER}&redirect_uri=");
    ok(server.token(SPA, &format!("{without_uri}&scope=&resource=&authorization_details=")));
}
