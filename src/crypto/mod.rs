//! Secrets and cryptography. This floor knows no vault, no table and no file: it is handed bytes and keys.
//!
//! Nothing here is a cipher of our own: every primitive comes from the RustCrypto and dalek crates; what is ours is the
//! way they are put together, described to the byte in `docs/FORMAT.md`.

pub mod memory;
