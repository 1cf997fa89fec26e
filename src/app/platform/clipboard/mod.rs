//! The clipboard: the one place where a secret leaves the window on purpose.
//!
//! It never keeps a copy of what it put there, only a salted hash to recognise it by, and it never clears what somebody
//! else put there since. When and how long a secret may stay is decided elsewhere.
//!
//! - [`SystemClipboard`]: the desktop's.
//! - [`MemoryClipboard`]: for tests.

mod memory;
mod system;

use sha2::{Digest, Sha256};

use crate::crypto::memory::SecretBuf;

pub use self::memory::MemoryClipboard;
pub use self::system::SystemClipboard;

/// What a window needs of a clipboard. Every call may wait for other programs, up to seconds: none belongs in a frame
/// that must be quick.
pub trait Clipboard: Send {
    /// Puts a secret there, marked so that clipboard histories leave it out where they honour the mark.
    ///
    /// # Errors
    /// [`ClipboardError`] when there is no clipboard or `text` is not UTF-8. Nothing of ours is there then.
    fn copy_secret(&mut self, text: &SecretBuf) -> Result<(), ClipboardError>;

    /// Takes back what [`Clipboard::copy_secret`] put there, where it is still there.
    fn clear_if_ours(&mut self) -> Cleared;

    /// Reads the text there to the end of `buf`, for a paste into a field that holds a secret.
    ///
    /// # Errors
    /// [`ClipboardError`] when there is no clipboard, no text in it, or more than fits. `buf` is unchanged then.
    fn read_into(&mut self, buf: &mut SecretBuf) -> Result<(), ClipboardError>;

    /// Puts a text there that is no secret: a name, a fingerprint. A secret of ours that was there is taken back first.
    ///
    /// # Errors
    /// [`ClipboardError`] when there is no clipboard.
    fn copy_plain(&mut self, text: &str) -> Result<(), ClipboardError>;
}

/// What became of the secret in the clipboard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cleared {
    /// It was there and is not any more.
    Cleared,
    /// Something else had taken its place, which was left alone.
    NotOurs,
    /// There was nothing of ours to clear.
    Nothing,
    /// The clipboard did not do as it was told: the secret may still be there. Another call tries again.
    Failed,
}

/// Why the clipboard could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClipboardError {
    /// There is no clipboard, or it does not answer.
    #[error("this desktop offers no clipboard")]
    Unavailable,
    /// It is empty or holds something else than text.
    #[error("the clipboard holds no text")]
    NoText,
    /// The value to copy is not UTF-8.
    #[error("this value is not text and cannot be copied; export it instead")]
    NotText,
    /// The text there does not fit into the field.
    #[error("the text in the clipboard is longer than the {capacity} bytes that fit here")]
    TooLong {
        /// How many bytes the field can hold.
        capacity: usize,
    },
}

/// Recognises a text again without keeping it: SHA-256 over a salt of this process and the text.
struct Mark {
    salt: [u8; 32],
    hash: [u8; 32],
}

impl Mark {
    /// The mark of `text`; `None` where the system gives no random numbers.
    fn of(text: &str) -> Option<Self> {
        let mut salt = [0; 32];
        getrandom::fill(&mut salt).ok()?;
        Some(Self { salt, hash: hash(&salt, text) })
    }

    fn is(&self, text: &str) -> bool {
        use subtle::ConstantTimeEq;
        hash(&self.salt, text).ct_eq(&self.hash).into()
    }
}

fn hash(salt: &[u8; 32], text: &str) -> [u8; 32] {
    Sha256::new().chain_update(salt).chain_update(text).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_knows_its_text_and_no_other_and_differs_each_time() {
        let mark = Mark::of("correct horse").unwrap();
        assert!(mark.is("correct horse"));
        assert!(!mark.is("correct horse "));
        assert_ne!(mark.hash, Mark::of("correct horse").unwrap().hash);
    }
}
