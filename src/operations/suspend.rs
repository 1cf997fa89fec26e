//! Interrupting the use of a key while something is looked into.

use crate::model::{Action, KeyId, KeyState};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{change_state, key_entry, manage_keys, need_reason};

/// Suspends a key that is in use.
pub struct Suspend {
    /// Which key.
    pub key: KeyId,
    /// Why.
    pub reason: String,
}

impl Operation for Suspend {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::KeySuspend
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::KeySuspend, view, self.key, None, &self.reason)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        let reason = need_reason(&self.reason)?;
        change_state(tx, self.key, KeyState::Suspended, "suspended", |key| key.suspended = Some(reason))
    }
}
