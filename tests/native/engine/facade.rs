//! The HTTP face of the engine.

use super::harness::*;
use authlete_token::http::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

fn send(server: &Server, request: &HttpRequest) -> (HttpResponse, Value) {
    let response = wait(server.engine.handle(request));
    assert_eq!(response.header("content-type"), Some("application/json"));
    assert_eq!(response.header("cache-control"), Some("no-store"));
    let body = serde_json::from_slice(&response.body).unwrap();
    (response, body)
}

fn assert_failure(server: &Server, request: &HttpRequest, status: u16, code: &str) -> HttpResponse {
    let (response, body) = send(server, request);
    assert_eq!((response.status, &body["resultCode"]), (status, &json!(code)), "{body}");
    assert!(text(&body, "resultMessage").starts_with(&format!("[{code}] ")));
    response
}

fn call(path: &str) -> HttpRequest {
    let body = token_call(WEB, "grant_type=client_credentials").to_string();
    request(path, "application/json", body)
}

fn with_header(name: &str, value: Option<&str>) -> HttpRequest {
    let mut request = call("/auth/token");
    request.headers.retain(|(other, _)| other != name);
    request.headers.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    request
}

#[test]
fn a_call_needs_the_bearer_token_of_the_service() {
    let server = server();
    let missing = assert_failure(&server, &with_header("authorization", None), 401, "A001202");
    assert_eq!(missing.header("www-authenticate"), Some("Bearer"));
    for wrong in [
        "Bearer wrong",
        "Bearer",
        "Bearer ",
        "Basic dGVzdDp0ZXN0",
        BEARER,
        &format!("DPoP {BEARER}"),
    ] {
        assert_failure(&server, &with_header("authorization", Some(wrong)), 401, "A001291");
    }
    let lower = format!("bearer {BEARER}");
    assert_eq!(send(&server, &with_header("authorization", Some(&lower))).0.status, 200);
}

#[test]
fn another_service_is_forbidden_and_another_path_or_method_does_not_exist() {
    let server = server();
    let at = |url: &str| HttpRequest { url: url.to_owned(), ..call("") };
    assert_failure(&server, &at("https://us.authlete.com/api/999/auth/token"), 403, "A001292");
    for url in [
        "https://us.authlete.com/",
        "https://us.authlete.com",
        "https://us.authlete.com/api/auth/token",
        "https://us.authlete.com/api/715948317/auth/token/",
        "https://us.authlete.com/api/715948317//auth/token",
        "https://us.authlete.com/api/715948317/auth/TOKEN",
        "https://us.authlete.com/v2/api/715948317/auth/token",
        "https://us.authlete.com/api/715948317/auth/authorization",
        "",
    ] {
        assert_failure(&server, &at(url), 404, "A001293");
    }
    assert_eq!(
        send(&server, &at("http://127.0.0.1:8789/api/715948317/auth/token?x=1#y")).0.status,
        200
    );
    for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"] {
        let request = HttpRequest { method: method.into(), ..call("/auth/token") };
        assert_eq!(assert_failure(&server, &request, 405, "A001294").header("allow"), Some("POST"));
    }
}

#[test]
fn a_body_that_is_not_what_it_says_is_refused() {
    let server = server();
    for content_type in
        [None, Some("text/plain"), Some("multipart/form-data"), Some("application/jsonp")]
    {
        assert_failure(&server, &with_header("content-type", content_type), 400, "A001295");
    }
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for body in ["", "{", "[]", "null", "\"x\"", "\u{feff}{}", "{}x", &deep] {
        let request = request("/auth/token", "application/json", body.to_owned());
        assert_failure(&server, &request, 400, "A001296");
    }
    let form = request(
        "/idtoken/reissue",
        "application/x-www-form-urlencoded",
        "accessToken=x&refreshToken=y".into(),
    );
    assert_failure(&server, &form, 400, "A001295");
    let mut bytes = call("/auth/token");
    bytes.body = vec![b'{', 0xff, b'}'];
    assert_failure(&server, &bytes, 400, "A001296");
}

#[test]
fn a_member_of_the_wrong_type_is_named_without_its_value() {
    let server = server();
    for (member, value) in [
        ("parameters", json!(["s3cret"])),
        ("clientSecret", json!({ "s3cret": 1 })),
        ("accessTokenDuration", json!("s3cret")),
        ("accessTokenDuration", json!(1.5)),
        ("properties", json!("s3cret")),
        ("properties", json!(["s3cret"])),
        ("properties", json!([{ "key": "a" }, { "key": "b", "value": 7 }])),
        ("dpopNonceRequired", json!("s3cret")),
        ("clientCertificatePath", json!([7])),
        ("cimdOptions", json!("s3cret")),
        ("cimdOptions", json!({ "httpPermitted": "s3cret" })),
    ] {
        let mut body = token_call(WEB, "grant_type=client_credentials");
        body[member] = value;
        let request = request("/auth/token", "application/json", body.to_string());
        assert_failure(&server, &request, 400, "A001297");
        let message = text(&send(&server, &request).1, "resultMessage").to_owned();
        assert_eq!(
            message,
            format!("[A001297] /auth/token, A member of the request has the wrong type: {member}")
        );
    }
}

#[test]
fn a_missing_required_member_is_an_answer_of_the_operation() {
    let server = server();
    for (path, body) in [
        ("/auth/token", json!({})),
        ("/auth/token", json!({ "parameters": null })),
        ("/auth/token/fail", json!({ "ticket": "x" })),
        ("/auth/token/fail", json!({ "reason": "UNKNOWN" })),
        ("/auth/token/issue", json!({ "ticket": "x" })),
        ("/auth/token/issue", json!({ "subject": "x" })),
    ] {
        assert_refused(
            &server.api(path, &body),
            "INTERNAL_SERVER_ERROR",
            "server_error",
            "A049201",
        );
    }
    let answer = server.api("/idtoken/reissue", &json!({}));
    assert_eq!(
        (&answer["action"], &answer["resultCode"]),
        (&json!("CALLER_ERROR"), &json!("A049201"))
    );
}

#[test]
fn three_of_the_calls_take_forms_too() {
    let server = server();
    let form = |path: &str, body: &str| {
        let request =
            request(path, "Application/X-WWW-Form-Urlencoded; charset=utf-8", body.to_owned());
        let (response, body) = send(&server, &request);
        assert_eq!(response.status, 200, "{body}");
        body
    };
    let parameters = "parameters=grant_type%3Dpassword%26username%3Da%26password%3Db%252Bc&clientId=web&clientSecret=web-secret";
    let properties = "properties=%5B%7B%22key%22%3A%22a%22%2C%22value%22%3A%22b%22%7D%5D&unknown=1&clientCertificatePath=";
    let pending = form("/auth/token", &format!("{parameters}&{properties}"));
    assert_eq!(pending["password"], "b+c");
    let issue =
        format!("ticket={}&subject=user-1&accessTokenDuration=60", text(&pending, "ticket"));
    let issued = form("/auth/token/issue", &issue);
    assert_eq!((&issued["action"], &issued["accessTokenDuration"]), (&json!("OK"), &json!(60)));
    assert_eq!(content(&issued)["a"], "b");
    let pending = form("/auth/token", parameters);
    let fail = format!("ticket={}&reason=UNKNOWN", text(&pending, "ticket"));
    assert_eq!(form("/auth/token/fail", &fail)["action"], "BAD_REQUEST");
    assert_eq!(form("/auth/token", "parameters=")["action"], "BAD_REQUEST");
    for bad in ["parameters=%ff", "parameters=a&parameters=b"] {
        let request = request("/auth/token", "application/x-www-form-urlencoded", bad.to_owned());
        assert_failure(&server, &request, 400, "A001296");
    }
}
