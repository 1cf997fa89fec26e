//! The file is whole, and the window cannot have it as it needs it: it may only be read, another program holds it, or the
//! keyring that remembers its end is silent or talks nonsense.

use egui::Key;
use keyroom::model::Action;
use keyroom::vault::anchor::Mood as Keyring;

use crate::common::desk::PASSWORD;
use crate::common::disk::Mood;
use crate::person::{CTRL, NONE, Person};

const VALUE: &str = "Zq7Xv9Kw3Jy5Qz1V";

fn file(person: &Person) -> Vec<u8> {
    std::fs::read(person.desk.path()).unwrap()
}

/// Holds the file as another program does in the middle of a write, until it is dropped.
fn holder(person: &Person) -> rusqlite::Connection {
    let other = rusqlite::Connection::open(person.desk.path()).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    other
}

#[test]
fn a_file_that_may_only_be_read_is_not_opened_and_says_why_and_later_it_is() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", VALUE);
    person.lock();
    person.quit();
    person.desk.disk.set(Mood::ReadOnly);
    let before = file(&person);
    person.start();
    person.shell().open(&person.desk.path());
    person.until("Master password");
    // A wrong password cannot be counted, and is told like any other.
    person.type_text("a wrong password");
    person.press(NONE, Key::Enter);
    person.until("That did not unlock the vault. Check the password.");
    person.type_text(PASSWORD);
    person.press(NONE, Key::Enter);
    person.until("it or its folder is read-only");
    assert!(person.sees("The vault could not be opened"), "{}", person.all());
    assert!(!person.sees("Locks in") && !person.sees("payments-db"), "{}", person.all());
    assert!(file(&person) == before, "something was written");
    person.opens_another_vault();
    person.desk.disk.set(Mood::Works);
    person.shell().open(&person.desk.path());
    person.until_door_of("prod-vault");
    person.unlock();
    person.press(CTRL, Key::Num2);
    person.until("payments-db");
}

#[test]
fn while_another_program_holds_the_file_nothing_is_done_or_lost_and_the_same_act_works_later() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", VALUE);
    person.press(CTRL, Key::E);
    person.until("Edit payments-db");
    person.fill("Purpose", "Login");
    let held = holder(&person);
    person.click("Save changes");
    person.until("in use by another program");
    assert_eq!(person.find("Purpose").value.as_deref(), Some("Login"));
    drop(held);
    person.click("Save changes");
    person.until("payments-db was changed.");
    person.press(NONE, Key::Escape);
    person.lock();
    person.quit();
    let events = person.desk.verified_log(PASSWORD);
    assert_eq!(events.iter().filter(|event| event.action == Action::KeyEdit).count(), 1);
}

#[test]
fn a_held_file_cannot_be_opened_until_it_is_let_go() {
    let mut person = Person::at_a_locked_vault();
    person.quit();
    let before = file(&person);
    let held = holder(&person);
    person.start();
    person.shell().open(&person.desk.path());
    person.until("could not be opened");
    assert!(person.sees("The vault file is in use by another program; try again."), "{}", person.all());
    person.opens_another_vault();
    assert!(file(&person) == before, "something was written");
    drop(held);
    person.shell().open(&person.desk.path());
    person.until_door_of("prod-vault");
    person.unlock();
}

#[test]
fn without_a_keyring_the_vault_opens_and_the_window_says_that_an_older_copy_would_pass() {
    let mut person = Person::at_a_locked_vault();
    person.desk.anchor.set_mood(Keyring::Unavailable);
    person.unlock();
    person.until("Rollback protection is off");
    person.click("Rollback protection is off.");
    person.until("An older copy of the file would not be noticed: the keyring cannot be used");
    person.add_key("payments-db", VALUE);
    person.lock();
    // It is back: from the next unlock on all is as before.
    person.desk.anchor.set_mood(Keyring::Works);
    person.unlock();
    person.press(CTRL, Key::Num1);
    assert!(!person.sees("Rollback protection is off"), "{}", person.all());
    person.lock();
    person.quit();
    person.desk.verified_log(PASSWORD);
}

#[test]
fn a_keyring_that_answers_nonsense_or_not_at_all_costs_its_protection_alone_and_the_window_says_so() {
    // What it takes in place of its nonsense is good from then on; one that does not answer takes nothing.
    let (again, off) = ("Whether it is an older copy was not checked.", "Rollback protection is off.");
    let foreign = "the keyring holds something under Keyroom's name that Keyroom did not write";
    for (mood, told, why) in [
        (Keyring::Garbage, again, foreign),
        (Keyring::Nonsense, again, foreign),
        (Keyring::TimesOut, off, "the keyring did not answer in time"),
    ] {
        let mut person = Person::at_a_locked_vault();
        person.desk.anchor.set_mood(mood);
        person.unlock();
        person.until(told);
        person.click(told);
        person.until(why);
        person.add_key("payments-db", VALUE);
        person.lock();
        person.desk.anchor.set_mood(Keyring::Works);
        person.unlock();
        person.press(CTRL, Key::Num1);
        person.until("Do next");
        assert!(!person.sees(again) && !person.sees(off), "{mood:?}: {}", person.all());
        person.lock();
        person.quit();
        let events = person.desk.verified_log(PASSWORD);
        assert_eq!(events.iter().filter(|event| event.action == Action::KeyCreate).count(), 1, "{mood:?}");
    }
}
