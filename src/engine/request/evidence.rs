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
    /// The certificate of the TLS connection in PEM, and its chain without it (RFC 8705).
    pub(crate) certificate: Option<&'a str>,
    pub(crate) certificate_path: &'a [String],
    /// The headers of attestation-based client authentication.
    pub(crate) attestation: Option<&'a str>,
    pub(crate) attestation_pop: Option<&'a str>,
    /// The DPoP proof, and what it must be for (RFC 9449 §4.2); `None` where there is no such
    /// proof, or no use for one.
    pub(crate) dpop: Option<&'a str>,
    pub(crate) htm: Option<&'a str>,
    pub(crate) htu: Option<&'a str>,
    /// Whether the caller of the API asks for a nonce in the proof (RFC 9449 §8).
    pub(crate) dpop_nonce_required: bool,
}

impl<'a> Evidence<'a> {
    /// The evidence of a request of `/auth/token`.
    pub(crate) fn of(request: &'a TokenRequest, form: &'a Form) -> Self {
        Evidence {
            header_id: request.client_id.as_deref(),
            header_secret: request.client_secret.as_deref(),
            certificate: request.client_certificate.as_deref(),
            certificate_path: request.client_certificate_path.as_deref().unwrap_or_default(),
            attestation: request.oauth_client_attestation.as_deref(),
            attestation_pop: request.oauth_client_attestation_pop.as_deref(),
            dpop: request.dpop.as_deref(),
            htm: request.htm.as_deref(),
            htu: request.htu.as_deref(),
            dpop_nonce_required: request.dpop_nonce_required.unwrap_or_default(),
            ..Evidence::of_form(form)
        }
    }

    /// The evidence of a client's own HTTP request, with the credentials of its `Authorization`
    /// header.
    pub(crate) fn of_request(
        request: &'a HttpRequest,
        credentials: Option<&'a Credentials>,
        form: &'a Form,
    ) -> Self {
        Evidence {
            header_id: credentials.map(|(id, _)| id.as_str()),
            header_secret: credentials.and_then(|(_, secret)| secret.as_deref()),
            attestation: request.header("oauth-client-attestation"),
            attestation_pop: request.header("oauth-client-attestation-pop"),
            ..Evidence::of_form(form)
        }
    }

    /// Whether the header or the form names another client than this.
    pub(crate) fn names_another(&self, client_id: &str) -> bool {
        [self.header_id, self.form_id].into_iter().flatten().any(|id| id != client_id)
    }

    fn of_form(form: &'a Form) -> Self {
        Evidence {
            header_id: None,
            header_secret: None,
            form_id: form.get("client_id"),
            form_secret: form.get("client_secret"),
            assertion: form.get("client_assertion"),
            assertion_type: form.get("client_assertion_type"),
            certificate: None,
            certificate_path: &[],
            attestation: None,
            attestation_pop: None,
            dpop: None,
            htm: None,
            htu: None,
            dpop_nonce_required: false,
        }
    }
}
