//! Announcing that a key's values will be destroyed, with time to take it back.

use crate::model::settings::SettingsError;
use crate::model::{Action, Change, KeyId};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{key_entry, living, manage_keys, need_reason};

/// Schedules the destruction of a key's values.
pub struct ScheduleDestroy {
    /// Which key.
    pub key: KeyId,
    /// In how many days, 7 to 120; as the vault's settings say where none are named.
    pub days: Option<u32>,
    /// Why.
    pub reason: String,
}

impl Operation for ScheduleDestroy {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::KeyScheduleDestroy
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::KeyScheduleDestroy, view, self.key, None, &self.reason)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        need_reason(&self.reason)?;
        let mut key = living(tx, self.key, "destroyed")?;
        if let Some(at) = key.destroy_at {
            return Err(VaultError::AlreadyScheduled { key: key.name, at });
        }
        let days = self.days.unwrap_or(tx.settings().destroy_after_days);
        if !(7..=120).contains(&days) {
            let field = "destruction window";
            return Err(SettingsError::Range { field, min: 7, max: 120, unit: "days" }.into());
        }
        let at = tx.now().plus_days(i64::from(days));
        tx.note_change(Change::of("destroyed from", "", at.iso()));
        key.destroy_at = Some(at);
        tx.put_key(key)
    }
}
