//! What befalls a file. *Nothing lost* is `crash`: a writer killed at random moments. The rest is *nothing rewritten unseen*: a
//! small vault is changed in every way somebody with the file could change it. Each change is named at the next open or by the
//! next verification of the log, or it is harmless and gives the same right answer. None gives a wrong answer, none panics.
//!
//! **The arithmetic.** The file holds about 800,000 bits, and unlocking costs 0.1 s at the KDF's floor; there is no cheaper way
//! in for tests either, so one unlock for each bit would take a day. But a vault is a function of what the store reads out of
//! the file: its rows, its log, its checkpoints. So every bit is flipped, and what it does is followed floor by floor:
//!
//! 1. `file`: *every bit of the file, every length it can be cut to.* Each is read through the real store. The store names
//!    damage, or reads exactly what it read before (harmless), or reads one blob with that one bit changed (decided by 2), or
//!    reads something else (decided by 3, each time).
//! 2. `rows`: *every bit of every column of every row, every exchange of two rows' contents.* In the ten tables that make up the
//!    state each gives another state root. In the log and its checkpoints (of the same vault when it was young: each change verifies
//!    the whole log) every bit of the newest, and two of each other byte, are found by verifying the log under its keys.
//! 3. `named`: *with a full unlock, every value read and the log verified.* That another state root, or anything else, is really
//!    noticed and really named: bits of every column of every table, every row deleted and doubled, rows of an older copy,
//!    exchanges between all tables, changed schemas.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "the helpers of a test are part of it"
)]

mod base;
#[cfg(unix)]
mod crash;
mod file;
mod named;
mod rows;
