//! CORS: which web origin may read which answer.

use super::*;

const APP: &str = "https://app.example.com";

fn listed() -> EndpointSettings {
    EndpointSettings {
        cors: Cors::List(vec![APP.into(), "null".into()]),
        ..EndpointSettings::default()
    }
}

fn reply(request: &Incoming, settings: &EndpointSettings) -> HttpResponse {
    match request.send_to(settings) {
        Err(reply) => reply.response,
        Ok((mut handling, _)) => ended(handling.resume(StepResult::Answer(answer("OK", "{}")))).0,
    }
}

fn preflight(origin: &str) -> Incoming {
    post()
        .method("OPTIONS")
        .header("origin", origin)
        .header("access-control-request-method", "POST")
}

#[test]
fn any_origin_may_read_every_answer_by_default() {
    let requests = [
        post(),
        post().method("GET"),
        post().content_type("text/plain"),
        post().header("content-length", "999999"),
        preflight(APP),
    ];
    for request in requests {
        let response = reply(
            &request.header("origin", "https://anyone.example.com"),
            &EndpointSettings::default(),
        );
        assert_eq!(
            response.header("access-control-allow-origin"),
            Some("*"),
            "{}",
            response.status
        );
        let exposed = response.header("access-control-expose-headers").unwrap();
        for name in
            ["DPoP-Nonce", "WWW-Authenticate", "OAuth-Client-Attestation-Challenge", "Retry-After"]
        {
            assert!(exposed.split(", ").any(|exposed| exposed == name), "{name}");
        }
        assert_eq!(response.header("vary"), None);
    }
}

#[test]
fn a_listed_origin_is_echoed_and_the_answer_varies_by_origin() {
    let response = reply(&post().header("origin", APP), &listed());
    assert_eq!(response.header("access-control-allow-origin"), Some(APP));
    assert_eq!(response.header("vary"), Some("Origin"));
}

#[test]
fn an_origin_that_is_not_listed_is_served_but_may_not_read() {
    for origin in [
        "https://evil.example.com",
        "null",
        "https://app.example.com.evil.example.com",
        "https://APP.example.com",
        "",
    ] {
        let response = reply(&post().header("origin", origin), &listed());
        assert_eq!(response.status, 200, "{origin}");
        assert_eq!(response.header("access-control-allow-origin"), None, "{origin}");
        assert_eq!(response.header("vary"), Some("Origin"), "{origin}");
    }
    assert_eq!(reply(&post(), &listed()).header("vary"), Some("Origin"));
}

#[test]
fn a_preflight_is_answered_without_credentials_and_without_authlete() {
    let response = reply(&preflight(APP), &EndpointSettings::default());
    assert_eq!((response.status, response.body.len()), (204, 0));
    assert_eq!(response.header("access-control-allow-methods"), Some("POST"));
    let allowed = response.header("access-control-allow-headers").unwrap();
    for name in [
        "authorization",
        "content-type",
        "dpop",
        "oauth-client-attestation",
        "oauth-client-attestation-pop",
    ] {
        assert!(allowed.split(", ").any(|allowed| allowed == name), "{name}");
    }
    assert!(response.header("access-control-max-age").is_some());
    sound(&response);
}

/// The header names that a preflight allows, and what its answer varies by.
fn allowed(asked: Option<&str>, settings: &EndpointSettings) -> (Vec<String>, Option<String>) {
    let request = asked.iter().fold(preflight(APP), |request, asked| {
        request.header("access-control-request-headers", asked)
    });
    let response = reply(&request, settings);
    sound(&response);
    let allowed = response.header("access-control-allow-headers").unwrap();
    (allowed.split(", ").map(str::to_owned).collect(), response.header("vary").map(str::to_owned))
}

const OURS: [&str; 5] = [
    "authorization",
    "content-type",
    "dpop",
    "oauth-client-attestation",
    "oauth-client-attestation-pop",
];

#[test]
fn pages_of_any_origin_may_send_any_header_and_authorization_is_named() {
    for asked in [
        None,
        Some("content-type"),
        Some("baggage,sentry-trace,traceparent"),
        Some("No Token"),
        Some(""),
    ] {
        let (allowed, vary) = allowed(asked, &EndpointSettings::default());
        assert!(
            OURS.iter().all(|name| allowed.iter().any(|allowed| allowed == name)),
            "{allowed:?}"
        );
        assert!(allowed.iter().any(|name| name == "*"), "{allowed:?}");
        assert_eq!(vary, None);
    }
}

#[test]
fn pages_of_a_listed_origin_may_send_what_they_ask_for() {
    let many =
        |count: usize| (0..count).map(|number| format!("x-{number}")).collect::<Vec<_>>().join(",");
    for (asked, more) in [
        ("traceparent", vec!["traceparent"]),
        ("content-type,traceparent", vec!["traceparent"]),
        ("authorization,dpop", vec![]),
        ("baggage,sentry-trace,traceparent", vec!["baggage", "sentry-trace", "traceparent"]),
        ("baggage, \ttraceparent ", vec!["baggage", "traceparent"]),
        ("x!#$%&'*+-.^_`|~9", vec!["x!#$%&'*+-.^_`|~9"]),
    ] {
        let (allowed, vary) = allowed(Some(asked), &listed());
        assert_eq!(allowed, [&OURS[..], &more].concat(), "{asked}");
        assert_eq!(vary.as_deref(), Some("Origin, Access-Control-Request-Headers"));
    }
    assert_eq!(allowed(Some(&many(32)), &listed()).0.len(), OURS.len() + 32);
    let long = format!("x-{}", "a".repeat(1_022));
    assert_eq!(allowed(Some(&long), &listed()).0.len(), OURS.len() + 1);
    for absurd in [
        &many(33),
        &format!("{long}a"),
        &",".repeat(100),
        "",
        "*",
        "traceparent,*",
        "Traceparent",
        "traceparent,",
        "trace parent",
        "trace\"parent\"",
        "trace:parent",
        "tracé",
        "x\r\nset-cookie: a=b",
    ] {
        let (allowed, vary) = allowed(Some(absurd), &listed());
        assert_eq!(allowed, OURS, "{absurd}");
        assert_eq!(vary.as_deref(), Some("Origin, Access-Control-Request-Headers"));
    }
    assert_eq!(allowed(None, &listed()).0, OURS);
}

#[test]
fn a_preflight_of_another_origin_allows_nothing() {
    let response = reply(&preflight("https://evil.example.com"), &listed());
    assert_eq!(response.status, 204);
    assert!(response.headers.iter().all(|(name, _)| !name.starts_with("access-control-")));
}

#[test]
fn options_outside_of_cors_names_the_methods() {
    for request in [post().method("OPTIONS"), post().method("OPTIONS").header("origin", APP)] {
        let response = reply(&request, &EndpointSettings::default());
        assert_eq!((response.status, response.header("allow")), (204, Some("POST, OPTIONS")));
        assert_eq!(response.header("access-control-allow-methods"), None);
    }
}

#[test]
fn without_cors_no_answer_speaks_of_it() {
    let settings = EndpointSettings { cors: Cors::Off, ..EndpointSettings::default() };
    for request in [post().header("origin", APP), preflight(APP), post().method("GET")] {
        let response = reply(&request, &settings);
        assert!(
            response
                .headers
                .iter()
                .all(|(name, _)| !name.starts_with("access-control-") && name != "vary")
        );
    }
}

#[test]
fn a_hooks_own_response_gets_the_headers_of_every_answer() {
    let mut handling = begin(&EndpointSettings {
        hooks: Hooks { jwt_bearer: true, ..Hooks::default() },
        ..listed()
    });
    let answer = ApiAnswer { dpop_nonce: Some("n-1".into()), ..answer("JWT_BEARER", "{}") };
    assert_eq!(hook(handling.resume(StepResult::Answer(answer))), Hook::JwtBearer);
    let Step::Relay { headers } = handling.resume(StepResult::HookResponded).step else {
        panic!("no relay")
    };
    for (name, value) in [
        ("cache-control", "no-store"),
        ("pragma", "no-cache"),
        ("x-content-type-options", "nosniff"),
        ("vary", "Origin"),
        ("dpop-nonce", "n-1"),
    ] {
        assert!(
            headers.iter().any(|header| header == &(name.to_owned(), value.to_owned())),
            "{name}"
        );
    }
}
