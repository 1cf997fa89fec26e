//! Where answers and files go: a place that is taken, not there, closed or full, and a program that is stopped on the way.

use serde_json::Value;

use crate::desk::Desk;

fn code(stderr: &str) -> String {
    let object: Value = serde_json::from_str(stderr).unwrap_or_else(|e| panic!("{e}: {stderr}"));
    object["code"].as_str().unwrap().to_owned()
}

#[test]
fn a_file_that_cannot_be_made_has_the_code_of_the_manual_and_a_stopped_export_is_in_nobodys_way() {
    let desk = Desk::with_vault();
    desk.vault("key add", "--name db --type password --generate").done();
    // Killed while it unlocks.
    let line = "key export v.keyroom db out --reason r --password-file password";
    let mut child = desk.command(env!("CARGO_BIN_EXE_keyroom"), line).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(30));
    let _ = child.kill();
    child.wait().unwrap();
    if !desk.path("out").exists() {
        desk.run(line).done();
    }
    desk.write("taken", "mine");
    for (command, word) in [
        ("key export v.keyroom db taken --reason r", "exists"),
        ("key export v.keyroom db nowhere/out --reason r", "not_found"),
        ("key export-list v.keyroom taken", "exists"),
        ("key export-list v.keyroom nowhere/list", "not_found"),
        ("audit export v.keyroom taken", "exists"),
        ("audit export v.keyroom .", "exists"),
    ] {
        let refused = desk.open(&format!("{command} --json"));
        assert_eq!(
            (refused.code, code(&refused.stderr).as_str()),
            (1, word),
            "{command}: {}",
            refused.stderr
        );
    }
    assert_eq!(std::fs::read_to_string(desk.path("taken")).unwrap(), "mine");
}

#[test]
fn a_verdict_or_a_secret_that_reaches_nobody_is_no_success() {
    let desk = Desk::with_vault();
    desk.vault("key add", "--name db --type password --generate").done();
    desk.open("audit export v.keyroom log").done();
    let verify = env!("CARGO_BIN_EXE_keyroom-verify");
    let keyroom = env!("CARGO_BIN_EXE_keyroom");
    let shell = |line: String| {
        let output = desk.command("sh", "-c").arg(line).output().unwrap();
        desk.ran(output, false)
    };
    desk.verify("log").done();
    if std::path::Path::new("/dev/full").exists() {
        for json in ["", "--json"] {
            shell(format!("exec {verify} log {json} >/dev/full")).failed(1, "could not be written");
        }
    }
    desk.verify("nowhere").failed(1, "nowhere is not a folder");
    let missing = shell(format!("exec {verify} nowhere --json"));
    assert_eq!((missing.code, code(&missing.stderr).as_str()), (1, "not_found"));
    assert_eq!(shell(format!("exec {verify}")).code, 2);

    let reveal = format!("exec {keyroom} key reveal v.keyroom db --reason r --password-file password");
    if cfg!(target_os = "linux") {
        shell(format!("{reveal} >&-")).failed(1, "standard output is closed");
        let told = desk.json("audit list v.keyroom action:secret.reveal");
        assert_eq!(told, serde_json::json!([]), "nothing was read");
    }
    shell(format!("{reveal} >/dev/null")).done();
}
