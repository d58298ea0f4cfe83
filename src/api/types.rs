//! The types that the four operations share: enumerations, properties, rich authorization details.

use super::schema::{model, open_enum};
use crate::prelude::*;

open_enum! {
    /// A grant type (RFC 6749 §4 and its extensions), by the name of Authlete's constant.
    GrantType {
        /// The authorization code flow (RFC 6749 §4.1).
        AuthorizationCode = "AUTHORIZATION_CODE",
        /// The implicit flow (RFC 6749 §4.2).
        Implicit = "IMPLICIT",
        /// Resource owner password credentials (RFC 6749 §4.3).
        Password = "PASSWORD",
        /// Client credentials (RFC 6749 §4.4).
        ClientCredentials = "CLIENT_CREDENTIALS",
        /// A refresh token (RFC 6749 §6).
        RefreshToken = "REFRESH_TOKEN",
        /// Client-initiated backchannel authentication (OpenID CIBA Core).
        Ciba = "CIBA",
        /// The device flow (RFC 8628).
        DeviceCode = "DEVICE_CODE",
        /// Token exchange (RFC 8693).
        TokenExchange = "TOKEN_EXCHANGE",
        /// A JWT as authorization grant (RFC 7523 §2.1).
        JwtBearer = "JWT_BEARER",
        /// A pre-authorized code (OpenID for Verifiable Credential Issuance).
        PreAuthorizedCode = "PRE_AUTHORIZED_CODE",
    }
}

open_enum! {
    /// A token type of a token exchange (RFC 8693 §3), by the name of Authlete's constant. Older
    /// versions may send the URN.
    TokenType {
        /// `urn:ietf:params:oauth:token-type:jwt`
        Jwt = "JWT",
        /// `urn:ietf:params:oauth:token-type:access_token`
        AccessToken = "ACCESS_TOKEN",
        /// `urn:ietf:params:oauth:token-type:refresh_token`
        RefreshToken = "REFRESH_TOKEN",
        /// `urn:ietf:params:oauth:token-type:id_token`
        IdToken = "ID_TOKEN",
        /// `urn:ietf:params:oauth:token-type:saml1`
        Saml1 = "SAML1",
        /// `urn:ietf:params:oauth:token-type:saml2`
        Saml2 = "SAML2",
        /// `urn:openid:params:token-type:device-secret`
        DeviceSecret = "DEVICE_SECRET",
    }
}

impl TokenType {
    /// The same token type by Authlete's constant, if it came as a known URN; else unchanged.
    pub fn canonical(self) -> Self {
        match self.as_str() {
            "urn:ietf:params:oauth:token-type:jwt" => Self::Jwt,
            "urn:ietf:params:oauth:token-type:access_token" => Self::AccessToken,
            "urn:ietf:params:oauth:token-type:refresh_token" => Self::RefreshToken,
            "urn:ietf:params:oauth:token-type:id_token" => Self::IdToken,
            "urn:ietf:params:oauth:token-type:saml1" => Self::Saml1,
            "urn:ietf:params:oauth:token-type:saml2" => Self::Saml2,
            "urn:openid:params:token-type:device-secret" => Self::DeviceSecret,
            _ => self,
        }
    }
}

open_enum! {
    /// A client authentication method at the token endpoint, by the name of Authlete's constant.
    ClientAuthMethod {
        /// No client authentication: a public client.
        None = "NONE",
        /// The client secret in the `Authorization` header (RFC 6749 §2.3.1).
        ClientSecretBasic = "CLIENT_SECRET_BASIC",
        /// The client secret in the request body (RFC 6749 §2.3.1).
        ClientSecretPost = "CLIENT_SECRET_POST",
        /// A JWT with a MAC made with the client secret (OpenID Connect Core §9).
        ClientSecretJwt = "CLIENT_SECRET_JWT",
        /// A JWT signed with the client's private key (OpenID Connect Core §9).
        PrivateKeyJwt = "PRIVATE_KEY_JWT",
        /// Mutual TLS with a certificate of a trusted authority (RFC 8705 §2.1).
        TlsClientAuth = "TLS_CLIENT_AUTH",
        /// Mutual TLS with a registered self-signed certificate (RFC 8705 §2.2).
        SelfSignedTlsClientAuth = "SELF_SIGNED_TLS_CLIENT_AUTH",
        /// Attestation-based client authentication.
        AttestJwtClientAuth = "ATTEST_JWT_CLIENT_AUTH",
        /// A SPIFFE JWT-SVID.
        SpiffeJwt = "SPIFFE_JWT",
    }
}

model! {
    /// An extra property of an access token: Authlete keeps it with the token, and puts it into the
    /// token response.
    response Property {
        /// The name of the property. Names that token responses use themselves (`access_token`,
        /// `error` and so on; RFC 6749 §5) are ignored.
        "key" key: Option<String>,
        /// The value of the property.
        "value" value: Option<String>,
        /// `true` keeps the property out of the token response that the OAuth client gets; it is
        /// still stored with the token.
        "hidden" hidden: Option<bool>,
    }
}

model! {
    /// An attribute of a service, a client or a scope, as set at Authlete.
    response Pair {
        /// The name of the attribute.
        "key" key: Option<String>,
        /// The value of the attribute.
        "value" value: Option<String>,
    }
}

model! {
    /// Rich authorization details (RFC 9396), in Authlete's own form: an object around the array of
    /// entries.
    response AuthzDetails {
        /// The entries of `authorization_details`, in order.
        "elements" elements: Option<Vec<AuthzDetailsElement>>,
    }
}

model! {
    /// One entry of `authorization_details` (RFC 9396 §2).
    response AuthzDetailsElement {
        /// The kind of authorization data.
        "type" r#type: Option<String>,
        /// Where the resource servers are; usually URIs.
        "locations" locations: Option<Vec<String>>,
        /// What may be done at the resource.
        "actions" actions: Option<Vec<String>>,
        /// The kinds of data wanted from the resource; `datatypes` in the OAuth form of the entry.
        "dataTypes" data_types: Option<Vec<String>>,
        /// A specific resource at the API.
        "identifier" identifier: Option<String>,
        /// The kinds or levels of privilege wanted.
        "privileges" privileges: Option<Vec<String>>,
        /// The text of a JSON object with all members beyond the predefined ones.
        "otherFields" other_fields: Option<String>,
    }
}

model! {
    /// How one call treats client ID metadata documents (OAuth Client ID Metadata Document).
    request CimdOptions {
        /// Fetch the client's metadata document every time, even if a fresh copy is cached.
        "alwaysRetrieved" always_retrieved: Option<bool>,
        /// Accept `http:` client IDs; for development only.
        "httpPermitted" http_permitted: Option<bool>,
        /// Accept client IDs with a query component.
        "queryPermitted" query_permitted: Option<bool>,
    }
}
