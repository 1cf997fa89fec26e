//! What there is to draw: immutable, cheap to clone, without a secret in it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::audit::index::LogIndex;
use crate::audit::sessions::SessionSummary;
use crate::crypto::Hash;
use crate::crypto::kdf::KdfParams;
use crate::guard::unusual::Finding;
use crate::model::search::KeyIndex;
use crate::model::{Event, LockReason, Timestamp};
use crate::operations::WholeCheck;
use crate::vault::{VaultError, View};

/// Everything the window draws from. Deadlines are moments of [`super::App::monotonic`].
#[derive(Clone)]
pub struct Snapshot {
    /// Grows with every change.
    pub serial: u64,
    /// Where the application is.
    pub phase: Phase,
    /// What takes longer, while it runs.
    pub job: Option<Job>,
    /// What of ours is on the clipboard.
    pub clipboard: Option<ClipboardState>,
    /// Measures of the process, in words.
    pub status: Status,
}

/// Where the application is.
#[derive(Clone)]
pub enum Phase {
    /// No vault is open. Why the last one could not be opened, where that is so.
    NoVault(Option<(PathBuf, VaultError)>),
    /// A vault file is open and locked.
    Locked(Arc<LockedView>),
    /// It is unlocked.
    Unlocked(Arc<UnlockedView>),
}

/// The unlock screen.
#[derive(Clone)]
pub struct LockedView {
    /// The file.
    pub path: PathBuf,
    /// The vault's name: known where it was unlocked before in this run, else the file's name.
    pub name: String,
    /// Whether the operator must be named.
    pub needs_operator: bool,
    /// How the password is stretched.
    pub params: KdfParams,
    /// Failed unlocks since the last success.
    pub failed: usize,
    /// Until when the next try must wait.
    pub wait_until: Option<Duration>,
    /// Why it was locked, where it was unlocked before in this run.
    pub reason: Option<LockReason>,
    /// Since when the password is being tried.
    pub opening_since: Option<Duration>,
    /// Why the last try failed.
    pub error: Option<VaultError>,
    /// What went wrong while locking, where something did.
    pub lock_error: Option<VaultError>,
    /// Whether edits that were not saved could not be stored at the lock: until the next unlock only this program has them.
    pub unsaved: bool,
}

/// An unlocked vault.
#[derive(Clone)]
pub struct UnlockedView {
    /// The file.
    pub path: PathBuf,
    /// Whether it holds demonstration data only.
    pub is_demo: bool,
    /// What is known about everything in it.
    pub view: Arc<View>,
    /// Its keys, searchable.
    pub keys: KeyIndex,
    /// Its log, as far as it was read.
    pub log: Arc<LogIndex>,
    /// The history of sessions, newest first.
    pub sessions: Arc<Vec<SessionSummary>>,
    /// Rules of unusual activity that fired, newest first.
    pub findings: Arc<Vec<Finding>>,
    /// What is known of the log's integrity.
    pub integrity: Integrity,
    /// When the session locks for want of input.
    pub idle_deadline: Duration,
    /// When it ends whatever happens.
    pub hard_deadline: Duration,
    /// Until when a password given again counts.
    pub stepped_up: bool,
    /// The event that was asked for with [`super::Command::Detail`].
    pub detail: Option<Arc<EventDetail>>,
    /// When a backup was last made, as the log tells.
    pub last_backup: Option<Timestamp>,
    /// What the last look through the whole vault in this session came to.
    pub last_check: Option<LastCheck>,
}

/// What a look through the whole vault came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LastCheck {
    /// When it was over.
    pub at: Timestamp,
    /// How long it took.
    pub took: Duration,
    /// What holds, or what does not, in words.
    pub found: Result<WholeCheck, String>,
}

/// What is known of the log's integrity. Each state is said in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Integrity {
    /// Not checked since the unlock.
    NotChecked,
    /// Being checked.
    Checking {
        /// Entries done.
        done: u64,
        /// Entries in all.
        total: u64,
    },
    /// Everything holds.
    Verified {
        /// Entries that hold.
        entries: u64,
        /// When that was found.
        at: Timestamp,
        /// Checkpoints that hold.
        checkpoints: u64,
    },
    /// It does not hold.
    Broken {
        /// What was found, in words.
        what: String,
        /// The entry at which it shows, where it is one.
        seq: Option<u64>,
    },
    /// The file was accepted although it is older than, or differs from, what this workstation had seen.
    Restored {
        /// How many entries its log was found to hold since, all of them right; `None` before that.
        holds: Option<u64>,
    },
}

impl Integrity {
    /// Whether the log does not hold.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        matches!(self, Self::Broken { .. })
    }
}

/// The whole of one event.
#[derive(Clone, PartialEq, Debug)]
pub struct EventDetail {
    /// The event.
    pub event: Event,
    /// The leaf's hash.
    pub leaf_hash: Hash,
    /// The root of the tree before it.
    pub prev_root: Hash,
    /// The state root after it.
    pub state_root: Hash,
    /// The roster that makes its signature count.
    pub roster_version: u32,
    /// Whether the signature verifies against that roster.
    pub signed: bool,
    /// The size of the first stored checkpoint that covers it.
    pub checkpoint: Option<u64>,
    /// Rows it changed, by table.
    pub rows: Vec<(&'static str, usize)>,
}

/// Something that takes longer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Job {
    /// What, as a participle: "Verifying the log".
    pub title: &'static str,
    /// Done so far.
    pub done: u64,
    /// In all; 0 where that is not known.
    pub total: u64,
    /// Whether it can be cancelled.
    pub cancellable: bool,
}

/// What of ours is on the clipboard.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClipboardState {
    /// What: "payments-db v8".
    pub what: String,
    /// When it is cleared.
    pub clears_at: Duration,
    /// The clipboard did not let go of it; clearing is tried again at `clears_at`.
    pub stuck: bool,
}

/// Measures of the process and listeners, in words, so that nothing is assumed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Status {
    /// "Memory locked, core dumps off", or what could not be had.
    pub memory: String,
    /// Whether all of it was had.
    pub memory_ok: bool,
    /// Where the end of the log is remembered.
    pub anchor: String,
    /// Whether sleep is noticed.
    pub notices_sleep: bool,
    /// Whether the screen lock is noticed.
    pub notices_screen_lock: bool,
    /// Everything, line by line, for About.
    pub details: Vec<(String, String)>,
}

impl Snapshot {
    /// Before anything happened.
    #[must_use]
    pub fn empty(status: Status) -> Self {
        Self { serial: 0, phase: Phase::NoVault(None), job: None, clipboard: None, status }
    }

    /// The unlocked vault, if it is one.
    #[must_use]
    pub fn unlocked(&self) -> Option<&Arc<UnlockedView>> {
        match &self.phase {
            Phase::Unlocked(view) => Some(view),
            _ => None,
        }
    }
}
