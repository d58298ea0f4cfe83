//! Method, URL, media type, size and encoding of the incoming request.

use super::*;

#[test]
fn only_post_is_allowed_and_the_answer_says_so() {
    for method in ["GET", "PUT", "DELETE", "PATCH", "BREW", "post"] {
        let request = post()
            .method(method)
            .url("https://as.example.com/token?code=c")
            .header("x-http-method-override", "POST");
        let response = request.refused_by(&EndpointSettings::default());
        assert_eq!(
            (response.status, error(&response).as_str()),
            (405, "invalid_request"),
            "{method}"
        );
        assert_eq!(response.header("allow"), Some("POST, OPTIONS"));
    }
}

#[test]
fn the_answer_to_head_has_no_body() {
    let response = post().method("HEAD").refused_by(&EndpointSettings::default());
    assert_eq!((response.status, response.body.len()), (405, 0));
}

#[test]
fn the_media_type_is_parsed_and_never_searched_for() {
    for good in [
        FORM,
        "APPLICATION/X-WWW-FORM-URLENCODED;Charset=\"UTF-8\"",
        "application/x-www-form-urlencoded ; charset=utf-8",
        "application/x-www-form-urlencoded;",
        "application/x-www-form-urlencoded;charset=utf8",
        "application/x-www-form-urlencoded; charset=US-ASCII",
        "application/x-www-form-urlencoded; charset=\"Utf8\"",
    ] {
        assert_eq!(
            post().content_type(good).call().parameters,
            "grant_type=client_credentials",
            "{good}"
        );
    }
    for bad in [
        "application/json",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/json, application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded, application/x-www-form-urlencoded",
        "application/json; x=application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; a=b, application/json",
        "application/x-www-form-urlencoded2",
        "application/x-www-form-urlencoded; charset=utf-16le",
        "application/x-www-form-urlencoded; charset=utf-8; charset = iso-8859-1",
        "application/x-www-form-urlencoded; charset=\"utf-8",
        "application/x-www-form-urlencoded; charset=ascii",
        "application/x-www-form-urlencoded; charset=utf16",
        "application/x-www-form-urlencoded; charset=utf8; charset=latin1",
        "application/x-www-form-urlencoded; charset=",
    ] {
        assert_eq!(post().content_type(bad).refusal(), (400, "invalid_request".into()), "{bad}");
    }
}

#[test]
fn a_body_needs_a_media_type_and_an_empty_body_is_left_for_authlete_to_refuse() {
    let mut bare = post();
    bare.headers.clear();
    assert_eq!(bare.refusal(), (400, "invalid_request".into()));
    assert_eq!(bare.body("").call().parameters, "");
    assert_eq!(post().body("").call().parameters, "");
}

#[test]
fn a_declared_length_over_the_limit_is_refused_before_the_body_is_read() {
    let settings = EndpointSettings { max_request_bytes: 100, ..EndpointSettings::default() };
    for length in ["101", "10485760", "99999999999999999999999999"] {
        let Err(reply) = post().header("content-length", length).open(&settings) else {
            panic!("{length}")
        };
        assert_eq!(reply.response.status, 413);
        assert_eq!(error(&reply.response), "invalid_request");
    }
    for length in ["100", "0", "", "-5", "1e9", "5, 5"] {
        assert!(post().header("content-length", length).open(&settings).is_ok(), "{length}");
    }
}

#[test]
fn a_body_over_the_limit_is_refused_whatever_length_was_declared() {
    let settings = EndpointSettings { max_request_bytes: 100, ..EndpointSettings::default() };
    let request = post().header("content-length", "5");
    assert!(request.clone().body("a".repeat(100)).send_to(&settings).is_ok());
    let response = request.clone().body("a".repeat(101)).refused_by(&settings);
    assert_eq!((response.status, error(&response).as_str()), (413, "invalid_request"));
    let Ok(pending) = request.open(&settings) else { panic!("refused") };
    assert_eq!(pending.limit(), 100);
    assert_eq!(text(&pending.too_large().response), text(&response));
}

#[test]
fn a_body_that_breaks_off_is_the_clients_fault_and_a_used_up_one_the_hosts() {
    let pending =
        || post().open(&EndpointSettings::default()).unwrap_or_else(|_| panic!("refused"));
    let broken = pending().broken();
    assert_eq!(
        (broken.response.status, error(&broken.response).as_str()),
        (400, "invalid_request")
    );
    let used = pending().already_read();
    assert_eq!((used.response.status, text(&used.response)), (500, r#"{"error":"server_error"}"#));
}

#[test]
fn the_body_is_handed_on_byte_for_byte() {
    for body in [
        "resource=a&resource=b&grant_type=x&grant_type=y",
        "grant_type=x;code=y",
        "__proto__=x&constructor=y&grant_type=client_credentials&unknown=%ff",
        "&&&&====",
        "grant_type=password&password=p%40ss+w%C3%B6rd&scope=\u{2028}\u{1F600}%00",
        "\u{feff}grant_type=x",
    ] {
        assert_eq!(post().body(body).call().parameters, body);
    }
}

#[test]
fn bytes_and_known_parameters_must_be_utf8() {
    for body in [&b"code=\xff"[..], b"unknown=\xff", b"code=\xed\xa0\x80"] {
        let ascii =
            post().content_type("application/x-www-form-urlencoded; charset=us-ascii").body(body);
        assert_eq!(ascii.refusal(), (400, "invalid_request".into()), "{body:?}");
        assert_eq!(post().body(body).refusal(), (400, "invalid_request".into()), "{body:?}");
    }
    for value in ["%ff", "%c0%ae", "%c0%80", "%ed%a0%80", "%a", "%", "%zz", "%g1"] {
        for name in [
            "code",
            "client_id",
            "c%6fde",
            "refresh_token",
            "scope",
            "client_assertion",
            "resource",
        ] {
            let request = post().body(format!("grant_type=authorization_code&{name}={value}"));
            assert_eq!(request.refusal(), (400, "invalid_request".into()), "{name}={value}");
        }
    }
}

#[test]
fn credentials_in_the_url_are_refused_and_other_queries_ignored() {
    for url in [
        "https://as.example.com/token?client_secret=s",
        "https://as.example.com/token?a=b&client%5Fsecret=s",
        "https://as.example.com/token?client_assertion=",
        "https://as.example.com/token?code=c#f",
        "https://as.example.com/token?refresh_token",
        "https://as.example.com/token?password=p",
        "https://as.example.com/token?assertion=a",
        "https://as.example.com/token?subject_token=t",
    ] {
        assert_eq!(post().url(url).refusal(), (400, "invalid_request".into()), "{url}");
    }
    for url in [
        "https://as.example.com/token?grant_type=password&p=1",
        "https://as.example.com/token#code=c",
    ] {
        assert_eq!(post().url(url).call().parameters, "grant_type=client_credentials");
    }
}

#[test]
fn http_is_for_loopback_hosts_unless_the_host_allows_it() {
    for url in [
        "http://localhost:8787/token",
        "http://127.0.0.1/token",
        "http://127.8.9.1:80/token",
        "http://[::1]:8787/token",
        "https://as.example.com",
    ] {
        assert!(post().url(url).send_to(&EndpointSettings::default()).is_ok(), "{url}");
    }
    let allowed = EndpointSettings { allow_insecure_requests: true, ..EndpointSettings::default() };
    for url in [
        "http://as.example.com/token",
        "http://localhost.example.com/token",
        "http://127.0.0.1.example.com/token",
        "http://localhost@as.example.com/token",
        "http://as.example.com/?@localhost",
        "http://as.example.com#@localhost",
        "http://[::2]/token",
        "http://128.0.0.1/token",
    ] {
        assert_eq!(post().url(url).refusal(), (400, "invalid_request".into()), "{url}");
        assert!(post().url(url).send_to(&allowed).is_ok(), "{url}");
    }
    for url in ["ftp://localhost/token", "/token", ""] {
        assert_eq!(post().url(url).refused_by(&allowed).status, 400, "{url}");
    }
}

#[test]
fn a_refusal_tells_the_operator_what_it_is_about_and_nothing_that_could_be_secret() {
    let detail = |reply: Reply| {
        let Some(Notice::Refused { detail, .. }) = reply.notice else {
            panic!("{:?}", reply.notice)
        };
        assert!(!detail.contains("MARKER"), "{detail}");
        detail
    };
    let of = |request: Incoming| {
        detail(
            request
                .send_to(&EndpointSettings::default())
                .err()
                .unwrap_or_else(|| panic!("Authlete would be called")),
        )
    };
    for (request, words) in [
        (
            post().url("http://as.example/MARKER?MARKER"),
            "see allowInsecureRequests: http://as.example",
        ),
        (
            post().url("http://MARKER:MARKER@0.0.0.0:8787/token"),
            "see allowInsecureRequests: http://0.0.0.0",
        ),
        (post().url("ftp://localhost/MARKER"), "scheme is not https: ftp://localhost"),
        (post().url("/MARKER"), "is not absolute"),
        (post().method("GET"), "not POST: GET"),
        (post().method("MARKER\u{7f}"), "the method is not POST"),
        (
            post().content_type("application/json; MARKER"),
            "not that of a form in UTF-8: application/json",
        ),
        (post().content_type("MARKER {}"), "not that of a form in UTF-8"),
        (post().content_type(""), "there is no content type"),
        (post().body(vec![b'a'; 65_537]), "maxRequestBytes"),
        (post().header("authorization", "Basic MARKER"), "Authorization"),
        (post().header("authorization", "MARKER x"), "use Basic"),
        (post().header("dpop", "MARKER, MARKER"), "the header DPoP"),
        (
            post().header("oauth-client-attestation", "MARKER, MARKER"),
            "the header OAuth-Client-Attestation is",
        ),
        (
            post().header("oauth-client-attestation-pop", ""),
            "the header OAuth-Client-Attestation-PoP is",
        ),
        (post().url("https://as.example/token?code=MARKER"), "must not be in the URL"),
        (post().body("code=%ff"), "UTF-8"),
    ] {
        let detail = of(request);
        assert!(detail.contains(words), "{detail}");
    }
    let pending =
        || post().open(&EndpointSettings::default()).unwrap_or_else(|_| panic!("refused"));
    assert!(detail(pending().already_read()).contains("something has read the body"));
    assert!(detail(pending().not_bytes()).contains("arrayBuffer()"));
    assert!(detail(pending().broken()).contains("broke off"));
}

#[test]
fn what_only_the_operator_should_know_is_not_in_the_answer() {
    for url in [
        "http://as.example/token",
        "http://0.0.0.0:8787/token",
        "http://localhost.evil.example/token",
    ] {
        let response = post().url(url).refused_by(&EndpointSettings::default());
        assert!(
            !text(&response).contains("allowInsecureRequests")
                && !text(&response).contains("http:"),
            "{url}"
        );
    }
}

#[test]
fn options_that_could_not_work_are_named() {
    let default = EndpointSettings::default;
    let cors = |origin: &str| EndpointSettings {
        cors: Cors::List(vec!["https://ok.example.com".into(), origin.into()]),
        ..default()
    };
    let endpoint = |url: &str| EndpointSettings { token_endpoint: Some(url.into()), ..default() };
    let bad = [
        ("realm", EndpointSettings { realm: "a\r\nb".into(), ..default() }),
        ("maxRequestBytes", EndpointSettings { max_request_bytes: 0, ..default() }),
        ("tokenEndpoint", endpoint("/token")),
        ("tokenEndpoint", endpoint("https://as.example.com/token?x")),
        ("cors", cors("*")),
        ("cors", cors("null")),
        ("cors", cors("https://app.example.com/")),
        ("cors", cors("https://App.example.com")),
        ("cors", cors("https://app.example.com:443")),
        ("cors", cors("")),
    ];
    for (option, settings) in bad {
        let error = settings.check().unwrap_err();
        assert_eq!(error.code, authlete_token::ErrorCode::Config);
        assert!(error.message.starts_with(&format!("{option}: ")), "{}", error.message);
    }
    for settings in [
        default(),
        cors("http://localhost:3000"),
        cors("capacitor://localhost"),
        endpoint("https://as.example.com/token"),
    ] {
        assert_eq!(settings.check(), Ok(()));
    }
}
