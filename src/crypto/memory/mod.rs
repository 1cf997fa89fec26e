//! The types secrets live in. No secret is ever held in a `String`, a `Vec` or an array of its own.
//!
//! None of these types is `Clone`, `Debug` or `Serialize`: a secret moves, it is not copied by accident.

mod arena;
mod buf;
mod key;
pub(super) mod os;
mod stack;

pub use arena::{Protection, protection};
pub use buf::{Full, SecretBuf};
pub use key::SecretKey;
pub use stack::burn_stack;

use super::{CryptoError, random};

/// A buffer of `len` random bytes, drawn where they will live.
///
/// # Errors
/// [`CryptoError::Random`] when the generator fails, or gives 16 bytes or more of zeros.
pub fn random_secret(len: usize) -> Result<SecretBuf, CryptoError> {
    let mut secret = SecretBuf::with_capacity(len);
    random::fill(secret.room_mut())?;
    secret.set_len(len);
    Ok(secret)
}
