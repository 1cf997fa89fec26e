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
use crate::ui::shell::draw::give_focus;
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{Button, SecretEdit, TextField, Tone, entered};
use crate::ui::words::sentence;
use crate::vault::VaultError;
use egui::{Frame as Panel, Margin, Rect, Ui, UiBuilder, pos2};

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
    /// How high the form was where it stands below something, see [`Saving::dock`].
    height: f32,
}

struct Wanted {
    /// What it is made of, in the order it was asked for.
    parts: Vec<Part>,
    edit: SettingsEdit,
    reason: String,
    weakens: bool,
    password: bool,
}

/// One setting among those that are asked for.
struct Part {
    /// "Lock when idle"
    what: String,
    /// "10 min"; empty where `what` says it all.
    to: String,
    edit: SettingsEdit,
}

impl Part {
    /// Whether it changes nothing in `now`.
    fn is_so(&self, now: &Settings) -> bool {
        self.edit.on(now).is_ok_and(|after| after == *now)
    }
}

impl Wanted {
    /// All of what changes: "Lock when idle: 10 min. Lock when minimised: off"
    fn words(&self) -> String {
        let words = self.parts.iter().map(|part| match part.to.as_str() {
            "" => part.what.clone(),
            to => format!("{}: {to}", part.what),
        });
        words.collect::<Vec<_>>().join(". ")
    }
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
            height: 0.0,
        }
    }
}

/// Why settings cannot be changed here, if they cannot.
pub(crate) fn forbidden(frame: &Frame<'_>) -> Option<&'static str> {
    let may = frame.unlocked().is_some_and(|view| view.view.me.role.may(Permission::ChangeSettings));
    (!may).then_some("Only an administrator changes settings.")
}

impl Saving {
    /// Asks for `edit`, beside what is asked for already. What it changes is `what`, to `to`: "Lock when idle", "10 min". The
    /// value in force takes that change back.
    pub(crate) fn ask(
        &mut self,
        frame: &Frame<'_>,
        (what, to): (&str, &str),
        edit: SettingsEdit,
        out: &mut Vec<Intent>,
    ) {
        let Some(view) = frame.unlocked() else { return };
        let now: &Settings = &view.view.settings;
        let mut parts =
            self.wanted.as_mut().map(|wanted| std::mem::take(&mut wanted.parts)).unwrap_or_default();
        parts.retain(|part| part.what != what);
        let after = match edit.on(self.wanted().unwrap_or(now)) {
            Ok(after) => after,
            // It was asked for in another form before: that one is replaced, with whatever came after it.
            Err(_) => {
                parts.clear();
                edit.after.clone()
            }
        };
        let part = Part { what: what.to_owned(), to: to.to_owned(), edit };
        if !part.is_so(now) {
            parts.push(part);
        }
        self.failed = after.check().err().map(|error| sentence(&error.to_string()));
        if parts.is_empty() || self.failed.is_some() {
            self.give_up();
            return;
        }
        let edit = SettingsEdit { before: now.clone(), after };
        let weakens = edit.before.is_weakened_by(&edit.after);
        let password = !view.stepped_up;
        self.wrong = None;
        self.focus = true;
        let reason = self.wanted.take().map(|wanted| wanted.reason).unwrap_or_default();
        self.wanted = Some(Wanted { parts, edit, reason, weakens, password });
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
                let words = self.wanted.take().map(|wanted| wanted.words()).unwrap_or_default();
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
                    format!("{}. Somebody else set that meanwhile.", wanted.words()),
                ));
                self.give_up();
                return true;
            }
            Ok(after) => {
                wanted.parts.retain(|part| !part.is_so(now));
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

    /// What of `room` is left above the form, where that stands at its lower end: see [`Saving::dock`].
    pub(crate) fn above(&self, room: Rect) -> Rect {
        if self.is_open() { room.with_max_y((room.bottom() - self.height).round()) } else { room }
    }

    /// The form at the lower end of `room`: it is in view wherever what stands above is scrolled to, and no row moves from
    /// under the pointer when it opens.
    pub(crate) fn dock(&mut self, ui: &mut Ui, room: Rect, frame: &Frame<'_>, out: &mut Vec<Intent>) {
        if !self.is_open() {
            return;
        }
        let at = Rect::from_min_max(pos2(room.left(), self.above(room).bottom() + 8.0), room.max);
        let builder = UiBuilder::new().id_salt("saving").max_rect(at);
        let shown = ui.scope_builder(builder, |ui| {
            self.show(ui, frame, out);
            ui.min_rect()
        });
        let height = (shown.inner.height() + 8.0).ceil();
        if self.is_open() && std::mem::replace(&mut self.height, height) != height {
            ui.ctx().request_discard("the form of a change has another height");
        }
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
            let mut words = Words::new().add(TextRole::BodyStrong, t.text, format!("{}.", wanted.words()));
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
                self.focus = self.focus && !give_focus(&field.response);
                confirmed |= field.submitted;
                if field.changed {
                    self.wrong = None;
                }
            }
            if wanted.weakens {
                let field = TextField::new("Reason", &mut wanted.reason).optional().width(240.0).limit(200);
                let response = field.show(ui);
                if !wanted.password {
                    self.focus = self.focus && !give_focus(&response);
                }
                confirmed |= entered(ui.ctx()) == Some(response.id);
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
