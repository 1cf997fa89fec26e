//! Cancel, pressed in the middle of what takes long.

use std::time::Duration;

use egui::Key;
use keyroom::crypto::kdf::KdfParams;
use keyroom::model::{Action, Outcome};

use crate::common::desk::PASSWORD;
use crate::common::disk::Mood;
use crate::person::{CTRL, NONE, Person};

#[test]
fn an_unlock_that_was_cancelled_leaves_the_vault_locked_and_the_log_says_both() {
    // A second or more for a password, so that there is time to press.
    let mut person = Person::at_a_locked_vault_of(KdfParams { passes: 24, ..KdfParams::FLOOR });
    person.type_text(PASSWORD);
    person.press(NONE, Key::Enter);
    person.click("Cancel");
    person.until_that("the end of the try", |p| !p.sees("Unlocking…"));
    person.until("Locked by you.");
    assert!(!person.sees("Locks in") && person.is_focused("Master password"), "{}", person.all());
    person.unlock();
    person.lock();
    person.quit();
    let actions: Vec<Action> = person.desk.verified_log(PASSWORD).iter().map(|event| event.action).collect();
    assert_eq!(&actions[actions.len() - 4..], [Action::SessionUnlock, Action::SessionLock].repeat(2));
}

#[test]
fn a_measurement_that_was_cancelled_leaves_the_usual_and_can_be_begun_again() {
    let mut person = Person::in_the_wizard("velvet-otter-quilt-mango-pylon-sage");
    let path = person.desk.path();
    person.until("Measuring this computer");
    assert!(!person.is_enabled("Continue"), "it goes on without what is being measured");
    person.click("Cancel measuring");
    person.until("Not measured: the usual 256 MiB and 3 passes.");
    assert!(person.is_enabled("Continue"), "{}", person.all());
    person.click("Measure again");
    person.until("On this computer:");
    assert!(!path.exists());
}

#[test]
fn a_verification_that_was_cancelled_says_so_and_the_next_one_finds_all_in_order() {
    let mut person = Person::at_a_demo();
    person.desk.disk.set(Mood::Slow(Duration::from_millis(5)));
    person.command("verify the whole");
    person.until("Verifying the log");
    person.click("Cancel");
    person.desk.disk.set(Mood::Works);
    person.until("Stopped. Nothing was changed.");
    assert!(!person.sees("Verifying the log") && !person.sees("The log holds"), "{}", person.all());
    person.command("verify the whole");
    person.until("The log holds:");
}

#[test]
fn a_backup_that_was_cancelled_leaves_no_file_and_no_entry_and_the_next_one_is_whole() {
    let mut person = Person::at_a_vault();
    let copy = person.desk.dir.path().join("copy.keyroom");
    let back_up = |person: &mut Person| {
        person.command("back up");
        person.until("Back up the vault");
        person.fill("File", &copy.to_string_lossy());
        person.click("Back up now");
    };
    // Until it is whole and recorded it has a name that says so.
    let unfinished = |person: &Person| {
        let mut names = std::fs::read_dir(person.desk.dir.path()).unwrap().map(|entry| entry.unwrap().path());
        names.any(|path| path.extension().is_some_and(|extension| extension == "part"))
    };
    person.desk.disk.set(Mood::Slow(Duration::from_millis(40)));
    back_up(&mut person);
    person.until_that("half a copy", unfinished);
    person.click("Cancel");
    person.until_that("the end of the copy", |person| !unfinished(person) && !copy.exists());
    person.desk.disk.set(Mood::Works);
    assert!(!person.sees("Backed up"), "{}", person.all());
    back_up(&mut person);
    person.until("Backed up and verified");
    person.lock();
    person.quit();
    let events = person.desk.verified_log(PASSWORD);
    assert_eq!(events.iter().filter(|event| event.action == Action::VaultBackup).count(), 1);
    std::fs::rename(&copy, person.desk.path()).unwrap();
    person.desk.anchor.set_mood(keyroom::vault::anchor::Mood::Unavailable);
    person.desk.verified_log(PASSWORD);
}

#[test]
fn an_import_that_was_cancelled_puts_no_key_in_and_its_rows_can_be_imported_after_all() {
    let mut person = Person::at_a_vault();
    let rows: String = (0..500).map(|n| format!("key-{n:04},password,value number {n}\n")).collect();
    std::fs::write(person.desk.dir.path().join("keys.csv"), format!("name,type,secret\n{rows}")).unwrap();
    person.press(CTRL, Key::Num2);
    person.click("Import…");
    person.until("Import keys");
    person.will_choose("keys.csv");
    person.click("Browse…");
    person.click("Look at the rows");
    person.until("500 rows can be imported");
    person.click("Import 500 keys");
    person.click("Cancel");
    person.until("Cancelled; nothing was changed.");
    person.click("Import 500 keys");
    person.until("500 keys were imported, 0 rows were not.");
    person.click("Close");
    person.lock();
    person.quit();
    let events = person.desk.verified_log(PASSWORD);
    let imports: Vec<_> = events.iter().filter(|event| event.action == Action::KeyImport).collect();
    assert_eq!(imports.last().unwrap().object.words(), "500 keys");
    assert!(imports.iter().all(|event| event.outcome == Outcome::Done || event.changes.is_empty()));
    assert_eq!(person.desk.second(PASSWORD).view().keys.all().len(), 500);
}
