//! Taking back edits of what is known about keys: only what is still as the edit left it, and a step is gone only once it
//! was taken back.

use egui::{Key, Modifiers};
use keyroom::app::{Act, Command};
use keyroom::crypto::memory::SecretBuf;
use keyroom::model::{Action, KeyId, KeyRecord, Outcome, Timestamp};
use keyroom::operations::{EditKey, KeyDraft, NewValue, Rotate, TagKey};
use keyroom::vault::Vault;

use crate::common::desk::PASSWORD;
use crate::person::{CTRL, Person};

const VALUE: &str = "Zq7Xv9Kw3Jy5Qz1V";
/// Who answers for a key that was just added: whoever added it.
const OWNER: &str = "m.ito";
const CTRL_SHIFT: Modifiers = CTRL.plus(Modifiers::SHIFT);

/// In front of a vault with these keys.
fn with_keys<const N: usize>(names: [&str; N]) -> (Person, [KeyId; N]) {
    let mut person = Person::at_a_vault();
    for name in names {
        person.add_key(name, &format!("{VALUE}{name}"));
    }
    let ids = names.map(|name| key(&person, name).id);
    (person, ids)
}

fn key(person: &Person, name: &str) -> KeyRecord {
    let snapshot = person.shell().app().snapshot();
    KeyRecord::clone(snapshot.unlocked().unwrap().view.find(name).unwrap())
}

fn by_id(person: &Person, id: KeyId) -> KeyRecord {
    let snapshot = person.shell().app().snapshot();
    KeyRecord::clone(snapshot.unlocked().unwrap().view.keys.get(id).unwrap())
}

/// Has the window do something, and waits until it is in its log.
fn act(person: &mut Person, act: impl Act + 'static) {
    let size = |person: &Person| person.shell().app().snapshot().unlocked().unwrap().view.log_size;
    let before = size(person);
    person.shell().app().send(Command::act(9_000_000, act));
    person.until_that("the act", |person| size(person) > before);
}

/// An edit of a key as the window has it.
fn edit(person: &Person, id: KeyId, change: impl FnOnce(&mut KeyDraft)) -> EditKey {
    let mut draft = KeyDraft::from_record(&by_id(person, id));
    change(&mut draft);
    EditKey::of(&by_id(person, id), draft)
}

/// An edit by another program on the same file.
fn elsewhere(vault: &mut Vault, id: KeyId, change: impl FnOnce(&mut KeyDraft)) {
    vault.refresh().unwrap();
    let record = vault.view().keys.get(id).unwrap().clone();
    let mut draft = KeyDraft::from_record(&record);
    change(&mut draft);
    vault.perform(EditKey::of(&record, draft)).unwrap();
}

fn undo(person: &mut Person) {
    person.press(CTRL, Key::Z);
}

#[test]
fn what_another_program_changed_in_between_stays_and_the_message_says_so() {
    let (mut person, [id]) = with_keys(["payments-db"]);
    let owner_and_purpose = edit(&person, id, |draft| {
        draft.owner = "a.novak".into();
        draft.purpose = "Login of the payments service".into();
    });
    act(&mut person, owner_and_purpose);
    // The window has not seen this when the edit is taken back: it is looked at where the change is made.
    let mut other = person.desk.second(PASSWORD);
    elsewhere(&mut other, id, |draft| draft.system = "payments".into());
    undo(&mut person);
    person.until("payments-db is as it was before the last edit.");
    let now = by_id(&person, id);
    assert_eq!((now.owner.as_str(), now.purpose.as_str(), now.system.as_str()), (OWNER, "", "payments"));
    person.press(CTRL_SHIFT, Key::Z);
    person.until("payments-db is as it was before that was undone.");
    assert_eq!(by_id(&person, id).owner, "a.novak");
    // A field of the edit itself: the others are put back all the same.
    elsewhere(&mut other, id, |draft| draft.owner = "b.chen".into());
    undo(&mut person);
    person.until("Changed since, and left alone: owner of payments-db.");
    let now = by_id(&person, id);
    assert_eq!((now.owner.as_str(), now.purpose.as_str(), now.system.as_str()), ("b.chen", "", "payments"));
    // What was left alone is not done again either.
    person.press(CTRL_SHIFT, Key::Z);
    person.until_that("the purpose", |person| !by_id(person, id).purpose.is_empty());
    assert_eq!(by_id(&person, id).owner, "b.chen");
    drop(other);
    person.lock();
    person.quit();
    person.desk.verified_log(PASSWORD);
}

#[test]
fn where_nothing_is_as_the_edit_left_it_nothing_is_written_and_the_edit_before_can_be_taken_back() {
    let (mut person, [id]) = with_keys(["payments-db"]);
    let first = edit(&person, id, |draft| draft.purpose = "Login".into());
    act(&mut person, first);
    let second = edit(&person, id, |draft| draft.owner = "a.novak".into());
    act(&mut person, second);
    let mut other = person.desk.second(PASSWORD);
    elsewhere(&mut other, id, |draft| draft.owner = "b.chen".into());
    drop(other);
    person.pass(std::time::Duration::from_secs(4));
    person.until_that("the other's edit", |person| by_id(person, id).owner == "b.chen");
    undo(&mut person);
    person.until("Nothing was put back. Changed since, and left alone: owner of payments-db.");
    undo(&mut person);
    person.until("payments-db is as it was before the last edit.");
    let now = by_id(&person, id);
    assert_eq!((now.owner.as_str(), now.purpose.as_str()), ("b.chen", ""));
}

#[test]
fn the_end_of_a_value_is_not_put_back_onto_another_version() {
    let (mut person, [id]) = with_keys(["payments-db"]);
    let (first, second) = (Timestamp(1_780_000_000_000), Timestamp(1_790_000_000_000));
    let dated = edit(&person, id, |draft| {
        draft.expires = Some(first);
        draft.owner = "a.novak".into();
    });
    act(&mut person, dated);
    let again = edit(&person, id, |draft| draft.expires = Some(second));
    act(&mut person, again);
    let value = NewValue::Entered(SecretBuf::from_slice(b"Tf4Rb8Lm2Qx6Wn9C"));
    act(
        &mut person,
        Rotate {
            key: id,
            value,
            reason: "monthly".into(),
            overlap_days: None,
            expires: Some(second),
            keep_schedule: false,
            compromise: None,
        },
    );
    undo(&mut person);
    person.until("Nothing was put back. Changed since, and left alone: expires of payments-db.");
    undo(&mut person);
    person.until("payments-db is as it was before the last edit. Changed since, and left alone: expires");
    let now = by_id(&person, id);
    assert_eq!((now.owner.as_str(), now.later.expires, now.current_number()), (OWNER, Some(second), 2));
}

#[cfg(target_os = "linux")]
#[test]
fn a_step_that_was_refused_is_still_there_and_the_next_edit_is_a_step_of_its_own() {
    use crate::common::disk::Mood;
    let (mut person, [id]) = with_keys(["payments-db"]);
    let owned = edit(&person, id, |draft| draft.owner = "a.novak".into());
    act(&mut person, owned);
    person.desk.disk.set(Mood::Full);
    undo(&mut person);
    person.until("could not be recorded: the disk is full");
    assert_eq!(by_id(&person, id).owner, "a.novak");
    person.desk.disk.set(Mood::Works);
    let purpose = edit(&person, id, |draft| draft.purpose = "Login".into());
    act(&mut person, purpose);
    undo(&mut person);
    person.until_that("the second edit taken back", |person| by_id(person, id).purpose.is_empty());
    assert_eq!(by_id(&person, id).owner, "a.novak");
    undo(&mut person);
    person.until_that("the first edit taken back", |person| by_id(person, id).owner == OWNER);
    undo(&mut person);
    person.until("There is nothing to undo in this session.");
    // Both can be done again, in their order.
    person.press(CTRL_SHIFT, Key::Z);
    person.until_that("the first again", |person| by_id(person, id).owner == "a.novak");
    assert!(by_id(&person, id).purpose.is_empty());
    person.press(CTRL_SHIFT, Key::Z);
    person.until_that("the second again", |person| by_id(person, id).purpose == "Login");
}

#[test]
fn a_name_that_was_taken_meanwhile_is_refused_and_taken_back_once_it_is_free() {
    let (mut person, [id]) = with_keys(["payments-db"]);
    let renamed = edit(&person, id, |draft| draft.name = "payments-db-old".into());
    act(&mut person, renamed);
    person.add_key("payments-db", "Vw8Kq2Zt5Nx7");
    // That another of this name was added was said before.
    let there = |person: &Person| {
        let snapshot = person.shell().app().snapshot();
        snapshot.unlocked().unwrap().view.find("payments-db").is_ok()
    };
    person.until_that("the second of this name", there);
    let new = key(&person, "payments-db").id;
    undo(&mut person);
    person.until("A key named payments-db already exists.");
    assert_eq!(by_id(&person, id).name, "payments-db-old");
    let mut other = person.desk.second(PASSWORD);
    elsewhere(&mut other, new, |draft| draft.name = "payments-db-new".into());
    drop(other);
    undo(&mut person);
    person.until("payments-db is as it was before the last edit.");
    assert_eq!(by_id(&person, id).name, "payments-db");
}

#[test]
fn an_edit_of_several_keys_is_one_step_and_two_steps_asked_for_at_once_are_both_done() {
    let (mut person, [first, second]) = with_keys(["payments-db", "ldap-bind"]);
    let tag = |key| -> Box<dyn Act> { Box::new(TagKey { key, add: vec!["pci".into()], remove: Vec::new() }) };
    let acts = vec![tag(first), tag(second)];
    person.shell().app().send(Command::Batch { ticket: 9_000_001, title: "Tagging keys", acts });
    let tagged = |person: &Person, id| by_id(person, id).tags == ["pci"];
    person.until_that("both tagged", |person| tagged(person, first) && tagged(person, second));
    let owned = edit(&person, first, |draft| draft.owner = "a.novak".into());
    act(&mut person, owned);
    for _ in 0..2 {
        person.press_without_waiting(CTRL, Key::Z);
    }
    let plain = |person: &Person, id| by_id(person, id).tags.is_empty() && by_id(person, id).owner == OWNER;
    person.until_that("both taken back", |person| plain(person, first) && plain(person, second));
    person.until("2 keys are as they were before the last edit.");
    person.press(CTRL_SHIFT, Key::Z);
    person.until_that("tagged again", |person| tagged(person, first) && tagged(person, second));
    person.lock();
    person.quit();
    let log = person.desk.verified_log(PASSWORD);
    let edits = log.iter().filter(|event| event.action == Action::KeyEdit);
    assert!(edits.clone().all(|event| event.outcome == Outcome::Done));
    // One edit, one taken back, two tags off and on again: each its own entry.
    assert_eq!(edits.count(), 6);
}
