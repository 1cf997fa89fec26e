//! Vaults written by the first version open in every later one: same keys, same values, same history.
//!
//! What lies under `tests/vectors/v1` is frozen and is never made again. `basic.keyroom` was made by the command line on
//! 22 November 2026: one operator, a rotation. `team.keyroom` was made by the operations themselves on 27 November 2026:
//! three operators with three roles, an import, a key destroyed and one compromised, every key of the vault replaced after an
//! exposure, a failed unlock, a draft.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use keyroom::crypto::memory::SecretBuf;
use keyroom::model::key::KeyLife;
use keyroom::model::{
    Action, KeyAround, KeyRecord, KeyState, Object, Outcome, Role, Timestamp, VersionState,
};
use keyroom::operations::{Reveal, Suspend, open_vault};
use keyroom::store::sqlite::SqliteStore;
use keyroom::store::{Row, Store, Table};
use keyroom::vault::anchor::MemoryAnchor;
use keyroom::vault::clock::ManualClock;
use keyroom::vault::{Environment, Unlock, Vault, VaultError};

/// The genesis fingerprints that were printed when the vaults were made.
const BASIC_GENESIS: &str = "a643a8617690b677643e8582de46fc8db63cea08d5ee027ce1b7b8d4d4cfbe00";
const TEAM_GENESIS: &str = "54b6c4b6a4a006366f5b1b744326f5d005d468589684cc97101de56691080f2c";

/// What the operators of the team but the administrator unlock with.
const TEAM_PASSWORD: &[u8] = b"correct horse battery staple";

fn environment() -> Environment {
    Environment {
        clock: Arc::new(ManualClock::at(Timestamp(1_800_000_000_000))),
        anchor: Arc::new(MemoryAnchor::new()),
        host: "later".into(),
        os_user: "later".into(),
    }
}

fn opened(name: &str) -> (tempfile::TempDir, Vault) {
    let frozen = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/v1");
    let password = std::fs::read(frozen.join(format!("{name}.password"))).unwrap();
    opened_by(name, "m.ito", password)
}

fn opened_by(name: &str, operator: &str, password: Vec<u8>) -> (tempfile::TempDir, Vault) {
    let frozen = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/v1");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frozen.keyroom");
    std::fs::copy(frozen.join(format!("{name}.keyroom")), &path).unwrap();
    let password = SecretBuf::from_vec(password);
    let environment = environment();
    let unlock = Unlock { password: &password, operator: Some(operator), accept_restored: None };
    let vault = open_vault(&path).unwrap().unlock(environment, &unlock).map_err(|(_, error)| error).unwrap();
    (folder, vault)
}

fn value(vault: &mut Vault, key: &str, version: u32) -> Result<String, VaultError> {
    let key = vault.view().find(key).unwrap().id;
    let read = Reveal { key, version: Some(version), reason: "vector".into() };
    vault.perform(read).map(|shown| shown.value.as_str().unwrap().to_owned())
}

#[test]
fn the_frozen_vault_holds_the_keys_and_values_that_were_put_in() {
    let (_folder, mut vault) = opened("basic");
    let view = vault.view();
    let db = view.find("payments-db").unwrap();
    assert_eq!(
        (db.owner.as_str(), db.system.as_str(), db.tags.join(",").as_str()),
        ("a.novak", "payments", "pci")
    );
    let states: Vec<_> = db.versions.iter().map(|v| (v.number, v.state)).collect();
    assert_eq!(states[1], (2, VersionState::Current));
    let kek = view.find("backup-kek").unwrap();
    assert_eq!(kek.versions[0].check_value.as_deref(), Some("cmac-aes:23f470"));
    for (version, expected) in [(1, "pa55-of-the-frozen-db"), (2, "pa55-of-the-frozen-db-2")] {
        assert_eq!(value(&mut vault, "payments-db", version).unwrap(), expected);
    }
}

#[test]
fn the_frozen_log_verifies_from_its_first_entry_and_its_genesis_is_the_printed_one() {
    let (_folder, mut vault) = opened("basic");
    let checked = vault.verify_log(&mut |_, _| ControlFlow::Continue(())).unwrap();
    assert_eq!(data_encoding::HEXLOWER.encode(&vault.roster().genesis()), BASIC_GENESIS);
    assert!(checked.entries > 20, "the frozen entries and this session's own");
    assert_eq!(vault.last_events(checked.entries).unwrap()[0].action, Action::VaultCreate);
}

#[test]
fn the_frozen_team_has_its_people_its_keys_and_what_became_of_them() {
    let (_folder, mut vault) = opened("team");
    let view = vault.view();
    let people: Vec<_> = view.roster.current().operators.iter().map(|o| (o.name.as_str(), o.role)).collect();
    let expected =
        [("m.ito", Role::Administrator), ("s.okafor", Role::Auditor), ("a.novak", Role::Custodian)];
    assert_eq!(people, expected);
    assert_eq!(view.settings.clipboard_s, 9);
    let state = |name: &str| view.keys.all().iter().find(|key| key.name == name).unwrap().state;
    assert_eq!(state("never-used"), KeyState::Destroyed);
    assert_eq!(state("ci-token"), KeyState::Compromised);
    let token = view.find("ci-token").unwrap();
    assert_eq!(token.compromise.as_ref().unwrap().note, "found in a build log");
    assert!(token.destroy_at.is_some());
    for (key, version, expected) in [
        ("payments-db", 1, "pa55-of-the-team-db"),
        ("payments-db", 2, "pa55-of-the-team-db-2"),
        ("smtp", 1, "text of the smtp row"),
        ("imap", 1, "text of the imap row"),
    ] {
        assert_eq!(value(&mut vault, key, version).unwrap(), expected);
    }
    let drafts = vault.drafts(&[]).drafts;
    assert_eq!((drafts.len(), drafts[0].content.as_bytes()), (1, b"half a sentence".as_slice()));
}

#[test]
fn the_frozen_teams_log_verifies_through_its_replaced_keys_and_says_what_was_refused_and_failed() {
    let (_folder, mut vault) = opened("team");
    let checked = vault.verify_log(&mut |_, _| ControlFlow::Continue(())).unwrap();
    assert_eq!(data_encoding::HEXLOWER.encode(&vault.roster().genesis()), TEAM_GENESIS);
    let events = vault.last_events(checked.entries).unwrap();
    let of = |action| events.iter().filter(move |event| event.action == action);
    assert_eq!(of(Action::KeyImport).next().unwrap().object, Object::Keys { count: 2 });
    assert_eq!(of(Action::OperatorExposed).next().unwrap().reason, "laptop stolen");
    assert_eq!(of(Action::SessionUnlockFailed).count(), 1);
    let refused: Vec<_> = events.iter().filter(|event| event.outcome == Outcome::Refused).collect();
    let refused: Vec<_> = refused.iter().map(|event| (event.action, event.operator.as_str())).collect();
    assert_eq!(refused, [(Action::KeyDestroy, "m.ito"), (Action::SecretReveal, "s.okafor")]);
}

#[test]
fn the_frozen_teams_auditor_verifies_and_reads_no_value_and_its_custodian_reads() {
    let (_folder, mut auditor) = opened_by("team", "s.okafor", TEAM_PASSWORD.to_vec());
    auditor.verify_log(&mut |_, _| ControlFlow::Continue(())).unwrap();
    let refused = value(&mut auditor, "payments-db", 2).unwrap_err();
    assert!(matches!(refused, VaultError::NotPermitted { .. }), "{refused}");
    assert!(auditor.drafts(&[]).drafts.is_empty(), "somebody else's draft");
    let (_folder, mut custodian) = opened_by("team", "a.novak", TEAM_PASSWORD.to_vec());
    assert_eq!(value(&mut custodian, "payments-db", 2).unwrap(), "pa55-of-the-team-db-2");
}

/// The rows of all keys as they stand in the file, by key.
fn key_rows(folder: &tempfile::TempDir, vault: &Vault) -> Vec<(String, Row)> {
    let mut store = SqliteStore::open(&folder.path().join("frozen.keyroom")).unwrap();
    let view = vault.view();
    let mut row = |key: &KeyRecord| store.row(Table::Key, &key.id.0).unwrap().unwrap();
    view.keys.all().iter().map(|key| (key.name.clone(), row(key))).collect()
}

#[test]
fn frozen_keys_open_with_what_held_then_and_only_the_row_of_the_one_that_changes_is_written_anew() {
    let (folder, mut vault) = opened("team");
    let bare = |key: &KeyRecord| {
        let blocks = (&key.life, &key.around) == (&KeyLife::default(), &KeyAround::default());
        blocks && key.counts_from() == key.last_rotated()
    };
    assert!(vault.view().keys.all().iter().all(|key| bare(key)));
    let before = key_rows(&folder, &vault);
    let key = vault.view().find("smtp").unwrap().id;
    vault.perform(Suspend { key, reason: "a later look".into(), review_by: None }).unwrap();
    let changed: Vec<_> = key_rows(&folder, &vault).into_iter().zip(&before).collect();
    let changed: Vec<_> =
        changed.iter().filter(|(now, was)| now != *was).map(|(now, _)| now.0.as_str()).collect();
    assert_eq!(changed, ["smtp"]);
    drop(vault);
    let path = folder.path().join("frozen.keyroom");
    let frozen = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/v1/team.password");
    let password = SecretBuf::from_vec(std::fs::read(frozen).unwrap());
    let unlock = Unlock { password: &password, operator: Some("m.ito"), accept_restored: None };
    let vault =
        open_vault(&path).unwrap().unlock(environment(), &unlock).map_err(|(_, error)| error).unwrap();
    let view = vault.view();
    let smtp = view.find("smtp").unwrap();
    assert_eq!((smtp.state, smtp.suspended.as_deref()), (KeyState::Suspended, Some("a later look")));
    assert!(smtp.life.review_by > smtp.life.suspended_at);
    assert!(view.keys.all().iter().filter(|key| key.name != "smtp").all(|key| bare(key)));
}
