//! A request as it comes in: the body of an API call, the parameters of a token request, and what
//! it shows of its sender.

mod evidence;
mod form;
pub(crate) mod input;

pub(crate) use evidence::Evidence;
pub(crate) use form::Form;
