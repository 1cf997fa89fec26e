//! Saving settings: what becomes weaker is confirmed with a reason, and the password is asked again where it no longer
//! counts. One place for Session, Rotation and Settings. What waits for a reason or a password follows the settings in force, so that
//! what somebody else changes meanwhile is shown, and not undone.

use super::paint::{Words, glyph};
use super::t;
use crate::app::{Command, Reply, Ticket};
use crate::crypto::memory::SecretBuf;
use crate::model::Settings;
use crate::model::operator::Permission;
use crate::operations::{ChangeSettings, SettingsEdit};
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{Button, SecretEdit, TextField, Tone};
use crate::ui::words::sentence;
use crate::vault::VaultError;
use egui::{Frame as Panel, Margin, Ui};

/// The longest password, in bytes.
const PASSWORD_MAX: usize = 1024;

/// A change of settings on its way.
pub(crate) struct Saving {
    wanted: Option<Wanted>,
    ticket: Option<Ticket>,
    step_up: Option<Ticket>,
    password: SecretBuf,
    wrong: Option<String>,
    failed: Option<String>,
    focus: bool,
}

struct Wanted {
    words: String,
    edit: SettingsEdit,
    reason: String,
    weakens: bool,
    password: bool,
}

impl Default for Saving {
    fn default() -> Self {
        Self {
            wanted: None,
            ticket: None,
            step_up: None,
            password: SecretBuf::with_capacity(PASSWORD_MAX),
            wrong: None,
            failed: None,
            focus: false,
        }
    }
}

/// Why settings cannot be changed here, if they cannot.
pub(crate) fn forbidden(frame: &Frame<'_>) -> Option<&'static str> {
    let may = frame.unlocked().is_some_and(|view| view.view.me.role.may(Permission::ChangeSettings));
    (!may).then_some("Only an administrator changes settings.")
}

impl Saving {
    /// Asks for `settings` in place of those in force. `words` say what changes: "Lock when idle: 10 min".
    pub(crate) fn ask(&mut self, frame: &Frame<'_>, words: &str, settings: Settings, out: &mut Vec<Intent>) {
        let Some(view) = frame.unlocked() else { return };
        if *view.view.settings == settings {
            return;
        }
        self.failed = settings.check().err().map(|error| sentence(&error.to_string()));
        if self.failed.is_some() {
            return;
        }
        let edit = SettingsEdit { before: (*view.view.settings).clone(), after: settings };
        let weakens = edit.before.is_weakened_by(&edit.after);
        let password = !view.stepped_up;
        self.wrong = None;
        self.focus = password;
        self.wanted =
            Some(Wanted { words: words.to_owned(), edit, reason: String::new(), weakens, password });
        if !weakens && !password {
            self.send(frame, out);
        }
    }

    /// The settings asked for and not yet in force: what controls should show meanwhile.
    pub(crate) fn wanted(&self) -> Option<&Settings> {
        self.wanted.as_ref().map(|wanted| &wanted.edit.after)
    }

    /// Hears the answers of this frame, and what somebody else changed; says whether the settings are as they were asked for.
    pub(crate) fn hear(&mut self, frame: &Frame<'_>, out: &mut Vec<Intent>) -> bool {
        if self.follow(frame, out) {
            return true;
        }
        if let Some(reply) = frame.reply(self.step_up) {
            self.step_up = None;
            match &reply.result {
                Ok(_) => self.send(frame, out),
                Err(error) => self.wrong = Some(sentence(&error.to_string())),
            }
        }
        let Some(Reply { result, .. }) = frame.reply(self.ticket) else { return false };
        self.ticket = None;
        match result {
            Ok(_) => {
                let words = self.wanted.take().map(|wanted| wanted.words).unwrap_or_default();
                out.push(Intent::Toast(Tone::Ok, format!("Saved. {words}.")));
                return true;
            }
            Err(VaultError::PasswordNeeded) => {
                self.focus = true;
                if let Some(wanted) = &mut self.wanted {
                    wanted.password = true;
                }
            }
            Err(error) => {
                self.failed = Some(sentence(&error.to_string()));
                self.wanted = None;
            }
        }
        false
    }

    /// Puts what waits on the settings in force. Says whether that is what they are already.
    fn follow(&mut self, frame: &Frame<'_>, out: &mut Vec<Intent>) -> bool {
        let (Some(wanted), Some(view)) = (&mut self.wanted, frame.unlocked()) else { return false };
        let now: &Settings = &view.view.settings;
        // What was sent is in force a moment before its answer is there.
        if self.ticket.is_some() || wanted.edit.before == *now {
            return false;
        }
        match wanted.edit.on(now) {
            Ok(after) if after == *now => {
                out.push(Intent::Toast(
                    Tone::Info,
                    format!("{}. Somebody else set that meanwhile.", wanted.words),
                ));
                self.give_up();
                return true;
            }
            Ok(after) => {
                wanted.weakens = now.is_weakened_by(&after);
                wanted.edit = SettingsEdit { before: now.clone(), after };
            }
            Err(error) => {
                self.failed = Some(sentence(&error.to_string()));
                self.give_up();
            }
        }
        false
    }

    fn give_up(&mut self) {
        self.wanted = None;
        self.password.clear();
    }

    fn send(&mut self, frame: &Frame<'_>, out: &mut Vec<Intent>) {
        let Some(wanted) = &self.wanted else { return };
        let ticket = frame.ticket();
        self.ticket = Some(ticket);
        let change = ChangeSettings { edit: wanted.edit.clone(), reason: wanted.reason.trim().to_owned() };
        out.push(Intent::App(Command::act(ticket, change)));
    }

    /// Whether something is to be shown.
    pub(crate) fn is_open(&self) -> bool {
        self.failed.is_some()
            || self.wanted.as_ref().is_some_and(|w| w.weakens || w.password) && self.ticket.is_none()
    }

    /// The form: what changes, why, and the password.
    pub(crate) fn show(&mut self, ui: &mut Ui, frame: &Frame<'_>, out: &mut Vec<Intent>) {
        if !self.is_open() {
            return;
        }
        let t = t(ui);
        let tint = if self.failed.is_some() { t.critical_tint() } else { t.warn_tint() };
        let edge = if t.high_contrast { t.hairline } else { tint.fill };
        let panel = Panel::new().fill(tint.fill).stroke((1.0, edge)).corner_radius(size::RADIUS_CARD);
        panel.inner_margin(Margin::symmetric(12, 10)).show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            if let Some(words) = self.failed.clone() {
                ui.horizontal(|ui| {
                    glyph(ui, icons::FAILED, size::ICON, tint.fg);
                    Words::new().add(TextRole::Body, t.text, &words).show(ui);
                    if Button::quiet("Close").show(ui).clicked() {
                        self.failed = None;
                    }
                });
                return;
            }
            self.form(ui, frame, out);
        });
        ui.add_space(size::GAP_LARGE);
    }

    fn form(&mut self, ui: &mut Ui, frame: &Frame<'_>, out: &mut Vec<Intent>) {
        let t = t(ui);
        let Some(wanted) = &mut self.wanted else { return };
        ui.spacing_mut().item_spacing.y = size::GAP;
        ui.horizontal_wrapped(|ui| {
            glyph(ui, icons::LOCK, size::ICON, t.warn);
            let mut words = Words::new().add(TextRole::BodyStrong, t.text, format!("{}.", wanted.words));
            if wanted.weakens {
                words = words.add(
                    TextRole::Body,
                    t.text,
                    " This weakens the vault, so it is logged as a warning.",
                );
            }
            words.show(ui);
        });
        let (mut confirmed, mut cancelled) = (false, false);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            if wanted.password {
                let error = self.wrong.as_deref();
                let field = SecretEdit::new("Your password", &mut self.password).width(240.0).error(error);
                let field = field.show(ui);
                if std::mem::take(&mut self.focus) {
                    field.response.request_focus();
                }
                confirmed |= field.submitted;
                if field.changed {
                    self.wrong = None;
                }
            }
            if wanted.weakens {
                let field = TextField::new("Reason", &mut wanted.reason).optional().width(240.0).limit(200);
                field.show(ui);
            }
            ui.vertical(|ui| {
                ui.add_space(24.0);
                ui.horizontal(|ui| {
                    let reason =
                        (wanted.password && self.password.is_empty()).then_some("Type your password.");
                    let waiting = self.step_up.map(|_| "Checking the password.");
                    confirmed |= Button::secondary("Confirm").disabled(waiting.or(reason)).show(ui).clicked();
                    cancelled = Button::quiet("Cancel").show(ui).clicked();
                });
            });
        });
        if cancelled {
            self.give_up();
        } else if confirmed && wanted.password {
            if !self.password.is_empty() && self.step_up.is_none() {
                let ticket = frame.ticket();
                self.step_up = Some(ticket);
                let password = self.password.take();
                out.push(Intent::App(Command::StepUp { ticket, password }));
            }
        } else if confirmed {
            self.send(frame, out);
        }
    }
}
