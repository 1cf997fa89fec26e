//! A store that refuses on demand: to commit, as a full disk does, or even to begin, as a file does that another program
//! holds; or to read a row. Everything else is the real one's.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use keyroom::store::sqlite::SqliteStore;
use keyroom::store::{Batch, CheckpointRow, Head, LogRow, Row, RowRef, Stop, Store, StoreError, Table, Walk};

/// What is wrong, if anything is. Copies share it.
#[derive(Clone, Default)]
pub struct Fault(Arc<AtomicU8>);

/// What can be wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Wrong {
    /// The disk is full: whatever was begun cannot be committed.
    Full = 1,
    /// Another program holds the file: nothing can be begun.
    Held = 2,
    /// The disk is away: rows cannot be read.
    Away = 3,
}

impl Wrong {
    /// Those that refuse to record.
    pub const ALL: [Self; 2] = [Self::Full, Self::Held];

    /// How the store tells of it.
    pub fn error(self) -> StoreError {
        match self {
            Self::Full => StoreError::Full,
            Self::Held => StoreError::Busy,
            Self::Away => StoreError::Io("the disk is away".to_owned()),
        }
    }
}

impl Fault {
    pub fn set(&self, wrong: Option<Wrong>) {
        self.0.store(wrong.map_or(0, |wrong| wrong as u8), Ordering::SeqCst);
    }

    fn is(&self, wrong: Wrong) -> bool {
        self.0.load(Ordering::SeqCst) == wrong as u8
    }
}

pub struct FaultyStore {
    pub inner: SqliteStore,
    pub fault: Fault,
}

impl Store for FaultyStore {
    fn begin(&mut self) -> Result<Option<Head>, StoreError> {
        if self.fault.is(Wrong::Held) {
            return Err(StoreError::Busy);
        }
        self.inner.begin()
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        if self.fault.is(Wrong::Full) {
            self.inner.abort();
            return Err(StoreError::Full);
        }
        self.inner.commit(batch)
    }

    fn abort(&mut self) {
        self.inner.abort();
    }

    fn set_patience(&mut self, patience: std::time::Duration) {
        self.inner.set_patience(patience);
    }

    fn begin_read(&mut self) -> Result<(), StoreError> {
        self.inner.begin_read()
    }

    fn end_read(&mut self) {
        self.inner.end_read();
    }

    fn head(&mut self) -> Result<Option<Head>, StoreError> {
        self.inner.head()
    }

    fn row(&mut self, table: Table, id: &[u8]) -> Result<Option<Row>, StoreError> {
        if self.fault.is(Wrong::Away) {
            return Err(Wrong::Away.error());
        }
        self.inner.row(table, id)
    }

    fn rows(&mut self, table: Table, each: &mut dyn FnMut(RowRef<'_>) -> Walk) -> Result<(), StoreError> {
        if self.fault.is(Wrong::Away) {
            return Err(Wrong::Away.error());
        }
        self.inner.rows(table, each)
    }

    fn log(&mut self, from: u64, each: &mut dyn FnMut(LogRow) -> Walk) -> Result<(), StoreError> {
        self.inner.log(from, each)
    }

    fn checkpoint(&mut self, size: u64) -> Result<Option<CheckpointRow>, StoreError> {
        self.inner.checkpoint(size)
    }

    fn checkpoint_sizes(&mut self) -> Result<Vec<u64>, StoreError> {
        self.inner.checkpoint_sizes()
    }

    fn attempts(&mut self) -> Result<Vec<i64>, StoreError> {
        self.inner.attempts()
    }

    fn add_attempt(&mut self, at: i64) -> Result<(), StoreError> {
        self.inner.add_attempt(at)
    }

    fn clear_attempts(&mut self, count: usize) -> Result<(), StoreError> {
        self.inner.clear_attempts(count)
    }

    fn is_same_file(&self) -> bool {
        self.inner.is_same_file()
    }

    fn check_structure(&mut self, stop: Stop<'_>) -> Result<(), StoreError> {
        self.inner.check_structure(stop)
    }

    fn backup(
        &mut self,
        target: &Path,
        progress: &mut dyn FnMut(u64, u64) -> Walk,
    ) -> Result<(), StoreError> {
        self.inner.backup(target, progress)
    }

    fn compact(&mut self, stop: Stop<'_>) -> Result<(), StoreError> {
        self.inner.compact(stop)
    }
}
