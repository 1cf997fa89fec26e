//! The anchor: what this workstation last saw of a vault, kept outside the vault's file.
//!
//! This module only carries the bytes to and from such a place. What is in them, and what it means when they disagree
//! with the file, is decided where a vault is opened. It never holds a secret and never decides to go on without one:
//! a place that does not answer is an error the caller shows ("rollback protection is off"), not an empty answer.
//!
//! - [`KeyringAnchor`]: the operating system's keyring.
//! - [`NoAnchor`]: nowhere, for workstations where the operator turned it off.
//! - [`MemoryAnchor`]: for tests; fails on request.

mod keyring;
mod memory;

use crate::model::VaultId;

pub use self::keyring::{KeyringAnchor, TIMEOUT};
pub use self::memory::{MemoryAnchor, Mood};

/// The longest anchor, in bytes. Windows Credential Manager holds 2560; an anchor needs about 200.
pub const ANCHOR_MAX: usize = 2048;

/// A place for anchors.
pub trait AnchorStore: Send + Sync {
    /// The anchor of `vault`, or `None` where the place answers and has none.
    ///
    /// # Errors
    /// [`AnchorError`] when the place does not answer, or answers with what cannot be an anchor.
    fn load(&self, vault: VaultId) -> Result<Option<Vec<u8>>, AnchorError>;

    /// Keeps `bytes` as the anchor of `vault`, in place of an older one.
    ///
    /// # Errors
    /// [`AnchorError`] when the place does not answer. The anchor may then be the old one or the new one.
    fn save(&self, vault: VaultId, bytes: &[u8]) -> Result<(), AnchorError>;

    /// Where it is kept, to be shown: "the keyring of this desktop session".
    fn describe(&self) -> &'static str;
}

/// Why an anchor could not be read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnchorError {
    /// There is no such place here, or it is locked.
    #[error("the keyring cannot be used: {0}")]
    Unavailable(&'static str),
    /// It did not answer in time; it may be waiting for its own password.
    #[error("the keyring did not answer in time; it may be waiting for its own password")]
    TimedOut,
    /// What is kept there cannot be an anchor of ours.
    #[error("the keyring holds something under Keyroom's name that Keyroom did not write")]
    Nonsense,
}

/// No anchor at all: nothing is remembered, and the caller says so.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAnchor;

impl AnchorStore for NoAnchor {
    fn load(&self, _vault: VaultId) -> Result<Option<Vec<u8>>, AnchorError> {
        Err(AnchorError::Unavailable(OFF))
    }

    fn save(&self, _vault: VaultId, _bytes: &[u8]) -> Result<(), AnchorError> {
        Err(AnchorError::Unavailable(OFF))
    }

    fn describe(&self) -> &'static str {
        "nowhere"
    }
}

const OFF: &str = "it is turned off on this workstation";

/// Refuses what cannot be an anchor, on its way in and on its way out.
fn plausible(bytes: &[u8]) -> Result<(), AnchorError> {
    if bytes.is_empty() || bytes.len() > ANCHOR_MAX { Err(AnchorError::Nonsense) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_anchor_is_an_error_and_not_an_empty_answer() {
        let vault = VaultId([1; 16]);
        assert_eq!(NoAnchor.load(vault), Err(AnchorError::Unavailable(OFF)));
        assert_eq!(NoAnchor.save(vault, b"x"), Err(AnchorError::Unavailable(OFF)));
    }
}
