//! Every recorded exchange: the request that the endpoint makes of the client's, and the answer
//! that the client gets.

use super::*;
use crate::fixtures::{self, Fixture};
use authlete_token::ErrorCode;

fn form_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// The client's request that leads to a recorded call of `/auth/token`.
fn request_of(recorded: &Value) -> Incoming {
    let text = |name: &str| recorded[name].as_str();
    let mut request = post().body(text("parameters").unwrap());
    if let (Some(id), Some(secret)) = (text("clientId"), text("clientSecret")) {
        request = request.basic(format!("{}:{}", form_encode(id), form_encode(secret)));
    }
    for (member, header) in [
        ("dpop", "dpop"),
        ("oauthClientAttestation", "oauth-client-attestation"),
        ("oauthClientAttestationPop", "oauth-client-attestation-pop"),
    ] {
        if let Some(value) = text(member) {
            request = request.header(header, value);
        }
    }
    request
}

fn expect(fixture: &Fixture, response: &HttpResponse) {
    let expected = &fixture.json["clientResponse"];
    assert_eq!(u64::from(response.status), expected["status"], "{}", fixture.name);
    assert_eq!(text(response), expected["body"], "{}", fixture.name);
    for (name, value) in expected["headers"].as_object().unwrap() {
        assert_eq!(
            response.header(&name.to_lowercase()),
            value.as_str(),
            "{}: {name}",
            fixture.name
        );
    }
}

fn recorded_answer(fixture: &Fixture) -> StepResult {
    StepResult::Answer(answer_from(&fixture.json["apiResponse"]["body"]))
}

fn without_reissue() -> EndpointSettings {
    EndpointSettings { reissue_id_token: Reissue::Off, ..EndpointSettings::default() }
}

/// A token request that waits for what follows the recorded answer with this action.
fn after(action: &str, settings: &EndpointSettings) -> (Handling, Turn) {
    let first = fixtures::all(action).remove(0);
    let mut handling = begin(settings);
    let turn = handling.resume(recorded_answer(&first));
    (handling, turn)
}

#[test]
fn each_recorded_token_call_is_what_the_clients_request_leads_to() {
    for fixture in fixtures::all("authToken.") {
        let recorded = &fixture.json["apiRequest"]["body"];
        let settings = EndpointSettings {
            token_endpoint: recorded["htu"].as_str().map(str::to_owned),
            ..EndpointSettings::default()
        };
        let Ok((_, call)) = request_of(recorded).send_to(&settings) else {
            panic!("{} refused", fixture.name)
        };
        let expect = |name: &str, value: Option<&str>| {
            assert_eq!(value, recorded[name].as_str(), "{}: {name}", fixture.name)
        };
        expect("parameters", Some(&call.parameters));
        expect("clientSecret", call.client_secret.as_deref());
        // A client ID without a secret never comes out of an `Authorization` header.
        if recorded["clientSecret"].is_string() {
            expect("clientId", call.client_id.as_deref());
        }
        expect("dpop", call.dpop.as_deref());
        expect("htu", call.htu.as_deref());
        expect("oauthClientAttestation", call.oauth_client_attestation.as_deref());
        expect("oauthClientAttestationPop", call.oauth_client_attestation_pop.as_deref());
    }
}

#[test]
fn each_recorded_token_answer_gives_the_recorded_response() {
    let with_response = |fixture: &Fixture| fixture.json["clientResponse"].is_object();
    for fixture in
        fixtures::all("authToken.").into_iter().chain(fixtures::all("edge.")).filter(with_response)
    {
        let (response, _) = ended(begin(&without_reissue()).resume(recorded_answer(&fixture)));
        expect(&fixture, &response);
    }
}

#[test]
fn each_recorded_issue_answer_gives_the_recorded_response() {
    for fixture in fixtures::all("authTokenIssue.") {
        let hooks = Hooks { authenticate_user: true, ..Hooks::default() };
        let (mut handling, turn) =
            after("authToken.PASSWORD", &EndpointSettings { hooks, ..EndpointSettings::default() });
        assert_eq!(hook(turn), Hook::AuthenticateUser);
        let ApiCall::Issue { ticket } = call(handling.resume(StepResult::HookAccepted)) else {
            panic!("no issue call")
        };
        assert_eq!(ticket, "p7SXQ9JFjng7KFOZdCMBKcoR3ift7B54l1LGIgQXqEM");
        expect(&fixture, &ended(handling.resume(recorded_answer(&fixture))).0);
    }
}

#[test]
fn each_recorded_fail_answer_gives_the_recorded_response() {
    for fixture in fixtures::all("authTokenFail.") {
        let hooks = Hooks { authenticate_user: true, ..Hooks::default() };
        let (mut handling, turn) =
            after("authToken.PASSWORD", &EndpointSettings { hooks, ..EndpointSettings::default() });
        assert_eq!(hook(turn), Hook::AuthenticateUser);
        let ApiCall::Fail { reason, .. } = call(handling.resume(StepResult::HookRefused)) else {
            panic!("no fail call")
        };
        assert_eq!(reason, "INVALID_RESOURCE_OWNER_CREDENTIALS");
        expect(&fixture, &ended(handling.resume(recorded_answer(&fixture))).0);
    }
}

#[test]
fn each_recorded_reissue_answer_gives_the_recorded_response() {
    for fixture in fixtures::all("idtokenReissue.") {
        let (mut handling, turn) =
            after("authToken.ID_TOKEN_REISSUABLE", &EndpointSettings::default());
        let ApiCall::Reissue { access_token, refresh_token } = call(turn) else {
            panic!("no reissue call")
        };
        assert_eq!(access_token, "Pz4hA9mKQe2wN7sVb1XyTfC8LrJdGo3uWkEi5ZnY0_s");
        assert_eq!(refresh_token, "m3VtQx8BfLs1yRzKc7UeHwNa2DpGj9oTi4XbZq6JvE0");
        expect(&fixture, &ended(handling.resume(recorded_answer(&fixture))).0);
    }
}

#[test]
fn each_recorded_api_error_gives_the_recorded_response() {
    for fixture in fixtures::all("apiError.") {
        let recorded = &fixture.json["apiResponse"];
        let delay = ["Retry-After", "RateLimit-Reset"]
            .iter()
            .find_map(|name| recorded["headers"][name].as_str());
        let failure = CallFailure {
            code: ErrorCode::HttpStatus,
            status: Some(recorded["status"].as_u64().unwrap().try_into().unwrap()),
            retry_after: delay.map(|delay| delay.parse().unwrap()),
            lasting: false,
        };
        let (response, notice) =
            ended(begin(&EndpointSettings::default()).resume(StepResult::CallFailed(failure)));
        expect(&fixture, &response);
        let expected = Notice::UpstreamFailed {
            operation: OperationName::Token,
            code: ErrorCode::HttpStatus,
            status: failure.status,
            detail: failure.look_at(),
        };
        assert_eq!(notice, Some(expected));
    }
}
