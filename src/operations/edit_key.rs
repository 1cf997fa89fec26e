//! Changing what is known about a key. The entry says what each field was, so that every edit can be taken back.
//!
//! Only the fields that were changed are written, into what the file holds now: what another program changed meanwhile stays.
//! Where both changed the same field, nothing is written, and the error says which.

use crate::model::{Action, Change, KeyRecord, Severity, due, policy};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{check_replaces, key_entry, living, manage_keys};
use super::create_key::KeyDraft;
use super::field_edit::{FieldEdit, KeyField};

/// Changes what is known about a key; its type stays what it was.
pub struct EditKey(pub FieldEdit);

impl EditKey {
    /// What `draft` changes of a key as it is known here.
    #[must_use]
    pub fn of(key: &KeyRecord, draft: KeyDraft) -> Self {
        Self(FieldEdit::of(key, draft))
    }
}

impl Operation for EditKey {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::KeyEdit
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, view: &View) -> Entry {
        key_entry(Action::KeyEdit, view, self.0.key, None, "")
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        let FieldEdit { key, ref fields, ref after, .. } = self.0;
        let key = living(tx, key, "edited")?;
        if after.key_type != key.key_type {
            return Err(VaultError::TypeFixed(key.name));
        }
        let changed = self.0.changed_since(&key);
        if !changed.is_empty() {
            let fields = changed.iter().map(|field| field.word().to_owned()).collect();
            return Err(VaultError::ChangedMeanwhile { key: key.name, fields });
        }
        let mut draft = KeyDraft::from_record(&key);
        fields.iter().for_each(|field| field.take_over(after, &mut draft));
        edit(tx, key, &draft)
    }
}

/// Checks a draft and makes it what is known about `key`.
pub(super) fn edit(tx: &mut Transaction<'_>, mut key: KeyRecord, draft: &KeyDraft) -> Result<(), VaultError> {
    let mut draft = draft.check()?;
    if draft.policy != key.policy {
        draft = draft.check_with(tx.settings())?;
    }
    if draft.name != key.name {
        tx.claim_name(&draft.name, Some(key.id))?;
    }
    if draft.around.replaces != key.around.replaces {
        check_replaces(tx, &key.name, Some(key.id), draft.around.replaces)?;
    }
    note_changes(tx, &key, &draft);
    let by = |choice| due::policy_by(choice, key.key_type, tx.settings());
    let is_weaker = policy::is_weaker(by(&key.policy), by(&draft.policy));
    // From now on fewer readings of it stand out, or its value is in use for longer.
    if key.critical && !draft.critical || is_weaker {
        tx.raise_severity(Severity::Warn);
    }
    key.name = draft.name;
    key.owner = draft.owner;
    key.system = draft.system;
    key.environment = draft.environment;
    key.purpose = draft.purpose;
    key.tags = draft.tags;
    key.note = draft.note;
    key.critical = draft.critical;
    key.policy = draft.policy;
    key.later.contact = draft.contact;
    key.later.deployed = draft.deployed;
    key.later.expires = draft.expires;
    key.around = draft.around;
    tx.put_key(key)
}

fn note_changes(tx: &mut Transaction<'_>, key: &KeyRecord, draft: &KeyDraft) {
    let (view, before) = (tx.view(), KeyDraft::from_record(key));
    let change = |field: &KeyField| {
        let [before, after] = [&before, draft].map(|draft| field.words(draft, view));
        Change::of(field.word(), before, after)
    };
    let changes: Vec<_> = KeyField::ALL.iter().map(change).collect();
    changes.into_iter().for_each(|change| tx.note_change(change));
}
