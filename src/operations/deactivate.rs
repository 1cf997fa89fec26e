//! Ending the use of a key: its values may still be read for what they protected, and nothing new is protected with them.

use crate::model::{Action, KeyId, KeyState};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{change_state, key_entry, manage_keys, need_reason};

/// Ends the use of a key.
pub struct Deactivate {
    /// Which key.
    pub key: KeyId,
    /// Why.
    pub reason: String,
}

impl Operation for Deactivate {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::KeyDeactivate
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::KeyDeactivate, view, self.key, None, &self.reason)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        need_reason(&self.reason)?;
        let now = tx.now();
        change_state(tx, self.key, KeyState::Deactivated, "deactivated", |key| {
            key.later.deactivated = Some(now);
        })
    }
}
