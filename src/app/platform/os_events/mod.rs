//! What the operating system says about the workstation: it goes to sleep, its screen is locked, its user changes.
//!
//! It only reports, and says which of these it can hear at all; what they lead to is the session policy's. It never polls:
//! on Linux it listens on the system bus (logind) and on the session bus (screen savers), each on a thread of its own,
//! and comes back when a bus comes back. Elsewhere nothing is heard yet, and [`Watching`] says so.
//!
//! A program of the same user can send these signals too. All it gains is a locked vault.

#[cfg(target_os = "linux")]
mod dbus;
#[cfg(any(target_os = "linux", test))]
mod signals;

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Something the vault may have to be locked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OsEvent {
    /// The machine is about to sleep. It waits, where [`Watching::delays_sleep`] says so, until the report returns, but
    /// never longer than the system allows (five seconds as shipped).
    Sleep,
    /// The screen is being locked, or already is.
    ScreenLocked,
    /// Another user's session has come to the front.
    SessionSwitched,
}

/// What can be heard at this moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Watching {
    /// Sleep is reported before it begins.
    pub sleep: bool,
    /// The machine waits for our report of it to return.
    pub delays_sleep: bool,
    /// A locked screen is reported.
    pub screen: bool,
}

/// The addresses of the buses to listen on; `None` is the system's own choice.
#[derive(Clone, Debug, Default)]
pub struct Buses {
    /// The bus logind is on.
    pub system: Option<String>,
    /// The bus the screen saver is on.
    pub session: Option<String>,
}

/// Listens until it is dropped.
pub struct OsEvents {
    shared: Arc<Shared>,
}

/// How long dropping waits for the threads to end. A bus that hangs does not hold up the end of the program.
const GOODBYE: Duration = Duration::from_secs(1);

impl OsEvents {
    /// Starts to listen. `report` is called on a thread of ours, once for each event, and may block: sleep waits for it.
    /// The same occasion may be reported more than once. It must not drop this value.
    #[must_use]
    pub fn watch(report: impl Fn(OsEvent) + Send + Sync + 'static) -> Self {
        Self::watch_on(Buses::default(), report)
    }

    /// As [`OsEvents::watch`], on these buses.
    #[must_use]
    pub fn watch_on(buses: Buses, report: impl Fn(OsEvent) + Send + Sync + 'static) -> Self {
        let shared = Arc::new(Shared {
            report: Box::new(report),
            state: Mutex::new(State::default()),
            changed: Condvar::new(),
        });
        start(buses, &shared);
        Self { shared }
    }

    /// What can be heard now. All `false` in the first moments.
    #[must_use]
    pub fn watching(&self) -> Watching {
        let state = self.shared.lock();
        Watching {
            screen: state.heard.iter().any(|heard| heard.screen),
            sleep: state.heard.iter().any(|heard| heard.sleep),
            delays_sleep: state.heard.iter().any(|heard| heard.delays_sleep),
        }
    }
}

impl Drop for OsEvents {
    fn drop(&mut self) {
        let deadline = Instant::now() + GOODBYE;
        let mut state = self.shared.lock();
        state.stopping = true;
        let wake: Vec<_> = state.wake.iter_mut().filter_map(Option::take).collect();
        drop(state);
        self.shared.changed.notify_all();
        wake.iter().for_each(|wake| wake());
        let mut state = self.shared.lock();
        while state.running > 0 {
            let Some(left) = deadline.checked_duration_since(Instant::now()) else { return };
            state = self.shared.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(target_os = "linux")]
use self::dbus::start;

#[cfg(not(target_os = "linux"))]
fn start(_buses: Buses, _shared: &Arc<Shared>) {}

/// What the threads and the owner share.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "nothing listens here yet"))]
struct Shared {
    report: Box<dyn Fn(OsEvent) + Send + Sync>,
    state: Mutex<State>,
    /// Notified when `stopping` or `running` changes.
    changed: Condvar,
}

/// One place for each bus: the system's first.
#[derive(Default)]
struct State {
    stopping: bool,
    running: usize,
    heard: [Watching; 2],
    /// Makes the thread of that bus look at `stopping`.
    wake: [Option<Box<dyn Fn() + Send>>; 2],
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
