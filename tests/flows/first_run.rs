//! The first quarter of an hour without touching the mouse.

use egui::{Key, Modifiers};
use keyroom::model::Action;

use crate::person::{CTRL, NONE, Person};

const PASSWORD: &str = "velvet-otter-quilt-mango-pylon-sage";

#[test]
fn with_the_keyboard_alone_from_the_welcome_to_the_lock() {
    let mut person = Person::new();
    person.until("Create a vault");
    assert!(person.is_focused("Create a vault"), "the first choice has the focus");
    person.press(NONE, Key::Enter);

    person.until("Name of the vault");
    person.type_text("prod-vault");
    person.tab_to("Your name in it");
    person.press(CTRL, Key::A);
    person.type_text("m.ito");
    person.tab_to("File");
    person.press(CTRL, Key::A);
    person.type_text(&person.desk.path().to_string_lossy());
    person.tab_to("Continue");
    person.press(NONE, Key::Enter);

    person.until("Choose the master password");
    assert!(person.is_focused("Master password"));
    person.type_text(PASSWORD);
    person.tab_to("Repeat it");
    person.type_text(PASSWORD);
    person.press(NONE, Key::Enter);

    person.until("Measure again");
    assert!(person.is_focused("An unlock takes about"), "{:?}", person.focused());
    person.tab_to("Continue");
    person.press(NONE, Key::Enter);
    person.until("Make sure you can come back");
    person.tab_to("I have stored the password safely");
    person.press(NONE, Key::Space);
    person.tab_to("Create vault");
    person.press(NONE, Key::Enter);
    person.until("No keys yet");

    person.tab_to("New key…");
    person.press(NONE, Key::Enter);
    person.until("Add key");
    person.type_text("payments-db");
    person.tab_to("Add key");
    person.press(NONE, Key::Enter);
    person.until("payments-db was added.");

    person.press(CTRL, Key::H);
    person.until("This reveal was recorded.");
    assert!(person.sees("Hides in 20 s"), "{}", person.all());
    person.tab_to("Copy");
    person.press(NONE, Key::Enter);
    person.until_that("the value is on the clipboard", |p| p.desk.clipboard.content().is_some());
    let value = person.desk.clipboard.content().unwrap();
    assert!(value.len() >= 20, "a generated password");
    assert!(!person.sees(&value), "the value can be read in the accessibility tree");
    person.press(CTRL, Key::H);
    person.until("hidden");

    person.press(CTRL, Key::L);
    person.until("Locked by you.");
    assert_eq!(person.desk.clipboard.content(), None, "the lock takes it off the clipboard");
    person.quit();

    let actions: Vec<Action> = person.desk.verified_log(PASSWORD).iter().map(|e| e.action).collect();
    let expected = [
        Action::VaultCreate,
        Action::SessionUnlock,
        Action::KeyCreate,
        Action::SecretReveal,
        Action::SecretCopy,
        Action::SecretHide,
        Action::SessionLock,
    ];
    assert_eq!(actions, expected);
}

#[test]
fn shift_tab_goes_back_and_escape_leaves_a_dialog_to_where_it_was_opened() {
    let mut person = Person::at_a_vault();
    person.tab_to("New key…");
    person.press(NONE, Key::Enter);
    person.until("Add key");
    person.tab_to("Cancel");
    person.press(Modifiers::SHIFT, Key::Tab);
    assert!(!person.is_focused("Cancel"));
    person.press(NONE, Key::Escape);
    assert!(!person.sees("Add key"), "nothing was typed, so nothing is asked: {}", person.all());
    assert_eq!(person.focused().as_deref(), Some("New key…"), "the focus is where it was");
}

#[test]
fn what_was_typed_is_not_lost_to_one_press_of_escape() {
    let mut person = Person::at_a_vault();
    person.press(CTRL, Key::Num2);
    person.press(CTRL, Key::N);
    person.until("Add key");
    person.type_text("payments-db");
    person.press(NONE, Key::Escape);
    person.until("Discard what you typed?");
    assert!(person.is_focused("Keep editing"), "the safe answer has the focus");
    person.press(NONE, Key::Enter);
    assert_eq!(person.find("Name").value.as_deref(), Some("payments-db"));
    assert!(person.is_focused("Name"), "the place is not lost: {:?}", person.focused());
    person.press(NONE, Key::Escape);
    person.until("Discard what you typed?");
    person.click("Discard it");
    assert!(!person.sees("Add key"));
}
