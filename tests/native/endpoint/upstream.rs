//! Trouble at Authlete: what the client may retry, and what it never sees.

use super::*;
use authlete_token::ErrorCode;

const SERVER_ERROR: &str = r#"{"error":"server_error"}"#;
const UNAVAILABLE: &str = r#"{"error":"temporarily_unavailable"}"#;

fn failure(code: ErrorCode, status: Option<u16>) -> CallFailure {
    CallFailure { code, status, retry_after: None, lasting: false }
}

fn user_hook() -> EndpointSettings {
    EndpointSettings {
        hooks: Hooks { authenticate_user: true, ..Hooks::default() },
        ..EndpointSettings::default()
    }
}

/// A token request that waits for the call which follows `result` of the user hook.
fn after_user_hook(result: StepResult) -> Handling {
    let mut handling = begin(&user_hook());
    handling.resume(StepResult::Answer(password_answer()));
    handling.resume(result);
    handling
}

fn of_status(status: u16) -> CallFailure {
    failure(ErrorCode::HttpStatus, Some(status))
}

/// Temporary trouble: no complete answer, or a status that says so.
fn passing() -> Vec<CallFailure> {
    let statuses = [408, 429, 500, 501, 502, 503, 504, 507, 520, 599].map(of_status);
    let codes = [ErrorCode::Connection, ErrorCode::Timeout, ErrorCode::Aborted]
        .map(|code| failure(code, None));
    statuses.into_iter().chain(codes).collect()
}

/// Trouble that does not go away when the request is repeated.
fn lasting() -> Vec<CallFailure> {
    let statuses =
        [0, 201, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 409, 418, 428, 499, 600]
            .map(of_status);
    let codes = ErrorCode::ALL
        .into_iter()
        .filter(|code| passing().iter().all(|failure| failure.code != *code));
    let broken_client = CallFailure { lasting: true, ..failure(ErrorCode::Connection, None) };
    statuses
        .into_iter()
        .chain(codes.map(|code| failure(code, None)))
        .chain([broken_client])
        .collect()
}

#[test]
fn after_trouble_that_passes_the_client_is_asked_to_come_back_with_the_delay_if_one_is_known() {
    for failure in passing() {
        for (retry_after, told) in [(None, None), (Some(0), Some("0")), (Some(7), Some("7"))] {
            let failure = CallFailure { retry_after, ..failure };
            let (response, notice) =
                ended(begin(&EndpointSettings::default()).resume(StepResult::CallFailed(failure)));
            let given = (response.status, text(&response), response.header("retry-after"));
            assert_eq!(given, (503, UNAVAILABLE, told), "{failure:?}");
            assert_eq!(notice, Some(told_of(OperationName::Token, failure)));
        }
    }
}

#[test]
fn trouble_that_a_repetition_does_not_cure_is_a_server_error_without_a_delay() {
    for failure in lasting() {
        let failure = CallFailure { retry_after: Some(7), ..failure };
        let (response, notice) =
            ended(begin(&EndpointSettings::default()).resume(StepResult::CallFailed(failure)));
        let given = (response.status, text(&response), response.header("retry-after"));
        assert_eq!(given, (500, SERVER_ERROR, None), "{failure:?}");
        assert_eq!(notice, Some(told_of(OperationName::Token, failure)));
    }
}

fn told_of(operation: OperationName, failure: CallFailure) -> Notice {
    Notice::UpstreamFailed {
        operation,
        code: failure.code,
        status: failure.status,
        detail: failure.look_at(),
    }
}

#[test]
fn a_call_that_follows_a_hook_fails_by_the_same_rule_and_keeps_the_headers() {
    for operation in [OperationName::Issue, OperationName::Fail] {
        let result = || {
            if operation == OperationName::Issue {
                StepResult::HookAccepted
            } else {
                StepResult::HookRefused
            }
        };
        for (failures, status, body) in
            [(passing(), 503, UNAVAILABLE), (lasting(), 500, SERVER_ERROR)]
        {
            for failure in failures {
                let (response, notice) =
                    ended(after_user_hook(result()).resume(StepResult::CallFailed(failure)));
                assert_eq!((response.status, text(&response)), (status, body), "{failure:?}");
                assert_eq!(response.header("dpop-nonce"), Some("nonce-1"));
                assert_eq!(
                    response.header("oauth-client-attestation-challenge"),
                    Some("challenge-1")
                );
                assert_eq!(notice, Some(told_of(operation, failure)));
            }
        }
    }
    let limited = CallFailure { retry_after: Some(7), ..failure(ErrorCode::HttpStatus, Some(429)) };
    let (response, _) =
        ended(after_user_hook(StepResult::HookAccepted).resume(StepResult::CallFailed(limited)));
    assert_eq!((response.status, response.header("retry-after")), (503, Some("7")));
    assert_eq!(response.header("dpop-nonce"), Some("nonce-1"));
}

#[test]
fn a_ticket_that_could_not_be_ended_changes_nothing_for_the_client() {
    let lost = || StepResult::CallFailed(failure(ErrorCode::Timeout, None));
    let notice_of_it = Some(told_of(OperationName::Fail, failure(ErrorCode::Timeout, None)));

    let (response, notice) = ended(after_user_hook(StepResult::HookFailed).resume(lost()));
    assert_eq!((response.status, text(&response), &notice), (500, SERVER_ERROR, &notice_of_it));

    let mut without_hook = begin(&EndpointSettings::default());
    without_hook.resume(StepResult::Answer(password_answer()));
    let (response, notice) = ended(without_hook.resume(lost()));
    assert_eq!(
        (response.status, text(&response), notice),
        (400, r#"{"error":"unsupported_grant_type"}"#, notice_of_it)
    );
}

#[test]
fn the_operator_is_told_what_to_look_at() {
    for (failure, words) in [
        (of_status(401), "bearer"),
        (of_status(403), "rights"),
        (of_status(403), "serviceId"),
        (of_status(404), "serverURL and serviceId"),
        (of_status(302), "redirect"),
        (of_status(0), "redirect"),
        (of_status(429), "rate"),
        (of_status(400), "result code"),
        (failure(ErrorCode::ResponseInvalid, None), "serverURL, proxies"),
        (failure(ErrorCode::Connection, None), "serverURL"),
        (failure(ErrorCode::Timeout, None), "timeoutMs"),
        (failure(ErrorCode::Config, None), "bearer"),
    ] {
        assert!(failure.look_at().contains(words), "{failure:?}: {}", failure.look_at());
    }
    let lacking = [
        (ApiAnswer { ticket: None, ..password_answer() }, "without ticket"),
        (ApiAnswer { response_content: None, ..answer("OK", "") }, "responseContent"),
        (answer("SOMETHING_NEW", "{}"), "an action that this version does not know"),
        (ApiAnswer { dpop_nonce: Some("a b".into()), ..answer("OK", "{}") }, "dpopNonce"),
    ];
    for (answer, words) in lacking {
        let (_, notice) =
            ended(begin(&EndpointSettings::default()).resume(StepResult::Answer(answer)));
        let Some(Notice::UpstreamFailed { detail, .. }) = notice else { panic!("{notice:?}") };
        assert!(detail.contains(words), "{detail}");
    }
}

#[test]
fn an_action_that_nobody_knows_is_a_server_error() {
    for action in
        ["", "ok", "Ok", "OK ", "SOMETHING_NEW", "__proto__", "constructor", "CALLER_ERROR"]
    {
        let (response, notice) = ended(
            begin(&EndpointSettings::default())
                .resume(StepResult::Answer(answer(action, "{\"leak\":1}"))),
        );
        assert_eq!((response.status, text(&response)), (500, SERVER_ERROR), "{action}");
        assert!(matches!(
            notice,
            Some(Notice::UpstreamFailed { code: ErrorCode::ResponseInvalid, .. })
        ));
    }
    for (result, action) in [
        (StepResult::HookAccepted, "BAD_REQUEST"),
        (StepResult::HookRefused, "OK"),
        (StepResult::HookAccepted, ""),
    ] {
        let (response, _) = ended(
            after_user_hook(result).resume(StepResult::Answer(answer(action, "{\"leak\":1}"))),
        );
        assert_eq!((response.status, text(&response)), (500, SERVER_ERROR), "{action}");
    }
}

#[test]
fn an_answer_without_response_content_is_a_server_error_and_never_an_empty_200() {
    for action in
        ["OK", "BAD_REQUEST", "INVALID_CLIENT", "INTERNAL_SERVER_ERROR", "ID_TOKEN_REISSUABLE"]
    {
        let (response, _) =
            ended(begin(&EndpointSettings::default()).resume(StepResult::Answer(ApiAnswer {
                response_content: None,
                ..answer(action, "")
            })));
        assert_eq!((response.status, text(&response)), (500, SERVER_ERROR), "{action}");
    }
    for result in [StepResult::HookAccepted, StepResult::HookRefused] {
        let nothing = ApiAnswer { response_content: None, ..answer("OK", "") };
        assert_eq!(
            ended(after_user_hook(result).resume(StepResult::Answer(nothing))).0.status,
            500
        );
    }
}

#[test]
fn a_nonce_or_challenge_that_no_header_can_hold_is_dropped_and_a_server_error_unless_tokens_were_issued()
 {
    for bad in ["", "a b", "a\r\nset-cookie: x", "a\0", "\u{fc}", &"a".repeat(1 << 20)] {
        let nonce = ApiAnswer {
            dpop_nonce: Some(bad.into()),
            attestation_challenge: Some("challenge-1".into()),
            ..answer("OK", "{}")
        };
        let (response, notice) =
            ended(begin(&EndpointSettings::default()).resume(StepResult::Answer(nonce)));
        assert_eq!((response.status, text(&response)), (200, "{}"));
        assert_eq!(response.header("dpop-nonce"), None);
        assert!(matches!(notice, Some(Notice::UpstreamFailed { .. })));
        assert_eq!(response.header("oauth-client-attestation-challenge"), Some("challenge-1"));

        let challenge =
            ApiAnswer { attestation_challenge: Some(bad.into()), ..answer("BAD_REQUEST", "{}") };
        let (response, _) =
            ended(begin(&EndpointSettings::default()).resume(StepResult::Answer(challenge)));
        assert_eq!(
            (response.status, response.header("oauth-client-attestation-challenge")),
            (500, None)
        );
    }
}
