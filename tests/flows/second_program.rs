//! Two programs on one file: the window takes in what the other wrote, and neither overwrites the other.

use std::time::Duration;

use egui::Key;
use keyroom::crypto::kdf::KdfParams;
use keyroom::crypto::memory::SecretBuf;
use keyroom::model::{KeyType, Settings};
use keyroom::operations::{
    ChangeSettings, CreateKey, EditKey, KeyDraft, NewPassword, NewValue, password_exposed, step_up,
};
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

fn edit_elsewhere(vault: &mut Vault, change: impl FnOnce(&mut KeyDraft)) {
    vault.refresh().unwrap();
    let record = vault.view().find("payments-db").unwrap().clone();
    let mut draft = KeyDraft::from_record(&record);
    change(&mut draft);
    vault.perform(EditKey::of(&record, draft)).unwrap();
}

#[test]
fn an_edit_saves_what_was_changed_and_says_what_somebody_else_changed_meanwhile() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");
    let now = |person: &Person| {
        let snapshot = person.shell().app().snapshot();
        let key = snapshot.unlocked().unwrap().view.find("payments-db").unwrap().clone();
        [&key.owner, &key.system, &key.purpose, &key.environment].map(String::clone)
    };
    person.press(CTRL, Key::E);
    person.until("Edit payments-db");
    person.fill("Purpose", "Login");
    person.fill("Owner", "a.novak");
    let mut other = person.desk.second(PASSWORD);
    edit_elsewhere(&mut other, |d| (d.owner, d.system) = ("b.chen".into(), "billing".into()));
    // The window has not heard of it: the vault refuses, nothing is lost, and the dialog shows what it is about.
    person.click("Save changes");
    person.until("payments-db was changed meanwhile (owner), so nothing of this edit was saved");
    person.until("Owner was changed to b.chen by m.ito meanwhile: saving replaces it.");
    assert!(person.sees("Changed by m.ito meanwhile, and shown as it is now: system."), "{}", person.all());
    assert_eq!(person.find("System").value.as_deref(), Some("billing"));
    assert_eq!(now(&person), ["b.chen", "billing", "", ""]);
    // What is typed comes back after a lock, and still knows what it was opened with.
    person.lock();
    edit_elsewhere(&mut other, |d| (d.environment, d.purpose) = ("prod".into(), "Batch".into()));
    drop(other);
    person.unlock();
    person.until("Edit payments-db");
    person.until("Purpose was changed to Batch by m.ito meanwhile: saving replaces it.");
    assert!(person.sees("Owner was changed to b.chen by m.ito meanwhile: saving replaces it."));
    assert_eq!(person.find("Environment").value.as_deref(), Some("prod"));
    person.click("Save changes");
    person.until("payments-db was changed.");
    assert_eq!(now(&person), ["a.novak", "billing", "Login", "prod"]);
    // Taken back is what this edit replaced, and nothing else.
    person.press(CTRL, Key::Z);
    person.until("payments-db is as it was before the last edit.");
    assert_eq!(now(&person), ["b.chen", "billing", "Batch", "prod"]);
    person.lock();
    person.quit();
    person.desk.verified_log(PASSWORD);
}

/// Changes settings elsewhere; the window hears of it.
fn settings_elsewhere(person: &mut Person, vault: &mut Vault, change: impl FnOnce(&mut Settings)) {
    vault.refresh().unwrap();
    step_up(vault, &SecretBuf::from_slice(PASSWORD.as_bytes())).unwrap();
    let before = vault.view().settings.clone();
    let mut after = (*before).clone();
    change(&mut after);
    vault.perform(ChangeSettings::of(&before, after, "elsewhere")).unwrap();
    person.pass(Duration::from_secs(4));
}

#[test]
fn a_setting_that_waits_for_the_password_undoes_nothing_that_was_set_elsewhere_meanwhile() {
    let mut person = Person::at_a_vault();
    let mut other = person.desk.second(PASSWORD);
    person.press(CTRL, Key::Num5);
    person.click("minimised");
    person.until("Lock when minimised: on.");
    settings_elsewhere(&mut person, &mut other, |s| (s.idle_lock_min, s.reveal_needs_reason) = (2, true));
    person.fill("Your password", PASSWORD);
    person.click("Confirm");
    person.until("Saved. Lock when minimised: on.");
    other.refresh().unwrap();
    let now = (*other.view().settings).clone();
    assert_eq!((now.idle_lock_min, now.reveal_needs_reason, now.locks.minimised), (2, true, true));
    // The same one elsewhere: set to the same, and to something else.
    person.click("minimised");
    person.until("This weakens the vault, so it is logged as a warning.");
    settings_elsewhere(&mut person, &mut other, |s| s.locks.minimised = false);
    person.until("Lock when minimised: off. Somebody else set that meanwhile.");
    assert!(!person.sees("This weakens the vault"), "{}", person.all());
    person.click("15 min");
    person.until("Lock when idle: 15 min.");
    settings_elsewhere(&mut person, &mut other, |s| s.idle_lock_min = 1);
    person.until("A setting was changed meanwhile (idle lock), so nothing of this edit was saved");
    assert!(!person.sees("This weakens the vault"), "{}", person.all());
    other.refresh().unwrap();
    assert_eq!(other.view().settings.idle_lock_min, 1);
    // A name that is typed, and changed elsewhere before it is asked for.
    person.press(CTRL, Key::Comma);
    person.click("Vault");
    person.fill("Vault name", "mine");
    settings_elsewhere(&mut person, &mut other, |s| s.vault_name = "theirs".into());
    person.until_that("the name is shown", |p| p.find("Vault name").value.as_deref() == Some("theirs"));
    assert!(!person.is_enabled("Rename"));
    drop(other);
    person.lock();
    person.quit();
    person.desk.verified_log(PASSWORD);
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

#[test]
fn an_edit_that_was_open_while_another_program_replaced_the_keys_is_told_to_be_lost() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");
    person.press(CTRL, Key::E);
    person.until("Edit payments-db");
    person.fill("Purpose", "Login");
    let mut other = person.desk.second(PASSWORD);
    let (old, new) = (SecretBuf::from_slice(PASSWORD.as_bytes()), "Vw8Kq2Zt5Nx7-Lm3P");
    let next = NewPassword::strong(SecretBuf::from_slice(new.as_bytes()));
    let mut step = |_, _| std::ops::ControlFlow::Continue(());
    password_exposed(&mut other, &old, &next, KdfParams::FLOOR, "laptop stolen", &mut step).unwrap();
    drop(other);
    person.pass(Duration::from_secs(4));
    person.until("Locked because another program replaced this vault's keys.");
    person.until("Locked, and the lock is not in the log");
    assert!(person.sees("what was not saved here is lost, and the next unlock says so"), "{}", person.all());
    person.unlock_with(new);
    person.until("1 edit that was not saved is lost: another program replaced your keys before the lock.");
    person.lock();
    person.quit();
    person.desk.verified_log(new);
}
