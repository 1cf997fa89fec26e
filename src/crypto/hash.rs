//! SHA-256 and HMAC-SHA256 over several parts at once. Never adds lengths: use `encoding::lp` where parts could run together.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::memory::SecretKey;

/// A SHA-256 digest, or an HMAC-SHA256 tag.
pub type Hash = [u8; 32];

/// SHA-256 (FIPS 180-4) of the concatenation of `parts`.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// SHA-256 of what comes piece by piece: a file too long to hold.
#[derive(Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// A hasher that was given nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next piece.
    pub fn update(&mut self, part: &[u8]) {
        self.0.update(part);
    }

    /// The hash of everything it was given.
    #[must_use]
    pub fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

/// HMAC-SHA256 (RFC 2104) of the concatenation of `parts`. Compare tags in constant time.
#[must_use]
pub fn hmac_sha256(key: &SecretKey, parts: &[&[u8]]) -> Hash {
    // Proof: HMAC takes a key of any length (RFC 2104, section 2); `new_from_slice` of `Hmac` never returns an error.
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hash_like_their_concatenation() {
        // FIPS 180-4, the one-block example "abc".
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let hash = sha256(&[b"a", b"", b"bc"]);
        assert_eq!(data_encoding::HEXLOWER.encode(&hash), expected);
        let mut hasher = Hasher::new();
        hasher.update(b"ab");
        hasher.update(b"c");
        assert_eq!(hasher.finish(), hash);
        let key = SecretKey::from_bytes(&[7; 32]);
        assert_eq!(hmac_sha256(&key, &[b"a", b"bc"]), hmac_sha256(&key, &[b"abc"]));
    }
}
