//! At the locked door: wrong passwords, the wait after each, and what is told afterwards.

use std::time::Duration;

use egui::Key;
use keyroom::model::Action;

use crate::common::desk::PASSWORD;
use crate::person::{NONE, Person};

#[test]
fn every_wrong_password_makes_the_next_try_wait_longer_and_all_are_told_after_the_right_one() {
    let mut person = Person::at_a_locked_vault();
    for (nth, wait_s) in [1, 2, 4, 8, 900].into_iter().enumerate() {
        assert!(person.is_focused("Master password"));
        person.type_text("a wrong password");
        person.press(NONE, Key::Enter);
        person.until("That did not unlock the vault. Check the password.");
        let words = format!("The next attempt is possible in {}:{:02}.", wait_s / 60, wait_s % 60);
        person.until(&words);
        assert!(!person.is_enabled("Unlock"), "attempt {nth} may be followed at once");
        person.type_text(PASSWORD);
        person.press(NONE, Key::Enter);
        assert!(!person.sees("Locks in"), "the right password does not have to wait");
        person.press(crate::person::CTRL, Key::A);
        person.press(NONE, Key::Backspace);
        person.pass(Duration::from_secs(wait_s));
        assert!(!person.sees("The next attempt is possible"), "{}", person.all());
    }
    assert!(person.sees("5 attempts failed"), "{}", person.all());
    person.unlock();
    person.until("5 failed unlock attempts");
    person.lock();
    person.quit();
    let events = person.desk.verified_log(PASSWORD);
    let failed = events.iter().find(|event| event.action == Action::SessionUnlockFailed).unwrap();
    assert!(failed.reason.starts_with("5 failed attempts"), "{}", failed.reason);
}

#[test]
fn failed_attempts_are_told_on_the_page_that_comes_back_until_the_overview_was_seen() {
    const TOLD: &str = "1 failed unlock attempt since your last session.";
    let mut person = Person::at_a_vault();
    person.press(crate::person::CTRL, Key::Num2);
    person.until("No keys yet");
    assert!(!person.sees(TOLD));
    person.lock();
    person.type_text("a wrong password");
    person.press(NONE, Key::Enter);
    person.until("That did not unlock the vault.");
    person.press(crate::person::CTRL, Key::A);
    person.press(NONE, Key::Backspace);
    person.pass(Duration::from_secs(2));
    person.unlock();
    person.until(TOLD);
    assert!(person.sees("No keys yet"), "it came back to the same page");
    person.click("Show");
    person.until("Since your last session");
    assert!(!person.sees(TOLD), "it is told here already");
    person.press(crate::person::CTRL, Key::Num2);
    person.until("No keys yet");
    assert!(!person.sees(TOLD), "it was seen");
}

#[test]
fn a_vault_that_was_damaged_says_so_and_another_can_be_opened() {
    let mut person = Person::at_a_locked_vault();
    let path = person.desk.path();
    let length = std::fs::metadata(&path).unwrap().len();
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(length / 2).unwrap();
    drop(file);
    person.type_text(PASSWORD);
    person.press(NONE, Key::Enter);
    person.until("This vault cannot be trusted as it is");
    assert!(!person.sees("Locks in"));
    assert!(person.is_enabled("Open a backup…"));
    assert!(!person.sees("Master password"), "no password opens it any more");
}
