//! When a key must be rotated: from its policy, its state and today.

use super::time::calendar_days;
use super::{KeyRecord, Policy, PolicyChoice, Settings, Timestamp};

/// How a key stands to its next rotation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Due {
    /// Its date has passed by this many days.
    Late(u32),
    /// In this many days: 0 is today.
    In(u32),
    /// No policy sets a date, or the key is exempt.
    NoPolicy,
    /// The key is suspended, deactivated, compromised or destroyed: nothing is rotated by the calendar.
    NotInUse,
}

/// The tiles of the due list.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DueBucket {
    /// The date has passed.
    Overdue,
    /// Today.
    Today,
    /// Within 7 days.
    Days7,
    /// Within 14 days.
    Days14,
    /// Within 30 days.
    Days30,
    /// Later than 30 days.
    Later,
    /// No policy, exempt, or not in use.
    None,
}

impl DueBucket {
    /// All buckets, most urgent first.
    pub const ALL: [Self; 7] =
        [Self::Overdue, Self::Today, Self::Days7, Self::Days14, Self::Days30, Self::Later, Self::None];

    /// The heading of the bucket.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Overdue => "Overdue",
            Self::Today => "Today",
            Self::Days7 => "7 days",
            Self::Days14 => "14 days",
            Self::Days30 => "30 days",
            Self::Later => "Later",
            Self::None => "No policy, exempt",
        }
    }
}

impl Due {
    /// Which tile of the due list it falls into.
    #[must_use]
    pub fn bucket(self) -> DueBucket {
        match self {
            Self::Late(_) => DueBucket::Overdue,
            Self::In(0) => DueBucket::Today,
            Self::In(1..=7) => DueBucket::Days7,
            Self::In(8..=14) => DueBucket::Days14,
            Self::In(15..=30) => DueBucket::Days30,
            Self::In(_) => DueBucket::Later,
            Self::NoPolicy | Self::NotInUse => DueBucket::None,
        }
    }

    /// In words: "12 days late", "today", "in 5 days", "no policy".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Late(1) => "1 day late".to_owned(),
            Self::Late(days) => format!("{days} days late"),
            Self::In(0) => "today".to_owned(),
            Self::In(1) => "in 1 day".to_owned(),
            Self::In(days) => format!("in {days} days"),
            Self::NoPolicy => "no policy".to_owned(),
            Self::NotInUse => "not in use".to_owned(),
        }
    }

    /// Days to the date, negative where late; keys without a date sort last.
    #[must_use]
    pub fn sort_key(self) -> i64 {
        match self {
            Self::Late(days) => -i64::from(days),
            Self::In(days) => i64::from(days),
            Self::NoPolicy => i64::MAX - 1,
            Self::NotInUse => i64::MAX,
        }
    }
}

/// The policy that decides for `key`, or `None` where it is exempt or no policy stands for its type.
#[must_use]
pub fn policy_of<'a>(key: &KeyRecord, settings: &'a Settings) -> Option<&'a Policy> {
    match &key.policy {
        PolicyChoice::Named(id) => settings.policies.iter().find(|p| p.id == *id),
        PolicyChoice::TypeDefault => settings.policies.iter().find(|p| p.default_for.contains(&key.key_type)),
        PolicyChoice::Exempt { .. } => None,
    }
}

/// The moment `key` must be rotated, whatever its state: when its policy says, or when its value ends by itself, whichever is
/// first.
#[must_use]
pub fn due_date(key: &KeyRecord, settings: &Settings) -> Option<Timestamp> {
    let interval = policy_of(key, settings).and_then(|policy| policy.interval_days);
    let by_policy = interval.map(|days| key.last_rotated().plus_days(i64::from(days)));
    by_policy.into_iter().chain(key.later.expires).min()
}

/// How `key` stands to its next rotation at `now`, by calendar days of the workstation's time zone.
#[must_use]
pub fn due(key: &KeyRecord, settings: &Settings, now: Timestamp) -> Due {
    if !key.state.is_in_use() {
        return Due::NotInUse;
    }
    let Some(date) = due_date(key, settings) else { return Due::NoPolicy };
    let days = calendar_days(now, date);
    let magnitude = u32::try_from(days.unsigned_abs()).unwrap_or(u32::MAX);
    if days < 0 { Due::Late(magnitude) } else { Due::In(magnitude) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::key::tests::sample;
    use crate::model::{KeyState, KeyType};

    #[test]
    fn a_key_is_due_its_policys_interval_after_it_became_current() {
        let settings = Settings::default();
        let mut key = sample("token");
        key.key_type = KeyType::ApiToken;
        let start = key.last_rotated();
        assert_eq!(due(&key, &settings, start), Due::In(90));
        assert_eq!(due(&key, &settings, start.plus_days(90)), Due::In(0));
        assert_eq!(due(&key, &settings, start.plus_days(102)), Due::Late(12));
        key.state = KeyState::Suspended;
        assert_eq!(due(&key, &settings, start.plus_days(102)), Due::NotInUse);
    }

    #[test]
    fn a_value_that_ends_by_itself_is_due_by_then_whatever_the_policy_says() {
        let settings = Settings::default();
        let mut key = sample("token");
        key.key_type = KeyType::ApiToken;
        let start = key.last_rotated();
        key.later.expires = Some(start.plus_days(30));
        assert_eq!(due(&key, &settings, start), Due::In(30));
        key.later.expires = Some(start.plus_days(300));
        assert_eq!(due(&key, &settings, start), Due::In(90));
        key.policy = PolicyChoice::Exempt { reason: "the provider decides".into() };
        assert_eq!(due(&key, &settings, start), Due::In(300));
    }

    #[test]
    fn a_persons_password_is_never_due_by_the_calendar() {
        let key = sample("login");
        assert_eq!(due(&key, &Settings::default(), key.created.plus_days(4000)), Due::NoPolicy);
    }

    #[test]
    fn every_distance_falls_into_one_bucket() {
        let buckets: Vec<_> = [0, 1, 7, 8, 14, 15, 30, 31].map(|d| Due::In(d).bucket()).into();
        use DueBucket::{Days7, Days14, Days30, Later, Today};
        assert_eq!(buckets, [Today, Days7, Days7, Days14, Days14, Days30, Days30, Later]);
    }
}
