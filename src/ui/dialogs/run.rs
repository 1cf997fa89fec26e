//! A form in action: shown, confirmed, waiting for its answer, asked for the password, told what went wrong.

use egui::{Context, ScrollArea, Ui};

use crate::app::{Command, Ticket};
use crate::crypto::memory::SecretBuf;
use crate::model::DraftId;
use crate::ui::frame::{Frame, Intent};
use crate::ui::shell::commands::{UiCommand, pressed};
use crate::ui::theme::{self, TextRole};
use crate::ui::widgets::{Dialog, Outcome, SecretEdit, Tone, entered, progress, rule, text_in};
use crate::vault::VaultError;

use super::form::{Face, Form, Send};
use super::parts::note;
use super::words;

/// Room for a password.
const PASSWORD_MAX: usize = 1024;

/// Where a form stands.
pub(super) struct Run {
    /// What is waited for.
    ticket: Option<Ticket>,
    /// The answer that is waited for is that to the password.
    stepping_up: bool,
    /// The operation asked for the password.
    asks: bool,
    password: SecretBuf,
    password_error: Option<String>,
    error: Option<String>,
    /// Enter was pressed in the password's field.
    submitted: bool,
    /// Lead to the password's field in the next frame.
    lead: bool,
    /// What runs can be cancelled as a job.
    job: bool,
    /// Its contents are higher than the room there is.
    scrolls: bool,
}

impl Default for Run {
    fn default() -> Self {
        Self {
            ticket: None,
            stepping_up: false,
            asks: false,
            password: SecretBuf::with_capacity(PASSWORD_MAX),
            password_error: None,
            error: None,
            submitted: false,
            lead: false,
            job: false,
            scrolls: false,
        }
    }
}

impl Run {
    /// Takes the answer, if it came; says whether the dialog closes.
    pub fn hear(&mut self, form: &mut dyn Form, frame: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        let Some(reply) = frame.reply(self.ticket) else { return false };
        self.ticket = None;
        let stepped = std::mem::take(&mut self.stepping_up);
        match &reply.result {
            Ok(_) if stepped => {
                self.password.clear();
                self.asks = false;
                self.send(form, frame, intents)
            }
            Ok(done) => form.done(done, frame, intents),
            Err(VaultError::PasswordNeeded) => {
                (self.asks, self.lead) = (true, true);
                self.password_error = None;
                false
            }
            Err(error) if stepped => {
                self.password.clear();
                self.password_error = Some(words::error(error));
                self.lead = true;
                false
            }
            Err(error) => {
                self.error = Some(words::error(error));
                false
            }
        }
    }

    /// Shows the dialog; says how it was answered.
    pub fn show(
        &mut self,
        ctx: &Context,
        (id, form): (DraftId, &mut dyn Form),
        frame: &Frame<'_>,
        intents: &mut Vec<Intent>,
    ) -> Option<Outcome> {
        let face = form.face(frame);
        form.set_busy(self.ticket.is_some());
        let asks = self.asks || form.needs_password(frame);
        let reason = self.why_not(form, frame, asks);
        let Face { title, body, confirm, cancel, destructive, width, fields } = face;
        let dialog = if destructive {
            Dialog::destructive(&title, &confirm, cancel)
        } else {
            Dialog::new(&title, &confirm).cancel(cancel)
        };
        let dialog = dialog.body(&body).blocked(reason.as_deref()).width(width);
        let dialog = if fields || asks && !destructive { dialog.has_fields() } else { dialog };
        self.submitted = false;
        // What the title and the body may need beyond a line each: long names wrap.
        let lines = |words: &str, wide: f32| (words.chars().count() as f32 * wide / width).floor();
        let head = 26.0 * lines(&title, 10.0).min(2.0) + 20.0 * lines(&body, 7.5);
        // In a window at 200 % the line that says what is missing must not push the dialog over the edge.
        let height = ctx.content_rect().height();
        let around = if height < 600.0 { 216.0 } else { 180.0 };
        let room = (height - around - head).max(130.0);
        let mut fresh = None;
        let outcome = dialog.show(ctx, |ui, first| {
            let area = ScrollArea::vertical().id_salt("dialog").max_height(room).auto_shrink([false, true]);
            // As high as its contents at once: a dialog only ever asks for the room it had in the frame before.
            let area = area.min_scrolled_height(room);
            let scrolls = self.scrolls;
            let shown = area.show(ui, |ui| {
                if scrolls {
                    // Rings around fields must not run into the bar.
                    ui.set_max_width(ui.available_width() - 8.0);
                }
                ui.spacing_mut().item_spacing = egui::vec2(12.0, 10.0);
                // Each dialog its own fields: that one was shown in clear, or how long it was, is not the next one's.
                ui.push_id(id.0, |ui| {
                    form.contents(ui, frame, first, intents);
                    if asks {
                        self.ask(ui, form.asks_before(), first && !fields && !destructive);
                    }
                });
            });
            self.scrolls = shown.content_size.y > shown.inner_rect.height() + 0.5;
            if scrolls {
                // What is cut off above must not read as the label of what stands below.
                rule(ui);
            }
            if form.take_edited() {
                self.error = None;
            }
            fresh = self.why_not(form, frame, asks);
            self.below(ui, frame, fresh.as_deref(), intents);
        });
        if fresh != reason {
            // The button does not know yet what was typed in this pass.
            ctx.request_discard("what hinders a dialog is another");
        }
        // Enter in a field, as in the password's.
        self.submitted |= entered(ctx).is_some();
        let hurried = !destructive && fresh.is_none() && (self.submitted || pressed(ctx, UiCommand::Confirm));
        outcome.or(hurried.then_some(Outcome::Confirmed))
    }

    fn ask(&mut self, ui: &mut Ui, before: &str, focus: bool) {
        let help = format!("Asked for again before {before}.");
        let field = SecretEdit::new("Your password", &mut self.password)
            .help(&help)
            .error(self.password_error.as_deref())
            .show(ui);
        if std::mem::take(&mut self.lead) {
            field.response.request_focus();
            field.response.scroll_to_me(None);
        } else if focus {
            field.response.request_focus();
        }
        if field.changed {
            self.password_error = None;
        }
        self.submitted = field.submitted;
    }

    /// What went wrong, what runs, or what is missing.
    fn below(&self, ui: &mut Ui, frame: &Frame<'_>, reason: Option<&str>, intents: &mut Vec<Intent>) {
        let t = theme::tokens(ui.ctx());
        if let Some(error) = &self.error {
            note(ui, Tone::Critical, error);
        }
        let job = frame.snapshot.job.as_ref().filter(|_| self.ticket.is_some());
        if let Some(job) = job.filter(|job| job.total > 0) {
            if progress(ui, 240.0, job.title, job.done, job.total, job.cancellable) {
                intents.push(Intent::App(Command::CancelJob));
            }
        } else if let Some(reason) = reason {
            let said = text_in(ui, TextRole::Small, t.text_2, reason);
            ui.ctx().accesskit_node_builder(said.id, |node| node.set_live(egui::accesskit::Live::Polite));
        }
    }

    fn why_not(&self, form: &dyn Form, frame: &Frame<'_>, asks: bool) -> Option<String> {
        if self.ticket.is_some() {
            return Some("Working…".to_owned());
        }
        let missing = (asks && self.password.is_empty()).then(|| "Type your password.".to_owned());
        form.blocked(frame).or(missing)
    }

    /// The action was chosen; says whether the dialog closes.
    pub fn confirm(&mut self, form: &mut dyn Form, frame: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        if self.ticket.is_some() {
            return false;
        }
        self.error = None;
        if (self.asks || form.needs_password(frame)) && !self.password.is_empty() {
            let ticket = frame.ticket();
            (self.ticket, self.stepping_up) = (Some(ticket), true);
            let password = SecretBuf::from_slice(self.password.as_bytes());
            intents.push(Intent::App(Command::StepUp { ticket, password }));
            return false;
        }
        self.send(form, frame, intents)
    }

    fn send(&mut self, form: &mut dyn Form, frame: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        let ticket = frame.ticket();
        match form.send(frame, ticket) {
            Send::Command(command) => {
                self.job = matches!(
                    command,
                    Command::Batch { .. }
                        | Command::ExportLog { .. }
                        | Command::Backup { .. }
                        | Command::ImportCsv { .. }
                        | Command::PasswordExposed { .. }
                );
                self.ticket = Some(ticket);
                intents.push(Intent::App(command));
                false
            }
            Send::Stay => false,
            Send::Close(wanted) => {
                intents.extend(wanted);
                true
            }
        }
    }

    /// The dialog is left while something may still run.
    pub fn cancel(&self, intents: &mut Vec<Intent>) {
        if self.ticket.is_some() && self.job {
            intents.push(Intent::App(Command::CancelJob));
        }
    }
}
