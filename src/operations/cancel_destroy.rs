//! Taking back a scheduled destruction.

use crate::model::{Action, Change, KeyId};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{key_entry, living, manage_keys, need_reason};

/// Cancels a scheduled destruction.
pub struct CancelDestroy {
    /// Which key.
    pub key: KeyId,
    /// Why.
    pub reason: String,
}

impl Operation for CancelDestroy {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::KeyCancelDestroy
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::KeyCancelDestroy, view, self.key, None, &self.reason)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        need_reason(&self.reason)?;
        let mut key = living(tx, self.key, "kept")?;
        let at = key.destroy_at.take().ok_or_else(|| VaultError::NotScheduled(key.name.clone()))?;
        tx.note_change(Change::of("destroyed from", at.iso(), ""));
        tx.put_key(key)
    }
}
