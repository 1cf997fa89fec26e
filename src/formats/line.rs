//! Values that are one line of text: passwords, passphrases, tokens.

use super::{FormatError, Normalised};
use crate::crypto::memory::SecretBuf;
use crate::model::key::SECRET_MAX;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Takes a byte order mark and the line breaks at the end off, as editors and shells put them around the one line.
///
/// # Errors
/// As [`check`].
pub(super) fn normalise(title: &'static str, entered: &SecretBuf) -> Result<Normalised, FormatError> {
    let mut notes = Vec::new();
    let bytes = entered.as_bytes();
    let unmarked = bytes.strip_prefix(BOM).unwrap_or(bytes);
    if unmarked.len() < bytes.len() {
        notes.push("The byte order mark at the beginning was left out.");
    }
    let line = trim_breaks(unmarked);
    if line.len() < unmarked.len() {
        notes.push("The line break at the end was left out.");
    }
    let value = SecretBuf::from_slice(line);
    check(title, &value)?;
    Ok(Normalised { value, notes })
}

/// Whether `value` is one line of text without control characters.
///
/// # Errors
/// [`FormatError`] for what is empty, too long, not UTF-8, or more than a line.
pub(super) fn check(title: &'static str, value: &SecretBuf) -> Result<(), FormatError> {
    let text = text(value)?;
    if let Some(line) = text.lines().skip(1).position(|line| !line.trim().is_empty()) {
        return Err(FormatError::LineBreak { title, line: line + 2 });
    }
    match text.chars().position(char::is_control) {
        Some(i) => Err(FormatError::ControlCharacter { position: i + 1 }),
        None => Ok(()),
    }
}

/// `value` as text that is neither empty nor too long.
///
/// # Errors
/// [`FormatError`] when it is not.
pub(super) fn text(value: &SecretBuf) -> Result<&str, FormatError> {
    size(value)?;
    let utf16 = value.as_bytes().starts_with(b"\xFF\xFE") || value.as_bytes().starts_with(b"\xFE\xFF");
    value.as_str().ok_or(if utf16 { FormatError::Utf16 } else { FormatError::NotText })
}

/// Whether `value` is neither empty nor longer than a version can hold.
///
/// # Errors
/// [`FormatError`] when it is.
pub(super) fn size(value: &SecretBuf) -> Result<(), FormatError> {
    match value.len() {
        0 => Err(FormatError::Empty),
        len if len > SECRET_MAX => Err(FormatError::TooLong { len, max: SECRET_MAX }),
        _ => Ok(()),
    }
}

/// The one line `bytes` are, without line breaks at its end; `None` where they are more, less or no text.
pub(super) fn only(bytes: &[u8]) -> Option<&str> {
    let line = std::str::from_utf8(trim_breaks(bytes)).ok()?;
    (!line.is_empty() && !line.contains(char::is_control)).then_some(line)
}

/// What is odd about a line somebody chose: characters at its ends or inside that are not seen.
pub(super) fn warnings(value: &SecretBuf) -> Vec<String> {
    let mut warnings = Vec::new();
    let text = value.as_str().unwrap_or_default();
    if text.trim().len() < text.len() {
        warnings.push("It begins or ends with a space; check that the space belongs to it.".to_owned());
    }
    let unseen = |c: char| {
        use unicode_properties::{GeneralCategory as G, UnicodeGeneralCategory};
        matches!(c.general_category(), G::Format | G::LineSeparator | G::ParagraphSeparator)
            || (c.is_whitespace() && c != ' ')
    };
    if let Some(i) = text.chars().position(unseen) {
        warnings.push(format!(
            "Character {} cannot be seen or is an unusual space; was it pasted from a document?",
            i + 1
        ));
    }
    warnings
}

fn trim_breaks(mut bytes: &[u8]) -> &[u8] {
    while let Some(shorter) = bytes.strip_suffix(b"\n").or_else(|| bytes.strip_suffix(b"\r")) {
        bytes = shorter;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<(String, usize), FormatError> {
        normalise("Password", &SecretBuf::from_slice(bytes))
            .map(|n| (n.value.as_str().unwrap_or_default().to_owned(), n.notes.len()))
    }

    #[test]
    fn the_line_break_of_a_text_file_is_left_out_with_a_note() {
        assert_eq!(read(b"pa ss "), Ok(("pa ss ".to_owned(), 0)));
        assert_eq!(read(b"pass\n"), Ok(("pass".to_owned(), 1)));
        assert_eq!(read(b"pass\r\n\n"), Ok(("pass".to_owned(), 1)));
        assert_eq!(read(b"\xEF\xBB\xBFpass\r\n"), Ok(("pass".to_owned(), 2)));
    }

    #[test]
    fn what_is_not_one_line_of_text_is_refused_by_name() {
        assert_eq!(read(b"\n"), Err(FormatError::Empty));
        assert_eq!(read(b"a\n\nb"), Err(FormatError::LineBreak { title: "Password", line: 3 }));
        assert_eq!(read(b"ab\0"), Err(FormatError::ControlCharacter { position: 3 }));
        assert_eq!(read(b"a\tb"), Err(FormatError::ControlCharacter { position: 2 }));
        assert_eq!(read(b"\xFF\xFEp\0a\0"), Err(FormatError::Utf16));
        assert_eq!(read(b"\x80abc"), Err(FormatError::NotText));
        assert!(matches!(read(&vec![b'a'; SECRET_MAX + 1]), Err(FormatError::TooLong { .. })));
    }

    #[test]
    fn spaces_at_the_ends_and_unseen_characters_are_pointed_out() {
        assert_eq!(warnings(&SecretBuf::from_slice(b"plain")).len(), 0);
        assert_eq!(warnings(&SecretBuf::from_slice(b"plain ")).len(), 1);
        assert_eq!(warnings(&SecretBuf::from_slice("a\u{200B}b\u{A0}".as_bytes())).len(), 2);
    }
}
