//! The compact form of a signed JWT (RFC 7515 §3.1, §7.1): read without trusting it, and without
//! fetching anything that it names.

use super::json;
use crate::engine::hash::from_base64url;
use serde_json::{Map, Value};

/// The longest text that is read. Real ones are well under 2 KB; certificates in a header may add a
/// few.
const LONGEST: usize = 16 * 1024;

/// A JWS that has the right form. What it says can be trusted only if its signature is valid.
pub(crate) struct Jws<'a> {
    /// `alg` as it is written; the engine may not know it.
    pub(crate) alg: String,
    /// Which key was used, as the sender says. It is compared with the registered key IDs, and used
    /// for nothing else.
    pub(crate) kid: Option<String>,
    pub(crate) typ: Option<String>,
    /// The certificates of the key (RFC 7515 §4.1.6), as they are. Anybody can write them there:
    /// they are worth something only if they lead to a trusted root.
    pub(crate) x5c: Option<Value>,
    /// The key that a DPoP proof brings with it (RFC 9449 §4.2). For anything else it means
    /// nothing, since anybody can write a key there.
    pub(crate) jwk: Option<Value>,
    pub(crate) payload: Vec<u8>,
    /// What is signed: header and payload as they came (RFC 7515 §5.1).
    pub(crate) input: &'a [u8],
    pub(crate) signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Reads the compact form: three parts, none of them empty, in base64url, where only the
    /// canonical spelling is accepted.
    ///
    /// A header with `crit` is refused, since no extension is understood (RFC 7515 §4.1.11), and so
    /// is `b64`, which changes what is signed (RFC 7797 §6). Addresses of keys in a header (`jku`,
    /// `x5u`) are ignored: anybody can write them there.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (input, signature) = text.rsplit_once('.')?;
        let (header, payload) = input.split_once('.')?;
        let mut header = json::object(&part(header)?)?;
        if header.contains_key("crit") || header.contains_key("b64") {
            return None;
        }
        Some(Jws {
            alg: string(&mut header, "alg")??,
            kid: string(&mut header, "kid")?,
            typ: string(&mut header, "typ")?,
            x5c: header.remove("x5c"),
            jwk: header.remove("jwk"),
            payload: part(payload)?,
            input: input.as_bytes(),
            signature: part(signature)?,
        })
    }

    /// Whether `typ` says that the JWT is one of these (RFC 8725 §3.11), or says nothing.
    pub(crate) fn may_be(&self, types: &[&str]) -> bool {
        self.typ.is_none() || self.is(types)
    }

    /// Whether `typ` says that the JWT is one of these. Types are compared as media types (RFC 7515
    /// §4.1.9).
    pub(crate) fn is(&self, types: &[&str]) -> bool {
        let Some(typ) = self.typ.as_deref() else { return false };
        let prefix = "application/";
        let typ = match typ.split_at_checked(prefix.len()) {
            Some((start, rest)) if start.eq_ignore_ascii_case(prefix) => rest,
            _ => typ,
        };
        types.iter().any(|known| known.eq_ignore_ascii_case(typ))
    }
}

/// The bytes of one part. A dot is not a character of base64url, so a JWS of four or five parts
/// fails here.
fn part(text: &str) -> Option<Vec<u8>> {
    from_base64url(text).filter(|bytes| !bytes.is_empty())
}

/// A member that is a string or not there; `None` for one of another type.
fn string(header: &mut Map<String, Value>, name: &str) -> Option<Option<String>> {
    match header.remove(name) {
        None => Some(None),
        Some(Value::String(text)) => Some(Some(text)),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::hash::base64url;

    const CLAIMS: &str = r#"{"iss":"joe"}"#;

    fn jws(header: &str) -> String {
        format!(
            "{}.{}.{}",
            base64url(header.as_bytes()),
            base64url(CLAIMS.as_bytes()),
            base64url(b"signature")
        )
    }

    #[test]
    fn the_example_of_rfc_7515_a_3_is_read() {
        let text = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
                    DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        let jws = Jws::parse(text).unwrap();
        assert_eq!((jws.alg.as_str(), jws.kid, jws.typ), ("ES256", None, None));
        assert_eq!(
            jws.payload,
            b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}"
        );
        assert_eq!(jws.input, text.rsplit_once('.').unwrap().0.as_bytes());
        assert_eq!(jws.signature.len(), 64);
    }

    #[test]
    fn keys_and_addresses_in_a_header_are_ignored() {
        let header = r#"{"alg":"RS256","kid":"../../etc/passwd","typ":"JWT","jku":"https://evil.example","x5u":5,"jwk":{},"x5c":[]}"#;
        let text = jws(header);
        let read = Jws::parse(&text).unwrap();
        assert_eq!((read.alg.as_str(), read.kid.as_deref()), ("RS256", Some("../../etc/passwd")));
    }

    #[test]
    fn a_header_that_is_ambiguous_mistyped_or_asks_for_an_extension_is_refused() {
        for header in [
            "null",
            "[]",
            "{}",
            "not JSON",
            r#"{"alg":null}"#,
            r#"{"alg":["RS256"]}"#,
            r#"{"alg":"none","alg":"RS256"}"#,
            r#"{"alg":"RS256","kid":5}"#,
            r#"{"alg":"RS256","kid":null}"#,
            r#"{"alg":"RS256","typ":5}"#,
            r#"{"alg":"RS256","crit":["exp"]}"#,
            r#"{"alg":"RS256","crit":[]}"#,
            r#"{"alg":"RS256","crit":["b64"],"b64":false}"#,
            r#"{"alg":"RS256","b64":true}"#,
        ] {
            assert!(Jws::parse(&jws(header)).is_none(), "{header}");
        }
        assert!(
            Jws::parse(&jws(&format!(
                "{{\"alg\":\"RS256\",\"x\":{}1{}}}",
                "[".repeat(1_000),
                "]".repeat(1_000)
            )))
            .is_none()
        );
    }

    #[test]
    fn a_text_has_one_spelling_and_three_parts_of_bounded_length() {
        let good = jws(r#"{"alg":"RS256"}"#);
        assert!(Jws::parse(&good).is_some());
        let (header, rest) = good.split_once('.').unwrap();
        let (payload, signature) = rest.split_once('.').unwrap();
        for text in [
            String::new(),
            "..".into(),
            header.into(),
            format!("{header}.{payload}"),
            format!("{header}.{payload}."),
            format!("{header}..{signature}"),
            format!(".{payload}.{signature}"),
            format!("{good}.{signature}"),
            format!("{good}.{signature}.{signature}"),
            format!("{good}\n"),
            format!("{good} "),
            format!(" {good}"),
            format!("{good}="),
            format!("{good}=="),
            format!("{header}==.{payload}.{signature}"),
            format!("{header}.{payload}\r\n.{signature}"),
            good.replace('.', "\u{2024}"),
            format!("{header}.{payload}.+/+/"),
            // The last character of these has bits that no byte needs (RFC 4648 §3.5).
            format!("{header}.{payload}.AB"),
            format!("{header}.{payload}.AAB"),
            format!("{header}.{}.{signature}", "A".repeat(LONGEST)),
        ] {
            assert!(Jws::parse(&text).is_none(), "{text:.60}");
        }
    }

    #[test]
    fn a_type_is_compared_as_a_media_type() {
        for (typ, fits) in [
            (r#""JWT""#, true),
            (r#""jwt""#, true),
            (r#""application/jwt""#, true),
            (r#""Application/JWT""#, true),
            (r#""at+jwt""#, false),
            (r#""dpop+jwt""#, false),
            (r#""application/""#, false),
            (r#""""#, false),
        ] {
            let text = jws(&format!("{{\"alg\":\"RS256\",\"typ\":{typ}}}"));
            assert_eq!(Jws::parse(&text).unwrap().may_be(&["JWT"]), fits, "{typ}");
        }
        assert!(Jws::parse(&jws(r#"{"alg":"RS256"}"#)).unwrap().may_be(&["JWT"]));
    }
}
