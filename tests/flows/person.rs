//! A person at the window: finds things by the names a screen reader would say, clicks, types, presses keys, and looks.

use std::cell::{Ref, RefCell};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use keyroom::app::Command;
use keyroom::app::demo::{self, DemoOptions};
use keyroom::app::platform::dialogs::Picked;
use keyroom::crypto::kdf::KdfParams;
use keyroom::crypto::memory::SecretBuf;
use keyroom::model::{Action, Timestamp};
use keyroom::operations::{NewPassword, create_vault};
use keyroom::ui::shell::Shell;
use keyroom::vault::NewVault;

use crate::common::desk::{Desk, PASSWORD};

pub const CTRL: Modifiers = Modifiers::COMMAND;
pub const NONE: Modifiers = Modifiers::NONE;

/// A window that wants no frame for so long has come to rest; the countdown wants one a second.
const AT_REST: Duration = Duration::from_millis(200);

/// How long anything may take before the test gives up: long, since a machine that builds beside its tests is slow.
pub const PATIENCE: Duration = Duration::from_secs(120);

pub struct Person {
    pub desk: Desk,
    window: Option<Window>,
}

/// The window, and the shell in it.
type Window = Harness<'static, Rc<RefCell<Shell>>>;

impl Person {
    /// In front of a window that was just started, on a workstation that knows no vault.
    pub fn new() -> Self {
        let mut person = Self { desk: Desk::new(), window: None };
        person.start();
        person
    }

    /// In front of the unlock screen of a vault that was made a moment ago.
    pub fn at_a_locked_vault() -> Self {
        Self::at_a_locked_vault_of(KdfParams::FLOOR)
    }

    /// The same, with a password that takes this long to try.
    pub fn at_a_locked_vault_of(params: KdfParams) -> Self {
        let mut person = Self::new();
        person.shell().app().send(Command::Create {
            ticket: 1_000_000,
            path: person.desk.path(),
            name: "prod-vault".into(),
            operator: "m.ito".into(),
            password: NewPassword::strong(SecretBuf::from_slice(PASSWORD.as_bytes())),
            params,
        });
        person.until("Locks in");
        person.lock();
        person
    }

    /// In front of an unlocked, empty vault.
    pub fn at_a_vault() -> Self {
        let mut person = Self::at_a_locked_vault();
        person.unlock();
        person
    }

    /// In front of a vault with some keys and a thousand events, unlocked; a hundred years later. It is filled once.
    pub fn at_a_demo() -> Self {
        static FILE: OnceLock<Vec<u8>> = OnceLock::new();
        let mut person = Self::new();
        let file = FILE.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("demo.keyroom");
            let password = SecretBuf::from_slice(PASSWORD.as_bytes());
            let options = DemoOptions { keys: 26, events: 1000, seed: 1, now: None };
            let mut go_on = |_, _| ControlFlow::Continue(());
            demo::build(&path, &password, &options, &mut go_on).unwrap();
            std::fs::read(path).unwrap()
        });
        std::fs::write(person.desk.path(), file).unwrap();
        person.desk.clock.set_wall(Timestamp(4_000_000_000_000));
        person.shell().open(&person.desk.path());
        person.until("Master password");
        if person.count("Operator") > 0 {
            person.fill("Operator", demo::OPERATOR);
            person.click("Master password");
        }
        person.unlock();
        person.until("Log verified");
        person
    }

    /// Has named a vault and chosen its password in the wizard, which measures now.
    pub fn in_the_wizard(password: &str) -> Self {
        let mut person = Self::new();
        person.click("Create a vault");
        person.fill("Name of the vault", "prod-vault");
        person.fill("Your name in it", "m.ito");
        person.fill("File", &person.desk.path().to_string_lossy());
        person.click("Continue");
        person.fill("Master password", password);
        person.fill("Repeat it", password);
        person.click("Continue");
        person
    }

    /// Runs the command of the palette that these words lead to.
    pub fn command(&mut self, words: &str) {
        self.press(CTRL, Key::K);
        self.type_text(words);
        self.press(NONE, Key::Enter);
    }

    /// How often the file's own log says that this was done.
    pub fn logged(&self, action: Action) -> usize {
        self.desk.verified_log(PASSWORD).iter().filter(|event| event.action == action).count()
    }

    /// Starts the program.
    pub fn start(&mut self) {
        assert!(self.window.is_none(), "it runs already");
        let shell = Rc::new(RefCell::new(self.desk.shell()));
        let installed = Rc::clone(&shell);
        let window = Harness::builder()
            .with_size(vec2(1360.0, 860.0))
            .with_os(egui::os::OperatingSystem::Nix)
            .with_step_dt(1.0 / 60.0)
            .with_context_setup(move |ctx| installed.borrow().install(ctx, None))
            .build_ui_state(
                |ui, shell: &mut Rc<RefCell<Shell>>| {
                    let mut shell = shell.borrow_mut();
                    shell.logic(ui.ctx());
                    shell.ui(ui);
                },
                shell,
            );
        self.window = Some(window);
        self.settle();
    }

    /// Ends the program as closing the window does.
    pub fn quit(&mut self) {
        self.window = None;
    }

    fn window(&mut self) -> &mut Window {
        self.window.as_mut().unwrap()
    }

    fn shown(&self) -> &Window {
        self.window.as_ref().unwrap()
    }

    /// The program behind the window: for what a test must bring about, never for what it looks at.
    pub fn shell(&self) -> Ref<'_, Shell> {
        self.shown().state().borrow()
    }

    /// Lets the window draw until it is still.
    pub fn settle(&mut self) {
        for n in 1..=8 {
            self.window().step();
            let output = self.window().output().viewport_output.get(&egui::ViewportId::ROOT);
            let wants = output.is_some_and(|viewport| viewport.repaint_delay < AT_REST);
            // What comes of a click may ask for its frame only in the next one.
            if n >= 3 && !wants {
                break;
            }
        }
    }

    /// Everything that can be read or heard.
    pub fn all(&self) -> String {
        let mut words = Vec::new();
        for node in self.shown().root().children_recursive() {
            let node = node.accesskit_node();
            let told = [node.label(), node.value()].into_iter().flatten();
            words.extend(told.filter(|words| !words.trim().is_empty()));
        }
        words.join("\n")
    }

    pub fn sees(&self, words: &str) -> bool {
        self.all().contains(words)
    }

    /// How many things are called exactly `name`.
    pub fn count(&self, name: &str) -> usize {
        self.shown().query_all_by_label(name).count()
    }

    /// The state of something that can be used: where it is, whether it can be, whether it has the focus, and its value.
    fn thing(&self, name: &str) -> Option<Thing> {
        let mut found: Vec<Thing> = Vec::new();
        for node in self.shown().query_all_by_label(name) {
            let (rect, focused) = (node.rect(), node.is_focused());
            let node = node.accesskit_node();
            let (role, enabled) = (node.role(), !node.is_disabled());
            let in_dialog = std::iter::successors(Some(node), |n| n.parent()).any(|n| n.is_modal());
            found.push(Thing { rect, role, enabled, focused, in_dialog, value: node.value() });
        }
        // What lies below a dialog cannot be reached, and a button and the text painted on it may share the name.
        found.sort_by_key(|thing| (!thing.in_dialog, thing.role == Role::Label, !thing.enabled));
        found.into_iter().next()
    }

    #[track_caller]
    pub fn find(&self, name: &str) -> Thing {
        self.thing(name).unwrap_or_else(|| panic!("nothing is called \"{name}\" among:\n{}", self.all()))
    }

    pub fn is_focused(&self, name: &str) -> bool {
        self.thing(name).is_some_and(|thing| thing.focused)
    }

    pub fn is_enabled(&self, name: &str) -> bool {
        self.find(name).enabled
    }

    /// What the focus is on.
    pub fn focused(&self) -> Option<String> {
        let nodes = self.shown().root();
        let focused = nodes.children_recursive().find(|node| node.is_focused());
        focused.and_then(|node| node.accesskit_node().label())
    }

    /// Waits for something that can be used and clicks it with the mouse.
    #[track_caller]
    pub fn click(&mut self, name: &str) {
        let started = Instant::now();
        while self.thing(name).is_none_or(|thing| !thing.enabled) {
            self.wait(started, &format!("\"{name}\" to click"));
        }
        let at = self.find(name).rect.center();
        self.click_at(at);
    }

    pub fn click_at(&mut self, pos: egui::Pos2) {
        self.window().event(Event::PointerMoved(pos));
        for pressed in [true, false] {
            let button = egui::PointerButton::Primary;
            self.window().event(Event::PointerButton { pos, button, pressed, modifiers: NONE });
        }
        self.window().step();
        self.settle();
    }

    /// Types into what has the focus, a character at a time.
    pub fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.window().event(Event::Text(c.to_string()));
        }
        self.window().step();
        self.settle();
    }

    /// Pastes into what has the focus.
    pub fn paste(&mut self, text: &str) {
        self.window().event(Event::Paste(text.to_owned()));
        self.window().step();
        self.settle();
    }

    /// Clicks a field and writes over what is in it.
    #[track_caller]
    pub fn fill(&mut self, name: &str, text: &str) {
        self.click(name);
        self.press(CTRL, Key::A);
        self.type_text(text);
    }

    pub fn press(&mut self, modifiers: Modifiers, key: Key) {
        self.window().key_press_modifiers(modifiers, key);
        self.window().step();
        self.settle();
    }

    /// The same without letting the window come to rest, as a hand that is faster than the disk.
    pub fn press_without_waiting(&mut self, modifiers: Modifiers, key: Key) {
        self.window().key_press_modifiers(modifiers, key);
        self.window().step();
    }

    /// Presses Tab until `name` has the focus.
    #[track_caller]
    pub fn tab_to(&mut self, name: &str) {
        for _ in 0..80 {
            if self.is_focused(name) {
                return;
            }
            self.press(NONE, Key::Tab);
        }
        panic!("Tab never came to \"{name}\" among:\n{}", self.all());
    }

    /// Waits until `words` can be read or heard, and the window is still.
    #[track_caller]
    pub fn until(&mut self, words: &str) {
        let started = Instant::now();
        while !self.sees(words) {
            self.wait(started, &format!("\"{words}\""));
        }
        self.settle();
        self.window().check_accessibility();
    }

    /// Waits until nothing on the screen says this any more, such as the title of a dialog whose work is done.
    #[track_caller]
    pub fn until_gone(&mut self, words: &str) {
        self.until_that(&format!("the end of \"{words}\""), |person| !person.sees(words));
    }

    /// Waits until something holds.
    #[track_caller]
    pub fn until_that(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let started = Instant::now();
        while !holds(self) {
            self.wait(started, what);
        }
        self.settle();
    }

    #[track_caller]
    fn wait(&mut self, since: Instant, what: &str) {
        assert!(since.elapsed() < PATIENCE, "{what} never came; on the screen:\n{}", self.all());
        // Most of the time for whoever is waited for: a frame of a debug build is a long one.
        std::thread::sleep(Duration::from_millis(20));
        self.window().step();
    }

    /// Lets time go by as if nobody were there.
    pub fn pass(&mut self, time: Duration) {
        self.desk.clock.advance(time);
        self.shell().app().send(Command::Wake);
        std::thread::sleep(Duration::from_millis(50));
        self.settle();
    }

    /// The next file dialog is answered with this file of the person's folder.
    pub fn will_choose(&self, file: &str) {
        self.desk.dialogs.push(Picked::Path(self.desk.dir.path().join(file)));
    }

    /// Another vault than the one of this desk can be opened and unlocked from here: whatever was wrong, the program goes on.
    #[track_caller]
    pub fn opens_another_vault(&mut self) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spare.keyroom");
        let password = SecretBuf::from_slice(PASSWORD.as_bytes());
        let new =
            NewVault { name: "spare", operator: "m.ito", password: &password, params: KdfParams::FLOOR };
        drop(create_vault(&path, self.desk.env(), &new, "").unwrap());
        self.desk.dialogs.push(Picked::Path(path));
        let button =
            if self.sees("Open another vault…") { "Open another vault…" } else { "Open existing…" };
        self.click(button);
        self.until_door_of("spare");
        self.unlock();
        self.lock();
    }

    /// Waits for the unlock screen of this vault, ready for its password.
    #[track_caller]
    pub fn until_door_of(&mut self, name: &str) {
        self.until_that(name, |p| p.count(name) > 0 && p.is_focused("Master password"));
    }

    /// Makes the window small, or large again.
    pub fn minimise(&mut self, minimised: bool) {
        let viewports = &mut self.window().input_mut().viewports;
        viewports.entry(egui::ViewportId::ROOT).or_default().minimized = Some(minimised);
        self.settle();
    }

    pub fn lock(&mut self) {
        self.press(CTRL, Key::L);
        self.until("Master password");
    }

    pub fn unlock(&mut self) {
        self.unlock_with(PASSWORD);
    }

    pub fn unlock_with(&mut self, password: &str) {
        self.type_text(password);
        self.press(NONE, Key::Enter);
        self.until("Locks in");
    }

    /// Puts a password key in by the dialog, with a value typed.
    pub fn add_key(&mut self, name: &str, value: &str) {
        self.press(CTRL, Key::Num2);
        self.press(CTRL, Key::N);
        self.until("New key");
        self.fill("Name", name);
        self.click("Paste");
        self.click("Value");
        self.type_text(value);
        self.click("Add key");
        self.until(&format!("{name} was added."));
    }
}

/// Something on the screen.
pub struct Thing {
    pub rect: Rect,
    pub role: Role,
    pub enabled: bool,
    pub focused: bool,
    in_dialog: bool,
    pub value: Option<String>,
}
