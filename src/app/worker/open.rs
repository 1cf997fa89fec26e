//! An unlocked vault as the worker holds it: the vault, its session's clock, and what was read of its log.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::audit::index::LogIndex;
use crate::audit::sessions::{SessionSummary, history};
use crate::guard::session::{Limits, Now, SessionClock, Verdict};
use crate::guard::unusual::{Facts, Finding, Watch};
use crate::model::search::KeyIndex;
use crate::model::{Action, Event, LockReason, Outcome, Timestamp};
use crate::store::Walk;
use crate::vault::clock::Clock;
use crate::vault::{Draft, Vault, VaultError, View};

use super::super::snapshot::{EventDetail, Integrity, UnlockedView};
use super::import::Waiting;
use super::locked::Locked;

/// How often another program's commits are looked for.
const REFRESH: Duration = Duration::from_secs(2);
/// Events read in one slice of background work: a few milliseconds.
const SLICE: u64 = 512;
/// Logs up to this long are verified by themselves after an unlock: about two seconds of work.
const VERIFY_BY_ITSELF: u64 = 20_000;

/// An unlocked vault.
pub(super) struct Open {
    pub vault: Vault,
    pub session: SessionClock,
    pub integrity: Integrity,
    pub detail: Option<Arc<EventDetail>>,
    /// Rows that were read and wait to be imported.
    pub waiting: Option<Waiting>,
    path: PathBuf,
    is_demo: bool,
    /// The view the derived data below was made from.
    known: Arc<View>,
    keys: KeyIndex,
    log: LogIndex,
    published_log: Arc<LogIndex>,
    watch: Watch,
    findings: Arc<Vec<Finding>>,
    sessions: Arc<Vec<SessionSummary>>,
    last_backup: Option<Timestamp>,
    refresh_at: Duration,
    verified_once: bool,
    unreadable: bool,
    deadlines: (Duration, Duration),
}

impl Open {
    pub(super) fn new(vault: Vault, path: PathBuf, is_demo: bool, now: Now) -> Self {
        let known = vault.view();
        let limits = Limits::from(&*known.settings);
        Self {
            session: SessionClock::new(limits, now.wall, now.mono),
            keys: KeyIndex::new(Arc::clone(&known.settings), known.keys.all().iter().cloned()),
            vault,
            integrity: Integrity::NotChecked,
            detail: None,
            waiting: None,
            path,
            is_demo,
            known,
            log: LogIndex::default(),
            published_log: Arc::default(),
            watch: Watch::new(),
            findings: Arc::default(),
            sessions: Arc::default(),
            last_backup: None,
            refresh_at: now.mono + REFRESH,
            verified_once: false,
            unreadable: false,
            deadlines: (now.mono + limits.idle, now.mono + limits.hard),
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
                // The file is briefly held by the other program: look again later.
                Err(VaultError::Store(_)) => {}
                Err(error) => return Err((LockReason::FileReplaced, Some(error))),
            }
        }
        Ok(changed | self.sync())
    }

    /// The next moment something must be looked at.
    pub(super) fn next_deadline(&self) -> Duration {
        self.session.next_deadline().min(self.refresh_at)
    }

    pub(super) fn has_background_work(&self) -> bool {
        let size = self.vault.view().log_size;
        let reads = !self.unreadable && self.log_len() < size;
        reads || !self.verified_once && size <= VERIFY_BY_ITSELF
    }

    /// Events read so far.
    pub(super) fn log_len(&self) -> u64 {
        self.log.len() as u64
    }

    /// Whether the log could not be read to its end.
    pub(super) fn is_unreadable(&self) -> bool {
        self.unreadable
    }

    /// The log cannot be read further; what was read stays.
    pub(super) fn stop_reading(&mut self) {
        self.unreadable = true;
    }

    pub(super) fn set_verified_once(&mut self) {
        self.verified_once = true;
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
            self.keys = KeyIndex::new(Arc::clone(&view.settings), view.keys.all().iter().cloned());
        }
        let before = std::mem::replace(&mut self.known, view);
        // What was just done is read at once, so that it is in the log the window draws next to it.
        let behind = self.known.log_size.saturating_sub(self.log_len());
        if behind <= SLICE {
            let _ = self.read_slice(&before);
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

    /// Whether the session has reached one of its limits: long work must end then.
    pub(super) fn is_over(&self, now: Now) -> bool {
        matches!(self.session.clone().tick(now), Verdict::Lock(_))
    }

    fn sync_keys(&mut self, view: &View) {
        let (old, new) = (self.known.keys.all(), view.keys.all());
        let (mut i, mut j) = (0, 0);
        while i < old.len() || j < new.len() {
            match (old.get(i), new.get(j)) {
                (Some(a), Some(b)) if a.id == b.id => {
                    if !Arc::ptr_eq(a, b) {
                        self.keys.put(Arc::clone(b));
                    }
                    (i, j) = (i + 1, j + 1);
                }
                (Some(a), Some(b)) if a.id < b.id => {
                    self.keys.remove(a.id);
                    i += 1;
                }
                (Some(a), None) => {
                    self.keys.remove(a.id);
                    i += 1;
                }
                (_, Some(b)) => {
                    self.keys.put(Arc::clone(b));
                    j += 1;
                }
                (None, None) => break,
            }
        }
    }

    /// Reads the next events of the log.
    pub(super) fn read_more(&mut self) -> Result<(), VaultError> {
        let view = Arc::clone(&self.known);
        self.read_slice(&view)
    }

    fn read_slice(&mut self, before: &View) -> Result<(), VaultError> {
        let mut events: Vec<Event> = Vec::new();
        let from = self.log_len();
        self.vault.events(from, &mut |event| {
            events.push(event);
            if events.len() as u64 >= SLICE { Walk::Break(()) } else { Walk::Continue(()) }
        })?;
        for event in &events {
            self.take(event, before);
        }
        if !events.is_empty() {
            self.published_log = Arc::new(self.log.clone());
            if self.log_len() >= self.vault.view().log_size {
                self.sessions = Arc::new(history(&self.log));
            }
        }
        Ok(())
    }

    fn take(&mut self, event: &Event, before: &View) {
        if !self.log.push(event) {
            return;
        }
        let key = event.object.key_id().and_then(|id| before.keys.get(id));
        let facts = key.map(|key| Facts::of(key)).unwrap_or_default();
        let found = self.watch.observe(event, &facts);
        if !found.is_empty() {
            let findings = Arc::make_mut(&mut self.findings);
            findings.extend(found);
            findings.sort_by_key(|f| std::cmp::Reverse(f.time));
        }
        match (event.action, event.outcome) {
            (Action::VaultBackup, Outcome::Done) => self.last_backup = Some(event.time),
            (Action::VaultAcceptRestored, _) if event.session == self.known.session.tag => {
                self.integrity = Integrity::Restored;
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
        let name = self.known.settings.vault_name.clone();
        let (path, is_demo) = (self.path, self.is_demo);
        let (recorded, unsaved) = self.vault.lock(&reason.word(), drafts);
        let mut locked = Locked::new(path, Some(name), clock);
        locked.is_demo = is_demo;
        locked.reason = Some(reason);
        locked.unsaved = unsaved;
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
            findings: Arc::clone(&self.findings),
            integrity: self.integrity.clone(),
            idle_deadline: self.deadlines.0,
            hard_deadline: self.deadlines.1,
            stepped_up: self.vault.is_stepped_up(),
            detail: self.detail.clone(),
            last_backup: self.last_backup,
        }
    }
}

/// Deadlines that moved by less than half a second look the same.
fn apart(a: Duration, b: Duration) -> bool {
    a.abs_diff(b) > Duration::from_millis(500)
}
