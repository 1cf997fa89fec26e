//! The way of a key that fell into the wrong hands: compromised, destruction scheduled, destroyed. There is no way back.

use egui::{Key, Modifiers};
use keyroom::model::{Action, KeyState};

use crate::common::desk::PASSWORD;
use crate::person::{CTRL, NONE, Person};

#[test]
fn a_compromised_key_is_never_used_again_and_its_values_are_destroyed_on_purpose() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");

    person.click("More actions");
    person.click("Mark as compromised…");
    person.until("Mark payments-db as compromised?");
    assert!(person.is_focused("Leave it as it is"), "the safe answer has the focus");
    assert!(!person.is_enabled("Mark as compromised"), "it asks what happened first");
    person.fill("What happened", "Found in a build log");
    person.click("Mark as compromised");
    person.until("payments-db is marked as compromised.");
    person.until("Compromised");

    person.press(CTRL, Key::R);
    assert!(!person.sees("Rotate payments-db"), "a compromised key cannot be rotated");

    person.click("More actions");
    assert_eq!(person.count("Resume…") + person.count("Activate…"), 0, "there is a way back");
    person.click("Schedule destruction…");
    person.until("Schedule the destruction of payments-db");
    person.fill("Days until then", "3");
    person.fill("Reason", "Replaced by payments-db-2");
    assert!(!person.is_enabled("Schedule destruction"), "7 days at least");
    person.fill("Days until then", "7");
    person.click("Schedule destruction");
    person.until("payments-db can be destroyed from");

    // What is in the wrong hands need not wait for that day.
    person.click("More actions");
    person.click("Destroy values…");
    person.until("Destroy all values of payments-db?");
    assert!(person.sees("It is compromised, so there is no time to wait for."));
    assert!(person.is_focused("Keep it"), "{:?}", person.focused());
    person.fill("Reason", "It is being sold");
    person.fill("Type payments-db to destroy its values", "payments-d");
    person.fill("Your password", PASSWORD);
    assert!(!person.is_enabled("Destroy all values"), "the name is not the key's");
    person.fill("Type payments-db to destroy its values", "payments-db");
    person.click("Destroy all values");
    person.until("All values of payments-db are destroyed.");
    assert!(!person.is_enabled("Reveal"), "there is nothing to reveal any more");
    person.press(NONE, Key::Escape);
    person.lock();
    person.quit();

    let events = person.desk.verified_log(PASSWORD);
    let of = |action| events.iter().find(|event| event.action == action).unwrap();
    assert_eq!(of(Action::KeyCompromised).reason, "Found in a build log");
    let destroyed = of(Action::KeyDestroy);
    assert_eq!(destroyed.reason, "It is being sold");
    let early = destroyed.changes.iter().find(|c| c.field == "destroyed from").unwrap();
    assert_eq!(early.after, "at once");
    let vault = person.desk.second(PASSWORD);
    assert_eq!(vault.view().keys.all()[0].state, KeyState::Destroyed);
}

#[test]
fn a_wrong_password_destroys_nothing_and_what_was_typed_stays() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");
    person.press(CTRL, Key::R);
    person.until("Rotate payments-db");
    person.click("Make v2 current");
    person.until("v2 is current.");
    person.click("Versions");
    person.click("Actions on version 1");
    person.click("Destroy value…");
    person.until("Destroy version 1 of payments-db?");
    person.fill("Reason", "Not needed");
    person.fill("Your password", "a wrong password");
    person.click("Destroy version 1");
    person.until("That is not your password.");
    assert_eq!(person.find("Reason").value.as_deref(), Some("Not needed"));
    assert!(person.is_focused("Your password"));
    person.press(Modifiers::NONE, Key::Escape);
    assert!(person.sees("Actions on version 1"));
    let shell = person.shell();
    let snapshot = shell.app().snapshot();
    let view = &snapshot.unlocked().unwrap().view;
    assert!(view.keys.all()[0].versions.iter().all(|v| v.state != keyroom::model::VersionState::Destroyed));
}
