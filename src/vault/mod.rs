//! (see lib.rs)

pub mod anchor;
pub mod clock;
