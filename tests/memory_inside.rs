//! Locked means gone, in one process and without a desktop: the whole window off-screen, quick enough for every `cargo test`.
//! `tests/memory_window.rs` does the same from outside, to the real program.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of a test are part of it")]

mod memory;

use std::path::Path;

use egui::{Key, Modifiers, vec2};
use keyroom::crypto::kdf::KdfParams;
use keyroom::crypto::process;
use keyroom::model::KeyType;
use keyroom::operations::{CreateKey, KeyDraft, NewValue, create_vault};
use keyroom::vault::NewVault;

use memory::Needles;
use memory::stage::{Stage, UNLOCKED, environment};

#[global_allocator]
static ALLOC: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

const NAMES: [&str; 5] = ["password", "revealed", "copied", "draft", "search text"];
const PASSWORD: usize = 0;
const REVEALED: usize = 1;
const COPIED: usize = 2;
const DRAFT: usize = 3;
const SEARCH: usize = 4;

#[test]
fn after_a_lock_the_process_holds_nothing_that_was_typed_shown_or_copied() {
    process::fill_freed_heap();
    let needles = Needles::random(&NAMES);
    let Some(before) = needles.count_here() else {
        println!("SKIPPED: this system does not let a process read /proc/self/mem");
        return;
    };
    assert_eq!(before, [0; 5]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.keyroom");
    make(&path, &needles);
    assert_eq!(needles.find_here().unwrap(), [""; 0], "making a vault leaves something behind");

    let mut stage = Stage::open(&path, vec2(1360.0, 860.0));
    stage.wait_for("Master password");
    stage.type_characters(needles.characters(PASSWORD));
    let typed = needles.count_here().unwrap();
    assert!(typed[PASSWORD] > 0, "the search is broken: {typed:?}");
    stage.key(Key::Enter, Modifiers::NONE);
    stage.wait_for(UNLOCKED);
    stage.key(Key::Num2, Modifiers::COMMAND);
    stage.click("copied");
    assert_eq!(needles.count_here().unwrap()[PASSWORD], 0, "the password outlives the unlock");
    stage.click("Copy");
    stage.wait_for("Copy");
    stage.key(Key::F, Modifiers::COMMAND);
    stage.type_characters(needles.characters(SEARCH));
    let name: String = needles.characters(SEARCH).collect();
    stage.click(&name);
    stage.key(Key::H, Modifiers::COMMAND);
    let shown = format!("Secret of {name} version 1, revealed on the screen only");
    stage.wait_for(&shown);
    drop((name, shown));
    stage.key(Key::N, Modifiers::COMMAND);
    stage.click("Paste");
    stage.click("Value");
    stage.type_characters(needles.characters(DRAFT));
    stage.until_copied();
    let unlocked = needles.count_here().unwrap();
    println!("unlocked: {unlocked:?}");
    assert_eq!(unlocked[PASSWORD], 0);
    assert!(unlocked[1..].iter().all(|count| *count > 0), "the search is broken: {unlocked:?}");

    stage.key(Key::L, Modifiers::COMMAND);
    stage.wait_for("Master password");
    stage.frames(8);
    let locked = needles.find_here().unwrap();
    assert!(locked.is_empty(), "after the lock: {locked:#?}");

    // The filter was sealed, not lost: it comes back with the password, and goes again with the next lock.
    stage.type_characters(needles.characters(PASSWORD));
    stage.key(Key::Enter, Modifiers::NONE);
    stage.wait_for(UNLOCKED);
    let name: String = needles.characters(SEARCH).collect();
    stage.until("the filter", |screen| {
        screen.find("Filter keys").is_some_and(|field| field.value.as_deref() == Some(name.as_str()))
    });
    drop(name);
    stage.key(Key::L, Modifiers::COMMAND);
    stage.wait_for("Master password");
    stage.frames(8);
    let locked = needles.find_here().unwrap();
    assert!(locked.is_empty(), "after the second lock: {locked:#?}");
}

/// A vault with a key to copy and a key to reveal.
fn make(path: &Path, needles: &Needles) {
    let vault = NewVault {
        name: "test",
        operator: "ada",
        password: &needles.secret(PASSWORD),
        params: KdfParams::FLOOR,
    };
    let mut vault = create_vault(path, environment(), &vault, "").unwrap();
    let found: String = needles.characters(SEARCH).collect();
    for (name, needle) in [("copied", COPIED), (found.as_str(), REVEALED)] {
        let draft = KeyDraft::new(name, KeyType::ApiToken);
        let value = NewValue::Entered(needles.secret(needle));
        vault.perform(CreateKey { draft, value, activate: true }).unwrap();
    }
}
