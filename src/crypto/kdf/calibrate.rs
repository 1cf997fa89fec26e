//! Choosing password parameters for this machine by measuring it: as much memory as the wished time allows, then more
//! passes. Never goes below [`KdfParams::FLOOR`]: a slow machine takes longer instead.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use super::{GIB, KdfParams, MAX_PASSES, MIB, derive};
use crate::crypto::CryptoError;
use crate::crypto::memory::{SecretBuf, os};

/// No more memory than this is chosen, however fast the machine: every other device that opens the vault needs it too.
const MOST_MEMORY_KIB: u32 = GIB;
/// No more than this part of the machine's memory is chosen.
const MEMORY_SHARE: u64 = 4;
/// Where the system does not tell how much memory it has.
const UNKNOWN_MEMORY_KIB: u32 = 256 * MIB;
/// Memory is chosen in steps of this size.
const MEMORY_STEP_KIB: u32 = 16 * MIB;
/// A try this much (in percent) over the wished time is still taken.
const TOLERANCE: u32 = 110;
/// A try of at least this much (in percent) of the wished time ends the search.
const CLOSE: u32 = 85;
/// A next try is aimed a little below the wished time (in percent), because measures scatter.
const AIM: u32 = 97;
/// No more tries than this: each costs up to the wished time.
const MOST_TRIES: usize = 6;

/// One measured try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalibrationStep {
    /// What was tried.
    pub params: KdfParams,
    /// How long one password took with it.
    pub measured: Duration,
}

/// What was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calibration {
    /// The parameters, never below the floor.
    pub params: KdfParams,
    /// How long one password takes with them on this machine.
    pub measured: Duration,
}

/// Measures this machine and chooses parameters that take about `target` for one password. Takes a few times `target`.
///
/// `progress` is told of each try and may stop the search by `ControlFlow::Break`.
///
/// # Errors
/// [`CryptoError::Cancelled`] when stopped; [`CryptoError::KdfFailed`] when there is not even memory for the floor.
pub fn calibrate(
    target: Duration,
    progress: &mut dyn FnMut(CalibrationStep) -> ControlFlow<()>,
) -> Result<Calibration, CryptoError> {
    search(target, memory_cap(os::physical_memory()), &mut measure, progress)
}

fn measure(params: KdfParams) -> Result<Duration, CryptoError> {
    // Not a secret: only the time counts.
    let password = SecretBuf::from_slice(b"calibration");
    let start = Instant::now();
    derive(&password, b"keyroom/measure\0", params)?;
    Ok(start.elapsed())
}

fn memory_cap(physical: Option<u64>) -> u32 {
    let share = physical.map(|bytes| u32::try_from(bytes / 1024 / MEMORY_SHARE).unwrap_or(u32::MAX));
    share.unwrap_or(UNKNOWN_MEMORY_KIB).clamp(KdfParams::FLOOR.memory_kib, MOST_MEMORY_KIB)
}

fn search(
    target: Duration,
    cap: u32,
    measure: &mut dyn FnMut(KdfParams) -> Result<Duration, CryptoError>,
    progress: &mut dyn FnMut(CalibrationStep) -> ControlFlow<()>,
) -> Result<Calibration, CryptoError> {
    let mut best: Option<Calibration> = None;
    let mut next = KdfParams::FLOOR;
    for _ in 0..MOST_TRIES {
        let measured = match (measure(next), best) {
            (Ok(measured), _) => measured,
            // The machine has less to give than it said: keep what worked.
            (Err(CryptoError::KdfFailed), Some(best)) => return Ok(best),
            (Err(error), _) => return Err(error),
        };
        if progress(CalibrationStep { params: next, measured }).is_break() {
            return Err(CryptoError::Cancelled);
        }
        let tried = Calibration { params: next, measured };
        let fits = measured <= percent(target, TOLERANCE);
        if fits || best.is_none() {
            best = Some(tried);
        }
        match stronger(tried, target, cap) {
            Some(params) if fits => next = params,
            _ => break,
        }
    }
    best.ok_or(CryptoError::KdfFailed)
}

/// The next parameters to try after `tried`, or `None` when it is close enough or nothing is left to raise.
fn stronger(tried: Calibration, target: Duration, cap: u32) -> Option<KdfParams> {
    if tried.measured >= percent(target, CLOSE) {
        return None;
    }
    let micros = tried.measured.as_micros().max(1);
    let scaled = |amount: u32| {
        let amount = u128::from(amount) * percent(target, AIM).as_micros() / micros;
        u32::try_from(amount).unwrap_or(u32::MAX)
    };
    let KdfParams { memory_kib, passes, lanes } = tried.params;
    let more_memory = scaled(memory_kib).min(cap) / MEMORY_STEP_KIB * MEMORY_STEP_KIB;
    if more_memory > memory_kib {
        return Some(KdfParams { memory_kib: more_memory, passes, lanes });
    }
    let more_passes = scaled(passes).min(MAX_PASSES);
    (more_passes > passes).then_some(KdfParams { memory_kib, passes: more_passes, lanes })
}

fn percent(time: Duration, percent: u32) -> Duration {
    time.saturating_mul(percent) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine that takes `nanos` for each KiB and pass.
    fn machine(nanos: u64) -> impl FnMut(KdfParams) -> Result<Duration, CryptoError> {
        move |params| {
            params.check()?;
            Ok(Duration::from_nanos(params.traffic() * nanos))
        }
    }

    fn chosen(nanos: u64, cap: u32, millis: u64) -> (Calibration, usize) {
        let mut tries = 0;
        let calibration = search(Duration::from_millis(millis), cap, &mut machine(nanos), &mut |_| {
            tries += 1;
            ControlFlow::Continue(())
        });
        (calibration.unwrap(), tries)
    }

    #[test]
    fn memory_is_raised_first() {
        // 256 MiB with 3 passes take 0.24 s: about 0.75 s are reached with memory alone.
        let (calibration, tries) = chosen(300, MOST_MEMORY_KIB, 750);
        assert_eq!(calibration.params.passes, 3);
        assert!((700 * MIB..=830 * MIB).contains(&calibration.params.memory_kib), "{calibration:?}");
        assert!(tries <= 3);
    }

    #[test]
    fn passes_follow_when_memory_is_at_its_cap() {
        let (calibration, _) = chosen(50, 256 * MIB, 750);
        assert_eq!(calibration.params.memory_kib, 256 * MIB);
        assert!(calibration.params.passes > 40, "{calibration:?}");
        let (fastest, _) = chosen(1, 64 * MIB, 750);
        assert_eq!(fastest.params.passes, MAX_PASSES);
    }

    #[test]
    fn a_slow_machine_gets_the_floor_and_takes_longer() {
        let (calibration, tries) = chosen(100_000, MOST_MEMORY_KIB, 750);
        assert_eq!(calibration.params, KdfParams::FLOOR);
        assert!(calibration.measured > Duration::from_secs(2));
        assert_eq!(tries, 1);
    }

    #[test]
    fn no_machine_and_no_wish_gives_less_than_the_floor_or_more_than_the_ceiling() {
        for nanos in [0, 1, 3, 10, 30, 100, 1000, 10_000, 1_000_000] {
            for millis in [0, 1, 50, 750, 3000, 60_000] {
                for cap in [64 * MIB, 100 * MIB, 256 * MIB, MOST_MEMORY_KIB] {
                    let (calibration, tries) = chosen(nanos, cap, millis);
                    assert_eq!(calibration.params.check(), Ok(()));
                    assert!(!calibration.params.is_weaker_than(&KdfParams::FLOOR));
                    assert!(calibration.params.memory_kib <= cap && tries <= MOST_TRIES);
                }
            }
        }
    }

    #[test]
    fn it_stops_when_asked_and_reports_what_it_measured() {
        let mut seen = Vec::new();
        let stopped = search(Duration::from_millis(750), GIB, &mut machine(300), &mut |step| {
            seen.push(step.params);
            ControlFlow::Break(())
        });
        assert_eq!(stopped, Err(CryptoError::Cancelled));
        assert_eq!(seen, [KdfParams::FLOOR]);
    }

    #[test]
    fn a_try_that_gets_no_memory_keeps_what_worked() {
        let mut small = |params: KdfParams| match params.memory_kib {
            ..=65_536 => Ok(Duration::from_millis(10)),
            _ => Err(CryptoError::KdfFailed),
        };
        let calibration =
            search(Duration::from_millis(750), GIB, &mut small, &mut |_| ControlFlow::Continue(()));
        assert_eq!(calibration.map(|chosen| chosen.params), Ok(KdfParams::FLOOR));
    }

    #[test]
    fn a_quarter_of_the_memory_and_one_gib_are_the_most() {
        assert_eq!(memory_cap(Some(2 << 30)), 512 * MIB);
        assert_eq!(memory_cap(Some(64 << 30)), GIB);
        assert_eq!(memory_cap(Some(100 << 20)), 64 * MIB);
        assert_eq!(memory_cap(None), 256 * MIB);
    }

    #[test]
    fn this_machine_can_be_measured() {
        // A wish that the floor already exceeds: one real try.
        let mut steps = 0;
        let calibration = calibrate(Duration::from_millis(1), &mut |_| {
            steps += 1;
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!((calibration.params, steps), (KdfParams::FLOOR, 1));
    }
}
