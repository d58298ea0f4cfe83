//! What must hold on a 32-bit machine without a clock or files, whatever the host.

mod api;
mod endpoint;
#[cfg(feature = "engine")]
mod engine;
#[cfg(feature = "engine")]
mod signatures;
mod tasks;
