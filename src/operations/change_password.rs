//! Changing one's own password: one row is written anew, and nothing else. For a password that somebody else may know,
//! [`password_exposed`](super::password_exposed()) is the one to use.

use crate::crypto::kdf::KdfParams;
use crate::crypto::memory::SecretBuf;
use crate::model::operator::Permission;
use crate::model::{Action, Change, Object};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::new_password::{NewPassword, check_new_password};

/// Changes the acting operator's password.
pub struct ChangePassword {
    /// The password in use.
    pub old: SecretBuf,
    /// The password from now on.
    pub new: NewPassword,
    /// How it is stretched, where the vault does not ask for more.
    pub params: KdfParams,
}

impl Operation for ChangePassword {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::OperatorPassword
    }

    fn needs(&self, _: &View) -> Needs {
        Needs::permission(Permission::OwnAccount)
    }

    fn entry(&self, view: &View) -> Entry {
        Entry::new(Action::OperatorPassword, me(view))
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        let said = check_another(tx.view(), &self.old, &self.new)?;
        // What nobody may ask for is refused, not raised: it was a mistake.
        self.params.check()?;
        let params = tx.settings().later.at_least(self.params);
        tx.replace_password(&self.old, &self.new.value, params)?;
        said.into_iter().for_each(|change| tx.note_change(Some(change)));
        Ok(())
    }
}

/// The acting operator as the log names them.
pub(super) fn me(view: &View) -> Object {
    Object::Operator { id: view.me.id, name: view.me.name.clone() }
}

/// Refuses the old password and one that is easily guessed; tells what the log has to say about the new one.
pub(super) fn check_another(
    view: &View,
    old: &SecretBuf,
    new: &NewPassword,
) -> Result<Vec<Change>, VaultError> {
    if *old == new.value {
        return Err(VaultError::SamePassword);
    }
    check_new_password(&new.value, &new.weak_because, &view.me.name, &view.settings.vault_name)
}
