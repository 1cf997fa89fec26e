//! All keys by when they are due: counted once for every snapshot and day, drawn from in every frame.

use crate::app::UnlockedView;
use crate::model::due::{Due, DueBucket, due, due_date, policy_of};
use crate::model::period::review_waits;
use crate::model::time::calendar_days;
use crate::model::time::{Shown, shown};
use crate::model::{KeyId, KeyRecord, KeyState, PolicyChoice, Settings, Timestamp, VersionState};
use crate::ui::frame::Frame;
use crate::ui::widgets::HorizonBar;
use chrono::{Datelike, Days};
use std::sync::Arc;

/// How many weeks are looked ahead.
pub(crate) const WEEKS: usize = 12;

/// The keys in use that no policy covers and that nobody exempted, as a query.
pub(crate) const WITHOUT_POLICY: &str = "policy:none -policy:exempt state:(active,pre-active)";

/// The suspended keys that wait to be looked at again, as a query.
pub(crate) const TO_REVIEW: &str = "review<=today";

/// A version in overlap.
pub(crate) struct Held {
    /// Whose.
    pub(crate) key: Arc<KeyRecord>,
    /// Which.
    pub(crate) version: u32,
    /// When it is not accepted any more.
    pub(crate) ends: Option<Timestamp>,
}

/// One key and how it stands.
pub(crate) struct Item {
    /// The key.
    pub(crate) key: Arc<KeyRecord>,
    /// How it stands.
    pub(crate) due: Due,
    /// When it must be rotated, where a policy says.
    pub(crate) date: Option<Timestamp>,
}

/// One of the coming weeks.
pub(crate) struct Week {
    /// Its number in the year.
    pub(crate) number: u32,
    /// Its Monday: "13 Apr".
    pub(crate) monday: String,
    /// Days from today to its last day.
    pub(crate) until: i64,
    /// Keys due.
    pub(crate) count: u32,
}

/// How punctual rotations were.
#[derive(Default)]
pub(crate) struct Punctuality {
    /// Rotations of the last 90 days that a policy had a date for.
    pub(crate) all: u32,
    /// Those not late.
    pub(crate) on_time: u32,
    /// The middle delay of those late, in days.
    pub(crate) median_late: u32,
    /// The longest delay: which key, how many days.
    pub(crate) longest: Option<(Arc<KeyRecord>, u32)>,
}

/// Everything counted.
#[derive(Default)]
pub(crate) struct Stock {
    key: Option<(u64, i64, Shown)>,
    /// Every key that is not destroyed, most urgent first.
    pub(crate) items: Vec<Item>,
    /// Keys in each bucket of [`DueBucket::ALL`].
    pub(crate) buckets: [u32; 7],
    /// The coming weeks, this one first.
    pub(crate) weeks: Vec<Week>,
    /// Keys with a version in overlap.
    pub(crate) in_overlap: u32,
    /// Versions in overlap, the first to end first.
    pub(crate) overlaps: Vec<Held>,
    /// Keys that are compromised.
    pub(crate) compromised: u32,
    /// Versions whose overlap has ended: the key and the number.
    pub(crate) overlap_ended: Vec<(Arc<KeyRecord>, u32, Timestamp)>,
    /// Keys whose day of destruction has come.
    pub(crate) to_destroy: Vec<(Arc<KeyRecord>, Timestamp)>,
    /// Suspended keys that wait to be looked at again, and the day that was for; the first day first.
    pub(crate) to_review: Vec<(Arc<KeyRecord>, Timestamp)>,
    /// Keys in use that no policy covers and that nobody exempted.
    pub(crate) without_policy: u32,
    /// Keys created in the last seven days.
    pub(crate) new_keys: u32,
    /// How punctual rotations were.
    pub(crate) punctuality: Punctuality,
}

impl Stock {
    /// Counts again if the snapshot or the day is another one; says whether it did.
    pub(crate) fn refresh(&mut self, frame: &Frame<'_>, view: &UnlockedView) -> bool {
        let today = i64::from(frame.now.local().date_naive().num_days_from_ce());
        let key = Some((frame.snapshot.serial, today, shown()));
        if self.key == key {
            return false;
        }
        *self = Self::take(view, frame.now);
        self.key = key;
        true
    }

    fn take(view: &UnlockedView, now: Timestamp) -> Self {
        let settings: &Settings = &view.view.settings;
        let mut stock = Self { weeks: weeks(now), ..Self::default() };
        let mut delays = Vec::new();
        for key in view.view.keys.all() {
            if key.state == KeyState::Destroyed {
                continue;
            }
            let item =
                Item { key: Arc::clone(key), due: due(key, settings, now), date: due_date(key, settings) };
            stock.count(&item, settings, now);
            punctual(key, settings, now, &mut delays);
            stock.items.push(item);
        }
        stock.items.sort_by(|a, b| {
            let order = |item: &Item| (item.due.sort_key(), item.date);
            order(a).cmp(&order(b)).then_with(|| a.key.name.cmp(&b.key.name))
        });
        stock.overlaps.sort_by_key(|held| (held.ends.is_none(), held.ends));
        stock.overlap_ended.sort_by(|a, b| (a.2, &a.0.name, a.1).cmp(&(b.2, &b.0.name, b.1)));
        stock.to_destroy.sort_by_key(|(_, at)| *at);
        stock.to_review.sort_by_key(|(_, by)| *by);
        stock.punctuality = punctuality(delays);
        stock
    }

    fn count(&mut self, item: &Item, settings: &Settings, now: Timestamp) {
        let key = &item.key;
        self.buckets[item.due.bucket() as usize] += 1;
        if let (Due::In(_), Some(date)) = (item.due, item.date) {
            let days = date.local().date_naive().signed_duration_since(monday(now)).num_days();
            if let Some(week) = usize::try_from(days / 7).ok().and_then(|week| self.weeks.get_mut(week)) {
                week.count += 1;
            }
        }
        let overlap = |v: &&crate::model::VersionRecord| v.state == VersionState::Overlap;
        self.in_overlap += u32::from(key.versions.iter().any(|v| overlap(&v)));
        self.compromised += u32::from(key.state == KeyState::Compromised);
        for version in key.versions.iter().filter(overlap) {
            let (key, ends) = (Arc::clone(key), version.overlap_ends);
            self.overlaps.push(Held { key, version: version.number, ends });
        }
        for version in key.ended_overlaps(now) {
            let end = version.overlap_ends.unwrap_or(now);
            self.overlap_ended.push((Arc::clone(key), version.number, end));
        }
        if let Some(at) = key.destroy_at.filter(|at| *at <= now) {
            self.to_destroy.push((Arc::clone(key), at));
        }
        if let Some(by) = key.life.review_by.filter(|_| review_waits(key, now).is_some()) {
            self.to_review.push((Arc::clone(key), by));
        }
        let exempt = matches!(key.policy, PolicyChoice::Exempt { .. });
        let bare = key.state.is_in_use() && !exempt && policy_of(key, settings).is_none();
        self.without_policy += u32::from(bare);
        self.new_keys += u32::from(now.since(key.created) <= 7 * 86_400_000);
    }

    /// The keys with versions whose overlap has ended, the first to end first.
    pub(crate) fn keys_to_settle(&self) -> Vec<KeyId> {
        let mut keys = Vec::new();
        for (key, ..) in &self.overlap_ended {
            if !keys.contains(&key.id) {
                keys.push(key.id);
            }
        }
        keys
    }

    /// Keys in a bucket.
    pub(crate) fn bucket(&self, bucket: DueBucket) -> u32 {
        self.buckets[bucket as usize]
    }

    /// What is usual in a week: the middle of the coming ones.
    pub(crate) fn usual(&self) -> u32 {
        let mut counts: Vec<u32> = self.weeks.iter().map(|week| week.count).collect();
        counts.sort_unstable();
        counts.get(counts.len().saturating_sub(1) / 2).copied().unwrap_or(0)
    }

    /// The fullest week among the first `weeks`, where it is far above the usual.
    pub(crate) fn busy(&self, weeks: usize) -> Option<&Week> {
        let usual = self.usual();
        let fullest = self.weeks.iter().take(weeks).max_by_key(|week| week.count)?;
        (fullest.count >= usual + 3 && fullest.count * 2 >= usual * 3).then_some(fullest)
    }

    /// The bars of the next `weeks` weeks; `late` puts what is overdue before them, `dated` says every second Monday.
    pub(crate) fn bars(&self, weeks: usize, late: bool, dated: bool) -> Vec<HorizonBar> {
        let mut bars = Vec::new();
        if late {
            let count = self.bucket(DueBucket::Overdue);
            let (label, name) = ("late".to_owned(), "Overdue".to_owned());
            bars.push(HorizonBar { label, date: String::new(), name, count, late: true });
        }
        for (i, week) in self.weeks.iter().take(weeks).enumerate() {
            let (label, date) = if dated {
                (format!("w{}", week.number), if i % 2 == 0 { week.monday.clone() } else { String::new() })
            } else if i % 2 == 0 {
                (week.number.to_string(), String::new())
            } else {
                (String::new(), String::new())
            };
            let name = format!("Week {}, from {}", week.number, week.monday.trim());
            bars.push(HorizonBar { label, date, name, count: week.count, late: false });
        }
        bars
    }
}

/// The Monday of the week of `at`.
fn monday(at: Timestamp) -> chrono::NaiveDate {
    let today = at.local().date_naive();
    today.checked_sub_days(Days::new(today.weekday().num_days_from_monday().into())).unwrap_or(today)
}

fn weeks(now: Timestamp) -> Vec<Week> {
    let first = monday(now);
    (0..WEEKS as u64)
        .filter_map(|n| first.checked_add_days(Days::new(7 * n)))
        .map(|day| Week {
            number: day.iso_week().week(),
            monday: day.format("%-d %b").to_string(),
            until: day.signed_duration_since(now.local().date_naive()).num_days() + 6,
            count: 0,
        })
        .collect()
}

/// How late the version in use came, in days: `None` for the first one or where no policy sets a date.
pub(crate) fn last_time(key: &KeyRecord, settings: &Settings) -> Option<u32> {
    let current = key.current()?;
    let before = key.versions.iter().filter(|v| v.number < current.number).max_by_key(|v| v.number)?;
    let interval = policy_of(key, settings)?.interval_days?;
    let due = key.period_start(before).plus_days(i64::from(interval));
    Some(u32::try_from(calendar_days(due, current.current_from).max(0)).unwrap_or(0))
}

fn punctual(
    key: &Arc<KeyRecord>,
    settings: &Settings,
    now: Timestamp,
    delays: &mut Vec<(Arc<KeyRecord>, u32)>,
) {
    let recent = |at: Timestamp| now.since(at) <= 90 * 86_400_000;
    if key.current().is_some_and(|v| recent(v.current_from))
        && let Some(days) = last_time(key, settings)
    {
        delays.push((Arc::clone(key), days));
    }
}

fn punctuality(mut delays: Vec<(Arc<KeyRecord>, u32)>) -> Punctuality {
    let all = delays.len() as u32;
    delays.retain(|(_, days)| *days > 0);
    delays.sort_by_key(|(_, days)| *days);
    let median_late = delays.get(delays.len() / 2).map_or(0, |(_, days)| *days);
    Punctuality { all, on_time: all - delays.len() as u32, median_late, longest: delays.pop() }
}
