//! Where a scene stands: the real shell with a snapshot pinned to it, drawn off-screen. Commands go nowhere.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect, Vec2, vec2};
use keyroom::app::platform::clipboard::MemoryClipboard;
use keyroom::app::platform::dialogs::{Picked, ScriptedDialogs};
use keyroom::app::platform::paths::Workstation;
use keyroom::app::{App, Command, Done, Phase, Reply, Revealed, Snapshot, UnlockedView};
use keyroom::crypto::kdf::{Calibration, KdfParams};
use keyroom::crypto::memory::SecretBuf;
use keyroom::model::search::KeyIndex;
use keyroom::model::{KeyId, KeyRecord, Timestamp};
use keyroom::ui::fixture;
use keyroom::ui::frame::{DialogRequest, Intent};
use keyroom::ui::offscreen::Driver;
use keyroom::ui::shell::{Shell, ShellOptions};
use keyroom::ui::theme::{self, Theme};
use keyroom::vault::anchor::MemoryAnchor;
use keyroom::vault::clock::Clock;
use keyroom::vault::{Keys, View};

use crate::common::desk::services;
use crate::common::window::{Draw, window};

pub const LARGE: Vec2 = vec2(1360.0, 860.0);
pub const SMALL: Vec2 = vec2(1024.0, 700.0);
/// A window of 1440 x 900 at 200 %.
pub const HALF: Vec2 = vec2(720.0, 450.0);
pub const CTRL: Modifiers = Modifiers::COMMAND;
pub const NONE: Modifiers = Modifiers::NONE;

pub struct Stand {
    pub driver: Driver<Draw>,
    shell: Rc<RefCell<Shell>>,
    snapshot: Snapshot,
    dialogs: ScriptedDialogs,
}

/// Clocks that show what the fixture was made for.
struct Still;

impl Clock for Still {
    fn wall(&self) -> Timestamp {
        fixture::now()
    }

    fn monotonic(&self) -> Duration {
        fixture::MONO
    }
}

/// The inventory of the design's pictures, made once.
pub fn inventory() -> Snapshot {
    static MADE: OnceLock<Snapshot> = OnceLock::new();
    MADE.get_or_init(|| fixture::unlocked(1204).0).clone()
}

impl Stand {
    pub fn new(size: Vec2, look: Theme, snapshot: Snapshot, workstation: Workstation) -> Self {
        let services = services(Arc::new(Still), Arc::new(MemoryAnchor::new()), MemoryClipboard::new());
        let dialogs = ScriptedDialogs::default();
        let mut shell = Shell::new(ShellOptions {
            app: App::start(services, || {}).unwrap(),
            dialogs: Box::new(dialogs.clone()),
            workstation,
            workstation_path: None,
        });
        shell.pin(snapshot.clone());
        let (shell, driver) = window(shell, size);
        theme::apply(driver.ctx(), look);
        let mut stand = Self { driver, shell, snapshot, dialogs };
        stand.settle();
        stand
    }

    pub fn set_theme(&mut self, look: Theme) {
        theme::apply(self.driver.ctx(), look);
        self.settle();
    }

    /// Draws until nothing moves; dialogs fade in meanwhile.
    pub fn settle(&mut self) {
        self.driver.settle(6);
        self.driver.pass_time(1.0);
        self.driver.settle(4);
    }

    /// Another state of the application.
    pub fn pin(&mut self, change: impl FnOnce(&mut Snapshot)) {
        self.snapshot.serial += 1;
        change(&mut self.snapshot);
        self.shell.borrow_mut().pin(self.snapshot.clone());
        self.settle();
    }

    /// Another state of the unlocked vault.
    pub fn change(&mut self, change: impl FnOnce(&mut UnlockedView)) {
        self.pin(|snapshot| {
            let Phase::Unlocked(view) = &mut snapshot.phase else { panic!("nothing is unlocked") };
            change(Arc::make_mut(view));
        });
    }

    /// Another state of what is in the vault.
    pub fn change_view(&mut self, change: impl FnOnce(&mut View)) {
        self.change(|unlocked| change(Arc::make_mut(&mut unlocked.view)));
    }

    /// Another state of one key.
    pub fn change_key(&mut self, name: &str, change: impl FnOnce(&mut KeyRecord)) {
        let id = self.id(name);
        self.change(|unlocked| {
            let view = Arc::make_mut(&mut unlocked.view);
            let mut keys = view.keys.all().to_vec();
            let key = keys.iter_mut().find(|key| key.id == id).unwrap();
            change(Arc::make_mut(key));
            view.keys = Keys::new(keys.clone());
            unlocked.keys = KeyIndex::new(Arc::clone(&view.settings), keys);
        });
    }

    pub fn unlocked(&self) -> Arc<UnlockedView> {
        Arc::clone(self.snapshot.unlocked().unwrap())
    }

    pub fn id(&self, name: &str) -> KeyId {
        self.unlocked().view.find(name).unwrap().id
    }

    pub fn ask(&mut self, intent: Intent) {
        let ctx = self.driver.ctx().clone();
        self.shell.borrow_mut().ask(&ctx, intent);
        self.settle();
    }

    /// A dialog about a key of the inventory, over its page.
    pub fn dialog(&mut self, name: &str, request: impl FnOnce(KeyId) -> DialogRequest) {
        let id = self.id(name);
        self.ask(Intent::Open(request(id)));
    }

    pub fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.driver.key(key, modifiers);
        self.settle();
    }

    #[track_caller]
    pub fn click(&mut self, name: &str) {
        if let Err(error) = self.driver.click(name) {
            let all: Vec<_> = self.driver.all().into_iter().map(|found| found.label).collect();
            panic!("{error}; there is {all:?}");
        }
        self.settle();
    }

    #[track_caller]
    pub fn fill(&mut self, name: &str, text: &str) {
        let fields = [Role::TextInput, Role::PasswordInput, Role::MultilineTextInput];
        match fields.into_iter().find_map(|role| self.driver.find_role(role, name)) {
            Some(field) => self.driver.click_at(field.rect.center()),
            None => self.click(name),
        }
        self.driver.key(Key::A, CTRL);
        self.driver.type_text(text);
        self.settle();
    }

    pub fn type_text(&mut self, text: &str) {
        self.driver.type_text(text);
        self.settle();
    }

    /// No file dialog on this desktop: paths are typed.
    pub fn no_dialogs(&self) {
        self.dialogs.push(Picked::NoDialog);
    }

    /// Answers the last command that has a ticket.
    pub fn answer(&mut self, result: Result<Done, keyroom::vault::VaultError>) {
        let ticket = self.shell.borrow_mut().take_unsent().iter().rev().find_map(ticket_of);
        let reply = Reply { ticket: ticket.unwrap_or_else(|| panic!("nothing was asked")), result };
        self.shell.borrow_mut().answer(reply);
        self.settle();
    }

    /// The measured time of an unlock, always the same.
    pub fn answer_calibration(&mut self) {
        let found = Calibration { params: KdfParams::DEFAULT, measured: Duration::from_millis(960) };
        self.answer(Ok(Done::Calibrated(found)));
    }

    /// The value of a key, shown.
    pub fn reveal(&mut self, name: &str, value: &str) {
        let key = self.unlocked().view.find(name).unwrap().clone();
        self.shell.borrow_mut().pin_revealed(Revealed {
            key: key.id,
            version: key.current_number(),
            name: key.name.clone(),
            display: SecretBuf::from_slice(value.as_bytes()),
            hide_at: fixture::MONO + Duration::from_secs(24),
        });
        self.settle();
    }

    /// Where the topmost dialog is.
    pub fn dialog_rect(&self) -> Rect {
        let dialogs = |role: Role| matches!(role, Role::Dialog | Role::AlertDialog);
        let mut found = self.driver.all().into_iter().filter(|f| dialogs(f.role)).map(|f| f.rect);
        found.next_back().unwrap_or_else(|| panic!("no dialog is open"))
    }
}

fn ticket_of(command: &Command) -> Option<u64> {
    match command {
        Command::Calibrate { ticket, .. }
        | Command::Create { ticket, .. }
        | Command::StepUp { ticket, .. }
        | Command::Act { ticket, .. }
        | Command::ImportCsv { ticket, .. }
        | Command::ReadCsv { ticket, .. }
        | Command::Backup { ticket, .. }
        | Command::ExportLog { ticket, .. } => Some(*ticket),
        _ => None,
    }
}
