//! The window without a display: the real shell on a real vault, driven off-screen by its accessible names.
//!
//! [`demonstrate`] does the main job and takes a picture of each step; [`screens`] takes a picture of every screen in light
//! and dark. Both work in a temporary folder, with a clipboard and an anchor of their own: nothing of the person's is touched.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Key, Modifiers, Ui, vec2};

use crate::app::platform::clipboard::MemoryClipboard;
use crate::app::platform::dialogs::TypedPath;
use crate::app::platform::paths::Workstation;
use crate::app::{App, Command, Services, Status, demo};
use crate::crypto::memory::SecretBuf;
use crate::vault::VaultError;
use crate::vault::anchor::MemoryAnchor;
use crate::vault::clock::{Clock, ManualClock, SystemClock};

use super::offscreen::{Driver, NotThere};
use super::shell::{Shell, ShellOptions};
use super::theme::Theme;

/// The size of the pictures, in points: the window at its first start.
const SIZE: egui::Vec2 = vec2(1360.0, 860.0);
/// How long a step may take before the tour gives up: the password function on a slow machine is seconds.
const PATIENCE: Duration = Duration::from_secs(120);
/// The password of the vault the demonstration makes. It protects nothing.
const PASSWORD: &str = "seven quiet herons cross a frozen lake";

/// Why a tour ended early.
#[derive(Debug, thiserror::Error)]
pub enum TourError {
    /// Something on the screen was not where it should be.
    #[error("{0}")]
    Lost(#[from] NotThere),
    /// Something did not happen in time.
    #[error("\"{waited_for}\" never came; on the screen: {seen}")]
    Late {
        /// What was waited for.
        waited_for: String,
        /// What is there instead.
        seen: String,
    },
    /// The vault refused.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A file or thread could not be had.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Does the main job off-screen: create, unlock, add, rotate, review the log, lock by itself. Writes a picture of each step to
/// `dir`, which is made where it does not exist, and tells the pictures.
///
/// # Errors
/// [`TourError`] says which step failed.
pub fn demonstrate(dir: &Path) -> Result<Vec<PathBuf>, TourError> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("prod-vault.keyroom");
    let mut tour = Tour::start(dir, SystemClock.wall())?;
    tour.create(&path)?;
    tour.lock_and_unlock()?;
    tour.add_and_rotate()?;
    tour.review()?;
    tour.lock_by_itself()?;
    Ok(tour.pictures)
}

/// Draws every screen in light and dark on a demonstration vault. Writes the pictures to `dir` and tells them.
///
/// # Errors
/// [`TourError`] says which screen failed.
pub fn screens(dir: &Path) -> Result<Vec<PathBuf>, TourError> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(demo::VAULT).with_extension("keyroom");
    let password = SecretBuf::from_slice(demo::PASSWORD.as_bytes());
    let now = SystemClock.wall();
    let options = demo::DemoOptions { now: Some(now), ..demo::DemoOptions::default() };
    demo::build(&path, &password, &options, &mut |_, _| std::ops::ControlFlow::Continue(()))?;
    let mut tour = Tour::start(dir, now)?;
    tour.wait_for("Explore with demo data")?;
    tour.both("welcome")?;
    tour.send(Command::Open(path));
    tour.wait_for("Master password")?;
    tour.both("unlock")?;
    tour.unlock(Some(demo::OPERATOR), demo::PASSWORD)?;
    for (key, name) in [
        (Key::Num1, "overview"),
        (Key::Num2, "keys"),
        (Key::Num3, "rotation"),
        (Key::Num4, "audit"),
        (Key::Num5, "session"),
        (Key::Num6, "settings"),
    ] {
        tour.driver.key(key, Modifiers::COMMAND);
        tour.settle();
        tour.both(name)?;
    }
    tour.driver.key(Key::Num2, Modifiers::COMMAND);
    tour.driver.key(Key::N, Modifiers::COMMAND);
    tour.settle();
    tour.both("new-key")?;
    tour.driver.key(Key::Escape, Modifiers::NONE);
    tour.driver.key(Key::K, Modifiers::COMMAND);
    tour.settle();
    tour.both("palette")?;
    Ok(tour.pictures)
}

/// The window, shared between the driver that draws it and the steps that ask it for something.
type Window = Rc<RefCell<Shell>>;

/// What the driver draws.
type Draw = Box<dyn FnMut(&mut Ui)>;

struct Tour {
    driver: Driver<Draw>,
    shell: Window,
    clock: ManualClock,
    dir: PathBuf,
    pictures: Vec<PathBuf>,
}

impl Tour {
    fn start(dir: &Path, now: crate::model::Timestamp) -> Result<Self, TourError> {
        std::fs::create_dir_all(dir)?;
        let clock = ManualClock::at(now);
        let services = Services {
            clock: Arc::new(clock.clone()),
            anchor: Arc::new(MemoryAnchor::new()),
            clipboard: Box::new(MemoryClipboard::new()),
            host: "ws-14".to_owned(),
            os_user: "mito".to_owned(),
            status: Status { memory: "Drawn without a display".to_owned(), ..Status::default() },
            watch_system: false,
        };
        let shell = Shell::new(ShellOptions {
            app: App::start(services, || {})?,
            dialogs: Box::new(TypedPath),
            workstation: Workstation::default(),
            workstation_path: None,
        });
        let shell = Rc::new(RefCell::new(shell));
        let inside = Rc::clone(&shell);
        let app: Draw = Box::new(move |ui| {
            let mut shell = inside.borrow_mut();
            shell.logic(ui.ctx());
            shell.ui(ui);
        });
        let driver = Driver::new(SIZE, app);
        shell.borrow().install(driver.ctx(), None);
        super::theme::apply(driver.ctx(), Theme::Light);
        Ok(Self { driver, shell, clock, dir: dir.to_owned(), pictures: Vec::new() })
    }

    fn create(&mut self, path: &Path) -> Result<(), TourError> {
        self.wait_for("Create a vault")?;
        self.picture("welcome")?;
        self.click("Create a vault")?;
        self.fill("Name of the vault", "prod-vault")?;
        self.fill("Your name in it", "m.ito")?;
        self.fill("File", &path.to_string_lossy())?;
        self.picture("create")?;
        self.click("Continue")?;
        self.fill("Master password", PASSWORD)?;
        self.fill("Repeat it", PASSWORD)?;
        self.picture("create-password")?;
        self.click("Continue")?;
        self.wait_until_enabled("Continue")?;
        self.picture("create-unlock-time")?;
        self.click("Continue")?;
        self.click("I have stored the password safely")?;
        self.picture("create-recovery")?;
        self.click("Create vault")?;
        self.wait_for("Lock")?;
        self.settle();
        Ok(())
    }

    fn lock_and_unlock(&mut self) -> Result<(), TourError> {
        self.driver.key(Key::L, Modifiers::COMMAND);
        self.wait_for("Master password")?;
        self.picture("unlock")?;
        self.unlock(None, PASSWORD)?;
        self.picture("overview-empty")
    }

    fn add_and_rotate(&mut self) -> Result<(), TourError> {
        self.driver.key(Key::Num2, Modifiers::COMMAND);
        self.driver.key(Key::N, Modifiers::COMMAND);
        self.fill("Name", "payments-db")?;
        self.picture("add")?;
        self.click("Add key")?;
        self.wait_for("payments-db")?;
        self.settle();
        self.picture("added")?;
        self.driver.key(Key::R, Modifiers::COMMAND);
        self.settle();
        self.picture("rotate")?;
        self.click("Make v2 current")?;
        self.settle();
        self.picture("rotated")
    }

    fn review(&mut self) -> Result<(), TourError> {
        self.driver.key(Key::Num4, Modifiers::COMMAND);
        self.settle();
        self.picture("log")
    }

    /// Nobody touches anything: the warning comes, then the lock.
    fn lock_by_itself(&mut self) -> Result<(), TourError> {
        self.pass(Duration::from_secs(275));
        self.wait_for("Stay unlocked")?;
        self.picture("warning")?;
        self.pass(Duration::from_secs(30));
        self.wait_for("Master password")?;
        self.settle();
        self.picture("locked")
    }

    fn unlock(&mut self, operator: Option<&str>, password: &str) -> Result<(), TourError> {
        if let Some(operator) = operator {
            self.fill("Operator", operator)?;
        }
        self.fill("Master password", password)?;
        self.driver.key(Key::Enter, Modifiers::NONE);
        self.wait_for("Lock")?;
        self.settle();
        Ok(())
    }

    /// Lets time go by for the vault, not for the person who waits for the picture.
    fn pass(&mut self, time: Duration) {
        self.clock.advance(time);
        self.send(Command::Wake);
    }

    fn send(&self, command: Command) {
        self.shell.borrow().send_command(command);
    }

    fn fill(&mut self, label: &str, text: &str) -> Result<(), TourError> {
        self.wait_for(label)?;
        self.driver.click(label)?;
        self.driver.step();
        self.driver.key(Key::A, Modifiers::COMMAND);
        self.driver.type_text(text);
        self.driver.settle(8);
        Ok(())
    }

    fn click(&mut self, label: &str) -> Result<(), TourError> {
        self.wait_until_enabled(label)?;
        self.driver.click(label)?;
        self.driver.settle(8);
        Ok(())
    }

    fn wait_for(&mut self, label: &str) -> Result<(), TourError> {
        self.wait(label, |driver| driver.find(label).is_some())
    }

    fn wait_until_enabled(&mut self, label: &str) -> Result<(), TourError> {
        self.wait(label, |driver| driver.find(label).is_some_and(|found| !found.disabled))
    }

    fn wait(&mut self, what: &str, there: impl Fn(&Driver<Draw>) -> bool) -> Result<(), TourError> {
        let started = Instant::now();
        loop {
            self.driver.step();
            if there(&self.driver) {
                return Ok(());
            }
            if started.elapsed() > PATIENCE {
                let seen: Vec<_> =
                    self.driver.all().into_iter().map(|f| f.label).filter(|l| !l.is_empty()).collect();
                return Err(TourError::Late { waited_for: what.to_owned(), seen: seen.join(" | ") });
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Gives the worker time to read the log and answer, and the window to draw it.
    fn settle(&mut self) {
        for _ in 0..40 {
            self.driver.step();
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn picture(&mut self, name: &str) -> Result<(), TourError> {
        let file = self.dir.join(format!("{:02}-{name}.png", self.pictures.len() + 1));
        self.driver.screenshot().save(&file)?;
        self.pictures.push(file);
        Ok(())
    }

    fn both(&mut self, name: &str) -> Result<(), TourError> {
        for (theme, suffix) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
            super::theme::apply(self.driver.ctx(), theme);
            self.settle();
            self.picture(&format!("{name}-{suffix}"))?;
        }
        Ok(())
    }
}
