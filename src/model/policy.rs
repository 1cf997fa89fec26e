//! Rotation policies: how long a version may stay current, and how long its predecessor stays accepted.
//!
//! Default periods follow NIST SP 800-57 Part 1 Rev. 5, table 1, and for people's passwords SP 800-63B-4, section 3.1.1:
//! those are never rotated by the calendar.

use serde::{Deserialize, Serialize};

use super::{KeyType, PolicyId};

/// What decides when a key is due.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum PolicyChoice {
    /// The policy that stands for the key's type in the settings.
    TypeDefault,
    /// This policy.
    Named(PolicyId),
    /// Never by the calendar, for this reason.
    Exempt {
        /// Why, in words.
        reason: String,
    },
}

/// When and how a key is rotated.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Policy {
    /// Its id.
    pub id: PolicyId,
    /// Its name.
    pub name: String,
    /// Days a version may stay current; `None`: only when something happens.
    pub interval_days: Option<u32>,
    /// Days the version before stays accepted after a rotation; 0: not at all.
    pub overlap_days: u32,
    /// The types this policy stands for where a key names none.
    pub default_for: Vec<KeyType>,
}

/// Whether a key that `after` decides for is changed later, or its old value accepted longer, than where `before` did.
#[must_use]
pub fn is_weaker(before: Option<&Policy>, after: Option<&Policy>) -> bool {
    let days = |policy: Option<&Policy>| policy.and_then(|p| p.interval_days).unwrap_or(u32::MAX);
    let overlaps = before.zip(after).map(|(before, after)| (before.overlap_days, after.overlap_days));
    // What was never changed by the calendar and is from now on is better off, with an overlap too.
    let begins = days(before) == u32::MAX && days(after) < u32::MAX;
    days(after) > days(before) || !begins && overlaps.is_some_and(|(before, after)| after > before)
}

/// The longest interval a policy may set, in days: ten years.
pub const INTERVAL_MAX_DAYS: u32 = 3650;

/// The longest a value of a type should be in use, in days, where there is such a limit: SP 800-57 Part 1 Rev. 5, table 1, gives
/// symmetric keys two years to protect with; a token, which lets in whoever holds it, is given one.
#[must_use]
pub fn longest_days(key_type: KeyType) -> Option<u32> {
    match key_type {
        KeyType::ApiToken => Some(365),
        KeyType::Aes256 | KeyType::ChaCha20 | KeyType::HmacSha256 => Some(730),
        // Changed on evidence, or of no kind that a period is known for.
        KeyType::Password | KeyType::Passphrase | KeyType::Text | KeyType::File => None,
    }
}

/// That a policy is longer than these types should be in use: "Longer than advised: API token 365 days, AES key 730 days at
/// most." Nothing where there are none.
#[must_use]
pub fn too_long_words(types: &[KeyType]) -> Option<String> {
    let limit = |t: &KeyType| longest_days(*t).map(|days| format!("{} {days} days", t.title()));
    let limits: Vec<String> = types.iter().filter_map(limit).collect();
    (!limits.is_empty()).then(|| format!("Longer than advised: {} at most.", limits.join(", ")))
}

/// The earliest a key shows as due soon, in days before its date.
pub const WARN_MOST_DAYS: u32 = 30;

/// Why a policy was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// The interval is zero or longer than ten years.
    #[error("the interval must be between 1 and {INTERVAL_MAX_DAYS} days")]
    Interval,
    /// The overlap is longer than ten years, where no interval bounds it.
    #[error("the overlap must be at most {INTERVAL_MAX_DAYS} days")]
    OverlapRange,
    /// The overlap is not shorter than the interval.
    #[error("the overlap ({overlap} d) must be shorter than the interval ({interval} d)")]
    Overlap {
        /// Days of overlap.
        overlap: u32,
        /// Days of interval.
        interval: u32,
    },
}

impl Policy {
    /// Whether that is its name, in either case.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name.to_lowercase() == name.trim().to_lowercase()
    }

    /// Checks the periods against each other.
    ///
    /// # Errors
    /// [`PolicyError`] says what does not fit.
    pub fn check(&self) -> Result<(), PolicyError> {
        match self.interval_days {
            Some(interval) if interval == 0 || interval > INTERVAL_MAX_DAYS => Err(PolicyError::Interval),
            Some(interval) if self.overlap_days >= interval => {
                Err(PolicyError::Overlap { overlap: self.overlap_days, interval })
            }
            _ if self.overlap_days > INTERVAL_MAX_DAYS => Err(PolicyError::OverlapRange),
            _ => Ok(()),
        }
    }

    /// Whether keys of this type stay in use longer under it than [`longest_days`]; without an interval they do.
    #[must_use]
    pub fn is_too_long_for(&self, key_type: KeyType) -> bool {
        longest_days(key_type).is_some_and(|most| self.interval_days.is_none_or(|days| days > most))
    }

    /// Days before the due date at which a key first shows as due soon: a third of the interval, at most
    /// [`WARN_MOST_DAYS`] (a fixed lead is nonsense for short intervals, a share alone for long ones).
    #[must_use]
    pub fn warn_days(&self) -> u32 {
        self.interval_days.map_or(0, |days| (days / 3).min(WARN_MOST_DAYS))
    }
}

/// The policies a new vault starts with. Ids are fixed so that two vaults name the same policy alike.
#[must_use]
pub fn defaults() -> Vec<Policy> {
    let policy = |n: u8, name: &str, interval_days, overlap_days, default_for: &[KeyType]| Policy {
        id: PolicyId([n; 16]),
        name: name.to_owned(),
        interval_days,
        overlap_days,
        default_for: default_for.to_vec(),
    };
    vec![
        policy(1, "Token 90 d", Some(90), 1, &[KeyType::ApiToken]),
        // No overlap: what the old version encrypted is read with it, retired as it is, and nothing new is encrypted with it.
        policy(2, "Encryption 1 y", Some(365), 0, &[KeyType::Aes256]),
        policy(3, "Transport 90 d", Some(90), 1, &[KeyType::ChaCha20]),
        policy(4, "HMAC 180 d", Some(180), 3, &[KeyType::HmacSha256]),
        policy(5, "Service password 90 d", Some(90), 1, &[]),
        policy(6, "On evidence only", None, 0, &[KeyType::Password, KeyType::Passphrase]),
        policy(7, "Yearly", Some(365), 7, &[]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_holds_together_and_no_type_has_two() {
        let policies = defaults();
        for policy in &policies {
            assert_eq!(policy.check(), Ok(()), "{}", policy.name);
        }
        for key_type in KeyType::ALL {
            assert!(policies.iter().filter(|p| p.default_for.contains(&key_type)).count() <= 1);
        }
    }

    #[test]
    fn no_default_is_too_long_for_a_type_it_stands_for_and_two_years_are_for_a_token() {
        for policy in defaults() {
            assert!(!policy.default_for.iter().any(|t| policy.is_too_long_for(*t)), "{}", policy.name);
        }
        let with = |interval_days| Policy { interval_days, ..defaults()[0].clone() };
        let too_long = |days, key_type| with(days).is_too_long_for(key_type);
        assert!(!too_long(Some(365), KeyType::ApiToken) && too_long(Some(366), KeyType::ApiToken));
        assert!(!too_long(Some(730), KeyType::Aes256) && too_long(Some(731), KeyType::Aes256));
        assert!(too_long(None, KeyType::HmacSha256) && !too_long(None, KeyType::Password));
    }

    #[test]
    fn an_overlap_is_bounded_where_no_interval_bounds_it() {
        let with = |overlap_days| Policy { interval_days: None, overlap_days, ..defaults()[0].clone() };
        assert_eq!(with(INTERVAL_MAX_DAYS).check(), Ok(()));
        assert_eq!(with(INTERVAL_MAX_DAYS + 1).check(), Err(PolicyError::OverlapRange));
    }

    #[test]
    fn an_overlap_longer_than_the_interval_is_refused() {
        let policy = Policy { interval_days: Some(5), overlap_days: 5, ..defaults()[0].clone() };
        assert_eq!(policy.check(), Err(PolicyError::Overlap { overlap: 5, interval: 5 }));
    }

    #[test]
    fn the_first_warning_comes_at_a_third_of_the_interval_but_at_most_thirty_days() {
        let with = |days| Policy { interval_days: Some(days), ..defaults()[0].clone() }.warn_days();
        assert_eq!((with(365), with(47), with(3)), (30, 15, 1));
    }
}
