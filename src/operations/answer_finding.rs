//! Answering a finding of the rules of unusual activity: it was expected ("it was me"), or not. The finding stays, with the
//! answer, its note and who gave it. A later answer takes the place of an earlier one; both stay in the log.

use crate::guard::unusual::{Answer, Rule};
use crate::model::operator::Permission;
use crate::model::text::TextError;
use crate::model::{Action, Change, Object, Severity, text};
use crate::vault::{Entry, Needs, Operation, Transaction, VaultError, View};

/// The note in words.
const NOTE: &str = "the note";

/// Answers a finding.
pub struct AnswerFinding {
    /// Which rule fired.
    pub rule: Rule,
    /// The event that made it fire.
    pub seq: u64,
    /// Whether it was as it should be.
    pub expected: bool,
    /// What is known about it: whoever reviews the log reads it. There is no answer without one.
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
        if text::note(NOTE, &self.note)?.is_empty() {
            return Err(TextError::Empty { field: NOTE }.into());
        }
        if self.seq >= tx.view().log_size {
            return Err(VaultError::Workstation(format!("the log has no event {}", self.seq)));
        }
        Ok(())
    }
}
