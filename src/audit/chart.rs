//! Events over time, in bars that begin where the calendar does.
//!
//! Steps are those a person counts in (1, 5, 15, 30 seconds or minutes; 1, 3, 6, 12 hours; days, weeks from Monday,
//! months …), aligned to the workstation's time zone. A day with a clock change is one bar of 23 or 25 hours. One pass
//! over the selection; draws nothing and knows no colours.

use chrono::{
    DateTime, Datelike, Days, Local, Months, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc, Weekday,
};

use super::index::{LogIndex, Selection};
use crate::model::Timestamp;

/// How long one bar is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Seconds, a divisor of an hour.
    Seconds(u32),
    /// Hours, a divisor of a day.
    Hours(u32),
    /// One day.
    Day,
    /// Seven days from a Monday.
    Week,
    /// Months, a divisor of twelve.
    Months(u32),
    /// Years.
    Years(u32),
}

/// Every step, shortest first.
const STEPS: [Step; 21] = [
    Step::Seconds(1),
    Step::Seconds(5),
    Step::Seconds(15),
    Step::Seconds(30),
    Step::Seconds(60),
    Step::Seconds(300),
    Step::Seconds(900),
    Step::Seconds(1800),
    Step::Hours(1),
    Step::Hours(3),
    Step::Hours(6),
    Step::Hours(12),
    Step::Day,
    Step::Week,
    Step::Months(1),
    Step::Months(3),
    Step::Years(1),
    Step::Years(5),
    Step::Years(10),
    Step::Years(100),
    Step::Years(1000),
];

/// The most bars ever made.
const BINS_MAX: usize = 4096;
/// The latest and earliest moments drawn: years 0 to 9999 or so, safely inside chrono's range.
const FIRST_MS: i64 = -62_000_000_000_000;
const LAST_MS: i64 = 250_000_000_000_000;

impl Step {
    /// The length in words: "6 h".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Seconds(s) if s % 60 == 0 => format!("{} min", s / 60),
            Self::Seconds(s) => format!("{s} s"),
            Self::Hours(h) => format!("{h} h"),
            Self::Day => "1 d".to_owned(),
            Self::Week => "1 w".to_owned(),
            Self::Months(m) => format!("{m} mo"),
            Self::Years(y) => format!("{y} y"),
        }
    }

    /// The usual length in milliseconds, for choosing.
    fn usual_ms(self) -> i64 {
        const HOUR: i64 = 3_600_000;
        match self {
            Self::Seconds(s) => i64::from(s) * 1000,
            Self::Hours(h) => i64::from(h) * HOUR,
            Self::Day => 24 * HOUR,
            Self::Week => 168 * HOUR,
            Self::Months(m) => i64::from(m) * 30 * 24 * HOUR,
            Self::Years(y) => i64::from(y) * 365 * 24 * HOUR,
        }
    }
}

/// One bar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bin {
    /// Where it begins.
    pub start: Timestamp,
    /// Where the next begins.
    pub end: Timestamp,
    /// How many events of each severity, info first, as [`crate::model::Severity::ALL`].
    pub counts: [u32; 4],
    /// Whether it lies on a Saturday or Sunday; never for bars longer than a day.
    pub weekend: bool,
}

impl Bin {
    /// How many events.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.counts.iter().fold(0, |sum, n| sum.saturating_add(*n))
    }
}

/// Bars side by side, without gaps.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Histogram {
    /// How long a bar is.
    pub step: Step,
    /// The same for a person: "1 bar = 6 h".
    pub step_label: String,
    /// The bars, oldest first; the first begins at or before the asked start, the last ends after the asked end.
    pub bins: Vec<Bin>,
}

impl Histogram {
    /// The most events in one bar.
    #[must_use]
    pub fn highest(&self) -> u32 {
        self.bins.iter().map(Bin::total).max().unwrap_or(0)
    }

    /// The bar in which `time` lies.
    #[must_use]
    pub fn bin_at(&self, time: Timestamp) -> Option<usize> {
        let after = self.bins.partition_point(|bin| bin.start <= time);
        let at = after.checked_sub(1)?;
        (time < self.bins[at].end).then_some(at)
    }
}

/// Counts the events of a selection from `from` to `to` (both included) in at most `max_bins` bars.
#[must_use]
pub fn histogram(
    index: &LogIndex,
    selection: &Selection,
    from: Timestamp,
    to: Timestamp,
    max_bins: usize,
) -> Histogram {
    if crate::model::time::shown().utc {
        histogram_in(&Utc, index, selection, from, to, max_bins)
    } else {
        histogram_in(&Local, index, selection, from, to, max_bins)
    }
}

/// As [`histogram`], in a given time zone.
#[must_use]
pub fn histogram_in<Z: TimeZone>(
    zone: &Z,
    index: &LogIndex,
    selection: &Selection,
    from: Timestamp,
    to: Timestamp,
    max_bins: usize,
) -> Histogram {
    let (step, mut bins) = empty_bins(zone, from, to, max_bins);
    // The clock mostly runs forward: the bar of the event before is the first guess.
    let mut guess = 0;
    for row in selection.rows() {
        let Some((block, at)) = index.block_of(*row) else { continue };
        let time = Timestamp(block.time[at]);
        let inside = |bin: &Bin| bin.start <= time && time < bin.end;
        if !bins.get(guess).is_some_and(inside) {
            let after = bins.partition_point(|bin| bin.start <= time);
            guess = after.saturating_sub(1);
        }
        if let Some(bin) = bins.get_mut(guess).filter(|bin| inside(bin)) {
            bin.counts[usize::from(block.severity[at]) % 4] += 1;
        }
    }
    Histogram { step, step_label: format!("1 bar = {}", step.words()), bins }
}

/// The bars of the shortest step that needs no more than `max_bins` of them.
fn empty_bins<Z: TimeZone>(zone: &Z, from: Timestamp, to: Timestamp, max_bins: usize) -> (Step, Vec<Bin>) {
    let (from, to) = if from <= to { (from, to) } else { (to, from) };
    let (from, to) = (from.0.clamp(FIRST_MS, LAST_MS), to.0.clamp(FIRST_MS, LAST_MS));
    let max_bins = max_bins.clamp(1, BINS_MAX);
    let needed = |step: &Step| (to - from) / step.usual_ms() <= max_bins as i64 + 1;
    for step in STEPS.into_iter().filter(needed) {
        if let Some(bins) = bins_of(zone, step, from, to, max_bins) {
            return (step, bins);
        }
    }
    // Two bars of the longest step always suffice but where only one was allowed: then there is one bar for all.
    let whole =
        Bin { start: Timestamp(from), end: Timestamp(to.saturating_add(1)), counts: [0; 4], weekend: false };
    (Step::Years(1000), vec![whole])
}

/// The bars from the one that holds `from` to the one that holds `to`; `None` where there would be more than `max_bins`.
fn bins_of<Z: TimeZone>(zone: &Z, step: Step, from: i64, to: i64, max_bins: usize) -> Option<Vec<Bin>> {
    let mut bins = Vec::new();
    let mut start = floor(zone, step, from)?;
    while start <= to {
        if bins.len() == max_bins {
            return None;
        }
        let mut end = next(zone, step, start)?;
        if end <= start {
            // A clock that was put back over a boundary: take the boundary after it.
            end = start.saturating_add(step.usual_ms());
        }
        let day = local(zone, start)?.weekday();
        let short = !matches!(step, Step::Week | Step::Months(_) | Step::Years(_));
        let weekend = short && matches!(day, Weekday::Sat | Weekday::Sun);
        bins.push(Bin { start: Timestamp(start), end: Timestamp(end), counts: [0; 4], weekend });
        start = end;
    }
    Some(bins)
}

/// The start of the bar that holds `ms`.
fn floor<Z: TimeZone>(zone: &Z, step: Step, ms: i64) -> Option<i64> {
    let now = local(zone, ms)?;
    let (date, hour) = (now.date(), chrono::Timelike::hour(&now));
    let start = match step {
        // Up to an hour the clock's changes, which are whole hours, do not move the boundaries.
        Step::Seconds(_) | Step::Hours(1) => {
            let length = step.usual_ms();
            let offset = now.and_utc().timestamp_millis() - ms;
            return Some(ms - (ms + offset).rem_euclid(length));
        }
        Step::Hours(h) => date.and_hms_opt(hour / h * h, 0, 0)?,
        Step::Day => date.and_hms_opt(0, 0, 0)?,
        Step::Week => {
            let back = date.weekday().num_days_from_monday();
            date.checked_sub_days(Days::new(back.into()))?.and_hms_opt(0, 0, 0)?
        }
        Step::Months(m) => {
            NaiveDate::from_ymd_opt(date.year(), date.month0() / m * m + 1, 1)?.and_hms_opt(0, 0, 0)?
        }
        Step::Years(y) => {
            let year = date.year().div_euclid(y as i32) * y as i32;
            NaiveDate::from_ymd_opt(year, 1, 1)?.and_hms_opt(0, 0, 0)?
        }
    };
    moment(zone, start)
}

/// The start of the bar after the one that starts at `start`.
fn next<Z: TimeZone>(zone: &Z, step: Step, start: i64) -> Option<i64> {
    let now = local(zone, start)?;
    let date = now.date();
    let midnight = |date: NaiveDate| date.and_hms_opt(0, 0, 0);
    let following = match step {
        Step::Seconds(_) | Step::Hours(1) => return start.checked_add(step.usual_ms()),
        Step::Hours(h) => {
            // From the boundary, not from the start: a bar that begins late because of the clock still ends in time.
            let hour = chrono::Timelike::hour(&now) / h * h;
            date.and_hms_opt(hour, 0, 0)?.checked_add_signed(TimeDelta::hours(h.into()))?
        }
        Step::Day => midnight(date.checked_add_days(Days::new(1))?)?,
        Step::Week => midnight(date.checked_add_days(Days::new(7))?)?,
        Step::Months(m) => midnight(date.checked_add_months(Months::new(m))?)?,
        Step::Years(y) => midnight(date.checked_add_months(Months::new(12 * y))?)?,
    };
    moment(zone, following)
}

/// What the clock on the wall shows.
fn local<Z: TimeZone>(zone: &Z, ms: i64) -> Option<NaiveDateTime> {
    let utc: DateTime<Utc> = DateTime::from_timestamp_millis(ms)?;
    Some(utc.with_timezone(zone).naive_local())
}

/// When the clock on the wall shows this, the first time; where it never does, an hour later.
fn moment<Z: TimeZone>(zone: &Z, naive: NaiveDateTime) -> Option<i64> {
    let found = zone.from_local_datetime(&naive).earliest().or_else(|| {
        let later = naive.checked_add_signed(TimeDelta::hours(1))?;
        zone.from_local_datetime(&later).earliest()
    })?;
    Some(found.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::super::index::tests::busy_log;
    use super::*;
    use chrono::{FixedOffset, MappedLocalTime};
    use proptest::prelude::*;

    /// Berlin in 2026: UTC+1, UTC+2 from 29 March 01:00 UTC to 25 October 01:00 UTC.
    #[derive(Clone, Copy, Debug)]
    struct Berlin;

    const SPRING: i64 = 1_774_746_000;
    const AUTUMN: i64 = 1_792_890_000;

    fn berlin_offset(utc: &NaiveDateTime) -> FixedOffset {
        let summer = (SPRING..AUTUMN).contains(&utc.and_utc().timestamp());
        FixedOffset::east_opt(if summer { 7200 } else { 3600 }).unwrap()
    }

    impl TimeZone for Berlin {
        type Offset = FixedOffset;
        fn from_offset(_: &FixedOffset) -> Self {
            Self
        }
        fn offset_from_local_date(&self, date: &NaiveDate) -> MappedLocalTime<FixedOffset> {
            self.offset_from_local_datetime(&date.and_hms_opt(12, 0, 0).unwrap())
        }
        fn offset_from_local_datetime(&self, at: &NaiveDateTime) -> MappedLocalTime<FixedOffset> {
            let fits = |hours: i64| {
                let utc = *at - TimeDelta::hours(hours);
                let offset = berlin_offset(&utc);
                (i64::from(offset.local_minus_utc()) == hours * 3600).then_some(offset)
            };
            match (fits(2), fits(1)) {
                (Some(a), Some(b)) => MappedLocalTime::Ambiguous(a, b),
                (Some(a), None) | (None, Some(a)) => MappedLocalTime::Single(a),
                (None, None) => MappedLocalTime::None,
            }
        }
        fn offset_from_utc_date(&self, date: &NaiveDate) -> FixedOffset {
            berlin_offset(&date.and_hms_opt(0, 0, 0).unwrap())
        }
        fn offset_from_utc_datetime(&self, utc: &NaiveDateTime) -> FixedOffset {
            berlin_offset(utc)
        }
    }

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn days_begin_at_midnight_where_the_reader_is_also_when_the_clocks_change() {
        let (step, bins) = empty_bins(&Berlin, at("2026-03-27T12:00:00Z"), at("2026-03-31T12:00:00Z"), 5);
        assert_eq!(step, Step::Day);
        let starts: Vec<_> = bins.iter().map(|b| b.start.iso()).collect();
        let expected = [
            "2026-03-26T23:00:00Z",
            "2026-03-27T23:00:00Z",
            "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
            "2026-03-30T22:00:00Z",
        ];
        assert_eq!(starts, expected);
        assert_eq!(bins[2].end.since(bins[2].start), 23 * 3_600_000);
        assert_eq!(bins.iter().map(|b| b.weekend).collect::<Vec<_>>(), [false, true, true, false, false]);
    }

    #[test]
    fn hours_stay_hours_and_quarters_of_a_day_stay_aligned_when_the_clocks_change() {
        for (from, to) in [
            ("2026-10-24T20:00:00Z", "2026-10-25T12:00:00Z"),
            ("2026-03-28T20:00:00Z", "2026-03-29T12:00:00Z"),
        ] {
            let hours = bins_of(&Berlin, Step::Hours(1), at(from).0, at(to).0, 100).unwrap();
            assert!(hours.iter().all(|b| b.end.since(b.start) == 3_600_000));
            let sixths = bins_of(&Berlin, Step::Hours(6), at(from).0, at(to).0, 100).unwrap();
            for bin in &sixths {
                let clock = local(&Berlin, bin.start.0).unwrap();
                assert_eq!(chrono::Timelike::hour(&clock) % 6, 0, "{}", bin.start.iso());
            }
        }
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_the_first() {
        let weeks =
            bins_of(&Utc, Step::Week, at("2026-04-09T12:00:00Z").0, at("2026-04-20T00:00:00Z").0, 9).unwrap();
        let starts: Vec<_> = weeks.iter().map(|b| b.start.iso()).collect();
        assert_eq!(starts, ["2026-04-06T00:00:00Z", "2026-04-13T00:00:00Z", "2026-04-20T00:00:00Z"]);
        let months =
            bins_of(&Utc, Step::Months(1), at("2026-01-31T12:00:00Z").0, at("2026-03-01T00:00:00Z").0, 9);
        let starts: Vec<_> = months.unwrap().iter().map(|b| b.start.iso()).collect();
        assert_eq!(starts, ["2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"]);
    }

    #[test]
    fn the_bars_count_every_selected_event_once_by_severity() {
        let events = busy_log(5000);
        let index = LogIndex::from_events(&events);
        let (from, to) = index.time_range().unwrap();
        let chart = histogram(&index, &Selection::all(&index), from, to, 60);
        assert_eq!(chart.bins.iter().map(|b| b.total() as usize).sum::<usize>(), events.len());
        assert_eq!(chart.step_label, "1 bar = 3 h");
        for bin in &chart.bins {
            let inside = events.iter().filter(|e| bin.start <= e.time && e.time < bin.end);
            assert_eq!(inside.count(), bin.total() as usize);
            assert_eq!(chart.bin_at(bin.start), chart.bins.iter().position(|b| b == bin));
        }
        assert_eq!(chart.bin_at(Timestamp(0)), None);
        let part = histogram(&index, &Selection::all(&index), from, from.plus_ms(59 * 60_000), 60);
        assert!(part.bins.len() == 60 && part.highest() == 1);
    }

    #[test]
    fn a_clock_that_ran_backwards_loses_no_event() {
        let mut events = busy_log(100);
        events[50].time = events[10].time;
        let index = LogIndex::from_events(&events);
        let (from, to) = index.time_range().unwrap();
        let chart = histogram(&index, &Selection::all(&index), from, to, 24);
        assert_eq!(chart.bins.iter().map(Bin::total).sum::<u32>(), 100);
    }

    proptest! {
        #[test]
        fn bars_follow_each_other_without_gaps_cover_the_range_and_are_never_too_many(
            from in -70_000_000_000_000i64..260_000_000_000_000, length in 0i64..200_000_000_000_000, max in 0usize..200,
            short in 0i64..100_000_000_000,
        ) {
            for to in [from + length, from + short] {
                let (_, bins) = empty_bins(&Berlin, Timestamp(from), Timestamp(to), max);
                prop_assert!(bins.len() <= max.max(1) && !bins.is_empty());
                prop_assert!(bins.windows(2).all(|two| two[0].end == two[1].start));
                prop_assert!(bins.iter().all(|bin| bin.start < bin.end));
                prop_assert!(bins[0].start.0 <= from.clamp(FIRST_MS, LAST_MS));
                prop_assert!(bins[bins.len() - 1].end.0 > to.clamp(FIRST_MS, LAST_MS));
            }
        }

        #[test]
        fn no_range_however_absurd_makes_it_panic(from in any::<i64>(), to in any::<i64>(), max in any::<usize>()) {
            let _ = empty_bins(&Berlin, Timestamp(from), Timestamp(to), max);
        }
    }
}
