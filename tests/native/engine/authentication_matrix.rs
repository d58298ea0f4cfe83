//! Every method that a client may be registered for, with every credential that a request may show
//! (RFC 6749 §2.3, OpenID Connect Core §9): which pairs let the client in, and how the others fail.

use super::assertions::*;
use super::attestations::{ATTESTER, INSTANCE, attestation, proof_of};
use super::certificates::{FIXTURES, pem};
use super::harness::*;
use super::signatures::public_jwk;
use authlete_token::engine::{Algorithm, MacAlgorithm};
use serde_json::{Value, json};

/// Long enough for a MAC.
const SECRET: &str = "a-secret-of-thirty-two-characters";
/// The request of an authenticated client is good.
const IN: &str = "in";
/// `invalid_client`: authentication failed.
const FAILED: &str = "A157395";
/// `invalid_client`: the right secret, shown in another way than the registered one.
const PLACE: &str = "A157357";
/// `invalid_client`: the client is not registered for assertions.
const NO_ASSERTIONS: &str = "A157389";
/// `invalid_client`: it is, but not for this kind of algorithm.
const NO_KEY: &str = "A156304";
/// `invalid_client`: a wrong signature or MAC.
const FORGED: &str = "A157390";
/// `invalid_request`: more than one method.
const MIXED: &str = "A157391";
/// `invalid_client`: the client is not registered for attestations.
const NO_ATTESTATIONS: &str = "A157366";
/// `invalid_client`: the proof beside an attestation is not signed with its key.
const FORGED_PROOF: &str = "A157372";
/// `invalid_client`: a certificate is missing, or another one.
const NO_CERTIFICATE: &str = "A157331";
const OTHER_NAME: &str = "A157335";
const OTHER_KEY: &str = "A157336";

/// What a request shows, beside the parameter `client_id`.
const SHOWN: [&str; 18] = [
    "nothing",
    "basic",
    "wrong basic",
    "post",
    "wrong post",
    "basic and post",
    "signed",
    "maced",
    "forged",
    "basic and signed",
    "post and maced",
    "certificate",
    "other certificate",
    "basic and certificate",
    "attestation",
    "forged attestation",
    "attestation and basic",
    "attestation and signed",
];

/// For each method what becomes of a request that shows these. A certificate beside another
/// credential is no second method: it may be there for the tokens alone.
#[rustfmt::skip]
const EXPECTED: [(&str, [&str; 18]); 8] = [
    ("client_secret_basic",
        [FAILED, IN, FAILED, PLACE, FAILED, MIXED, NO_ASSERTIONS, NO_ASSERTIONS, NO_ASSERTIONS, MIXED, MIXED,
            FAILED, FAILED, IN, NO_ATTESTATIONS, NO_ATTESTATIONS, MIXED, MIXED]),
    ("client_secret_post",
        [FAILED, PLACE, FAILED, IN, FAILED, MIXED, NO_ASSERTIONS, NO_ASSERTIONS, NO_ASSERTIONS, MIXED, MIXED,
            FAILED, FAILED, PLACE, NO_ATTESTATIONS, NO_ATTESTATIONS, MIXED, MIXED]),
    ("client_secret_jwt",
        [FAILED, PLACE, FAILED, PLACE, FAILED, MIXED, NO_KEY, IN, NO_KEY, MIXED, MIXED,
            FAILED, FAILED, PLACE, NO_ATTESTATIONS, NO_ATTESTATIONS, MIXED, MIXED]),
    ("private_key_jwt",
        [FAILED, FAILED, FAILED, FAILED, FAILED, MIXED, IN, NO_KEY, FORGED, MIXED, MIXED,
            FAILED, FAILED, FAILED, NO_ATTESTATIONS, NO_ATTESTATIONS, MIXED, MIXED]),
    ("tls_client_auth",
        [NO_CERTIFICATE, FAILED, FAILED, FAILED, FAILED, MIXED, NO_ASSERTIONS, NO_ASSERTIONS, NO_ASSERTIONS, MIXED, MIXED,
            IN, OTHER_NAME, FAILED, NO_ATTESTATIONS, NO_ATTESTATIONS, MIXED, MIXED]),
    ("self_signed_tls_client_auth",
        [NO_CERTIFICATE, FAILED, FAILED, FAILED, FAILED, MIXED, NO_ASSERTIONS, NO_ASSERTIONS, NO_ASSERTIONS, MIXED, MIXED,
            IN, OTHER_KEY, FAILED, NO_ATTESTATIONS, NO_ATTESTATIONS, MIXED, MIXED]),
    ("attest_jwt_client_auth",
        [FAILED, FAILED, FAILED, FAILED, FAILED, MIXED, NO_ASSERTIONS, NO_ASSERTIONS, NO_ASSERTIONS, MIXED, MIXED,
            FAILED, FAILED, FAILED, IN, FORGED_PROOF, MIXED, MIXED]),
    ("none",
        [IN, FAILED, FAILED, FAILED, FAILED, MIXED, NO_ASSERTIONS, NO_ASSERTIONS, NO_ASSERTIONS, MIXED, MIXED,
            IN, IN, FAILED, NO_ATTESTATIONS, NO_ATTESTATIONS, MIXED, MIXED]),
];

/// A client registered for each method, by its name.
pub fn clients() -> Server {
    let mut config = config();
    config["clients"] = EXPECTED
        .iter()
        .map(|(method, _)| {
            let mut client = json!({
                "client_id": method, "token_endpoint_auth_method": method, "grant_types": ["password"],
                "id_token_signed_response_alg": "ES256",
            });
            if method.starts_with("client_secret") {
                client["client_secret"] = SECRET.into();
            }
            match *method {
                "private_key_jwt" => {
                    client["jwks"] = json!({ "keys": [public_jwk(Algorithm::EdDSA)] });
                }
                "tls_client_auth" => {
                    client["tls_client_auth_subject_dn"] = "CN=Client,O=Example,C=DE".into();
                }
                "self_signed_tls_client_auth" => {
                    client["jwks"] = json!({ "keys": [FIXTURES["jwks"]["P-256"]] });
                }
                "attest_jwt_client_auth" => {
                    client["client_attester_jwks"] = json!({ "keys": [public_jwk(ATTESTER)] });
                }
                _ => {}
            }
            client
        })
        .collect();
    start(&config)
}

/// The call of `/auth/token` for a request of a client that shows this.
pub fn call(id: &str, shown: &str) -> Value {
    let mut parameters = format!("grant_type=password&username=a&password=b&client_id={id}");
    let mut call = json!({});
    let assertion = || Assertion::new().claims(json!({ "iss": id, "sub": id }));
    for part in shown.split(" and ") {
        match part {
            "basic" | "wrong basic" => {
                call["clientId"] = id.into();
                call["clientSecret"] = (if part == "basic" { SECRET } else { "wrong" }).into();
            }
            "post" => parameters += &format!("&client_secret={SECRET}"),
            "wrong post" => parameters += "&client_secret=wrong",
            "signed" | "maced" | "forged" => {
                let assertion = match part {
                    "signed" => assertion().signed(),
                    "maced" => maced(MacAlgorithm::HS256, SECRET, &assertion().claims),
                    _ => {
                        let signed = assertion().claims(json!({ "jti": "other" })).signed();
                        let other = assertion().signed();
                        let (input, _) = other.rsplit_once('.').unwrap();
                        format!("{input}.{}", signed.rsplit_once('.').unwrap().1)
                    }
                };
                parameters = assertion_call(&assertion, &parameters)["parameters"]
                    .as_str()
                    .unwrap()
                    .to_owned();
            }
            "certificate" => call["clientCertificate"] = pem("self-signed: P-256").into(),
            "other certificate" => call["clientCertificate"] = pem("root").into(),
            "attestation" | "forged attestation" => {
                let key = if part == "attestation" { INSTANCE } else { Algorithm::EdDSA };
                let attestation = attestation().claims(json!({ "sub": id }));
                call["oauthClientAttestation"] = attestation.signed().into();
                call["oauthClientAttestationPop"] = proof_of(key).signed().into();
            }
            _ => assert_eq!(part, "nothing"),
        }
    }
    call["parameters"] = parameters.into();
    call
}

#[test]
fn each_method_lets_its_own_clients_in_by_its_own_credential_and_by_nothing_else() {
    let server = clients();
    for (method, row) in EXPECTED {
        for (shown, expected) in SHOWN.into_iter().zip(row) {
            let answer = server.api("/auth/token", &call(method, shown));
            let case = format!("{method}: {shown}: {answer}");
            match expected {
                IN => assert_eq!(answer["action"], "PASSWORD", "{case}"),
                _ => {
                    assert_eq!(answer["resultCode"], expected, "{case}");
                    let action = if expected == MIXED { "BAD_REQUEST" } else { "INVALID_CLIENT" };
                    assert_eq!(answer["action"], action, "{case}");
                }
            }
        }
    }
}

#[test]
fn an_unknown_client_gets_the_answer_of_a_known_one_whatever_it_shows() {
    let server = clients();
    for (shown, known) in [
        ("wrong basic", "client_secret_basic"),
        ("wrong post", "client_secret_post"),
        ("forged", "private_key_jwt"),
        ("nothing", "client_secret_basic"),
    ] {
        let content = |id| server.api("/auth/token", &call(id, shown))["responseContent"].clone();
        assert_eq!(content("nobody"), content(known), "{shown}");
    }
}
