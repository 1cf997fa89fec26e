//! How a value is shown, copied and written, and how what somebody typed, pasted or read from a file becomes a value.
//!
//! Text is shown as it is. A symmetric key is hex: in groups of four digits on a screen, without spaces on the clipboard.
//! A file that holds text is shown as that text, any other as Base64.

use super::{Normalised, codec, of};
use crate::crypto::memory::SecretBuf;
use crate::formats::FormatError;
use crate::model::KeyType;

/// How a value is written as text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Writing {
    /// The value is text and stands for itself.
    Plain,
    /// Lower-case hex.
    Hex,
    /// Base64 with padding (RFC 4648, section 4).
    Base64,
}

impl Writing {
    /// The word beside a value on a screen.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Plain => "text",
            Self::Hex => "hex",
            Self::Base64 => "Base64",
        }
    }
}

/// How a value of this type is shown and copied.
#[must_use]
pub fn writing(key_type: KeyType, value: &SecretBuf) -> Writing {
    match (key_type, value.as_str()) {
        (KeyType::Aes256 | KeyType::ChaCha20 | KeyType::HmacSha256, _) => Writing::Hex,
        (_, Some(text)) if !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) => {
            Writing::Plain
        }
        (KeyType::Text, Some(_)) => Writing::Plain,
        _ => Writing::Base64,
    }
}

/// The value as it is shown: text as it is, a symmetric key in groups of four hex digits, other bytes in Base64.
#[must_use]
pub fn to_display(key_type: KeyType, value: &SecretBuf) -> SecretBuf {
    match writing(key_type, value) {
        Writing::Hex => codec::hex_groups(value.as_bytes()),
        other => write(value, other),
    }
}

/// The value as it is put on the clipboard: what [`to_display`] shows, without spaces between hex digits.
#[must_use]
pub fn to_clipboard_text(key_type: KeyType, value: &SecretBuf) -> SecretBuf {
    write(value, writing(key_type, value))
}

/// The value in a chosen writing, for exports. [`Writing::Plain`] gives the bytes as they are, text or not.
#[must_use]
pub fn write(value: &SecretBuf, writing: Writing) -> SecretBuf {
    match writing {
        Writing::Plain => SecretBuf::from_slice(value.as_bytes()),
        Writing::Hex => codec::hex(value.as_bytes()),
        Writing::Base64 => codec::base64(value.as_bytes()),
    }
}

/// What an operator typed or pasted, or a file held, as a value of this type, with a note for everything that was changed.
///
/// # Errors
/// [`FormatError`] saying what is wrong and what to do, never the value.
pub fn parse(key_type: KeyType, entered: &SecretBuf) -> Result<Normalised, FormatError> {
    let format = of(key_type);
    let normalised = format.normalise(entered)?;
    format.check(&normalised.value)?;
    Ok(normalised)
}

/// [`parse`] without the notes.
///
/// # Errors
/// As [`parse`].
pub fn parse_entered(key_type: KeyType, entered: &SecretBuf) -> Result<SecretBuf, FormatError> {
    parse(key_type, entered).map(|normalised| normalised.value)
}

/// The bytes written in Base64 where only text can stand, such as a file in a CSV cell.
///
/// # Errors
/// [`FormatError::FileNotBase64`] when they are not Base64.
pub fn file_from_base64(text: &SecretBuf) -> Result<SecretBuf, FormatError> {
    codec::from_base64(text.as_bytes()).ok_or(FormatError::FileNotBase64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(key_type: KeyType, bytes: &[u8]) -> (String, String) {
        let value = SecretBuf::from_slice(bytes);
        let text = |buf: SecretBuf| buf.as_str().unwrap_or_default().to_owned();
        (text(to_display(key_type, &value)), text(to_clipboard_text(key_type, &value)))
    }

    #[test]
    fn a_key_is_shown_in_groups_and_copied_without_spaces() {
        let bytes: Vec<u8> = (0..32).collect();
        let (display, clipboard) = shown(KeyType::Aes256, &bytes);
        assert!(display.starts_with("0001 0203 0405 ") && display.ends_with(" 1c1d 1e1f"), "{display}");
        assert_eq!(clipboard, display.replace(' ', ""));
    }

    #[test]
    fn text_is_shown_as_it_is_and_a_file_by_what_it_holds() {
        assert_eq!(shown(KeyType::Password, b" pa ss").0, " pa ss");
        assert_eq!(shown(KeyType::File, b"-----BEGIN X-----\n").0, "-----BEGIN X-----\n");
        assert_eq!(shown(KeyType::File, b"\x00\xff").0, "AP8=");
        assert_eq!(shown(KeyType::File, b"a\0").0, "YQA=");
        assert_eq!(writing(KeyType::Text, &SecretBuf::from_slice(b"a\x1b[0m")), Writing::Plain);
    }

    #[test]
    fn the_line_break_of_a_file_that_held_a_password_is_noted() {
        let parsed = parse(KeyType::Password, &SecretBuf::from_slice(b"hunter2\n")).unwrap();
        assert_eq!(parsed.value.as_bytes(), b"hunter2");
        assert_eq!(parsed.notes, ["The line break at the end was left out."]);
        assert!(parse(KeyType::Text, &SecretBuf::from_slice(b"a\n")).unwrap().notes.is_empty());
    }

    proptest! {
        #[test]
        fn what_is_copied_is_read_back_as_the_same_value(bytes in proptest::collection::vec(any::<u8>(), 32)) {
            let value = SecretBuf::from_slice(&bytes);
            for key_type in KeyType::ALL {
                let Ok(value) = parse_entered(key_type, &value) else { continue };
                let clipboard = to_clipboard_text(key_type, &value);
                let back = match writing(key_type, &value) {
                    Writing::Base64 => file_from_base64(&clipboard),
                    _ => parse_entered(key_type, &clipboard),
                };
                prop_assert!(back == Ok(value));
            }
        }

        #[test]
        fn normalising_twice_changes_nothing_more(text in "[ -~\u{e9}]{1,50}[\r\n]{0,2}") {
            for key_type in KeyType::ALL {
                if let Ok(once) = parse_entered(key_type, &SecretBuf::from_slice(text.as_bytes())) {
                    let twice = parse(key_type, &once).ok().unwrap();
                    prop_assert!(twice.value == once && twice.notes.is_empty());
                }
            }
        }
    }
}
