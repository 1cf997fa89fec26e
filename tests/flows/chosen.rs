//! What is asked by a key is asked of what is on the screen: of the page that is shown, of the row the cursor is on, of the menu
//! that is open.

use egui::{Key, Modifiers};
use keyroom::model::Action;
use keyroom::ui::frame::Page;

use crate::person::{CTRL, NONE, Person};

/// The key a dialog or the drawer is about, by the words it begins with.
fn named(person: &Person, before: &str) -> Option<String> {
    person.all().lines().find_map(|line| line.strip_prefix(before)).map(str::to_owned)
}

/// From the filter of the Keys page to its list.
fn to_the_list(person: &mut Person) {
    person.press(CTRL, Key::F);
    person.press(NONE, Key::Enter);
}

/// Its keys are heard again, and its first row is chosen.
fn in_the_list(person: &mut Person) {
    person.press(CTRL, Key::A);
    person.until("2 keys shown, 2 selected");
    person.press(NONE, Key::Home);
    person.until("2 keys shown, 1 selected");
}

#[test]
fn a_key_is_rotated_and_edited_where_it_is_shown_and_elsewhere_the_window_says_to_choose_one() {
    let mut person = Person::at_a_demo();
    person.press(CTRL, Key::Num2);
    to_the_list(&mut person);
    person.press(NONE, Key::Home);
    person.press(NONE, Key::Enter);
    let open = named(&person, "Keys / ").unwrap();
    for page in [Key::Num1, Key::Num5, Key::Num6] {
        person.press(CTRL, page);
        person.press(CTRL, Key::R);
        person.until("Choose a key on the Keys or the Rotation page first.");
        person.press(CTRL, Key::E);
        assert_eq!(person.count("Cancel"), 0, "no dialog: {open} is not on the screen");
    }
    // Rotation has rows of its own, and rotates all that are selected.
    person.press(CTRL, Key::Num3);
    person.tab_to("Keys by due date");
    person.press(NONE, Key::ArrowDown);
    person.press(NONE, Key::ArrowDown);
    person.press(CTRL, Key::E);
    let edited = named(&person, "Edit ").unwrap();
    assert_ne!(edited, open, "the key that is open on Keys, not the one that is selected here");
    person.press(NONE, Key::Escape);
    person.press(CTRL, Key::R);
    assert_eq!(named(&person, "Rotate "), Some(edited));
    person.press(NONE, Key::Escape);
    person.press(Modifiers::SHIFT, Key::ArrowDown);
    person.press(CTRL, Key::R);
    person.until("Rotate 2 keys, one after the other");
    person.press(NONE, Key::Escape);
    person.press(CTRL, Key::E);
    person.until("2 keys are selected. Choose one of them.");
    // Audit: the key of the event that is open.
    person.press(CTRL, Key::Num4);
    person.click("All");
    person.press(CTRL, Key::F);
    person.type_text("action:key.create");
    person.press(NONE, Key::Enter);
    person.until("Remove filter");
    person.press(NONE, Key::Home);
    person.until("all its events");
    person.press(CTRL, Key::E);
    person.until_that("the dialog of that key", |person| named(person, "Edit ").is_some());
    let of_the_event = named(&person, "Edit ").unwrap();
    assert!(person.sees(&format!("created {of_the_event}")), "{}", person.all());
}

#[test]
fn the_menu_of_a_row_is_walked_chosen_from_and_left_by_the_keyboard() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");
    person.add_key("web-tls", "another value of it");
    person.press(CTRL, Key::W);
    to_the_list(&mut person);
    person.press(NONE, Key::Home);
    person.press(Modifiers::SHIFT, Key::F10);
    person.until("Copy name");
    assert!(person.is_focused("Copy name"), "{:?}", person.focused());
    person.press(NONE, Key::ArrowDown);
    assert!(person.is_focused("Copy as JSON"), "the arrows are the menu's: {:?}", person.focused());
    person.press(NONE, Key::Escape);
    assert!(!person.sees("Copy as JSON"));
    in_the_list(&mut person);
    // Chosen with Enter it closes, and what it opened gives the focus back to the list.
    person.press(Modifiers::SHIFT, Key::F10);
    person.until("Copy name");
    for _ in 0..20 {
        if !person.is_focused("Suspend…") {
            person.press(NONE, Key::ArrowDown);
        }
    }
    person.press(NONE, Key::Enter);
    person.until("Review by");
    assert!(!person.sees("Copy as JSON"), "the menu is closed: {}", person.all());

    // A reason that was typed is not lost to Esc, and Enter confirms.
    assert!(person.is_focused("Reason"));
    person.press(NONE, Key::Enter);
    assert!(person.is_focused("Reason"), "nothing to confirm yet, and the place is not lost");
    person.type_text("A holiday");
    person.press(NONE, Key::Escape);
    person.until("Discard what you typed?");
    person.press(NONE, Key::Enter);
    assert_eq!(person.find("Reason").value.as_deref(), Some("A holiday"));
    person.tab_to("Cancel");
    person.press(NONE, Key::Tab);
    assert!(person.is_focused("Suspend"), "from left to right: {:?}", person.focused());
    person.press(Modifiers::SHIFT, Key::Tab);
    person.press(Modifiers::SHIFT, Key::Tab);
    person.press(NONE, Key::Enter);
    person.until("is suspended, review by");
    in_the_list(&mut person);
    assert_eq!(person.logged(Action::KeySuspend), 1);
}

#[test]
fn after_an_unlock_the_row_that_is_selected_has_its_keys_and_a_list_that_is_closed_leaves_the_focus() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");
    person.press(CTRL, Key::W);
    to_the_list(&mut person);
    person.press(NONE, Key::Home);
    person.until("1 key shown, 1 selected");
    person.lock();
    person.unlock();
    person.until("1 key shown, 1 selected");
    person.press(CTRL, Key::E);
    person.until("Edit payments-db");
    person.press(NONE, Key::Escape);
    // The list of a field, closed by Esc.
    person.press(CTRL, Key::N);
    person.until("Add key");
    person.tab_to("Type");
    person.press(NONE, Key::Enter);
    person.until("AES key");
    person.press(NONE, Key::Escape);
    assert!(person.is_focused("Type"), "{:?}", person.focused());
    // A value that does not fit is known to the button at once, and is said once.
    person.click("Type");
    person.click("AES key");
    person.fill("Name", "backup-kek");
    person.click("Paste");
    person.click("Value");
    person.type_text("no hex");
    assert!(!person.is_enabled("Add key"));
    assert!(person.sees("Correct the marked field."), "{}", person.all());
    person.press(CTRL, Key::A);
    person.type_text("2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
    person.click("Add key");
    person.until("backup-kek was added.");

    // The palette knows what can be done with the key that is open, and a command's own words are the command's.
    for (typed, title) in
        [("susp", "Suspend backup-kek"), ("destr", "Schedule the destruction of backup-kek")]
    {
        person.command(typed);
        person.until(title);
        person.press(NONE, Key::Escape);
    }
    person.command("back up");
    person.until("The copy is as encrypted as the vault");
    person.fill("File", "/no-such-folder/copy.keyroom");
    person.until("There is no folder /no-such-folder.");
    assert!(!person.is_enabled("Back up now"));
}

#[test]
fn another_vault_is_made_only_after_a_word_and_opens_on_the_overview() {
    let mut person = Person::at_a_vault();
    person.press(CTRL, Key::Num2);
    person.command("create a vault");
    person.until("Lock prod-vault and make another vault?");
    person.click("Stay here");
    assert!(person.sees("Locks in"), "nothing was locked: {}", person.all());
    person.command("create a vault");
    person.click("Lock and go on");
    person.until("Name of the vault");
    person.click("Cancel");
    person.until("Master password");
    person.unlock();
    assert_eq!(person.shell().page(), Page::Keys, "the same vault goes on where it was");
    person.lock();
    person.opens_another_vault();
    assert_eq!(person.shell().page(), Page::Overview, "another one begins");
}

#[test]
fn an_operator_who_is_not_named_is_asked_for_and_enter_in_the_name_unlocks() {
    let mut person = Person::at_a_demo();
    person.lock();
    person.click("Somebody else");
    person.fill("Master password", crate::common::desk::PASSWORD);
    person.until("Type the operator's name.");
    person.fill("Operator", keyroom::app::demo::OPERATOR);
    person.press(NONE, Key::Enter);
    person.until("Locks in");
}
