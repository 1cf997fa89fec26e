//! The window, or a command.

use std::process::ExitCode;

use keyroom::cli::{self, Parsed};
use keyroom::crypto::process;

/// Everything that is freed is wiped first.
#[global_allocator]
static ALLOC: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    let _hardening = process::harden();
    match cli::parse() {
        Parsed::Command(command) => {
            cli::run(command, |_| Err("the screens cannot be rendered yet".to_owned()))
        }
        Parsed::Window { .. } => {
            cli::complain("the window is not built yet; see keyroom --help for what works without it");
            ExitCode::FAILURE
        }
    }
}
