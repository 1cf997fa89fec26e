//! A disk without room for one more byte: what was asked for is not done and said not to be, what was typed stays, the
//! window goes on, and the same act works once there is room.

use std::time::Duration;

use egui::Key;
use keyroom::crypto::kdf::KdfParams;
use keyroom::crypto::memory::SecretBuf;
use keyroom::model::{Action, LockReason, Role};
use keyroom::operations::{EnrolOperator, NewPassword};

use crate::common::desk::PASSWORD;
use crate::common::disk::Mood;
use crate::person::{CTRL, NONE, Person};

const VALUE: &str = "Zq7Xv9Kw3Jy5Qz1V";
const PURPOSE: &str = "Login of the payments service";
const FULL: &str = "could not be recorded: the disk is full";

/// In front of a vault with one key, in whose purpose something was typed that is not saved.
fn in_an_edit() -> Person {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", VALUE);
    person.press(CTRL, Key::E);
    person.until("Edit payments-db");
    person.fill("Purpose", PURPOSE);
    person
}

/// The edit no lock could store is back: saves it, and locks.
fn save_what_came_back(person: &mut Person) {
    person.until("An edit that was not saved before the lock is back.");
    person.until("Edit payments-db");
    assert_eq!(person.find("Purpose").value.as_deref(), Some(PURPOSE));
    person.click("Save changes");
    person.until("payments-db was changed.");
    person.press(NONE, Key::Escape);
    person.lock();
}

#[test]
fn an_edit_that_cannot_be_saved_stays_in_its_dialog_and_goes_in_once_there_is_room() {
    let mut person = in_an_edit();
    let before = std::fs::read(person.desk.path()).unwrap();
    person.desk.disk.set(Mood::Full);
    person.click("Save changes");
    person.until(FULL);
    assert_eq!(person.find("Purpose").value.as_deref(), Some(PURPOSE), "what was typed is lost");
    assert!(!person.sees("was changed."), "{}", person.all());
    assert!(std::fs::read(person.desk.path()).unwrap() == before, "something was written");
    person.desk.disk.set(Mood::Works);
    person.click("Save changes");
    person.until("payments-db was changed.");
    person.press(NONE, Key::Escape);
    person.lock();
    person.quit();
    assert_eq!(person.logged(Action::KeyEdit), 1);
    assert_eq!(person.desk.second(PASSWORD).view().keys.all()[0].purpose, PURPOSE);
}

#[test]
fn no_value_is_shown_or_copied_that_could_not_be_recorded() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", VALUE);
    person.desk.disk.set(Mood::Full);
    person.press(CTRL, Key::H);
    person.until(FULL);
    assert!(person.shell().app().with_revealed(|revealed| revealed.is_none()), "it is shown all the same");
    person.click("Copy");
    person.until_that("two refusals", |p| p.all().matches(FULL).count() >= 2);
    assert_eq!(person.desk.clipboard.content(), None);
    // The window goes on: what needs no entry works.
    person.press(CTRL, Key::Num4);
    person.until("key.create");
    assert_eq!(person.count("secret.reveal"), 0, "a reveal that never was is in the log");
    person.press(CTRL, Key::Num2);
    person.desk.disk.set(Mood::Works);
    person.press(CTRL, Key::H);
    person.until("This reveal was recorded.");
    person.click("Copy");
    person.until("payments-db v1, clears in");
    assert_eq!(person.desk.clipboard.content().as_deref(), Some(VALUE));
    person.lock();
    person.quit();
    assert_eq!((person.logged(Action::SecretReveal), person.logged(Action::SecretCopy)), (1, 1));
}

#[test]
fn a_lock_happens_all_the_same_and_the_draft_is_there_at_the_next_unlock() {
    let mut person = in_an_edit();
    let before = std::fs::read(person.desk.path()).unwrap();
    person.desk.disk.set(Mood::Full);
    person.pass(Duration::from_secs(5 * 60));
    person.until("Locked after 5 min without input.");
    assert!(person.sees("Locked, but the lock could not be recorded"), "{}", person.all());
    assert!(person.sees("The disk is full.") && person.sees("do not close it"), "{}", person.all());
    assert!(!person.sees(PURPOSE) && !person.sees("payments-db"), "{}", person.all());
    // Still no room: no session either, and the draft waits.
    person.type_text(PASSWORD);
    person.press(NONE, Key::Enter);
    person.until("The vault could not be opened");
    person.until(FULL);
    assert!(!person.sees("Locks in"));
    assert!(std::fs::read(person.desk.path()).unwrap() == before, "something was written");
    person.desk.disk.set(Mood::Works);
    person.unlock();
    save_what_came_back(&mut person);
    assert!(!person.sees("could not be recorded"), "{}", person.all());
    person.quit();
    assert_eq!(person.logged(Action::KeyEdit), 1);
    assert_eq!(person.desk.second(PASSWORD).view().keys.all()[0].purpose, PURPOSE);
}

/// The operator's own session at the unlock screen, whoever was there before.
fn unlock_as(person: &mut Person, operator: &str, password: &str) {
    if person.count("Somebody else") > 0 {
        person.click("Somebody else");
    }
    person.fill("Operator", operator);
    person.click("Master password");
    person.unlock_with(password);
}

#[test]
fn a_draft_no_lock_could_store_waits_for_its_operator_while_another_one_works() {
    const OTHER: &str = "amber canyon whistle drift maple quartz";
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", VALUE);
    let mut second = person.desk.second(PASSWORD);
    let compartments = second.view().compartments.iter().map(|c| c.id).collect();
    let (name, role) = ("a.novak".to_owned(), Role::Custodian);
    let password = NewPassword::strong(SecretBuf::from_slice(OTHER.as_bytes()));
    second.perform(EnrolOperator { name, role, password, params: KdfParams::FLOOR, compartments }).unwrap();
    keyroom::operations::lock(second, LockReason::Exit, &[]).0.unwrap();
    person.press(CTRL, Key::E);
    person.until("Edit payments-db");
    person.fill("Purpose", PURPOSE);
    person.desk.disk.set(Mood::Full);
    person.pass(Duration::from_secs(5 * 60));
    person.until("Locked, but the lock could not be recorded");
    person.desk.disk.set(Mood::Works);
    unlock_as(&mut person, "a.novak", OTHER);
    assert!(!person.sees(PURPOSE) && !person.sees("is back"), "{}", person.all());
    // Their own edit is kept beside the other's, and comes back to them only.
    person.press(CTRL, Key::Num2);
    person.until("payments-db");
    person.click("payments-db");
    person.press(CTRL, Key::E);
    person.until("Edit payments-db");
    person.fill("Purpose", "Something of a.novak");
    person.lock();
    assert!(person.sees("do not close it"), "what only this program has is still said: {}", person.all());
    unlock_as(&mut person, "m.ito", PASSWORD);
    save_what_came_back(&mut person);
    unlock_as(&mut person, "a.novak", OTHER);
    person.until("An edit that was not saved before the lock is back.");
    assert_eq!(person.find("Purpose").value.as_deref(), Some("Something of a.novak"));
    person.lock();
    person.quit();
    let edits =
        person.desk.verified_log(PASSWORD).into_iter().filter(|event| event.action == Action::KeyEdit);
    assert_eq!(edits.map(|event| event.operator).collect::<Vec<_>>(), ["m.ito"]);
}

#[test]
fn a_backup_that_does_not_fit_leaves_no_file_and_its_dialog_goes_on() {
    let mut person = Person::at_a_vault();
    person.command("back up");
    person.until("Back up the vault");
    let copy = person.desk.dir.path().join("copy.keyroom");
    person.fill("File", &copy.to_string_lossy());
    person.desk.disk.set(Mood::Full);
    person.click("Back up now");
    person.until("the disk is full");
    assert!(!copy.exists(), "half a copy was left");
    person.desk.disk.set(Mood::Works);
    person.click("Back up now");
    person.until("Backed up and verified");
    assert!(copy.exists());
}

#[test]
fn a_vault_for_which_there_is_no_room_is_not_made_and_the_wizard_keeps_everything() {
    let mut person = Person::in_the_wizard("velvet-otter-quilt-mango-pylon-sage");
    let path = person.desk.path();
    person.click("Cancel measuring");
    person.click("Continue");
    person.click("I have stored the password safely");
    person.desk.disk.set(Mood::Full);
    person.click("Create vault");
    person.until("The vault was not made");
    assert!(person.sees("disk is full"), "{}", person.all());
    assert!(!path.exists(), "a vault without a log was left");
    person.desk.disk.set(Mood::Works);
    person.click("Create vault");
    person.until("Locks in");
    person.lock();
    person.quit();
    person.desk.verified_log("velvet-otter-quilt-mango-pylon-sage");
}

#[test]
fn rows_that_could_not_be_imported_wait_and_go_in_once_there_is_room() {
    let mut person = Person::at_a_vault();
    let csv = format!("name,type,secret\nldap-bind,password,{VALUE}\nvpn-psk,text,a value\n");
    std::fs::write(person.desk.dir.path().join("keys.csv"), csv).unwrap();
    person.press(CTRL, Key::Num2);
    person.click("Import…");
    person.until("Import keys");
    person.will_choose("keys.csv");
    person.click("Browse…");
    person.click("Look at the rows");
    person.until("2 rows can be imported");
    person.desk.disk.set(Mood::Full);
    person.click("Import 2 keys");
    person.until(FULL);
    assert!(!person.sees("were imported"), "{}", person.all());
    // The file may be gone by then: what was read is kept, here as for a paste.
    std::fs::remove_file(person.desk.dir.path().join("keys.csv")).unwrap();
    person.desk.disk.set(Mood::Works);
    person.click("Import 2 keys");
    person.until("2 keys were imported, 0 rows were not.");
    person.click("Close");
    person.lock();
    person.quit();
    assert_eq!(person.logged(Action::KeyImport), 1);
}
