//! The way in and out: making a vault, opening one, unlocking it, and what a lock takes and gives back.

use std::time::Duration;

use egui::{Key, Modifiers, ViewportCommand};
use keyroom::app::platform::dialogs::Picked;
use keyroom::ui::frame::Page;

use super::{Bench, CTRL, add_key};
use crate::common::desk::PASSWORD;

#[test]
fn the_window_opens_on_three_choices_and_a_typed_path_where_no_dialog_is() {
    let mut bench = Bench::new();
    for choice in ["Create a vault", "Open existing…", "Explore with demo data"] {
        assert!(bench.sees(choice), "{}", bench.all());
    }
    assert!(bench.driver.find("Create a vault").unwrap().focused);
    bench.desk.dialogs.push(Picked::NoDialog);
    bench.driver.click("Open existing…").unwrap();
    bench.driver.settle(4);
    assert!(bench.driver.find("Path of the vault").unwrap().focused);
    bench.driver.type_text("/no/such/file.keyroom");
    bench.key(Key::Enter, Modifiers::NONE);
    assert!(bench.sees("There is no file at this path."), "{}", bench.all());
    bench.key(Key::Escape, Modifiers::NONE);
    assert!(!bench.sees("Path of the vault"));
}

#[test]
fn a_password_unlocks_a_wrong_one_says_so_and_the_field_is_ready_again() {
    let mut bench = Bench::locked();
    assert!(bench.driver.find("Master password").unwrap().focused, "{}", bench.all());
    bench.driver.type_text("wrong password");
    assert!(!bench.all().contains("wrong password"), "the password is on the screen");
    bench.key(Key::Enter, Modifiers::NONE);
    bench.until("That did not unlock the vault. Check the password.");
    let field = bench.driver.find("Master password").unwrap();
    assert!(field.focused && field.value.is_some_and(|dots| !dots.is_empty()), "what was typed stays");
    assert!(bench.sees("The next attempt is possible in 0:01."), "{}", bench.all());
    bench.desk.clock.advance(Duration::from_secs(2));
    bench.driver.step();
    bench.unlock();
    assert!(bench.sees("Lock") && bench.sees("m.ito, administrator"), "{}", bench.all());
    let recent = bench.workstation().recent;
    assert_eq!(
        (recent[0].path.as_path(), recent[0].operators[0].as_str()),
        (bench.path().as_path(), "m.ito")
    );
}

#[test]
fn idle_time_warns_then_locks_and_the_page_comes_back() {
    let mut bench = Bench::unlocked();
    bench.key(Key::Num4, CTRL);
    assert_eq!(bench.shell().page(), Page::Audit);
    bench.pass(Duration::from_secs(3 * 60 + 55));
    let said = |bench: &Bench, seconds: u32| {
        bench.sees(&format!("This vault locks in {seconds} seconds because you have been idle."))
    };
    assert_eq!([60, 30, 10].map(|s| said(&bench, s)), [false; 3], "{}", bench.all());
    bench.pass(Duration::from_secs(10));
    assert_eq!([60, 30, 10].map(|s| said(&bench, s)), [true, false, false], "{}", bench.all());
    bench.pass(Duration::from_secs(30));
    assert_eq!([60, 30, 10].map(|s| said(&bench, s)), [false, true, false], "{}", bench.all());
    assert!(bench.sees("Stay unlocked"), "{}", bench.all());
    bench.key(Key::Space, Modifiers::NONE);
    bench.pass(Duration::from_millis(600));
    assert!(!bench.sees("Stay unlocked"), "{}", bench.all());
    bench.driver.take_commands();
    bench.pass(Duration::from_secs(5 * 60 + 1));
    bench.until("Unlock");
    assert!(bench.sees("Locked after 5 min without input. Drafts are kept."), "{}", bench.all());
    let title = ViewportCommand::Title("Locked – Keyroom".into());
    let commands = bench.driver.take_commands();
    assert!(commands.contains(&title), "{commands:?}");
    assert!(commands.contains(&ViewportCommand::RequestPaintWhileHidden), "{commands:?}");
    bench.unlock();
    assert_eq!(bench.shell().page(), Page::Audit);
}

#[test]
fn after_a_lock_nothing_of_the_vault_is_on_the_screen_or_in_eguis_memory() {
    let mut bench = Bench::unlocked();
    bench.key(Key::K, CTRL);
    bench.driver.type_text("needle-of-a-query");
    assert!(bench.all().contains("needle-of-a-query"), "{}", bench.all());
    bench.key(Key::L, CTRL);
    bench.until("Unlock");
    let all = bench.all();
    assert!(!all.contains("needle-of-a-query") && !all.contains("m.ito"), "{all}");
    bench.unlock();
    bench.key(Key::K, CTRL);
    assert!(!bench.all().contains("needle-of-a-query"), "the palette is empty again");
}

#[test]
fn a_vault_is_made_in_four_steps_and_nothing_is_written_before_the_last() {
    let mut bench = Bench::new();
    bench.driver.click("Create a vault").unwrap();
    bench.driver.settle(4);
    assert!(bench.driver.find("Continue").unwrap().disabled);
    bench.driver.type_text("team");
    let path = bench.desk.dir.path().join("team.keyroom");
    bench.desk.dialogs.push(Picked::Path(path.clone()));
    bench.driver.click("Browse…").unwrap();
    bench.driver.settle(4);
    bench.driver.click("Your name in it").unwrap();
    bench.key(Key::A, CTRL);
    bench.driver.type_text("m.ito");
    bench.driver.click("Continue").unwrap();

    bench.driver.settle(4);
    assert!(bench.driver.find("Master password").unwrap().focused);
    bench.driver.type_text("password1");
    assert!(bench.sees("This password is too easy to guess."), "{}", bench.all());
    bench.key(Key::A, CTRL);
    bench.driver.type_text("velvet-otter-quilt-mango-pylon-sage");
    assert!(bench.sees("Repeat the password."), "{}", bench.all());
    bench.driver.click("Repeat it").unwrap();
    bench.driver.type_text("velvet-otter-quilt-mango-pylon-sage");
    bench.key(Key::Enter, Modifiers::NONE);

    bench.until("Measure again");
    bench.driver.click("Continue").unwrap();
    bench.driver.settle(4);
    assert!(!path.exists());
    assert!(bench.driver.find("Create vault").unwrap().disabled);
    bench.driver.click("I have stored the password safely").unwrap();
    bench.driver.click("Create vault").unwrap();
    bench.until("Overview");
    assert!(path.exists());
    assert!(!bench.all().contains("velvet"));
}

#[test]
fn an_older_copy_is_opened_only_on_purpose_and_with_a_reason() {
    let mut bench = Bench::locked();
    let copy = bench.desk.dir.path().join("copy");
    std::fs::copy(bench.path(), &copy).unwrap();
    bench.unlock();
    bench.key(Key::L, CTRL);
    bench.until("Unlock");
    std::fs::copy(&copy, bench.path()).unwrap();
    bench.driver.type_text(PASSWORD);
    bench.key(Key::Enter, Modifiers::NONE);
    bench.until("Accept this copy");
    bench.driver.click("Accept this copy").unwrap();
    bench.driver.settle(4);
    assert!(bench.driver.find("Master password").unwrap().focused);
    bench.driver.type_text(PASSWORD);
    assert!(bench.driver.find("Master password").unwrap().value.is_some(), "{}", bench.all());
    assert!(bench.driver.find("Accept this copy and unlock").unwrap().disabled);
    bench.driver.click("Why is this copy the right one?").unwrap();
    bench.driver.type_text("The disk failed on Monday");
    assert!(!bench.driver.find("Accept this copy and unlock").unwrap().disabled, "{}", bench.all());
    bench.driver.click("Accept this copy and unlock").unwrap();
    bench.until("Overview");
    bench.until("Restored copy");
}

#[test]
fn a_file_that_is_no_vault_is_told_in_full() {
    let mut bench = Bench::new();
    let path = bench.desk.dir.path().join("notes.keyroom");
    std::fs::write(&path, "not a vault").unwrap();
    bench.shell().open(&path);
    bench.until_told("could not be opened");
    assert!(bench.sees("Create a vault"));
}

/// Item 64: unlock returns to the same page, filter, selection, order and open key.
#[test]
fn a_lock_keeps_filter_selection_and_open_key_under_seal_and_an_unlock_brings_them_back() {
    let mut bench = Bench::unlocked();
    for name in ["payments-db", "payments-api", "payments-web", "unrelated"] {
        add_key(&mut bench, name);
    }
    bench.key(Key::Num4, CTRL);
    bench.key(Key::F, CTRL);
    bench.driver.type_text("action:key.create");
    bench.driver.settle(8);
    bench.key(Key::Num2, CTRL);
    bench.key(Key::F, CTRL);
    bench.driver.type_text("payments");
    bench.driver.click("payments-web").unwrap();
    bench.driver.settle(4);
    bench.key(Key::ArrowUp, Modifiers::SHIFT);
    bench.driver.settle(4);
    assert!(bench.all().contains("3 keys shown, 2 selected"), "{}", bench.all());
    assert!(bench.sees("Close key"), "the drawer is open");
    bench.key(Key::L, CTRL);
    bench.until("Unlock");
    for gone in ["payments", "key.create"] {
        assert!(!bench.all().contains(gone), "{}", bench.all());
    }
    bench.unlock();
    bench.driver.settle(8);
    assert_eq!(bench.shell().page(), Page::Keys);
    let filter = bench.driver.find("Filter keys").unwrap();
    assert_eq!(filter.value.as_deref(), Some("payments"));
    assert!(bench.all().contains("3 keys shown, 2 selected"), "{}", bench.all());
    assert!(bench.sees("Close key"), "the drawer is open again");
    bench.key(Key::Num4, CTRL);
    bench.driver.settle(8);
    assert!(bench.all().contains("action:key.create"), "{}", bench.all());
}
