//! A vault written by the first version opens in every later one: same keys, same values, same history.
//!
//! `tests/vectors/v1/basic.keyroom` is frozen. It was made by the command line on 22 November 2026 and is never made again.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use keyroom::crypto::memory::SecretBuf;
use keyroom::model::{Action, Timestamp, VersionState};
use keyroom::operations::{Reveal, open_vault};
use keyroom::vault::anchor::MemoryAnchor;
use keyroom::vault::clock::ManualClock;
use keyroom::vault::{Environment, Unlock, Vault};

/// The genesis fingerprint that was printed when the vault was made.
const GENESIS: &str = "a643a8617690b677643e8582de46fc8db63cea08d5ee027ce1b7b8d4d4cfbe00";

fn opened() -> (tempfile::TempDir, Vault) {
    let frozen = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/v1");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("basic.keyroom");
    std::fs::copy(frozen.join("basic.keyroom"), &path).unwrap();
    let password = SecretBuf::from_vec(std::fs::read(frozen.join("basic.password")).unwrap());
    let environment = Environment {
        clock: Arc::new(ManualClock::at(Timestamp(1_800_000_000_000))),
        anchor: Arc::new(MemoryAnchor::new()),
        host: "later".into(),
        os_user: "later".into(),
    };
    let unlock = Unlock { password: &password, operator: None, accept_restored: None };
    let vault = open_vault(&path).unwrap().unlock(environment, &unlock).map_err(|(_, error)| error).unwrap();
    (folder, vault)
}

#[test]
fn the_frozen_vault_holds_the_keys_and_values_that_were_put_in() {
    let (_folder, mut vault) = opened();
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
        let read = Reveal { key: db.id, version: Some(version), reason: "vector".into() };
        assert_eq!(vault.perform(read).unwrap().value.as_str(), Some(expected));
    }
}

#[test]
fn the_frozen_log_verifies_from_its_first_entry_and_its_genesis_is_the_printed_one() {
    let (_folder, mut vault) = opened();
    let checked = vault.verify_log(&mut |_, _| ControlFlow::Continue(())).unwrap();
    assert_eq!(data_encoding::HEXLOWER.encode(&vault.roster().genesis()), GENESIS);
    assert!(checked.entries > 20, "the frozen entries and this session's own");
    assert_eq!(vault.last_events(checked.entries).unwrap()[0].action, Action::VaultCreate);
}
