//! A grant type that only tests have: this file and its row in `GRANTS` are all that it takes.

use super::{Decision, GrantHandler, GrantRequest};
use crate::api::GrantType;
use crate::engine::context::Context;
use crate::engine::family;
use crate::engine::issue::{Issue, Refresh};
use crate::engine::records::Grant;
use crate::engine::result_code::{self, Refusal};
use crate::engine::service::GrantEntry;

pub(super) static HANDLER: GrantHandler = GrantHandler {
    entry: GrantEntry {
        name: "urn:example:toy",
        // A grant type that no token endpoint will ever have.
        constant: GrantType::Implicit,
        parameters: &["toy"],
        by_default: false,
        for_users: false,
    },
    decide: |context, request| Box::pin(async move { decide(context, request) }),
};

/// A request with a toy gets tokens whose subject is the toy.
fn decide<'a>(
    context: &Context<'_>,
    request: &'a GrantRequest<'_>,
) -> Result<Decision<'a>, Refusal> {
    let toy = request.form.need("toy", result_code::CODE_MISSING)?;
    let scopes = request.allowed_scopes(context.config)?;
    Ok(Decision::Issue(Box::new(Issue {
        grant_id: family::new_id(context)?,
        refresh: Refresh::New(scopes.clone()),
        scopes,
        code: result_code::CODE_REDEEMED,
        conflict: result_code::CODE_USED,
        ..request.issue(Grant { subject: Some(toy.to_owned()), ..request.caller.grant() })
    })))
}

mod tests {
    use crate::engine::platform::{Boxed, Crypto, Host, MemoryStore, Unavailable};
    use crate::engine::{Algorithm, Config, Engine, MacAlgorithm, PublicJwk};
    use crate::http::HttpRequest;
    use serde_json::{Value, json};
    use std::cell::Cell;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    struct TestHost(Cell<u8>);

    impl Host for TestHost {
        fn now_ms(&self) -> u64 {
            1_767_225_600_000
        }

        fn fill_random(&self, bytes: &mut [u8]) -> Result<(), Unavailable> {
            self.0.set(self.0.get() + 1);
            bytes.fill(self.0.get());
            Ok(())
        }
    }

    struct NoKeys;

    impl Crypto for NoKeys {
        fn sign<'a>(
            &'a self,
            _: Algorithm,
            _: &'a str,
            _: &'a [u8],
        ) -> Boxed<'a, Result<Vec<u8>, Unavailable>> {
            Box::pin(std::future::ready(Err(Unavailable)))
        }

        fn verify<'a>(
            &'a self,
            _: &'a PublicJwk,
            _: Algorithm,
            _: &'a [u8],
            _: &'a [u8],
        ) -> Boxed<'a, Result<bool, Unavailable>> {
            Box::pin(std::future::ready(Err(Unavailable)))
        }

        fn verify_mac<'a>(
            &'a self,
            _: &'a [u8],
            _: MacAlgorithm,
            _: &'a [u8],
            _: &'a [u8],
        ) -> Boxed<'a, Result<bool, Unavailable>> {
            Box::pin(std::future::ready(Err(Unavailable)))
        }
    }

    type TestEngine = Engine<MemoryStore, NoKeys, TestHost>;

    fn engine(service_grants: &[&str], client_grants: &[&str]) -> Result<TestEngine, String> {
        let config = json!({
            "service": { "serviceId": "1", "bearer": "dev", "issuer": "http://localhost", "supportedScopes": ["read"],
                "supportedGrantTypes": service_grants },
            "clients": [{ "client_id": "app", "client_secret": "s3cret", "grant_types": client_grants }],
        });
        let config = Config::parse(&config.to_string()).map_err(|error| error.message)?;
        Ok(Engine::new(config, Vec::new(), MemoryStore::new(), NoKeys, TestHost(Cell::default()))
            .unwrap())
    }

    fn ask(engine: &TestEngine, parameters: &str) -> Value {
        let body = json!({ "parameters": parameters, "clientId": "app", "clientSecret": "s3cret" });
        let request = HttpRequest {
            method: "POST".into(),
            url: "http://localhost/api/1/auth/token".into(),
            headers: vec![
                ("authorization".into(), "Bearer dev".into()),
                ("content-type".into(), "application/json".into()),
            ],
            body: body.to_string().into_bytes(),
        };
        let Poll::Ready(response) =
            pin!(engine.handle(&request)).poll(&mut Context::from_waker(Waker::noop()))
        else {
            panic!("nothing here waits");
        };
        serde_json::from_slice(&response.body).unwrap()
    }

    #[test]
    fn a_grant_type_with_a_row_is_served_and_listed() {
        let engine =
            engine(&["IMPLICIT", "REFRESH_TOKEN"], &["urn:example:toy", "refresh_token"]).unwrap();
        let answer = ask(&engine, "grant_type=urn%3Aexample%3Atoy&toy=bear&scope=read");
        assert_eq!(
            (&answer["action"], &answer["grantType"]),
            (&json!("OK"), &json!("IMPLICIT")),
            "{answer}"
        );
        assert_eq!((&answer["subject"], &answer["scopes"]), (&json!("bear"), &json!(["read"])));
        let token = answer["accessToken"].as_str().unwrap();
        let introspection: Value =
            serde_json::from_str(&engine.introspect(token).unwrap()).unwrap();
        assert_eq!(introspection["active"], true);
        let refreshed = format!(
            "grant_type=refresh_token&refresh_token={}",
            answer["refreshToken"].as_str().unwrap()
        );
        assert_eq!(ask(&engine, &refreshed)["action"], "OK");

        let metadata: Value = serde_json::from_str(&engine.metadata()).unwrap();
        assert_eq!(metadata["grant_types_supported"], json!(["urn:example:toy", "refresh_token"]));
    }

    #[test]
    fn its_parameters_are_known_and_may_not_be_repeated_nor_missing() {
        let engine = engine(&["IMPLICIT"], &["urn:example:toy"]).unwrap();
        for (more, code) in [("&toy=a&toy=b", "A049301"), ("&toy=%ff", "A049302"), ("", "A050301")]
        {
            let answer = ask(&engine, &format!("grant_type=urn%3Aexample%3Atoy{more}"));
            assert_eq!(answer["resultCode"], code, "{more}");
        }
    }

    #[test]
    fn it_is_refused_where_the_service_or_the_client_does_not_have_it() {
        let asked = "grant_type=urn%3Aexample%3Atoy&toy=bear";
        // No service has it by default.
        let without = engine(&["CLIENT_CREDENTIALS"], &["client_credentials"]).unwrap();
        assert_eq!(ask(&without, asked)["resultCode"], "A049304");
        let other = engine(&["IMPLICIT", "CLIENT_CREDENTIALS"], &["client_credentials"]).unwrap();
        assert_eq!(ask(&other, asked)["resultCode"], "A049305");
        let refused = engine(&["CLIENT_CREDENTIALS"], &["urn:example:toy"]).err().unwrap();
        assert_eq!(
            refused,
            "clients[0].grant_types[0]: service.supportedGrantTypes has no IMPLICIT"
        );
    }
}
