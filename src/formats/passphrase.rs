//! Passphrases of words from the EFF large word list (7776 words, 12.9 bits each).

use diceware_wordlists::EFF_LONG_WORDLIST;
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use super::random::Draws;
use super::{Description, Format, FormatError, GenerateOptions, Normalised, Recognised, line, strength};
use crate::crypto::memory::SecretBuf;
use crate::model::KeyType;

/// The longest word of the list, in bytes.
const WORD_MAX: usize = 9;
/// The longest separator, in bytes.
const SEPARATOR_MAX: usize = 3;
/// What people put between words.
const SEPARATORS: [char; 5] = ['-', ' ', '_', '.', ','];

/// How a new passphrase is made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PassphraseOptions {
    /// How many words: [`PassphraseOptions::WORDS`].
    pub words: usize,
    /// What stands between them: one to three characters that are no letters.
    pub separator: String,
    /// Begin each word with a capital letter. Adds no strength; some systems insist on it.
    pub capitalise: bool,
}

impl PassphraseOptions {
    /// The numbers of words allowed.
    pub const WORDS: std::ops::RangeInclusive<usize> = 4..=12;

    /// log2 of how many passphrases there are.
    ///
    /// # Errors
    /// [`FormatError`] when the number of words or the separator is not allowed.
    pub fn bits(&self) -> Result<f64, FormatError> {
        let (min, max) = (*Self::WORDS.start(), *Self::WORDS.end());
        if !Self::WORDS.contains(&self.words) {
            return Err(FormatError::OutOfRange { what: "the number of words", min, max, given: self.words });
        }
        let separates = |c: char| c == ' ' || c.is_ascii_digit() || c.is_ascii_punctuation();
        if !(1..=SEPARATOR_MAX).contains(&self.separator.len()) || !self.separator.chars().all(separates) {
            return Err(FormatError::BadSeparator);
        }
        Ok(bits(self.words))
    }
}

impl Default for PassphraseOptions {
    fn default() -> Self {
        Self { words: 6, separator: "-".to_owned(), capitalise: false }
    }
}

/// A passphrase of words.
pub(super) struct Passphrase;

impl Format for Passphrase {
    fn key_type(&self) -> KeyType {
        KeyType::Passphrase
    }

    fn recognise(&self, bytes: &[u8]) -> Option<Recognised> {
        listed(line::only(bytes)?).filter(|words| *words >= *PassphraseOptions::WORDS.start())?;
        Some(Recognised { confidence: 80 })
    }

    fn normalise(&self, entered: &SecretBuf) -> Result<Normalised, FormatError> {
        line::normalise(KeyType::Passphrase.title(), entered)
    }

    fn check(&self, value: &SecretBuf) -> Result<(), FormatError> {
        line::check(KeyType::Passphrase.title(), value)
    }

    fn describe(&self, value: &SecretBuf) -> Description {
        let text = value.as_str().unwrap_or_default();
        let listed = listed(text);
        let mut strength = strength::estimate(value, &[]);
        // Words of the published list are worth what the list is, however rare they look.
        if let Some(bits) = listed.map(bits).filter(|bits| *bits < strength.bits) {
            strength = strength::exact(bits);
        }
        let words = listed.unwrap_or_else(|| text.split(SEPARATORS).filter(|word| !word.is_empty()).count());
        describe(words, &strength, line::warnings(value))
    }

    fn generate(&self, options: &GenerateOptions) -> Result<SecretBuf, FormatError> {
        let PassphraseOptions { words, separator, capitalise } = &options.passphrase;
        options.passphrase.bits()?;
        let mut draws = Draws::new()?;
        let mut value = SecretBuf::with_capacity(words * (WORD_MAX + separator.len()));
        for i in 0..*words {
            let word = EFF_LONG_WORDLIST[draws.below(EFF_LONG_WORDLIST.len())?];
            let between = if i == 0 { "" } else { separator };
            let start = value.len() + between.len();
            // The capacity is that of the longest words: a test holds WORD_MAX against the list.
            let fits = value.push(between.as_bytes()).and_then(|()| value.push(word.as_bytes()));
            fits.map_err(|full| FormatError::TooLong { len: full.capacity + 1, max: full.capacity })?;
            if *capitalise && let Some(first) = value.room_mut().get_mut(start) {
                first.make_ascii_uppercase();
            }
        }
        Ok(value)
    }

    fn generator_bits(&self, options: &GenerateOptions) -> Result<f64, FormatError> {
        options.passphrase.bits()
    }

    fn describe_generated(&self, value: &SecretBuf, options: &GenerateOptions) -> Description {
        match options.passphrase.bits() {
            Ok(bits) => describe(options.passphrase.words, &strength::exact(bits), Vec::new()),
            Err(_) => self.describe(value),
        }
    }
}

fn describe(words: usize, strength: &strength::Strength, mut warnings: Vec<String>) -> Description {
    if strength.band < strength::Band::Good {
        warnings.push(format!("{}: {}", strength.band.word(), strength.advice));
    }
    let text = format!("{}, {}", super::text::count(words, "word"), strength.words());
    Description { entropy_bits: Some(strength.bits), warnings, ..Description::new(text) }
}

fn bits(words: usize) -> f64 {
    words as f64 * (EFF_LONG_WORDLIST.len() as f64).log2()
}

/// How many words `line` is, where every one is in the list (in lower case, or with one capital first) and one of the
/// usual separators stands between them.
fn listed(line: &str) -> Option<usize> {
    SEPARATORS.into_iter().find_map(|separator| {
        let (mut rest, mut words) = (line, 0);
        loop {
            // A word may hold a hyphen itself: "yo-yo". No such word is two words of the list; a test holds that.
            let mut ends = rest.match_indices(separator).map(|(end, _)| end).chain([rest.len()]).take(2);
            let end = ends.find(|end| is_listed(&rest[..*end]))?;
            words += 1;
            match rest[end..].strip_prefix(separator) {
                Some(next) => rest = next,
                None => return Some(words),
            }
        }
    })
}

fn is_listed(word: &str) -> bool {
    let mut room = [0; WORD_MAX];
    let Some(letters) = room.get_mut(..word.len()) else { return false };
    letters.copy_from_slice(word.as_bytes());
    if let Some(first) = letters.first_mut() {
        first.make_ascii_lowercase();
    }
    let found = EFF_LONG_WORDLIST.binary_search_by(|listed| listed.as_bytes().cmp(letters)).is_ok();
    room.zeroize();
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_word_list_is_the_published_one() {
        assert_eq!(EFF_LONG_WORDLIST.len(), 7776);
        assert_eq!((EFF_LONG_WORDLIST[0], EFF_LONG_WORDLIST[7775]), ("abacus", "zoom"));
        assert!(EFF_LONG_WORDLIST.is_sorted(), "binary search needs it");
        assert_eq!(EFF_LONG_WORDLIST.iter().map(|word| word.len()).max(), Some(WORD_MAX));
    }

    #[test]
    fn no_word_with_a_hyphen_can_be_read_as_two_words_so_the_bits_are_exact() {
        for word in EFF_LONG_WORDLIST.iter().filter(|word| word.contains('-')) {
            assert!(word.split('-').any(|part| !EFF_LONG_WORDLIST.contains(&part)), "{word}");
        }
    }

    #[test]
    fn words_of_the_list_are_worth_what_the_list_is() {
        let description = Passphrase.describe(&SecretBuf::from_slice(b"Gander-Goatskin-Mutable-Wrench"));
        assert!(description.text.starts_with("4 words, about "), "{description:?}");
        assert!(description.entropy_bits.unwrap() <= 51.7);
        assert!(description.warnings[0].starts_with("Weak: "), "{:?}", description.warnings);
    }

    #[test]
    fn words_with_a_hyphen_are_one_word() {
        assert_eq!(listed("yo-yo-t-shirt-abacus-drop-down"), Some(4));
        assert_eq!(listed("yo-yo abacus Felt-tip zoom"), Some(4));
        for line in ["", "yo-", "abacus--zoom", "abacus-zoom zoom", "abacus-übung"] {
            assert_eq!(listed(line), None, "{line}");
        }
    }

    #[test]
    fn impossible_options_are_refused() {
        let with = |words, separator: &str| {
            PassphraseOptions { words, separator: separator.to_owned(), capitalise: false }.bits()
        };
        assert!(matches!(with(3, "-"), Err(FormatError::OutOfRange { min: 4, max: 12, given: 3, .. })));
        for separator in ["", "a", "----", "\n", "·"] {
            assert_eq!(with(6, separator), Err(FormatError::BadSeparator), "{separator:?}");
        }
        assert!((with(6, " ").unwrap() - 77.549).abs() < 0.001);
    }

    proptest! {
        #[test]
        fn passphrases_hold_the_words_asked_for(words in 4usize..=12, separator in "[ .,_0-9]{1,3}", capitalise: bool) {
            let passphrase = PassphraseOptions { words, separator: separator.clone(), capitalise };
            let value = Passphrase.generate(&GenerateOptions { passphrase, ..Default::default() }).unwrap();
            let text = value.as_str().unwrap();
            let found: Vec<&str> = text.split(separator.as_str()).collect();
            prop_assert_eq!(found.len(), words);
            for word in found {
                prop_assert!(EFF_LONG_WORDLIST.contains(&word.to_ascii_lowercase().as_str()));
                prop_assert_eq!(word.starts_with(|c: char| c.is_ascii_uppercase()), capitalise);
            }
        }
    }
}
