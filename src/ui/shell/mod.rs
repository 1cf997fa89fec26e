//! The whole window as one value. The desktop window, the off-screen driver and the tests all show this one.
//!
//! [`Shell::logic`] may run while the window is hidden; [`Shell::ui`] draws a frame and runs what the screens want. What
//! must not outlive a lock is dropped here, in one place: [`Shell::lock_up`].

mod activity;
mod banners;
pub mod commands;
pub(in crate::ui) mod draw;
mod drop;
pub(in crate::ui) mod entrance;
mod kept;
mod keyboard;
mod layout;
mod lock;
mod look;
mod messages;
mod pages;
mod rail;
mod status_bar;
mod told;
mod top_bar;
pub(in crate::ui) mod undo;
pub mod words;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use egui::{Context, Ui, ViewportCommand};

use crate::app::platform::dialogs::{FileDialogs, Pending, SharedDialogs};
use crate::app::platform::paths::Workstation;
use crate::app::{App, Command, Phase, Reply, Revealed, Snapshot, Ticket};
use crate::model::LockReason;
use crate::model::time::show_as;

use super::frame::{DialogRequest, Intent, Page};
use super::screens::{create, palette, shortcuts, unlock, welcome};
use super::theme;
use super::widgets::{self, PasteSource, Toast, Toasts, Tone};
use super::words::plural;
use crate::vault::Returned;

use activity::Activity;
pub(in crate::ui) use layout::{frame, page_panel};
pub(in crate::ui) use look::{remembered, zoom_step};
use pages::Pages;

/// What a window is made of.
pub struct ShellOptions {
    /// The application.
    pub app: App,
    /// The desktop's file dialogs.
    pub dialogs: Box<dyn FileDialogs>,
    /// What the workstation remembers.
    pub workstation: Workstation,
    /// Where that is kept; `None`: nowhere.
    pub workstation_path: Option<PathBuf>,
}

/// What a file is being chosen for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Choosing {
    /// A vault to open.
    Vault,
    /// The place of a new vault.
    NewVault,
}

/// The window.
pub struct Shell {
    pub(super) app: App,
    pub(super) file_dialogs: Box<dyn FileDialogs>,
    pub(super) workstation: Workstation,
    workstation_path: Option<PathBuf>,
    /// Where the demonstration vault of this run is.
    demo: Option<PathBuf>,
    pub(super) choosing: Option<(Pending, Choosing)>,
    /// The create wizard opens as soon as nothing is unlocked.
    pub(super) create_next: bool,
    /// It is asked whether the vault that is open may be locked for that.
    pub(super) asks_to_lock: bool,
    /// A path is being typed, where no file dialog is there.
    pub(super) typed_path: Option<welcome::TypedPath>,

    snapshot: Arc<Snapshot>,
    pinned: Option<Arc<Snapshot>>,
    pinned_revealed: Option<Revealed>,
    /// While something is pinned: the commands nobody runs, and the answers that are to come.
    unsent: Vec<Command>,
    answers: Vec<Reply>,
    pub(super) tickets: Cell<Ticket>,
    watch: lock::Watch,
    active_at: Option<Duration>,
    time_zone: (Option<String>, String),
    /// The file that was unlocked last.
    unlocked: Option<PathBuf>,

    pub(super) page: Page,
    pub(super) back: Vec<Page>,
    pub(super) forward: Vec<Page>,
    pub(super) pages: Pages,
    pub(super) welcome: welcome::State,
    pub(super) unlock: unlock::State,
    pub(super) create: Option<create::State>,
    pub(super) palette: Option<palette::State>,
    pub(super) shortcuts: Option<shortcuts::State>,
    toasts: Toasts,
    messages: messages::Messages,
    /// What toasts offer, by their tags.
    pub(super) offers: Vec<(u64, DialogRequest)>,
    pub(super) rail_narrow: bool,
    /// F10 was pressed: the menu of the vault opens in the next frame.
    main_menu: bool,
    pub(super) undo: undo::Undo,
    pub(super) told: told::Told,
    /// The Overview was not open yet in this session: what is odd about the time before it is told elsewhere.
    since_unseen: bool,
    counts: rail::Counts,
    title: String,
    protected: bool,
}

impl Shell {
    /// A window on `options.app`. Call [`Shell::install`] once for its context.
    #[must_use]
    pub fn new(options: ShellOptions) -> Self {
        let ShellOptions { app, dialogs, workstation, workstation_path } = options;
        let dialogs = SharedDialogs::new(dialogs);
        let mut pages = Pages::default();
        pages.set_files(Box::new(dialogs.clone()));
        pages.set_columns(workstation.key_columns.clone());
        show_as(workstation.time);
        pages.set_letters(workstation.letters);
        let (snapshot, time_zone) = (app.snapshot(), words::time_zone(app.now()));
        Self {
            app,
            file_dialogs: Box::new(dialogs),
            workstation,
            workstation_path,
            demo: None,
            choosing: None,
            create_next: false,
            asks_to_lock: false,
            typed_path: None,
            snapshot,
            pinned: None,
            pinned_revealed: None,
            unsent: Vec::new(),
            answers: Vec::new(),
            tickets: Cell::new(0),
            watch: lock::Watch::default(),
            active_at: None,
            time_zone,
            unlocked: None,
            page: Page::default(),
            back: Vec::new(),
            forward: Vec::new(),
            pages,
            welcome: welcome::State::default(),
            unlock: unlock::State::default(),
            create: None,
            palette: None,
            shortcuts: None,
            toasts: Toasts::default(),
            messages: messages::Messages::default(),
            offers: Vec::new(),
            rail_narrow: false,
            main_menu: false,
            undo: undo::Undo::default(),
            told: told::Told::default(),
            since_unseen: false,
            counts: rail::Counts::default(),
            title: String::new(),
            protected: false,
        }
    }

    /// Prepares `ctx`: fonts, theme, zoom, the widgets' plugins. Once, before its first pass. Ctrl+V reads from `paste`.
    pub fn install(&self, ctx: &Context, paste: Option<Box<dyn PasteSource>>) {
        Activity::install(ctx);
        commands::install(ctx, commands::Bindings::read(&self.workstation.keys));
        widgets::install(ctx, paste);
        theme::install(ctx, look::theme_of(self.workstation.theme));
        ctx.set_zoom_factor(self.workstation.zoom.clamp(look::ZOOM[0], look::ZOOM[look::ZOOM.len() - 1]));
        ctx.options_mut(|options| {
            options.zoom_with_keyboard = false;
            options.quit_shortcuts.clear();
        });
    }

    /// Shows every moment as the workstation is set now.
    pub(super) fn show_time(&mut self) {
        show_as(self.workstation.time);
        self.time_zone = words::time_zone(self.app.now());
    }

    /// The application behind the window.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The page that is shown while a vault is unlocked.
    #[must_use]
    pub fn page(&self) -> Page {
        self.page
    }

    /// Opens the vault file at `path`: its unlock screen is shown next.
    pub fn open(&self, path: &Path) {
        self.app.send(Command::Open(path.to_owned()));
    }

    /// Asks for a demonstration vault, as the welcome screen does.
    pub fn open_demo(&self) {
        self.app.send(Command::OpenDemo);
    }

    /// Asks the application for something, as a screen would.
    pub fn send_command(&self, command: Command) {
        self.app.send(command);
    }

    /// Says something at the bottom of the window.
    pub fn toast(&mut self, tone: Tone, words: impl Into<String>) {
        self.say(Toast::new(tone, words));
    }

    /// Says something, and keeps what was said.
    pub(super) fn say(&mut self, toast: Toast) {
        self.messages.keep(self.app.now(), toast.tone, &toast.words);
        self.toasts.push(toast);
    }

    /// Takes what there is to draw, and notices a lock. May run while the window is hidden.
    pub fn logic(&mut self, ctx: &Context) {
        self.look(ctx);
        if self.watch.minimised(ctx, &self.snapshot) {
            self.pass_on(Command::Lock(LockReason::Minimised));
        }
        self.watch.urge(ctx);
    }

    /// Draws the window and does what the screens ask for.
    pub fn ui(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.look(&ctx);
        self.watch.paint(ui);
        self.notice_activity(&ctx);
        self.poll(&ctx);
        let full = ui.max_rect();
        ui.painter().rect_filled(full, 0, theme::tokens(&ctx).bg);

        let replies = match &self.pinned {
            Some(_) => std::mem::take(&mut self.answers),
            None => self.app.take_replies(),
        };
        let mut intents = self.keyboard(&ctx);
        self.dropped(&ctx, &mut intents);
        let phase = self.snapshot.phase.clone();
        match &phase {
            Phase::Unlocked(_) => self.unlocked_ui(ui, full, &replies, &mut intents),
            _ => self.closed_ui(ui, full, &replies, &mut intents),
        }
        self.overlays(&ctx, &replies, &mut intents);
        self.hear_undo(&replies);
        for tag in self.toasts.show(&ctx) {
            intents.extend(self.of_toast(tag));
        }
        self.hovered(ui);
        self.run(&ctx, intents);
        self.finish(&ctx);
    }

    /// Takes the newest snapshot. Whatever was open is dropped when its session is over.
    fn look(&mut self, ctx: &Context) {
        self.snapshot = self.app.snapshot();
        if let Some(pinned) = &self.pinned {
            self.snapshot = Arc::clone(pinned);
        }
        let change = self.watch.change(&self.snapshot);
        if change.over {
            self.lock_up(ctx);
        }
        if !matches!(self.snapshot.phase, Phase::Locked(_)) {
            self.unlock.drop_password();
        }
        self.undo.watch(&self.snapshot);
        if change.begun
            && let Some(unlocked) = self.snapshot.unlocked()
        {
            let before = self.unlocked.replace(unlocked.path.clone());
            if before.is_some_and(|before| before != unlocked.path) {
                self.page = Page::default();
                self.back.clear();
                self.forward.clear();
            }
            if unlocked.is_demo {
                self.demo = Some(unlocked.path.clone());
            } else {
                self.workstation.remember(&unlocked.path, &unlocked.view.me.name);
                self.save_workstation();
            }
            // A picture shows what is so, not what has just begun.
            if self.pinned.is_none() {
                self.tell_limit();
                self.since_unseen = true;
            }
        }
    }

    /// Says when this session ends whatever happens.
    fn tell_limit(&mut self) {
        let Some(unlocked) = self.snapshot.unlocked() else { return };
        let left = unlocked.hard_deadline.saturating_sub(self.app.monotonic());
        let at = self.app.now().plus_ms(i64::try_from(left.as_millis()).unwrap_or(0));
        self.toast(Tone::Neutral, banners::limit_words(at));
    }

    /// What there is to draw.
    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot)
    }

    /// A ticket nobody else has.
    pub(super) fn ticket(&self) -> Ticket {
        self.tickets.set(self.tickets.get() + 1);
        self.tickets.get()
    }

    /// Drops everything that knows something of the vault. What stays is which page; what it showed comes back from the
    /// sealed draft.
    fn lock_up(&mut self, ctx: &Context) {
        self.pages.forget();
        self.pinned_revealed = None;
        self.palette = None;
        self.shortcuts = None;
        self.unlock = self.unlock.fresh();
        self.typed_path = None;
        self.create = None;
        self.asks_to_lock = false;
        self.toasts.clear();
        self.messages = messages::Messages::default();
        self.offers.clear();
        self.counts = rail::Counts::default();
        self.undo = undo::Undo::default();
        self.told = told::Told::default();
        self.watch.forget(ctx);
    }

    fn notice_activity(&mut self, ctx: &Context) {
        if !Activity::take(ctx) || self.snapshot.unlocked().is_none() {
            return;
        }
        let now = self.app.monotonic();
        if self.active_at.is_none_or(|at| now.saturating_sub(at) >= Duration::from_secs(1)) {
            self.active_at = Some(now);
            self.app.send(Command::Activity);
        }
    }

    /// Whether something lies over the page and takes the keyboard.
    pub(super) fn is_covered(&self) -> bool {
        self.palette.is_some()
            || self.shortcuts.is_some()
            || self.typed_path.is_some()
            || self.asks_to_lock
            || self.pages.is_dialog_open()
    }

    fn restore_drafts(&mut self) {
        let Returned { drafts, lost, unread } = self.app.take_drafts();
        if drafts.iter().any(|draft| draft.id == kept::POLICY) {
            let words = "A policy that was not saved before the lock is back, on Rotation under Policies.";
            self.toast(Tone::Info, words);
        }
        if !drafts.is_empty() {
            self.pages.restore(drafts);
        }
        // Where a page stood is no edit.
        let lost = lost.iter().filter(|id| **id != kept::ID).count();
        if lost > 0 {
            let what = plural(lost as u64, "edit that was not saved is", "edits that were not saved are");
            let words =
                format!("{what} lost: another program replaced your keys before the lock. Type it again.");
            self.toast(Tone::Warn, words);
        }
        if let Some(error) = unread {
            let words = format!(
                "Edits kept at an earlier lock could not be read ({error}). They stay in the file: lock, and unlock again."
            );
            self.toast(Tone::Warn, words);
        }
    }

    /// After the frame: title, protection of what is shown, and when to draw again.
    fn finish(&mut self, ctx: &Context) {
        let title = match &self.snapshot.phase {
            Phase::NoVault(_) => "Keyroom".to_owned(),
            Phase::Locked(_) => "Locked – Keyroom".to_owned(),
            Phase::Unlocked(unlocked) => format!("{} – Keyroom", unlocked.view.settings.vault_name),
        };
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
        let protected = self.app.with_revealed(|revealed| revealed.is_some());
        if protected != self.protected {
            ctx.send_viewport_cmd(ViewportCommand::ContentProtected(protected));
            self.protected = protected;
        }
        if let Some(after) = self.next_change() {
            ctx.request_repaint_after(after);
        }
    }

    /// When a countdown on the screen says something else.
    fn next_change(&self) -> Option<Duration> {
        let now = self.app.monotonic();
        let next = |deadline: Duration| {
            let left = deadline.saturating_sub(now);
            (!left.is_zero()).then(|| words::until_next_second(left))
        };
        let clipboard = self.snapshot.clipboard.as_ref().and_then(|state| next(state.clears_at));
        let revealed = self.app.with_revealed(|revealed| revealed.and_then(|value| next(value.hide_at)));
        let own = match &self.snapshot.phase {
            Phase::NoVault(_) => None,
            Phase::Locked(locked) if locked.opening_since.is_some() => Some(Duration::from_millis(100)),
            Phase::Locked(locked) => locked.wait_until.and_then(next),
            Phase::Unlocked(unlocked) => next(unlocked.idle_deadline.min(unlocked.hard_deadline)),
        };
        [clipboard, revealed, own].into_iter().flatten().min()
    }

    /// Writes what the workstation remembers.
    pub(super) fn save_workstation(&mut self) {
        let Some(path) = &self.workstation_path else { return };
        if self.workstation.save(path).is_err() {
            self.toast(Tone::Warn, "The settings of this workstation could not be saved.");
        }
    }

    /// Remembers the size of the window, in points, for the next start.
    pub fn remember_size(&mut self, size: egui::Vec2) {
        let size = [size.x.round(), size.y.round()];
        if self.workstation.window != Some(size) {
            self.workstation.window = Some(size);
            self.save_workstation();
        }
    }

    /// Draws this instead of what the application says: for pictures of situations that are hard to come by. Commands are
    /// kept, not run: see [`Shell::take_unsent`].
    pub fn pin(&mut self, snapshot: Snapshot) {
        self.pinned = Some(Arc::new(snapshot));
    }

    /// While something is pinned: draws this value as the one that is shown, until a lock.
    pub fn pin_revealed(&mut self, revealed: Revealed) {
        self.pinned_revealed = Some(revealed);
    }

    /// The commands that were not run because something is pinned, since the last call.
    pub fn take_unsent(&mut self) -> Vec<Command> {
        std::mem::take(&mut self.unsent)
    }

    /// While something is pinned: answers a command in the next frame.
    pub fn answer(&mut self, reply: Reply) {
        self.answers.push(reply);
    }

    /// Does what a screen would ask for.
    pub fn ask(&mut self, ctx: &Context, intent: Intent) {
        self.run(ctx, vec![intent]);
    }

    /// Sends a command to the application, unless something is pinned.
    pub(super) fn pass_on(&mut self, command: Command) {
        if self.pinned.is_some() {
            self.unsent.push(command);
        } else {
            self.app.send(command);
        }
    }
}
