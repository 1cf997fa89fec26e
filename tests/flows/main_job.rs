//! The job the product is for: make a vault, put a key in, rotate it, look up what happened, walk away in the middle of an
//! edit, come back to it.

use std::time::Duration;

use egui::Key;
use keyroom::model::Action;

use crate::person::{CTRL, NONE, Person};

const PASSWORD: &str = "velvet-otter-quilt-mango-pylon-sage";

#[test]
fn create_add_rotate_history_audit_auto_lock_in_an_edit_unlock_and_the_draft_is_there() {
    let mut person = Person::new();
    create(&mut person);
    add(&mut person);
    rotate(&mut person);
    history(&mut person);
    audit(&mut person);
    walk_away_in_an_edit(&mut person);
    come_back(&mut person);
    person.quit();
    what_the_file_says(&person);
}

fn create(person: &mut Person) {
    person.until("Create a vault");
    person.click("Create a vault");
    person.fill("Name of the vault", "prod-vault");
    person.fill("Your name in it", "m.ito");
    let path = person.desk.path();
    person.fill("File", &path.to_string_lossy());
    person.click("Continue");
    person.fill("Master password", PASSWORD);
    person.fill("Repeat it", PASSWORD);
    person.click("Continue");
    person.until("Measure again");
    person.click("Continue");
    assert!(!path.exists(), "nothing is written before the last step");
    person.click("I have stored the password safely");
    person.click("Create vault");
    person.until("Locks in");
    assert!(path.exists());
    assert!(!person.sees("velvet"), "the password is on the screen");
}

fn add(person: &mut Person) {
    person.press(CTRL, Key::Num2);
    person.press(CTRL, Key::N);
    person.until("New key");
    assert!(person.is_focused("Name"), "the dialog leads to its first field");
    assert!(!person.is_enabled("Add key"), "a key without a name cannot be added");
    person.type_text("payments-db");
    person.fill("System", "payments");
    person.click("Add key");
    person.until("payments-db was added.");
    assert!(!person.sees("Add key"), "the dialog is gone");
}

fn rotate(person: &mut Person) {
    person.press(CTRL, Key::R);
    person.until("Rotate payments-db");
    assert!(person.sees("Version 2 is stored and becomes current."));
    person.fill("Overlap in days", "7");
    person.fill("More about it", "Quarterly, CHG-41207");
    person.click("Make v2 current");
    person.until("v2 is current. v1 keeps working until");
}

fn history(person: &mut Person) {
    person.click("Versions");
    person.until("Actions on version 2");
    assert!(person.sees("Actions on version 1"));
    assert!(person.sees("Reason: Scheduled: Quarterly, CHG-41207"), "{}", person.all());
    assert!(person.sees("Still accepted until"), "{}", person.all());
    person.click("Activity");
    person.until("Scheduled: Quarterly, CHG-41207");
    assert!(person.sees("Rotated") || person.sees("rotated"), "{}", person.all());
}

fn audit(person: &mut Person) {
    person.press(CTRL, Key::Num4);
    person.until("Log verified");
    for action in ["vault.create", "session.unlock", "key.create", "rotation.complete"] {
        assert!(person.count(action) > 0, "no {action} in:\n{}", person.all());
    }
    person.press(CTRL, Key::F);
    person.type_text("action:rotation");
    person.until_that("the filter leaves the rotation alone", |person| {
        person.count("rotation.complete") > 0 && person.count("vault.create") == 0
    });
}

fn walk_away_in_an_edit(person: &mut Person) {
    person.press(CTRL, Key::Num2);
    person.press(CTRL, Key::E);
    person.until("Edit payments-db");
    person.fill("Purpose", "Login of the payments service");
    person.pass(Duration::from_secs(4 * 60 + 35));
    assert!(person.sees("Stay unlocked"), "it warns before it locks: {}", person.all());
    person.pass(Duration::from_secs(30));
    person.until("Locked after 5 min without input. Drafts are kept.");
    for gone in ["payments-db", "Login of the payments", "Edit ", "m.ito, administrator"] {
        assert!(!person.sees(gone), "\"{gone}\" is still there:\n{}", person.all());
    }
}

fn come_back(person: &mut Person) {
    assert!(person.is_focused("Master password"));
    person.unlock_with(PASSWORD);
    person.until("An edit that was not saved before the lock is back.");
    person.until("Edit payments-db");
    assert_eq!(person.find("Purpose").value.as_deref(), Some("Login of the payments service"));
    person.click("Save changes");
    person.until("payments-db was changed.");
    person.press(NONE, Key::Escape);
    person.lock();
}

/// The file alone, without the window: everything that was done is in its log, in order, and the log holds.
fn what_the_file_says(person: &Person) {
    let events = person.desk.verified_log(PASSWORD);
    let actions: Vec<Action> = events.iter().map(|event| event.action).collect();
    let expected = [
        Action::VaultCreate,
        Action::SessionUnlock,
        Action::KeyCreate,
        Action::RotationComplete,
        Action::SessionLock,
        Action::SessionUnlock,
        Action::KeyEdit,
        Action::SessionLock,
    ];
    assert_eq!(actions, expected);
    assert_eq!(events[3].reason, "Scheduled: Quarterly, CHG-41207");
    assert_eq!(events[4].reason, "idle-5min");
    let vault = person.desk.second(PASSWORD);
    let key = vault.view().find("payments-db").unwrap().clone();
    assert_eq!(key.purpose, "Login of the payments service");
    assert_eq!(key.versions.len(), 2);
}
