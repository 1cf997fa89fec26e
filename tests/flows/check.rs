//! Looking through the whole vault from the window: what it finds is said where it was asked for; Cancel and a lock end it.

use std::time::Duration;

use egui::Key;
use keyroom::model::Action;

use crate::common::desk::PASSWORD;
use crate::common::disk::Mood;
use crate::person::{CTRL, NONE, Person};

/// In the settings of a vault with some keys and a long log, on a disk that works.
fn in_the_settings() -> Person {
    let mut person = Person::at_a_demo();
    person.press(CTRL, Key::Comma);
    person.click("Vault");
    person.until("Whole vault");
    person
}

#[test]
fn everything_is_checked_beside_the_work_and_cancel_stops_it_without_a_trace() {
    let mut person = in_the_settings();
    person.desk.disk.set(Mood::Slow(Duration::from_millis(5)));
    person.click("Check everything");
    person.until("Checking the vault");
    person.click("Cancel");
    person.until("Stopped. Nothing was changed.");
    assert!(!person.sees("Nothing is wrong"), "{}", person.all());
    person.desk.disk.set(Mood::Works);
    person.click("Check everything");
    person.until("Nothing is wrong: the file's structure,");
    person.until(" values.");
    person.until("Checked at ");
    // The palette leads to the same.
    let told = person.all().matches("Nothing is wrong").count();
    person.command("check everything");
    person.until_that("the second answer", |p| p.all().matches("Nothing is wrong").count() > told);
    person.lock();
    assert!(!person.sees("Nothing is wrong"), "{}", person.all());
    person.quit();
    assert_eq!(person.logged(Action::VaultCheck), 2);
}

#[test]
fn a_lock_wins_over_the_check() {
    let mut person = in_the_settings();
    person.desk.disk.set(Mood::Slow(Duration::from_millis(5)));
    person.click("Check everything");
    person.until("Checking the vault");
    person.press(CTRL, Key::L);
    person.desk.disk.set(Mood::Works);
    person.until("Locked by you.");
    person.unlock();
    person.quit();
    assert_eq!(person.logged(Action::VaultCheck), 0);
}

#[test]
fn a_damaged_value_is_found_and_the_window_says_what_to_do() {
    let mut person = in_the_settings();
    {
        let file = rusqlite::Connection::open(person.desk.path()).unwrap();
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let (id, mut data): (Vec<u8>, Vec<u8>) =
            file.query_row("SELECT id, data FROM version LIMIT 1", [], read).unwrap();
        data[40] ^= 1;
        file.execute("UPDATE version SET data = ?2 WHERE id = ?1", rusqlite::params![id, data]).unwrap();
    }
    person.click("Check everything");
    person.until("Damage was found: ");
    person.until("this file does not open again");
    person.until("The check found damage.");
    assert!(person.sees("was changed or moved"), "{}", person.all());
    // The log itself holds, and says so.
    assert!(person.sees("Log verified"), "{}", person.all());
    person.press(CTRL, Key::Num5);
    person.until("In this session");
    person.click("What to do");
    person.until("this file does not open again");
    person.press(CTRL, Key::Num4);
    person.until("audit.damage");
    // It was said in time: after a lock the file does not open any more.
    person.lock();
    person.type_text(PASSWORD);
    person.press(NONE, Key::Enter);
    person.until("This vault cannot be trusted as it is.");
}
