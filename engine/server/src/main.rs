//! The program `rtc-engine`; all of it is in the library, so that tests can start an engine as well.

use std::process::ExitCode;

fn main() -> ExitCode {
    rtc_server::command::run()
}
