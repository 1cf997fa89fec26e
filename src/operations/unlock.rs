//! Unlocking a vault that was opened: a session begins, recorded before anything of the vault is shown.

use crate::crypto::memory::SecretBuf;
use crate::vault::{Environment, Unlock, Vault, VaultError, VaultFile};

/// Unlocks with a password; `operator` names whose it is where the file has several.
///
/// # Errors
/// With the file, to be tried again: [`VaultError::WrongPassword`], [`VaultError::Wait`], and whatever verification finds.
pub fn unlock(
    file: VaultFile,
    env: Environment,
    password: &SecretBuf,
    operator: Option<&str>,
) -> Result<Vault, (Box<VaultFile>, VaultError)> {
    file.unlock(env, &Unlock { password, operator, accept_restored: None })
}
