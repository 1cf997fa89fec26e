//! Words for moments and distances in time, in the zone and with the clock the workstation shows.

use crate::model::Timestamp;
use crate::model::time::{calendar_days, shown};
use chrono::Datelike;
use std::time::Duration;

/// `02:11`.
pub(crate) fn clock(at: Timestamp) -> String {
    at.clock()
}

/// `11 Apr`, padded so that columns align.
pub(crate) fn day(at: Timestamp) -> String {
    at.local().format("%e %b").to_string()
}

/// `11 Apr 02:47:52`, or `11 Apr  2:47:52 am`; padded so that columns align.
pub(crate) fn stamp(at: Timestamp) -> String {
    let format = if shown().twelve_hours { "%e %b %l:%M:%S %P" } else { "%e %b %H:%M:%S" };
    at.local().format(format).to_string()
}

/// A column for [`stamp`]s that is `width` wide with a clock of twenty-four hours.
pub(crate) fn stamp_width(width: f32) -> f32 {
    if shown().twelve_hours { width + 24.0 } else { width }
}

/// `11 Apr 2026`.
pub(crate) fn date(at: Timestamp) -> String {
    at.local().format("%-d %b %Y").to_string()
}

/// `Thursday, 16 April`.
pub(crate) fn long_day(at: Timestamp) -> String {
    at.local().format("%A, %-d %B").to_string()
}

/// `02:45:09`.
pub(crate) fn clock_s(at: Timestamp) -> String {
    at.clock_s()
}

/// "today", "yesterday", "Sat 11 Apr", with the year where it is another.
pub(crate) fn day_words(at: Timestamp, now: Timestamp) -> String {
    match calendar_days(at, now) {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        _ if at.local().year() == now.local().year() => at.local().format("%a %-d %b").to_string(),
        _ => date(at),
    }
}

/// "5 min", "2 h 10 min", "3 d 4 h".
pub(crate) fn span(ms: i64) -> String {
    let s = ms.max(0) / 1000;
    let (days, hours, minutes) = (s / 86_400, s / 3600, s / 60);
    if days > 0 {
        format!("{days} d {} h", hours % 24)
    } else if hours > 0 {
        format!("{hours} h {:02} min", minutes % 60)
    } else if minutes > 0 {
        format!("{minutes} min")
    } else {
        format!("{s} s")
    }
}

/// `0:27`, `4:32`, `7:44:58`.
pub(crate) fn countdown(left: Duration) -> String {
    let s = left.as_secs();
    if s >= 3600 {
        format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
    } else {
        format!("{}:{:02}", s / 60, s % 60)
    }
}

/// `UTC+2`, `UTC-3:30`.
pub(crate) fn zone(at: Timestamp) -> String {
    let seconds = at.local().offset().local_minus_utc();
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    let sign = if seconds < 0 { '-' } else { '+' };
    match (seconds, minutes) {
        (0, _) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// Midnight at the start of the day of `at`.
pub(crate) fn midnight(at: Timestamp) -> Timestamp {
    Timestamp::parse(&at.local().format("%Y-%m-%d").to_string()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_said_in_the_two_largest_units() {
        assert_eq!(span(47_000), "47 s");
        assert_eq!(span(5 * 60_000), "5 min");
        assert_eq!(span(130 * 60_000), "2 h 10 min");
        assert_eq!(span(480 * 60_000), "8 h 00 min");
        assert_eq!(span(28 * 3_600_000), "1 d 4 h");
        assert_eq!(countdown(Duration::from_secs(27)), "0:27");
        assert_eq!(countdown(Duration::from_secs(27_898)), "7:44:58");
    }

    #[test]
    fn days_near_now_have_names() {
        let now = Timestamp::parse("2026-04-16").unwrap().plus_ms(9 * 3_600_000);
        assert_eq!(day_words(now, now), "today");
        assert_eq!(day_words(now.plus_days(-1), now), "yesterday");
        assert_eq!(day_words(now.plus_days(-5), now), "Sat 11 Apr");
        assert_eq!(day_words(now.plus_days(-200), now), "28 Sep 2025");
        assert_eq!(midnight(now), now.plus_ms(-9 * 3_600_000));
    }
}
