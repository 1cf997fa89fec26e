//! Verifying the whole log of an unlocked vault, on all cores.
//!
//! The calling thread reads the sealed entries and follows them in their order; the others open and examine them meanwhile,
//! which is nearly all of the work. What is told is what one core would tell: the first entry that does not hold.

use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

use crate::audit::leaf::Record;
use crate::audit::verify::{Damage, Defect, Depth, Examined, Examiner, Verifier};
use crate::crypto::Hash;
use crate::model::VaultId;
use crate::store::{LogRow, Store, Walk};

use super::error::VaultError;
use super::scopes::Epochs;
use super::{Vault, log};

/// Entries between two reports: a few milliseconds of work.
const STEP: u64 = 256;
/// Entries handed over at once, and bytes of them: handing over costs nothing then, and a log of imports fits into memory.
const BATCH: usize = 64;
const BATCH_BYTES: usize = 1 << 20;
/// Batches under way for each core.
const UNDER_WAY: usize = 3;

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

impl Vault {
    /// Verifies the whole log: order, hashes, history, signatures, rights, the state after each entry, every stored
    /// checkpoint, and that the tables are in the state the log leads to. `progress` is told entries done and in all.
    ///
    /// # Errors
    /// [`VaultError::Log`] names the first entry that does not hold; [`VaultError::Tampered`] rows or checkpoints that do
    /// not; [`VaultError::Cancelled`] when `progress` breaks.
    pub fn verify_log(&mut self, progress: &mut dyn FnMut(u64, u64) -> Walk) -> Result<Checked, VaultError> {
        self.verify(Depth::Everything, progress)
    }

    /// As [`Vault::verify_log`], without signatures, rights and states: that the entries are those the newest checkpoint
    /// was signed over, and none is missing.
    ///
    /// # Errors
    /// As [`Vault::verify_log`].
    pub fn verify_log_hashes(
        &mut self,
        progress: &mut dyn FnMut(u64, u64) -> Walk,
    ) -> Result<Checked, VaultError> {
        self.verify(Depth::Hashes, progress)
    }

    fn verify(
        &mut self,
        depth: Depth,
        progress: &mut dyn FnMut(u64, u64) -> Walk,
    ) -> Result<Checked, VaultError> {
        let (id, size) = (self.id, self.frontier.size());
        let sizes = self.store.checkpoint_sizes()?;
        let mut verifier = Verifier::from_start(id, &self.roster, depth);
        let examiners = (0..cores()).map(|_| verifier.examiner()).collect();
        let (mut roots, mut cancelled) = (BTreeMap::new(), false);
        walk_examined(self.store.as_mut(), (id, &self.scopes.log), size, examiners, &mut |entry| {
            verifier.follow(&entry.record, &entry.examined, &entry.stored_hash)?;
            let at = verifier.frontier().size();
            if sizes.binary_search(&at).is_ok() {
                roots.insert(at, verifier.frontier().clone());
            }
            cancelled = at.is_multiple_of(STEP) && progress(at, size).is_break();
            Ok(if cancelled { Walk::Break(()) } else { Walk::Continue(()) })
        })?;
        if cancelled {
            return Err(VaultError::Cancelled);
        }
        if verifier.frontier() != &self.frontier {
            return Err(Damage { seq: verifier.frontier().size(), what: Defect::OutOfOrder }.into());
        }
        if let Some(state) = verifier.state()
            && state.root() != self.state.root()
        {
            return Err(log::name_differences(state, &self.state));
        }
        let mut checkpoints = 0;
        for at in sizes {
            let row = self.store.checkpoint(at)?;
            let row = row.ok_or_else(|| VaultError::tampered("a checkpoint vanished while it was read"))?;
            let checkpoint = log::open_checkpoint(id, &row, &self.scopes.log, &self.roster)?;
            if roots.get(&at) != Some(&checkpoint.frontier) {
                return Err(VaultError::tampered(format!(
                    "the checkpoint over {at} entries has another root"
                )));
            }
            checkpoints += 1;
        }
        let _ = progress(size, size);
        Ok(Checked { entries: size, root: self.frontier.root(), checkpoints })
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// An entry, opened and examined.
struct Entry {
    record: Record,
    examined: Examined,
    stored_hash: Hash,
}

/// A batch on its way to another core, and where what becomes of it goes.
type Work = (Vec<LogRow>, Sender<Vec<Result<Entry, VaultError>>>);

/// Walks the entries before `to` in their order, each opened and examined elsewhere, one thread for each examiner.
fn walk_examined(
    store: &mut dyn Store,
    (vault, keys): (VaultId, &Epochs),
    to: u64,
    examiners: Vec<Examiner<'_>>,
    each: &mut dyn FnMut(&Entry) -> Result<Walk, VaultError>,
) -> Result<(), VaultError> {
    let (work, waiting) = channel();
    let waiting = Mutex::new(waiting);
    let mut line = Line { work, under_way: VecDeque::new(), room: examiners.len() * UNDER_WAY };
    std::thread::scope(|scope| {
        let open = |examiner| {
            let waiting = &waiting;
            scope.spawn(move || open_batches(waiting, vault, keys, examiner))
        };
        let threads: Vec<_> = examiners.into_iter().map(open).collect();
        let walked = read_and_follow(store, to, &mut line, each);
        // The threads wait for more until it is gone. One that died was noticed by the batch it left undone.
        drop(line);
        threads.into_iter().for_each(|thread| drop(thread.join()));
        walked
    })
}

fn read_and_follow(
    store: &mut dyn Store,
    to: u64,
    line: &mut Line,
    each: &mut dyn FnMut(&Entry) -> Result<Walk, VaultError>,
) -> Result<(), VaultError> {
    let (mut expected, mut followed) = (0, Ok(Walk::Continue(())));
    let (mut batch, mut bytes) = (Vec::with_capacity(BATCH), 0);
    let read = store.log(0, &mut |row| {
        if expected >= to || row.seq != expected {
            return Walk::Break(());
        }
        expected += 1;
        bytes += row.data.len();
        batch.push(row);
        if batch.len() < BATCH && bytes < BATCH_BYTES {
            return Walk::Continue(());
        }
        bytes = 0;
        line.send(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)));
        if line.is_full() {
            followed = line.follow_next(each);
        }
        if matches!(followed, Ok(Walk::Continue(()))) { Walk::Continue(()) } else { Walk::Break(()) }
    });
    if followed?.is_break() {
        return Ok(());
    }
    line.send(batch);
    while !line.under_way.is_empty() {
        if line.follow_next(each)?.is_break() {
            return Ok(());
        }
    }
    // Only now: what does not hold before the place that cannot be read comes first.
    read?;
    if expected < to { Err(Damage { seq: expected, what: Defect::OutOfOrder }.into()) } else { Ok(()) }
}

/// Batches that are being opened, in the order of the log.
struct Line {
    work: Sender<Work>,
    under_way: VecDeque<Receiver<Vec<Result<Entry, VaultError>>>>,
    room: usize,
}

impl Line {
    fn send(&mut self, batch: Vec<LogRow>) {
        let (done, opened) = channel();
        // Where every thread died the answer is dropped with it, and missed below.
        let _ = self.work.send((batch, done));
        self.under_way.push_back(opened);
    }

    fn is_full(&self) -> bool {
        self.under_way.len() >= self.room
    }

    /// Waits for the oldest batch and follows its entries.
    fn follow_next(
        &mut self,
        each: &mut dyn FnMut(&Entry) -> Result<Walk, VaultError>,
    ) -> Result<Walk, VaultError> {
        let Some(next) = self.under_way.pop_front() else { return Ok(Walk::Continue(())) };
        let batch = next.recv().map_err(|_| VaultError::tampered("an entry made its reader fail"))?;
        for entry in batch {
            if each(&entry?)?.is_break() {
                return Ok(Walk::Break(()));
            }
        }
        Ok(Walk::Continue(()))
    }
}

fn open_batches(waiting: &Mutex<Receiver<Work>>, vault: VaultId, keys: &Epochs, mut examiner: Examiner<'_>) {
    loop {
        let work = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((batch, done)) = work else { return };
        let open = |row: LogRow| {
            let record = log::open_record(vault, &row, keys)?;
            Ok(Entry { examined: examiner.examine(&record), record, stored_hash: row.leaf_hash })
        };
        // Nobody waits for it where an entry before it did not hold.
        let _ = done.send(batch.into_iter().map(open).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Action, Object};
    use crate::store::sqlite::SqliteStore;
    use crate::vault::Entry;
    use crate::vault::tests::Bench;

    /// More entries than are under way at once, whatever the number of cores.
    fn long(bench: &Bench) -> Vault {
        let mut store = SqliteStore::create(&bench.path).unwrap();
        store.relax_durability().unwrap();
        let mut vault = bench.create_in(store);
        for _ in 0..(cores() * UNDER_WAY + 2) * BATCH {
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
