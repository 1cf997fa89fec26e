//! Rotation, the history it leaves, and the way back.

use keyroom::formats::GenerateOptions;
use keyroom::model::settings::SettingsError;
use keyroom::model::state::CompromiseReason;
use keyroom::model::{Change, KeyId, KeyState, KeyType, Origin, PolicyChoice, Severity, VersionState};
use keyroom::operations::*;
use keyroom::vault::{Vault, VaultError};

use crate::bench::*;

fn rotate(vault: &mut Vault, key: KeyId, value: &str, overlap_days: Option<u32>) -> Result<u32, VaultError> {
    let value = NewValue::Entered(buf(value));
    vault.perform(Rotate {
        key,
        value,
        reason: "yearly".into(),
        overlap_days,
        expires: None,
        keep_schedule: false,
        compromise: None,
    })
}

fn value_of(vault: &mut Vault, key: KeyId, version: Option<u32>) -> String {
    let revealed = vault.perform(Reveal { key, version, reason: String::new() }).unwrap();
    revealed.value.as_str().unwrap().to_owned()
}

#[test]
fn a_rotation_leaves_a_history_that_still_opens() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = add(&mut vault, "db", "first value");
    bench.days_later(90);
    assert_eq!(rotate(&mut vault, id, "second value", Some(14)), Ok(2));
    let event = last_event(&mut vault);
    let change = |field: &str, before: &str, after: &str| Change::of(field, before, after).unwrap();
    assert_eq!(event.reason, "yearly");
    let ends = START.plus_days(104);
    let day = ends.utc().format("%Y-%m-%d").to_string();
    let expected = [
        change("version", "v1", "v2"),
        change("version 1", "current", "overlap"),
        change("overlap ends", "", &day),
    ];
    assert_eq!(event.changes, expected);
    let now = key(&vault, id);
    let (first, second) = (now.version(1).unwrap(), now.version(2).unwrap());
    assert_eq!((first.state, first.overlap_ends), (VersionState::Overlap, Some(ends)));
    assert_eq!((first.current_from, first.current_to), (START, Some(START.plus_days(90))));
    assert_eq!((second.state, second.current_from), (VersionState::Current, START.plus_days(90)));
    assert_eq!((second.by.as_str(), second.reason.as_str()), ("m.ito", "yearly"));
    assert_eq!(second.origin, Origin::Entered);
    assert_eq!(now.last_rotated(), START.plus_days(90));
    assert_eq!(value_of(&mut vault, id, None), "second value");
    assert_eq!(value_of(&mut vault, id, Some(1)), "first value");
}

#[test]
fn the_value_of_a_compromised_key_is_the_one_that_was_in_use_and_not_the_newest() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let key = add(&mut vault, "db", "first value");
    bench.days_later(1);
    rotate(&mut vault, key, "second value", None).unwrap();
    vault.perform(MakeCurrent { key, version: 1, reason: "the new one fails".into() }).unwrap();
    let (reason, now) = (CompromiseReason::KeyCompromise, START.plus_days(1));
    let note = "on a public page".to_owned();
    vault.perform(MarkCompromised { key, reason, occurred: now, noticed: now, note }).unwrap();
    let states: Vec<_> = self::key(&vault, key).versions.iter().map(|v| v.state).collect();
    assert_eq!(states, [VersionState::Compromised, VersionState::Retired]);
    assert_eq!(value_of(&mut vault, key, None), "first value");
}

#[test]
fn an_older_version_becomes_current_again_and_back() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let key = add(&mut vault, "db", "first value");
    rotate(&mut vault, key, "second value", Some(14)).unwrap();
    let revert = |vault: &mut Vault, version| {
        vault.perform(MakeCurrent { key, version, reason: "the new one fails".into() })
    };
    revert(&mut vault, 1).unwrap();
    use VersionState::{Current, Retired};
    assert_eq!(version_states(&vault, key), [Current, Retired]);
    assert_eq!(value_of(&mut vault, key, None), "first value");
    revert(&mut vault, 2).unwrap();
    assert_eq!(version_states(&vault, key), [Retired, Current]);
    assert!(matches!(revert(&mut vault, 2), Err(VaultError::VersionForbids { version: 2, .. })));
    assert!(matches!(revert(&mut vault, 9), Err(VaultError::NoSuchVersion { version: 9, .. })));
    assert_eq!(rotate(&mut vault, key, "third value", Some(0)), Ok(3));
}

#[test]
fn a_value_that_was_ever_used_is_refused_even_after_its_version_or_every_encryption_key_is_gone() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let key = add(&mut vault, "db", "first value");
    rotate(&mut vault, key, "second value", Some(0)).unwrap();
    let reused = |version| Err(VaultError::Reused { key: "db".into(), version });
    assert_eq!(rotate(&mut vault, key, "second value", None), reused(2));
    // A line break at the end does not make it another value.
    assert_eq!(rotate(&mut vault, key, "first value\n", None), reused(1));
    vault.perform(DestroyVersion { key, version: 1, reason: "old".into() }).unwrap();
    assert_eq!(rotate(&mut vault, key, "first value", None), reused(1));
    let new = strong("copper violin thunder sail maple quartz");
    let params = keyroom::crypto::kdf::KdfParams::FLOOR;
    password_exposed(&mut vault, &buf(PASSWORD), &new, params, "laptop stolen", &mut go_on).unwrap();
    assert_eq!(rotate(&mut vault, key, "second value", None), reused(2));
    assert_eq!(rotate(&mut vault, key, "third value", None), Ok(3));
    check(&mut vault, &mut go_on).unwrap();
}

#[test]
fn the_overlap_is_the_policys_unless_another_is_named_and_ends_by_itself_at_the_next_change() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let draft = KeyDraft::new("webhook", KeyType::HmacSha256);
    let generate = || NewValue::Generate(GenerateOptions::default());
    let key = vault.perform(CreateKey { draft, value: generate(), activate: true }).unwrap();
    let rotate = |vault: &mut Vault, overlap_days| {
        vault.perform(Rotate {
            key,
            value: generate(),
            reason: "due".into(),
            overlap_days,
            expires: None,
            keep_schedule: false,
            compromise: None,
        })
    };
    rotate(&mut vault, None).unwrap();
    use VersionState::{Current, Overlap, Retired};
    // "HMAC 180 d" keeps the old version for 3 days.
    assert_eq!(crate::bench::key(&vault, key).versions[0].overlap_ends, Some(START.plus_days(3)));
    rotate(&mut vault, Some(2)).unwrap();
    assert_eq!(version_states(&vault, key), [Overlap, Overlap, Current]);
    bench.days_later(2);
    rotate(&mut vault, Some(0)).unwrap();
    assert_eq!(version_states(&vault, key), [Overlap, Retired, Retired, Current]);
    vault.perform(RetireVersion { key, version: 1, reason: "no longer used".into() }).unwrap();
    assert_eq!(version_states(&vault, key), [Retired, Retired, Retired, Current]);
    let long = rotate(&mut vault, Some(3651));
    assert!(matches!(long, Err(VaultError::Settings(SettingsError::Range { field: "overlap", .. }))));
}

#[test]
fn an_encryption_key_keeps_its_old_version_retired_and_readable() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let generate = || NewValue::Generate(GenerateOptions::default());
    let draft = KeyDraft::new("aes", KeyType::Aes256);
    let key = vault.perform(CreateKey { draft, value: generate(), activate: true }).unwrap();
    vault
        .perform(Rotate {
            key,
            value: generate(),
            reason: "due".into(),
            overlap_days: None,
            expires: None,
            keep_schedule: false,
            compromise: None,
        })
        .unwrap();
    assert_eq!(version_states(&vault, key), [VersionState::Retired, VersionState::Current]);
    let old = vault.perform(Reveal { key, version: Some(1), reason: String::new() }).unwrap();
    assert_eq!(old.value.len(), 32);
}

#[test]
fn a_key_without_a_policy_keeps_nothing_unless_asked() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = add(&mut vault, "db", "first value");
    let reason = "rotated by its issuer".to_owned();
    let draft =
        KeyDraft { policy: PolicyChoice::Exempt { reason }, ..KeyDraft::from_record(&key(&vault, id)) };
    vault.perform(EditKey::of(&key(&vault, id), draft)).unwrap();
    rotate(&mut vault, id, "second value", None).unwrap();
    assert_eq!(version_states(&vault, id), [VersionState::Retired, VersionState::Current]);
}

#[test]
fn rotating_a_key_that_waited_puts_it_into_use() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let (draft, value) = (KeyDraft::new("db", KeyType::Password), NewValue::Entered(buf("first value")));
    let id = vault.perform(CreateKey { draft, value, activate: false }).unwrap();
    assert_eq!(key(&vault, id).activated, None);
    rotate(&mut vault, id, "second value", None).unwrap();
    let now = key(&vault, id);
    assert_eq!((now.state, now.activated), (KeyState::Active, Some(START)));
    assert!(last_event(&mut vault).changes.contains(&Change::of("state", "pre-active", "active").unwrap()));
}

#[test]
fn a_rotation_needs_a_reason_a_key_that_is_not_out_of_use_and_a_value_of_its_type() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let key = add(&mut vault, "db", "first value");
    let value = NewValue::Entered(buf("second value"));
    let empty = vault.perform(Rotate {
        key,
        value,
        reason: " \n".into(),
        overlap_days: None,
        expires: None,
        keep_schedule: false,
        compromise: None,
    });
    assert_eq!(empty, Err(VaultError::ReasonNeeded));
    assert!(matches!(rotate(&mut vault, key, "two\nlines", None), Err(VaultError::Format(_))));
    vault.perform(Deactivate { key, reason: "not needed".into() }).unwrap();
    let refused = rotate(&mut vault, key, "second value", None).unwrap_err();
    assert_eq!(refused.to_string(), "db is deactivated, so it cannot be rotated");
    assert_eq!(version_states(&vault, key), [VersionState::Current]);
}

/// A web token that ends at this moment. It is signed with nothing, and nobody checks it.
fn web_token(expires: keyroom::model::Timestamp) -> String {
    let part = |text: &str| data_encoding::BASE64URL_NOPAD.encode(text.as_bytes());
    let payload = format!(r#"{{"sub":"ci","exp":{}}}"#, expires.0 / 1000);
    format!("{}.{}.{}", part(r#"{"alg":"HS256","typ":"JWT"}"#), part(&payload), part("signature"))
}

#[test]
fn the_day_a_value_ends_by_itself_comes_from_the_value_or_the_operator_and_goes_with_it() {
    use keyroom::model::due::{Due, due};
    let bench = Bench::new();
    let mut vault = bench.create();
    let value = NewValue::Entered(buf(&web_token(START.plus_days(20))));
    let draft = KeyDraft { contact: "ci@example.org".into(), ..KeyDraft::new("ci", KeyType::ApiToken) };
    let id = vault.perform(CreateKey { draft, value, activate: true }).unwrap();
    let now = |vault: &Vault| key(vault, id);
    let is_due = |vault: &Vault| due(&now(vault), &vault.view().settings, START);
    assert_eq!(now(&vault).later.expires, Some(START.plus_days(20)), "the token says so itself");
    assert_eq!(is_due(&vault), Due::In(20));

    let draft = KeyDraft { expires: Some(START.plus_days(10)), ..KeyDraft::from_record(&now(&vault)) };
    vault.perform(EditKey::of(&key(&vault, id), draft)).unwrap();
    assert_eq!(is_due(&vault), Due::In(10), "the provider ends it earlier");
    let change = last_event(&mut vault).changes.into_iter().find(|change| change.field == "expires").unwrap();
    assert!(!change.before.is_empty() && !change.after.is_empty() && change.before != change.after);

    let value = NewValue::Entered(buf("an-opaque-token-of-the-provider"));
    let expires = Some(START.plus_days(60));
    let rotation = Rotate {
        key: id,
        value,
        reason: "due".into(),
        overlap_days: Some(7),
        expires,
        keep_schedule: false,
        compromise: None,
    };
    vault.perform(rotation).unwrap();
    assert_eq!(is_due(&vault), Due::In(60));
    rotate(&mut vault, id, "another-opaque-token", Some(7)).unwrap();
    assert_eq!(now(&vault).later.expires, None, "of the new one nothing is known");
    assert_eq!(is_due(&vault), Due::In(90));
    vault.perform(Deactivate { key: id, reason: "replaced".into() }).unwrap();
    assert_eq!(now(&vault).later.deactivated, Some(START));
    assert_eq!(now(&vault).later.contact, "ci@example.org");
}

#[test]
fn after_a_compromise_the_replaced_version_gets_no_overlap_and_never_comes_back() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = add(&mut vault, "db", "first value");
    rotate(&mut vault, id, "second value", Some(14)).unwrap();
    let now = START.plus_days(5);
    bench.days_later(5);
    let suspected = Suspected {
        reason: CompromiseReason::AffiliationChanged,
        occurred: START.plus_days(1),
        noticed: START.plus_days(4),
    };
    let answer = |vault: &mut Vault, overlap_days, compromise| {
        vault.perform(Rotate {
            key: id,
            value: NewValue::Entered(buf("third value")),
            reason: "in a build log".into(),
            overlap_days,
            expires: None,
            keep_schedule: false,
            compromise: Some(compromise),
        })
    };
    let before = key(&vault, id);
    let overlap = answer(&mut vault, Some(3), suspected);
    assert_eq!(overlap, Err(VaultError::NoOverlapCompromised("db".into())));
    let early = Suspected { occurred: now, ..suspected };
    let late = Suspected { noticed: now.plus_ms(60_000), ..suspected };
    for wrong in [early, late] {
        assert!(matches!(answer(&mut vault, None, wrong), Err(VaultError::BadTime(_))));
    }
    assert_eq!(key(&vault, id), before, "nothing was changed");

    assert_eq!(answer(&mut vault, None, suspected), Ok(3));
    let event = last_event(&mut vault);
    assert_eq!(event.severity, Severity::Critical);
    let change = |field: &str, before: &str, after: &str| Change::of(field, before, after).unwrap();
    let expected = [
        change("version", "v2", "v3"),
        change("version 2", "current", "compromised"),
        change("reason", "", "affiliation-changed"),
        change("occurred", "", &suspected.occurred.iso()),
        change("noticed", "", &suspected.noticed.iso()),
    ];
    assert_eq!(event.changes, expected);
    use VersionState::{Compromised, Current, Overlap};
    // The one that was replaced before keeps the overlap it was given.
    assert_eq!(version_states(&vault, id), [Overlap, Compromised, Current]);
    let now = key(&vault, id);
    assert_eq!((now.state, &now.compromise), (KeyState::Active, &None));
    let back = vault.perform(MakeCurrent { key: id, version: 2, reason: "it was nothing".into() });
    assert!(matches!(back, Err(VaultError::VersionForbids { version: 2, state: Compromised, .. })));
    check(&mut vault, &mut go_on).unwrap();
}
