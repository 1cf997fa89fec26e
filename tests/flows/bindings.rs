//! Keys that a person puts in the place of those the program came with: in force at once and after a restart, never one that
//! another command has, and never what a file says that makes no sense.

use egui::{Key, Modifiers};

use crate::person::{CTRL, NONE, Person};

fn to_the_keyboard(person: &mut Person) {
    person.press(CTRL, Key::Num6);
    person.click("Keyboard");
    person.until("Change the keys of Rotate…");
}

#[test]
fn keys_are_changed_refused_where_they_are_anothers_kept_and_restored() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");
    to_the_keyboard(&mut person);
    assert_eq!(person.count("No key for Lock now"), 0, "locking always has a key");
    // What another command has is not taken from it; what lists listen to is not to be had; Esc leaves it.
    for (modifiers, key, said) in [
        (CTRL, Key::E, "Ctrl E is the key of \u{201C}Edit…\u{201D}. Nothing was changed."),
        (NONE, Key::J, "J: A letter, digit or sign needs Ctrl or Alt with it."),
        (NONE, Key::Space, "Space: Lists and fields listen to it."),
    ] {
        person.click("Change the keys of Rotate…");
        person.until("Press the keys. Esc leaves them.");
        person.press(modifiers, key);
        person.until(said);
        assert!(person.desk.workstation().keys.is_empty());
    }
    person.click("Change the keys of Rotate…");
    person.press(NONE, Key::Escape);
    assert!(!person.sees("Press the keys.") && person.desk.workstation().keys.is_empty());
    person.click("Change the keys of Rotate…");
    person.press(CTRL, Key::J);
    person.until("Ctrl J");
    assert_eq!(person.desk.workstation().keys["Rotate…"], ["Ctrl J"]);
    person.fill("Search settings", "Lock now");
    person.until("Change the keys of Lock now");
    person.click("Change the keys of Lock now");
    person.press(CTRL.plus(Modifiers::SHIFT), Key::L);
    person.until("Ctrl Shift L");
    // Copying as well, which the desktop tells in its own way.
    person.fill("Search settings", "Copy name");
    person.until("Change the keys of Copy name");
    person.click("Change the keys of Copy name");
    person.press(Modifiers::ALT, Key::C);
    person.until("Alt C");

    // After a restart they are in force, in the list too, and the old ones are not.
    person.quit();
    person.start();
    person.shell().open(&person.desk.path());
    person.until("Master password");
    person.unlock();
    person.press(CTRL, Key::Num2);
    person.click("payments-db");
    person.press(CTRL, Key::L);
    person.press(CTRL, Key::R);
    assert!(person.sees("Locks in") && !person.sees("Rotate payments-db"), "{}", person.all());
    person.press(CTRL, Key::C);
    assert_eq!(person.desk.clipboard.content(), None);
    person.press(Modifiers::ALT, Key::C);
    person.until("Copied the name payments-db.");
    person.press(NONE, Key::F1);
    person.until("Rotate…: Ctrl J");
    assert!(person.sees("Lock now: Ctrl Shift L") && !person.sees(": Ctrl R"), "{}", person.all());
    person.press(NONE, Key::Escape);
    person.press(CTRL, Key::J);
    person.until("Rotate payments-db");
    person.press(NONE, Key::Escape);
    person.press(CTRL.plus(Modifiers::SHIFT), Key::L);
    person.until("Master password");
    person.unlock();
    to_the_keyboard(&mut person);
    person.click("Restore all");
    assert!(person.desk.workstation().keys.is_empty());
    person.lock();

    // A file that says nonsense: it is left out, and named where keys are set.
    person.quit();
    let mut workstation = person.desk.workstation();
    workstation.keys.insert("Lock now".into(), Vec::new());
    workstation.keys.insert("Open the pod bay doors".into(), vec!["Ctrl J".into()]);
    workstation.save(&person.desk.settings()).unwrap();
    person.start();
    person.shell().open(&person.desk.path());
    person.until("Master password");
    person.unlock();
    to_the_keyboard(&mut person);
    person.until("Lock now, Open the pod bay doors");
    person.lock();
}
