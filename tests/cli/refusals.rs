//! What is refused, with its exit code and in one line.

use serde_json::Value;

use crate::desk::Desk;

#[test]
fn a_name_that_could_mean_several_keys_is_an_error_that_lists_them() {
    let desk = Desk::with_vault();
    desk.open("key add v.keyroom --name DB --type password --generate").done();
    desk.open("key add v.keyroom --name db --type password --generate").done();
    desk.open("key add v.keyroom --name db --type password --generate").failed(1, "already exists");
    let several = desk.open("--json key show v.keyroom Db");
    let object: Value = serde_json::from_str(&several.stderr).unwrap();
    assert_eq!((several.code, &object["code"]), (1, &Value::from("ambiguous")));
    assert_eq!(object["candidates"].as_array().unwrap().len(), 2);
    let id = desk.json("key show v.keyroom db")["id"].as_str().unwrap().to_owned();
    assert_eq!(desk.json(&format!("key show v.keyroom {}", &id[..12]))["name"], "db");
    // What is the name of one key and the beginning of another's id, or all of it, means neither.
    for name in [&id[..8], &id] {
        desk.open(&format!("key add v.keyroom --name {name} --type password --generate")).done();
        let several = desk.open(&format!("--json key show v.keyroom {name}")).failed(1, "ambiguous");
        let object: Value = serde_json::from_str(&several.stderr).unwrap();
        assert_eq!(object["candidates"].as_array().unwrap().len(), 2, "{object}");
    }
    assert_eq!(desk.json(&format!("key show v.keyroom {}", &id[..12]))["name"], "db");
    desk.open("key show v.keyroom nobody").failed(1, "no key named nobody");
}

#[test]
fn what_cannot_be_understood_or_asked_ends_with_2_and_one_line() {
    let desk = Desk::with_vault();
    desk.run("key add v.keyroom --name x --type text").failed(2, "--generate");
    desk.run("key add v.keyroom --name x --type rsa --generate").failed(2, "rsa");
    desk.open("key add v.keyroom --name x --type file --generate").failed(2, "cannot be generated");
    desk.run("key list v.keyroom --password hunter2").failed(2, "--password");
    assert!(!desk.printed.borrow().contains("hunter2"));
    let usage = desk.run("--json key");
    assert_eq!(usage.code, 2);
    desk.run("create v.keyroom --operator x --password-file password")
        .failed(1, "v.keyroom: a file already exists");
    desk.run("create w.keyroom --operator x --unlock-ms 0 --password-file password").failed(2, "unlock-ms");
    for line in [
        "create nowhere/w.keyroom --operator x --password-file password",
        "demo nowhere/d.keyroom",
        "vault backup v.keyroom nowhere/b.keyroom --password-file password",
        "audit export v.keyroom nowhere/log --password-file password",
    ] {
        desk.run(line).failed(1, "nowhere: this folder does not exist");
    }
    desk.write("empty", "\n");
    desk.run("create w.keyroom --operator x --unlock-ms 1 --password-file empty")
        .failed(1, "password is empty");
    desk.write("weak", "abc\n");
    desk.run("create w.keyroom --operator x --unlock-ms 1 --password-file weak").failed(1, "too weak");
    assert!(!desk.path("w.keyroom").exists());
    desk.open("key list v.keyroom nonsense:x").failed(1, "Unknown field");
    desk.open("key list v.keyroom --operator nobody").failed(1, "no operator of that name");
    for (kind, option) in
        [("api-token", "--length 60"), ("aes-256", "--length 20"), ("password", "--words 4")]
    {
        desk.run(&format!(
            "key add v.keyroom --name x --type {kind} --generate {option} --password-file password"
        ))
        .failed(2, &format!("means nothing for a value of type {kind}"));
    }
    let help = desk.run("key reveal --help").done();
    assert!(help.text().contains("--reason"));
    desk.run("--version").done();
}

#[test]
fn a_line_that_says_two_things_does_neither() {
    let desk = Desk::with_vault();
    desk.write("one", "first-value-Qx1");
    desk.open("key add v.keyroom --name db --type password --from one").done();
    desk.open("key rotate v.keyroom db --reason r --generate").done();
    for when in ["--in 30", "--cancel"] {
        desk.open(&format!("key destroy v.keyroom db --reason r {when} --version 1"))
            .failed(2, "cannot be used with");
    }
    for time in ["--occurred now", "--noticed now", "--occurred now --noticed now"] {
        desk.open(&format!("key rotate v.keyroom db --reason r --generate --overlap-days 3 {time}"))
            .failed(2, "cannot be used with");
    }
    desk.open("key rotate v.keyroom db --reason r --stdin --length 64").failed(2, "cannot be used with");
    desk.open("key add v.keyroom --name x --type passphrase --from one --words 6")
        .failed(2, "cannot be used with");
    let first = desk.open("key reveal v.keyroom db --version 1 --reason r").done();
    assert_eq!(first.text(), "first-value-Qx1", "nothing was destroyed");
    assert_eq!(desk.json("key show v.keyroom db")["version"], 2);
    for query in
        ["due:--9223372036854775808", "due:-9223372036854775808", "due:+5", "due:--5", "due:1000000y"]
    {
        let line = format!("key list v.keyroom --password-file password -- {query}");
        desk.run(&line).failed(1, "not a time to be due");
    }
}

#[test]
fn names_that_deceive_and_values_that_do_not_fit_are_refused_and_recorded() {
    let desk = Desk::with_vault();
    desk.open("key add v.keyroom --name pay\u{202e}ments --type text --from password").failed(1, "U+202E");
    let long = "x".repeat(100_000);
    desk.open(&format!("key add v.keyroom --name {long} --type text --from password"))
        .failed(1, "at most 256");
    std::fs::write(desk.path("large"), vec![7; (1 << 20) + 1]).unwrap();
    desk.open("key add v.keyroom --name large --type file --from large").failed(1, "1048576");
    std::fs::write(desk.path("fits"), vec![7; 1 << 20]).unwrap();
    desk.open("key add v.keyroom --name fits --type file --from fits").done();
    let back = desk.open("key reveal v.keyroom fits --reason x --raw").done();
    assert!(back.stdout == std::fs::read(desk.path("fits")).unwrap());
    std::fs::write(desk.path("none"), b"").unwrap();
    desk.open("key add v.keyroom --name none --type text --from none").failed(1, "no value");
    let refused = desk.json("audit list v.keyroom outcome:refused action:key.create");
    assert_eq!(refused.as_array().unwrap().len(), 3);
}
