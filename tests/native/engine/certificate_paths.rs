//! Certification paths (RFC 5280 §6): which certificates of clients are taken for genuine.

use super::certificates::*;
use super::harness::*;
use serde_json::json;
use std::sync::atomic::Ordering::SeqCst;

/// Why each bad path of the fixtures is refused.
const REFUSED: [(&str, &str); 36] = [
    ("six certificates", "A157337"),
    ("six certificates with the root", "A157337"),
    ("a client's certificate that has expired", "A157334"),
    ("a client's certificate that is not valid yet", "A157333"),
    ("an issuer that has expired", "A157334"),
    ("an issuer that is not valid yet", "A157333"),
    ("a root that has expired", "A157334"),
    ("a root that is not valid yet", "A157333"),
    ("a client's certificate with a wrong signature", "A157345"),
    ("an issuer with a wrong signature", "A157345"),
    ("an issuer without basic constraints", "A157340"),
    ("an issuer that is no authority", "A157340"),
    ("an issuer whose key may not sign certificates", "A157340"),
    ("an issuer without key usage", "A157340"),
    ("a client's certificate as an issuer", "A157340"),
    ("an issuer whose path is too long", "A157340"),
    ("a root whose path is too long", "A157340"),
    ("a certificate for servers", "A157341"),
    ("a certificate whose key only encrypts", "A157341"),
    ("an issuer for servers", "A157341"),
    ("a critical extension that is unknown", "A157342"),
    ("an issuer with a critical extension that is unknown", "A157342"),
    ("an issuer with name constraints", "A157342"),
    ("an issuer with name constraints that are not critical", "A157342"),
    ("a malformed extension", "A157342"),
    ("an extension twice", "A157332"),
    ("extensions in a certificate of the first version", "A157332"),
    ("a signature with SHA-1", "A157343"),
    ("an issuer with 1024 bits", "A157344"),
    ("P-256 with SHA-384", "A157343"),
    ("no certificate of the issuer", "A157339"),
    ("the issuers in the wrong order", "A157338"),
    ("a certificate that does not belong there", "A157338"),
    ("a root that is not trusted", "A157339"),
    ("a root of the same name with another key", "A157345"),
    ("an issuer that issues itself, again and again", "A157339"),
];

fn paths() -> impl Iterator<Item = (&'static str, bool, Vec<&'static str>, &'static str)> {
    FIXTURES["paths"].as_object().unwrap().iter().map(|(label, path)| {
        let shown = path["shown"].as_array().unwrap().iter().map(|pem| pem.as_str().unwrap());
        (label.as_str(), path["ok"] == true, shown.collect(), text(path, "root"))
    })
}

#[test]
fn a_path_is_good_if_every_certificate_vouches_for_the_one_before_it_up_to_a_trusted_root() {
    let mut good = 0;
    for (label, is_good, shown, root) in paths() {
        let answer = server_trusting(root).with_path(&shown);
        if is_good {
            assert_eq!(answer["action"], "OK", "{label}: {answer}");
            assert_eq!(answer["clientAuthMethod"], "TLS_CLIENT_AUTH");
            good += 1;
        }
    }
    assert!(good > 15);
}

#[test]
fn a_bad_path_lets_nobody_in_and_only_the_operator_learns_what_is_wrong() {
    for (label, is_good, shown, root) in paths().filter(|(_, is_good, ..)| !is_good) {
        let answer = server_trusting(root).with_path(&shown);
        assert_eq!(answer["action"], "INVALID_CLIENT", "{label}: {answer} {is_good}");
        let reason = REFUSED.iter().find(|(known, _)| *known == label);
        let (_, code) = reason.unwrap_or_else(|| panic!("no reason for {label}: {answer}"));
        assert_eq!(answer["resultCode"], *code, "{label}");
        assert_unauthenticated(&answer, code);
    }
}

#[test]
fn where_signatures_cannot_be_verified_the_answer_is_no_verdict_about_the_client() {
    let server = server_trusting(pem("root"));
    server.switches.no_verification.store(true, SeqCst);
    let answer = server.with_path(&[pem("leaf"), pem("middle")]);
    assert_eq!(answer["action"], "INTERNAL_SERVER_ERROR", "{answer}");
    server.switches.no_verification.store(false, SeqCst);
    assert_eq!(server.with_path(&[pem("leaf"), pem("middle")])["action"], "OK");
}

/// What is cheap to check comes first, so that a bad path costs no cryptography.
#[test]
fn a_path_is_read_as_a_whole_before_any_signature_is_verified() {
    let server = server_trusting(pem("root"));
    for shown in [[pem("leaf"), pem("leaf")], [pem("middle"), pem("leaf")]] {
        assert_eq!(server.with_path(&shown)["action"], "INVALID_CLIENT");
    }
    assert_eq!(server.switches.verifications.load(SeqCst), 0);
    assert_eq!(server.with_path(&[pem("leaf"), pem("middle")])["action"], "OK");
    assert_eq!(server.switches.verifications.load(SeqCst), 2);
}

/// When one root takes over from another, both have the same name for a while.
#[test]
fn any_of_several_roots_of_one_name_may_have_issued_a_certificate() {
    let mut config = config_with(json!({ "mutualTlsValidatePkiCertChain": true }), named());
    for roots in
        [["root without key usage", "root"], ["another root", "root"], ["root", "another root"]]
    {
        config["service"]["trustedRootCertificates"] = json!(roots.map(pem));
        ok(start(&config).with_path(&[pem("leaf"), pem("middle")]));
    }
}
