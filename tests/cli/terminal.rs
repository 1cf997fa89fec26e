//! What the program does where somebody sits: it asks for the password on a terminal, says in two lines what is missing
//! where there is no display, and draws its screens all the same.

use std::path::Path;
use std::process::Command;

use crate::desk::{Desk, NEXT_PASSWORD, PASSWORD};

#[test]
fn without_a_display_two_lines_say_what_is_missing_and_what_works() {
    let desk = Desk::with_vault();
    for line in ["", "v.keyroom", "nothing.keyroom"] {
        let ran = desk.run(line);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert!(ran.stdout.is_empty());
        let lines: Vec<&str> = ran.stderr.lines().collect();
        assert_eq!(lines.len(), 2, "{}", ran.stderr);
        assert!(lines[0].contains("there is no display"), "{}", ran.stderr);
        assert!(
            lines[1].contains("keyroom screens DIR") && lines[1].contains("keyroom --help"),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn what_works_without_a_display_is_a_picture_of_every_screen() {
    let desk = Desk::new();
    let ran = desk.run("screens pictures --json").done();
    let files = ran.json()["files"].as_array().unwrap().clone();
    assert!(files.len() >= 20, "{}", ran.text());
    for file in &files {
        let bytes = std::fs::read(desk.dir.path().join(file.as_str().unwrap())).unwrap();
        assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), "{file} is no picture");
    }
    assert_eq!(std::fs::read_dir(desk.path("pictures")).unwrap().count(), files.len());
    // What stands there is not overwritten by somebody else's picture of the same name without a word.
    desk.write("file", "x");
    let ran = desk.run("screens file");
    assert_eq!((ran.code, ran.stderr.lines().count()), (1, 1), "{}", ran.stderr);
}

/// The line of a shell in a pseudo terminal on which these lines are typed, one for each prompt; what was on the terminal.
/// `None` where there is no `script` that knows `--return`.
fn on_a_terminal(desk: &Desk, line: &str, typed: &[&str]) -> Option<(i32, String)> {
    let known = Command::new("script").arg("--help").output().ok()?;
    String::from_utf8_lossy(&known.stdout).contains("--return").then_some(())?;
    let command = format!("{} {line}", env!("CARGO_BIN_EXE_keyroom"));
    let mut script = desk.command("script", "--quiet --return --flush --echo never --command");
    script.arg(command).arg("/dev/null").stdin(std::process::Stdio::piped());
    let mut child = script.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = child.stdout.take().unwrap();
    let mut shown = String::new();
    let mut prompts = typed.iter();
    let mut byte = [0; 1];
    // The next line is typed when its prompt stands there, as a person does; the terminal forgets what came too soon.
    while std::io::Read::read(&mut output, &mut byte).unwrap() == 1 {
        shown.push(char::from(byte[0]));
        if shown.ends_with(": ")
            && let Some(line) = prompts.next()
        {
            std::io::Write::write_all(&mut input, format!("{line}\n").as_bytes()).unwrap();
        }
    }
    drop(input);
    let code = child.wait().unwrap().code().unwrap_or(-1);
    desk.printed.borrow_mut().push_str(&shown);
    assert!(prompts.next().is_none(), "it never asked again: {shown}");
    Some((code, shown))
}

#[test]
fn the_password_is_asked_for_on_the_terminal_and_never_shown_there() {
    let desk = Desk::with_vault();
    let Some((code, shown)) = on_a_terminal(&desk, "key list v.keyroom", &[PASSWORD]) else {
        println!("SKIPPED: there is no pseudo terminal here (script, of util-linux)");
        return;
    };
    assert_eq!(code, 0, "{shown}");
    assert!(shown.starts_with("Password: "), "{shown}");
    let (code, shown) = on_a_terminal(&desk, "key list v.keyroom", &["a wrong password"]).unwrap();
    assert_eq!(code, 3, "{shown}");
    assert!(shown.contains("Check the password"), "{shown}");
    std::thread::sleep(std::time::Duration::from_millis(1100));

    // A new one is asked for twice, and only the same twice counts.
    let line = "vault passwd v.keyroom --unlock-ms 1";
    let (code, shown) = on_a_terminal(&desk, line, &[PASSWORD, NEXT_PASSWORD, "another one"]).unwrap();
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("the two passwords differ; nothing was changed"), "{shown}");
    desk.open("key list v.keyroom").done();
    let (code, shown) = on_a_terminal(&desk, line, &[PASSWORD, NEXT_PASSWORD, NEXT_PASSWORD]).unwrap();
    assert_eq!(code, 0, "{shown}");
    desk.run("key list v.keyroom --password-file next").done();
    for secret in [PASSWORD, NEXT_PASSWORD, "a wrong password", "another one"] {
        assert!(!desk.printed.borrow().contains(secret), "what was typed is on the terminal");
    }
    assert!(!Path::new("typescript").exists());

    // Given up, the terminal shows again what is typed, and the session that was open is recorded to its end.
    for (line, typed) in [
        ("key list v.keyroom", &["\x03"][..]),
        ("vault passwd v.keyroom", &[NEXT_PASSWORD, "half of it\x03"]),
    ] {
        let keyroom = env!("CARGO_BIN_EXE_keyroom");
        let then = format!("--version; stty echo; {keyroom} {line}; echo code=$?; stty -a");
        let (_, shown) = on_a_terminal(&desk, &then, typed).unwrap();
        assert!(shown.contains("cancelled; nothing was changed") && shown.contains("code=1"), "{shown}");
        let modes: Vec<&str> = shown.split_whitespace().collect();
        for mode in ["echo", "isig", "icanon"] {
            assert!(modes.contains(&mode), "{mode}: {shown}");
        }
    }
    let sessions = desk.run("session list v.keyroom --password-file next --json").done().json();
    assert_eq!(sessions[1]["ending"], "exit", "{sessions}");
}
