//! Extra properties: what the host attaches to a token, partly for the token response.

use crate::api;
use crate::engine::records::Property;
use crate::engine::result_code::{self, ResultCode};

/// Members of the token response itself; properties with these names are ignored (Authlete:
/// reserved keys).
const RESERVED: [&str; 9] = [
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "scope",
    "error",
    "error_description",
    "error_uri",
    "id_token",
];
/// Authlete's limit of all properties together, in bytes.
const MAXIMUM_BYTES: usize = 65_535;

/// The stored properties and the new ones: of two with the same key the later one counts.
pub(crate) fn merge(
    stored: &[Property],
    new: Option<&[api::Property]>,
) -> Result<Vec<Property>, &'static ResultCode> {
    let mut merged = stored.to_vec();
    for property in new.unwrap_or_default() {
        let key = property.key.as_deref().unwrap_or_default();
        if key.is_empty() || RESERVED.contains(&key) {
            continue;
        }
        merged.retain(|other| other.key != key);
        merged.push(Property {
            key: key.to_owned(),
            value: property.value.clone().unwrap_or_default(),
            hidden: property.hidden.unwrap_or(false),
        });
    }
    let size: usize = merged.iter().map(|property| property.key.len() + property.value.len()).sum();
    if size > MAXIMUM_BYTES { Err(result_code::PROPERTIES_TOO_LARGE) } else { Ok(merged) }
}

/// The properties as the API answers them; `None` if there are none.
pub(crate) fn to_wire(properties: &[Property]) -> Option<Vec<api::Property>> {
    let wire = |property: &Property| api::Property {
        key: Some(property.key.clone()),
        value: Some(property.value.clone()),
        hidden: Some(property.hidden),
        ..Default::default()
    };
    (!properties.is_empty()).then(|| properties.iter().map(wire).collect())
}
