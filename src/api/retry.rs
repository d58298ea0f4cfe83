//! When Authlete wants to be asked again: `Retry-After` (RFC 9110 §10.2.3), or the rate limit
//! headers.

use crate::prelude::*;
use crate::text::digits;

/// From this value on, a rate limit reset is a point in time and not a delay: as a delay it would
/// be more than thirty years.
const FIRST_EPOCH_SECONDS: u64 = 1_000_000_000;

/// Seconds to wait, from `Retry-After` (seconds or an HTTP date), else from `RateLimit-Reset` or
/// `X-RateLimit-Reset` (seconds, or seconds since the Unix epoch when huge). `get_header` takes a
/// lower-case name. A point in time is compared with the clock that wrote it: the answer's `Date`
/// header. Without that header it is compared with `now_ms` (milliseconds since the Unix epoch), if
/// the caller has a clock.
pub(crate) fn retry_after(
    get_header: impl Fn(&str) -> Option<String>,
    now_ms: Option<u64>,
) -> Option<u64> {
    let now = get_header("date").and_then(|date| http_date(&date)).or(now_ms.map(|now| now / 1000));
    let until = |time: u64| now.map(|now| time.saturating_sub(now));
    let retry_after = get_header("retry-after").and_then(|value| {
        let value = value.trim_ascii();
        digits(value).or_else(|| http_date(value).and_then(until))
    });
    let delay = retry_after.or_else(|| {
        let reset = get_header("ratelimit-reset").or_else(|| get_header("x-ratelimit-reset"))?;
        match digits(reset.trim_ascii())? {
            time if time >= FIRST_EPOCH_SECONDS => until(time),
            delay => Some(delay),
        }
    });
    // Nobody means more than thirty years, for example where the reset is in milliseconds.
    delay.filter(|&delay| delay < FIRST_EPOCH_SECONDS)
}

/// Seconds since the Unix epoch of an HTTP date in the form that senders must use
/// (RFC 9110 §5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(text: &str) -> Option<u64> {
    const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";
    let number = |from, to| digits(text.get(from..to)?);
    let literal = |from, expected: &str| text.get(from..from + expected.len()) == Some(expected);
    let well_formed = text.len() == 29
        && literal(3, ", ")
        && [7, 11, 16].into_iter().all(|at| literal(at, " "))
        && [19, 22].into_iter().all(|at| literal(at, ":"))
        && literal(25, " GMT");
    if !well_formed {
        return None;
    }
    let month_name = text.get(8..11)?.as_bytes();
    let month = MONTHS.chunks(3).position(|name| name == month_name)? as u64 + 1;
    let (day, year) = (number(5, 7)?, number(12, 16)?);
    let (hour, minute, second) = (number(17, 19)?, number(20, 22)?, number(23, 25)?);
    let in_range = (1970..=9999).contains(&year)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    if !in_range {
        return None;
    }
    // The year is taken to begin in March, so that the leap day is its last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    // 719 468 days lie between 1 March of year 0 and 1 January 1970.
    Some(((days - 719_468) * 24 + hour) * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(headers: &[(&str, &str)]) -> Option<u64> {
        let get = |name: &str| {
            headers.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
        };
        retry_after(get, Some(1_784_000_000_999))
    }

    #[test]
    fn http_dates_become_epoch_seconds() {
        assert_eq!(http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(http_date("Thu, 29 Feb 2024 23:59:60 GMT"), Some(1_709_251_200));
        for bad in [
            "",
            "now",
            "Sun, 06 Nov 1994",
            "Sun, 06 Nov 1969 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(http_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn retry_after_wins_over_the_rate_limit_headers() {
        assert_eq!(after(&[("retry-after", " 3 "), ("ratelimit-reset", "9")]), Some(3));
        assert_eq!(
            after(&[("retry-after", "soon"), ("ratelimit-reset", "9"), ("x-ratelimit-reset", "8")]),
            Some(9)
        );
        assert_eq!(after(&[("x-ratelimit-reset", "8")]), Some(8));
        assert_eq!(after(&[]), None);
    }

    #[test]
    fn a_date_or_a_huge_reset_is_a_point_in_time() {
        assert_eq!(after(&[("ratelimit-reset", "1784000007")]), Some(7));
        assert_eq!(after(&[("ratelimit-reset", "1783999999")]), Some(0));
        assert_eq!(after(&[("retry-after", "Tue, 14 Jul 2026 03:33:25 GMT")]), Some(5));
        assert_eq!(after(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]), Some(0));
    }

    #[test]
    fn signs_fractions_and_overflow_are_no_delay() {
        for bad in ["-1", "+1", "1.5", "", "99999999999999999999999"] {
            assert_eq!(after(&[("retry-after", bad)]), None, "{bad}");
        }
    }

    #[test]
    fn a_delay_of_decades_is_none() {
        assert_eq!(after(&[("retry-after", "18446744073709551615")]), None);
        // Milliseconds.
        assert_eq!(after(&[("x-ratelimit-reset", "1784000007000")]), None);
    }
}
