//! A vault's file before it is unlocked: what may be known of it without a password, and nothing more.

use crate::crypto::encoding::{Reader, Writer};
use crate::crypto::kdf::KdfParams;
use crate::model::{Timestamp, VaultId};
use crate::store::{Row, Store, Table, Walk};

use super::error::VaultError;
use super::identity::Slot;
use super::position::{NONE, SUITE};
use super::rows::HEADER_ID;

/// The format number inside the header row; the same as the file's `user_version`.
const FORMAT: u16 = 1;

/// A vault file that was opened and not unlocked.
pub struct VaultFile {
    pub(super) store: Box<dyn Store>,
    pub(super) vault: VaultId,
    pub(super) slots: Vec<Slot>,
    pub(super) made_with: String,
}

impl VaultFile {
    /// Reads the header and the slots.
    ///
    /// # Errors
    /// [`VaultError`] when the file does not hold together, or uses algorithms this version does not know.
    pub fn read(mut store: Box<dyn Store>) -> Result<Self, VaultError> {
        let row = store
            .row(Table::Header, HEADER_ID)?
            .ok_or_else(|| VaultError::tampered("its header row is missing"))?;
        let (vault, made_with) = decode_header(&row)?;
        let slots = read_slots(store.as_mut())?;
        Ok(Self { store, vault, slots, made_with })
    }

    /// Reads the slots again: another program may have changed a password, or added an operator, since this file was read.
    pub(super) fn refresh_slots(&mut self) -> Result<(), VaultError> {
        self.slots = read_slots(self.store.as_mut())?;
        Ok(())
    }

    /// The vault's id.
    #[must_use]
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// The version of Keyroom that made the file.
    #[must_use]
    pub fn made_with(&self) -> &str {
        &self.made_with
    }

    /// Whether the operator must be named because there are several.
    #[must_use]
    pub fn needs_name(&self) -> bool {
        self.slots.len() > 1
    }

    /// How many operators have a password slot.
    #[must_use]
    pub fn operators(&self) -> usize {
        self.slots.len()
    }

    /// How the password of the only operator is stretched, or that of the strongest slot where there are several.
    #[must_use]
    pub fn params(&self) -> KdfParams {
        let strongest =
            self.slots.iter().map(|s| s.params).max_by_key(|p| u64::from(p.memory_kib) * u64::from(p.passes));
        strongest.unwrap_or(KdfParams::DEFAULT)
    }

    /// The moments of failed unlocks since the last success. A hint: anyone who can write the file can change it.
    #[must_use]
    pub fn failed_attempts(&mut self) -> Vec<Timestamp> {
        // A hint that cannot be read is no reason to refuse the right password.
        self.store.attempts().unwrap_or_default().into_iter().map(Timestamp).collect()
    }

    /// Those moments as they count at `now`. What a clock that ran ahead noted is noted anew as of now: it is waited for as
    /// long as any, and not until that moment has come. Where that cannot be written it is not waited for at all.
    pub(crate) fn attempts_at(&mut self, now: Timestamp) -> Vec<Timestamp> {
        let mut times = self.failed_attempts();
        if times.iter().all(|time| *time <= now) {
            return times;
        }
        let mut note = times.iter().map(|time| (*time).min(now).0);
        let noted = note.try_for_each(|time| self.store.add_attempt(time));
        match noted.and_then(|()| self.store.clear_attempts(times.len())) {
            Ok(()) => times.iter_mut().for_each(|time| *time = (*time).min(now)),
            Err(_) => times.retain(|time| *time <= now),
        }
        times
    }

    /// Whether the file it was opened from still stands at its place.
    #[must_use]
    pub fn is_same_file(&self) -> bool {
        self.store.is_same_file()
    }

    pub(super) fn slot(&self, name: Option<&str>) -> Result<&Slot, VaultError> {
        match (name, self.slots.as_slice()) {
            (None, [only]) => Ok(only),
            (None, _) => Err(VaultError::WhichOperator),
            (Some(name), slots) => {
                slots.iter().find(|s| s.is_named(self.vault, name)).ok_or(VaultError::NoSuchOperator)
            }
        }
    }
}

fn read_slots(store: &mut dyn Store) -> Result<Vec<Slot>, VaultError> {
    let mut slots = Vec::new();
    let mut broken = None;
    store.rows(Table::Slot, &mut |row| match Slot::from_row(row) {
        Ok(slot) => {
            slots.push(slot);
            Walk::Continue(())
        }
        Err(_) => {
            broken = Some(super::rows::changed(row));
            Walk::Break(())
        }
    })?;
    match broken {
        Some(error) => Err(error),
        None if slots.is_empty() => Err(VaultError::tampered("its password slots are missing")),
        None => Ok(slots),
    }
}

/// The header row of a new vault.
pub(super) fn header_row(vault: VaultId) -> Row {
    let mut w = Writer::new();
    w.u16(FORMAT).u16(SUITE).array(&vault.0).part(concat!("keyroom ", env!("CARGO_PKG_VERSION")).as_bytes());
    let data = w.into_bytes();
    Row { table: Table::Header, id: HEADER_ID.to_vec(), version: 1, scope: NONE, epoch: 0, data }
}

fn decode_header(row: &Row) -> Result<(VaultId, String), VaultError> {
    let malformed = |_| VaultError::tampered("its header row is malformed");
    let mut r = Reader::new(&row.data);
    let format = r.u16().map_err(malformed)?;
    let suite = r.u16().map_err(malformed)?;
    if suite != SUITE {
        return Err(VaultError::UnknownSuite(suite));
    }
    if format != FORMAT {
        return Err(VaultError::tampered("its header row names another format than its file"));
    }
    let vault = VaultId(r.array().map_err(malformed)?);
    let made_with = String::from_utf8_lossy(r.part().map_err(malformed)?).into_owned();
    r.finish().map_err(malformed)?;
    Ok((vault, made_with))
}
