//! Recording that a value that was handed out did not arrive: the clipboard did not take it, or the disk was full. What is
//! known of the key stays (it left the vault, whatever became of it); the log says that nobody has it from this.

use crate::model::operator::Permission;
use crate::model::{Action, KeyId, Outcome, Severity};
use crate::vault::{Vault, VaultError};

use super::common::{Note, key_entry};

/// Notes that the `action` on a version of a key failed with `error` after it was recorded as done; the error to report.
pub fn undelivered(
    vault: &mut Vault,
    action: Action,
    key: KeyId,
    version: u32,
    error: VaultError,
) -> VaultError {
    let mut entry = key_entry(action, &vault.view(), key, Some(version), &error.to_string());
    entry.outcome = Outcome::Failed;
    entry.severity = entry.severity.max(Severity::Warn);
    match vault.perform(Note { action, permission: Permission::ReadSecrets, entry }) {
        Ok(()) => error,
        Err(unrecorded) => unrecorded,
    }
}
