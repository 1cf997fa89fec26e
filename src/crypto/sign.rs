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
        let public = VerifyingKey(dalek::SigningKey::from_bytes(seed.expose()).verifying_key());
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

/// A public key known to be canonical, on the curve, and not of low order. Holds the point as well as its bytes, so
/// that it is found once and not at each verification.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct VerifyingKey(dalek::VerifyingKey);

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
        Ok(Self(key))
    }

    /// The 32 bytes of RFC 8032, section 5.1.2.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
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
        self.0
            .verify_strict(message, &dalek::Signature::from_bytes(&signature.0))
            .map_err(|_| CryptoError::BadSignature)
    }

    /// SHA-256 of `lp("keyroom/fingerprint/1", key)`: what a person compares.
    #[must_use]
    pub fn fingerprint(&self) -> Hash {
        sha256(&[&lp(&[FINGERPRINT_LABEL, self.as_bytes()])])
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

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(byte: u8) -> SigningKey {
        SigningKey::from_seed(&SecretKey::from_bytes(&[byte; 32]))
    }

    fn hex<const N: usize>(text: &str) -> [u8; N] {
        data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap().try_into().unwrap()
    }

    #[test]
    fn a_signature_verifies_for_its_message_in_its_context_under_its_key() {
        let (key, other) = (pair(1), pair(2));
        let signature = key.sign("leaf", b"message");
        assert_eq!(key.public().verify("leaf", b"message", &signature), Ok(()));
        let refused = Err(CryptoError::BadSignature);
        assert_eq!(key.public().verify("leaf", b"Message", &signature), refused);
        assert_eq!(key.public().verify("roster", b"message", &signature), refused);
        assert_eq!(key.public().verify("lea", b"fmessage", &signature), refused);
        assert_eq!(key.public().verify_raw(b"message", &signature), refused);
        assert_eq!(other.public().verify("leaf", b"message", &signature), refused);
    }

    #[test]
    fn every_bit_of_a_signature_counts() {
        let key = pair(1);
        let signature = key.sign("leaf", b"message");
        for at in 0..512 {
            let mut flipped = *signature.as_bytes();
            flipped[at / 8] ^= 1 << (at % 8);
            assert!(key.public().verify("leaf", b"message", &Signature(flipped)).is_err(), "bit {at}");
        }
        assert_eq!(Signature::from_slice(&[0; 63]).err(), Some(CryptoError::Malformed));
        assert_eq!(Signature::from_slice(&[0; 65]).err(), Some(CryptoError::Malformed));
    }

    /// RFC 8032, section 7.1, test 2.
    #[test]
    fn raw_signatures_are_those_of_rfc_8032() {
        let seed = hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
        let key = SigningKey::from_seed(&SecretKey::from_bytes(&seed));
        let public = hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        assert_eq!(key.public().as_bytes(), &public);
        let expected = hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
             085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
        assert_eq!(key.sign_raw(&[0x72]).as_bytes(), &expected);
    }

    /// S and S + L sign the same for a careless verifier; L is the order of the base point (RFC 8032, section 5.1).
    #[test]
    fn a_second_spelling_of_a_signature_is_refused() {
        const L: [u8; 32] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ];
        let key = pair(1);
        let mut bytes = *key.sign("leaf", b"message").as_bytes();
        let mut carry = 0u16;
        for (byte, add) in bytes[32..].iter_mut().zip(L) {
            carry += u16::from(*byte) + u16::from(add);
            *byte = carry as u8;
            carry >>= 8;
        }
        assert_eq!(carry, 0);
        let refused = key.public().verify("leaf", b"message", &Signature(bytes));
        assert_eq!(refused, Err(CryptoError::BadSignature));
    }

    #[test]
    fn keys_of_low_order_second_spellings_and_no_keys_are_refused() {
        // The eight points of low order in all their encodings (Chalkias, Garillot, Nikolaenko, "Taming the many EdDSAs",
        // SSR 2020, table 1), then y = 2, which no point of the curve has.
        for low in [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "0200000000000000000000000000000000000000000000000000000000000000",
        ] {
            assert_eq!(VerifyingKey::from_bytes(&hex::<32>(low)), Err(CryptoError::BadKey), "{low}");
        }
        for len in [0, 31, 33, 64] {
            assert_eq!(VerifyingKey::from_bytes(&vec![1; len]), Err(CryptoError::BadKey));
        }
        // y = 3 is on the curve and of full order or a multiple of it; y = 3 + p is the same point spelt otherwise.
        let mut three = [0; 32];
        three[0] = 3;
        assert!(VerifyingKey::from_bytes(&three).is_ok());
        let mut again = [0xff; 32];
        (again[0], again[31]) = (0xf0, 0x7f);
        assert_eq!(VerifyingKey::from_bytes(&again), Err(CryptoError::BadKey));
    }

    #[test]
    fn fingerprints_tell_keys_apart() {
        assert_ne!(pair(1).public().fingerprint(), pair(2).public().fingerprint());
        assert_eq!(pair(1).public().fingerprint(), pair(1).public().fingerprint());
    }
}
