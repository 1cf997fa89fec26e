//! The audit log: what it is made of, how it is verified, and how it is read.
//!
//! Reading works on a [`index::LogIndex`]: the opened events in columns. The [`query`] language picks rows from it,
//! [`chart`] and [`facets`] count them, [`sessions`] tells who was here and how it ended. None of it reads a file, a
//! clock or a key.

pub mod chart;
pub mod facets;
pub mod index;
pub mod query;
pub mod sessions;
