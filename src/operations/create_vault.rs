//! Making a vault file with its first administrator. Either a whole vault stands at its place afterwards, or nothing, even where
//! the program is stopped in the middle: until it is whole it has a name that says it is unfinished.

use std::path::Path;

use tempfile::TempPath;

use crate::store::sqlite::SqliteStore;
use crate::store::{Store, StoreError};
use crate::vault::{Environment, NewVault, Vault, VaultError};

use super::common::{sync_folder, unfinished_name};
use super::new_password::check_new_password;

/// Makes a vault at `path`; it is unlocked, in its first session. `weak_because` is why its password is used although it is
/// weak, as in [`NewPassword`](super::NewPassword).
///
/// # Errors
/// [`VaultError::WeakPassword`] and [`VaultError::WeakWithoutReason`] with what to do about it, [`VaultError::Store`] where a file stands there already or none
/// can be made, [`VaultError::Text`] for names that cannot be used. There is no file then.
pub fn create_vault(
    path: &Path,
    env: Environment,
    new: &NewVault<'_>,
    weak_because: &str,
) -> Result<Vault, VaultError> {
    let said = check_new_password(new.password, weak_because, new.operator, new.name)?;
    new.params.check()?;
    if path.symlink_metadata().is_ok() {
        return Err(StoreError::Exists.into());
    }
    let part = unfinished_name(path)?;
    let mut unfinished = None;
    let make = || -> Result<Box<dyn Store>, StoreError> {
        let store = SqliteStore::create(&part)?;
        // From here on it goes again unless it gets its name.
        unfinished = Some(TempPath::try_from_path(&part)?);
        Ok(Box::new(store))
    };
    let vault = Vault::create_in(make, env, new, said)?;
    vault.moved(|| {
        if let Some(unfinished) = unfinished {
            unfinished.persist_noclobber(path).map_err(|failed| StoreError::from(failed.error))?;
        }
        sync_folder(path);
        let store = SqliteStore::open(path);
        if store.is_err() {
            // What was just made and does not open is nobody's vault.
            let _ = std::fs::remove_file(path);
        }
        Ok(Box::new(store?))
    })
}
