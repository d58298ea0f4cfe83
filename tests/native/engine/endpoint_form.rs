//! The form of a request to the introspection or the revocation endpoint: method, headers, body,
//! and the credentials in them.

use super::endpoint_requests::*;
use super::harness::*;
use authlete_token::http::HttpRequest;

fn set(request: &mut HttpRequest, name: &str, value: &str) {
    request.headers.retain(|(known, _)| known != name);
    request.headers.push((name.into(), value.into()));
}

/// The answers of both endpoints to a request that `change` makes of a good one.
fn each(change: impl Fn(&mut HttpRequest), status: u16, error: &str, code: &str) {
    let server = start(&config_with_resource_server());
    for (to, by) in BOTH {
        let mut request = form_request(to, by, "token=unknown");
        assert_eq!(server.asked(to, &request).status, 200);
        change(&mut request);
        assert_error(&server.asked(to, &request), status, error, code);
    }
}

#[test]
fn only_post_requests_are_answered() {
    for method in ["GET", "PUT", "DELETE", "OPTIONS", "post"] {
        each(|request| request.method = method.into(), 405, "invalid_request", "A145391");
    }
    let server = start(&config_with_resource_server());
    for (to, by) in BOTH {
        let mut request = form_request(to, by, "token=unknown");
        request.method = "HEAD".into();
        let response = server.asked(to, &request);
        assert_eq!((response.status, response.header("allow")), (405, Some("POST")));
        assert!(response.body.is_empty());
    }
}

#[test]
fn only_a_form_in_utf8_is_read() {
    for other in [
        "",
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=a",
        "application/x-www-form-urlencoded; charset=iso-8859-1",
        "application/x-www-form-urlencoded, application/x-www-form-urlencoded",
    ] {
        each(|request| set(request, "content-type", other), 400, "invalid_request", "A145392");
    }
    each(
        |request| request.headers.retain(|(name, _)| name != "content-type"),
        400,
        "invalid_request",
        "A145392",
    );
    each(|request| request.body = b"token=\xff".into(), 400, "invalid_request", "A049302");
    let server = start(&config_with_resource_server());
    for (to, by) in BOTH {
        let mut request = form_request(to, by, "token=unknown");
        set(&mut request, "content-type", "Application/X-WWW-Form-URLEncoded; charset=\"UTF-8\"");
        assert_eq!(server.asked(to, &request).status, 200);
    }
}

#[test]
fn a_body_has_65536_bytes_at_the_most() {
    let server = start(&config_with_resource_server());
    for (to, by) in BOTH {
        let mut request = form_request(to, by, "token=unknown&padding=");
        request.body.resize(65_536, b'a');
        assert_eq!(server.asked(to, &request).status, 200);
        request.body.push(b'a');
        assert_error(&server.asked(to, &request), 413, "invalid_request", "A145393");
    }
}

#[test]
fn the_token_must_be_there_once_and_every_parameter_at_most_once() {
    for (parameters, code) in [
        ("", "A145301"),
        ("token", "A145301"),
        ("token=", "A145301"),
        ("token_type_hint=access_token", "A145301"),
        ("token=a&token=a", "A049301"),
        ("token=a&token=", "A049301"),
        ("token=a&token_type_hint=b&token_type_hint=b", "A049301"),
        ("token=a&unheard_of=b&unheard_of=c", "A049301"),
        ("token=a&client_id=web&client_id=web", "A049301"),
        ("token=%ff", "A049302"),
        ("token=%zz", "A049302"),
        ("token=a&token_type_hint=%c0%ae", "A049302"),
    ] {
        each(|request| request.body = parameters.into(), 400, "invalid_request", code);
    }
}

#[test]
fn the_token_and_the_clients_credentials_must_not_be_in_the_url() {
    for query in ["?token=a", "?a=b&client_secret=c#d", "?client_assertion=", "?t%6Fken=a"] {
        each(|request| request.url.push_str(query), 400, "invalid_request", "A145395");
    }
    let server = start(&config_with_resource_server());
    for (to, by) in BOTH {
        let mut request = form_request(to, by, "token=unknown");
        request.url.push_str("?tenant=1#token=a");
        assert_eq!(server.asked(to, &request).status, 200);
    }
}

#[test]
fn an_authorization_header_that_cannot_be_used_is_refused_whatever_the_body_has() {
    let joined = format!("{}, {}", basic("mcp:mcp-secret"), basic("mcp:mcp-secret"));
    let long = basic(&format!("mcp:{}", "a".repeat(20_000)));
    for (value, status, error, code) in [
        ("Bearer abc", 401, "invalid_client", "A145396"),
        ("garbage", 401, "invalid_client", "A145396"),
        ("Basic", 401, "invalid_client", "A145398"),
        ("Basic %%%", 401, "invalid_client", "A145398"),
        (&basic("mcp"), 401, "invalid_client", "A145398"),
        (&basic(":mcp-secret"), 401, "invalid_client", "A145398"),
        (&basic("mcp:a\r\nb"), 401, "invalid_client", "A145398"),
        (&joined, 400, "invalid_request", "A145397"),
        (&long, 401, "invalid_client", "A145399"),
        (&basic("mcp:wrong"), 401, "invalid_client", "A157395"),
        (&basic("nobody:x"), 401, "invalid_client", "A157395"),
    ] {
        each(|request| set(request, "authorization", value), status, error, code);
        // Good credentials in the body don't make up for it.
        let server = start(&config_with_resource_server());
        let mut request = form_request(To::Revocation, POST, "token=a");
        set(&mut request, "authorization", value);
        assert!(server.asked(To::Revocation, &request).status >= 400, "{value}");
    }
}

#[test]
fn two_methods_of_authentication_at_once_are_refused() {
    for more in [
        "&client_secret=mcp-secret",
        "&client_secret=web-secret",
        "&client_assertion=e30.e30.e30&client_assertion_type=x",
    ] {
        each(|request| request.body.extend(more.bytes()), 400, "invalid_request", "A157391");
    }
    each(|request| request.body.extend(b"&client_id=other"), 400, "invalid_request", "A157392");
}

#[test]
fn an_attestation_that_is_no_good_never_lets_a_public_client_in_without_it() {
    let server = start(&config_with_resource_server());
    let names = ["oauth-client-attestation", "oauth-client-attestation-pop"];
    let mut both = form_request(To::Revocation, SPA, "token=a");
    for name in names {
        let mut request = form_request(To::Revocation, SPA, "token=a");
        set(&mut request, name, "a.b.c");
        assert_error(&server.asked(To::Revocation, &request), 400, "invalid_request", "A157361");
        set(&mut both, name, "a.b.c");
    }
    assert_error(&server.asked(To::Revocation, &both), 401, "invalid_client", "A157395");
}

#[test]
fn a_page_of_the_same_origin_gets_no_password_dialog() {
    let server = start(&config_with_resource_server());
    let mut request = form_request(To::Revocation, By(None, "client_id=nobody"), "token=a");
    let response = server.asked(To::Revocation, &request);
    assert_eq!(response.header("www-authenticate"), Some("Basic realm=\"revocation\""));
    set(&mut request, "sec-fetch-site", "same-origin");
    assert_error(&server.asked(To::Revocation, &request), 400, "invalid_client", "A157395");
    set(&mut request, "authorization", &basic("nobody:x"));
    assert_error(&server.asked(To::Revocation, &request), 401, "invalid_client", "A157395");
}

#[test]
fn no_answer_repeats_what_the_request_had() {
    let server = start(&config_with_resource_server());
    let evil = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%0D%0Aset-cookie%3A+a";
    for (to, by) in BOTH {
        for parameters in [
            format!("token={evil}"),
            format!("token={evil}&token={evil}"),
            format!("token={evil}&client_id={evil}"),
            format!("token={evil}&token_type_hint={evil}"),
        ] {
            let response = server.asked(to, &form_request(to, by, &parameters));
            let headers = response.headers.iter().map(|(_, value)| value.as_str());
            let all = headers.collect::<String>() + &String::from_utf8_lossy(&response.body);
            for part in ["<script", "cookie", "mcp-secret", "web-secret", "\r", "\n"] {
                assert!(!all.contains(part), "{all}");
            }
        }
    }
}
