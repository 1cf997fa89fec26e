//! Adding an operator, with keys of their own and grants for what their role may read.

use crate::crypto::kdf::KdfParams;
use crate::model::operator::Permission;
use crate::model::{Action, Change, CompartmentId, Object, OperatorId, Role, text};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::new_password::{NewPassword, check_new_password};

/// Adds an operator.
pub struct EnrolOperator {
    /// Their name.
    pub name: String,
    /// What they are there for.
    pub role: Role,
    /// Their first password.
    pub password: NewPassword,
    /// How it is stretched, where the vault does not ask for more.
    pub params: KdfParams,
    /// The compartments they are granted; none for an auditor, whatever is named here.
    pub compartments: Vec<CompartmentId>,
}

impl Operation for EnrolOperator {
    type Outcome = OperatorId;

    fn action(&self) -> Action {
        Action::OperatorEnrol
    }

    fn needs(&self, _: &View) -> Needs {
        Needs::permission(Permission::ManageOperators)
    }

    fn entry(&self, _: &View) -> Entry {
        // The name is not believed before it was checked, so a refusal does not repeat it.
        Entry::new(Action::OperatorEnrol, Object::Vault)
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<OperatorId, VaultError> {
        let name = text::name("the operator's name", &self.name)?;
        let NewPassword { value, weak_because } = &self.password;
        let said = check_new_password(value, weak_because, &name, &tx.settings().vault_name)?;
        let params = tx.settings().later.at_least(self.params);
        let id = tx.enrol(&name, self.role, value, params, &self.compartments)?;
        tx.note_change(Change::of("role", "", self.role.word()));
        said.into_iter().for_each(|change| tx.note_change(Some(change)));
        tx.set_object(Object::Operator { id, name });
        Ok(id)
    }
}
