//! The life of a key beyond the machine of its states: suspensions that are reviewed, periods that are over or kept, a
//! compromise that is found late.

use keyroom::formats::GenerateOptions;
use keyroom::model::due::{Due, due};
use keyroom::model::period::NoSchedule;
use keyroom::model::state::CompromiseReason;
use keyroom::model::{Action, KeyId, KeyState, KeyType, Outcome, PolicyChoice, VersionState};
use keyroom::operations::*;
use keyroom::vault::{Vault, VaultError};

use crate::bench::*;

fn suspend(vault: &mut Vault, key: KeyId, days: Option<i64>) -> Result<(), VaultError> {
    let review_by = days.map(|days| now(vault).plus_days(days));
    vault.perform(Suspend { key, reason: "an odd login".into(), review_by })
}

/// What ends a suspension.
type End = fn(&mut Vault, KeyId) -> Result<(), VaultError>;

/// The moment of the last entry: that of the bench's clock.
fn now(vault: &mut Vault) -> keyroom::model::Timestamp {
    last_event(vault).time
}

/// What the last entry says of a field.
fn change(vault: &mut Vault, field: &str) -> Option<(String, String)> {
    let changes = last_event(vault).changes;
    changes.into_iter().find(|change| change.field == field).map(|change| (change.before, change.after))
}

fn said(before: impl Into<String>, after: impl Into<String>) -> Option<(String, String)> {
    Some((before.into(), after.into()))
}

#[test]
fn a_suspension_is_to_be_reviewed_within_a_month_unless_another_day_is_named() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = add(&mut vault, "db", "first value");
    suspend(&mut vault, id, None).unwrap();
    let by = START.plus_days(30);
    let life = key(&vault, id).life;
    assert_eq!((life.suspended_at, life.review_by), (Some(START), Some(by)));
    assert_eq!(change(&mut vault, "state"), said("active", "suspended"));
    assert_eq!(change(&mut vault, "review by"), said("", by.local_day()));

    for days in [-1, 0, 367, 100_000] {
        let other = add(&mut vault, &format!("of {days}"), &format!("another value {days}"));
        let refused = suspend(&mut vault, other, Some(days)).unwrap_err();
        assert!(matches!(refused, VaultError::BadTime(_)), "{days}: {refused}");
        assert_eq!((key(&vault, other).state, key(&vault, other).life.review_by), (KeyState::Active, None));
        assert_eq!(last_event(&mut vault).outcome, Outcome::Refused, "and it is recorded");
    }
    for days in [1, 366] {
        let other = add(&mut vault, &format!("in {days}"), &format!("another value in {days}"));
        suspend(&mut vault, other, Some(days)).unwrap();
        assert_eq!(key(&vault, other).life.review_by, Some(START.plus_days(days)));
    }
}

#[test]
fn a_reviewed_suspension_goes_on_until_another_day_for_another_reason() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = add(&mut vault, "db", "first value");
    suspend(&mut vault, id, Some(10)).unwrap();
    bench.days_later(12);
    let review_by = Some(START.plus_days(40));
    vault.perform(Suspend { key: id, reason: "the vendor has not answered".into(), review_by }).unwrap();
    let event = last_event(&mut vault);
    assert_eq!((event.action, event.reason.as_str()), (Action::KeySuspend, "the vendor has not answered"));
    let (first, second) = (START.plus_days(10).local_day(), START.plus_days(40).local_day());
    assert_eq!(change(&mut vault, "review by"), said(first, second));
    assert_eq!(change(&mut vault, "state"), None, "no state changes into itself");
    let now = key(&vault, id);
    assert_eq!((now.life.suspended_at, now.life.review_by), (Some(START), review_by));
    assert_eq!(now.suspended.as_deref(), Some("the vendor has not answered"));
}

#[test]
fn whatever_ends_a_suspension_ends_its_review() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let ends: [(&str, End); 4] = [
        ("active", |v, key| v.perform(Resume { key, reason: "it was a colleague".into() })),
        ("deactivated", |v, key| v.perform(Deactivate { key, reason: "not needed".into() })),
        ("compromised", |v, key| {
            let reason = CompromiseReason::KeyCompromise;
            let note = "it was not a colleague".into();
            v.perform(MarkCompromised { key, reason, occurred: START, noticed: START, note })
        }),
        ("destroyed", |v, key| v.perform(Destroy { key, reason: "its day has come".into() })),
    ];
    let keys = ends.map(|(state, _)| {
        let id = add(&mut vault, state, &format!("value of {state}"));
        suspend(&mut vault, id, Some(60)).unwrap();
        vault.perform(ScheduleDestroy { key: id, days: Some(7), reason: "in case".into() }).unwrap();
        id
    });
    bench.days_later(7);
    let by = START.plus_days(60).local_day();
    for ((state, end), id) in ends.into_iter().zip(keys) {
        end(&mut vault, id).unwrap();
        let now = key(&vault, id);
        assert_eq!(now.state.word(), state);
        assert_eq!((now.suspended, now.life.suspended_at, now.life.review_by), (None, None, None), "{state}");
        assert_eq!(change(&mut vault, "state"), said("suspended", state));
        assert_eq!(change(&mut vault, "review by"), said(by.clone(), ""), "{state}");
    }
    check(&mut vault, &mut go_on).unwrap();
}

/// An active token: its policy gives it 90 days, and its old version one more.
fn token(vault: &mut Vault, name: &str) -> KeyId {
    let draft = KeyDraft::new(name, KeyType::ApiToken);
    let value = NewValue::Generate(GenerateOptions::default());
    vault.perform(CreateKey { draft, value, activate: true }).unwrap()
}

fn rotate(vault: &mut Vault, key: KeyId, overlap_days: Option<u32>) -> Result<u32, VaultError> {
    let value = NewValue::Generate(GenerateOptions::default());
    vault.perform(Rotate {
        key,
        value,
        reason: "a new one".into(),
        overlap_days,
        expires: None,
        keep_schedule: false,
        compromise: None,
    })
}

fn resume(vault: &mut Vault, key: KeyId) -> Result<(), VaultError> {
    vault.perform(Resume { key, reason: "it was a colleague".into() })
}

#[test]
fn a_suspended_key_is_resumed_until_its_date_and_not_after_it() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let [in_time, on_its_day, late] = ["in time", "on its day", "late"].map(|name| token(&mut vault, name));
    // No policy gives a password a date: it can always come back. But what ends by itself is over then.
    let (undated, ended) =
        (add(&mut vault, "undated", "first value"), add(&mut vault, "ended", "a second one"));
    let expires = Some(START.plus_days(20));
    let draft = KeyDraft { expires, ..KeyDraft::from_record(&key(&vault, ended)) };
    vault.perform(EditKey::of(&key(&vault, ended), draft)).unwrap();
    for id in [in_time, on_its_day, late, undated, ended] {
        suspend(&mut vault, id, None).unwrap();
    }
    bench.days_later(60);
    resume(&mut vault, in_time).unwrap();
    let over = |name: &str, date| Err(VaultError::PeriodOver { key: name.into(), date });
    assert_eq!(resume(&mut vault, ended), over("ended", START.plus_days(20)));
    bench.days_later(30);
    resume(&mut vault, on_its_day).unwrap();
    bench.days_later(1);
    let date = START.plus_days(90);
    assert_eq!(resume(&mut vault, late), over("late", date));
    let event = last_event(&mut vault);
    assert_eq!((event.action, event.outcome), (Action::KeyResume, Outcome::Refused));
    assert!(event.reason.contains(&date.local_day()), "{}", event.reason);
    assert!(event.reason.contains("rotate") && event.reason.contains("deactivate"), "{}", event.reason);
    let now = key(&vault, late);
    assert_eq!((now.state, now.life.review_by), (KeyState::Suspended, Some(START.plus_days(30))));
    resume(&mut vault, undated).unwrap();
    vault.perform(Deactivate { key: late, reason: "replaced".into() }).unwrap();
    assert_eq!(key(&vault, late).later.deactivated, Some(START.plus_days(91)));
}

#[test]
fn a_new_value_brings_a_suspended_key_back_and_its_old_one_is_retired_at_once() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = token(&mut vault, "ci");
    suspend(&mut vault, id, None).unwrap();
    bench.days_later(100);
    assert_eq!(rotate(&mut vault, id, Some(7)), Err(VaultError::NoOverlap("ci".into())));
    assert_eq!(last_event(&mut vault).outcome, Outcome::Refused);
    assert_eq!(version_states(&vault, id), [VersionState::Current]);

    // The policy's overlap of a day is not for it.
    assert_eq!(rotate(&mut vault, id, None), Ok(2));
    use VersionState::{Current, Retired};
    assert_eq!(version_states(&vault, id), [Retired, Current]);
    let now = key(&vault, id);
    assert_eq!((now.state, now.activated), (KeyState::Active, Some(START)), "it was activated once");
    assert_eq!(now.counts_from(), START.plus_days(100));
    assert_eq!((now.suspended, now.life.suspended_at, now.life.review_by), (None, None, None));
    assert_eq!(change(&mut vault, "state"), said("suspended", "active"));
    assert_eq!(change(&mut vault, "version 1"), said("current", "retired"));
    assert_eq!(change(&mut vault, "review by"), said(START.plus_days(30).local_day(), ""));
    // A version that was in its overlap before goes on to its own end.
    rotate(&mut vault, id, Some(30)).unwrap();
    suspend(&mut vault, id, None).unwrap();
    rotate(&mut vault, id, Some(0)).unwrap();
    assert_eq!(version_states(&vault, id), [Retired, VersionState::Overlap, Retired, Current]);
}

#[test]
fn a_compromise_that_is_found_after_the_destruction_is_recorded_once_and_leads_nowhere() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let id = add(&mut vault, "db", "first value");
    vault.perform(ScheduleDestroy { key: id, days: Some(7), reason: "replaced".into() }).unwrap();
    bench.days_later(7);
    vault.perform(Destroy { key: id, reason: "replaced".into() }).unwrap();
    let destroyed = START.plus_days(7);
    bench.days_later(30);
    let (occurred, noticed) = (START.plus_days(-4), START.plus_days(37));
    let reason = CompromiseReason::AffiliationChanged;
    let mark = |vault: &mut Vault, occurred, noticed, note: &str| {
        vault.perform(MarkCompromised { key: id, reason, occurred, noticed, note: note.into() })
    };
    assert_eq!(mark(&mut vault, occurred, noticed, " "), Err(VaultError::ReasonNeeded));
    assert!(matches!(mark(&mut vault, noticed, occurred, "x"), Err(VaultError::BadTime(_))));
    assert_eq!((key(&vault, id).compromise, last_event(&mut vault).outcome), (None, Outcome::Refused));

    mark(&mut vault, occurred, noticed, "an old copy was sold").unwrap();
    let event = last_event(&mut vault);
    assert_eq!((event.action, event.outcome), (Action::KeyCompromised, Outcome::Done));
    assert_eq!((event.severity.word(), event.reason.as_str()), ("critical", "an old copy was sold"));
    assert_eq!(change(&mut vault, "compromised after destruction"), said("no", "yes"));
    assert_eq!(change(&mut vault, "reason"), said("", "affiliation-changed"));
    assert_eq!(change(&mut vault, "occurred"), said("", occurred.iso()));
    assert_eq!(change(&mut vault, "noticed"), said("", noticed.iso()));
    assert_eq!(change(&mut vault, "state"), None);
    let now = key(&vault, id);
    assert_eq!((now.state, now.destroyed), (KeyState::Destroyed, Some(destroyed)));
    assert!(now.life.compromised_after_destruction && now.state_words() == "destroyed, compromised");
    let known = now.compromise.unwrap();
    assert_eq!(
        (known.occurred, known.noticed, known.note.as_str()),
        (occurred, noticed, "an old copy was sold")
    );
    assert_eq!(version_states(&vault, id), [VersionState::Destroyed]);

    let again = VaultError::AlreadyCompromised { key: "db".into(), noticed };
    assert!(again.to_string().contains(&noticed.local_day()), "{again}");
    assert_eq!(mark(&mut vault, occurred, noticed, "again"), Err(again));
    assert_eq!(last_event(&mut vault).outcome, Outcome::Refused);
    assert_eq!(key(&vault, id).compromise.unwrap().note, "an old copy was sold");
    for next in ["activate", "resume", "rotate"] {
        let forbidden = match next {
            "activate" => vault.perform(Activate { key: id, reason: "back".into() }),
            "resume" => resume(&mut vault, id),
            _ => rotate(&mut vault, id, None).map(|_| ()),
        };
        assert!(matches!(forbidden, Err(VaultError::StateForbids { .. })), "{next}: {forbidden:?}");
    }
    check(&mut vault, &mut go_on).unwrap();
}

#[test]
fn a_key_that_was_compromised_and_then_destroyed_is_not_marked_again() {
    let bench = Bench::new();
    let mut vault = stepped_up(bench.create());
    let id = add(&mut vault, "db", "first value");
    let mark = |vault: &mut Vault| {
        let reason = CompromiseReason::KeyCompromise;
        vault.perform(MarkCompromised {
            key: id,
            reason,
            occurred: START,
            noticed: START,
            note: "leaked".into(),
        })
    };
    mark(&mut vault).unwrap();
    vault.perform(ScheduleDestroy { key: id, days: Some(7), reason: "leaked".into() }).unwrap();
    bench.days_later(7);
    vault.perform(Destroy { key: id, reason: "leaked".into() }).unwrap();
    assert!(matches!(mark(&mut vault), Err(VaultError::AlreadyCompromised { .. })));
    let now = key(&vault, id);
    assert_eq!(
        (now.state_words(), now.life.compromised_after_destruction),
        ("destroyed, compromised", false)
    );
}

fn keep(vault: &mut Vault, key: KeyId) -> Result<u32, VaultError> {
    let value = NewValue::Generate(GenerateOptions::default());
    let reason = "somebody left".to_owned();
    vault.perform(Rotate {
        key,
        value,
        reason,
        overlap_days: None,
        expires: None,
        keep_schedule: true,
        compromise: None,
    })
}

/// How a key stands so many days after the start.
fn stands(vault: &Vault, id: KeyId, days: i64) -> Due {
    due(&key(vault, id), &vault.view().settings, START.plus_days(days))
}

#[test]
fn a_rotation_that_keeps_the_schedule_leaves_the_date_and_the_next_one_begins_anew() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = token(&mut vault, "ci");
    let date = START.plus_days(90);
    bench.days_later(60);
    assert_eq!(keep(&mut vault, id), Ok(2));
    assert_eq!(stands(&vault, id, 60), Due::In(30));
    assert_eq!(change(&mut vault, "schedule"), said("", format!("kept, next rotation {}", date.local_day())));
    let now = key(&vault, id);
    assert_eq!((now.counts_from(), now.last_rotated()), (START, START.plus_days(60)));
    bench.days_later(20);
    assert_eq!(keep(&mut vault, id), Ok(3), "as often as there is a day left");
    assert_eq!(stands(&vault, id, 80), Due::In(10));
    assert_eq!(
        change(&mut vault, "schedule"),
        said("kept", format!("kept, next rotation {}", date.local_day()))
    );

    bench.days_later(5);
    rotate(&mut vault, id, None).unwrap();
    assert_eq!(stands(&vault, id, 85), Due::In(90));
    assert_eq!(change(&mut vault, "schedule"), said("kept", "begins anew"));
    rotate(&mut vault, id, None).unwrap();
    assert_eq!(change(&mut vault, "schedule"), None, "as every rotation");
    // What the older versions counted from stays known, for whoever asks whether they were rotated on time.
    let now = key(&vault, id);
    let starts: Vec<_> = now.versions.iter().map(|version| now.period_start(version)).collect();
    let later = START.plus_days(85);
    assert_eq!(starts, [START, START, START, later, later]);
    drop(vault);
    let vault = bench.unlock("m.ito", PASSWORD).unwrap();
    assert_eq!(key(&vault, id), now, "it is in the file");
}

#[test]
fn a_version_that_is_made_current_again_has_its_period_anew() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = token(&mut vault, "ci");
    bench.days_later(60);
    keep(&mut vault, id).unwrap();
    bench.days_later(10);
    let back = |vault: &mut Vault, version| {
        vault.perform(MakeCurrent { key: id, version, reason: "the new one fails".into() }).unwrap();
    };
    back(&mut vault, 1);
    assert_eq!(stands(&vault, id, 70), Due::In(90));
    assert_eq!(change(&mut vault, "schedule"), said("kept", "begins anew"));
    back(&mut vault, 2);
    assert_eq!(stands(&vault, id, 70), Due::In(90), "not from where it had been kept");
    assert_eq!(change(&mut vault, "schedule"), None);
    assert_eq!(key(&vault, id).life.periods, []);
}

#[test]
fn a_schedule_that_is_not_there_is_not_kept_and_nothing_is_rotated() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let id = token(&mut vault, "ci");
    let exempt = token(&mut vault, "exempt");
    let policy = PolicyChoice::Exempt { reason: "a test system".into() };
    let draft = KeyDraft { policy, ..KeyDraft::from_record(&key(&vault, exempt)) };
    vault.perform(EditKey::of(&key(&vault, exempt), draft)).unwrap();
    let evidence = add(&mut vault, "evidence", "first value");
    let value = NewValue::Entered(buf("some words"));
    let draft = KeyDraft::new("bare", KeyType::Text);
    let bare = vault.perform(CreateKey { draft, value, activate: true }).unwrap();
    let value = NewValue::Generate(GenerateOptions::default());
    let draft = KeyDraft::new("waits", KeyType::ApiToken);
    let waits = vault.perform(CreateKey { draft, value, activate: false }).unwrap();
    let refused = |vault: &mut Vault, id: KeyId, why: NoSchedule| {
        let before = key(vault, id);
        let error = VaultError::NoSchedule { key: before.name.clone(), why };
        assert_eq!(keep(vault, id), Err(error.clone()));
        let event = last_event(vault);
        assert_eq!((event.outcome, event.reason), (Outcome::Refused, error.to_string()));
        assert!(key(vault, id) == before, "{why}: something was changed");
    };
    refused(&mut vault, exempt, NoSchedule::Exempt);
    refused(&mut vault, evidence, NoSchedule::OnEvidence);
    refused(&mut vault, bare, NoSchedule::NoPolicy);
    refused(&mut vault, waits, NoSchedule::NotInUse);
    let date = START.plus_days(90);
    for days in [90, 10] {
        bench.days_later(days);
        refused(&mut vault, id, NoSchedule::Come(date));
    }
    rotate(&mut vault, id, None).unwrap();
}

#[test]
fn a_suspended_key_can_keep_the_date_that_lies_ahead_and_not_one_that_has_come() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let [ahead, come] = ["ahead", "come"].map(|name| token(&mut vault, name));
    for id in [ahead, come] {
        suspend(&mut vault, id, None).unwrap();
    }
    bench.days_later(50);
    keep(&mut vault, ahead).unwrap();
    assert_eq!((key(&vault, ahead).state, stands(&vault, ahead, 50)), (KeyState::Active, Due::In(40)));
    bench.days_later(50);
    assert!(matches!(keep(&mut vault, come), Err(VaultError::NoSchedule { .. })));
    assert_eq!(key(&vault, come).state, KeyState::Suspended);
    // The value's own end is earlier than the schedule that was kept.
    let value = NewValue::Generate(GenerateOptions::default());
    let (reason, expires) = ("again".to_owned(), Some(START.plus_days(120)));
    vault
        .perform(Rotate {
            key: come,
            value,
            reason,
            overlap_days: None,
            expires,
            keep_schedule: false,
            compromise: None,
        })
        .unwrap();
    assert_eq!(stands(&vault, come, 100), Due::In(20));
    keep(&mut vault, come).unwrap();
    assert_eq!(stands(&vault, come, 100), Due::In(90));
}

#[test]
fn the_period_of_a_key_begins_with_its_activation() {
    let bench = Bench::new();
    let mut vault = bench.create();
    let value = NewValue::Generate(GenerateOptions::default());
    let draft = KeyDraft::new("ci", KeyType::ApiToken);
    let id = vault.perform(CreateKey { draft, value, activate: false }).unwrap();
    bench.days_later(50);
    vault.perform(Activate { key: id, reason: String::new() }).unwrap();
    assert_eq!(stands(&vault, id, 50), Due::In(90));
    let now = key(&vault, id);
    assert_eq!((now.last_rotated(), now.counts_from()), (START, START.plus_days(50)));
    bench.days_later(10);
    keep(&mut vault, id).unwrap();
    assert_eq!(stands(&vault, id, 60), Due::In(80));
    rotate(&mut vault, id, None).unwrap();
    assert_eq!(stands(&vault, id, 60), Due::In(90));
    let value = NewValue::Generate(GenerateOptions::default());
    let draft = KeyDraft::new("at once", KeyType::ApiToken);
    let at_once = vault.perform(CreateKey { draft, value, activate: true }).unwrap();
    assert_eq!(key(&vault, at_once).life.periods, []);
}
