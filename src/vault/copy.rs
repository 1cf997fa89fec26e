//! Copying a vault to a new file that is then opened and compared, hash by hash. Never leaves a copy that was not.

use std::cell::RefCell;

use crate::audit::state::StateTree;
use crate::audit::tree::Frontier;
use crate::audit::verify::{Damage, Defect};
use crate::store::{Head, Stop, Store, StoreError, Table, Walk};

use super::Vault;
use super::error::VaultError;
use super::log::name_differences;

/// Opens the store at a path: for checking a copy that was just made.
pub type OpenStore<'a> = dyn Fn(&std::path::Path) -> Result<Box<dyn Store>, StoreError> + 'a;

impl Vault {
    /// Copies the vault to a new file, then opens the copy and checks that it is the same vault in the same state.
    ///
    /// # Errors
    /// Any [`VaultError`]; the copy is removed then.
    pub fn copy_to(
        &mut self,
        target: &std::path::Path,
        open: &OpenStore<'_>,
        progress: &mut dyn FnMut(u64, u64) -> Walk,
    ) -> Result<(), VaultError> {
        let mut last = (0, 0);
        let mut heard = |done, total| {
            last = (done, total);
            progress(done, total)
        };
        self.store.backup(target, &mut heard).map_err(cancelled)?;
        // Looking takes as long as copying did: a lock or Cancel ends that too.
        let progress = RefCell::new(progress);
        let stop = || (progress.borrow_mut())(last.0, last.1).is_break();
        let checked = open(target)
            .map_err(VaultError::from)
            .and_then(|mut copy| self.is_same_vault(copy.as_mut(), &stop));
        if checked.is_err() {
            let _ = std::fs::remove_file(target);
        }
        checked
    }

    fn is_same_vault(&mut self, copy: &mut dyn Store, stop: Stop<'_>) -> Result<(), VaultError> {
        copy.check_structure(stop).map_err(cancelled)?;
        if self.difference(&Contents::of(copy, stop)?).is_none() {
            return if stop() { Err(VaultError::Cancelled) } else { Ok(()) };
        }
        // The copy is as the file is: which of the two is not what this session verified?
        let own = Contents::of(self.store.as_mut(), stop)?;
        let copied_wrong = || VaultError::tampered("the copy is not the same as the vault; it was removed");
        Err(self.difference(&own).unwrap_or_else(copied_wrong))
    }

    /// In what a file is not the vault of this session, if in anything.
    fn difference(&self, file: &Contents) -> Option<VaultError> {
        if let Some(seq) = file.gap {
            return Some(Damage { seq, what: Defect::OutOfOrder }.into());
        }
        let head = file.head.as_ref().map(|head| (head.size, Some(head.last)));
        if file.log != self.frontier || head != Some((self.frontier.size(), self.last_leaf)) {
            return Some(VaultError::tampered(
                "its log has other hashes than were signed; verify it to see where",
            ));
        }
        (file.tables.root() != self.state.root()).then(|| name_differences(&self.state, &file.tables))
    }
}

fn cancelled(error: StoreError) -> VaultError {
    match error {
        StoreError::Cancelled => VaultError::Cancelled,
        error => error.into(),
    }
}

/// What a file holds, by its hashes.
struct Contents {
    head: Option<Head>,
    log: Frontier,
    /// The first entry that is not there.
    gap: Option<u64>,
    tables: StateTree,
}

impl Contents {
    fn of(store: &mut dyn Store, stop: Stop<'_>) -> Result<Self, VaultError> {
        /// Rows between two questions whether to go on.
        const EVERY: u64 = 256;
        let (mut seen, mut stopped) = (0_u64, false);
        let mut go_on = || {
            seen += 1;
            stopped |= seen.is_multiple_of(EVERY) && stop();
            if stopped { Walk::Break(()) } else { Walk::Continue(()) }
        };
        let head = store.head()?;
        let mut tables = StateTree::new();
        for table in Table::ALL {
            store.rows(table, &mut |row| {
                tables.load(row);
                go_on()
            })?;
        }
        tables.finish();
        let (mut log, mut gap) = (Frontier::new(), None);
        store.log(0, &mut |row| {
            if row.seq != log.size() {
                gap = Some(log.size());
                return Walk::Break(());
            }
            log.push(row.leaf_hash);
            go_on()
        })?;
        if stopped { Err(VaultError::Cancelled) } else { Ok(Self { head, log, gap, tables }) }
    }
}
