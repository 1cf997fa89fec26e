//! Backing the vault up: a copy that was opened and found to be the same vault, or none.

use std::path::Path;

use crate::model::operator::Permission;
use crate::model::{Action, Object};
use crate::store::sqlite::SqliteStore;
use crate::store::{Store, StoreError, Walk};
use crate::vault::{Entry, Vault, VaultError};

use super::common::{Note, note_failure, permit};

/// Copies the vault to `target`, where nothing may stand yet. `progress` is told pages done and in all.
///
/// # Errors
/// [`VaultError::Store`] when the copy cannot be made, after that was recorded; [`VaultError::Cancelled`];
/// [`VaultError::NotRecorded`], and then the copy is removed.
pub fn backup(
    vault: &mut Vault,
    target: &Path,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<(), VaultError> {
    let (action, permission) = (Action::VaultBackup, Permission::ReadLog);
    permit(vault, action, permission)?;
    match copy(vault, target, progress) {
        Ok(()) => {}
        Err(VaultError::Cancelled) => return Err(VaultError::Cancelled),
        Err(error) => return Err(note_failure(vault, action, permission, error)),
    }
    let recorded = vault.perform(Note { action, permission, entry: Entry::new(action, Object::Vault) });
    if recorded.is_err() {
        // Nothing leaves the vault unrecorded, sealed or not.
        let _ = std::fs::remove_file(target);
    }
    recorded
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
