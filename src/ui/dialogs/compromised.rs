//! Marking a key as compromised: why, since when, noticed when.

use std::sync::Arc;

use egui::Ui;

use crate::app::{Command, Done, Ticket};
use crate::model::state::CompromiseReason;
use crate::model::{KeyId, KeyRecord, KeyState, Timestamp};
use crate::operations::MarkCompromised;
use crate::ui::frame::{Frame, Intent};
use crate::ui::widgets::{Select, TextField, Tone};
use crate::ui::words::sentence;

use super::fields::{half, hint};
use super::form::{Face, Form, MARKED, Send};

/// The form.
pub(super) struct CompromisedForm {
    key: KeyId,
    name: String,
    reason: usize,
    occurred: String,
    noticed: String,
    note: String,
}

impl CompromisedForm {
    /// For a key; noticed today unless said otherwise.
    pub fn new(key: &Arc<KeyRecord>, now: Timestamp) -> Self {
        let today = now.local().format("%Y-%m-%d").to_string();
        Self {
            key: key.id,
            name: key.name.clone(),
            reason: 1,
            occurred: today.clone(),
            noticed: today,
            note: String::new(),
        }
    }

    fn reason(&self) -> CompromiseReason {
        CompromiseReason::ALL.get(self.reason).copied().unwrap_or(CompromiseReason::Unspecified)
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
        let reasons: Vec<String> = CompromiseReason::ALL
            .iter()
            .map(|r| sentence(r.words()).trim_end_matches('.').to_owned())
            .collect();
        let shown: Vec<&str> = reasons.iter().map(String::as_str).collect();
        Select::new("Reason", &shown).show(ui, &mut self.reason);
        let codes = format!(
            "KMIP revocation reason {}, RFC 5280 reason {}.",
            self.reason().kmip(),
            self.reason().crl()
        );
        hint(ui, &codes);
        let half = half(ui);
        ui.horizontal_top(|ui| {
            for (label, text) in [("Happened", &mut self.occurred), ("Noticed", &mut self.noticed)] {
                let wrong = day_problem(text, frame.now);
                let field = TextField::new(label, text).mono().width(half).limit(20);
                field.help("A day, or a day and a time").error(wrong).show(ui);
            }
        });
        TextField::new("What happened", &mut self.note).rows(3).show(ui);
    }

    fn blocked(&self, frame: &Frame<'_>) -> Option<String> {
        let wrong = day_problem(&self.occurred, frame.now).or_else(|| day_problem(&self.noticed, frame.now));
        if wrong.is_some() {
            return Some(MARKED.to_owned());
        }
        if moment(&self.occurred) > moment(&self.noticed) {
            return Some("It cannot have been noticed before it happened.".to_owned());
        }
        self.note.trim().is_empty().then(|| "Say what happened.".to_owned())
    }

    fn send(&mut self, frame: &Frame<'_>, ticket: Ticket) -> Send {
        let occurred = moment(&self.occurred).unwrap_or(frame.now);
        let noticed = moment(&self.noticed).unwrap_or(frame.now);
        let (key, reason, note) = (self.key, self.reason(), self.note.clone());
        Send::Command(Command::act(ticket, MarkCompromised { key, reason, occurred, noticed, note }))
    }

    fn done(&mut self, _: &Done, _: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        intents.push(Intent::Toast(Tone::Warn, format!("{} is marked as compromised.", self.name)));
        true
    }

    fn is_dirty(&self) -> bool {
        !self.note.is_empty()
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
