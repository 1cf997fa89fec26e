//! The list of keys that leaves as CSV: it is in the log before it is on the disk, and where it cannot be, there is no file.

use egui::Key;
use keyroom::model::{Action, Object, Outcome};

use crate::common::desk::PASSWORD;
#[cfg(target_os = "linux")]
use crate::common::disk::Mood;
use crate::person::{CTRL, Person};

#[test]
fn the_list_of_chosen_keys_is_written_once_it_is_recorded_and_never_over_another_file() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");
    person.add_key("web-tls", "another value of it");
    let file = person.desk.dir.path().join("keys.csv");
    person.click("payments-db");
    person.press(CTRL, Key::A);
    person.until("2 selected");
    // The drawer has a menu of that name too.
    person.press(CTRL, Key::W);
    person.click("More");
    person.click("Export metadata…");
    person.until("Export what is known about 2 keys");
    person.fill("File", &file.to_string_lossy());
    #[cfg(target_os = "linux")]
    {
        person.desk.disk.set(Mood::Full);
        person.click("Export");
        person.until("could not be recorded: the disk is full");
        assert!(!file.exists(), "a list was written that is not in the log");
        person.desk.disk.set(Mood::Works);
    }
    std::fs::write(&file, "somebody's").unwrap();
    person.click("Export");
    person.until("exists already");
    assert_eq!(std::fs::read(&file).unwrap(), b"somebody's");
    std::fs::remove_file(&file).unwrap();
    person.click("Export");
    person.until("Written to");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(
        text.contains("payments-db") && text.contains("web-tls") && !text.contains("Zq7Xv9Kw3Jy5Qz1V"),
        "{text}"
    );
    person.lock();
    person.quit();
    let events = person.desk.verified_log(PASSWORD);
    let lists: Vec<_> = events.iter().filter(|event| event.action == Action::KeyExportList).collect();
    let outcomes: Vec<_> = lists.iter().map(|event| event.outcome).collect();
    assert_eq!(outcomes, [Outcome::Failed, Outcome::Done]);
    assert_eq!(lists[1].object, Object::Keys { count: 2 });
    let changes: Vec<_> = lists[1].changes.iter().map(|c| (c.field.as_str(), c.after.as_str())).collect();
    assert_eq!(changes[0], ("file", "keys.csv"));
    assert_eq!(changes.len(), 3, "the file and both names: {changes:?}");
}

#[test]
fn an_event_is_copied_as_json_with_what_it_changed() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");
    person.press(CTRL, Key::E);
    person.until("Edit payments-db");
    person.fill("Purpose", "Login of the payments service");
    person.click("Save changes");
    person.until("payments-db was changed.");
    person.press(CTRL, Key::Num4);
    person.until("key.edit");
    person.click("key.edit");
    person.press(CTRL.plus(egui::Modifiers::SHIFT), Key::C);
    person.until("Copied 1 event as JSON.");
    let copied = person.desk.clipboard.content().unwrap();
    assert!(copied.contains("\"after\": \"Login of the payments service\""), "{copied}");
}

#[test]
fn rows_of_every_list_are_copied_as_lines_and_as_json_found_by_letters_and_sorted() {
    let mut person = Person::at_a_vault();
    let secret = "Zq7Xv9Kw3Jy5Qz1V";
    person.add_key("payments-db", secret);
    person.add_key("ldap-bind", "Vw8Kq2Zt5Nx7");
    let ctrl_shift = CTRL.plus(egui::Modifiers::SHIFT);
    let json = |person: &Person| -> serde_json::Value {
        let copied = person.desk.clipboard.content().unwrap();
        assert!(!copied.contains("Zq7Xv9Kw3Jy5Qz1V"), "{copied}");
        serde_json::from_str(&copied).unwrap()
    };
    person.click("payments-db");
    person.press(ctrl_shift, Key::C);
    person.until("Copied what is known about 1 key as JSON. No values.");
    let key = &json(&person)[0];
    assert_eq!(
        (&key["name"], &key["version"], &key["critical"]),
        (&"payments-db".into(), &1.into(), &false.into())
    );
    assert_eq!((&key["tags"], &key["last_used"]), (&serde_json::json!([]), &serde_json::Value::Null));

    // What is due: a letter goes to the key, which is copied as it is in the Keys table.
    person.press(CTRL, Key::Num3);
    person.click("No date: 2");
    person.click("ldap-bind");
    person.type_text("p");
    person.press(ctrl_shift, Key::C);
    person.until("Copied what is known about");
    assert_eq!(json(&person)[0]["name"], "payments-db");

    person.pass(std::time::Duration::from_secs(5));
    person.lock();
    person.unlock();
    // The session: by its operator, as the command line tells it.
    person.press(CTRL, Key::Num5);
    person.until("still open");
    person.click("this session");
    person.press(CTRL, Key::C);
    person.until("Copied 1 session.");
    let lines = person.desk.clipboard.content().unwrap();
    assert!(lines.starts_with("session\toperator\thost"), "{lines}");
    person.press(ctrl_shift, Key::C);
    person.until("Copied 1 session as JSON.");
    assert_eq!((&json(&person)[0]["how"], &json(&person)[0]["changes"]), (&"still open".into(), &0.into()));
    let first = |person: &Person| person.find("this session").rect.top();
    let before = first(&person);
    // Up from the first row is the head of the table.
    person.press(egui::Modifiers::NONE, Key::ArrowUp);
    person.press(egui::Modifiers::NONE, Key::Enter);
    assert!(first(&person) > before, "the earliest on top");
}
