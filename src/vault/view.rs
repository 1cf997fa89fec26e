//! The view: what an unlocked vault shows of itself. Metadata only, immutable, cheap to clone; rebuilt by deltas.

use std::sync::Arc;

use crate::audit::roster::Roster;
use crate::crypto::Hash;
use crate::crypto::kdf::KdfParams;
use crate::model::operator::Permission;
use crate::model::{Compartment, KeyId, KeyRecord, Operator, SessionTag, Settings, Timestamp, VaultId};

use super::error::VaultError;

/// A snapshot of everything that is known without opening a value.
#[derive(Clone)]
pub struct View {
    /// The vault.
    pub vault: VaultId,
    /// Its settings.
    pub settings: Arc<Settings>,
    /// Its keys.
    pub keys: Keys,
    /// Its compartments.
    pub compartments: Arc<Vec<Compartment>>,
    /// Its operators.
    pub roster: Arc<Roster>,
    /// Who unlocked it.
    pub me: Operator,
    /// How many entries the log has.
    pub log_size: u64,
    /// The root of the log's tree.
    pub log_root: Hash,
    /// Whether rollback would be noticed.
    pub anchor: AnchorStatus,
    /// This session.
    pub session: SessionInfo,
}

/// The session as it may be shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionInfo {
    /// What the log holds of it.
    pub tag: SessionTag,
    /// When it began.
    pub started: Timestamp,
    /// The workstation.
    pub host: String,
    /// The account on the workstation.
    pub os_user: String,
    /// How the password was stretched.
    pub params: KdfParams,
    /// Failed unlocks before this one, oldest first.
    pub failed_before: Vec<Timestamp>,
    /// The log's length when the session began.
    pub log_size_at_start: u64,
    /// Entries that another program or workstation added since this one last looked.
    pub new_since_anchor: Option<u64>,
}

/// Whether and how the end of the log is remembered outside the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AnchorStatus {
    /// Remembered and up to date.
    On,
    /// Remembered from this unlock on: this computer had not seen the vault before.
    First,
    /// Remembered again. Before, it was not, or could not be read, for this reason: what changed until then went unnoticed.
    Again(String),
    /// Not remembered, for this reason.
    Off(String),
}

impl AnchorStatus {
    /// The status once the end of the log was remembered anew: for the rest of the session it says what the unlock found.
    #[must_use]
    pub(super) fn kept(self) -> Self {
        match self {
            Self::Off(why) => Self::Again(why),
            other => other,
        }
    }
}

/// Keys by id, shared between snapshots.
#[derive(Clone, Default)]
pub struct Keys(Arc<Vec<Arc<KeyRecord>>>);

impl Keys {
    /// Keys in any order.
    #[must_use]
    pub fn new(mut keys: Vec<Arc<KeyRecord>>) -> Self {
        keys.sort_unstable_by_key(|k| k.id);
        Self(Arc::new(keys))
    }

    /// All keys, in the order of their ids.
    #[must_use]
    pub fn all(&self) -> &[Arc<KeyRecord>] {
        &self.0
    }

    /// The key with this id.
    #[must_use]
    pub fn get(&self, id: KeyId) -> Option<&Arc<KeyRecord>> {
        self.0.binary_search_by_key(&id, |k| k.id).ok().map(|i| &self.0[i])
    }

    /// Adds or replaces a key.
    pub fn put(&mut self, key: Arc<KeyRecord>) {
        let keys = Arc::make_mut(&mut self.0);
        match keys.binary_search_by_key(&key.id, |k| k.id) {
            Ok(i) => keys[i] = key,
            Err(i) => keys.insert(i, key),
        }
    }

    /// Removes a key.
    pub fn remove(&mut self, id: KeyId) {
        if let Ok(i) = self.0.binary_search_by_key(&id, |k| k.id) {
            Arc::make_mut(&mut self.0).remove(i);
        }
    }
}

impl View {
    /// Finds a key by its id, the beginning of its id (at least 6 digits), or its name without regard to case. Keys that
    /// are destroyed are found by id, and by name only where no other key has it. What is the name of one key and the id, or
    /// its beginning, of another means neither.
    ///
    /// # Errors
    /// [`VaultError::NoSuchKey`], or [`VaultError::Ambiguous`] with the candidates.
    pub fn find(&self, text: &str) -> Result<&Arc<KeyRecord>, VaultError> {
        let all = self.keys.all();
        let mut found: Vec<_> = all.iter().filter(|k| k.name == text).collect();
        if found.is_empty() {
            let folded = text.to_lowercase();
            found = all.iter().filter(|k| k.name.to_lowercase() == folded).collect();
        }
        if found.len() > 1 && found.iter().any(|k| k.state.may_be_read()) {
            found.retain(|k| k.state.may_be_read());
        }
        if text.len() >= 6 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            let prefix = text.to_lowercase();
            let named = found.clone();
            let by_id = all.iter().filter(|k| k.id.to_string().starts_with(&prefix));
            found.extend(by_id.filter(|k| named.iter().all(|other| other.id != k.id)));
        }
        match found.as_slice() {
            [] => Err(VaultError::NoSuchKey(text.to_owned())),
            [key] => Ok(key),
            several => Err(VaultError::Ambiguous {
                name: text.to_owned(),
                candidates: several.iter().map(|k| format!("{} ({})", k.name, k.id)).collect(),
            }),
        }
    }

    /// The keys that took the place of this one.
    pub fn replaced_by(&self, id: KeyId) -> impl Iterator<Item = &Arc<KeyRecord>> {
        self.keys.all().iter().filter(move |key| key.around.replaces == Some(id))
    }

    /// The operators whose role may read values, in the order of the roster. Grants decide on top of it.
    pub fn may_read(&self) -> impl Iterator<Item = &Operator> {
        let here = self.roster.current().operators.iter().filter(|operator| operator.removed.is_none());
        here.filter(|operator| operator.role.may(Permission::ReadSecrets))
    }

    /// The name of a compartment.
    #[must_use]
    pub fn compartment_name(&self, id: crate::model::CompartmentId) -> &str {
        self.compartments.iter().find(|c| c.id == id).map_or("?", |c| &c.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::key::tests::sample;

    #[test]
    fn keys_are_found_replaced_and_removed_without_touching_older_snapshots() {
        let mut keys = Keys::new(vec![Arc::new(sample("a"))]);
        let before = keys.clone();
        let mut changed = sample("b");
        keys.put(Arc::new(changed.clone()));
        assert_eq!(keys.get(changed.id).unwrap().name, "b");
        changed.id = KeyId([0; 16]);
        keys.put(Arc::new(changed.clone()));
        assert_eq!(keys.all().len(), 2);
        keys.remove(changed.id);
        assert_eq!(keys.all().len(), 1);
        assert_eq!(before.all()[0].name, "a");
    }
}
