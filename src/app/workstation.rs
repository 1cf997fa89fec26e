//! The real workstation: services from the operating system, and what they turned out to be, in words.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::crypto::memory::{Protection, protection};
use crate::crypto::process::{Hardening, Measure};
use crate::model::LockReason;
use crate::vault::anchor::{AnchorStore, KeyringAnchor};
use crate::vault::clock::SystemClock;

use super::platform::clipboard::SystemClipboard;
use super::platform::host::Host;
use super::platform::os_events::{OsEvent, OsEvents};
use super::snapshot::{Phase, Status};
use super::{Command, Remote, Services};

/// How long a report of sleep waits for the lock before it lets the computer sleep: logind gives 5 s.
const LOCK_BEFORE_SLEEP: Duration = Duration::from_secs(3);

impl Services {
    /// The services of this workstation. `hardening` is what the process could have at its start.
    #[must_use]
    pub fn of_this_workstation(hardening: &Hardening) -> Self {
        let anchor = KeyringAnchor::new();
        let host = Host::here();
        Self {
            clock: Arc::new(SystemClock),
            status: status(hardening, &anchor),
            anchor: Arc::new(anchor),
            clipboard: Box::new(SystemClipboard::new()),
            host: host.name,
            os_user: host.user,
            watch_system: true,
        }
    }
}

/// Locks when the computer sleeps or its screen is locked. Keep the value: dropping it stops the watch.
pub(super) fn lock_with_the_system(remote: Remote) -> OsEvents {
    OsEvents::watch(move |event| {
        let reason = match event {
            OsEvent::Sleep => LockReason::Suspend,
            OsEvent::ScreenLocked | OsEvent::SessionSwitched => LockReason::ScreenLock,
        };
        remote.send(Command::Lock(reason));
        wait_until_locked(&remote);
    })
}

/// Sleep is held up only while this runs, so it must not return before the keys are gone.
fn wait_until_locked(remote: &Remote) {
    let started = Instant::now();
    while started.elapsed() < LOCK_BEFORE_SLEEP {
        let snapshot = Arc::clone(&super::lock(&remote.shared.snapshot));
        // While a password is being tried, or a vault made, the keys are on their way: that ends locked.
        let holds_keys = match &snapshot.phase {
            Phase::Unlocked(_) => true,
            Phase::Locked(locked) => locked.opening_since.is_some(),
            Phase::NoVault(_) => snapshot.job.is_some(),
        };
        if !holds_keys {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn status(hardening: &Hardening, anchor: &dyn AnchorStore) -> Status {
    let words = |measure: &Measure| match measure {
        Measure::Applied => "on".to_owned(),
        Measure::Unavailable(why) => format!("not available: {why}"),
    };
    let keys = match protection() {
        Protection::SecretMemory => "in memory the kernel itself cannot read",
        Protection::LockedPages => "in locked pages",
        Protection::Heap => "in ordinary memory: no page could be locked",
    };
    let locked = protection() != Protection::Heap;
    let no_dumps = hardening.core_dumps_off == Measure::Applied;
    let memory = match (locked, no_dumps) {
        (true, true) => "Memory locked, core dumps off",
        (true, false) => "Memory locked, core dumps may be written",
        (false, true) => "Memory may be swapped, core dumps off",
        (false, false) => "Memory may be swapped, core dumps may be written",
    };
    Status {
        memory: memory.to_owned(),
        memory_ok: locked && no_dumps,
        anchor: anchor.describe().to_owned(),
        notices_sleep: false,
        notices_screen_lock: false,
        details: vec![
            ("Process".to_owned(), std::process::id().to_string()),
            ("Keys".to_owned(), keys.to_owned()),
            ("Core dumps".to_owned(), no_dumps_words(&hardening.core_dumps_off)),
            ("Protection from debuggers".to_owned(), words(&hardening.ptrace_off)),
            ("Filling of freed memory".to_owned(), words(&hardening.heap_fill)),
            // Whether it answers is known at each unlock, not before.
            ("Rollback check".to_owned(), format!("asked at unlock: {}", anchor.describe())),
        ],
    }
}

fn no_dumps_words(measure: &Measure) -> String {
    match measure {
        Measure::Applied => "off".to_owned(),
        Measure::Unavailable(why) => format!("may be written: {why}"),
    }
}
