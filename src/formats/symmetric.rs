//! Keys of 32 random bytes: AES-256, ChaCha20, HMAC-SHA-256.
//!
//! Stored raw. Accepted as 32 raw bytes, or as hex or Base64 of 32 bytes; a shorter key written in hex is refused by its
//! real length instead of being taken for 32 raw characters.

use super::{
    Description, Format, FormatError, GenerateOptions, Normalised, Recognised, codec, kcv, line, random,
};
use crate::crypto::memory::SecretBuf;
use crate::model::KeyType;

/// Bytes of every key here (256 bits: NIST SP 800-57 Part 1 Rev. 5, table 2).
const LEN: usize = 32;
/// Fewer different bytes than this among 32 are no accident: random bytes do it once in 10^22 keys.
const DISTINCT_MIN: usize = 12;

/// A key of 32 random bytes for one algorithm.
pub(super) struct Symmetric {
    key_type: KeyType,
    algorithm: &'static str,
    check_value: fn(&[u8]) -> Option<String>,
}

/// AES with 256 bits; its check value is a CMAC.
pub(super) static AES_256: Symmetric =
    Symmetric { key_type: KeyType::Aes256, algorithm: "AES", check_value: kcv::aes_256 };
/// ChaCha20 and XChaCha20.
pub(super) static CHACHA20: Symmetric =
    Symmetric { key_type: KeyType::ChaCha20, algorithm: "ChaCha20", check_value: kcv::hmac_sha256 };
/// HMAC with SHA-256.
pub(super) static HMAC_SHA256: Symmetric =
    Symmetric { key_type: KeyType::HmacSha256, algorithm: "HMAC-SHA-256", check_value: kcv::hmac_sha256 };

impl Format for Symmetric {
    fn key_type(&self) -> KeyType {
        self.key_type
    }

    fn recognise(&self, bytes: &[u8]) -> Option<Recognised> {
        let raw = bytes.len() == LEN;
        if bytes.len() > 4 * LEN || (raw && is_printable(bytes)) {
            return None;
        }
        let value = self.read(bytes).ok()?.value;
        self.check(&value).ok()?;
        // 43 characters without padding are more often a token than a key.
        let unpadded = bytes.trim_ascii().len() == 43;
        Some(Recognised {
            confidence: if raw {
                70
            } else if unpadded {
                50
            } else {
                60
            },
        })
    }

    fn normalise(&self, entered: &SecretBuf) -> Result<Normalised, FormatError> {
        line::size(entered)?;
        self.read(entered.as_bytes())
    }

    fn check(&self, value: &SecretBuf) -> Result<(), FormatError> {
        let title = self.key_type.title();
        let bytes = value.as_bytes();
        if bytes.len() != LEN {
            return Err(self.wrong_length(bytes.len()));
        }
        if bytes.iter().all(|byte| *byte == 0) {
            return Err(FormatError::AllZero { title });
        }
        if distinct(bytes) < DISTINCT_MIN || has_constant_step(bytes) {
            return Err(FormatError::LowEntropy { title });
        }
        if bytes[..LEN / 2] == bytes[LEN / 2..] {
            return Err(FormatError::RepeatedHalves { title });
        }
        Ok(())
    }

    fn describe(&self, value: &SecretBuf) -> Description {
        let bytes = value.as_bytes();
        let mut description = Description::new(format!("{}, {} bits", self.algorithm, bytes.len() * 8));
        if bytes.len() == LEN {
            description.check_value = (self.check_value)(bytes);
        } else {
            description.warnings.push(format!("It is {} bytes long instead of {LEN}.", bytes.len()));
        }
        if is_printable(bytes) {
            description.warnings.push(
                "Every byte is a printable character: if somebody chose it, or it was decoded once too seldom, it is far \
                 weaker than 256 bits. Generate a new key if you can."
                    .to_owned(),
            );
        }
        description
    }

    fn generate(&self, _: &GenerateOptions) -> Result<SecretBuf, FormatError> {
        let value = random::bytes(LEN)?;
        // A generator whose bytes show a pattern is a broken one.
        self.check(&value).map_err(|_| FormatError::Random)?;
        Ok(value)
    }

    fn generator_bits(&self, _: &GenerateOptions) -> Result<f64, FormatError> {
        Ok(256.0)
    }
}

impl Symmetric {
    fn read(&self, bytes: &[u8]) -> Result<Normalised, FormatError> {
        if bytes.len() == LEN && !is_hex(bytes) {
            return Ok(Normalised { value: SecretBuf::from_slice(bytes), notes: Vec::new() });
        }
        let text = bytes.trim_ascii();
        let (value, note) = if let Some(value) = codec::from_hex(text) {
            (value, "It was read as hex.")
        } else if text.len() == LEN && is_printable(text) {
            (SecretBuf::from_slice(text), "The line break at the end was left out.")
        } else if let Some(value) = codec::from_base64(text) {
            (value, "It was read as Base64.")
        } else if text.is_ascii() {
            return Err(FormatError::NotEncoded { title: self.key_type.title() });
        } else {
            return Err(self.wrong_length(bytes.len()));
        };
        if value.len() == LEN {
            Ok(Normalised { value, notes: vec![note] })
        } else {
            Err(self.wrong_length(value.len()))
        }
    }

    fn wrong_length(&self, found: usize) -> FormatError {
        FormatError::WrongLength { title: self.key_type.title(), found, needed: LEN }
    }
}

fn is_printable(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

fn is_hex(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_hexdigit)
}

fn distinct(bytes: &[u8]) -> usize {
    (0..=u8::MAX).filter(|byte| bytes.contains(byte)).count()
}

/// Whether each byte is the one before it plus the same number: 00 01 02 …, ff fe fd ….
fn has_constant_step(bytes: &[u8]) -> bool {
    let mut steps = bytes.windows(2).map(|pair| pair[1].wrapping_sub(pair[0]));
    let first = steps.next();
    steps.all(|step| Some(step) == first)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(bytes: &[u8]) -> Result<Vec<u8>, FormatError> {
        let value = AES_256.normalise(&SecretBuf::from_slice(bytes))?.value;
        AES_256.check(&value)?;
        Ok(value.as_bytes().to_vec())
    }

    fn wrong(found: usize) -> Result<Vec<u8>, FormatError> {
        Err(FormatError::WrongLength { title: "AES key", found, needed: 32 })
    }

    #[test]
    fn keys_that_were_not_made_at_random_are_refused_by_what_is_wrong_with_them() {
        let title = "AES key";
        let halves: Vec<u8> = (0..16).chain(0..16).map(|i: u8| i.wrapping_mul(37)).collect();
        let counting: Vec<u8> = (0..32).collect();
        let falling: Vec<u8> = (0..32).map(|i| 255 - 3 * i).collect();
        assert_eq!(parse(&[0; 32]), Err(FormatError::AllZero { title }));
        assert_eq!(parse(&[0xff; 32]), Err(FormatError::LowEntropy { title }));
        assert_eq!(parse(&halves), Err(FormatError::RepeatedHalves { title }));
        assert_eq!(parse(&counting), Err(FormatError::LowEntropy { title }));
        assert_eq!(parse(&falling), Err(FormatError::LowEntropy { title }));
        assert_eq!(parse(b"00000000000000000000000000000000"), wrong(16));
    }

    #[test]
    fn a_shorter_key_written_in_hex_or_base64_is_refused_by_its_real_length() {
        assert_eq!(parse(b"2b7e151628aed2a6abf7158809cf4f3c"), wrong(16));
        assert_eq!(parse(b"2b7e151628aed2a6abf7158809cf4f3c\n"), wrong(16));
        assert_eq!(parse(b"K34VFiiu0qar9xWICc9PPA=="), wrong(16));
        assert_eq!(parse(&[7, 200, 3]), wrong(3));
        assert_eq!(parse(b"not a key!"), Err(FormatError::NotEncoded { title: "AES key" }));
        assert_eq!(parse(b""), Err(FormatError::Empty));
    }

    #[test]
    fn thirty_two_printable_characters_are_a_key_with_a_warning() {
        let bytes = b"MySecret!Key#for+the/Backup-2026";
        assert_eq!(parse(bytes), Ok(bytes.to_vec()));
        assert_eq!(parse(b"MySecret!Key#for+the/Backup-2026\r\n"), Ok(bytes.to_vec()));
        assert_eq!(AES_256.describe(&SecretBuf::from_slice(bytes)).warnings.len(), 1);
    }

    #[test]
    fn a_key_is_described_by_algorithm_bits_and_check_value() {
        let key: Vec<u8> = (0..32).collect();
        let aes = AES_256.describe(&SecretBuf::from_slice(&key));
        assert_eq!(
            (aes.text.as_str(), aes.check_value.as_deref()),
            ("AES, 256 bits", Some("cmac-aes:377822"))
        );
        let hmac = HMAC_SHA256.describe(&SecretBuf::from_slice(&key));
        assert_eq!(hmac.text, "HMAC-SHA-256, 256 bits");
        assert_eq!(hmac.check_value.as_deref(), Some("hmac-sha256:461d30"));
        assert_eq!(hmac.entropy_bits, None);
    }

    proptest! {
        #[test]
        fn every_writing_of_a_key_is_the_same_key(key in any::<[u8; 32]>()) {
            let raw = SecretBuf::from_slice(&key);
            prop_assume!(AES_256.check(&raw).is_ok());
            let mut line = codec::hex(&key).as_bytes().to_vec();
            line.push(b'\n');
            for text in [codec::hex(&key), codec::hex_groups(&key), codec::base64(&key), codec::base64url(&key), raw] {
                prop_assert_eq!(parse(text.as_bytes()), Ok(key.to_vec()));
            }
            prop_assert_eq!(parse(&line), Ok(key.to_vec()));
        }
    }
}
