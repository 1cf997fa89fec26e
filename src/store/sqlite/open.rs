//! Opening and creating the file, with its pragmas and the checks that come before anything in it is believed.

use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::{APPLICATION_ID, BLOB_MAX, BUSY_MS, FORMAT, FileIdentity, SqliteStore, StoreError};
use crate::store::Table;

impl SqliteStore {
    /// Opens an existing vault file for reading and writing, or for reading where it cannot be written.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::NotAVault`], [`StoreError::Newer`], [`StoreError::Damaged`] and the like.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let metadata = std::fs::metadata(path)?;
        if !metadata.is_file() || metadata.len() == 0 {
            return Err(StoreError::NotAVault);
        }
        check_file(path, metadata.len())?;
        let writable = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, writable)?;
        let store = Self { connection, path: path.to_owned(), identity: identity(path)? };
        store.check_header()?;
        store.configure()?;
        store.check_schema()?;
        Ok(store)
    }

    /// Makes a new, empty vault file that only its owner may read.
    ///
    /// # Errors
    /// [`StoreError::Exists`] where a file stands there already, [`StoreError::Full`] and the like.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        drop(options.open(path)?);
        let made = Self::fill(path).map_err(|error| super::no_file_beside(path, error));
        if made.is_err() {
            let _ = std::fs::remove_file(path);
        }
        made
    }

    fn fill(path: &Path) -> Result<Self, StoreError> {
        let writable = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, writable)?;
        let store = Self { connection, path: path.to_owned(), identity: identity(path)? };
        store.connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        store.configure()?;
        let mut schema = String::from("BEGIN;");
        for table in Table::ALL {
            schema.push_str(&row_table(table));
        }
        schema.push_str(LOG_TABLES);
        schema.push_str(&format!("PRAGMA user_version={FORMAT};COMMIT;"));
        store.connection.execute_batch(&schema)?;
        Ok(store)
    }

    fn check_header(&self) -> Result<(), StoreError> {
        let pragma = |name| self.connection.pragma_query_value(None, name, |r| r.get::<_, i32>(0));
        if pragma("application_id")? != APPLICATION_ID {
            return Err(StoreError::NotAVault);
        }
        match pragma("user_version")? {
            FORMAT => Ok(()),
            found if found > FORMAT => Err(StoreError::Newer { found, known: FORMAT }),
            _ => Err(StoreError::Damaged("its format number makes no sense".into())),
        }
    }

    fn configure(&self) -> Result<(), StoreError> {
        let c = &self.connection;
        c.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
        c.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        c.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
        c.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        c.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
        c.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
        c.set_limit(Limit::SQLITE_LIMIT_LENGTH, BLOB_MAX)?;
        c.execute_batch(
            "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;
             PRAGMA mmap_size=0; PRAGMA cell_size_check=ON; PRAGMA foreign_keys=OFF; PRAGMA recursive_triggers=OFF;",
        )?;
        Ok(())
    }

    /// The schema must be exactly ours: a file with another column, a trigger or a view was not written by Keyroom.
    fn check_schema(&self) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL")?;
        let mut found = statement.query_map([], |r| r.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        let ours = Table::ALL.map(row_table).concat() + LOG_TABLES;
        let mut ours: Vec<_> =
            ours.split(';').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect();
        found.sort();
        ours.sort();
        if found == ours {
            Ok(())
        } else {
            Err(StoreError::Damaged("its tables are not those of a vault".into()))
        }
    }
}

/// What is looked at before SQLite sees the file, because SQLite would not mind it (its file format, 1.3):
/// a file in write-ahead mode (bytes 18 and 19; 1 is the rollback journal a vault keeps) would be converted, so written, by
/// being opened; and a last page that is not whole would be read as if zeros followed. The page size is bytes 16 and 17.
fn check_file(path: &Path, length: u64) -> Result<(), StoreError> {
    let mut header = [0; 20];
    match std::fs::File::open(path)?.read_exact(&mut header) {
        // Too short to be SQLite's: told as every file that is not.
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
        result => result?,
    }
    if !header.starts_with(b"SQLite format 3\0") {
        return Ok(());
    }
    if header[18..] != [1, 1] {
        return Err(StoreError::Damaged("another program changed how it is written".into()));
    }
    let page = u64::from(u16::from_be_bytes([header[16], header[17]]));
    // A journal beside it puts back what a crash left half written.
    if page > 1 && !length.is_multiple_of(page) && !journal_of(path).exists() {
        return Err(StoreError::Damaged("its end is missing: the file was cut".into()));
    }
    Ok(())
}

/// Where SQLite keeps the journal of a file.
fn journal_of(path: &Path) -> PathBuf {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    journal.into()
}

/// The log, its checkpoints, and the failed unlocks.
const LOG_TABLES: &str = "CREATE TABLE log(seq INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, leaf_hash BLOB NOT NULL, data BLOB NOT NULL) STRICT;\
CREATE TABLE checkpoint(size INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, data BLOB NOT NULL) STRICT;\
CREATE TABLE attempt(n INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;";

/// Rows lie in the order of their random ids, so that their place in the file tells nothing about when they were made.
fn row_table(table: Table) -> String {
    format!(
        "CREATE TABLE {}(id BLOB PRIMARY KEY, version INTEGER NOT NULL, scope BLOB NOT NULL, epoch INTEGER NOT NULL, \
         data BLOB NOT NULL) STRICT, WITHOUT ROWID;",
        table.name()
    )
}

/// Device and inode, where the platform has them; elsewhere nothing, and a replaced file is found by its head.
pub(super) fn identity(path: &Path) -> std::io::Result<Option<FileIdentity>> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        std::fs::metadata(path).map(|m| Some(FileIdentity { device: m.dev(), inode: m.ino() }))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Ok(None)
    }
}
