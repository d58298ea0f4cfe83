//! The methods of client authentication, by their names.

use crate::api::ClientAuthMethod;

/// How a client authenticates at the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthMethod {
    /// A public client.
    None,
    /// RFC 6749 §2.3.1, `Authorization` header.
    ClientSecretBasic,
    /// RFC 6749 §2.3.1, request body.
    ClientSecretPost,
    /// OpenID Connect Core §9: a JWT with a MAC by the client secret (RFC 7523 §2.2).
    ClientSecretJwt,
    /// OpenID Connect Core §9: a JWT that the client signs with its private key (RFC 7523 §2.2).
    PrivateKeyJwt,
    /// RFC 8705 §2.1: a certificate of a trusted authority.
    TlsClientAuth,
    /// RFC 8705 §2.2: a certificate whose key is registered.
    SelfSignedTlsClientAuth,
    /// Attestation-based client authentication (draft-ietf-oauth-attestation-based-client-auth-08).
    AttestJwtClientAuth,
}

impl AuthMethod {
    /// All methods.
    pub(crate) const ALL: [AuthMethod; 8] = [
        AuthMethod::ClientSecretBasic,
        AuthMethod::ClientSecretPost,
        AuthMethod::ClientSecretJwt,
        AuthMethod::PrivateKeyJwt,
        AuthMethod::TlsClientAuth,
        AuthMethod::SelfSignedTlsClientAuth,
        AuthMethod::AttestJwtClientAuth,
        AuthMethod::None,
    ];

    /// The registered name.
    pub(crate) const fn oauth_name(self) -> &'static str {
        match self {
            AuthMethod::None => "none",
            AuthMethod::ClientSecretBasic => "client_secret_basic",
            AuthMethod::ClientSecretPost => "client_secret_post",
            AuthMethod::ClientSecretJwt => "client_secret_jwt",
            AuthMethod::PrivateKeyJwt => "private_key_jwt",
            AuthMethod::TlsClientAuth => "tls_client_auth",
            AuthMethod::SelfSignedTlsClientAuth => "self_signed_tls_client_auth",
            AuthMethod::AttestJwtClientAuth => "attest_jwt_client_auth",
        }
    }

    /// Authlete's constant.
    pub(crate) const fn constant(self) -> ClientAuthMethod {
        match self {
            AuthMethod::None => ClientAuthMethod::None,
            AuthMethod::ClientSecretBasic => ClientAuthMethod::ClientSecretBasic,
            AuthMethod::ClientSecretPost => ClientAuthMethod::ClientSecretPost,
            AuthMethod::ClientSecretJwt => ClientAuthMethod::ClientSecretJwt,
            AuthMethod::PrivateKeyJwt => ClientAuthMethod::PrivateKeyJwt,
            AuthMethod::TlsClientAuth => ClientAuthMethod::TlsClientAuth,
            AuthMethod::SelfSignedTlsClientAuth => ClientAuthMethod::SelfSignedTlsClientAuth,
            AuthMethod::AttestJwtClientAuth => ClientAuthMethod::AttestJwtClientAuth,
        }
    }

    /// Whether it takes a client secret.
    pub(crate) const fn has_secret(self) -> bool {
        matches!(
            self,
            AuthMethod::ClientSecretBasic
                | AuthMethod::ClientSecretPost
                | AuthMethod::ClientSecretJwt
        )
    }

    /// Whether it takes the certificate of a TLS connection.
    pub(crate) const fn has_certificate(self) -> bool {
        matches!(self, AuthMethod::TlsClientAuth | AuthMethod::SelfSignedTlsClientAuth)
    }

    pub(super) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.oauth_name() == name)
    }
}
