//! Writing an export: every file new, every byte on the disk before it is called done, nothing left behind where it is not.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;

use crate::audit::leaf::Record;
use crate::audit::roster::Roster;
use crate::crypto::Hasher;

use super::entry::{ExportedEntry, ExportedRoster, entry_to_json, roster_to_json};
use super::{CHECKPOINT_FILE, LOG_FILE, README_FILE, ROSTER_FILE, SUMMED_FILES, SUMS_FILE, readme};

/// Why an export could not be written. What was written of it is removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The folder holds something already.
    #[error("the folder is not empty; choose a new one")]
    NotEmpty,
    /// An entry cannot be written in words.
    #[error("entry {seq} cannot be exported: it cannot be read")]
    Entry {
        /// Which one.
        seq: u64,
    },
    /// The system refused.
    #[error("{file} could not be written ({cause})")]
    Io {
        /// Which file, or the folder.
        file: &'static str,
        /// What the system said.
        cause: io::ErrorKind,
    },
}

/// An export that is being written. Dropped before [`ExportWriter::finish`] it leaves nothing behind.
pub struct ExportWriter {
    dir: PathBuf,
    made_dir: bool,
    finished: bool,
    files: Vec<PathBuf>,
    sums: Vec<(&'static str, String)>,
    log: Option<Output>,
    entries: u64,
    disclose_details: bool,
}

impl ExportWriter {
    /// Begins an export in `dir`, which must not exist or be empty.
    ///
    /// # Errors
    /// [`WriteError::NotEmpty`], or [`WriteError::Io`].
    pub fn create(dir: &Path, disclose_details: bool) -> Result<Self, WriteError> {
        let failed = |e: io::Error| WriteError::Io { file: "the folder", cause: e.kind() };
        let made_dir = match std::fs::read_dir(dir) {
            Ok(mut found) => match found.next() {
                None => false,
                Some(_) => return Err(WriteError::NotEmpty),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                make_dir(dir).map_err(failed)?;
                true
            }
            Err(error) => return Err(failed(error)),
        };
        let mut writer = Self {
            dir: dir.to_owned(),
            made_dir,
            finished: false,
            files: Vec::new(),
            sums: Vec::new(),
            log: None,
            entries: 0,
            disclose_details,
        };
        writer.log = Some(writer.open(LOG_FILE)?);
        Ok(writer)
    }

    /// Writes the next entry.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn entry(&mut self, record: &Record, roster: &Roster) -> Result<(), WriteError> {
        let unreadable = WriteError::Entry { seq: record.signed.leaf.seq };
        let entry = ExportedEntry::of(record, roster, self.disclose_details).ok_or(unreadable.clone())?;
        let mut line = entry_to_json(&entry).map_err(|_| unreadable)?;
        line.push('\n');
        if let Some(log) = &mut self.log {
            log.write(line.as_bytes())?;
        }
        self.entries += 1;
        Ok(())
    }

    /// Writes the other files and makes all of them durable. Tells how many entries there are and which files.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn finish(mut self, checkpoint: &str, roster: &Roster) -> Result<(u64, Vec<PathBuf>), WriteError> {
        if let Some(log) = self.log.take() {
            self.close(log)?;
        }
        let exported = ExportedRoster::of(roster);
        let json = roster_to_json(&exported)
            .map_err(|_| WriteError::Io { file: ROSTER_FILE, cause: io::ErrorKind::InvalidData })?;
        let readme = readme(&exported);
        for (name, text) in [(CHECKPOINT_FILE, checkpoint), (ROSTER_FILE, &json), (README_FILE, &readme)] {
            let mut file = self.open(name)?;
            file.write(text.as_bytes())?;
            self.close(file)?;
        }
        let sum =
            |name| self.sums.iter().find(|(n, _)| *n == name).map(|(_, sum)| format!("{sum}  {name}\n"));
        let sums: String = SUMMED_FILES.into_iter().filter_map(sum).collect();
        let mut file = self.open(SUMS_FILE)?;
        file.write(sums.as_bytes())?;
        self.close(file)?;
        sync_dir(&self.dir)?;
        self.finished = true;
        Ok((self.entries, std::mem::take(&mut self.files)))
    }

    fn open(&mut self, name: &'static str) -> Result<Output, WriteError> {
        let path = self.dir.join(name);
        let file = new_file(&path).map_err(|e| WriteError::Io { file: name, cause: e.kind() })?;
        self.files.push(path);
        Ok(Output { name, file: BufWriter::new(file), hash: Hasher::new() })
    }

    fn close(&mut self, output: Output) -> Result<(), WriteError> {
        let name = output.name;
        let hash = output.close().map_err(|e| WriteError::Io { file: name, cause: e.kind() })?;
        self.sums.push((name, HEXLOWER.encode(&hash)));
        Ok(())
    }
}

impl Drop for ExportWriter {
    /// Removes what was written, unless [`ExportWriter::finish`] handed it out.
    fn drop(&mut self) {
        self.log = None;
        if self.finished {
            return;
        }
        for path in &self.files {
            let _ = std::fs::remove_file(path);
        }
        if self.made_dir {
            let _ = std::fs::remove_dir(&self.dir);
        }
    }
}

/// One file on its way to the disk, and its hash so far.
struct Output {
    name: &'static str,
    file: BufWriter<File>,
    hash: Hasher,
}

impl Output {
    fn write(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        self.hash.update(bytes);
        self.file.write_all(bytes).map_err(|e| WriteError::Io { file: self.name, cause: e.kind() })
    }

    fn close(self) -> io::Result<crate::crypto::Hash> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(self.hash.finish())
    }
}

/// A new file that only its owner may read: an export names keys, people and reasons.
fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn make_dir(dir: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

#[cfg(unix)]
fn sync_dir(dir: &Path) -> Result<(), WriteError> {
    let synced = File::open(dir).and_then(|d| d.sync_all());
    synced.map_err(|e| WriteError::Io { file: "the folder", cause: e.kind() })
}

#[cfg(not(unix))]
fn sync_dir(_dir: &Path) -> Result<(), WriteError> {
    Ok(())
}
