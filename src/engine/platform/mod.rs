//! What the engine takes from the platform that it runs on, as traits, and what it tells it.

mod crypto;
mod fetch;
mod host;
mod memory;
mod store;
mod trace;

pub use crypto::Crypto;
pub use fetch::{Document, Fetch, NoFetch};
pub use host::{Host, PlatformFailure};
pub use memory::MemoryStore;
pub(crate) use store::NEVER;
pub use store::{Record, RecordKind, Store, Write};
pub use trace::{Check, Checked, Trace};

use std::fmt;
use std::future::Future;
use std::pin::Pin;

/// A future that a trait object can give.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// The store, the random source, the cryptography or a fetch did not do its work. The
/// implementation knows why; the engine only tells [`Host::failed`] that it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable;

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the platform of the engine failed")
    }
}

impl std::error::Error for Unavailable {}
