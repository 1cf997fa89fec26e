//! Hears events one by one and says what is unusual about them.

use std::collections::{HashMap, HashSet, VecDeque};

use super::habits::Habits;
use super::rule::{Facts, Finding, Rule};
use crate::model::event::{failed_attempts, is_of_critical_key};
use crate::model::time::DAY_MS;
use crate::model::{
    Action, Event, KeyId, Object, OperatorId, Outcome, SessionTag, Severity, Timestamp, UnusualLimits,
};

const MINUTE: i64 = 60_000;
/// So many failed unlocks are critical, as many as PCI DSS 8.3.4 allows at all.
const FAILURES_CRITICAL: usize = 10;
/// So many exported keys are critical.
const EXPORTS_CRITICAL: usize = 10;
/// The same rule about the same operator is told once in this time, unless it has become worse.
const QUIET_MS: i64 = 30 * MINUTE;

/// The memory of the rules. Feed it every event of the log, in order, once.
#[derive(Clone, Default, Debug)]
pub struct Watch {
    limits: UnusualLimits,
    operators: HashMap<OperatorId, Known>,
    /// When each key was last read, or put in.
    keys: HashMap<KeyId, KeyPast>,
    /// Failed unlocks that no success has followed.
    failures: Vec<Failure>,
    /// The last event of each workstation.
    clocks: HashMap<String, (Timestamp, u64)>,
    told: HashMap<(Rule, OperatorId, Option<KeyId>), (Timestamp, Severity)>,
}

/// An event that tells of failed unlocks.
#[derive(Clone, Debug)]
struct Failure {
    time: Timestamp,
    who: OperatorId,
    host: String,
    seq: u64,
    attempts: usize,
}

#[derive(Clone, Default, Debug)]
struct Known {
    habits: Habits,
    /// Reads of the last minutes: when, what, how many keys at once, which event.
    reads: VecDeque<Read>,
    exports: VecDeque<Read>,
    refusals: VecDeque<(Timestamp, u64)>,
    /// The last change of settings: when, which event, whether it made them weaker.
    settings: Option<(Timestamp, u64, bool)>,
    /// The session of the last unlock and the event of it.
    unlock: Option<(SessionTag, u64)>,
}

#[derive(Clone, Debug)]
struct Read {
    time: Timestamp,
    key: Option<KeyId>,
    count: usize,
    seq: u64,
}

#[derive(Clone, Copy, Debug)]
struct KeyPast {
    used: Timestamp,
    ever_read: bool,
    destruction: bool,
}

impl Watch {
    /// A watch that has heard nothing.
    #[must_use]
    pub fn new(limits: UnusualLimits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// What counts as unusual for it.
    #[must_use]
    pub fn limits(&self) -> &UnusualLimits {
        &self.limits
    }

    /// Hears one event and says what is unusual about it. `facts`: what is known of its key beyond the log.
    pub fn observe(&mut self, event: &Event, facts: &Facts) -> Vec<Finding> {
        let mut findings = Findings { event, list: Vec::new() };
        self.clock(event, &mut findings);
        if event.action == Action::SessionUnlockFailed {
            self.failed_unlock(event, &mut findings);
        } else {
            self.habits(event, &mut findings);
            match event.outcome {
                Outcome::Refused => self.refused(event, &mut findings),
                Outcome::Done => self.done(event, facts, &mut findings),
                Outcome::Failed => {}
            }
        }
        let mut list = findings.list;
        list.retain(|finding| !self.limits.off.iter().any(|off| off == finding.rule.word()));
        list.into_iter().filter(|finding| self.is_news(finding, event)).collect()
    }

    fn done(&mut self, event: &Event, facts: &Facts, findings: &mut Findings<'_>) {
        match event.action {
            Action::SessionUnlock => self.unlocked(event, findings),
            Action::VaultSettings => self.settings_changed(event, facts, findings),
            Action::SecretReveal | Action::SecretCopy | Action::SecretExport => {
                self.read(event, facts, findings)
            }
            Action::KeyScheduleDestroy => self.key_past(event, |past| past.destruction = true),
            Action::KeyCancelDestroy => self.key_past(event, |past| past.destruction = false),
            Action::KeyCreate | Action::KeyImport => self.key_past(event, |_| {}),
            _ => {}
        }
    }

    fn clock(&mut self, event: &Event, findings: &mut Findings<'_>) {
        let here = (event.time, event.seq);
        let Some(clock) = self.clocks.get_mut(&event.host) else {
            self.clocks.insert(event.host.clone(), here);
            return;
        };
        let (before, seq) = std::mem::replace(clock, here);
        let back = before.since(event.time);
        if back > i64::from(self.limits.clock_back_min) * MINUTE {
            let why = format!("The clock of {} went back by {}.", event.host, span(back));
            findings.add(Rule::ClockSetBack, Severity::Warn, why, [seq]);
        }
    }

    fn habits(&mut self, event: &Event, findings: &mut Findings<'_>) {
        // A lock or a note about a crash happens by itself; it says nothing about a person.
        if matches!(event.action, Action::SessionLock | Action::SessionCrashed | Action::SecretHide) {
            return;
        }
        let Event { operator, host, time, .. } = event;
        let habits = &mut self.operators.entry(event.operator_id).or_default().habits;
        if let Some((days, hosts)) = habits.seen_on(host, *time) {
            let others = match hosts {
                1 => "1 other workstation was".to_owned(),
                hosts => format!("{hosts} other workstations were"),
            };
            let why = format!(
                "{operator} used {host} for the first time; in the {days} days before, {others} used."
            );
            findings.add(Rule::FirstTimeOnHost, Severity::Warn, why, []);
        }
        if event.action == Action::SessionUnlock && event.outcome == Outcome::Done {
            habits.session(*time);
        }
        if let Some((near, all)) = habits.worked(*time) {
            let when = format!("{} {}", time.local().format("%A"), time.clock());
            let why = format!(
                "{when} is unusual for {operator}: {near} of {all} hours of work in the last 30 days were near that time."
            );
            findings.add(Rule::OffHours, Severity::Warn, why, []);
        }
    }

    fn failed_unlock(&mut self, event: &Event, findings: &mut Findings<'_>) {
        self.forget_failures(event.time);
        self.failures.push(Failure {
            time: event.time,
            who: event.operator_id,
            host: event.host.clone(),
            seq: event.seq,
            attempts: failed_attempts(&event.reason),
        });
        // A session may report the failures before it after its own unlock.
        let unlock = self.operators.get(&event.operator_id).and_then(|known| known.unlock);
        if let Some((_, seq)) = unlock.filter(|(session, _)| *session == event.session) {
            self.count_failures(event, Some(seq), findings);
        }
    }

    fn unlocked(&mut self, event: &Event, findings: &mut Findings<'_>) {
        self.forget_failures(event.time);
        self.count_failures(event, None, findings);
        self.failures.retain(|f| f.who != event.operator_id && f.host != event.host);
        let known = self.operators.entry(event.operator_id).or_default();
        known.unlock = Some((event.session, event.seq));
    }

    fn forget_failures(&mut self, now: Timestamp) {
        self.failures.retain(|failure| now.since(failure.time) <= DAY_MS);
    }

    fn count_failures(&self, event: &Event, unlock: Option<u64>, findings: &mut Findings<'_>) {
        let mine = self.failures.iter().filter(|f| f.who == event.operator_id || f.host == event.host);
        let mine: Vec<_> = mine.collect();
        let (Some(first), Some(last)) =
            (mine.iter().map(|f| f.time).min(), mine.iter().map(|f| f.time).max())
        else {
            return;
        };
        let attempts: usize = mine.iter().map(|f| f.attempts).sum();
        if attempts < self.limits.failures as usize {
            return;
        }
        let severity = if attempts >= FAILURES_CRITICAL { Severity::Critical } else { Severity::Warn };
        // One event may tell of all of them; how far they lay apart stands in its reason.
        let within =
            if first == last { String::new() } else { format!(" within {}", span(last.since(first))) };
        let plural = if attempts == 1 { "" } else { "s" };
        let why = format!(
            "{} unlocked on {} after {attempts} failed attempt{plural}{within}.",
            event.operator, event.host
        );
        let seqs: Vec<u64> = mine.iter().map(|f| f.seq).chain(unlock).collect();
        findings.add(Rule::UnlockAfterFailures, severity, why, seqs);
    }

    fn refused(&mut self, event: &Event, findings: &mut Findings<'_>) {
        let (burst, most) = (self.burst(), self.limits.refusals as usize);
        let refusals = &mut self.operators.entry(event.operator_id).or_default().refusals;
        refusals.push_back((event.time, event.seq));
        refusals.retain(|(time, _)| within(*time, event.time, burst));
        if refusals.len() >= most {
            let first = refusals.iter().map(|(time, _)| *time).min().unwrap_or(event.time);
            let within = span(event.time.since(first));
            let why = format!("{} was refused {} times within {within}.", event.operator, refusals.len());
            findings.add(Rule::RefusedBurst, Severity::Warn, why, refusals.iter().map(|(_, seq)| *seq));
        }
    }

    fn settings_changed(&mut self, event: &Event, facts: &Facts, findings: &mut Findings<'_>) {
        let weakens = facts.weakens || event.severity >= Severity::Warn;
        let known = self.operators.entry(event.operator_id).or_default();
        known.settings = Some((event.time, event.seq, weakens));
        if weakens {
            let changed: Vec<_> = event
                .changes
                .iter()
                .map(|c| format!("{} from {} to {}", c.field, c.before, c.after))
                .collect();
            let what = if changed.is_empty() { "the settings".to_owned() } else { changed.join(", ") };
            let why = format!("{} made a limit weaker: {what}.", event.operator);
            findings.add(Rule::SettingsWeakened, Severity::Warn, why, []);
        }
    }

    fn read(&mut self, event: &Event, facts: &Facts, findings: &mut Findings<'_>) {
        let (key, count) = match &event.object {
            Object::Key { id, .. } => (Some(*id), 1),
            Object::Keys { count } => (None, *count as usize),
            Object::Vault | Object::Operator { .. } => return,
        };
        let Event { time, seq, operator, .. } = event;
        let burst = self.burst();
        let known = self.operators.entry(event.operator_id).or_default();
        let read = Read { time: *time, key, count, seq: *seq };
        if event.action == Action::SecretExport {
            remember(&mut known.exports, read.clone(), burst);
            several_exported(known, &self.limits, event, count, findings);
        }
        remember(&mut known.reads, read, burst);
        many_read(known, &self.limits, event, findings);
        if let Some((changed, change, weakened)) =
            known.settings.filter(|s| within(s.0, *time, i64::from(self.limits.after_settings_min) * MINUTE))
        {
            let severity = if weakened { Severity::Warn } else { Severity::Notice };
            let ago = span(time.since(changed));
            let why = format!(
                "{operator} {} {} {ago} after changing the settings.",
                did(event),
                event.object.words()
            );
            findings.add(Rule::ReadAfterSettingsChange, severity, why, [change]);
        }
        if is_of_critical_key(event) {
            let why =
                format!("{operator} {} {}, which is marked critical.", did(event), event.object.words());
            findings.add(Rule::CriticalKeyRead, Severity::Warn, why, []);
        }
        self.key_read(event, facts, findings);
    }

    /// What the past of the key says about reading it now.
    fn key_read(&mut self, event: &Event, facts: &Facts, findings: &mut Findings<'_>) {
        let Some(key) = event.object.key_id() else { return };
        let Event { time, operator, .. } = event;
        let (did, object) = (did(event), event.object.words());
        let past = self.keys.get(&key).copied();
        // The log tells whether it was scheduled then; the record, which may be of later, only for when.
        if past.is_some_and(|past| past.destruction) {
            let when = facts.destroy_at.map_or("scheduled to be destroyed".to_owned(), |at| {
                format!("scheduled to be destroyed in {}", span(at.since(*time).max(0)))
            });
            let why = format!("{operator} {did} {object}, which is {when}.");
            findings.add(Rule::ReadBeforeDestruction, Severity::Warn, why, []);
        }
        // A log that is heard again knows the key as it is now: what was read since says nothing about then.
        let known = facts.last_used.filter(|used| *used < *time);
        // A key that came with an import has no event of its own before it is read.
        let here_since = past.map(|p| p.used).or(facts.created.filter(|created| *created < *time));
        let used = known.into_iter().chain(here_since).max();
        let days = used.map_or(0, |used| time.since(used) / DAY_MS);
        if days >= i64::from(self.limits.dormant_days) {
            let never = known.is_none() && past.is_none_or(|p| !p.ever_read);
            let why = if never {
                format!("{operator} {did} {object} for the first time in the {days} days it has been here.")
            } else {
                format!("{operator} {did} {object}, which nobody had read for {days} days.")
            };
            findings.add(Rule::DormantKeyRead, Severity::Warn, why, []);
        }
        self.key_past(event, |past| (past.used, past.ever_read) = (past.used.max(event.time), true));
    }

    fn key_past(&mut self, event: &Event, change: impl FnOnce(&mut KeyPast)) {
        let Some(key) = event.object.key_id() else { return };
        let fresh = KeyPast { used: event.time, ever_read: false, destruction: false };
        change(self.keys.entry(key).or_insert(fresh));
    }

    /// The window of "in a short time", in milliseconds.
    fn burst(&self) -> i64 {
        i64::from(self.limits.burst_min) * MINUTE
    }

    /// Whether it was not told already in the last half hour, or is worse than what was told.
    fn is_news(&mut self, finding: &Finding, event: &Event) -> bool {
        let key = finding.rule.is_per_key().then(|| event.object.key_id()).flatten();
        let of = (finding.rule, event.operator_id, key);
        let told = self.told.get(&of).copied();
        let quiet = told
            .is_some_and(|(time, worst)| within(time, finding.time, QUIET_MS) && finding.severity <= worst);
        if !quiet {
            self.told.insert(of, (finding.time, finding.severity));
            self.told.retain(|_, (time, _)| within(*time, finding.time, QUIET_MS));
        }
        !quiet
    }
}

fn many_read(known: &Known, limits: &UnusualLimits, event: &Event, findings: &mut Findings<'_>) {
    let (keys, first) = distinct(&known.reads, event.time);
    if keys < limits.reads as usize {
        return;
    }
    let severity = if keys >= limits.reads as usize * 2 { Severity::Critical } else { Severity::Warn };
    let why =
        format!("{} read {keys} different keys within {}.", event.operator, span(event.time.since(first)));
    findings.add(Rule::ManySecretsRead, severity, why, known.reads.iter().map(|read| read.seq));
}

fn several_exported(
    known: &Known,
    limits: &UnusualLimits,
    event: &Event,
    at_once: usize,
    findings: &mut Findings<'_>,
) {
    let (keys, first) = distinct(&known.exports, event.time);
    if keys < limits.exports as usize && at_once < 2 {
        return;
    }
    let severity = if keys >= EXPORTS_CRITICAL { Severity::Critical } else { Severity::Warn };
    let why = if at_once > 1 && known.exports.len() == 1 {
        format!("{} exported {keys} keys at once.", event.operator)
    } else {
        format!("{} exported {keys} different keys within {}.", event.operator, span(event.time.since(first)))
    };
    findings.add(Rule::SeveralKeysExported, severity, why, known.exports.iter().map(|read| read.seq));
}

/// How a value was read, as a verb.
fn did(event: &Event) -> &'static str {
    match event.action {
        Action::SecretReveal => "revealed",
        Action::SecretCopy => "copied",
        Action::SecretExport => "exported",
        _ => "read",
    }
}

/// Adds a read and forgets those that are too old.
fn remember(reads: &mut VecDeque<Read>, read: Read, burst: i64) {
    let now = read.time;
    reads.push_back(read);
    reads.retain(|read| within(read.time, now, burst));
}

/// How many different keys were read, and when the first was.
fn distinct(reads: &VecDeque<Read>, now: Timestamp) -> (usize, Timestamp) {
    let named: HashSet<KeyId> = reads.iter().filter_map(|read| read.key).collect();
    let unnamed: usize = reads.iter().filter(|read| read.key.is_none()).map(|read| read.count).sum();
    let first = reads.iter().map(|read| read.time).min().unwrap_or(now);
    (named.len() + unnamed, first)
}

/// Whether two moments are close, whichever comes first: a clock set back must not silence a rule.
fn within(time: Timestamp, now: Timestamp, ms: i64) -> bool {
    now.since(time).saturating_abs() <= ms
}

/// A length of time in words: "3 min 29 s", "2 h 10 min", "95 days".
fn span(ms: i64) -> String {
    let s = ms.max(0) / 1000;
    match s {
        0..60 => format!("{s} s"),
        60..3600 if s % 60 == 0 => format!("{} min", s / 60),
        60..3600 => format!("{} min {} s", s / 60, s % 60),
        3600..172_800 if s / 60 % 60 == 0 => format!("{} h", s / 3600),
        3600..172_800 => format!("{} h {} min", s / 3600, s / 60 % 60),
        _ => format!("{} days", s / 86_400),
    }
}

struct Findings<'a> {
    event: &'a Event,
    list: Vec<Finding>,
}

impl Findings<'_> {
    /// Adds a finding that rests on these events and the one just heard.
    fn add(&mut self, rule: Rule, severity: Severity, why: String, events: impl IntoIterator<Item = u64>) {
        let mut events: Vec<u64> = events.into_iter().chain([self.event.seq]).collect();
        events.sort_unstable();
        events.dedup();
        let (time, operator) = (self.event.time, self.event.operator.clone());
        self.list.push(Finding { rule, severity, time, operator, why, events, answer: None });
    }
}
