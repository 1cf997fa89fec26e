//! Taking a suspended key back into use.

use crate::model::{Action, KeyId, KeyState};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{change_state, forbids, key_entry, manage_keys, need_reason};

/// Takes a suspended key back into use.
pub struct Resume {
    /// Which key.
    pub key: KeyId,
    /// Why.
    pub reason: String,
}

impl Operation for Resume {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::KeyResume
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::KeyResume, view, self.key, None, &self.reason)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        need_reason(&self.reason)?;
        let key = tx.key(self.key)?;
        if key.state != KeyState::Suspended {
            return Err(forbids(&key, "resumed"));
        }
        change_state(tx, self.key, KeyState::Active, "resumed", |_| {})
    }
}
