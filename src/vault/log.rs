//! Reading the log of an unlocked vault: its events, its entries, its export.
//!
//! All of them walk the same sealed records and check what they pass; none of them changes anything.

use crate::audit::leaf::Record;
use crate::audit::roster::Roster;
use crate::audit::state::StateTree;
use crate::audit::verify::{Damage, Defect};
use crate::crypto::encoding::Reader;
use crate::crypto::sign::VerifyingKey;
use crate::crypto::{CryptoError, Hash, envelope};
use crate::model::{Event, VaultId};
use crate::store::{CheckpointRow, LogRow, Stop, Store, StoreError, Walk};

use super::anchored;
use super::commit::log_place;
use super::error::VaultError;
use super::scopes::Epochs;
use super::{Vault, rows};

/// One opened entry as an export needs it.
pub struct Export {
    /// The record.
    pub record: Record,
    /// The event it tells.
    pub event: Event,
}

/// A stored checkpoint, opened.
pub(super) struct OpenCheckpoint {
    pub note: String,
    pub frontier: crate::audit::tree::Frontier,
    pub signer: crate::model::OperatorId,
    pub roster_version: u32,
}

impl Vault {
    /// Reads events from `from` on and hands each out until told to stop. Each was opened and is the one the log's hash
    /// names; signatures are [`Vault::verify_log`]'s.
    ///
    /// # Errors
    /// [`VaultError::Log`] at the first entry that does not hold.
    pub fn events(&mut self, from: u64, each: &mut dyn FnMut(Event) -> Walk) -> Result<(), VaultError> {
        let (id, size) = (self.id, self.frontier.size());
        walk(self.store.as_mut(), id, &self.scopes.log, from, size, &mut |row, record| {
            let seq = row.seq;
            let fits = record.signed.leaf.seq == seq && record.signed.hash() == row.leaf_hash;
            let event = record.event().ok().filter(|_| fits);
            let event = event.ok_or(Damage { seq, what: Defect::Unreadable })?;
            Ok(each(event))
        })
    }

    /// The newest `count` events, oldest first.
    ///
    /// # Errors
    /// As [`Vault::events`].
    pub fn last_events(&mut self, count: u64) -> Result<Vec<Event>, VaultError> {
        let mut events = Vec::new();
        let from = self.frontier.size().saturating_sub(count);
        self.events(from, &mut |event| {
            events.push(event);
            Walk::Continue(())
        })?;
        Ok(events)
    }

    /// Hands out the records from `from` to before `to` with their events, for an export.
    ///
    /// # Errors
    /// As [`Vault::events`].
    pub fn export_log(
        &mut self,
        from: u64,
        to: u64,
        each: &mut dyn FnMut(Export) -> Walk,
    ) -> Result<(), VaultError> {
        walk(self.store.as_mut(), self.id, &self.scopes.log, from, to, &mut |row, record| {
            let event = record.event().map_err(|_| Damage { seq: row.seq, what: Defect::Unreadable })?;
            Ok(each(Export { record, event }))
        })
    }

    /// Opens one entry: its record, its hash in the tree, and whether its signature counts.
    ///
    /// # Errors
    /// [`VaultError::Log`] when it cannot be read.
    pub fn entry(&mut self, seq: u64) -> Result<(Record, Hash, bool), VaultError> {
        let mut found = None;
        let (id, size) = (self.id, self.frontier.size());
        walk(self.store.as_mut(), id, &self.scopes.log, seq, size.min(seq + 1), &mut |row, record| {
            found = Some((record, row.leaf_hash));
            Ok(Walk::Break(()))
        })?;
        let (record, hash) = found.ok_or(Damage { seq, what: Defect::OutOfOrder })?;
        let leaf = &record.signed.leaf;
        let key = self
            .roster
            .signer(leaf.roster_version, leaf.operator)
            .map(|o| VerifyingKey::from_bytes(&o.verify_key));
        let signed = matches!(key, Some(Ok(key)) if record.signed.verify(&key).is_ok())
            && record.signed.hash() == hash;
        Ok((record, hash, signed))
    }

    /// The newest checkpoint as a signed note.
    ///
    /// # Errors
    /// [`VaultError::Tampered`] when it is missing or does not hold.
    pub fn checkpoint_note(&mut self) -> Result<String, VaultError> {
        let row = self.store.checkpoint(self.frontier.size())?;
        let row = row.ok_or_else(|| VaultError::tampered("the newest checkpoint is missing"))?;
        Ok(open_checkpoint(self.id, &row, &self.scopes.log, &self.roster)?.note)
    }

    /// The verified roster, for an export.
    #[must_use]
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Looks through the structure of the file itself.
    ///
    /// # Errors
    /// [`VaultError::Store`] when it does not hold together; [`VaultError::Cancelled`] when `stop` says so.
    pub fn check_structure(&mut self, stop: Stop<'_>) -> Result<(), VaultError> {
        match self.store.check_structure(stop) {
            Err(StoreError::Cancelled) => Err(VaultError::Cancelled),
            result => Ok(result?),
        }
    }
}

/// Opens one record of the log.
pub(super) fn open_record(vault: VaultId, row: &LogRow, keys: &Epochs) -> Result<Record, VaultError> {
    let unreadable = || Damage { seq: row.seq, what: Defect::Unreadable };
    let key = keys.get(row.epoch).map_err(|_| unreadable())?;
    let aad = log_place(vault, "log", &row.seq.to_be_bytes(), row.epoch).aad();
    let opened = envelope::open(key, &aad, &row.data).map_err(|_| unreadable())?;
    Ok(Record::decode(opened.as_bytes()).map_err(|_| unreadable())?)
}

/// Walks the records from `from` to before `to`; all of them must be there.
pub(super) fn walk(
    store: &mut dyn Store,
    vault: VaultId,
    keys: &Epochs,
    from: u64,
    to: u64,
    each: &mut dyn FnMut(&LogRow, Record) -> Result<Walk, VaultError>,
) -> Result<(), VaultError> {
    let (mut expected, mut result, mut stopped) = (from, Ok(()), false);
    store.log(from, &mut |row| {
        if expected >= to {
            stopped = true;
            return Walk::Break(());
        }
        let step = if row.seq == expected {
            open_record(vault, &row, keys).and_then(|record| each(&row, record))
        } else {
            Err(Damage { seq: expected, what: Defect::OutOfOrder }.into())
        };
        expected += 1;
        match step {
            Ok(walk) => {
                stopped = walk.is_break();
                walk
            }
            Err(error) => {
                result = Err(error);
                Walk::Break(())
            }
        }
    })?;
    result?;
    if expected < to && !stopped {
        return Err(Damage { seq: expected, what: Defect::OutOfOrder }.into());
    }
    Ok(())
}

/// Opens a checkpoint and checks its signature and that its frontier has the signed root.
pub(super) fn open_checkpoint(
    vault: VaultId,
    row: &CheckpointRow,
    keys: &Epochs,
    roster: &Roster,
) -> Result<OpenCheckpoint, VaultError> {
    let wrong = || VaultError::tampered(format!("the checkpoint over {} entries does not hold", row.size));
    let read = || -> Result<OpenCheckpoint, CryptoError> {
        let key = keys.get(row.epoch).map_err(|_| CryptoError::Sealed)?;
        let aad = log_place(vault, "checkpoint", &row.size.to_be_bytes(), row.epoch).aad();
        let opened = envelope::open(key, &aad, &row.data)?;
        let mut r = Reader::new(opened.as_bytes());
        let note = std::str::from_utf8(r.part()?).map_err(|_| CryptoError::Malformed)?.to_owned();
        let frontier = anchored::frontier(row.size, r.part()?).ok_or(CryptoError::Malformed)?;
        let (signer, roster_version) = (crate::model::OperatorId(r.array()?), r.u32()?);
        r.finish()?;
        Ok(OpenCheckpoint { note, frontier, signer, roster_version })
    };
    let open = read().map_err(|_| wrong())?;
    let signer = roster.signer(open.roster_version, open.signer).ok_or_else(wrong)?;
    let key = crate::crypto::sign::VerifyingKey::from_bytes(&signer.verify_key).map_err(|_| wrong())?;
    let checkpoint =
        crate::audit::checkpoint::Checkpoint::verify(&open.note, vault, &key).map_err(|_| wrong())?;
    let fits = checkpoint.size == row.size && checkpoint.root == open.frontier.root();
    if fits { Ok(open) } else { Err(wrong()) }
}

/// Names the rows in which the tables are not what the log says.
pub(super) fn name_differences(log: &StateTree, tables: &StateTree) -> VaultError {
    /// Rows named in one message.
    const NAMED: usize = 3;
    let found = log.differences(tables, NAMED + 1);
    let named: Vec<_> = found
        .iter()
        .take(NAMED)
        .map(|(table, id)| {
            let what = match (log.get(*table, id), tables.get(*table, id)) {
                (Some(_), None) => "deleted",
                (None, Some(_)) => "added",
                _ => "changed",
            };
            format!("a row of the table {} was {what} ({})", table.name(), rows::short(id))
        })
        .collect();
    let more = if found.len() > NAMED { ", and more" } else { "" };
    VaultError::tampered(format!("{}{more}", named.join(", ")))
}
