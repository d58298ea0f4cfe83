//! The token endpoint's state machine, driven by hand.

use authlete_token::endpoint::{self, Answer, Call, Event, Exchange, Hook, Hooks, Reply, Settings, Step, TokenCall};
use authlete_token::http::HttpResponse;
use wasm_bindgen_test::wasm_bindgen_test;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn begin(settings: &Settings, headers: &[(&str, &str)], body: &str) -> Result<(Exchange, TokenCall), Reply> {
    let header = |name: &'static str| headers.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
    endpoint::open(settings, "POST", "https://as.example.com/token", &header)?.body(body.as_bytes().to_vec())
}

fn response(step: Step) -> HttpResponse {
    match step {
        Step::Respond(response) => response,
        _ => panic!("expected an answer"),
    }
}

fn answer(action: &str, content: Option<&str>) -> Answer {
    Answer { action: action.into(), response_content: content.map(str::to_owned), ..Answer::default() }
}

#[wasm_bindgen_test]
fn a_code_is_redeemed_in_one_call() {
    let authorization = ("authorization", "Basic aWQ6cCU0MHNz");
    let (mut exchange, call) = begin(&Settings::default(), &[FORM, authorization], "code=x").ok().unwrap();
    assert_eq!(call.parameters, "code=x");
    assert_eq!((call.client_id.as_deref(), call.client_secret.as_deref()), (Some("id"), Some("p@ss")));
    let response = response(exchange.resume(Event::Answer(answer("OK", Some("{\"n\":9007199254740993}")))).step);
    assert_eq!((response.status, response.body.as_slice()), (200, b"{\"n\":9007199254740993}".as_slice()));
    assert_eq!(response.header("cache-control"), Some("no-store"));
}

#[wasm_bindgen_test]
fn a_password_goes_through_the_hook_and_issue() {
    let hooks = Hooks { authenticate_user: true, ..Hooks::default() };
    let (mut exchange, _) = begin(&Settings { hooks, ..Settings::default() }, &[FORM], "a=b").ok().unwrap();
    let asked = Answer { ticket: Some("t".into()), has_user_credentials: true, ..answer("PASSWORD", None) };
    assert!(matches!(exchange.resume(Event::Answer(asked)).step, Step::Hook(Hook::AuthenticateUser)));
    match exchange.resume(Event::HookAccepted).step {
        Step::Call(Call::Issue { ticket }) => assert_eq!(ticket, "t"),
        _ => panic!("expected a call of /auth/token/issue"),
    }
    assert_eq!(response(exchange.resume(Event::Answer(answer("OK", Some("{}")))).step).status, 200);
}

#[wasm_bindgen_test]
fn a_length_beyond_32_bits_is_too_large() {
    for length in ["4294967297", "99999999999999999999999"] {
        let refused = begin(&Settings::default(), &[FORM, ("content-length", length)], "").err().unwrap();
        assert_eq!(refused.response.status, 413, "{length}");
    }
}

#[wasm_bindgen_test]
fn an_event_that_does_not_fit_is_an_error_and_no_panic() {
    for event in [Event::HookAccepted, Event::HookRefused, Event::HookResponded, Event::HookFailed] {
        let (mut exchange, _) = begin(&Settings::default(), &[FORM], "").ok().unwrap();
        assert_eq!(response(exchange.resume(event).step).status, 500);
        assert_eq!(response(exchange.resume(Event::HookAccepted).step).status, 500);
    }
}
