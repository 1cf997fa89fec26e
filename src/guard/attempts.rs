//! How long to wait after failed unlocks: enough that guessing is hopeless, never so much that the vault is lost.
//!
//! Delays double from one second; the fifth failure in a row pauses for 15 minutes, the tenth for 30 (PCI DSS 8.3.4 asks
//! for 30 min after at most ten; OpenBao uses 5 and 15 min). Nothing is ever wiped. This slows a person at the keyboard;
//! someone with a copy of the file is slowed by Argon2id alone.

use std::time::Duration;

use crate::model::Timestamp;

/// Failures in a row after which unlocking pauses.
pub const PAUSE_AFTER: usize = 5;
/// Failures in a row, where an unlocked vault asks for the password again, after which it locks: as many as unlocking
/// bears without a pause.
pub const LOCK_AFTER: usize = PAUSE_AFTER;
/// The pause.
pub const PAUSE: Duration = Duration::from_secs(15 * 60);
/// Failures in a row after which the pause is longer and the event is critical.
pub const ALARM_AFTER: usize = 10;
/// The longer pause.
pub const LONG_PAUSE: Duration = Duration::from_secs(30 * 60);

/// The wait that follows the last of `failures` failures in a row.
#[must_use]
pub fn wait_after(failures: usize) -> Duration {
    match failures {
        0 => Duration::ZERO,
        1..PAUSE_AFTER => Duration::from_secs(1 << (failures - 1)),
        PAUSE_AFTER..ALARM_AFTER => PAUSE,
        _ => LONG_PAUSE,
    }
}

/// How long unlocking must still wait: `failures` are those since the last success, in any order. `None` where it may be
/// tried now.
///
/// A clock set back neither shortens nor prolongs it: a failure in the future counts as just now. Ask once and count
/// down on a monotonic clock.
#[must_use]
pub fn delay(failures: &[Timestamp], now: Timestamp) -> Option<Duration> {
    let last = failures.iter().max()?;
    let passed = Duration::from_millis(u64::try_from(now.since(*last)).unwrap_or(0));
    wait_after(failures.len()).checked_sub(passed).filter(|left| !left.is_zero())
}

/// Whether so many failures in a row are an alarm.
#[must_use]
pub fn is_alarm(failures: usize) -> bool {
    failures >= ALARM_AFTER
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left_after(failures: usize, passed_s: i64) -> Option<u64> {
        let times = vec![Timestamp(1_000_000); failures];
        delay(&times, Timestamp(1_000_000 + passed_s * 1000)).map(|left| left.as_secs())
    }

    #[test]
    fn the_wait_doubles_then_pauses_and_never_becomes_for_ever() {
        let waits: Vec<_> = (0..=11).map(|n| wait_after(n).as_secs()).collect();
        assert_eq!(waits, [0, 1, 2, 4, 8, 900, 900, 900, 900, 900, 1800, 1800]);
        assert_eq!(wait_after(usize::MAX), LONG_PAUSE);
        assert!(is_alarm(10) && !is_alarm(9));
    }

    #[test]
    fn the_wait_runs_out_and_a_clock_set_back_does_not_shorten_it() {
        assert_eq!(left_after(0, 0), None);
        assert_eq!(left_after(4, 3), Some(5));
        assert_eq!(left_after(4, 8), None);
        assert_eq!(left_after(5, -100_000), Some(900));
    }
}
