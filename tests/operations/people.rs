//! Making a vault, its settings, and what operators do about their passwords.

use keyroom::crypto::CryptoError;
use keyroom::crypto::kdf::KdfParams;
use keyroom::model::{Action, Outcome, PolicyChoice, Role, Settings, Severity};
use keyroom::operations::*;
use keyroom::store::StoreError;
use keyroom::vault::{NewVault, Vault, VaultError};

use crate::bench::*;

const NEW: &str = "copper violin thunder sail maple quartz";

fn change(vault: &mut Vault, old: &str, new: &str, params: KdfParams) -> Result<(), VaultError> {
    vault.perform(ChangePassword { old: buf(old), new: strong(new), params })
}

#[test]
fn a_vault_that_cannot_be_made_leaves_no_file_and_one_that_exists_is_not_touched() {
    let bench = Bench::new();
    let password = buf(PASSWORD);
    let weak = buf("m.ito 2026");
    let new = |password, params| NewVault { name: "test", operator: "m.ito", password, params };
    let absurd = KdfParams { memory_kib: u32::MAX, passes: 1, lanes: 1 };
    let make = |new: &NewVault<'_>| create_vault(&bench.path, bench.env(), new, "").err();
    let refused = make(&new(&weak, KdfParams::FLOOR));
    assert!(matches!(&refused, Some(VaultError::WeakPassword(advice)) if !advice.is_empty()), "{refused:?}");
    let refused = make(&new(&password, absurd));
    assert!(matches!(refused, Some(VaultError::Crypto(CryptoError::KdfAboveCeiling { .. }))));
    let nameless = NewVault { name: " ", ..new(&password, KdfParams::FLOOR) };
    assert!(matches!(make(&nameless), Some(VaultError::Text(_))));
    assert_eq!(std::fs::read_dir(bench.dir.path()).unwrap().count(), 0);
    drop(bench.create());
    let file = std::fs::read(&bench.path).unwrap();
    assert_eq!(make(&new(&password, KdfParams::FLOOR)), Some(VaultError::Store(StoreError::Exists)));
    assert!(std::fs::read(&bench.path).unwrap() == file);
    assert_eq!(
        open_vault(&bench.dir.path().join("none")).err(),
        Some(VaultError::Store(StoreError::NotFound))
    );
}

#[test]
fn a_new_password_opens_the_vault_and_the_old_one_does_not() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let stronger = KdfParams { passes: 4, ..KdfParams::FLOOR };
    change(&mut vault, PASSWORD, NEW, stronger).unwrap();
    assert_eq!(vault.view().session.params, stronger);
    drop(vault);
    assert_eq!(bench.unlock("m.ito", PASSWORD).err(), Some(VaultError::WrongPassword));
    bench.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(bench.unlock("m.ito", NEW).unwrap().view().session.params, stronger);
}

#[test]
fn a_password_that_another_program_changed_counts_here_too() {
    let bench = Bench::new();
    let mut first = bench.create();
    let mut second = bench.unlock("m.ito", PASSWORD).unwrap();
    change(&mut first, PASSWORD, NEW, KdfParams::FLOOR).unwrap();
    assert_eq!(step_up(&mut second, &buf(PASSWORD)), Err(VaultError::WrongPassword));
    step_up(&mut second, &buf(NEW)).unwrap();
    change(&mut second, NEW, PASSWORD, KdfParams::FLOOR).unwrap();
    password_exposed(&mut first, &buf(PASSWORD), &strong(NEW), KdfParams::FLOOR, "laptop stolen", &mut go_on)
        .unwrap();
}

#[test]
fn a_weak_or_unchanged_password_and_a_wrong_old_one_are_refused_and_recorded() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let floor = KdfParams::FLOOR;
    let below = KdfParams { passes: 1, ..floor };
    let exposed = |vault: &mut Vault, old: &str, new: &str, params, reason: &str| {
        password_exposed(vault, &buf(old), &strong(new), params, reason, &mut go_on)
    };
    let weak = |result| matches!(result, Err(VaultError::WeakPassword(_)));
    assert!(weak(change(&mut vault, PASSWORD, "m.ito1234", floor)));
    assert!(weak(exposed(&mut vault, PASSWORD, "m.ito1234", floor, "x")));
    assert_eq!(change(&mut vault, PASSWORD, PASSWORD, floor), Err(VaultError::SamePassword));
    assert_eq!(exposed(&mut vault, PASSWORD, PASSWORD, floor, "x"), Err(VaultError::SamePassword));
    assert_eq!(change(&mut vault, "wrong", NEW, floor), Err(VaultError::WrongPassword));
    assert_eq!(exposed(&mut vault, "wrong", NEW, floor, "x"), Err(VaultError::WrongPassword));
    assert_eq!(exposed(&mut vault, PASSWORD, NEW, floor, " "), Err(VaultError::ReasonNeeded));
    let below_floor = |result| matches!(result, Err(VaultError::Crypto(CryptoError::KdfBelowFloor { .. })));
    assert!(below_floor(change(&mut vault, PASSWORD, NEW, below)));
    assert!(below_floor(exposed(&mut vault, PASSWORD, NEW, below, "x")));
    let refused = vault.last_events(9).unwrap();
    assert!(refused.iter().all(|e| e.outcome == Outcome::Refused));
    let exposures = refused.iter().filter(|e| e.action == Action::OperatorExposed).count();
    assert_eq!(exposures, 5);
    drop(vault);
    bench.unlock("m.ito", PASSWORD).unwrap();
}

#[test]
fn a_custodian_works_with_keys_and_changes_neither_settings_nor_operators() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = add(&mut vault, "db", "some value");
    let compartments: Vec<_> = vault.view().compartments.iter().map(|c| c.id).collect();
    let enrol = |vault: &mut Vault, name: &str, password: &str| {
        let (name, password) = (name.to_owned(), strong(password));
        let (role, params, compartments) = (Role::Custodian, KdfParams::FLOOR, compartments.clone());
        vault.perform(EnrolOperator { name, role, password, params, compartments })
    };
    assert!(matches!(enrol(&mut vault, "b.chen", "b.chen12"), Err(VaultError::WeakPassword(_))));
    assert_eq!(enrol(&mut vault, "M.ITO", NEW), Err(VaultError::OperatorExists("M.ITO".into())));
    enrol(&mut vault, "b.chen", NEW).unwrap();
    drop(vault);
    let mut custodian = bench.unlock("b.chen", NEW).unwrap();
    let revealed = custodian.perform(Reveal { key: id, version: None, reason: String::new() }).unwrap();
    assert_eq!(revealed.value.as_str(), Some("some value"));
    step_up(&mut custodian, &buf(NEW)).unwrap();
    let settings = Settings { idle_lock_min: 2, ..Settings::clone(&custodian.view().settings) };
    let refused = custodian.perform(ChangeSettings::of(&custodian.view().settings, settings, ""));
    assert!(matches!(refused, Err(VaultError::NotPermitted { .. })));
    assert!(matches!(enrol(&mut custodian, "c", PASSWORD), Err(VaultError::NotPermitted { .. })));
    check(&mut custodian, &mut go_on).unwrap();
}

#[test]
fn settings_outside_their_bounds_are_refused_and_a_weakening_is_a_warning_that_says_what() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let set = |vault: &mut Vault, change: fn(&mut Settings)| {
        let mut settings = Settings::clone(&vault.view().settings);
        change(&mut settings);
        vault.perform(ChangeSettings::of(&vault.view().settings, settings, "agreed"))
    };
    let outside = set(&mut vault, |s| s.idle_lock_min = 16).unwrap_err();
    assert_eq!(outside.to_string(), "idle lock must be between 1 and 15 minutes");
    assert!(matches!(set(&mut vault, |s| s.vault_name = "a\u{200B}".into()), Err(VaultError::Text(_))));
    set(&mut vault, |s| s.idle_lock_min = 3).unwrap();
    assert_eq!(last_event(&mut vault).severity, Severity::Notice);
    set(&mut vault, |s| {
        s.idle_lock_min = 15;
        s.policies[0].interval_days = Some(180);
    })
    .unwrap();
    let event = last_event(&mut vault);
    assert_eq!((event.severity, event.reason.as_str()), (Severity::Warn, "agreed"));
    let told: Vec<_> =
        event.changes.iter().map(|c| format!("{}: {} > {}", c.field, c.before, c.after)).collect();
    let expected = [
        "idle lock: 3 min > 15 min",
        "policy Token 90 d: Token 90 d: every 90 d, overlap 1 d, for api-token > \
         Token 90 d: every 180 d, overlap 1 d, for api-token",
    ];
    assert_eq!(told, expected);
    // A policy that is longer than is advised for a type weighs from when it decides for one.
    set(&mut vault, |s| {
        let id = keyroom::model::PolicyId([99; 16]);
        let (name, default_for) = ("Two years".into(), Vec::new());
        let two_years =
            keyroom::model::Policy { id, name, interval_days: Some(730), overlap_days: 0, default_for };
        s.policies.push(two_years);
    })
    .unwrap();
    assert_eq!(last_event(&mut vault).severity, Severity::Notice, "it decides for nothing");
    set(&mut vault, |s| {
        s.policies[0].default_for.clear();
        s.policies.last_mut().unwrap().default_for.push(keyroom::model::KeyType::ApiToken);
    })
    .unwrap();
    assert_eq!(last_event(&mut vault).severity, Severity::Warn, "a token is given a year");
    set(&mut vault, |s| s.policies.last_mut().unwrap().name = "Biennial".into()).unwrap();
    assert_eq!(last_event(&mut vault).severity, Severity::Notice, "it was so before");
    let id = add(&mut vault, "db", "some value");
    let policy = PolicyChoice::Named(Settings::default().policies[6].id);
    let draft = KeyDraft { policy, ..KeyDraft::from_record(&key(&vault, id)) };
    vault.perform(EditKey::of(&key(&vault, id), draft)).unwrap();
    let dropped = set(&mut vault, |s| drop(s.policies.remove(6)));
    let in_use =
        |policy: &str, keys, named| Err(VaultError::PolicyInUse { policy: policy.into(), keys, named });
    assert_eq!(dropped, in_use("Yearly", 1, 1));
}

#[test]
fn what_becomes_of_a_key_by_its_type_counts_as_what_becomes_of_it_by_name() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let set = |vault: &mut Vault, change: fn(&mut Settings)| {
        let mut settings = Settings::clone(&vault.view().settings);
        change(&mut settings);
        vault.perform(ChangeSettings::of(&vault.view().settings, settings, ""))
    };
    let id = add(&mut vault, "db", "some value");
    // "On evidence only" stands for passwords.
    let dropped = set(&mut vault, |s| drop(s.policies.remove(5)));
    assert_eq!(
        dropped.unwrap_err().to_string(),
        "policy On evidence only decides for 1 key, 0 of them by its name; give them another, or let another stand for their \
         type, before it is removed"
    );
    // Where another stands for the type it may go: it is replaced, and passwords are changed earlier than before.
    let swap = |s: &mut Settings| {
        let types = s.policies.remove(5).default_for;
        s.policies[4].default_for = types;
    };
    set(&mut vault, swap).unwrap();
    assert_eq!(key(&vault, id).policy, PolicyChoice::TypeDefault);
    set(&mut vault, |s| s.policies[4].overlap_days = 0).unwrap();
    assert_eq!(last_event(&mut vault).severity, Severity::Notice);
    set(&mut vault, |s| s.policies[4].overlap_days = 2).unwrap();
    assert_eq!(last_event(&mut vault).severity, Severity::Warn, "an old value is accepted for longer");
    // From 90 days to a year, without a change of any interval.
    let yearly = |s: &mut Settings| {
        let types = std::mem::take(&mut s.policies[4].default_for);
        s.policies[5].default_for = types;
    };
    set(&mut vault, yearly).unwrap();
    assert_eq!(last_event(&mut vault).severity, Severity::Warn, "a type goes to a longer interval");

    let choose = |vault: &mut Vault, policy: PolicyChoice| {
        let record = key(vault, id);
        let draft = KeyDraft { policy, ..KeyDraft::from_record(&record) };
        vault.perform(EditKey::of(&record, draft)).unwrap();
        last_event(vault).severity
    };
    let named = |n: usize| PolicyChoice::Named(Settings::default().policies[n].id);
    assert_eq!(choose(&mut vault, named(0)), Severity::Info, "from a year to 90 days");
    assert_eq!(choose(&mut vault, named(6)), Severity::Warn, "from 90 days to a year");
    assert_eq!(choose(&mut vault, PolicyChoice::Exempt { reason: "frozen".into() }), Severity::Warn);
    assert_eq!(choose(&mut vault, named(6)), Severity::Info);

    // A name means one policy, in either case, whoever gives it when.
    let taken = set(&mut vault, |s| s.policies[0].name = "yearly".into());
    assert_eq!(taken, Err(VaultError::PolicyNameTaken("yearly".into())));
    set(&mut vault, |s| s.policies[0].name = "TOKEN 90 d".into()).unwrap();
    let before = Settings::clone(&vault.view().settings);
    let weekly = |n: u8| {
        let mut settings = before.clone();
        let id = keyroom::model::PolicyId([n; 16]);
        let (name, default_for) = ("Weekly".to_owned(), Vec::new());
        settings.policies.push(keyroom::model::Policy {
            id,
            name,
            interval_days: Some(7),
            overlap_days: 0,
            default_for,
        });
        ChangeSettings::of(&before, settings, "")
    };
    vault.perform(weekly(91)).unwrap();
    assert_eq!(vault.perform(weekly(92)), Err(VaultError::PolicyNameTaken("Weekly".into())));
}

#[test]
fn a_backup_opens_as_the_same_vault_and_never_replaces_a_file() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = add(&mut vault, "db", "some value");
    let target = bench.dir.path().join("backup.keyroom");
    backup(&mut vault, &target, &mut go_on).unwrap();
    let copy = std::fs::read(&target).unwrap();
    let again = backup(&mut vault, &target, &mut go_on);
    assert_eq!(again, Err(VaultError::Store(StoreError::Exists)));
    assert_eq!(last_event(&mut vault).outcome, Outcome::Failed);
    assert!(std::fs::read(&target).unwrap() == copy);
    let size = vault.view().log_size;
    let other = bench.dir.path().join("cancelled.keyroom");
    let cancelled = backup(&mut vault, &other, &mut |_, _| keyroom::store::Walk::Break(()));
    assert_eq!((cancelled, other.exists()), (Err(VaultError::Cancelled), false));
    assert_eq!(vault.view().log_size, size);
    let elsewhere = Bench { path: target, ..Bench::new() };
    let mut restored = elsewhere.unlock("m.ito", PASSWORD).unwrap();
    let read = restored.perform(Reveal { key: id, version: None, reason: String::new() }).unwrap();
    assert_eq!(read.value.as_str(), Some("some value"));
}

#[test]
fn a_verification_that_is_cancelled_is_not_recorded_and_damage_that_is_found_is() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = add(&mut vault, "db", "some value");
    let stop = &mut |_: u64, _: u64| keyroom::store::Walk::Break(());
    let size = vault.view().log_size;
    assert_eq!(check(&mut vault, stop), Err(VaultError::Cancelled));
    assert_eq!(verify_log(&mut vault, stop), Err(VaultError::Cancelled));
    assert_eq!(vault.view().log_size, size);
    flip_a_byte_of_the_value(&bench, id);
    let found = check(&mut vault, &mut go_on).unwrap_err();
    assert!(matches!(found, VaultError::Tampered { .. }), "{found}");
    let event = last_event(&mut vault);
    assert_eq!((event.action, event.outcome), (Action::AuditDamage, Outcome::Failed));
    assert_eq!((event.severity, event.reason), (Severity::Critical, found.to_string()));
}

/// Another program changes one byte of a sealed value, behind the vault's back.
fn flip_a_byte_of_the_value(bench: &Bench, key: keyroom::model::KeyId) {
    let id = [&key.0[..], &1_u32.to_be_bytes()].concat();
    let file = rusqlite::Connection::open(&bench.path).unwrap();
    let read = |row: &rusqlite::Row<'_>| row.get(0);
    let mut data: Vec<u8> = file.query_row("SELECT data FROM version WHERE id = ?1", [&id], read).unwrap();
    data[40] ^= 1;
    file.execute("UPDATE version SET data = ?2 WHERE id = ?1", rusqlite::params![id, data]).unwrap();
}

#[test]
fn a_session_whose_keys_another_one_replaced_is_told_to_unlock_again_and_not_of_damage() {
    let bench = Bench::new();
    let mut first = bench.create();
    let id = add(&mut first, "db", "some value");
    let mut second = bench.unlock("m.ito", PASSWORD).unwrap();
    password_exposed(&mut first, &buf(PASSWORD), &strong(NEW), KdfParams::FLOOR, "laptop stolen", &mut go_on)
        .unwrap();
    assert_eq!(second.refresh(), Err(VaultError::KeysReplaced));
    let tried = second.perform(Suspend { key: id, reason: "x".into(), review_by: None });
    assert_eq!(tried, Err(VaultError::KeysReplaced));
    assert_eq!(verify_log(&mut second, &mut go_on), Err(VaultError::KeysReplaced));
    verify_log(&mut first, &mut go_on).unwrap();
    bench.unlock("m.ito", NEW).unwrap();
}

/// Between 40 and 75 bits.
const WEAK: &str = "Tr0ub4dor&3";

fn weak(because: &str) -> NewPassword {
    NewPassword { value: buf(WEAK), weak_because: because.to_owned() }
}

/// What the last entry says about a weak password.
fn said(vault: &mut Vault) -> (Action, Vec<(String, String)>) {
    let event = last_event(vault);
    let about = |field: &str| ["strength", "weak because"].contains(&field);
    let said = event.changes.into_iter().filter(|change| about(&change.field));
    (event.action, said.map(|change| (change.field, change.after)).collect())
}

#[test]
fn at_every_door_a_weak_password_needs_a_reason_and_the_log_tells_it_with_the_strength() {
    let bench = Bench::new();
    let password = buf(WEAK);
    let new = NewVault { name: "test", operator: "m.ito", password: &password, params: KdfParams::FLOOR };
    let unsaid = create_vault(&bench.path, bench.env(), &new, "  ").err();
    assert!(matches!(unsaid, Some(VaultError::WeakWithoutReason { .. })), "{unsaid:?}");
    assert!(!bench.path.exists());
    let mut vault = create_vault(&bench.path, bench.env(), &new, "a test bench").unwrap();
    let all = vault.view().log_size;
    let first =
        vault.last_events(all).unwrap().into_iter().find(|e| e.action == Action::VaultCreate).unwrap();
    let words: Vec<_> = first.changes.iter().map(|c| format!("{}: {}", c.field, c.after)).collect();
    let [strength, because] = words.as_slice() else { panic!("{words:?}") };
    assert!(strength.starts_with("strength: weak, about ") && strength.ends_with(" bits"), "{strength}");
    assert_eq!(because, "weak because: a test bench");
    let strength = strength.strip_prefix("strength: ").unwrap().to_owned();
    let expected = |because: &str| {
        vec![("strength".to_owned(), strength.clone()), ("weak because".to_owned(), because.to_owned())]
    };

    let params = KdfParams::FLOOR;
    let enrol = |vault: &mut Vault, password| {
        let (name, compartments) = ("s.okafor".to_owned(), Vec::new());
        vault.perform(EnrolOperator { name, role: Role::Auditor, password, params, compartments }).map(|_| ())
    };
    let refused = |result| matches!(result, Err(VaultError::WeakWithoutReason { .. }));
    assert!(refused(enrol(&mut vault, weak(""))));
    assert_eq!(last_event(&mut vault).outcome, Outcome::Refused);
    enrol(&mut vault, weak("until the card reader is there")).unwrap();
    assert_eq!(said(&mut vault), (Action::OperatorEnrol, expected("until the card reader is there")));

    let change =
        |vault: &mut Vault, old: &str, new| vault.perform(ChangePassword { old: buf(old), new, params });
    change(&mut vault, WEAK, strong(NEW)).unwrap();
    assert_eq!(
        said(&mut vault),
        (Action::OperatorPassword, Vec::new()),
        "nothing is said about a strong one"
    );
    assert!(refused(change(&mut vault, NEW, weak(" "))));
    change(&mut vault, NEW, weak("a demonstration")).unwrap();
    assert_eq!(said(&mut vault), (Action::OperatorPassword, expected("a demonstration")));
    change(&mut vault, WEAK, strong(NEW)).unwrap();

    let exposed = |vault: &mut Vault, new: &NewPassword| {
        password_exposed(vault, &buf(NEW), new, params, "laptop stolen", &mut go_on)
    };
    assert!(refused(exposed(&mut vault, &weak(""))));
    let event = last_event(&mut vault);
    assert_eq!((event.action, event.outcome), (Action::OperatorExposed, Outcome::Refused));
    exposed(&mut vault, &weak("a demonstration")).unwrap();
    assert_eq!(said(&mut vault), (Action::OperatorExposed, expected("a demonstration")));
    assert_eq!(last_event(&mut vault).reason, "laptop stolen");
    // The words are in the log; the password is nowhere.
    let all = vault.view().log_size;
    let events = vault.last_events(all).unwrap();
    assert!(!format!("{events:?}").contains(WEAK));
    drop(vault);
    bench.unlock("m.ito", WEAK).unwrap();
}
