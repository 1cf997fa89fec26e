//! Moments in time, as the file stores them: milliseconds since 1970 in UTC.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{
    DateTime, Datelike, FixedOffset, Local, MappedLocalTime, Months, NaiveDateTime, Offset, TimeDelta,
    TimeZone, Utc,
};
use serde::{Deserialize, Serialize};

/// Milliseconds in a day of 24 hours.
pub const DAY_MS: i64 = 86_400_000;

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This moment `days` days later (earlier where negative) by the calendar of the zone that is shown: at the same time of the
    /// day, also where a day in between has 23 or 25 hours. A distance in time is [`Timestamp::plus_ms`].
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let later = Self(self.0.saturating_add(days.saturating_mul(DAY_MS)));
        // Where the clock stands as it stood, as nearly always, there is nothing to look up.
        if shown().utc || later.local().offset() == self.local().offset() {
            return later;
        }
        let step = |time: NaiveDateTime| time.checked_add_signed(TimeDelta::try_days(days)?);
        self.on_calendar(step).unwrap_or(later)
    }

    /// The same day and time of the day so many years later by that calendar; 28 February where there is no 29th. Never after
    /// the last day of 9999.
    #[must_use]
    pub fn plus_years(self, years: u32) -> Self {
        let step = |time: NaiveDateTime| time.checked_add_months(Months::new(years.saturating_mul(12)));
        self.on_calendar(step).unwrap_or(Self::LAST).min(Self::LAST)
    }

    /// The last moment that RFC 3339 has a year for: 9999-12-31T23:59:59Z.
    pub const LAST: Self = Self(253_402_300_799_000);

    /// The moment at which the wall shows what `step` makes of what it shows now. Where it shows that twice the first is meant,
    /// where it never does the hour after.
    fn on_calendar(self, step: impl FnOnce(NaiveDateTime) -> Option<NaiveDateTime>) -> Option<Self> {
        // Beyond, nobody's calendar is known.
        if self.0.unsigned_abs() > Self::LAST.0.unsigned_abs() {
            return None;
        }
        let time = step(self.local().naive_local()).filter(|time| (0..=9999).contains(&time.year()))?;
        let hour_after = || on_the_wall(time.checked_add_signed(TimeDelta::try_hours(1)?)?).earliest();
        let moment = on_the_wall(time).earliest().or_else(hour_after)?;
        Some(Self(moment.timestamp_millis()))
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

    /// Reads an RFC 3339 date and time, or a date alone (midnight in the zone that is shown), of a year from 1970 to 9999.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
            return Some(Self(moment.timestamp_millis())).filter(|at| (Self(0)..=Self::LAST).contains(at));
        }
        // chrono takes `+12026-01-01` and `2026-2-3` as well.
        let is_shaped = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| is_shaped)?;
        let midnight = date.and_hms_opt(0, 0, 0).filter(|_| date.year() >= 1970)?;
        let moment = on_the_wall(midnight).earliest()?.timestamp_millis();
        Some(Self(moment)).filter(|at| *at <= Self::LAST)
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
        assert_eq!(moment.plus_days(2).clock(), moment.clock());
        assert_eq!(moment.plus_days(i64::MAX), Timestamp(i64::MAX), "as far as there is time");
    }

    #[test]
    fn a_year_has_four_digits_and_a_month_and_a_day_two() {
        for text in [
            "+12026-01-01",
            "-0001-01-01",
            "0000-01-01",
            "1969-12-31",
            "2026-2-3",
            "2026-02-3",
            "0000-01-01T00:00:00Z",
            "10000-01-01T00:00:00Z",
            " 2026-02-03",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
        let day = |text| Timestamp::parse(text).unwrap();
        assert_eq!(day("9999-12-31T23:59:59Z"), Timestamp::LAST);
        assert_eq!(Timestamp::LAST.plus_years(3), Timestamp::LAST);
        assert_eq!(day("2028-02-29").plus_years(3), day("2031-02-28"));
        assert_eq!(day("2026-04-10").plus_years(3), day("2029-04-10"), "2028 has a day more");
    }
}
