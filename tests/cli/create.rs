//! Making a vault, and being stopped in the middle.

use std::time::Duration;

use crate::desk::Desk;

#[test]
fn a_create_that_is_killed_leaves_a_whole_vault_or_nothing_that_is_in_the_way() {
    let desk = Desk::new();
    let line = "create v.keyroom --operator m.ito --unlock-ms 1 --password-file password";
    for after in (0..).map(|n| Duration::from_millis(25 * n)) {
        let mut child = desk.command(env!("CARGO_BIN_EXE_keyroom"), line).spawn().unwrap();
        std::thread::sleep(after);
        let _ = child.kill();
        child.wait().unwrap();
        if desk.path("v.keyroom").exists() {
            break;
        }
        assert!(after < Duration::from_secs(60), "it never ends");
    }
    assert_eq!(desk.json("audit verify v.keyroom")["checkpoints"].as_u64().map(|n| n > 0), Some(true));
    desk.run(line).failed(1, "a file already exists");
    // A name that leads nowhere is taken as well.
    std::os::unix::fs::symlink("nowhere", desk.path("link.keyroom")).unwrap();
    desk.run(&line.replace("v.keyroom", "link.keyroom")).failed(1, "a file already exists");
    assert!(!desk.path("nowhere").exists());
}
