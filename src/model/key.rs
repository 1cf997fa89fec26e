//! A key and its versions: everything that is known about a secret except the secret.

use serde::{Deserialize, Serialize};

use super::state::CompromiseReason;
use super::{
    Action, CompartmentId, KeyAround, KeyId, KeyState, Outcome, PolicyChoice, Timestamp, VersionState,
};

/// The largest secret, in bytes: 1 MiB.
pub const SECRET_MAX: usize = 1 << 20;

/// What kind of secret a key holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeyType {
    /// 32 random bytes for AES-256.
    Aes256,
    /// 32 random bytes for ChaCha20.
    ChaCha20,
    /// 32 random bytes for HMAC-SHA-256.
    HmacSha256,
    /// A password of characters.
    Password,
    /// A passphrase of words.
    Passphrase,
    /// A token that a service issued or that was made at random.
    ApiToken,
    /// Any text.
    Text,
    /// Any bytes.
    File,
}

impl KeyType {
    /// All types, in the order they are offered.
    pub const ALL: [Self; 8] = [
        Self::Password,
        Self::Passphrase,
        Self::ApiToken,
        Self::Aes256,
        Self::ChaCha20,
        Self::HmacSha256,
        Self::Text,
        Self::File,
    ];

    /// The name on the command line, in exports and in queries.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Aes256 => "aes-256",
            Self::ChaCha20 => "chacha20",
            Self::HmacSha256 => "hmac-sha256",
            Self::Password => "password",
            Self::Passphrase => "passphrase",
            Self::ApiToken => "api-token",
            Self::Text => "text",
            Self::File => "file",
        }
    }

    /// The name on a screen.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Aes256 => "AES key",
            Self::ChaCha20 => "ChaCha20 key",
            Self::HmacSha256 => "HMAC key",
            Self::Password => "Password",
            Self::Passphrase => "Passphrase",
            Self::ApiToken => "API token",
            Self::Text => "Text",
            Self::File => "File",
        }
    }

    /// The type with this [`KeyType::word`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.word() == word)
    }

    /// Whether the value is bytes rather than text, and is shown as hex or Base64.
    #[must_use]
    pub fn is_binary(self) -> bool {
        matches!(self, Self::Aes256 | Self::ChaCha20 | Self::HmacSha256 | Self::File)
    }

    /// Whether Keyroom can make a value of this type itself.
    #[must_use]
    pub fn can_generate(self) -> bool {
        !matches!(self, Self::Text | Self::File)
    }
}

/// Where the bytes of a version came from.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Origin {
    /// Made here, from the operating system's random numbers.
    Generated,
    /// Typed or pasted in.
    Entered,
    /// Read from a file; its name without the folder.
    Imported {
        /// The file's name.
        file: String,
    },
}

/// One value of a key, without the value.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct VersionRecord {
    /// Counts from 1 and is never used again.
    pub number: u32,
    /// Its state.
    pub state: VersionState,
    /// Where its bytes came from.
    pub origin: Origin,
    /// When it was stored.
    pub created: Timestamp,
    /// When it became current, last time.
    pub current_from: Timestamp,
    /// When it stopped being current, last time.
    pub current_to: Option<Timestamp>,
    /// When its overlap ends, while it is in overlap.
    pub overlap_ends: Option<Timestamp>,
    /// Its length in bytes.
    pub length: u32,
    /// What it is, in words: "AES, 256 bits", "20 characters, about 128 bits", "GitHub token".
    pub description: String,
    /// Key check value with its method, e.g. `cmac-aes:763cbc`, for symmetric keys.
    pub check_value: Option<String>,
    /// Keyed fingerprint: HMAC-SHA-256 of the value under the compartment's fingerprint key. Tells reuse, nothing else.
    pub fingerprint: [u8; 16],
    /// The operator who stored it.
    pub by: String,
    /// Why it was stored: the reason of its rotation, or empty for the first.
    pub reason: String,
}

impl VersionRecord {
    /// The first four bytes of the fingerprint in two groups: `9f3c 41d2`.
    #[must_use]
    pub fn fingerprint_short(&self) -> String {
        let hex = data_encoding::HEXLOWER.encode(&self.fingerprint[..4]);
        format!("{} {}", &hex[..4], &hex[4..])
    }
}

/// What is known about a compromise.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Compromise {
    /// Why.
    pub reason: CompromiseReason,
    /// When it happened, as far as is known.
    pub occurred: Timestamp,
    /// When it was noticed.
    pub noticed: Timestamp,
    /// What happened, in words.
    pub note: String,
}

/// Everything known about a key except its values (NIST SP 800-57 Part 1 Rev. 5, 5.2.3; KMIP 2.1 attributes).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct KeyRecord {
    /// Its id.
    pub id: KeyId,
    /// The group whose key encrypts its values.
    pub compartment: CompartmentId,
    /// Its name: unique among keys that are not destroyed.
    pub name: String,
    /// What kind of secret it is.
    pub key_type: KeyType,
    /// Its state.
    pub state: KeyState,
    /// The person who answers for it.
    pub owner: String,
    /// The application or system it belongs to.
    pub system: String,
    /// Where that runs: production, test, a site.
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
    /// When it was put in.
    pub created: Timestamp,
    /// When it was activated.
    pub activated: Option<Timestamp>,
    /// Why it is suspended, while it is.
    pub suspended: Option<String>,
    /// What is known of its compromise, once it is.
    pub compromise: Option<Compromise>,
    /// When its values will be destroyed, while that is scheduled.
    pub destroy_at: Option<Timestamp>,
    /// When its values were destroyed.
    pub destroyed: Option<Timestamp>,
    /// Whether any version was ever shown. Never goes back.
    pub ever_revealed: bool,
    /// Whether any version was ever copied to the clipboard. Never goes back.
    pub ever_copied: bool,
    /// Whether any version ever left the vault in a file. Never goes back.
    pub ever_exported: bool,
    /// When a version was last revealed, copied or exported.
    pub last_used: Option<Timestamp>,
    /// Its versions, oldest first; never empty.
    pub versions: Vec<VersionRecord>,
    /// What was added after vaults were written without it. Its place is after the fields above, which a row may end with:
    /// `vault` puts it there.
    #[serde(skip)]
    pub later: KeyLater,
    /// What was added after that. Its place is after [`KeyRecord::later`].
    #[serde(skip)]
    pub life: KeyLife,
    /// What was added after that. Its place is after [`KeyRecord::life`].
    #[serde(skip)]
    pub around: KeyAround,
}

/// What is known about a key that a row may be without.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct KeyLater {
    /// Whom to ask about it or to tell when it changes: an address, a team.
    pub contact: String,
    /// Where its value is in use: hosts, files, other stores.
    pub deployed: String,
    /// When the value in use ends by itself, whatever a policy says: a token's own expiry, or what its provider set.
    pub expires: Option<Timestamp>,
    /// When its use ended.
    pub deactivated: Option<Timestamp>,
    /// When a version was last shown.
    pub last_revealed: Option<Timestamp>,
    /// How often versions were revealed, copied or exported, since this is counted.
    pub uses: u64,
}

/// What is known about the life of a key that even a row with [`KeyLater`] may be without.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct KeyLife {
    /// Since when it is suspended, while it is.
    pub suspended_at: Option<Timestamp>,
    /// By when its suspension is to be looked at again, while it is suspended.
    pub review_by: Option<Timestamp>,
    /// Whether it was found to be compromised only once its values were destroyed (NIST SP 800-57 Part 1 Rev. 5, 7.6;
    /// KMIP 2.1, "Destroyed Compromised"). Never goes back.
    pub compromised_after_destruction: bool,
    /// The versions whose rotation period began at another moment than they became current; each at most once.
    pub periods: Vec<PeriodStart>,
}

/// When the rotation period of a version began.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PeriodStart {
    /// Which version.
    pub version: u32,
    /// When.
    pub from: Timestamp,
}

impl KeyRecord {
    /// The version in use: the one marked current, or the last that was where none is (a destroyed or compromised key).
    /// That need not be the newest: an older one may have been made current again.
    #[must_use]
    pub fn current(&self) -> Option<&VersionRecord> {
        let marked = self.versions.iter().find(|v| v.state == VersionState::Current);
        let last = || self.versions.iter().rev().find(|v| v.current_to.is_none());
        marked.or_else(last).or_else(|| self.versions.last())
    }

    /// Whether an entry may be that of the import that put the key in: an import that ended after it was made. Of several it is
    /// the nearest.
    #[must_use]
    pub fn may_come_from(&self, action: Action, outcome: Outcome, time: Timestamp) -> bool {
        let is_from_file = self.versions.first().is_some_and(|v| matches!(v.origin, Origin::Imported { .. }));
        is_from_file && (action, outcome) == (Action::KeyImport, Outcome::Done) && time >= self.created
    }

    /// The versions that are still accepted although their overlap has ended: somebody has to retire them.
    pub fn ended_overlaps(&self, now: Timestamp) -> impl Iterator<Item = &VersionRecord> {
        let held = self.versions.iter().filter(|v| v.state == VersionState::Overlap);
        held.filter(move |v| v.overlap_ends.is_some_and(|end| end <= now))
    }

    /// The version with this number.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<&VersionRecord> {
        self.versions.iter().find(|v| v.number == number)
    }

    /// The number of the version in use; 0 for a record without any.
    #[must_use]
    pub fn current_number(&self) -> u32 {
        self.current().map_or(0, |v| v.number)
    }

    /// The number the next version will get.
    #[must_use]
    pub fn next_number(&self) -> u32 {
        self.versions.iter().map(|v| v.number).max().unwrap_or(0).saturating_add(1)
    }

    /// When the version in use became current.
    #[must_use]
    pub fn last_rotated(&self) -> Timestamp {
        self.current().map_or(self.created, |v| v.current_from)
    }

    /// What the rotation period of the version in use counts from: when it became current, unless its rotation kept the
    /// schedule or the key was activated later.
    #[must_use]
    pub fn counts_from(&self) -> Timestamp {
        self.current().map_or(self.created, |v| self.period_start(v))
    }

    /// What the rotation period of `version` counts from.
    #[must_use]
    pub fn period_start(&self, version: &VersionRecord) -> Timestamp {
        let set = self.life.periods.iter().find(|period| period.version == version.number);
        set.map_or(version.current_from, |period| period.from)
    }

    /// Lets the rotation period of a version count from `from`; from when it became current where that is `None`.
    pub fn count_from(&mut self, version: u32, from: Option<Timestamp>) {
        self.life.periods.retain(|period| period.version != version);
        self.life.periods.extend(from.map(|from| PeriodStart { version, from }));
    }

    /// The state in words. Of a destroyed key it says whether it was compromised, before or after.
    #[must_use]
    pub fn state_words(&self) -> &'static str {
        match self.state {
            KeyState::Destroyed if self.compromise.is_some() => "destroyed, compromised",
            state => state.word(),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A key with one version, for tests that need any key.
    pub(crate) fn sample(name: &str) -> KeyRecord {
        let now = Timestamp(1_775_000_000_000);
        KeyRecord {
            id: KeyId([1; 16]),
            compartment: CompartmentId([2; 16]),
            name: name.to_owned(),
            key_type: KeyType::Password,
            state: KeyState::Active,
            owner: "a.novak".to_owned(),
            system: "payments".to_owned(),
            environment: String::new(),
            purpose: String::new(),
            tags: vec!["pci".to_owned()],
            note: String::new(),
            critical: false,
            policy: PolicyChoice::TypeDefault,
            created: now,
            activated: Some(now),
            suspended: None,
            compromise: None,
            destroy_at: None,
            destroyed: None,
            ever_revealed: false,
            ever_copied: false,
            ever_exported: false,
            last_used: None,
            versions: vec![VersionRecord {
                number: 1,
                state: VersionState::Current,
                origin: Origin::Generated,
                created: now,
                current_from: now,
                current_to: None,
                overlap_ends: None,
                length: 20,
                description: "20 characters".to_owned(),
                check_value: None,
                fingerprint: [3; 16],
                by: "m.ito".to_owned(),
                reason: String::new(),
            }],
            later: KeyLater::default(),
            life: KeyLife::default(),
            around: KeyAround::default(),
        }
    }

    #[test]
    fn the_current_version_is_the_marked_one_and_numbers_are_never_used_again() {
        let mut key = sample("db");
        let mut second = key.versions[0].clone();
        second.number = 7;
        second.state = VersionState::Retired;
        key.versions.push(second);
        assert_eq!(key.current_number(), 1);
        assert_eq!(key.next_number(), 8);
    }

    #[test]
    fn a_period_counts_from_where_it_was_set_and_else_from_when_the_version_became_current() {
        let mut key = sample("db");
        let start = key.last_rotated();
        assert_eq!(key.counts_from(), start);
        for days in [-30, -20] {
            key.count_from(1, Some(start.plus_days(days)));
            assert_eq!(key.counts_from(), start.plus_days(days));
        }
        assert_eq!((key.life.periods.len(), key.last_rotated()), (1, start));
        key.count_from(7, Some(start));
        key.count_from(1, None);
        assert_eq!((key.counts_from(), key.life.periods.len()), (start, 1), "that of another version stays");
    }

    #[test]
    fn a_destroyed_key_says_whether_it_was_compromised() {
        let mut key = sample("db");
        let reason = CompromiseReason::KeyCompromise;
        let known = Compromise { reason, occurred: key.created, noticed: key.created, note: "leaked".into() };
        let said = |state, compromise: Option<Compromise>, key: &mut KeyRecord| {
            (key.state, key.compromise) = (state, compromise);
            key.state_words()
        };
        assert_eq!(said(KeyState::Destroyed, None, &mut key), "destroyed");
        assert_eq!(said(KeyState::Destroyed, Some(known.clone()), &mut key), "destroyed, compromised");
        assert_eq!(said(KeyState::Compromised, Some(known), &mut key), "compromised");
    }

    #[test]
    fn every_type_is_found_by_its_word() {
        for key_type in KeyType::ALL {
            assert_eq!(KeyType::from_word(key_type.word()), Some(key_type));
        }
    }
}
