//! The envelope: the one form in which anything is sealed under a symmetric key. No other place calls this AEAD, and
//! nothing chooses an algorithm.
//!
//! ```text
//! seal(K, AAD, plaintext):
//!   N               <- 24 random bytes
//!   key ‖ commit    = HKDF-SHA256-Expand(prk = K, info = lp("keyroom/env/1", N, SHA256(AAD)), L = 64)
//!   envelope        = 0x01 ‖ N ‖ commit(32) ‖ XChaCha20-Poly1305(key, N, AAD, pad(plaintext)) ‖ tag(16)
//!   pad(p)          = u32_be(len(p)) ‖ p ‖ zeros
//! ```
//!
//! Poly1305 alone does not commit: a ciphertext can be made that opens under many keys (Len, Grubbs, Ristenpart,
//! "Partitioning Oracle Attacks", USENIX Security 2021). The commitment binds key, nonce and AAD together, so opening
//! under a second key needs a collision of SHA-256. Extract is left out because every K is a uniformly random key,
//! never a password (RFC 5869, section 3.3). A random 192-bit nonce never repeats in practice.

use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use super::encoding::lp;
use super::kdf::expand;
use super::memory::{SecretBuf, SecretKey};
use super::{CryptoError, random_bytes, sha256};

/// Domain separation of the key and commitment derivation.
const LABEL: &[u8] = b"keyroom/env/1";
/// The first byte of every envelope.
const FORM: u8 = 1;
const NONCE: usize = 24;
const COMMITMENT: usize = 32;
const TAG: usize = 16;
/// Where the ciphertext begins.
const BODY: usize = 1 + NONCE + COMMITMENT;
/// The length in front of the plaintext.
const PREFIX: usize = 4;
/// The smallest padded plaintext: no envelope is shorter than `OVERHEAD` and this.
const MIN_PADDED: usize = 256;

/// What an envelope adds to the padded plaintext, in bytes.
pub const OVERHEAD: usize = BODY + TAG;

/// The longest plaintext, in bytes (192 MiB): far above any key, and enough for the one entry of the log that says that every row
/// of 100,000 keys with 18 values each was sealed anew (about 100 bytes a row); low enough that no stored length exhausts memory.
pub const MAX_PLAINTEXT: usize = 192 << 20;

/// How much of a plaintext's length its envelope hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// To 256 bytes, above that by Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and
    /// Communication with PURBs", PETS 2019): at most 12 % larger, and O(log log n) bits of the length shown.
    Metadata,
    /// To 512, 2048, 4096 or 8192 bytes, above that by Padmé: which kind of key a value holds is not told by its size.
    Secret,
}

impl Padding {
    /// The padded length for `len` bytes of plaintext, its 4-byte length prefix included.
    fn padded(self, len: usize) -> usize {
        const STEPS: [usize; 4] = [512, 2048, 4096, 8192];
        let need = len + PREFIX;
        match self {
            Self::Metadata if need <= MIN_PADDED => MIN_PADDED,
            Self::Metadata => padme(need),
            Self::Secret => STEPS.into_iter().find(|step| need <= *step).unwrap_or_else(|| padme(need)),
        }
    }
}

/// Padmé: rounds up so that the length, as a floating point number, keeps only as many mantissa bits as its exponent
/// needs to be written. `len` is above 1 and below 2^62.
fn padme(len: usize) -> usize {
    let exponent = len.ilog2();
    let mantissa = exponent.ilog2() + 1;
    let mask = (1usize << (exponent - mantissa)) - 1;
    (len + mask) & !mask
}

/// Seals `plaintext` under `key` in the place that `aad` describes. The AAD is not stored.
///
/// # Errors
/// [`CryptoError::TooLong`] above [`MAX_PLAINTEXT`]; [`CryptoError::Random`] when there is no randomness;
/// [`CryptoError::BadKey`] for a key of zeros, which only a failed random generator gives.
pub fn seal(key: &SecretKey, aad: &[u8], plaintext: &[u8], padding: Padding) -> Result<Vec<u8>, CryptoError> {
    if key.is_zero() {
        return Err(CryptoError::BadKey);
    }
    seal_with_nonce(key, aad, plaintext, padding, &random_bytes()?)
}

/// Opens an envelope. The buffer returned holds the plaintext only, in one allocation of the padded size.
///
/// # Errors
/// [`CryptoError::Sealed`] when anything at all differs from what was sealed: key, AAD, length, or any bit.
pub fn open(key: &SecretKey, aad: &[u8], sealed: &[u8]) -> Result<SecretBuf, CryptoError> {
    if sealed.len() < OVERHEAD + MIN_PADDED || sealed.len() > longest() {
        return Err(CryptoError::Sealed);
    }
    let (head, tag) = sealed.split_last_chunk::<TAG>().ok_or(CryptoError::Sealed)?;
    let (form, rest) = head.split_first().ok_or(CryptoError::Sealed)?;
    let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(CryptoError::Sealed)?;
    let (commitment, body) = rest.split_first_chunk::<COMMITMENT>().ok_or(CryptoError::Sealed)?;
    let keys = Keys::derive(key, nonce, aad);
    if *form != FORM || !bool::from(keys.commitment().ct_eq(commitment)) {
        return Err(CryptoError::Sealed);
    }
    let mut padded = SecretBuf::from_slice(body);
    keys.cipher()
        .decrypt_inout_detached(nonce.into(), aad, padded.room_mut().into(), tag.into())
        .map_err(|_| CryptoError::Sealed)?;
    unpad(padded)
}

/// The longest envelope there is: checked before anything is allocated.
fn longest() -> usize {
    OVERHEAD + padme(MAX_PLAINTEXT + PREFIX)
}

fn seal_with_nonce(
    key: &SecretKey,
    aad: &[u8],
    plaintext: &[u8],
    padding: Padding,
    nonce: &[u8; NONCE],
) -> Result<Vec<u8>, CryptoError> {
    let too_long = CryptoError::TooLong { limit: MAX_PLAINTEXT };
    let len = u32::try_from(plaintext.len()).map_err(|_| too_long.clone())?;
    if plaintext.len() > MAX_PLAINTEXT {
        return Err(too_long);
    }
    let keys = Keys::derive(key, nonce, aad);
    // One allocation of the final size: the plaintext is written into it once and encrypted where it stands.
    let mut out = Vec::with_capacity(OVERHEAD + padding.padded(plaintext.len()));
    out.push(FORM);
    out.extend_from_slice(nonce);
    out.extend_from_slice(keys.commitment());
    out.extend_from_slice(&len.to_be_bytes());
    out.extend_from_slice(plaintext);
    out.resize(BODY + padding.padded(plaintext.len()), 0);
    let tag = keys
        .cipher()
        .encrypt_inout_detached(nonce.into(), aad, (&mut out[BODY..]).into())
        .map_err(|_| CryptoError::TooLong { limit: MAX_PLAINTEXT })?;
    out.extend_from_slice(&tag);
    Ok(out)
}

/// Takes the length prefix and the padding off; both are authenticated, and are checked all the same.
fn unpad(mut padded: SecretBuf) -> Result<SecretBuf, CryptoError> {
    let (len, rest) = padded.as_bytes().split_first_chunk::<PREFIX>().ok_or(CryptoError::Sealed)?;
    let len = usize::try_from(u32::from_be_bytes(*len)).map_err(|_| CryptoError::Sealed)?;
    let (_, zeros) = rest.split_at_checked(len).ok_or(CryptoError::Sealed)?;
    if len > MAX_PLAINTEXT || zeros.iter().fold(0, |seen, byte| seen | byte) != 0 {
        return Err(CryptoError::Sealed);
    }
    padded.remove(0..PREFIX);
    padded.truncate(len);
    Ok(padded)
}

/// The encryption key and the commitment of one envelope, wiped on drop.
struct Keys([[u8; 32]; 2]);

impl Keys {
    fn derive(key: &SecretKey, nonce: &[u8; NONCE], aad: &[u8]) -> Self {
        let mut keys = Self([[0; 32]; 2]);
        expand(key, &lp(&[LABEL, nonce, &sha256(&[aad])]), keys.0.as_flattened_mut());
        keys
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&self.0[0]).into())
    }

    fn commitment(&self) -> &[u8; COMMITMENT] {
        &self.0[1]
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.0.as_flattened_mut().zeroize();
    }
}

#[cfg(test)]
#[path = "envelope_tests.rs"]
mod tests;
