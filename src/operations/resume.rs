//! Taking a suspended key back into use, while its period is not over (NIST SP 800-57 Part 1 Rev. 5, 7.3).

use crate::model::{Action, KeyId, KeyState, period};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{change_state, forbids, key_entry, manage_keys, need_reason};

/// Takes a suspended key back into use. One whose due date has passed comes back by [`super::Rotate`] alone.
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
        if let Some(date) = period::ended(&key, tx.settings(), tx.now()) {
            return Err(VaultError::PeriodOver { key: key.name, date });
        }
        change_state(tx, self.key, KeyState::Active, "resumed", |_| {})
    }
}
