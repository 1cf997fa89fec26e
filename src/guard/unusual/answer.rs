//! What an operator said about a finding, and how the log says it.

use super::rule::{Finding, Rule};
use crate::model::{Action, Change, Event, Outcome, Timestamp};

/// The answer to a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Whether it was as it should be: "it was me", or somebody else's work that was expected.
    pub expected: bool,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What they wrote about it; empty in logs from before a note was asked for.
    pub note: String,
}

/// The values in the log.
const EXPECTED: &str = "expected";
const NOT_EXPECTED: &str = "not expected";

impl Answer {
    /// How the log names the finding and its answer: the rule's word and the event that made it fire.
    #[must_use]
    pub fn change(rule: Rule, seq: u64, expected: bool) -> Change {
        let after = if expected { EXPECTED } else { NOT_EXPECTED }.to_owned();
        Change { field: format!("{} #{seq}", rule.word()), before: String::new(), after }
    }

    /// The finding that a text names as the log does, with or without the space: `off-hours#12`.
    #[must_use]
    pub fn about(text: &str) -> Option<(Rule, u64)> {
        let (word, seq) = text.rsplit_once('#')?;
        Some((Rule::from_word(word.trim_end())?, seq.parse().ok()?))
    }

    /// In the words of who gave it: "it was me" about oneself, "expected" about somebody else.
    #[must_use]
    pub fn words(expected: bool, about_oneself: bool) -> &'static str {
        match (expected, about_oneself) {
            (true, true) => "it was me",
            (false, true) => "it was not me",
            (true, false) => "expected",
            (false, false) => "not expected",
        }
    }

    /// Takes an answer out of the log, if the event is one, and gives it to the finding it is about.
    pub fn apply(event: &Event, findings: &mut [Finding]) -> bool {
        if (event.action, event.outcome) != (Action::AuditAnswer, Outcome::Done) {
            return false;
        }
        let mut found = false;
        for Change { field, after, .. } in &event.changes {
            let Some(named) = Self::about(field) else { continue };
            if let Some(finding) = findings.iter_mut().find(|finding| finding.key() == Some(named)) {
                let (by, at, note) = (event.operator.clone(), event.time, event.reason.clone());
                finding.answer = Some(Self { expected: after == EXPECTED, by, at, note });
                found = true;
            }
        }
        found
    }
}
