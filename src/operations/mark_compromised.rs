//! Recording that a key is known or suspected to be in the wrong hands. There is no way back but destruction
//! (NIST SP 800-57 Part 1 Rev. 5, section 7.5); what replaces it is a new key. Of a key that is destroyed already the event
//! alone is recorded, with all that is known (section 7.6): its state stays what it is.

use crate::model::key::{Compromise, KeyLife};
use crate::model::state::CompromiseReason;
use crate::model::{Action, Change, KeyId, KeyRecord, KeyState, Timestamp, VersionState};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{change_state, key_entry, manage_keys, need_reason, set_version_state, yes_no};

/// When a value fell into the wrong hands, and why that is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Suspected {
    /// Why, by the standards' codes.
    pub reason: CompromiseReason,
    /// When it happened, as far as is known.
    pub occurred: Timestamp,
    /// When it was noticed.
    pub noticed: Timestamp,
}

impl Suspected {
    /// Refuses times that make no sense.
    pub(super) fn check(self, now: Timestamp) -> Result<(), VaultError> {
        if self.occurred > self.noticed {
            return Err(VaultError::BadTime("it cannot have been noticed before it happened"));
        }
        if self.noticed > now {
            return Err(VaultError::BadTime("it cannot have been noticed in the future"));
        }
        Ok(())
    }

    /// Says all of it in the entry.
    pub(super) fn note(self, tx: &mut Transaction<'_>) {
        tx.note_change(Change::of("reason", "", self.reason.word()));
        tx.note_change(Change::of("occurred", "", self.occurred.iso()));
        tx.note_change(Change::of("noticed", "", self.noticed.iso()));
    }
}

/// Marks a key as compromised, with the versions of it that are accepted anywhere. Once.
pub struct MarkCompromised {
    /// Which key.
    pub key: KeyId,
    /// Why, by the standards' codes.
    pub reason: CompromiseReason,
    /// When it happened, as far as is known.
    pub occurred: Timestamp,
    /// When it was noticed.
    pub noticed: Timestamp,
    /// What happened, in words.
    pub note: String,
}

impl Operation for MarkCompromised {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::KeyCompromised
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::KeyCompromised, view, self.key, None, &self.note)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        let note = need_reason(&self.note)?;
        let Self { reason, occurred, noticed, .. } = self;
        let suspected = Suspected { reason, occurred, noticed };
        suspected.check(tx.now())?;
        let key = tx.key(self.key)?;
        if let Some(known) = &key.compromise {
            return Err(VaultError::AlreadyCompromised { key: key.name, noticed: known.noticed });
        }
        let compromise = Compromise { reason, occurred, noticed, note };
        if key.state == KeyState::Destroyed {
            tx.note_change(Change::of("compromised after destruction", yes_no(false), yes_no(true)));
            let life = KeyLife { compromised_after_destruction: true, ..key.life };
            tx.put_key(KeyRecord { compromise: Some(compromise), life, ..key })?;
        } else {
            change_state(tx, self.key, KeyState::Compromised, "marked as compromised", |key| {
                key.compromise = Some(compromise);
            })?;
        }
        suspected.note(tx);
        let mut key = tx.key(self.key)?;
        let accepted = |state| matches!(state, VersionState::Current | VersionState::Overlap);
        for version in key.versions.iter_mut().filter(|v| accepted(v.state)) {
            set_version_state(tx, version, VersionState::Compromised);
        }
        tx.put_key(key)
    }
}
