//! The window, or a command.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use keyroom::app::Services;
use keyroom::cli::{self, Parsed};
use keyroom::crypto::process::{self, Hardening};
use keyroom::ui::native::{WindowOptions, has_display, run_window};
use keyroom::ui::tour;

/// Everything that is freed is wiped first.
#[global_allocator]
static ALLOC: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// Where the off-screen demonstration puts its pictures.
const DEMO_PICTURES: &str = "keyroom-demo";

fn main() -> ExitCode {
    let hardening = process::harden();
    // A fault inside must not print memory in a backtrace; what was recorded is in the log either way.
    std::panic::set_hook(Box::new(|_| {}));
    let outcome = std::panic::catch_unwind(|| run(&hardening));
    outcome.unwrap_or_else(|_| {
        cli::complain("something failed inside Keyroom. What the log holds was done, nothing else was; please report it");
        ExitCode::FAILURE
    })
}

fn run(hardening: &Hardening) -> ExitCode {
    match cli::parse() {
        Parsed::Command(command) => {
            cli::run(command, |dir: &Path| tour::screens(dir).map_err(|e| e.to_string()))
        }
        Parsed::Window { demo: true, .. } if !has_display() => demonstrate(),
        Parsed::Window { vault, demo } => window(hardening, vault, demo),
    }
}

fn window(hardening: &Hardening, vault: Option<PathBuf>, demo: bool) -> ExitCode {
    let services = Services::of_this_workstation(hardening);
    match run_window(WindowOptions { services, vault, demo }) {
        Ok(()) => ExitCode::SUCCESS,
        // A display without a driver: the demonstration still does its job.
        Err(_) if demo => demonstrate(),
        Err(error) => {
            error.to_string().lines().for_each(cli::complain);
            ExitCode::FAILURE
        }
    }
}

/// The main job without a display: the same screens, drawn off-screen, a picture of each step.
fn demonstrate() -> ExitCode {
    match tour::demonstrate(Path::new(DEMO_PICTURES)) {
        Ok(pictures) => {
            cli::tell(&format!(
                "there is no display, so the demonstration ran off-screen: {} pictures in {DEMO_PICTURES}/",
                pictures.len()
            ));
            ExitCode::SUCCESS
        }
        Err(error) => {
            cli::complain(&format!("the demonstration could not be drawn: {error}"));
            ExitCode::FAILURE
        }
    }
}
