//! All that a request says about its sender, in headers and parameters.

use super::Form;
use crate::api::TokenRequest;
use crate::basic::Credentials;
use crate::http::HttpRequest;

/// What a request shows of its sender. Nothing of it is verified.
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
    /// The evidence of a request of `/auth/token`.
    pub(crate) fn of(request: &'a TokenRequest, form: &'a Form) -> Self {
        Evidence {
            header_id: request.client_id.as_deref(),
            header_secret: request.client_secret.as_deref(),
            certificate: request.client_certificate.is_some()
                || request.client_certificate_path.is_some(),
            attestation: request.oauth_client_attestation.is_some()
                || request.oauth_client_attestation_pop.is_some(),
            dpop: request.dpop.is_some(),
            ..Evidence::of_form(form)
        }
    }

    /// The evidence of a client's own HTTP request, with the credentials of its `Authorization`
    /// header.
    pub(crate) fn of_request(
        request: &HttpRequest,
        credentials: Option<&'a Credentials>,
        form: &'a Form,
    ) -> Self {
        let has = |name| request.header(name).is_some();
        Evidence {
            header_id: credentials.map(|(id, _)| id.as_str()),
            header_secret: credentials.and_then(|(_, secret)| secret.as_deref()),
            attestation: has("oauth-client-attestation") || has("oauth-client-attestation-pop"),
            dpop: has("dpop"),
            ..Evidence::of_form(form)
        }
    }

    fn of_form(form: &'a Form) -> Self {
        Evidence {
            header_id: None,
            header_secret: None,
            form_id: form.get("client_id"),
            form_secret: form.get("client_secret"),
            assertion: form.get("client_assertion"),
            assertion_type: form.get("client_assertion_type"),
            certificate: false,
            attestation: false,
            dpop: false,
        }
    }
}
