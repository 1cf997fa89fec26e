//! Replacing the value of a key. The old one stays accepted as long as the overlap says; a value that was ever used is
//! refused. A suspended key comes back into use with its new value; the old one is not accepted any longer. Where the old one is
//! known or suspected to be in the wrong hands it is marked so: it is accepted nowhere and never comes back.

use crate::model::settings::SettingsError;
use crate::model::{
    Action, Change, KeyId, KeyRecord, KeyState, Object, Severity, Timestamp, VersionState, due, period,
    policy,
};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{
    enter_state, forbids, key_entry, local_day, manage_keys, need_reason, set_version_state, settle_overlaps,
};
use super::mark_compromised::Suspected;
use super::new_value::NewValue;

/// Replaces the value of a key.
pub struct Rotate {
    /// Which key.
    pub key: KeyId,
    /// Its new value.
    pub value: NewValue,
    /// Why.
    pub reason: String,
    /// Days the old value stays accepted; what the key's policy says where none are named. 0: not at all, as it must be for
    /// a suspended key and after a compromise.
    pub overlap_days: Option<u32>,
    /// When the new value ends by itself; what the value itself says where nothing is named.
    pub expires: Option<Timestamp>,
    /// Whether the next date by policy stays what it is: the period goes on from where it began. Else it begins anew.
    pub keep_schedule: bool,
    /// The old value is known or suspected to be in the wrong hands. It alone is marked so; versions that were replaced
    /// before it stay what they are, and the key stays in use.
    pub compromise: Option<Suspected>,
}

impl Operation for Rotate {
    /// The number of the new version.
    type Outcome = u32;

    fn action(&self) -> Action {
        Action::RotationComplete
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        let mut entry = key_entry(Action::RotationComplete, view, self.key, None, &self.reason);
        if self.compromise.is_some() {
            // As much as marking the whole key does.
            entry.severity = entry.severity.max(Severity::Critical);
        }
        entry
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<u32, VaultError> {
        let reason = need_reason(&self.reason)?;
        if let Some(suspected) = self.compromise {
            suspected.check(tx.now())?;
        }
        let mut key = tx.key(self.key)?;
        if !key.state.may_be_rotated() {
            return Err(forbids(&key, "rotated"));
        }
        let overlap = overlap_days(tx, &key, self.overlap_days, self.compromise.is_some())?;
        let schedule = Schedule::of(tx, &key, self.keep_schedule)?;
        let material = self.value.resolve(key.key_type)?;
        let fingerprint = tx.fingerprint(key.compartment, &material.value)?;
        if let Some(used) = key.versions.iter().find(|v| v.fingerprint == fingerprint) {
            return Err(VaultError::Reused { key: key.name.clone(), version: used.number });
        }
        let number = key.next_number();
        tx.put_value(key.id, number, key.compartment, &material.value)?;
        let old = key.current_number();
        tx.note_change(Change::of("version", format!("v{old}"), format!("v{number}")));
        settle_overlaps(tx, &mut key);
        replace_current(tx, &mut key, overlap, self.compromise);
        let expires = self.expires.or(material.expires());
        tx.note_change(Change::of("expires", local_day(key.later.expires), local_day(expires)));
        key.later.expires = expires;
        key.versions.push(material.record(tx, number, fingerprint, reason));
        schedule.apply(tx, &mut key, number);
        if key.state != KeyState::Active {
            enter_state(tx, &mut key, KeyState::Active);
            key.activated.get_or_insert(tx.now());
        }
        tx.set_object(Object::Key { id: key.id, name: key.name.clone(), version: Some(number) });
        tx.put_key(key)?;
        Ok(number)
    }
}

/// What becomes of the period of a key at a rotation.
struct Schedule {
    /// What it goes on counting from, and the date that stays; where it begins anew there is none.
    kept: Option<(Timestamp, Timestamp)>,
    /// The rotation before this one had kept it.
    was_kept: bool,
}

impl Schedule {
    fn of(tx: &Transaction<'_>, key: &KeyRecord, keep: bool) -> Result<Self, VaultError> {
        let from = key.counts_from();
        let kept = keep.then(|| period::kept_date(key, tx.settings(), tx.now())).transpose();
        let kept = kept.map_err(|why| VaultError::NoSchedule { key: key.name.clone(), why })?;
        Ok(Self { kept: kept.map(|date| (from, date)), was_kept: from < key.last_rotated() })
    }

    fn apply(self, tx: &mut Transaction<'_>, key: &mut KeyRecord, version: u32) {
        let before = if self.was_kept { "kept" } else { "" };
        let after = match self.kept {
            Some((_, date)) => format!("kept, next rotation {}", date.local_day()),
            None if self.was_kept => "begins anew".to_owned(),
            None => String::new(),
        };
        tx.note_change(Change::of("schedule", before, after));
        key.count_from(version, self.kept.map(|(from, _)| from));
    }
}

/// How long the old value stays accepted: as asked for, else as the policy says, else not at all.
fn overlap_days(
    tx: &Transaction<'_>,
    key: &KeyRecord,
    wish: Option<u32>,
    compromised: bool,
) -> Result<u32, VaultError> {
    if compromised {
        let forbidden = || VaultError::NoOverlapCompromised(key.name.clone());
        return if wish.unwrap_or(0) == 0 { Ok(0) } else { Err(forbidden()) };
    }
    if key.state == KeyState::Suspended {
        return if wish.unwrap_or(0) == 0 { Ok(0) } else { Err(VaultError::NoOverlap(key.name.clone())) };
    }
    let days = match wish {
        Some(days) => days,
        None => due::policy_of(key, tx.settings()).map_or(0, |policy| policy.overlap_days),
    };
    let max = policy::INTERVAL_MAX_DAYS;
    if days > max {
        return Err(SettingsError::Range { field: "overlap", min: 0, max, unit: "days" }.into());
    }
    Ok(days)
}

/// Puts the version in use into its overlap, or out of use where there is none: for good where it is compromised.
fn replace_current(
    tx: &mut Transaction<'_>,
    key: &mut KeyRecord,
    overlap: u32,
    compromise: Option<Suspected>,
) {
    let now = tx.now();
    for version in key.versions.iter_mut().filter(|v| v.state == VersionState::Current) {
        version.current_to = Some(now);
        if let Some(suspected) = compromise {
            set_version_state(tx, version, VersionState::Compromised);
            suspected.note(tx);
        } else if overlap == 0 {
            set_version_state(tx, version, VersionState::Retired);
        } else {
            let end = now.plus_days(i64::from(overlap));
            set_version_state(tx, version, VersionState::Overlap);
            version.overlap_ends = Some(end);
            tx.note_change(Change::of("overlap ends", "", local_day(Some(end))));
        }
    }
}
