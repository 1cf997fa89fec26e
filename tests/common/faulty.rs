//! A store that refuses to commit on demand, as a full disk does; everything else is the real one's.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keyroom::store::sqlite::SqliteStore;
use keyroom::store::{Batch, CheckpointRow, Head, LogRow, Row, RowRef, Store, StoreError, Table, Walk};

/// Whether the disk is full. Copies share it.
#[derive(Clone, Default)]
pub struct Fault(Arc<AtomicBool>);

impl Fault {
    pub fn set(&self, full: bool) {
        self.0.store(full, Ordering::SeqCst);
    }
}

pub struct FaultyStore {
    pub inner: SqliteStore,
    pub fault: Fault,
}

impl Store for FaultyStore {
    fn begin(&mut self) -> Result<Option<Head>, StoreError> {
        self.inner.begin()
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        if self.fault.0.load(Ordering::SeqCst) {
            self.inner.abort();
            return Err(StoreError::Full);
        }
        self.inner.commit(batch)
    }

    fn abort(&mut self) {
        self.inner.abort();
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
        self.inner.row(table, id)
    }

    fn rows(&mut self, table: Table, each: &mut dyn FnMut(RowRef<'_>) -> Walk) -> Result<(), StoreError> {
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

    fn clear_attempts(&mut self) -> Result<(), StoreError> {
        self.inner.clear_attempts()
    }

    fn is_same_file(&self) -> bool {
        self.inner.is_same_file()
    }

    fn check_structure(&mut self) -> Result<(), StoreError> {
        self.inner.check_structure()
    }

    fn backup(
        &mut self,
        target: &Path,
        progress: &mut dyn FnMut(u64, u64) -> Walk,
    ) -> Result<(), StoreError> {
        self.inner.backup(target, progress)
    }

    fn compact(&mut self) -> Result<(), StoreError> {
        self.inner.compact()
    }
}
