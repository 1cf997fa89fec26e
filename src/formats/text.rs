//! Text of any kind, kept as it is: several lines, white space and line breaks belong to it.

use super::{Description, Format, FormatError, GenerateOptions, Normalised, Recognised, line};
use crate::crypto::memory::SecretBuf;
use crate::model::KeyType;

/// Any text.
pub(super) struct Text;

impl Format for Text {
    fn key_type(&self) -> KeyType {
        KeyType::Text
    }

    fn recognise(&self, bytes: &[u8]) -> Option<Recognised> {
        let text = std::str::from_utf8(bytes).ok().filter(|text| !text.is_empty() && !text.contains('\0'))?;
        let lines = text.trim_end().lines().count();
        Some(Recognised { confidence: if lines > 1 { 60 } else { 30 } })
    }

    fn normalise(&self, entered: &SecretBuf) -> Result<Normalised, FormatError> {
        self.check(entered)?;
        Ok(Normalised { value: SecretBuf::from_slice(entered.as_bytes()), notes: Vec::new() })
    }

    fn check(&self, value: &SecretBuf) -> Result<(), FormatError> {
        match line::text(value)?.chars().position(|c| c == '\0') {
            Some(i) => Err(FormatError::ControlCharacter { position: i + 1 }),
            None => Ok(()),
        }
    }

    fn describe(&self, value: &SecretBuf) -> Description {
        let Some(text) = value.as_str() else {
            return Description::new(format!("Text that is not UTF-8, {}", count(value.len(), "byte")));
        };
        let (lines, characters) = (text.lines().count(), text.chars().count());
        Description::new(format!("{}, {}", count(lines, "line"), count(characters, "character")))
    }

    fn generate(&self, options: &GenerateOptions) -> Result<SecretBuf, FormatError> {
        self.generator_bits(options).map(|_| SecretBuf::with_capacity(0))
    }

    fn generator_bits(&self, _: &GenerateOptions) -> Result<f64, FormatError> {
        Err(FormatError::CannotGenerate { key_type: KeyType::Text.word() })
    }
}

/// "1 line", "3 lines".
pub(super) fn count(number: usize, unit: &str) -> String {
    if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_as_it_is_and_told_by_lines_and_characters() {
        let value = SecretBuf::from_slice("user=app\npass=ü\n".as_bytes());
        let kept = Text.normalise(&value).unwrap();
        assert!(kept.value == value && kept.notes.is_empty());
        assert_eq!(Text.describe(&value).text, "2 lines, 16 characters");
        assert_eq!(Text.describe(&SecretBuf::from_slice(b"x")).text, "1 line, 1 character");
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        let check = |bytes: &[u8]| Text.check(&SecretBuf::from_slice(bytes));
        assert_eq!(check(b""), Err(FormatError::Empty));
        assert_eq!(check(b"\x80"), Err(FormatError::NotText));
        assert_eq!(check(b"ab\0"), Err(FormatError::ControlCharacter { position: 3 }));
    }
}
