//! Two programs on one file: the window takes in what the other wrote, and neither overwrites the other.

use std::time::Duration;

use egui::Key;
use keyroom::crypto::memory::SecretBuf;
use keyroom::model::KeyType;
use keyroom::operations::{CreateKey, KeyDraft, NewValue};
use keyroom::vault::Vault;

use crate::common::desk::PASSWORD;
use crate::person::{CTRL, Person};

fn add(vault: &mut Vault, name: &str) {
    let draft = KeyDraft::new(name, KeyType::Password);
    let value = NewValue::Entered(SecretBuf::from_slice(b"Zq7Xv9Kw3Jy5Qz1V"));
    vault.perform(CreateKey { draft, value, activate: true }).unwrap();
}

#[test]
fn what_a_second_program_adds_appears_and_the_next_edit_keeps_it() {
    let mut person = Person::at_a_vault();
    person.press(CTRL, Key::Num2);
    let mut other = person.desk.second(PASSWORD);
    add(&mut other, "ldap-bind");
    person.pass(Duration::from_secs(4));
    person.until("ldap-bind");
    // Both at once: the other commits between the window's look and its own commit.
    add(&mut other, "vpn-psk");
    person.add_key("payments-db", "Vw8Kq2Zt5Nx7");
    person.until("vpn-psk");
    for name in ["ldap-bind", "vpn-psk", "payments-db"] {
        assert!(person.sees(name), "{name} is lost: {}", person.all());
    }
    person.lock();
    person.quit();
    drop(other);
    person.desk.verified_log(PASSWORD);
    assert_eq!(person.desk.second(PASSWORD).view().keys.all().len(), 3);
}

#[test]
fn a_file_put_in_its_place_locks_the_window_and_says_why() {
    let mut person = Person::at_a_vault();
    let copy = person.desk.dir.path().join("copy.keyroom");
    std::fs::copy(person.desk.path(), &copy).unwrap();
    std::fs::rename(&copy, person.desk.path()).unwrap();
    person.pass(Duration::from_secs(4));
    person.until("Locked because another file took the place of this vault's.");
}
