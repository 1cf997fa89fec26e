//! Putting fields of a key back to what they were before an edit, or, the other way, to what they were before that was
//! taken back. An edit like any other, recorded like any other.
//!
//! Only what still is as the edit left it is put back: what somebody changed since stays, whoever it was and in whichever
//! program. It is looked at inside the transaction, so nothing can come between.

use crate::model::{Action, KeyId, KeyRecord, KeyState};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{key_entry, living, manage_keys};
use super::create_key::KeyDraft;
use super::edit_key::edit;

macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident $($name:ident).+, $word:literal,)*) => {
        /// Something a person writes about a key, by itself.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum KeyField {
            $($(#[$doc])* $field,)*
        }

        impl KeyField {
            /// All fields that an edit can change.
            pub const ALL: &'static [Self] = &[$(Self::$field,)*];

            /// Its name, as the log writes it in a change.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$field => $word,)*
                }
            }

            /// Whether it says the same in both.
            fn is_same(self, a: &KeyDraft, b: &KeyDraft) -> bool {
                match self {
                    $(Self::$field => a.$($name).+ == b.$($name).+,)*
                }
            }

            /// Takes what `from` says of it over into `to`.
            fn take_over(self, from: &KeyDraft, to: &mut KeyDraft) {
                match self {
                    $(Self::$field => to.$($name).+.clone_from(&from.$($name).+),)*
                }
            }
        }
    };
}

fields! {
    /// The name.
    Name name, "name",
    /// Who answers for it.
    Owner owner, "owner",
    /// The system it belongs to.
    System system, "system",
    /// Where that runs.
    Environment environment, "environment",
    /// What it is for.
    Purpose purpose, "purpose",
    /// The tags, all together.
    Tags tags, "tags",
    /// The note.
    Note note, "note",
    /// Whether every reading is worth a look.
    Critical critical, "critical",
    /// What decides when it must be rotated.
    Policy policy, "policy",
    /// Whom to ask.
    Contact contact, "contact",
    /// Where its value is in use.
    Deployed deployed, "deployed",
    /// When the value ends by itself: it belongs to the version, not to the key.
    Expires expires, "expires",
    /// Who answers for it where its owner is a team or a system.
    Sponsor around.sponsor, "sponsor",
    /// Who looks after it.
    Custodians around.custodians, "custodians",
    /// Where it is kept or used.
    Location around.location, "location",
    /// Who else has its value.
    SharedWith around.shared_with, "shared with",
    /// Where to read what to do.
    Runbook around.runbook, "runbook",
    /// Until when what it protected may be processed.
    ProcessUntil around.process_until, "process until",
    /// The key it took the place of.
    Replaces around.replaces, "replaces",
}

/// What an edit did to a key, field by field.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldEdit {
    /// Which key.
    pub key: KeyId,
    /// The fields that were changed.
    pub fields: Vec<KeyField>,
    /// What they were.
    pub before: KeyDraft,
    /// What they were changed to.
    pub after: KeyDraft,
    /// The version that was in use, both before and after.
    pub version: u32,
}

impl FieldEdit {
    /// What was edited between two states of a key, or `None` where nothing was. An end of the value that came with
    /// another version is no edit.
    #[must_use]
    pub fn between(before: &KeyRecord, after: &KeyRecord) -> Option<Self> {
        let (key, version) = (after.id, after.current_number());
        let same_version = before.current_number() == version;
        let (before, after) = (KeyDraft::from_record(before), KeyDraft::from_record(after));
        let mut fields = KeyField::ALL.to_vec();
        fields
            .retain(|field| !field.is_same(&before, &after) && (same_version || *field != KeyField::Expires));
        (!fields.is_empty()).then_some(Self { key, fields, before, after, version })
    }

    /// The same the other way round, of these fields.
    #[must_use]
    pub fn reversed(&self, fields: Vec<KeyField>) -> Self {
        let (before, after) = (self.after.clone(), self.before.clone());
        Self { key: self.key, fields, before, after, version: self.version }
    }

    /// Its fields: those that can be put back in `key` as it is now, and those that were changed since.
    #[must_use]
    pub fn split(&self, key: &KeyRecord) -> (Vec<KeyField>, Vec<KeyField>) {
        let now = KeyDraft::from_record(key);
        let destroyed = key.state == KeyState::Destroyed;
        let same_version = key.current_number() == self.version;
        self.fields.iter().partition(|field| {
            let of_now = **field != KeyField::Expires || same_version;
            !destroyed && of_now && field.is_same(&now, &self.after)
        })
    }
}

/// Puts the fields of an edit back, as far as they are as it left them.
pub struct PutBack(pub FieldEdit);

/// What came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PutBackDone {
    /// Which key.
    pub key: KeyId,
    /// The fields that are as they were.
    pub put: Vec<KeyField>,
    /// The fields that stay as they are, because they were changed since.
    pub left: Vec<KeyField>,
    /// The entry that records it.
    pub seq: u64,
}

impl Operation for PutBack {
    type Outcome = PutBackDone;

    fn action(&self) -> Action {
        Action::KeyEdit
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::KeyEdit, view, self.0.key, None, "")
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<PutBackDone, VaultError> {
        let record = living(tx, self.0.key, "edited")?;
        let (put, left) = self.0.split(&record);
        if put.is_empty() {
            return Err(VaultError::ChangedSince(record.name));
        }
        let mut draft = KeyDraft::from_record(&record);
        put.iter().for_each(|field| field.take_over(&self.0.before, &mut draft));
        let (key, seq) = (record.id, tx.view().log_size);
        edit(tx, record, &draft)?;
        Ok(PutBackDone { key, put, left, seq })
    }
}
