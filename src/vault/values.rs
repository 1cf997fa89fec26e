//! Looking through every stored value of an unlocked vault, a slice at a time: between two slices the vault does whatever
//! else it is asked, and each key is compared with what is known of it at the moment it is looked at.
//!
//! Changes nothing, records nothing and hands out no value: see `operations::check`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use crate::crypto::memory::SecretKey;
use crate::model::{CompartmentId, KeyId, KeyRecord, VersionState};
use crate::store::{Row, Table, Walk};

use super::error::VaultError;
use super::{Vault, rows};

/// Values looked at in one slice: some ten milliseconds of work.
const SLICE: u64 = 256;

/// A look through all values that is under way. It holds no key.
#[derive(Default)]
pub struct ValuesCheck {
    /// The last key that was looked at; they go in the order of their ids.
    after: Option<KeyId>,
    found: Values,
}

/// What was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Values {
    /// Values that are there and are those the log names.
    pub stored: u64,
    /// Those of them that this operator's keys open, and that opened.
    pub opened: u64,
}

impl ValuesCheck {
    /// Values looked at so far.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.found.stored
    }
}

impl Vault {
    /// How many values are stored.
    #[must_use]
    pub fn stored_values(&self) -> u64 {
        self.view.keys.all().iter().map(|key| stored_versions(key).count() as u64).sum()
    }

    /// Looks at the next values: each must be there, be the one the log names and, where this operator holds its compartment,
    /// open. `None` while there is more to do.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] names the first value that is missing, does not open or belongs to no key. Where another
    /// program changed something meanwhile, that may mean no more than that: after [`Vault::refresh`] has followed it, the
    /// look goes on where it was.
    pub fn check_values_slice(&mut self, check: &mut ValuesCheck) -> Result<Option<Values>, VaultError> {
        // One moment of the file.
        self.store.begin_read()?;
        let result = self.look(check);
        self.store.end_read();
        result
    }

    fn look(&mut self, check: &mut ValuesCheck) -> Result<Option<Values>, VaultError> {
        let view = self.view();
        let all = view.keys.all();
        let from = check.after.map_or(0, |after| all.partition_point(|key| key.id <= after));
        let until = check.found.stored + SLICE;
        let mut opener = Opener::default();
        for key in all.iter().skip(from) {
            let found = self.look_at(key, &mut opener)?;
            check.found.stored += found.stored;
            check.found.opened += found.opened;
            check.after = Some(key.id);
            if check.found.stored >= until {
                return Ok(None);
            }
        }
        let (known, mut stored) = (self.stored_values(), 0);
        self.store.rows(Table::Version, &mut |_| {
            stored += 1;
            Walk::Continue(())
        })?;
        if stored != known {
            return Err(VaultError::tampered("a value is stored that belongs to no key"));
        }
        Ok(Some(Values { stored: known, ..check.found }))
    }

    fn look_at(&mut self, key: &Arc<KeyRecord>, opener: &mut Opener) -> Result<Values, VaultError> {
        let mut found = Values::default();
        for number in stored_versions(key) {
            let id = rows::version_id(key.id, number);
            let row = self.store.row(Table::Version, &id)?;
            let row = row.ok_or_else(|| {
                VaultError::tampered(format!("the value of version {number} of {} is missing", key.name))
            })?;
            if self.state.get(Table::Version, &id) != Some(row.hash()) {
                let what = format!("the value of version {number} of {} was changed or moved", key.name);
                return Err(VaultError::tampered(what));
            }
            found.stored += 1;
            found.opened += u64::from(opener.open(self, key.compartment, &row)?);
        }
        Ok(found)
    }
}

/// Opens values to see that they open.
#[derive(Default)]
struct Opener(BTreeMap<(CompartmentId, u32), Option<SecretKey>>);

impl Opener {
    /// Whether this operator can open it, and it opened.
    fn open(&mut self, vault: &Vault, compartment: CompartmentId, row: &Row) -> Result<bool, VaultError> {
        let at = (compartment, row.epoch);
        if let Entry::Vacant(slot) = self.0.entry(at) {
            match vault.scopes.compartment(vault.id, compartment, row.epoch, &vault.keys.seal) {
                Ok(key) => slot.insert(Some(key)),
                Err(VaultError::NoGrant) => slot.insert(None),
                Err(error) => return Err(error),
            };
        }
        let Some(Some(key)) = self.0.get(&at) else { return Ok(false) };
        rows::open_value(vault.id, row, key)?;
        Ok(true)
    }
}

/// The versions of a key whose values are stored.
fn stored_versions(key: &KeyRecord) -> impl Iterator<Item = u32> + '_ {
    key.versions.iter().filter(|v| v.state != VersionState::Destroyed).map(|v| v.number)
}
