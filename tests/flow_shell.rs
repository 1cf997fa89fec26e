//! The whole window, played by a person: unlock, wait, lock, come back; on a real vault with clocks that the test moves.

#![allow(clippy::unwrap_used, reason = "a test ends where the ground it stands on is missing")]
#![allow(
    clippy::arc_with_non_send_sync,
    reason = "one thread draws and plays; the lock is for the guard it hands out"
)]

mod common;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use common::desk::{Desk, PASSWORD};
use egui::{Key, Modifiers, Ui, ViewportCommand, vec2};
use keyroom::app::Command;
use keyroom::app::platform::dialogs::Picked;
use keyroom::app::platform::paths::{self, Workstation};
use keyroom::crypto::kdf::KdfParams;
use keyroom::crypto::memory::SecretBuf;
use keyroom::model::{KeyId, KeyType};
use keyroom::operations::{CreateKey, EditKey, KeyDraft, NewPassword, NewValue};
use keyroom::ui::frame::Page;
use keyroom::ui::offscreen::Driver;
use keyroom::ui::shell::Shell;

const CTRL: Modifiers = Modifiers::COMMAND;

type Shared = Arc<Mutex<Shell>>;
type Window = Box<dyn FnMut(&mut Ui)>;
type Player = Driver<Window>;

/// A window on a real application.
struct Bench {
    desk: Desk,
    shell: Shared,
    driver: Player,
}

fn drive(shell: Shell, size: egui::Vec2) -> (Shared, Player) {
    let shared = Arc::new(Mutex::new(shell));
    let inside = Arc::clone(&shared);
    let app: Window = Box::new(move |ui| {
        let shell = &mut *inside.lock().unwrap();
        shell.logic(ui.ctx());
        shell.ui(ui);
    });
    let driver = Driver::new(size, app);
    shared.lock().unwrap().install(driver.ctx(), None);
    (shared, driver)
}

impl Bench {
    fn new() -> Self {
        let desk = Desk::new();
        let (shell, driver) = drive(desk.shell(), vec2(1360.0, 860.0));
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

    fn shell(&self) -> MutexGuard<'_, Shell> {
        self.shell.lock().unwrap()
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
            assert!(started.elapsed() < Duration::from_secs(60), "no \"{words}\" among:\n{}", self.all());
            std::thread::sleep(Duration::from_millis(5));
            self.driver.step();
        }
        self.driver.settle(8);
    }

    /// Steps until `words` are somewhere in what can be read or heard.
    fn until_told(&mut self, words: &str) {
        let started = Instant::now();
        while !self.all().contains(words) {
            assert!(started.elapsed() < Duration::from_secs(60), "no \"{words}\" among:\n{}", self.all());
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

#[test]
fn the_window_opens_on_three_choices_and_a_typed_path_where_no_dialog_is() {
    let mut bench = Bench::new();
    for choice in ["Create a vault", "Open existing…", "Explore with demo data"] {
        assert!(bench.sees(choice), "{}", bench.all());
    }
    assert!(bench.driver.find("Create a vault").unwrap().focused);
    bench.desk.dialogs.push(Picked::NoDialog);
    bench.driver.click("Open existing…").unwrap();
    bench.driver.settle(4);
    assert!(bench.driver.find("Path of the vault").unwrap().focused);
    bench.driver.type_text("/no/such/file.keyroom");
    bench.key(Key::Enter, Modifiers::NONE);
    assert!(bench.sees("There is no file at this path."), "{}", bench.all());
    bench.key(Key::Escape, Modifiers::NONE);
    assert!(!bench.sees("Path of the vault"));
}

#[test]
fn a_password_unlocks_a_wrong_one_says_so_and_the_field_is_ready_again() {
    let mut bench = Bench::locked();
    assert!(bench.driver.find("Master password").unwrap().focused, "{}", bench.all());
    bench.driver.type_text("wrong password");
    assert!(!bench.all().contains("wrong password"), "the password is on the screen");
    bench.key(Key::Enter, Modifiers::NONE);
    bench.until("That did not unlock the vault. Check the password.");
    let field = bench.driver.find("Master password").unwrap();
    assert!(field.focused && field.value.is_some_and(|dots| !dots.is_empty()), "what was typed stays");
    assert!(bench.sees("The next attempt is possible in 0:01."), "{}", bench.all());
    bench.desk.clock.advance(Duration::from_secs(2));
    bench.driver.step();
    bench.unlock();
    assert!(bench.sees("Lock") && bench.sees("m.ito, administrator"), "{}", bench.all());
    let recent = bench.workstation().recent;
    assert_eq!(
        (recent[0].path.as_path(), recent[0].operators[0].as_str()),
        (bench.path().as_path(), "m.ito")
    );
}

#[test]
fn idle_time_warns_then_locks_and_the_page_comes_back() {
    let mut bench = Bench::unlocked();
    bench.key(Key::Num4, CTRL);
    assert_eq!(bench.shell().page(), Page::Audit);
    bench.pass(Duration::from_secs(3 * 60 + 55));
    let said = |bench: &Bench, seconds: u32| {
        bench.sees(&format!("This vault locks in {seconds} seconds because you have been idle."))
    };
    assert_eq!([60, 30, 10].map(|s| said(&bench, s)), [false; 3], "{}", bench.all());
    bench.pass(Duration::from_secs(10));
    assert_eq!([60, 30, 10].map(|s| said(&bench, s)), [true, false, false], "{}", bench.all());
    bench.pass(Duration::from_secs(30));
    assert_eq!([60, 30, 10].map(|s| said(&bench, s)), [false, true, false], "{}", bench.all());
    assert!(bench.sees("Stay unlocked"), "{}", bench.all());
    bench.key(Key::Space, Modifiers::NONE);
    bench.pass(Duration::from_millis(600));
    assert!(!bench.sees("Stay unlocked"), "{}", bench.all());
    bench.driver.take_commands();
    bench.pass(Duration::from_secs(5 * 60 + 1));
    bench.until("Unlock");
    assert!(bench.sees("Locked after 5 min without input. Drafts are kept."), "{}", bench.all());
    let title = ViewportCommand::Title("Locked – Keyroom".into());
    let commands = bench.driver.take_commands();
    assert!(commands.contains(&title), "{commands:?}");
    assert!(commands.contains(&ViewportCommand::RequestPaintWhileHidden), "{commands:?}");
    bench.unlock();
    assert_eq!(bench.shell().page(), Page::Audit);
}

#[test]
fn messages_have_words_stay_in_a_list_and_are_gone_after_a_lock() {
    use keyroom::ui::widgets::Tone;
    let mut bench = Bench::unlocked();
    // An unlock says by itself when the session ends.
    bench.until_told("For safety this session ends at");
    for message in ["First.", "Second.", "Third.", "Fourth."] {
        bench.shell().toast(Tone::Ok, message);
    }
    bench.driver.settle(4);
    let shown = |bench: &Bench| ["First.", "Second.", "Third.", "Fourth."].map(|m| bench.sees(m));
    assert_eq!(shown(&bench), [false, true, true, true], "three at once: {}", bench.all());
    bench.driver.pass_time(7.0);
    bench.driver.settle(4);
    assert_eq!(shown(&bench), [false; 4], "{}", bench.all());
    bench.driver.click("5 messages").unwrap();
    bench.driver.settle(4);
    assert!(
        ["First.", "Fourth.", "whatever you do."].iter().all(|words| bench.all().contains(words)),
        "{}",
        bench.all()
    );
    bench.key(Key::L, CTRL);
    bench.until("Unlock");
    bench.unlock();
    assert!(!bench.all().contains("messages"), "{}", bench.all());
}

#[test]
fn a_finding_is_answered_on_the_session_page_and_does_not_ask_again() {
    let mut bench = Bench::locked();
    for wait in [2, 3, 5] {
        bench.driver.type_text("wrong password");
        bench.key(Key::Enter, Modifiers::NONE);
        bench.until_told("The next attempt");
        bench.desk.clock.advance(Duration::from_secs(wait));
        bench.driver.step();
    }
    bench.unlock();
    bench.key(Key::Num5, CTRL);
    bench.until("1 finding without an answer");
    bench.driver.click("1 finding without an answer").unwrap();
    bench.driver.settle(4);
    bench.driver.click("It was me…").unwrap();
    bench.until("Record the answer");
    assert!(bench.driver.find("Note").unwrap().focused, "{}", bench.all());
    assert!(bench.driver.find("Record the answer").unwrap().disabled, "there is no answer without a note");
    bench.driver.type_text("Caps Lock was on");
    bench.driver.click("Record the answer").unwrap();
    bench.until("0 without an answer, 1 in all");
    assert!(bench.all().contains("m.ito said: it was me – Caps Lock was on."), "{}", bench.all());
    bench.driver.click("Show sessions").unwrap();
    bench.driver.settle(4);
    assert!(bench.sees("All findings"), "{}", bench.all());
}

#[test]
fn after_a_lock_nothing_of_the_vault_is_on_the_screen_or_in_eguis_memory() {
    let mut bench = Bench::unlocked();
    bench.key(Key::K, CTRL);
    bench.driver.type_text("needle-of-a-query");
    assert!(bench.all().contains("needle-of-a-query"), "{}", bench.all());
    bench.key(Key::L, CTRL);
    bench.until("Unlock");
    let all = bench.all();
    assert!(!all.contains("needle-of-a-query") && !all.contains("m.ito"), "{all}");
    bench.unlock();
    bench.key(Key::K, CTRL);
    assert!(!bench.all().contains("needle-of-a-query"), "the palette is empty again");
}

#[test]
fn the_palette_finds_commands_runs_them_and_says_what_it_cannot() {
    let mut bench = Bench::unlocked();
    bench.key(Key::K, CTRL);
    bench.driver.settle(4);
    bench.driver.type_text("audit");
    bench.key(Key::Enter, Modifiers::NONE);
    assert_eq!(bench.shell().page(), Page::Audit);
    bench.key(Key::ArrowLeft, Modifiers::ALT);
    assert_eq!(bench.shell().page(), Page::Overview);
    bench.key(Key::K, CTRL);
    bench.driver.settle(4);
    bench.driver.type_text("theme: dark");
    bench.key(Key::Enter, Modifiers::NONE);
    assert_eq!(bench.workstation().theme, paths::Theme::Dark);
    assert!(bench.workstation().letters, "single letters are shortcuts unless somebody switches them off");
    bench.key(Key::Num6, CTRL);
    bench.driver.settle(4);
    bench.driver.click("Keyboard").unwrap();
    bench.driver.settle(4);
    bench.driver.click("Single-letter shortcuts").unwrap();
    bench.driver.settle(4);
    assert!(!bench.workstation().letters, "the workstation remembers it");
    bench.key(Key::L, CTRL);
    bench.until("Unlock");
    bench.unlock();
    bench.key(Key::Num4, CTRL);
    bench.driver.settle(4);
    bench.key(Key::Enter, Modifiers::ALT);
    bench.until("Close the event");
    bench.key(Key::I, Modifiers::NONE);
    bench.driver.settle(4);
    assert!(!bench.all().contains("Remove filter"), "nor does a lock bring them back: {}", bench.all());
    bench.key(Key::K, CTRL);
    bench.driver.settle(4);
    bench.driver.type_text("clear the clip");
    assert!(bench.all().contains("Nothing of this vault is on the clipboard"), "{}", bench.all());
    bench.key(Key::Escape, Modifiers::NONE);
    assert!(!bench.sees("Command palette"));
}

#[test]
fn keys_move_between_pages_zoom_and_show_their_list() {
    let mut bench = Bench::unlocked();
    for (key, page) in [(Key::Num2, Page::Keys), (Key::Num5, Page::Session), (Key::Num6, Page::Settings)] {
        bench.key(key, CTRL);
        assert_eq!(bench.shell().page(), page);
    }
    bench.key(Key::Plus, CTRL);
    assert!((bench.workstation().zoom - 1.1).abs() < 0.01);
    bench.key(Key::Num0, CTRL);
    assert!((bench.workstation().zoom - 1.0).abs() < 0.01);
    bench.key(Key::F1, Modifiers::NONE);
    assert!(bench.sees("Lock now: Ctrl L"), "{}", bench.all());
    bench.key(Key::Escape, Modifiers::NONE);
    assert!(!bench.sees("Lock now: Ctrl L"));
    bench.key(Key::Q, CTRL);
    assert!(bench.driver.take_commands().contains(&ViewportCommand::Close));
}

/// What has the focus after each of so many keys.
fn stops(bench: &mut Bench, modifiers: Modifiers, count: usize) -> Vec<String> {
    let mut stops = Vec::new();
    for _ in 0..count {
        bench.key(Key::F6, modifiers);
        bench.driver.settle(6);
        let focused = bench.driver.all().into_iter().find(|found| found.focused);
        stops.push(focused.map_or_else(String::new, |found| found.label));
    }
    stops
}

#[test]
fn f6_goes_through_every_part_of_the_page_that_is_there_and_back() {
    let mut bench = Bench::unlocked();
    add_key(&mut bench, "payments-db");
    bench.key(Key::Num4, CTRL);
    bench.driver.settle(8);
    bench.driver.click("key.create").unwrap();
    bench.driver.settle(8);
    // The bar below is visited too: it has messages by now.
    let forth = stops(&mut bench, Modifiers::NONE, 8);
    assert_eq!(forth[0], "Overview", "the rail's first item");
    assert_eq!(forth[2], "Events over time");
    assert_eq!(forth[3], "Operator", "the first of the facets");
    assert_eq!(forth[4], "Events");
    assert!(!forth[5].is_empty() && forth[6].contains("message"), "{forth:?}");
    assert!(forth[7].starts_with("Vault "), "and from the beginning: {forth:?}");
    let back = stops(&mut bench, Modifiers::SHIFT, 3);
    assert!(back[0].contains("message"), "{back:?}");
    assert_eq!(back[2], "Events", "{back:?}");
    // Without the chart it is no stop.
    bench.key(Key::F8, Modifiers::NONE);
    let forth = stops(&mut bench, Modifiers::NONE, 7);
    assert!(!forth.contains(&"Events over time".to_owned()), "{forth:?}");
}

#[test]
fn f10_opens_the_main_menu_and_the_arrows_walk_it() {
    let mut bench = Bench::unlocked();
    bench.key(Key::F10, Modifiers::NONE);
    bench.driver.settle(4);
    assert!(bench.sees("Close this vault"), "{}", bench.all());
    bench.key(Key::ArrowDown, Modifiers::NONE);
    bench.driver.settle(2);
    let focused = bench.driver.all().into_iter().find(|found| found.focused).unwrap();
    assert_eq!(focused.label, "Open another vault…");
    bench.key(Key::Escape, Modifiers::NONE);
    bench.driver.settle(4);
    assert!(!bench.sees("Close this vault"), "{}", bench.all());
}

#[test]
fn a_vault_is_made_in_four_steps_and_nothing_is_written_before_the_last() {
    let mut bench = Bench::new();
    bench.driver.click("Create a vault").unwrap();
    bench.driver.settle(4);
    assert!(bench.driver.find("Continue").unwrap().disabled);
    bench.driver.type_text("team");
    let path = bench.desk.dir.path().join("team.keyroom");
    bench.desk.dialogs.push(Picked::Path(path.clone()));
    bench.driver.click("Browse…").unwrap();
    bench.driver.settle(4);
    bench.driver.click("Your name in it").unwrap();
    bench.key(Key::A, CTRL);
    bench.driver.type_text("m.ito");
    bench.driver.click("Continue").unwrap();

    bench.driver.settle(4);
    assert!(bench.driver.find("Master password").unwrap().focused);
    bench.driver.type_text("password1");
    assert!(bench.sees("This password is too easy to guess."), "{}", bench.all());
    bench.key(Key::A, CTRL);
    bench.driver.type_text("velvet-otter-quilt-mango-pylon-sage");
    assert!(bench.sees("Repeat the password."), "{}", bench.all());
    bench.driver.click("Repeat it").unwrap();
    bench.driver.type_text("velvet-otter-quilt-mango-pylon-sage");
    bench.key(Key::Enter, Modifiers::NONE);

    bench.until("Measure again");
    bench.driver.click("Continue").unwrap();
    bench.driver.settle(4);
    assert!(!path.exists());
    assert!(bench.driver.find("Create vault").unwrap().disabled);
    bench.driver.click("I have stored the password safely").unwrap();
    bench.driver.click("Create vault").unwrap();
    bench.until("Overview");
    assert!(path.exists());
    assert!(!bench.all().contains("velvet"));
}

#[test]
fn an_older_copy_is_opened_only_on_purpose_and_with_a_reason() {
    let mut bench = Bench::locked();
    let copy = bench.desk.dir.path().join("copy");
    std::fs::copy(bench.path(), &copy).unwrap();
    bench.unlock();
    bench.key(Key::L, CTRL);
    bench.until("Unlock");
    std::fs::copy(&copy, bench.path()).unwrap();
    bench.driver.type_text(PASSWORD);
    bench.key(Key::Enter, Modifiers::NONE);
    bench.until("Accept this copy");
    bench.driver.click("Accept this copy").unwrap();
    bench.driver.settle(4);
    assert!(bench.driver.find("Master password").unwrap().focused);
    bench.driver.type_text(PASSWORD);
    assert!(bench.driver.find("Master password").unwrap().value.is_some(), "{}", bench.all());
    assert!(bench.driver.find("Accept this copy and unlock").unwrap().disabled);
    bench.driver.click("Why is this copy the right one?").unwrap();
    bench.driver.type_text("The disk failed on Monday");
    assert!(!bench.driver.find("Accept this copy and unlock").unwrap().disabled, "{}", bench.all());
    bench.driver.click("Accept this copy and unlock").unwrap();
    bench.until("Overview");
    bench.until("Restored copy");
}

#[test]
fn a_file_that_is_no_vault_is_told_in_full() {
    let mut bench = Bench::new();
    let path = bench.desk.dir.path().join("notes.keyroom");
    std::fs::write(&path, "not a vault").unwrap();
    bench.shell().open(&path);
    bench.until_told("could not be opened");
    assert!(bench.sees("Create a vault"));
}

/// Item 64: unlock returns to the same page, filter, selection, order and open key.
#[test]
fn a_lock_keeps_filter_selection_and_open_key_under_seal_and_an_unlock_brings_them_back() {
    let mut bench = Bench::unlocked();
    for name in ["payments-db", "payments-api", "payments-web", "unrelated"] {
        add_key(&mut bench, name);
    }
    bench.key(Key::Num4, CTRL);
    bench.key(Key::F, CTRL);
    bench.driver.type_text("action:key.create");
    bench.driver.settle(8);
    bench.key(Key::Num2, CTRL);
    bench.key(Key::F, CTRL);
    bench.driver.type_text("payments");
    bench.driver.click("payments-web").unwrap();
    bench.driver.settle(4);
    bench.key(Key::ArrowUp, Modifiers::SHIFT);
    bench.driver.settle(4);
    assert!(bench.all().contains("3 keys shown, 2 selected"), "{}", bench.all());
    assert!(bench.sees("Close key"), "the drawer is open");
    bench.key(Key::L, CTRL);
    bench.until("Unlock");
    for gone in ["payments", "key.create"] {
        assert!(!bench.all().contains(gone), "{}", bench.all());
    }
    bench.unlock();
    bench.driver.settle(8);
    assert_eq!(bench.shell().page(), Page::Keys);
    let filter = bench.driver.find("Filter keys").unwrap();
    assert_eq!(filter.value.as_deref(), Some("payments"));
    assert!(bench.all().contains("3 keys shown, 2 selected"), "{}", bench.all());
    assert!(bench.sees("Close key"), "the drawer is open again");
    bench.key(Key::Num4, CTRL);
    bench.driver.settle(8);
    assert!(bench.all().contains("action:key.create"), "{}", bench.all());
}

/// A file as the desktop hands it over: never read here.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("nobody may read what was not asked for".to_owned())
    }
}

/// Drops a file in the next pass.
struct Drop(Option<PathBuf>);

impl egui::Plugin for Drop {
    fn debug_name(&self) -> &'static str {
        "drop"
    }

    fn input_hook(&mut self, _: &egui::Context, input: &mut egui::RawInput) {
        input.dropped_files.extend(self.0.take().map(|path| Arc::new(Dropped(path)) as _));
    }
}

#[test]
fn a_file_that_is_dropped_on_the_window_becomes_a_key_and_a_table_an_import() {
    let mut bench = Bench::unlocked();
    bench.driver.ctx().add_plugin(Drop(None));
    let drop = |bench: &mut Bench, name: &str, content: &str| {
        let path = bench.desk.dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        bench.driver.ctx().with_plugin(|plugin: &mut Drop| plugin.0 = Some(path)).unwrap();
        bench.driver.settle(8);
    };
    drop(&mut bench, "server.p12", "not a secret, but a file");
    bench.until("New key");
    assert_eq!(bench.driver.find("Name").unwrap().value.as_deref(), Some("server.p12"));
    let started = Instant::now();
    while bench.driver.find("Add key").is_none_or(|button| button.disabled) {
        assert!(started.elapsed() < Duration::from_secs(20), "{}", bench.all());
        std::thread::sleep(Duration::from_millis(5));
        bench.driver.step();
    }
    bench.driver.click("Add key").unwrap();
    bench.until_told("server.p12 was added.");

    drop(&mut bench, "keys.csv", "name,type,secret\nldap,password,Zq7Xv9Kw3Jy5\nldap,password,again\n");
    bench.until("Look at the rows");
    bench.driver.click("Look at the rows").unwrap();
    bench.until("1 row can be imported, 1 row not. Nothing is written yet.");
    assert!(!bench.all().contains("Zq7Xv9Kw3Jy5"));
    bench.driver.click("Import 1 key").unwrap();
    bench.until("1 key was imported, 1 row was not.");
    bench.driver.click("Show keys").unwrap();
    bench.until("ldap");
}

/// Puts a key in, past the dialogs.
fn add_key(bench: &mut Bench, name: &str) -> KeyId {
    let draft = KeyDraft::new(name, KeyType::Password);
    let value = NewValue::Entered(SecretBuf::from_slice(b"s3cret"));
    bench.shell().app().send(Command::act(2_000_000, CreateKey { draft, value, activate: true }));
    let started = Instant::now();
    loop {
        assert!(started.elapsed() < Duration::from_secs(30), "the key never came");
        std::thread::sleep(Duration::from_millis(5));
        bench.driver.step();
        let snapshot = bench.shell().app().snapshot();
        let view = &snapshot.unlocked().unwrap().view;
        if let Ok(key) = view.find(name) {
            return key.id;
        }
    }
}

#[test]
fn an_edit_is_taken_back_and_the_undoing_is_itself_recorded() {
    let mut bench = Bench::unlocked();
    let key = add_key(&mut bench, "payments-db");
    let draft = KeyDraft { owner: "a.novak".into(), ..KeyDraft::new("payments-db", KeyType::Password) };
    let snapshot = bench.shell().app().snapshot();
    let edit = EditKey::of(snapshot.unlocked().unwrap().view.keys.get(key).unwrap(), draft);
    bench.shell().app().send(Command::act(2_000_001, edit));
    let owner = |bench: &Bench| {
        let snapshot = bench.shell().app().snapshot();
        snapshot.unlocked().map(|unlocked| unlocked.view.keys.get(key).unwrap().owner.clone()).unwrap()
    };
    let until_owner = |bench: &mut Bench, expected: &str| {
        let started = Instant::now();
        while owner(bench) != expected {
            assert!(started.elapsed() < Duration::from_secs(10), "the owner is {}", owner(bench));
            bench.driver.step();
        }
    };
    until_owner(&mut bench, "a.novak");
    bench.driver.settle(4);
    let size = bench.shell().app().snapshot().unlocked().unwrap().view.log_size;
    bench.key(Key::Z, CTRL);
    bench.until_told("payments-db is as it was before the last edit.");
    assert_eq!(owner(&bench), "");
    assert_eq!(bench.shell().app().snapshot().unlocked().unwrap().view.log_size, size + 1);
    bench.key(Key::Z, CTRL | Modifiers::SHIFT);
    bench.until_told("payments-db is as it was before that was undone.");
    assert_eq!(owner(&bench), "a.novak");
    bench.key(Key::Z, CTRL);
    // The message of the first time may still stand: what is waited for is the deed.
    until_owner(&mut bench, "");
    bench.driver.settle(8);
    bench.key(Key::Z, CTRL);
    bench.until_told("There is nothing to undo in this session.");
}

#[test]
fn what_fails_without_a_dialog_is_told_in_words() {
    let mut bench = Bench::unlocked();
    add_key(&mut bench, "payments-db");
    bench.key(Key::K, CTRL);
    bench.driver.settle(4);
    bench.driver.type_text("verify the whole");
    bench.key(Key::Enter, Modifiers::NONE);
    bench.until_told("The log holds:");
}

#[test]
fn the_palette_opens_a_key_and_shows_its_value() {
    let mut bench = Bench::unlocked();
    add_key(&mut bench, "payments-db");
    bench.key(Key::K, CTRL);
    bench.driver.settle(4);
    bench.driver.type_text("reveal");
    bench.driver.settle(4);
    bench.key(Key::A, CTRL);
    bench.driver.type_text("pay");
    bench.driver.take_commands();
    bench.driver.click("Reveal payments-db, Recorded, hides after 20 s").unwrap();
    let started = Instant::now();
    while !bench.shell().app().with_revealed(|revealed| revealed.is_some()) {
        assert!(started.elapsed() < Duration::from_secs(10), "{}", bench.all());
        bench.driver.step();
    }
    bench.driver.settle(8);
    assert_eq!(bench.shell().page(), Page::Keys);
    assert!(bench.driver.take_commands().contains(&ViewportCommand::ContentProtected(true)));
    assert!(!bench.all().contains("s3cret"), "the value is painted, never told");
    bench.pass(Duration::from_secs(21));
    assert!(bench.driver.take_commands().contains(&ViewportCommand::ContentProtected(false)));
}

#[test]
fn one_frame_a_second_counts_down_and_none_is_drawn_without_a_reason() {
    let mut bench = Bench::locked();
    bench.driver.settle(20);
    assert_eq!(bench.driver.settle(20), 1, "the unlock screen repaints itself");
    // Nor in a window that another one covers, newly locked.
    bench.unlock();
    bench.driver.set_window_focus(false);
    bench.shell().app().send(Command::Lock(keyroom::model::LockReason::Suspend));
    bench.until("Unlock");
    bench.driver.settle(60);
    assert_eq!(
        bench.driver.settle(20),
        1,
        "the unlock screen repaints itself while another window has the keyboard"
    );
    bench.driver.set_window_focus(true);
    bench.unlock();
    assert!(bench.driver.settle(30) < 30, "the unlocked window repaints itself");
}
