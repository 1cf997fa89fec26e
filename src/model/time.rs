//! Moments in time, as the file stores them: milliseconds since 1970 in UTC.

use chrono::{DateTime, Local, TimeZone, Utc};
use serde::{Deserialize, Serialize};

/// Milliseconds in a day of 24 hours.
pub const DAY_MS: i64 = 86_400_000;

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment `days` days of 24 hours later (earlier where negative).
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(DAY_MS)))
    }

    /// This moment `ms` milliseconds later.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this moment; negative where it is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// As a date and time in UTC; moments outside chrono's range become 1970.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        Utc.timestamp_millis_opt(self.0).single().unwrap_or_default()
    }

    /// As a date and time in the workstation's time zone.
    #[must_use]
    pub fn local(self) -> DateTime<Local> {
        self.utc().with_timezone(&Local)
    }

    /// RFC 3339 in UTC with seconds, for exports and JSON.
    #[must_use]
    pub fn iso(self) -> String {
        self.utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    /// Its day in the workstation's time zone, as it is typed: `2026-05-01`.
    #[must_use]
    pub fn local_day(self) -> String {
        self.local().format("%Y-%m-%d").to_string()
    }

    /// Reads an RFC 3339 date and time, or a date alone (midnight in the workstation's time zone).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
            return Some(Self(moment.timestamp_millis()));
        }
        let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        let midnight = date.and_hms_opt(0, 0, 0)?;
        Local.from_local_datetime(&midnight).earliest().map(|moment| Self(moment.timestamp_millis()))
    }
}

/// Whole calendar days from `from` to `to` in the workstation's time zone: 0 today, 1 tomorrow, -1 yesterday.
#[must_use]
pub fn calendar_days(from: Timestamp, to: Timestamp) -> i64 {
    to.local().date_naive().signed_duration_since(from.local().date_naive()).num_days()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_reads_back_from_its_own_text() {
        let moment = Timestamp(1_775_812_509_000);
        assert_eq!(Timestamp::parse(&moment.iso()), Some(moment));
        assert_eq!(Timestamp::parse("yesterday"), None);
        let midnight = Timestamp::parse(&moment.local_day()).unwrap();
        assert!(
            midnight <= moment
                && moment < midnight.plus_days(2)
                && midnight.local_day() == moment.local_day()
        );
        assert_eq!(moment.plus_days(2).since(moment), 2 * DAY_MS);
    }
}
