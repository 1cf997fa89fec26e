//! The life of a key at the window: suspended and reviewed, brought back by a new value, rotated early with its date kept, and
//! found to be compromised when its values were gone.

use egui::Key;
use keyroom::model::{Action, Event, KeyState, Severity, VersionState};
use keyroom::vault::clock::Clock;

use crate::common::desk::PASSWORD;
use crate::person::{CTRL, NONE, Person};

/// Locks, lets days go by, and unlocks again.
fn days_later(person: &mut Person, days: i64) {
    person.lock();
    let later = person.desk.clock.wall().plus_days(days);
    person.desk.clock.set_wall(later);
    person.unlock();
}

/// "30 Apr 2026", so many days from now.
fn date(person: &Person, days: i64) -> String {
    person.desk.clock.wall().plus_days(days).local().format("%-d %b %Y").to_string()
}

/// As it is typed.
fn typed(person: &Person, days: i64) -> String {
    person.desk.clock.wall().plus_days(days).local_day()
}

fn last_of(events: &[Event], action: Action) -> &Event {
    events.iter().rev().find(|event| event.action == action).unwrap()
}

#[test]
fn a_suspension_comes_up_on_its_day_and_is_kept_or_ended() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");
    person.click("More actions");
    person.click("Suspend…");
    person.until("Suspend payments-db");
    let month = date(&person, 30);
    assert!(person.sees(&format!("{month}, in 30 days")), "a month where nobody says otherwise");
    person.fill("Reason", "An odd login");
    for wrong in ["soon".to_owned(), typed(&person, 0), typed(&person, 400)] {
        person.fill("Review by", &wrong);
        assert!(!person.is_enabled("Suspend"), "{wrong}");
    }
    let day = typed(&person, 10);
    person.fill("Review by", &day);
    let by = date(&person, 10);
    person.click("Suspend");
    person.until(&format!("payments-db is suspended, review by {by}."));
    person.until(&format!("Review by {by}. An odd login"));

    person.press(CTRL, Key::Num1);
    assert!(!person.sees("payments-db is to be reviewed"), "not before its day");
    days_later(&mut person, 12);
    person.press(CTRL, Key::Num1);
    person.until("payments-db is to be reviewed");
    person.click("Open payments-db");
    person.until("Review was due");
    person.click("More actions");
    person.click("Keep suspended…");
    person.until("Keep payments-db suspended");
    person.fill("Reason", "The vendor has not answered");
    person.click("Keep suspended");
    person.until("review by");
    person.press(CTRL, Key::Num1);
    assert!(!person.sees("payments-db is to be reviewed"), "it was reviewed");
    person.press(CTRL, Key::Num2);
    person.click("Resume…");
    person.until("Resume payments-db");
    person.fill("Reason", "It was a colleague");
    person.click("Resume");
    person.until("payments-db is active again.");
    person.press(NONE, Key::Escape);
    person.lock();
    person.quit();

    let events = person.desk.verified_log(PASSWORD);
    assert_eq!(last_of(&events, Action::KeySuspend).reason, "The vendor has not answered");
    let ended = &last_of(&events, Action::KeyResume).changes;
    assert!(ended.iter().any(|change| change.field == "review by" && change.after.is_empty()), "{ended:?}");
    let vault = person.desk.second(PASSWORD);
    let key = vault.view().keys.all()[0].clone();
    assert_eq!((key.state, key.life.review_by), (KeyState::Active, None));
}

#[test]
fn a_key_that_was_due_while_it_was_suspended_is_led_to_a_new_value() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");
    person.press(CTRL, Key::E);
    person.until("Edit payments-db");
    let day = typed(&person, 5);
    person.fill("Value expires", &day);
    let due = date(&person, 5);
    person.click("Save changes");
    person.until("was changed.");
    person.click("More actions");
    person.click("Suspend…");
    person.until("Suspend payments-db");
    person.fill("Reason", "An odd login");
    person.click("Suspend");
    person.until("payments-db is suspended");
    days_later(&mut person, 9);

    person.click("More actions");
    person.click("Resume…");
    person.until("payments-db cannot be resumed");
    person.until(&format!("it was due {due}"));
    assert_eq!(person.count("Resume"), 0, "there is nothing to confirm but another way");
    person.click("Deactivate…");
    person.until("Deactivate payments-db?");
    person.press(NONE, Key::Escape);
    person.until(&format!("Due {due}: only a new value brings it back. An odd login"));
    person.click("Rotate…");
    person.until("payments-db is in use again.");
    assert!(!person.is_enabled("Overlap in days"));
    person.click("Make v2 current");
    person.until("v2 is current. v1 is retired.");
    person.lock();
    person.quit();

    let events = person.desk.verified_log(PASSWORD);
    let rotated = &last_of(&events, Action::RotationComplete).changes;
    let back = |change: &&keyroom::model::Change| change.field == "state";
    assert_eq!(rotated.iter().find(back).unwrap().after, "active");
    let vault = person.desk.second(PASSWORD);
    let key = vault.view().keys.all()[0].clone();
    assert_eq!((key.state, key.current_number(), key.suspended.is_some()), (KeyState::Active, 2, false));
}

#[test]
fn a_key_that_is_destroyed_is_marked_as_compromised_once_and_stays_destroyed() {
    let mut person = Person::at_a_vault();
    person.press(CTRL, Key::Num2);
    person.press(CTRL, Key::N);
    person.until("New key");
    person.fill("Name", "payments-db");
    // It stands below what the dialog shows at once.
    person.tab_to("In use at once");
    person.press(NONE, Key::Space);
    person.click("Add key");
    person.until("payments-db was added.");
    person.click("More actions");
    person.click("Destroy values…");
    person.until("Destroy all values of payments-db?");
    person.fill("Reason", "Never needed");
    person.fill("Type payments-db to destroy its values", "payments-db");
    person.fill("Your password", PASSWORD);
    person.click("Destroy all values");
    person.until("All values of payments-db are destroyed.");

    person.click("More actions");
    person.click("Mark as compromised…");
    person.until("Its values are gone already, and it stays destroyed.");
    assert!(person.is_focused("Leave it as it is"));
    assert!(!person.is_enabled("Mark as compromised"));
    person.fill("What happened", "An old copy was sold");
    person.click("Mark as compromised");
    person.until("payments-db is marked as compromised.");
    person.until("Destroyed, compromised");
    person.until("An old copy was sold");
    person.click("More actions");
    assert_eq!(person.count("Mark as compromised…"), 0, "once");
    person.press(NONE, Key::Escape);
    person.click("Notes");
    person.until("found after its destruction");
    person.lock();
    person.quit();

    let events = person.desk.verified_log(PASSWORD);
    assert_eq!(last_of(&events, Action::KeyCompromised).reason, "An old copy was sold");
    let vault = person.desk.second(PASSWORD);
    let key = vault.view().keys.all()[0].clone();
    assert!(key.state == KeyState::Destroyed && key.life.compromised_after_destruction);
}

#[test]
fn a_key_that_is_rotated_early_keeps_its_date_or_begins_anew() {
    let mut person = Person::at_a_vault();
    person.press(CTRL, Key::Num2);
    person.press(CTRL, Key::N);
    person.until("New key");
    person.fill("Name", "deploy-token");
    person.click("Type");
    person.click("API token");
    person.click("Add key");
    person.until("deploy-token was added.");
    let due = date(&person, 90);
    days_later(&mut person, 60);
    let anew = date(&person, 90);

    person.press(CTRL, Key::R);
    person.until(&format!("The interval starts anew: next rotation {anew}"));
    person.click(&format!("Keep schedule (next stays {due})"));
    person.until(&format!("The schedule stays: next rotation {due}"));
    // What was chosen survives a lock.
    person.lock();
    person.unlock();
    person.until(&format!("The schedule stays: next rotation {due}"));
    person.click("Make v2 current");
    person.until("v2 is current.");
    person.click("Policy");
    person.until("schedule kept");
    person.until("in 30 days");

    days_later(&mut person, 31);
    person.press(CTRL, Key::R);
    person.until("Rotate deploy-token");
    person.until(&format!("There is no schedule to keep: its date, {due}, has come."));
    assert!(!person.is_enabled("Keep schedule"));
    person.click("Make v3 current");
    person.until("v3 is current.");
    person.lock();
    person.quit();

    let events = person.desk.verified_log(PASSWORD);
    let changed: Vec<_> =
        events.iter().flat_map(|event| &event.changes).filter(|c| c.field == "schedule").collect();
    assert_eq!(changed.len(), 2, "{changed:?}");
    assert!(changed[0].after.starts_with("kept, next rotation"), "{changed:?}");
    assert_eq!((changed[1].before.as_str(), changed[1].after.as_str()), ("kept", "begins anew"));
}

#[test]
fn a_rotation_tells_of_the_version_that_was_in_use_and_not_of_the_one_made_last() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");
    person.press(CTRL, Key::R);
    person.until("Rotate payments-db");
    person.click("Make v2 current");
    person.until("v2 is current. v1 is retired.");
    person.click("Make v1 current…");
    person.until("Make version 1 of payments-db current again?");
    person.fill("Reason", "The new one fails");
    person.click("Make v1 current");
    person.until("v1 of payments-db is current again.");

    person.press(CTRL, Key::R);
    person.until("Rotate payments-db");
    person.fill("Overlap in days", "3");
    person.click("Make v3 current");
    let until = date(&person, 3);
    person.until(&format!("v3 is current. v1 keeps working until {until}."));
    person.click("Make v1 current…");
    person.until("Make version 1 of payments-db current again?");
}

#[test]
fn a_version_that_may_be_in_the_wrong_hands_is_replaced_and_never_comes_back() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");
    person.press(CTRL, Key::R);
    person.until("Rotate payments-db");
    person.fill("Overlap in days", "7");
    person.click("Reason");
    person.click("Suspected compromise");
    person.until("Version 1 is marked as compromised at once");
    assert!(!person.is_enabled("Overlap in days"), "no grace");
    assert!(!person.is_enabled("Make v2 current"), "it asks what happened first");
    person.fill("What happened", "Found in a build log");
    person.fill("Happened", "2030-01-01");
    assert!(!person.is_enabled("Make v2 current"), "that is in the future");
    let day = typed(&person, -2);
    person.fill("Happened", &day);
    // What was entered survives a lock.
    person.lock();
    person.unlock();
    person.until("Version 1 is marked as compromised at once");
    assert_eq!(person.find("Happened").value.as_deref(), Some(day.as_str()));
    person.click("Make v2 current");
    person.until("v2 is current. v1 is marked as compromised.");
    assert_eq!(person.count("Make v1 current…"), 0, "there is no way back");
    person.click("Versions");
    person.click("Actions on version 1");
    person.until("Destroy value…");
    assert_eq!(person.count("Make current…"), 0, "there is no way back");
    person.press(NONE, Key::Escape);
    person.lock();
    person.quit();

    let events = person.desk.verified_log(PASSWORD);
    let event = last_of(&events, Action::RotationComplete);
    assert_eq!(event.severity, Severity::Critical);
    assert_eq!(event.reason, "Suspected compromise: Found in a build log");
    let change = |field: &str| event.changes.iter().find(|c| c.field == field).unwrap().after.as_str();
    assert_eq!((change("version 1"), change("reason")), ("compromised", "key-compromise"));
    assert!(change("occurred") < change("noticed"));
    let vault = person.desk.second(PASSWORD);
    let view = vault.view();
    let key = &view.keys.all()[0];
    let states: Vec<_> = key.versions.iter().map(|v| v.state).collect();
    assert_eq!(states, [VersionState::Compromised, VersionState::Current]);
    assert_eq!((key.state, &key.compromise), (KeyState::Active, &None));
}

#[test]
fn versions_whose_overlap_has_ended_stay_until_they_are_retired_all_at_once() {
    let mut person = Person::at_a_vault();
    for name in ["payments-db", "smtp-relay"] {
        person.add_key(name, &format!("Zq7Xv9Kw3Jy5Qz1V-{name}"));
        for (next, days) in [(2, "2"), (3, "9")] {
            person.press(CTRL, Key::R);
            person.until(&format!("Rotate {name}"));
            person.fill("Overlap in days", days);
            person.click(&format!("Make v{next} current"));
            // The words of the message may still stand there from the key before.
            person.until_gone(&format!("Rotate {name}"));
            person.until(&format!("v{next} is current."));
        }
    }
    person.press(CTRL, Key::Num1);
    assert!(!person.sees("overlap of 2 versions"), "not before its day");
    days_later(&mut person, 3);
    person.press(CTRL, Key::Num1);
    person.until("The overlap of 2 versions has ended");
    let states = |person: &Person| -> Vec<VersionState> {
        let snapshot = person.shell().app().snapshot();
        let keys = snapshot.unlocked().unwrap().view.keys.clone();
        keys.all().iter().flat_map(|key| key.versions.iter().map(|v| v.state)).collect()
    };
    use VersionState::{Current, Overlap, Retired};
    assert_eq!(states(&person), [Overlap, Overlap, Current, Overlap, Overlap, Current], "nothing by itself");

    // The same waits above the list of what is due.
    person.press(CTRL, Key::Num3);
    person.until("The overlap of 2 versions has ended. They are still accepted.");
    person.click("Retire all…");
    person.until("payments-db v1, smtp-relay v1");
    person.press(NONE, Key::Escape);
    person.press(CTRL, Key::Num1);
    person.click("Retire 2 versions…");
    person.until("Retire 2 versions");
    person.click("Retire");
    person.until("2 versions: retired.");
    assert_eq!(states(&person), [Retired, Overlap, Current, Retired, Overlap, Current]);
    assert!(!person.sees("has ended"));
    person.lock();
    person.quit();

    let events = person.desk.verified_log(PASSWORD);
    let retired: Vec<_> = events.iter().filter(|e| e.action == Action::RotationRetire).collect();
    assert_eq!(retired.len(), 2, "an entry for each");
    assert!(retired.iter().all(|event| event.reason == "Overlap ended"));
}
