//! Clients that authenticate with an assertion (RFC 7523, OpenID Connect Core §9): who gets in, and
//! what the claims must say.

use super::assertions::*;
use super::harness::*;
use super::signatures::public_jwk;
use authlete_token::engine::Algorithm;
use serde_json::{Value, json};

const SECOND: u64 = NOW / 1000;

#[test]
fn an_assertion_of_each_algorithm_authenticates_its_client() {
    for alg in Algorithm::ALL {
        let answer = ok(start(&config_with_keys()).assert(&Assertion::by(alg).signed()));
        assert_eq!(answer["clientAuthMethod"], "PRIVATE_KEY_JWT");
        assert_eq!([&answer["clientId"], &answer["clientIdAlias"]], [&json!(1005), &json!("jwt")]);
    }
}

/// RFC 9864: what browsers write into an exported key, and what some clients write into a header.
#[test]
fn the_name_of_the_curve_is_a_name_of_its_algorithm_everywhere() {
    let key = with(public_jwk(Algorithm::EdDSA), "alg", json!("Ed25519"));
    for pinned in ["EdDSA", "Ed25519"] {
        let more = json!({ "jwks": { "keys": [key] }, "token_endpoint_auth_signing_alg": pinned });
        let server = start(&config_with_client(more));
        ok(server.assert(&Assertion::new().signed()));
        ok(server.assert(
            &Assertion::new()
                .header(json!({ "alg": "Ed25519" }))
                .claims(json!({ "jti": "2" }))
                .signed(),
        ));
    }
}

#[test]
fn an_assertion_works_with_every_grant_type() {
    let server = start(&config_with_keys());
    let fresh = |jti: &str| Assertion::new().claims(json!({ "jti": jti })).signed();
    let code = server.code("jwt", json!({}));
    let tokens = content(&ok(server.assert_with(&fresh("1"), &redemption(&code))));
    assert!(tokens["id_token"].is_string());
    let refresh =
        format!("grant_type=refresh_token&refresh_token={}", text(&tokens, "refresh_token"));
    ok(server.assert_with(&fresh("2"), &refresh));
    let answer =
        server.assert_with(&fresh("3"), "grant_type=password&username=alice&password=wonderland");
    assert_eq!(answer["action"], "PASSWORD");
}

#[test]
fn a_client_may_call_itself_by_its_number_and_repeat_that_as_client_id() {
    let server = start(&config_with_keys());
    let named = |id: &str, jti: &str| {
        Assertion::new().claims(json!({ "iss": id, "sub": id, "jti": jti })).signed()
    };
    let answer = ok(server.assert(&named("1005", "1")));
    assert_eq!([&answer["clientId"], &answer["clientIdAliasUsed"]], [&json!(1005), &json!(false)]);
    ok(server.assert_with(&named("jwt", "2"), &format!("{CREDENTIALS}&client_id=jwt")));
    ok(server.assert_with(&named("1005", "3"), &format!("{CREDENTIALS}&client_id=1005")));
    for (id, parameter) in [("jwt", "web"), ("jwt", "1005"), ("1005", "jwt"), ("jwt", "nobody")] {
        let answer =
            server.assert_with(&named(id, "4"), &format!("{CREDENTIALS}&client_id={parameter}"));
        assert_not_authenticated(&answer, "A157383");
    }
    let mut call = assertion_call(&named("jwt", "5"), CREDENTIALS);
    call["clientId"] = "web".into();
    assert_not_authenticated(&server.api("/auth/token", &call), "A157383");
}

#[test]
fn issuer_and_subject_must_both_be_the_client() {
    let server = start(&config_with_keys());
    for (claims, code) in [
        (json!({ "iss": null }), "A157382"),
        (json!({ "sub": null }), "A157382"),
        (json!({ "iss": "web" }), "A157382"),
        (json!({ "sub": "web" }), "A157382"),
        (json!({ "iss": "1005" }), "A157382"),
        (json!({ "iss": "web", "sub": "web" }), "A157389"),
        (json!({ "iss": "spa", "sub": "spa" }), "A157389"),
        (json!({ "iss": "nobody", "sub": "nobody" }), "A157389"),
        (json!({ "iss": "", "sub": "" }), "A157389"),
        (json!({ "iss": 1005, "sub": 1005 }), "A157381"),
    ] {
        assert_not_authenticated(&server.assert(&Assertion::new().claims(claims).signed()), code);
    }
}

#[test]
fn an_assertion_is_for_the_issuer_or_the_token_endpoint_and_nobody_else() {
    let server = start(&config_with_keys());
    let sent = |aud: Value, jti: &str| {
        server.assert(&Assertion::new().claims(json!({ "aud": aud, "jti": jti })).signed())
    };
    for (i, aud) in [json!(ISSUER), json!(TOKEN_ENDPOINT), json!([ISSUER]), json!([TOKEN_ENDPOINT])]
        .into_iter()
        .enumerate()
    {
        ok(sent(aud, &i.to_string()));
    }
    for aud in [
        json!(null),
        json!(""),
        json!([]),
        json!("https://evil.example/token"),
        json!("https://as.example.com/"),
        json!("https://AS.example.com"),
        json!([ISSUER, "https://evil.example"]),
        json!(["https://evil.example", ISSUER]),
        json!([ISSUER, TOKEN_ENDPOINT]),
        json!([ISSUER, ISSUER]),
    ] {
        assert_not_authenticated(&sent(aud, "x"), "A157356");
    }
    for aud in [json!(7), json!({ "0": ISSUER }), json!([ISSUER, 7]), json!([[ISSUER]])] {
        assert_not_authenticated(&sent(aud, "x"), "A157381");
    }
}

#[test]
fn a_restricted_audience_is_the_issuer_as_a_string() {
    let server =
        start(&config_with_service(json!({ "clientAssertionAudRestrictedToIssuer": true })));
    let sent = |aud: Value| server.assert(&Assertion::new().claims(json!({ "aud": aud })).signed());
    for aud in [json!(TOKEN_ENDPOINT), json!([ISSUER]), json!([TOKEN_ENDPOINT]), json!([])] {
        assert_not_authenticated(&sent(aud), "A157356");
    }
    ok(sent(json!(ISSUER)));
}

#[test]
fn an_assertion_must_expire_and_within_a_day() {
    let server = start(&config_with_keys());
    let sent = |exp: Value, jti: &str| {
        server.assert(&Assertion::new().claims(json!({ "exp": exp, "jti": jti })).signed())
    };
    for (exp, code) in [
        (json!(null), "A157384"),
        (json!(SECOND), "A157385"),
        (json!(SECOND - 1), "A157385"),
        (json!(0), "A157385"),
        (json!(SECOND + 86_401), "A157386"),
        (json!(253_402_300_799_u64), "A157386"),
        (json!((SECOND + 60).to_string()), "A157381"),
        (json!(true), "A157381"),
        (json!(-1), "A157381"),
        (json!(1e308), "A157381"),
        (json!(253_402_300_800_u64), "A157381"),
    ] {
        assert_not_authenticated(&sent(exp, "x"), code);
    }
    ok(sent(json!(SECOND as f64 + 0.5), "1"));
    ok(sent(json!(SECOND + 86_400), "2"));
    let assertion = Assertion::new().signed();
    server.advance(300_000);
    assert_not_authenticated(&server.assert(&assertion), "A157385");
}

#[test]
fn an_assertion_from_more_than_ten_seconds_ahead_is_refused() {
    let server = start(&config_with_keys());
    for claims in [
        json!({ "iat": SECOND + 3600 }),
        json!({ "nbf": SECOND + 3600 }),
        json!({ "nbf": SECOND + 11 }),
    ] {
        assert_not_authenticated(
            &server.assert(&Assertion::new().claims(claims).signed()),
            "A157387",
        );
    }
    for claims in [json!({ "iat": "now" }), json!({ "nbf": -5 })] {
        assert_not_authenticated(
            &server.assert(&Assertion::new().claims(claims).signed()),
            "A157381",
        );
    }
    ok(server
        .assert(&Assertion::new().claims(json!({ "iat": null, "nbf": SECOND + 10 })).signed()));
}

#[test]
fn the_allowable_clock_skew_widens_the_time_at_both_ends() {
    let server = start(&config_with_service(json!({ "allowableClockSkew": 10 })));
    let sent = |claims: Value| server.assert(&Assertion::new().claims(claims).signed());
    ok(sent(json!({ "exp": SECOND - 9, "jti": "1" })));
    ok(sent(json!({ "iat": SECOND + 20, "nbf": SECOND + 20, "jti": "2" })));
    assert_not_authenticated(&sent(json!({ "exp": SECOND - 10, "jti": "3" })), "A157385");
    assert_not_authenticated(&sent(json!({ "iat": SECOND + 21, "jti": "3" })), "A157387");
    // Until then the jti is remembered, too.
    server.advance(500);
    assert_not_authenticated(&sent(json!({ "exp": SECOND - 9, "jti": "1" })), "A157398");
}

#[test]
fn an_assertion_without_an_identifier_of_sensible_length_is_refused() {
    let server = start(&config_with_keys());
    let sent = |jti: Value| server.assert(&Assertion::new().claims(json!({ "jti": jti })).signed());
    for jti in [json!(null), json!(""), json!("x".repeat(256))] {
        assert_not_authenticated(&sent(jti), "A157388");
    }
    assert_not_authenticated(&sent(json!(7)), "A157381");
    ok(sent(json!("x".repeat(255))));
}
