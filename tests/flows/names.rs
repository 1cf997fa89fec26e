//! Names that are too long or deceive the eye, typed and pasted where a key gets its name: refused in words, never stored as
//! something else than what was meant.

use std::time::{Duration, Instant};

use egui::Key;

use crate::person::{CTRL, Person};

fn naming() -> Person {
    let mut person = Person::at_a_vault();
    person.press(CTRL, Key::Num2);
    person.press(CTRL, Key::N);
    person.until("New key");
    assert!(person.is_focused("Name"));
    person
}

#[test]
fn a_megabyte_pasted_as_a_name_is_cut_to_what_fits_and_that_is_said() {
    let mut person = naming();
    let started = Instant::now();
    person.paste(&"x".repeat(1 << 20));
    person.until("Only the first 256 characters fit; the rest was left out.");
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "the window stood still for {:?}",
        started.elapsed()
    );
    assert_eq!(person.find("Name").value.unwrap().chars().count(), 256);
    // A name that fits takes its place, and nothing more is said.
    person.fill("Name", "payments-db");
    assert!(!person.sees("the rest was left out"), "{}", person.all());
    person.click("Add key");
    person.until("payments-db was added.");
}

#[test]
fn letters_of_several_bytes_are_counted_in_bytes() {
    let mut person = naming();
    person.paste(&"ö".repeat(256));
    person.until("The name is 512 bytes long; at most 256 fit.");
    assert!(!person.is_enabled("Add key"));
}

#[test]
fn what_cannot_be_seen_or_turns_the_text_around_is_named_by_its_code_and_place() {
    let mut person = naming();
    for (name, code) in [
        ("pay\u{202e}ments", "U+202E) at position 4"),
        ("pay\u{200b}ments", "U+200B) at position 4"),
        ("\u{2066}payments", "U+2066) at position 1"),
        ("pay\u{0}ments", "U+0000) at position 4"),
    ] {
        person.click("Name");
        person.press(CTRL, Key::A);
        person.paste(name);
        person.until(code);
        assert!(person.sees("holds an invisible or direction-changing character"), "{}", person.all());
        assert!(!person.is_enabled("Add key"), "{name:?} can be added");
    }
    person.fill("Name", "payments-db");
    person.click("Add key");
    person.until("payments-db was added.");
    let shell = person.shell();
    let snapshot = shell.app().snapshot();
    let names: Vec<_> =
        snapshot.unlocked().unwrap().view.keys.all().iter().map(|key| key.name.clone()).collect();
    assert_eq!(names, ["payments-db"]);
}
