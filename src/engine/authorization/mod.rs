//! The authorization endpoint's part: is the request of a client in order, and, when a user has
//! allowed something, the client's code for it (RFC 6749 §4.1.1). The host does the rest: it shows
//! the pages, and knows the users.

mod code;
mod request;
mod rules;

pub(crate) use code::issue as issue_code;
pub(crate) use request::check;
