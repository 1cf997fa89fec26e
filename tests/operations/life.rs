//! The life of a key beyond the machine of its states: suspensions that are reviewed, periods that are over or kept, a
//! compromise that is found late.

use keyroom::model::state::CompromiseReason;
use keyroom::model::{Action, KeyId, KeyState, Outcome};
use keyroom::operations::*;
use keyroom::vault::{Vault, VaultError};

use crate::bench::*;

fn suspend(vault: &mut Vault, key: KeyId, days: Option<i64>) -> Result<(), VaultError> {
    let review_by = days.map(|days| now(vault).plus_days(days));
    vault.perform(Suspend { key, reason: "an odd login".into(), review_by })
}

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
    let ends: [(&str, fn(&mut Vault, KeyId) -> Result<(), VaultError>); 4] = [
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
