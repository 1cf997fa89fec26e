//! The period in which a key may be used: whether it is over, whether a rotation may leave its end where it is, and when a
//! suspension must be looked at again.

use super::due::{due_date, policy_date, policy_of};
use super::time::calendar_days;
use super::{KeyRecord, KeyState, PolicyChoice, Settings, Timestamp};

/// After so many days a suspension is to be looked at again, where nobody says when.
pub const REVIEW_AFTER_DAYS: i64 = 30;

/// The latest it may be: a year later, which can have a leap day.
pub const REVIEW_MOST_DAYS: i64 = 366;

/// Why a rotation cannot keep the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSchedule {
    /// The key is exempt.
    #[error("it is exempt, so no policy gives it a date")]
    Exempt,
    /// No policy stands for it.
    #[error("no policy gives it a date")]
    NoPolicy,
    /// Its policy sets no date.
    #[error("its policy gives it no date")]
    OnEvidence,
    /// It was never in use: its period begins with what puts it into use.
    #[error("it is not in use yet, so its period begins with its rotation")]
    NotInUse,
    /// Its date is today or has passed.
    #[error("its date, {}, has come", .0.local_day())]
    Come(Timestamp),
}

/// The date by policy that `key` keeps where a rotation at `now` leaves its schedule as it is: one on a later day.
///
/// # Errors
/// [`NoSchedule`] says why there is none.
pub fn kept_date(key: &KeyRecord, settings: &Settings, now: Timestamp) -> Result<Timestamp, NoSchedule> {
    let date = policy_date(key, settings).ok_or_else(|| match (&key.policy, policy_of(key, settings)) {
        (PolicyChoice::Exempt { .. }, _) => NoSchedule::Exempt,
        (_, None) => NoSchedule::NoPolicy,
        (_, Some(_)) => NoSchedule::OnEvidence,
    })?;
    if key.state == KeyState::PreActive {
        return Err(NoSchedule::NotInUse);
    }
    if calendar_days(now, date) > 0 { Ok(date) } else { Err(NoSchedule::Come(date)) }
}

/// The day on which the period of `key` ended, where it is over at `now`: its due date, whatever its state.
#[must_use]
pub fn ended(key: &KeyRecord, settings: &Settings, now: Timestamp) -> Option<Timestamp> {
    due_date(key, settings).filter(|date| calendar_days(now, *date) < 0)
}

/// For how many days the review of a suspension has been waiting at `now`: 0 on its own day. `None` before that, where no day is
/// set, and for a key that is not suspended.
#[must_use]
pub fn review_waits(key: &KeyRecord, now: Timestamp) -> Option<u32> {
    let by = key.life.review_by.filter(|_| key.state == KeyState::Suspended)?;
    u32::try_from(calendar_days(by, now)).ok()
}

/// Whether a suspension that is looked at at `now` may go on until `by` without being looked at again.
#[must_use]
pub fn may_review_by(by: Timestamp, now: Timestamp) -> bool {
    by > now && by <= now.plus_days(REVIEW_MOST_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::KeyType;
    use crate::model::due::{Due, due};
    use crate::model::key::tests::sample;

    fn token() -> KeyRecord {
        KeyRecord { key_type: KeyType::ApiToken, ..sample("token") }
    }

    #[test]
    fn a_schedule_is_kept_only_where_a_policy_gives_a_later_day() {
        let settings = Settings::default();
        let mut key = token();
        let start = key.last_rotated();
        let date = start.plus_days(90);
        let kept = |key: &KeyRecord, days| kept_date(key, &settings, start.plus_days(days));
        assert_eq!([0, 60, 89].map(|days| kept(&key, days)), [Ok(date); 3]);
        assert_eq!([90, 100].map(|days| kept(&key, days)), [Err(NoSchedule::Come(date)); 2]);
        // The end of the value itself is nobody's schedule.
        key.later.expires = Some(start.plus_days(10));
        assert_eq!(kept(&key, 0), Ok(date));
        key.state = KeyState::PreActive;
        assert_eq!(kept(&key, 0), Err(NoSchedule::NotInUse));
        key.policy = PolicyChoice::Exempt { reason: "a test system".into() };
        assert_eq!(kept(&key, 0), Err(NoSchedule::Exempt));
        assert_eq!(kept(&sample("login"), 0), Err(NoSchedule::OnEvidence));
        assert_eq!(
            kept(&KeyRecord { key_type: KeyType::Text, ..sample("note") }, 0),
            Err(NoSchedule::NoPolicy)
        );
    }

    #[test]
    fn a_kept_period_is_due_when_it_was_and_over_the_day_after() {
        let settings = Settings::default();
        let mut key = token();
        let start = key.last_rotated();
        key.versions[0].current_from = start.plus_days(60);
        assert_eq!(due(&key, &settings, start.plus_days(60)), Due::In(90));
        key.count_from(1, Some(start));
        assert_eq!(due(&key, &settings, start.plus_days(60)), Due::In(30));
        assert_eq!(ended(&key, &settings, start.plus_days(90)), None, "on its day it is not over");
        key.state = KeyState::Suspended;
        assert_eq!(ended(&key, &settings, start.plus_days(91)), Some(start.plus_days(90)));
        assert_eq!(ended(&sample("login"), &settings, start.plus_days(4000)), None);
    }

    #[test]
    fn a_review_waits_from_its_day_on_while_the_key_is_suspended() {
        let mut key = token();
        let now = key.last_rotated();
        assert_eq!(review_waits(&key, now), None);
        key.life.review_by = Some(now.plus_days(30));
        assert_eq!(review_waits(&key, now.plus_days(40)), None, "it is not suspended");
        key.state = KeyState::Suspended;
        let waits = [29, 30, 35].map(|days| review_waits(&key, now.plus_days(days)));
        assert_eq!(waits, [None, Some(0), Some(5)]);
        assert_eq!(
            [0, 1, 366, 367].map(|days| may_review_by(now.plus_days(days), now)),
            [false, true, true, false]
        );
    }
}
