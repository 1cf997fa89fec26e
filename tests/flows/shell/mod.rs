//! The whole window without a desktop around it, on a real vault with clocks that the test moves: what it asks of the desktop and
//! when it draws can be looked at here.

mod deeds;
mod door;
mod ways;

use std::cell::{RefCell, RefMut};
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use egui::{Key, Modifiers, vec2};
use keyroom::app::Command;
use keyroom::app::platform::paths::Workstation;
use keyroom::crypto::kdf::KdfParams;
use keyroom::crypto::memory::SecretBuf;
use keyroom::model::{KeyId, KeyType};
use keyroom::operations::{CreateKey, KeyDraft, NewPassword, NewValue};
use keyroom::ui::offscreen::Driver;
use keyroom::ui::shell::Shell;

use crate::common::desk::{Desk, PASSWORD};
use crate::common::window::{Draw, window};
use crate::person::{CTRL, PATIENCE};

/// A window on a real application.
struct Bench {
    desk: Desk,
    shell: Rc<RefCell<Shell>>,
    driver: Driver<Draw>,
}

impl Bench {
    fn new() -> Self {
        let desk = Desk::new();
        let (shell, driver) = window(desk.shell(), vec2(1360.0, 860.0));
        let mut bench = Self { desk, shell, driver };
        bench.driver.settle(4);
        bench
    }

    /// A locked vault on its unlock screen.
    fn locked() -> Self {
        let mut bench = Self::new();
        let path = bench.path();
        bench.shell().app().send(Command::Create {
            ticket: 1_000_000,
            path,
            name: "prod-vault".into(),
            operator: "m.ito".into(),
            password: NewPassword::strong(SecretBuf::from_slice(PASSWORD.as_bytes())),
            params: KdfParams::FLOOR,
        });
        bench.until("Overview");
        bench.key(Key::L, CTRL);
        bench.until("Unlock");
        bench
    }

    fn unlocked() -> Self {
        let mut bench = Self::locked();
        bench.unlock();
        bench
    }

    fn unlock(&mut self) {
        self.driver.type_text(PASSWORD);
        self.key(Key::Enter, Modifiers::NONE);
        self.until("Overview");
    }

    fn path(&self) -> PathBuf {
        self.desk.path()
    }

    fn workstation(&self) -> Workstation {
        self.desk.workstation()
    }

    fn shell(&self) -> RefMut<'_, Shell> {
        self.shell.borrow_mut()
    }

    fn key(&mut self, key: Key, modifiers: Modifiers) {
        self.driver.key(key, modifiers);
    }

    fn sees(&self, words: &str) -> bool {
        self.driver.find(words).is_some()
    }

    /// Everything that can be read or heard on the screen.
    fn all(&self) -> String {
        let words = self.driver.all().into_iter().map(|found| {
            let value = found.value.unwrap_or_default();
            format!("{} {value}", found.label)
        });
        words.collect::<Vec<_>>().join("\n")
    }

    /// Steps until `words` are on the screen.
    fn until(&mut self, words: &str) {
        let started = Instant::now();
        while !self.sees(words) {
            assert!(started.elapsed() < PATIENCE, "no \"{words}\" among:\n{}", self.all());
            std::thread::sleep(Duration::from_millis(5));
            self.driver.step();
        }
        self.driver.settle(8);
    }

    /// Steps until `words` are somewhere in what can be read or heard.
    fn until_told(&mut self, words: &str) {
        let started = Instant::now();
        while !self.all().contains(words) {
            assert!(started.elapsed() < PATIENCE, "no \"{words}\" among:\n{}", self.all());
            std::thread::sleep(Duration::from_millis(5));
            self.driver.step();
        }
    }

    /// Lets time pass for the application, as if nobody were there.
    fn pass(&mut self, time: Duration) {
        self.desk.clock.advance(time);
        self.shell().app().send(Command::Wake);
        std::thread::sleep(Duration::from_millis(50));
        self.driver.settle(8);
    }
}

/// Puts a key in, past the dialogs.
fn add_key(bench: &mut Bench, name: &str) -> KeyId {
    let draft = KeyDraft::new(name, KeyType::Password);
    let value = NewValue::Entered(SecretBuf::from_slice(b"s3cret"));
    bench.shell().app().send(Command::act(2_000_000, CreateKey { draft, value, activate: true }));
    let started = Instant::now();
    loop {
        assert!(started.elapsed() < PATIENCE, "the key never came");
        std::thread::sleep(Duration::from_millis(5));
        bench.driver.step();
        let snapshot = bench.shell().app().snapshot();
        let view = &snapshot.unlocked().unwrap().view;
        if let Ok(key) = view.find(name) {
            return key.id;
        }
    }
}
