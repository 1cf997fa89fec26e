//! Keyroom: a desktop key vault for security administrators.
//!
//! The floors of the house, from the ground up. Each may use only those above it in this list (a test holds that):
//!
//! - [`crypto`]: secrets and cryptography. Knows no vault.
//! - [`store`]: where sealed rows live. Sees ciphertext, ids and hashes, nothing else.
//! - [`model`]: key, version, state, policy, operator, event: plain data and rules, no I/O.
//! - [`formats`]: what key material is: recognise, generate, describe, fingerprint.
//! - [`audit`]: leaf, tree, checkpoint, verification; the column index and the query language.
//! - [`guard`]: session policy, lock triggers, rules of unusual activity: pure functions of (events, clock).
//! - [`vault`]: opening, session, the transaction, who may do what, the view of what is inside.
//! - [`operations`]: one file for each thing an operator can do.
//! - [`app`]: one worker thread that owns the open vault, keeps the deadlines and hands out immutable views.
//! - [`ui`] and [`cli`]: the window, and the same operations for scripts.

pub mod app;
pub mod audit;
pub mod cli;
pub mod crypto;
pub mod formats;
pub mod guard;
pub mod model;
pub mod operations;
pub mod store;
pub mod ui;
pub mod vault;
