//! Texts that should be certificates (attacks on the parser): whatever they are, they let nobody
//! in, and nothing panics.

use super::certificates::*;
use super::harness::*;
use base64ct::{Base64, Encoding};
use serde_json::json;

fn server() -> Server {
    start(&config_with(json!({}), named()))
}

fn der(pem: &str) -> Vec<u8> {
    let lines: Vec<_> = pem.lines().filter(|line| !line.starts_with('-')).collect();
    Base64::decode_vec(&lines.concat()).unwrap()
}

fn as_pem(der: &[u8]) -> String {
    let base64 = Base64::encode_string(der);
    format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
}

#[test]
fn a_text_must_be_one_certificate_and_nothing_else() {
    let server = server();
    let malformed = FIXTURES["malformed"].as_object().unwrap().iter();
    for (label, text) in malformed.filter(|(label, _)| *label != "no text") {
        let answer = server.with_certificate(TLS, CREDENTIALS, text.as_str().unwrap());
        assert_eq!(answer["resultCode"], "A157332", "{label}");
        assert_unauthenticated(&answer, "A157332");
    }
    let leaf = der(pem("leaf"));
    for text in ["A".repeat(100_000), as_pem(&[leaf, vec![0; 100_000]].concat())] {
        let answer = server.with_certificate(TLS, CREDENTIALS, &text);
        assert_unauthenticated(&answer, "A157332");
    }
}

/// What terminates TLS passes them on in one line, with other ends of lines, or indented.
#[test]
fn the_lines_of_a_certificate_may_be_broken_anywhere() {
    let server = server();
    let leaf = pem("leaf");
    let one_line = as_pem(&der(leaf)).replace('\n', "");
    let indented = leaf.replace('\n', "\n\t");
    for text in [one_line, indented, leaf.replace('\n', "\r\n"), format!("\n {leaf} \n")] {
        ok(server.with_certificate(TLS, CREDENTIALS, &text));
    }
}

#[test]
fn a_malformed_certificate_in_a_path_is_refused() {
    let server = server_trusting(pem("root"));
    for text in ["x", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----"] {
        assert_unauthenticated(&server.with_path(&[pem("leaf"), text]), "A157332");
        assert_unauthenticated(&server.with_path(&[pem("leaf"), pem("middle"), text]), "A157332");
    }
}

#[test]
fn no_part_of_a_certificate_and_no_changed_one_leads_to_the_root() {
    let server = server_trusting(pem("root"));
    let (leaf, middle) = (der(pem("leaf")), der(pem("middle")));
    ok(server.with_path(&[pem("leaf"), pem("middle")]));
    let refused = |leaf: &[u8], middle: &[u8]| {
        let answer = server.with_path(&[&as_pem(leaf), &as_pem(middle)]);
        assert_eq!(answer["action"], "INVALID_CLIENT", "{answer}");
    };
    for length in (0..leaf.len()).step_by(5) {
        refused(&leaf[..length], &middle);
    }
    for length in (0..middle.len()).step_by(5) {
        refused(&leaf, &middle[..length]);
    }
    for at in (0..leaf.len()).step_by(3) {
        let mut changed = leaf.clone();
        changed[at] ^= 1 << (at % 8);
        refused(&changed, &middle);
    }
    for at in (0..middle.len()).step_by(3) {
        let mut changed = middle.clone();
        changed[at] ^= 0x80 >> (at % 8);
        refused(&leaf, &changed);
    }
}

/// Without roots, nobody looks at the signature: what is changed is another certificate, or none.
#[test]
fn any_changed_byte_of_a_certificate_is_survived() {
    let server = server();
    for name in ["named: alternative names", "self-signed: Ed25519"] {
        let certificate = der(pem(name));
        for at in (0..certificate.len()).step_by(2) {
            for value in [0, 0x80, 0xff] {
                let mut changed = certificate.clone();
                changed[at] = value;
                let answer = server.with_certificate(TLS, CREDENTIALS, &as_pem(&changed));
                assert!(["OK", "INVALID_CLIENT"].contains(&text(&answer, "action")), "{answer}");
            }
        }
    }
}
