//! The worker: the one thread that owns the vault. It waits for a command or for the nearest deadline, whichever is first,
//! and does one slice of background work when there is neither.

mod acts;
mod background;
mod clipboard;
mod deadlines;
mod import;
mod jobs;
mod locked;
mod open;
mod progress;
mod watching;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::guard::session::Now;
use crate::model::{LockReason, VaultId};
use crate::store::Row;
use crate::vault::VaultError;

pub use self::jobs::CHECKING;
use self::locked::Locked;
use self::open::Open;

use super::command::{Command, Done, Reply, Ticket};
use super::platform::os_events::OsEvents;
use super::snapshot::{ClipboardState, Job, Phase, Snapshot};
use super::workstation::lock_with_the_system;
use super::{Remote, Services, Shared, lock};

/// The longest sleep when nothing is open.
const NO_DEADLINE: Duration = Duration::from_secs(3600);

/// Starts the thread.
pub(super) fn start(
    services: Services,
    inbox: Receiver<Command>,
    remote: Remote,
    wake: Box<dyn Fn() + Send + Sync>,
) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name("vault".into()).spawn(move || {
        let shared = Arc::clone(&remote.shared);
        let events = services.watch_system.then(|| lock_with_the_system(remote));
        let status = services.status.clone();
        let mut worker = Worker {
            services,
            shared,
            wake: wake.into(),
            state: State::Nothing(None),
            clipboard: None,
            job: None,
            cancels: 0,
            unsaved: HashMap::new(),
            demo: None,
            events,
            status,
            dirty: true,
        };
        worker.run(&inbox);
    })
}

/// Called whenever there is something new to draw.
type Wake = Arc<dyn Fn() + Send + Sync>;

/// What is open.
enum State {
    /// Nothing; why the last file could not be opened.
    Nothing(Option<(PathBuf, VaultError)>),
    /// A locked file.
    Locked(Box<Locked>),
    /// An unlocked vault.
    Open(Box<Open>),
}

struct Worker {
    services: Services,
    shared: Arc<Shared>,
    wake: Wake,
    state: State,
    clipboard: Option<ClipboardState>,
    job: Option<Job>,
    /// How many commands to cancel a job were heard.
    cancels: u64,
    /// Unsaved edits that no file has, by their vaults: sealed, until that vault is opened again.
    unsaved: HashMap<VaultId, Vec<Row>>,
    /// Keeps the folder of a demonstration vault until another file is opened.
    demo: Option<tempfile::TempDir>,
    /// Tells of sleep and screen lock.
    events: Option<OsEvents>,
    status: super::Status,
    dirty: bool,
}

impl Worker {
    fn run(&mut self, inbox: &Receiver<Command>) {
        self.publish();
        loop {
            match inbox.recv_timeout(self.until_next()) {
                Ok(Command::Quit) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(command) => self.handle(command),
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.tick();
            self.background();
            self.publish();
        }
        self.close(LockReason::Exit);
        self.publish();
    }

    fn handle(&mut self, command: Command) {
        self.dirty = true;
        if command.locks() {
            self.shared.interrupts.fetch_sub(1, Ordering::AcqRel);
        }
        match command {
            Command::Open(path) => self.open_file(path),
            Command::OpenDemo => self.open_demo(),
            Command::Close => {
                self.close(LockReason::ByHand);
            }
            Command::Calibrate { ticket, target_ms } => {
                let result = self.calibrate(target_ms);
                self.reply(ticket, result);
            }
            Command::Create { ticket, path, name, operator, password, params } => {
                let result = self.create(path, &name, &operator, &password, params);
                self.reply(ticket, result.map(|()| Done::Nothing));
            }
            Command::Unlock { password, operator, accept_restored } => {
                self.unlock(&password, operator.as_deref(), accept_restored.as_deref());
            }
            Command::Lock(reason) => self.lock(reason, None),
            Command::Activity => self.with_session(|session, now| session.activity(now)),
            Command::StayUnlocked => self.with_session(|session, now| session.stay_unlocked(now)),
            Command::ClearClipboard => {
                self.shared.clear.store(false, Ordering::Release);
                self.clear_clipboard();
            }
            Command::CopyPlain(text) => self.copy_plain(&text),
            Command::Hide => {
                self.shared.hide.store(false, Ordering::Release);
                self.hide();
            }
            Command::CancelJob => self.hear_cancel(),
            Command::Wake => {}
            Command::Quit => {}
            other => self.act(other),
        }
    }

    fn hear_cancel(&mut self) {
        self.cancels += 1;
        if self.shared.spent.fetch_max(self.cancels, Ordering::AcqRel) < self.cancels {
            self.cancel_job();
        }
    }

    /// Looks at every deadline that may have passed. A lock comes before what takes a moment to be recorded.
    fn tick(&mut self) {
        let now = self.now();
        if let State::Open(open) = &mut self.state
            && let Some(reason) = open.is_over(now)
        {
            return self.lock(reason, None);
        }
        if let Some(watching) = self.events.as_ref().map(OsEvents::watching) {
            let seen = (self.status.notices_sleep, self.status.notices_screen_lock);
            self.dirty |= seen != (watching.sleep, watching.screen);
            (self.status.notices_sleep, self.status.notices_screen_lock) = (watching.sleep, watching.screen);
        }
        if self.clipboard.as_ref().is_some_and(|c| c.clears_at <= now.mono) {
            self.clear_clipboard();
        }
        let hide_at = lock(&self.shared.revealed).as_ref().map(|r| r.hide_at);
        if hide_at.is_some_and(|at| at <= now.mono) {
            self.hide();
        }
        if let State::Open(open) = &mut self.state {
            match open.tick(now) {
                Ok(changed) => self.dirty |= changed,
                Err((reason, error)) => self.lock(reason, error),
            }
        }
    }

    /// How long until something must be looked at.
    fn until_next(&self) -> Duration {
        let now = self.services.clock.monotonic();
        let revealed = lock(&self.shared.revealed).as_ref().map(|r| r.hide_at);
        let clipboard = self.clipboard.as_ref().map(|c| c.clears_at);
        let session = match &self.state {
            State::Open(open) if open.has_background_work(now) => return Duration::ZERO,
            State::Open(open) => Some(open.next_deadline()),
            _ => None,
        };
        let next = [revealed, clipboard, session].into_iter().flatten().min();
        next.map_or(NO_DEADLINE, |at| at.saturating_sub(now))
    }

    /// Locks: what is shown or typed goes first, then the vault records it and drops every key, then the clipboard is cleared:
    /// a program that owns it and hangs keeps no key here.
    fn lock(&mut self, reason: LockReason, error: Option<VaultError>) {
        let drafts = self.shared.wipe();
        if let State::Open(open) = &mut self.state {
            open.vault.hurry();
        }
        self.drop_jobs();
        self.dirty = true;
        match std::mem::replace(&mut self.state, State::Nothing(None)) {
            State::Open(open) => {
                let locked = open.lock(reason, &drafts, error, &*self.services.clock);
                self.state = State::Locked(Box::new(locked));
            }
            other => self.state = other,
        }
        drop(drafts);
        self.clear_clipboard_at_lock();
        crate::crypto::memory::burn_stack();
        crate::crypto::process::trim_heap();
    }

    /// Locks and lets the file go. Tells whether it is gone: where a lock could not be recorded, or an unsaved edit not be
    /// stored, the locked vault stays and says so, and is let go the next time.
    fn close(&mut self, reason: LockReason) -> bool {
        let was_open = matches!(self.state, State::Open(_));
        self.lock(reason, None);
        if let State::Locked(locked) = &mut self.state {
            if was_open && locked.lock_error.is_some() {
                return false;
            }
            if let Some(vault) = locked.vault.filter(|_| !locked.unsaved.is_empty()) {
                self.unsaved.insert(vault, std::mem::take(&mut locked.unsaved));
            }
        }
        self.state = State::Nothing(None);
        self.demo = None;
        true
    }

    fn with_session(&mut self, change: impl FnOnce(&mut crate::guard::session::SessionClock, Now)) {
        let now = self.now();
        if let State::Open(open) = &mut self.state {
            change(&mut open.session, now);
        }
    }

    fn now(&self) -> Now {
        Now { wall: self.services.clock.wall(), mono: self.services.clock.monotonic() }
    }

    fn reply(&mut self, ticket: Ticket, result: Result<Done, VaultError>) {
        self.dirty = true;
        // The state the answer is about must be there when the answer is.
        self.publish();
        lock(&self.shared.replies).push(Reply { ticket, result });
        (self.wake)();
    }

    /// Shows progress of what runs.
    fn set_job(&mut self, job: Option<Job>) {
        if self.job != job {
            self.job = job;
            self.dirty = true;
            self.publish();
        }
    }

    fn publish(&mut self) {
        if !std::mem::take(&mut self.dirty) {
            return;
        }
        let phase = match &self.state {
            State::Nothing(error) => Phase::NoVault(error.clone()),
            State::Locked(locked) => Phase::Locked(Arc::new(locked.view())),
            State::Open(open) => Phase::Unlocked(Arc::new(open.view())),
        };
        let sliced = match &self.state {
            State::Open(open) => open.jobs.front().map(|job| job.job()),
            _ => None,
        };
        let snapshot = Snapshot {
            serial: self.shared.next_serial(),
            phase,
            job: self.job.clone().or(sliced),
            clipboard: self.clipboard.clone(),
            status: self.status.clone(),
        };
        *lock(&self.shared.snapshot) = Arc::new(snapshot);
        (self.wake)();
    }
}
