//! Making a vault: its first operator, its scope keys, its first roster and its first entry, in one commit.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::audit::roster::{Roster, SignedRoster};
use crate::audit::state::StateTree;
use crate::audit::tree::Frontier;
use crate::crypto::kdf::KdfParams;
use crate::crypto::memory::{SecretBuf, SecretKey};
use crate::crypto::random_bytes;
use crate::model::{
    Action, Change, Compartment, CompartmentId, Object, Operator, OperatorId, Role, SessionTag, Settings,
    UnlockCost, VaultId, text,
};
use crate::store::{Row, Store, StoreError, Table};

use super::commit::Staged;
use super::error::VaultError;
use super::file::header_row;
use super::identity::{Root, Slot};
use super::position::{LOG, METADATA};
use super::scopes::{ScopeKeys, grant};
use super::view::{AnchorStatus, Keys, SessionInfo};
use super::{Entry, Environment, Vault, View, rows, unlock};

/// What a new vault is made of.
pub struct NewVault<'a> {
    /// The vault's name.
    pub name: &'a str,
    /// Its first administrator's name.
    pub operator: &'a str,
    /// Their password.
    pub password: &'a SecretBuf,
    /// How it is stretched.
    pub params: KdfParams,
}

impl Vault {
    /// Makes a vault in an empty store; it is unlocked, in its first session. `said` is what its first entry tells besides.
    ///
    /// # Errors
    /// [`VaultError::Text`] for a name that cannot be used, [`VaultError::NotRecorded`] when it cannot be written.
    pub fn create(
        store: Box<dyn Store>,
        env: Environment,
        new: &NewVault<'_>,
        said: Vec<Change>,
    ) -> Result<Self, VaultError> {
        Self::create_in(|| Ok(store), env, new, said)
    }

    /// [`Vault::create`] in a store that is made once everything that takes time is done: the password is stretched before.
    ///
    /// # Errors
    /// As [`Vault::create`], and those of `make`.
    pub fn create_in(
        make: impl FnOnce() -> Result<Box<dyn Store>, StoreError>,
        env: Environment,
        new: &NewVault<'_>,
        said: Vec<Change>,
    ) -> Result<Self, VaultError> {
        let mut settings =
            Settings { vault_name: text::name("the vault's name", new.name)?, ..Settings::default() };
        // What the creator chose is what every later password is held to.
        settings.later.unlock_cost = UnlockCost::of(new.params);
        settings.check()?;
        let operator_name = text::name("the operator's name", new.operator)?;
        let (id, operator) = (VaultId(random_bytes()?), OperatorId(random_bytes()?));
        let now = env.clock.wall();
        let root = Root::generate()?;
        let slot = Slot::seal(id, operator, &operator_name, new.password, new.params, &root, None)?;
        let (keys, bundle) = root.make_keys(id, operator, 1)?;
        let me = Operator {
            id: operator,
            name: operator_name,
            role: Role::Administrator,
            seal_key: keys.seal.public().as_bytes().to_vec(),
            verify_key: *keys.sign.public().as_bytes(),
            added: now,
            removed: None,
        };
        let first = SignedRoster::sign(id, 1, [0; 32], vec![me.clone()], operator, &keys.sign);
        let compartment =
            Compartment { id: CompartmentId(random_bytes()?), name: "General".to_owned(), created: now };
        let mut staged = vec![header_row(id), slot.to_row(), bundle];
        for scope in [METADATA, LOG, compartment.id.0] {
            let key = SecretKey::generate()?;
            staged.push(grant(id, scope, 1, &key, operator, &keys.seal.public(), 1)?);
        }
        let grants = staged.iter().filter(|r| r.table == Table::Grant).cloned().collect();
        let scopes = ScopeKeys::open(id, grants, operator, &keys.seal)?;
        let metadata = &scopes.metadata;
        staged.push(rows::seal_metadata_bytes(
            id,
            Table::Roster,
            &first.row_id(),
            1,
            metadata,
            first.bytes(),
        )?);
        staged.push(rows::seal_settings(id, 1, metadata, &settings)?);
        staged.push(rows::seal_metadata(id, Table::Scope, &compartment.id.0, 1, metadata, &compartment)?);
        let roster = Roster::verify(id, vec![first], None)?;
        let session = SessionInfo {
            tag: SessionTag([0; 16]),
            started: now,
            host: env.host.clone(),
            os_user: env.os_user.clone(),
            params: new.params,
            failed_before: Vec::new(),
            log_size_at_start: 0,
            new_since_anchor: None,
        };
        let view = View {
            vault: id,
            settings: Arc::new(settings),
            keys: Keys::default(),
            compartments: Arc::new(vec![compartment]),
            roster: Arc::new(roster.clone()),
            me,
            log_size: 0,
            log_root: Frontier::new().root(),
            anchor: AnchorStatus::On,
            session,
        };
        let mut vault = Self {
            store: make()?,
            env,
            id,
            keys,
            scopes,
            roster,
            state: StateTree::new(),
            frontier: Frontier::new(),
            last_leaf: None,
            step_up_until: None,
            wrong_passwords: 0,
            drafts_taken: BTreeMap::new(),
            hurried: false,
            view: Arc::new(view),
        };
        vault.view_mut().session.tag = unlock::new_session_tag()?;
        vault.write_first(staged, said)?;
        vault.begin_first_session()?;
        Ok(vault)
    }

    /// Lets go of its file for a moment and goes on in the one that `reopen` opens: the same one under another name.
    ///
    /// # Errors
    /// Those of `reopen`; the vault is closed then.
    pub fn moved(
        self,
        reopen: impl FnOnce() -> Result<Box<dyn Store>, StoreError>,
    ) -> Result<Self, VaultError> {
        // Where an open file cannot be renamed, it must be closed first.
        let Self { store, .. } = self;
        drop(store);
        Ok(Self { store: reopen()?, ..self })
    }

    fn write_first(&mut self, rows: Vec<Row>, said: Vec<Change>) -> Result<(), VaultError> {
        self.begin(Action::VaultCreate)?;
        let staged: Staged = rows.into_iter().map(|row| ((row.table, row.id.clone()), Some(row))).collect();
        let entry = Entry { changes: said, ..Entry::new(Action::VaultCreate, Object::Vault) };
        let details = self.details(entry);
        self.commit(Action::VaultCreate, &details, staged)
    }
}
