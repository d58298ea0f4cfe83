//! Requests of OAuth clients to the introspection and the revocation endpoint, and what must hold
//! of every answer.

use super::assertions::config_with_keys;
use super::harness::*;
use super::traced::assert_traced;
use authlete_token::http::{HttpRequest, HttpResponse};
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

pub const MCP: &str = "https://mcp.example.com/mcp";
pub const API: &str = "https://api.example.com";
/// The protected resource, whose identifiers are [`MCP`] and `urn:example:mcp`.
pub const RESOURCE_SERVER: By = By(Some(("mcp", "mcp-secret")), "");

/// The usual configuration with a protected resource; the client `jwt` is one, too.
pub fn config_with_resource_server() -> Value {
    let mut config = config_with_keys();
    config["clients"][4]["resource_identifiers"] = json!([API]);
    config["clients"].as_array_mut().unwrap().push(json!({
        "client_id": "mcp", "authlete_client_id": 1006, "client_secret": "mcp-secret",
        "grant_types": [], "resource_identifiers": [MCP, "urn:example:mcp"],
    }));
    config
}

/// Both endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    Introspection,
    Revocation,
}

pub const BOTH: [(To, By); 2] = [(To::Introspection, RESOURCE_SERVER), (To::Revocation, WEB)];

/// A good request of a client with these parameters.
pub fn form_request(to: To, by: By, parameters: &str) -> HttpRequest {
    let path = if to == To::Introspection { "introspect" } else { "revoke" };
    let separator = if by.1.is_empty() || parameters.is_empty() { "" } else { "&" };
    let mut headers = vec![("content-type".into(), "application/x-www-form-urlencoded".to_owned())];
    if let Some((id, secret)) = by.0 {
        headers.push(("authorization".into(), basic(&format!("{id}:{secret}"))));
    }
    HttpRequest {
        method: "POST".into(),
        url: format!("https://as.example.com/{path}"),
        headers,
        body: format!("{parameters}{separator}{}", by.1).into_bytes(),
    }
}

/// An `Authorization` header with these bytes.
pub fn basic(text: &str) -> String {
    format!("Basic {}", Base64::encode_string(text.as_bytes()))
}

impl Server {
    pub async fn answer(&self, to: To, request: &HttpRequest) -> HttpResponse {
        match to {
            To::Introspection => self.engine.handle_introspection(request).await,
            To::Revocation => self.engine.handle_revocation(request).await,
        }
    }

    /// The answer to a request, which has the headers that every answer has.
    pub fn asked(&self, to: To, request: &HttpRequest) -> HttpResponse {
        let response = wait(self.answer(to, request));
        assert_headers(&response);
        let sent = std::str::from_utf8(&request.body).unwrap_or_default();
        let authorization = request.header("authorization").unwrap_or_default();
        let trace = self.last_trace();
        assert_traced(&trace, &json!([sent, authorization]));
        let refused = trace.checks.iter().any(|checked| checked.result_code.is_some());
        assert!(refused || response.status == 200, "{trace:?}");
        response
    }

    /// What a client is told about a token.
    pub fn state(&self, by: By, token: &str) -> Value {
        let request = form_request(To::Introspection, by, &format!("token={token}"));
        let response = self.asked(To::Introspection, &request);
        assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
        serde_json::from_slice(&response.body).unwrap()
    }

    /// The answer to the revocation of a token.
    pub fn revoked(&self, by: By, token: &str) -> HttpResponse {
        self.asked(To::Revocation, &form_request(To::Revocation, by, &format!("token={token}")))
    }

    /// The tokens of a fresh code for these resources.
    pub fn login_for(&self, resources: Value) -> Value {
        let code = self.code("web", json!({ "resource": resources }));
        content(&ok(self.redeem(WEB, &code)))
    }
}

fn assert_headers(response: &HttpResponse) {
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
    let json = (!response.body.is_empty()).then_some("application/json");
    assert_eq!(response.header("content-type"), json);
    assert_eq!(response.header("www-authenticate").is_some(), response.status == 401);
}

/// Asserts that a request was refused, with this result code for the client.
pub fn assert_error(response: &HttpResponse, status: u16, error: &str, code: &str) {
    let body: Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!((response.status, text(&body, "error")), (status, error), "{body}");
    assert!(text(&body, "error_description").starts_with(&format!("[{code}] ")), "{body}");
}

/// Asserts that nothing was revoked and nothing is said.
pub fn assert_done(response: &HttpResponse) {
    assert_eq!((response.status, response.body.as_slice()), (200, &[][..]));
}
