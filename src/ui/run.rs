//! The one place where intents are run: commands for the application, pages, dialogs, files, the look of the window.

use std::path::PathBuf;

use egui::Context;

use crate::app::platform::dialogs::Picked;
use crate::app::{Command, Phase, Reply};
use crate::model::{KeyId, LockReason};
use crate::vault::VaultError;

use super::frame::{DialogRequest, Intent, Page};
use super::screens::{create, palette, shortcuts};
use super::shell::commands::{self, Bindings, UiCommand};
use super::shell::undo::{Taken, Way};
use super::shell::{Choosing, Shell, remembered, zoom_step};
use super::theme;
use super::widgets::{Dialog, Outcome, Toast, Tone};
use super::words::sentence;

/// Tag of the toast that offers to undo.
const UNDO: u64 = 1;
/// Tag of the toast that offers to clear the clipboard.
const CLEAR: u64 = 2;

/// The first tag of a toast that offers a compensating act.
const OFFERS: u64 = 100;
/// Offers remembered: more than toasts are shown at once.
const OFFERS_MAX: usize = 8;

/// Pages remembered for Back.
const HISTORY: usize = 32;

impl Shell {
    /// What the action of a toast stands for.
    pub(super) fn of_toast(&mut self, tag: u64) -> Option<Intent> {
        match tag {
            UNDO => Some(Intent::Undo),
            CLEAR => Some(Intent::App(Command::ClearClipboard)),
            tag => {
                let at = self.offers.iter().position(|(offered, _)| *offered == tag)?;
                Some(Intent::Open(self.offers.remove(at).1))
            }
        }
    }

    /// A message with the act that compensates for what it tells.
    fn offer(&mut self, words: String, label: String, request: DialogRequest) {
        let tag = self.offers.last().map_or(OFFERS, |(tag, _)| tag + 1);
        self.offers.push((tag, request));
        self.offers.drain(..self.offers.len().saturating_sub(OFFERS_MAX));
        self.say(Toast::new(Tone::Ok, words).action(label, tag));
    }

    /// Runs what the screens want, in order.
    pub(super) fn run(&mut self, ctx: &Context, intents: Vec<Intent>) {
        for intent in intents {
            self.run_one(ctx, intent);
            ctx.request_repaint();
        }
    }

    fn run_one(&mut self, ctx: &Context, intent: Intent) {
        match intent {
            Intent::App(command) => self.send(command),
            Intent::Go(page) => self.go(page),
            Intent::ShowKeys(query) => {
                self.pages.show_keys(&query);
                self.go(Page::Keys);
            }
            Intent::ShowKey(key) => {
                self.pages.show_key(key);
                self.go(Page::Keys);
            }
            Intent::ShowAudit(query) => {
                self.pages.show_audit(&query);
                self.go(Page::Audit);
            }
            Intent::ShowFindings => {
                self.pages.show_findings();
                self.go(Page::Session);
            }
            Intent::ShowEvent(seq) => {
                self.pages.show_event(seq);
                self.go(Page::Audit);
            }
            Intent::ShowIntegrity => {
                self.pages.show_integrity();
                self.go(Page::Audit);
            }
            Intent::VerifyLog => {
                if let Some(intent) = self.command(ctx, UiCommand::VerifyLog) {
                    self.run_one(ctx, intent);
                }
            }
            Intent::CheckVault => {
                if let Some(intent) = self.command(ctx, UiCommand::CheckVault) {
                    self.run_one(ctx, intent);
                }
            }
            Intent::ShowRotation(tab) => {
                self.pages.show_rotation(tab);
                self.go(Page::Rotation);
            }
            Intent::ShowNewerEvents => self.pages.show_newer_events(),
            Intent::ShowSettings(section) => {
                self.pages.show_settings(section);
                self.go(Page::Settings);
            }
            Intent::Open(request) => self.open_dialog(request),
            Intent::OpenPalette => self.palette = Some(palette::State::default()),
            Intent::OpenShortcuts => self.shortcuts = Some(shortcuts::State::default()),
            Intent::SetTheme(chosen) => {
                theme::apply(ctx, chosen);
                self.workstation.theme = remembered(chosen);
                self.save_workstation();
            }
            Intent::SetColumns(columns) => {
                self.workstation.key_columns = columns;
                self.save_workstation();
            }
            Intent::SetTime(shown) => {
                self.workstation.time = shown;
                self.show_time();
                self.save_workstation();
            }
            Intent::SetLetters(on) => {
                self.workstation.letters = on;
                self.pages.set_letters(on);
                self.save_workstation();
            }
            Intent::SetKeys(keys) => {
                commands::install(ctx, Bindings::read(&keys));
                self.workstation.keys = keys;
                self.save_workstation();
            }
            Intent::SetZoom(zoom) => self.set_zoom(ctx, zoom),
            Intent::Toast(tone, words) => self.tell(tone, words),
            Intent::Offer(words, label, request) => self.offer(words, label, request),
            Intent::CreateVault => self.create_vault(),
            Intent::ChooseVault => self.choose(Choosing::Vault),
            Intent::OpenDemo => self.app.send(Command::OpenDemo),
            Intent::ForgetRecent(path) => {
                self.workstation.forget(&path);
                self.save_workstation();
            }
            Intent::Undo => self.step(Way::Undo),
            Intent::Redo => self.step(Way::Redo),
        }
    }

    fn send(&mut self, command: Command) {
        if let Command::Unlock { operator: Some(operator), .. } = &command {
            self.unlock.tried(operator);
        }
        self.pass_on(command);
    }

    /// Shows a page and remembers the one before.
    fn go(&mut self, page: Page) {
        if page != self.page {
            self.back.push(std::mem::replace(&mut self.page, page));
            self.back.drain(..self.back.len().saturating_sub(HISTORY));
            self.forward.clear();
        }
    }

    pub(super) fn go_back(&mut self) {
        if let Some(page) = self.back.pop() {
            self.forward.push(std::mem::replace(&mut self.page, page));
        }
    }

    pub(super) fn go_forward(&mut self) {
        if let Some(page) = self.forward.pop() {
            self.back.push(std::mem::replace(&mut self.page, page));
        }
    }

    /// What a command of the table comes to.
    pub(super) fn intent_of(&mut self, ctx: &Context, command: UiCommand) -> Option<Intent> {
        let chosen = self.chosen_keys();
        let dialog = |request| Some(Intent::Open(request));
        match command {
            UiCommand::Palette => Some(Intent::OpenPalette),
            UiCommand::Go(page) => Some(Intent::Go(page)),
            UiCommand::Lock => Some(Intent::App(Command::Lock(LockReason::ByHand))),
            UiCommand::StayUnlocked => Some(Intent::App(Command::StayUnlocked)),
            UiCommand::NewKey => dialog(DialogRequest::NewKey),
            UiCommand::Import => dialog(DialogRequest::Import),
            UiCommand::Rotate => match chosen.as_slice() {
                [] => None,
                [key] => dialog(DialogRequest::Rotate(*key)),
                _ => dialog(DialogRequest::RotateEach(chosen)),
            },
            UiCommand::Edit => match chosen.as_slice() {
                [] => None,
                [key] => dialog(DialogRequest::EditKey(*key)),
                several => {
                    let words = format!("{} keys are selected. Choose one of them.", several.len());
                    Some(Intent::Toast(Tone::Neutral, words))
                }
            },
            UiCommand::Undo => Some(Intent::Undo),
            UiCommand::Redo => Some(Intent::Redo),
            UiCommand::VerifyLog => {
                let ticket = self.ticket();
                self.told.listen(ticket, None);
                Some(Intent::App(Command::VerifyLog { ticket }))
            }
            UiCommand::CheckVault => {
                let ticket = self.ticket();
                self.told.listen(ticket, None);
                Some(Intent::App(Command::CheckVault { ticket }))
            }
            UiCommand::ExportLog => dialog(DialogRequest::ExportLog),
            UiCommand::Backup => dialog(DialogRequest::Backup),
            UiCommand::ChangePassword => dialog(DialogRequest::ChangePassword),
            UiCommand::UnlockTime => dialog(DialogRequest::UnlockTime),
            UiCommand::PasswordExposed => dialog(DialogRequest::PasswordExposed),
            UiCommand::ClearClipboard => Some(Intent::App(Command::ClearClipboard)),
            UiCommand::CancelJob => Some(Intent::App(Command::CancelJob)),
            UiCommand::OpenVault => Some(Intent::ChooseVault),
            UiCommand::CreateVault => Some(Intent::CreateVault),
            UiCommand::CloseVault => Some(Intent::App(Command::Close)),
            UiCommand::Theme(theme) => Some(Intent::SetTheme(theme)),
            UiCommand::ZoomIn => Some(Intent::SetZoom(zoom_step(ctx.zoom_factor(), true))),
            UiCommand::ZoomOut => Some(Intent::SetZoom(zoom_step(ctx.zoom_factor(), false))),
            UiCommand::ZoomReset => Some(Intent::SetZoom(1.0)),
            UiCommand::Shortcuts => Some(Intent::OpenShortcuts),
            UiCommand::Find
            | UiCommand::Reveal
            | UiCommand::Rename
            | UiCommand::Delete
            | UiCommand::CopyName
            | UiCommand::CopyMetadata
            | UiCommand::Back
            | UiCommand::Forward
            | UiCommand::ToggleRail
            | UiCommand::NextPane
            | UiCommand::PreviousPane
            | UiCommand::MainMenu
            | UiCommand::CloseTop
            | UiCommand::Confirm
            | UiCommand::StepOn
            | UiCommand::StepBack
            | UiCommand::Facets
            | UiCommand::Chart
            | UiCommand::Details
            | UiCommand::Quit => None,
        }
    }

    /// The keys that are chosen on the page that is shown.
    fn chosen_keys(&self) -> Vec<KeyId> {
        let snapshot = self.snapshot();
        self.pages.chosen_keys(self.page, &super::shell::frame(&self.app, &snapshot, &self.tickets, &[]))
    }

    fn set_zoom(&mut self, ctx: &Context, zoom: f32) {
        let zoom = zoom.clamp(0.75, 2.0);
        ctx.set_zoom_factor(zoom);
        self.workstation.zoom = zoom;
        self.save_workstation();
    }

    /// The wizard lies over welcome and unlock; a vault that is open is locked first, once that is wanted.
    fn create_vault(&mut self) {
        let open = matches!(self.snapshot().phase, Phase::Unlocked(_));
        (self.asks_to_lock, self.create_next) = (open, !open);
    }

    /// Asks whether the vault may be locked so that another one can be made. Who leaves the wizard then is at its door.
    pub(super) fn ask_to_lock(&mut self, ctx: &Context) {
        let snapshot = self.snapshot();
        let Some(unlocked) = snapshot.unlocked().filter(|_| self.asks_to_lock) else { return };
        let title = format!("Lock {} and make another vault?", unlocked.view.settings.vault_name);
        let body = "This session ends. Drafts are kept, and a job that runs is stopped. Leaving the wizard leads back to the unlock \
                    screen of this vault.";
        let dialog = Dialog::new(&title, "Lock and go on").cancel("Stay here").body(body);
        let Some(answer) = dialog.show(ctx, |_, _| {}) else { return };
        self.asks_to_lock = false;
        if answer == Outcome::Confirmed {
            self.pass_on(Command::Lock(LockReason::ByHand));
            self.create_next = true;
        }
    }

    /// Asks for a path; what becomes of it is looked at in [`Shell::poll`].
    pub(super) fn choose(&mut self, what: Choosing) {
        let folder = self.workstation.recent.first().and_then(|vault| vault.path.parent()).map(PathBuf::from);
        let folder = folder.as_deref();
        let pending = match what {
            Choosing::Vault => self.file_dialogs.open_vault(folder),
            Choosing::NewVault => {
                let name = self.create.as_ref().map(create::State::file_name).unwrap_or_default();
                self.file_dialogs.save_vault(folder, &name)
            }
        };
        self.choosing = Some((pending, what));
    }

    /// Looks at the file dialog that is open, and opens the wizard once nothing is unlocked.
    pub(super) fn poll(&mut self, ctx: &Context) {
        if self.create_next && self.snapshot().unlocked().is_none() {
            self.create_next = false;
            self.create = Some(create::State::new(&self.workstation));
        }
        if let Some((pending, what)) = &self.choosing
            && let Some(picked) = pending.poll()
        {
            let what = *what;
            self.choosing = None;
            self.chosen(what, picked);
            ctx.request_repaint();
        }
    }

    fn chosen(&mut self, what: Choosing, picked: Picked) {
        match (what, picked) {
            (_, Picked::Cancelled) => {}
            (Choosing::Vault, Picked::Path(path)) => self.app.send(Command::Open(path)),
            (Choosing::Vault, Picked::NoDialog) => self.ask_for_path(),
            (Choosing::NewVault, Picked::Path(path)) => {
                if let Some(create) = &mut self.create {
                    create.set_path(&path);
                }
            }
            (Choosing::NewVault, Picked::NoDialog) => {
                if let Some(create) = &mut self.create {
                    create.say_no_dialog();
                }
            }
        }
    }

    /// Without a file dialog the path is typed: on the welcome screen, or in a small dialog over any other.
    fn ask_for_path(&mut self) {
        self.typed_path = Some(super::screens::welcome::TypedPath::default());
    }

    /// A message, with what can be done about what it tells.
    fn tell(&mut self, tone: Tone, words: String) {
        let mut toast = Toast::new(tone, words);
        if tone == Tone::Ok && self.undo.take_fresh() {
            toast = toast.action("Undo", UNDO);
        } else if tone == Tone::Ok && toast.words.starts_with("Copied. Clipboard") {
            toast = toast.action("Clear now", CLEAR);
        }
        self.say(toast);
    }

    /// One edit back or forth.
    fn step(&mut self, way: Way) {
        let (ticket, snapshot) = (self.ticket(), self.snapshot());
        let Some(unlocked) = snapshot.unlocked() else { return };
        match self.undo.take(way, ticket, &unlocked.view) {
            Taken::Command(command) => self.pass_on(command),
            Taken::Nothing(words) => self.toast(Tone::Neutral, words),
            Taken::Later => {}
        }
    }

    /// Tells what came of a step back or forth, and goes on to the next where several were asked for.
    pub(super) fn hear_undo(&mut self, replies: &[Reply]) {
        let snapshot = self.snapshot();
        let Some(unlocked) = snapshot.unlocked() else { return };
        match self.undo.hear(replies, &unlocked.view) {
            None => return,
            Some(Ok(words)) => self.toast(Tone::Ok, words),
            Some(Err(VaultError::Cancelled)) => {
                self.toast(Tone::Neutral, "Stopped. What was not put back yet can still be.".to_owned());
            }
            Some(Err(error)) => self.toast(Tone::Critical, sentence(&error.to_string())),
        }
        if let Some(way) = self.undo.next() {
            self.step(way);
        }
    }

    fn open_dialog(&mut self, request: DialogRequest) {
        let snapshot = self.snapshot();
        let frame = super::shell::frame(&self.app, &snapshot, &self.tickets, &[]);
        self.pages.open(request, &frame);
    }
}
