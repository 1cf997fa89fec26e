//! The window: what people see of the vault.
//!
//! [`theme`] and [`widgets`] know nothing of vaults; screens draw a [`frame::Frame`] and return intents, which one place
//! runs. Nothing here holds a key, reads a vault's file or decides who may do what.

pub mod dialogs;
#[doc(hidden)]
pub mod fixture;
pub mod frame;
pub mod offscreen;
pub mod screens;
pub mod theme;
pub mod widgets;
