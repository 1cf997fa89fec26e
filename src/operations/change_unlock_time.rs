//! Changing what an unlock costs: the vault's policy for every operator's password, and the acting operator's own slot at
//! once. The others' slots follow at their next unlock, where they are weaker.

use std::sync::Arc;

use crate::crypto::kdf::KdfParams;
use crate::crypto::memory::SecretBuf;
use crate::model::{Settings, UnlockCost};
use crate::vault::{Vault, VaultError};

use super::change_settings::ChangeSettings;
use super::step_up;

/// Asks for no less than `params` from now on, and wraps the operator's slot with them. The policy is recorded before the
/// slot is: where that fails it is still the old one, which opens as before and is raised at the next unlock.
///
/// # Errors
/// [`VaultError::WrongPassword`], [`VaultError::NotPermitted`], [`VaultError::Settings`] for parameters out of bounds.
pub fn change_unlock_time(
    vault: &mut Vault,
    password: &SecretBuf,
    params: KdfParams,
) -> Result<(), VaultError> {
    params.check()?;
    step_up(vault, password)?;
    let before = Arc::clone(&vault.view().settings);
    let unlock_cost = UnlockCost::of(params);
    if before.later.unlock_cost != unlock_cost {
        let mut after: Settings = (*before).clone();
        after.later.unlock_cost = unlock_cost;
        vault.perform(ChangeSettings::of(&before, after, ""))?;
    }
    vault.rewrap_slot(password, params)
}
