//! Client authentication by header: Basic credentials, DPoP proofs, client attestations.

use super::*;

fn credentials(request: &Incoming) -> (Option<String>, Option<String>) {
    let call = request.call();
    (call.client_id, call.client_secret)
}

#[test]
fn recorded_authorization_headers_give_the_recorded_credentials() {
    let vectors = crate::fixtures::all("vectors.basicAuthorization").remove(0).json;
    for vector in vectors["vectors"].as_array().unwrap() {
        let request = match vector["authorization"].as_str() {
            Some(value) => post().header("authorization", value),
            None => post(),
        };
        match vector["status"].as_u64() {
            Some(status) => {
                assert_eq!(
                    request.refusal(),
                    (u16::try_from(status).unwrap(), "invalid_client".into()),
                    "{vector}"
                )
            }
            None => {
                let expected = |name: &str| vector[name].as_str().map(str::to_owned);
                assert_eq!(
                    credentials(&request),
                    (expected("clientId"), expected("clientSecret")),
                    "{vector}"
                );
            }
        }
    }
}

#[test]
fn both_halves_are_form_decoded_after_the_split_at_the_first_colon() {
    let encoded = "client%3Aid%2F1+%25%2B%26%3D:p%40ss%3Aw%2520rd%2B%7E%26%3D%3F%2F%5C+%22x%22";
    let expected = (Some("client:id/1 %+&=".into()), Some("p@ss:w%20rd+~&=?/\\ \"x\"".into()));
    assert_eq!(credentials(&post().basic(encoded)), expected);
}

#[test]
fn halves_that_no_form_encoder_can_have_produced_are_taken_as_they_stand() {
    for (sent, id, secret) in [
        // One character is enough, in either half, and then neither half is decoded.
        ("a/b:x%2Fy", "a/b", "x%2Fy"),
        ("a%2Fb:x/y+z", "a%2Fb", "x/y+z"),
        ("id:s:e", "id", "s:e"),
        ("id:a b", "id", "a b"),
        ("id:a@b%41", "id", "a@b%41"),
        ("%zz:s%41", "%zz", "s%41"),
        ("i:%f", "i", "%f"),
        ("i:%", "i", "%"),
        ("i:100%", "i", "100%"),
        ("i:%4", "i", "%4"),
        ("i:%%41", "i", "%%41"),
        // Every character here is left unescaped by some encoder.
        ("A-z_0.9~*!'():a%2Bb+c", "A-z_0.9~*!'()", "a+b c"),
        ("i:%41%2f%2F", "i", "A//"),
    ] {
        assert_eq!(
            credentials(&post().basic(sent)),
            (Some(id.into()), Some(secret.into())),
            "{sent}"
        );
    }
}

#[test]
fn an_empty_secret_is_no_secret() {
    for sent in ["id:", "a%2Fb:"] {
        let (id, secret) = credentials(&post().basic(sent));
        assert!(id.is_some());
        assert_eq!(secret, None, "{sent}");
    }
    assert_eq!(credentials(&post().basic("a/b:")), (Some("a/b".into()), None));
}

#[test]
fn base64_padding_may_be_left_out_but_not_be_wrong() {
    for good in ["Basic aTpzZWM=", "Basic aTpzZWM", "Basic aTpz", "Basic aTpzZQ=="] {
        assert_eq!(
            credentials(&post().header("authorization", good)).0.as_deref(),
            Some("i"),
            "{good}"
        );
    }
    for bad in [
        "Basic aTpzZWM==",
        "Basic aTpz=",
        "Basic aTpz====",
        "Basic aTpzZQ=",
        "Basic ====",
        "Basic aTpzZWM=aTpz",
        "Basic aTp_-w",
    ] {
        assert_eq!(
            post().header("authorization", bad).refusal(),
            (401, "invalid_client".into()),
            "{bad}"
        );
    }
}

#[test]
fn malformed_credentials_are_401_even_beside_good_ones_in_the_body() {
    let request = post().body("grant_type=client_credentials&client_id=a&client_secret=b");
    for value in ["Basic", "Basic %%%", "Basic a", "Basic\taTpz", "Basic aTpz aTpz", "bAsIc !!!!"] {
        assert_eq!(
            request.clone().header("authorization", value).refusal(),
            (401, "invalid_client".into()),
            "{value}"
        );
    }
    for bytes in [
        &b"no colon"[..],
        b":secret",
        b":",
        b":a/b",
        b"i:%ff",
        b"%ff:s",
        b"i:\xff\xfe",
        b"i:a/\xc3\xbc",
        b"i:a\0b",
        b"i:a\nb",
        b"i:%0A",
        b"i:%C3%BC",
        b"i:\x7f",
    ] {
        assert_eq!(
            request.clone().basic(bytes).refusal(),
            (401, "invalid_client".into()),
            "{bytes:?}"
        );
    }
}

#[test]
fn other_authentication_schemes_are_401_and_the_body_is_not_tried_instead() {
    let request = post().body("grant_type=client_credentials&client_id=a&client_secret=b");
    for value in [
        "Bearer abc",
        "DPoP abc",
        "Digest username=\"a\", realm=\"b\"",
        "Basically aTpz",
        "Bearer a, Basic aTpz",
    ] {
        assert_eq!(
            request.clone().header("authorization", value).refusal(),
            (401, "invalid_client".into()),
            "{value}"
        );
    }
}

#[test]
fn two_authorization_headers_are_refused_and_neither_is_picked() {
    assert_eq!(post().basic("a:good").basic("a:bad").refusal(), (400, "invalid_request".into()));
    assert_eq!(
        post().basic("a:good").header("authorization", "Bearer x").refusal(),
        (400, "invalid_request".into())
    );
}

#[test]
fn credentials_in_the_body_stay_there() {
    let body = "grant_type=client_credentials&client_id=a&client_secret=b";
    for request in [
        post().body(body),
        post().body(body).header("authorization", ""),
        post().body(body).header("authorization", "  "),
    ] {
        assert_eq!(credentials(&request), (None, None));
        assert_eq!(request.call().parameters, body);
    }
    let both = post().body(body).basic("c:d").call();
    assert_eq!((both.client_id.as_deref(), both.parameters.as_str()), (Some("c"), body));
}

#[test]
fn the_realm_is_quoted_for_the_challenge() {
    let settings = EndpointSettings { realm: r#"a "b" \c"#.into(), ..EndpointSettings::default() };
    let response = post().header("authorization", "Bearer x").refused_by(&settings);
    assert_eq!(response.header("www-authenticate"), Some(r#"Basic realm="a \"b\" \\c""#));
}

#[test]
fn a_page_of_the_endpoints_own_origin_that_sends_no_authorization_header_gets_no_challenge() {
    let refused = |request: Incoming, action: &str| {
        let (mut handling, _) =
            request.send_to(&EndpointSettings::default()).unwrap_or_else(|_| panic!("refused"));
        let (response, _) = ended(
            handling.resume(StepResult::Answer(answer(action, "{\"error\":\"invalid_client\"}"))),
        );
        assert_eq!(text(&response), "{\"error\":\"invalid_client\"}");
        (response.status, response.header("www-authenticate").is_some())
    };
    let of = |site: &str| post().header("sec-fetch-site", site);
    assert_eq!(refused(of("same-origin"), "INVALID_CLIENT"), (400, false));
    assert_eq!(
        refused(of("same-origin").header("authorization", " "), "INVALID_CLIENT"),
        (400, false)
    );
    for request in [
        post(),
        of("same-site"),
        of("cross-site"),
        of("none"),
        of(""),
        of("Same-Origin"),
        of("same-origin").basic("a:b"),
    ] {
        assert_eq!(refused(request, "INVALID_CLIENT"), (401, true));
    }
    assert_eq!(refused(of("same-origin"), "BAD_REQUEST"), (400, false));
    // A request with credentials gets the challenge.
    let response = of("same-origin")
        .header("authorization", "Bearer x")
        .refused_by(&EndpointSettings::default());
    assert_eq!((response.status, response.header("www-authenticate").is_some()), (401, true));
}

#[test]
fn a_dpop_proof_brings_the_method_and_the_configured_url_along() {
    let settings = EndpointSettings {
        token_endpoint: Some("https://public.example.com/token".into()),
        ..EndpointSettings::default()
    };
    let call = |request: Incoming, settings: &EndpointSettings| {
        request.send_to(settings).map(|(_, call)| call).unwrap_or_else(|_| panic!("refused"))
    };
    let proof = post().header("dpop", "h.p.s").header("x-forwarded-host", "evil.example.com");

    let with_url = call(proof.clone(), &settings);
    assert_eq!(with_url.dpop.as_deref(), Some("h.p.s"));
    assert_eq!(
        (with_url.htm, with_url.htu.as_deref()),
        (Some("POST"), Some("https://public.example.com/token"))
    );

    let without_url = call(proof, &EndpointSettings::default());
    assert_eq!((without_url.htm, without_url.htu), (Some("POST"), None));

    let without_proof = call(post(), &settings);
    assert_eq!((without_proof.dpop, without_proof.htm, without_proof.htu), (None, None, None));
}

#[test]
fn a_dpop_header_that_is_not_one_proof_is_refused_and_an_empty_one_is_not_overlooked() {
    for value in ["a.b.c, d.e.f", "a.b.c,", "", "a b", "a.b.\u{fc}"] {
        assert_eq!(
            post().header("dpop", value).refusal(),
            (400, "invalid_dpop_proof".into()),
            "{value:?}"
        );
    }
}

#[test]
fn attestation_headers_are_handed_on_each_for_itself() {
    let both = post()
        .header("oauth-client-attestation", "a.b.c")
        .header("oauth-client-attestation-pop", "d.e.f")
        .call();
    assert_eq!(both.oauth_client_attestation.as_deref(), Some("a.b.c"));
    assert_eq!(both.oauth_client_attestation_pop.as_deref(), Some("d.e.f"));
    let one = post().header("oauth-client-attestation", "a.b.c").call();
    assert_eq!(one.oauth_client_attestation.as_deref(), Some("a.b.c"));
    assert_eq!(one.oauth_client_attestation_pop, None);
    for name in ["oauth-client-attestation", "oauth-client-attestation-pop"] {
        assert_eq!(
            post().header(name, "a.b.c").header(name, "a.b.c").refusal(),
            (400, "invalid_request".into())
        );
        assert_eq!(post().header(name, "").refusal(), (400, "invalid_request".into()));
    }
}

#[test]
fn headers_of_absurd_length_never_reach_authlete() {
    let long = "a".repeat(60 * 1024);
    assert_eq!(post().basic(format!("id:{long}")).refusal(), (401, "invalid_client".into()));
    assert_eq!(post().header("dpop", &long).refusal(), (400, "invalid_dpop_proof".into()));
    assert_eq!(
        post().header("oauth-client-attestation", &long).refusal(),
        (400, "invalid_request".into())
    );
}

#[test]
fn no_answer_repeats_what_the_client_sent() {
    let marker = "MARKER";
    let requests = [
        post().basic(format!("no-colon-{marker}")),
        post().header("authorization", marker),
        post().header("dpop", "MARKER, MARKER"),
        post().content_type(marker),
        post().body(format!("code=%ff{marker}")),
        post().url("https://as.example.com/token?code=MARKER"),
        post().method(marker),
    ];
    for request in requests {
        let response = request.refused_by(&EndpointSettings::default());
        let headers: String = response
            .headers
            .iter()
            .flat_map(|(name, value)| [name.as_str(), value.as_str()])
            .collect();
        assert!(!text(&response).contains(marker) && !headers.contains(marker));
    }
}
