//! Why a value or a wish was refused. Never carries the value or a part of it: lengths and positions only.

/// Why key material was refused, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// Nothing was given.
    #[error("there is no value; type it, paste it, or choose a file that is not empty")]
    Empty,
    /// More than a version can hold.
    #[error(
        "the value is {len} bytes long; at most {max} bytes fit. Keep it in a file of its own and store the key to that file here"
    )]
    TooLong {
        /// Bytes given.
        len: usize,
        /// Bytes that fit.
        max: usize,
    },
    /// A symmetric key of the wrong size.
    #[error("the {title} is {found} bytes long; it must be exactly {needed} bytes ({hex} hex digits). Check that it was copied whole, or store it as another type", hex = .needed * 2)]
    WrongLength {
        /// The type's name on a screen.
        title: &'static str,
        /// Bytes found after decoding.
        found: usize,
        /// Bytes needed.
        needed: usize,
    },
    /// Text that is neither hex nor Base64.
    #[error(
        "the {title} is neither 32 raw bytes nor 32 bytes written as hex or Base64; check that nothing was added or lost when it was copied"
    )]
    NotEncoded {
        /// The type's name on a screen.
        title: &'static str,
    },
    /// Every byte is zero.
    #[error(
        "every byte of the {title} is zero: this is a placeholder, not a key. Generate one here, or copy the real one"
    )]
    AllZero {
        /// The type's name on a screen.
        title: &'static str,
    },
    /// The second half repeats the first.
    #[error(
        "the second half of the {title} repeats the first, so it is only half as strong; generate a new one"
    )]
    RepeatedHalves {
        /// The type's name on a screen.
        title: &'static str,
    },
    /// Few different bytes, or bytes that count up or down.
    #[error("the bytes of the {title} follow a pattern, so it was not made at random; generate a new one")]
    LowEntropy {
        /// The type's name on a screen.
        title: &'static str,
    },
    /// Not UTF-8.
    #[error(
        "the value is not text in UTF-8; if it is text, save it as UTF-8 and try again, else store it as a file"
    )]
    NotText,
    /// UTF-16, as some editors and shells write it.
    #[error("the value is text in UTF-16; save it as UTF-8 and try again")]
    Utf16,
    /// More than one line where a value is one line.
    #[error(
        "the {title} goes over more than one line (line {line} is not empty); paste one line only, or store it as text"
    )]
    LineBreak {
        /// The type's name on a screen.
        title: &'static str,
        /// The second line that holds something, counted from 1.
        line: usize,
    },
    /// A control character.
    #[error(
        "the value holds a control character at position {position} that cannot be typed or seen; remove it, or store the value as a file"
    )]
    ControlCharacter {
        /// Which character it is, counted from 1.
        position: usize,
    },
    /// White space inside a token.
    #[error(
        "the token holds a space at position {position}, and tokens hold none; copy it again without what stands around it"
    )]
    SpaceInside {
        /// Which character it is, counted from 1.
        position: usize,
    },
    /// A character outside ASCII inside a token.
    #[error(
        "the token holds a character at position {position} that no token has; copy it again from where it was issued"
    )]
    NotAscii {
        /// Which character it is, counted from 1.
        position: usize,
    },
    /// A file whose bytes must be Base64 where only text can stand.
    #[error("the bytes of a file must be written as Base64 here; encode the file, or import it by itself")]
    FileNotBase64,
    /// An option outside its range.
    #[error("{what} must be {min} to {max}, not {given}")]
    OutOfRange {
        /// Which option.
        what: &'static str,
        /// The smallest allowed.
        min: usize,
        /// The largest allowed.
        max: usize,
        /// What was asked for.
        given: usize,
    },
    /// No class of characters was chosen.
    #[error("choose at least one kind of character for the password")]
    NoCharacters,
    /// A separator that could be part of a word.
    #[error(
        "the separator between words must be one to three ASCII spaces, digits or punctuation characters, so that words cannot run together"
    )]
    BadSeparator,
    /// A token prefix with characters that tokens do not hold.
    #[error(
        "the prefix of a token must be at most {max} letters, digits or punctuation characters without spaces"
    )]
    BadPrefix {
        /// The longest prefix, in bytes.
        max: usize,
    },
    /// A kind that is never made here.
    #[error("a value of type {key_type} cannot be generated; enter it or choose a file")]
    CannotGenerate {
        /// The type's word.
        key_type: &'static str,
    },
    /// No randomness.
    #[error(
        "the system's random generator gave no usable bytes, so nothing was made; restart the computer and try again"
    )]
    Random,
}
