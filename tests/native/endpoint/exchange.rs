//! Actions and hooks: what follows from each, and what the client and the observer get.

use super::*;

const CONTENT: &str = "{ \"n\":9223372036854775807, \"n\":1e400, \"s\":\"</script>\u{2028}\\r\\n\" }";

fn hooks(give: impl Fn(&mut Hooks)) -> Settings {
    let mut settings = Settings::default();
    give(&mut settings.hooks);
    settings
}

fn with_user_hook() -> Settings {
    hooks(|hooks| hooks.authenticate_user = true)
}

fn carries_both(response: &HttpResponse) {
    assert_eq!(response.header("dpop-nonce"), Some("nonce-1"));
    assert_eq!(response.header("oauth-client-attestation-challenge"), Some("challenge-1"));
}

#[test]
fn the_action_decides_about_the_status_and_the_content_is_relayed_as_it_is() {
    for (action, status) in [("OK", 200), ("BAD_REQUEST", 400), ("INVALID_CLIENT", 401), ("INTERNAL_SERVER_ERROR", 500)]
    {
        let first = Answer {
            dpop_nonce: Some("nonce-1".into()),
            attestation_challenge: Some("challenge-1".into()),
            ..answer(action, "{\"error\":\"e\"}")
        };
        let (response, notice) = ended(begin(&Settings::default()).resume(Event::Answer(first)));
        assert_eq!((response.status, text(&response), notice), (status, "{\"error\":\"e\"}", None), "{action}");
        assert_eq!(response.header("www-authenticate").is_some(), status == 401, "{action}");
        carries_both(&response);
    }
    let Step::Respond(response) = begin(&Settings::default()).resume(Event::Answer(answer("OK", CONTENT))).step else {
        panic!("no end")
    };
    assert_eq!(text(&response), CONTENT);
}

#[test]
fn an_accepted_user_gets_tokens_with_the_headers_of_the_first_answer() {
    let mut exchange = begin(&with_user_hook());
    assert_eq!(hook(exchange.resume(Event::Answer(password_answer()))), Hook::AuthenticateUser);
    let turn = exchange.resume(Event::HookAccepted);
    assert_eq!(turn.notice, None);
    assert!(matches!(call(turn), Call::Issue { ticket } if ticket == "ticket-1"));
    let (response, notice) = ended(exchange.resume(Event::Answer(answer("OK", "{\"access_token\":\"a\"}"))));
    assert_eq!((response.status, text(&response), notice), (200, "{\"access_token\":\"a\"}", None));
    carries_both(&response);
}

#[test]
fn a_refused_user_gets_authletes_words_for_it() {
    let mut exchange = begin(&with_user_hook());
    exchange.resume(Event::Answer(password_answer()));
    let expected = "INVALID_RESOURCE_OWNER_CREDENTIALS";
    assert!(
        matches!(call(exchange.resume(Event::HookRefused)), Call::Fail { ticket, reason } if ticket == "ticket-1" && reason == expected)
    );
    let (response, _) = ended(exchange.resume(Event::Answer(answer("BAD_REQUEST", "{\"error\":\"invalid_request\"}"))));
    assert_eq!((response.status, text(&response)), (400, "{\"error\":\"invalid_request\"}"));
    carries_both(&response);
}

#[test]
fn without_a_user_hook_the_ticket_dies_and_the_grant_type_is_unsupported() {
    for outcome in ["BAD_REQUEST", "INTERNAL_SERVER_ERROR", "OK", ""] {
        let mut exchange = begin(&Settings::default());
        let turn = exchange.resume(Event::Answer(password_answer()));
        let Some(Notice::Refused { status: 400, error: "unsupported_grant_type", detail }) = &turn.notice else {
            panic!("{:?}", turn.notice)
        };
        assert!(detail.contains("no hook authenticateUser"), "{detail}");
        assert!(matches!(call(turn), Call::Fail { ticket, reason: "UNKNOWN" } if ticket == "ticket-1"));
        let (response, _) = ended(exchange.resume(Event::Answer(answer(outcome, "{\"access_token\":\"never\"}"))));
        assert_eq!((response.status, text(&response)), (400, r#"{"error":"unsupported_grant_type"}"#));
        carries_both(&response);
    }
}

#[test]
fn a_failing_user_hook_ends_the_ticket_and_is_a_server_error() {
    let mut exchange = begin(&with_user_hook());
    exchange.resume(Event::Answer(password_answer()));
    let turn = exchange.resume(Event::HookFailed);
    assert_eq!(turn.notice, Some(Notice::HookFailed { hook: Hook::AuthenticateUser }));
    assert!(matches!(call(turn), Call::Fail { ticket, reason: "UNKNOWN" } if ticket == "ticket-1"));
    let (response, _) = ended(exchange.resume(Event::Answer(answer("BAD_REQUEST", "{\"error\":\"x\"}"))));
    assert_eq!((response.status, text(&response)), (500, r#"{"error":"server_error"}"#));
    carries_both(&response);
}

#[test]
fn a_password_answer_with_a_gap_is_a_server_error_and_no_hook_runs() {
    let gaps = [
        Answer { ticket: None, ..password_answer() },
        Answer { ticket: Some(String::new()), ..password_answer() },
        Answer { has_user_credentials: false, ..password_answer() },
    ];
    for gap in gaps {
        let (response, _) = ended(begin(&with_user_hook()).resume(Event::Answer(gap)));
        assert_eq!((response.status, text(&response)), (500, r#"{"error":"server_error"}"#));
    }
}

#[test]
fn grants_without_their_hook_are_refused_as_the_client_can_understand() {
    let native_sso =
        r#"{"error":"invalid_grant","error_description":"Native SSO is not supported by this authorization server."}"#;
    let unsupported = r#"{"error":"unsupported_grant_type"}"#;
    for (action, body) in [("TOKEN_EXCHANGE", unsupported), ("JWT_BEARER", unsupported), ("NATIVE_SSO", native_sso)] {
        let first = Answer { action: action.into(), ..password_answer() };
        let (response, notice) = ended(begin(&with_user_hook()).resume(Event::Answer(first)));
        assert_eq!((response.status, text(&response)), (400, body), "{action}");
        assert!(matches!(notice, Some(Notice::Refused { status: 400, .. })));
        carries_both(&response);
    }
}

#[test]
fn each_grant_runs_its_own_hook_and_a_failing_one_is_a_server_error() {
    let settings = hooks(|hooks| {
        *hooks = Hooks { authenticate_user: false, token_exchange: true, jwt_bearer: true, native_sso: true }
    });
    for (action, expected) in
        [("TOKEN_EXCHANGE", Hook::TokenExchange), ("JWT_BEARER", Hook::JwtBearer), ("NATIVE_SSO", Hook::NativeSso)]
    {
        let first = || Event::Answer(Answer { action: action.into(), ..password_answer() });
        let mut exchange = begin(&settings);
        assert_eq!(hook(exchange.resume(first())), expected);
        assert!(matches!(exchange.resume(Event::HookResponded).step, Step::Relay { .. }));

        let mut exchange = begin(&settings);
        exchange.resume(first());
        let (response, notice) = ended(exchange.resume(Event::HookFailed));
        assert_eq!((response.status, text(&response)), (500, r#"{"error":"server_error"}"#));
        assert_eq!(notice, Some(Notice::HookFailed { hook: expected }));
        carries_both(&response);
    }
}

#[test]
fn a_failing_token_request_hook_is_a_server_error() {
    let (response, notice) = ended(begin(&Settings::default()).resume(Event::HookFailed));
    assert_eq!((response.status, text(&response)), (500, r#"{"error":"server_error"}"#));
    assert_eq!(notice, Some(Notice::HookFailed { hook: Hook::TokenRequest }));
}

#[test]
fn an_event_out_of_turn_never_gives_tokens() {
    for event in [Event::HookAccepted, Event::HookRefused, Event::HookResponded] {
        assert_eq!(ended(begin(&with_user_hook()).resume(event)).0.status, 500);
    }
    let mut waiting_for_the_hook = begin(&with_user_hook());
    waiting_for_the_hook.resume(Event::Answer(password_answer()));
    assert_eq!(ended(waiting_for_the_hook.resume(Event::Answer(answer("OK", "{}")))).0.status, 500);

    let mut finished = begin(&Settings::default());
    assert_eq!(ended(finished.resume(Event::Answer(answer("OK", "{}")))).0.status, 200);
    assert_eq!(ended(finished.resume(Event::Answer(answer("OK", "{}")))).0.status, 500);
}
