//! The program `rtc-engine`; all of it is in the library, so that tests can start an engine as well.

use std::process::ExitCode;

/// Media threads allocate a few small blocks a packet inside the WebRTC library and free them on the same thread, which
/// this allocator is made for; `docs/performance.md` has the figures.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    rtc_server::command::run()
}
