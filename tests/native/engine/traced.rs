//! What a host is told was checked, and what must hold of every trace: the harness asserts it for
//! each call of the four APIs and of the two endpoints that the tests make.

use super::harness::*;
use authlete_token::engine::{Checked, Trace};
use serde_json::{Value, json};
use std::thread;

/// Values of requests that are the engine's own words, too.
const OWN_WORDS: &str = "authorization_code refresh_token client_credentials password Bearer ticket \
    unknown chosen openid jwt-bearer certificate client_secret_basic client_secret_post \
    client_secret_jwt private_key_jwt tls_client_auth self_signed_tls_client_auth \
    attest_jwt_client_auth";

impl Server {
    /// The traces of this thread's calls.
    pub fn all_traces(&self) -> Vec<Trace> {
        let own = thread::current().id();
        let traces = self.switches.traces.lock().unwrap();
        traces.iter().filter(|(thread, _)| *thread == own).map(|(_, trace)| trace.clone()).collect()
    }

    /// The trace of the call that has ended last.
    pub fn last_trace(&self) -> Trace {
        let own = thread::current().id();
        let traces = self.switches.traces.lock().unwrap();
        let last = traces.iter().rfind(|(thread, _)| *thread == own);
        last.map(|(_, trace)| trace.clone()).expect("a trace")
    }

    /// Its checks: `name`, `name detail` if it has passed, `name detail: CODE` if it was refused.
    pub fn checks(&self) -> Vec<String> {
        self.last_trace().checks.iter().map(line).collect()
    }

    /// The operations of all traces since the last time.
    pub fn traced(&self) -> Vec<&'static str> {
        self.switches.traces.lock().unwrap().drain(..).map(|(_, trace)| trace.operation).collect()
    }
}

fn line(checked: &Checked) -> String {
    let mut line = checked.check.as_str().to_owned();
    if !checked.detail.is_empty() {
        line += &format!(" {}", checked.detail);
    }
    if checked.refused {
        line += &format!(": {}", checked.result_code.unwrap_or("no"));
    }
    line
}

/// Asserts that the last refusal of a trace is that of the answer, if there is one.
pub fn assert_decided(trace: &Trace, result_code: &str) {
    // What the OAuth client is told when the host refuses a user is a success for the host.
    let is_success = result_code.as_bytes()[4] == b'0' || result_code.starts_with("A0673");
    if is_success {
        // What was refused before was decided again, or, without a code, decided nothing.
        assert!(trace.checks.last().is_none_or(|last| last.result_code.is_none()), "{trace:?}");
    } else {
        let last = trace.checks.iter().rfind(|checked| checked.refused);
        let last = last.unwrap_or_else(|| panic!("no refusal, but {result_code}: {trace:?}"));
        assert_eq!(last.result_code, Some(result_code), "{trace:?}");
    }
}

/// Asserts what must hold of every trace of a call: its JSON says the same, and holds nothing that
/// is from the call.
pub fn assert_traced(trace: &Trace, call: &Value) {
    assert_eq!(serde_json::from_str::<Value>(&trace.to_json()).unwrap(), as_json(trace));
    for checked in &trace.checks {
        let message = checked.result_message.as_deref().unwrap_or_default();
        let code = checked.result_code.map_or(String::new(), |code| format!("[{code}] "));
        assert!(message.starts_with(&code), "{message}");
        assert_says_nothing_of(&format!("{} {message}", checked.detail), call);
    }
}

fn as_json(trace: &Trace) -> Value {
    let checks = trace.checks.iter().map(|checked| {
        let mut check = json!({
            "name": checked.check.as_str(), "outcome": if checked.refused { "refused" } else { "passed" },
            "detail": checked.detail, "resultCode": checked.result_code, "resultMessage": checked.result_message,
        });
        check.as_object_mut().unwrap().retain(|_, value| !value.is_null() && value != "");
        check
    });
    json!({ "operation": trace.operation, "checks": checks.collect::<Vec<_>>() })
}

/// Asserts that a text has none of the values in a call, decoded or not.
fn assert_says_nothing_of(text: &str, call: &Value) {
    match call {
        Value::String(value) => {
            let parameters = form_urlencoded(value);
            for value in parameters.iter().chain([value]).filter(|value| value.len() > 5) {
                let is_own = OWN_WORDS.split(' ').any(|word| word == value);
                assert!(is_own || !text.contains(value), "{value} in {text}");
            }
        }
        Value::Array(values) => values.iter().for_each(|value| assert_says_nothing_of(text, value)),
        Value::Object(members) => {
            members.values().for_each(|value| assert_says_nothing_of(text, value));
        }
        _ => {}
    }
}

fn form_urlencoded(text: &str) -> Vec<String> {
    let values = text.split('&').filter_map(|pair| pair.split_once('='));
    values.map(|(_, value)| value.replace("%3A", ":").replace("%2F", "/")).collect()
}

/// Asserts what was checked in the last call.
#[track_caller]
pub fn assert_checks(server: &Server, operation: &str, expected: &[&str]) {
    assert_eq!((server.last_trace().operation, server.checks()), (operation, strings(expected)));
}

/// Asserts the last checks of the last call.
#[track_caller]
pub fn assert_ends(server: &Server, expected: &[&str]) {
    let checks = server.checks();
    assert!(checks.ends_with(&strings(expected)), "{checks:?}");
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}
