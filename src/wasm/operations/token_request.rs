//! The text of an `/auth/token` request. Nearly all of it comes from the token request, so it is
//! written in Rust: each member of an object would be a crossing of its own.

use super::check::Violation;
use super::{prepare, written};
use crate::api::auth_token;
use crate::endpoint::TokenCall;
use crate::prelude::*;
use crate::text::push_quoted;
use crate::wasm::host::{Key, Obj, boundary, key};
use wasm_bindgen::prelude::*;

/// The members that the host must not add, since they come from the token request: the last two
/// only if the option `clientCertificate` names their source. With two sources, nobody could say
/// whose certificate it is.
const OWN: [(Key, &str); 5] = [
    (key::PARAMETERS, "parameters"),
    (key::CLIENT_ID, "clientId"),
    (key::CLIENT_SECRET, "clientSecret"),
    (key::CLIENT_CERTIFICATE, "clientCertificate"),
    (key::CLIENT_CERTIFICATE_PATH, "clientCertificatePath"),
];

/// The request in JSON. What the token request brought overrides what the host adds.
pub(super) fn text(
    call: &TokenCall,
    added: &JsValue,
    has_certificate_source: bool,
) -> Result<String, Violation> {
    let members = [
        (key::CLIENT_ID, call.client_id.as_deref()),
        (key::CLIENT_SECRET, call.client_secret.as_deref()),
        (key::CLIENT_CERTIFICATE, call.client_certificate.as_deref()),
        (key::DPOP, call.dpop.as_deref()),
        (key::HTM, call.htm),
        (key::HTU, call.htu.as_deref()),
        (key::OAUTH_CLIENT_ATTESTATION, call.oauth_client_attestation.as_deref()),
        (key::OAUTH_CLIENT_ATTESTATION_POP, call.oauth_client_attestation_pop.as_deref()),
    ];
    let brought = || members.iter().filter_map(|(key, value)| Some((*key, (*value)?)));
    let added = match added.is_undefined() {
        true => String::new(),
        false => additions(added, brought().map(|(key, _)| key), has_certificate_source)?,
    };
    let mut text = String::with_capacity(call.parameters.len() + added.len() + 256);
    text.push_str("{\"parameters\":");
    push_quoted(&mut text, &call.parameters);
    for (key, value) in brought() {
        text.push_str(",\"");
        text.push_str(key.name());
        text.push_str("\":");
        push_quoted(&mut text, value);
    }
    if !call.client_certificate_path.is_empty() {
        text.push_str(",\"clientCertificatePath\":");
        for (index, value) in call.client_certificate_path.iter().enumerate() {
            text.push(if index == 0 { '[' } else { ',' });
            push_quoted(&mut text, value);
        }
        text.push(']');
    }
    // Without the brace, and with a comma if there is anything.
    match added.strip_prefix('{') {
        Some(rest) if rest != "}" => {
            text.push(',');
            text.push_str(rest);
        }
        _ => text.push('}'),
    }
    Ok(text)
}

/// What the host adds, in JSON, without the members that the token request brought.
fn additions(
    added: &JsValue,
    brought: impl Iterator<Item = Key>,
    has_certificate_source: bool,
) -> Result<String, Violation> {
    let members = boundary::plain(added).ok_or(Violation::here("expected an object"))?;
    for (key, name) in OWN.into_iter().take(if has_certificate_source { 5 } else { 3 }) {
        if members.find(key).is_some() {
            return Err(
                Violation::here("must not be set: it comes from the token request").under(name)
            );
        }
    }
    // Required: checked with the others, and then left out.
    members.set_text(key::PARAMETERS, "");
    let checked = prepare(&auth_token::OPERATION, &members)?;
    let checked: Obj = boundary::parse(&checked).unchecked_into();
    for key in brought.chain([key::PARAMETERS]) {
        checked.delete(key);
    }
    Ok(written(&checked)?.as_string().unwrap_or_default())
}
