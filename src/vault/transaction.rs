//! A transaction: what one operation sees and stages. Nothing in it touches the file; committing it is the vault's.

use std::collections::{BTreeMap, HashMap, btree_map};
use std::sync::Arc;

use crate::audit::roster::SignedRoster;
use crate::crypto::kdf::KdfParams;
use crate::crypto::memory::{SecretBuf, SecretKey};
use crate::crypto::random_bytes;
use crate::model::key::SECRET_MAX;
use crate::model::{
    Action, Change, CompartmentId, KeyId, KeyRecord, Object, Outcome, Settings, Severity, Timestamp,
};
use crate::store::{Row, Table};

use super::commit::Staged;
use super::error::VaultError;
use super::rows;
use super::{Vault, View};

/// What the log says about an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// To what it was done.
    pub object: Object,
    /// How it ended.
    pub outcome: Outcome,
    /// How much it matters.
    pub severity: Severity,
    /// The reason given.
    pub reason: String,
    /// What changed.
    pub changes: Vec<Change>,
}

impl Entry {
    /// An entry of ordinary weight for `action`.
    #[must_use]
    pub fn new(action: Action, object: Object) -> Self {
        let severity = action.severity();
        Self { object, outcome: Outcome::Done, severity, reason: String::new(), changes: Vec::new() }
    }

    /// The same with the reason somebody gave.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = reason.into();
        self
    }
}

/// What one operation sees and stages.
pub struct Transaction<'v> {
    vault: &'v mut Vault,
    now: Timestamp,
    staged: Staged,
    keys: BTreeMap<KeyId, Option<Arc<KeyRecord>>>,
    settings: Option<Settings>,
    roster: Option<SignedRoster>,
    params: Option<KdfParams>,
    entry: Entry,
    /// Compartment keys opened so far: an import must not open the same grant for every row.
    opened: BTreeMap<CompartmentId, (u32, SecretKey)>,
    /// Who has which name; built only where many keys are staged at once.
    names: Option<HashMap<String, KeyId>>,
}

/// A finished transaction, without its hold on the vault.
pub(super) struct Done {
    pub staged: Staged,
    pub keys: BTreeMap<KeyId, Option<Arc<KeyRecord>>>,
    pub settings: Option<Settings>,
    pub roster: Option<SignedRoster>,
    pub params: Option<KdfParams>,
    pub entry: Entry,
}

impl<'v> Transaction<'v> {
    pub(super) fn new(vault: &'v mut Vault, entry: Entry) -> Self {
        let now = vault.now();
        Self {
            vault,
            now,
            staged: Staged::new(),
            keys: BTreeMap::new(),
            settings: None,
            roster: None,
            params: None,
            entry,
            opened: BTreeMap::new(),
            names: None,
        }
    }

    pub(super) fn into_parts(self) -> Done {
        Done {
            staged: self.staged,
            keys: self.keys,
            settings: self.settings,
            roster: self.roster,
            params: self.params,
            entry: self.entry,
        }
    }

    /// The moment all of this happens at.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The vault as it is before this operation.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.vault.view
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.vault.view.settings
    }

    /// The name of the operator who acts.
    #[must_use]
    pub fn operator_name(&self) -> String {
        self.vault.view.me.name.clone()
    }

    /// Adds what changed to the entry.
    pub fn note_change(&mut self, change: Option<Change>) {
        self.entry.changes.extend(change);
    }

    /// Says in the entry what it was done to, once that is known.
    pub fn set_object(&mut self, object: Object) {
        self.entry.object = object;
    }

    /// Raises the entry's severity.
    pub fn raise_severity(&mut self, severity: Severity) {
        self.entry.severity = self.entry.severity.max(severity);
    }

    /// A new random id.
    ///
    /// # Errors
    /// [`VaultError::Crypto`] when the system gives no randomness.
    pub fn new_id(&self) -> Result<[u8; 16], VaultError> {
        Ok(random_bytes()?)
    }

    /// A key, with what this transaction already changed of it.
    ///
    /// # Errors
    /// [`VaultError::NoSuchKey`].
    pub fn key(&self, id: KeyId) -> Result<KeyRecord, VaultError> {
        let staged = self.keys.get(&id).cloned();
        let key = staged.unwrap_or_else(|| self.vault.view.keys.get(id).cloned());
        key.map(Arc::unwrap_or_clone).ok_or_else(|| VaultError::NoSuchKey(id.to_string()))
    }

    /// Makes sure that no other living key has this name.
    ///
    /// # Errors
    /// [`VaultError::NameTaken`].
    pub fn claim_name(&mut self, name: &str, own: Option<KeyId>) -> Result<(), VaultError> {
        /// Up to here looking at every key is cheaper than a map of all names.
        const FEW: usize = 4;
        let taken = if self.keys.len() < FEW {
            let takes = |k: &KeyRecord| k.name == name && Some(k.id) != own && k.state.may_be_read();
            let in_view =
                self.vault.view.keys.all().iter().any(|k| !self.keys.contains_key(&k.id) && takes(k));
            in_view || self.keys.values().flatten().any(|k| takes(k))
        } else {
            self.names().get(name).is_some_and(|id| Some(*id) != own)
        };
        if taken { Err(VaultError::NameTaken(name.to_owned())) } else { Ok(()) }
    }

    fn names(&mut self) -> &HashMap<String, KeyId> {
        let (all, staged) = (&self.vault.view.keys, &self.keys);
        self.names.get_or_insert_with(|| {
            let untouched = all.all().iter().filter(|k| !staged.contains_key(&k.id));
            let living = untouched.chain(staged.values().flatten()).filter(|k| k.state.may_be_read());
            living.map(|k| (k.name.clone(), k.id)).collect()
        })
    }

    /// Stages what is known about a key.
    ///
    /// # Errors
    /// [`VaultError::Crypto`] when it cannot be sealed.
    pub fn put_key(&mut self, key: KeyRecord) -> Result<(), VaultError> {
        let id = key.id.0;
        let version = self.next_version(Table::Key, &id)?;
        let metadata = &self.vault.scopes.metadata;
        let row = rows::seal_grown(self.vault.id, Table::Key, &id, version, metadata, &key)?;
        self.stage(row);
        if let Some(names) = &mut self.names {
            let staged = self.keys.get(&key.id).cloned().flatten();
            if let Some(old) = staged.or_else(|| self.vault.view.keys.get(key.id).cloned()) {
                names.remove(&old.name);
            }
            if key.state.may_be_read() {
                names.insert(key.name.clone(), key.id);
            }
        }
        self.keys.insert(key.id, Some(Arc::new(key)));
        Ok(())
    }

    /// Stages the value of a new version.
    ///
    /// # Errors
    /// [`VaultError::ValueTooLong`], or [`VaultError::NoGrant`] for the key's compartment.
    pub fn put_value(
        &mut self,
        key: KeyId,
        number: u32,
        compartment: CompartmentId,
        value: &SecretBuf,
    ) -> Result<(), VaultError> {
        if value.len() > SECRET_MAX {
            return Err(VaultError::ValueTooLong { len: value.len(), max: SECRET_MAX });
        }
        let id = self.vault.id;
        let (epoch, compartment_key) = self.compartment_key(compartment)?;
        let sealed = rows::seal_value(id, (key, number), compartment, (*epoch, compartment_key), value)?;
        self.stage(sealed);
        Ok(())
    }

    /// Opens the value of a version. What it is for is for the operation to record.
    ///
    /// # Errors
    /// [`VaultError::NoGrant`], [`VaultError::NoSuchVersion`], or [`VaultError::Tampered`].
    pub fn value(&mut self, key: &KeyRecord, number: u32) -> Result<SecretBuf, VaultError> {
        let missing = || VaultError::NoSuchVersion { key: key.name.clone(), version: number };
        let id = rows::version_id(key.id, number);
        let row = self.vault.store.row(Table::Version, &id)?.ok_or_else(missing)?;
        if self.vault.state.get(Table::Version, &id) != Some(row.hash()) {
            return Err(rows::changed(&row));
        }
        let (vault, keys) = (self.vault.id, &self.vault.keys.seal);
        let compartment_key = self.vault.scopes.compartment(vault, key.compartment, row.epoch, keys)?;
        rows::open_value(vault, &row, &compartment_key)
    }

    /// Stages the destruction of a version's value: its data key goes, and with it the value.
    pub fn destroy_value(&mut self, key: KeyId, number: u32) {
        self.staged.insert((Table::Version, rows::version_id(key, number)), None);
    }

    /// The keyed fingerprint of a value within its compartment.
    ///
    /// # Errors
    /// [`VaultError::NoGrant`].
    pub fn fingerprint(
        &mut self,
        compartment: CompartmentId,
        value: &SecretBuf,
    ) -> Result<[u8; 16], VaultError> {
        let (_, key) = self.compartment_key(compartment)?;
        Ok(rows::fingerprint(key, value))
    }

    /// The compartment new keys go into: the first this operator holds a grant for.
    ///
    /// # Errors
    /// [`VaultError::NoGrant`].
    pub fn default_compartment(&self) -> Result<CompartmentId, VaultError> {
        let held: Vec<_> = self.vault.scopes.compartments().collect();
        let known = self.vault.view.compartments.iter().find(|c| held.contains(&c.id));
        known.map(|c| c.id).ok_or(VaultError::NoGrant)
    }

    /// Stages new settings.
    ///
    /// # Errors
    /// [`VaultError::Crypto`] when they cannot be sealed.
    pub fn put_settings(&mut self, settings: Settings) -> Result<(), VaultError> {
        let version = self.next_version(Table::Settings, rows::SETTINGS_ID)?;
        let metadata = &self.vault.scopes.metadata;
        let row = rows::seal_settings(self.vault.id, version, metadata, &settings)?;
        self.stage(row);
        self.settings = Some(settings);
        Ok(())
    }

    pub(super) fn vault(&mut self) -> &mut Vault {
        self.vault
    }

    pub(super) fn stage(&mut self, row: Row) {
        self.staged.insert((row.table, row.id.clone()), Some(row));
    }

    pub(super) fn set_roster(&mut self, roster: SignedRoster) {
        self.roster = Some(roster);
    }

    fn next_version(&mut self, table: Table, id: &[u8]) -> Result<u64, VaultError> {
        if let Some(Some(row)) = self.staged.get(&(table, id.to_vec())) {
            return Ok(row.version);
        }
        Ok(self.vault.store.row(table, id)?.map_or(1, |row| row.version + 1))
    }

    /// Says that the acting operator's password is stretched with these from now on.
    pub(super) fn set_params(&mut self, params: KdfParams) {
        self.params = Some(params);
    }

    fn compartment_key(&mut self, compartment: CompartmentId) -> Result<&(u32, SecretKey), VaultError> {
        let vault = &*self.vault;
        match self.opened.entry(compartment) {
            btree_map::Entry::Occupied(opened) => Ok(opened.into_mut()),
            btree_map::Entry::Vacant(missing) => {
                let epoch = vault.scopes.newest_epoch(compartment)?;
                let key = vault.scopes.compartment(vault.id, compartment, epoch, &vault.keys.seal)?;
                Ok(missing.insert((epoch, key)))
            }
        }
    }
}

impl Vault {
    /// Commits a finished transaction and publishes what it changed.
    pub(super) fn finish(&mut self, action: Action, done: Done) -> Result<(), VaultError> {
        let details = self.details(done.entry);
        self.commit(action, &details, done.staged)?;
        if let Some(roster) = done.roster {
            self.roster.extend(roster)?;
            let roster = Arc::new(self.roster.clone());
            self.view_mut().roster = roster;
            self.move_anchor();
        }
        let view = self.view_mut();
        for (id, key) in done.keys {
            match key {
                Some(key) => view.keys.put(key),
                None => view.keys.remove(id),
            }
        }
        if let Some(settings) = done.settings {
            view.settings = Arc::new(settings);
        }
        if let Some(params) = done.params {
            view.session.params = params;
        }
        Ok(())
    }
}
