//! An engine for tests, and the calls that they make.

pub use super::platform::*;
use super::traced::{assert_decided, assert_traced};
use authlete_token::engine::{Config, Engine, MemoryStore, SigningKey};
use authlete_token::http::{HttpRequest, HttpResponse};
use base64ct::{Base64UrlUnpadded, Encoding};
use p256::ecdsa::signature::Verifier as _;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

pub const NOW: u64 = 1_767_225_600_000;
pub const BEARER: &str = "TEST-SERVICE-ACCESS-TOKEN";
pub const SERVICE: &str = "715948317";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub const CALLBACK: &str = "https://app.example.com/callback";

/// The configuration that most tests start from.
pub fn config() -> Value {
    let client = |id: &str, number: u64, method: &str, secret: Option<&str>| {
        let mut client = json!({
            "client_id": id, "authlete_client_id": number, "token_endpoint_auth_method": method,
            "grant_types": ["authorization_code", "refresh_token", "client_credentials", "password"],
            "redirect_uris": [CALLBACK], "scope": "openid profile orders.read",
            "id_token_signed_response_alg": "ES256",
        });
        if let Some(secret) = secret {
            client["client_secret"] = secret.into();
        }
        client
    };
    json!({
        "service": {
            "serviceId": SERVICE, "bearer": BEARER, "issuer": "https://as.example.com",
            "supportedGrantTypes": ["AUTHORIZATION_CODE", "REFRESH_TOKEN", "CLIENT_CREDENTIALS", "PASSWORD"],
            "supportedScopes": ["openid", "profile", "orders.read", "admin"],
        },
        "clients": [
            client("web", 1001, "client_secret_basic", Some("web-secret")),
            client("post", 1002, "client_secret_post", Some("post-secret")),
            client("spa", 1003, "none", None),
            client("2004", 2004, "client_secret_basic", Some("number-secret")),
        ],
        "users": [{ "sub": "user-1", "username": "alice", "password": "wonderland" }],
        "jwks": { "keys": [ec_jwk()] },
    })
}

/// Limits every client to these grant types.
pub fn limit_grants(config: &mut Value, grants: &[&str]) {
    for client in config["clients"].as_array_mut().unwrap() {
        client["grant_types"] = json!(grants);
    }
}

pub struct Server {
    pub engine: Engine<TestStore, TestCrypto, TestHost, TestFetch>,
    pub switches: Arc<Switches>,
    pub store: Arc<MemoryStore>,
}

/// An engine over an empty store.
pub fn server() -> Server {
    start(&config())
}

/// An engine with another configuration over an empty store.
pub fn start(config: &Value) -> Server {
    let switches = Arc::new(Switches { now: NOW.into(), ..Switches::default() });
    start_over(config, Arc::default(), switches)
}

fn start_over(config: &Value, store: Arc<MemoryStore>, switches: Arc<Switches>) -> Server {
    let config = Config::parse(&config.to_string()).unwrap();
    let keys = config.signing_keys().iter().map(SigningKey::public).collect();
    let (platform, signer) = (switches.clone(), TestCrypto(ec_key(), switches.clone()));
    let engine = Engine::new(
        config,
        keys,
        TestStore(store.clone(), switches.clone()),
        signer,
        TestHost(platform),
    );
    let engine = engine.unwrap().with_fetch(TestFetch(switches.clone()));
    Server { engine, switches, store }
}

/// The client of a token request: what its `Authorization` header says, and what it adds to the
/// body.
#[derive(Clone, Copy)]
pub struct By(pub Option<(&'static str, &'static str)>, pub &'static str);

pub const WEB: By = By(Some(("web", "web-secret")), "");
pub const POST: By = By(None, "client_id=post&client_secret=post-secret");
pub const SPA: By = By(None, "client_id=spa");
pub const NUMBER: By = By(Some(("2004", "number-secret")), "");

/// The request member of `/auth/token`.
pub fn token_call(by: By, parameters: &str) -> Value {
    let separator = if by.1.is_empty() || parameters.is_empty() { "" } else { "&" };
    let mut call = json!({ "parameters": format!("{parameters}{separator}{}", by.1) });
    if let Some((id, secret)) = by.0 {
        call["clientId"] = id.into();
        call["clientSecret"] = secret.into();
    }
    call
}

impl Server {
    /// The same service with another configuration and the same store.
    pub fn reconfigured(&self, config: &Value) -> Server {
        start_over(config, self.store.clone(), self.switches.clone())
    }

    pub fn advance(&self, milliseconds: u64) {
        self.switches.now.fetch_add(milliseconds, SeqCst);
    }

    pub fn now(&self) -> u64 {
        self.switches.now.load(SeqCst)
    }

    /// Does something as many times, each time after a request has decided what to write, and
    /// before it writes: as another process can.
    pub fn before_commits(&self, times: usize, mut act: impl FnMut() + Send + 'static) {
        let mut left = times;
        *self.switches.plan.lock().unwrap() = Some(Box::new(move |step| {
            if step == Step::Commit && left > 0 {
                left -= 1;
                act();
            }
            Fate::Works
        }));
    }

    pub async fn send(&self, path: &str, body: String) -> HttpResponse {
        self.engine.handle(&request(path, "application/json", body)).await
    }

    /// Calls an API that must answer 200.
    pub fn api(&self, path: &str, body: &Value) -> Value {
        let response = wait(self.send(path, body.to_string()));
        assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&response.body));
        let answer: Value = serde_json::from_slice(&response.body).unwrap();
        assert_no_null(&answer);
        let trace = self.last_trace();
        assert_traced(&trace, body);
        assert_decided(&trace, text(&answer, "resultCode"));
        answer
    }

    pub fn token(&self, by: By, parameters: &str) -> Value {
        self.api("/auth/token", &token_call(by, parameters))
    }

    /// A code for user-1, with PKCE, and what `more` adds or replaces.
    pub fn code(&self, client: &str, more: Value) -> String {
        let mut parameters = json!({
            "client_id": client, "subject": "user-1", "scope": "openid orders.read", "redirect_uri": CALLBACK,
            "code_challenge": CHALLENGE, "code_challenge_method": "S256",
        });
        merge(&mut parameters, more);
        self.engine.issue_authorization_code(&parameters.to_string()).unwrap()
    }

    pub fn redeem(&self, by: By, code: &str) -> Value {
        self.token(by, &redemption(code))
    }

    /// The token response of a fresh code.
    pub fn login(&self, by: By, client: &str) -> Value {
        content(&ok(self.redeem(by, &self.code(client, json!({})))))
    }

    pub fn refresh(&self, by: By, token: &str) -> Value {
        self.token(by, &format!("grant_type=refresh_token&refresh_token={token}"))
    }

    pub fn introspect(&self, token: &str) -> Value {
        serde_json::from_str(&self.engine.introspect(token).unwrap()).unwrap()
    }

    pub fn is_active(&self, token: &str) -> bool {
        self.introspect(token)["active"] == true
    }
}

pub fn request(path: &str, content_type: &str, body: String) -> HttpRequest {
    HttpRequest {
        method: "POST".into(),
        url: format!("https://us.authlete.com/api/{SERVICE}{path}"),
        headers: vec![
            ("authorization".into(), format!("Bearer {BEARER}")),
            ("content-type".into(), content_type.into()),
        ],
        body: body.into_bytes(),
    }
}

pub fn redemption(code: &str) -> String {
    let redirect_uri = CALLBACK.replace(':', "%3A").replace('/', "%2F");
    format!(
        "grant_type=authorization_code&code={code}&redirect_uri={redirect_uri}&code_verifier={VERIFIER}"
    )
}

/// Replaces members; `null` removes one.
pub fn merge(object: &mut Value, more: Value) {
    for (name, value) in more.as_object().unwrap() {
        match value {
            Value::Null => drop(object.as_object_mut().unwrap().remove(name)),
            _ => object[name] = value.clone(),
        }
    }
}

/// The JSON for the OAuth client.
pub fn content(answer: &Value) -> Value {
    let content = serde_json::from_str(answer["responseContent"].as_str().unwrap()).unwrap();
    assert_no_null(&content);
    content
}

/// An answer that must be a success.
pub fn ok(answer: Value) -> Value {
    let action = answer["action"].as_str().unwrap();
    assert!(matches!(action, "OK" | "ID_TOKEN_REISSUABLE"), "{answer}");
    answer
}

pub fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name].as_str().unwrap_or_else(|| panic!("no {name} in {object}"))
}

/// What the OAuth client is told about every bad assertion.
const NOT_AUTHENTICATED: (&str, &str) = ("A157395", "[A157395] Client authentication failed.");

/// What the OAuth client is told about a credential that has expired or was used: the same as about
/// an unknown one.
fn told(code: &str) -> Option<(&'static str, &'static str)> {
    match code {
        "A050396" | "A050397" => Some(("A050305", "[A050305] No such authorization code.")),
        "A053391" | "A053392" | "A053393" => Some(("A053302", "[A053302] No such refresh token.")),
        "A049208" | "A049209" => Some(("A049206", "[A049206] No such ticket.")),
        "A156304" | "A157356" | "A157398" | "A157399" => Some(NOT_AUTHENTICATED),
        // Use a fresh attestation.
        "A157370" => None,
        "A157378" => Some(NOT_AUTHENTICATED),
        _ if ("A157362"..="A157376").contains(&code) => Some(NOT_AUTHENTICATED),
        _ if ("A157380"..="A157390").contains(&code) => Some(NOT_AUTHENTICATED),
        _ if ("A157331"..="A157345").contains(&code) => Some(NOT_AUTHENTICATED),
        _ => None,
    }
}

/// Asserts that a code or a refresh token is refused, and that the client is told the same as about
/// an unknown one (`unknown` is the result code for that).
pub fn assert_no_good(answer: &Value, unknown: &str) {
    let code = text(answer, "resultCode");
    assert!(code == unknown || told(code).is_some_and(|(told, _)| told == unknown), "{answer}");
    assert_refused(answer, "BAD_REQUEST", "invalid_grant", code);
}

/// Asserts what a refusal looks like everywhere: the action, the error, the result code in all its
/// places, and nothing issued.
pub fn assert_refused(answer: &Value, action: &str, error: &str, code: &str) {
    assert_eq!(answer["action"], action, "{answer}");
    assert_eq!(answer["resultCode"], code, "{answer}");
    let message = text(answer, "resultMessage");
    assert!(message.starts_with(&format!("[{code}] ")), "{message}");
    let (told, description) = told(code).unwrap_or((code, message));
    let uri = format!("https://docs.authlete.com/#{told}");
    assert_eq!(
        content(answer),
        json!({ "error": error, "error_description": description, "error_uri": uri })
    );
    assert!(answer.get("accessToken").is_none() && answer.get("ticket").is_none(), "{answer}");
}

/// The header and the claims of an ID token whose ES256 signature the published key verifies.
pub fn verified(server: &Server, id_token: &str) -> (Value, Value) {
    let jwks: Value = serde_json::from_str(&server.engine.jwks()).unwrap();
    let (input, signature) = id_token.rsplit_once('.').unwrap();
    let (header, claims) = decoded(id_token);
    let key =
        jwks["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header["kid"]).unwrap();
    let bytes = |name: &str| Base64UrlUnpadded::decode_vec(text(key, name)).unwrap();
    let point = [vec![4], bytes("x"), bytes("y")].concat();
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(&point).unwrap();
    let signature = Base64UrlUnpadded::decode_vec(signature).unwrap();
    let signature = p256::ecdsa::Signature::from_slice(&signature).unwrap();
    key.verify(input.as_bytes(), &signature).unwrap();
    (header, claims)
}

/// The header and the claims of a JWT, unverified.
pub fn decoded(jwt: &str) -> (Value, Value) {
    let mut parts = jwt.split('.').map(|part| Base64UrlUnpadded::decode_vec(part).unwrap());
    let mut json = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (json(), json())
}

fn assert_no_null(value: &Value) {
    match value {
        Value::Null => panic!("a null member"),
        Value::Array(items) => items.iter().for_each(assert_no_null),
        Value::Object(members) => members.values().for_each(assert_no_null),
        _ => {}
    }
}
