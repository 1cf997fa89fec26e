//! A weak password on the command line: refused with the strength and what to do, taken with `--weak-because`, and told by
//! the log.

use crate::desk::Desk;

/// Between 40 and 75 bits.
const WEAK: &str = "Tr0ub4dor&3";
const ASK: &str = "the password is weak, about ";

#[test]
fn every_command_that_sets_a_password_wants_a_reason_for_a_weak_one() {
    let desk = Desk::new();
    desk.write("weak", WEAK);
    desk.write("short", "k?V9f]xT2m$Wq8");
    desk.write("poor", "password1");
    let create = "create v.keyroom --operator m.ito --unlock-ms 1 --password-file";
    let refused = desk.run(&format!("{create} weak --json")).failed(1, "weak_without_reason");
    for words in [ASK, " bits", "Choose a stronger one", "--weak-because TEXT"] {
        assert!(refused.stderr.contains(words), "no \"{words}\" in {}", refused.stderr);
    }
    assert!(!desk.path("v.keyroom").exists());
    desk.run(&format!("{create} weak --weak-because ' '")).failed(1, ASK);
    desk.run(&format!("{create} short")).failed(1, "It has fewer than 15 characters");
    desk.run(&format!("{create} poor --weak-because 'a test'")).failed(1, "too weak");
    desk.run(&format!("{create} weak --weak-because 'a test bench'")).done();

    let passwd = "vault passwd v.keyroom --unlock-ms 1";
    desk.run(&format!("{passwd} --password-file weak --new-password-file next --weak-because 'not needed'"))
        .done();
    desk.run(&format!("{passwd} --password-file next --new-password-file weak")).failed(1, ASK);
    desk.run(&format!("{passwd} --password-file next --new-password-file weak --weak-because 'for a day'"))
        .done();
    desk.run(&format!("{passwd} --password-file weak --new-password-file next")).done();
    let exposed = "vault exposed v.keyroom --unlock-ms 1 --reason 'laptop stolen'";
    desk.run(&format!("{exposed} --password-file next --new-password-file weak")).failed(1, ASK);
    desk.run(&format!("{exposed} --password-file next --new-password-file weak --weak-because 'until noon'"))
        .done();

    let log = desk.run("audit list v.keyroom --json --password-file weak").done().json();
    let mut said = Vec::new();
    for event in log.as_array().unwrap().iter().filter(|event| event["outcome"] == "done") {
        let action = event["action"].as_str().unwrap();
        if action == "vault.create" || action.starts_with("operator.") {
            let why =
                event["changes"].as_array().unwrap().iter().find(|change| change["field"] == "weak because");
            said.push((action, why.map(|change| change["after"].as_str().unwrap())));
        }
    }
    let expected = [
        ("vault.create", Some("a test bench")),
        ("operator.password", None),
        ("operator.password", Some("for a day")),
        ("operator.password", None),
        ("operator.exposed", Some("until noon")),
    ];
    assert_eq!(said, expected);
    let created = log.as_array().unwrap().iter().find(|event| event["action"] == "vault.create").unwrap();
    let strength = created["changes"].as_array().unwrap().iter().find(|change| change["field"] == "strength");
    assert!(strength.unwrap()["after"].as_str().unwrap().starts_with("weak, about "));
    assert!(!desk.printed.borrow().contains(WEAK));
}
