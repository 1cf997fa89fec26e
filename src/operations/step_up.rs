//! Giving the password again, for operations that ask for it.

use crate::crypto::memory::SecretBuf;
use crate::vault::{Vault, VaultError};

/// Checks the acting operator's password; it then counts for as long as the settings say. Recorded either way.
///
/// # Errors
/// [`VaultError::WrongPassword`], or [`VaultError::NotRecorded`].
pub fn step_up(vault: &mut Vault, password: &SecretBuf) -> Result<(), VaultError> {
    // Another program may have changed the password.
    vault.refresh()?;
    vault.step_up(password)
}
