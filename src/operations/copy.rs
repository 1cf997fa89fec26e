//! Handing the value of a version to the clipboard.

use crate::crypto::memory::SecretBuf;
use crate::formats::encode;
use crate::model::{Action, KeyId};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{read_value, reading_entry, reading_needs, reading_reason};

/// Copies the value of a version.
pub struct Copy {
    /// Which key.
    pub key: KeyId,
    /// Which version; the one in use where none is named.
    pub version: Option<u32>,
    /// Why; may be empty unless the vault's settings ask for it.
    pub reason: String,
}

/// A value on its way to the clipboard.
pub struct Copied {
    /// The value as text.
    pub text: SecretBuf,
    /// The key's name.
    pub name: String,
    /// Which version it is.
    pub version: u32,
    /// After how many seconds it must be gone from the clipboard.
    pub clear_after_s: u32,
}

impl std::fmt::Debug for Copied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Copied({} v{})", self.name, self.version)
    }
}

impl Operation for Copy {
    type Outcome = Copied;

    fn action(&self) -> Action {
        Action::SecretCopy
    }

    fn needs(&self, view: &View) -> Needs {
        reading_needs(view)
    }

    fn entry(&self, view: &View) -> Entry {
        reading_entry(Action::SecretCopy, view, self.key, self.version, &self.reason)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<Copied, VaultError> {
        reading_reason(tx.settings(), &self.reason)?;
        let read = read_value(tx, self.key, self.version, "copied", |key| key.ever_copied = true)?;
        let text = encode::to_clipboard_text(read.key_type, &read.value);
        let clear_after_s = tx.settings().clipboard_s;
        Ok(Copied { text, name: read.name, version: read.version, clear_after_s })
    }
}
