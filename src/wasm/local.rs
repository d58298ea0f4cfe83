//! State of an instance. WebAssembly without threads has one thread, so a `static` serves as a
//! thread-local.

/// A value of the one thread.
pub(super) struct Local<T>(T);

// SAFETY: this room is only compiled for wasm32 without the target feature `atomics`, where there
// is no second thread to share with.
#[cfg(not(target_feature = "atomics"))]
unsafe impl<T> Sync for Local<T> {}

impl<T> Local<T> {
    pub(super) const fn new(value: T) -> Local<T> {
        Local(value)
    }
}

impl<T> core::ops::Deref for Local<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
