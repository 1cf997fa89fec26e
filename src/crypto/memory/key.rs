//! [`SecretKey`]: 32 secret bytes in a slot of locked memory, wiped on drop.

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use super::arena::{self, Slot};
use crate::crypto::{CryptoError, random};

/// A 32-byte key, the only size in this program. The bytes live in one slot that never moves; moving the value moves a
/// pointer. [`super::protection`] says what kind of memory the slots really are.
///
/// It has no `Debug`, `Clone`, `Display` or `Serialize` on purpose.
pub struct SecretKey {
    slot: Slot,
}

impl SecretKey {
    /// A new random key, drawn in place.
    ///
    /// # Errors
    /// [`CryptoError::Random`] when the system's generator fails or gives only zeros.
    pub fn generate() -> Result<Self, CryptoError> {
        let mut key = Self::empty();
        random::fill(key.room_mut())?;
        Ok(key)
    }

    /// A copy of `bytes`. The caller still owns, and must wipe, the original.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let mut key = Self::empty();
        key.room_mut().copy_from_slice(bytes);
        key
    }

    /// A copy of `bytes`, which must be 32. The caller still owns, and must wipe, the original.
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] for any other length.
    pub fn try_from_slice(bytes: &[u8]) -> Result<Self, CryptoError> {
        bytes.try_into().map(Self::from_bytes).map_err(|_| CryptoError::BadKey)
    }

    /// The bytes. What is copied out of here is no longer protected: hand the reference on instead.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.slot[0]
    }

    /// A second copy in a second slot, spelled out because it is a second place the secret lives in.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self::from_bytes(self.expose())
    }

    /// A slot of zeros, to be filled at once through [`SecretKey::room_mut`].
    pub(in crate::crypto) fn empty() -> Self {
        Self { slot: arena::take() }
    }

    /// The bytes to be filled in place, so that no copy is made on the way.
    pub(in crate::crypto) fn room_mut(&mut self) -> &mut [u8; 32] {
        &mut self.slot[0]
    }
}

impl Drop for SecretKey {
    fn drop(&mut self) {
        self.slot.as_flattened_mut().zeroize();
        arena::give_back(std::mem::take(&mut self.slot));
    }
}

/// Compares in constant time.
impl PartialEq for SecretKey {
    fn eq(&self, other: &Self) -> bool {
        self.expose().ct_eq(other.expose()).into()
    }
}

impl Eq for SecretKey {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_holds_what_it_was_given() {
        let key = SecretKey::from_bytes(&[7; 32]);
        assert_eq!(key.expose(), &[7; 32]);
        assert!(key == key.duplicate());
        assert!(key != SecretKey::from_bytes(&[8; 32]));
        assert!(SecretKey::try_from_slice(&[7; 32]).is_ok_and(|copy| copy == key));
        for len in [0, 16, 31, 33, 64] {
            assert_eq!(SecretKey::try_from_slice(&vec![7; len]).err(), Some(CryptoError::BadKey));
        }
    }

    #[test]
    fn generated_keys_differ() {
        assert!(SecretKey::generate().unwrap() != SecretKey::generate().unwrap());
    }

    #[test]
    fn keys_live_in_slots_of_their_own_and_survive_their_neighbours() {
        let keys: Vec<_> = (0..=255u8).map(|n| SecretKey::from_bytes(&[n; 32])).collect();
        let (even, odd): (Vec<_>, Vec<_>) = keys.into_iter().partition(|key| key.expose()[0] % 2 == 0);
        drop(even);
        for key in &odd {
            assert!(key.expose().iter().all(|byte| *byte == key.expose()[0]));
        }
    }

    #[test]
    fn keys_can_be_made_and_dropped_on_many_threads() {
        std::thread::scope(|scope| {
            for n in 0..8u8 {
                scope.spawn(move || {
                    for _ in 0..500 {
                        let key = SecretKey::from_bytes(&[n; 32]);
                        std::thread::yield_now();
                        assert_eq!(key.expose(), &[n; 32]);
                    }
                });
            }
        });
    }
}
