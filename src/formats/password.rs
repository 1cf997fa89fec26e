//! Passwords of characters: what people type and what the generator makes.

use serde::{Deserialize, Serialize};

use super::random::Draws;
use super::{Description, Format, FormatError, GenerateOptions, Normalised, Recognised, line, strength};
use crate::crypto::memory::SecretBuf;
use crate::model::KeyType;

const LOWER: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
const UPPER: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS: &[u8] = b"0123456789";
/// Without quotes, backslash, backtick and space, which shells, connection strings and configuration files misread.
const SYMBOLS: &[u8] = b"!#$%&()*+,-./:;<=>?@[]^_{|}~";
/// Characters that are mistaken for one another on paper or over the telephone.
const AMBIGUOUS: &[u8] = b"0Oo1lI|";

/// How many draws are made before the random generator is called broken. The worst settings (8 characters of four kinds)
/// refuse fewer than two draws in three, so a sound generator gets here once in 10^17 passwords.
const DRAWS_MAX: usize = 100;

/// How a new password is made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PasswordOptions {
    /// How many characters: [`PasswordOptions::LENGTH`].
    pub length: usize,
    /// Letters a to z.
    pub lower: bool,
    /// Letters A to Z.
    pub upper: bool,
    /// Digits 0 to 9.
    pub digits: bool,
    /// Punctuation that shells and configuration files do not misread.
    pub symbols: bool,
    /// Leave out characters that are mistaken for one another (0 O o, 1 l I |).
    pub exclude_ambiguous: bool,
}

impl PasswordOptions {
    /// The lengths allowed. 8 is the least NIST SP 800-63B-4 permits with a second factor.
    pub const LENGTH: std::ops::RangeInclusive<usize> = 8..=128;

    /// The chosen classes, each without the characters left out.
    fn classes(&self) -> Result<Vec<Vec<u8>>, FormatError> {
        let (min, max) = (*Self::LENGTH.start(), *Self::LENGTH.end());
        if !Self::LENGTH.contains(&self.length) {
            return Err(FormatError::OutOfRange {
                what: "the length of a password",
                min,
                max,
                given: self.length,
            });
        }
        let kept = |byte: &&u8| !(self.exclude_ambiguous && AMBIGUOUS.contains(byte));
        let classes: Vec<Vec<u8>> =
            [(self.lower, LOWER), (self.upper, UPPER), (self.digits, DIGITS), (self.symbols, SYMBOLS)]
                .into_iter()
                .filter(|(chosen, _)| *chosen)
                .map(|(_, class)| class.iter().filter(kept).copied().collect())
                .collect();
        if classes.is_empty() { Err(FormatError::NoCharacters) } else { Ok(classes) }
    }

    /// log2 of how many passwords there are of this length that hold every chosen class, by inclusion and exclusion.
    ///
    /// # Errors
    /// [`FormatError`] when the length is out of range or no class is chosen.
    pub fn bits(&self) -> Result<f64, FormatError> {
        let classes = self.classes()?;
        let all: usize = classes.iter().map(Vec::len).sum();
        let length = self.length as f64;
        let share: f64 = (0u32..1 << classes.len())
            .map(|missing| {
                let left_out: usize = classes
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| missing >> i & 1 == 1)
                    .map(|(_, c)| c.len())
                    .sum();
                let sign = if missing.count_ones() % 2 == 0 { 1.0 } else { -1.0 };
                sign * ((all - left_out) as f64 / all as f64).powf(length)
            })
            .sum();
        Ok(length * (all as f64).log2() + share.log2())
    }
}

impl Default for PasswordOptions {
    fn default() -> Self {
        Self { length: 20, lower: true, upper: true, digits: true, symbols: true, exclude_ambiguous: false }
    }
}

/// A password of characters.
pub(super) struct Password;

impl Format for Password {
    fn key_type(&self) -> KeyType {
        KeyType::Password
    }

    fn recognise(&self, bytes: &[u8]) -> Option<Recognised> {
        let line = line::only(bytes)?;
        (line.chars().count() <= 64)
            .then(|| Recognised { confidence: if line.contains(' ') { 25 } else { 40 } })
    }

    fn normalise(&self, entered: &SecretBuf) -> Result<Normalised, FormatError> {
        line::normalise(KeyType::Password.title(), entered)
    }

    fn check(&self, value: &SecretBuf) -> Result<(), FormatError> {
        line::check(KeyType::Password.title(), value)
    }

    fn describe(&self, value: &SecretBuf) -> Description {
        describe(value, &strength::estimate(value, &[]), line::warnings(value))
    }

    fn generate(&self, options: &GenerateOptions) -> Result<SecretBuf, FormatError> {
        let classes = options.password.classes()?;
        let alphabet: Vec<u8> = classes.concat();
        let mut draws = Draws::new()?;
        // Whole passwords are drawn until one holds every class: forcing a class into a place would favour some passwords.
        for _ in 0..DRAWS_MAX {
            let mut value = SecretBuf::with_capacity(options.password.length);
            for room in value.room_mut() {
                *room = alphabet[draws.below(alphabet.len())?];
            }
            value.set_len(options.password.length);
            if classes.iter().all(|class| value.as_bytes().iter().any(|byte| class.contains(byte))) {
                return Ok(value);
            }
        }
        Err(FormatError::Random)
    }

    fn generator_bits(&self, options: &GenerateOptions) -> Result<f64, FormatError> {
        options.password.bits()
    }

    fn describe_generated(&self, value: &SecretBuf, options: &GenerateOptions) -> Description {
        match options.password.bits() {
            Ok(bits) => describe(value, &strength::exact(bits), Vec::new()),
            Err(_) => self.describe(value),
        }
    }
}

fn describe(value: &SecretBuf, strength: &strength::Strength, mut warnings: Vec<String>) -> Description {
    let characters = value.as_str().map_or(value.len(), |text| text.chars().count());
    if strength.band < strength::Band::Good {
        warnings.push(format!("{}: {}", strength.band.word(), strength.advice));
    }
    Description {
        entropy_bits: Some(strength.bits),
        warnings,
        ..Description::new(format!("{}, {}", super::text::count(characters, "character"), strength.words()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bits_are_the_exact_number_of_passwords_the_generator_can_make() {
        let only_digits =
            PasswordOptions { lower: false, upper: false, symbols: false, length: 8, ..Default::default() };
        assert!((only_digits.bits().unwrap() - 8.0 * 10f64.log2()).abs() < 1e-9);
        // 36^8 - 26^8 - 10^8: those that hold both a letter and a digit.
        let two = PasswordOptions { upper: false, symbols: false, length: 8, ..Default::default() };
        let count = 36f64.powi(8) - 26f64.powi(8) - 10f64.powi(8);
        assert!((two.bits().unwrap() - count.log2()).abs() < 1e-9);
        assert!(PasswordOptions::default().bits().unwrap() > 128.0);
    }

    #[test]
    fn impossible_options_are_refused_with_the_range() {
        let short = PasswordOptions { length: 7, ..Default::default() };
        assert!(matches!(short.bits(), Err(FormatError::OutOfRange { min: 8, max: 128, given: 7, .. })));
        let none = PasswordOptions {
            lower: false,
            upper: false,
            digits: false,
            symbols: false,
            ..Default::default()
        };
        assert_eq!(none.bits(), Err(FormatError::NoCharacters));
    }

    #[test]
    fn a_chosen_password_is_told_by_its_length_and_estimate() {
        let description = Password.describe(&SecretBuf::from_slice(b"password1"));
        assert!(description.text.starts_with("9 characters, about "), "{}", description.text);
        assert!(description.warnings[0].starts_with("Poor: "), "{:?}", description.warnings);
    }

    #[test]
    fn a_generated_password_is_told_by_its_length_and_the_generators_bits() {
        let options = GenerateOptions::default();
        let value = Password.generate(&options).unwrap();
        assert_eq!(Password.describe_generated(&value, &options).text, "20 characters, about 129 bits");
    }

    proptest! {
        #[test]
        fn passwords_have_their_length_every_class_and_nothing_else(
            length in 8usize..=128, chosen in 1u8..16, exclude_ambiguous: bool,
        ) {
            let password = PasswordOptions {
                length, exclude_ambiguous,
                lower: chosen & 1 != 0, upper: chosen & 2 != 0, digits: chosen & 4 != 0, symbols: chosen & 8 != 0,
            };
            let classes = password.classes().unwrap();
            let bits = password.bits().unwrap();
            prop_assert!(bits > 20.0 && bits < 900.0);
            let value = Password.generate(&GenerateOptions { password, ..Default::default() }).unwrap();
            prop_assert_eq!(value.len(), length);
            for class in &classes {
                prop_assert!(value.as_bytes().iter().any(|byte| class.contains(byte)));
            }
            prop_assert!(value.as_bytes().iter().all(|byte| classes.concat().contains(byte)));
            prop_assert!(!exclude_ambiguous || !value.as_bytes().iter().any(|byte| AMBIGUOUS.contains(byte)));
        }
    }
}
