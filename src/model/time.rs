//! Moments in time, as the file stores them: milliseconds since 1970 in UTC.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, FixedOffset, Local, MappedLocalTime, NaiveDateTime, Offset, TimeZone, Utc};
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

    /// As a date and time in the zone moments are shown in: the workstation's own, unless UTC was chosen.
    #[must_use]
    pub fn local(self) -> DateTime<FixedOffset> {
        if shown().utc { self.utc().fixed_offset() } else { self.here().fixed_offset() }
    }

    /// As a date and time in the workstation's own zone, whatever is shown: for rules about people's days.
    #[must_use]
    pub fn here(self) -> DateTime<Local> {
        self.utc().with_timezone(&Local)
    }

    /// The time of day as it is shown: `08:41`, or `8:41 am`.
    #[must_use]
    pub fn clock(self) -> String {
        self.local().format(if shown().twelve_hours { "%-I:%M %P" } else { "%H:%M" }).to_string()
    }

    /// The same with seconds: `08:41:22`, or `8:41:22 am`.
    #[must_use]
    pub fn clock_s(self) -> String {
        self.local().format(if shown().twelve_hours { "%-I:%M:%S %P" } else { "%H:%M:%S" }).to_string()
    }

    /// RFC 3339 in UTC with seconds, for exports and JSON.
    #[must_use]
    pub fn iso(self) -> String {
        self.utc().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    /// Its day in the zone that is shown, as it is typed: `2026-05-01`.
    #[must_use]
    pub fn local_day(self) -> String {
        self.local().format("%Y-%m-%d").to_string()
    }

    /// Reads an RFC 3339 date and time, or a date alone (midnight in the zone that is shown).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
            return Some(Self(moment.timestamp_millis()));
        }
        let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        let midnight = date.and_hms_opt(0, 0, 0)?;
        on_the_wall(midnight).earliest().map(|moment| Self(moment.timestamp_millis()))
    }
}

/// How moments are shown, and read where they are typed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Shown {
    /// In UTC; else in the workstation's own time zone.
    pub utc: bool,
    /// With a clock of twelve hours; else of twenty-four.
    pub twelve_hours: bool,
}

static UTC: AtomicBool = AtomicBool::new(false);
static TWELVE_HOURS: AtomicBool = AtomicBool::new(false);

/// How moments are shown from now on. It is one for the whole program, as the workstation's zone is: what is typed must never
/// be read in another zone than what stands beside it.
pub fn show_as(shown: Shown) {
    UTC.store(shown.utc, Ordering::Relaxed);
    TWELVE_HOURS.store(shown.twelve_hours, Ordering::Relaxed);
}

/// How moments are shown.
#[must_use]
pub fn shown() -> Shown {
    Shown { utc: UTC.load(Ordering::Relaxed), twelve_hours: TWELVE_HOURS.load(Ordering::Relaxed) }
}

/// The moment a clock on the wall showed this, in the zone that is shown: never, once, or twice.
#[must_use]
pub fn on_the_wall(time: NaiveDateTime) -> MappedLocalTime<DateTime<FixedOffset>> {
    if shown().utc {
        return MappedLocalTime::Single(Utc.from_utc_datetime(&time).fixed_offset());
    }
    Local.from_local_datetime(&time).map(|moment| moment.with_timezone(&moment.offset().fix()))
}

/// Whole calendar days from `from` to `to` in the zone that is shown: 0 today, 1 tomorrow, -1 yesterday.
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
