//! Changing what is known about a key. The entry says what each field was, so that every edit can be taken back.

use crate::model::{Action, Change, KeyId, KeyRecord, PolicyChoice, Settings, Severity};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{check_replaces, key_entry, living, local_day, manage_keys};
use super::create_key::KeyDraft;

/// Changes what is known about a key; its type stays what it was.
pub struct EditKey {
    /// Which key.
    pub key: KeyId,
    /// What is to be known about it from now on.
    pub draft: KeyDraft,
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
        key_entry(Action::KeyEdit, view, self.key, None, "")
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        let key = living(tx, self.key, "edited")?;
        edit(tx, key, &self.draft)
    }
}

/// Checks a draft and makes it what is known about `key`.
pub(super) fn edit(tx: &mut Transaction<'_>, mut key: KeyRecord, draft: &KeyDraft) -> Result<(), VaultError> {
    if draft.key_type != key.key_type {
        return Err(VaultError::TypeFixed(key.name));
    }
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
    if key.critical && !draft.critical {
        // From now on fewer readings of it stand out.
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
    let texts = [
        ("name", &key.name, &draft.name),
        ("owner", &key.owner, &draft.owner),
        ("system", &key.system, &draft.system),
        ("environment", &key.environment, &draft.environment),
        ("purpose", &key.purpose, &draft.purpose),
        ("note", &key.note, &draft.note),
        ("contact", &key.later.contact, &draft.contact),
        ("deployed", &key.later.deployed, &draft.deployed),
    ];
    for (field, before, after) in texts {
        tx.note_change(Change::of(field, before.as_str(), after.as_str()));
    }
    for ((field, before), (_, after)) in key.around.texts().into_iter().zip(draft.around.texts()) {
        tx.note_change(Change::of(field, before, after));
    }
    let until = [&key.around, &draft.around].map(|around| local_day(around.process_until));
    let [before, after] = until;
    tx.note_change(Change::of("process until", before, after));
    let [before, after] = [&key.around, &draft.around].map(|around| key_words(tx, around.replaces));
    tx.note_change(Change::of("replaces", before, after));
    tx.note_change(Change::of("tags", key.tags.join(" "), draft.tags.join(" ")));
    tx.note_change(Change::of("expires", local_day(key.later.expires), local_day(draft.expires)));
    tx.note_change(Change::of("critical", yes_no(key.critical), yes_no(draft.critical)));
    let policies = tx.settings().clone();
    let (before, after) = (policy_words(&policies, &key.policy), policy_words(&policies, &draft.policy));
    tx.note_change(Change::of("policy", before, after));
}

/// The name of a key, or its id where it has none here; empty where there is none.
fn key_words(tx: &Transaction<'_>, key: Option<KeyId>) -> String {
    let name = |id: KeyId| tx.view().keys.get(id).map_or_else(|| id.to_string(), |key| key.name.clone());
    key.map_or_else(String::new, name)
}

/// A yes or no as the log writes it.
pub(super) fn yes_no(value: bool) -> &'static str {
    if value { "yes" } else { "no" }
}

fn policy_words(settings: &Settings, choice: &PolicyChoice) -> String {
    match choice {
        PolicyChoice::TypeDefault => "the type's default".to_owned(),
        PolicyChoice::Named(id) => {
            let named = settings.policies.iter().find(|p| p.id == *id);
            named.map_or_else(|| format!("an unknown policy ({})", id.short()), |p| p.name.clone())
        }
        PolicyChoice::Exempt { reason } => format!("exempt: {reason}"),
    }
}
