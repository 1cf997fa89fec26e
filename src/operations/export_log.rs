//! Exporting the log for somebody who verifies it without the vault. The export itself is the last entry in it: what is
//! added while it is written is not.

use std::path::{Path, PathBuf};

use crate::audit::export::ExportWriter;
use crate::audit::roster::Roster;
use crate::model::operator::Permission;
use crate::model::{Action, Change, Object};
use crate::store::Walk;
use crate::vault::{Entry, Vault, VaultError};

use super::common::{Note, note_failure, permit};

const ACTION: Action = Action::AuditExport;
const PERMISSION: Permission = Permission::ReadLog;
/// Entries written in one slice: some milliseconds of work.
const SLICE: u64 = 256;

/// What was exported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportReport {
    /// How many entries.
    pub entries: u64,
    /// The files that were written.
    pub files: Vec<PathBuf>,
}

/// An export that is under way. Dropped before its end it removes what was written.
pub struct LogExport {
    writer: Option<ExportWriter>,
    checkpoint: String,
    roster: Roster,
    done: u64,
    size: u64,
}

impl LogExport {
    /// Begins to export the whole log into `dir`, which must not exist or be empty, and records that. Without
    /// `disclose_details` the entries say who did what kind of thing when, and neither to what nor why; the export can be
    /// verified all the same.
    ///
    /// # Errors
    /// [`VaultError::Export`] when the folder cannot be used, after that was recorded; [`VaultError::NotPermitted`].
    pub fn begin(vault: &mut Vault, dir: &Path, disclose_details: bool) -> Result<Self, VaultError> {
        permit(vault, ACTION, PERMISSION)?;
        let writer = ExportWriter::create(dir, disclose_details)
            .map_err(|error| note_failure(vault, ACTION, PERMISSION, error.into()))?;
        let mut entry = Entry::new(ACTION, Object::Vault);
        let details = if disclose_details { "disclosed" } else { "withheld" };
        entry.changes.extend(Change::of("details", "", details));
        vault.perform(Note { action: ACTION, permission: PERMISSION, entry })?;
        let checkpoint =
            newest_checkpoint(vault).map_err(|error| note_failure(vault, ACTION, PERMISSION, error))?;
        let (roster, size) = (vault.roster().clone(), vault.view().log_size);
        Ok(Self { writer: Some(writer), checkpoint, roster, done: 0, size })
    }

    /// Entries written, and in all.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (self.done, self.size)
    }

    /// Writes the next entries. `None` while there is more to do.
    ///
    /// # Errors
    /// [`VaultError::Export`] or [`VaultError::Log`], after that was recorded. It is over then, and what was written is
    /// removed.
    pub fn step(&mut self, vault: &mut Vault) -> Result<Option<ExportReport>, VaultError> {
        let result = self.write(vault);
        result.map_err(|error| {
            self.writer = None;
            note_failure(vault, ACTION, PERMISSION, error)
        })
    }

    /// Gives it up. That it was not finished is recorded, because that it began is.
    pub fn cancel(self, vault: &mut Vault) -> VaultError {
        drop(self.writer);
        note_failure(vault, ACTION, PERMISSION, VaultError::Cancelled)
    }

    fn write(&mut self, vault: &mut Vault) -> Result<Option<ExportReport>, VaultError> {
        let Some(writer) = &mut self.writer else { return Err(VaultError::Cancelled) };
        let (roster, to) = (&self.roster, self.size.min(self.done + SLICE));
        let mut failed = None;
        vault.export_log(self.done, to, &mut |export| match writer.entry(&export.record, roster) {
            Ok(()) => Walk::Continue(()),
            Err(error) => {
                failed = Some(error);
                Walk::Break(())
            }
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        self.done = to;
        if to < self.size {
            return Ok(None);
        }
        let Some(writer) = self.writer.take() else { return Err(VaultError::Cancelled) };
        let (entries, files) = writer.finish(&self.checkpoint, &self.roster)?;
        Ok(Some(ExportReport { entries, files }))
    }
}

/// Exports the whole log without a pause: see [`LogExport`].
///
/// # Errors
/// As [`LogExport::begin`] and [`LogExport::step`].
pub fn export_log(vault: &mut Vault, dir: &Path, disclose_details: bool) -> Result<ExportReport, VaultError> {
    let mut export = LogExport::begin(vault, dir, disclose_details)?;
    loop {
        if let Some(report) = export.step(vault)? {
            return Ok(report);
        }
    }
}

/// The checkpoint over what is known; another program that adds an entry replaces it, so it may take more than one look.
fn newest_checkpoint(vault: &mut Vault) -> Result<String, VaultError> {
    loop {
        match vault.checkpoint_note() {
            Err(_) if vault.refresh()? => {}
            result => return result,
        }
    }
}
