//! Clients that find out by trying how they have to authenticate, as golang.org/x/oauth2 does: the
//! secret in the header first, and after any error in the body, with the same code or token.

use super::harness::*;
use serde_json::{Value, json};

/// The client shows its secret in one place, is refused, and shows it in the other.
fn probe(server: &Server, client: &'static str, parameters: &str) -> Value {
    let secret = if client == "web" { "web-secret" } else { "post-secret" };
    let body = By(
        None,
        if client == "web" {
            "client_id=web&client_secret=web-secret"
        } else {
            "client_id=post&client_secret=post-secret"
        },
    );
    let header = By(Some((client, secret)), "");
    let (wrong, right) = if client == "web" { (body, header) } else { (header, body) };
    let stored = server.store.dump();
    let refused = server.token(wrong, parameters);
    assert_refused(&refused, "INVALID_CLIENT", "invalid_client", "A157357");
    assert_eq!(server.store.dump(), stored);
    ok(server.token(right, parameters))
}

#[test]
fn a_code_survives_a_secret_in_the_wrong_place_and_is_good_once_after_that() {
    let server = server();
    for (client, by) in [("post", POST), ("web", WEB)] {
        let code = server.code(client, json!({}));
        let tokens = content(&probe(&server, client, &redemption(&code)));
        assert!(server.is_active(text(&tokens, "access_token")));
        assert_no_good(&server.redeem(by, &code), "A050305");
    }
}

#[test]
fn a_refresh_token_survives_a_secret_in_the_wrong_place() {
    let server = server();
    for (client, by) in [("post", POST), ("web", WEB)] {
        let login = server.login(by, client);
        let refresh =
            format!("grant_type=refresh_token&refresh_token={}", text(&login, "refresh_token"));
        let tokens = content(&probe(&server, client, &refresh));
        assert!(server.is_active(text(&tokens, "access_token")));
        // The login goes on.
        ok(server.refresh(by, text(&tokens, "refresh_token")));
    }
}

#[test]
fn client_credentials_are_given_after_a_secret_in_the_wrong_place() {
    let server = server();
    for client in ["post", "web"] {
        probe(&server, client, "grant_type=client_credentials");
    }
}
