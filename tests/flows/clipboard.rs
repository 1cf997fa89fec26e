//! A copied value leaves the clipboard by itself, and nobody else's text is ever touched.

use std::time::Duration;

use crate::person::Person;

const VALUE: &str = "Zq7Xv9Kw3Jy5Qz1V";

fn copied() -> Person {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", VALUE);
    person.click("Copy");
    // The status bar's words, which are there while ours is: the message that says so may be an earlier copy's.
    person.until("payments-db v1, clears in");
    assert_eq!(person.desk.clipboard.content().as_deref(), Some(VALUE));
    person
}

#[test]
fn after_fifteen_seconds_it_is_gone_and_the_window_counted_them() {
    let mut person = copied();
    person.pass(Duration::from_secs(14));
    assert_eq!(person.desk.clipboard.content().as_deref(), Some(VALUE), "not before its time");
    assert!(person.sees("0:01") || person.sees("1 s"), "{}", person.all());
    person.pass(Duration::from_secs(1));
    person.until("Clipboard: nothing from this vault");
    assert_eq!(person.desk.clipboard.content(), None);
}

#[test]
fn a_lock_takes_it_off_at_once() {
    let mut person = copied();
    person.lock();
    assert_eq!(person.desk.clipboard.content(), None);
}

#[test]
fn so_does_the_end_of_the_program() {
    let mut person = copied();
    person.quit();
    assert_eq!(person.desk.clipboard.content(), None);
}

#[test]
fn what_somebody_else_copied_since_stays() {
    let mut person = copied();
    person.desk.clipboard.replace_from_outside(Some("a shopping list"));
    person.pass(Duration::from_secs(16));
    person.until("Clipboard: nothing from this vault");
    assert_eq!(person.desk.clipboard.content().as_deref(), Some("a shopping list"));
    person.click("Copy");
    person.until("payments-db v1, clears in");
    assert_eq!(person.desk.clipboard.content().as_deref(), Some(VALUE));
    person.desk.clipboard.replace_from_outside(Some("a shopping list"));
    person.lock();
    assert_eq!(person.desk.clipboard.content().as_deref(), Some("a shopping list"));
}

#[test]
fn a_clipboard_that_does_not_work_is_told_and_nothing_is_said_to_be_copied() {
    let mut person = Person::at_a_vault();
    person.add_key("payments-db", VALUE);
    person.desk.clipboard.set_broken(true);
    person.click("Copy");
    person.until("clipboard");
    assert!(!person.sees("Copied."), "{}", person.all());
}
