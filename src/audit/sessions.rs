//! Who was here, from when to when, what they did and how it ended: told from the log alone.

use std::collections::HashMap;

use super::index::{LogIndex, Row};
use crate::model::event::failed_attempts;
use crate::model::{Action, Category, LockReason, OperatorId, Outcome, SessionTag, Timestamp};

/// The longest a session can last (twelve hours, the most the settings allow): one that has not ended by then and has
/// gone quiet crashed.
const LONGEST_MS: i64 = 12 * 3_600_000;

/// How a session ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ending {
    /// With a lock, for this reason.
    Locked(LockReason),
    /// With a lock whose reason this version does not know.
    OtherLock,
    /// Without a lock, and another began since: the program or the computer stopped, or it is still open in another program.
    Crashed,
    /// It has not ended.
    Open,
}

impl Ending {
    /// For a person: "locked by operator", "no lock recorded", "still open".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Locked(reason) => reason.words(),
            Self::OtherLock => "locked".to_owned(),
            Self::Crashed => "no lock recorded".to_owned(),
            Self::Open => "still open".to_owned(),
        }
    }

    /// Whether it is worth a second look.
    #[must_use]
    pub fn is_odd(self) -> bool {
        use LockReason::{FileDamaged, FileReplaced, WrongPasswords};
        matches!(self, Self::Crashed | Self::Locked(FileReplaced | FileDamaged | WrongPasswords))
    }
}

/// One session, from unlock to lock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SessionSummary {
    /// What the log calls it.
    pub tag: SessionTag,
    /// Who unlocked.
    pub operator_id: OperatorId,
    /// Their name at that time.
    pub operator: String,
    /// The workstation.
    pub host: String,
    /// The account on it.
    pub os_user: String,
    /// When it was unlocked.
    pub started: Timestamp,
    /// When it ended; for a crash, the last thing known of it.
    pub ended: Option<Timestamp>,
    /// How it ended.
    pub how: Ending,
    /// All its events.
    pub events: u32,
    /// Secrets shown.
    pub reveals: u32,
    /// Secrets copied.
    pub copies: u32,
    /// Secrets exported, and lists of keys.
    pub exports: u32,
    /// Keys, operators and settings changed; rotations are counted by themselves.
    pub changes: u32,
    /// Rotations finished.
    pub rotations: u32,
    /// Things refused.
    pub refused: u32,
    /// Failed unlocks since the unlock before this one.
    pub failed_unlocks_before: u32,
    /// When the first and the last of them happened.
    pub failed_between: Option<(Timestamp, Timestamp)>,
}

impl SessionSummary {
    /// How long it lasted, in milliseconds; for an open one until `now`.
    #[must_use]
    pub fn duration_ms(&self, now: Timestamp) -> i64 {
        self.ended.unwrap_or(now).since(self.started).max(0)
    }
}

/// Every session of a log, newest first.
#[must_use]
pub fn history(index: &LogIndex) -> Vec<SessionSummary> {
    Sessions::default().told(index)
}

/// The sessions of a log that grows: each of its events is heard once.
#[derive(Default)]
pub struct Sessions {
    heard: usize,
    teller: Teller,
}

impl Sessions {
    /// Every session of `index`, newest first. It must hold what it held the last time, and may hold more.
    pub fn told(&mut self, index: &LogIndex) -> Vec<SessionSummary> {
        index.after(self.heard).for_each(|row| self.teller.hear(&row));
        self.heard = index.len();
        self.teller.told(index.time_range().map(|(_, last)| last))
    }
}

#[derive(Default)]
struct Teller {
    sessions: Vec<(SessionSummary, Timestamp)>,
    by_tag: HashMap<SessionTag, usize>,
    /// Events that tell of failed unlocks, and that no unlock has followed yet: when, and of how many.
    failed: Vec<(Timestamp, u32)>,
}

impl Teller {
    fn hear(&mut self, row: &Row<'_>) {
        let (action, done, tag) = (row.action(), row.outcome() == Outcome::Done, row.session());
        if action == Action::SessionUnlock && done && !self.by_tag.contains_key(&tag) {
            self.begin(row);
        }
        let known = self.by_tag.get(&tag).and_then(|at| self.sessions.get_mut(*at));
        if action == Action::SessionUnlockFailed {
            // Those a session reports about the time before it carry its tag; others wait for the next unlock.
            let attempts = u32::try_from(failed_attempts(row.reason())).unwrap_or(u32::MAX);
            match known {
                Some((session, _)) => add_failed(session, row.time(), attempts),
                None => self.failed.push((row.time(), attempts)),
            }
            return;
        }
        let Some((session, last)) = known else { return };
        *last = (*last).max(row.time());
        count(session, row);
        if action == Action::SessionLock && done {
            session.ended = Some(row.time());
            session.how = LockReason::from_word(row.reason()).map_or(Ending::OtherLock, Ending::Locked);
        }
    }

    fn begin(&mut self, row: &Row<'_>) {
        let mut session = SessionSummary {
            tag: row.session(),
            operator_id: row.operator_id(),
            operator: row.operator().to_owned(),
            host: row.host().to_owned(),
            os_user: row.os_user().to_owned(),
            started: row.time(),
            ended: None,
            how: Ending::Open,
            events: 0,
            reveals: 0,
            copies: 0,
            exports: 0,
            changes: 0,
            rotations: 0,
            refused: 0,
            failed_unlocks_before: 0,
            failed_between: None,
        };
        self.failed.drain(..).for_each(|(time, attempts)| add_failed(&mut session, time, attempts));
        self.by_tag.insert(session.tag, self.sessions.len());
        self.sessions.push((session, row.time()));
    }

    /// Tells the crashed from the open: after the last that is known of it the same operator came back, or somebody on the
    /// same workstation, or more time passed than any session may take.
    fn told(&self, log_ends: Option<Timestamp>) -> Vec<SessionSummary> {
        // When each of them last began a session. Going backwards, what is in it began later than the session looked at.
        let mut latest: HashMap<Seen, Timestamp> = HashMap::new();
        let mut told = Vec::with_capacity(self.sessions.len());
        for (session, last) in self.sessions.iter().rev() {
            let (mut session, last) = (session.clone(), *last);
            let seen = [Seen::Operator(session.operator_id), Seen::Host(session.host.clone())];
            let outlived = log_ends.is_some_and(|end| end.since(session.started) > LONGEST_MS);
            let followed = seen.iter().filter_map(|seen| latest.get(seen)).any(|began| *began >= last);
            if session.how == Ending::Open && (outlived || followed) {
                session.how = Ending::Crashed;
                session.ended = Some(last);
            }
            for seen in seen {
                latest.entry(seen).or_insert(session.started);
            }
            told.push(session);
        }
        told
    }
}

#[derive(PartialEq, Eq, Hash)]
enum Seen {
    Operator(OperatorId),
    Host(String),
}

fn add_failed(session: &mut SessionSummary, time: Timestamp, attempts: u32) {
    session.failed_unlocks_before = session.failed_unlocks_before.saturating_add(attempts);
    let (first, last) = session.failed_between.unwrap_or((time, time));
    session.failed_between = Some((first.min(time), last.max(time)));
}

fn count(session: &mut SessionSummary, row: &Row<'_>) {
    session.events += 1;
    if row.outcome() != Outcome::Done {
        session.refused += u32::from(row.outcome() == Outcome::Refused);
        return;
    }
    let counter = match (row.action(), row.action().category()) {
        (Action::SecretReveal, _) => &mut session.reveals,
        (Action::SecretCopy, _) => &mut session.copies,
        (Action::SecretExport | Action::KeyExportList, _) => &mut session.exports,
        (Action::RotationComplete, _) => &mut session.rotations,
        (_, Category::Key | Category::Operator | Category::Policy | Category::Rotation) => {
            &mut session.changes
        }
        _ => return,
    };
    *counter += 1;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Event;
    use crate::model::event::tests::sample;

    const HOUR: i64 = 3_600_000;

    fn event(hour: i64, session: u8, operator: u8, action: Action) -> Event {
        let mut event =
            sample(0, Timestamp(hour * HOUR), ["m.ito", "a.novak"][usize::from(operator)], action);
        event.session = SessionTag([session; 16]);
        event.operator_id = OperatorId([operator; 16]);
        event.host = format!("ws-{operator}");
        event
    }

    fn locked(hour: i64, session: u8, reason: LockReason) -> Event {
        Event { reason: reason.word(), ..event(hour, session, 0, Action::SessionLock) }
    }

    fn told(mut events: Vec<Event>) -> Vec<SessionSummary> {
        events.iter_mut().enumerate().for_each(|(i, e)| e.seq = i as u64);
        history(&LogIndex::from_events(&events))
    }

    #[test]
    fn a_session_is_told_with_what_was_done_in_it_and_why_it_was_locked() {
        let refused = Event { outcome: Outcome::Refused, ..event(1, 1, 0, Action::SecretExport) };
        let sessions = told(vec![
            event(0, 1, 0, Action::SessionUnlock),
            event(1, 1, 0, Action::SecretReveal),
            event(1, 1, 0, Action::SecretCopy),
            event(1, 1, 0, Action::SecretHide),
            event(1, 1, 0, Action::KeyEdit),
            event(1, 1, 0, Action::VaultSettings),
            event(1, 1, 0, Action::RotationComplete),
            refused,
            locked(2, 1, LockReason::Idle { minutes: 5 }),
        ]);
        let [one] = sessions.as_slice() else { panic!("{sessions:?}") };
        assert_eq!((one.reveals, one.copies, one.exports), (1, 1, 0));
        assert_eq!((one.changes, one.rotations, one.refused, one.events), (2, 1, 1, 9));
        assert_eq!(one.how.words(), "idle, 5 min");
        assert_eq!((one.ended, one.duration_ms(Timestamp(0))), (Some(Timestamp(2 * HOUR)), 2 * HOUR));
    }

    #[test]
    fn a_session_without_a_lock_crashed_once_its_operator_or_its_workstation_was_back() {
        let sessions = told(vec![
            event(0, 1, 0, Action::SessionUnlock),
            event(1, 1, 0, Action::SecretReveal),
            event(3, 2, 1, Action::SessionUnlock),
            event(4, 3, 0, Action::SessionUnlock),
        ]);
        let how: Vec<_> = sessions.iter().map(|s| s.how).collect();
        assert_eq!(how, [Ending::Open, Ending::Open, Ending::Crashed]);
        assert_eq!(sessions[2].ended, Some(Timestamp(HOUR)));
        assert!(sessions[2].how.is_odd());
    }

    #[test]
    fn a_session_that_went_on_after_another_began_is_open_in_another_program() {
        let sessions = told(vec![
            event(0, 1, 0, Action::SessionUnlock),
            event(1, 2, 0, Action::SessionUnlock),
            event(2, 1, 0, Action::SecretReveal),
            locked(3, 2, LockReason::Exit),
        ]);
        let how: Vec<_> = sessions.iter().map(|s| s.how).collect();
        assert_eq!(how, [Ending::Locked(LockReason::Exit), Ending::Open]);
    }

    #[test]
    fn a_session_older_than_any_session_may_get_is_not_open() {
        let sessions =
            told(vec![event(0, 1, 0, Action::SessionUnlock), event(13, 2, 1, Action::SessionUnlock)]);
        assert_eq!((sessions[0].how, sessions[1].how), (Ending::Open, Ending::Crashed));
    }

    #[test]
    fn failed_unlocks_belong_to_the_unlock_after_them_or_to_the_session_that_reports_them() {
        let sessions = told(vec![
            event(0, 9, 0, Action::SessionUnlockFailed),
            event(1, 9, 0, Action::SessionUnlockFailed),
            event(2, 1, 0, Action::SessionUnlock),
            event(2, 1, 0, Action::SessionUnlockFailed),
            locked(3, 1, LockReason::ByHand),
            event(4, 2, 0, Action::SessionUnlock),
        ]);
        assert_eq!(sessions[1].failed_unlocks_before, 3);
        assert_eq!(sessions[1].failed_between, Some((Timestamp(0), Timestamp(2 * HOUR))));
        assert_eq!(sessions[0].failed_unlocks_before, 0);
    }
}
