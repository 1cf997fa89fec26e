//! One vault in one SQLite file. SQLite is given ciphertext only: what it is given stays in the C heap.
//!
//! Settings and their reasons: `journal_mode=DELETE` leaves one file at rest; `synchronous=EXTRA` survives a power cut
//! between commit and unlink of the journal; `secure_delete` overwrites what is deleted (without it, old wrapped keys stay
//! in the file); `temp_store=MEMORY` and no memory map keep content out of other files and out of page-cache views;
//! `trusted_schema=OFF`, `cell_size_check=ON`, defensive mode and no ATTACH treat the file as written by an attacker.

mod open;
mod write;

use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use super::{Batch, CheckpointRow, Head, LogRow, Row, RowRef, Stop, Store, StoreError, Table, Walk};
use crate::crypto::Hash;

/// `application_id` in the SQLite header: "KYRM".
pub const APPLICATION_ID: i32 = 0x4B59_524D;
/// `user_version` in the SQLite header: the file format.
pub const FORMAT: i32 = 1;
/// How long to wait for another program's lock, in milliseconds.
const BUSY_MS: u64 = 5_000;
/// How often one long statement is asked whether to go on.
const LOOK: Duration = Duration::from_millis(10);
/// The largest blob accepted from a file, in bytes: a sealed version of 1 MiB, or the record of an exposure.
const BLOB_MAX: i32 = 224 << 20;

/// A vault's file, open.
pub struct SqliteStore {
    connection: Connection,
    path: PathBuf,
    identity: Option<FileIdentity>,
}

/// What tells one file from another that has taken its name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct FileIdentity {
    device: u64,
    inode: u64,
}

impl SqliteStore {
    /// The file's path as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Stops waiting for the disk at each commit. **For files nobody depends on** (demo data, benches): a power cut, or this
    /// process killed at the wrong moment, leaves such a file damaged. Lasts until the store is dropped.
    ///
    /// # Errors
    /// Any [`StoreError`].
    pub fn relax_durability(&mut self) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch("PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY;")?)
    }

    /// Limits the file to its present size, so that the next commit that needs room fails as on a full disk.
    #[cfg(test)]
    pub fn simulate_full_disk(&mut self, full: bool) -> Result<(), StoreError> {
        let pages: i64 =
            if full { self.connection.query_row("PRAGMA page_count", [], |r| r.get(0))? } else { 1 << 30 };
        self.connection.query_row(&format!("PRAGMA max_page_count={pages}"), [], |_| Ok(()))?;
        Ok(())
    }
}

impl Store for SqliteStore {
    fn begin(&mut self) -> Result<Option<Head>, StoreError> {
        if !self.is_same_file() {
            return Err(StoreError::Damaged("the file was replaced by another while it was open".into()));
        }
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let head = self.head();
        if head.is_err() {
            self.abort();
        }
        head
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let result = write::apply(&self.connection, batch);
        if result.is_err() {
            self.abort();
        }
        result.map_err(|error| no_file_beside(&self.path, error))
    }

    fn abort(&mut self) {
        if !self.connection.is_autocommit() {
            // A failed rollback leaves SQLite to roll back when the connection closes; there is nothing else to do.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }

    fn set_patience(&mut self, patience: Duration) {
        // Where it cannot be set it stays as it was.
        let _ = self.connection.busy_timeout(patience);
    }

    fn begin_read(&mut self) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch("BEGIN")?)
    }

    fn end_read(&mut self) {
        self.abort();
    }

    fn head(&mut self) -> Result<Option<Head>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT seq, leaf_hash FROM log ORDER BY seq DESC LIMIT 1")?;
        let head = statement.query_row([], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, Hash>(1)?))).optional()?;
        head.map(|(seq, last)| Ok(Head { size: unsigned(seq)? + 1, last })).transpose()
    }

    fn row(&mut self, table: Table, id: &[u8]) -> Result<Option<Row>, StoreError> {
        let sql = format!("SELECT id, version, scope, epoch, data FROM {} WHERE id = ?1", table.name());
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([id])?;
        rows.next()?.map(|r| Ok(read_row(table, r)?.to_row())).transpose()
    }

    fn rows(&mut self, table: Table, each: &mut dyn FnMut(RowRef<'_>) -> Walk) -> Result<(), StoreError> {
        let sql = format!("SELECT id, version, scope, epoch, data FROM {} ORDER BY id", table.name());
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(r) = rows.next()? {
            if each(read_row(table, r)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn log(&mut self, from: u64, each: &mut dyn FnMut(LogRow) -> Walk) -> Result<(), StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT seq, epoch, leaf_hash, data FROM log WHERE seq >= ?1 ORDER BY seq")?;
        let mut rows = statement.query([signed(from)?])?;
        while let Some(r) = rows.next()? {
            let row =
                LogRow { seq: unsigned(r.get(0)?)?, epoch: r.get(1)?, leaf_hash: r.get(2)?, data: r.get(3)? };
            if each(row).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn checkpoint(&mut self, size: u64) -> Result<Option<CheckpointRow>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT epoch, data FROM checkpoint WHERE size = ?1")?;
        let row = statement.query_row([signed(size)?], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        Ok(row.map(|(epoch, data)| CheckpointRow { size, epoch, data }))
    }

    fn checkpoint_sizes(&mut self) -> Result<Vec<u64>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT size FROM checkpoint ORDER BY size")?;
        let sizes = statement.query_map([], |r| r.get::<_, i64>(0))?.collect::<Result<Vec<_>, _>>()?;
        sizes.into_iter().map(unsigned).collect()
    }

    fn attempts(&mut self) -> Result<Vec<i64>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT at FROM attempt ORDER BY n")?;
        Ok(statement.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?)
    }

    fn add_attempt(&mut self, at: i64) -> Result<(), StoreError> {
        // Bounded: somebody who leans on the Enter key must not fill the disk.
        self.connection.execute("DELETE FROM attempt WHERE n <= (SELECT max(n) FROM attempt) - 1000", [])?;
        self.connection.execute("INSERT INTO attempt(at) VALUES (?1)", [at])?;
        Ok(())
    }

    fn clear_attempts(&mut self, count: usize) -> Result<(), StoreError> {
        let oldest = "DELETE FROM attempt WHERE n IN (SELECT n FROM attempt ORDER BY n LIMIT ?1)";
        self.connection.execute(oldest, [i64::try_from(count).unwrap_or(i64::MAX)])?;
        Ok(())
    }

    fn is_same_file(&self) -> bool {
        match open::identity(&self.path) {
            Ok(found) => found == self.identity,
            // A share that is away for a moment has put no other file there; what is done next says that it is away.
            Err(error) => error.kind() != std::io::ErrorKind::NotFound,
        }
    }

    fn check_structure(&mut self, stop: Stop<'_>) -> Result<(), StoreError> {
        let verdict: String = interruptible(&mut self.connection, stop, |connection| {
            connection.query_row("PRAGMA quick_check(1)", [], |r| r.get(0))
        })?;
        if verdict == "ok" { Ok(()) } else { Err(StoreError::Damaged(verdict)) }
    }

    fn backup(
        &mut self,
        target: &Path,
        progress: &mut dyn FnMut(u64, u64) -> Walk,
    ) -> Result<(), StoreError> {
        write::backup(&self.connection, target, progress)
    }

    fn compact(&mut self, stop: Stop<'_>) -> Result<(), StoreError> {
        // VACUUM attaches a database of its own; nothing else may.
        use rusqlite::limits::Limit::SQLITE_LIMIT_ATTACHED;
        self.connection.set_limit(SQLITE_LIMIT_ATTACHED, 1)?;
        let vacuum = |connection: &Connection| connection.execute_batch("VACUUM");
        let compacted = interruptible(&mut self.connection, stop, vacuum);
        self.connection.set_limit(SQLITE_LIMIT_ATTACHED, 0)?;
        compacted
    }
}

/// Runs one statement, however long it takes, on a thread of its own, and asks here all along whether to go on.
fn interruptible<T: Send>(
    connection: &mut Connection,
    stop: Stop<'_>,
    statement: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send,
) -> Result<T, StoreError> {
    if stop() {
        return Err(StoreError::Cancelled);
    }
    let handle = connection.get_interrupt_handle();
    let (done, result) = std::sync::mpsc::sync_channel(1);
    let ran = std::thread::scope(|scope| {
        scope.spawn(move || {
            let _ = done.send(statement(connection));
        });
        loop {
            match result.recv_timeout(LOOK) {
                Err(RecvTimeoutError::Timeout) if stop() => handle.interrupt(),
                Err(RecvTimeoutError::Timeout) => {}
                ran => return ran,
            }
        }
    });
    match ran {
        Ok(Err(error)) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::OperationInterrupted) => {
            Err(StoreError::Cancelled)
        }
        Ok(result) => Ok(result?),
        // It ended without a result only if it panicked, and the scope has passed that on.
        Err(_) => Err(StoreError::Cancelled),
    }
}

/// SQLite tells that a file could not be made, and not why: no room, no right. The folder itself does.
fn no_file_beside(path: &Path, error: StoreError) -> StoreError {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match error {
        StoreError::Permission => tempfile::tempfile_in(folder).map_or_else(StoreError::from, |_| error),
        error => error,
    }
}

/// The row where SQLite holds it, without a copy.
fn read_row<'r>(table: Table, r: &'r rusqlite::Row<'_>) -> Result<RowRef<'r>, StoreError> {
    Ok(RowRef {
        table,
        id: blob(r, 0)?,
        version: unsigned(r.get(1)?)?,
        scope: r.get(2)?,
        epoch: r.get(3)?,
        data: blob(r, 4)?,
    })
}

fn blob<'r>(r: &'r rusqlite::Row<'_>, column: usize) -> Result<&'r [u8], StoreError> {
    Ok(r.get_ref(column)?.as_blob().map_err(rusqlite::Error::from)?)
}

fn unsigned(value: i64) -> Result<u64, StoreError> {
    u64::try_from(value).map_err(|_| StoreError::Damaged("a count is negative".into()))
}

fn signed(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Damaged("a count is too large".into()))
}

#[cfg(test)]
mod tests;
