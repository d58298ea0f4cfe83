//! Random bytes, drawn from the platform several tokens at a time: one draw costs as much as
//! hashing a token several times.

use super::webcrypto;
use wasm_bindgen::JsValue;

/// The random bytes of 85 tokens with their grants.
const SIZE: usize = 4096;

/// Random bytes that nobody has used yet.
pub(super) struct RandomPool {
    bytes: [u8; SIZE],
    /// Those before this place are used up, and have been overwritten.
    next: usize,
}

impl Default for RandomPool {
    fn default() -> Self {
        RandomPool { bytes: [0; SIZE], next: SIZE }
    }
}

impl RandomPool {
    /// Fills `wanted` with bytes that are never used again.
    ///
    /// # Errors
    /// What the platform threw.
    pub(super) fn fill(&mut self, wanted: &mut [u8]) -> Result<(), JsValue> {
        for piece in wanted.chunks_mut(SIZE) {
            if SIZE - self.next < piece.len() {
                // Used up until the draw has succeeded.
                self.next = SIZE;
                webcrypto::fill_random(&mut self.bytes)?;
                self.next = 0;
            }
            let end = self.next + piece.len();
            if let Some(fresh) = self.bytes.get_mut(self.next..end) {
                piece.copy_from_slice(fresh);
                // What is a secret now must not stay here.
                fresh.fill(0);
            }
            self.next = end;
        }
        Ok(())
    }
}
