//! The session page tells how each session ended, the one that never was locked included.

use std::time::Duration;

use egui::Key;

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
