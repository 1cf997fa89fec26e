//! What guards an open vault: when it must lock, how long a failed unlock must wait, and what in the log looks unusual.
//!
//! Pure functions of events and moments given. Reads no clock, starts no timer, locks nothing by itself: the application
//! asks and acts.

pub mod attempts;
pub mod lock;
pub mod session;
pub mod unusual;

pub use lock::LockReason;
