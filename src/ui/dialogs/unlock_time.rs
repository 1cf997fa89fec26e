//! What an unlock costs: measured on this computer, as when the vault was made, and put in force with the password.

use egui::Ui;

use crate::app::{Command, Done, Ticket, UnlockedView};
use crate::crypto::memory::SecretBuf;
use crate::model::UnlockCost;
use crate::ui::frame::{Frame, Intent};
use crate::ui::screens::create::time;
use crate::ui::widgets::{SecretEdit, Tone};

use super::form::{Face, Form, Send};
use super::parts::note;
use super::password::PASSWORD_MAX;

/// The form.
pub(super) struct UnlockTime {
    now: UnlockCost,
    time: time::State,
    password: SecretBuf,
}

impl UnlockTime {
    /// Asks how long an unlock of this vault shall take.
    pub fn new(view: &UnlockedView) -> Self {
        let now = view.view.settings.later.unlock_cost;
        Self { now, time: time::State::default(), password: SecretBuf::with_capacity(PASSWORD_MAX) }
    }
}

impl Form for UnlockTime {
    fn face(&self, _: &Frame<'_>) -> Face {
        let body = "Slower unlock makes guessing slower, for every operator of this vault. Your own password is wrapped anew \
                    at once, the others' at their next unlock.";
        Face::new("Unlock time", "Change unlock time").body(body).width(560.0)
    }

    fn contents(&mut self, ui: &mut Ui, frame: &Frame<'_>, first: bool, intents: &mut Vec<Intent>) {
        self.time.listen(frame);
        time::show(ui, frame, first, &mut self.time, intents);
        let found = self.time.found().map(|found| UnlockCost::of(found.params));
        if found.is_some_and(|found| found.is_weaker_than(self.now)) {
            let words = format!(
                "Guessing becomes cheaper than now ({}). That is a warning in the log.",
                self.now.words()
            );
            note(ui, Tone::Warn, &words);
        }
        SecretEdit::new("Password in use", &mut self.password).show_toggle().show(ui);
    }

    fn blocked(&self, _: &Frame<'_>) -> Option<String> {
        let words = match self.time.block() {
            Some(measuring) => measuring,
            None if self.time.found().is_none() => "Measure this computer first.",
            None if self.password.is_empty() => "Type the password in use.",
            None => return None,
        };
        Some(words.to_owned())
    }

    fn send(&mut self, _: &Frame<'_>, ticket: Ticket) -> Send {
        let password = SecretBuf::from_slice(self.password.as_bytes());
        // `blocked` lets nothing through without a measure; what is in force costs nothing.
        let params = self.time.found().map_or(self.now.params(), |found| found.params);
        Send::Command(Command::ChangeUnlockTime { ticket, password, params })
    }

    fn done(&mut self, _: &Done, _: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        intents.push(Intent::Toast(Tone::Ok, "The unlock time was changed.".to_owned()));
        true
    }
}
