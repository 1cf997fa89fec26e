//! Moments as they are typed: dates, times of day, and distances from now. Local time unless an offset is given.
//!
//! A date names its whole day and `12:30` its whole minute, so that `time:2026-03-01` is a day of events and
//! `time>2026-03-01` starts on the second. A distance (`-7d`) names one instant.

use chrono::{DateTime, Days, Months, NaiveDate, NaiveDateTime, NaiveTime};

use super::{Op, Operand, QueryError, Term, Value};
use crate::model::Timestamp;
use crate::model::time::{DAY_MS, on_the_wall};

/// The time a text names: from `from` up to, not including, `to`; an instant where both are the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// Its start.
    pub from: Timestamp,
    /// Its end, not included.
    pub to: Timestamp,
    /// Whether it is a day or longer: such an end of a range is meant to be included.
    pub whole_days: bool,
}

/// From when to when: both in milliseconds, `to` not included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// Its start.
    pub from: i64,
    /// Its end, not included.
    pub to: i64,
}

impl Window {
    /// Whether `time` lies in it.
    #[must_use]
    pub fn holds(self, time: i64) -> bool {
        self.from <= time && time < self.to
    }
}

/// Whether `word` is a distance into the past: `-7d`, `-12h`, `-30min`, `-2w`.
#[must_use]
pub fn is_relative(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|rest| duration(rest).is_some())
}

/// A distance in milliseconds: `30s`, `15min` (or `15m`), `12h`, `7d`, `2w`, `3mo` (of 30 days), `1y` (of 365).
#[must_use]
pub fn duration(text: &str) -> Option<i64> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let number: i64 = text[..digits].parse().ok().filter(|n| *n <= 1_000_000)?;
    let unit = match text[digits..].to_ascii_lowercase().as_str() {
        "s" => 1000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        "d" => DAY_MS,
        "w" => 7 * DAY_MS,
        "mo" => 30 * DAY_MS,
        "y" => 365 * DAY_MS,
        _ => return None,
    };
    number.checked_mul(unit)
}

/// Reads a moment: `2026-03-01`, `2026-03`, `2026-03-01T12:30`, `…:05`, `…Z`, `…+02:00`, `now`, `today`, `yesterday`,
/// `tomorrow`, `-7d`, `+7d`.
#[must_use]
pub fn read(text: &str, now: Timestamp) -> Option<Span> {
    let instant = |at: Timestamp| Some(Span { from: at, to: at, whole_days: false });
    if let Some(back) = text.strip_prefix('-').and_then(duration) {
        return instant(now.plus_ms(-back));
    }
    if let Some(ahead) = text.strip_prefix('+').and_then(duration) {
        return instant(now.plus_ms(ahead));
    }
    let today = now.local().date_naive();
    match text.to_ascii_lowercase().as_str() {
        "now" => instant(now),
        "today" => days(today, today.checked_add_days(Days::new(1))?),
        "yesterday" => days(today.checked_sub_days(Days::new(1))?, today),
        "tomorrow" => {
            let tomorrow = today.checked_add_days(Days::new(1))?;
            days(tomorrow, tomorrow.checked_add_days(Days::new(1))?)
        }
        _ => read_date(text).or_else(|| read_time(text)),
    }
}

/// The local day that `time` falls on, and the one after it, as moments.
#[must_use]
pub fn local_midnight(date: NaiveDate) -> Option<Timestamp> {
    local(date.and_time(NaiveTime::MIN))
}

/// A local moment as it is typed, as short as it can be said exactly: `2026-04-09T12:00`. With an offset where the
/// clock shows the same time twice that day.
#[must_use]
pub fn write(at: Timestamp) -> String {
    let moment = at.local();
    let naive = moment.naive_local();
    let format = match (at.0.rem_euclid(1000), at.0.rem_euclid(60_000)) {
        (0, 0) => "%Y-%m-%dT%H:%M",
        (0, _) => "%Y-%m-%dT%H:%M:%S",
        _ => "%Y-%m-%dT%H:%M:%S%.3f",
    };
    let twice = on_the_wall(naive).single().is_none();
    let text = naive.format(format).to_string();
    if twice { text + &moment.format("%:z").to_string() } else { text }
}

/// A moment for a person: "9 Apr 12:00", with the year where it is not the year of `now`, without a time at midnight.
#[must_use]
pub fn words(at: Timestamp, now: Timestamp) -> String {
    use chrono::{Datelike, Timelike};
    let (moment, today) = (at.local(), now.local());
    let mut text = moment.format("%-d %b").to_string();
    if moment.year() != today.year() {
        text += &moment.format(" %Y").to_string();
    }
    if moment.second() != 0 {
        text += &format!(" {}", at.clock_s());
    } else if (moment.hour(), moment.minute()) != (0, 0) {
        text += &format!(" {}", at.clock());
    }
    text
}

/// The windows a term over a moment asks for; any of them will do.
///
/// # Errors
/// A value is not a moment.
pub fn windows(term: &Term, text: &str, now: Timestamp) -> Result<Vec<Window>, QueryError> {
    match &term.operand {
        Operand::One(value) => Ok(vec![compared(term.op, value, text, now)?]),
        Operand::List(values) => values.iter().map(|v| compared(term.op, v, text, now)).collect(),
        Operand::Range(from, to) => {
            let from = from.as_ref().map(|v| span(v, text, now)).transpose()?;
            let to = to.as_ref().map(|v| span(v, text, now)).transpose()?;
            let end = to.map(|span| if span.whole_days { span.to } else { span.from });
            Ok(vec![Window { from: from.map_or(i64::MIN, |s| s.from.0), to: end.map_or(i64::MAX, |t| t.0) }])
        }
    }
}

/// The moment `value` names.
///
/// # Errors
/// It is none.
pub fn span(value: &Value, text: &str, now: Timestamp) -> Result<Span, QueryError> {
    read(&value.text, now).ok_or_else(|| {
        let message = format!(
            "The value `{}` is not a time. Write 2026-03-01, 2026-03-01T12:30, -7d, today or yesterday.",
            value.text
        );
        QueryError::at(text, value.span.clone(), message)
    })
}

fn compared(op: Op, value: &Value, text: &str, now: Timestamp) -> Result<Window, QueryError> {
    let Span { from, to, .. } = span(value, text, now)?;
    let after = to.0.max(from.0.saturating_add(1));
    let (from, to) = match op {
        // A distance into the past, said without an order, means "since then".
        Op::Is | Op::Eq | Op::Ne if from == to => (from.0, i64::MAX),
        Op::Is | Op::Eq | Op::Ne => (from.0, to.0),
        Op::Gt => (after, i64::MAX),
        Op::Ge => (from.0, i64::MAX),
        Op::Lt => (i64::MIN, from.0),
        Op::Le => (i64::MIN, after),
    };
    Ok(Window { from, to })
}

fn days(from: NaiveDate, to: NaiveDate) -> Option<Span> {
    Some(Span { from: local_midnight(from)?, to: local_midnight(to)?, whole_days: true })
}

fn read_date(text: &str) -> Option<Span> {
    if !text.is_ascii() {
        return None;
    }
    if text.len() == 7 {
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()?;
        return days(first, first.checked_add_months(Months::new(1))?);
    }
    let date = (text.len() == 10).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())??;
    days(date, date.checked_add_days(Days::new(1))?)
}

fn read_time(text: &str) -> Option<Span> {
    let text = text.replacen(' ', "T", 1);
    let (date, clock) = text.split_once('T')?;
    let zone = clock.find(['Z', 'z', '+', '-']);
    let (clock, zone) = clock.split_at(zone.unwrap_or(clock.len()));
    let step = match clock.len() {
        5 => 60_000,
        8 => 1000,
        _ => 1,
    };
    let full = if clock.len() == 5 { format!("{date}T{clock}:00") } else { format!("{date}T{clock}") };
    let from = if zone.is_empty() {
        local(NaiveDateTime::parse_from_str(&full, "%Y-%m-%dT%H:%M:%S%.f").ok()?)?
    } else {
        Timestamp(DateTime::parse_from_rfc3339(&(full + zone)).ok()?.timestamp_millis())
    };
    Some(Span { from, to: from.plus_ms(step), whole_days: false })
}

/// A time of the clock on the wall. Where it was shown twice the first is meant, where it was skipped the hour after.
fn local(naive: NaiveDateTime) -> Option<Timestamp> {
    let moment = on_the_wall(naive).earliest().or_else(|| {
        let later = naive.checked_add_signed(chrono::TimeDelta::hours(1))?;
        on_the_wall(later).earliest()
    })?;
    Some(Timestamp(moment.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_775_812_509_123);

    fn at(text: &str) -> Timestamp {
        read(text, NOW).unwrap().from
    }

    #[test]
    fn a_date_names_its_day_a_minute_its_minute_and_a_distance_an_instant() {
        let day = read("2026-03-01", NOW).unwrap();
        assert_eq!((day.from, day.to), (at("2026-03-01T00:00"), at("2026-03-02T00:00")));
        assert!(day.whole_days);
        let minute = read("2026-03-01T12:30", NOW).unwrap();
        assert_eq!(minute.to.since(minute.from), 60_000);
        assert_eq!(at("2026-03-01T12:30:05.250Z").0, 1_772_368_205_250);
        assert_eq!(at("2026-03-01T12:30+02:00"), at("2026-03-01T10:30Z"));
        assert_eq!(at("2026-03-01 12:30"), at("2026-03-01T12:30"));
        assert_eq!(read("2026-02", NOW).unwrap().to, at("2026-03-01"));
        assert_eq!(at("-7d"), NOW.plus_days(-7));
        assert_eq!(read("yesterday", NOW).unwrap().to, at("today"));
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "7d",
            "2026-13-01",
            "2026-02-30",
            "12:30",
            "-d",
            "-99999999d",
            "é",
            "2026-03-01T",
            "T",
            "2026-é1",
        ] {
            assert_eq!(read(text, NOW), None, "{text}");
        }
    }

    fn window(query: &str) -> Window {
        let node = crate::model::query_text::parse(query).unwrap().unwrap();
        let crate::model::query_text::Expr::Field(term) = node.expr else { panic!() };
        windows(&term, query, NOW).unwrap()[0]
    }

    #[test]
    fn a_range_of_days_includes_its_last_day_and_a_range_of_times_ends_at_its_end() {
        assert_eq!(window("time:2026-03-01..2026-03-31").to, at("2026-04-01").0);
        assert_eq!(window("time:2026-03-01T00:00..2026-03-31T12:00").to, at("2026-03-31T12:00").0);
        assert_eq!(window("time>2026-03-01").from, at("2026-03-02").0);
        assert_eq!(window("time>=2026-03-01").from, at("2026-03-01").0);
        assert_eq!(window("time<2026-03-01").to, at("2026-03-01").0);
        assert_eq!(window("time<=2026-03-01").to, at("2026-03-02").0);
        assert_eq!(window("time:-7d"), Window { from: NOW.plus_days(-7).0, to: i64::MAX });
    }

    proptest! {
        #[test]
        fn a_written_moment_reads_back(ms in 0i64..4_000_000_000_000) {
            for ms in [ms, ms / 1000 * 1000, ms / 60_000 * 60_000] {
                prop_assert_eq!(read(&write(Timestamp(ms)), NOW).map(|s| s.from), Some(Timestamp(ms)));
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,24}", digits in "[-+0-9TZ: .]{0,24}") {
            let _ = (read(&text, NOW), read(&digits, NOW), duration(&text), duration(&digits));
        }
    }
}
