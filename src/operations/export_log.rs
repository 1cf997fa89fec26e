//! Exporting the log for somebody who verifies it without the vault. The export itself is the last entry in it.

use std::path::{Path, PathBuf};

use crate::audit::export::ExportWriter;
use crate::model::operator::Permission;
use crate::model::{Action, Change, Object};
use crate::store::Walk;
use crate::vault::{Entry, Vault, VaultError};

use super::common::{Note, note_failure, permit};

/// What was exported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportReport {
    /// How many entries.
    pub entries: u64,
    /// The files that were written.
    pub files: Vec<PathBuf>,
}

/// Exports the whole log into `dir`, which must not exist or be empty. Without `disclose_details` the entries say who did
/// what kind of thing when, and neither to what nor why; the export can be verified all the same.
///
/// # Errors
/// [`VaultError::Export`] when it cannot be written, after that was recorded; what was written is removed.
pub fn export_log(vault: &mut Vault, dir: &Path, disclose_details: bool) -> Result<ExportReport, VaultError> {
    let (action, permission) = (Action::AuditExport, Permission::ReadLog);
    permit(vault, action, permission)?;
    let writer = ExportWriter::create(dir, disclose_details)
        .map_err(|error| note_failure(vault, action, permission, error.into()))?;
    let mut entry = Entry::new(action, Object::Vault);
    let details = if disclose_details { "disclosed" } else { "withheld" };
    entry.changes.extend(Change::of("details", "", details));
    vault.perform(Note { action, permission, entry })?;
    write(vault, writer).map_err(|error| note_failure(vault, action, permission, error))
}

fn write(vault: &mut Vault, mut writer: ExportWriter) -> Result<ExportReport, VaultError> {
    let note = newest_checkpoint(vault)?;
    let roster = vault.roster().clone();
    let mut failed = None;
    vault.export_log(&mut |export| match writer.entry(&export.record, &roster) {
        Ok(()) => Walk::Continue(()),
        Err(error) => {
            failed = Some(error);
            Walk::Break(())
        }
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    let (entries, files) = writer.finish(&note, &roster)?;
    Ok(ExportReport { entries, files })
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
