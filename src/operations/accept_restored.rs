//! Unlocking a file that is older than what this workstation has seen, or has another history: on purpose, and with a reason
//! that opens the session's part of the log.

use crate::crypto::memory::SecretBuf;
use crate::vault::{Environment, Unlock, Vault, VaultError, VaultFile};

use super::common::need_reason;

/// Unlocks as [`unlock`](super::unlock()) does, and accepts the file as the one to go on with. A file that agrees with what
/// this workstation has seen is unlocked and nothing is accepted.
///
/// # Errors
/// As [`unlock`](super::unlock()), and [`VaultError::ReasonNeeded`] or [`VaultError::Text`] for the reason: the password was
/// not tried then.
pub fn accept_restored(
    file: VaultFile,
    env: Environment,
    password: &SecretBuf,
    operator: Option<&str>,
    reason: &str,
) -> Result<Vault, (Box<VaultFile>, VaultError)> {
    match need_reason(reason) {
        Ok(reason) => file.unlock(env, &Unlock { password, operator, accept_restored: Some(&reason) }),
        Err(error) => Err((Box::new(file), error)),
    }
}
