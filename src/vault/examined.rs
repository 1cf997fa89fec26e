//! Walking the log on all cores: the calling thread reads the sealed entries and hands them on in their order; the others open
//! and examine them meanwhile, which is nearly all of the work.
//!
//! What comes out is what one core would give: entries in their order, and the first that cannot be read where it stands.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

use crate::audit::leaf::Record;
use crate::audit::verify::{Damage, Defect, Examined, Examiner};
use crate::crypto::Hash;
use crate::crypto::memory::burn_stack;
use crate::model::VaultId;
use crate::store::{LogRow, Store, Walk};

use super::error::VaultError;
use super::log;
use super::scopes::Epochs;

/// Entries handed over at once, and bytes of them: handing over costs nothing then, and a log of imports fits into memory.
pub(super) const BATCH: usize = 64;
const BATCH_BYTES: usize = 1 << 20;
/// Batches under way for each core.
pub(super) const UNDER_WAY: usize = 3;

/// How many cores there are to examine on.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// An entry, opened and examined.
pub(super) struct Entry {
    pub record: Record,
    pub examined: Examined,
    /// The hash the file holds beside it.
    pub stored_hash: Hash,
}

/// A batch on its way to another core, and where what becomes of it goes.
type Work = (Vec<LogRow>, Sender<Vec<Result<Entry, VaultError>>>);

/// Walks these entries in their order, each opened and examined elsewhere, one thread for each examiner.
pub(super) fn walk_examined(
    store: &mut dyn Store,
    (vault, keys): (VaultId, &Epochs),
    entries: Range<u64>,
    examiners: Vec<Examiner<'_>>,
    each: &mut dyn FnMut(&Entry) -> Result<Walk, VaultError>,
) -> Result<(), VaultError> {
    let (work, waiting) = channel();
    let waiting = Mutex::new(waiting);
    let mut line = Line { work, under_way: VecDeque::new(), room: examiners.len() * UNDER_WAY };
    std::thread::scope(|scope| {
        let open = |examiner| {
            let waiting = &waiting;
            scope.spawn(move || {
                open_batches(waiting, vault, keys, examiner);
                // The system keeps the stack of a thread that ended for the next one.
                burn_stack();
            })
        };
        let threads: Vec<_> = examiners.into_iter().map(open).collect();
        let walked = read_and_follow(store, entries, &mut line, each);
        // The threads wait for more until it is gone. One that died was noticed by the batch it left undone.
        drop(line);
        threads.into_iter().for_each(|thread| drop(thread.join()));
        walked
    })
}

fn read_and_follow(
    store: &mut dyn Store,
    entries: Range<u64>,
    line: &mut Line,
    each: &mut dyn FnMut(&Entry) -> Result<Walk, VaultError>,
) -> Result<(), VaultError> {
    let Range { start, end: to } = entries;
    let (mut expected, mut followed) = (start, Ok(Walk::Continue(())));
    let (mut batch, mut bytes) = (Vec::with_capacity(BATCH), 0);
    let read = store.log(start, &mut |row| {
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
