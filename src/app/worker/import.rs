//! Importing in two steps: the rows are read and looked at, and kept here until they are wanted or not.
//!
//! The rows hold secrets. They live with the unlocked vault and die with it at a lock.

use std::path::Path;
use std::sync::Arc;

use crate::crypto::memory::SecretBuf;
use crate::formats::csv_import::{self, Import};
use crate::model::KeyState;
use crate::operations::ImportKeys;
use crate::vault::{VaultError, View};

use super::super::command::{CsvFrom, Done, Preview, PreviewRow, RowDone};
use super::locked::file_name;
use super::{State, Worker};

/// What a paste is called where a file's name would stand.
const PASTED: &str = "what was pasted";

/// Rows that were read and wait to be imported.
pub(super) struct Waiting {
    file: String,
    import: Import,
}

impl Worker {
    /// Reads rows and tells what would come of each. Writes nothing.
    pub(super) fn read_csv(&mut self, from: CsvFrom) -> Result<Done, VaultError> {
        let (file, bytes) = match from {
            CsvFrom::File(path) => (file_name(&path), read_file(&path, csv_import::FILE_MAX)?),
            CsvFrom::Pasted(bytes) => (PASTED.to_owned(), bytes),
        };
        let import = csv_import::parse(&bytes).map_err(|error| VaultError::Workstation(error.to_string()))?;
        drop(bytes);
        let State::Open(open) = &mut self.state else { return Err(VaultError::Cancelled) };
        let preview = preview(&file, &import, &open.vault.view());
        open.waiting = Some(Waiting { file, import });
        Ok(Done::Preview(Arc::new(preview)))
    }

    /// Imports the rows that were read last. Where nothing went in they wait on: a full disk costs nobody a second reading.
    pub(super) fn import(&mut self) -> Result<Done, VaultError> {
        let State::Open(open) = &mut self.state else { return Err(VaultError::Cancelled) };
        let Some(waiting) = open.waiting.take() else { return Err(VaultError::Cancelled) };
        let mut told: Vec<RowDone> = waiting.import.rows.iter().map(unread).collect();
        let rows: Vec<_> = waiting.import.rows.iter().filter_map(|row| row.result.as_ref().ok()).collect();
        if rows.is_empty() {
            return Ok(Done::Imported(Arc::new(told)));
        }
        let done = self.long_work("Importing", |vault, step| {
            let outcomes = vault.perform(ImportKeys::new(rows, &waiting.file).watched(step))?;
            let readable = told.iter_mut().filter(|row| row.key_type.is_some());
            readable.zip(outcomes).for_each(|(row, outcome)| row.result = outcome.result);
            Ok(Done::Imported(Arc::new(told)))
        });
        if let (Err(_), State::Open(open)) = (&done, &mut self.state) {
            open.waiting = Some(waiting);
        }
        done
    }

    /// The rows are not wanted.
    pub(super) fn forget_csv(&mut self) {
        if let State::Open(open) = &mut self.state {
            open.waiting = None;
        }
    }
}

/// A row before anything became of it.
fn unread(row: &csv_import::ImportRow) -> RowDone {
    match &row.result {
        Ok(key) => RowDone {
            line: row.line,
            name: key.name.clone(),
            key_type: Some(key.key_type),
            result: Err(String::new()),
        },
        Err(problem) => {
            RowDone { line: row.line, name: String::new(), key_type: None, result: Err(problem.to_string()) }
        }
    }
}

fn preview(file: &str, import: &Import, view: &View) -> Preview {
    let taken: std::collections::HashSet<&str> = view
        .keys
        .all()
        .iter()
        .filter(|key| key.state != KeyState::Destroyed)
        .map(|key| key.name.as_str())
        .collect();
    let row = |row: &csv_import::ImportRow| match &row.result {
        Ok(key) => PreviewRow {
            line: row.line,
            name: key.name.clone(),
            key_type: Some(key.key_type),
            problem: taken
                .contains(key.name.as_str())
                .then(|| VaultError::NameTaken(key.name.clone()).to_string()),
        },
        Err(problem) => PreviewRow {
            line: row.line,
            name: String::new(),
            key_type: None,
            problem: Some(problem.to_string()),
        },
    };
    Preview {
        file: file.to_owned(),
        rows: import.rows.iter().map(row).collect(),
        ignored: import.ignored_columns.clone(),
        mapped: import.mapped_columns.clone(),
    }
}

/// Reads a file into one allocation that is wiped.
fn read_file(path: &Path, most: usize) -> Result<SecretBuf, VaultError> {
    let failed = |error: std::io::Error| VaultError::Workstation(format!("{}: {error}", path.display()));
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let length = usize::try_from(file.metadata().map_err(failed)?.len()).unwrap_or(usize::MAX);
    if length > most {
        return Err(VaultError::ValueTooLong { len: length, max: most });
    }
    let mut bytes = SecretBuf::with_capacity(length);
    let mut filled = 0;
    while filled < length {
        match std::io::Read::read(&mut file, &mut bytes.room_mut()[filled..]).map_err(failed)? {
            0 => break,
            read => filled += read,
        }
    }
    bytes.set_len(filled);
    Ok(bytes)
}
