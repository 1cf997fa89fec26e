//! A weak master password: taken only with a reason, at every door of the window, and the log says both.

use egui::Key;
use keyroom::model::{Action, Event};

use crate::common::desk::PASSWORD;
use crate::person::{CTRL, NONE, Person};

/// Fewer than 15 characters, and between 40 and 75 bits.
const WEAK: &str = "Tr0ub4dor&3";
const BECAUSE: &str = "Use it anyway because";

/// What the log says about the weak password: as field and words.
fn said(log: &[Event], action: Action) -> Vec<(String, String)> {
    let event = log.iter().rfind(|event| event.action == action).unwrap();
    event.changes.iter().map(|change| (change.field.clone(), change.after.clone())).collect()
}

#[track_caller]
fn tells(said: &[(String, String)], because: &str) {
    let [(strength, bits), (why, words)] = said else { panic!("{said:?}") };
    assert_eq!((strength.as_str(), why.as_str(), words.as_str()), ("strength", "weak because", because));
    assert!(bits.starts_with("weak, about ") && bits.ends_with(" bits"), "{bits}");
}

#[test]
fn the_wizard_asks_why_a_weak_password_is_used_and_the_first_entry_tells() {
    let mut person = Person::new();
    person.click("Create a vault");
    person.until("Name of the vault");
    person.fill("Name of the vault", "prod-vault");
    person.fill("Your name in it", "m.ito");
    person.fill("File", &person.desk.path().to_string_lossy());
    person.click("Continue");
    person.until("Choose the master password");
    person.fill("Master password", "summer2024");
    person.fill("Repeat it", "summer2024");
    assert!(!person.sees(BECAUSE), "no reason makes a poor password good enough");
    assert!(person.sees("This password is too easy to guess.") && !person.is_enabled("Continue"));
    person.fill("Master password", WEAK);
    person.fill("Repeat it", WEAK);
    assert!(!person.is_enabled("Continue"));
    assert!(person.sees("It has fewer than 15 characters"), "{}", person.all());
    person.until("Choose a stronger one, or say why you use it anyway.");
    person.fill(BECAUSE, "It opens a test bench");
    assert!(person.is_enabled("Continue"), "{}", person.all());
    // A strong one needs none; back at the weak one, what was said about it is still there.
    person.fill("Master password", PASSWORD);
    assert!(!person.sees(BECAUSE));
    person.fill("Master password", WEAK);
    assert_eq!(person.find(BECAUSE).value.as_deref(), Some("It opens a test bench"));
    person.click("Continue");
    person.until("Measure again");
    person.press(CTRL, Key::Enter);
    person.until("Make sure you can come back");
    person.click("I have stored the password safely");
    person.click("Create vault");
    person.until("No keys yet");
    person.lock();
    person.quit();
    tells(&said(&person.desk.verified_log(WEAK), Action::VaultCreate), "It opens a test bench");
}

#[test]
fn changing_the_password_and_replacing_an_exposed_one_ask_for_it_too() {
    let mut person = Person::at_a_vault();
    let fill = |person: &mut Person, old: &str, new: &str| {
        person.until("Password in use");
        person.fill("Password in use", old);
        person.fill("New password", new);
        person.fill("New password again", new);
    };
    person.command("Change the password");
    fill(&mut person, PASSWORD, WEAK);
    person.until("The new password is weak. Choose a stronger one, or say why you use it anyway.");
    person.fill(BECAUSE, "Until the card reader is there");
    person.press(CTRL, Key::Enter);
    person.until("The password was changed.");
    let another = "Tr0ub4dor&4";
    person.command("The password was exposed");
    fill(&mut person, WEAK, another);
    person.fill("What happened", "Laptop stolen");
    assert!(!person.is_enabled("Replace everything"));
    person.fill(BECAUSE, "Only for today");
    person.click("Replace everything");
    person.until("Everything was replaced.");
    person.press(NONE, Key::Escape);
    person.lock();
    person.quit();
    let log = person.desk.verified_log(another);
    tells(&said(&log, Action::OperatorPassword), "Until the card reader is there");
    tells(&said(&log, Action::OperatorExposed), "Only for today");
}
