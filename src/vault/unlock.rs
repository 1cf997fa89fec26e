//! Unlocking: everything is verified, in this order, before anything is shown: header and bounds, slot, grants, roster,
//! anchor and the entries since it, the newest entry and checkpoint, the state of the tables. Only then is metadata decoded.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::audit::roster::{Roster, SignedRoster};
use crate::audit::state::StateTree;
use crate::audit::tree::Frontier;
use crate::audit::verify::{Damage, Defect, Depth, Examiner, Verifier, roster_after};
use crate::crypto::Hash;
use crate::crypto::kdf::KdfParams;
use crate::crypto::memory::SecretBuf;
use crate::crypto::random_bytes;
use crate::crypto::sha256;
use crate::guard::attempts;
use crate::model::event::failed_attempts_words;
use crate::model::operator::Permission;
use crate::model::{
    Action, Compartment, KeyRecord, Object, OperatorId, Outcome, Role, SessionTag, Settings, Severity,
    Timestamp, VaultId,
};
use crate::store::{Row, Store, Table, Walk};

use super::anchored::Anchor;
use super::error::VaultError;
use super::identity::{Keys as OperatorKeys, Root};
use super::load::{Loaded, load_tables};
use super::scopes::ScopeKeys;
use super::view::{AnchorStatus, Keys, SessionInfo};
use super::{Entry, Environment, Vault, VaultFile, View, log, rows};

/// What an unlock is asked to do.
pub struct Unlock<'a> {
    /// The password.
    pub password: &'a SecretBuf,
    /// Whose, where the file has several operators.
    pub operator: Option<&'a str>,
    /// Accept a file that is older than, or differs from, what this workstation has seen, for this reason. Recorded.
    pub accept_restored: Option<&'a str>,
}

impl VaultFile {
    /// Unlocks the vault, or gives the file back with the reason why not.
    ///
    /// Takes as long as the KDF is set to, whatever the outcome; call it off the window's thread. The first unlock of a slot
    /// below what the vault asks for takes longer: the slot is wrapped anew.
    ///
    /// # Errors
    /// [`VaultError::WrongPassword`] after noting the attempt; anything verification finds.
    pub fn unlock(mut self, env: Environment, unlock: &Unlock<'_>) -> Result<Vault, (Box<Self>, VaultError)> {
        let attempt = self.try_unlock(&env, unlock);
        let opened = match attempt {
            Ok(opened) => opened,
            Err(error) => {
                if error == VaultError::WrongPassword {
                    // A read-only file cannot count; the KDF's own cost still stands.
                    let _ = self.store.add_attempt(env.clock.wall().0);
                }
                return Err((Box::new(self), error));
            }
        };
        let Self { store, vault, slots, made_with } = self;
        let (mut vault, notice) = opened.into_vault(store, env, vault);
        match vault.begin_session(notice, unlock.accept_restored) {
            Ok(()) => {
                // While the password is at hand. Failing costs nothing: the slot stays as it was.
                let _ = vault.upgrade_slot(unlock.password);
                Ok(vault)
            }
            Err(error) => {
                let file = Self { store: vault.store, vault: vault.id, slots, made_with };
                Err((Box::new(file), error))
            }
        }
    }

    fn try_unlock(&mut self, env: &Environment, unlock: &Unlock<'_>) -> Result<Opened, VaultError> {
        let now = env.clock.wall();
        let failed = self.attempts_at(now);
        if let Some(wait) = attempts::delay(&failed, now) {
            return Err(VaultError::Wait { seconds: wait.as_secs().max(1) });
        }
        self.refresh_slots()?;
        let slot = self.slot(unlock.operator)?;
        let (operator, params, slot_row) = (slot.operator, slot.params, slot.to_row());
        let root = slot.open(self.vault, unlock.password)?;
        let anchor = env.anchor.load(self.vault);
        self.store.begin_read()?;
        let opened = self.open_with(&root, (operator, params, &slot_row), anchor, unlock);
        self.store.end_read();
        Ok(Opened { failed, ..opened? })
    }

    /// Opens what the root key of a slot opens. Must run inside a transaction of the store.
    pub(super) fn open_with(
        &mut self,
        root: &Root,
        (operator, params, slot_row): (OperatorId, KdfParams, &Row),
        anchor: Result<Option<Vec<u8>>, super::anchor::AnchorError>,
        unlock: &Unlock<'_>,
    ) -> Result<Opened, VaultError> {
        let store = self.store.as_mut();
        // Deriving took its time. A password that was changed meanwhile opens nothing any more, nor do the keys under it.
        let slot_now = store.row(Table::Slot, &slot_row.id)?;
        if slot_now.map(|row| row.hash()) != Some(slot_row.hash()) {
            return Err(VaultError::WrongPassword);
        }
        let bundle = store.row(Table::Bundle, &operator.0)?;
        let bundle = bundle.ok_or_else(|| VaultError::tampered("the operator's keys are missing"))?;
        let keys = root.open_keys(self.vault, operator, &bundle).map_err(|_| rows::changed(&bundle))?;
        open_verified(store, self.vault, keys, params, anchor, unlock.accept_restored.is_some())
    }
}

/// Everything an unlock found, verified.
pub(super) struct Opened {
    keys: OperatorKeys,
    scopes: ScopeKeys,
    roster: Roster,
    state: StateTree,
    frontier: Frontier,
    last_leaf: Option<Hash>,
    settings: Settings,
    records: Vec<Arc<KeyRecord>>,
    compartments: Vec<Compartment>,
    anchor: AnchorStatus,
    new_since_anchor: Option<u64>,
    disagreement: Option<VaultError>,
    params: KdfParams,
    failed: Vec<Timestamp>,
}

/// What a session begins by recording.
struct Notice {
    failed: Vec<Timestamp>,
    disagreement: Option<VaultError>,
}

impl Opened {
    fn into_vault(self, store: Box<dyn Store>, env: Environment, id: VaultId) -> (Vault, Notice) {
        let now = env.clock.wall();
        let operator = self.roster.current().operator(self.keys.operator).cloned();
        let session = SessionInfo {
            tag: SessionTag([0; 16]),
            started: now,
            host: env.host.clone(),
            os_user: env.os_user.clone(),
            params: self.params,
            failed_before: self.failed.clone(),
            log_size_at_start: self.frontier.size(),
            new_since_anchor: self.new_since_anchor,
        };
        let view = View {
            vault: id,
            settings: Arc::new(self.settings),
            keys: Keys::new(self.records),
            compartments: Arc::new(self.compartments),
            roster: Arc::new(self.roster.clone()),
            // `open_verified` checked that the roster names this operator.
            me: operator.unwrap_or_else(|| self.roster.current().operators[0].clone()),
            log_size: self.frontier.size(),
            log_root: self.frontier.root(),
            anchor: self.anchor,
            session,
        };
        let vault = Vault {
            store,
            env,
            id,
            keys: self.keys,
            scopes: self.scopes,
            roster: self.roster,
            state: self.state,
            frontier: self.frontier,
            last_leaf: self.last_leaf,
            step_up_until: None,
            wrong_passwords: 0,
            drafts_taken: BTreeMap::new(),
            hurried: false,
            view: Arc::new(view),
        };
        (vault, Notice { failed: self.failed, disagreement: self.disagreement })
    }
}

impl Vault {
    /// A session starts: a new id, of which only a salted hash goes anywhere, and the entries that say so. Fails closed:
    /// a session that cannot be recorded does not begin.
    fn begin_session(&mut self, notice: Notice, accepted: Option<&str>) -> Result<(), VaultError> {
        self.view_mut().session.tag = new_session_tag()?;
        if let (Some(disagreement), Some(reason)) = (&notice.disagreement, accepted) {
            let entry = Entry::new(Action::VaultAcceptRestored, Object::Vault);
            let words = format!("{reason} ({disagreement})");
            self.record(Action::VaultAcceptRestored, entry.because(words))?;
        }
        if let (Some(first), Some(last)) = (notice.failed.first(), notice.failed.last()) {
            let mut entry = Entry::new(Action::SessionUnlockFailed, Object::Vault);
            entry.outcome = Outcome::Failed;
            let count = notice.failed.len();
            entry.reason = failed_attempts_words(count, *first, *last);
            if count >= attempts::ALARM_AFTER {
                entry.severity = Severity::Critical;
            }
            self.record(Action::SessionUnlockFailed, entry)?;
        }
        self.record(Action::SessionUnlock, Entry::new(Action::SessionUnlock, Object::Vault))?;
        if !notice.failed.is_empty() {
            // They are in the log now; a hint that stays behind is only told twice.
            let _ = self.store.clear_attempts(notice.failed.len());
        }
        Ok(())
    }

    /// The first session of a vault that was just made.
    pub(super) fn begin_first_session(&mut self) -> Result<(), VaultError> {
        self.begin_session(Notice { failed: Vec::new(), disagreement: None }, None)
    }
}

/// A session's tag: the salted hash of a fresh 128-bit id. Id and salt are forgotten at once: nothing ever asks for them.
pub(super) fn new_session_tag() -> Result<SessionTag, VaultError> {
    let (id, salt): ([u8; 16], [u8; 16]) = (random_bytes()?, random_bytes()?);
    let hash = sha256(&[b"keyroom/session/1", &salt, &id]);
    Ok(SessionTag(std::array::from_fn(|i| hash[i])))
}

fn open_verified(
    store: &mut dyn Store,
    vault: VaultId,
    keys: OperatorKeys,
    params: KdfParams,
    anchor: Result<Option<Vec<u8>>, super::anchor::AnchorError>,
    accept_disagreement: bool,
) -> Result<Opened, VaultError> {
    let grants = all_rows(store, Table::Grant)?;
    let scopes = ScopeKeys::open(vault, grants, keys.operator, &keys.seal)?;
    let anchor = match anchor {
        Ok(Some(bytes)) => match Anchor::decode(&bytes) {
            Ok(anchor) => Ok(Some(anchor)),
            Err(_) => Err(super::anchor::AnchorError::Nonsense),
        },
        Ok(None) => Ok(None),
        Err(error) => Err(error),
    };
    let remembered = anchor.as_ref().ok().and_then(Option::as_ref);
    let roster = open_roster(store, vault, &scopes, remembered)?;
    let me = roster.signer(roster.current().version, keys.operator);
    check_own_keys(me, &keys)?;
    let (frontier, last_leaf, claimed_root) = open_head(store, vault, &scopes, &roster)?;
    let disagreement = match remembered {
        Some(anchor) => follow_from(store, vault, &scopes, &roster, anchor, &frontier)?,
        None => None,
    };
    if let Some(error) = &disagreement {
        let role = me.map_or(Role::Auditor, |me| me.role);
        if !accept_disagreement {
            return Err(error.clone());
        }
        // Nothing can be recorded here: the file is not the one to write to until somebody who may says so.
        if !role.may(Permission::ChangeSettings) {
            return Err(VaultError::NotPermitted { role: role.word(), permission: "accept a restored copy" });
        }
    }
    let loaded = load_tables(store, vault, &scopes)?;
    if loaded.state.root() != claimed_root {
        return Err(explain_state(store, vault, &scopes, &roster, frontier.size(), &loaded.state));
    }
    let Loaded { state, records, settings, compartments, broken } = loaded;
    // The rows are those the log names; one that still does not open was written wrong, not changed.
    if let Some(error) = broken {
        return Err(error);
    }
    let settings = settings.ok_or_else(|| VaultError::tampered("its settings are missing"))?;
    let new_since_anchor = remembered.map(|a| frontier.size().saturating_sub(a.frontier.size()));
    let anchor = match anchor {
        Ok(Some(_)) => AnchorStatus::On,
        Ok(None) => AnchorStatus::First,
        Err(error) => AnchorStatus::Off(error.to_string()),
    };
    Ok(Opened {
        keys,
        scopes,
        roster,
        state,
        frontier,
        last_leaf: Some(last_leaf),
        settings,
        records,
        compartments,
        anchor,
        new_since_anchor,
        disagreement,
        params,
        failed: Vec::new(),
    })
}

fn check_own_keys(me: Option<&crate::model::Operator>, keys: &OperatorKeys) -> Result<(), VaultError> {
    let me = me.ok_or_else(|| VaultError::tampered("the roster does not name this operator"))?;
    let fits =
        me.verify_key == *keys.sign.public().as_bytes() && me.seal_key == keys.seal.public().as_bytes();
    if fits {
        Ok(())
    } else {
        Err(VaultError::tampered("the operator's keys are not those the roster names"))
    }
}

fn open_roster(
    store: &mut dyn Store,
    vault: VaultId,
    scopes: &ScopeKeys,
    anchor: Option<&Anchor>,
) -> Result<Roster, VaultError> {
    let mut versions = Vec::new();
    for row in all_rows(store, Table::Roster)? {
        let bytes = rows::open_metadata_bytes(vault, &row, &scopes.metadata)?;
        let roster = SignedRoster::from_bytes(bytes.as_bytes()).map_err(|_| rows::changed(&row))?;
        if !roster.has_row_id(&row.id) {
            return Err(rows::changed(&row));
        }
        versions.push(roster);
    }
    Ok(Roster::verify(vault, versions, anchor.map(|a| &a.genesis))?)
}

/// The newest entry and checkpoint, checked against each other. Returns the end of the log and the state it claims.
fn open_head(
    store: &mut dyn Store,
    vault: VaultId,
    scopes: &ScopeKeys,
    roster: &Roster,
) -> Result<(Frontier, Hash, Hash), VaultError> {
    let head = store.head()?.ok_or_else(|| VaultError::tampered("its log is empty"))?;
    let seq = head.size - 1;
    let Some(row) = store.checkpoint(head.size)? else {
        let signed = store.checkpoint_sizes()?.last().copied().filter(|signed| *signed > head.size);
        return Err(VaultError::tampered(match signed {
            Some(signed) => format!("its log ends at {} entries, and {signed} were signed", head.size),
            None => "the newest checkpoint is missing".to_owned(),
        }));
    };
    let checkpoint = log::open_checkpoint(vault, &row, &scopes.log, roster)?;
    let mut claimed = None;
    log::walk(store, vault, &scopes.log, seq, head.size, &mut |row, record| {
        let leaf = &record.signed.leaf;
        let damage = |what| VaultError::from(Damage { seq, what });
        if record.signed.hash() != row.leaf_hash || leaf.seq != seq || leaf.vault != vault {
            return Err(damage(Defect::OtherHash));
        }
        if roster_after(&record) != roster.current().version {
            return Err(damage(Defect::OldRoster));
        }
        Examiner::new(roster, Depth::Everything).check_signer(&record).map_err(damage)?;
        if (checkpoint.signer, checkpoint.roster_version) != (leaf.operator, leaf.roster_version) {
            return Err(VaultError::tampered("the newest checkpoint is not by who signed the newest entry"));
        }
        claimed = Some(leaf.state_root);
        Ok(Walk::Continue(()))
    })?;
    let claimed = claimed.ok_or_else(|| VaultError::tampered("the newest entry of its log is missing"))?;
    Ok((checkpoint.frontier, head.last, claimed))
}

/// Follows the log from what this workstation remembers to its end. `Some`: the file is older, or has another history.
fn follow_from(
    store: &mut dyn Store,
    vault: VaultId,
    scopes: &ScopeKeys,
    roster: &Roster,
    anchor: &Anchor,
    end: &Frontier,
) -> Result<Option<VaultError>, VaultError> {
    let (seen, file) = (anchor.frontier.size(), end.size());
    if file < seen {
        return Ok(Some(VaultError::RolledBack { file, seen }));
    }
    // Without that version it is forked, whatever was added.
    let remembered = roster.versions().iter().find(|version| version.hash() == anchor.roster);
    let oldest_roster = remembered.map_or(1, |version| version.version);
    let end_seen = (anchor.frontier.clone(), None);
    let mut verifier = Verifier::from_trusted(vault, roster, end_seen, oldest_roster);
    let mut forked = false;
    log::walk(store, vault, &scopes.log, seen, file, &mut |row, record| match verifier
        .next(&record, &row.leaf_hash)
    {
        Ok(()) => Ok(Walk::Continue(())),
        Err(Damage { what: Defect::OtherHistory, .. }) => {
            forked = true;
            Ok(Walk::Break(()))
        }
        Err(damage) => Err(damage.into()),
    })?;
    let same = !forked && verifier.frontier() == end && remembered.is_some();
    Ok((!same).then_some(VaultError::Forked { seen }))
}

/// The tables are not what the newest entry says: replays the log to name the rows.
fn explain_state(
    store: &mut dyn Store,
    vault: VaultId,
    scopes: &ScopeKeys,
    roster: &Roster,
    size: u64,
    tables: &StateTree,
) -> VaultError {
    let mut expected = StateTree::new();
    let mut verifier = Verifier::from_start(vault, roster, Depth::Hashes);
    let walked = log::walk(store, vault, &scopes.log, 0, size, &mut |row, record| {
        verifier.next(&record, &row.leaf_hash)?;
        for change in &record.delta.0 {
            expected.set(change.table, &change.id, change.after);
        }
        Ok(Walk::Continue(()))
    });
    match walked {
        Ok(()) => log::name_differences(&expected, tables),
        Err(error) => error,
    }
}

fn all_rows(store: &mut dyn Store, table: Table) -> Result<Vec<Row>, VaultError> {
    let mut found = Vec::new();
    store.rows(table, &mut |row| {
        found.push(row.to_row());
        Walk::Continue(())
    })?;
    Ok(found)
}

/// The id of the operator whose slot a name opens; for tests and the command line.
impl VaultFile {
    /// The operator a name belongs to, as far as the file tells.
    ///
    /// # Errors
    /// [`VaultError::WhichOperator`], [`VaultError::NoSuchOperator`].
    pub fn operator(&self, name: Option<&str>) -> Result<OperatorId, VaultError> {
        Ok(self.slot(name)?.operator)
    }
}

/// Sessions of a vault that is already unlocked, for the demo vault alone: fourteen months of them without fourteen months of
/// key stretching. Nobody gains anything by them: who holds a [`Vault`] holds its keys.
impl Vault {
    /// Records the end of this session; the keys are kept.
    pub(crate) fn end_demo_session(&mut self, reason: &str) -> Result<(), VaultError> {
        self.record(Action::SessionLock, Entry::new(Action::SessionLock, Object::Vault).because(reason))
    }

    /// Begins another session of the same operator at another time and, perhaps, another workstation.
    pub(crate) fn begin_demo_session(&mut self, env: Environment) -> Result<(), VaultError> {
        let failed: Vec<_> = self.store.attempts()?.into_iter().map(Timestamp).collect();
        self.env = env;
        self.begin_session(Notice { failed, disagreement: None }, None)
    }
}
