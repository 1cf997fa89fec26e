//! Settings and policies on their way: what is asked is in view and names all of it, and nothing typed goes without a word.

use egui::Key;
use keyroom::model::{Action, Settings};

use crate::common::desk::PASSWORD;
use crate::person::{CTRL, NONE, Person};

/// The middle of something, and that it can be seen.
fn seen(person: &Person, name: &str) -> egui::Pos2 {
    let at = person.find(name).rect.center();
    assert!((0.0..836.0).contains(&at.y), "{name} is out of sight: {at}");
    at
}

#[test]
fn what_changes_is_named_whole_stands_in_view_and_is_taken_back_by_the_value_in_force() {
    let reason = "Reason before a secret is revealed, copied or exported";
    let mut person = Person::at_a_vault();
    person.press(CTRL, Key::Comma);
    let before = seen(&person, "12 h");
    person.click("12 h");
    person.until("End the session after: 12 h.");
    assert!(person.is_focused("Your password"), "after a click too: {:?}", person.focused());
    assert_eq!(seen(&person, "12 h"), before, "no row moves from under the pointer");
    seen(&person, "Confirm");
    person.click(reason);
    person.until(&format!("End the session after: 12 h. {reason}: on."));
    person.click("8");
    person.until_gone("12 h.");
    assert!(person.sees(&format!("{reason}: on.")), "{}", person.all());
    person.click(reason);
    assert_eq!(person.count("Your password"), 0, "nothing is left to confirm: {}", person.all());
    person.click("12 h");
    person.fill("Your password", PASSWORD);
    person.press(NONE, Key::Enter);
    person.until("Saved. End the session after: 12 h.");

    // The password counts now: only what weakens is asked about, where it is seen, with the focus in it.
    person.click("15 min");
    person.until("This weakens the vault");
    seen(&person, "Confirm");
    person.until_that("the reason has the focus", |person| person.is_focused("Reason"));
    person.type_text("long meetings");
    person.press(NONE, Key::Enter);
    person.until("Saved. Lock when idle: 15 min.");
    person.press(CTRL, Key::Num5);
    person.click("60 s");
    person.until("This weakens the vault");
    person.until_that("the reason has the focus", |person| person.is_focused("Reason"));
    person.click("Cancel");
    // The name: from its field to its button, and Enter does the same.
    person.press(CTRL, Key::Comma);
    person.click("Vault");
    person.fill("Vault name", "team-vault");
    person.press(NONE, Key::Tab);
    assert!(person.is_focused("Rename"), "from left to right: {:?}", person.focused());
    person.fill("Vault name", "other-vault");
    person.press(NONE, Key::Enter);
    person.until("Saved. Name: other-vault.");
    person.lock();
    person.quit();
    let log = person.desk.verified_log(PASSWORD);
    let changes = log.iter().filter(|event| event.action == Action::VaultSettings);
    assert_eq!(changes.map(|event| event.changes.len()).collect::<Vec<_>>(), [1, 1, 1]);
}

#[test]
fn a_policy_that_was_changed_is_not_lost_to_another_row_a_button_or_a_lock() {
    let defaults = Settings::default().policies;
    let mut person = Person::at_a_vault();
    person.press(CTRL, Key::Num3);
    person.click("Policies");
    person.click(&defaults[0].name);
    person.until("It decides for");
    person.click(&defaults[1].name);
    assert!(!person.sees("Discard"), "nothing was typed: {}", person.all());
    person.fill("Name", "mine");
    for leave in [&defaults[0].name, "New policy", "Cancel"] {
        person.click(leave);
        person.until("Discard what you typed?");
        assert!(person.is_focused("Keep editing"));
        person.press(NONE, Key::Escape);
        assert!(!person.sees("Discard what you typed?"));
        assert_eq!(person.find("Name").value.as_deref(), Some("mine"), "after {leave}");
    }
    person.lock();
    person.unlock();
    person.until("A policy that was not saved before the lock is back");
    assert_eq!(person.find("Name").value.as_deref(), Some("mine"));
    person.click("Save policy");
    person.until("Policy mine.");
    person.fill("Your password", PASSWORD);
    person.press(NONE, Key::Enter);
    person.until("Saved. Policy mine.");
    person.click(&defaults[0].name);
    person.fill("Name", "yours");
    person.click("Cancel");
    person.click("Discard it");
    assert_eq!(person.count("Name"), 0, "the form is closed: {}", person.all());
    person.lock();
    person.unlock();
    assert!(!person.sees("is back"), "what was given up does not come back: {}", person.all());
}
