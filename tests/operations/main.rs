//! Everything an operator can do, on a real file: refused without permission and recorded as refused, done and recorded
//! once, not done where it cannot be recorded; and each operation's own rules.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where the ground it stands on is missing")]

#[path = "../common/bench.rs"]
mod bench;
#[path = "../common/faulty.rs"]
mod faulty;

mod destruction;
mod elsewhere;
mod export;
mod keys;
mod life;
mod people;
mod promises;
mod rotation;
mod secrecy;
mod sessions;
mod state_machine;
