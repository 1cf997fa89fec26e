//! Adding tags to a key and taking tags off it.

use crate::model::{Action, Change, KeyId, text};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{key_entry, living, manage_keys};

/// Adds and removes tags; what is both added and removed is removed.
pub struct TagKey {
    /// Which key.
    pub key: KeyId,
    /// Tags it gets.
    pub add: Vec<String>,
    /// Tags it loses.
    pub remove: Vec<String>,
}

impl Operation for TagKey {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::KeyTag
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::KeyTag, view, self.key, None, "")
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        let mut key = living(tx, self.key, "tagged")?;
        let gone: Vec<_> = self.remove.iter().map(|tag| tag.trim()).collect();
        let kept = key.tags.iter().chain(&self.add).map(|tag| tag.trim()).filter(|tag| !gone.contains(tag));
        let tags = text::tags(kept)?;
        tx.note_change(Change::of("tags", key.tags.join(" "), tags.join(" ")));
        key.tags = tags;
        tx.put_key(key)
    }
}
