//! What several operations share: finding a key that lives, the reason, a change of state, reading a value, and noting in
//! the log what changes no row.

use std::path::{Path, PathBuf};

use crate::crypto::random_bytes;
use crate::model::event::critical_key_words;
use crate::model::operator::Permission;
use crate::model::{
    Action, Change, KeyId, KeyRecord, KeyState, Object, PolicyChoice, Settings, Severity, Timestamp,
    VersionRecord, VersionState, text,
};
use crate::vault::{Entry, Needs, Operation, Transaction, Vault, VaultError, View};

use super::reveal::Revealed;

/// A key as the log names it; by its id where it is not known.
pub(super) fn object(view: &View, id: KeyId, version: Option<u32>) -> Object {
    let name = view.keys.get(id).map_or_else(|| id.to_string(), |key| key.name.clone());
    Object::Key { id, name, version }
}

/// The entry of an act on one key.
pub(super) fn key_entry(action: Action, view: &View, id: KeyId, version: Option<u32>, reason: &str) -> Entry {
    Entry::new(action, object(view, id, version)).because(reason.trim())
}

/// What changing keys needs.
pub(super) fn manage_keys() -> Needs {
    Needs::permission(Permission::ManageKeys)
}

/// A reason that may be missing.
pub(super) fn optional_reason(reason: &str) -> Result<String, VaultError> {
    Ok(text::note("the reason", reason)?)
}

/// A reason that must be there.
pub(super) fn need_reason(reason: &str) -> Result<String, VaultError> {
    let reason = optional_reason(reason)?;
    if reason.is_empty() { Err(VaultError::ReasonNeeded) } else { Ok(reason) }
}

/// A key that is not destroyed.
pub(super) fn living(tx: &Transaction<'_>, id: KeyId, wish: &'static str) -> Result<KeyRecord, VaultError> {
    let key = tx.key(id)?;
    if key.state == KeyState::Destroyed { Err(forbids(&key, wish)) } else { Ok(key) }
}

/// A key that is in use: one that may be given an older version.
pub(super) fn in_use(tx: &Transaction<'_>, id: KeyId, wish: &'static str) -> Result<KeyRecord, VaultError> {
    let key = tx.key(id)?;
    if key.state.is_in_use() { Ok(key) } else { Err(forbids(&key, wish)) }
}

/// The key's state forbids `wish`.
pub(super) fn forbids(key: &KeyRecord, wish: &'static str) -> VaultError {
    VaultError::StateForbids { key: key.name.clone(), state: key.state, wish }
}

/// The version's state forbids `wish`.
pub(super) fn version_forbids(key: &KeyRecord, version: &VersionRecord, wish: &'static str) -> VaultError {
    VaultError::VersionForbids { key: key.name.clone(), version: version.number, state: version.state, wish }
}

/// A version by its number.
pub(super) fn version_mut(key: &mut KeyRecord, number: u32) -> Result<&mut VersionRecord, VaultError> {
    let missing = VaultError::NoSuchVersion { key: key.name.clone(), version: number };
    key.versions.iter_mut().find(|v| v.number == number).ok_or(missing)
}

/// Changes a key's state along the machine of [`KeyState::may_become`], and nothing else of it but what `edit` does. What
/// was known of a suspension goes with it.
pub(super) fn change_state(
    tx: &mut Transaction<'_>,
    id: KeyId,
    next: KeyState,
    wish: &'static str,
    edit: impl FnOnce(&mut KeyRecord),
) -> Result<(), VaultError> {
    let mut key = tx.key(id)?;
    if !key.state.may_become(next) {
        return Err(forbids(&key, wish));
    }
    enter_state(tx, &mut key, next);
    edit(&mut key);
    tx.put_key(key)
}

/// Gives a key a state it may have. A suspension that ends with it is not reviewed any more.
pub(super) fn enter_state(tx: &mut Transaction<'_>, key: &mut KeyRecord, next: KeyState) {
    tx.note_change(Change::of("state", key.state.word(), next.word()));
    key.state = next;
    key.suspended = None;
    key.life.suspended_at = None;
    tx.note_change(Change::of("review by", local_day(key.life.review_by.take()), ""));
}

/// Changes a version's state and says so in the entry.
pub(super) fn set_version_state(tx: &mut Transaction<'_>, version: &mut VersionRecord, next: VersionState) {
    let field = format!("version {}", version.number);
    tx.note_change(Change::of(&field, version.state.word(), next.word()));
    version.state = next;
    version.overlap_ends = None;
}

/// Retires the versions of a key whose overlap has ended, with an act that changes its versions anyway. Nothing retires them by
/// itself: until then, or until somebody does it, they stay accepted ([`super::RetireVersion`]).
pub(super) fn settle_overlaps(tx: &mut Transaction<'_>, key: &mut KeyRecord) {
    let now = tx.now();
    for version in &mut key.versions {
        if version.state == VersionState::Overlap && version.overlap_ends.is_some_and(|end| end <= now) {
            set_version_state(tx, version, VersionState::Retired);
        }
    }
}

/// What reading a value needs by the vault's settings.
pub(super) fn reading_needs(view: &View) -> Needs {
    Needs { permission: Permission::ReadSecrets, password_again: view.settings.reveal_needs_password }
}

/// The entry of a reading. It matters more where the key is critical, and where nobody should still be reading it.
pub(super) fn reading_entry(
    action: Action,
    view: &View,
    id: KeyId,
    version: Option<u32>,
    reason: &str,
) -> Entry {
    let key = view.keys.get(id);
    let version = version.or_else(|| key.map(|k| k.current_number()));
    let mut entry = key_entry(action, view, id, version, reason);
    let notable = |key: &KeyRecord| {
        let exposed =
            version.and_then(|n| key.version(n)).is_some_and(|v| v.state == VersionState::Compromised);
        key.critical || exposed || !key.state.is_in_use() || key.destroy_at.is_some()
    };
    if key.is_some_and(|key| key.critical) {
        entry.changes.push(critical_key_words());
    }
    if key.is_some_and(|key| notable(key)) {
        entry.severity = entry.severity.max(Severity::Warn);
    }
    entry
}

/// Opens the value of a version, the one in use where none is named, and marks the key as `mark` says.
pub(super) fn read_value(
    tx: &mut Transaction<'_>,
    id: KeyId,
    version: Option<u32>,
    wish: &'static str,
    mark: impl FnOnce(&mut KeyRecord),
) -> Result<Revealed, VaultError> {
    let mut key = living(tx, id, wish)?;
    let number = version.unwrap_or_else(|| key.current_number());
    let record = version_mut(&mut key, number)?.clone();
    if record.state == VersionState::Destroyed {
        return Err(version_forbids(&key, &record, wish));
    }
    let value = tx.value(&key, number)?;
    let object = Object::Key { id, name: key.name.clone(), version: Some(number) };
    tx.set_object(object);
    mark(&mut key);
    key.last_used = Some(tx.now());
    key.later.uses = key.later.uses.saturating_add(1);
    let (key_type, name) = (key.key_type, key.name.clone());
    tx.put_key(key)?;
    Ok(Revealed { value, key_type, version: number, name })
}

/// Checks the reason of a reading: asked for by the settings, or always.
pub(super) fn reading_reason(settings: &Settings, reason: &str) -> Result<String, VaultError> {
    if settings.reveal_needs_reason { need_reason(reason) } else { optional_reason(reason) }
}

/// Checks that a key's choice of policy can be followed.
pub(super) fn check_policy(settings: &Settings, choice: &PolicyChoice) -> Result<(), VaultError> {
    match choice {
        PolicyChoice::Named(id) if !settings.policies.iter().any(|p| p.id == *id) => {
            Err(VaultError::NoSuchPolicy)
        }
        _ => Ok(()),
    }
}

/// Checks that a key may stand in the place of another: that there is one, and that it does not stand, over others or
/// directly, in the place of this one.
pub(super) fn check_replaces(
    tx: &Transaction<'_>,
    name: &str,
    key: Option<KeyId>,
    replaces: Option<KeyId>,
) -> Result<(), VaultError> {
    let mut next = replaces;
    let mut left = tx.view().keys.all().len();
    while let Some(id) = next {
        if Some(id) == key || left == 0 {
            return Err(VaultError::ReplacesItself(name.to_owned()));
        }
        let record = tx.key(id)?;
        next = key.and(record.around.replaces);
        left -= 1;
    }
    Ok(())
}

/// A yes or no as the log writes it.
pub(super) fn yes_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

/// A day as people write it in a change, `2026-05-01`: in the zone that is shown, as it was typed. Empty where there is none.
pub(super) fn local_day(moment: Option<Timestamp>) -> String {
    moment.map_or_else(String::new, Timestamp::local_day)
}

/// The name of `target` while it is being made: beside it, and nobody else's.
pub(super) fn unfinished_name(target: &Path) -> Result<PathBuf, VaultError> {
    let mut path = target.as_os_str().to_owned();
    path.push(format!(".{:08x}.part", u32::from_be_bytes(random_bytes()?)));
    Ok(path.into())
}

/// Puts the name of a new file on the disk; where a folder cannot be told to be, it is there as soon as the system writes it.
pub(super) fn sync_folder(file: &Path) {
    let folder =
        file.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let _ = folder.map(std::fs::File::open).and_then(Result::ok).map(|folder| folder.sync_all());
}

/// Records that something was done that changes no row.
pub(super) struct Note {
    /// What.
    pub action: Action,
    /// What it took.
    pub permission: Permission,
    /// What the log says.
    pub entry: Entry,
}

impl Operation for Note {
    type Outcome = ();

    fn action(&self) -> Action {
        self.action
    }

    fn needs(&self, _: &View) -> Needs {
        Needs::permission(self.permission)
    }

    fn entry(&self, _: &View) -> Entry {
        self.entry.clone()
    }

    fn apply(self, _: &mut Transaction<'_>) -> Result<(), VaultError> {
        Ok(())
    }
}

/// Refuses, and records the refusal, where the operator's role does not hold `permission`: for work that is long, so that
/// it is not done in vain.
pub(super) fn permit(vault: &mut Vault, action: Action, permission: Permission) -> Result<(), VaultError> {
    if vault.view().me.role.may(permission) {
        return Ok(());
    }
    vault.perform(Note { action, permission, entry: Entry::new(action, Object::Vault) })
}

/// Records that something was tried and went wrong; where even that fails, that is the error to report.
pub(super) fn note_failure(
    vault: &mut Vault,
    action: Action,
    permission: Permission,
    error: VaultError,
) -> VaultError {
    let mut entry = Entry::new(action, Object::Vault).because(error.to_string());
    entry.outcome = crate::model::Outcome::Failed;
    entry.severity = entry.severity.max(Severity::Warn);
    match vault.perform(Note { action, permission, entry }) {
        Ok(()) => error,
        Err(unrecorded) => unrecorded,
    }
}
