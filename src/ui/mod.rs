//! The window: what people see of the vault.
//!
//! [`theme`] and [`widgets`] know nothing of vaults; screens draw a view and return commands. Nothing here holds a key,
//! reads a file or decides who may do what.

pub mod offscreen;
pub mod theme;
pub mod widgets;
