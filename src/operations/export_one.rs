//! Letting one value out of the vault for good: into a file, or to a program. Always with the password and a reason.

use crate::model::operator::Permission;
use crate::model::{Action, KeyId};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::{need_reason, read_value, reading_entry};
use super::reveal::Revealed;

/// Hands out the value of a version to be kept elsewhere.
pub struct ExportOne {
    /// Which key.
    pub key: KeyId,
    /// Which version; the one in use where none is named.
    pub version: Option<u32>,
    /// Why.
    pub reason: String,
}

impl Operation for ExportOne {
    type Outcome = Revealed;

    fn action(&self) -> Action {
        Action::SecretExport
    }

    fn needs(&self, _: &View) -> Needs {
        Needs::password_again(Permission::ReadSecrets)
    }

    fn entry(&self, view: &View) -> Entry {
        reading_entry(Action::SecretExport, view, self.key, self.version, &self.reason)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<Revealed, VaultError> {
        need_reason(&self.reason)?;
        read_value(tx, self.key, self.version, "exported", |key| key.ever_exported = true)
    }
}
