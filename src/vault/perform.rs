//! The one door: [`Vault::perform`].

use crate::model::operator::Permission;
use crate::model::{Action, Change, Outcome, Severity, text};

use super::error::VaultError;
use super::transaction::{Entry, Transaction};
use super::{Vault, View};

/// Something an operator can do.
pub trait Operation {
    /// What comes of it.
    type Outcome;

    /// What the log calls it.
    fn action(&self) -> Action;

    /// What it takes to be allowed.
    fn needs(&self, view: &View) -> Needs;

    /// What the log says about it. Also used where it is refused, so it must not depend on its success.
    fn entry(&self, view: &View) -> Entry;

    /// Stages the changes. Nothing takes effect, and no outcome is handed out, before the leaf is durable.
    ///
    /// # Errors
    /// Any [`VaultError`]: the refusal is recorded and nothing else happens.
    fn apply(self, tx: &mut Transaction<'_>) -> Result<Self::Outcome, VaultError>;
}

/// What an operation needs besides an unlocked vault.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Needs {
    /// The permission its operator's role must hold.
    pub permission: Permission,
    /// Whether the password must have been given again a short time ago.
    pub password_again: bool,
}

impl Needs {
    /// Only a permission.
    #[must_use]
    pub fn permission(permission: Permission) -> Self {
        Self { permission, password_again: false }
    }

    /// A permission and the password again.
    #[must_use]
    pub fn password_again(permission: Permission) -> Self {
        Self { permission, password_again: true }
    }
}

impl Vault {
    /// Does `operation`: checks, stages, records, commits, and only then hands out what came of it.
    ///
    /// # Errors
    /// Any [`VaultError`]. A refusal was recorded; [`VaultError::NotRecorded`] means that even that was not possible.
    pub fn perform<O: Operation>(&mut self, operation: O) -> Result<O::Outcome, VaultError> {
        let action = operation.action();
        // First the view is what the file holds now: another program may have taken a right away, or asked for more.
        self.begin(action)?;
        let entry = operation.entry(&self.view);
        if let Err(refusal) = self.allow(operation.needs(&self.view)) {
            self.store.abort();
            return Err(self.refuse(action, entry, refusal));
        }
        let mut tx = Transaction::new(self, entry);
        match operation.apply(&mut tx) {
            Ok(outcome) => {
                let done = tx.into_parts();
                self.finish(action, done)?;
                Ok(outcome)
            }
            Err(refusal) => {
                let entry = tx.into_parts().entry;
                self.store.abort();
                Err(self.refuse(action, entry, refusal))
            }
        }
    }

    fn allow(&self, needs: Needs) -> Result<(), VaultError> {
        let role = self.view.me.role;
        if !role.may(needs.permission) {
            return Err(VaultError::not_permitted(role, needs.permission));
        }
        if needs.password_again && !self.is_stepped_up() {
            return Err(VaultError::PasswordNeeded);
        }
        Ok(())
    }

    /// Records a refusal. What could not be recorded is reported instead of the refusal: it matters more.
    fn refuse(&mut self, action: Action, mut entry: Entry, refusal: VaultError) -> VaultError {
        // Nobody refused what was given up on the way.
        entry.outcome = if refusal == VaultError::Cancelled { Outcome::Failed } else { Outcome::Refused };
        entry.severity = entry.severity.max(Severity::Notice);
        // What was wished stays to be reviewed, where it is words a reason may be.
        let given = std::mem::replace(&mut entry.reason, refusal.to_string());
        let given = text::note("the reason", &given).unwrap_or_default();
        entry.changes = Change::of("reason given", "", given).into_iter().collect();
        match self.record(action, entry) {
            Ok(()) => refusal,
            Err(unrecorded) => unrecorded,
        }
    }
}
