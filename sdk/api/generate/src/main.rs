//! The program: writes what is generated, or with `--check` names what is stale, or with `--signatures` prints the Rust
//! methods the dispatch calls.

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Result, bail};

fn main() -> Result<ExitCode> {
    let root = rtc_api_generate::root();
    let description = rtc_api_generate::load::load(&root.join(rtc_api_generate::DESCRIPTION))?;
    let mut out = io::stdout().lock();
    match env::args().skip(1).collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            let changed = rtc_api_generate::write(&root, &description)?;
            writeln!(out, "{} files changed", changed.len())?;
            for path in changed {
                writeln!(out, "  {path}")?;
            }
        }
        ["--check"] => {
            let stale = rtc_api_generate::stale(&root, &description)?;
            if !stale.is_empty() {
                writeln!(out, "Stale, to be written by `cargo run -p rtc-api-generate`:\n  {}", stale.join("\n  "))?;
                return Ok(ExitCode::FAILURE);
            }
        }
        ["--signatures"] => out.write_all(rtc_api_generate::signatures(&description).as_bytes())?,
        _ => bail!("use: rtc-api-generate [--check | --signatures]"),
    }
    Ok(ExitCode::SUCCESS)
}
