//! The members of the objects that cross between Rust and JavaScript. This is the only place with
//! their names: a name crosses as its index in the list, which costs nothing, and the build writes
//! the lists of members into TypeScript, whose compiler then finds a member that is missing.

/// The name of a member that this crate reads or writes, by its place in [`key::NAMES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(pub u32);

impl Key {
    /// The name itself.
    pub fn name(self) -> &'static str {
        key::NAMES.split(' ').nth(self.0 as usize).unwrap_or_default()
    }
}

/// The names of the members.
pub mod key {
    use super::Key;

    macro_rules! keys {
        ($first:ident $first_text:literal $($name:ident $text:literal)*) => {
            /// All names, separated by spaces.
            pub const NAMES: &str = concat!($first_text, $(" ", $text),*);

            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            enum Place { $first, $($name),* }

            pub const $first: Key = Key(Place::$first as u32);
            $(pub const $name: Key = Key(Place::$name as u32);)*
        };
    }

    keys! {
        ACCESS_TOKEN "accessToken"
        ACTION "action"
        ATTEMPT "attempt"
        ATTEMPTS "attempts"
        ATTESTATION_CHALLENGE "attestationChallenge"
        AUTHENTICATE_USER "authenticateUser"
        AUTHORIZATION "authorization"
        BEARER "bearer"
        CAUSE "cause"
        CLIENT_CERTIFICATE "clientCertificate"
        CLIENT_CERTIFICATE_PATH "clientCertificatePath"
        CLIENT_ID "clientId"
        CLIENT_SECRET "clientSecret"
        CODE "code"
        CORS "cors"
        DETAIL "detail"
        DPOP "dpop"
        DPOP_NONCE "dpopNonce"
        DURATION_MS "durationMs"
        ENGINE "engine"
        ERROR "error"
        FAILURE "failure"
        FETCH "fetch"
        FLAGS "flags"
        HEADERS "headers"
        HOOK "hook"
        HOOK_TIMEOUT_MS "hookTimeoutMs"
        HTM "htm"
        HTU "htu"
        JWT_ACCESS_TOKEN "jwtAccessToken"
        JWT_BEARER "jwtBearer"
        MAX_DELAY_MS "maxDelayMs"
        MAX_REQUEST_BYTES "maxRequestBytes"
        NATIVE_SSO "nativeSso"
        OAUTH_CLIENT_ATTESTATION "oauthClientAttestation"
        OAUTH_CLIENT_ATTESTATION_POP "oauthClientAttestationPop"
        ON_EVENT "onEvent"
        OPERATION "operation"
        PARAMETERS "parameters"
        PASSWORD "password"
        PATH "path"
        PREFIX "prefix"
        REALM "realm"
        REASON "reason"
        REFRESH_TOKEN "refreshToken"
        REISSUE_ID_TOKEN "reissueIdToken"
        RESPONSE_CONTENT "responseContent"
        RESULT_CODE "resultCode"
        RESULT_MESSAGE "resultMessage"
        RETRY_AFTER "retryAfter"
        SIGNAL "signal"
        STATUS "status"
        SUBJECT "subject"
        TEXT "text"
        TICKET "ticket"
        TIMEOUT_MS "timeoutMs"
        TOKEN_ENDPOINT "tokenEndpoint"
        TOKEN_EXCHANGE "tokenExchange"
        TOKEN_REQUEST "tokenRequest"
        TYPE "type"
        USERNAME "username"
    }
}

/// The members that Rust reads from an object made by JavaScript.
#[derive(Debug)]
pub struct SharedObject {
    /// The TypeScript name for the union of their names.
    pub name: &'static str,
    /// What the object is.
    pub doc: &'static str,
    /// The members.
    pub members: &'static [Key],
}

macro_rules! objects {
    ($(#[doc = $doc:literal] $module:ident $name:literal { $($key:ident)+ })+) => {
        $(
            #[doc = $doc]
            #[cfg(feature = "operations")]
            pub mod $module {
                $(pub use super::key::$key;)+
            }
        )+

        /// All of these objects.
        #[cfg(feature = "operations")]
        pub const OBJECTS: &[SharedObject] = &[$(SharedObject { name: $name, doc: $doc, members: &[$(key::$key),+] }),+];
    };
}

objects! {
    /// What Rust reads from a client's settings.
    client_settings "ClientSettingsMember" {
        ATTEMPTS AUTHORIZATION BEARER ENGINE FETCH MAX_DELAY_MS PREFIX TIMEOUT_MS
    }
    /// What Rust reads from the options of one call.
    call_options "CallOptionsMember" { HEADERS SIGNAL TIMEOUT_MS }
    /// What Rust reads from the token endpoint's options.
    endpoint_options "EndpointOptionsMember" {
        AUTHENTICATE_USER CORS FLAGS HOOK_TIMEOUT_MS JWT_BEARER MAX_REQUEST_BYTES NATIVE_SSO ON_EVENT REALM REISSUE_ID_TOKEN TOKEN_ENDPOINT
        TOKEN_EXCHANGE TOKEN_REQUEST
    }
    /// What Rust reads from an answer of Authlete that has arrived.
    arrived "ArrivedMember" { HEADERS STATUS TEXT }
}
