//! Marking a key as compromised: why, since when, noticed when. A rotation after a compromise asks the same of one version.

use std::sync::Arc;

use egui::Ui;

use crate::app::{Command, Done, Ticket};
use crate::model::state::CompromiseReason;
use crate::model::{KeyId, KeyRecord, KeyState, Timestamp};
use crate::operations::{MarkCompromised, Suspected};
use crate::ui::frame::{Frame, Intent};
use crate::ui::widgets::{Select, TextField, Tone};
use crate::ui::words::sentence;

use super::form::{Face, Form, MARKED, Send};
use super::parts::{half, hint};

/// Why something is in the wrong hands, since when, noticed when: as it is being entered.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Happening {
    reason: usize,
    occurred: String,
    noticed: String,
}

impl Happening {
    /// A compromise that was noticed today, unless said otherwise.
    pub fn new(now: Timestamp) -> Self {
        let today = now.local().format("%Y-%m-%d").to_string();
        Self { reason: 1, occurred: today.clone(), noticed: today }
    }

    /// As it was before a lock, see [`Happening::texts`].
    pub fn revived([reason, occurred, noticed]: [&str; 3]) -> Self {
        let reason = CompromiseReason::ALL.iter().position(|r| r.word() == reason).unwrap_or(1);
        Self { reason, occurred: occurred.to_owned(), noticed: noticed.to_owned() }
    }

    /// What must survive a lock.
    pub fn texts(&self) -> [&str; 3] {
        [self.reason().word(), &self.occurred, &self.noticed]
    }

    fn reason(&self) -> CompromiseReason {
        CompromiseReason::ALL.get(self.reason).copied().unwrap_or(CompromiseReason::Unspecified)
    }

    /// What it says; a day that cannot be read is now.
    pub fn suspected(&self, now: Timestamp) -> Suspected {
        Suspected {
            reason: self.reason(),
            occurred: moment(&self.occurred).unwrap_or(now),
            noticed: moment(&self.noticed).unwrap_or(now),
        }
    }

    /// The fields; says whether one is another. `label` is that of the reason.
    pub fn show(&mut self, ui: &mut Ui, label: &str, now: Timestamp) -> bool {
        let reasons: Vec<String> = CompromiseReason::ALL
            .iter()
            .map(|r| sentence(r.words()).trim_end_matches('.').to_owned())
            .collect();
        let shown: Vec<&str> = reasons.iter().map(String::as_str).collect();
        let mut changed = Select::new(label, &shown).show(ui, &mut self.reason).changed();
        let codes = format!(
            "KMIP revocation reason {}, RFC 5280 reason {}.",
            self.reason().kmip(),
            self.reason().crl()
        );
        hint(ui, &codes);
        let half = half(ui);
        ui.horizontal_top(|ui| {
            for (label, text) in [("Happened", &mut self.occurred), ("Noticed", &mut self.noticed)] {
                let wrong = day_problem(text, now);
                let field = TextField::new(label, text).mono().width(half).limit(20);
                changed |= field.help("A day, or a day and a time").error(wrong).show(ui).changed();
            }
        });
        changed
    }

    /// Why it cannot be so, where it cannot.
    pub fn problem(&self, now: Timestamp) -> Option<String> {
        let wrong = day_problem(&self.occurred, now).or_else(|| day_problem(&self.noticed, now));
        if wrong.is_some() {
            return Some(MARKED.to_owned());
        }
        let before = moment(&self.occurred) > moment(&self.noticed);
        before.then(|| "It cannot have been noticed before it happened.".to_owned())
    }
}

/// The form.
pub(super) struct CompromisedForm {
    key: KeyId,
    name: String,
    happening: Happening,
    /// As it was opened, to tell whether something was typed.
    opened: Happening,
    note: String,
}

impl CompromisedForm {
    /// For a key; noticed today unless said otherwise.
    pub fn new(key: &Arc<KeyRecord>, now: Timestamp) -> Self {
        let happening = Happening::new(now);
        let (key, name, opened) = (key.id, key.name.clone(), happening.clone());
        Self { key, name, happening, opened, note: String::new() }
    }
}

/// A day as typed, or a day and a time.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let minute = |time: &str| chrono::NaiveTime::parse_from_str(time, "%H:%M").ok();
    match text.split_once(' ') {
        Some((day, time)) => {
            let ms = i64::from(chrono::Timelike::num_seconds_from_midnight(&minute(time.trim())?)) * 1000;
            Some(Timestamp::parse(day)?.plus_ms(ms))
        }
        None => Timestamp::parse(text),
    }
}

/// What is wrong with a day, where something is.
fn day_problem(text: &str, now: Timestamp) -> Option<&'static str> {
    match moment(text) {
        None => Some("Type a day as 2026-04-11, or with a time as 2026-04-11 02:45."),
        Some(at) if at > now => Some("That is in the future."),
        Some(_) => None,
    }
}

impl Form for CompromisedForm {
    fn face(&self, frame: &Frame<'_>) -> Face {
        let key = frame.unlocked().and_then(|view| view.keys.get(self.key));
        if key.is_some_and(|key| key.state == KeyState::Destroyed) {
            let body = "Its values are gone already, and it stays destroyed. What is known of its compromise is recorded with it, for \
                        everything it protected until then. That cannot be changed afterwards.";
            return Face::new(format!("Mark {} as compromised?", self.name), "Mark as compromised")
                .body(body)
                .destructive("Leave it as it is")
                .width(560.0);
        }
        let body = "Nobody should trust it from now on. It cannot be used or rotated again, only read until it is destroyed: \
                    put a new key in its place. A compromised key cannot be made good again.";
        Face::new(format!("Mark {} as compromised?", self.name), "Mark as compromised")
            .body(body)
            .destructive("Leave it as it is")
            .width(560.0)
    }

    fn contents(&mut self, ui: &mut Ui, frame: &Frame<'_>, _: bool, _: &mut Vec<Intent>) {
        self.happening.show(ui, "Reason", frame.now);
        TextField::new("What happened", &mut self.note).rows(3).show(ui);
    }

    fn blocked(&self, frame: &Frame<'_>) -> Option<String> {
        if let Some(problem) = self.happening.problem(frame.now) {
            return Some(problem);
        }
        self.note.trim().is_empty().then(|| "Say what happened.".to_owned())
    }

    fn send(&mut self, frame: &Frame<'_>, ticket: Ticket) -> Send {
        let Suspected { reason, occurred, noticed } = self.happening.suspected(frame.now);
        let (key, note) = (self.key, self.note.clone());
        Send::Command(Command::act(ticket, MarkCompromised { key, reason, occurred, noticed, note }))
    }

    fn done(&mut self, _: &Done, _: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        intents.push(Intent::Toast(Tone::Warn, format!("{} is marked as compromised.", self.name)));
        true
    }

    fn is_dirty(&self) -> bool {
        !self.note.is_empty() || self.happening != self.opened
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_with_and_without_a_time_and_never_from_the_future() {
        let now = crate::ui::fixture::now();
        assert_eq!(moment("2026-04-16 09:14").unwrap().plus_ms(22_000), now);
        assert!(moment("2026-04-16").unwrap() < now);
        assert_eq!(day_problem("2026-04-17", now), Some("That is in the future."));
        assert!(day_problem("yesterday", now).is_some());
        assert_eq!(day_problem("2026-04-11 02:45", now), None);
    }
}
