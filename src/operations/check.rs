//! Looking through the whole vault: the structure of its file, its log, and whether every value opens.

use crate::model::operator::Permission;
use crate::model::{Action, Change, Object};
use crate::store::Walk;
use crate::vault::{Checked, Entry, Vault, VaultError};

use super::common::{Note, permit};
use super::verify_log::{record_damage, verify_unrecorded};

/// Checks everything that can be checked. `progress` is told entries and versions done and in all.
///
/// # Errors
/// What does not hold, after it was recorded as critical; [`VaultError::Cancelled`], which is not recorded.
pub fn check(vault: &mut Vault, progress: &mut dyn FnMut(u64, u64) -> Walk) -> Result<Checked, VaultError> {
    let action = Action::VaultCheck;
    permit(vault, action, Permission::ReadLog)?;
    match check_all(vault, progress) {
        Ok((checked, values)) => {
            let mut entry = Entry::new(action, Object::Vault);
            entry.changes.extend(Change::of("entries", "", checked.entries.to_string()));
            entry.changes.extend(Change::of("values", "", values.to_string()));
            vault.perform(Note { action, permission: Permission::ReadLog, entry })?;
            Ok(checked)
        }
        Err(error) => Err(record_damage(vault, error)),
    }
}

fn check_all(
    vault: &mut Vault,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<(Checked, u64), VaultError> {
    vault.check_structure()?;
    let versions = vault.view().keys.all().iter().map(|k| k.versions.len() as u64).sum::<u64>();
    let checked = verify_unrecorded(vault, &mut |done, all| progress(done, all + versions))?;
    let entries = checked.entries;
    let values = loop {
        let report = &mut |done: u64, all: u64| progress(entries + done, entries + all.max(versions));
        match vault.check_values(report) {
            // What looked like damage may be another program's change that came in between.
            Err(error) if error.is_damage() && vault.refresh()? => {}
            result => break result?,
        }
    };
    let _ = progress(entries + versions, entries + versions);
    Ok((checked, values))
}
