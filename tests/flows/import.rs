//! Bringing keys in from a file, of which some rows are good and some are not.

use egui::Key;
use keyroom::model::Action;

use crate::common::desk::PASSWORD;
use crate::person::{CTRL, Person};

const CSV: &str = "\
name,type,secret,owner,system,tags
ldap-bind,password,Zq7Xv9Kw3Jy5,s.okafor,directory,prod
ldap-bind,password,again-the-same-name,,,
broken-kek,aes-256,not-hexadecimal,,,
stripe-live-sk,api-token,sk_live_4242424242424242,a.novak,payments,pci;prod
odd,no-such-type,x,,,
";

#[test]
fn good_rows_go_in_and_each_bad_one_says_why() {
    let mut person = Person::at_a_vault();
    std::fs::write(person.desk.dir.path().join("keys.csv"), CSV).unwrap();
    person.press(CTRL, Key::Num2);
    person.click("Import…");
    person.until("Import keys");
    assert!(!person.is_enabled("Look at the rows"), "there is no file yet");
    person.will_choose("keys.csv");
    person.click("Browse…");
    person.click("Look at the rows");
    person.until("2 rows can be imported, 3 rows not. Nothing is written yet.");
    person.click("Import 2 keys");
    person.until("2 keys were imported, 3 rows were not.");
    assert!(person.sees("Delete the file: it holds the values unprotected."));
    let all = person.all();
    for secret in ["Zq7Xv9Kw3Jy5", "sk_live_42", "not-hexadecimal", "again-the-same-name"] {
        assert!(!all.contains(secret), "a value of the file is on the screen");
    }
    person.click("Show keys");
    person.until("stripe-live-sk");
    assert!(person.sees("ldap-bind") && !person.sees("broken-kek"), "{}", person.all());
    person.click("ldap-bind");
    person.click("Activity");
    // One entry for all of them; the past of each begins with it.
    person.until("m.ito imported");
    person.lock();
    person.quit();

    let events = person.desk.verified_log(PASSWORD);
    let import = events.iter().find(|event| event.action == Action::KeyImport).unwrap();
    assert!(import.object.words().contains('2'), "{}", import.object.words());
    assert_eq!(person.desk.second(PASSWORD).view().keys.all().len(), 2);
}

#[test]
fn a_file_that_is_no_csv_is_refused_in_words_and_another_can_be_chosen() {
    let mut person = Person::at_a_vault();
    std::fs::write(person.desk.dir.path().join("picture.csv"), [0x89, b'P', b'N', b'G', 0, 1, 2, 3]).unwrap();
    std::fs::write(person.desk.dir.path().join("good.csv"), "name,type,secret\na,text,b\n").unwrap();
    person.press(CTRL, Key::Num2);
    person.click("Import…");
    person.until("Import keys");
    person.will_choose("picture.csv");
    person.click("Browse…");
    person.click("Look at the rows");
    person.until_that("the refusal", |p| p.sees("holds binary data"));
    assert!(person.is_enabled("Look at the rows"), "another file can be tried: {}", person.all());
    person.will_choose("good.csv");
    person.click("Browse…");
    person.click("Look at the rows");
    person.until("1 row can be imported, 0 rows not. Nothing is written yet.");
    person.click("Import 1 key");
    person.until("1 key was imported, 0 rows were not.");
    person.click("Close");
}
