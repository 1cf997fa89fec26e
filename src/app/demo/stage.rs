//! The stage: the demo vault's file, its three operators, the clock, and one session after another. What happens in them are
//! the same operations everybody uses.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::plan::Who;
use crate::crypto::kdf::KdfParams;
use crate::crypto::memory::SecretBuf;
use crate::model::{LockReason, Role, Timestamp};
use crate::operations::{EnrolOperator, NewPassword};
use crate::store::Store;
use crate::store::sqlite::SqliteStore;
use crate::vault::anchor::NoAnchor;
use crate::vault::clock::{Clock, ManualClock};
use crate::vault::{Environment, NewVault, Unlock, Vault, VaultError, VaultFile};

/// Why a weak password will do here.
const WEAK_BECAUSE: &str = "it opens demonstration data";

/// An operator of the demo vault.
struct Person {
    name: &'static str,
    os_user: &'static str,
    /// Once they have unlocked: their keys are kept from then on.
    vault: Option<Vault>,
}

/// Everything a session needs.
pub(super) struct Stage<'a> {
    path: &'a Path,
    password: &'a SecretBuf,
    clock: ManualClock,
    people: [Person; 3],
    /// A connection of its own, for failed unlocks.
    door: SqliteStore,
}

impl<'a> Stage<'a> {
    /// Makes the vault at `start`, with all three operators.
    pub fn set(path: &'a Path, password: &'a SecretBuf, start: Timestamp) -> Result<Self, VaultError> {
        let clock = ManualClock::at(start);
        let mut store = SqliteStore::create(path)?;
        store.relax_durability()?;
        let new =
            NewVault { name: super::VAULT, operator: super::OPERATOR, password, params: KdfParams::FLOOR };
        let env = environment(&clock, "ws-14", "mito");
        let mut vault = Vault::create(Box::new(store), env, &new, Vec::new())?;
        let compartments: Vec<_> = vault.view().compartments.iter().map(|c| c.id).collect();
        for (name, role) in [(super::CUSTODIAN, Role::Custodian), (super::AUDITOR, Role::Auditor)] {
            clock.advance(Duration::from_secs(95));
            vault.perform(EnrolOperator {
                name: name.to_owned(),
                role,
                password: NewPassword { value: password.duplicate(), weak_because: WEAK_BECAUSE.to_owned() },
                params: KdfParams::FLOOR,
                compartments: compartments.clone(),
            })?;
        }
        let people = [
            Person { name: super::OPERATOR, os_user: "mito", vault: Some(vault) },
            Person { name: super::CUSTODIAN, os_user: "anovak", vault: None },
            Person { name: super::AUDITOR, os_user: "sokafor", vault: None },
        ];
        let door = open(path)?;
        Ok(Self { path, password, clock, people, door })
    }

    pub fn now(&self) -> Timestamp {
        self.clock.wall()
    }

    /// Lets time pass; never back.
    pub fn wait(&self, seconds: i64) {
        self.clock.advance(Duration::from_secs(seconds.max(0).unsigned_abs()));
    }

    /// Lets time pass until `moment`; does nothing where it has passed.
    pub fn wait_until(&self, moment: Timestamp) {
        let ms = moment.since(self.now()).max(0).unsigned_abs();
        self.clock.advance(Duration::from_millis(ms));
    }

    /// Somebody types a wrong password. Stretching it would take the time and change nothing: only the hint is written.
    pub fn fail_to_unlock(&mut self) -> Result<(), VaultError> {
        Ok(self.door.add_attempt(self.now().0)?)
    }

    /// Unlocks as `who` at the workstation `host`.
    pub fn unlock(&mut self, who: Who, host: &str) -> Result<(), VaultError> {
        let clock = self.clock.clone();
        let person = &mut self.people[place(who)];
        let env = environment(&clock, host, person.os_user);
        if let Some(vault) = &mut person.vault {
            return vault.begin_demo_session(env);
        }
        let file = VaultFile::read(Box::new(open(self.path)?))?;
        let unlock = Unlock { password: self.password, operator: Some(person.name), accept_restored: None };
        person.vault = Some(file.unlock(env, &unlock).map_err(|(_, error)| error)?);
        Ok(())
    }

    /// The vault as `who` has it unlocked.
    pub fn vault(&mut self, who: Who) -> Result<&mut Vault, VaultError> {
        self.people[place(who)].vault.as_mut().ok_or(VaultError::WhichOperator)
    }

    pub fn password(&self) -> &'a SecretBuf {
        self.password
    }

    pub fn lock(&mut self, who: Who, reason: LockReason) -> Result<(), VaultError> {
        self.vault(who)?.end_demo_session(&reason.word())
    }

    /// Ends the show: everything on the disk, nothing held. Tells how many keys and entries there are.
    pub fn close(mut self) -> Result<(usize, u64), VaultError> {
        let size = self.door.head()?.map_or(0, |head| head.size);
        let keys = self.people[0].vault.as_ref().map_or(0, |v| v.view().keys.all().len());
        let path = self.path.to_owned();
        drop(self);
        let synced = std::fs::File::open(&path).and_then(|file| file.sync_all());
        synced.map_err(|error| VaultError::Store(error.into()))?;
        Ok((keys, size))
    }
}

fn open(path: &Path) -> Result<SqliteStore, VaultError> {
    let mut store = SqliteStore::open(path)?;
    store.relax_durability()?;
    Ok(store)
}

fn place(who: Who) -> usize {
    match who {
        Who::Administrator => 0,
        Who::Custodian => 1,
        Who::Auditor => 2,
    }
}

fn environment(clock: &ManualClock, host: &str, os_user: &str) -> Environment {
    Environment {
        clock: Arc::new(clock.clone()),
        anchor: Arc::new(NoAnchor),
        host: host.to_owned(),
        os_user: os_user.to_owned(),
    }
}
