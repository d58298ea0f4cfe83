//! The token endpoint, driven without a network: what each request, answer and hook result leads
//! to.

mod authorization;
mod certificate;
mod cors;
mod handling;
mod recorded;
mod reissue;
mod requests;
mod upstream;

use authlete_token::endpoint::*;
use authlete_token::http::HttpResponse;
use base64ct::{Base64, Encoding};
use serde_json::Value;

const FORM: &str = "application/x-www-form-urlencoded";

/// An incoming request.
#[derive(Clone)]
pub struct Incoming {
    method: &'static str,
    url: &'static str,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A good token request.
pub fn post() -> Incoming {
    let body = b"grant_type=client_credentials".to_vec();
    Incoming { method: "POST", url: "https://as.example.com/token", headers: Vec::new(), body }
        .header("content-type", FORM)
}

impl Incoming {
    /// Adds a header; a repeated one is joined, as `Headers.get` does.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match self.headers.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => *values = format!("{values}, {value}"),
            None => self.headers.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    pub fn content_type(mut self, value: &str) -> Self {
        self.headers.retain(|(name, _)| name != "content-type");
        self.header("content-type", value)
    }

    pub fn basic(self, credentials: impl AsRef<[u8]>) -> Self {
        self.header(
            "authorization",
            &format!("Basic {}", Base64::encode_string(credentials.as_ref())),
        )
    }

    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        Incoming { body: body.into(), ..self }
    }

    pub fn method(self, method: &'static str) -> Self {
        Incoming { method, ..self }
    }

    pub fn url(self, url: &'static str) -> Self {
        Incoming { url, ..self }
    }

    pub fn open(&self, settings: &EndpointSettings) -> Result<Pending, Reply> {
        let find = |name| {
            self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
        };
        open(settings, self.method, self.url, &find)
    }

    pub fn send_to(&self, settings: &EndpointSettings) -> Result<(Handling, TokenCall), Reply> {
        self.open(settings)?.body(self.body.clone())
    }

    /// The call of `/auth/token` that a good request leads to.
    pub fn call(&self) -> TokenCall {
        self.send_to(&EndpointSettings::default())
            .map(|(_, call)| call)
            .unwrap_or_else(|reply| panic!("refused: {:?}", text(&reply.response)))
    }

    /// The answer to a request that must not reach Authlete.
    pub fn refused_by(&self, settings: &EndpointSettings) -> HttpResponse {
        let Err(reply) = self.send_to(settings) else { panic!("Authlete would be called") };
        let status = reply.response.status;
        assert!(
            matches!(reply.notice, Some(Notice::Refused { status: told, .. }) if told == status),
            "{:?}",
            reply.notice
        );
        sound(&reply.response);
        reply.response
    }

    /// Status and error code of that answer.
    pub fn refusal(&self) -> (u16, String) {
        let response = self.refused_by(&EndpointSettings::default());
        (response.status, error(&response))
    }
}

/// A token request that waits for the answer of `/auth/token`.
pub fn begin(settings: &EndpointSettings) -> Handling {
    post().send_to(settings).map(|(handling, _)| handling).unwrap_or_else(|_| panic!("refused"))
}

/// An answer with an action and a response content.
pub fn answer(action: &str, content: &str) -> ApiAnswer {
    ApiAnswer {
        action: action.into(),
        response_content: Some(content.into()),
        ..ApiAnswer::default()
    }
}

/// The answer to a password grant, with headers for the client.
pub fn password_answer() -> ApiAnswer {
    ApiAnswer {
        action: "PASSWORD".into(),
        ticket: Some("ticket-1".into()),
        has_user_credentials: true,
        dpop_nonce: Some("nonce-1".into()),
        attestation_challenge: Some("challenge-1".into()),
        ..ApiAnswer::default()
    }
}

/// The same answer, read from Authlete's JSON as a driver has to.
pub fn answer_from(json: &Value) -> ApiAnswer {
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    let is_object =
        |text: &String| serde_json::from_str::<Value>(text).is_ok_and(|value| value.is_object());
    ApiAnswer {
        action: text("action").unwrap_or_default(),
        response_content: text("responseContent").filter(is_object),
        ticket: text("ticket"),
        has_user_credentials: json["username"].is_string() && json["password"].is_string(),
        access_token: text("accessToken"),
        jwt_access_token: text("jwtAccessToken"),
        refresh_token: text("refreshToken"),
        dpop_nonce: text("dpopNonce"),
        attestation_challenge: text("attestationChallenge"),
    }
}

/// The answer that a turn gives, and its last notice.
pub fn ended(turn: Turn) -> (HttpResponse, Option<Notice>) {
    let Step::Respond(response) = turn.step else { panic!("not the end") };
    sound(&response);
    (response, turn.notices.into_iter().flatten().last())
}

pub fn call(turn: Turn) -> ApiCall {
    let Step::Call(call) = turn.step else { panic!("no call") };
    call
}

pub fn hook(turn: Turn) -> Hook {
    let Step::Hook(hook) = turn.step else { panic!("no hook") };
    assert_eq!(turn.notices, [None, None]);
    hook
}

pub fn text(response: &HttpResponse) -> &str {
    std::str::from_utf8(&response.body).unwrap()
}

pub fn error(response: &HttpResponse) -> String {
    let body: Value = serde_json::from_slice(&response.body).unwrap();
    body["error"].as_str().unwrap().to_owned()
}

/// What every answer of the endpoint must have.
fn sound(response: &HttpResponse) {
    assert_eq!(response.header("cache-control"), Some("no-store"));
    assert_eq!(response.header("pragma"), Some("no-cache"));
    assert_eq!(response.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(response.header("access-control-allow-credentials"), None);
    assert!(!(300..400).contains(&response.status));
    for (name, value) in &response.headers {
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{name}");
        assert!(
            !value.is_empty() && value.bytes().all(|b| matches!(b, b' '..=b'~')),
            "{name}: {value:?}"
        );
        assert_eq!(
            response.headers.iter().filter(|(other, _)| other == name).count(),
            1,
            "{name} twice"
        );
    }
    if response.status == 401 {
        assert!(response.header("www-authenticate").unwrap().starts_with("Basic realm="));
    }
    if response.body.is_empty() {
        return;
    }
    assert_eq!(response.header("content-type"), Some("application/json"));
    let body: Value = serde_json::from_slice(&response.body).unwrap();
    assert!(body.is_object());
    if response.status >= 400 {
        for member in body.as_object().unwrap().values() {
            let allowed = |c: char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
            assert!(member.as_str().unwrap().chars().all(allowed), "{member}");
        }
    }
}
