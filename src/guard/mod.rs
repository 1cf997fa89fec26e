//! tmp
pub mod attempts;
pub mod lock;
pub mod session;
