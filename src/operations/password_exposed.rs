//! After a password or a device was exposed: everything the operator held is replaced, so that an older copy of the file
//! and the old password open nothing of the new one.

use crate::crypto::kdf::KdfParams;
use crate::crypto::memory::SecretBuf;
use crate::model::operator::Permission;
use crate::model::{Action, Outcome};
use crate::store::Walk;
use crate::vault::{Entry, Vault, VaultError};

use super::change_password::{check_another, me};
use super::common::{Note, need_reason};
use super::new_password::NewPassword;

/// Replaces the acting operator's password, keys and every scope key they could open. Recorded either way. `step` is told
/// how many values and records are wrapped anew, of how many; a break leaves the vault as it was.
///
/// # Errors
/// [`VaultError::WrongPassword`] for the old password, [`VaultError::WeakPassword`], [`VaultError::WeakWithoutReason`] and
/// the like for the new one,
/// [`VaultError::ReasonNeeded`], [`VaultError::ExposedNeedsAdministrator`], [`VaultError::Cancelled`]; nothing was changed then.
pub fn password_exposed(
    vault: &mut Vault,
    old: &SecretBuf,
    new: &NewPassword,
    params: KdfParams,
    reason: &str,
    step: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<(), VaultError> {
    // Another program may have changed the password.
    vault.refresh()?;
    let checked = need_reason(reason).and_then(|reason| {
        let said = check_another(&vault.view(), old, new)?;
        params.check()?;
        Ok((reason, said))
    });
    let params = vault.view().settings.later.at_least(params);
    let replaced = checked.and_then(|(reason, said)| {
        let entry = Entry { changes: said, ..Entry::new(Action::OperatorExposed, me(&vault.view())) };
        vault.replace_all_keys((old, &new.value), params, entry.because(reason), step)
    });
    match replaced {
        Ok(()) => Ok(()),
        Err(error @ VaultError::NotRecorded { .. }) => Err(error),
        Err(refusal) => Err(record_refusal(vault, refusal)),
    }
}

fn record_refusal(vault: &mut Vault, refusal: VaultError) -> VaultError {
    let action = Action::OperatorExposed;
    let mut entry = Entry::new(action, me(&vault.view())).because(refusal.to_string());
    let cancelled = refusal == VaultError::Cancelled;
    entry.outcome = if cancelled { Outcome::Failed } else { Outcome::Refused };
    match vault.perform(Note { action, permission: Permission::OwnAccount, entry }) {
        Ok(()) => refusal,
        Err(unrecorded) => unrecorded,
    }
}
