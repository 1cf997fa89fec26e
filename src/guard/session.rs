//! When an open session must end: after a time without input, and after a time whatever happens.
//!
//! Time is measured on two clocks at once. The monotonic one cannot be set but stands still while the computer sleeps;
//! the wall clock runs on but can be set. A session is as old as whichever clock says it is older, so neither sleeping
//! nor setting the clock back prolongs it. Where the wall runs ahead of the other by more than five minutes the computer
//! slept (or the clock was set), and the session ends (OWASP session management, on clock skew).
//!
//! Input that comes too late does not rescue a session: every call first lets the time pass, and a session whose time
//! has passed stays over whatever is called afterwards.

use std::time::Duration;

use crate::model::{LockReason, Settings, Timestamp};

/// How long before a lock the warning shows (WCAG 2.2.1 asks for at least 20 s).
pub const WARN: Duration = Duration::from_secs(30);
/// How long before the hard limit it is announced.
pub const HARD_SOON: Duration = Duration::from_secs(5 * 60);
/// How far the wall may run ahead of the monotonic clock between two looks.
pub const JUMP: Duration = Duration::from_secs(5 * 60);
/// The longest time between two looks at the clocks, so that a wake from sleep is noticed without any input.
pub const LOOK: Duration = Duration::from_secs(5);

/// How long a session may be idle, and how long it may last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Without input.
    pub idle: Duration,
    /// Altogether.
    pub hard: Duration,
}

impl From<&Settings> for Limits {
    fn from(settings: &Settings) -> Self {
        Self {
            idle: Duration::from_secs(u64::from(settings.idle_lock_min) * 60),
            hard: Duration::from_secs(u64::from(settings.session_limit_h) * 3600),
        }
    }
}

impl Limits {
    fn idle_reason(self) -> LockReason {
        LockReason::Idle { minutes: rounded_up(self.idle, 60) }
    }

    fn hard_reason(self) -> LockReason {
        LockReason::Limit { hours: rounded_up(self.hard, 3600) }
    }
}

fn rounded_up(time: Duration, unit_s: u64) -> u32 {
    u32::try_from(time.as_secs().div_ceil(unit_s)).unwrap_or(u32::MAX)
}

/// Both clocks at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Now {
    /// The wall clock.
    pub wall: Timestamp,
    /// The monotonic clock, since any fixed point.
    pub mono: Duration,
}

/// What is to be done now.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The session goes on.
    Continue {
        /// Until it locks for want of input.
        idle_left: Duration,
        /// Until it ends whatever happens.
        hard_left: Duration,
        /// Whether the nearer of both is at most 30 s away.
        warn: bool,
        /// Whether the hard limit is at most 5 min away.
        hard_soon: bool,
    },
    /// The session is over.
    Lock(LockReason),
}

/// The clock of one session.
#[derive(Clone, Debug)]
pub struct SessionClock {
    limits: Limits,
    /// The moment of the last look.
    seen: Now,
    /// The session's age: never runs back.
    age: Duration,
    /// Its age at the last input.
    active_at: Duration,
    over: Option<LockReason>,
}

impl SessionClock {
    /// Starts at the unlock.
    #[must_use]
    pub fn new(limits: Limits, wall: Timestamp, mono: Duration) -> Self {
        let seen = Now { wall, mono };
        Self { limits, seen, age: Duration::ZERO, active_at: Duration::ZERO, over: None }
    }

    /// There was input to the focused window.
    pub fn activity(&mut self, now: Now) {
        self.pass(now);
        if self.over.is_none() {
            self.active_at = self.age;
        }
    }

    /// The operator asked to stay: the same as input, said aloud.
    pub fn stay_unlocked(&mut self, now: Now) {
        self.activity(now);
    }

    /// Looks at the clocks and says what is to be done.
    pub fn tick(&mut self, now: Now) -> Verdict {
        self.pass(now);
        if let Some(reason) = self.over {
            return Verdict::Lock(reason);
        }
        let (idle_left, hard_left) = (self.idle_left(), self.hard_left());
        let warn = idle_left.min(hard_left) <= WARN;
        Verdict::Continue { idle_left, hard_left, warn, hard_soon: hard_left <= HARD_SOON }
    }

    /// New limits, at once: a shorter one may end the session at the next look.
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// The limits in force.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// When to look again at the latest, on the monotonic clock: the nearest of warning, lock and [`LOOK`].
    #[must_use]
    pub fn next_deadline(&self) -> Duration {
        let (idle, hard) = (self.idle_left(), self.hard_left());
        let changes = [
            idle,
            hard,
            idle.saturating_sub(WARN),
            hard.saturating_sub(WARN),
            hard.saturating_sub(HARD_SOON),
        ];
        let nearest = changes.into_iter().filter(|left| !left.is_zero()).min().unwrap_or(Duration::ZERO);
        let wait = if self.over.is_some() { Duration::ZERO } else { nearest.min(LOOK) };
        self.seen.mono.saturating_add(wait)
    }

    /// How old the session is.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.age
    }

    fn idle_left(&self) -> Duration {
        self.limits.idle.saturating_sub(self.age.saturating_sub(self.active_at))
    }

    fn hard_left(&self) -> Duration {
        self.limits.hard.saturating_sub(self.age)
    }

    /// Lets the time since the last look pass.
    fn pass(&mut self, now: Now) {
        let mono = now.mono.saturating_sub(self.seen.mono);
        let wall = Duration::from_millis(u64::try_from(now.wall.since(self.seen.wall)).unwrap_or(0));
        self.seen = Now { wall: now.wall, mono: now.mono.max(self.seen.mono) };
        self.age = self.age.saturating_add(mono.max(wall));
        if self.over.is_some() {
            return;
        }
        let idle = self.age.saturating_sub(self.active_at);
        let (idle_over, hard_over) =
            (idle.checked_sub(self.limits.idle), self.age.checked_sub(self.limits.hard));
        self.over = if wall.saturating_sub(mono) > JUMP {
            Some(LockReason::Suspend)
        } else {
            // Where both have passed, the one that passed first.
            match (idle_over, hard_over) {
                (Some(idle), Some(hard)) if idle > hard => Some(self.limits.idle_reason()),
                (_, Some(_)) => Some(self.limits.hard_reason()),
                (Some(_), None) => Some(self.limits.idle_reason()),
                (None, None) => None,
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: Timestamp = Timestamp(1_775_000_000_000);

    fn at(wall_s: i64, mono_s: u64) -> Now {
        Now { wall: START.plus_ms(wall_s * 1000), mono: Duration::from_secs(1000 + mono_s) }
    }

    fn both(s: u64) -> Now {
        at(s as i64, s)
    }

    fn clock() -> SessionClock {
        let limits = Limits::from(&Settings::default());
        SessionClock::new(limits, START, Duration::from_secs(1000))
    }

    #[test]
    fn a_session_without_input_warns_at_thirty_seconds_and_locks_at_five_minutes() {
        let mut clock = clock();
        let left = |verdict| match verdict {
            Verdict::Continue { idle_left, warn, .. } => (idle_left.as_secs(), warn),
            Verdict::Lock(reason) => panic!("{reason:?}"),
        };
        assert_eq!(left(clock.tick(both(269))), (31, false));
        assert_eq!(left(clock.tick(both(270))), (30, true));
        assert_eq!(left(clock.tick(both(299))), (1, true));
        assert_eq!(clock.tick(both(300)), Verdict::Lock(LockReason::Idle { minutes: 5 }));
    }

    #[test]
    fn input_prolongs_up_to_the_hard_limit_and_no_further() {
        let mut clock = clock();
        for s in (0..8 * 3600).step_by(200) {
            clock.activity(both(s));
            assert!(matches!(clock.tick(both(s)), Verdict::Continue { .. }), "{s}");
        }
        assert!(matches!(clock.tick(both(8 * 3600 - 200)), Verdict::Continue { hard_soon: true, .. }));
        clock.stay_unlocked(both(8 * 3600 - 1));
        assert_eq!(clock.tick(both(8 * 3600)), Verdict::Lock(LockReason::Limit { hours: 8 }));
    }

    #[test]
    fn input_that_comes_too_late_does_not_rescue_the_session() {
        let mut clock = clock();
        clock.activity(both(301));
        assert_eq!(clock.tick(both(302)), Verdict::Lock(LockReason::Idle { minutes: 5 }));
        clock.stay_unlocked(both(303));
        assert!(matches!(clock.tick(both(303)), Verdict::Lock(_)));
        assert_eq!(clock.next_deadline(), both(303).mono);
    }

    #[test]
    fn a_sleeping_computer_is_locked_when_it_wakes() {
        let mut clock = clock();
        clock.tick(both(10));
        clock.activity(at(10 + 3600, 11));
        assert_eq!(clock.tick(at(10 + 3600, 11)), Verdict::Lock(LockReason::Suspend));
    }

    #[test]
    fn short_sleeps_count_as_time_without_input() {
        let mut clock = clock();
        assert!(matches!(clock.tick(at(180, 1)), Verdict::Continue { .. }));
        assert_eq!(clock.tick(at(360, 2)), Verdict::Lock(LockReason::Idle { minutes: 5 }));
    }

    #[test]
    fn a_clock_set_back_prolongs_nothing() {
        let mut clock = clock();
        assert!(matches!(clock.tick(at(-100_000, 200)), Verdict::Continue { .. }));
        assert_eq!(clock.tick(at(-100_000, 300)), Verdict::Lock(LockReason::Idle { minutes: 5 }));
    }

    #[test]
    fn a_shorter_limit_holds_at_once() {
        let mut clock = clock();
        clock.tick(both(100));
        clock.set_limits(Limits { idle: Duration::from_secs(60), ..clock.limits() });
        assert_eq!(clock.tick(both(100)), Verdict::Lock(LockReason::Idle { minutes: 1 }));
    }

    #[test]
    fn the_next_look_is_never_later_than_anything_that_changes() {
        let mut clock = clock();
        clock.tick(both(0));
        assert_eq!(clock.next_deadline(), both(5).mono);
        clock.tick(both(268));
        assert_eq!(clock.next_deadline(), both(270).mono);
        clock.tick(both(298));
        assert_eq!(clock.next_deadline(), both(300).mono);
    }

    proptest! {
        /// Steps of both clocks, any of them standing still or running back, with or without input.
        #[test]
        fn no_play_with_the_clocks_keeps_a_session_open_past_its_limit(
            steps in proptest::collection::vec((-4000i64..4000, 0u64..400, any::<bool>()), 1..300),
        ) {
            let mut clock = clock();
            let (mut wall, mut mono, mut idle) = (0i64, 0u64, 0u64);
            for (wall_step, mono_step, input) in steps {
                wall += wall_step;
                mono += mono_step;
                idle += mono_step;
                let now = at(wall, mono);
                let open_before = matches!(clock.clone().tick(now), Verdict::Continue { .. });
                if input {
                    clock.activity(now);
                    idle = if open_before { 0 } else { idle };
                }
                let verdict = clock.tick(now);
                prop_assert!(open_before || matches!(verdict, Verdict::Lock(_)), "a lock is final");
                if mono >= 8 * 3600 || idle >= 300 {
                    prop_assert!(matches!(verdict, Verdict::Lock(_)));
                }
            }
        }
    }
}
