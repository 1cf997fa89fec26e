//! From a password to a key, and from one key to another: Argon2id (RFC 9106) and HKDF-SHA256 (RFC 5869).
//!
//! Parameters are checked before anything runs: a file can neither make a password cheap to guess nor make this program
//! swallow the machine. There is no faster path for tests or for anybody.

mod calibrate;

use std::ops::RangeInclusive;

use argon2::{Algorithm, Argon2, Params, Version};
use hkdf::Hkdf;
use sha2::Sha256;

pub use calibrate::{Calibration, CalibrationStep, calibrate};

use super::CryptoError;
use super::encoding::lp;
use super::memory::{SecretBuf, SecretKey, burn_stack, os};

/// One MiB and one GiB in the unit of [`KdfParams::memory_kib`].
const MIB: u32 = 1 << 10;
const GIB: u32 = 1 << 20;
/// Ceilings, against a file that asks for hours or for all memory; LUKS2 caps memory at 4 GiB as well.
const MAX_MEMORY_KIB: u32 = 4 * GIB;
const MAX_PASSES: u32 = 64;
/// More lanes than common machines have cores only help an attacker with many.
const LANES: RangeInclusive<u32> = 1..=16;
/// RFC 9106, section 4, first recommended option: from this much memory on, one pass is enough.
const ONE_PASS_FROM_KIB: u32 = 2 * GIB;
/// Domain separation of [`slot_key`].
const SLOT_LABEL: &[u8] = b"keyroom/slot/1";

/// What one guess of a password costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KdfParams {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes computed side by side.
    pub lanes: u32,
}

impl KdfParams {
    /// What a new vault uses unless it was calibrated: 256 MiB, 3 passes, 4 lanes; a quarter to half a second on a
    /// machine of today, and far above the floor.
    pub const DEFAULT: Self = Self { memory_kib: 256 * MIB, passes: 3, lanes: 4 };

    /// The least that is accepted: RFC 9106, section 4, second recommended option.
    pub const FLOOR: Self = Self { memory_kib: 64 * MIB, passes: 3, lanes: 4 };

    /// Whether a password may be tried with these. The floor is 64 MiB with 3 passes, or 2 GiB with 1 (RFC 9106,
    /// section 4); the ceiling 4 GiB, 64 passes and 16 lanes.
    ///
    /// # Errors
    /// [`CryptoError::KdfBelowFloor`] or [`CryptoError::KdfAboveCeiling`].
    pub fn check(&self) -> Result<(), CryptoError> {
        let thorough = self.memory_kib >= Self::FLOOR.memory_kib && self.passes >= Self::FLOOR.passes;
        let large = self.memory_kib >= ONE_PASS_FROM_KIB && self.passes >= 1;
        if !(thorough || large) || self.lanes < *LANES.start() {
            return Err(CryptoError::KdfBelowFloor { params: *self });
        }
        if self.memory_kib > MAX_MEMORY_KIB || self.passes > MAX_PASSES || self.lanes > *LANES.end() {
            return Err(CryptoError::KdfAboveCeiling { params: *self });
        }
        Ok(())
    }

    /// Whether a guess costs an attacker less than with `other`: less memory, or less memory traffic (memory × passes).
    /// Lanes do not count: they change the defender's time, not the attacker's work.
    #[must_use]
    pub fn is_weaker_than(&self, other: &Self) -> bool {
        self.memory_kib < other.memory_kib || self.traffic() < other.traffic()
    }

    /// These, raised where needed so that a guess costs no less than with `other`. The memory is the larger of both; the
    /// passes are the fewest that keep the larger traffic.
    #[must_use]
    pub fn raised_to(&self, other: &Self) -> Self {
        if !self.is_weaker_than(other) {
            return *self;
        }
        let memory_kib = self.memory_kib.max(other.memory_kib);
        let passes = self.traffic().max(other.traffic()).div_ceil(u64::from(memory_kib.max(1)));
        // At most the more passes of both: neither has more traffic than that many passes over the larger memory.
        let passes = u32::try_from(passes).unwrap_or(MAX_PASSES);
        Self { memory_kib, passes, lanes: self.lanes }
    }

    fn traffic(&self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.passes)
    }
}

/// The key a password gives: Argon2id, version 0x13, 32 bytes. Takes what `params` cost; run it off the window's thread.
///
/// # Errors
/// What [`KdfParams::check`] refuses, before the password is touched; [`CryptoError::KdfFailed`] when memory is short.
pub fn derive(password: &SecretBuf, salt: &[u8; 16], params: KdfParams) -> Result<SecretKey, CryptoError> {
    params.check()?;
    let mut key = SecretKey::empty();
    let derived = argon2id(password.as_bytes(), salt, params, key.room_mut());
    burn_stack();
    derived.map(|()| key)
}

/// The key of a password slot: `HKDF-SHA256(salt = salt2, ikm = lp(pw_key), info = lp("keyroom/slot/1", binding))`.
/// `binding` is everything the slot is for, so that a slot moved elsewhere gives another key.
///
/// # Errors
/// None today; the signature leaves room for slots with further factors.
pub fn slot_key(pw_key: &SecretKey, salt2: &[u8; 32], binding: &[u8]) -> Result<SecretKey, CryptoError> {
    let mut input = SecretBuf::with_capacity(pw_key.expose().len() + 4);
    let len = u32::try_from(pw_key.expose().len()).map_err(|_| CryptoError::BadKey)?;
    input.push(&len.to_be_bytes()).map_err(|_| CryptoError::BadKey)?;
    input.push(pw_key.expose()).map_err(|_| CryptoError::BadKey)?;
    let mut key = SecretKey::empty();
    let expanded = Hkdf::<Sha256>::new(Some(salt2), input.as_bytes())
        .expand(&lp(&[SLOT_LABEL, binding]), key.room_mut());
    burn_stack();
    expanded.map(|()| key).map_err(|_| CryptoError::BadKey)
}

/// A sub key: `HKDF-SHA256-Expand(prk = key, info = lp(label, context), L = 32)`. The same inputs always give the same key;
/// labels are constants of their modules, `context` is data.
#[must_use]
pub fn derive_labelled(key: &SecretKey, label: &str, context: &[u8]) -> SecretKey {
    let mut derived = SecretKey::empty();
    expand(key, &lp(&[label.as_bytes(), context]), derived.room_mut());
    derived
}

/// HKDF-Expand with a uniformly random key as the pseudorandom key (RFC 5869, section 3.3); `out` is at most 8160 bytes.
pub(super) fn expand(key: &SecretKey, info: &[u8], out: &mut [u8]) {
    debug_assert!(out.len() <= 255 * 32);
    // Proof: the key has the 32 bytes that SHA-256 needs, and callers of this module ask for 32 or 64 bytes.
    #[expect(clippy::expect_used, reason = "sizes are constants")]
    Hkdf::<Sha256>::from_prk(key.expose())
        .expect("32 bytes are a pseudorandom key for SHA-256")
        .expand(info, out)
        .expect("at most 255 blocks are asked for");
}

fn argon2id(password: &[u8], salt: &[u8], params: KdfParams, out: &mut [u8; 32]) -> Result<(), CryptoError> {
    let params = Params::new(params.memory_kib, params.passes, params.lanes, Some(out.len()))
        .map_err(|_| CryptoError::KdfFailed)?;
    let mut blocks = os::Blocks::new(params.block_count()).ok_or(CryptoError::KdfFailed)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password, salt, out, blocks.as_mut_slice())
        .map_err(|_| CryptoError::KdfFailed)
}

#[cfg(test)]
#[path = "kdf_tests.rs"]
mod tests;
