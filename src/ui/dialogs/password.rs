//! A new password for the operator: because they want one, or because the old one may be known.

use egui::Ui;

use crate::app::{Command, Done, Ticket, UnlockedView};
use crate::crypto::memory::SecretBuf;
use crate::formats::strength::{Band, Strength};
use crate::operations::{NewPassword, password_strength};
use crate::ui::frame::{Frame, Intent};
use crate::ui::widgets::{SecretEdit, TextField, Tone, strength_meter};

use super::form::{Face, Form, Send};
use super::generate::meter;
use super::parts::note;

/// Room for a password.
pub(super) const PASSWORD_MAX: usize = 1024;

/// The form.
pub(super) struct PasswordForm {
    exposed: bool,
    known: [String; 2],
    old: SecretBuf,
    new: SecretBuf,
    again: SecretBuf,
    reason: String,
    /// Why the new one is used although it is weak.
    weak_because: String,
    found: Strength,
}

impl PasswordForm {
    fn of(view: &UnlockedView, exposed: bool) -> Self {
        let empty = || SecretBuf::with_capacity(PASSWORD_MAX);
        let known = [view.view.me.name.clone(), view.view.settings.vault_name.clone()];
        let (old, new, again) = (empty(), empty(), empty());
        let found = password_strength(&new, &known[0], &known[1]);
        let (reason, weak_because) = (String::new(), String::new());
        Self { exposed, known, old, new, again, reason, weak_because, found }
    }

    /// Another password, nothing else.
    pub fn change(view: &UnlockedView) -> Self {
        Self::of(view, false)
    }

    /// The old password may be known to somebody.
    pub fn exposed(view: &UnlockedView) -> Self {
        Self::of(view, true)
    }
}

impl Form for PasswordForm {
    fn face(&self, _: &Frame<'_>) -> Face {
        if self.exposed {
            let body = "Everything you held is replaced: your password, your keys, and the key of every compartment you could \
                        open. An older copy of the file still opens with the old password, and shows what was in it then: \
                        rotate what was in it.";
            return Face::new("My password was exposed", "Replace everything").body(body).width(560.0);
        }
        let body = "From now on the vault opens with the new password. Older copies and backups keep the old one. If somebody \
                    may know the old one, choose Password exposed instead.";
        Face::new("Change password", "Change password").body(body).width(560.0)
    }

    fn contents(&mut self, ui: &mut Ui, _: &Frame<'_>, first: bool, _: &mut Vec<Intent>) {
        let old = SecretEdit::new("Password in use", &mut self.old).show(ui);
        if first {
            old.response.request_focus();
        }
        if SecretEdit::new("New password", &mut self.new).show_toggle().show(ui).changed {
            self.found = password_strength(&self.new, &self.known[0], &self.known[1]);
        }
        if !self.new.is_empty() {
            let Strength { bits, band, advice } = self.found;
            let width = ui.available_width().min(440.0);
            // Too short is weak, however many bits it has.
            let steps = if band > Band::Weak { meter(bits) } else { meter(bits).min(2) };
            strength_meter(ui, width, steps, band.word(), bits.floor() as u32, advice);
            if band == Band::Weak {
                let help = "It is recorded in the log, with how weak the password is.";
                TextField::new("Use it anyway because", &mut self.weak_because).help(help).show(ui);
            }
        }
        let differs = !self.again.is_empty() && self.again != self.new;
        let wrong = differs.then_some("It is not the same as the new password.");
        SecretEdit::new("New password again", &mut self.again).error(wrong).show(ui);
        if self.exposed {
            TextField::new("What happened", &mut self.reason).rows(2).show(ui);
            let words = "This is recorded as critical. Other operators see it.";
            note(ui, Tone::Warn, words);
        } else {
            note(ui, Tone::Warn, "Nobody can recover a forgotten password. There is no reset.");
        }
    }

    fn blocked(&self, _: &Frame<'_>) -> Option<String> {
        let words = if self.old.is_empty() {
            "Type the password in use."
        } else if self.new.is_empty() {
            "Type the new password."
        } else if self.found.band == Band::Poor {
            "The new password is too weak."
        } else if self.found.band == Band::Weak && self.weak_because.trim().is_empty() {
            "The new password is weak. Choose a stronger one, or say why you use it anyway."
        } else if self.new == self.old {
            "The new password is the one in use."
        } else if self.again != self.new {
            "Repeat the new password."
        } else if self.exposed && self.reason.trim().is_empty() {
            "Say what happened."
        } else {
            return None;
        };
        Some(words.to_owned())
    }

    fn send(&mut self, _: &Frame<'_>, ticket: Ticket) -> Send {
        let copy = |buf: &SecretBuf| SecretBuf::from_slice(buf.as_bytes());
        let old = copy(&self.old);
        let new = NewPassword { value: copy(&self.new), weak_because: self.weak_because.clone() };
        Send::Command(if self.exposed {
            Command::PasswordExposed { ticket, old, new, reason: self.reason.clone() }
        } else {
            Command::ChangePassword { ticket, old, new }
        })
    }

    fn done(&mut self, _: &Done, _: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        let words = if self.exposed {
            "Everything was replaced. Rotate the keys that older copies of the file hold."
        } else {
            "The password was changed."
        };
        intents.push(Intent::Toast(Tone::Ok, words.to_owned()));
        true
    }
}
