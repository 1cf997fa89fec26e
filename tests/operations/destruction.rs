//! Destruction: announced, taken back, done; and what is left in the file.

use keyroom::model::settings::SettingsError;
use keyroom::model::state::CompromiseReason;
use keyroom::model::{KeyId, KeyState, Severity, VersionState};
use keyroom::operations::*;
use keyroom::store::sqlite::SqliteStore;
use keyroom::store::{Row, Store, Table};
use keyroom::vault::{Vault, VaultError};

use crate::bench::*;

fn destroy(vault: &mut Vault, key: KeyId) -> Result<(), VaultError> {
    vault.perform(Destroy { key, reason: "no longer needed".into() })
}

fn schedule(vault: &mut Vault, key: KeyId, days: Option<u32>) -> Result<(), VaultError> {
    vault.perform(ScheduleDestroy { key, days, reason: "no longer needed".into() })
}

/// The sealed row of a version as it stands in the file.
fn stored(bench: &Bench, key: KeyId, version: u32) -> Option<Row> {
    let id = [&key.0[..], &version.to_be_bytes()].concat();
    SqliteStore::open(&bench.path).unwrap().row(Table::Version, &id).unwrap()
}

/// Whether any 16 neighbouring bytes of a row's blob stand in the file. Pages of SQLite may cut a blob, not all its parts.
fn any_part_in_file(bench: &Bench, row: &Row) -> bool {
    let file = std::fs::read(&bench.path).unwrap();
    row.data.chunks_exact(16).any(|part| holds(&file, part))
}

#[test]
fn destruction_waits_as_long_as_announced_and_then_removes_every_value_from_the_file() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let id = add(&mut vault, "db", "first value");
    let value = NewValue::Entered(buf("second value"));
    vault
        .perform(Rotate {
            key: id,
            value,
            reason: "due".into(),
            overlap_days: Some(0),
            expires: None,
            keep_schedule: false,
            compromise: None,
        })
        .unwrap();
    assert_eq!(destroy(&mut vault, id), Err(VaultError::NotScheduled("db".into())));
    schedule(&mut vault, id, None).unwrap();
    let from = START.plus_days(30);
    assert_eq!(key(&vault, id).destroy_at, Some(from));
    bench.days_later(29);
    let early = destroy(&mut vault, id).unwrap_err();
    assert_eq!(early, VaultError::TooEarly { key: "db".into(), from });
    assert!(early.to_string().contains(&from.iso()), "{early}");
    let rows = [1, 2].map(|version| stored(&bench, id, version).unwrap());
    assert!(rows.iter().all(|row| any_part_in_file(&bench, row)));
    bench.days_later(1);
    destroy(&mut vault, id).unwrap();
    assert!([1, 2].iter().all(|version| stored(&bench, id, *version).is_none()));
    assert!(!rows.iter().any(|row| any_part_in_file(&bench, row)), "a destroyed value is left in the file");
    let now = key(&vault, id);
    assert_eq!((now.state, now.destroyed, now.destroy_at), (KeyState::Destroyed, Some(from), None));
    assert_eq!(version_states(&vault, id), [VersionState::Destroyed; 2]);
    assert_eq!((now.name.as_str(), now.versions[0].description.is_empty()), ("db", false));
    let read = vault.perform(Reveal { key: id, version: Some(1), reason: String::new() }).unwrap_err();
    assert_eq!(read.to_string(), "db is destroyed, so it cannot be revealed");
    check(&mut vault, &mut go_on).unwrap();
    // The name is free again, and the record stays.
    let again = add(&mut vault, "db", "third value");
    assert_ne!(again, id);
    assert_eq!(vault.view().find("db").unwrap().id, again);
}

#[test]
fn one_old_version_is_destroyed_by_itself_and_the_others_stay() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let id = add(&mut vault, "db", "first value");
    let value = NewValue::Entered(buf("second value"));
    vault
        .perform(Rotate {
            key: id,
            value,
            reason: "due".into(),
            overlap_days: Some(5),
            expires: None,
            keep_schedule: false,
            compromise: None,
        })
        .unwrap();
    let row = stored(&bench, id, 1).unwrap();
    let destroy =
        |vault: &mut Vault, version| vault.perform(DestroyVersion { key: id, version, reason: "old".into() });
    assert!(matches!(destroy(&mut vault, 2), Err(VaultError::VersionForbids { version: 2, .. })));
    destroy(&mut vault, 1).unwrap();
    assert!(matches!(destroy(&mut vault, 1), Err(VaultError::VersionForbids { version: 1, .. })));
    assert!(stored(&bench, id, 1).is_none() && stored(&bench, id, 2).is_some());
    assert!(!any_part_in_file(&bench, &row));
    let revert = vault.perform(MakeCurrent { key: id, version: 1, reason: "back".into() });
    assert!(matches!(revert, Err(VaultError::VersionForbids { .. })));
    assert!(matches!(
        vault.perform(Reveal { key: id, version: Some(1), reason: String::new() }),
        Err(VaultError::VersionForbids { version: 1, .. })
    ));
    vault.perform(Reveal { key: id, version: None, reason: String::new() }).unwrap();
}

#[test]
fn the_window_is_7_to_120_days_and_is_neither_shortened_nor_extended_but_taken_back() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = add(&mut vault, "db", "first value");
    for days in [0, 6, 121, u32::MAX] {
        let refused = schedule(&mut vault, id, Some(days));
        assert!(matches!(refused, Err(VaultError::Settings(SettingsError::Range { .. }))), "{days}");
    }
    schedule(&mut vault, id, Some(120)).unwrap();
    assert!(matches!(schedule(&mut vault, id, Some(7)), Err(VaultError::AlreadyScheduled { .. })));
    let cancel = |vault: &mut Vault| vault.perform(CancelDestroy { key: id, reason: "still needed".into() });
    cancel(&mut vault).unwrap();
    assert_eq!(key(&vault, id).destroy_at, None);
    assert_eq!(cancel(&mut vault), Err(VaultError::NotScheduled("db".into())));
    schedule(&mut vault, id, Some(7)).unwrap();
}

#[test]
fn a_compromise_needs_a_note_and_moments_in_order_and_takes_the_accepted_versions_with_it() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let id = add(&mut vault, "db", "value 1 long enough");
    for (n, overlap) in [(2, 0), (3, 5)] {
        let value = NewValue::Entered(buf(&format!("value {n} long enough")));
        vault
            .perform(Rotate {
                key: id,
                value,
                reason: "due".into(),
                overlap_days: Some(overlap),
                expires: None,
                keep_schedule: false,
                compromise: None,
            })
            .unwrap();
    }
    let mark = |vault: &mut Vault, occurred, noticed, note: &str| {
        let reason = CompromiseReason::KeyCompromise;
        vault.perform(MarkCompromised { key: id, reason, occurred, noticed, note: note.into() })
    };
    let (now, before) = (START, START.plus_days(-2));
    assert_eq!(mark(&mut vault, before, now, ""), Err(VaultError::ReasonNeeded));
    assert!(matches!(mark(&mut vault, now, before, "x"), Err(VaultError::BadTime(_))));
    assert!(matches!(mark(&mut vault, before, now.plus_ms(1), "x"), Err(VaultError::BadTime(_))));
    mark(&mut vault, before, now, "found in a public repository").unwrap();
    use VersionState::{Compromised, Retired};
    assert_eq!(version_states(&vault, id), [Retired, Compromised, Compromised]);
    let event = last_event(&mut vault);
    assert_eq!((event.severity, event.reason.as_str()), (Severity::Critical, "found in a public repository"));
    let told = key(&vault, id).compromise.unwrap();
    assert_eq!((told.reason.kmip(), told.occurred, told.noticed), (2, before, now));
    let again = VaultError::AlreadyCompromised { key: "db".into(), noticed: now };
    assert_eq!(mark(&mut vault, before, now, "again"), Err(again));
    assert_eq!(key(&vault, id).compromise.unwrap().note, "found in a public repository");
    // It may be read for what it protected, and that stands out.
    vault.perform(Reveal { key: id, version: None, reason: "decrypt the archive".into() }).unwrap();
    assert_eq!(last_event(&mut vault).severity, Severity::Warn);
}
