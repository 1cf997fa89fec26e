//! The whole path for a script: from nothing to a verified log, passwords from everywhere they may come from, many keys
//! at once.

use serde_json::Value;

use crate::desk::{Desk, FROM_FILE, FROM_STDIN, PASSWORD, names};

#[test]
fn the_whole_path_from_an_empty_folder_to_a_verified_log_and_no_secret_leaks_on_the_way() {
    let desk = Desk::new();
    let made = desk.run("create v.keyroom --operator m.ito --unlock-ms 1 --password-file password").done();
    assert!(made.text().contains("genesis") && made.text().contains("no way in without this password"));
    // Values from everywhere they can come from.
    desk.open(
        "key add v.keyroom --name payments-db --type password --generate --owner a.novak --tag pci --tag db",
    )
    .done();
    desk.write("value", &format!("{FROM_FILE}\n"));
    desk.open("key add v.keyroom --name smtp --type password --from value --system mail").done();
    let line = "key add v.keyroom --name deploy --type api-token --stdin --password-file password";
    desk.with_input(line, &format!("{FROM_STDIN}\n")).done();
    desk.open("key add v.keyroom --name disk --type aes-256 --generate --policy 'Yearly' --critical").done();
    // Both from standard input: the first line is the password, the rest is the value.
    let line = "key add v.keyroom --name note --type text --stdin --password-file -";
    desk.with_input(line, &format!("{PASSWORD}\nline one\nline two\n")).done();

    let list = desk.json("key list v.keyroom");
    assert_eq!(names(&list), ["deploy", "disk", "note", "payments-db", "smtp"]);
    assert_eq!(list[3]["owner"], "a.novak");
    assert_eq!(list[3]["tags"], serde_json::json!(["db", "pci"]));
    assert_eq!(list[1]["type"], "aes-256");
    assert_eq!((&list[0]["version"], &list[0]["state"]), (&Value::from(1), &Value::from("active")));
    assert_eq!(list[1]["due_in_days"], 365);
    let table = desk.open("key list v.keyroom").done();
    let column = table.text().lines().next().unwrap().find("STATE").unwrap();
    assert!(
        table.text().lines().skip(1).all(|line| line[column..].starts_with("active")),
        "{}",
        table.text()
    );
    assert_eq!(names(&desk.json("key list v.keyroom type:password owner:a.novak")), ["payments-db"]);
    assert_eq!(names(&desk.json("key list v.keyroom pay")), ["payments-db"]);

    let reveal = |key: &str| desk.open(&format!("key reveal v.keyroom {key} --reason test")).done();
    assert_eq!(reveal("smtp").stdout, FROM_FILE.as_bytes());
    assert_eq!(reveal("deploy").stdout, FROM_STDIN.as_bytes());
    assert_eq!(reveal("note").stdout, b"line one\nline two");
    let generated = reveal("payments-db");
    assert!(generated.stdout.len() >= 16 && generated.stderr.is_empty());
    let hex = reveal("disk");
    assert_eq!(hex.stdout.len(), 64);
    let raw = desk.open("key reveal v.keyroom disk --reason test --raw").done();
    assert_eq!(data_encoding::HEXLOWER.encode(&raw.stdout).as_bytes(), hex.stdout);

    desk.open("key rotate v.keyroom payments-db --generate --reason scheduled --overlap-days 3").done();
    let rotated = reveal("payments-db");
    assert_ne!(rotated.stdout, generated.stdout);
    assert_eq!(reveal("payments-db --version 1").stdout, generated.stdout);
    let history = desk.json("key history v.keyroom payments-db");
    let states: Vec<_> =
        history["versions"].as_array().unwrap().iter().map(|v| v["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["overlap", "current"]);
    let prints: Vec<_> =
        history["versions"].as_array().unwrap().iter().map(|v| v["fingerprint"].as_str().unwrap()).collect();
    assert!(prints.iter().all(|print| print.len() == 32) && prints[0] != prints[1], "{prints:?}");
    let actions: Vec<_> =
        history["events"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions,
        ["key.create", "secret.reveal", "rotation.complete", "secret.reveal", "secret.reveal"]
    );
    desk.open("key rotate v.keyroom smtp --from value --reason again").failed(1, "already used as version 1");

    desk.open("key state v.keyroom smtp suspend --reason 'looking into it'").done();
    desk.open("key rotate v.keyroom smtp --generate --reason x --overlap-days 3").failed(1, "suspended");
    desk.open("key state v.keyroom smtp resume --reason fine").done();
    desk.open("key state v.keyroom deploy compromised --reason 'on a public page' --code key-compromise --occurred 2026-01-02 --noticed 2026-01-03").done();
    let shown = desk.json("key show v.keyroom deploy");
    assert_eq!(
        (&shown["state"], &shown["compromise"]["code"]),
        (&"compromised".into(), &"key-compromise".into())
    );
    desk.open("key state v.keyroom deploy resume --reason x").failed(1, "compromised");
    desk.open("key destroy v.keyroom disk --reason old --in 30").done();
    assert!(desk.json("key show v.keyroom disk")["destroy_at"].is_string());
    desk.open("key destroy v.keyroom disk --reason old --now").failed(1, "may be destroyed from");
    desk.open("key destroy v.keyroom disk --reason 'still needed' --cancel").done();
    desk.open("key add v.keyroom --name draft --type passphrase --generate --words 6 --pre-active").done();
    desk.open("key destroy v.keyroom draft --reason 'never used' --now").done();
    assert_eq!(desk.json("key show v.keyroom draft")["state"], "destroyed");
    desk.open("key reveal v.keyroom draft --reason x").failed(1, "destroyed");

    let refused = desk.json("audit list v.keyroom outcome:refused");
    assert_eq!(refused.as_array().unwrap().len(), 5);
    let lately =
        desk.run("audit list v.keyroom --json --password-file password -- -1h action:key.create").done();
    assert_eq!(lately.json().as_array().unwrap().len(), 6);
    let verified = desk.json("audit verify v.keyroom");
    assert!(verified["entries"].as_u64().unwrap() > 80);
    assert_eq!(verified["anchor"], "off");
    let exported = desk.json("audit export v.keyroom out");
    let check = desk.verify("out").done();
    assert!(check.text().starts_with("EVERYTHING HOLDS"), "{}", check.text());
    assert!(check.text().contains(&format!("entries      {}", exported["entries"])), "{}", check.text());
    desk.open("audit export v.keyroom bare --withhold").done();
    assert!(desk.verify("bare").done().text().contains("withheld"));
    let (told, verified) = (desk.verify("bare --json").done().json(), desk.json("audit verify v.keyroom"));
    assert_eq!((&told["genesis"], &told["disclosed"]), (&verified["genesis"], &0.into()));
    assert_eq!(told["operators"], serde_json::json!(["m.ito"]));
    let log = desk.path("out/log.jsonl");
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, text.replacen("m.ito", "m.ita", 1)).unwrap();
    desk.verify("out").failed(4, "line 1");
    let told: Value = serde_json::from_str(&desk.verify("out --json").failed(4, "line 1").stderr).unwrap();
    assert_eq!(told["code"], "tampered");
    desk.verify("nowhere").failed(1, "not a folder");

    let sessions = desk.json("session list v.keyroom");
    assert!(sessions.as_array().unwrap().iter().skip(1).all(|s| s["ending"] == "exit"));
    desk.open("vault backup v.keyroom copy.keyroom").done();
    assert_eq!(names(&desk.json("key list copy.keyroom")).len(), 6);
    desk.open("vault backup v.keyroom copy.keyroom").failed(1, "copy.keyroom: a file already exists");
    desk.open("vault check v.keyroom").done();

    let everything = desk.printed.borrow().clone() + &text;
    let secrets = [&generated, &rotated, &hex].map(|s| s.text().to_owned());
    for secret in secrets.iter().map(String::as_str).chain([FROM_FILE, FROM_STDIN, PASSWORD, "line two"]) {
        assert!(!everything.contains(secret), "a secret was printed");
    }
}

#[test]
fn a_password_is_changed_the_old_one_fails_with_3_and_the_next_unlock_tells_of_it() {
    let desk = Desk::with_vault();
    let line = "vault passwd v.keyroom --password-file password --new-password-file next --unlock-ms 1";
    desk.run(line).done();
    desk.open("key list v.keyroom").failed(3, "Check the password");
    let again = desk.open("--json key list v.keyroom");
    // A second try within a second has to wait; a slow machine may be past that already.
    let object: Value = serde_json::from_str(&again.stderr).unwrap();
    assert!(["wait", "wrong_password"].contains(&object["code"].as_str().unwrap()), "{object}");
    std::thread::sleep(std::time::Duration::from_millis(2500));
    let info = desk.run("--json vault info v.keyroom").done().json();
    assert!(!info["failed_attempts"].as_array().unwrap().is_empty());
    assert!(info.get("inside").is_none());
    let inside = desk.run("--json vault info v.keyroom --password-file next").done().json();
    assert_eq!(inside["inside"]["you"], "m.ito");
    let failed =
        desk.run("--json audit list v.keyroom action:session.unlock_failed --password-file next").done();
    assert_eq!(failed.json().as_array().unwrap().len(), 1);
    desk.run("vault passwd v.keyroom --password-file next --new-password-file next --unlock-ms 1")
        .failed(1, "in use");
    desk.write("weak", "aaaa\n");
    desk.run("vault passwd v.keyroom --password-file next --new-password-file weak --unlock-ms 1")
        .failed(1, "too weak");
    let line = "vault exposed v.keyroom --password-file next --new-password-file password --unlock-ms 1 --reason 'laptop stolen'";
    desk.run(line).done();
    desk.open("audit verify v.keyroom").done();
    desk.open("vault accept-restored v.keyroom --reason x").done();
}

#[test]
fn a_csv_file_goes_in_with_a_word_on_every_row() {
    let desk = Desk::with_vault();
    desk.write(
        "keys.csv",
        "name,type,secret,owner,colour\nmail,password,Xk29-long-enough,a.novak,red\nbad,nonsense,Secret-in-the-wrong-place,,\n\
         mail,password,Other-Secret-77,,\nkey,aes-256,000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e20,,\n",
    );
    let report = desk.open("--json key import v.keyroom keys.csv");
    assert_eq!(report.code, 1, "{}", report.stderr);
    let json = report.json();
    assert_eq!((&json["imported"], &json["refused"]), (&2.into(), &2.into()));
    assert_eq!(json["ignored_columns"], serde_json::json!(["colour"]));
    let lines: Vec<_> =
        json["rows"].as_array().unwrap().iter().map(|r| r["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [2, 3, 4, 5]);
    assert_eq!(names(&desk.json("key list v.keyroom")), ["key", "mail"]);
    let again = desk.open("key import v.keyroom keys.csv");
    assert_eq!(again.code, 1);
    assert!(again.text().contains("already exists"), "{}", again.text());
    for secret in ["Xk29", "Secret-in", "Other-Secret", "0405060708"] {
        assert!(!desk.printed.borrow().contains(secret));
    }
    desk.write("header.csv", "name,type,secret\n");
    assert_eq!(desk.json("key import v.keyroom header.csv")["imported"], 0);
    desk.open("key import nowhere.keyroom header.csv").failed(1, "nowhere.keyroom");
    desk.write("none.csv", "PK\u{3}\u{4}whatever");
    desk.open("key import v.keyroom none.csv").failed(1, "spreadsheet");
}

#[test]
fn the_password_may_come_through_a_descriptor() {
    let desk = Desk::with_vault();
    let line = format!("{} key list v.keyroom --password-fd 7 7<password", env!("CARGO_BIN_EXE_keyroom"));
    let mut shell = desk.command("sh", "");
    let output = shell.args(["-c", &line]).output().unwrap();
    desk.ran(output, false).done();
    desk.run("key list v.keyroom --password-fd 99").failed(1, "descriptor 99");
}

#[test]
fn a_reader_that_goes_away_is_no_reason_to_fail() {
    let desk = Desk::new();
    desk.run("demo d.keyroom --keys 5 --events 60").done();
    desk.write("demo", "demo data opens with this\n");
    let keyroom = env!("CARGO_BIN_EXE_keyroom");
    let line = format!(
        "({keyroom} audit list d.keyroom --operator m.ito --password-file demo; echo $? >code) | true"
    );
    let output = desk.command("sh", "").args(["-c", &line]).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(std::fs::read_to_string(desk.path("code")).unwrap().trim(), "0");
    // The others of the team have the same password.
    desk.run("key list d.keyroom --operator s.okafor --password-file demo").done();
    desk.run("key reveal d.keyroom payments-db --reason x --operator s.okafor --password-file demo")
        .failed(1, "auditor");
    desk.run("key list d.keyroom --password-file demo").failed(2, "--operator");
}
