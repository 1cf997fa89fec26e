//! Verifying one event without the whole log: that it and its neighbours are signed, follow from one another, and are in a
//! signed checkpoint. Between two kept checkpoints stand some thousand entries, so it takes milliseconds at any size.

use crate::audit::tree::Frontier;
use crate::audit::verify::{Damage, Defect, Verifier};
use crate::store::{LogRow, Walk};

use super::Vault;
use super::error::VaultError;
use super::log::{open_checkpoint, open_record};

/// What the verification of one event found to hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Around {
    /// The event.
    pub seq: u64,
    /// The first entry whose content and signature were checked: the event itself where it is the first of all.
    pub first: u64,
    /// The last one.
    pub last: u64,
    /// The size of the signed checkpoint from which the tree was built on; 0: from its beginning.
    pub from: u64,
    /// The size of the signed checkpoint at which the tree ended with the root that was signed: the event is in it.
    pub checkpoint: u64,
}

impl Vault {
    /// Verifies the event at `seq`, the one before and the one after it.
    ///
    /// # Errors
    /// [`VaultError::Log`] names the first entry that does not hold, [`VaultError::Tampered`] a checkpoint that does not.
    pub fn verify_around(&mut self, seq: u64) -> Result<Around, VaultError> {
        self.store.begin_read()?;
        let result = self.around(seq);
        self.store.end_read();
        result
    }

    /// The size of the first stored checkpoint that covers the event at `seq`.
    ///
    /// # Errors
    /// [`VaultError::Store`].
    pub fn checkpoint_over(&mut self, seq: u64) -> Result<Option<u64>, VaultError> {
        Ok(self.store.checkpoint_sizes()?.into_iter().find(|size| *size > seq))
    }

    fn around(&mut self, seq: u64) -> Result<Around, VaultError> {
        let missing = || VaultError::from(Damage { seq, what: Defect::OutOfOrder });
        if seq >= self.frontier.size() {
            return Err(missing());
        }
        let (first, last) = (seq.saturating_sub(1), (seq + 1).min(self.frontier.size() - 1));
        let sizes = self.store.checkpoint_sizes()?;
        let from = sizes.iter().copied().rev().find(|size| *size <= first).unwrap_or(0);
        let to = sizes.iter().copied().find(|size| *size > last).ok_or_else(missing)?;
        let mut frontier = if from == 0 { Frontier::new() } else { self.signed_frontier(from)? };
        let (mut walked, Self { store, .. }) = (Ok(()), &mut *self);
        let mut rows = Vec::new();
        let mut read = from;
        store.log(from, &mut |row| {
            if row.seq != read {
                walked = Err(Damage { seq: read, what: Defect::OutOfOrder });
                return Walk::Break(());
            }
            read += 1;
            let hash = row.leaf_hash;
            let kept = (first..=last).contains(&row.seq).then_some(row);
            rows.push((hash, kept));
            if read == to { Walk::Break(()) } else { Walk::Continue(()) }
        })?;
        walked?;
        if read != to {
            return Err(Damage { seq: read, what: Defect::OutOfOrder }.into());
        }
        for (hash, row) in rows {
            if let Some(row) = row {
                self.check_entry(&row, &frontier)?;
            }
            frontier.push(hash);
        }
        if self.signed_frontier(to)? == frontier {
            Ok(Around { seq, first, last, from, checkpoint: to })
        } else {
            Err(VaultError::tampered(format!("the checkpoint over {to} entries has another root")))
        }
    }

    /// The frontier that a stored checkpoint signs.
    fn signed_frontier(&mut self, size: u64) -> Result<Frontier, VaultError> {
        let row = self.store.checkpoint(size)?;
        let row = row.ok_or_else(|| VaultError::tampered("a checkpoint vanished while it was read"))?;
        Ok(open_checkpoint(self.id, &row, &self.scopes.log, &self.roster)?.frontier)
    }

    /// Whether an entry is what its hash says, follows from the history before it and is signed by who may do what it tells.
    fn check_entry(&self, row: &LogRow, before: &Frontier) -> Result<(), VaultError> {
        let record = open_record(self.id, row, &self.scopes.log)?;
        // Which roster was in force here only those before it tell.
        let oldest_roster = 1;
        let before = (before.clone(), None);
        let mut verifier = Verifier::from_trusted(self.id, &self.roster, before, oldest_roster);
        Ok(verifier.next(&record, &row.leaf_hash)?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Bench;
    use super::*;
    use crate::model::{Action, Object};
    use crate::vault::Entry;

    #[test]
    fn each_event_is_verified_with_its_neighbours_and_a_changed_one_is_named_by_them() {
        let bench = Bench::new();
        let mut vault = bench.create();
        for _ in 0..4 {
            vault.record(Action::SessionLock, Entry::new(Action::SessionLock, Object::Vault)).unwrap();
        }
        let size = vault.view().log_size;
        for seq in 0..size {
            let around = vault.verify_around(seq).unwrap();
            assert_eq!((around.first, around.last), (seq.saturating_sub(1), (seq + 1).min(size - 1)));
            assert!(around.from <= around.first && around.checkpoint > around.last);
        }
        assert!(vault.verify_around(size).is_err());

        let file = rusqlite::Connection::open(&bench.path).unwrap();
        file.execute("UPDATE log SET leaf_hash = zeroblob(32) WHERE seq = 3", []).unwrap();
        for seq in [2, 3, 4] {
            let error = vault.verify_around(seq).unwrap_err();
            assert_eq!(error, Damage { seq: 3, what: Defect::OtherHash }.into(), "{seq}");
        }
    }
}
