//! Small stories, each told to a watch event by event.

use std::collections::HashSet;

use super::*;
use crate::model::event::critical_key_words;
use crate::model::event::tests::sample;
use crate::model::{Action, Change, Event, KeyId, Object, Outcome, Severity, Timestamp, UnusualLimits};

const MINUTE: i64 = 60_000;

/// A Wednesday at 10:00 where the test runs.
fn start() -> Timestamp {
    Timestamp::parse("2026-04-01").unwrap().plus_ms(600 * MINUTE)
}

struct Story {
    watch: Watch,
    seq: u64,
    now: Timestamp,
    found: Vec<Finding>,
}

impl Story {
    fn new() -> Self {
        Self { watch: Watch::new(UnusualLimits::default()), seq: 0, now: start(), found: Vec::new() }
    }

    fn event(&self, action: Action) -> Event {
        sample(self.seq, self.now, "m.ito", action)
    }

    fn tell_with(&mut self, event: Event, facts: &Facts) -> &mut Self {
        self.seq += 1;
        self.found.extend(self.watch.observe(&event, facts));
        self
    }

    fn tell(&mut self, event: Event) -> &mut Self {
        self.tell_with(event, &Facts::default())
    }

    fn act(&mut self, action: Action) -> &mut Self {
        let event = self.event(action);
        self.tell(event)
    }

    fn read(&mut self, key: u8) -> &mut Self {
        let object = Object::Key { id: KeyId([key; 16]), name: format!("key-{key}"), version: None };
        let event = Event { object, ..self.event(Action::SecretReveal) };
        self.tell(event)
    }

    fn refuse(&mut self) -> &mut Self {
        let event = Event { outcome: Outcome::Refused, ..self.event(Action::SecretReveal) };
        self.tell(event)
    }

    fn wait(&mut self, minutes: i64) -> &mut Self {
        self.now = self.now.plus_ms(minutes * MINUTE);
        self
    }

    /// Weeks of ordinary work: an unlock and an edit at ten, Monday to Friday.
    fn workdays(&mut self, days: i64) -> &mut Self {
        for _ in 0..days {
            if !matches!(
                chrono::Datelike::weekday(&self.now.local()),
                chrono::Weekday::Sat | chrono::Weekday::Sun
            ) {
                self.act(Action::SessionUnlock).act(Action::KeyEdit);
            }
            self.now = self.now.plus_days(1);
        }
        assert_eq!(self.rules(), []);
        self
    }

    fn rules(&self) -> Vec<Rule> {
        self.found.iter().map(|finding| finding.rule).collect()
    }

    fn last(&self) -> &Finding {
        self.found.last().unwrap()
    }
}

#[test]
fn ten_different_keys_in_ten_minutes_are_a_warning_and_twenty_critical() {
    let mut story = Story::new();
    for key in 0..9 {
        story.read(key).read(key);
    }
    assert_eq!(story.rules(), []);
    story.wait(1).read(9);
    assert_eq!(story.rules(), [Rule::ManySecretsRead]);
    assert_eq!(story.last().why, "m.ito read 10 different keys within 1 min.");
    assert_eq!((story.last().severity, story.last().events.len()), (Severity::Warn, 19));
    for key in 10..25 {
        story.read(key);
    }
    assert_eq!(story.rules(), [Rule::ManySecretsRead, Rule::ManySecretsRead]);
    assert_eq!(story.last().severity, Severity::Critical);
}

#[test]
fn other_numbers_notice_earlier_and_a_rule_that_is_off_notices_nothing() {
    let found = |limits: UnusualLimits| {
        let mut story = Story { watch: Watch::new(limits), ..Story::new() };
        for key in 0..10 {
            story.read(key);
        }
        story.found.iter().map(|f| (f.rule, f.severity)).collect::<Vec<_>>()
    };
    let usual = UnusualLimits::default();
    assert_eq!(found(usual.clone()), [(Rule::ManySecretsRead, Severity::Warn)]);
    let strict = UnusualLimits { reads: 5, ..usual.clone() };
    let both = [(Rule::ManySecretsRead, Severity::Warn), (Rule::ManySecretsRead, Severity::Critical)];
    assert_eq!(found(strict), both);
    assert_eq!(found(UnusualLimits { off: vec![Rule::ManySecretsRead.word().into()], ..usual }), []);
}

#[test]
fn ten_keys_over_a_morning_are_nothing_unusual() {
    let mut story = Story::new();
    for key in 0..40 {
        story.read(key).wait(2);
    }
    assert_eq!(story.rules(), []);
}

#[test]
fn the_same_finding_is_told_again_only_after_half_an_hour() {
    let mut story = Story::new();
    for _ in 0..8 {
        story.refuse();
    }
    assert_eq!(story.rules(), [Rule::RefusedBurst]);
    assert_eq!(story.last().why, "m.ito was refused 5 times within 0 s.");
    story.wait(31);
    for _ in 0..5 {
        story.refuse();
    }
    assert_eq!(story.rules().len(), 2);
}

#[test]
fn work_at_three_on_a_sunday_is_unusual_for_someone_who_works_at_ten() {
    let mut story = Story::new();
    story.workdays(30);
    while chrono::Datelike::weekday(&story.now.local()) != chrono::Weekday::Sun {
        story.now = story.now.plus_days(1);
    }
    story.wait(-7 * 60).act(Action::SessionUnlock);
    assert_eq!(story.rules(), [Rule::OffHours]);
    let why = &story.last().why;
    assert!(why.starts_with("Sunday 0") && why.contains(" is unusual for m.ito: 0 of "), "{why}");
}

#[test]
fn hours_are_not_judged_before_there_is_a_habit() {
    let mut story = Story::new();
    story.workdays(10).wait(13 * 60).act(Action::SessionUnlock);
    assert_eq!(story.rules(), []);
}

#[test]
fn a_lock_that_comes_by_itself_at_night_says_nothing_about_a_person() {
    let mut story = Story::new();
    story.workdays(30).wait(-7 * 60).act(Action::SessionLock);
    assert_eq!(story.rules(), []);
}

#[test]
fn an_unlock_after_three_failures_is_told_wherever_the_failures_are_written() {
    let mut before = Story::new();
    for _ in 0..3 {
        before.act(Action::SessionUnlockFailed).wait(1);
    }
    before.act(Action::SessionUnlock);
    assert_eq!(before.rules(), [Rule::UnlockAfterFailures]);
    assert_eq!(before.last().why, "m.ito unlocked on ws-14 after 3 failed attempts within 2 min.");
    assert_eq!(before.last().events, [0, 1, 2, 3]);
    before.wait(60).act(Action::SessionUnlock);
    assert_eq!(before.rules().len(), 1, "a success forgets them");

    let mut after = Story::new();
    after.act(Action::SessionUnlock);
    for _ in 0..3 {
        after.act(Action::SessionUnlockFailed);
    }
    assert_eq!(after.rules(), [Rule::UnlockAfterFailures]);
    for _ in 0..7 {
        after.act(Action::SessionUnlockFailed);
    }
    assert_eq!(after.last().severity, Severity::Critical);
}

#[test]
fn a_workstation_is_new_only_to_someone_who_is_not() {
    let mut story = Story::new();
    let elsewhere = |story: &Story| Event { host: "ws-99".to_owned(), ..story.event(Action::KeyEdit) };
    let early = elsewhere(&story);
    story.tell(early);
    assert_eq!(story.rules(), [], "a first day has no usual workstation");
    let mut story = Story::new();
    story.workdays(20);
    let event = elsewhere(&story);
    story.tell(event.clone()).tell(event);
    assert_eq!(story.rules(), [Rule::FirstTimeOnHost]);
    assert!(story.last().why.contains("ws-99 for the first time"), "{}", story.last().why);
}

#[test]
fn a_key_nobody_read_for_ninety_days_is_told_when_it_is_read() {
    let mut story = Story::new();
    story.read(1);
    story.now = story.now.plus_days(89);
    story.read(1);
    story.now = story.now.plus_days(95);
    story.read(1);
    assert_eq!(story.rules(), [Rule::DormantKeyRead]);
    assert_eq!(story.last().why, "m.ito revealed key-1, which nobody had read for 95 days.");
    let mut story = Story::new();
    story.act(Action::KeyCreate);
    story.now = story.now.plus_days(200);
    story.act(Action::SecretCopy);
    assert!(story.last().why.ends_with("for the first time in the 200 days it has been here."));
    let facts = Facts { last_used: Some(start()), ..Facts::default() };
    let mut story = Story::new();
    story.now = story.now.plus_days(120);
    let event = story.event(Action::SecretReveal);
    story.tell_with(event, &facts);
    assert_eq!(story.rules(), [Rule::DormantKeyRead], "the record alone is enough");
    // An import names no key: its record tells since when it is here.
    let facts = Facts { created: Some(start()), ..Facts::default() };
    let mut story = Story::new();
    story.now = story.now.plus_days(400);
    let event = story.event(Action::SecretReveal);
    story.tell_with(event, &facts);
    assert_eq!(story.rules(), [Rule::DormantKeyRead]);
    assert!(story.last().why.ends_with("for the first time in the 400 days it has been here."));
}

#[test]
fn a_log_heard_again_after_the_key_was_read_tells_the_same() {
    let mut story = Story::new();
    story.act(Action::KeyCreate);
    story.now = story.now.plus_days(200);
    let event = story.event(Action::SecretReveal);
    // The record as it is now: this very reading is in it, and one a week later.
    let facts = Facts { last_used: Some(story.now.plus_days(7)), ..Facts::default() };
    story.tell_with(event, &facts);
    assert_eq!(story.rules(), [Rule::DormantKeyRead]);
    assert!(story.last().why.ends_with("for the first time in the 200 days it has been here."));
}

#[test]
fn every_critical_key_is_told_once() {
    let mut story = Story::new();
    for key in [1, 2, 1, 3] {
        let object = Object::Key { id: KeyId([key; 16]), name: format!("key-{key}"), version: Some(3) };
        // The third key is not critical.
        let changes = (key < 3).then(critical_key_words).into_iter().collect();
        story.tell(Event { object, changes, ..story.event(Action::SecretReveal) });
    }
    assert_eq!(story.rules(), [Rule::CriticalKeyRead, Rule::CriticalKeyRead]);
    assert_eq!(story.found[0].why, "m.ito revealed key-1 v3, which is marked critical.");
}

#[test]
fn several_keys_leaving_at_once_or_one_after_the_other_are_told() {
    let mut story = Story::new();
    let event = Event { object: Object::Keys { count: 24 }, ..story.event(Action::SecretExport) };
    story.tell(event);
    let export = story.found.iter().find(|f| f.rule == Rule::SeveralKeysExported).unwrap();
    assert_eq!(
        (export.why.as_str(), export.severity),
        ("m.ito exported 24 keys at once.", Severity::Critical)
    );
    let mut story = Story::new();
    for key in 0..3 {
        let object = Object::Key { id: KeyId([key; 16]), name: "k".to_owned(), version: None };
        let event = Event { object, ..story.event(Action::SecretExport) };
        story.tell(event).wait(1);
    }
    assert_eq!(story.rules(), [Rule::SeveralKeysExported]);
    assert_eq!(story.last().why, "m.ito exported 3 different keys within 2 min.");
}

#[test]
fn a_weaker_setting_is_told_with_what_changed_and_so_is_a_read_soon_after() {
    let mut story = Story::new();
    let changes = Change::of("idle lock", "5 min", "15 min").into_iter().collect();
    let event = Event { changes, severity: Severity::Warn, ..story.event(Action::VaultSettings) };
    story.tell(event).wait(20).read(1);
    assert_eq!(story.rules(), [Rule::SettingsWeakened, Rule::ReadAfterSettingsChange]);
    assert_eq!(story.found[0].why, "m.ito made a limit weaker: idle lock from 5 min to 15 min.");
    assert_eq!(story.last().why, "m.ito revealed key-1 20 min after changing the settings.");
    assert_eq!((story.last().severity, &*story.last().events), (Severity::Warn, &[0, 1][..]));
    let mut story = Story::new();
    story.act(Action::VaultSettings).wait(61).read(1);
    assert_eq!(story.rules(), []);
}

#[test]
fn a_clock_set_back_is_told_for_its_workstation() {
    let mut story = Story::new();
    story.act(Action::KeyEdit).wait(-90).act(Action::KeyEdit);
    assert_eq!(story.rules(), [Rule::ClockSetBack]);
    assert_eq!(story.last().why, "The clock of ws-14 went back by 1 h 30 min.");
    let mut story = Story::new();
    let other = Event { host: "ws-1".to_owned(), ..story.event(Action::KeyEdit) };
    story.wait(90).act(Action::KeyEdit).tell(other);
    assert_eq!(story.rules(), [], "two workstations need not agree");
}

#[test]
fn a_key_that_will_be_destroyed_is_told_when_it_is_read_until_that_is_cancelled() {
    let mut story = Story::new();
    story.act(Action::KeyScheduleDestroy).act(Action::SecretReveal);
    assert_eq!(story.rules(), [Rule::ReadBeforeDestruction]);
    story.wait(40).act(Action::KeyCancelDestroy).act(Action::SecretReveal);
    assert_eq!(story.rules().len(), 1);
    let facts = Facts { destroy_at: Some(story.now.plus_days(12)), ..Facts::default() };
    let event = story.event(Action::SecretCopy);
    story.tell_with(event, &facts);
    assert_eq!(story.rules().len(), 1, "a log heard again: it was scheduled later than it was read");
    story.wait(40).act(Action::KeyScheduleDestroy);
    let facts = Facts { destroy_at: Some(story.now.plus_days(12)), ..Facts::default() };
    let event = story.event(Action::SecretCopy);
    story.tell_with(event, &facts);
    assert_eq!(
        story.last().why,
        "m.ito copied payments-db v7, which is scheduled to be destroyed in 12 days."
    );
}

#[test]
fn what_was_refused_was_not_read() {
    let mut story = Story::new();
    let changes = vec![critical_key_words()];
    story.tell(Event { outcome: Outcome::Refused, changes, ..story.event(Action::SecretReveal) });
    assert_eq!(story.rules(), []);
}

#[test]
fn every_rule_has_a_name_of_its_own_and_explains_itself() {
    let names: HashSet<_> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    let words: HashSet<_> = Rule::ALL.iter().map(|rule| rule.word()).collect();
    assert_eq!((names.len(), words.len()), (Rule::ALL.len(), Rule::ALL.len()));
    assert!(Rule::ALL.iter().all(|rule| rule.explanation(&UnusualLimits::default()).ends_with('.')));
}

#[test]
fn an_answer_in_the_log_is_given_to_its_finding_and_to_no_other() {
    let mut story = Story::new();
    for key in 0..10 {
        story.read(key);
    }
    for _ in 0..5 {
        story.refuse();
    }
    let seq = *story.found[0].events.last().unwrap();
    let answer = |expected| Event {
        changes: vec![Answer::change(Rule::ManySecretsRead, seq, expected)],
        ..story.event(Action::AuditAnswer)
    };
    let mut found = story.found.clone();
    assert!(Answer::apply(&answer(false), &mut found));
    assert!(found[0].is_open() && found[0].answer.as_ref().is_some_and(|a| !a.expected && a.by == "m.ito"));
    assert!(Answer::apply(&answer(true), &mut found));
    assert!(!found[0].is_open() && found[1].is_open() && found[1].answer.is_none());
    let refused = Event { outcome: Outcome::Refused, ..answer(true) };
    assert!(!Answer::apply(&refused, &mut story.found.clone()));
    let other = Event { changes: vec![Answer::change(Rule::OffHours, seq, true)], ..answer(true) };
    assert!(!Answer::apply(&other, &mut story.found.clone()));
}

#[test]
fn one_event_that_tells_of_several_failures_counts_for_all_of_them() {
    let unlock_after = |count: usize| {
        let mut story = Story::new();
        let reason = crate::model::event::failed_attempts_words(count, story.now, story.now);
        let failed = Event { reason, outcome: Outcome::Failed, ..story.event(Action::SessionUnlockFailed) };
        story.tell(failed).act(Action::SessionUnlock);
        story.found.iter().map(|f| (f.rule, f.severity)).collect::<Vec<_>>()
    };
    assert_eq!(unlock_after(2), []);
    assert_eq!(unlock_after(3), [(Rule::UnlockAfterFailures, Severity::Warn)]);
    assert_eq!(unlock_after(10), [(Rule::UnlockAfterFailures, Severity::Critical)]);
}
