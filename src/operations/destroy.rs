//! Destroying a key's values: their data keys go, and with them every copy of the values in every copy of the file made
//! from now on. What is known about the key stays.

use crate::model::operator::Permission;
use crate::model::{Action, Change, KeyId, KeyRecord, KeyState, Timestamp, VersionState};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{change_state, key_entry, living, need_reason, set_version_state};

/// Destroys all values of a key whose destruction was scheduled and whose time has come, that is compromised, or that was never
/// in use. A compromised key does not wait: as long as its values are there they can get into more hands. Its name and the reason
/// are asked for all the same, and the password.
pub struct Destroy {
    /// Which key.
    pub key: KeyId,
    /// Why.
    pub reason: String,
}

impl Operation for Destroy {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::KeyDestroy
    }

    fn needs(&self, _: &View) -> Needs {
        Needs::password_again(Permission::ManageKeys)
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::KeyDestroy, view, self.key, None, &self.reason)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        need_reason(&self.reason)?;
        let now = tx.now();
        let key = living(tx, self.key, "destroyed")?;
        check_time(&key, now)?;
        if let Some(from) = key.destroy_at.filter(|from| now < *from) {
            tx.note_change(Change::of("destroyed from", from.iso(), "at once"));
        }
        change_state(tx, self.key, KeyState::Destroyed, "destroyed", |key| {
            key.destroyed = Some(now);
            key.destroy_at = None;
        })?;
        let mut key = tx.key(self.key)?;
        for version in key.versions.iter_mut().filter(|v| v.state != VersionState::Destroyed) {
            tx.destroy_value(self.key, version.number);
            set_version_state(tx, version, VersionState::Destroyed);
            version.current_to.get_or_insert(now);
        }
        tx.put_key(key)
    }
}

fn check_time(key: &KeyRecord, now: Timestamp) -> Result<(), VaultError> {
    match key.destroy_at {
        _ if matches!(key.state, KeyState::PreActive | KeyState::Compromised) => Ok(()),
        None => Err(VaultError::NotScheduled(key.name.clone())),
        Some(from) if now < from => Err(VaultError::TooEarly { key: key.name.clone(), from }),
        Some(_) => Ok(()),
    }
}
