//! A new ID token at refresh: even if it fails, the tokens that were issued reach the client.

use super::*;
use authlete_token::ErrorCode;

const FIRST: &str = r#"{"access_token":"a"}"#;
const SECOND: &str = r#"{"access_token":"a","id_token":"i"}"#;

fn refreshed() -> ApiAnswer {
    ApiAnswer {
        access_token: Some("opaque".into()),
        refresh_token: Some("refresh".into()),
        dpop_nonce: Some("nonce-1".into()),
        ..answer("ID_TOKEN_REISSUABLE", FIRST)
    }
}

fn settings(reissue_id_token: Reissue) -> EndpointSettings {
    EndpointSettings { reissue_id_token, ..EndpointSettings::default() }
}

/// The end of a token request, which must be 200 with `content` and the nonce of the first answer.
fn gives(turn: Turn, content: &str) -> Option<Notice> {
    let (response, notice) = ended(turn);
    assert_eq!((response.status, text(&response)), (200, content));
    assert_eq!(response.header("dpop-nonce"), Some("nonce-1"));
    notice
}

fn failed(notice: Option<Notice>) -> ReissueFailure {
    let Some(Notice::ReissueFailed { why }) = notice else { panic!("{notice:?}") };
    why
}

#[test]
fn the_new_answer_replaces_the_first_one() {
    let mut handling = begin(&settings(Reissue::On));
    let ApiCall::Reissue { access_token, refresh_token } =
        call(handling.resume(StepResult::Answer(refreshed())))
    else {
        panic!("no reissue call")
    };
    assert_eq!((access_token.as_str(), refresh_token.as_str()), ("opaque", "refresh"));
    assert_eq!(gives(handling.resume(StepResult::Answer(answer("OK", SECOND))), SECOND), None);
}

#[test]
fn a_jwt_access_token_is_named_instead_of_the_opaque_one() {
    let first = ApiAnswer { jwt_access_token: Some("j.w.t".into()), ..refreshed() };
    let turn = begin(&settings(Reissue::On)).resume(StepResult::Answer(first));
    assert!(matches!(call(turn), ApiCall::Reissue { access_token, .. } if access_token == "j.w.t"));
}

#[test]
fn an_empty_jwt_access_token_is_none() {
    let first = ApiAnswer { jwt_access_token: Some(String::new()), ..refreshed() };
    let turn = begin(&settings(Reissue::On)).resume(StepResult::Answer(first));
    assert!(
        matches!(call(turn), ApiCall::Reissue { access_token, .. } if access_token == "opaque")
    );
}

#[test]
fn switched_off_the_first_answer_is_the_last() {
    assert_eq!(
        gives(begin(&settings(Reissue::Off)).resume(StepResult::Answer(refreshed())), FIRST),
        None
    );
}

#[test]
fn the_hook_is_asked_first_and_may_accept() {
    let mut handling = begin(&settings(Reissue::Ask));
    assert_eq!(hook(handling.resume(StepResult::Answer(refreshed()))), Hook::ReissueIdToken);
    assert!(matches!(call(handling.resume(StepResult::HookAccepted)), ApiCall::Reissue { .. }));
    assert_eq!(gives(handling.resume(StepResult::Answer(answer("OK", SECOND))), SECOND), None);
}

#[test]
fn a_hook_that_declines_or_fails_costs_no_tokens() {
    for (result, why) in [
        (StepResult::HookRefused, ReissueFailure::Declined),
        (StepResult::HookFailed, ReissueFailure::HookFailed),
        (StepResult::HookResponded, ReissueFailure::HookFailed),
    ] {
        let mut handling = begin(&settings(Reissue::Ask));
        handling.resume(StepResult::Answer(refreshed()));
        let turn = handling.resume(result);
        let failed = Some(Notice::ReissueFailed { why });
        let expected = match why {
            ReissueFailure::HookFailed => {
                [Some(Notice::HookFailed { hook: Hook::ReissueIdToken }), failed]
            }
            _ => [failed, None],
        };
        assert_eq!(turn.notices, expected);
        gives(turn, FIRST);
    }
}

#[test]
fn a_reissue_that_fails_in_any_way_costs_no_tokens() {
    let unusable = |detail| ReissueFailure::Upstream {
        code: ErrorCode::ResponseInvalid,
        status: None,
        detail,
    };
    let empty = unusable("the answer has no responseContent that is a JSON object");
    let refused = CallFailure {
        code: ErrorCode::HttpStatus,
        status: Some(429),
        retry_after: Some(7),
        lasting: false,
    };
    let outcomes = [
        (
            StepResult::Answer(answer("INTERNAL_SERVER_ERROR", SECOND)),
            ReissueFailure::InternalServerError,
        ),
        (StepResult::Answer(answer("CALLER_ERROR", SECOND)), ReissueFailure::CallerError),
        (
            StepResult::Answer(answer("SOMETHING_NEW", SECOND)),
            unusable("the answer has an action that this version does not know, or none"),
        ),
        (StepResult::Answer(ApiAnswer { action: "OK".into(), ..ApiAnswer::default() }), empty),
        (
            StepResult::CallFailed(refused),
            ReissueFailure::Upstream {
                code: ErrorCode::HttpStatus,
                status: Some(429),
                detail: refused.look_at(),
            },
        ),
        (StepResult::HookFailed, empty),
    ];
    for (result, why) in outcomes {
        let mut handling = begin(&settings(Reissue::On));
        handling.resume(StepResult::Answer(refreshed()));
        assert_eq!(failed(gives(handling.resume(result), FIRST)), why);
    }
}

#[test]
fn a_first_answer_without_tokens_to_name_is_given_as_it_is() {
    let gaps = [None, Some(String::new())];
    let without = gaps.into_iter().flat_map(|gap| {
        [
            ApiAnswer { access_token: gap.clone(), ..refreshed() },
            ApiAnswer { refresh_token: gap, ..refreshed() },
        ]
    });
    for first in without {
        let why =
            failed(gives(begin(&settings(Reissue::Ask)).resume(StepResult::Answer(first)), FIRST));
        assert!(matches!(why, ReissueFailure::Upstream { code: ErrorCode::ResponseInvalid, .. }));
    }
}
