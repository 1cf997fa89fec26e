//! Interrupting the use of a key while something is looked into, until a day by which that is looked at again.

use crate::model::{Action, Change, KeyId, KeyState, Timestamp, period};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{forbids, key_entry, local_day, manage_keys, need_reason};

/// Suspends a key that is in use; one that is suspended stays so, with another reason and until another day.
pub struct Suspend {
    /// Which key.
    pub key: KeyId,
    /// Why.
    pub reason: String,
    /// By when the suspension is to be looked at again, a year from now at most; after [`period::REVIEW_AFTER_DAYS`] where
    /// nothing is named.
    pub review_by: Option<Timestamp>,
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
        let now = tx.now();
        let mut key = tx.key(self.key)?;
        if key.state.may_become(KeyState::Suspended) {
            tx.note_change(Change::of("state", key.state.word(), KeyState::Suspended.word()));
            key.state = KeyState::Suspended;
            key.life.suspended_at = Some(now);
        } else if key.state != KeyState::Suspended {
            return Err(forbids(&key, "suspended"));
        }
        let by = self.review_by.unwrap_or_else(|| now.plus_days(period::REVIEW_AFTER_DAYS));
        if !period::may_review_by(by, now) {
            return Err(VaultError::BadTime(
                "a suspension is reviewed in the future, at most a year from now",
            ));
        }
        tx.note_change(Change::of("review by", local_day(key.life.review_by), by.local_day()));
        key.life.review_by = Some(by);
        key.suspended = Some(reason);
        tx.put_key(key)
    }
}
