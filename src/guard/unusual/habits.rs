//! What an operator usually does: when, and where. Kept for thirty days, in local time.

use std::collections::{HashSet, VecDeque};

use chrono::{Datelike, Timelike, Weekday};

use crate::model::Timestamp;
use crate::model::time::DAY_MS;

/// Days of history before habits count.
const LEARN_MS: i64 = 14 * DAY_MS;
/// Days of history that count.
const MEMORY_MS: i64 = 30 * DAY_MS;
/// Sessions in that time before hours count.
const SESSIONS_MIN: usize = 20;

/// An hour in which the operator did something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Mark {
    day: i32,
    hour: u32,
    weekend: bool,
}

/// The habits of one operator.
#[derive(Clone, Default, Debug)]
pub(super) struct Habits {
    first: Option<Timestamp>,
    sessions: VecDeque<Timestamp>,
    marks: VecDeque<(Timestamp, Mark)>,
    hosts: HashSet<String>,
}

impl Habits {
    /// Whether enough is known for what is new to be unusual.
    fn learnt(&self, now: Timestamp) -> bool {
        self.first.is_some_and(|first| now.since(first) >= LEARN_MS)
    }

    /// Remembers an event; `Some` where the workstation is new to someone who is not: days known and workstations used.
    pub(super) fn seen_on(&mut self, host: &str, now: Timestamp) -> Option<(i64, usize)> {
        let known_days = self.first.map_or(0, |first| now.since(first) / DAY_MS);
        self.first.get_or_insert(now);
        if self.hosts.contains(host) {
            return None;
        }
        let before = self.hosts.len();
        self.hosts.insert(host.to_owned());
        (before > 0 && self.learnt(now)).then_some((known_days, before))
    }

    /// Remembers an unlock.
    pub(super) fn session(&mut self, now: Timestamp) {
        self.sessions.push_back(now);
        while self.sessions.front().is_some_and(|t| now.since(*t) > MEMORY_MS) {
            self.sessions.pop_front();
        }
    }

    /// Remembers work at this time; `Some` where it is unusual: hours near this one, and all hours, of the last 30 days.
    pub(super) fn worked(&mut self, now: Timestamp) -> Option<(usize, usize)> {
        let mark = mark(now);
        // Asked and answered for this hour already.
        if self.marks.back().is_some_and(|(_, last)| *last == mark) {
            return None;
        }
        while self.marks.front().is_some_and(|(t, _)| now.since(*t) > MEMORY_MS) {
            self.marks.pop_front();
        }
        let near = self.marks.iter().filter(|(_, m)| is_near(*m, mark)).count();
        let all = self.marks.len();
        let recent = self.sessions.iter().filter(|t| now.since(**t) <= MEMORY_MS).count();
        let unusual = recent >= SESSIONS_MIN && self.learnt(now) && near * 100 < all;
        self.marks.push_back((now, mark));
        unusual.then_some((near, all))
    }
}

fn mark(now: Timestamp) -> Mark {
    let local = now.here();
    Mark {
        day: local.num_days_from_ce(),
        hour: local.hour(),
        weekend: matches!(local.weekday(), Weekday::Sat | Weekday::Sun),
    }
}

/// The same kind of day, at most an hour apart, on another day.
fn is_near(past: Mark, now: Mark) -> bool {
    let apart = past.hour.abs_diff(now.hour);
    past.weekend == now.weekend && apart.min(24 - apart) <= 1 && past.day != now.day
}
