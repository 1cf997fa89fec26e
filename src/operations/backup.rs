//! Backing the vault up: a copy that was opened and found to be the same vault, or none.

use std::path::Path;

use tempfile::TempPath;

use crate::model::operator::Permission;
use crate::model::{Action, Object};
use crate::store::sqlite::SqliteStore;
use crate::store::{Store, StoreError, Walk};
use crate::vault::{Entry, Vault, VaultError};

use super::common::{Note, note_failure, permit, sync_folder, unfinished_name};

/// Copies the vault to `target`, where nothing may stand yet. `progress` is told pages done and in all.
///
/// The copy is made and verified under a name that says it is unfinished, and gets its own once it is in the log.
///
/// # Errors
/// [`VaultError::Store`] when the copy cannot be made, after that was recorded; [`VaultError::Cancelled`];
/// [`VaultError::NotRecorded`]. There is no copy then.
pub fn backup(
    vault: &mut Vault,
    target: &Path,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<(), VaultError> {
    let (action, permission) = (Action::VaultBackup, Permission::ReadLog);
    permit(vault, action, permission)?;
    let unfinished = match unfinished(vault, target, progress) {
        Ok(copy) => copy,
        Err(VaultError::Cancelled) => return Err(VaultError::Cancelled),
        Err(error) => return Err(note_failure(vault, action, permission, error)),
    };
    vault.perform(Note { action, permission, entry: Entry::new(action, Object::Vault) })?;
    let named = unfinished.persist_noclobber(target).map_err(|failed| StoreError::from(failed.error));
    named.map_err(|error| note_failure(vault, action, permission, error.into()))?;
    sync_folder(target);
    Ok(())
}

/// A verified copy beside `target`, which goes again unless it gets its name.
fn unfinished(
    vault: &mut Vault,
    target: &Path,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<TempPath, VaultError> {
    if target.exists() {
        return Err(StoreError::Exists.into());
    }
    let path = unfinished_name(target)?;
    copy(vault, &path, progress)?;
    Ok(TempPath::try_from_path(path).map_err(StoreError::from)?)
}

/// Copies at a moment when no other program adds to the vault.
fn copy(
    vault: &mut Vault,
    target: &Path,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<(), VaultError> {
    let open = |path: &Path| -> Result<Box<dyn Store>, StoreError> { Ok(Box::new(SqliteStore::open(path)?)) };
    vault.refresh()?;
    loop {
        match vault.copy_to(target, &open, progress) {
            // The copy holds an entry of another program that came in between.
            Err(error) if error.is_damage() && vault.refresh()? => {}
            result => return result,
        }
    }
}
