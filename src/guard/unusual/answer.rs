//! What an operator said about a finding, and how the log says it.

use super::rule::{Finding, Rule};
use crate::model::{Action, Change, Event, Outcome, Timestamp};

/// The answer to a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Whether the operator said that it was them.
    pub was_me: bool,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The value that says "it was me", and the other one.
const ME: &str = "me";
const NOT_ME: &str = "not me";

impl Answer {
    /// How the log names the finding and its answer: the rule's word and the event that made it fire.
    #[must_use]
    pub fn change(rule: Rule, seq: u64, was_me: bool) -> Change {
        let after = if was_me { ME } else { NOT_ME }.to_owned();
        Change { field: format!("{} #{seq}", rule.word()), before: String::new(), after }
    }

    /// Takes an answer out of the log, if the event is one, and gives it to the finding it is about.
    pub fn apply(event: &Event, findings: &mut [Finding]) -> bool {
        if (event.action, event.outcome) != (Action::AuditAnswer, Outcome::Done) {
            return false;
        }
        let mut found = false;
        for Change { field, after, .. } in &event.changes {
            let Some((word, seq)) = field.rsplit_once(" #") else { continue };
            let (rule, seq) = (Rule::from_word(word), seq.parse::<u64>().ok());
            let about = findings.iter_mut().find(|f| Some(f.rule) == rule && f.events.last().copied() == seq);
            if let Some(finding) = about {
                let (by, at) = (event.operator.clone(), event.time);
                finding.answer = Some(Self { was_me: after == ME, by, at });
                found = true;
            }
        }
        found
    }
}
