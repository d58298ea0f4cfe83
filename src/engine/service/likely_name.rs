//! What a misspelt name was likely meant to be.

/// The known name that is nearest: the same in another spelling (`clientSecret`), one that is few typing mistakes away, or one that begins or
/// ends with it (`secret`). Nothing if none is near. The npm package has the same rule for its options (`likelyName` of `js/options.ts`).
pub(crate) fn likely_name<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer than every name: not worth the time that the comparison takes.
    if name.len() > 64 {
        return None;
    }
    let given = plain(name);
    let candidates = known.into_iter().filter_map(|known| {
        let other = plain(known);
        let distance = strsim::levenshtein(&given, &other);
        let part = given.len() > 1 && (other.starts_with(&given) || other.ends_with(&given));
        (part || distance <= other.len().div_ceil(4).min(3)).then_some((distance, known))
    });
    candidates.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

/// The known name that is the same in another spelling. For sets where names that are alike mean different things, such as `RS256` and `RS384`.
pub(crate) fn same_name<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = plain(name);
    known.into_iter().find(|known| plain(known) == given)
}

/// Without what spellings differ in: `clientSecret`, `client-secret` and `client_secret` are one name.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_another_spelling_with_few_mistakes_or_cut_short_is_recognized_and_another_word_is_not() {
        let known = ["client_id", "client_secret", "grant_types", "redirect_uris", "scope", "supportedScopes", "iss"];
        for (name, meant) in [
            ("clientSecret", Some("client_secret")),
            ("CLIENT-ID", Some("client_id")),
            ("secret", Some("client_secret")),
            ("id", Some("client_id")),
            ("redirect_uri", Some("redirect_uris")),
            ("redirectUri", Some("redirect_uris")),
            ("grnat_type", Some("grant_types")),
            ("scopes", Some("scope")),
            ("supported_scope", Some("supportedScopes")),
            ("jss", Some("iss")),
            ("tenant", None),
            ("d", None),
            ("", None),
            ("ü", None),
            ("client_assertion_key", None),
        ] {
            assert_eq!(likely_name(name, known), meant, "{name}");
        }
        assert_eq!(likely_name(&"client_id".repeat(10_000), known), None);
    }

    #[test]
    fn another_spelling_is_the_same_name_and_a_similar_name_is_not() {
        let known = ["RS256", "client_secret_post"];
        for (name, meant) in [
            ("rs256", Some("RS256")),
            ("ClientSecretPost", Some("client_secret_post")),
            ("RS384", None),
            ("client_secret_jwt", None),
        ] {
            assert_eq!(same_name(name, known), meant, "{name}");
        }
    }
}
