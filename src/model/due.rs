//! When a key must be rotated: from its policy, its state and today.

use super::policy::WARN_MOST_DAYS;
use super::time::calendar_days;
use super::{KeyRecord, KeyState, KeyType, Policy, PolicyChoice, Settings, Timestamp};

/// How a key stands to its next rotation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Due {
    /// Its date has passed by this many days.
    Late(u32),
    /// In this many days: 0 is today.
    In(u32),
    /// Its policy sets no date: it is rotated when something happens.
    OnEvidence,
    /// It is exempt, for a reason that stands with it.
    Exempt,
    /// No policy stands for it.
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
    /// No date: on evidence only, exempt, without a policy, or not in use.
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
            Self::None => "No date",
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
            Self::OnEvidence | Self::Exempt | Self::NoPolicy | Self::NotInUse => DueBucket::None,
        }
    }

    /// Whether the date is so near that `policy` warns of it, see [`Policy::warn_days`]; today always is. Where no policy
    /// sets a date, the value ends by itself: that is warned of as early as any policy does.
    #[must_use]
    pub fn is_soon(self, policy: Option<&Policy>) -> bool {
        let by_calendar = policy.filter(|policy| policy.interval_days.is_some());
        let lead = by_calendar.map_or(WARN_MOST_DAYS, Policy::warn_days);
        matches!(self, Self::In(days) if days <= lead)
    }

    /// In words: "12 days late", "today", "in 5 days", "on evidence", "exempt", "no policy".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Late(1) => "1 day late".to_owned(),
            Self::Late(days) => format!("{days} days late"),
            Self::In(0) => "today".to_owned(),
            Self::In(1) => "in 1 day".to_owned(),
            Self::In(days) => format!("in {days} days"),
            Self::OnEvidence => "on evidence".to_owned(),
            Self::Exempt => "exempt".to_owned(),
            Self::NoPolicy => "no policy".to_owned(),
            Self::NotInUse => "not in use".to_owned(),
        }
    }

    /// Days to the date, negative where late; `None` where there is no date.
    #[must_use]
    pub fn days(self) -> Option<i64> {
        match self {
            Self::Late(days) => Some(-i64::from(days)),
            Self::In(days) => Some(i64::from(days)),
            Self::OnEvidence | Self::Exempt | Self::NoPolicy | Self::NotInUse => None,
        }
    }

    /// As [`Due::days`]; keys without a date sort last, by why there is none.
    #[must_use]
    pub fn sort_key(self) -> i64 {
        match self {
            Self::Late(days) => -i64::from(days),
            Self::In(days) => i64::from(days),
            Self::OnEvidence => i64::MAX - 3,
            Self::Exempt => i64::MAX - 2,
            Self::NoPolicy => i64::MAX - 1,
            Self::NotInUse => i64::MAX,
        }
    }
}

/// The policy that decides for `key`, or `None` where it is exempt or no policy stands for its type.
#[must_use]
pub fn policy_of<'a>(key: &KeyRecord, settings: &'a Settings) -> Option<&'a Policy> {
    policy_by(&key.policy, key.key_type, settings)
}

/// The policy that such a choice means for a key of this type.
#[must_use]
pub fn policy_by<'a>(choice: &PolicyChoice, key_type: KeyType, settings: &'a Settings) -> Option<&'a Policy> {
    match choice {
        PolicyChoice::Named(id) => settings.policies.iter().find(|p| p.id == *id),
        PolicyChoice::TypeDefault => settings.default_policy(key_type),
        PolicyChoice::Exempt { .. } => None,
    }
}

/// The types that stay in use under `policy` longer than they should, see [`Policy::is_too_long_for`]: those it stands for, and
/// those of the `keys` that it decides for and that are not destroyed.
#[must_use]
pub fn too_long_for<'a>(
    policy: &Policy,
    settings: &Settings,
    keys: impl Iterator<Item = &'a KeyRecord>,
) -> Vec<KeyType> {
    let mut types: Vec<KeyType> =
        policy.default_for.iter().copied().filter(|t| policy.is_too_long_for(*t)).collect();
    for key in keys.filter(|key| policy.is_too_long_for(key.key_type)) {
        let decides = || policy_of(key, settings).is_some_and(|p| p.id == policy.id);
        if key.state != KeyState::Destroyed && !types.contains(&key.key_type) && decides() {
            types.push(key.key_type);
        }
    }
    types
}

/// The moment `key` must be rotated by its policy, whatever its state.
#[must_use]
pub fn policy_date(key: &KeyRecord, settings: &Settings) -> Option<Timestamp> {
    let days = policy_of(key, settings)?.interval_days?;
    Some(key.counts_from().plus_days(i64::from(days)))
}

/// The moment `key` must be rotated, whatever its state: when its policy says, or when its value ends by itself, whichever is
/// first.
#[must_use]
pub fn due_date(key: &KeyRecord, settings: &Settings) -> Option<Timestamp> {
    policy_date(key, settings).into_iter().chain(key.later.expires).min()
}

/// How `key` stands to its next rotation at `now`, by calendar days of the workstation's time zone.
#[must_use]
pub fn due(key: &KeyRecord, settings: &Settings, now: Timestamp) -> Due {
    if !key.state.is_in_use() {
        return Due::NotInUse;
    }
    let Some(date) = due_date(key, settings) else {
        return match (&key.policy, policy_of(key, settings)) {
            (PolicyChoice::Exempt { .. }, _) => Due::Exempt,
            (_, Some(_)) => Due::OnEvidence,
            (_, None) => Due::NoPolicy,
        };
    };
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
        assert_eq!(due(&key, &Settings::default(), key.created.plus_days(4000)), Due::OnEvidence);
    }

    #[test]
    fn why_there_is_no_date_is_told_apart_and_all_of_it_is_one_bucket() {
        let settings = Settings::default();
        let mut key = sample("note");
        let mut stands = |key_type: KeyType, policy: PolicyChoice| {
            (key.key_type, key.policy) = (key_type, policy);
            let due = due(&key, &settings, key.created);
            (due.words(), due.bucket())
        };
        let exempt = PolicyChoice::Exempt { reason: "only a test system".to_owned() };
        let with = |words: &str| (words.to_owned(), DueBucket::None);
        assert_eq!(stands(KeyType::Password, PolicyChoice::TypeDefault), with("on evidence"));
        assert_eq!(stands(KeyType::ApiToken, exempt), with("exempt"));
        assert_eq!(stands(KeyType::Text, PolicyChoice::TypeDefault), with("no policy"));
    }

    #[test]
    fn a_date_is_soon_from_the_day_its_policy_warns() {
        let with = |days| Policy { interval_days: Some(days), ..crate::model::policy::defaults()[0].clone() };
        let soon = |days, interval| Due::In(days).is_soon(Some(&with(interval)));
        assert_eq!([30, 31].map(|days| soon(days, 365)), [true, false]);
        assert_eq!([10, 11].map(|days| soon(days, 30)), [true, false]);
        // Without an interval the date is that of the value itself.
        assert_eq!([30, 31].map(|days| Due::In(days).is_soon(None)), [true, false]);
        assert!(soon(0, 1) && !Due::Late(3).is_soon(Some(&with(90))) && !Due::OnEvidence.is_soon(None));
    }

    #[test]
    fn every_distance_falls_into_one_bucket() {
        let buckets: Vec<_> = [0, 1, 7, 8, 14, 15, 30, 31].map(|d| Due::In(d).bucket()).into();
        use DueBucket::{Days7, Days14, Days30, Later, Today};
        assert_eq!(buckets, [Today, Days7, Days7, Days14, Days14, Days30, Days30, Later]);
    }
}
