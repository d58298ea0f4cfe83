//! The claims of a JWT (RFC 7519 §4.1), and those of a DPoP proof. The caller decides which must be
//! there.

use super::json;
use serde_json::{Map, Value};

/// The last second of the year 9999. A later time is not a real date.
const LAST_SECOND: f64 = 253_402_300_799.0;

/// The registered claims. They can be trusted only if the signature over them is valid.
pub(crate) struct Claims {
    pub(crate) iss: Option<String>,
    pub(crate) sub: Option<String>,
    pub(crate) aud: Option<Audience>,
    pub(crate) jti: Option<String>,
    /// Milliseconds since the epoch, like the two after it.
    pub(crate) exp: Option<u64>,
    pub(crate) nbf: Option<u64>,
    pub(crate) iat: Option<u64>,
}

/// For whom a JWT is meant (RFC 7519 §4.1.3).
pub(crate) enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    /// The recipient, if there is only one: any other could use the JWT here.
    pub(crate) fn only(&self) -> Option<&str> {
        match self {
            Audience::One(one) => Some(one),
            Audience::Several(several) => match several.as_slice() {
                [one] => Some(one),
                _ => None,
            },
        }
    }
}

impl Claims {
    /// Reads a payload: a JSON object in which no member appears twice, and whose registered claims
    /// have the right types; `null` is a wrong type.
    pub(crate) fn parse(payload: &[u8]) -> Option<Self> {
        Claims::and_others(payload).map(|(claims, _)| claims)
    }

    /// The same, with the other claims as they are.
    pub(crate) fn and_others(payload: &[u8]) -> Option<(Self, Map<String, Value>)> {
        let mut members = json::object(payload)?;
        let claims = Claims {
            iss: read(&mut members, "iss", string)?,
            sub: read(&mut members, "sub", string)?,
            aud: read(&mut members, "aud", audience)?,
            jti: read(&mut members, "jti", string)?,
            exp: read(&mut members, "exp", numeric_date)?,
            nbf: read(&mut members, "nbf", numeric_date)?,
            iat: read(&mut members, "iat", numeric_date)?,
        };
        Some((claims, members))
    }

    /// Whether the JWT has expired: `exp` is the first moment at which it is not accepted any more.
    /// Times are milliseconds. One without `exp` never expires.
    pub(crate) fn has_expired(&self, now: u64, skew: u64) -> bool {
        self.exp.is_some_and(|exp| now >= exp.saturating_add(skew))
    }

    /// Whether the JWT was issued in the future, or is not to be accepted yet.
    pub(crate) fn is_early(&self, now: u64, skew: u64) -> bool {
        let latest = now.saturating_add(skew);
        [self.nbf, self.iat].into_iter().flatten().any(|time| time > latest)
    }
}

/// The claims of a DPoP proof (RFC 9449 §4.2). They can be trusted only if the signature over them
/// is valid.
pub(crate) struct ProofClaims {
    pub(crate) jti: Option<String>,
    pub(crate) htm: Option<String>,
    pub(crate) htu: Option<String>,
    /// Whole seconds since the epoch.
    pub(crate) iat: Option<u64>,
    pub(crate) nonce: Option<String>,
    pub(crate) ath: Option<String>,
    /// Not asked for, but understood (RFC 7519 §4.1.4, §4.1.5); milliseconds since the epoch.
    pub(crate) exp: Option<u64>,
    pub(crate) nbf: Option<u64>,
}

impl ProofClaims {
    /// Reads a payload, as [`Claims::parse`] does. Proofs are made a moment before they are sent,
    /// by the same client: there is no reason for fractions of a second.
    pub(crate) fn parse(payload: &[u8]) -> Option<Self> {
        let mut members = json::object(payload)?;
        Some(ProofClaims {
            jti: read(&mut members, "jti", string)?,
            htm: read(&mut members, "htm", string)?,
            htu: read(&mut members, "htu", string)?,
            iat: read(&mut members, "iat", |value| value.as_u64())?,
            nonce: read(&mut members, "nonce", string)?,
            ath: read(&mut members, "ath", string)?,
            exp: read(&mut members, "exp", numeric_date)?,
            nbf: read(&mut members, "nbf", numeric_date)?,
        })
    }
}

/// A claim of the right type, or `Some(None)` if it is not there; `None` if it has a wrong type.
fn read<T>(
    members: &mut Map<String, Value>,
    name: &str,
    typed: fn(Value) -> Option<T>,
) -> Option<Option<T>> {
    match members.remove(name) {
        None => Some(None),
        Some(value) => typed(value).map(Some),
    }
}

fn string(value: Value) -> Option<String> {
    if let Value::String(text) = value { Some(text) } else { None }
}

fn audience(value: Value) -> Option<Audience> {
    match value {
        Value::String(text) => Some(Audience::One(text)),
        Value::Array(items) => {
            items.into_iter().map(string).collect::<Option<_>>().map(Audience::Several)
        }
        _ => None,
    }
}

/// Seconds, possibly with a fraction (RFC 7519 §2), as whole milliseconds.
fn numeric_date(value: Value) -> Option<u64> {
    let seconds = value.as_f64().filter(|seconds| (0.0..=LAST_SECOND).contains(seconds))?;
    Some((seconds * 1000.0) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(payload: &str) -> Option<Claims> {
        Claims::parse(payload.as_bytes())
    }

    #[test]
    fn registered_claims_are_read_and_others_left_alone() {
        let read =
            claims(r#"{"iss":"a","sub":"b","aud":"c","jti":"d","exp":2,"nbf":1.5,"iat":1e0,"x":[{}],"scope":null}"#)
                .unwrap();
        assert_eq!(
            [read.iss, read.sub, read.jti],
            ["a", "b", "d"].map(|text| Some(text.to_owned()))
        );
        assert!(matches!(read.aud, Some(Audience::One(aud)) if aud == "c"));
        assert_eq!([read.exp, read.nbf, read.iat], [Some(2000), Some(1500), Some(1000)]);
        assert!(
            matches!(claims(r#"{"aud":["c","d"]}"#).unwrap().aud, Some(Audience::Several(all)) if all == ["c", "d"])
        );
        assert!(claims("{}").unwrap().exp.is_none());
    }

    #[test]
    fn claims_of_a_wrong_type_are_refused() {
        for payload in [
            "[]",
            "null",
            r#"{"iss":5}"#,
            r#"{"sub":null}"#,
            r#"{"jti":["x"]}"#,
            r#"{"aud":5}"#,
            r#"{"aud":["a",5]}"#,
            r#"{"aud":{"a":"b"}}"#,
            r#"{"exp":"1767225900"}"#,
            r#"{"exp":null}"#,
            r#"{"exp":true}"#,
            r#"{"exp":-1}"#,
            r#"{"exp":1e308}"#,
            r#"{"exp":1e400}"#,
            r#"{"exp":253402300800}"#,
            r#"{"nbf":"now"}"#,
            r#"{"iat":-0.1}"#,
            r#"{"iss":"a","iss":"b"}"#,
        ] {
            assert!(claims(payload).is_none(), "{payload}");
        }
    }

    #[test]
    fn a_jwt_is_good_from_nbf_until_just_before_exp_and_the_skew_widens_that() {
        let read = claims(r#"{"exp":100,"nbf":50,"iat":40}"#).unwrap();
        for (now, skew, expired, early) in [
            (49_999, 0, false, true),
            (50_000, 0, false, false),
            (99_999, 0, false, false),
            (100_000, 0, true, false),
            (104_999, 5_000, false, false),
            (105_000, 5_000, true, false),
            (45_000, 5_000, false, false),
            (44_999, 5_000, false, true),
        ] {
            assert_eq!(
                (read.has_expired(now, skew), read.is_early(now, skew)),
                (expired, early),
                "{now} {skew}"
            );
        }
        let timeless = claims("{}").unwrap();
        assert!(!timeless.has_expired(u64::MAX, 0) && !timeless.is_early(0, 0));
        assert!(claims(r#"{"iat":51}"#).unwrap().is_early(50_999, 0));
    }
}
