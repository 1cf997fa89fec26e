//! A vault in a temporary folder, with clocks and an anchor that the test owns.

use std::path::PathBuf;
use std::sync::Arc;

use keyroom::crypto::kdf::KdfParams;
use keyroom::crypto::memory::SecretBuf;
use keyroom::model::{Event, KeyId, KeyRecord, KeyType, Timestamp, VersionState};
use keyroom::operations::{CreateKey, KeyDraft, NewPassword, NewValue, create_vault, open_vault, step_up};
use keyroom::store::Walk;
use keyroom::store::sqlite::SqliteStore;
use keyroom::vault::anchor::MemoryAnchor;
use keyroom::vault::clock::ManualClock;
use keyroom::vault::{Environment, NewVault, Unlock, Vault, VaultError, VaultFile};

use crate::faulty::{Fault, FaultyStore};

pub const PASSWORD: &str = "correct horse battery staple orbit lantern";
pub const START: Timestamp = Timestamp(1_775_000_000_000);

pub struct Bench {
    pub dir: tempfile::TempDir,
    pub path: PathBuf,
    pub clock: ManualClock,
    pub anchor: Arc<MemoryAnchor>,
}

pub fn buf(text: &str) -> SecretBuf {
    SecretBuf::from_slice(text.as_bytes())
}

/// A new password that needs no reason.
pub fn strong(text: &str) -> NewPassword {
    NewPassword::strong(buf(text))
}

pub fn go_on(_: u64, _: u64) -> Walk {
    Walk::Continue(())
}

impl Bench {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("test.keyroom");
        Self { dir, path, clock: ManualClock::at(START), anchor: Arc::new(MemoryAnchor::new()) }
    }

    pub fn env(&self) -> Environment {
        Environment {
            clock: Arc::new(self.clock.clone()),
            anchor: self.anchor.clone(),
            host: "ws-14".to_owned(),
            os_user: "mito".to_owned(),
        }
    }

    /// A new vault of `m.ito`.
    pub fn create(&self) -> Vault {
        let password = buf(PASSWORD);
        create_vault(&self.path, self.env(), &new_vault(&password), "").unwrap()
    }

    /// The same on a disk that can be full.
    pub fn create_faulty(&self) -> (Vault, Fault) {
        let (password, fault) = (buf(PASSWORD), Fault::default());
        let inner = SqliteStore::create(&self.path).unwrap();
        let store = FaultyStore { inner, fault: fault.clone() };
        (Vault::create(Box::new(store), self.env(), &new_vault(&password), Vec::new()).unwrap(), fault)
    }

    /// Another program on the same file, whose disk can be full too.
    pub fn unlock_faulty(&self, operator: &str, password: &str, fault: &Fault) -> Result<Vault, VaultError> {
        let store = FaultyStore { inner: SqliteStore::open(&self.path)?, fault: fault.clone() };
        let password = buf(password);
        let unlock = Unlock { password: &password, operator: Some(operator), accept_restored: None };
        VaultFile::read(Box::new(store))?.unlock(self.env(), &unlock).map_err(|(_, error)| error)
    }

    pub fn unlock(&self, operator: &str, password: &str) -> Result<Vault, VaultError> {
        let password = buf(password);
        let unlock = Unlock { password: &password, operator: Some(operator), accept_restored: None };
        open_vault(&self.path)?.unlock(self.env(), &unlock).map_err(|(_, error)| error)
    }

    /// Lets days go by on the wall clock alone, so that a password given again still counts.
    pub fn days_later(&self, days: i64) {
        let now = keyroom::vault::clock::Clock::wall(&self.clock);
        self.clock.set_wall(now.plus_days(days));
    }
}

fn new_vault(password: &SecretBuf) -> NewVault<'_> {
    NewVault { name: "test", operator: "m.ito", password, params: KdfParams::FLOOR }
}

/// Gives the password again; with the bench's clock it counts until the test ends.
pub fn stepped_up(mut vault: Vault) -> Vault {
    step_up(&mut vault, &buf(PASSWORD)).unwrap();
    vault
}

/// An active password key with this value.
pub fn add(vault: &mut Vault, name: &str, value: &str) -> KeyId {
    let draft = KeyDraft::new(name, KeyType::Password);
    vault.perform(CreateKey { draft, value: NewValue::Entered(buf(value)), activate: true }).unwrap()
}

pub fn key(vault: &Vault, id: KeyId) -> KeyRecord {
    KeyRecord::clone(vault.view().keys.get(id).unwrap())
}

pub fn version_states(vault: &Vault, id: KeyId) -> Vec<VersionState> {
    key(vault, id).versions.iter().map(|v| v.state).collect()
}

pub fn last_event(vault: &mut Vault) -> Event {
    vault.last_events(1).unwrap().remove(0)
}

/// Whether `haystack` holds `needle`.
pub fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    let first = needle[0];
    let mut rest = haystack;
    while let Some(at) = rest.iter().position(|byte| *byte == first) {
        if rest[at..].starts_with(needle) {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}
