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
    /// OpenID Connect Core §9: a JWT that the client signs with its private key (RFC 7523 §2.2).
    PrivateKeyJwt,
}

impl AuthMethod {
    /// All methods.
    pub(crate) const ALL: [AuthMethod; 4] = [
        AuthMethod::ClientSecretBasic,
        AuthMethod::ClientSecretPost,
        AuthMethod::PrivateKeyJwt,
        AuthMethod::None,
    ];

    /// The registered name.
    pub(crate) const fn oauth_name(self) -> &'static str {
        match self {
            AuthMethod::None => "none",
            AuthMethod::ClientSecretBasic => "client_secret_basic",
            AuthMethod::ClientSecretPost => "client_secret_post",
            AuthMethod::PrivateKeyJwt => "private_key_jwt",
        }
    }

    /// Authlete's constant.
    pub(crate) const fn constant(self) -> ClientAuthMethod {
        match self {
            AuthMethod::None => ClientAuthMethod::None,
            AuthMethod::ClientSecretBasic => ClientAuthMethod::ClientSecretBasic,
            AuthMethod::ClientSecretPost => ClientAuthMethod::ClientSecretPost,
            AuthMethod::PrivateKeyJwt => ClientAuthMethod::PrivateKeyJwt,
        }
    }

    pub(super) fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.oauth_name() == name)
    }
}
