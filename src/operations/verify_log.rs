//! Verifying the whole log, and recording what came of it. It goes in slices, so that whoever owns the vault can do other
//! things between two of them.

use crate::model::operator::Permission;
use crate::model::{Action, Change, Object, Outcome};
use crate::store::Walk;
use crate::vault::{Checked, Entry, Vault, VaultError, Verification};

use super::common::{Note, permit};

const ACTION: Action = Action::AuditVerify;
const PERMISSION: Permission = Permission::ReadLog;

/// A verification of the log that is under way. Dropped before its end it leaves nothing behind and nothing recorded.
pub struct LogVerification {
    verification: Verification,
    asked: bool,
}

impl LogVerification {
    /// Begins at the first entry. What an operator `asked` for is recorded when it is done; damage is recorded always.
    ///
    /// # Errors
    /// [`VaultError::NotPermitted`] where it was asked for and may not be, after that was recorded; those of
    /// [`Vault::refresh`].
    pub fn begin(vault: &mut Vault, asked: bool) -> Result<Self, VaultError> {
        if asked {
            permit(vault, ACTION, PERMISSION)?;
        }
        vault.refresh()?;
        Ok(Self { verification: vault.begin_verification(), asked })
    }

    /// An operator wants to know what comes of it, so it will be recorded.
    ///
    /// # Errors
    /// As [`LogVerification::begin`]; it goes on all the same.
    pub fn ask(&mut self, vault: &mut Vault) -> Result<(), VaultError> {
        permit(vault, ACTION, PERMISSION)?;
        self.asked = true;
        Ok(())
    }

    /// Entries done, and in all.
    #[must_use]
    pub fn progress(&self, vault: &Vault) -> (u64, u64) {
        (self.verification.done(), vault.view().log_size)
    }

    /// Verifies the next entries: some ten milliseconds of work. `None` while there is more to do.
    ///
    /// # Errors
    /// What does not hold, after it was recorded as critical. It is over then.
    pub fn step(&mut self, vault: &mut Vault) -> Result<Option<Checked>, VaultError> {
        let checked = match attempt(vault, &mut self.verification) {
            Ok(checked) => checked,
            Err(error) => return Err(record_damage(vault, error)),
        };
        if let Some(checked) = checked.as_ref().filter(|_| self.asked) {
            let mut entry = Entry::new(ACTION, Object::Vault);
            entry.changes.extend(Change::of("entries", "", checked.entries.to_string()));
            vault.perform(Note { action: ACTION, permission: PERMISSION, entry })?;
        }
        Ok(checked)
    }
}

/// Verifies the log from its first entry on without a pause. `progress` is told entries done and in all; a verification
/// that is cancelled is not recorded.
///
/// # Errors
/// As [`LogVerification::step`]; [`VaultError::Cancelled`].
pub fn verify_log(
    vault: &mut Vault,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<Checked, VaultError> {
    let mut verification = LogVerification::begin(vault, true)?;
    loop {
        let (done, all) = verification.progress(vault);
        if progress(done, all).is_break() {
            return Err(VaultError::Cancelled);
        }
        if let Some(checked) = verification.step(vault)? {
            let _ = progress(checked.entries, checked.entries);
            return Ok(checked);
        }
    }
}

/// One slice. What looks like damage may be another program's entry that came in between: then it goes on from there.
pub(super) fn attempt(
    vault: &mut Vault,
    verification: &mut Verification,
) -> Result<Option<Checked>, VaultError> {
    match vault.verify_slice(verification) {
        Err(error) if error.is_damage() => {
            if vault.refresh()? {
                Ok(None)
            } else {
                Err(error)
            }
        }
        result => result,
    }
}

/// Records damage that was found, in the log that still takes entries: those before stay what they are. The damage is
/// reported even where it cannot be recorded, because it matters more.
pub(super) fn record_damage(vault: &mut Vault, error: VaultError) -> VaultError {
    if error.is_damage() {
        let action = Action::AuditDamage;
        let mut entry = Entry::new(action, Object::Vault).because(error.to_string());
        entry.outcome = Outcome::Failed;
        let _ = vault.perform(Note { action, permission: PERMISSION, entry });
    }
    error
}
