//! What comes from elsewhere: another program that changes what is asked for, a copy that only an administrator may go on
//! with, a place that does not take what it is given.

use std::path::Path;

use keyroom::crypto::kdf::KdfParams;
use keyroom::model::{Action, Outcome, Role, Settings, Severity};
use keyroom::operations::*;
use keyroom::store::{StoreError, Walk};
use keyroom::vault::VaultError;

use crate::bench::*;

#[test]
fn what_another_program_asks_for_holds_from_its_entry_on() {
    let bench = Bench::new();
    let mut here = bench.create();
    let id = add(&mut here, "db", "some value");
    let reveal = || Reveal { key: id, version: None, reason: String::new() };
    let mut there = stepped_up(bench.unlock("m.ito", PASSWORD).unwrap());
    here.perform(reveal()).unwrap();
    let settings = Settings { reveal_needs_password: true, ..there.view().settings.as_ref().clone() };
    there.perform(ChangeSettings::of(&there.view().settings, settings, "audit")).unwrap();
    // Nothing was asked of the file here since: the refusal is the first that is heard of it.
    assert_eq!(here.perform(reveal()).err(), Some(VaultError::PasswordNeeded));
    assert_eq!(last_event(&mut here).outcome, Outcome::Refused);
    step_up(&mut here, &buf(PASSWORD)).unwrap();
    here.perform(reveal()).unwrap();
}

#[test]
fn a_file_that_was_looked_at_before_a_password_changed_opens_with_the_new_one_and_not_with_the_old() {
    const NEW: &str = "copper violin thunder sail maple quartz";
    let bench = Bench::new();
    let mut vault = bench.create();
    // A window that shows its lock, while another program changes the password.
    let locked = open_vault(&bench.path).unwrap();
    let new = strong(NEW);
    vault.perform(ChangePassword { old: buf(PASSWORD), new, params: KdfParams::FLOOR }).unwrap();
    vault.lock("exit", &[]).0.unwrap();
    let (locked, error) = unlock(locked, bench.env(), &buf(PASSWORD), None).err().unwrap();
    assert_eq!(error, VaultError::WrongPassword);
    bench.clock.advance(std::time::Duration::from_secs(60));
    assert!(unlock(*locked, bench.env(), &buf(NEW), None).is_ok());
}

#[test]
fn what_another_program_wrote_is_read_again_after_a_disk_was_away_in_the_middle() {
    let bench = Bench::new();
    let (mut here, fault) = bench.create_faulty();
    let id = add(&mut here, "db", "some value");
    let mut there = bench.unlock("m.ito", PASSWORD).unwrap();
    let draft = KeyDraft { note: "moved".into(), ..KeyDraft::from_record(&key(&there, id)) };
    there.perform(EditKey::of(&key(&there, id), draft)).unwrap();
    let size = here.view().log_size;
    fault.set(Some(crate::faulty::Wrong::Away));
    assert!(matches!(here.refresh(), Err(VaultError::Store(StoreError::Io(_)))));
    assert_eq!(here.view().log_size, size, "nothing counts as seen");
    fault.set(None);
    assert_eq!(here.refresh(), Ok(true));
    assert_eq!(key(&here, id).note, "moved");
}

#[test]
fn a_backup_that_is_cancelled_after_its_last_page_is_none() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let size = vault.view().log_size;
    let dir = tempfile::tempdir().unwrap();
    let mut whole = 0;
    let mut watch = |done: u64, total: u64| {
        whole += u64::from(done == total);
        if whole > 1 { Walk::Break(()) } else { Walk::Continue(()) }
    };
    let target = dir.path().join("backup.keyroom");
    assert_eq!(backup(&mut vault, &target, &mut watch), Err(VaultError::Cancelled));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    assert_eq!(vault.view().log_size, size);
}

#[test]
fn a_refusal_keeps_the_reason_that_was_given_unless_it_is_none_that_could_be_kept() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let key = add(&mut vault, "db", "some value");
    let mut again = |reason: &str| {
        let activate = Activate { key, reason: reason.into() };
        assert!(vault.perform(activate).is_err());
        let event = last_event(&mut vault);
        assert_eq!(event.outcome, Outcome::Refused);
        event.changes.iter().map(|c| (c.field.clone(), c.after.clone())).collect::<Vec<_>>()
    };
    assert_eq!(again("change 41"), [("reason given".to_owned(), "change 41".to_owned())]);
    assert!(again(&"x".repeat(1 << 20)).is_empty());
    assert!(again("to\u{202e}txt").is_empty());
}

#[test]
fn only_an_administrator_goes_on_with_an_older_copy() {
    let bench = Bench::new();
    let mut vault = bench.create();
    for (name, role) in [("s.okafor", Role::Auditor), ("a.novak", Role::Custodian)] {
        let (name, password, params) = (name.to_owned(), strong(PASSWORD), KdfParams::FLOOR);
        vault.perform(EnrolOperator { name, role, password, params, compartments: Vec::new() }).unwrap();
    }
    let older = std::fs::read(&bench.path).unwrap();
    add(&mut vault, "db", "some value");
    let id = vault.view().vault;
    drop(vault);
    let remembered = bench.anchor.peek(id);
    std::fs::write(&bench.path, &older).unwrap();
    let accept = |name: &str| {
        let file = open_vault(&bench.path).unwrap();
        accept_restored(file, bench.env(), &buf(PASSWORD), Some(name), "the disk failed").map_err(|(_, e)| e)
    };
    for name in ["s.okafor", "a.novak"] {
        let refused = accept(name).map(|_| ()).unwrap_err();
        assert!(matches!(refused, VaultError::NotPermitted { .. }), "{refused}");
        assert!(std::fs::read(&bench.path).unwrap() == older, "{name}: the file changed");
        assert_eq!(bench.anchor.peek(id), remembered);
    }
    let mut vault = accept("m.ito").unwrap();
    verify_log(&mut vault, &mut go_on).unwrap();
    assert_ne!(bench.anchor.peek(id), remembered);
}

#[test]
fn a_backup_has_its_name_only_once_it_is_in_the_log_and_leaves_nothing_else() {
    let beside = |dir: &Path| {
        let names = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        names
    };
    let bench = Bench::new();
    let (mut vault, fault) = bench.create_faulty();
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("backup.keyroom");
    let mut steps = 0;
    let mut watch = |_: u64, _: u64| {
        steps += 1;
        assert!(!target.exists(), "it has its name before it is whole");
        Walk::Continue(())
    };
    backup(&mut vault, &target, &mut watch).unwrap();
    assert!(steps > 0);
    assert_eq!(beside(dir.path()), ["backup.keyroom"]);
    std::fs::remove_file(&target).unwrap();
    for wrong in crate::faulty::Wrong::ALL {
        fault.set(Some(wrong));
        let expected = VaultError::NotRecorded { action: Action::VaultBackup, cause: wrong.error() };
        assert_eq!(backup(&mut vault, &target, &mut go_on), Err(expected));
        assert!(beside(dir.path()).is_empty(), "{wrong:?}");
    }
    fault.set(None);
    // Somebody puts a file there while it is copied: it is theirs, and the log says that there is no backup of that name.
    let mut put = |_: u64, _: u64| {
        std::fs::write(&target, b"theirs").unwrap();
        Walk::Continue(())
    };
    assert_eq!(backup(&mut vault, &target, &mut put), Err(VaultError::Store(StoreError::Exists)));
    assert_eq!(std::fs::read(&target).unwrap(), b"theirs");
    let told = vault.last_events(2).unwrap();
    assert_eq!([told[0].outcome, told[1].outcome], [Outcome::Done, Outcome::Failed]);
    assert_eq!(beside(dir.path()), ["backup.keyroom"]);
}

#[test]
fn a_value_that_did_not_arrive_is_in_the_log_as_that() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let key = add(&mut vault, "db", "some value");
    let value = vault.perform(ExportOne { key, version: None, reason: "handover".into() }).unwrap();
    let full = VaultError::Workstation("out: no space left".into());
    assert_eq!(undelivered(&mut vault, Action::SecretExport, key, value.version, full.clone()), full);
    let event = last_event(&mut vault);
    assert_eq!((event.action, event.outcome), (Action::SecretExport, Outcome::Failed));
    assert_eq!((event.object.words().as_str(), event.reason.as_str()), ("db v1", "out: no space left"));
}

#[test]
fn settings_that_two_change_at_once_are_both_changed_and_where_it_is_the_same_one_nothing_is() {
    let bench = Bench::new();
    let mut here = stepped_up(bench.create());
    let mut there = stepped_up(bench.unlock("m.ito", PASSWORD).unwrap());
    // What the one here was shown, and asked for with that in mind.
    let shown = here.view().settings.as_ref().clone();
    let mut change = |change: fn(&mut Settings)| {
        there.refresh().unwrap();
        let mut settings = there.view().settings.as_ref().clone();
        change(&mut settings);
        there.perform(ChangeSettings::of(&there.view().settings, settings, "audit")).unwrap();
    };
    change(|s| (s.reveal_needs_password, s.policies[1].interval_days) = (true, Some(180)));
    let mut longer = shown.clone();
    (longer.idle_lock_min, longer.policies[0].overlap_days) = (10, 2);
    here.perform(ChangeSettings::of(&shown, longer.clone(), "")).unwrap();
    let now = here.view().settings.as_ref().clone();
    assert!(now.reveal_needs_password, "somebody else's switch was undone");
    assert_eq!(now.policies[1].interval_days, Some(180));
    assert_eq!((now.idle_lock_min, now.policies[0].overlap_days), (10, 2));
    let event = last_event(&mut here);
    let told: Vec<&str> = event.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!((event.severity, told), (Severity::Warn, vec!["idle lock", "policy Token 90 d"]));

    change(|s| s.idle_lock_min = 2);
    let refused = here.perform(ChangeSettings::of(&now, Settings { idle_lock_min: 15, ..now.clone() }, ""));
    let fields = vec!["idle lock".to_owned()];
    assert_eq!(refused, Err(VaultError::ChangedMeanwhile { key: "a setting".into(), fields }));
    assert_eq!(last_event(&mut here).outcome, Outcome::Refused);
    assert_eq!(here.view().settings.idle_lock_min, 2);
    // As a whole what was shown is weaker than what holds meanwhile; what is asked for is not.
    change(|s| s.clipboard_s = 5);
    let stricter = Settings { reveal_s: 10, ..now.clone() };
    here.perform(ChangeSettings::of(&now, stricter, "")).unwrap();
    assert_eq!(last_event(&mut here).severity, Severity::Notice, "nothing is weakened by it");
    assert_eq!(here.view().settings.clipboard_s, 5);
}
