//! What an edit does to a key, field by field: what was known, what is to be known, and of which fields. Edits are made, and
//! taken back, by this one notion, so that neither ever touches what somebody else changed.

use crate::model::{KeyId, KeyRecord, KeyState, PolicyChoice, Settings};

use crate::vault::View;

use super::common::{local_day, yes_no};
use super::create_key::KeyDraft;

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
            #[must_use]
            pub fn is_same(self, a: &KeyDraft, b: &KeyDraft) -> bool {
                match self {
                    $(Self::$field => a.$($name).+ == b.$($name).+,)*
                }
            }

            /// Takes what `from` says of it over into `to`.
            pub fn take_over(self, from: &KeyDraft, to: &mut KeyDraft) {
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

impl KeyField {
    /// What `draft` says of it, as the log writes it in a change.
    #[must_use]
    pub fn words(self, draft: &KeyDraft, view: &View) -> String {
        match self {
            Self::Name => draft.name.clone(),
            Self::Owner => draft.owner.clone(),
            Self::System => draft.system.clone(),
            Self::Environment => draft.environment.clone(),
            Self::Purpose => draft.purpose.clone(),
            Self::Tags => draft.tags.join(" "),
            Self::Note => draft.note.clone(),
            Self::Critical => yes_no(draft.critical).to_owned(),
            Self::Policy => policy_words(&view.settings, &draft.policy),
            Self::Contact => draft.contact.clone(),
            Self::Deployed => draft.deployed.clone(),
            Self::Expires => local_day(draft.expires),
            Self::Sponsor => draft.around.sponsor.clone(),
            Self::Custodians => draft.around.custodians.clone(),
            Self::Location => draft.around.location.clone(),
            Self::SharedWith => draft.around.shared_with.clone(),
            Self::Runbook => draft.around.runbook.clone(),
            Self::ProcessUntil => local_day(draft.around.process_until),
            Self::Replaces => key_words(view, draft.around.replaces),
        }
    }
}

/// The name of a key, or its id where it has none here; empty where there is none.
fn key_words(view: &View, key: Option<KeyId>) -> String {
    let name = |id: KeyId| view.keys.get(id).map_or_else(|| id.to_string(), |key| key.name.clone());
    key.map_or_else(String::new, name)
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

/// What an edit does to a key, field by field.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldEdit {
    /// Which key.
    pub key: KeyId,
    /// The fields that change.
    pub fields: Vec<KeyField>,
    /// What they were.
    pub before: KeyDraft,
    /// What they change to.
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

    /// What `draft` changes of a key as it is known here.
    #[must_use]
    pub fn of(key: &KeyRecord, draft: KeyDraft) -> Self {
        let (before, version) = (KeyDraft::from_record(key), key.current_number());
        // As it would be stored; what cannot be is told by the edit itself.
        let after = draft.check().unwrap_or(draft);
        let mut fields = KeyField::ALL.to_vec();
        fields.retain(|field| !field.is_same(&before, &after));
        Self { key: key.id, fields, before, after, version }
    }

    /// Its fields that somebody changed in `key` to something else than what it was and is to be, since this was written.
    #[must_use]
    pub fn changed_since(&self, key: &KeyRecord) -> Vec<KeyField> {
        let now = KeyDraft::from_record(key);
        let same_version = key.current_number() == self.version;
        let changed = |field: &&KeyField| {
            let of_another_value = **field == KeyField::Expires && !same_version;
            of_another_value || !field.is_same(&now, &self.before) && !field.is_same(&now, &self.after)
        };
        self.fields.iter().filter(changed).copied().collect()
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
