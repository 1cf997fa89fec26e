//! (see lib.rs)

pub mod platform;
