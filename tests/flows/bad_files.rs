//! Files that are not what they should be, opened in the window: each is told in its own words, none is written to, and the
//! window goes on with another vault.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use egui::Key;
use keyroom::crypto::memory::SecretBuf;
use keyroom::model::KeyType;
use keyroom::operations::{CreateKey, KeyDraft, NewValue, open_vault};
use keyroom::vault::anchor::MemoryAnchor;
use keyroom::vault::{Environment, Unlock};
use rusqlite::Connection;

use crate::common::bad;
use crate::common::desk::PASSWORD;
use crate::person::{CTRL, NONE, Person};

const VALUE: &str = "Zq7Xv9Kw3Jy5Qz1V";
/// Above the words of a file that cannot even be tried.
const NOT_OPENED: &str = "could not be opened";
/// Above those of a file that was tried with the password.
const NOT_TRUSTED: &str = "This vault cannot be trusted as it is";

/// A vault with two keys, closed.
fn closed() -> Person {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", VALUE);
    person.add_key("ldap-bind", "Vw8Kq2Zt5Nx7");
    person.lock();
    person.quit();
    person
}

/// Opens the file of the desk and tries the password where it is asked for.
fn open_and_try(person: &mut Person) {
    person.shell().open(&person.desk.path());
    person.until_that("an answer", |p| p.sees(NOT_OPENED) || p.count("prod-vault") > 0);
    if !person.sees(NOT_OPENED) {
        person.until_door_of("prod-vault");
        person.type_text(PASSWORD);
        person.press(NONE, Key::Enter);
    }
}

/// Each kind of bad file: what is above its words, and they.
#[test]
fn each_bad_file_has_its_own_words_stays_as_it_is_and_another_vault_opens_after_it() {
    let mut person = closed();
    let whole = std::fs::read(person.desk.path()).unwrap();
    person.start();
    for bad in bad::files() {
        std::fs::write(person.desk.path(), &whole).unwrap();
        (bad.make)(&person.desk.path());
        let before = std::fs::read(person.desk.path()).unwrap();
        assert!(before != whole, "{}: it is as it was", bad.name);
        open_and_try(&mut person);
        person.until(bad.words);
        let title = if bad.at_the_door { NOT_OPENED } else { NOT_TRUSTED };
        assert!(person.sees(title), "{}: {}", bad.name, person.all());
        for hidden in ["Locks in", "payments-db", "ldap-bind"] {
            assert!(!person.sees(hidden), "{}: {}", bad.name, person.all());
        }
        assert!(std::fs::read(person.desk.path()).unwrap() == before, "{}: it was written to", bad.name);
        person.opens_another_vault();
    }
    std::fs::write(person.desk.path(), &whole).unwrap();
    person.shell().open(&person.desk.path());
    person.until_door_of("prod-vault");
    person.unlock();
    person.press(CTRL, Key::Num2);
    person.until("ldap-bind");
}

/// Goes on with a copy on a workstation that has seen nothing else.
fn go_on_elsewhere(path: &Path, person: &Person, names: &[&str]) {
    let env = Environment { anchor: Arc::new(MemoryAnchor::new()), ..person.desk.env() };
    let password = SecretBuf::from_slice(PASSWORD.as_bytes());
    let unlock = Unlock { password: &password, operator: Some("m.ito"), accept_restored: None };
    let mut vault = open_vault(path).unwrap().unlock(env, &unlock).map_err(|(_, error)| error).unwrap();
    for name in names {
        let draft = KeyDraft::new(*name, KeyType::Password);
        let value = NewValue::Entered(SecretBuf::from_slice(VALUE.as_bytes()));
        vault.perform(CreateKey { draft, value, activate: true }).unwrap();
    }
}

#[test]
fn a_copy_that_went_its_own_way_is_told_from_an_older_one_and_not_written_to() {
    let mut person = Person::at_a_locked_vault();
    let path = person.desk.path();
    let old = std::fs::read(&path).unwrap();
    person.unlock();
    person.add_key("payments-db", VALUE);
    person.lock();
    person.quit();
    std::fs::write(&path, &old).unwrap();
    go_on_elsewhere(&path, &person, &["a", "b", "c", "d", "e"]);
    let forked = std::fs::read(&path).unwrap();
    person.start();
    open_and_try(&mut person);
    person.until("This copy has another history");
    assert!(person.sees("two copies were changed separately, or it was forged"), "{}", person.all());
    assert!(!person.sees("Locks in") && person.count("Accept this copy") > 0, "{}", person.all());
    assert!(std::fs::read(&path).unwrap() == forked, "it was written to");
    person.opens_another_vault();
}

#[test]
fn a_file_overwritten_with_garbage_while_it_is_open_gives_nothing_away_and_takes_nothing_in() {
    let mut person = Person::at_a_vault();
    let path = person.desk.path();
    person.add_key("payments-db", VALUE);
    person.press(CTRL, Key::E);
    person.until("Edit payments-db");
    person.fill("Purpose", "Login of the payments service");
    let whole = std::fs::read(&path).unwrap();
    let garbage: Vec<u8> = (0..whole.len()).map(|i| (i * 31 + i / 251) as u8).collect();
    // In place: the same file, other bytes.
    std::fs::write(&path, &garbage).unwrap();
    person.click("Save changes");
    person.until("this file is not a Keyroom vault");
    assert!(!person.sees("was changed."), "{}", person.all());
    assert!(std::fs::read(&path).unwrap() == garbage, "it was written to");
    person.pass(Duration::from_secs(4));
    person.until("Locked because something else wrote into this vault's file.");
    assert!(
        person.sees("This file is not a Keyroom vault.") && person.sees("do not close it"),
        "{}",
        person.all()
    );
    assert!(!person.sees("payments-db"), "{}", person.all());
    assert!(std::fs::read(&path).unwrap() == garbage, "it was written to");
    person.type_text(PASSWORD);
    person.press(NONE, Key::Enter);
    person.until("The vault could not be opened");
    // The file is brought back: nothing that was typed is lost.
    std::fs::write(&path, &whole).unwrap();
    person.unlock();
    person.until("Edit payments-db");
    assert_eq!(person.find("Purpose").value.as_deref(), Some("Login of the payments service"));
    person.click("Save changes");
    person.until("payments-db was changed.");
    person.press(NONE, Key::Escape);
    person.lock();
    person.quit();
    person.desk.verified_log(PASSWORD);
}

#[test]
fn a_vault_of_zero_bytes_and_a_folder_are_no_vaults() {
    let mut person = Person::new();
    std::fs::write(person.desk.path(), b"").unwrap();
    for path in [person.desk.path(), person.desk.dir.path().to_owned()] {
        person.shell().open(&path);
        person.until("This file is not a Keyroom vault.");
    }
    assert_eq!(std::fs::metadata(person.desk.path()).unwrap().len(), 0);
    let foreign = person.desk.dir.path().join("notes.sqlite");
    Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE notes(words)").unwrap();
    person.shell().open(&foreign);
    person.until("notes.sqlite could not be opened");
    person.opens_another_vault();
}
