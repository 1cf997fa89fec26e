//! The audit log: what is signed, how it hangs together, and how it is checked and read.
//!
//! The log is the authority and the tables are a view of it: every commit appends one [`leaf`], signed by its operator,
//! that names every row it changed and the root of the whole [`state`] after it. Leaves form the RFC 6962 [`tree`];
//! a [`checkpoint`] is a C2SP signed note over it; the [`roster`] says whose signatures count. [`verify`] checks all of it
//! with the public parts alone. An [`export`] carries those parts to somebody who has neither the vault nor a password.
//!
//! Reading works on a [`index::LogIndex`]: the opened events in columns. The [`query`] language picks rows from it,
//! [`chart`] and [`facets`] count them, [`sessions`] tells who was here and how it ended. None of that reads a file, a
//! clock or a key.

pub mod chart;
pub mod checkpoint;
pub mod export;
pub mod facets;
pub mod index;
pub mod leaf;
pub mod query;
pub mod roster;
pub mod rules;
pub mod sessions;
pub mod state;
pub mod tree;
pub mod verify;
