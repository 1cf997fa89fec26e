//! The command line as scripts see it: the real binary, real files, exit codes, and no secret where none belongs.
//!
//! Every vault here uses the KDF's floor (`--unlock-ms 1`), so that an unlock costs about 0.1 s. The keyring is out of
//! reach on purpose: nothing of a test may be remembered by a desktop. What needs an anchor (exit code 5) is tested beside
//! the code, in `cli::failure` and in the vault's own tests.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "the helpers of a test are part of it"
)]
#![cfg(unix)]

#[path = "../common/bad.rs"]
#[allow(dead_code, reason = "what the window alone tells apart")]
mod bad;
mod bad_files;
mod create;
mod desk;
mod edits;
mod enrol;
mod findings;
mod hostile;
mod input;
mod life;
mod main_job;
mod output;
mod refusals;
mod settings;
mod terminal;
mod weak_password;
