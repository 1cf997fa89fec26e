//! Putting a new key in, with its first version.

use serde::{Deserialize, Serialize};

use crate::model::key::{KeyLater, KeyLife};
use crate::model::{
    Action, CompartmentId, KeyAround, KeyId, KeyRecord, KeyState, KeyType, Object, PolicyChoice, Settings,
    Timestamp, text,
};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{check_policy, check_replaces, manage_keys};
use super::new_value::{Material, NewValue};

/// Puts a new key in.
pub struct CreateKey {
    /// What is to be known about it.
    pub draft: KeyDraft,
    /// Its first value.
    pub value: NewValue,
    /// Whether it is in use at once; else it waits as pre-active.
    pub activate: bool,
}

/// What a person writes about a key: when it is made, and when it is edited.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeyDraft {
    /// Its name: unique among keys that are not destroyed.
    pub name: String,
    /// What kind of secret it is.
    pub key_type: KeyType,
    /// The person who answers for it.
    pub owner: String,
    /// The application or system it belongs to.
    pub system: String,
    /// Where that runs.
    pub environment: String,
    /// What it is for.
    pub purpose: String,
    /// Free words to find it by.
    pub tags: Vec<String>,
    /// Anything else worth knowing.
    pub note: String,
    /// Whether every reading of it is worth a look.
    pub critical: bool,
    /// What decides when it must be rotated.
    pub policy: PolicyChoice,
    /// Whom to ask about it or to tell when it changes.
    pub contact: String,
    /// Where its value is in use.
    pub deployed: String,
    /// When the value in use ends by itself. Where a new value says so itself and nothing stands here, what it says.
    pub expires: Option<Timestamp>,
    /// Who else answers for it, who has it besides, and the key it takes the place of.
    pub around: KeyAround,
}

impl KeyDraft {
    /// A draft with nothing but a name and a type.
    #[must_use]
    pub fn new(name: impl Into<String>, key_type: KeyType) -> Self {
        Self {
            name: name.into(),
            key_type,
            owner: String::new(),
            system: String::new(),
            environment: String::new(),
            purpose: String::new(),
            tags: Vec::new(),
            note: String::new(),
            critical: false,
            policy: PolicyChoice::TypeDefault,
            contact: String::new(),
            deployed: String::new(),
            expires: None,
            around: KeyAround::default(),
        }
    }

    /// What is known about a key now, to be edited.
    #[must_use]
    pub fn from_record(key: &KeyRecord) -> Self {
        Self {
            name: key.name.clone(),
            key_type: key.key_type,
            owner: key.owner.clone(),
            system: key.system.clone(),
            environment: key.environment.clone(),
            purpose: key.purpose.clone(),
            tags: key.tags.clone(),
            note: key.note.clone(),
            critical: key.critical,
            policy: key.policy.clone(),
            contact: key.later.contact.clone(),
            deployed: key.later.deployed.clone(),
            expires: key.later.expires,
            around: key.around.clone(),
        }
    }

    /// The draft as it would be stored: without white space at the ends, tags sorted and said once.
    ///
    /// # Errors
    /// [`VaultError::Text`] for the first text that cannot be used; [`VaultError::ReasonNeeded`] for an exemption without
    /// one.
    pub fn check(&self) -> Result<Self, VaultError> {
        let policy = match &self.policy {
            PolicyChoice::Exempt { reason } => {
                PolicyChoice::Exempt { reason: super::common::need_reason(reason)? }
            }
            other => other.clone(),
        };
        Ok(Self {
            name: text::name("the name", &self.name)?,
            key_type: self.key_type,
            owner: text::optional("the owner", &self.owner)?,
            system: text::optional("the system", &self.system)?,
            environment: text::optional("the environment", &self.environment)?,
            purpose: text::optional("the purpose", &self.purpose)?,
            tags: text::tags(self.tags.iter().map(String::as_str))?,
            note: text::note("the note", &self.note)?,
            critical: self.critical,
            policy,
            contact: text::optional("the contact", &self.contact)?,
            deployed: text::optional("where it is deployed", &self.deployed)?,
            expires: self.expires,
            around: self.around.check()?,
        })
    }

    /// As [`KeyDraft::check`], and the policy exists.
    pub(super) fn check_with(&self, settings: &Settings) -> Result<Self, VaultError> {
        let draft = self.check()?;
        check_policy(settings, &draft.policy)?;
        Ok(draft)
    }
}

impl Operation for CreateKey {
    type Outcome = KeyId;

    fn action(&self) -> Action {
        Action::KeyCreate
    }

    fn needs(&self, _: &View) -> Needs {
        manage_keys()
    }

    fn entry(&self, _: &View) -> Entry {
        // The name is not believed before it was checked, so a refusal does not repeat it.
        Entry::new(Action::KeyCreate, Object::Keys { count: 1 })
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<KeyId, VaultError> {
        let draft = self.draft.check_with(tx.settings())?;
        tx.claim_name(&draft.name, None)?;
        check_replaces(tx, &draft.name, None, draft.around.replaces)?;
        let compartment = tx.default_compartment()?;
        let material = self.value.resolve(draft.key_type)?;
        let name = draft.name.clone();
        let id = add_key(tx, compartment, draft, &material, self.activate)?;
        tx.set_object(Object::Key { id, name, version: Some(1) });
        Ok(id)
    }
}

/// Stages a key with its first version. The draft was checked and its name claimed.
pub(super) fn add_key(
    tx: &mut Transaction<'_>,
    compartment: CompartmentId,
    draft: KeyDraft,
    material: &Material,
    activate: bool,
) -> Result<KeyId, VaultError> {
    let (id, now) = (KeyId(tx.new_id()?), tx.now());
    tx.put_value(id, 1, compartment, &material.value)?;
    let fingerprint = tx.fingerprint(compartment, &material.value)?;
    let version = material.record(tx, 1, fingerprint, String::new());
    tx.put_key(KeyRecord {
        id,
        compartment,
        name: draft.name,
        key_type: draft.key_type,
        state: if activate { KeyState::Active } else { KeyState::PreActive },
        owner: draft.owner,
        system: draft.system,
        environment: draft.environment,
        purpose: draft.purpose,
        tags: draft.tags,
        note: draft.note,
        critical: draft.critical,
        policy: draft.policy,
        created: now,
        activated: activate.then_some(now),
        suspended: None,
        compromise: None,
        destroy_at: None,
        destroyed: None,
        ever_revealed: false,
        ever_copied: false,
        ever_exported: false,
        last_used: None,
        versions: vec![version],
        later: KeyLater {
            contact: draft.contact,
            deployed: draft.deployed,
            expires: draft.expires.or(material.expires()),
            ..KeyLater::default()
        },
        life: KeyLife::default(),
        around: draft.around,
    })?;
    Ok(id)
}
