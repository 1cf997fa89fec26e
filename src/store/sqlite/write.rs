//! Writing: one batch in one transaction, and the copy of the whole file.

use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, params};

use super::{StoreError, signed};
use crate::store::{Batch, Walk};

/// Applies `batch` inside the open write transaction and commits it.
pub(super) fn apply(connection: &Connection, batch: &Batch) -> Result<(), StoreError> {
    for row in &batch.puts {
        let sql = format!(
            "INSERT OR REPLACE INTO {}(id, version, scope, epoch, data) VALUES (?1, ?2, ?3, ?4, ?5)",
            row.table.name()
        );
        let mut statement = connection.prepare_cached(&sql)?;
        statement.execute(params![row.id, signed(row.version)?, row.scope, row.epoch, row.data])?;
    }
    for (table, id) in &batch.deletes {
        let sql = format!("DELETE FROM {} WHERE id = ?1", table.name());
        connection.prepare_cached(&sql)?.execute([id])?;
    }
    let leaf = &batch.leaf;
    connection
        .prepare_cached("INSERT INTO log(seq, epoch, leaf_hash, data) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![signed(leaf.seq)?, leaf.epoch, leaf.leaf_hash, leaf.data])?;
    if let Some(size) = batch.drop_checkpoint {
        connection.prepare_cached("DELETE FROM checkpoint WHERE size = ?1")?.execute([signed(size)?])?;
    }
    let checkpoint = &batch.checkpoint;
    connection
        .prepare_cached("INSERT INTO checkpoint(size, epoch, data) VALUES (?1, ?2, ?3)")?
        .execute(params![signed(checkpoint.size)?, checkpoint.epoch, checkpoint.data])?;
    Ok(connection.execute_batch("COMMIT")?)
}

/// Copies the database page by page to a new file that only its owner may read.
pub(super) fn backup(
    connection: &Connection,
    target: &Path,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    drop(options.open(target)?);
    let copied =
        copy_pages(connection, target, progress).map_err(|error| super::no_file_beside(target, error));
    if copied.is_err() {
        let _ = std::fs::remove_file(target);
    }
    copied
}

fn copy_pages(
    connection: &Connection,
    target: &Path,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<(), StoreError> {
    /// Pages copied between two reports: 4 MiB of 4 KiB pages.
    const STEP: i32 = 1024;
    let mut copy = Connection::open(target)?;
    copy.execute_batch("PRAGMA synchronous=EXTRA;")?;
    let backup = Backup::new(connection, &mut copy)?;
    loop {
        let step = backup.step(STEP)?;
        let at = backup.progress();
        let count = |pages: i32| u64::try_from(pages).unwrap_or(0);
        if progress(count(at.pagecount - at.remaining), count(at.pagecount)).is_break() {
            return Err(StoreError::Cancelled);
        }
        match step {
            StepResult::Done => break,
            StepResult::More => {}
            _ => std::thread::sleep(std::time::Duration::from_millis(25)),
        }
    }
    drop(backup);
    drop(copy);
    std::fs::File::open(target)?.sync_all()?;
    Ok(())
}
