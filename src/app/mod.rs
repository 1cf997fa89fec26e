//! The application: one worker thread that owns the vault, and what the window may ask of it and see of it.
//!
//! The window sends [`Command`]s and draws [`Snapshot`]s; it never blocks and never holds a key. The worker runs
//! operations, keeps the deadlines of the session, of the clipboard and of what is revealed, follows other programs on the
//! same file, reads the log in the background, and locks: by its own clock, whether or not a frame is drawn.
//!
//! What must die at a lock lives in [`Shared`] slots that the worker itself wipes: a revealed value, unsaved edits.

mod command;
pub mod demo;
mod drafts;
pub mod platform;
mod snapshot;
mod worker;
pub mod workstation;

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

pub use command::{Act, Command, CsvFrom, Done, Preview, PreviewRow, Read, Reply, RowDone, Ticket};
pub use snapshot::{
    ClipboardState, EventDetail, Integrity, Job, LastCheck, LockedView, Phase, Snapshot, Status, UnlockedView,
};

pub use worker::CHECKING;

use crate::crypto::memory::SecretBuf;
use crate::model::{DraftId, KeyId, SessionTag};
use crate::vault::anchor::AnchorStore;
use crate::vault::clock::Clock;
use crate::vault::{Draft, Environment, Returned};

use drafts::Drafts;
use platform::clipboard::Clipboard;

/// What the application needs of the workstation. Tests own every part.
pub struct Services {
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// Where the end of a log is remembered.
    pub anchor: Arc<dyn AnchorStore>,
    /// The clipboard.
    pub clipboard: Box<dyn Clipboard>,
    /// The workstation's name.
    pub host: String,
    /// The account on it.
    pub os_user: String,
    /// Measures of the process and the listeners, in words, for Settings and About.
    pub status: Status,
    /// Whether to lock when the computer sleeps or its screen is locked.
    pub watch_system: bool,
}

impl Services {
    fn environment(&self) -> Environment {
        let (clock, anchor) = (Arc::clone(&self.clock), Arc::clone(&self.anchor));
        Environment { clock, anchor, host: self.host.clone(), os_user: self.os_user.clone() }
    }
}

/// A value that is shown right now.
pub struct Revealed {
    /// Whose value.
    pub key: KeyId,
    /// Which version.
    pub version: u32,
    /// What it is called, for labels.
    pub name: String,
    /// The value as it is shown: text, or hex in groups.
    pub display: SecretBuf,
    /// When it is hidden, on the monotonic clock.
    pub hide_at: Duration,
}

/// What the worker and the window both touch, each for a moment.
pub struct Shared {
    snapshot: Mutex<Arc<Snapshot>>,
    replies: Mutex<Vec<Reply>>,
    revealed: Mutex<Option<Revealed>>,
    /// Unsaved edits; sealed into the file at a lock.
    drafts: Mutex<Drafts>,
    /// How many commands wait that lock.
    interrupts: AtomicUsize,
    /// How often a job was to be cancelled.
    cancels: AtomicU64,
    /// How many of those have ended what they were meant for, or came too late for it.
    spent: AtomicU64,
    /// Whoever looks wants the value that is shown, or what is on the clipboard, gone; the command says so again.
    hide: AtomicBool,
    clear: AtomicBool,
    /// There was input that work which fills one command has not counted yet.
    active: AtomicBool,
    /// The number of the last snapshot.
    serial: AtomicU64,
}

/// The window's hold on the application. Dropping it locks and ends the worker.
pub struct App {
    commands: Sender<Command>,
    shared: Arc<Shared>,
    clock: Arc<dyn Clock>,
    worker: Option<JoinHandle<()>>,
}

/// A sender that other threads (the listener for sleep and screen lock) may hold.
#[derive(Clone)]
pub struct Remote {
    commands: Sender<Command>,
    shared: Arc<Shared>,
}

impl App {
    /// Starts the worker. `wake` is called whenever there is something new to draw.
    ///
    /// # Errors
    /// The operating system's, when it gives no thread.
    pub fn start(services: Services, wake: impl Fn() + Send + Sync + 'static) -> std::io::Result<Self> {
        let (commands, inbox) = channel();
        let shared = Arc::new(Shared::new(&services));
        let clock = Arc::clone(&services.clock);
        let remote = Remote { commands: commands.clone(), shared: Arc::clone(&shared) };
        let worker = worker::start(services, inbox, remote, Box::new(wake))?;
        Ok(Self { commands, shared, clock, worker: Some(worker) })
    }

    /// Asks for something. Never blocks; what comes of it is in a later snapshot or reply.
    pub fn send(&self, command: Command) {
        self.remote().send(command);
    }

    /// A handle for another thread.
    #[must_use]
    pub fn remote(&self) -> Remote {
        Remote { commands: self.commands.clone(), shared: Arc::clone(&self.shared) }
    }

    /// What there is to draw.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&lock(&self.shared.snapshot))
    }

    /// Takes the answers to commands that carried a ticket.
    #[must_use]
    pub fn take_replies(&self) -> Vec<Reply> {
        std::mem::take(&mut *lock(&self.shared.replies))
    }

    /// Looks at the value that is shown, if one is. Keep it short: the worker waits for it to lock.
    pub fn with_revealed<R>(&self, look: impl FnOnce(Option<&Revealed>) -> R) -> R {
        look(lock(&self.shared.revealed).as_ref())
    }

    /// Keeps an unsaved edit of a session, so that a lock at any moment can seal it. Of a session that is over nothing is kept.
    pub fn keep_draft(&self, session: SessionTag, id: DraftId, content: SecretBuf) {
        lock(&self.shared.drafts).keep(session, id, content);
    }

    /// Forgets an edit of a session that was saved or given up.
    pub fn drop_draft(&self, session: SessionTag, id: DraftId) {
        lock(&self.shared.drafts).forget(session, id);
    }

    /// Takes the edits that came back after an unlock, and what is to be said of those that did not.
    #[must_use]
    pub fn take_drafts(&self) -> Returned {
        lock(&self.shared.drafts).take_returned()
    }

    /// The monotonic clock all deadlines of a snapshot are on.
    #[must_use]
    pub fn monotonic(&self) -> Duration {
        self.clock.monotonic()
    }

    /// The time of day.
    #[must_use]
    pub fn now(&self) -> crate::model::Timestamp {
        self.clock.wall()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        self.send(Command::Quit);
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

impl Remote {
    /// As [`App::send`].
    pub fn send(&self, command: Command) {
        let shared = &self.shared;
        if command.locks() {
            shared.interrupts.fetch_add(1, Ordering::AcqRel);
        }
        match command {
            Command::Activity | Command::StayUnlocked => shared.active.store(true, Ordering::Release),
            Command::Hide => shared.hide.store(true, Ordering::Release),
            Command::ClearClipboard => shared.clear.store(true, Ordering::Release),
            Command::CancelJob => {
                shared.cancels.fetch_add(1, Ordering::AcqRel);
            }
            _ => {}
        }
        // The worker ends only with the application; a command after that has nobody to do it.
        let _ = self.commands.send(command);
    }
}

impl Shared {
    fn new(services: &Services) -> Self {
        Self {
            snapshot: Mutex::new(Arc::new(Snapshot::empty(services.status.clone()))),
            replies: Mutex::default(),
            revealed: Mutex::default(),
            drafts: Mutex::default(),
            interrupts: AtomicUsize::new(0),
            cancels: AtomicU64::new(0),
            spent: AtomicU64::new(0),
            hide: AtomicBool::new(false),
            clear: AtomicBool::new(false),
            active: AtomicBool::new(false),
            serial: AtomicU64::new(0),
        }
    }

    /// Whether somebody waits for the job that runs to end.
    fn must_stop(&self) -> bool {
        let cancelled = self.cancels.load(Ordering::Acquire) > self.spent.load(Ordering::Acquire);
        cancelled || self.interrupts.load(Ordering::Acquire) > 0
    }

    /// The work that fills one command is over, whether or not it was cancelled: what was meant for it ends nothing else.
    fn spend_cancels(&self) {
        self.spent.fetch_max(self.cancels.load(Ordering::Acquire), Ordering::AcqRel);
    }

    /// The number of the next snapshot.
    fn next_serial(&self) -> u64 {
        self.serial.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// Wipes everything that must not survive a lock; hands the unsaved edits out, and takes no more of them.
    fn wipe(&self) -> Vec<Draft> {
        drop(lock(&self.revealed).take());
        lock(&self.drafts).close()
    }
}

/// A poisoned lock means that a thread died while it held plain data; the data is still what it was.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
