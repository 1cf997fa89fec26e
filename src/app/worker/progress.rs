//! Work that fills one command: how far it is, and whether it must end before it is done.
//!
//! Such work holds the vault's thread. So it looks at the session's clock itself, counts the input that comes meanwhile,
//! and ends at once where somebody cancels, where the vault must lock, or where the session is over: a lock always wins.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::guard::session::{Now, SessionClock, Verdict};
use crate::store::Walk;
use crate::vault::clock::Clock;
use crate::vault::{Vault, VaultError};

use super::super::command::Done;
use super::super::snapshot::{Job, Phase};
use super::super::{Shared, lock};
use super::jobs::percent;
use super::locked::stop_if;
use super::{State, Wake, Worker};

/// How the work tells what is done, of how much in all, and hears whether to go on.
pub(super) type Step<'a> = &'a mut dyn FnMut(u64, u64) -> Walk;

struct Progress {
    title: &'static str,
    shared: Arc<Shared>,
    wake: Wake,
    clock: Arc<dyn Clock>,
    session: SessionClock,
    told: Option<u64>,
}

impl Worker {
    /// Does work on the vault that takes long. What it leaves undone when it is told to end is its own to say.
    pub(super) fn long_work(
        &mut self,
        title: &'static str,
        work: impl FnOnce(&mut Vault, Step<'_>) -> Result<Done, VaultError>,
    ) -> Result<Done, VaultError> {
        self.set_job(Some(Job { title, done: 0, total: 0, cancellable: true }));
        let State::Open(open) = &mut self.state else {
            self.set_job(None);
            return Err(VaultError::Cancelled);
        };
        let mut progress = Progress {
            title,
            shared: Arc::clone(&self.shared),
            wake: Arc::clone(&self.wake),
            clock: Arc::clone(&self.services.clock),
            session: open.session.clone(),
            told: None,
        };
        let result = work(&mut open.vault, &mut |done, total| progress.step(done, total));
        open.session = progress.session;
        open.sync();
        self.set_job(None);
        result
    }
}

impl Progress {
    fn step(&mut self, done: u64, total: u64) -> Walk {
        let now = Now { wall: self.clock.wall(), mono: self.clock.monotonic() };
        if self.shared.active.swap(false, Ordering::AcqRel) {
            self.session.activity(now);
        }
        let verdict = self.session.tick(now);
        let hundredths = percent(done, total);
        if self.told != Some(hundredths) {
            self.told = Some(hundredths);
            self.tell(done, total, now, &verdict);
        }
        stop_if(matches!(verdict, Verdict::Lock(_)) || self.shared.must_stop())
    }

    /// Shows the last snapshot again, with how far the work is and how long the session still lasts.
    fn tell(&self, done: u64, total: u64, now: Now, verdict: &Verdict) {
        let mut snapshot = lock(&self.shared.snapshot);
        let mut next = (**snapshot).clone();
        next.serial = self.shared.next_serial();
        next.job = Some(Job { title: self.title, done, total, cancellable: true });
        if let (Phase::Unlocked(view), Verdict::Continue { idle_left, hard_left, .. }) =
            (&mut next.phase, verdict)
        {
            let view = Arc::make_mut(view);
            (view.idle_deadline, view.hard_deadline) = (now.mono + *idle_left, now.mono + *hard_left);
        }
        *snapshot = Arc::new(next);
        drop(snapshot);
        (self.wake)();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    use super::*;
    use crate::app::platform::clipboard::MemoryClipboard;
    use crate::app::{Services, Status};
    use crate::guard::session::Limits;
    use crate::model::Timestamp;
    use crate::vault::anchor::NoAnchor;
    use crate::vault::clock::ManualClock;

    fn progress(clock: &ManualClock) -> (Progress, Arc<AtomicUsize>) {
        let services = Services {
            clock: Arc::new(clock.clone()),
            anchor: Arc::new(NoAnchor),
            clipboard: Box::new(MemoryClipboard::new()),
            host: "ws-14".into(),
            os_user: "mito".into(),
            status: Status::default(),
            watch_system: false,
        };
        let limits = Limits { idle: Duration::from_secs(300), hard: Duration::from_secs(3600) };
        let woken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&woken);
        let progress = Progress {
            title: "Importing",
            shared: Arc::new(Shared::new(&services)),
            wake: Arc::new(move || {
                count.fetch_add(1, Ordering::Relaxed);
            }),
            clock: Arc::clone(&services.clock),
            session: SessionClock::new(limits, clock.wall(), clock.monotonic()),
            told: None,
        };
        (progress, woken)
    }

    #[test]
    fn each_hundredth_is_shown_once_and_with_a_new_number() {
        let clock = ManualClock::at(Timestamp(1_775_000_000_000));
        let (mut progress, woken) = progress(&clock);
        for done in 0..1000 {
            assert!(progress.step(done, 1000).is_continue());
        }
        assert_eq!(woken.load(Ordering::Relaxed), 100);
        let snapshot = Arc::clone(&lock(&progress.shared.snapshot));
        assert_eq!(snapshot.serial, 100);
        assert_eq!(snapshot.job, Some(Job { title: "Importing", done: 990, total: 1000, cancellable: true }));
    }

    #[test]
    fn it_ends_with_the_session_and_input_meanwhile_prolongs_that() {
        let clock = ManualClock::at(Timestamp(1_775_000_000_000));
        let (mut progress, _) = progress(&clock);
        clock.advance(Duration::from_secs(200));
        progress.shared.active.store(true, Ordering::Release);
        assert!(progress.step(1, 9).is_continue());
        clock.advance(Duration::from_secs(200));
        assert!(progress.step(2, 9).is_continue(), "there was input 200 s ago");
        clock.advance(Duration::from_secs(101));
        assert!(progress.step(3, 9).is_break());
    }

    #[test]
    fn it_ends_where_somebody_cancels_or_locks() {
        let clock = ManualClock::at(Timestamp(1_775_000_000_000));
        let (mut progress, _) = progress(&clock);
        progress.shared.interrupts.fetch_add(1, Ordering::AcqRel);
        assert!(progress.step(1, 9).is_break());
    }
}
