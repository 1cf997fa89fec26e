//! The session page tells how each session ended, the one that never was locked included.

use std::time::Duration;

use egui::Key;
use keyroom::model::Action;

use crate::common::desk::PASSWORD;
use crate::person::{CTRL, Person};

#[test]
fn the_session_page_says_how_each_ended_and_a_crash_is_one_way() {
    let mut person = Person::at_a_vault();
    person.pass(Duration::from_secs(5 * 60));
    person.until("Locked after 5 min without input.");
    person.unlock();
    person.quit();
    // A program that dies writes no lock: it just is not there any more.
    drop(person.desk.second(PASSWORD));
    person.start();
    person.shell().open(&person.desk.path());
    person.until("Master password");
    person.unlock();
    person.press(CTRL, Key::Num5);
    for how in ["this session", "no lock recorded", "program closed", "idle", "locked by operator"] {
        person.until(how);
    }
}

#[test]
fn after_a_crash_the_overview_says_so_first_thing() {
    let mut person = Person::at_a_vault();
    person.quit();
    drop(person.desk.second(PASSWORD));
    person.start();
    person.shell().open(&person.desk.path());
    person.until("Master password");
    person.unlock();
    person.until("no lock of it is recorded");
}

#[test]
fn a_minimised_window_locks_where_the_settings_say_so_and_the_history_tells_it() {
    let mut person = Person::at_a_vault();
    person.minimise(true);
    person.pass(Duration::from_secs(1));
    person.minimise(false);
    assert!(person.sees("Locks in"), "nothing was asked for: {}", person.all());
    person.press(CTRL, Key::Num5);
    assert!(person.sees("A lock removes keys and decrypted data from memory"), "{}", person.all());
    person.click("minimised");
    person.until("Lock when minimised: on.");
    person.fill("Your password", PASSWORD);
    person.click("Confirm");
    person.until("Saved. Lock when minimised: on.");
    person.minimise(true);
    person.until("Locked because the window was minimised. Drafts are kept.");
    person.minimise(false);
    person.unlock();
    person.until("window minimised");
    // Made large and small again, in a session of its own.
    person.minimise(true);
    person.until("Locked because the window was minimised. Drafts are kept.");
    person.quit();
    let log = person.desk.verified_log(PASSWORD);
    let locks = log.iter().filter(|event| event.action == Action::SessionLock);
    assert_eq!(locks.filter(|event| event.reason == "minimised").count(), 2);
    let change = log.iter().find(|event| event.action == Action::VaultSettings).unwrap();
    let said = &change.changes[0];
    let said = [&said.field, &said.before, &said.after].map(String::as_str);
    assert_eq!(said, ["lock when minimised", "no", "yes"]);
}
