//! Verifying the whole log, and recording what came of it.

use crate::model::operator::Permission;
use crate::model::{Action, Change, Object, Outcome};
use crate::store::Walk;
use crate::vault::{Checked, Entry, Vault, VaultError};

use super::common::{Note, permit};

/// How often a log is read again that another program added to while it was read.
const TRIES: u32 = 5;

/// Verifies the log from its first entry on. `progress` is told entries done and in all; a verification that is cancelled
/// is not recorded.
///
/// # Errors
/// What does not hold, after it was recorded as critical; [`VaultError::Cancelled`].
pub fn verify_log(
    vault: &mut Vault,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<Checked, VaultError> {
    permit(vault, Action::AuditVerify, Permission::ReadLog)?;
    match verify_at_rest(vault, progress) {
        Ok(checked) => {
            let mut entry = Entry::new(Action::AuditVerify, Object::Vault);
            entry.changes.extend(Change::of("entries", "", checked.entries.to_string()));
            vault.perform(Note { action: Action::AuditVerify, permission: Permission::ReadLog, entry })?;
            Ok(checked)
        }
        Err(error) => Err(record_damage(vault, error)),
    }
}

/// Verifies the log at a moment when no other program added to it.
pub(super) fn verify_at_rest(
    vault: &mut Vault,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<Checked, VaultError> {
    vault.refresh()?;
    if progress(0, vault.view().log_size).is_break() {
        return Err(VaultError::Cancelled);
    }
    let mut tries = TRIES;
    loop {
        match vault.verify_log(progress) {
            // What looked like damage may be another program's entry that came in between.
            Err(error) if error.is_damage() && tries > 0 && vault.refresh()? => tries -= 1,
            result => return result,
        }
    }
}

/// Records damage that was found, in the log that still takes entries: those before stay what they are. The damage is
/// reported even where it cannot be recorded, because it matters more.
pub(super) fn record_damage(vault: &mut Vault, error: VaultError) -> VaultError {
    if error.is_damage() {
        let action = Action::AuditDamage;
        let mut entry = Entry::new(action, Object::Vault).because(error.to_string());
        entry.outcome = Outcome::Failed;
        let _ = vault.perform(Note { action, permission: Permission::ReadLog, entry });
    }
    error
}
