//! What a server URL, a service ID and a bearer token may be.

use authlete_token::ErrorCode;
use authlete_token::api::{Service, auth_token, auth_token_fail};

#[test]
fn a_service_takes_https_urls_and_http_only_on_loopback() {
    let base = |url: &str| Service::new(url, "1", "t").map(|service| service.url(&auth_token::OPERATION));
    for (url, expected) in [
        ("https://us.authlete.com/", "https://us.authlete.com/api/1/auth/token"),
        ("HTTPS://x.example:8443/prefix//", "HTTPS://x.example:8443/prefix/api/1/auth/token"),
        ("http://localhost:8789", "http://localhost:8789/api/1/auth/token"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1/api/1/auth/token"),
        ("http://[::1]:8789", "http://[::1]:8789/api/1/auth/token"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]/api/1/auth/token"),
    ] {
        assert_eq!(base(url).unwrap(), expected);
    }
    for bad in [
        "",
        "us.authlete.com",
        "https://",
        "https:///x",
        "https://:1",
        "ftp://x",
        "http://us.authlete.com",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://[::2]",
        "https://u:p@x",
        "https://u@x",
        "https://x?q",
        "https://x#f",
        "https://x/..",
        "https://x/%2e%2E/y",
        "https://x\\y",
        "https://x y",
        "https://x\n",
        "https://é",
        "https://x:70000",
        "https://x:+1",
        "https://x:",
        "https://[::1",
        "https://a:b:1",
    ] {
        assert_eq!(base(bad).unwrap_err().code, ErrorCode::Config, "{bad}");
    }
}

#[test]
fn a_service_id_is_exactly_one_path_segment() {
    let url = |id: &str| Service::new("https://x", id, "t").map(|service| service.url(&auth_token_fail::OPERATION));
    assert_eq!(url("a/../b?c#d é%2e").unwrap(), "https://x/api/a%2F..%2Fb%3Fc%23d%20%C3%A9%252e/auth/token/fail");
    for bad in ["", ".", ".."] {
        assert_eq!(url(bad).unwrap_err().code, ErrorCode::Config, "{bad}");
    }
}

#[test]
fn a_bearer_token_is_visible_ascii_and_never_in_an_error() {
    for bad in ["", "SECRET x", "SECRET\n", "SECRETé", "SECRET\0"] {
        let error = Service::new("https://x", "1", bad).unwrap_err();
        assert_eq!(error.code, ErrorCode::Config);
        assert!(!format!("{error} {error:?}").contains("SECRET"));
    }
}
