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
        if seed.is_zero() {
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
        let sealed = Drawn::new().and_then(|drawn| self.seal_with(drawn, info, aad, plaintext));
        burn_stack();
        sealed
    }

    fn seal_with(
        &self,
        mut drawn: Drawn,
        info: &[u8],
        aad: &[u8],
        plaintext: &[u8],
    ) -> Result<SealedTo, CryptoError> {
        if plaintext.len() > envelope::MAX_PLAINTEXT {
            return Err(CryptoError::TooLong { limit: envelope::MAX_PLAINTEXT });
        }
        let recipient = PublicKey::from_bytes(&self.0).map_err(|_| CryptoError::BadKey)?;
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
    requests: usize,
    /// So far there was exactly one request, of exactly the expected size.
    used_once: bool,
}

impl Drawn {
    fn new() -> Result<Self, CryptoError> {
        Ok(Self { seed: Zeroizing::new(random_bytes()?), requests: 0, used_once: false })
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
        self.requests += 1;
        self.used_once = self.requests == 1 && room.len() == ENCAPSULATION_SEED;
        if self.used_once {
            room.copy_from_slice(&*self.seed);
        } else {
            room.fill(0);
        }
        Ok(())
    }
}

impl TryCryptoRng for Drawn {}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: &[u8] = b"keyroom/grant/1";
    const AAD: &[u8] = b"vault, operator, scope, epoch";

    fn pair(byte: u8) -> SealKeyPair {
        SealKeyPair::from_seed(&SecretKey::from_bytes(&[byte; 32])).unwrap()
    }

    #[test]
    fn what_was_sealed_to_a_person_opens_for_them_alone() {
        let (alice, bob) = (pair(1), pair(2));
        for len in [0, 1, 32, 5000] {
            let plaintext = vec![7; len];
            let sealed = alice.public().seal(INFO, AAD, &plaintext).unwrap();
            assert_eq!((sealed.encapsulated.len(), sealed.ciphertext.len()), (1120, len + 16));
            assert_eq!(alice.open(INFO, AAD, &sealed).unwrap().as_bytes(), plaintext);
            assert_eq!(bob.open(INFO, AAD, &sealed).err(), Some(CryptoError::Sealed));
        }
    }

    #[test]
    fn another_purpose_or_place_does_not_open_it() {
        let alice = pair(1);
        let sealed = alice.public().seal(INFO, AAD, b"scope key").unwrap();
        for (info, aad) in [(&b"other"[..], AAD), (INFO, &b"other"[..]), (b"", AAD), (INFO, b""), (AAD, INFO)]
        {
            assert_eq!(alice.open(info, aad, &sealed).err(), Some(CryptoError::Sealed));
        }
    }

    #[test]
    fn every_bit_of_the_ciphertext_counts() {
        let alice = pair(1);
        let sealed = alice.public().seal(INFO, AAD, &[7; 8]).unwrap();
        for at in 0..sealed.ciphertext.len() * 8 {
            let mut flipped = sealed.clone();
            flipped.ciphertext[at / 8] ^= 1 << (at % 8);
            assert_eq!(alice.open(INFO, AAD, &flipped).err(), Some(CryptoError::Sealed), "bit {at}");
        }
    }

    /// Both halves count, and of X25519's last byte also the top bit that its arithmetic ignores: X-Wing hashes the bytes
    /// as they stand. Of the long ML-KEM half every fourth byte is tried, each time another bit.
    #[test]
    fn the_encapsulation_counts() {
        let alice = pair(1);
        let sealed = alice.public().seal(INFO, AAD, &[7; 8]).unwrap();
        let bits = (0..1088).step_by(4).map(|at| (at, at / 4 % 8));
        let bits = bits.chain((1088..1120).map(|at| (at, at % 8))).chain((0..8).map(|bit| (1119, bit)));
        for (at, bit) in bits {
            let mut flipped = sealed.clone();
            flipped.encapsulated[at] ^= 1 << bit;
            assert_eq!(
                alice.open(INFO, AAD, &flipped).err(),
                Some(CryptoError::Sealed),
                "byte {at}, bit {bit}"
            );
        }
    }

    #[test]
    fn truncated_and_exchanged_parts_are_refused() {
        let alice = pair(1);
        let one = alice.public().seal(INFO, AAD, &[7; 32]).unwrap();
        let two = alice.public().seal(INFO, AAD, &[7; 32]).unwrap();
        assert!(one != two);
        let mixed = SealedTo { encapsulated: one.encapsulated.clone(), ciphertext: two.ciphertext };
        assert_eq!(alice.open(INFO, AAD, &mixed).err(), Some(CryptoError::Sealed));
        for cut in 0..one.ciphertext.len() {
            let cut = SealedTo { ciphertext: one.ciphertext[..cut].to_vec(), ..one.clone() };
            assert_eq!(alice.open(INFO, AAD, &cut).err(), Some(CryptoError::Sealed));
        }
        for len in [0, 31, 32, 1088, 1119] {
            let cut = SealedTo { encapsulated: one.encapsulated[..len].to_vec(), ..one.clone() };
            assert_eq!(alice.open(INFO, AAD, &cut).err(), Some(CryptoError::Sealed));
        }
        let longer = SealedTo { encapsulated: [&one.encapsulated[..], &[0]].concat(), ..one.clone() };
        assert_eq!(alice.open(INFO, AAD, &longer).err(), Some(CryptoError::Sealed));
    }

    #[test]
    fn a_seed_gives_one_pair_and_a_zero_seed_none() {
        assert!(pair(1).public() == pair(1).public());
        assert!(pair(1).public() != pair(2).public());
        assert_eq!(SealKeyPair::from_seed(&SecretKey::from_bytes(&[0; 32])).err(), Some(CryptoError::BadKey));
    }

    #[test]
    fn public_keys_that_are_none_are_refused() {
        let good = pair(1).public();
        assert!(SealPublicKey::from_bytes(good.as_bytes()).is_ok_and(|key| key == good));
        for len in [0, 32, 1184, 1215] {
            assert_eq!(SealPublicKey::from_bytes(&good.as_bytes()[..len]).err(), Some(CryptoError::BadKey));
        }
        assert_eq!(SealPublicKey::from_bytes(&[0; PUBLIC + 1]).err(), Some(CryptoError::BadKey));
        assert_eq!(SealPublicKey::from_bytes(&[0; PUBLIC]).err(), Some(CryptoError::BadKey));
        // Coefficients at or above 3329 (FIPS 203, section 7.2, modulus check).
        let mut unreduced = good.as_bytes().to_vec();
        unreduced[..3].copy_from_slice(&[0xff; 3]);
        assert_eq!(SealPublicKey::from_bytes(&unreduced).err(), Some(CryptoError::BadKey));
    }

    /// Each point on our list is one that the X-Wing crate's strict decapsulation refuses too, and only those are.
    #[test]
    fn low_order_halves_are_refused() {
        use x_wing::{DecapsulationKeyRejectNonContrib, TryDecapsulate};
        let alice = pair(1);
        let strict = DecapsulationKeyRejectNonContrib::from([1; 32]);
        let sealed = alice.public().seal(INFO, AAD, &[7; 32]).unwrap();
        let refused = |half: [u8; 32]| {
            let mut encapsulated = sealed.encapsulated.clone();
            encapsulated[1088..].copy_from_slice(&half);
            let ciphertext = x_wing::Ciphertext::try_from(encapsulated.as_slice()).unwrap();
            assert_eq!(low_order(&encapsulated), strict.try_decapsulate(&ciphertext).is_err());
            low_order(&encapsulated)
        };
        let mut found = 0;
        for (first, rest, last) in
            [(0, 0, 0), (1, 0, 0), (0xec, 0xff, 0x7f), (0xed, 0xff, 0x7f), (0xee, 0xff, 0x7f)]
        {
            for top in [0, 0x80] {
                let mut half = [rest; 32];
                (half[0], half[31]) = (first, last | top);
                found += usize::from(refused(half));
                let mut public = alice.public().as_bytes().to_vec();
                public[1184..].copy_from_slice(&half);
                assert_eq!(SealPublicKey::from_bytes(&public).err(), Some(CryptoError::BadKey));
            }
        }
        let eight = [
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        ];
        for half in eight {
            let half = data_encoding::HEXLOWER.decode(half.as_bytes()).unwrap();
            found += usize::from(refused(half.try_into().unwrap()));
        }
        assert_eq!(found, 12);
        assert!(!refused([9; 32]));
        assert!(!refused(sealed.encapsulated[1088..].try_into().unwrap()));
    }

    /// The pairs are X-Wing's own: draft-connolly-cfrg-xwing-kem, whose decapsulation key is the seed.
    #[test]
    fn the_pair_is_that_of_the_x_wing_crate() {
        use x_wing::{Decapsulator, KeyExport};
        let key = x_wing::DecapsulationKey::from([5; 32]);
        assert_eq!(pair(5).public().as_bytes(), &key.encapsulation_key().to_bytes()[..]);
    }

    /// The vectors of draft-connolly-cfrg-xwing-kem (spec/test-vectors.json): seed, encapsulation seed and shared secret, and
    /// the SHA-256 of public key and ciphertext.
    #[test]
    fn pairs_and_encapsulations_are_those_of_the_draft() {
        use x_wing::Decapsulate;
        let vectors = [
            [
                "7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26",
                "3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e235b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2",
                "d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384",
                "2e816deebcd76c5c80d0cd2d174478871658e8e2ff42bc9d4a6e486372e856bb",
                "17cd532d657e44c897ca6583e548a5424fc70bf54f99515a4d2bcf99e3469f33",
            ],
            [
                "badfd6dfaac359a5efbb7bcc4b59d538df9a04302e10c8bc1cbf1a0b3a5120ea",
                "17cda7cfad765f5623474d368ccca8af0007cd9f5e4c849f167a580b14aabdefaee7eef47cb0fca9767be1fda69419dfb927e9df07348b196691abaeb580b32d",
                "f2e86241c64d60f6649fbc6c5b7d17180b780a3f34355e64a85749949c45f150",
                "c42ba5f8430d7d2c83739338203819f090e8303ce9c8b02107c272bfa5376916",
                "1661ea86d608a1924ba30840cb0a65f13ae051e3aec9cf0f064efc0bc92f2154",
            ],
            [
                "ef58538b8d23f87732ea63b02b4fa0f4873360e2841928cd60dd4cee8cc0d4c9",
                "22a96188d032675c8ac850933c7aff1533b94c834adbb69c6115bad4692d8619f90b0cdf8a7b9c264029ac185b70b83f2801f2f4b3f70c593ea3aeeb613a7f1b",
                "953f7f4e8c5b5049bdc771d1dffada0dd961477d1a2ae0988baa7ea6898d893f",
                "6b080d6b84f095342092fa7a22423e58bd681397ad0ef00eac92bd254db4fa95",
                "d3ca5578500344b5896cffc4fd740c9311946b82951df155e6fd86a7966b43c6",
            ],
        ];
        let hash = |bytes: &[u8]| crate::crypto::sha256(&[bytes]).to_vec();
        for vector in vectors {
            let [seed, encapsulation, shared, public, ciphertext] =
                vector.map(|hex| data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap());
            let seed: [u8; 32] = seed.try_into().unwrap();
            let pair = SealKeyPair::from_seed(&SecretKey::from_bytes(&seed)).unwrap();
            assert_eq!(hash(pair.public().as_bytes()), public);
            let seed_of_sealing = Zeroizing::new(encapsulation.try_into().unwrap());
            let drawn = Drawn { seed: seed_of_sealing, requests: 0, used_once: false };
            let sealed = pair.public().seal_with(drawn, INFO, AAD, b"keyroom").unwrap();
            assert_eq!(hash(&sealed.encapsulated), ciphertext);
            let encapsulated = x_wing::Ciphertext::try_from(sealed.encapsulated.as_slice()).unwrap();
            assert_eq!(x_wing::DecapsulationKey::from(seed).decapsulate(&encapsulated)[..], shared);
        }
    }

    /// Freezes suite and key format. X-Wing is an Internet-Draft: a crate that follows another draft must fail here, not in
    /// somebody's vault. An independent implementation (pyca/cryptography 48,
    /// whose HPKE has no AAD) made the same public key and opened these bytes.
    #[test]
    fn the_form_is_what_the_format_says() {
        let drawn = Drawn { seed: Zeroizing::new([2; ENCAPSULATION_SEED]), requests: 0, used_once: false };
        let sealed = pair(1).public().seal_with(drawn, INFO, b"", b"keyroom").unwrap();
        let hash = |bytes: &[u8]| data_encoding::HEXLOWER.encode(&crate::crypto::sha256(&[bytes]));
        assert_eq!(
            hash(pair(1).public().as_bytes()),
            "f37b99b2db732a7df55f61fa442606133b1aeea462df9f8225fb5c82674523db"
        );
        assert_eq!(
            hash(&sealed.encapsulated),
            "1cdf3d1365a6ec9ec8cd9df00d47693a67f5f7211871bbbc323e8fe08c22a9d3"
        );
        assert_eq!(
            data_encoding::HEXLOWER.encode(&sealed.ciphertext),
            "1fd3e87f6e361bc6f02527ff0c01c1fa7e44b623b3c2de"
        );
    }

    #[test]
    fn a_seed_is_handed_to_the_kem_once_and_whole() {
        let mut drawn = Drawn::new().unwrap();
        let mut room = [0; ENCAPSULATION_SEED];
        drawn.try_fill_bytes(&mut room).unwrap();
        assert!(drawn.used_once && room == *drawn.seed);
        drawn.try_fill_bytes(&mut room).unwrap();
        assert!(!drawn.used_once && room != *drawn.seed);
        let mut drawn = Drawn::new().unwrap();
        drawn.try_next_u64().unwrap();
        assert!(!drawn.used_once);
    }
}
