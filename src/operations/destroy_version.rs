//! Destroying the value of one old version. The version in use goes only with the whole key.

use crate::model::operator::Permission;
use crate::model::{Action, KeyId, VersionState};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{key_entry, living, need_reason, set_version_state, version_forbids, version_mut};

/// Destroys the value of a version that is not in use.
pub struct DestroyVersion {
    /// Which key.
    pub key: KeyId,
    /// Which version.
    pub version: u32,
    /// Why.
    pub reason: String,
}

impl Operation for DestroyVersion {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::KeyDestroy
    }

    fn needs(&self, _: &View) -> Needs {
        Needs::password_again(Permission::ManageKeys)
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::KeyDestroy, view, self.key, Some(self.version), &self.reason)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        need_reason(&self.reason)?;
        let mut key = living(tx, self.key, "changed")?;
        let version = version_mut(&mut key, self.version)?;
        if matches!(version.state, VersionState::Current | VersionState::Destroyed) {
            let version = version.clone();
            return Err(version_forbids(&key, &version, "destroyed by itself"));
        }
        tx.destroy_value(self.key, self.version);
        set_version_state(tx, version, VersionState::Destroyed);
        tx.put_key(key)
    }
}
