//! Which hosts are loopback ones, wherever `https:` is otherwise required: the vectors that prove
//! the same rule in TypeScript.

use authlete_token::api::Service;
use authlete_token::endpoint::{EndpointSettings, open};

#[test]
fn the_endpoint_and_a_service_take_http_on_loopback_hosts_and_nowhere_else() {
    let vectors = crate::fixtures::all("vectors.loopback").remove(0).json;
    for vector in vectors["vectors"].as_array().unwrap() {
        let (host, loopback) =
            (vector["host"].as_str().unwrap(), vector["loopback"].as_bool().unwrap());
        for url in vector["written"].as_array().into_iter().flatten() {
            assert_eq!(
                Service::new(url.as_str().unwrap(), "1", "t").is_ok(),
                loopback,
                "service, {url}"
            );
        }
        for after in ["", ":8789", "/path", ":8789/path"] {
            let url = |scheme: &str| format!("{scheme}://{host}{after}");
            let opened =
                |url: &str| open(&EndpointSettings::default(), "POST", url, &|_| None).is_ok();
            assert_eq!(opened(&url("http")), loopback, "endpoint, {host}");
            assert!(opened(&url("https")), "endpoint, {host}");
            assert_eq!(Service::new(&url("http"), "1", "t").is_ok(), loopback, "service, {host}");
            assert!(Service::new(&url("https"), "1", "t").is_ok(), "service, {host}");
        }
    }
}

#[test]
fn a_host_is_found_where_url_parsers_find_it_and_read_in_any_letter_case() {
    let opened = |url: &str| open(&EndpointSettings::default(), "POST", url, &|_| None).is_ok();
    for url in [
        "http://LocalHost./token",
        "http://Tenant.LOCALHOST:3000/token",
        "http://user@localhost/token",
    ] {
        assert!(opened(url), "{url}");
    }
    for url in [
        "http://localhost@evil.example/token",
        "http://localhost:80@evil.example/token",
        "http://127.0.0.1%40evil.example/token",
        "http://evil.example\\@localhost/token",
        "http://evil.example\\.localhost/token",
        "http://evil.example/.localhost",
        "http://evil.example?.localhost",
        "http://evil.example#.localhost",
        "http://evil.example%2f.localhost/token",
        "http://[::1].evil.example/token",
        "http://[::1]evil.example/token",
        "http://127.0.0.256/token",
        "http://127.0.0.1.1/token",
        "http://0127.0.0.1/token",
    ] {
        assert!(!opened(url), "{url}");
        assert!(Service::new(url, "1", "t").is_err(), "{url}");
    }
    // A platform normalises these before the endpoint sees them.
    for url in ["http://127.0.0/token", "http://127.1/token", "http://127.0.0.0001/token"] {
        assert!(!opened(url), "{url}");
        assert!(Service::new(url, "1", "t").is_ok(), "{url}");
    }
    assert!(Service::new("http://[0:0:0:0:0:0:0:1]:8789", "1", "t").is_ok());
}
