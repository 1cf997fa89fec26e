//! An unlocked vault as the worker holds it: the vault, its session's clock, and what was read of its log.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::audit::index::LogIndex;
use crate::audit::sessions::{SessionSummary, Sessions};
use crate::guard::attempts;
use crate::guard::session::{Limits, Now, SessionClock, Verdict};
use crate::model::search::KeyIndex;
use crate::model::{Action, Event, LockReason, Outcome, Timestamp};
use crate::operations;
use crate::store::{Row, StoreError, Walk};
use crate::vault::clock::Clock;
use crate::vault::{Draft, Vault, VaultError, View};

use super::super::snapshot::{EventDetail, Integrity, LastCheck, UnlockedView};
use super::background::broken;
use super::import::Waiting;
use super::jobs::{Running, percent};
use super::locked::Locked;
use super::watching::Watching;

/// How often another program's commits are looked for.
const REFRESH: Duration = Duration::from_secs(2);
/// Keys that are brought into the search index one by one: a few milliseconds.
const ONE_BY_ONE: usize = 64;
/// Events read in one slice of background work: a few milliseconds.
const SLICE: u64 = 512;

/// An unlocked vault.
pub(super) struct Open {
    pub vault: Vault,
    pub session: SessionClock,
    pub integrity: Integrity,
    pub detail: Option<Arc<EventDetail>>,
    /// What takes longer, foremost first.
    pub jobs: VecDeque<Running>,
    /// What the last look through the whole vault came to.
    pub last_check: Option<LastCheck>,
    /// Rows that were read and wait to be imported.
    pub waiting: Option<Waiting>,
    /// Sealed drafts of other operators that an earlier lock could not store.
    pub unsaved_of_others: Vec<Row>,
    path: PathBuf,
    is_demo: bool,
    /// The view the derived data below was made from.
    known: Arc<View>,
    keys: KeyIndex,
    log: LogIndex,
    published_log: Arc<LogIndex>,
    watching: Watching,
    told: Sessions,
    sessions: Arc<Vec<SessionSummary>>,
    /// The last backup, and the one before it: their places in the log and their times.
    last_backup: Option<(u64, Timestamp)>,
    backup_before: Option<(u64, Timestamp)>,
    refresh_at: Duration,
    verified_once: bool,
    unreadable: bool,
    /// Until when nothing is read in the background: the file was held, or its disk away.
    rests_until: Duration,
    deadlines: (Duration, Duration),
}

impl Open {
    pub(super) fn new(vault: Vault, path: PathBuf, is_demo: bool, now: Now) -> Self {
        let known = vault.view();
        let limits = Limits::from(&*known.settings);
        let watching = Watching::new(known.settings.later.unusual.clone());
        Self {
            session: SessionClock::new(limits, now.wall, now.mono),
            keys: KeyIndex::new(Arc::clone(&known.settings), known.keys.all().iter().cloned()),
            vault,
            integrity: Integrity::NotChecked,
            detail: None,
            jobs: VecDeque::new(),
            last_check: None,
            waiting: None,
            unsaved_of_others: Vec::new(),
            path,
            is_demo,
            known,
            log: LogIndex::default(),
            published_log: Arc::default(),
            watching,
            told: Sessions::default(),
            sessions: Arc::default(),
            last_backup: None,
            backup_before: None,
            refresh_at: now.mono + REFRESH,
            verified_once: false,
            unreadable: false,
            rests_until: Duration::ZERO,
            deadlines: (now.mono + limits.idle, now.mono + limits.hard),
        }
    }

    /// Why the session is over by its clock, where it is.
    pub(super) fn is_over(&mut self, now: Now) -> Option<LockReason> {
        match self.session.tick(now) {
            Verdict::Lock(reason) => Some(reason),
            Verdict::Continue { .. } => None,
        }
    }

    /// Looks at the clocks and at the file. Tells whether there is something new to draw.
    pub(super) fn tick(&mut self, now: Now) -> Result<bool, (LockReason, Option<VaultError>)> {
        let mut changed = false;
        match self.session.tick(now) {
            Verdict::Lock(reason) => return Err((reason, None)),
            Verdict::Continue { idle_left, hard_left, .. } => {
                let deadlines = (now.mono + idle_left, now.mono + hard_left);
                changed |= apart(deadlines.0, self.deadlines.0) || apart(deadlines.1, self.deadlines.1);
                self.deadlines = deadlines;
            }
        }
        if now.mono >= self.refresh_at {
            self.refresh_at = now.mono + REFRESH;
            if !self.vault.is_same_file() {
                return Err((LockReason::FileReplaced, None));
            }
            match self.vault.refresh() {
                Ok(new) => changed |= new,
                Err(error) if is_lasting(&error) => return Err((LockReason::FileDamaged, Some(error))),
                Err(error @ VaultError::KeysReplaced) => return Err((LockReason::KeysReplaced, Some(error))),
                // The file is briefly held by another program, or its disk away for a moment: look again later.
                Err(VaultError::Store(_)) => {}
                Err(error) => return Err((LockReason::FileReplaced, Some(error))),
            }
        }
        if self.vault.wrong_passwords() >= attempts::LOCK_AFTER {
            return Err((LockReason::WrongPasswords, None));
        }
        Ok(changed | self.sync())
    }

    /// The next moment something must be looked at.
    pub(super) fn next_deadline(&self) -> Duration {
        self.session.next_deadline().min(self.refresh_at)
    }

    /// Reads nothing in the background for a while.
    pub(super) fn rest(&mut self, mono: Duration) {
        self.rests_until = mono + REFRESH;
    }

    /// Whether nothing is to be read in the background now.
    pub(super) fn rests(&self, mono: Duration) -> bool {
        mono < self.rests_until
    }

    pub(super) fn has_background_work(&self, mono: Duration) -> bool {
        let reads = self.is_behind() || self.wants_to_hear_again() || self.wants_verification();
        !self.jobs.is_empty() || reads && !self.rests(mono)
    }

    /// Whether rules of unusual activity were changed, and events are still to be heard again under them.
    pub(super) fn wants_to_hear_again(&self) -> bool {
        !self.unreadable && self.watching.wants_again().is_some()
    }

    /// Whether there are events to read.
    pub(super) fn is_behind(&self) -> bool {
        !self.unreadable && self.log_len() < self.vault.view().log_size
    }

    /// Whether the log is still to be verified, once, by itself.
    pub(super) fn wants_verification(&self) -> bool {
        !self.verified_once
    }

    /// Events read so far.
    pub(super) fn log_len(&self) -> u64 {
        self.log.len() as u64
    }

    /// The log could not be read further; what was read stays. A file that is held, or whose disk is away, is read on later;
    /// one that is damaged is not.
    pub(super) fn stopped_by(&mut self, error: &VaultError, mono: Duration) {
        if is_lasting(error) || !matches!(error, VaultError::Store(_)) {
            (self.unreadable, self.verified_once) = (true, true);
            self.integrity = broken(error);
        } else {
            self.rest(mono);
        }
    }

    pub(super) fn set_verified_once(&mut self, is: bool) {
        self.verified_once = is;
    }

    /// Brings what is derived from the vault up to date with it. Tells whether anything changed.
    pub(super) fn sync(&mut self) -> bool {
        let view = self.vault.view();
        if Arc::ptr_eq(&view, &self.known) {
            return false;
        }
        if Arc::ptr_eq(&view.settings, &self.known.settings) {
            self.sync_keys(&view);
        } else {
            self.session.set_limits(Limits::from(&*view.settings));
            self.watching.set_limits(&view.settings.later.unusual);
            self.keys = KeyIndex::new(Arc::clone(&view.settings), view.keys.all().iter().cloned());
        }
        let before = std::mem::replace(&mut self.known, view);
        // What was just done is read at once, so that it is in the log the window draws next to it.
        let behind = self.known.log_size.saturating_sub(self.log_len());
        if behind <= SLICE {
            let _ = self.read_slice(&before);
            self.publish_log();
        }
        true
    }

    /// As [`Open::sync`], and reads the log to its end, however much was added.
    pub(super) fn catch_up(&mut self) {
        self.sync();
        while !self.unreadable && self.log_len() < self.vault.view().log_size {
            if self.read_more().is_err() {
                return;
            }
        }
    }

    /// Both lists are in the order of their ids. Each key that is put on its own costs a block of the index; many at once, as
    /// an import or an exposure leaves them, cost less as a new index.
    fn sync_keys(&mut self, view: &View) {
        let (old, new) = (self.known.keys.all(), view.keys.all());
        let (mut put, mut gone) = (Vec::new(), Vec::new());
        let (mut i, mut j) = (0, 0);
        while put.len() + gone.len() <= ONE_BY_ONE {
            match (old.get(i), new.get(j)) {
                (Some(a), Some(b)) if a.id == b.id => {
                    if !Arc::ptr_eq(a, b) {
                        put.push(b);
                    }
                    (i, j) = (i + 1, j + 1);
                }
                (Some(a), b) if b.is_none_or(|b| a.id < b.id) => {
                    gone.push(a.id);
                    i += 1;
                }
                (_, Some(b)) => {
                    put.push(b);
                    j += 1;
                }
                (_, None) => {
                    for id in gone {
                        self.keys.remove(id);
                    }
                    put.into_iter().for_each(|key| self.keys.put(Arc::clone(key)));
                    return;
                }
            }
        }
        self.keys = KeyIndex::new(Arc::clone(&view.settings), new.iter().cloned());
    }

    /// Reads the next events of the log. Tells whether that is worth a new picture: a long log is not drawn anew for each
    /// of a thousand slices.
    pub(super) fn read_more(&mut self) -> Result<bool, VaultError> {
        let (view, size) = (Arc::clone(&self.known), self.vault.view().log_size);
        let before = percent(self.log_len(), size);
        self.read_slice(&view)?;
        let worth_showing = percent(self.log_len(), size) != before;
        if worth_showing {
            self.publish_log();
        }
        Ok(worth_showing)
    }

    fn publish_log(&mut self) {
        self.published_log = Arc::new(self.log.clone());
        if !self.is_behind() {
            self.sessions = Arc::new(self.told.told(&self.log));
        }
    }

    /// Hears the next events again under changed rules of unusual activity.
    pub(super) fn hear_again(&mut self) -> Result<(), VaultError> {
        let Some(from) = self.watching.wants_again() else { return Ok(()) };
        let events = self.slice(from)?;
        self.watching.hear_again(&events, self.log_len(), &self.known);
        Ok(())
    }

    fn slice(&mut self, from: u64) -> Result<Vec<Event>, VaultError> {
        let mut events: Vec<Event> = Vec::new();
        self.vault.events(from, &mut |event| {
            events.push(event);
            if events.len() as u64 >= SLICE { Walk::Break(()) } else { Walk::Continue(()) }
        })?;
        Ok(events)
    }

    fn read_slice(&mut self, before: &View) -> Result<(), VaultError> {
        let events = self.slice(self.log_len())?;
        for event in &events {
            self.take(event, before);
        }
        Ok(())
    }

    fn take(&mut self, event: &Event, before: &View) {
        if !self.log.push(event) {
            return;
        }
        self.watching.hear(event, before);
        match (event.action, event.outcome) {
            (Action::VaultBackup, Outcome::Done) => {
                self.backup_before = self.last_backup.replace((event.seq, event.time));
            }
            // The entry right after it: what was recorded did not get its name.
            (Action::VaultBackup, Outcome::Failed)
                if self.last_backup.is_some_and(|(seq, _)| seq + 1 == event.seq) =>
            {
                self.last_backup = self.backup_before.take();
            }
            (Action::VaultAcceptRestored, _) if event.session == self.known.session.tag => {
                self.integrity = Integrity::Restored { holds: None };
            }
            _ => {}
        }
    }

    /// Locks and leaves the file open.
    pub(super) fn lock(
        self: Box<Self>,
        reason: LockReason,
        drafts: &[Draft],
        error: Option<VaultError>,
        clock: &dyn Clock,
    ) -> Locked {
        let (name, vault) = (self.known.settings.vault_name.clone(), self.known.vault);
        let (path, is_demo) = (self.path, self.is_demo);
        let (recorded, unsaved) = operations::lock(self.vault, reason, drafts);
        let mut locked = Locked::new(path, Some(name), clock);
        locked.is_demo = is_demo;
        locked.vault = Some(vault);
        locked.reason = Some(reason);
        locked.unsaved = [unsaved, self.unsaved_of_others].concat();
        locked.lock_error = error.or(recorded.err());
        locked
    }

    pub(super) fn view(&self) -> UnlockedView {
        UnlockedView {
            path: self.path.clone(),
            is_demo: self.is_demo,
            view: Arc::clone(&self.known),
            keys: self.keys.clone(),
            log: Arc::clone(&self.published_log),
            sessions: Arc::clone(&self.sessions),
            findings: self.watching.findings(),
            integrity: self.integrity.clone(),
            idle_deadline: self.deadlines.0,
            hard_deadline: self.deadlines.1,
            stepped_up: self.vault.is_stepped_up(),
            detail: self.detail.clone(),
            last_backup: self.last_backup.map(|(_, time)| time),
            last_check: self.last_check.clone(),
        }
    }
}

/// Whether what the file was found to be does not pass by itself.
fn is_lasting(error: &VaultError) -> bool {
    error.is_damage() || matches!(error, VaultError::Store(StoreError::NotAVault | StoreError::Newer { .. }))
}

/// Deadlines that moved by less than half a second look the same.
fn apart(a: Duration, b: Duration) -> bool {
    a.abs_diff(b) > Duration::from_millis(500)
}
