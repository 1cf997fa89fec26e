//! The two clocks deadlines are kept by: the wall clock, which people set, and one that nobody can set.
//!
//! A deadline holds when *either* clock says so: setting the wall clock back does not keep a session alive, and a machine
//! that slept through its deadline wakes up locked. Nothing above reads the time of day in any other way.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::model::Timestamp;

/// Where the vault and the application take the time from.
pub trait Clock: Send + Sync {
    /// The time of day, as the workstation believes it. May jump in both directions.
    fn wall(&self) -> Timestamp;

    /// Time since an arbitrary fixed moment. Never goes back; counts through sleep where the system offers that
    /// (see [`SystemClock`]).
    fn monotonic(&self) -> Duration;
}

/// The workstation's clocks.
///
/// The monotonic one is `CLOCK_BOOTTIME` on Linux, which counts while the machine sleeps. Elsewhere it is
/// [`std::time::Instant`]: on macOS that stands still during sleep, and there the wall clock alone sees a night go by.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn wall(&self) -> Timestamp {
        let ms = |d: Duration| i64::try_from(d.as_millis()).unwrap_or(i64::MAX);
        Timestamp(match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => ms(after),
            Err(before) => -ms(before.duration()),
        })
    }

    fn monotonic(&self) -> Duration {
        since_boot()
    }
}

#[cfg(target_os = "linux")]
fn since_boot() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
}

#[cfg(not(target_os = "linux"))]
fn since_boot() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

/// A clock that stands still until it is told otherwise: for tests, and for pictures that must not change.
///
/// Copies share their time.
#[derive(Clone, Debug)]
pub struct ManualClock {
    now: Arc<Mutex<(Timestamp, Duration)>>,
}

impl ManualClock {
    /// A clock that shows `wall`; its monotonic side starts at one hour.
    #[must_use]
    pub fn at(wall: Timestamp) -> Self {
        Self { now: Arc::new(Mutex::new((wall, Duration::from_secs(3600)))) }
    }

    /// Lets time pass on both clocks.
    pub fn advance(&self, by: Duration) {
        self.change(|(wall, monotonic)| {
            *wall = wall.plus_ms(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
            *monotonic = monotonic.saturating_add(by);
        });
    }

    /// Sets the wall clock, as an operator or a time server might; the monotonic clock does not notice.
    pub fn set_wall(&self, wall: Timestamp) {
        self.change(|now| now.0 = wall);
    }

    fn change(&self, with: impl FnOnce(&mut (Timestamp, Duration))) {
        with(&mut self.now.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn now(&self) -> (Timestamp, Duration) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn wall(&self) -> Timestamp {
        self.now().0
    }

    fn monotonic(&self) -> Duration {
        self.now().1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clock_is_in_this_century_and_moves_on() {
        let clock = SystemClock;
        let start = clock.monotonic();
        std::thread::sleep(Duration::from_millis(2));
        assert!(clock.monotonic() > start);
        assert!(clock.wall() > Timestamp(1_700_000_000_000));
    }

    #[test]
    fn setting_the_wall_clock_leaves_the_monotonic_one_alone() {
        let clock = ManualClock::at(Timestamp(1_000));
        let shared = clock.clone();
        clock.advance(Duration::from_secs(5));
        shared.set_wall(Timestamp(0));
        assert_eq!(clock.wall(), Timestamp(0));
        assert_eq!(clock.monotonic(), Duration::from_secs(3605));
    }
}
