//! What a panic is in the operations artefact: a trap, at once. Nobody could read its message.

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
