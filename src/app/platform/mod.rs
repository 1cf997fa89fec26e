//! The workstation under the window: clipboard, sleep and screen lock, file dialogs, who and where we are.
//!
//! Each is a trait or a value that tests own. Nothing here opens a vault, reads a secret from one or decides a policy:
//! it reports what the system says and does what it is told, and says so honestly where the system cannot.

pub mod clipboard;
pub mod dialogs;
pub mod files;
pub mod host;
pub mod os_events;
pub mod paths;
pub mod places;
