//! No value and no password is ever written anywhere but under its own seal: not in the log, not in an export, not in an
//! error, not in `Debug`, not in the file.

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use keyroom::crypto::kdf::KdfParams;
use keyroom::formats::csv_import::ImportedKey;
use keyroom::model::KeyType;
use keyroom::operations::*;
use keyroom::store::Walk;
use keyroom::vault::{Vault, VaultError};

use crate::bench::*;

const SECRETS: [&str; 7] = [
    "Vq7-first-Zx9kLm2p",
    "Kd3-second-Rt8wQn5y",
    "Bw6-third-Hs4jXc7u",
    "Ny2-imported-Gf5bTa8e",
    "ghp_Wd0rPz6mUe4vJk1sLc8xYb3nHg7tQf2aRi9o",
    PASSWORD,
    "Lp4 other password Jm6 for tests",
];

/// Every way a secret might be written by mistake.
fn writings(secret: &str) -> Vec<Vec<u8>> {
    let bytes = secret.as_bytes();
    let decimal = |bytes: &[u8]| {
        let numbers: Vec<_> = bytes.iter().map(u8::to_string).collect();
        numbers.join(",").into_bytes()
    };
    let utf16: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut all = vec![
        bytes.to_vec(),
        HEXLOWER.encode(bytes).into_bytes(),
        HEXUPPER.encode(bytes).into_bytes(),
        BASE64URL_NOPAD.encode(bytes).into_bytes(),
        decimal(bytes),
        utf16,
        bytes.iter().rev().copied().collect(),
    ];
    // Base64 of something the secret stands in: each of the three ways its bytes may fall into groups.
    for shift in 0..3 {
        let text = BASE64.encode(&[&vec![0; shift][..], bytes].concat());
        all.push(text.as_bytes()[4..text.len() - 4].to_vec());
    }
    all
}

fn assert_silent(place: &str, bytes: &[u8]) {
    for secret in SECRETS {
        for (n, writing) in writings(secret).iter().enumerate() {
            assert!(!holds(bytes, writing), "{place} tells {secret} (writing {n})");
        }
    }
}

fn remember(said: &mut String, error: Option<VaultError>) {
    if let Some(error) = error {
        said.push_str(&format!("{error}\n{error:?}\n"));
    }
}

/// Puts every secret in, reads it, replaces it, and provokes what errors it can.
fn exercise(bench: &Bench, vault: &mut Vault) -> String {
    let mut said = String::new();
    let id = add(vault, "db", SECRETS[0]);
    let rotate = |vault: &mut Vault, value: &str| {
        let value = NewValue::Entered(buf(value));
        vault
            .perform(Rotate {
                key: id,
                value,
                reason: "due".into(),
                overlap_days: Some(3),
                expires: None,
                keep_schedule: false,
                compromise: None,
            })
            .err()
    };
    remember(&mut said, rotate(vault, SECRETS[1]));
    remember(&mut said, rotate(vault, SECRETS[0]));
    remember(&mut said, rotate(vault, &format!("{}\n{}", SECRETS[2], SECRETS[2])));
    remember(&mut said, rotate(vault, SECRETS[2]));
    for key_type in [KeyType::Aes256, KeyType::ApiToken, KeyType::Passphrase] {
        for wrong in [SECRETS[0], &format!("{} {}", SECRETS[4], SECRETS[4]), &format!("{}\u{0}", SECRETS[3])]
        {
            let (draft, value) = (KeyDraft::new("other", key_type), NewValue::Entered(buf(wrong)));
            remember(&mut said, vault.perform(CreateKey { draft, value, activate: true }).err());
        }
    }
    let (draft, value) = (KeyDraft::new("token", KeyType::ApiToken), NewValue::Entered(buf(SECRETS[4])));
    vault.perform(CreateKey { draft, value, activate: true }).unwrap();
    let row = |name: &str| ImportedKey {
        name: name.into(),
        key_type: KeyType::Text,
        secret: buf(SECRETS[3]),
        owner: String::new(),
        system: String::new(),
        tags: Vec::new(),
        further: Default::default(),
    };
    let outcomes = vault.perform(ImportKeys::new(&[row("row"), row("db")], "keys.csv")).unwrap();
    said.push_str(&format!("{outcomes:?}"));
    for version in [Some(1), Some(2), None, Some(9)] {
        match vault.perform(Reveal { key: id, version, reason: "look".into() }) {
            Ok(revealed) => said.push_str(&format!("{revealed:?}")),
            Err(error) => remember(&mut said, Some(error)),
        }
        match vault.perform(Copy { key: id, version, reason: "look".into() }) {
            Ok(copied) => said.push_str(&format!("{copied:?}")),
            Err(error) => remember(&mut said, Some(error)),
        }
    }
    remember(&mut said, vault.perform(ExportOne { key: id, version: None, reason: "move".into() }).err());
    remember(&mut said, vault.perform(DestroyVersion { key: id, version: 1, reason: "old".into() }).err());
    let change = |vault: &mut Vault, old: &str, new: &str| {
        vault.perform(ChangePassword { old: buf(old), new: strong(new), params: KdfParams::FLOOR }).err()
    };
    remember(&mut said, step_up(vault, &buf(SECRETS[6])).err());
    remember(&mut said, change(vault, SECRETS[6], SECRETS[2]));
    remember(&mut said, change(vault, PASSWORD, PASSWORD));
    remember(&mut said, change(vault, PASSWORD, SECRETS[6]));
    remember(&mut said, bench.unlock("m.ito", PASSWORD).err());
    said
}

#[test]
fn no_value_and_no_password_is_told_by_the_log_an_export_an_error_or_the_file() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let said = exercise(&bench, &mut vault);
    assert!(said.lines().count() > 12, "{said}");
    assert_silent("an error or Debug", said.as_bytes());
    let mut events = String::new();
    vault
        .events(0, &mut |event| {
            events.push_str(&format!("{event:?} {}\n", event.sentence()));
            Walk::Continue(())
        })
        .unwrap();
    assert!(events.contains("rotation.complete") || events.contains("RotationComplete"));
    assert_silent("the log", events.as_bytes());
    let (mut records, size) = (Vec::new(), vault.view().log_size);
    vault
        .export_log(0, size, &mut |export| {
            records.extend_from_slice(&export.record.encode());
            Walk::Continue(())
        })
        .unwrap();
    assert_silent("the records of the log", &records);
    let view = vault.view();
    assert_silent("the view", format!("{:?} {:?}", view.keys.all(), view.settings).as_bytes());
    let dir = bench.dir.path().join("export");
    for file in export_log(&mut vault, &dir, true).unwrap().files {
        assert_silent(&file.display().to_string(), &std::fs::read(&file).unwrap());
    }
    assert_silent("the file", &std::fs::read(&bench.path).unwrap());
}

#[test]
fn the_search_finds_what_it_looks_for() {
    for secret in SECRETS {
        let bytes = secret.as_bytes();
        for shift in 0..3 {
            let around = [&vec![b'-'; shift][..], bytes, b"--"].concat();
            let encoded = BASE64.encode(&around);
            let found = writings(secret).iter().any(|writing| holds(encoded.as_bytes(), writing));
            assert!(found, "{secret} at {shift}");
        }
        assert!(
            writings(secret).iter().any(|w| holds(format!("{:?}", bytes).replace(' ', "").as_bytes(), w))
        );
    }
}
