//! The URLs of DPoP proofs.

use fluent_uri::Uri;
use fluent_uri::component::Scheme;
use fluent_uri::normalize::Normalizer;

/// The URL without query and fragment (RFC 9449 §4.2), normalised (RFC 3986 §6.2.2, §6.2.3), so
/// that equal URLs are the same text. A slash at the end of a path stays: with it, it is another
/// URL. `None` for anything that is not a URL with a host.
pub(super) fn normalized(url: &str) -> Option<String> {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let uri = Uri::parse(url.get(..end)?).ok()?;
    let uri = Normalizer::new().default_port_with(default_port).normalize(&uri).ok()?;
    uri.authority()?;
    let has_path = !uri.path().is_empty();
    let mut text = uri.into_string();
    if !has_path {
        text.push('/');
    }
    Some(text)
}

/// The port of the schemes that requests come by.
fn default_port(scheme: &Scheme) -> Option<u16> {
    let ports = [("https", 443), ("http", 80)];
    let is = |known: &str| scheme.as_str().eq_ignore_ascii_case(known);
    ports.into_iter().find(|(known, _)| is(known)).map(|(_, port)| port)
}

#[cfg(test)]
mod tests {
    use super::normalized;

    #[test]
    fn a_url_is_the_same_in_all_its_spellings() {
        for url in [
            "https://as.example.com/a/token~",
            "HTTPS://AS.Example.COM/a/token~",
            "https://as.example.com:443/a/token~",
            "https://as.example.com:/a/token~",
            "https://as.example.com/a/token%7E",
            "https://as.example.com/a/token%7e",
            "https://as.example.com/%61/token~",
            "https://as.example.com/b/../a/./token~",
            "https://as.example.com/a/token~?x=1#y",
            "https://as.example.com/a/token~#y?x=|",
            "https://as.ex%61mple.com/a/token~",
        ] {
            let expected = Some("https://as.example.com/a/token~");
            assert_eq!(normalized(url).as_deref(), expected, "{url}");
        }
        let root = Some("http://localhost/".to_owned());
        for url in ["http://localhost", "http://localhost/", "http://localhost:80?x"] {
            assert_eq!(normalized(url), root, "{url}");
        }
        // Only the digits of an escape have two cases.
        assert_eq!(normalized("https://a/%2f"), Some("https://a/%2F".to_owned()));
    }

    #[test]
    fn another_url_stays_another_one() {
        let url = normalized("https://as.example.com/token");
        for other in [
            "http://as.example.com/token",
            "https://as.example.com:8443/token",
            "https://as.example.com:80/token",
            "https://as.example.com/Token",
            "https://as.example.com/token/",
            "https://as.example.com//token",
            "https://as.example.com/a%2F../token",
            "https://www.as.example.com/token",
            "https://as.example.com./token",
            "https://me@as.example.com/token",
            "https://as.example.com/",
        ] {
            assert!(normalized(other).is_some_and(|other| Some(other) != url), "{other}");
        }
    }

    #[test]
    fn what_is_not_a_url_with_a_host_is_none() {
        for text in [
            "",
            "/token",
            "//as.example.com/token",
            "https:/token",
            "urn:a",
            "https://a b/",
            "?",
            "https://a/|",
        ] {
            assert_eq!(normalized(text), None, "{text}");
        }
    }
}
