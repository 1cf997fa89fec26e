//! Signatures: Ed25519 (RFC 8032), verified strictly. Signs only with a key pair made from one seed, so that no caller can
//! pair a secret with a foreign public key (RUSTSEC-2022-0093), and never accepts a second signature for the same message.

use ed25519_dalek as dalek;
use ed25519_dalek::Signer;

use super::encoding::lp;
use super::memory::{SecretKey, burn_stack};
use super::{CryptoError, Hash, sha256};

/// What [`VerifyingKey::fingerprint`] hashes in front of the key.
const FINGERPRINT_LABEL: &[u8] = b"keyroom/fingerprint/1";

/// The secret half. Holds the 32-byte seed in locked memory; the expanded key exists only while signing.
pub struct SigningKey {
    seed: SecretKey,
    public: VerifyingKey,
}

impl SigningKey {
    /// The key pair of a seed; the same seed always gives the same pair (RFC 8032, section 5.1.5).
    #[must_use]
    pub fn from_seed(seed: &SecretKey) -> Self {
        let seed = seed.duplicate();
        let public = VerifyingKey(dalek::SigningKey::from_bytes(seed.expose()).verifying_key().to_bytes());
        burn_stack();
        Self { seed, public }
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> VerifyingKey {
        self.public
    }

    /// Signs `lp(context, message)`: a signature made for one purpose is never one for another.
    #[must_use]
    pub fn sign(&self, context: &str, message: &[u8]) -> Signature {
        self.sign_raw(&lp(&[context.as_bytes(), message]))
    }

    /// Signs `message` as it is. For formats that separate purposes themselves (C2SP signed notes), and for nothing else.
    #[must_use]
    pub fn sign_raw(&self, message: &[u8]) -> Signature {
        let signature = dalek::SigningKey::from_bytes(self.seed.expose()).sign(message).to_bytes();
        burn_stack();
        Signature(signature)
    }
}

/// A public key known to be canonical, on the curve, and not of low order.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct VerifyingKey([u8; 32]);

impl VerifyingKey {
    /// Takes 32 bytes as a public key.
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] for another length, a point off the curve, a second spelling of a point, or a point of low
    /// order (all zero among them), under which almost any signature would verify.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CryptoError> {
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| CryptoError::BadKey)?;
        let key = dalek::VerifyingKey::from_bytes(&bytes).map_err(|_| CryptoError::BadKey)?;
        let canonical = key.to_edwards().compress().to_bytes() == bytes;
        if !canonical || key.is_weak() {
            return Err(CryptoError::BadKey);
        }
        Ok(Self(bytes))
    }

    /// The 32 bytes of RFC 8032, section 5.1.2.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Verifies a signature of [`SigningKey::sign`].
    ///
    /// # Errors
    /// [`CryptoError::BadSignature`] when context, message, key or signature differ in anything.
    pub fn verify(&self, context: &str, message: &[u8], signature: &Signature) -> Result<(), CryptoError> {
        self.verify_raw(&lp(&[context.as_bytes(), message]), signature)
    }

    /// Verifies a signature of [`SigningKey::sign_raw`].
    ///
    /// # Errors
    /// [`CryptoError::BadSignature`] when message, key or signature differ in anything.
    pub fn verify_raw(&self, message: &[u8], signature: &Signature) -> Result<(), CryptoError> {
        dalek::VerifyingKey::from_bytes(&self.0)
            .and_then(|key| key.verify_strict(message, &dalek::Signature::from_bytes(&signature.0)))
            .map_err(|_| CryptoError::BadSignature)
    }

    /// SHA-256 of `lp("keyroom/fingerprint/1", key)`: what a person compares.
    #[must_use]
    pub fn fingerprint(&self) -> Hash {
        sha256(&[&lp(&[FINGERPRINT_LABEL, &self.0])])
    }
}

/// A signature of 64 bytes, R ‖ S (RFC 8032, section 5.1.6). Checked by verifying, not by reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

impl Signature {
    /// Takes 64 bytes as a signature.
    ///
    /// # Errors
    /// [`CryptoError::Malformed`] for another length.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, CryptoError> {
        bytes.try_into().map(Self).map_err(|_| CryptoError::Malformed)
    }

    /// The 64 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}
