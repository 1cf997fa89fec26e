//! Verifying the whole log of an unlocked vault, a slice at a time: between two slices the vault does whatever else it is
//! asked. What is added meanwhile is verified too, so that the end is always the end of the log as it is then.
//!
//! Changes nothing and records nothing: see `operations::verify_log`.

use std::collections::BTreeMap;

use crate::audit::tree::Frontier;
use crate::audit::verify::{Damage, Defect, Depth, Paused, Verifier};
use crate::crypto::Hash;
use crate::store::Walk;

use super::Vault;
use super::error::VaultError;
use super::log::{name_differences, open_checkpoint, walk};

/// Entries verified in one slice: some ten milliseconds of work.
const SLICE: u64 = 256;

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
        let verifier = Verifier::from_start(self.id, &self.roster, Depth::Everything);
        Verification { at: Some(verifier.pause()), checkpoints: Vec::new() }
    }

    /// Verifies the next entries. `None` while there is more to do.
    ///
    /// # Errors
    /// [`VaultError::Log`] names the first entry that does not hold; [`VaultError::Tampered`] rows or checkpoints that do
    /// not. Where another program added an entry meanwhile, both may mean no more than that: after [`Vault::refresh`] has
    /// followed it, the verification goes on where it was.
    pub fn verify_slice(&mut self, verification: &mut Verification) -> Result<Option<Checked>, VaultError> {
        // One moment of the file: a checkpoint must not be replaced between the list of them and the look at it.
        self.store.begin_read()?;
        let result = self.slice(verification);
        self.store.end_read();
        result
    }

    /// Verifies the whole log at once. `progress` is told entries done and in all.
    ///
    /// # Errors
    /// As [`Vault::verify_slice`]; [`VaultError::Cancelled`] when `progress` breaks.
    pub fn verify_log(&mut self, progress: &mut dyn FnMut(u64, u64) -> Walk) -> Result<Checked, VaultError> {
        let mut verification = self.begin_verification();
        loop {
            if let Some(checked) = self.verify_slice(&mut verification)? {
                let _ = progress(checked.entries, checked.entries);
                return Ok(checked);
            }
            if progress(verification.done(), self.frontier.size()).is_break() {
                return Err(VaultError::Cancelled);
            }
        }
    }

    fn slice(&mut self, verification: &mut Verification) -> Result<Option<Checked>, VaultError> {
        let Some(at) = verification.at.take() else { return Err(VaultError::Cancelled) };
        let from = at.frontier().size();
        let to = self.frontier.size().min(from.saturating_add(SLICE));
        let sizes = self.store.checkpoint_sizes();
        let mut verifier = at.resume(&self.roster);
        let walked = sizes.map_err(VaultError::from).and_then(|sizes| {
            let mut passed = BTreeMap::new();
            walk(self.store.as_mut(), self.id, &self.scopes.log, from, to, &mut |row, record| {
                verifier.next(&record, &row.leaf_hash)?;
                if sizes.binary_search(&(row.seq + 1)).is_ok() {
                    passed.insert(row.seq + 1, verifier.frontier().clone());
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
