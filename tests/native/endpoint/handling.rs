//! Actions and hooks: what follows from each, and what the client and `onEvent` get.

use super::*;

const CONTENT: &str =
    "{ \"n\":9223372036854775807, \"n\":1e400, \"s\":\"</script>\u{2028}\\r\\n\" }";

fn hooks(give: impl Fn(&mut Hooks)) -> EndpointSettings {
    let mut settings = EndpointSettings::default();
    give(&mut settings.hooks);
    settings
}

fn with_user_hook() -> EndpointSettings {
    hooks(|hooks| hooks.authenticate_user = true)
}

fn carries_both(response: &HttpResponse) {
    assert_eq!(response.header("dpop-nonce"), Some("nonce-1"));
    assert_eq!(response.header("oauth-client-attestation-challenge"), Some("challenge-1"));
}

#[test]
fn the_action_decides_about_the_status_and_the_content_is_relayed_as_it_is() {
    for (action, status) in
        [("OK", 200), ("BAD_REQUEST", 400), ("INVALID_CLIENT", 401), ("INTERNAL_SERVER_ERROR", 500)]
    {
        let first = ApiAnswer {
            dpop_nonce: Some("nonce-1".into()),
            attestation_challenge: Some("challenge-1".into()),
            ..answer(action, "{\"error\":\"e\"}")
        };
        let (response, notice) =
            ended(begin(&EndpointSettings::default()).resume(StepResult::Answer(first)));
        assert_eq!(
            (response.status, text(&response), notice),
            (status, "{\"error\":\"e\"}", None),
            "{action}"
        );
        assert_eq!(response.header("www-authenticate").is_some(), status == 401, "{action}");
        carries_both(&response);
    }
    let Step::Respond(response) =
        begin(&EndpointSettings::default()).resume(StepResult::Answer(answer("OK", CONTENT))).step
    else {
        panic!("no end")
    };
    assert_eq!(text(&response), CONTENT);
}

#[test]
fn an_accepted_user_gets_tokens_with_the_headers_of_the_first_answer() {
    let mut handling = begin(&with_user_hook());
    assert_eq!(
        hook(handling.resume(StepResult::Answer(password_answer()))),
        Hook::AuthenticateUser
    );
    let turn = handling.resume(StepResult::HookAccepted);
    assert_eq!(turn.notices, [None, None]);
    assert!(matches!(call(turn), ApiCall::Issue { ticket } if ticket == "ticket-1"));
    let (response, notice) =
        ended(handling.resume(StepResult::Answer(answer("OK", "{\"access_token\":\"a\"}"))));
    assert_eq!((response.status, text(&response), notice), (200, "{\"access_token\":\"a\"}", None));
    carries_both(&response);
}

#[test]
fn a_refused_user_gets_authletes_words_for_it() {
    let mut handling = begin(&with_user_hook());
    handling.resume(StepResult::Answer(password_answer()));
    let expected = "INVALID_RESOURCE_OWNER_CREDENTIALS";
    assert!(
        matches!(call(handling.resume(StepResult::HookRefused)), ApiCall::Fail { ticket, reason } if ticket == "ticket-1" && reason == expected)
    );
    let (response, _) = ended(
        handling
            .resume(StepResult::Answer(answer("BAD_REQUEST", "{\"error\":\"invalid_request\"}"))),
    );
    assert_eq!((response.status, text(&response)), (400, "{\"error\":\"invalid_request\"}"));
    carries_both(&response);
}

#[test]
fn without_a_user_hook_the_ticket_dies_and_the_grant_type_is_unsupported() {
    for outcome in ["BAD_REQUEST", "INTERNAL_SERVER_ERROR", "OK", ""] {
        let mut handling = begin(&EndpointSettings::default());
        let turn = handling.resume(StepResult::Answer(password_answer()));
        let [Some(Notice::Refused { status: 400, error: "unsupported_grant_type", detail }), None] =
            &turn.notices
        else {
            panic!("{:?}", turn.notices)
        };
        assert!(detail.contains("no hook authenticateUser"), "{detail}");
        assert!(
            matches!(call(turn), ApiCall::Fail { ticket, reason: "UNKNOWN" } if ticket == "ticket-1")
        );
        let (response, _) = ended(
            handling.resume(StepResult::Answer(answer(outcome, "{\"access_token\":\"never\"}"))),
        );
        assert_eq!(
            (response.status, text(&response)),
            (400, r#"{"error":"unsupported_grant_type"}"#)
        );
        carries_both(&response);
    }
}

#[test]
fn a_failing_user_hook_ends_the_ticket_and_is_a_server_error() {
    let mut handling = begin(&with_user_hook());
    handling.resume(StepResult::Answer(password_answer()));
    let turn = handling.resume(StepResult::HookFailed);
    assert_eq!(turn.notices, [Some(Notice::HookFailed { hook: Hook::AuthenticateUser }), None]);
    assert!(
        matches!(call(turn), ApiCall::Fail { ticket, reason: "UNKNOWN" } if ticket == "ticket-1")
    );
    let (response, _) =
        ended(handling.resume(StepResult::Answer(answer("BAD_REQUEST", "{\"error\":\"x\"}"))));
    assert_eq!((response.status, text(&response)), (500, r#"{"error":"server_error"}"#));
    carries_both(&response);
}

#[test]
fn a_password_answer_with_a_gap_is_a_server_error_and_no_hook_runs() {
    let gaps = [
        ApiAnswer { ticket: None, ..password_answer() },
        ApiAnswer { ticket: Some(String::new()), ..password_answer() },
        ApiAnswer { has_user_credentials: false, ..password_answer() },
    ];
    for gap in gaps {
        let (response, _) = ended(begin(&with_user_hook()).resume(StepResult::Answer(gap)));
        assert_eq!((response.status, text(&response)), (500, r#"{"error":"server_error"}"#));
    }
}

#[test]
fn grants_without_their_hook_are_refused_as_the_client_can_understand() {
    let native_sso = r#"{"error":"invalid_grant","error_description":"Native SSO is not supported by this authorization server."}"#;
    let unsupported = r#"{"error":"unsupported_grant_type"}"#;
    for (action, body) in
        [("TOKEN_EXCHANGE", unsupported), ("JWT_BEARER", unsupported), ("NATIVE_SSO", native_sso)]
    {
        let first = ApiAnswer { action: action.into(), ..password_answer() };
        let (response, notice) = ended(begin(&with_user_hook()).resume(StepResult::Answer(first)));
        assert_eq!((response.status, text(&response)), (400, body), "{action}");
        assert!(matches!(notice, Some(Notice::Refused { status: 400, .. })));
        carries_both(&response);
    }
}

#[test]
fn each_grant_runs_its_own_hook_and_a_failing_one_is_a_server_error() {
    let settings = hooks(|hooks| {
        *hooks = Hooks {
            authenticate_user: false,
            token_exchange: true,
            jwt_bearer: true,
            native_sso: true,
        }
    });
    for (action, expected) in [
        ("TOKEN_EXCHANGE", Hook::TokenExchange),
        ("JWT_BEARER", Hook::JwtBearer),
        ("NATIVE_SSO", Hook::NativeSso),
    ] {
        let first = || StepResult::Answer(ApiAnswer { action: action.into(), ..password_answer() });
        let mut handling = begin(&settings);
        assert_eq!(hook(handling.resume(first())), expected);
        assert!(matches!(handling.resume(StepResult::HookResponded).step, Step::Relay { .. }));

        let mut handling = begin(&settings);
        handling.resume(first());
        let (response, notice) = ended(handling.resume(StepResult::HookFailed));
        assert_eq!((response.status, text(&response)), (500, r#"{"error":"server_error"}"#));
        assert_eq!(notice, Some(Notice::HookFailed { hook: expected }));
        carries_both(&response);
    }
}

#[test]
fn a_failing_token_request_hook_is_a_server_error() {
    let (response, notice) =
        ended(begin(&EndpointSettings::default()).resume(StepResult::HookFailed));
    assert_eq!((response.status, text(&response)), (500, r#"{"error":"server_error"}"#));
    assert_eq!(notice, Some(Notice::HookFailed { hook: Hook::TokenRequest }));
}

#[test]
fn an_event_out_of_turn_never_gives_tokens() {
    for result in [StepResult::HookAccepted, StepResult::HookRefused, StepResult::HookResponded] {
        assert_eq!(ended(begin(&with_user_hook()).resume(result)).0.status, 500);
    }
    let mut waiting_for_the_hook = begin(&with_user_hook());
    waiting_for_the_hook.resume(StepResult::Answer(password_answer()));
    assert_eq!(
        ended(waiting_for_the_hook.resume(StepResult::Answer(answer("OK", "{}")))).0.status,
        500
    );

    let mut finished = begin(&EndpointSettings::default());
    assert_eq!(ended(finished.resume(StepResult::Answer(answer("OK", "{}")))).0.status, 200);
    assert_eq!(ended(finished.resume(StepResult::Answer(answer("OK", "{}")))).0.status, 500);
}
