//! Noting that a value that was shown is out of sight again.

use crate::model::operator::Permission;
use crate::model::{Action, KeyId};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::key_entry;

/// Notes that a value is no longer shown.
pub struct Hide {
    /// Which key.
    pub key: KeyId,
    /// Which version was shown.
    pub version: u32,
}

impl Operation for Hide {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::SecretHide
    }

    fn needs(&self, _: &View) -> Needs {
        Needs::permission(Permission::ReadSecrets)
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::SecretHide, view, self.key, Some(self.version), "")
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        // Another program may have destroyed it meanwhile; it was shown, and is not any more.
        tx.key(self.key).map(|_| ())
    }
}
