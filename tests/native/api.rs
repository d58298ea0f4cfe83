//! The four operations: every recorded exchange through `encode` and `decode`.

mod schemas;
mod service;
mod verdicts;

use crate::fixtures::{self, Fixture};
use authlete_token::api::*;
use authlete_token::contract::OPERATIONS;
use authlete_token::http::{HttpRequest, HttpResponse};
use authlete_token::{Error, ErrorCode};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

type Members = BTreeMap<&'static str, &'static [&'static str]>;

fn service() -> Service {
    Service::new("https://us.authlete.com", "715948317", "TEST-SERVICE-ACCESS-TOKEN").unwrap()
}

fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> HttpResponse {
    let headers =
        headers.iter().map(|(name, value)| (name.to_lowercase(), (*value).to_owned())).collect();
    HttpResponse { status, headers, body: body.into() }
}

fn json_answer(body: impl Into<Vec<u8>>) -> HttpResponse {
    answer(200, &[("content-type", "application/json")], body)
}

fn recorded_answer(fixture: &Value) -> HttpResponse {
    if let Some(text) = fixture["apiResponseText"].as_str() {
        return json_answer(text);
    }
    let recorded = &fixture["apiResponse"];
    let mut headers: Vec<(&str, &str)> = match recorded["headers"].as_object() {
        Some(headers) => {
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect()
        }
        None => vec![("content-type", "application/json")],
    };
    headers.push(("x-request-id", "1"));
    let body =
        recorded["body"].as_str().map_or_else(|| recorded["body"].to_string(), str::to_owned);
    answer(recorded["status"].as_u64().unwrap().try_into().unwrap(), &headers, body)
}

/// The request of a fixture through the model and `encode`.
fn encode(operation: &str, body: &Value) -> HttpRequest {
    let service = service();
    match operation {
        "authToken" => auth_token::encode(&service, &serde_json::from_value(body.clone()).unwrap()),
        "authTokenFail" => {
            auth_token_fail::encode(&service, &serde_json::from_value(body.clone()).unwrap())
        }
        "authTokenIssue" => {
            auth_token_issue::encode(&service, &serde_json::from_value(body.clone()).unwrap())
        }
        _ => idtoken_reissue::encode(&service, &serde_json::from_value(body.clone()).unwrap()),
    }
    .unwrap()
}

/// The answer through `decode`, as JSON again.
fn decode(operation: &str, response: &HttpResponse) -> Result<Value, Error> {
    fn value(answer: impl Serialize) -> Value {
        serde_json::to_value(answer).unwrap()
    }
    match operation {
        "authToken" => auth_token::decode(response).map(value),
        "authTokenFail" => auth_token_fail::decode(response).map(value),
        "authTokenIssue" => auth_token_issue::decode(response).map(value),
        _ => idtoken_reissue::decode(response).map(value),
    }
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(_, member)| !member.is_null());
            kept.map(|(name, member)| (name.clone(), without_nulls(member)))
                .collect::<Map<_, _>>()
                .into()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

fn exchanges() -> impl Iterator<Item = (Fixture, String)> {
    let with_operation = |fixture: Fixture| {
        let operation = fixture.json["operation"].as_str()?.to_owned();
        Some((fixture, operation))
    };
    fixtures::all("").into_iter().filter_map(with_operation)
}

#[test]
fn every_recorded_request_is_written_as_it_was_recorded() {
    let mut seen = 0;
    for (fixture, operation) in exchanges() {
        let recorded = &fixture.json["apiRequest"];
        if recorded.is_null() {
            continue;
        }
        let request = encode(&operation, &recorded["body"]);
        assert_eq!(request.method, recorded["method"], "{}", fixture.name);
        assert_eq!(request.url, recorded["url"], "{}", fixture.name);
        assert_eq!(
            serde_json::from_slice::<Value>(&request.body).unwrap(),
            recorded["body"],
            "{}",
            fixture.name
        );
        for (name, value) in recorded["headers"].as_object().unwrap() {
            assert_eq!(
                request.header(&name.to_lowercase()),
                value.as_str(),
                "{}: {name}",
                fixture.name
            );
        }
        seen += 1;
    }
    assert!(seen > 30, "only {seen} recorded requests");
}

#[test]
fn every_recorded_answer_keeps_all_its_members() {
    for (fixture, operation) in
        exchanges().filter(|(fixture, _)| !fixture.name.starts_with("apiError."))
    {
        let response = recorded_answer(&fixture.json);
        let before: Value = serde_json::from_slice(&response.body).unwrap();
        let after = decode(&operation, &response)
            .unwrap_or_else(|error| panic!("{}: {error}", fixture.name));
        assert_eq!(after, without_nulls(&before), "{}", fixture.name);
    }
}

#[test]
fn every_recorded_action_has_the_members_that_its_type_promises() {
    let promised = |operation: &str| -> Members {
        let known = OPERATIONS.into_iter().find(|known| known.name == operation);
        known.unwrap().members_by_action.iter().copied().collect()
    };
    let mut seen = BTreeSet::new();
    for (fixture, operation) in exchanges() {
        let body = &fixture.json["apiResponse"]["body"];
        let Some(members) =
            body["action"].as_str().and_then(|action| promised(&operation).get(action).copied())
        else {
            continue;
        };
        for member in members {
            assert!(body[member].is_string(), "{}: {member}", fixture.name);
        }
        seen.insert((operation, body["action"].as_str().unwrap().to_owned()));
    }
    let all = OPERATIONS.iter().map(|operation| promised(operation.name).len()).sum::<usize>();
    assert_eq!(seen.len(), all, "an action without a recorded answer");
}

#[test]
fn sixty_four_bit_integers_and_unknown_values_survive() {
    let fixture = fixtures::all("edge.authToken.bigIntsNullsUnknowns").remove(0);
    let answer = auth_token::decode(&recorded_answer(&fixture.json)).unwrap();
    assert_eq!(answer.client_id, Some(9_007_199_254_740_993));
    assert_eq!(answer.access_token_expires_at, Some(i64::MAX));
    assert_eq!(answer.grant_type, Some(GrantType::Other("SOME_NEW_GRANT".into())));
    assert_eq!(answer.client_auth_method, Some(ClientAuthMethod::SpiffeJwt));
    assert_eq!(answer.scopes, None);
    assert_eq!(answer.extra["aNewField"], json!({"deep": [1, 2, 3]}));
}

#[test]
fn unknown_members_of_nested_objects_survive_too() {
    let body = json!({"action": "TOKEN_EXCHANGE", "properties": [{"key": "k", "new": 1}], "subjectTokenInfo": {"new": [2],
        "scopes": ["a", {"name": "b", "new": 3, "attributes": [{"key": "k", "new": 4}]}], "authorizationDetails": {"type": "t", "new": 5}}});
    let response = json_answer(body.to_string());
    assert_eq!(decode("authToken", &response).unwrap(), body);
    let info = auth_token::decode(&response).unwrap().subject_token_info.unwrap();
    let names: Vec<_> = info.scopes.iter().flatten().map(ScopeOrName::name).collect();
    assert_eq!(names, [Some("a"), Some("b")]);
    assert_eq!(info.authorization_details.unwrap().elements()[0].r#type.as_deref(), Some("t"));
}

#[test]
fn token_types_are_read_as_constant_or_as_urn() {
    let urn = TokenType::from("urn:ietf:params:oauth:token-type:id_token");
    assert_eq!(urn.as_str(), "urn:ietf:params:oauth:token-type:id_token");
    assert_eq!(urn.canonical(), TokenType::IdToken);
    assert_eq!(TokenType::from("ID_TOKEN").canonical(), TokenType::IdToken);
    assert_eq!(TokenType::from("x").canonical(), TokenType::Other("x".into()));
}

#[test]
fn http_errors_give_status_result_code_message_and_delay() {
    for (fixture, operation) in
        exchanges().filter(|(fixture, _)| fixture.name.starts_with("apiError."))
    {
        let recorded = &fixture.json["apiResponse"];
        let error = decode(&operation, &recorded_answer(&fixture.json)).unwrap_err();
        assert_eq!(error.code, ErrorCode::HttpStatus, "{}", fixture.name);
        assert_eq!(error.status.map(u64::from), recorded["status"].as_u64(), "{}", fixture.name);
        let code = match &recorded["body"]["resultCode"] {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            number => Some(number.to_string()),
        };
        assert_eq!(error.result_code, code, "{}", fixture.name);
        assert_eq!(
            error.result_message.as_deref(),
            recorded["body"]["resultMessage"].as_str(),
            "{}",
            fixture.name
        );
        let delay =
            recorded["headers"]["RateLimit-Reset"].as_str().map(|text| text.parse().unwrap());
        assert_eq!(error.retry_after, delay, "{}", fixture.name);
    }
}

#[test]
fn a_retry_date_is_measured_from_the_date_of_the_answer() {
    let later = ("Retry-After", "Sun, 06 Nov 1994 08:49:47 GMT");
    let with_date = answer(503, &[later, ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")], "");
    assert_eq!(auth_token::decode(&with_date).unwrap_err().retry_after, Some(10));
    assert_eq!(auth_token::decode(&answer(503, &[later], "")).unwrap_err().retry_after, None);
}

#[test]
fn a_200_that_is_no_answer_is_an_error_without_the_text_of_the_body() {
    let json = [("content-type", "application/json; charset=utf-8")];
    for (response, problem) in [
        (
            answer(200, &[("content-type", "text/html")], r#"{"action":"OK"}"#),
            "is not JSON by its content type",
        ),
        (answer(200, &[], r#"{"action":"OK"}"#), "is not JSON by its content type"),
        (answer(200, &json, "[]"), "is not a JSON object"),
        (answer(200, &json, ""), "is not valid JSON"),
        (answer(200, &json, r#"{"action":"OK","ticket":"SECRET"#), "is not valid JSON"),
        (answer(200, &json, b"{\"action\":\"OK\",\"ticket\":\"SECRET\xff\"}"), "is not UTF-8"),
        (
            answer(200, &json, r#"{"action":"OK","ticket":["SECRET"]}"#),
            "has a member ticket that is not a string",
        ),
        (answer(200, &json, r#"{"action":7}"#), "has a member action that is not a string"),
        (answer(200, &json, r#"{"ticket":"SECRET","action":null}"#), "has no action"),
        (answer(200, &json, "[".repeat(100_000)), "is nested too deeply"),
        (answer(200, &json, format!("{{\"a\":{}", "[".repeat(100_000))), "is nested too deeply"),
    ] {
        let error = auth_token::decode(&response).unwrap_err();
        assert_eq!(error.code, ErrorCode::ResponseInvalid);
        assert_eq!(error.to_string(), format!("authToken: the answer {problem}"));
    }
    let error = auth_token::decode(&answer(500, &json, "{\"resultCode\":\"SECRET")).unwrap_err();
    assert_eq!((error.code, error.result_code), (ErrorCode::HttpStatus, None));
}

#[test]
fn unset_members_are_left_out_of_a_request() {
    let request = TokenRequest { parameters: String::new(), ..TokenRequest::default() };
    assert_eq!(auth_token::encode(&service(), &request).unwrap().body, br#"{"parameters":""}"#);
}

#[test]
fn debug_output_shows_no_values_but_the_action_and_the_result_code() {
    let body = r#"{"action":"PASSWORD","resultCode":"A1","resultMessage":"SECRET","password":"SECRET","clientId":4711,
        "properties":[{"key":"SECRET"}],"SECRET":"SECRET"}"#;
    let text = format!("{:?}", auth_token::decode(&json_answer(body)).unwrap());
    let expected = r#"TokenResponse { resultCode: "A1", resultMessage: …, action: "PASSWORD", password: …, clientId: …, properties: … }"#;
    assert_eq!(text, expected);
    assert_eq!(format!("{:?}", service()), "Service(https://us.authlete.com/api/715948317)");
}
