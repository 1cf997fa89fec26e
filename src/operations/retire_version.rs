//! Ending the overlap of a replaced version: before its time, or once that has come. No overlap ends without somebody: Keyroom may
//! be closed on that day, and cannot know whether everything has changed over.

use crate::model::{Action, KeyId, VersionState};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{
    key_entry, living, manage_keys, need_reason, set_version_state, version_forbids, version_mut,
};

/// Takes a version in overlap out of use.
pub struct RetireVersion {
    /// Which key.
    pub key: KeyId,
    /// Which version.
    pub version: u32,
    /// Why.
    pub reason: String,
}

impl Operation for RetireVersion {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::RotationRetire
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::RotationRetire, view, self.key, Some(self.version), &self.reason)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        need_reason(&self.reason)?;
        let mut key = living(tx, self.key, "changed")?;
        let version = version_mut(&mut key, self.version)?;
        if version.state != VersionState::Overlap {
            let version = version.clone();
            return Err(version_forbids(&key, &version, "retired"));
        }
        set_version_state(tx, version, VersionState::Retired);
        tx.put_key(key)
    }
}
