//! `audit findings`, `audit answer`: what the rules of unusual activity found, and what an operator says about it.

use serde::Serialize;

use super::args::{AuditAnswer, AuditFindings};
use super::failure::Failure;
use super::open;
use super::output::{Answer, table};
use crate::guard::unusual::{self, Finding};
use crate::operations::{self, AnswerFinding};

/// A finding.
#[derive(Serialize)]
struct FindingTold {
    /// What `audit answer` takes.
    id: String,
    rule: &'static str,
    severity: &'static str,
    time: String,
    operator: String,
    why: String,
    /// The entries it rests on, by their `seq`.
    events: Vec<u64>,
    /// Whether somebody must still say something about it.
    open: bool,
    answer: Option<AnswerTold>,
}

/// What was said about it.
#[derive(Serialize)]
struct AnswerTold {
    mine: bool,
    by: String,
    time: String,
    note: String,
}

impl FindingTold {
    fn of(finding: &Finding) -> Option<Self> {
        let (rule, seq) = finding.key()?;
        let answer = finding.answer.as_ref().map(|answer| AnswerTold {
            mine: answer.expected,
            by: answer.by.clone(),
            time: answer.at.iso(),
            note: answer.note.clone(),
        });
        Some(Self {
            id: format!("{}#{seq}", rule.word()),
            rule: rule.word(),
            severity: finding.severity.word(),
            time: finding.time.iso(),
            operator: finding.operator.clone(),
            why: finding.why.clone(),
            events: finding.events.clone(),
            open: finding.is_open(),
            answer,
        })
    }

    fn answer_words(&self) -> String {
        self.answer.as_ref().map_or_else(
            || "no answer".to_owned(),
            |answer| {
                let words = unusual::Answer::words(answer.mine, answer.by == self.operator);
                format!("{}: {words}", answer.by)
            },
        )
    }

    fn table(told: &[Self]) -> String {
        let row = |finding: &Self| {
            let Self { id, time, severity, why, .. } = finding;
            vec![id.clone(), time.clone(), (*severity).to_owned(), finding.answer_words(), why.clone()]
        };
        let rows: Vec<Vec<String>> = told.iter().map(row).collect();
        table(&["FINDING", "TIME", "SEVERITY", "ANSWER", "WHY"], &rows)
    }
}

pub(super) fn findings(args: &AuditFindings, json: bool) -> Result<Answer, Failure> {
    let told = open::with(&args.open_with, |session| {
        let found = operations::findings(session.vault())?;
        let wanted = found.iter().filter(|finding| !args.open || finding.is_open());
        Ok(wanted.filter_map(FindingTold::of).collect::<Vec<_>>())
    })?;
    Answer::of(json, &told, |told| match told.as_slice() {
        [] => "no findings".to_owned(),
        told => FindingTold::table(told),
    })
}

pub(super) fn answer(args: &AuditAnswer, json: bool) -> Result<Answer, Failure> {
    let told = open::with(&args.open, |session| {
        let named = unusual::Answer::about(&args.finding).ok_or_else(|| {
            Failure::usage("name the finding as audit findings lists it, such as off-hours#12")
        })?;
        let find = |found: Vec<Finding>| found.into_iter().find(|finding| finding.key() == Some(named));
        let missing = || Failure::new("no_such_finding", format!("there is no finding {}", args.finding));
        find(operations::findings(session.vault())?).ok_or_else(missing)?;
        let (rule, seq) = named;
        session.perform(AnswerFinding { rule, seq, expected: args.mine, note: args.note.clone() })?;
        let answered = find(operations::findings(session.vault())?).ok_or_else(missing)?;
        FindingTold::of(&answered).ok_or_else(missing)
    })?;
    Answer::of(json, &told, |told| format!("{}, {}", told.id, told.answer_words()))
}
