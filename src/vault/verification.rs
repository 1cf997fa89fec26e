//! Verifying the whole log of an unlocked vault, a slice at a time: between two slices the vault does whatever else it is
//! asked. What is added meanwhile is verified too, so that the end is always the end of the log as it is then. Every core
//! helps: signatures need no other entry, and only the order is followed by one thread.
//!
//! Changes nothing and records nothing: see `operations::verify_log`.

use std::collections::BTreeMap;

use crate::audit::tree::Frontier;
use crate::audit::verify::{Damage, Defect, Depth, Paused, Verifier};
use crate::crypto::Hash;
use crate::store::Walk;

use super::Vault;
use super::error::VaultError;
use super::examined::{cores, walk_examined};
use super::log::{name_differences, open_checkpoint};

/// Entries verified in one slice: some ten milliseconds of work, after which Cancel, a lock and every command are heard.
const SLICE: u64 = 256;
/// Entries between two reports where nothing else waits.
const STEP: u64 = 2048;

/// What a verification found to hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checked {
    /// Entries that hold, from the first on.
    pub entries: u64,
    /// The root of the tree over them.
    pub root: Hash,
    /// Checkpoints that hold.
    pub checkpoints: u64,
}

/// A verification that is under way.
pub struct Verification {
    /// `None` only while a slice runs.
    at: Option<Paused>,
    /// The sizes of the checkpoints that hold, ascending.
    checkpoints: Vec<u64>,
}

impl Verification {
    /// Entries that hold so far.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.at.as_ref().map_or(0, |at| at.frontier().size())
    }
}

impl Vault {
    /// Begins to verify the log from its first entry on: order, hashes, history, signatures, rights, the state after each
    /// entry, every stored checkpoint, and that the tables are in the state the log leads to.
    #[must_use]
    pub fn begin_verification(&self) -> Verification {
        self.verification(Depth::Everything)
    }

    fn verification(&self, depth: Depth) -> Verification {
        let verifier = Verifier::from_start(self.id, &self.roster, depth);
        Verification { at: Some(verifier.pause()), checkpoints: Vec::new() }
    }

    /// Verifies the next entries. `None` while there is more to do.
    ///
    /// # Errors
    /// [`VaultError::Log`] names the first entry that does not hold; [`VaultError::Tampered`] rows or checkpoints that do
    /// not. Where another program added an entry meanwhile, both may mean no more than that: after [`Vault::refresh`] has
    /// followed it, the verification goes on where it was.
    pub fn verify_slice(&mut self, verification: &mut Verification) -> Result<Option<Checked>, VaultError> {
        self.verify_next(verification, SLICE)
    }

    fn verify_next(
        &mut self,
        verification: &mut Verification,
        count: u64,
    ) -> Result<Option<Checked>, VaultError> {
        // One moment of the file: a checkpoint must not be replaced between the list of them and the look at it.
        self.store.begin_read()?;
        let result = self.slice(verification, count);
        self.store.end_read();
        result
    }

    /// Verifies the whole log at once. `progress` is told entries done and in all.
    ///
    /// # Errors
    /// As [`Vault::verify_slice`]; [`VaultError::Cancelled`] when `progress` breaks.
    pub fn verify_log(&mut self, progress: &mut dyn FnMut(u64, u64) -> Walk) -> Result<Checked, VaultError> {
        self.verify_whole(Depth::Everything, progress)
    }

    /// As [`Vault::verify_log`], without signatures, rights and states: that the entries are those the checkpoints were
    /// signed over, and none is missing.
    ///
    /// # Errors
    /// As [`Vault::verify_log`].
    pub fn verify_log_hashes(
        &mut self,
        progress: &mut dyn FnMut(u64, u64) -> Walk,
    ) -> Result<Checked, VaultError> {
        self.verify_whole(Depth::Hashes, progress)
    }

    fn verify_whole(
        &mut self,
        depth: Depth,
        progress: &mut dyn FnMut(u64, u64) -> Walk,
    ) -> Result<Checked, VaultError> {
        let mut verification = self.verification(depth);
        loop {
            if let Some(checked) = self.verify_next(&mut verification, STEP)? {
                let _ = progress(checked.entries, checked.entries);
                return Ok(checked);
            }
            if progress(verification.done(), self.frontier.size()).is_break() {
                return Err(VaultError::Cancelled);
            }
        }
    }

    fn slice(&mut self, verification: &mut Verification, count: u64) -> Result<Option<Checked>, VaultError> {
        let Some(at) = verification.at.take() else { return Err(VaultError::Cancelled) };
        let from = at.frontier().size();
        let to = self.frontier.size().min(from.saturating_add(count));
        let sizes = self.store.checkpoint_sizes();
        let mut verifier = at.resume(&self.roster);
        let walked = sizes.map_err(VaultError::from).and_then(|sizes| {
            let mut passed = BTreeMap::new();
            let examiners = (0..cores()).map(|_| verifier.examiner()).collect();
            let place = (self.id, &self.scopes.log);
            walk_examined(self.store.as_mut(), place, from..to, examiners, &mut |entry| {
                verifier.follow(&entry.record, &entry.examined, &entry.stored_hash)?;
                let size = verifier.frontier().size();
                if sizes.binary_search(&size).is_ok() {
                    passed.insert(size, verifier.frontier().clone());
                }
                Ok(Walk::Continue(()))
            })?;
            Ok((sizes, passed))
        });
        // It keeps its place whatever came of the slice.
        let at = verification.at.insert(verifier.pause());
        let (sizes, passed) = walked?;
        for (size, frontier) in passed {
            self.check_checkpoint(size, &frontier)?;
            verification.checkpoints.push(size);
        }
        if to < self.frontier.size() {
            return Ok(None);
        }
        self.check_end(at)?;
        let stray = sizes.iter().find(|size| verification.checkpoints.binary_search(size).is_err());
        if let Some(size) = stray {
            return Err(other_root(*size));
        }
        let (entries, root) = (self.frontier.size(), self.frontier.root());
        Ok(Some(Checked { entries, root, checkpoints: sizes.len() as u64 }))
    }

    fn check_checkpoint(&mut self, size: u64, frontier: &Frontier) -> Result<(), VaultError> {
        let row = self.store.checkpoint(size)?;
        let row = row.ok_or_else(|| VaultError::tampered("a checkpoint vanished while it was read"))?;
        let checkpoint = open_checkpoint(self.id, &row, &self.scopes.log, &self.roster)?;
        if checkpoint.frontier == *frontier { Ok(()) } else { Err(other_root(size)) }
    }

    /// All entries hold: they must lead to where the vault is.
    fn check_end(&self, at: &Paused) -> Result<(), VaultError> {
        if *at.frontier() != self.frontier {
            return Err(Damage { seq: at.frontier().size(), what: Defect::OutOfOrder }.into());
        }
        match at.state() {
            Some(state) if state.root() != self.state.root() => Err(name_differences(state, &self.state)),
            _ => Ok(()),
        }
    }
}

fn other_root(size: u64) -> VaultError {
    VaultError::tampered(format!("the checkpoint over {size} entries has another root"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Action, Object};
    use crate::store::sqlite::SqliteStore;
    use crate::vault::Entry;
    use crate::vault::examined::{BATCH, UNDER_WAY};
    use crate::vault::tests::Bench;

    /// More entries than are under way at once, whatever the number of cores.
    fn long(bench: &Bench) -> Vault {
        let mut store = SqliteStore::create(&bench.path).unwrap();
        store.relax_durability().unwrap();
        let mut vault = bench.create_in(store);
        for _ in 0..(cores() * UNDER_WAY + 2) * BATCH + STEP as usize {
            vault.record(Action::SessionLock, Entry::new(Action::SessionLock, Object::Vault)).unwrap();
        }
        vault
    }

    fn change(bench: &Bench, sql: &str) {
        rusqlite::Connection::open(&bench.path).unwrap().execute_batch(sql).unwrap();
    }

    #[test]
    fn the_first_entry_that_does_not_hold_is_named_whichever_core_finds_another_one_first() {
        let bench = Bench::new();
        let mut vault = long(&bench);
        let size = vault.view().log_size;
        let checked = vault.verify_log(&mut |_, _| Walk::Continue(())).unwrap();
        assert_eq!((checked.entries, checked.root), (size, vault.view().log_root));
        assert_eq!(vault.verify_log_hashes(&mut |_, _| Walk::Continue(())).unwrap(), checked);
        let mut verified = || vault.verify_log(&mut |_, _| Walk::Continue(()));
        let damage = |seq, what| Err(VaultError::Log(Damage { seq, what }));
        change(&bench, &format!("DELETE FROM log WHERE seq = {}", size - 3));
        assert_eq!(verified(), damage(size - 3, Defect::OutOfOrder));
        change(&bench, "UPDATE log SET data = zeroblob(400) WHERE seq IN (70, 200)");
        assert_eq!(verified(), damage(70, Defect::Unreadable));
        change(&bench, "UPDATE log SET leaf_hash = zeroblob(32) WHERE seq = 69");
        assert_eq!(verified(), damage(69, Defect::OtherHash));
    }

    #[test]
    fn a_verification_stops_when_it_is_told_to() {
        let bench = Bench::new();
        let mut vault = long(&bench);
        let mut told = Vec::new();
        let stopped = vault.verify_log(&mut |done, _| {
            told.push(done);
            Walk::Break(())
        });
        assert_eq!(stopped, Err(VaultError::Cancelled));
        assert_eq!(told, [STEP]);
    }
}
