//! A new ID token at refresh: whatever becomes of it, the tokens that were issued reach the client.

use super::*;
use authlete_token::ErrorCode;

const FIRST: &str = r#"{"access_token":"a"}"#;
const SECOND: &str = r#"{"access_token":"a","id_token":"i"}"#;

fn refreshed() -> Answer {
    Answer {
        access_token: Some("opaque".into()),
        refresh_token: Some("refresh".into()),
        dpop_nonce: Some("nonce-1".into()),
        ..answer("ID_TOKEN_REISSUABLE", FIRST)
    }
}

fn settings(reissue_id_token: Reissue) -> Settings {
    Settings { reissue_id_token, ..Settings::default() }
}

/// The end of an exchange, which must be 200 with `content` and the nonce of the first answer.
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
    let mut exchange = begin(&settings(Reissue::On));
    let Call::Reissue { access_token, refresh_token } = call(exchange.resume(Event::Answer(refreshed()))) else {
        panic!("no reissue call")
    };
    assert_eq!((access_token.as_str(), refresh_token.as_str()), ("opaque", "refresh"));
    assert_eq!(gives(exchange.resume(Event::Answer(answer("OK", SECOND))), SECOND), None);
}

#[test]
fn a_jwt_access_token_is_named_instead_of_the_opaque_one() {
    let first = Answer { jwt_access_token: Some("j.w.t".into()), ..refreshed() };
    let turn = begin(&settings(Reissue::On)).resume(Event::Answer(first));
    assert!(matches!(call(turn), Call::Reissue { access_token, .. } if access_token == "j.w.t"));
}

#[test]
fn an_empty_jwt_access_token_is_none() {
    let first = Answer { jwt_access_token: Some(String::new()), ..refreshed() };
    let turn = begin(&settings(Reissue::On)).resume(Event::Answer(first));
    assert!(matches!(call(turn), Call::Reissue { access_token, .. } if access_token == "opaque"));
}

#[test]
fn switched_off_the_first_answer_is_the_last() {
    assert_eq!(gives(begin(&settings(Reissue::Off)).resume(Event::Answer(refreshed())), FIRST), None);
}

#[test]
fn the_hook_is_asked_first_and_may_accept() {
    let mut exchange = begin(&settings(Reissue::Ask));
    assert_eq!(hook(exchange.resume(Event::Answer(refreshed()))), Hook::ReissueIdToken);
    assert!(matches!(call(exchange.resume(Event::HookAccepted)), Call::Reissue { .. }));
    assert_eq!(gives(exchange.resume(Event::Answer(answer("OK", SECOND))), SECOND), None);
}

#[test]
fn a_hook_that_declines_or_fails_costs_no_tokens() {
    for (event, why) in [
        (Event::HookRefused, ReissueFailure::Declined),
        (Event::HookFailed, ReissueFailure::HookFailed),
        (Event::HookResponded, ReissueFailure::HookFailed),
    ] {
        let mut exchange = begin(&settings(Reissue::Ask));
        exchange.resume(Event::Answer(refreshed()));
        assert_eq!(failed(gives(exchange.resume(event), FIRST)), why);
    }
}

#[test]
fn a_reissue_that_fails_in_any_way_costs_no_tokens() {
    let unusable = |detail| ReissueFailure::Upstream { code: ErrorCode::ResponseInvalid, status: None, detail };
    let empty = unusable("the answer has no responseContent that is a JSON object");
    let refused = Failure { code: ErrorCode::HttpStatus, status: Some(429), retry_after: Some(7), lasting: false };
    let outcomes = [
        (Event::Answer(answer("INTERNAL_SERVER_ERROR", SECOND)), ReissueFailure::InternalServerError),
        (Event::Answer(answer("CALLER_ERROR", SECOND)), ReissueFailure::CallerError),
        (
            Event::Answer(answer("SOMETHING_NEW", SECOND)),
            unusable("the answer has an action that this version does not know, or none"),
        ),
        (Event::Answer(Answer { action: "OK".into(), ..Answer::default() }), empty),
        (
            Event::CallFailed(refused),
            ReissueFailure::Upstream { code: ErrorCode::HttpStatus, status: Some(429), detail: refused.look_at() },
        ),
        (Event::HookFailed, empty),
    ];
    for (event, why) in outcomes {
        let mut exchange = begin(&settings(Reissue::On));
        exchange.resume(Event::Answer(refreshed()));
        assert_eq!(failed(gives(exchange.resume(event), FIRST)), why);
    }
}

#[test]
fn a_first_answer_without_tokens_to_name_is_given_as_it_is() {
    let gaps = [None, Some(String::new())];
    let without = gaps.into_iter().flat_map(|gap| {
        [Answer { access_token: gap.clone(), ..refreshed() }, Answer { refresh_token: gap, ..refreshed() }]
    });
    for first in without {
        let why = failed(gives(begin(&settings(Reissue::Ask)).resume(Event::Answer(first)), FIRST));
        assert!(matches!(why, ReissueFailure::Upstream { code: ErrorCode::ResponseInvalid, .. }));
    }
}
