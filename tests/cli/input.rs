//! Where a password and a value come from the same place: each gets its own part of it.

use std::fs::File;

use crate::desk::{Desk, NEXT_PASSWORD, PASSWORD, Ran};

/// The command, with its standard input a file that stands there.
fn from_file(desk: &Desk, line: &str, file: &str) -> Ran {
    let mut command = desk.command(env!("CARGO_BIN_EXE_keyroom"), line);
    let output = command.stdin(File::open(desk.path(file)).unwrap()).output().unwrap();
    desk.ran(output, line.starts_with("key reveal"))
}

#[test]
fn standard_input_is_read_on_whatever_it_is_called_and_whether_it_is_a_file() {
    let desk = Desk::with_vault();
    desk.write("both", &format!("{PASSWORD}\nthe-value-Qx1\n"));
    for (name, password) in [("a", "--password-fd 0"), ("b", "--password-file -")] {
        let add = format!("key add v.keyroom --name {name} --type password --stdin {password}");
        from_file(&desk, &add, "both").done();
        let value = desk.open(&format!("key reveal v.keyroom {name} --reason r")).done();
        assert_eq!(value.text(), "the-value-Qx1");
    }
    let add = "key add v.keyroom --name c --type password --stdin --password-fd 0";
    desk.with_input(add, &format!("{PASSWORD}\nanother-value-Qx2\n")).done();
    assert_eq!(desk.open("key reveal v.keyroom c --reason r").done().text(), "another-value-Qx2");
}

#[test]
fn a_descriptor_that_is_named_twice_is_read_on_and_one_that_was_begun_is_not_read_again() {
    let desk = Desk::with_vault();
    desk.write("three", &format!("a line before\n{PASSWORD}\n{NEXT_PASSWORD}\n"));
    let keyroom = env!("CARGO_BIN_EXE_keyroom");
    let passwd =
        format!("{keyroom} vault passwd v.keyroom --unlock-ms 1 --password-fd 3 --new-password-fd 3");
    let line = format!("exec 3<three; read -r before <&3; exec {passwd}");
    let mut shell = desk.command("sh", "-c");
    let output = shell.arg(line).output().unwrap();
    desk.ran(output, false).done();
    desk.run("key list v.keyroom --password-file next").done();
    let raw = desk.path("raw");
    std::fs::write(&raw, b"\xff\xfe a long password that is no text\n").unwrap();
    let line = "vault passwd v.keyroom --unlock-ms 1 --password-file next --new-password-file raw --json";
    let refused = desk.run(line).failed(1, "not text");
    assert!(refused.stderr.contains("bad_password"), "{}", refused.stderr);
}
