//! The window: what people see of the vault.
//!
//! [`theme`] and [`widgets`] know nothing of vaults; screens draw a [`frame::Frame`] and return intents, which one place
//! ([`run`]) runs. [`shell::Shell`] is the whole window as one value; [`native`] shows it on a desktop, the off-screen
//! driver and the tests show the same one without. Nothing here holds a key, reads a vault's file or decides who may do
//! what.

pub mod dialogs;
#[doc(hidden)]
pub mod fixture;
pub mod frame;
pub mod native;
pub mod offscreen;
mod run;
pub mod screens;
pub mod shell;
pub mod theme;
pub mod tour;
pub mod widgets;
mod words;
