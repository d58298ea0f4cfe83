//! One verdict on one input: the vectors that prove the same for the JavaScript side
//! (`tests/js/client/verdicts.behaviours.mjs`).

use super::*;

fn vectors(name: &str) -> Value {
    fixtures::all(name).remove(0).json
}

/// The same value: JSON has one kind of number, Rust has several.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

#[test]
fn an_answer_is_refused_exactly_when_nobody_could_act_on_it_and_nothing_of_it_is_lost() {
    for vector in vectors("vectors.answers")["vectors"].as_array().unwrap() {
        let levels = vector["nested"].as_u64().unwrap_or_default() as usize;
        let body = vector["body"]
            .as_str()
            .unwrap()
            .replace('@', &["[".repeat(levels), "]".repeat(levels)].concat());
        let content_type = vector["contentType"].as_str().unwrap_or("application/json");
        let decoded =
            decode("authToken", &answer(200, &[("content-type", content_type)], body.as_str()));
        let problem = decoded.as_ref().err().map(|error| {
            assert_eq!(error.code, ErrorCode::ResponseInvalid, "{body}");
            error.to_string().replace("authToken: the answer ", "")
        });
        assert_eq!(problem.as_deref(), vector["problem"].as_str(), "{body} {content_type}");
        if let (Ok(found), Some(expected)) = (&decoded, vector.get("answer")) {
            assert!(same(found, expected), "{body} became {found}");
        }
    }
}

#[test]
fn a_content_type_that_is_there_twice_is_none() {
    let json = ("content-type", "application/json");
    assert!(decode("authToken", &answer(200, &[json, json], r#"{"action":"OK"}"#)).is_err());
}

#[test]
fn a_member_of_another_type_than_documented_is_handed_on_as_it_came() {
    let all = vectors("vectors.answers");
    let mut seen = 0;
    for (operation, members) in all["members"].as_object().unwrap() {
        for member in members.as_array().unwrap().iter().map(|member| member.as_str().unwrap()) {
            for value in all["values"].as_array().unwrap() {
                let mut body = json!({"action": "OK"});
                body[member] = value.clone();
                let decisive =
                    all["decisive"].as_array().unwrap().iter().any(|name| name == member);
                let refused =
                    decisive && !value.is_string() && (!value.is_null() || member == "action");
                let decoded = decode(operation, &json_answer(body.to_string()));
                assert_eq!(decoded.is_err(), refused, "{operation}: {body}");
                if let Ok(found) = decoded {
                    let expected =
                        if value.is_null() { json!({"action": "OK"}) } else { body.clone() };
                    assert!(same(&found, &expected), "{operation}: {body} became {found}");
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 1_000, "only {seen} answers");
}

#[test]
fn a_member_of_another_type_is_found_among_the_extra_ones() {
    let answer =
        auth_token::decode(&json_answer(r#"{"action":"OK","responseContent":"{}","subject":5}"#))
            .unwrap();
    assert_eq!((answer.subject, answer.extra["subject"].as_i64()), (None, Some(5)));
    let answer =
        auth_token::decode(&json_answer(r#"{"action":"OK","subject":"a\ud800b"}"#)).unwrap();
    assert_eq!(answer.subject.as_deref(), Some("a\u{fffd}b"), "half of a surrogate pair");
}

#[test]
fn services_are_taken_and_refused_as_the_vectors_say() {
    for vector in vectors("vectors.services")["vectors"].as_array().unwrap() {
        let text = |name: &str| vector[name].as_str().unwrap();
        let request = TokenRequest::default();
        let called = Service::new(text("serverURL"), text("serviceId"), text("bearer"))
            .and_then(|service| auth_token::encode(&service, &request));
        match vector["base"].as_str() {
            Some(base) => assert_eq!(called.unwrap().url, format!("{base}/auth/token"), "{vector}"),
            None => assert_eq!(called.unwrap_err().code, ErrorCode::Config, "{vector}"),
        }
    }
}

#[test]
fn request_types_hold_exactly_what_a_request_object_may_be() {
    fn through<T: serde::de::DeserializeOwned + Serialize>(request: &Value) -> Option<Value> {
        serde_json::from_value::<T>(request.clone())
            .ok()
            .map(|request| serde_json::to_value(request).unwrap())
    }
    for vector in vectors("vectors.requests")["vectors"].as_array().unwrap() {
        let request = &vector["request"];
        let held = match vector["operation"].as_str().unwrap() {
            "authToken" => through::<TokenRequest>(request),
            "authTokenFail" => through::<TokenFailRequest>(request),
            "authTokenIssue" => through::<TokenIssueRequest>(request),
            _ => through::<IdtokenReissueRequest>(request),
        };
        let whole = held.filter(|held| *held == without_nulls(request));
        assert_eq!(whole.is_none(), vector["problem"].is_string(), "{vector}");
    }
}
