//! The embedded engine, seen from its API.
mod authorization_code;
mod client_authentication;
mod code_issuing;
mod configuration;
mod empty_values;
mod facade;
mod faults;
mod harness;
mod id_tokens;
mod other_grants;
mod platform;
mod platform_failures;
mod refresh_token;
mod refusals;
mod replayed_codes;
mod status;
mod token_request;
