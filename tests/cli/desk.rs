//! The folder a script works in: the binaries, what they are given, and everything they printed.

use std::cell::RefCell;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

pub const PASSWORD: &str = "orbit-lantern-walrus-9-teapot-quilt-mango";
pub const NEXT_PASSWORD: &str = "teapot-granite-violin-3-orbit-mango-quilt";
pub const FROM_FILE: &str = "value-from-a-file-Zq7";
pub const FROM_STDIN: &str = "ghp_0123456789abcdefghijABCDEFGHIJ012345";

/// A folder with a vault, and everything that was printed but secrets that were asked for.
pub struct Desk {
    pub dir: tempfile::TempDir,
    pub printed: RefCell<String>,
}

pub struct Ran {
    pub code: i32,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Ran {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.text(), self.stderr);
        self
    }

    #[track_caller]
    pub fn failed(self, code: i32, word: &str) -> Self {
        assert_eq!(self.code, code, "{}", self.stderr);
        assert_eq!(self.stderr.trim_end().lines().count(), 1, "{}", self.stderr);
        assert!(self.stderr.contains(word), "{}", self.stderr);
        self
    }
}

impl Desk {
    pub fn new() -> Self {
        let desk = Self { dir: tempfile::tempdir().unwrap(), printed: RefCell::default() };
        desk.write("password", &format!("{PASSWORD}\n"));
        desk.write("next", &format!("{NEXT_PASSWORD}\nnot the password\n"));
        desk
    }

    /// With a vault in it.
    pub fn with_vault() -> Self {
        let desk = Self::new();
        desk.run("create v.keyroom --operator m.ito --unlock-ms 1 --password-file password").done();
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, content: &str) {
        std::fs::write(self.path(name), content).unwrap();
    }

    pub fn command(&self, program: &str, line: &str) -> Command {
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

    pub fn ran(&self, output: Output, secret: bool) -> Ran {
        let stderr = String::from_utf8(output.stderr).unwrap();
        let mut printed = self.printed.borrow_mut();
        printed.push_str(&stderr);
        if !secret {
            printed.push_str(&String::from_utf8_lossy(&output.stdout));
        }
        Ran { code: output.status.code().unwrap_or(-1), stdout: output.stdout, stderr }
    }

    pub fn run(&self, line: &str) -> Ran {
        let output = self.command(env!("CARGO_BIN_EXE_keyroom"), line).output().unwrap();
        self.ran(output, line.starts_with("key reveal"))
    }

    /// With the password.
    pub fn open(&self, line: &str) -> Ran {
        self.run(&format!("{line} --password-file password"))
    }

    /// A command on the vault, and what follows the vault on its line.
    pub fn vault(&self, command: &str, rest: &str) -> Ran {
        self.open(&format!("{command} v.keyroom {rest}"))
    }

    pub fn json(&self, line: &str) -> Value {
        self.open(&format!("{line} --json")).done().json()
    }

    pub fn with_input(&self, line: &str, input: &str) -> Ran {
        let mut child =
            self.command(env!("CARGO_BIN_EXE_keyroom"), line).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        self.ran(output, line.starts_with("key reveal"))
    }

    pub fn verify(&self, dir: &str) -> Ran {
        let output = self.command(env!("CARGO_BIN_EXE_keyroom-verify"), dir).output().unwrap();
        self.ran(output, false)
    }
}

/// Words separated by spaces; single quotes hold words together.
pub fn words(line: &str) -> Vec<String> {
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

pub fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|k| k["name"].as_str().unwrap()).collect()
}
