//! Answering a finding of the rules of unusual activity: it was expected ("it was me"), or not. The finding stays, with the
//! answer and who gave it.

use crate::guard::unusual::{Answer, Rule};
use crate::model::operator::Permission;
use crate::model::{Action, Change, Object, Severity};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

use super::common::optional_reason;

/// Answers a finding.
pub struct AnswerFinding {
    /// Which rule fired.
    pub rule: Rule,
    /// The event that made it fire.
    pub seq: u64,
    /// Whether it was as it should be.
    pub expected: bool,
    /// A note; may be empty.
    pub note: String,
}

impl Operation for AnswerFinding {
    type Outcome = ();

    fn action(&self) -> Action {
        Action::AuditAnswer
    }

    fn needs(&self, _: &View) -> Needs {
        Needs::permission(Permission::OwnAccount)
    }

    fn entry(&self, _: &View) -> Entry {
        let mut entry = Entry::new(Action::AuditAnswer, Object::Vault).because(self.note.trim());
        if !self.expected {
            entry.severity = Severity::Critical;
        }
        let answer = Answer::change(self.rule, self.seq, self.expected);
        entry.changes.extend(Change::of(&answer.field, answer.before, answer.after));
        entry
    }

    fn apply(self, tx: &mut Transaction<'_>) -> Result<(), VaultError> {
        optional_reason(&self.note)?;
        if self.seq >= tx.view().log_size {
            return Err(VaultError::Workstation(format!("the log has no event {}", self.seq)));
        }
        Ok(())
    }
}
