//! Opening a vault's file, up to the question for the password. Unlocking is [`VaultFile::unlock`], which also records it.

use std::path::Path;

use crate::store::sqlite::SqliteStore;
use crate::vault::{VaultError, VaultFile};

/// Opens the file at `path`.
///
/// # Errors
/// [`VaultError::Store`] when it is no vault, cannot be opened or does not hold together; [`VaultError::UnknownSuite`].
pub fn open_vault(path: &Path) -> Result<VaultFile, VaultError> {
    VaultFile::read(Box::new(SqliteStore::open(path)?))
}
