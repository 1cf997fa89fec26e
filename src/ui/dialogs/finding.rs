//! The answer to a finding of the rules of unusual activity, with the note it is not recorded without.

use egui::Ui;

use crate::app::{Command, Done, Ticket, UnlockedView};
use crate::guard::unusual::{Answer, Finding, Rule};
use crate::operations::AnswerFinding;
use crate::ui::frame::{Frame, Intent};
use crate::ui::widgets::{TextField, Tone};
use crate::ui::words::sentence;

use super::form::{Face, Form, Send};
use super::parts::note;

/// The form.
pub(super) struct FindingForm {
    rule: Rule,
    seq: u64,
    expected: bool,
    /// It is about the operator who answers.
    mine: bool,
    why: String,
    text: String,
}

impl FindingForm {
    /// For a finding; `None` where it is not there.
    pub fn new((rule, seq): (Rule, u64), expected: bool, view: &UnlockedView) -> Option<Self> {
        let finding: &Finding = view.findings.iter().find(|finding| finding.key() == Some((rule, seq)))?;
        let mine = finding.operator == view.view.me.name;
        Some(Self { rule, seq, expected, mine, why: finding.why.clone(), text: String::new() })
    }
}

impl Form for FindingForm {
    fn face(&self, _: &Frame<'_>) -> Face {
        let title = sentence(Answer::words(self.expected, self.mine));
        Face::new(title.trim_end_matches('.'), "Record the answer").body(self.why.clone())
    }

    fn contents(&mut self, ui: &mut Ui, _: &Frame<'_>, first: bool, _: &mut Vec<Intent>) {
        let help = if self.expected {
            "How you know, for whoever reviews the log."
        } else {
            "What you know about it."
        };
        let field = TextField::new("Note", &mut self.text).help(help).rows(2).limit(2000).show(ui);
        if first {
            field.request_focus();
        }
        if self.expected {
            note(ui, Tone::Info, "The answer is recorded. The finding stays listed.");
        } else {
            note(
                ui,
                Tone::Warn,
                "The answer is recorded as critical. Then lock, and replace what may be known.",
            );
        }
    }

    fn blocked(&self, _: &Frame<'_>) -> Option<String> {
        self.text.trim().is_empty().then(|| "Write a note; it is recorded.".to_owned())
    }

    fn send(&mut self, _: &Frame<'_>, ticket: Ticket) -> Send {
        let Self { rule, seq, expected, .. } = *self;
        Send::Command(Command::act(ticket, AnswerFinding { rule, seq, expected, note: self.text.clone() }))
    }

    fn done(&mut self, _: &Done, _: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        let (tone, words) = if self.expected {
            (Tone::Ok, "Recorded. The finding stays listed.")
        } else {
            (Tone::Warn, "Recorded as critical. What to do next stands beside the finding.")
        };
        intents.push(Intent::Toast(tone, words.to_owned()));
        true
    }
}
