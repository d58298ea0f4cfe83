//! All that a token request says about its sender, in headers and parameters.

use super::Form;
use crate::api::TokenRequest;

/// What a token request shows of its sender. Nothing of it is verified.
pub(crate) struct Evidence<'a> {
    /// The identifier and the secret of the `Authorization` header.
    pub(crate) header_id: Option<&'a str>,
    pub(crate) header_secret: Option<&'a str>,
    /// The identifier and the secret among the parameters.
    pub(crate) form_id: Option<&'a str>,
    pub(crate) form_secret: Option<&'a str>,
    /// The parameters `client_assertion` and `client_assertion_type` (RFC 7521 §4.2).
    pub(crate) assertion: Option<&'a str>,
    pub(crate) assertion_type: Option<&'a str>,
    /// Whether there is a client certificate, or a chain of one.
    pub(crate) certificate: bool,
    /// Whether there is a client attestation, or the proof of one.
    pub(crate) attestation: bool,
    /// Whether there is a DPoP proof.
    pub(crate) dpop: bool,
}

impl<'a> Evidence<'a> {
    pub(crate) fn of(request: &'a TokenRequest, form: &'a Form) -> Self {
        Evidence {
            header_id: request.client_id.as_deref(),
            header_secret: request.client_secret.as_deref(),
            form_id: form.get("client_id"),
            form_secret: form.get("client_secret"),
            assertion: form.get("client_assertion"),
            assertion_type: form.get("client_assertion_type"),
            certificate: request.client_certificate.is_some()
                || request.client_certificate_path.is_some(),
            attestation: request.oauth_client_attestation.is_some()
                || request.oauth_client_attestation_pop.is_some(),
            dpop: request.dpop.is_some(),
        }
    }
}
