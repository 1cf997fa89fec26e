//! What can go wrong with a vault, in words a person can act on. No variant carries a secret.

use crate::audit::roster::RosterError;
use crate::audit::verify::Damage;
use crate::crypto::CryptoError;
use crate::formats::FormatError;
use crate::model::operator::Permission;
use crate::model::settings::SettingsError;
use crate::model::text::TextError;
use crate::model::{Action, KeyState, Role, VersionState};
use crate::store::StoreError;

/// Why an operation, or the opening of a vault, did not happen. Unless a variant says otherwise nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The password opens no slot of this operator, or the slot was changed: the two cannot be told apart.
    #[error("that did not unlock the vault. Check the password")]
    WrongPassword,
    /// Too many failed unlocks: the next try must wait.
    #[error("too many failed attempts; try again in {seconds} s")]
    Wait {
        /// Seconds left.
        seconds: u64,
    },
    /// The file names several operators and none was chosen.
    #[error("this vault has several operators; name the one who unlocks it")]
    WhichOperator,
    /// None of the file's operators has this name.
    #[error("this vault has no operator of that name")]
    NoSuchOperator,
    /// The file, by itself.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A cryptographic step refused.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The file's suite of algorithms is unknown.
    #[error("this vault uses an unknown set of algorithms ({0}). Update Keyroom to open it")]
    UnknownSuite(u16),
    /// Rows were changed, added, removed or swapped.
    #[error("the vault file was changed outside Keyroom: {what}. Nothing of it is shown; restore a backup")]
    Tampered {
        /// What was found, in words.
        what: String,
    },
    /// The operators cannot be believed.
    #[error("{0}. Nothing of the vault is shown; restore a backup")]
    Roster(#[from] RosterError),
    /// The log does not hold.
    #[error("the log does not hold at {0}. Nothing of the vault is shown; restore a backup")]
    Log(#[from] Damage),
    /// The file is older than what this workstation has seen.
    #[error(
        "this file is an older copy: its log has {file} entries, and this computer has seen {seen}. If it was restored \
         from a backup on purpose, accept it as such"
    )]
    RolledBack {
        /// Entries in the file.
        file: u64,
        /// Entries this workstation has seen.
        seen: u64,
    },
    /// The file's history differs from what this workstation has seen.
    #[error(
        "this file has another history than the one this computer has seen up to entry {seen}: two copies were changed \
         separately, or it was forged. Compare the copies; accept one only on purpose"
    )]
    Forked {
        /// Entries this workstation has seen.
        seen: u64,
    },
    /// Another session replaced keys that this one still holds the old ones of.
    #[error(
        "the vault's encryption keys were replaced by another session; lock the vault and unlock it again"
    )]
    KeysReplaced,
    /// The role does not allow it.
    #[error("as {role} you may not {permission}")]
    NotPermitted {
        /// The operator's role, in words.
        role: &'static str,
        /// What it would need, in words.
        permission: &'static str,
    },
    /// After an exposure: who may sign the operators' new keys is an administrator, and nobody else.
    #[error(
        "as {role} you may not replace your keys: only an administrator signs who the operators are. Change your password \
         now and tell an administrator. Whoever has the old password and an older copy of the file still holds your keys, \
         until what you could read is rotated in a vault that is made anew"
    )]
    ExposedNeedsAdministrator {
        /// The operator's role, in words.
        role: &'static str,
    },
    /// The operator holds no grant for the key's compartment.
    #[error("you hold no grant for this key's compartment; ask an administrator for one")]
    NoGrant,
    /// The operation asks for the password again.
    #[error("this needs your password again")]
    PasswordNeeded,
    /// The operation asks for a reason.
    #[error("this needs a reason")]
    ReasonNeeded,
    /// No key has this id or name.
    #[error("there is no key named {0}")]
    NoSuchKey(String),
    /// Several keys match.
    #[error("{name} could be any of: {}", .candidates.join(", "))]
    Ambiguous {
        /// What was asked for.
        name: String,
        /// What it could be.
        candidates: Vec<String>,
    },
    /// The name is taken.
    #[error("a key named {0} already exists")]
    NameTaken(String),
    /// There is an operator of this name.
    #[error("there is an operator named {0} already")]
    OperatorExists(String),
    /// The key has no such version.
    #[error("{key} has no version {version}")]
    NoSuchVersion {
        /// The key, or the settings.
        key: String,
        /// The version asked for.
        version: u32,
    },
    /// The key's state forbids it.
    #[error("{key} is {}, so it cannot be {wish}", .state.word())]
    StateForbids {
        /// The key, or the settings.
        key: String,
        /// Its state.
        state: KeyState,
        /// What was asked for, as a participle.
        wish: &'static str,
    },
    /// The period of a suspended key is over: what it protects from now on needs another value.
    #[error(
        "{key} was due on {}, so it cannot be resumed: rotate it, and its new value brings it back into use, or deactivate it",
        .date.local_day()
    )]
    PeriodOver {
        /// The key, or the settings.
        key: String,
        /// When it was due.
        date: crate::model::Timestamp,
    },
    /// The key was marked as compromised before, and that is not written over.
    #[error("{key} was marked as compromised already, noticed on {}; what was recorded then stands", .noticed.local_day())]
    AlreadyCompromised {
        /// The key, or the settings.
        key: String,
        /// When its compromise was noticed.
        noticed: crate::model::Timestamp,
    },
    /// The old value of a suspended key is not accepted any longer.
    #[error("{0} is suspended, so its old version is retired at once: it gets no overlap")]
    NoOverlap(String),
    /// A value that is in the wrong hands is not accepted any longer.
    #[error("the version of {0} that is replaced is compromised: it gets no overlap")]
    NoOverlapCompromised(String),
    /// A rotation cannot keep the schedule.
    #[error("the schedule of {key} cannot be kept: {why}")]
    NoSchedule {
        /// The key, or the settings.
        key: String,
        /// Why there is none to keep.
        why: crate::model::period::NoSchedule,
    },
    /// The version's state forbids it.
    #[error("version {version} of {key} is {}, so it cannot be {wish}", .state.word())]
    VersionForbids {
        /// The key, or the settings.
        key: String,
        /// The version.
        version: u32,
        /// Its state.
        state: VersionState,
        /// What was asked for, as a participle.
        wish: &'static str,
    },
    /// The new value was already used.
    #[error("this value was already used as version {version} of {key}; choose a new one")]
    Reused {
        /// The key, or the settings.
        key: String,
        /// The version that had it.
        version: u32,
    },
    /// A value is too long.
    #[error("the value is {len} bytes long; at most {max} fit")]
    ValueTooLong {
        /// Bytes given.
        len: usize,
        /// Bytes allowed.
        max: usize,
    },
    /// More keys than go in at once.
    #[error("at most {max} keys go in at once; import the rest by itself")]
    TooManyKeys {
        /// Keys that go in.
        max: usize,
    },
    /// A moment does not make sense.
    #[error("{0}")]
    BadTime(&'static str),
    /// No policy has this id.
    #[error("this rotation policy does not exist; choose another")]
    NoSuchPolicy,
    /// A policy that decides for keys cannot go.
    #[error(
        "policy {policy} decides for {}, {named} of them by its name; give them another, or let another stand for their \
         type, before it is removed", keys_words(*.keys)
    )]
    PolicyInUse {
        /// The policy.
        policy: String,
        /// How many keys would be without one.
        keys: usize,
        /// How many of them name it.
        named: usize,
    },
    /// Two policies would have one name.
    #[error("there is a policy named {0} already; choose another name")]
    PolicyNameTaken(String),
    /// The type of a key stays what it was.
    #[error("the type of {0} cannot change; make a new key instead")]
    TypeFixed(String),
    /// Destruction must be scheduled first.
    #[error("schedule the destruction of {0} first, so that there is time to take it back")]
    NotScheduled(String),
    /// Destruction is scheduled already.
    #[error("the destruction of {key} is scheduled for {} already; cancel that first", .at.iso())]
    AlreadyScheduled {
        /// The key, or the settings.
        key: String,
        /// When.
        at: crate::model::Timestamp,
    },
    /// The time to take a destruction back is not over.
    #[error("{key} may be destroyed from {} on; until then its destruction can be cancelled", .from.iso())]
    TooEarly {
        /// The key, or the settings.
        key: String,
        /// From when on it may be.
        from: crate::model::Timestamp,
    },
    /// The log could not be exported.
    #[error(transparent)]
    Export(#[from] crate::audit::export::WriteError),
    /// A text was refused.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A setting was refused.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Key material was refused.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The entry could not be made durable, so the operation was not done.
    #[error("this was not done, because it could not be recorded: {cause}")]
    NotRecorded {
        /// What was to be done.
        action: Action,
        /// Why it could not be recorded.
        cause: StoreError,
    },
    /// The caller asked to stop.
    #[error("cancelled; nothing was changed")]
    Cancelled,
    /// The new password is too weak.
    #[error("the password is too weak: {0}")]
    WeakPassword(String),
    /// The new password is weak, and nobody said why it is used.
    #[error("the password is {strength}. {advice} Choose a stronger one, or say why this one is used anyway")]
    WeakWithoutReason {
        /// How weak, in words: "weak, about 58 bits".
        strength: String,
        /// What makes it weak and what helps, as a sentence.
        advice: &'static str,
    },
    /// Something of the workstation did not work: the clipboard, a file that was to be read or written.
    #[error("{0}")]
    Workstation(String),
    /// A new file could not be made or written.
    #[error("{words}")]
    NewFile {
        /// Which, and why.
        words: String,
        /// What kind of failure that is.
        cause: StoreError,
    },
    /// Somebody changed the same fields while they were being edited.
    #[error("{key} was changed meanwhile ({}), so nothing of this edit was saved; look at it and edit it again", .fields.join(", "))]
    ChangedMeanwhile {
        /// The key, or the settings.
        key: String,
        /// Which of them, by the words of the log.
        fields: Vec<String>,
    },
    /// Every field of an edit was changed again, so nothing of it can be taken back.
    #[error("{0} was changed since, so nothing of that edit can be taken back")]
    ChangedSince(String),
    /// A key would stand in the place of itself, directly or over others.
    #[error("{0} cannot replace itself, or a key that was put in its own place")]
    ReplacesItself(String),
    /// The new password is the old one.
    #[error("the new password is the one in use; choose another")]
    SamePassword,
    /// The last administrator would go.
    #[error("a vault needs at least one administrator")]
    LastAdministrator,
}

fn keys_words(keys: usize) -> String {
    if keys == 1 { "1 key".to_owned() } else { format!("{keys} keys") }
}

impl VaultError {
    /// Refuses `permission` to `role`.
    #[must_use]
    pub fn not_permitted(role: Role, permission: Permission) -> Self {
        Self::NotPermitted { role: role.word(), permission: permission.words() }
    }

    /// Rows that are not as they were written.
    #[must_use]
    pub fn tampered(what: impl Into<String>) -> Self {
        Self::Tampered { what: what.into() }
    }

    /// Whether the file is damaged or was tampered with.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        let store = matches!(self, Self::Store(StoreError::Damaged(_)));
        store
            || matches!(self, Self::Tampered { .. } | Self::Roster(_) | Self::Log(_) | Self::UnknownSuite(_))
            || matches!(
                self,
                Self::Crypto(
                    CryptoError::KdfBelowFloor { .. }
                        | CryptoError::KdfAboveCeiling { .. }
                        | CryptoError::Malformed
                )
            )
    }
}
