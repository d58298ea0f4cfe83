//! What a misspelt name was likely meant to be.

/// The known name that is nearest: the same in another spelling (`clientSecret`), one that is few
/// typing mistakes away, or one that begins or ends with it (`secret`). `None` if none is near. The
/// npm package has the same rule for its options (`likelyName` of `js/options.ts`).
pub(crate) fn likely_name<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // It is longer than every known name: not worth the time of a comparison.
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

/// The known name that is the same in another spelling. For sets where names that are alike mean
/// different things, such as `RS256` and `RS384`.
pub(crate) fn same_name<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let given = plain(name);
    known.into_iter().find(|known| plain(known) == given)
}

/// The name without what spellings differ in: `clientSecret`, `client-secret` and `client_secret`
/// are one name.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rule of the npm package for its options is proved by the same vectors.
    #[test]
    fn a_name_in_another_spelling_with_few_mistakes_or_cut_short_is_recognized_and_another_word_is_not()
     {
        let text = include_str!("../../../tests/fixtures/vectors.likelyName.json");
        let vectors: serde_json::Value = serde_json::from_str(text).unwrap();
        let known: Vec<&str> = vectors["known"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap())
            .collect();
        for vector in vectors["vectors"].as_array().unwrap() {
            let name = vector["name"].as_str().unwrap();
            assert_eq!(
                likely_name(name, known.iter().copied()),
                vector["meant"].as_str(),
                "{name}"
            );
        }
        assert_eq!(likely_name(&"client_id".repeat(10_000), known.iter().copied()), None);
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
