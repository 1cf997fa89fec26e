//! The plan: which day what happens. Made from the seed alone; nothing is done here.

use chrono::Datelike;

use super::chance::Chance;
use super::keys::{Cast, Fate};
use crate::model::time::DAY_MS;
use crate::model::{Settings, Timestamp};

/// The days the story covers: fourteen months.
pub(super) const DAYS: i64 = 425;
/// Keys that come in together are put in on one of the first days.
const FIRST_DAYS: i64 = 45;

/// Something that must happen on a day. Numbers are places in the cast.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Act {
    Create(usize),
    Rotate(usize),
    Revert(usize),
    Suspend(usize),
    Compromise(usize),
    Deactivate(usize),
    ScheduleDestroy(usize),
    CancelDestroy(usize),
    Destroy(usize),
    TightenLimits,
    Backup,
    ExportOne,
    Audit,
    RefusedReveal,
    Burst,
}

/// What the acts of one day are done by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Who {
    Administrator,
    Custodian,
    Auditor,
}

/// One session.
#[derive(Debug)]
pub(super) struct Sitting {
    /// Days before the end.
    pub day: i64,
    pub who: Who,
    pub acts: Vec<Act>,
}

/// Every session, oldest first. `count` is how many there should be besides those the acts need.
pub(super) fn sittings(
    cast: &[Cast],
    settings: &Settings,
    end: Timestamp,
    count: usize,
    chance: &mut Chance,
) -> Vec<Sitting> {
    let mut acts: Vec<(i64, Who, Act)> = Vec::new();
    for (i, key) in cast.iter().enumerate() {
        for (day, act) in life(i, key, settings, chance) {
            let who = if chance.percent(60) { Who::Administrator } else { Who::Custodian };
            acts.push((working_day(end, day), only_administrators(act).unwrap_or(who), act));
        }
    }
    acts.extend((0..DAYS / 30).map(|month| (working_day(end, 3 + month * 30), Who::Auditor, Act::Audit)));
    acts.extend((0..DAYS / 60).map(|i| (working_day(end, 4 + i * 60), Who::Administrator, Act::Backup)));
    acts.push((working_day(end, 300), Who::Administrator, Act::TightenLimits));
    acts.push((working_day(end, 63), Who::Auditor, Act::RefusedReveal));
    acts.push((working_day(end, 118), Who::Administrator, Act::ExportOne));
    acts.push((saturday(end), Who::Administrator, Act::Burst));
    let extra = count.saturating_sub(days_of(&acts));
    let mut empty: Vec<_> =
        (0..extra).map(|_| (working_day(end, chance.between(1, DAYS - 3)), reader(chance))).collect();
    // The last day is never quiet.
    empty.push((working_day(end, 1), Who::Administrator));
    gather(acts, empty)
}

/// A key's life as days before the end.
fn life(i: usize, key: &Cast, settings: &Settings, chance: &mut Chance) -> Vec<(i64, Act)> {
    let interval = key.interval(settings);
    let last = match (key.fate, interval) {
        (Fate::Late(days), Some(interval)) => interval + days,
        (Fate::Due(days), Some(interval)) => interval - days,
        (_, Some(interval)) => chance.between(interval / 20, interval / 2),
        (_, None) => chance.between(90, DAYS - FIRST_DAYS),
    };
    // Back from the last value to the first, which is the key's own making.
    let mut values = vec![last.clamp(2, DAYS - 2)];
    let step = interval.unwrap_or(160);
    while let Some(before) = values.last().map(|day| day + step - chance.between(0, step / 12))
        && before < DAYS - 1
    {
        values.push(before);
    }
    let mut life: Vec<_> = values.iter().rev().map(|day| (*day, Act::Rotate(i))).collect();
    if let Some(first) = life.first_mut() {
        first.1 = Act::Create(i);
    }
    let end_of_use = |life: &mut Vec<(i64, Act)>, day: i64| {
        life.retain(|(at, act)| *at > day || matches!(act, Act::Create(_)))
    };
    match key.fate {
        Fate::Reverted => {
            life.retain(|(day, act)| *day > 40 || matches!(act, Act::Create(_)));
            life.extend([(40, Act::Rotate(i)), (39, Act::Revert(i)), (34, Act::Rotate(i))]);
        }
        Fate::Suspended => {
            end_of_use(&mut life, 21);
            life.push((20, Act::Suspend(i)));
        }
        Fate::Compromised => {
            end_of_use(&mut life, 16);
            life.push((15, Act::Compromise(i)));
        }
        Fate::Doomed => {
            end_of_use(&mut life, 60);
            life.extend([
                (55, Act::Deactivate(i)),
                (33, Act::ScheduleDestroy(i)),
                (31, Act::CancelDestroy(i)),
            ]);
            life.push((11, Act::ScheduleDestroy(i)));
        }
        Fate::Destroyed => {
            end_of_use(&mut life, 150);
            life.extend([(140, Act::Deactivate(i)), (139, Act::ScheduleDestroy(i)), (100, Act::Destroy(i))]);
        }
        Fate::PreActive => life = vec![(6, Act::Create(i))],
        Fate::Late(_) | Fate::Due(_) | Fate::Well => {}
    }
    // The key must be there before anything happens to it, whatever the chances said.
    if let Some(made) = life.iter_mut().find(|(_, act)| matches!(act, Act::Create(_))) {
        let first = life_start(key.fate);
        made.0 = made.0.max(first);
    }
    life
}

/// The latest day on which a key of this fate can have been made.
fn life_start(fate: Fate) -> i64 {
    match fate {
        Fate::Destroyed => 160,
        Fate::Doomed => 70,
        Fate::Reverted => 50,
        Fate::Suspended | Fate::Compromised => 30,
        _ => 0,
    }
}

fn only_administrators(act: Act) -> Option<Who> {
    matches!(act, Act::Destroy(_) | Act::Compromise(_) | Act::Create(_)).then_some(Who::Administrator)
}

fn reader(chance: &mut Chance) -> Who {
    if chance.percent(45) { Who::Administrator } else { Who::Custodian }
}

fn days_of(acts: &[(i64, Who, Act)]) -> usize {
    let mut days: Vec<_> = acts.iter().map(|(day, who, _)| (*day, *who)).collect();
    days.sort_unstable();
    days.dedup();
    days.len()
}

/// Acts of one person on one day become one sitting, oldest first; a burst has its own.
fn gather(acts: Vec<(i64, Who, Act)>, empty: Vec<(i64, Who)>) -> Vec<Sitting> {
    let mut sittings: Vec<Sitting> = Vec::new();
    for (day, who, act) in acts {
        let same = |s: &&mut Sitting| s.day == day && s.who == who && !s.acts.contains(&Act::Burst);
        match sittings.iter_mut().find(same).filter(|_| act != Act::Burst) {
            Some(sitting) => sitting.acts.push(act),
            None => sittings.push(Sitting { day, who, acts: vec![act] }),
        }
    }
    sittings.extend(empty.into_iter().map(|(day, who)| Sitting { day, who, acts: Vec::new() }));
    // Whoever puts keys in comes first: others of the day may need them.
    for sitting in &mut sittings {
        sitting.acts.sort_by_key(|act| !matches!(act, Act::Create(_)));
    }
    sittings.sort_by_key(|s| (std::cmp::Reverse(s.day), s.who));
    sittings
}

/// The day itself where people work on it, else the Friday before.
fn working_day(end: Timestamp, days_before: i64) -> i64 {
    match end.plus_days(-days_before).utc().weekday() {
        chrono::Weekday::Sat => days_before + 1,
        chrono::Weekday::Sun => days_before + 2,
        _ => days_before,
    }
}

/// A Saturday about two weeks before the end.
fn saturday(end: Timestamp) -> i64 {
    let is = |day: &i64| end.plus_days(-day).utc().weekday() == chrono::Weekday::Sat;
    (9..=15).find(is).unwrap_or(12)
}

/// Midnight (UTC) of the day so many days before the end.
pub(super) fn midnight(end: Timestamp, days_before: i64) -> Timestamp {
    let day = end.plus_days(-days_before);
    Timestamp(day.0 - day.0.rem_euclid(DAY_MS))
}
