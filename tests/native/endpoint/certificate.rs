//! The TLS client certificate, as each source shows it.

use super::*;

/// Base64 of 130 bytes, with both characters that URLs escape, and padding.
fn base64() -> String {
    let der: Vec<u8> = [0x30, 0x82, 0xff, 0xfb, 0xef, 0xbe].into_iter().chain(0..124).collect();
    Base64::encode_string(&der)
}

fn pem(base64: &str) -> String {
    let lines: Vec<&str> =
        base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

fn of(presented: &Presented) -> Result<(Option<String>, Vec<String>), Reply> {
    let settings = EndpointSettings::default();
    let mut pending = post().open(&settings)?;
    pending.certificate(presented)?;
    let (_, call) = pending.body(b"a=b".to_vec())?;
    Ok((call.client_certificate, call.client_certificate_path))
}

/// The certificate and its chain, both as base64.
fn found(presented: &Presented) -> Option<(String, Vec<String>)> {
    let (certificate, path) = of(presented).unwrap_or_else(|_| panic!("refused"));
    let bare = |text: &String| {
        let lines: Vec<&str> = text.lines().collect();
        let base64 = lines[1..lines.len() - 1].concat();
        assert_eq!(*text, pem(&base64));
        base64
    };
    assert!(certificate.is_some() || path.is_empty());
    Some((certificate.as_ref().map(bare)?, path.iter().map(bare).collect()))
}

/// What the operator is told about a refusal.
fn refused(presented: &Presented) -> String {
    let Err(Reply { response, notice }) = of(presented) else { panic!("not refused") };
    assert_eq!((response.status, error(&response).as_str()), (400, "invalid_request"));
    let Some(Notice::Refused { status: 400, error: "invalid_request", detail }) = notice else {
        panic!("{notice:?}")
    };
    detail
}

fn structured(value: &str) -> String {
    format!(":{value}:")
}

fn header<'a>(certificate: &'a str, chain: Option<&'a str>) -> Presented<'a> {
    Presented::Rfc9440 { certificate: Some(certificate), chain }
}

#[test]
fn a_byte_sequence_becomes_pem() {
    let (certificate, path) =
        of(&header(&structured(&base64()), None)).unwrap_or_else(|_| panic!("refused"));
    assert_eq!(certificate, Some(pem(&base64())));
    assert!(path.is_empty());
    for whole_lines in [64, 128] {
        let base64 = "M".repeat(whole_lines);
        let (certificate, _) =
            of(&header(&structured(&base64), None)).unwrap_or_else(|_| panic!("refused"));
        assert_eq!(certificate, Some(pem(&base64)));
    }
}

#[test]
fn a_chain_of_at_most_five_certificates_is_passed_on_in_its_order() {
    let items = ["MAAB", "MAAC", "MAAD", "MAAE", "MAAF", "MAAG"];
    for count in 1..=5 {
        let given = &items[..count];
        let list: Vec<String> = given.iter().map(|item| structured(item)).collect();
        for joint in [",", ", ", " ,\t"] {
            assert_eq!(
                found(&header(":MAAA:", Some(&list.join(joint)))),
                Some(("MAAA".into(), given.iter().map(|item| (*item).to_owned()).collect()))
            );
        }
    }
    let six: Vec<String> = items.iter().map(|item| structured(item)).collect();
    assert!(refused(&header(":MAAA:", Some(&six.join(", ")))).contains("more than 5"));
}

#[test]
fn without_a_certificate_nothing_is_added() {
    for presented in [
        Presented::Rfc9440 { certificate: None, chain: None },
        header("", None),
        header(" ", Some("")),
        Presented::Pem(None),
        Presented::Pem(Some("")),
        Presented::Pem(Some(" ")),
        Presented::Pem(Some("(null)")),
    ] {
        assert_eq!(found(&presented), None);
    }
}

#[test]
fn a_header_that_is_not_one_byte_sequence_is_refused() {
    for value in [
        ":MAAA",
        "MAAA:",
        ":",
        "::",
        "MAAA",
        ":MAAA:, :MBBB:",
        ":MAAA:,",
        ":MAAA: :MBBB:",
        ":MAAA::MBBB:",
        ":MAAA:;a=1",
        ":MAA:",
        ":MAA===:",
        ":M===:",
        ":AAAA:",
        ":====:",
        ":MAB=:",
        ":MA-_:",
        ":MA A:",
        ":MAAA\r\n:",
        ":MAA\u{e9}:",
        "\"MAAA\"",
        "?1",
        "(:MAAA:)",
        "(null)",
        &pem("MAAA"),
    ] {
        assert!(refused(&header(value, None)).contains("malformed"), "{value}");
    }
    for chain in [":MAAA", ":MAAA:,", ",:MAAA:", ":MAAA:,,:MBBB:", ":MAAA:;a=1", "(:MAAA:)", "::"] {
        assert!(refused(&header(":MAAA:", Some(chain))).contains("chain"), "{chain}");
    }
    let lone = Presented::Rfc9440 { certificate: None, chain: Some(":MAAA:") };
    assert!(refused(&lone).contains("without the client's own"));
}

#[test]
fn pem_is_read_as_proxies_write_it_into_headers() {
    let base64 = base64();
    assert!(base64.contains('+') && base64.contains('/') && base64.ends_with('='));
    let pem = pem(&base64);
    let trimmed = pem.trim_end();
    let escaped = |text: &str, kept: &str| -> String {
        text.chars()
            .map(|c| match c {
                c if c.is_ascii_alphanumeric() || "-._~".contains(c) || kept.contains(c) => {
                    c.to_string()
                }
                c => format!("%{:02X}", u32::from(c)),
            })
            .collect()
    };
    let crlf = trimmed.replace('\n', "\r\n");
    for value in [
        trimmed.to_owned(),
        trimmed.replace('\n', " "),
        trimmed.replace('\n', "\t"),
        trimmed.replace('\n', "\n\t"),
        trimmed.replace('\n', ""),
        crlf.clone(),
        escaped(&pem, ""),
        escaped(&pem, "").replace("%2B", "%2b"),
        escaped(&pem, "+=/"),
        escaped(&crlf, ""),
        escaped(&base64, ""),
        base64.clone(),
    ] {
        assert_eq!(
            found(&Presented::Pem(Some(&value))),
            Some((base64.clone(), Vec::new())),
            "{value:?}"
        );
    }
}

#[test]
fn a_header_that_is_not_one_certificate_in_pem_is_refused() {
    let one = pem("MAAA").trim_end().replace('\n', " ");
    for value in [
        &*format!("{one} {one}"),
        &format!("{one}, {one}"),
        &format!("{one}%0A{one}"),
        &one.replace("CERTIFICATE", "PRIVATE KEY"),
        &one.replace("-----END CERTIFICATE-----", ""),
        &one.replace("-----BEGIN CERTIFICATE-----", ""),
        &one.replace("BEGIN", "begin"),
        &format!("text {one}"),
        &format!("{one} text"),
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN CERTIFICATE----------END CERTIFICATE-----",
        "-----BEGIN%20CERTIFICATE-----%0MAAAA%0-----END%20CERTIFICATE-----",
        "-----BEGIN+CERTIFICATE-----%0MAAAA%0A-----END+CERTIFICATE-----",
        "MAAA%FF",
        "%",
        "%00",
        "MAAA MAAA",
        "MAAA,MBBB",
        "MAA",
        "AAAA",
        "MA_-",
        ":MAAA:",
        "null",
        "\u{e9}",
    ] {
        assert!(refused(&Presented::Pem(Some(value))).contains("malformed"), "{value}");
    }
}

#[test]
fn a_certificate_has_at_most_16_384_characters() {
    for (length, good) in [(16_384, true), (16_388, false), (1_000_000, false)] {
        let long = "M".repeat(length);
        let item = structured(&long);
        let (line, list) = (pem(&long), format!(":MAAA:, {item}"));
        for presented in [
            header(&item, None),
            header(":MAAA:", Some(&list)),
            Presented::Pem(Some(&line)),
            Presented::Pem(Some(&long)),
        ] {
            if good {
                assert!(found(&presented).is_some());
            } else {
                assert!(refused(&presented).contains("more than 16384 characters"));
            }
        }
    }
}

#[test]
fn cloudflares_certificate_counts_only_if_it_is_verified_and_not_revoked() {
    let good = TlsClientAuth {
        presented: Some("1"),
        verified: Some("SUCCESS"),
        revoked: Some("0"),
        certificate: Some(":MAAA:"),
        certificate_too_large: Some("false"),
        chain: Some(":MAAB:, :MAAC:"),
        chain_too_large: Some("false"),
    };
    let chain = vec!["MAAB".to_owned(), "MAAC".to_owned()];
    let all = Some(("MAAA".to_owned(), chain));
    assert_eq!(found(&Presented::Cloudflare(good)), all);
    let older =
        TlsClientAuth { revoked: None, certificate_too_large: None, chain_too_large: None, ..good };
    assert_eq!(found(&Presented::Cloudflare(older)), all);
    for chain in [None, Some("")] {
        let alone = TlsClientAuth { chain, ..good };
        assert_eq!(found(&Presented::Cloudflare(alone)), Some(("MAAA".into(), Vec::new())));
    }
    for presented in [None, Some("0"), Some(""), Some("true"), Some("?"), Some(" 1")] {
        let shown = TlsClientAuth { presented, ..good };
        assert_eq!(found(&Presented::Cloudflare(shown)), None, "{presented:?}");
    }
    for verified in [
        None,
        Some(""),
        Some("NONE"),
        Some("FAILED"),
        Some("FAILED:self signed certificate"),
        Some("success"),
        Some("SUCCESS:"),
        Some("true"),
    ] {
        let shown = TlsClientAuth { verified, ..good };
        assert_eq!(found(&Presented::Cloudflare(shown)), None, "{verified:?}");
    }
    for revoked in ["1", "", "false", "true", "?"] {
        let shown = TlsClientAuth { revoked: Some(revoked), ..good };
        assert_eq!(found(&Presented::Cloudflare(shown)), None, "{revoked:?}");
    }
    assert_eq!(found(&Presented::Cloudflare(TlsClientAuth::default())), None);
}

#[test]
fn a_verified_certificate_that_cloudflare_left_out_refuses_the_request() {
    let good = TlsClientAuth {
        presented: Some("1"),
        verified: Some("SUCCESS"),
        certificate: Some(":MAAA:"),
        ..TlsClientAuth::default()
    };
    for flag in [Some("true"), Some(""), Some("?"), Some("1")] {
        for shown in [
            TlsClientAuth { certificate: Some(""), certificate_too_large: flag, ..good },
            TlsClientAuth { chain: Some(""), chain_too_large: flag, ..good },
        ] {
            assert!(refused(&Presented::Cloudflare(shown)).contains("too large"));
        }
    }
    for certificate in [None, Some("")] {
        let shown = TlsClientAuth { certificate, ..good };
        assert!(refused(&Presented::Cloudflare(shown)).contains("left out"));
    }
    for certificate in ["?", "MAAA", ":MAAA:, :MAAB:"] {
        let shown = TlsClientAuth { certificate: Some(certificate), ..good };
        assert!(refused(&Presented::Cloudflare(shown)).contains("malformed"));
    }
    let shown = TlsClientAuth { chain: Some(":MAAB"), ..good };
    assert!(refused(&Presented::Cloudflare(shown)).contains("chain"));
}

#[test]
fn a_refused_certificate_is_quoted_to_nobody() {
    let marker = "S3CRETmarker!";
    let Err(reply) = of(&Presented::Pem(Some(marker))) else { panic!("not refused") };
    assert!(!text(&reply.response).contains(marker));
    assert!(!format!("{:?}", reply.notice).contains(marker));
}
