//! When a request clears away what has expired.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// After how many writes a request removes expired records. A statement of its own in each request
/// would cost more than the writes of a small one.
const EVERY: u32 = 32;

/// How many expired records one request removes at most: several times as many as the writes since
/// the last one, so that a backlog shrinks.
pub(crate) const AT_ONCE: usize = 256;

/// Counts writes, since what expires was written before.
pub(crate) struct Sweep {
    writes: AtomicU32,
}

impl Sweep {
    /// The first request removes expired records, too: an engine may not live for many.
    pub(crate) fn new() -> Self {
        Sweep { writes: AtomicU32::new(EVERY) }
    }

    /// Whether it is time, after a step of so many writes.
    pub(crate) fn is_due(&self, writes: usize) -> bool {
        let writes = u32::try_from(writes).unwrap_or(EVERY);
        let due = self.writes.fetch_add(writes, Relaxed).saturating_add(writes) >= EVERY;
        if due {
            self.writes.store(0, Relaxed);
        }
        due
    }
}
