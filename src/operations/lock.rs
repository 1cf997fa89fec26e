//! Locking: why is recorded, unsaved edits are sealed into the file, and every key is dropped.

use crate::model::LockReason;
use crate::store::Row;
use crate::vault::{Draft, Vault, VaultError};

/// Locks. That happens whether or not it can be recorded; drafts that could not be stored come back sealed, to be offered
/// again at the next unlock.
pub fn lock(vault: Vault, reason: LockReason, drafts: &[Draft]) -> (Result<(), VaultError>, Vec<Row>) {
    vault.lock(&reason.word(), drafts)
}
