//! Making a vault file with its first administrator. Either a whole vault stands at its place afterwards, or nothing.

use std::path::Path;

use crate::store::sqlite::SqliteStore;
use crate::vault::{Environment, NewVault, Vault, VaultError};

use super::new_password::check_new_password;

/// Makes a vault at `path`; it is unlocked, in its first session. `weak_because` is why its password is used although it is
/// weak, as in [`NewPassword`](super::NewPassword).
///
/// # Errors
/// [`VaultError::WeakPassword`] and [`VaultError::WeakWithoutReason`] with what to do about it, [`VaultError::Store`] where a file stands there already or none
/// can be made, [`VaultError::Text`] for names that cannot be used.
pub fn create_vault(
    path: &Path,
    env: Environment,
    new: &NewVault<'_>,
    weak_because: &str,
) -> Result<Vault, VaultError> {
    let said = check_new_password(new.password, weak_because, new.operator, new.name)?;
    new.params.check()?;
    let store = SqliteStore::create(path)?;
    let made = Vault::create(Box::new(store), env, new, said);
    if made.is_err() {
        // What was just made holds nothing yet; if it cannot be removed either, the next try says that it is in the way.
        let _ = std::fs::remove_file(path);
    }
    made
}
