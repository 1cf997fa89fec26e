//! What is done from the window itself: findings answered, files dropped, edits taken back.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Key, Modifiers};
use keyroom::app::Command;
use keyroom::model::KeyType;
use keyroom::operations::{EditKey, KeyDraft};

use super::{Bench, CTRL, PATIENCE, add_key};

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
        assert!(started.elapsed() < PATIENCE, "{}", bench.all());
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
            assert!(started.elapsed() < PATIENCE, "the owner is {}", owner(bench));
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
