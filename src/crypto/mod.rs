//! Secrets and cryptography. This floor knows no vault, no table and no file: it is handed bytes and keys.
//!
//! Nothing here is a cipher of our own: every primitive comes from the RustCrypto and dalek crates; what is ours is the
//! way they are put together, described to the byte in `docs/FORMAT.md`.
//!
//! | to … | call |
//! |---|---|
//! | seal a blob under a symmetric key | [`envelope::seal`] (the only place that calls an AEAD of its own) |
//! | turn a password into a key | [`kdf::derive`], then [`kdf::slot_key`] |
//! | make one key out of another | [`kdf::derive_labelled`] |
//! | seal to an operator's public key | [`seal::SealPublicKey::seal`] |
//! | sign and verify | [`sign::SigningKey`], [`sign::VerifyingKey`] |
//! | hold a key or a secret | [`memory::SecretKey`], [`memory::SecretBuf`] |

pub mod encoding;
pub mod envelope;
mod error;
mod hash;
pub mod kdf;
pub mod memory;
pub mod process;
mod random;
pub mod seal;
pub mod sign;
#[cfg(test)]
mod vectors;

pub use error::CryptoError;
pub use hash::{Hash, Hasher, hmac_sha256, sha256};
pub use random::random_bytes;
