//! Resource indicators (RFC 8707): the servers that a token is for.

use fluent_uri::Uri;

/// How many resources one request may name.
const MOST: usize = 16;
/// The longest resource, in bytes.
const LONGEST: usize = 2048;

/// The resources of a request, each once, in order. `None` if one of them is not an absolute URI
/// without a fragment (RFC 8707 §2), or if there are too many.
pub(crate) fn parse<'a>(values: impl Iterator<Item = &'a str>) -> Option<Vec<String>> {
    let (mut resources, mut identities) = (Vec::new(), Vec::new());
    for value in values {
        let identity = identity(value)?;
        if identities.contains(&identity) {
            continue;
        }
        // Not checked at the end: a request may have room for thousands, and each one is compared
        // with all before it.
        if identities.len() == MOST {
            return None;
        }
        resources.push(value.to_owned());
        identities.push(identity);
    }
    Some(resources)
}

/// The resources of a token: those that the request names, which must be among the granted ones,
/// or all granted ones if it names none. A grant without resources is for any. `None` for a
/// resource that was not granted. The spelling is the granted one: resource servers compare it.
pub(crate) fn narrow(granted: &[String], asked: Vec<String>) -> Option<Vec<String>> {
    if granted.is_empty() {
        return Some(asked);
    }
    if asked.is_empty() {
        return Some(granted.to_vec());
    }
    asked.iter().map(|asked| find(granted, asked).map(str::to_owned)).collect()
}

/// A resource in a list, as it is spelled there.
pub(crate) fn find<'a>(list: &'a [String], resource: &str) -> Option<&'a str> {
    // Most clients spell it in the same way.
    let same = list.iter().find(|listed| *listed == resource);
    let alike = || {
        let identity = identity(resource)?;
        list.iter().find(|listed| is_same(listed, &identity))
    };
    same.or_else(alike).map(String::as_str)
}

/// Whether the text is an absolute URI without a fragment (RFC 8707 §2), and not too long.
pub(crate) fn is_resource(text: &str) -> bool {
    identity(text).is_some()
}

/// Those of a protected resource's own identifiers that a token is for, in its own spelling.
pub(crate) fn among(own: &[String], of_token: &[String]) -> Vec<String> {
    let is_named = |identifier: &&String| find(of_token, identifier).is_some();
    own.iter().filter(is_named).cloned().collect()
}

fn is_same(resource: &str, other: &str) -> bool {
    identity(resource).is_some_and(|identity| identity == other)
}

/// What tells a resource from others: all of the URI, with scheme and authority in lower case, in
/// which the letter case does not matter (RFC 3986 §6.2.2.1).
fn identity(resource: &str) -> Option<String> {
    let uri = Uri::parse(resource).ok().filter(|uri| !uri.has_fragment())?;
    let authority = uri.authority().map_or(0, |authority| authority.as_str().len() + 2);
    if resource.len() > LONGEST {
        return None;
    }
    let (head, rest) = resource.split_at_checked(uri.scheme().as_str().len() + 1 + authority)?;
    Some(head.to_ascii_lowercase() + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn a_resource_is_an_absolute_uri_without_a_fragment() {
        let good = [
            "https://mcp.example.com",
            "https://mcp.example.com/",
            "https://mcp.example.com/a?b=c",
            "http://localhost:3000/mcp",
            "urn:example:api",
            "https://[::1]:8080/",
        ];
        assert_eq!(parse(good.into_iter()), Some(list(&good)));
        let bad = [
            "",
            "/mcp",
            "mcp.example.com",
            "https://a.example/#b",
            "https://a.example/#",
            "https://a b/",
            "https://ä.example/",
        ];
        for bad in bad {
            assert_eq!(parse([bad].into_iter()), None, "{bad}");
        }
        assert_eq!(
            parse([format!("https://a.example/{}", "x".repeat(2048)).as_str()].into_iter()),
            None
        );
    }

    #[test]
    fn resources_are_kept_once_each_and_not_without_end() {
        let repeated = ["https://A.example/x", "HTTPS://a.EXAMPLE/x", "https://a.example/X"];
        assert_eq!(parse(repeated.into_iter()), Some(list(&[repeated[0], repeated[2]])));
        let many: Vec<String> = (0..17).map(|n| format!("https://{n}.example")).collect();
        assert_eq!(parse(many.iter().map(String::as_str)), None);
    }

    #[test]
    fn nothing_is_read_after_the_first_resource_that_is_too_many() {
        let many: Vec<String> = (0..1000).map(|n| format!("https://{n}.example")).collect();
        let mut read = 0;
        assert_eq!(parse(many.iter().map(String::as_str).inspect(|_| read += 1)), None);
        assert_eq!(read, MOST + 1);
    }

    #[test]
    fn a_token_is_for_a_part_of_what_was_granted_in_the_granted_spelling() {
        let granted = list(&["https://a.example/mcp", "https://b.example"]);
        assert_eq!(narrow(&granted, Vec::new()), Some(granted.clone()));
        assert_eq!(
            narrow(&granted, list(&["HTTPS://A.example/mcp"])),
            Some(list(&["https://a.example/mcp"]))
        );
        for other in [
            "https://a.example/MCP",
            "https://a.example/mcp/",
            "https://a.example:443/mcp",
            "https://b.example/",
        ] {
            assert_eq!(narrow(&granted, list(&["https://b.example", other])), None, "{other}");
        }
        assert_eq!(narrow(&[], list(&["https://c.example"])), Some(list(&["https://c.example"])));
        assert_eq!(narrow(&[], Vec::new()), Some(Vec::new()));
    }
}
