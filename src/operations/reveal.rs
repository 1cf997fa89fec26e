//! Showing the value of a version. The entry is durable before the value leaves the vault.

use crate::crypto::memory::SecretBuf;
use crate::model::{Action, KeyId, KeyType};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{read_value, reading_entry, reading_needs, reading_reason};

/// Shows the value of a version.
pub struct Reveal {
    /// Which key.
    pub key: KeyId,
    /// Which version; the one in use where none is named.
    pub version: Option<u32>,
    /// Why; may be empty unless the vault's settings ask for it.
    pub reason: String,
}

/// A value that was read, and what it is the value of.
pub struct Revealed {
    /// The value, as it is stored.
    pub value: SecretBuf,
    /// What kind of secret it is: decides how it is written.
    pub key_type: KeyType,
    /// Which version it is.
    pub version: u32,
    /// The key's name.
    pub name: String,
}

impl std::fmt::Debug for Revealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Revealed({} v{})", self.name, self.version)
    }
}

impl Operation for Reveal {
    type Outcome = Revealed;

    fn action(&self) -> Action {
        Action::SecretReveal
    }

    fn needs(&self, view: &View) -> Needs {
        reading_needs(view)
    }

    fn entry(&self, view: &View) -> Entry {
        reading_entry(Action::SecretReveal, view, self.key, self.version, &self.reason)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<Revealed, VaultError> {
        reading_reason(tx.settings(), &self.reason)?;
        let now = tx.now();
        read_value(tx, self.key, self.version, "revealed", |key| {
            key.ever_revealed = true;
            key.later.last_revealed = Some(now);
        })
    }
}
