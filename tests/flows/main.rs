//! The window as a person uses it: the real shell on a real vault file with the real worker, played with mouse and keyboard
//! through the accessibility tree, and judged by what is on the screen and, at the end, by what the file's verified log says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where the ground it stands on is missing")]

mod around;
mod asking;
mod bad_files;
mod bindings;
#[cfg(target_os = "linux")]
mod cancel;
#[cfg(target_os = "linux")]
mod check;
mod chosen;
mod clipboard;
#[path = "../common/mod.rs"]
mod common;
mod export_list;
mod findings;
mod first_run;
#[cfg(target_os = "linux")]
mod full_disk;
mod import;
mod life;
mod main_job;
mod names;
#[cfg(target_os = "linux")]
mod out_of_reach;
mod person;
mod second_program;
mod sessions;
mod shell;
mod states;
mod undo;
mod unlock;
mod weak_password;
