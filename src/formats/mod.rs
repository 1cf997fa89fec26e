//! What key material is: recognise, check, describe, generate, encode. One file for each kind.
//!
//! Bytes come in as a [`SecretBuf`] and leave as one. Nothing here knows a vault, a file or a clock, and nothing said in
//! words (a [`Description`], a note, an error) ever holds a part of the value: lengths, providers and dates only.
//!
//! Two steps stand between what a person gives and what is stored. `normalise` turns it into the one form a value has
//! (64 hex digits become 32 bytes, the line break at the end of a text file goes); `check` refuses what is no value of its
//! type. [`encode::parse`] does both.

mod codec;
pub mod csv_export;
pub mod csv_import;
pub mod encode;
mod error;
mod file;
mod jwt;
mod kcv;
mod line;
mod passphrase;
mod password;
mod random;
pub mod strength;
mod symmetric;
mod text;
mod token;

use serde::{Deserialize, Serialize};

pub use error::FormatError;
pub use passphrase::PassphraseOptions;
pub use password::PasswordOptions;
pub use token::TokenOptions;

use crate::crypto::memory::SecretBuf;
use crate::model::{KeyType, Timestamp};

/// One kind of key material.
///
/// **Fingerprints.** Reuse is found by a keyed hash over [`Format::fingerprint_input`]: the normalised bytes and nothing
/// else, not even the type, so that a key pasted as hex and the same key read from a raw file are one value.
pub trait Format: Sync {
    /// Which type of key this is the material of.
    fn key_type(&self) -> KeyType;

    /// Whether `bytes`, as a person or a file gave them, look like this kind.
    fn recognise(&self, bytes: &[u8]) -> Option<Recognised>;

    /// The one form a value of this kind is stored in.
    ///
    /// # Errors
    /// [`FormatError`] when `entered` is no writing of this kind at all.
    fn normalise(&self, entered: &SecretBuf) -> Result<Normalised, FormatError>;

    /// Whether a normalised value may be stored.
    ///
    /// # Errors
    /// [`FormatError`] saying what is wrong and what to do.
    fn check(&self, value: &SecretBuf) -> Result<(), FormatError>;

    /// What a normalised value is, in words. Never fails: a value that would not pass [`Format::check`] is described too.
    fn describe(&self, value: &SecretBuf) -> Description;

    /// A new random value.
    ///
    /// # Errors
    /// [`FormatError`] when the options are out of range, when there is no randomness, or for kinds that are never made here.
    fn generate(&self, options: &GenerateOptions) -> Result<SecretBuf, FormatError>;

    /// How many bits of entropy [`Format::generate`] puts into a value: log2 of the number of equally likely values.
    ///
    /// # Errors
    /// As [`Format::generate`], without using any randomness.
    fn generator_bits(&self, options: &GenerateOptions) -> Result<f64, FormatError>;

    /// What a value made with `options` is: the generator's own entropy stands where an estimate would.
    fn describe_generated(&self, value: &SecretBuf, options: &GenerateOptions) -> Description {
        Description { entropy_bits: self.generator_bits(options).ok(), ..self.describe(value) }
    }

    /// The bytes a keyed fingerprint is taken over: the normalised value as it is.
    fn fingerprint_input<'a>(&self, value: &'a SecretBuf) -> &'a [u8] {
        value.as_bytes()
    }
}

/// How sure [`Format::recognise`] is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Recognised {
    /// 0 to 100: a rank among the formats, not a probability.
    pub confidence: u8,
}

/// A value in the form it is stored in.
pub struct Normalised {
    /// The value.
    pub value: SecretBuf,
    /// What was changed on the way, each a sentence for the operator.
    pub notes: Vec<&'static str>,
}

/// What a value is, without the value.
#[derive(Clone, PartialEq, Debug)]
pub struct Description {
    /// In words: "AES, 256 bits", "20 characters, about 128 bits", "GitHub token".
    pub text: String,
    /// Key check value with its method, e.g. `cmac-aes:763cbc`, for symmetric keys.
    pub check_value: Option<String>,
    /// Bits of entropy: exact for a generated value, an estimate for a password somebody chose, else unknown.
    pub entropy_bits: Option<f64>,
    /// When it stops working, where the value itself says so (a JSON Web Token).
    pub expires: Option<Timestamp>,
    /// Sentences the operator should read before storing it.
    pub warnings: Vec<String>,
}

impl Description {
    /// Words and nothing else.
    fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), check_value: None, entropy_bits: None, expires: None, warnings: Vec::new() }
    }
}

/// How new values are made; each kind reads its own part.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct GenerateOptions {
    /// For passwords.
    pub password: PasswordOptions,
    /// For passphrases.
    pub passphrase: PassphraseOptions,
    /// For API tokens.
    pub token: TokenOptions,
}

/// The material of a type of key.
#[must_use]
pub fn of(key_type: KeyType) -> &'static dyn Format {
    match key_type {
        KeyType::Aes256 => &symmetric::AES_256,
        KeyType::ChaCha20 => &symmetric::CHACHA20,
        KeyType::HmacSha256 => &symmetric::HMAC_SHA256,
        KeyType::Password => &password::Password,
        KeyType::Passphrase => &passphrase::Passphrase,
        KeyType::ApiToken => &token::ApiToken,
        KeyType::Text => &text::Text,
        KeyType::File => &file::File,
    }
}

/// The order in which equally sure formats win: a symmetric key nobody can tell apart is offered as AES.
const GUESSES: [KeyType; 8] = [
    KeyType::ApiToken,
    KeyType::Aes256,
    KeyType::ChaCha20,
    KeyType::HmacSha256,
    KeyType::Passphrase,
    KeyType::Password,
    KeyType::Text,
    KeyType::File,
];

/// The best guess at what `value` is, for an import where nobody has said. [`KeyType::File`] where nothing fits.
#[must_use]
pub fn recognise(value: &SecretBuf) -> KeyType {
    let mut best = (KeyType::File, Recognised { confidence: 0 });
    for key_type in GUESSES {
        if let Some(found) = of(key_type).recognise(value.as_bytes())
            && found > best.1
        {
            best = (key_type, found);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn buf(bytes: &[u8]) -> SecretBuf {
        SecretBuf::from_slice(bytes)
    }

    #[test]
    fn every_type_has_the_format_of_its_name() {
        for key_type in KeyType::ALL {
            assert_eq!(of(key_type).key_type(), key_type);
        }
    }

    #[test]
    fn the_best_guess_is_what_an_administrator_would_say() {
        let random = symmetric::AES_256.generate(&GenerateOptions::default()).unwrap();
        let hex = data_encoding::HEXLOWER.encode(random.as_bytes());
        let base64 = data_encoding::BASE64.encode(random.as_bytes());
        for (bytes, expected) in [
            (hex.as_bytes(), KeyType::Aes256),
            (base64.as_bytes(), KeyType::Aes256),
            (b"ghp_0123456789abcdefghijABCDEFGHIJ012345", KeyType::ApiToken),
            (b"ghp_0123456789abcdefghijABCDEFGHIJ012345\n", KeyType::ApiToken),
            (b"eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3OTMyMzQ0MDB9.c2ln", KeyType::ApiToken),
            (b"9oJ2kfQ0x8sW1vZr7TnYpL4hB6dGcEaM", KeyType::ApiToken),
            (b"hunter2", KeyType::Password),
            (b"Tr0ub4dor&3\n", KeyType::Password),
            (b"Two strange women at the well", KeyType::Text),
            (b"gander-goatskin-mutable-wrench-abacus", KeyType::Passphrase),
            (b"host=db\nuser=app\n", KeyType::Text),
            (b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n", KeyType::File),
            (b"SQLite format 3\0 and so on", KeyType::File),
            (b"\x1f\x8b\x08\x00", KeyType::File),
            (b"", KeyType::File),
        ] {
            assert_eq!(recognise(&buf(bytes)), expected, "{}", String::from_utf8_lossy(bytes));
        }
        assert_eq!(recognise(&random), KeyType::Aes256);
    }

    #[test]
    fn what_is_generated_is_accepted_described_and_recognised_as_itself() {
        let options = GenerateOptions::default();
        for key_type in KeyType::ALL.into_iter().filter(|t| t.can_generate()).flat_map(|t| [t; 40]) {
            let format = of(key_type);
            let value = format.generate(&options).unwrap();
            assert_eq!(format.check(&value), Ok(()), "{key_type:?}");
            let description = format.describe_generated(&value, &options);
            assert!(description.entropy_bits.unwrap() > 75.0, "{description:?}");
            assert_eq!(description.warnings, Vec::<String>::new(), "{key_type:?}");
            let guess = recognise(&value);
            let alike =
                matches!(key_type, KeyType::ChaCha20 | KeyType::HmacSha256) && guess == KeyType::Aes256;
            // A password of 20 characters may look like a token where it drew no symbol a token lacks.
            let near = key_type == KeyType::Password && guess == KeyType::ApiToken;
            assert!(guess == key_type || alike || near, "{key_type:?} taken for {guess:?}");
        }
    }

    #[test]
    fn text_and_files_are_never_made_here() {
        for key_type in [KeyType::Text, KeyType::File] {
            let format = of(key_type);
            assert_eq!(
                format.generate(&GenerateOptions::default()).err(),
                Some(FormatError::CannotGenerate { key_type: key_type.word() })
            );
            assert!(format.generator_bits(&GenerateOptions::default()).is_err());
            assert!(!key_type.can_generate());
        }
    }

    /// Whether `said` holds any four neighbouring characters of `secret`.
    fn tells(said: &str, secret: &str) -> bool {
        let chars: Vec<char> = secret.chars().collect();
        chars.windows(4).any(|part| said.contains(&part.iter().collect::<String>()))
    }

    #[test]
    fn no_error_note_or_description_holds_a_part_of_the_secret() {
        // Characters that no message of ours is made of, between what provokes each refusal.
        let odd = "Zq7Xv9Kw3Jy5Qz1Vx8Wk4Yj6";
        let hex = "e7b1d9c3".repeat(8);
        let secrets = [
            odd.to_owned(),
            format!("{odd}\n{odd}"),
            format!("{odd}\u{0}{odd}"),
            format!("{odd} {odd}\n"),
            format!(" {odd} "),
            format!("{odd}\u{200B}"),
            format!("ghp_{odd}"),
            format!("eyJ{odd}.{odd}.{odd}"),
            format!("\u{FEFF}{odd}\n"),
            hex[..32].to_owned(),
            hex,
        ];
        for secret in secrets {
            for key_type in KeyType::ALL {
                let said = match encode::parse(key_type, &buf(secret.as_bytes())) {
                    Ok(parsed) => format!("{:?} {:?}", parsed.notes, of(key_type).describe(&parsed.value)),
                    Err(error) => format!("{error} {error:?}"),
                };
                assert!(!tells(&said, &secret), "{key_type:?}: {said}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_any_format_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let value = buf(&bytes);
            let _ = recognise(&value);
            for key_type in KeyType::ALL {
                let _ = of(key_type).describe(&value);
                let _ = of(key_type).check(&value);
                let _ = encode::to_display(key_type, &value);
                if let Ok(parsed) = encode::parse(key_type, &value) {
                    prop_assert_eq!(of(key_type).check(&parsed.value), Ok(()));
                }
            }
        }

        #[test]
        fn no_text_makes_any_format_panic(text in "\\PC{0,60}") {
            let value = buf(text.as_bytes());
            let _ = recognise(&value);
            for key_type in KeyType::ALL {
                let _ = of(key_type).describe(&value);
                let _ = encode::parse(key_type, &value).map(|parsed| of(key_type).describe(&parsed.value));
            }
        }
    }
}
