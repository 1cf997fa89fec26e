//! Another operator from the command line: with a role and a password of their own, and no more than the role allows.

use crate::desk::{Desk, NEXT_PASSWORD};

#[test]
fn an_auditor_and_a_custodian_are_enrolled_and_each_may_do_what_their_role_says() {
    let desk = Desk::with_vault();
    desk.write("value", "Zq7Xv9Kw3Jy5Qz1V");
    desk.write("weak", "Tr0ub4dor&3");
    desk.write("third", "maple orbit lantern quartz canyon drift");
    desk.vault("key add", "--name db --type password --from value").done();
    let enrol = |rest: &str| desk.vault("vault enrol", &format!("{rest} --unlock-ms 1"));
    enrol("s.okafor --role auditor --new-password-file weak --json").failed(1, "weak_without_reason");
    enrol("s.okafor --role recovery --new-password-file next").failed(2, "recovery");
    enrol("s.okafor --new-password-file next").failed(2, "--role");
    enrol("' ' --role auditor --new-password-file next").failed(1, "the operator's name is empty");
    enrol("M.Ito --role auditor --new-password-file next --json").failed(1, "operator_exists");
    let auditor = enrol("s.okafor --role auditor --new-password-file next --json").done().json();
    assert_eq!((&auditor["operator"], &auditor["role"]), (&"s.okafor".into(), &"auditor".into()));
    assert_eq!(auditor["compartments"], serde_json::json!([]));
    let custodian =
        enrol("a.novak --role custodian --new-password-file third --json --operator m.ito").done();
    assert_eq!(custodian.json()["compartments"], serde_json::json!(["General"]));

    let third =
        desk.run("key reveal v.keyroom db --reason r --operator a.novak --password-file third").done();
    assert_eq!(third.text(), "Zq7Xv9Kw3Jy5Qz1V");
    let by = |line: &str| desk.run(&format!("{line} --operator s.okafor --password-file next"));
    by("audit verify v.keyroom").done();
    by("key reveal v.keyroom db --reason r").failed(1, "as auditor you may not read secrets");
    by("vault enrol v.keyroom x --role auditor --new-password-file third --unlock-ms 1")
        .failed(1, "as auditor you may not change operators");
    let exposed = "vault exposed v.keyroom --reason r --new-password-file third --unlock-ms 1 --json";
    let refused = by(exposed).failed(1, "only an administrator signs who the operators are");
    assert!(refused.stderr.contains("not_permitted") && refused.stderr.contains("tell an administrator"));
    let told = by("key show v.keyroom db --json").done().json();
    assert_eq!(told["may_read"], serde_json::json!(["m.ito", "a.novak"]));
    let log = by("audit list v.keyroom action:operator.enrol --json").done().json();
    let outcomes: Vec<_> = log.as_array().unwrap().iter().map(|e| e["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "done").count(), 2, "{log}");
    assert_eq!(outcomes.last(), Some(&"refused"));
    assert!(!desk.printed.borrow().contains(NEXT_PASSWORD));
}
