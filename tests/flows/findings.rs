//! A finding that was not oneself: answered with a note, and what is to be done stands beside it: lock, replace the password,
//! rotate what was read in that session.

use egui::Key;
use keyroom::app::{Command, Read};
use keyroom::model::{Action, Severity};
use keyroom::operations::{EditKey, KeyDraft};

use crate::common::desk::PASSWORD;
use crate::person::{CTRL, NONE, Person};

#[test]
fn it_was_not_me_is_recorded_with_its_note_and_leads_to_what_is_to_be_done() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", "Zq7Xv9Kw3Jy5Qz1V");
    person.add_key("ldap-bind", "Vw8Kq2Zt5Nx7Lm3P");
    person.add_key("vpn-psk", "Tf4Rb8Lm2Qx6Wn9C");
    let snapshot = person.shell().app().snapshot();
    let record = snapshot.unlocked().unwrap().view.find("payments-db").unwrap().clone();
    let draft = KeyDraft { critical: true, ..KeyDraft::from_record(&record) };
    person.shell().app().send(Command::act(9_000_000, EditKey::of(&record, draft)));
    for (ticket, name) in [(9_000_001, "payments-db"), (9_000_002, "ldap-bind")] {
        let key = snapshot.unlocked().unwrap().view.find(name).unwrap().id;
        let read = Read { key, version: None, reason: String::new() };
        person.shell().app().send(Command::Reveal { ticket, read });
        person.until_that("it is shown", |p| p.shell().app().with_revealed(|shown| shown.is_some()));
        person.shell().app().send(Command::Hide);
        person.until_that("it is hidden", |p| p.shell().app().with_revealed(|shown| shown.is_none()));
    }
    person.press(CTRL, Key::Num5);
    person.until("1 finding without an answer");
    person.click("1 finding without an answer");
    person.click("It was not me…");
    person.until("Record the answer");
    assert!(!person.is_enabled("Record the answer"));
    person.until("Write a note; it is recorded.");
    person.type_text("I was at lunch");
    person.click("Record the answer");
    person.until("m.ito said: it was not me \u{2013} I was at lunch.");
    assert!(person.sees("1 without an answer, 1 in all"), "it is still to be seen to: {}", person.all());
    for next in ["Lock now", "Password exposed…", "Rotate 2 keys…"] {
        assert!(person.is_enabled(next), "no {next}: {}", person.all());
    }
    person.click("Rotate 2 keys…");
    person.until("Rotate 2 keys, one after the other");
    assert!(person.sees("payments-db") && person.sees("ldap-bind"), "{}", person.all());
    person.press(NONE, Key::Escape);
    person.until_that("the dialog is gone", |p| p.is_enabled("Lock now"));
    person.click("Lock now");
    person.until("Master password");
    person.quit();
    let log = person.desk.verified_log(PASSWORD);
    let answer = log.iter().find(|event| event.action == Action::AuditAnswer).unwrap();
    assert_eq!((answer.severity, answer.reason.as_str()), (Severity::Critical, "I was at lunch"));
}
