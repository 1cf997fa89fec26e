//! Going back to an older version, because the new one does not work where it is used.

use crate::model::{Action, Change, KeyId, VersionState};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{
    in_use, key_entry, local_day, manage_keys, need_reason, set_version_state, settle_overlaps,
    version_forbids, version_mut,
};

/// Makes an older version current again; the one in use is retired.
pub struct MakeCurrent {
    /// Which key.
    pub key: KeyId,
    /// Which version.
    pub version: u32,
    /// Why.
    pub reason: String,
}

impl Operation for MakeCurrent {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::RotationRevert
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::RotationRevert, view, self.key, Some(self.version), &self.reason)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        need_reason(&self.reason)?;
        let now = tx.now();
        let mut key = in_use(tx, self.key, "given another version")?;
        let wanted = version_mut(&mut key, self.version)?.clone();
        if !wanted.state.may_return() {
            return Err(version_forbids(&key, &wanted, "made current"));
        }
        let kept = key.counts_from() < key.last_rotated();
        let (before, after) = (format!("v{}", key.current_number()), format!("v{}", self.version));
        tx.note_change(Change::of("version", before, after));
        settle_overlaps(tx, &mut key);
        for version in key.versions.iter_mut().filter(|v| v.state == VersionState::Current) {
            set_version_state(tx, version, VersionState::Retired);
            version.current_to = Some(now);
        }
        let version = version_mut(&mut key, self.version)?;
        set_version_state(tx, version, VersionState::Current);
        (version.current_from, version.current_to) = (now, None);
        // Its period begins now, whatever it counted from when it was current before.
        key.count_from(self.version, None);
        if kept {
            tx.note_change(Change::of("schedule", "kept", "begins anew"));
        }
        // What was known of it was said of the other value.
        tx.note_change(Change::of("expires", local_day(key.later.expires.take()), ""));
        tx.put_key(key)
    }
}
