//! The command line as scripts see it: the real binary, real files, exit codes, and no secret where none belongs.
//!
//! Every vault here uses the KDF's floor (`--unlock-ms 1`), so that an unlock costs about 0.1 s. The keyring is out of
//! reach on purpose: nothing of a test may be remembered by a desktop. What needs an anchor (exit code 5) is tested beside
//! the code, in `cli::failure` and in the vault's own tests.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "the helpers of a test are part of it"
)]
#![cfg(unix)]

use std::cell::RefCell;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const PASSWORD: &str = "orbit-lantern-walrus-9";
const NEXT_PASSWORD: &str = "teapot-granite-violin-3";
const FROM_FILE: &str = "value-from-a-file-Zq7";
const FROM_STDIN: &str = "ghp_0123456789abcdefghijABCDEFGHIJ012345";

/// A folder with a vault, and everything that was printed but secrets that were asked for.
struct Desk {
    dir: tempfile::TempDir,
    printed: RefCell<String>,
}

struct Ran {
    code: i32,
    stdout: Vec<u8>,
    stderr: String,
}

impl Ran {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    fn done(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.text(), self.stderr);
        self
    }

    fn failed(self, code: i32, word: &str) -> Self {
        assert_eq!(self.code, code, "{}", self.stderr);
        assert_eq!(self.stderr.trim_end().lines().count(), 1, "{}", self.stderr);
        assert!(self.stderr.contains(word), "{}", self.stderr);
        self
    }
}

impl Desk {
    fn new() -> Self {
        let desk = Self { dir: tempfile::tempdir().unwrap(), printed: RefCell::default() };
        desk.write("password", &format!("{PASSWORD}\n"));
        desk.write("next", &format!("{NEXT_PASSWORD}\nnot the password\n"));
        desk
    }

    /// With a vault in it.
    fn with_vault() -> Self {
        let desk = Self::new();
        desk.run("create v.keyroom --operator m.ito --unlock-ms 1 --password-file password").done();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, content: &str) {
        std::fs::write(self.path(name), content).unwrap();
    }

    fn command(&self, program: &str, line: &str) -> Command {
        let mut command = Command::new(program);
        command.args(words(line)).current_dir(self.dir.path());
        for (name, _) in std::env::vars_os() {
            if name != "PATH" {
                command.env_remove(name);
            }
        }
        command.env("HOME", self.dir.path()).env("TZ", "UTC");
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn ran(&self, output: Output, secret: bool) -> Ran {
        let stderr = String::from_utf8(output.stderr).unwrap();
        let mut printed = self.printed.borrow_mut();
        printed.push_str(&stderr);
        if !secret {
            printed.push_str(&String::from_utf8_lossy(&output.stdout));
        }
        Ran { code: output.status.code().unwrap_or(-1), stdout: output.stdout, stderr }
    }

    fn run(&self, line: &str) -> Ran {
        let output = self.command(env!("CARGO_BIN_EXE_keyroom"), line).output().unwrap();
        self.ran(output, line.starts_with("key reveal"))
    }

    /// With the password.
    fn open(&self, line: &str) -> Ran {
        self.run(&format!("{line} --password-file password"))
    }

    /// A command on the vault, and what follows the vault on its line.
    fn vault(&self, command: &str, rest: &str) -> Ran {
        self.open(&format!("{command} v.keyroom {rest}"))
    }

    fn json(&self, line: &str) -> Value {
        self.open(&format!("{line} --json")).done().json()
    }

    fn with_input(&self, line: &str, input: &str) -> Ran {
        let mut child =
            self.command(env!("CARGO_BIN_EXE_keyroom"), line).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        self.ran(output, line.starts_with("key reveal"))
    }

    fn verify(&self, dir: &str) -> Ran {
        let output = self.command(env!("CARGO_BIN_EXE_keyroom-verify"), dir).output().unwrap();
        self.ran(output, false)
    }
}

/// Words separated by spaces; single quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|k| k["name"].as_str().unwrap()).collect()
}

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
    let actions: Vec<_> =
        history["events"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    assert_eq!(
        actions,
        ["key.create", "secret.reveal", "rotation.complete", "secret.reveal", "secret.reveal"]
    );
    desk.open("key rotate v.keyroom smtp --from value --reason again").failed(1, "already used as version 1");

    desk.open("key state v.keyroom smtp suspend --reason 'looking into it'").done();
    desk.open("key rotate v.keyroom smtp --generate --reason x").failed(1, "suspended");
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
    let log = desk.path("out/log.jsonl");
    let text = std::fs::read_to_string(&log).unwrap();
    std::fs::write(&log, text.replacen("m.ito", "m.ita", 1)).unwrap();
    desk.verify("out").failed(4, "line 1");
    desk.verify("nowhere").failed(2, "not a folder");

    let sessions = desk.json("session list v.keyroom");
    assert!(sessions.as_array().unwrap().iter().skip(1).all(|s| s["ending"] == "exit"));
    desk.open("vault backup v.keyroom copy.keyroom").done();
    assert_eq!(names(&desk.json("key list copy.keyroom")).len(), 6);
    desk.open("vault backup v.keyroom copy.keyroom").failed(1, "already exists");
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
    desk.open("key list v.keyroom").failed(4, "not a Keyroom vault");
    std::fs::write(desk.path("v.keyroom"), b"").unwrap();
    desk.open("key list v.keyroom").failed(4, "not a Keyroom vault");
    desk.open("key list nothing.keyroom").failed(1, "no file");
    std::fs::write(desk.path("v.keyroom"), &whole).unwrap();
    desk.open("key list v.keyroom").done();
}

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
    desk.open("key show v.keyroom nobody").failed(1, "no key named nobody");
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
    desk.write("none.csv", "PK\u{3}\u{4}whatever");
    desk.open("key import v.keyroom none.csv").failed(1, "spreadsheet");
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
    desk.run("create v.keyroom --operator x --password-file password").failed(1, "already exists");
    desk.run("create w.keyroom --operator x --unlock-ms 0 --password-file password").failed(2, "unlock-ms");
    desk.write("empty", "\n");
    desk.run("create w.keyroom --operator x --unlock-ms 1 --password-file empty")
        .failed(1, "password is empty");
    desk.write("weak", "abc\n");
    desk.run("create w.keyroom --operator x --unlock-ms 1 --password-file weak").failed(1, "too weak");
    assert!(!desk.path("w.keyroom").exists());
    desk.open("key list v.keyroom nonsense:x").failed(1, "Unknown field");
    let help = desk.run("key reveal --help").done();
    assert!(help.text().contains("--reason"));
    desk.run("--version").done();
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

#[test]
fn a_vault_that_cannot_be_written_is_not_opened_and_says_why() {
    let desk = Desk::with_vault();
    // Root may write anything; nothing to see then.
    let read_only = |path: &Path, on: bool| {
        let mut permissions = std::fs::metadata(path).unwrap().permissions();
        permissions.set_readonly(on);
        std::fs::set_permissions(path, permissions).unwrap();
    };
    read_only(&desk.path("v.keyroom"), true);
    if std::fs::OpenOptions::new().write(true).open(desk.path("v.keyroom")).is_err() {
        desk.open("key list v.keyroom").failed(1, "read-only");
    }
    read_only(&desk.path("v.keyroom"), false);
    desk.open("key list v.keyroom").done();
}

#[test]
fn what_is_known_about_a_key_is_edited_tagged_and_listed_for_a_spreadsheet() {
    let desk = Desk::with_vault();
    desk.vault("key add", "--name db --type api-token --generate --owner a.novak --tag pci").done();
    desk.vault("key add", "--name =cmd --type password --generate").done();
    desk.vault("key edit", "db").failed(2, "name what is to be changed");
    desk.vault("key edit", "db --policy nope").failed(1, "Token 90 d");
    desk.vault("key edit", "db --name =cmd").failed(1, "already");
    let edited =
        desk.vault("key edit", "db --owner m.ito --critical yes --policy yearly --json").done().json();
    assert_eq!(
        (&edited["owner"], &edited["critical"], &edited["policy"]),
        (&"m.ito".into(), &true.into(), &"Yearly".into())
    );
    assert_eq!(
        (&edited["tags"][0], &edited["name"]),
        (&"pci".into(), &"db".into()),
        "what was not named stays"
    );
    let exempt = desk.vault("key edit", "db --exempt frozen-until-audit --json").done().json();
    assert_eq!((&exempt["policy"], &exempt["exempt"]), (&Value::Null, &"frozen-until-audit".into()));
    assert_eq!(desk.vault("key edit", "db --default-policy --json").done().json()["policy"], "Token 90 d");
    desk.vault("key edit", "db --expires soon").failed(2, "write a day as");
    let set =
        desk.vault("key edit", "db --expires 2031-05-01 --contact ops@example.org --deployed ws-14 --json");
    let set = set.done().json();
    assert!(set["expires"].as_str().unwrap().starts_with("2031-05-01"), "{set}");
    assert_eq!((&set["contact"], &set["deployed"]), (&"ops@example.org".into(), &"ws-14".into()));
    assert_eq!(desk.vault("key list", "ops@example.org --json").done().json().as_array().unwrap().len(), 1);
    let rotated = "db --reason due --generate --expires 2030-01-31";
    desk.vault("key rotate", rotated).done();
    assert!(
        desk.vault("key show", "db --json").done().json()["expires"]
            .as_str()
            .unwrap()
            .starts_with("2030-01-31")
    );
    desk.vault("key edit", "db --expires=").done();
    assert_eq!(desk.vault("key show", "db --json").done().json()["expires"], Value::Null);
    let tagged = desk.vault("key tag", "db --add prod --add eu --remove pci --json").done().json();
    assert_eq!(tagged["tags"], serde_json::json!(["eu", "prod"]));
    desk.vault("key tag", "db --add a\u{202e}b").failed(1, "U+202E");
    let csv = desk.vault("key list", "--csv").done();
    let rows: Vec<&str> = csv.text().lines().collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[1].starts_with("'=cmd,password,active"), "{rows:?}");
    assert!(rows[2].starts_with("db,api-token,active,m.ito"), "{rows:?}");
    let policies = desk.vault("policy list", "--json").done().json();
    let token = policies.as_array().unwrap().iter().find(|p| p["name"] == "Token 90 d").unwrap().clone();
    assert_eq!((&token["keys"], &token["interval_days"]), (&1.into(), &90.into()));
}

#[test]
fn versions_go_back_are_retired_destroyed_and_exported_to_a_private_new_file() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with_vault();
    desk.write("one", "first-value-Qx1");
    desk.write("two", "second-value-Qx2");
    desk.vault("key add", "--name db --type password --from one").done();
    desk.vault("key rotate", "db --reason r --from two --overlap-days 7").done();
    desk.vault("key export", "db out --reason r").done();
    assert_eq!(std::fs::read(desk.path("out")).unwrap(), b"second-value-Qx2");
    assert_eq!(std::fs::metadata(desk.path("out")).unwrap().permissions().mode() & 0o777, 0o600);
    desk.vault("key export", "db out --reason r").failed(1, "exists already");
    assert_eq!(std::fs::read(desk.path("out")).unwrap(), b"second-value-Qx2");
    desk.vault("key export", "db none --version 9 --reason r").failed(1, "9");
    assert!(!desk.path("none").exists(), "a refused export leaves no file");
    let retired = desk.vault("key retire", "db --version 1 --reason done --json").done().json();
    assert_eq!(retired["versions"][0]["state"], "retired");
    desk.vault("key retire", "db --version 1 --reason again").failed(1, "retired");
    let back = desk.vault("key make-current", "db --version 1 --reason broken --json").done().json();
    assert_eq!((&back["version"], &back["versions"][1]["state"]), (&1.into(), &"retired".into()));
    desk.vault("key destroy", "db --version 1 --now --reason r").failed(1, "current");
    let gone = desk.vault("key destroy", "db --version 2 --now --reason r --json").done().json();
    assert_eq!((&gone["state"], &gone["versions"][1]["state"]), (&"active".into(), &"destroyed".into()));
    let actions = desk.vault("audit list", "--json").done().json();
    let wrote = actions.as_array().unwrap().iter().filter(|e| e["action"] == "secret.export").count();
    assert_eq!(wrote, 2, "done once and refused once; the file that existed stopped the other before");
}
