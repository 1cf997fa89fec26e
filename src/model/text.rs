//! What may stand in a name, a tag or a note.
//!
//! Names are compared by eye, so characters that change the look of others without being seen (bidirectional controls,
//! zero-width characters, control characters) are refused by name instead of being stripped: silence would make two
//! different names look the same.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The longest name, owner, system or tag, in bytes of UTF-8. Long enough for a host name (253, RFC 1035).
pub const NAME_MAX: usize = 256;
/// The longest note or reason, in bytes of UTF-8.
pub const NOTE_MAX: usize = 16 * 1024;
/// The most tags on one key.
pub const TAGS_MAX: usize = 32;

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("{field} is empty")]
    Empty {
        /// Which field.
        field: &'static str,
    },
    /// Longer than the limit.
    #[error("{field} is {len} bytes long; at most {max} fit")]
    TooLong {
        /// Which field.
        field: &'static str,
        /// Bytes given.
        len: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// More tags than a key has room for.
    #[error("{count} tags; at most {TAGS_MAX} fit on a key")]
    TooManyTags {
        /// How many.
        count: usize,
    },
    /// A character that is invisible or changes the direction of others.
    #[error(
        "{field} holds an invisible or direction-changing character (U+{code:04X}) at position {position}; remove it"
    )]
    Invisible {
        /// Which field.
        field: &'static str,
        /// Its code point.
        code: u32,
        /// Which character it is, counted from 1.
        position: usize,
    },
}

/// Checks a single-line text that must not be empty and returns it without white space at its ends.
///
/// # Errors
/// [`TextError`] when it is empty, too long, or holds a character that cannot be seen.
pub fn name(field: &'static str, text: &str) -> Result<String, TextError> {
    let text = optional(field, text)?;
    if text.is_empty() { Err(TextError::Empty { field }) } else { Ok(text) }
}

/// Checks a single-line text that may be empty.
///
/// # Errors
/// [`TextError`] when it is too long or holds a character that cannot be seen.
pub fn optional(field: &'static str, text: &str) -> Result<String, TextError> {
    checked(field, text, NAME_MAX, false)
}

/// Checks a text of several lines that may be empty: a note or a reason.
///
/// # Errors
/// [`TextError`] when it is too long or holds a character that cannot be seen.
pub fn note(field: &'static str, text: &str) -> Result<String, TextError> {
    checked(field, text, NOTE_MAX, true)
}

/// Checks tags: each a name, sorted, without repetitions.
///
/// # Errors
/// [`TextError`] for the first tag that is refused, or when there are more than [`TAGS_MAX`].
pub fn tags<'a>(given: impl IntoIterator<Item = &'a str>) -> Result<Vec<String>, TextError> {
    let mut tags = given.into_iter().map(|tag| name("tag", tag)).collect::<Result<Vec<_>, _>>()?;
    tags.sort();
    tags.dedup();
    if tags.len() > TAGS_MAX {
        return Err(TextError::TooManyTags { count: tags.len() });
    }
    Ok(tags)
}

fn checked(field: &'static str, text: &str, max: usize, lines: bool) -> Result<String, TextError> {
    let text = text.trim();
    if text.len() > max {
        return Err(TextError::TooLong { field, len: text.len(), max });
    }
    let bad = text.chars().enumerate().find(|(_, c)| !(is_visible(*c) || lines && matches!(c, '\n' | '\t')));
    match bad {
        Some((i, c)) => Err(TextError::Invisible { field, code: c as u32, position: i + 1 }),
        None => Ok(text.to_owned()),
    }
}

/// Neither control (Cc), nor format (Cf: bidirectional controls, zero-width), nor line or paragraph separator (Zl, Zp),
/// nor one of the fillers that look like nothing.
fn is_visible(c: char) -> bool {
    use GeneralCategory as G;
    let category = c.general_category();
    let hidden = matches!(
        category,
        G::Control | G::Format | G::LineSeparator | G::ParagraphSeparator | G::PrivateUse | G::Unassigned
    );
    !hidden && !matches!(c, '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{2800}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_deceive_the_eye_are_refused_by_code_point() {
        for (text, code) in [
            ("pay\u{202E}ments", 0x202E),
            ("a\u{200B}b", 0x200B),
            ("a\u{2066}b", 0x2066),
            ("a\nb", 10),
            ("a\0b", 0),
        ] {
            assert!(
                matches!(name("name", text), Err(TextError::Invisible { code: c, .. }) if c == code),
                "{code:x}"
            );
        }
    }

    #[test]
    fn names_in_other_scripts_pass() {
        for text in ["payments-db", "Schlüssel für Köln", "鍵", "مفتاح", "ключ (prod)"] {
            assert_eq!(name("name", text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn a_name_of_a_mebibyte_is_refused_and_the_limit_itself_passes() {
        assert!(matches!(name("name", &"x".repeat(1 << 20)), Err(TextError::TooLong { .. })));
        assert!(name("name", &"x".repeat(NAME_MAX)).is_ok());
        assert_eq!(name("name", "  "), Err(TextError::Empty { field: "name" }));
    }

    #[test]
    fn tags_are_sorted_and_said_once() {
        assert_eq!(tags(["b", "a", "b"]), Ok(vec!["a".to_owned(), "b".to_owned()]));
    }
}
