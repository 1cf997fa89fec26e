//! Events: what the audit log says happened.
//!
//! An [`Action`] has a number (stored and signed, never reused) and a dotted name (shown, searched, exported). The names
//! follow the vocabulary security teams already search for: what was done to what, in the past's plainest verb.

use serde::{Deserialize, Serialize};

use super::{KeyId, OperatorId, SessionTag, Timestamp};

macro_rules! actions {
    ($($number:literal $variant:ident $name:literal $category:ident $severity:ident $sentence:literal;)*) => {
        /// What an event says was done. The sentence that describes it reads "(operator) (sentence) (object)".
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Action { $(
            #[doc = concat!("`", $name, "`: the operator ", $sentence, " the object.")]
            $variant,
        )* }

        impl Action {
            /// Every action, in the order of the numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The number in the signed leaf.
            #[must_use]
            pub fn number(self) -> u16 {
                match self { $(Self::$variant => $number),* }
            }

            /// The dotted name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The group it is filtered by.
            #[must_use]
            pub fn category(self) -> Category {
                match self { $(Self::$variant => Category::$category),* }
            }

            /// How much it matters when it succeeds.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),* }
            }

            /// The verb of the sentence an event is told with: "revealed the secret of".
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$variant => $sentence),* }
            }

            /// The action with this number.
            #[must_use]
            pub fn from_number(number: u16) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

actions! {
    100 VaultCreate "vault.create" Vault Notice "created";
    101 VaultBackup "vault.backup" Vault Notice "backed up";
    102 VaultAcceptRestored "vault.accept_restored" Vault Critical "accepted a restored copy of";
    103 VaultSettings "vault.settings" Policy Notice "changed the settings of";
    104 VaultCheck "vault.check" Vault Info "checked";
    200 SessionUnlock "session.unlock" Session Info "unlocked";
    201 SessionLock "session.lock" Session Info "locked";
    202 SessionUnlockFailed "session.unlock_failed" Session Warn "failed to unlock";
    203 SessionStepUp "session.step_up" Session Info "gave the password again for";
    204 SessionCrashed "session.crashed" Session Warn "found a session that ended without a lock on";
    300 OperatorEnrol "operator.enrol" Operator Warn "enrolled";
    301 OperatorPassword "operator.password" Operator Notice "changed the password of";
    302 OperatorExposed "operator.exposed" Operator Critical "replaced every key that was open to";
    303 OperatorSlotUpgrade "operator.slot_upgrade" Operator Notice "renewed the password protection of";
    304 OperatorRemove "operator.remove" Operator Warn "removed";
    400 KeyCreate "key.create" Key Notice "created";
    401 KeyImport "key.import" Key Notice "imported";
    402 KeyEdit "key.edit" Key Info "edited";
    403 KeyTag "key.tag" Key Info "tagged";
    404 KeySuspend "key.suspend" Key Notice "suspended";
    405 KeyResume "key.resume" Key Notice "resumed";
    406 KeyDeactivate "key.deactivate" Key Notice "deactivated";
    407 KeyCompromised "key.compromised" Key Critical "marked as compromised";
    408 KeyScheduleDestroy "key.schedule_destroy" Key Warn "scheduled the destruction of";
    409 KeyCancelDestroy "key.cancel_destroy" Key Notice "cancelled the destruction of";
    410 KeyDestroy "key.destroy" Key Warn "destroyed the values of";
    411 KeyActivate "key.activate" Key Notice "activated";
    412 KeyExportList "key.export_list" Key Notice "exported the list of";
    500 SecretReveal "secret.reveal" Secret Notice "revealed the secret of";
    501 SecretHide "secret.hide" Secret Info "hid the secret of";
    502 SecretCopy "secret.copy" Secret Notice "copied the secret of";
    503 SecretExport "secret.export" Secret Warn "exported the secret of";
    600 RotationComplete "rotation.complete" Rotation Notice "rotated";
    601 RotationRevert "rotation.revert" Rotation Warn "made an older version current again of";
    602 RotationRetire "rotation.retire" Rotation Notice "retired a version of";
    700 AuditVerify "audit.verify" Audit Info "verified the log of";
    701 AuditExport "audit.export" Audit Notice "exported the log of";
    702 AuditDamage "audit.damage" Audit Critical "found damage in the log of";
    703 AuditAnswer "audit.answer" Audit Notice "answered a finding about";
}

impl Action {
    /// The action with this dotted name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|a| a.name() == name)
    }
}

/// Actions are stored by number, so that a renamed action stays the same action.
impl Serialize for Action {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.number())
    }
}

impl<'de> Deserialize<'de> for Action {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = u16::deserialize(deserializer)?;
        Self::from_number(number)
            .ok_or_else(|| serde::de::Error::custom("an action this version does not know"))
    }
}

/// Groups of actions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Category {
    /// The vault as a whole.
    Vault,
    /// Settings and policies.
    Policy,
    /// Sessions.
    Session,
    /// Operators and their passwords.
    Operator,
    /// Keys and what is known about them.
    Key,
    /// Values that were read.
    Secret,
    /// Values that were replaced.
    Rotation,
    /// The log itself.
    Audit,
}

impl Category {
    /// All categories.
    pub const ALL: [Self; 8] = [
        Self::Vault,
        Self::Policy,
        Self::Session,
        Self::Operator,
        Self::Key,
        Self::Secret,
        Self::Rotation,
        Self::Audit,
    ];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Vault => "vault",
            Self::Policy => "policy",
            Self::Session => "session",
            Self::Operator => "operator",
            Self::Key => "key",
            Self::Secret => "secret",
            Self::Rotation => "rotation",
            Self::Audit => "audit",
        }
    }
}

/// How much an event matters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Ordinary.
    Info,
    /// Worth knowing.
    Notice,
    /// Worth a look.
    Warn,
    /// Needs a decision.
    Critical,
}

impl Severity {
    /// All severities, least first.
    pub const ALL: [Self; 4] = [Self::Info, Self::Notice, Self::Warn, Self::Critical];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Notice => "notice",
            Self::Warn => "warn",
            Self::Critical => "critical",
        }
    }
}

/// How it ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused: the operator may not, or the state of the object forbids it.
    Refused,
    /// It was tried and went wrong.
    Failed,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 3] = [Self::Done, Self::Refused, Self::Failed];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// What an event is about.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Object {
    /// The vault itself.
    Vault,
    /// A key, and where it matters one of its versions.
    Key {
        /// Its id.
        id: KeyId,
        /// Its name at that time.
        name: String,
        /// The version, where one is meant.
        version: Option<u32>,
    },
    /// Several keys at once.
    Keys {
        /// How many.
        count: u32,
    },
    /// An operator.
    Operator {
        /// Their id.
        id: OperatorId,
        /// Their name at that time.
        name: String,
    },
}

impl Object {
    /// In words: `payments-db v7`, `the vault`, `24 keys`, `a.novak`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Vault => "the vault".to_owned(),
            Self::Key { name, version: Some(version), .. } => format!("{name} v{version}"),
            Self::Key { name, version: None, .. } => name.clone(),
            Self::Keys { count: 1 } => "1 key".to_owned(),
            Self::Keys { count } => format!("{count} keys"),
            Self::Operator { name, .. } => name.clone(),
        }
    }

    /// The key it is about, where it is about one.
    #[must_use]
    pub fn key_id(&self) -> Option<KeyId> {
        match self {
            Self::Key { id, .. } => Some(*id),
            _ => None,
        }
    }
}

/// One field that changed. Never holds a secret, nor a trace of one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Change {
    /// Which field.
    pub field: String,
    /// Before, or empty where there was nothing.
    pub before: String,
    /// After, or empty where nothing is left.
    pub after: String,
}

impl Change {
    /// A change of `field`, or `None` where nothing changed.
    #[must_use]
    pub fn of(field: &str, before: impl Into<String>, after: impl Into<String>) -> Option<Self> {
        let (before, after) = (before.into(), after.into());
        (before != after).then(|| Self { field: field.to_owned(), before, after })
    }
}

/// What the entry of a reading says where the key was critical when it was read: a later edit does not change it.
const CRITICAL_KEY: &str = "critical key";

/// What a reading's entry says of a critical key.
#[must_use]
pub fn critical_key_words() -> Change {
    Change { field: CRITICAL_KEY.to_owned(), before: String::new(), after: "yes".to_owned() }
}

/// Whether an entry says that its key was critical when it was read.
#[must_use]
pub fn is_of_critical_key(event: &Event) -> bool {
    event.changes.iter().any(|change| change.field == CRITICAL_KEY)
}

/// Failed unlocks as the reason of the one entry that tells of them.
#[must_use]
pub fn failed_attempts_words(count: usize, first: Timestamp, last: Timestamp) -> String {
    format!("{count} failed attempts, {} to {}", first.iso(), last.iso())
}

/// How many failed unlocks such an entry stands for.
#[must_use]
pub fn failed_attempts(reason: &str) -> usize {
    let number = reason.split_once(" failed attempts").and_then(|(number, _)| number.parse().ok());
    number.unwrap_or(1)
}

/// One entry of the audit log, opened and decoded.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// Its place in the log, from 0.
    pub seq: u64,
    /// When, by the workstation's clock.
    pub time: Timestamp,
    /// The session it happened in.
    pub session: SessionTag,
    /// Who did it.
    pub operator_id: OperatorId,
    /// Their name in the roster of that moment.
    pub operator: String,
    /// What was done.
    pub action: Action,
    /// To what.
    pub object: Object,
    /// How it ended.
    pub outcome: Outcome,
    /// How much it matters.
    pub severity: Severity,
    /// The reason given, or what went wrong.
    pub reason: String,
    /// What changed.
    pub changes: Vec<Change>,
    /// The workstation.
    pub host: String,
    /// The account on the workstation.
    pub os_user: String,
}

impl Event {
    /// The event as one sentence: "m.ito revealed the secret of payments-db v7 on ws-14".
    #[must_use]
    pub fn sentence(&self) -> String {
        let Self { operator, host, .. } = self;
        let (verb, object) = (self.action.sentence(), self.object.words());
        match self.outcome {
            Outcome::Done => format!("{operator} {verb} {object} on {host}"),
            Outcome::Refused => {
                format!("{operator} was refused {} for {object} on {host}", self.action.name())
            }
            Outcome::Failed => format!("{} for {object} failed on {host}", self.action.name()),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An event for tests that need any.
    pub(crate) fn sample(seq: u64, time: Timestamp, operator: &str, action: Action) -> Event {
        Event {
            seq,
            time,
            session: SessionTag([7; 16]),
            operator_id: OperatorId([1; 16]),
            operator: operator.to_owned(),
            action,
            object: Object::Key { id: KeyId([4; 16]), name: "payments-db".to_owned(), version: Some(7) },
            outcome: Outcome::Done,
            severity: action.severity(),
            reason: String::new(),
            changes: Vec::new(),
            host: "ws-14".to_owned(),
            os_user: "mito".to_owned(),
        }
    }

    #[test]
    fn every_action_is_found_by_its_number_and_its_name_and_neither_is_used_twice() {
        for action in Action::ALL {
            assert_eq!(Action::from_number(action.number()), Some(*action));
            assert_eq!(Action::from_name(action.name()), Some(*action));
        }
    }

    #[test]
    fn an_event_tells_itself_as_a_sentence() {
        let event = sample(1, Timestamp(0), "m.ito", Action::SecretReveal);
        assert_eq!(event.sentence(), "m.ito revealed the secret of payments-db v7 on ws-14");
    }
}
