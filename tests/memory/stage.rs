//! The same window without a desktop: the whole shell, drawn off-screen, with a person who goes by the names of things.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use egui::{Key, Modifiers, Rect, Ui, Vec2};
use keyroom::app::platform::clipboard::{Clipboard, MemoryClipboard};
use keyroom::app::platform::dialogs::ScriptedDialogs;
use keyroom::app::platform::paths::Workstation;
use keyroom::app::{App, Services, Status};
use keyroom::crypto::memory::SecretBuf;
use keyroom::ui::offscreen::{Driver, Found};
use keyroom::ui::shell::{Shell, ShellOptions};
use keyroom::ui::widgets::PasteSource;
use keyroom::vault::Environment;
use keyroom::vault::anchor::MemoryAnchor;
use keyroom::vault::clock::SystemClock;

/// The name of something that is there while a vault is unlocked.
pub const UNLOCKED: &str = "Search keys, events, commands";

/// A workstation of no particular name, which remembers nothing.
pub fn environment() -> Environment {
    Environment {
        clock: Arc::new(SystemClock),
        anchor: Arc::new(MemoryAnchor::new()),
        host: "ws".into(),
        os_user: "user".into(),
    }
}

/// What draws it, whatever it is.
type Screen = Driver<Box<dyn FnMut(&mut Ui)>>;

/// The window's contents and who operates them.
pub struct Stage {
    driver: Screen,
    clipboard: MemoryClipboard,
}

struct Paste(MemoryClipboard);

impl PasteSource for Paste {
    fn read_into(&mut self, buf: &mut SecretBuf) {
        // An empty clipboard pastes nothing.
        let _ = self.0.read_into(buf);
    }
}

impl Stage {
    /// A window of this size on the vault at `path`.
    pub fn open(path: &Path, size: Vec2) -> Self {
        let clipboard = MemoryClipboard::new();
        let Environment { clock, anchor, host, os_user } = environment();
        let services = Services {
            clock,
            anchor,
            clipboard: Box::new(clipboard.clone()),
            host,
            os_user,
            status: Status::default(),
            watch_system: false,
        };
        let options = ShellOptions {
            app: App::start(services, || {}).unwrap(),
            dialogs: Box::new(ScriptedDialogs::new([])),
            workstation: Workstation::default(),
            workstation_path: None,
        };
        let shell = Rc::new(RefCell::new(Shell::new(options)));
        let drawn = Rc::clone(&shell);
        let draw: Box<dyn FnMut(&mut Ui)> = Box::new(move |ui| {
            let mut shell = drawn.borrow_mut();
            shell.logic(ui.ctx());
            shell.ui(ui);
        });
        let driver = Driver::new(size, draw);
        let installed = shell.borrow();
        installed.install(driver.ctx(), Some(Box::new(Paste(clipboard.clone()))));
        installed.open(path);
        drop(installed);
        Self { driver, clipboard }
    }

    /// Lets it draw until `is`, for so long that it must be broken otherwise.
    pub fn until(&mut self, what: &str, is: impl Fn(&Screen) -> bool) {
        let started = Instant::now();
        self.driver.settle(8);
        while !is(&self.driver) {
            let there: Vec<_> = self.driver.all().into_iter().map(|found| found.label).collect();
            assert!(started.elapsed() < Duration::from_secs(120), "{what} did not come: {there:?}");
            sleep(Duration::from_millis(10));
            self.driver.settle(8);
        }
    }

    /// Lets it draw until other programs could paste something.
    pub fn until_copied(&mut self) {
        let clipboard = self.clipboard.clone();
        self.until("something on the clipboard", |_| clipboard.content().is_some());
    }

    /// Waits for something called `label` that takes input.
    pub fn wait_for(&mut self, label: &str) -> Found {
        self.until(label, |driver| driver.find(label).is_some_and(|found| !found.disabled));
        self.driver.find(label).unwrap()
    }

    /// Where it is.
    pub fn place_of(&mut self, label: &str) -> Rect {
        self.wait_for(label).rect
    }

    /// Clicks it when it is there.
    pub fn click(&mut self, label: &str) {
        self.wait_for(label);
        self.driver.click(label).unwrap();
    }

    /// Types one character at a time.
    pub fn type_characters(&mut self, characters: impl Iterator<Item = char>) {
        let mut room = [0; 4];
        for c in characters {
            self.driver.type_text(c.encode_utf8(&mut room));
        }
        room.fill(0);
        std::hint::black_box(&room);
    }

    /// Presses a key.
    pub fn key(&mut self, key: Key, modifiers: Modifiers) {
        self.driver.key(key, modifiers);
    }

    /// Lets it draw so many frames.
    pub fn frames(&mut self, count: usize) {
        for _ in 0..count {
            self.driver.step();
        }
    }
}
