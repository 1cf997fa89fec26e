//! Putting a key into use that was made before it was needed. Its period begins then (NIST SP 800-57 Part 1 Rev. 5, 7.1).

use crate::model::{Action, KeyId, KeyState};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{change_state, forbids, key_entry, manage_keys, optional_reason};

/// Puts a pre-active key into use.
pub struct Activate {
    /// Which key.
    pub key: KeyId,
    /// Why; may be empty.
    pub reason: String,
}

impl Operation for Activate {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::KeyActivate
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::KeyActivate, view, self.key, None, &self.reason)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        optional_reason(&self.reason)?;
        let now = tx.now();
        let key = tx.key(self.key)?;
        // A suspended key comes back by being resumed, which asks why.
        if key.state == KeyState::Suspended {
            return Err(forbids(&key, "activated"));
        }
        change_state(tx, self.key, KeyState::Active, "activated", |key| {
            key.activated = Some(now);
            if key.last_rotated() != now {
                key.count_from(key.current_number(), Some(now));
            }
        })
    }
}
