//! The token endpoint's state machine, driven by hand.

use authlete_token::endpoint::{
    self, ApiAnswer, ApiCall, EndpointSettings, Handling, Hook, Hooks, Reply, Step, StepResult,
    TokenCall,
};
use authlete_token::http::HttpResponse;
use wasm_bindgen_test::wasm_bindgen_test;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn begin(
    settings: &EndpointSettings,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<(Handling, TokenCall), Reply> {
    let header = |name: &'static str| {
        headers.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
    };
    endpoint::open(settings, "POST", "https://as.example.com/token", &header)?
        .body(body.as_bytes().to_vec())
}

fn response(step: Step) -> HttpResponse {
    match step {
        Step::Respond(response) => response,
        _ => panic!("expected an answer"),
    }
}

fn answer(action: &str, content: Option<&str>) -> ApiAnswer {
    ApiAnswer {
        action: action.into(),
        response_content: content.map(str::to_owned),
        ..ApiAnswer::default()
    }
}

#[wasm_bindgen_test]
fn a_code_is_redeemed_in_one_call() {
    let authorization = ("authorization", "Basic aWQ6cCU0MHNz");
    let (mut handling, call) =
        begin(&EndpointSettings::default(), &[FORM, authorization], "code=x").ok().unwrap();
    assert_eq!(call.parameters, "code=x");
    assert_eq!(
        (call.client_id.as_deref(), call.client_secret.as_deref()),
        (Some("id"), Some("p@ss"))
    );
    let response = response(
        handling.resume(StepResult::Answer(answer("OK", Some("{\"n\":9007199254740993}")))).step,
    );
    assert_eq!(
        (response.status, response.body.as_slice()),
        (200, b"{\"n\":9007199254740993}".as_slice())
    );
    assert_eq!(response.header("cache-control"), Some("no-store"));
}

#[wasm_bindgen_test]
fn a_password_goes_through_the_hook_and_issue() {
    let hooks = Hooks { authenticate_user: true, ..Hooks::default() };
    let (mut handling, _) =
        begin(&EndpointSettings { hooks, ..EndpointSettings::default() }, &[FORM], "a=b")
            .ok()
            .unwrap();
    let asked = ApiAnswer {
        ticket: Some("t".into()),
        has_user_credentials: true,
        ..answer("PASSWORD", None)
    };
    assert!(matches!(
        handling.resume(StepResult::Answer(asked)).step,
        Step::Hook(Hook::AuthenticateUser)
    ));
    match handling.resume(StepResult::HookAccepted).step {
        Step::Call(ApiCall::Issue { ticket }) => assert_eq!(ticket, "t"),
        _ => panic!("expected a call of /auth/token/issue"),
    }
    assert_eq!(
        response(handling.resume(StepResult::Answer(answer("OK", Some("{}")))).step).status,
        200
    );
}

#[wasm_bindgen_test]
fn a_length_beyond_32_bits_is_too_large() {
    for length in ["4294967297", "99999999999999999999999"] {
        let refused = begin(&EndpointSettings::default(), &[FORM, ("content-length", length)], "")
            .err()
            .unwrap();
        assert_eq!(refused.response.status, 413, "{length}");
    }
}

#[wasm_bindgen_test]
fn a_result_that_does_not_fit_is_an_error_and_no_panic() {
    for result in [
        StepResult::HookAccepted,
        StepResult::HookRefused,
        StepResult::HookResponded,
        StepResult::HookFailed,
    ] {
        let (mut handling, _) = begin(&EndpointSettings::default(), &[FORM], "").ok().unwrap();
        assert_eq!(response(handling.resume(result).step).status, 500);
        assert_eq!(response(handling.resume(StepResult::HookAccepted).step).status, 500);
    }
}
