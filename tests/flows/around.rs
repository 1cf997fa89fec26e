//! What is known around a key: written in the form's folded part, kept over a lock, told by the drawer from both sides.

use egui::{Key, Modifiers};
use keyroom::model::{Action, KeyType};

use crate::common::desk::PASSWORD;
use crate::person::{CTRL, NONE, Person};

/// Writes into a field that may stand below what the dialog shows at once.
fn write(person: &mut Person, field: &str, text: &str) {
    person.tab_to(field);
    person.press(CTRL, Key::A);
    if text.is_empty() {
        person.press(NONE, Key::Delete);
    } else {
        person.type_text(text);
    }
}

fn unfold(person: &mut Person) {
    assert!(!person.sees("Sponsor"), "folded until somebody looks");
    // It is the last of the fields, so the way to it is shorter backwards.
    for _ in 0..9 {
        if !person.is_focused("More about it") {
            person.press(Modifiers::SHIFT, Key::Tab);
        }
    }
    person.press(NONE, Key::Space);
    person.until("Sponsor");
}

#[test]
fn who_else_answers_and_which_key_was_replaced_survive_a_lock_and_are_told_from_both_sides() {
    let mut person = Person::at_a_vault();
    person.add_key("legacy-kek", "an older value");
    person.press(CTRL, Key::N);
    person.until("New key");
    person.click("Type");
    person.click("AES key");
    person.fill("Name", "backup-kek");
    unfold(&mut person);
    write(&mut person, "Sponsor", "k.lind");
    write(&mut person, "Replaces", "legacy-kex");
    person.until("No key has this name.");
    assert!(!person.is_enabled("Add key"));
    write(&mut person, "Replaces", "LEGACY-kek");
    write(&mut person, "Process until", "2031-05-01");
    assert!(person.is_enabled("Add key"));
    person.lock();
    person.unlock();
    person.until("New key");
    assert_eq!(person.find("Sponsor").value.as_deref(), Some("k.lind"), "open, because it holds something");
    person.click("Add key");
    person.until("backup-kek was added.");

    person.click("Notes");
    person.until("k.lind");
    for told in ["symmetric data-encryption key", "256 bits, AES-256", "encrypt, decrypt", "1 May 2031"] {
        assert!(person.sees(told), "{told}: {}", person.all());
    }
    person.click("legacy-kek");
    person.until("Keys / legacy-kek");
    person.until("Replaced by");
    person.press(CTRL, Key::E);
    person.until("Edit legacy-kek");
    unfold(&mut person);
    write(&mut person, "Replaces", "legacy-kek");
    person.until("That is the key itself.");
    write(&mut person, "Replaces", "backup-kek");
    person.click("Save changes");
    person.until("cannot replace itself, or a key that was put in its own place");
    write(&mut person, "Replaces", "");
    write(&mut person, "Shared with", "Acme");
    person.click("Save changes");
    person.until("legacy-kek was changed.");
    person.lock();
    person.quit();

    let events = person.desk.verified_log(PASSWORD);
    let edited = events.iter().rfind(|event| event.action == Action::KeyEdit && !event.changes.is_empty());
    let changes = &edited.unwrap().changes;
    assert_eq!(
        (changes.len(), changes[0].field.as_str(), changes[0].after.as_str()),
        (1, "shared with", "Acme")
    );
    let vault = person.desk.second(PASSWORD);
    let view = vault.view();
    let (old, new) = (view.find("legacy-kek").unwrap(), view.find("backup-kek").unwrap());
    assert_eq!((new.key_type, new.around.replaces), (KeyType::Aes256, Some(old.id)));
    assert_eq!(view.replaced_by(old.id).map(|key| key.id).collect::<Vec<_>>(), [new.id]);
}
