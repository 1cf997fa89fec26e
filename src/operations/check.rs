//! Looking through the whole vault: the structure of its file, its log, and whether every value opens. It goes in slices, so
//! that whoever owns the vault can do other things between two of them.

use std::cell::RefCell;

use crate::model::operator::Permission;
use crate::model::{Action, Change, Object};
use crate::store::{Stop, Walk};
use crate::vault::{Checked, Entry, Values, ValuesCheck, Vault, VaultError, Verification};

use super::common::{Note, permit};
use super::verify_log::{attempt, record_damage};

const ACTION: Action = Action::VaultCheck;
const PERMISSION: Permission = Permission::ReadLog;

/// What a look through the whole vault found to hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WholeCheck {
    /// The log.
    pub log: Checked,
    /// The values.
    pub values: Values,
}

/// A look through the whole vault that is under way. Dropped before its end it leaves nothing behind and nothing recorded.
pub struct VaultCheck(Stage);

enum Stage {
    Structure,
    Log(Box<Verification>),
    Values(Checked, ValuesCheck),
}

impl VaultCheck {
    /// Begins with the file's own structure.
    ///
    /// # Errors
    /// [`VaultError::NotPermitted`], after that was recorded; those of [`Vault::refresh`].
    pub fn begin(vault: &mut Vault) -> Result<Self, VaultError> {
        permit(vault, ACTION, PERMISSION)?;
        vault.refresh()?;
        Ok(Self(Stage::Structure))
    }

    /// Entries and values done, and in all.
    #[must_use]
    pub fn progress(&self, vault: &Vault) -> (u64, u64) {
        let done = match &self.0 {
            Stage::Structure => 0,
            Stage::Log(verification) => verification.done(),
            Stage::Values(checked, values) => checked.entries + values.done(),
        };
        (done, vault.view().log_size + vault.stored_values())
    }

    /// The log, where it is already known to hold.
    #[must_use]
    pub fn log(&self) -> Option<&Checked> {
        match &self.0 {
            Stage::Values(checked, _) => Some(checked),
            _ => None,
        }
    }

    /// Looks at what comes next: some ten milliseconds of work, but for the structure of the file, which is one piece; where
    /// `stop` ends that, it begins anew the next time. `None` while there is more to do.
    ///
    /// # Errors
    /// What does not hold, after it was recorded as critical. It is over then.
    pub fn step(&mut self, vault: &mut Vault, stop: Stop<'_>) -> Result<Option<WholeCheck>, VaultError> {
        let found = match self.look(vault, stop) {
            Ok(found) => found,
            Err(error) => return Err(record_damage(vault, error)),
        };
        if let Some(WholeCheck { log, values }) = &found {
            let mut entry = Entry::new(ACTION, Object::Vault);
            entry.changes.extend(Change::of("entries", "", log.entries.to_string()));
            entry.changes.extend(Change::of("values", "", values.opened.to_string()));
            vault.perform(Note { action: ACTION, permission: PERMISSION, entry })?;
        }
        Ok(found)
    }

    fn look(&mut self, vault: &mut Vault, stop: Stop<'_>) -> Result<Option<WholeCheck>, VaultError> {
        match &mut self.0 {
            Stage::Structure => match vault.check_structure(stop) {
                Err(VaultError::Cancelled) => {}
                result => {
                    result?;
                    self.0 = Stage::Log(Box::new(vault.begin_verification()));
                }
            },
            Stage::Log(verification) => {
                if let Some(checked) = attempt(vault, verification)? {
                    self.0 = Stage::Values(checked, ValuesCheck::default());
                }
            }
            Stage::Values(log, check) => match vault.check_values_slice(check) {
                // What looked like damage may be another program's change that came in between: it goes on from there.
                Err(error) if error.is_damage() => {
                    if !vault.refresh()? {
                        return Err(error);
                    }
                }
                result => return Ok(result?.map(|values| WholeCheck { log: log.clone(), values })),
            },
        }
        Ok(None)
    }
}

/// Looks through everything without a pause. `progress` is told entries and values done and in all.
///
/// # Errors
/// As [`VaultCheck::begin`] and [`VaultCheck::step`]; [`VaultError::Cancelled`], which is not recorded.
pub fn check(
    vault: &mut Vault,
    progress: &mut dyn FnMut(u64, u64) -> Walk,
) -> Result<WholeCheck, VaultError> {
    let mut check = VaultCheck::begin(vault)?;
    loop {
        let (done, all) = check.progress(vault);
        if progress(done, all).is_break() {
            return Err(VaultError::Cancelled);
        }
        let asked = RefCell::new(&mut *progress);
        if let Some(found) = check.step(vault, &|| (asked.borrow_mut())(done, all).is_break())? {
            let (done, all) = check.progress(vault);
            let _ = progress(done.max(all), all);
            return Ok(found);
        }
    }
}
