//! Sealing to a person: HPKE (RFC 9180), base mode, with X-Wing (ML-KEM-768 and X25519 together), HKDF-SHA256 and
//! ChaCha20-Poly1305. Base mode does not say who sealed: what is sealed here is believed only when a signed log entry
//! names it, and a public key is sealed to only when the signed roster holds it. Both are the callers' duty.
//!
//! X-Wing keeps a grant closed as long as either of its halves holds, so a file copied today stays closed to a quantum
//! computer later. KEM id 0x647a, KDF id 0x0001, AEAD id 0x0003.

use std::convert::Infallible;

use hpke::aead::{AeadTag, ChaCha20Poly1305};
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use zeroize::Zeroizing;

use super::memory::{SecretBuf, SecretKey, burn_stack};
use super::{CryptoError, envelope, random_bytes};

/// Bytes of an X-Wing public key: 1184 of ML-KEM-768, then 32 of X25519.
const PUBLIC: usize = 1216;
/// Random bytes one X-Wing encapsulation draws: 32 for each half.
const ENCAPSULATION_SEED: usize = 64;
/// Bytes of a Poly1305 tag.
const TAG: usize = 16;

type PrivateKey = <XWing as Kem>::PrivateKey;
type PublicKey = <XWing as Kem>::PublicKey;
type EncappedKey = <XWing as Kem>::EncappedKey;

/// Opens what was sealed to its public half. Holds the 32-byte X-Wing seed in locked memory; the expanded key exists
/// only while opening.
pub struct SealKeyPair {
    seed: SecretKey,
    public: SealPublicKey,
}

impl SealKeyPair {
    /// The key pair whose X-Wing decapsulation key is `seed`; the same seed always gives the same pair.
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] for a seed of zeros, which only a broken random generator gives.
    pub fn from_seed(seed: &SecretKey) -> Result<Self, CryptoError> {
        if *seed == SecretKey::from_bytes(&[0; 32]) {
            return Err(CryptoError::BadKey);
        }
        let seed = seed.duplicate();
        let public = XWing::sk_to_pk(&private(&seed)?).to_bytes().to_vec();
        burn_stack();
        Ok(Self { seed, public: SealPublicKey::from_bytes(&public)? })
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> SealPublicKey {
        self.public.clone()
    }

    /// Opens what [`SealPublicKey::seal`] made with the same `info` and `aad`.
    ///
    /// # Errors
    /// [`CryptoError::Sealed`] when it was sealed to another key, with another `info` or `aad`, or was changed.
    pub fn open(&self, info: &[u8], aad: &[u8], sealed: &SealedTo) -> Result<SecretBuf, CryptoError> {
        let opened = self.open_inner(info, aad, sealed);
        burn_stack();
        opened
    }

    fn open_inner(&self, info: &[u8], aad: &[u8], sealed: &SealedTo) -> Result<SecretBuf, CryptoError> {
        if sealed.ciphertext.len() > envelope::MAX_PLAINTEXT + TAG || low_order(&sealed.encapsulated) {
            return Err(CryptoError::Sealed);
        }
        let (body, tag) = sealed.ciphertext.split_last_chunk::<TAG>().ok_or(CryptoError::Sealed)?;
        let tag = AeadTag::<ChaCha20Poly1305>::from_bytes(tag).map_err(|_| CryptoError::Sealed)?;
        let encapsulated = EncappedKey::from_bytes(&sealed.encapsulated).map_err(|_| CryptoError::Sealed)?;
        let mut context = hpke::setup_receiver::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeR::Base,
            &private(&self.seed)?,
            &encapsulated,
            info,
        )
        .map_err(|_| CryptoError::Sealed)?;
        let mut plaintext = SecretBuf::with_capacity(body.len());
        plaintext.room_mut().copy_from_slice(body);
        context
            .open_inout_detached(plaintext.room_mut().into(), aad, &tag)
            .map_err(|_| CryptoError::Sealed)?;
        plaintext.set_len(body.len());
        Ok(plaintext)
    }
}

fn private(seed: &SecretKey) -> Result<PrivateKey, CryptoError> {
    PrivateKey::from_bytes(seed.expose()).map_err(|_| CryptoError::BadKey)
}

/// A public key to seal to: 1216 bytes, known to be well formed. Whose it is, only the signed roster says.
#[derive(Clone, PartialEq, Eq)]
pub struct SealPublicKey(Vec<u8>);

impl SealPublicKey {
    /// Takes 1216 bytes as a public key.
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] for another length, an ML-KEM half that is not canonical (FIPS 203, section 7.2), or an
    /// X25519 half of low order.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CryptoError> {
        if bytes.len() != PUBLIC || low_order(bytes) {
            return Err(CryptoError::BadKey);
        }
        PublicKey::from_bytes(bytes).map_err(|_| CryptoError::BadKey)?;
        Ok(Self(bytes.to_vec()))
    }

    /// The 1216 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Seals `plaintext` so that only the holder of the secret half opens it. `info` names the purpose, `aad` the place.
    ///
    /// # Errors
    /// [`CryptoError::TooLong`] above [`envelope::MAX_PLAINTEXT`]; [`CryptoError::Random`] when there is no randomness.
    pub fn seal(&self, info: &[u8], aad: &[u8], plaintext: &[u8]) -> Result<SealedTo, CryptoError> {
        let sealed = self.seal_inner(info, aad, plaintext);
        burn_stack();
        sealed
    }

    fn seal_inner(&self, info: &[u8], aad: &[u8], plaintext: &[u8]) -> Result<SealedTo, CryptoError> {
        if plaintext.len() > envelope::MAX_PLAINTEXT {
            return Err(CryptoError::TooLong { limit: envelope::MAX_PLAINTEXT });
        }
        let recipient = PublicKey::from_bytes(&self.0).map_err(|_| CryptoError::BadKey)?;
        let mut drawn = Drawn::new()?;
        let (encapsulated, mut context) = hpke::setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeS::Base,
            &recipient,
            info,
            &mut drawn,
        )
        .map_err(|_| CryptoError::BadKey)?;
        if !drawn.used_once {
            return Err(CryptoError::Random);
        }
        let mut ciphertext = Vec::with_capacity(plaintext.len() + TAG);
        ciphertext.extend_from_slice(plaintext);
        let tag = context
            .seal_inout_detached(ciphertext.as_mut_slice().into(), aad)
            .map_err(|_| CryptoError::TooLong { limit: envelope::MAX_PLAINTEXT })?;
        ciphertext.extend_from_slice(&tag.to_bytes());
        Ok(SealedTo { encapsulated: encapsulated.to_bytes().to_vec(), ciphertext })
    }
}

/// Something sealed to one person. Both parts are public.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedTo {
    /// The X-Wing ciphertext, 1120 bytes.
    pub encapsulated: Vec<u8>,
    /// The ChaCha20-Poly1305 ciphertext and its tag: the plaintext's length and 16 bytes.
    pub ciphertext: Vec<u8>,
}

/// Whether the X25519 half (the last 32 bytes of a public key or of an encapsulation) is a point of low order, with which
/// the shared secret would not depend on anybody's secret. X-Wing would still stand on ML-KEM alone; nobody honest sends it.
///
/// The seven u-coordinates below 2^255 are those of RFC 7748's implementers' list (Bernstein, "Curve25519: new
/// Diffie-Hellman speed records", and libsodium's `has_small_order`); X25519 ignores the top bit.
fn low_order(key: &[u8]) -> bool {
    const fn ends(first: u8, middle: u8, last: u8) -> [u8; 32] {
        let mut point = [middle; 32];
        point[0] = first;
        point[31] = last;
        point
    }
    const ORDER_8_A: [u8; 32] = [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda,
        0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ];
    const ORDER_8_B: [u8; 32] = [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04,
        0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ];
    /// 0, 1, two of order eight, then p-1, p and p+1 with p = 2^255 - 19.
    const POINTS: [[u8; 32]; 7] = [
        ends(0, 0, 0),
        ends(1, 0, 0),
        ORDER_8_A,
        ORDER_8_B,
        ends(0xec, 0xff, 0x7f),
        ends(0xed, 0xff, 0x7f),
        ends(0xee, 0xff, 0x7f),
    ];
    let Some(half) = key.last_chunk::<32>() else { return false };
    let mut point = *half;
    point[31] &= 0x7f;
    POINTS.contains(&point)
}

/// Hands one draw of [`random_bytes`] to the KEM, so that a failing generator is an error here and not a panic there.
struct Drawn {
    seed: Zeroizing<[u8; ENCAPSULATION_SEED]>,
    used: bool,
    /// Exactly one request of exactly the expected size has been served.
    used_once: bool,
}

impl Drawn {
    fn new() -> Result<Self, CryptoError> {
        Ok(Self { seed: Zeroizing::new(random_bytes()?), used: false, used_once: false })
    }
}

impl TryRng for Drawn {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, room: &mut [u8]) -> Result<(), Infallible> {
        self.used_once = !self.used && room.len() == ENCAPSULATION_SEED;
        self.used = true;
        if self.used_once {
            room.copy_from_slice(&*self.seed);
        } else {
            room.fill(0);
        }
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}
