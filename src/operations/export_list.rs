//! Writing what is known about keys for a spreadsheet. No value is in it, but the list leaves the vault as a whole, so it is
//! recorded before the first byte of it is written.

use crate::formats::csv_export;
use crate::model::operator::Permission;
use crate::model::{Action, Change, KeyId, Object, Outcome, Severity, text};
use crate::vault::{Entry, Needs, Operation, Transaction, Vault, VaultError, View};

use super::common::Note;

const ACTION: Action = Action::KeyExportList;
/// Whoever may see what is known about keys may keep it.
const PERMISSION: Permission = Permission::ReadLog;
/// The most keys the entry names in words; it counts every one of them either way.
const NAMED_MAX: usize = 1_000;

/// The list of these keys, in this order, as CSV.
#[derive(Clone, Copy)]
pub struct ExportList<'a> {
    /// Which keys.
    pub keys: &'a [KeyId],
    /// Where it goes, as the log says it: a file's name, or "standard output".
    pub to: &'a str,
}

impl ExportList<'_> {
    fn object(&self) -> Object {
        Object::Keys { count: u32::try_from(self.keys.len()).unwrap_or(u32::MAX) }
    }
}

impl Operation for ExportList<'_> {
    type Outcome = String;

    fn action(&self) -> Action {
        ACTION
    }

    fn needs(&self, _: &View) -> Needs {
        Needs::permission(PERMISSION)
    }

    fn entry(&self, _: &View) -> Entry {
        Entry::new(ACTION, self.object())
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<String, VaultError> {
        tx.note_change(Change::of("file", "", text::name("the file's name", self.to)?));
        let known = &tx.view().keys;
        let found = self
            .keys
            .iter()
            .map(|id| known.get(*id).cloned().ok_or_else(|| VaultError::NoSuchKey(id.to_string())));
        let keys = found.collect::<Result<Vec<_>, _>>()?;
        for key in keys.iter().take(NAMED_MAX) {
            tx.note_change(Change::of("key", "", key.name.as_str()));
        }
        let unnamed = keys.len().saturating_sub(NAMED_MAX);
        if unnamed > 0 {
            tx.note_change(Change::of("key", "", format!("and {unnamed} more")));
        }
        Ok(csv_export::csv(&keys, tx.settings(), tx.now()))
    }
}

/// Writes `list` somewhere: `make` prepares the place, `write` fills it. It is recorded between the two, and where either of
/// them fails, that is recorded too.
///
/// # Errors
/// Those of `make` and `write`; [`VaultError::NotPermitted`] before anything is made; [`VaultError::NotRecorded`], and then
/// `write` was not called.
pub fn export_list<P, T>(
    vault: &mut Vault,
    list: ExportList<'_>,
    make: impl FnOnce() -> Result<P, VaultError>,
    write: impl FnOnce(P, &str) -> Result<T, VaultError>,
) -> Result<T, VaultError> {
    if !vault.view().me.role.may(PERMISSION) {
        // Refused, and recorded as refused, before a file is made in vain.
        vault.perform(list)?;
    }
    let place = make().map_err(|error| note_failure(vault, list.object(), error))?;
    let text = vault.perform(list)?;
    write(place, &text).map_err(|error| note_failure(vault, list.object(), error))
}

/// Records that it was tried and went wrong; where even that fails, that is the error to report.
fn note_failure(vault: &mut Vault, object: Object, error: VaultError) -> VaultError {
    let mut entry = Entry::new(ACTION, object).because(error.to_string());
    (entry.outcome, entry.severity) = (Outcome::Failed, Severity::Warn);
    match vault.perform(Note { action: ACTION, permission: PERMISSION, entry }) {
        Ok(()) => error,
        Err(unrecorded) => unrecorded,
    }
}
