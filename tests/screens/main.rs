//! Every screen of the window, one scene each: held still as a picture, and walked as assistive technology and the
//! keyboard meet it. A new screen is a new line in `scenes`; everything that is asked of a screen is then asked of it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where the ground it stands on is missing")]

#[path = "../common/mod.rs"]
mod common;

mod access;
mod keyboard;
mod pictures;
mod scenes;
mod stand;
