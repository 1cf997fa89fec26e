//! Operators' keys: the password given again, a new password, everything replaced after an exposure, and enrolment.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use crate::audit::roster::SignedRoster;
use crate::crypto::kdf::KdfParams;
use crate::crypto::memory::{SecretBuf, SecretKey};
use crate::crypto::random_bytes;
use crate::crypto::seal::SealPublicKey;
use crate::model::{
    Action, CompartmentId, KeyRecord, Object, Operator, OperatorId, Outcome, Role, VersionState, text,
};
use crate::store::{Row, Table, Walk};

use super::commit::Staged;
use super::error::VaultError;
use super::identity::{Keys, Root, Slot};
use super::position::{LOG, METADATA};
use super::scopes::{Epochs, ScopeKeys, grant, id_of, parts_of};
use super::{Entry, Transaction, Vault, rows};

impl Vault {
    /// Checks the operator's password again; it then counts for a few minutes. Both outcomes are recorded.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`].
    pub fn step_up(&mut self, password: &SecretBuf) -> Result<(), VaultError> {
        let checked = self.own_slot().and_then(|slot| self.open_own(&slot, password).map(|_| ()));
        let mut entry = Entry::new(Action::SessionStepUp, Object::Vault);
        if let Err(error) = &checked {
            entry.outcome = Outcome::Failed;
            entry.severity = crate::model::Severity::Warn;
            entry.reason = error.to_string();
        }
        self.record(Action::SessionStepUp, entry)?;
        checked?;
        let window = Duration::from_secs(60 * u64::from(self.view.settings.step_up_min));
        self.step_up_until = Some(self.env.clock.monotonic() + window);
        Ok(())
    }

    /// Replaces everything the operator held, because a password or a device was exposed: root key, key pairs, and every
    /// scope key they could open. Whoever has an older copy of the file and the old password opens nothing in this one.
    /// `entry` is what the log says about it.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`] for the old password, [`VaultError::Cancelled`] where `step` breaks; any error leaves the
    /// vault as it was.
    pub fn replace_all_keys(
        &mut self,
        (old, new): (&SecretBuf, &SecretBuf),
        params: KdfParams,
        entry: Entry,
        step: &mut dyn FnMut(u64, u64) -> Walk,
    ) -> Result<(), VaultError> {
        let action = Action::OperatorExposed;
        let role = self.view.me.role;
        let slot = self.own_slot()?;
        if !role.may(crate::model::operator::Permission::ManageOperators) {
            return Err(VaultError::ExposedNeedsAdministrator { role: role.word() });
        }
        self.open_own(&slot, old)?;
        self.begin(action)?;
        // Deriving took its time; another program may have changed the password meanwhile, and that one counts.
        let prepared = match self.own_slot() {
            Ok(now) if now.version() == slot.version() => self.prepare_replacement(&slot, new, params, step),
            Ok(_) => Err(VaultError::WrongPassword),
            Err(error) => Err(error),
        };
        let prepared = match prepared {
            Ok(prepared) => prepared,
            Err(error) => {
                self.store.abort();
                return Err(error);
            }
        };
        let details = self.details(entry);
        // The entry itself is sealed under the new log key already; the old one may be known to others.
        let (epoch, log_key) = prepared.scopes.log.newest().map(|(e, k)| (e, k.duplicate()))?;
        self.scopes.log.insert(epoch, log_key);
        if let Err(error) = self.commit(action, &details, prepared.staged) {
            self.scopes.log.remove(epoch);
            return Err(error);
        }
        (self.keys, self.scopes) = (prepared.keys, prepared.scopes);
        self.drafts_resealed(&prepared.drafts);
        self.roster.extend(prepared.roster)?;
        let (roster, me) =
            (Arc::new(self.roster.clone()), self.roster.current().operator(self.keys.operator).cloned());
        let view = self.view_mut();
        for key in prepared.records {
            view.keys.put(Arc::new(key));
        }
        view.roster = roster;
        view.me = me.unwrap_or_else(|| view.me.clone());
        view.session.params = params;
        self.step_up_until = None;
        self.move_anchor();
        // Free pages hold nothing already (secure_delete); a fresh file leaves no doubt, and its failure changes nothing: no lock
        // waits for it.
        let step = RefCell::new(step);
        let _ = self.store.compact(&|| (step.borrow_mut())(1, 1).is_break());
        Ok(())
    }

    /// Opens the operator's own slot. Wrong passwords in a row are counted, whatever they were given for.
    pub(super) fn open_own(&mut self, slot: &Slot, password: &SecretBuf) -> Result<Root, VaultError> {
        let opened = slot.open(self.id, password);
        match &opened {
            Ok(_) => self.wrong_passwords = 0,
            Err(VaultError::WrongPassword) => self.wrong_passwords += 1,
            Err(_) => {}
        }
        opened
    }

    pub(super) fn own_slot(&mut self) -> Result<Slot, VaultError> {
        let mut own = None;
        let operator = self.keys.operator;
        self.store.rows(Table::Slot, &mut |row| match Slot::from_row(row) {
            Ok(slot) if slot.operator == operator => {
                own = Some((slot, row.to_row()));
                Walk::Break(())
            }
            _ => Walk::Continue(()),
        })?;
        let (slot, row) =
            own.ok_or_else(|| VaultError::tampered("the operator's password slot is missing"))?;
        if self.state.get(Table::Slot, &row.id) == Some(row.hash()) {
            Ok(slot)
        } else {
            Err(rows::changed(&row))
        }
    }

    pub(super) fn my_object(&self) -> Object {
        Object::Operator { id: self.view.me.id, name: self.view.me.name.clone() }
    }

    fn prepare_replacement(
        &mut self,
        slot: &Slot,
        password: &SecretBuf,
        params: KdfParams,
        step: &mut dyn FnMut(u64, u64) -> Walk,
    ) -> Result<Replacement, VaultError> {
        let (id, me) = (self.id, self.view.me.clone());
        let root = Root::generate()?;
        let new_slot = Slot::seal(id, me.id, &me.name, password, params, &root, Some(slot))?;
        let bundle_version = self.store.row(Table::Bundle, &me.id.0)?.map_or(1, |row| row.version + 1);
        let (keys, bundle) = root.make_keys(id, me.id, bundle_version)?;
        let mut staged = vec![new_slot.to_row(), bundle];
        let mut gone = Vec::new();

        let mut operators = self.roster.current().operators.clone();
        for operator in operators.iter_mut().filter(|o| o.id == me.id) {
            operator.seal_key = keys.seal.public().as_bytes().to_vec();
            operator.verify_key = *keys.sign.public().as_bytes();
        }
        let last = self.roster.current();
        let (version, previous) = (last.version + 1, last.hash());
        let roster = SignedRoster::sign(id, version, previous, operators.clone(), me.id, &self.keys.sign);

        let held: Vec<CompartmentId> = self.scopes.compartments().collect();
        let scopes: Vec<[u8; 16]> = [METADATA, LOG].into_iter().chain(held.iter().map(|c| c.0)).collect();
        let mut fresh = std::collections::BTreeMap::new();
        for scope in &scopes {
            let epoch = match *scope {
                METADATA => self.scopes.metadata.newest()?.0,
                LOG => self.scopes.log.newest()?.0,
                other => self.scopes.newest_epoch(CompartmentId(other))?,
            };
            fresh.insert(*scope, (epoch + 1, SecretKey::generate()?));
        }
        self.regrant(&fresh, &operators, &mut staged, &mut gone)?;
        let drafts = self.reseal_drafts(&keys)?;
        staged.extend(drafts.iter().map(|(_, row)| row.clone()));
        // Old entries of the log stay sealed as they are: they were readable from the older copy already.
        let old: Vec<_> = self.scopes.log.iter().map(|(epoch, key)| (epoch, key.duplicate())).collect();
        for (epoch, key) in old {
            let row_version = self.version_of(&staged, &id_of(LOG, epoch, me.id));
            staged.push(grant(id, LOG, epoch, &key, me.id, &keys.seal.public(), row_version)?);
        }
        let mut metadata = Epochs::default();
        let (epoch, key) = &fresh[&METADATA];
        metadata.insert(*epoch, key.duplicate());
        let mut count = Count::new(self.view.keys.all(), step);
        let fingerprints = self.rewrap_values(&fresh, &mut staged, &mut count)?;
        let records = self.reseal_metadata(&metadata, &fingerprints, &mut staged, &mut count)?;
        let bytes = roster.bytes();
        staged.push(rows::seal_metadata_bytes(id, Table::Roster, &roster.row_id(), 1, &metadata, bytes)?);

        let mut staged: Staged =
            staged.into_iter().map(|row| ((row.table, row.id.clone()), Some(row))).collect();
        for key in gone {
            staged.entry(key).or_insert(None);
        }
        let grants = staged.values().flatten().filter(|r| r.table == Table::Grant).cloned().collect();
        let scopes = ScopeKeys::open(id, grants, me.id, &keys.seal)?;
        Ok(Replacement { staged, keys, scopes, roster, records, drafts })
    }

    /// Grants the fresh keys to everyone who held the old ones, and drops the old grants.
    fn regrant(
        &mut self,
        fresh: &std::collections::BTreeMap<[u8; 16], (u32, SecretKey)>,
        operators: &[Operator],
        staged: &mut Vec<Row>,
        gone: &mut Vec<(Table, Vec<u8>)>,
    ) -> Result<(), VaultError> {
        let mut holders = std::collections::BTreeSet::new();
        self.store.rows(Table::Grant, &mut |row| {
            if let Some((scope, _, to)) = parts_of(row.id)
                && fresh.contains_key(&scope)
            {
                holders.insert((scope, to));
                // Log epochs are kept: the old entries are still sealed under them.
                if scope != LOG {
                    gone.push((Table::Grant, row.id.to_vec()));
                }
            }
            Walk::Continue(())
        })?;
        for (scope, to) in holders {
            let Some(operator) = operators.iter().find(|o| o.id == to && o.removed.is_none()) else {
                continue;
            };
            let (epoch, key) = &fresh[&scope];
            let public = SealPublicKey::from_bytes(&operator.seal_key)?;
            staged.push(grant(self.id, scope, *epoch, key, to, &public, 1)?);
        }
        Ok(())
    }

    fn version_of(&mut self, staged: &[Row], id: &[u8]) -> u64 {
        let staged = staged.iter().find(|r| r.table == Table::Grant && r.id == id).map(|r| r.version);
        let stored = self.store.row(Table::Grant, id).ok().flatten().map(|r| r.version);
        staged.or(stored).map_or(1, |v| v + 1)
    }

    /// Seals everything under the new metadata key. Gives back the records of the keys, whose fingerprints are new.
    fn reseal_metadata(
        &mut self,
        metadata: &Epochs,
        fingerprints: &Fingerprints,
        staged: &mut Vec<Row>,
        count: &mut Count<'_>,
    ) -> Result<Vec<KeyRecord>, VaultError> {
        for table in [Table::Settings, Table::Scope, Table::Roster] {
            for row in self.read_all(table)? {
                let bytes = rows::open_metadata_bytes(self.id, &row, &self.scopes.metadata)?;
                let (version, bytes) = (row.version + 1, bytes.as_bytes());
                staged.push(rows::seal_metadata_bytes(self.id, table, &row.id, version, metadata, bytes)?);
            }
        }
        let mut records = Vec::new();
        for row in self.read_all(Table::Key)? {
            count.one()?;
            let mut key: KeyRecord = rows::open_grown(self.id, &row, &self.scopes.metadata)?;
            for version in &mut key.versions {
                if let Some(fresh) = fingerprints.get(&rows::version_id(key.id, version.number)) {
                    version.fingerprint = *fresh;
                }
            }
            let version = row.version + 1;
            staged.push(rows::seal_grown(self.id, Table::Key, &row.id, version, metadata, &key)?);
            records.push(key);
        }
        Ok(records)
    }

    /// Wraps the values' data keys under the new compartment keys. Fingerprints hang on those keys, so each value is opened
    /// once for its new one: else a value used before would be taken for a new one.
    fn rewrap_values(
        &mut self,
        fresh: &std::collections::BTreeMap<[u8; 16], (u32, SecretKey)>,
        staged: &mut Vec<Row>,
        count: &mut Count<'_>,
    ) -> Result<Fingerprints, VaultError> {
        let mut fingerprints = Fingerprints::new();
        let mut old = std::collections::BTreeMap::new();
        for row in self.read_all(Table::Version)? {
            count.one()?;
            let Some((epoch, key)) = fresh.get(&row.scope) else { continue };
            let at = (row.scope, row.epoch);
            if let std::collections::btree_map::Entry::Vacant(slot) = old.entry(at) {
                let seal = &self.keys.seal;
                slot.insert(self.scopes.compartment(self.id, CompartmentId(row.scope), row.epoch, seal)?);
            }
            let value = rows::open_value(self.id, &row, &old[&at])?;
            fingerprints.insert(row.id.clone(), rows::fingerprint(key, &value));
            staged.push(rows::rewrap_value(self.id, &row, &old[&at], (*epoch, key))?);
        }
        Ok(fingerprints)
    }

    fn read_all(&mut self, table: Table) -> Result<Vec<Row>, VaultError> {
        let mut found = Vec::new();
        self.store.rows(table, &mut |row| {
            found.push(row.to_row());
            Walk::Continue(())
        })?;
        Ok(found)
    }
}

/// Everything a replacement of an operator's keys writes, and what is held afterwards.
struct Replacement {
    staged: Staged,
    keys: Keys,
    scopes: ScopeKeys,
    roster: SignedRoster,
    records: Vec<KeyRecord>,
    drafts: Vec<(crate::crypto::Hash, Row)>,
}

/// How many values and records were wrapped anew.
struct Count<'a> {
    done: u64,
    total: u64,
    step: &'a mut dyn FnMut(u64, u64) -> Walk,
}

impl<'a> Count<'a> {
    fn new(keys: &[Arc<KeyRecord>], step: &'a mut dyn FnMut(u64, u64) -> Walk) -> Self {
        let values = keys.iter().flat_map(|key| &key.versions);
        let values = values.filter(|version| version.state != VersionState::Destroyed).count();
        Self { done: 0, total: (values + keys.len()) as u64, step }
    }

    fn one(&mut self) -> Result<(), VaultError> {
        let go_on = (self.step)(self.done, self.total);
        self.done += 1;
        if go_on.is_break() { Err(VaultError::Cancelled) } else { Ok(()) }
    }
}

/// New fingerprints by the ids of the versions' rows.
type Fingerprints = std::collections::BTreeMap<Vec<u8>, [u8; 16]>;

impl Transaction<'_> {
    /// Stages a new password for the acting operator: one row, nothing else.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`] for the old one.
    pub fn replace_password(
        &mut self,
        old: &SecretBuf,
        new: &SecretBuf,
        params: KdfParams,
    ) -> Result<(), VaultError> {
        let vault = self.vault();
        let slot = vault.own_slot()?;
        let root = vault.open_own(&slot, old)?;
        let next = Slot::seal(
            vault.id,
            slot.operator,
            &vault.view.me.name.clone(),
            new,
            params,
            &root,
            Some(&slot),
        )?;
        self.stage(next.to_row());
        self.set_params(params);
        Ok(())
    }

    /// Stages a new operator with their own keys: slot, bundle, grants for what their role may read, and the roster.
    ///
    /// # Errors
    /// [`VaultError::Text`] for the name, [`VaultError::OperatorExists`].
    pub fn enrol(
        &mut self,
        name: &str,
        role: Role,
        password: &SecretBuf,
        params: KdfParams,
        compartments: &[CompartmentId],
    ) -> Result<OperatorId, VaultError> {
        let name = text::name("the operator's name", name)?;
        let now = self.now();
        let vault = self.vault();
        if vault.roster.current().operators.iter().any(|o| o.name.to_lowercase() == name.to_lowercase()) {
            return Err(VaultError::OperatorExists(name));
        }
        let (id, operator) = (vault.id, OperatorId(random_bytes()?));
        let root = Root::generate()?;
        let slot = Slot::seal(id, operator, &name, password, params, &root, None)?;
        let (keys, bundle) = root.make_keys(id, operator, 1)?;
        let public = keys.seal.public();
        let mut staged = vec![slot.to_row(), bundle];
        for (scope, epochs) in [(METADATA, &vault.scopes.metadata), (LOG, &vault.scopes.log)] {
            for (epoch, key) in epochs.iter() {
                staged.push(grant(id, scope, epoch, key, operator, &public, 1)?);
            }
        }
        let readable = if matches!(role, Role::Administrator | Role::Custodian) { compartments } else { &[] };
        for compartment in readable {
            let epoch = vault.scopes.newest_epoch(*compartment)?;
            let key = vault.scopes.compartment(id, *compartment, epoch, &vault.keys.seal)?;
            staged.push(grant(id, compartment.0, epoch, &key, operator, &public, 1)?);
        }
        let last = vault.roster.current();
        let (version, previous, mut operators) = (last.version + 1, last.hash(), last.operators.clone());
        operators.push(Operator {
            id: operator,
            name,
            role,
            seal_key: public.as_bytes().to_vec(),
            verify_key: *keys.sign.public().as_bytes(),
            added: now,
            removed: None,
        });
        let roster =
            SignedRoster::sign(id, version, previous, operators, vault.keys.operator, &vault.keys.sign);
        let metadata = &vault.scopes.metadata;
        let row =
            rows::seal_metadata_bytes(id, Table::Roster, &roster.row_id(), 1, metadata, roster.bytes())?;
        staged.push(row);
        for row in staged {
            self.stage(row);
        }
        self.set_roster(roster);
        Ok(operator)
    }
}
