//! Files that are not what they should be: each its exit code and its words, and none is written to.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::bad;
use crate::desk::{Desk, names, words};

#[test]
fn damage_is_told_with_4_and_what_is_no_vault_too() {
    let desk = Desk::with_vault();
    desk.open("key add v.keyroom --name a --type password --generate").done();
    let whole = std::fs::read(desk.path("v.keyroom")).unwrap();
    let connection = rusqlite::Connection::open(desk.path("v.keyroom")).unwrap();
    connection.execute("UPDATE key SET version = version + 1", []).unwrap();
    drop(connection);
    desk.open("key list v.keyroom").failed(4, "changed");
    std::fs::write(desk.path("v.keyroom"), &whole[..whole.len() / 2]).unwrap();
    let cut = desk.open("--json vault check v.keyroom");
    assert_eq!(cut.code, 4, "{}", cut.stderr);
    std::fs::write(
        desk.path("v.keyroom"),
        b"not a vault at all, but long enough to be read as something".repeat(99),
    )
    .unwrap();
    desk.open("key list v.keyroom").failed(4, "v.keyroom: this file is not a Keyroom vault");
    std::fs::write(desk.path("v.keyroom"), b"").unwrap();
    desk.open("key list v.keyroom").failed(4, "not a Keyroom vault");
    desk.open("key list nothing.keyroom").failed(1, "no file");
    std::fs::write(desk.path("v.keyroom"), &whole).unwrap();
    desk.open("key list v.keyroom").done();
}

/// Whom permissions bind.
enum Bound {
    /// Ourselves.
    We,
    /// Nobody: we are root, and may do anything.
    Nobody,
}

impl Bound {
    /// `None` where root cannot become nobody, or nobody may not run the program.
    fn here(desk: &Desk) -> Option<Self> {
        let probe = desk.path("probe");
        std::fs::write(&probe, "x").unwrap();
        set_mode(&probe, 0o444);
        if std::fs::OpenOptions::new().write(true).open(&probe).is_err() {
            return Some(Self::We);
        }
        let output = Self::Nobody.command(desk, "--version").output();
        output.is_ok_and(|output| output.status.success()).then_some(Self::Nobody)
    }

    fn command(&self, desk: &Desk, line: &str) -> Command {
        let keyroom = env!("CARGO_BIN_EXE_keyroom");
        match self {
            Self::We => desk.command(keyroom, line),
            Self::Nobody => {
                let drop = "--reuid=65534 --regid=65534 --clear-groups";
                let mut command = desk.command("setpriv", drop);
                command.arg(keyroom).args(words(line));
                command
            }
        }
    }
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_vault_that_may_not_be_written_or_read_is_not_opened_and_says_why() {
    let desk = Desk::with_vault();
    let (folder, vault) = (desk.dir.path().to_owned(), desk.path("v.keyroom"));
    let before = std::fs::read(&vault).unwrap();
    set_mode(&folder, 0o755);
    set_mode(&desk.path("password"), 0o444);
    let Some(bound) = Bound::here(&desk) else {
        println!("SKIPPED: root may do anything here, and nobody may not run the program");
        return;
    };
    let line = "key list v.keyroom --password-file password";
    for (of_file, of_folder, words) in [
        (0o444, 0o755, "it or its folder is read-only"),
        // What is undone after a crash cannot be kept beside it.
        (0o666, 0o555, "it or its folder is read-only"),
        (0o000, 0o755, "may not be opened: permission denied"),
    ] {
        set_mode(&vault, of_file);
        set_mode(&folder, of_folder);
        let ran = desk.ran(bound.command(&desk, line).output().unwrap(), false);
        set_mode(&folder, 0o755);
        set_mode(&vault, 0o600);
        ran.failed(1, words);
        assert!(std::fs::read(&vault).unwrap() == before, "{words}: it was written to");
    }
    desk.open("key list v.keyroom").done();
}

#[test]
fn a_vault_that_another_program_holds_is_told_as_that_and_works_when_it_is_let_go() {
    let desk = Desk::with_vault();
    let (vault, before) = (desk.path("v.keyroom"), std::fs::read(desk.path("v.keyroom")).unwrap());
    let other = rusqlite::Connection::open(&vault).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    desk.open("key list v.keyroom").failed(1, "another program");
    drop(other);
    assert!(std::fs::read(&vault).unwrap() == before, "it was written to");
    desk.open("key list v.keyroom").done();
}

#[test]
fn a_file_that_was_cut_is_damaged_and_nothing_is_put_in_its_place() {
    let desk = Desk::with_vault();
    let (vault, whole) = (desk.path("v.keyroom"), std::fs::read(desk.path("v.keyroom")).unwrap());
    for (length, code) in [(0, 4), (60, 4), (whole.len() / 2, 4), (whole.len() - 1, 4)] {
        std::fs::write(&vault, &whole[..length]).unwrap();
        let ran = desk.open("key list v.keyroom");
        assert!(!ran.text().contains("panicked"));
        ran.failed(code, "");
        assert!(std::fs::read(&vault).unwrap() == whole[..length], "{length}: it was written to");
    }
}

#[test]
fn a_vault_that_another_program_switched_to_another_journal_is_refused_unchanged() {
    let desk = Desk::with_vault();
    let vault = desk.path("v.keyroom");
    rusqlite::Connection::open(&vault).unwrap().pragma_update(None, "journal_mode", "WAL").unwrap();
    let before = std::fs::read(&vault).unwrap();
    desk.open("key list v.keyroom").failed(4, "another program changed how it is written");
    assert!(std::fs::read(&vault).unwrap() == before, "it was written to");
}

#[test]
fn each_bad_file_has_its_code_and_its_words_and_stays_as_it_is() {
    let desk = Desk::with_vault();
    let path = desk.path("v.keyroom");
    desk.vault("key add", "--name payments-db --type password --generate").done();
    desk.vault("key add", "--name ldap-bind --type password --generate").done();
    let whole = std::fs::read(&path).unwrap();
    for bad in bad::files() {
        std::fs::write(&path, &whole).unwrap();
        (bad.make)(&path);
        let before = std::fs::read(&path).unwrap();
        assert!(before != whole, "{}", bad.name);
        // A later version is no damage: another program would open it.
        let (code, word) = match bad.name {
            "a newer format" => (1, "newer_format"),
            "an unknown suite" => (4, "unknown_suite"),
            "tables of another program" => (4, "damaged"),
            _ => (4, "tampered"),
        };
        for act in ["key list", "key reveal", "vault check", "audit verify", "session list"] {
            let rest = if act == "key reveal" { "payments-db --reason r" } else { "" };
            let ran = desk.vault(act, rest).failed(code, bad.words);
            assert!(ran.stdout.is_empty(), "{}: {act} answered", bad.name);
        }
        let told = desk.vault("key list", "--json");
        let object: Value = serde_json::from_str(&told.stderr).unwrap();
        assert_eq!((told.code, &object["code"]), (code, &word.into()), "{}", bad.name);
        assert!(std::fs::read(&path).unwrap() == before, "{}: it was written to", bad.name);
    }
    std::fs::write(&path, &whole).unwrap();
    assert_eq!(names(&desk.json("key list v.keyroom")), ["ldap-bind", "payments-db"]);
}
