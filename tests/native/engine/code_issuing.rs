//! The step that issues an authorization code.

use super::harness::*;
use serde_json::{Value, json};

#[test]
fn a_loopback_redirect_uri_may_have_any_port_and_is_then_fixed() {
    let mut config = config();
    config["clients"][2]["redirect_uris"] = json!(["http://127.0.0.1/cb", "http://[::1]:8080/cb"]);
    let server = start(&config);
    for (uri, encoded) in [
        ("http://127.0.0.1:51004/cb", "http%3A%2F%2F127.0.0.1%3A51004%2Fcb"),
        ("http://[::1]:7/cb", "http%3A%2F%2F%5B%3A%3A1%5D%3A7%2Fcb"),
    ] {
        let code = server.code("spa", json!({ "redirect_uri": uri }));
        let parameters = format!(
            "grant_type=authorization_code&code={code}&code_verifier={VERIFIER}&redirect_uri="
        );
        let other_port =
            server.token(SPA, &format!("{parameters}http%3A%2F%2F127.0.0.1%3A51005%2Fcb"));
        assert_refused(&other_port, "BAD_REQUEST", "invalid_grant", "A050392");
        ok(server.token(SPA, &format!("{parameters}{encoded}")));
    }
    for uri in [
        "http://127.0.0.1:80@evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:80/cb/other",
        "https://127.0.0.1:80/cb",
        "http://localhost/cb",
        "http://127.0.0.2:80/cb",
        "http://127.0.0.1:80/cb?",
        "http://127.0.0.1:80/cb?a=b",
        "http://127.0.0.1:80/cb#f",
        "http://127.0.0.1:80/%63b",
        "http://127.0.0.1:80/x/../cb",
        "http://127.0.0.1:80//cb",
        "http://127.0.0.1:80/CB",
        "http://127.0.0.1:+80/cb",
        "http://user@127.0.0.1:80/cb",
        "HTTP://127.0.0.1:80/cb",
        "http://[::1]/cb?x",
        "http://[0:0:0:0:0:0:0:1]/cb",
        "http://[::1]:8080:8080/cb",
    ] {
        refuse(
            &server,
            "spa",
            json!({ "redirect_uri": uri }),
            "redirect_uri: not registered for the client",
        );
    }
}

#[test]
fn a_loopback_redirect_uri_keeps_its_query_whatever_the_port() {
    let mut config = config();
    config["clients"][2]["redirect_uris"] =
        json!(["http://127.0.0.1:1/cb?a[]=1&b=?|", "http://127.0.0.1"]);
    assert!(authlete_token::engine::Config::parse(&config.to_string()).is_err());
    config["clients"][2]["redirect_uris"] =
        json!(["http://127.0.0.1:1/cb?a[]=1&b=?", "http://127.0.0.1"]);
    let server = start(&config);
    for uri in [
        "http://127.0.0.1:51004/cb?a[]=1&b=?",
        "http://127.0.0.1/cb?a[]=1&b=?",
        "http://127.0.0.1:8",
    ] {
        server.code("spa", json!({ "redirect_uri": uri }));
    }
    for uri in [
        "http://127.0.0.1:1/cb?a[]=1&b=",
        "http://127.0.0.1:1/cb?a%5B%5D=1&b=?",
        "http://127.0.0.1:8/",
    ] {
        refuse(
            &server,
            "spa",
            json!({ "redirect_uri": uri }),
            "redirect_uri: not registered for the client",
        );
    }
}

fn refuse(server: &Server, client: &str, more: Value, message: &str) {
    let mut parameters = json!({
        "client_id": client, "subject": "user-1", "redirect_uri": CALLBACK,
        "code_challenge": CHALLENGE, "code_challenge_method": "S256",
    });
    merge(&mut parameters, more);
    let error = server.engine.issue_authorization_code(&parameters.to_string()).unwrap_err();
    assert_eq!(error.code.as_str(), "ERR_AUTHLETE_REQUEST_INVALID");
    assert_eq!(error.message, message);
}

#[test]
fn a_code_is_issued_only_for_parameters_that_are_right() {
    let server = server();
    let long = "u".repeat(256);
    for (more, message) in [
        (json!({ "client_id": null }), "client_id: missing"),
        (json!({ "client_id": "nobody" }), "client_id: no such client"),
        (json!({ "subject": null }), "subject: missing"),
        (json!({ "subject": "" }), "subject: missing"),
        (json!({ "client_id": "" }), "client_id: missing"),
        (json!({ "code_challenge": "" }), "code_challenge_method: given without code_challenge"),
        (json!({ "code_challenge_method": "" }), "code_challenge_method: must be S256"),
        (json!({ "redirectUri": "" }), "redirectUri: unknown (did you mean redirect_uri?)"),
        (json!({ "subject": long }), "subject: expected 1 to 255 printable ASCII characters"),
        (json!({ "subject": 7 }), "subject: expected a string"),
        (json!({ "scope": "a\"b" }), "scope: expected scope tokens separated by spaces"),
        (json!({ "scope": "admin" }), "scope: has a scope that the client may not request"),
        (
            json!({ "redirect_uri": "https://evil.example/" }),
            "redirect_uri: not registered for the client",
        ),
        (json!({ "code_challenge": null }), "code_challenge_method: given without code_challenge"),
        (json!({ "code_challenge": "short" }), "code_challenge: malformed"),
        (json!({ "code_challenge_method": "plain" }), "code_challenge_method: must be S256"),
        (json!({ "code_challenge_method": null }), "code_challenge_method: must be S256"),
        (json!({ "code_challenge_method": "S512" }), "code_challenge_method: not supported"),
        (json!({ "auth_time": "1" }), "auth_time: expected seconds since the epoch"),
        (json!({ "auth_time": -1 }), "auth_time: expected seconds since the epoch"),
        (json!({ "claims": "{}" }), "claims: expected an object"),
        (json!({ "dpop_jkt": "x" }), "dpop_jkt: expected a SHA-256 thumbprint in base64url"),
        (json!({ "dpop_jkt": 7 }), "dpop_jkt: expected a string"),
        (
            json!({ "resource": ["https://api.example.com", "/relative"] }),
            "resource: expected absolute URIs without a fragment, 16 at most",
        ),
        (json!({ "resource": ["https://api.example.com", 5] }), "resource[1]: expected a string"),
        (json!({ "resource": 5 }), "resource: expected a string"),
        (json!({ "authorization_details": [] }), "authorization_details: not supported"),
        (json!({ "redirectUri": CALLBACK }), "redirectUri: unknown (did you mean redirect_uri?)"),
        (json!({ "sub": "user-2" }), "sub: unknown (did you mean subject?)"),
    ] {
        refuse(&server, "web", more, message);
    }
    let missing = "code_challenge: missing; the client must use PKCE";
    for nothing in [Value::Null, "".into()] {
        refuse(
            &server,
            "spa",
            json!({ "code_challenge": nothing, "code_challenge_method": nothing }),
            missing,
        );
    }
    let mut strict = config();
    strict["service"]["pkceRequired"] = true.into();
    strict["clients"][1]["redirect_uris"] = json!([CALLBACK, "https://app.example.com/two"]);
    refuse(
        &start(&strict),
        "web",
        json!({ "code_challenge": null, "code_challenge_method": null }),
        missing,
    );
    let two = "redirect_uri: missing, and the client has more than one redirect URI";
    refuse(&start(&strict), "post", json!({ "redirect_uri": null }), two);
    assert!(server.store.is_empty());
}

#[test]
fn an_empty_parameter_of_a_code_counts_as_left_out() {
    let server = server();
    let empty = json!({ "scope": "openid", "redirect_uri": "", "nonce": "", "acr": "", "claims": "", "auth_time": "",
        "resource": "", "authorization_details": "", "dpop_jkt": null });
    let answer = ok(server.redeem(WEB, &server.code("web", empty)));
    let (_, claims) = verified(&server, text(&answer, "idToken"));
    for name in ["nonce", "acr", "auth_time"] {
        assert!(claims.get(name).is_none(), "{claims}");
    }
    let code = server.code("web", json!({ "scope": "" }));
    assert!(ok(server.redeem(WEB, &code)).get("scopes").is_none());
}
