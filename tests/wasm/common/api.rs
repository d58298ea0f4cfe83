//! The four operations: recorded exchanges, and integers wider than this machine's words.

use authlete_token::api::{
    Service, auth_token, auth_token_fail, auth_token_issue, idtoken_reissue,
};
use authlete_token::http::{HttpRequest, HttpResponse};
use authlete_token::{Error, ErrorCode};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

pub(super) fn fixture(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn service() -> Service {
    Service::new("https://us.authlete.com", "715948317", "TEST-SERVICE-ACCESS-TOKEN").unwrap()
}

fn json_answer(status: u16, body: &str) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![("content-type".into(), "application/json".into())],
        body: body.as_bytes().to_vec(),
    }
}

fn check_request(request: &HttpRequest, expected: &Value) {
    assert_eq!(request.url, expected["url"]);
    assert_eq!(request.header("authorization"), expected["headers"]["Authorization"].as_str());
    assert_eq!(serde_json::from_slice::<Value>(&request.body).unwrap(), expected["body"]);
}

/// Encodes the recorded request, decodes the recorded answer, and gives its action.
macro_rules! replay {
    ($operation:ident, $file:literal) => {{
        let exchange = fixture(include_str!(concat!("../../fixtures/", $file, ".json")));
        let request = serde_json::from_value(exchange["apiRequest"]["body"].clone()).unwrap();
        check_request(&$operation::encode(&service(), &request).unwrap(), &exchange["apiRequest"]);
        let body = exchange["apiResponse"]["body"].to_string();
        let answer = $operation::decode(&json_answer(200, &body)).unwrap();
        let again: Value = serde_json::to_value(&answer).unwrap();
        assert_eq!(again["responseContent"], exchange["apiResponse"]["body"]["responseContent"]);
        assert_eq!(again["action"], exchange["action"]);
    }};
}

#[wasm_bindgen_test]
fn words_have_32_bits_here() {
    assert_eq!(usize::BITS, 32);
}

#[wasm_bindgen_test]
fn recorded_exchanges_are_encoded_and_decoded() {
    replay!(auth_token, "authToken.OK");
    replay!(auth_token, "authToken.OK.dpopRar");
    replay!(auth_token, "authToken.PASSWORD");
    replay!(auth_token, "authToken.TOKEN_EXCHANGE");
    replay!(auth_token_issue, "authTokenIssue.OK.jwtRar");
    replay!(auth_token_fail, "authTokenFail.BAD_REQUEST");
    replay!(idtoken_reissue, "idtokenReissue.OK");
}

#[wasm_bindgen_test]
fn integers_of_64_bits_survive() {
    let edge = fixture(include_str!("../../fixtures/edge.authToken.bigIntsNullsUnknowns.json"));
    let answer =
        auth_token::decode(&json_answer(200, edge["apiResponseText"].as_str().unwrap())).unwrap();
    let again = serde_json::to_value(&answer).unwrap();
    assert_eq!(again["clientId"].as_i64(), Some(9_007_199_254_740_993));
    assert_eq!(again["accessTokenExpiresAt"].as_i64(), Some(i64::MAX));
}

#[wasm_bindgen_test]
fn integers_of_more_than_64_bits_are_their_text() {
    let answer =
        auth_token::decode(&json_answer(200, r#"{"action":"OK","a":18446744073709551616}"#))
            .unwrap();
    assert_eq!(answer.extra["a"], "18446744073709551616");
}

#[wasm_bindgen_test]
fn delays_are_counted_past_the_year_2106() {
    let mut response = json_answer(503, "");
    for (name, date) in [
        ("date", "Fri, 01 Jan 2200 00:00:00 GMT"),
        ("retry-after", "Fri, 01 Jan 2200 00:00:10 GMT"),
    ] {
        response.headers.push((name.into(), date.into()));
    }
    assert_eq!(auth_token::decode(&response).unwrap_err().retry_after, Some(10));
}

#[wasm_bindgen_test]
fn http_errors_and_rubbish_are_told_apart() {
    let failed = |response: &HttpResponse| -> Error { auth_token::decode(response).unwrap_err() };
    let busy = failed(&json_answer(503, r#"{"resultCode":"A1","resultMessage":"m"}"#));
    assert_eq!(
        (busy.code, busy.status, busy.result_code.as_deref()),
        (ErrorCode::HttpStatus, Some(503), Some("A1"))
    );
    for text in ["", "null", "[]", "{}", r#"{"action":1}"#, "{\"action\":\"OK\"} x", "\u{feff}{}"] {
        assert_eq!(failed(&json_answer(200, text)).code, ErrorCode::ResponseInvalid, "{text}");
    }
}
