//! What a query finds, counted once and kept: the rows, the bars, the facets. A frame in which nothing changed only
//! reads it.

use super::edit;
use crate::app::UnlockedView;
use crate::audit::chart::{self, Histogram, Step};
use crate::audit::facets::{Facets, facets};
use crate::audit::index::{LogIndex, Selection};
use crate::audit::query::{self, Chip, Context, Query, QueryError, replace_time_range, without_time};
use crate::model::time::DAY_MS;
use crate::model::time::{Shown, shown};
use crate::model::{SessionTag, Timestamp};
use crate::ui::frame::Frame;
use crate::ui::widgets::Bar;
use std::collections::HashMap;

/// The presets: their words and how many hours they reach back; `None`: all of it.
pub(super) const RANGES: [(&str, Option<i64>); 5] = [
    ("24 h", Some(24)),
    ("7 d", Some(24 * 7)),
    ("30 d", Some(24 * 30)),
    ("90 d", Some(24 * 90)),
    ("All", None),
];

/// Beyond this many events the usual level and the sessions are not told: the pass would be felt.
const MANY: usize = 300_000;
/// How many weeks the usual level looks back.
const WEEKS: i64 = 8;

/// A span of time.
pub(super) type Span = (Timestamp, Timestamp);

#[derive(PartialEq, Clone)]
struct Key {
    events: usize,
    text: String,
    range: usize,
    minute: i64,
    zoom: Option<Span>,
    bins: usize,
    shown: Shown,
}

/// What was found.
#[derive(Default)]
pub(super) struct Found {
    key: Option<Key>,
    /// The events of the table, oldest first.
    pub(super) rows: Selection,
    /// Whether the table shows them so; else the newest comes first.
    pub(super) oldest_first: bool,
    /// What the table covers.
    pub(super) span: Span,
    /// What the chart covers without zoom.
    pub(super) window: Span,
    /// How many events fit the query at any time; known where none fits in the range.
    pub(super) anywhere: usize,
    /// The bars.
    pub(super) bins: Option<Histogram>,
    /// The bars as the chart wants them.
    pub(super) bars: Vec<Bar>,
    /// Words below the chart.
    pub(super) ticks: Vec<(usize, String)>,
    /// The bars the query's own range covers.
    pub(super) brush: Option<std::ops::Range<usize>>,
    /// The counts.
    pub(super) facets: Facets,
    /// Sessions by how many of the events are theirs, and how many sessions there are; empty where that is too many.
    pub(super) sessions: Vec<(SessionTag, u32)>,
    /// The query's clauses.
    pub(super) chips: Vec<Chip>,
}

/// What is asked.
pub(super) struct Asked<'a> {
    pub(super) text: &'a str,
    pub(super) range: usize,
    pub(super) zoom: Option<Span>,
    pub(super) bins: usize,
}

/// Reads a query as this page does.
pub(super) fn read(text: &str, frame: &Frame<'_>, view: &UnlockedView) -> Result<Query, QueryError> {
    query::parse_in(text, Context { now: frame.now, session: Some(view.view.session.tag) })
}

impl Found {
    /// Finds again if anything it depends on changed; says whether it did. `asked.text` must have been understood.
    pub(super) fn refresh(&mut self, frame: &Frame<'_>, view: &UnlockedView, asked: &Asked<'_>) -> bool {
        let key = Key {
            events: view.log.len(),
            text: asked.text.to_owned(),
            range: asked.range,
            minute: frame.now.0 / 60_000,
            zoom: asked.zoom,
            bins: asked.bins,
            shown: shown(),
        };
        if self.key.as_ref() == Some(&key) {
            return false;
        }
        self.key = Some(key);
        self.find(frame, view, asked);
        true
    }

    fn find(&mut self, frame: &Frame<'_>, view: &UnlockedView, asked: &Asked<'_>) {
        let (log, now): (&LogIndex, _) = (&view.log, frame.now);
        let select = |text: &str| read(text, frame, view).map(|q| q.select(log)).unwrap_or_default();
        let (first, last) = log.time_range().unwrap_or((now, now));
        let preset = RANGES.get(asked.range).and_then(|(_, hours)| *hours);
        let brushed = edit::time_range(asked.text, now);
        let end = last.max(now);
        let start = preset.map_or(first, |hours| now.plus_ms(-hours * 3_600_000));
        // A range that was typed and lies outside widens the chart: what is chosen is always on it.
        self.window = match brushed {
            Some((from, to)) => (start.min(from), end.max(to)),
            None => (start, end),
        };
        let query = read(asked.text, frame, view).ok();
        self.chips = query.as_ref().map(|q| q.chips().to_vec()).unwrap_or_default();
        let timed = self.chips.iter().any(|chip| chip.is_time);
        let within = |text: &str, (from, to): Span| select(&replace_time_range(text, from, to.plus_ms(1)));
        let base = without_time(asked.text);
        (self.rows, self.span) = if timed {
            let rows = select(asked.text);
            let span = brushed.or_else(|| span_of(log, &rows)).unwrap_or(self.window);
            (rows, span)
        } else if preset.is_none() {
            (query.map(|q| q.select(log)).unwrap_or_default(), self.window)
        } else {
            (within(asked.text, self.window), self.window)
        };
        self.anywhere = if self.rows.is_empty() { select(&base).len() } else { 0 };

        let shown = asked.zoom.unwrap_or(self.window);
        let counted = chart::histogram(log, &within(&base, shown), shown.0, shown.1, asked.bins);
        let all = if usual_makes_sense(counted.step) { select(&base) } else { Selection::default() };
        let usual = usual(log, &all, &counted, first);
        self.bars = counted
            .bins
            .iter()
            .enumerate()
            .map(|(i, b)| Bar { counts: b.counts, usual: usual.get(i).copied().flatten(), quiet: b.weekend })
            .collect();
        self.ticks = ticks(&counted);
        self.brush = brushed.and_then(|range| bars_of(&counted, range));
        self.bins = Some(counted);
        let window = self.window;
        self.count(log, asked.text, &|text: &str| match (timed, preset) {
            (false, Some(_)) => within(text, window),
            _ => select(text),
        });
    }

    /// Each field's counts are those of the query without what it asks of that very field.
    fn count(&mut self, log: &LogIndex, text: &str, select: &dyn Fn(&str) -> Selection) {
        let mut counted = facets(log, &self.rows);
        let over = |field: &str| edit::without(text, field).map(|rest| facets(log, &select(&rest)));
        if let Some(other) = over("severity") {
            counted.severity = other.severity;
        }
        if let Some(other) = over("operator") {
            counted.operator = other.operator;
        }
        if let Some(other) = over("action") {
            counted.action = other.action;
        }
        if let Some(other) = over("object") {
            counted.object = other.object;
        }
        if let Some(other) = over("outcome") {
            counted.outcome = other.outcome;
        }
        if let Some(other) = over("host") {
            counted.host = other.host;
        }
        self.facets = counted;
        self.sessions.clear();
        if self.rows.len() <= MANY {
            let mut by_tag: HashMap<SessionTag, u32> = HashMap::new();
            for row in log.rows(&self.rows) {
                *by_tag.entry(row.session()).or_default() += 1;
            }
            self.sessions = by_tag.into_iter().collect();
            self.sessions.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        }
    }

    /// The row of the log that row `at` of the table shows.
    pub(super) fn row(&self, at: usize) -> Option<u32> {
        self.turned(at).and_then(|at| self.rows.get(at))
    }

    /// Where an event of the log stands in the table.
    pub(super) fn place(&self, row: u32) -> Option<usize> {
        self.rows.position(row).ok().and_then(|at| self.turned(at))
    }

    /// From a place in the table to one in the selection, and back.
    fn turned(&self, at: usize) -> Option<usize> {
        if self.oldest_first { Some(at) } else { self.rows.len().checked_sub(at + 1) }
    }
}

fn span_of(log: &LogIndex, rows: &Selection) -> Option<Span> {
    let at = |row: Option<u32>| row.and_then(|row| log.event_row(row)).map(|event| event.time());
    Some((at(rows.rows().first().copied())?, at(rows.rows().last().copied())?))
}

fn bars_of(counted: &Histogram, (from, to): Span) -> Option<std::ops::Range<usize>> {
    let start = counted.bins.partition_point(|bin| bin.end <= from);
    let end = counted.bins.partition_point(|bin| bin.start < to);
    (start < end).then_some(start..end)
}

fn usual_makes_sense(step: Step) -> bool {
    matches!(step, Step::Seconds(900..) | Step::Hours(_) | Step::Day)
}

/// What is usual in each bar: the middle of the same hours of the eight weeks before, as far as the log reaches.
fn usual(log: &LogIndex, all: &Selection, counted: &Histogram, first: Timestamp) -> Vec<Option<f32>> {
    if all.is_empty() || all.len() > MANY {
        return Vec::new();
    }
    let mut times: Vec<i64> = log.rows(all).map(|row| row.time().0).collect();
    times.sort_unstable();
    let before = |at: i64| times.partition_point(|time| *time < at);
    let level = |bin: &chart::Bin| {
        let mut counts: Vec<usize> = (1..=WEEKS)
            .map(|week| (bin.start.0 - week * 7 * DAY_MS, bin.end.0 - week * 7 * DAY_MS))
            .filter(|(from, _)| *from >= first.0)
            .map(|(from, to)| before(to) - before(from))
            .collect();
        if counts.len() < 2 {
            return None;
        }
        counts.sort_unstable();
        Some(counts[(counts.len() - 1) / 2] as f32)
    };
    counted.bins.iter().map(level).collect()
}

/// No more than so many months are named: with more of them, every second, third or sixth is.
const MONTHS: i64 = 9;

/// Words where the calendar turns: Mondays for hours, months for days and weeks, years above that. A bar of several days
/// seldom begins with a month: the first one in it is named.
fn ticks(counted: &Histogram) -> Vec<(usize, String)> {
    use chrono::{Datelike, Timelike, Weekday};
    let mut ticks = Vec::new();
    let days =
        counted.bins.last().zip(counted.bins.first()).map_or(0, |(b, a)| b.end.since(a.start) / DAY_MS);
    let twelve = shown().twelve_hours;
    let every = [1, 2, 3].into_iter().find(|every| days / 30 / i64::from(*every) <= MONTHS).unwrap_or(6);
    let mut before = None;
    for (i, bin) in counted.bins.iter().enumerate() {
        let at = bin.start.local();
        let midnight = at.hour() == 0 && at.minute() == 0;
        let month = (at.year(), at.month0());
        let last = before.replace(month).unwrap_or(month);
        let (turns, format) = match days {
            0..=2 => (at.minute() == 0 && at.hour() % 6 == 0, if twelve { "%a %-I %P" } else { "%a %H:%M" }),
            3..=10 => (midnight, "%a %-d %b"),
            11..=75 => (midnight && at.weekday() == Weekday::Mon, "%a %-d %b"),
            76..=800 => (month != last && at.month0() % every == 0, "%b %Y"),
            _ => (at.year() != last.0, "%Y"),
        };
        // The first bar is named too, unless the next name would stand on it.
        if turns || i == 0 {
            let format = if i == 0 && days > 75 { "%b %Y" } else { format };
            ticks.push((i, at.format(format).to_string()));
        }
    }
    if let [(a, _), (b, _), ..] = ticks.as_slice()
        && *b - *a < 8
    {
        ticks.remove(0);
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(from: &str, days: i64) -> Vec<String> {
        let start = Timestamp::parse(from).unwrap();
        let end = start.plus_ms(days * DAY_MS);
        let counted = chart::histogram(&LogIndex::default(), &Selection::default(), start, end, 100);
        ticks(&counted).into_iter().map(|(_, words)| words).collect()
    }

    #[test]
    fn months_are_named_at_even_steps_and_none_is_left_out() {
        assert_eq!(named("2026-01-01", 88), ["Jan 2026", "Feb 2026", "Mar 2026"]);
        let year = ["Mar 2025", "May 2025", "Jul 2025", "Sep 2025", "Nov 2025", "Jan 2026", "Mar 2026"];
        let shown = named("2025-02-10", 425);
        assert!(shown.iter().any(|words| *words == year[0]), "{shown:?}");
        assert_eq!(shown[shown.len() - 7..], year, "{shown:?}");
        let long = named("2024-01-01", 780);
        let step =
            ["Apr 2024", "Jul 2024", "Oct 2024", "Jan 2025", "Apr 2025", "Jul 2025", "Oct 2025", "Jan 2026"];
        assert_eq!(long[long.len() - 8..], step, "{long:?}");
    }
}
