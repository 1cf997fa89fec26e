//! Work that fills one command: how far it is, and whether it must end before it is done.
//!
//! Such work holds the vault's thread. So it looks at the session's clock itself, counts the input that comes meanwhile,
//! and ends at once where somebody cancels, where the vault must lock, or where the session is over: a lock always wins.

use std::sync::Arc;

use crate::guard::session::Verdict;
use crate::store::Walk;
use crate::vault::{Vault, VaultError};

use super::super::command::Done;
use super::super::snapshot::{Job, Phase};
use super::super::{Shared, lock};
use super::deadlines::Deadlines;
use super::jobs::percent;
use super::locked::stop_if;
use super::{State, Wake, Worker};

/// How the work tells what is done, of how much in all, and hears whether to go on.
pub(super) type Step<'a> = &'a mut dyn FnMut(u64, u64) -> Walk;

struct Progress<'a> {
    title: &'static str,
    shared: &'a Shared,
    wake: Wake,
    deadlines: Deadlines<'a>,
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
        let (shared, services, held) = (&*self.shared, &mut self.services, &mut self.clipboard);
        let deadlines = Deadlines::new(shared, services, held, open.session.clone());
        let mut progress = Progress { title, shared, wake: Arc::clone(&self.wake), deadlines, told: None };
        let result = work(&mut open.vault, &mut |done, total| progress.step(done, total));
        let seen = progress.deadlines.end();
        open.session = seen.session;
        open.sync();
        self.shared.spend_cancels();
        self.record_hidden(seen.hidden);
        self.set_job(None);
        result
    }
}

impl Progress<'_> {
    fn step(&mut self, done: u64, total: u64) -> Walk {
        let (verdict, gone) = self.deadlines.look();
        let hundredths = percent(done, total);
        if gone || self.told != Some(hundredths) {
            self.told = Some(hundredths);
            self.tell(done, total, &verdict);
        }
        stop_if(matches!(verdict, Verdict::Lock(_)) || self.shared.must_stop())
    }

    /// Shows the last snapshot again, with how far the work is and how long the session still lasts.
    fn tell(&self, done: u64, total: u64, verdict: &Verdict) {
        let mut snapshot = lock(&self.shared.snapshot);
        let mut next = (**snapshot).clone();
        next.serial = self.shared.next_serial();
        next.clipboard = self.deadlines.clipboard();
        next.job = Some(Job { title: self.title, done, total, cancellable: true });
        if let (Phase::Unlocked(view), Verdict::Continue { idle_left, hard_left, .. }) =
            (&mut next.phase, verdict)
        {
            let (view, mono) = (Arc::make_mut(view), self.deadlines.now().mono);
            (view.idle_deadline, view.hard_deadline) = (mono + *idle_left, mono + *hard_left);
        }
        *snapshot = Arc::new(next);
        drop(snapshot);
        (self.wake)();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::app::platform::clipboard::{Clipboard, MemoryClipboard};
    use crate::app::snapshot::ClipboardState;
    use crate::app::{Revealed, Services, Status};
    use crate::crypto::memory::SecretBuf;
    use crate::guard::session::{Limits, SessionClock};
    use crate::model::{KeyId, Timestamp};
    use crate::vault::anchor::NoAnchor;
    use crate::vault::clock::{Clock, ManualClock};

    /// What such work has around it.
    struct Around {
        services: Services,
        shared: Shared,
        held: Option<ClipboardState>,
        woken: Arc<AtomicUsize>,
    }

    impl Around {
        fn new(clock: &ManualClock, clipboard: &MemoryClipboard) -> Self {
            let services = Services {
                clock: Arc::new(clock.clone()),
                anchor: Arc::new(NoAnchor),
                clipboard: Box::new(clipboard.clone()),
                host: "ws-14".into(),
                os_user: "mito".into(),
                status: Status::default(),
                watch_system: false,
            };
            let shared = Shared::new(&services);
            Self { services, shared, held: None, woken: Arc::default() }
        }

        fn progress(&mut self) -> Progress<'_> {
            let limits = Limits { idle: Duration::from_secs(300), hard: Duration::from_secs(3600) };
            let (clock, count) = (&self.services.clock, Arc::clone(&self.woken));
            let session = SessionClock::new(limits, clock.wall(), clock.monotonic());
            let wake: Wake = Arc::new(move || {
                count.fetch_add(1, Ordering::Relaxed);
            });
            let deadlines = Deadlines::new(&self.shared, &mut self.services, &mut self.held, session);
            Progress { title: "Importing", shared: &self.shared, wake, deadlines, told: None }
        }
    }

    fn clock() -> ManualClock {
        ManualClock::at(Timestamp(1_775_000_000_000))
    }

    #[test]
    fn each_hundredth_is_shown_once_and_with_a_new_number() {
        let mut around = Around::new(&clock(), &MemoryClipboard::new());
        let mut progress = around.progress();
        for done in 0..1000 {
            assert!(progress.step(done, 1000).is_continue());
        }
        assert_eq!(around.woken.load(Ordering::Relaxed), 100);
        let snapshot = Arc::clone(&lock(&around.shared.snapshot));
        assert_eq!(snapshot.serial, 100);
        assert_eq!(snapshot.job, Some(Job { title: "Importing", done: 990, total: 1000, cancellable: true }));
    }

    #[test]
    fn it_ends_with_the_session_and_input_meanwhile_prolongs_that() {
        let clock = clock();
        let mut around = Around::new(&clock, &MemoryClipboard::new());
        let mut progress = around.progress();
        clock.advance(Duration::from_secs(200));
        progress.shared.active.store(true, Ordering::Release);
        assert!(progress.step(1, 9).is_continue());
        clock.advance(Duration::from_secs(200));
        assert!(progress.step(2, 9).is_continue(), "there was input 200 s ago");
        clock.advance(Duration::from_secs(101));
        assert!(progress.step(3, 9).is_break());
    }

    #[test]
    fn it_ends_where_somebody_cancels_or_locks_and_what_was_meant_for_it_ends_nothing_after_it() {
        let mut around = Around::new(&clock(), &MemoryClipboard::new());
        let mut progress = around.progress();
        progress.shared.cancels.fetch_add(1, Ordering::AcqRel);
        assert!(progress.step(1, 9).is_break());
        progress.shared.spend_cancels();
        assert!(progress.step(1, 9).is_continue());
        progress.shared.interrupts.fetch_add(1, Ordering::AcqRel);
        assert!(progress.step(1, 9).is_break());
    }

    #[test]
    fn what_is_shown_and_what_was_copied_is_gone_in_time_while_it_runs() {
        let (clock, mut clipboard) = (clock(), MemoryClipboard::new());
        let mut around = Around::new(&clock, &clipboard);
        clipboard.copy_secret(&SecretBuf::from_slice(b"copied")).unwrap();
        let after = |seconds| clock.monotonic() + Duration::from_secs(seconds);
        around.held = Some(ClipboardState { what: "db v1".into(), clears_at: after(15), stuck: false });
        let (key, hide_at) = (KeyId([7; 16]), after(20));
        let display = SecretBuf::from_slice(b"shown");
        let shown = Revealed { key, version: 3, name: "db".into(), display, hide_at };
        *lock(&around.shared.revealed) = Some(shown);
        let mut progress = around.progress();
        let mut after_a_step = |seconds| {
            clock.advance(Duration::from_secs(seconds));
            assert!(progress.step(1, 9).is_continue());
            (
                clipboard.content(),
                lock(&progress.shared.revealed).is_some(),
                progress.deadlines.clipboard().is_some(),
            )
        };
        assert_eq!(after_a_step(14), (Some("copied".into()), true, true));
        assert_eq!(after_a_step(2), (None, true, false));
        assert_eq!(after_a_step(5), (None, false, false));
        assert_eq!(progress.deadlines.end().hidden, Some((key, 3)), "it is still to be recorded");
    }

    #[test]
    fn hide_and_clear_are_heard_while_it_runs() {
        let (clock, mut clipboard) = (clock(), MemoryClipboard::new());
        let mut around = Around::new(&clock, &clipboard);
        clipboard.copy_secret(&SecretBuf::from_slice(b"copied")).unwrap();
        let later = clock.monotonic() + Duration::from_secs(15);
        around.held = Some(ClipboardState { what: "db v1".into(), clears_at: later, stuck: false });
        let display = SecretBuf::from_slice(b"shown");
        let (key, name) = (KeyId([7; 16]), "db".into());
        *lock(&around.shared.revealed) = Some(Revealed { key, version: 3, name, display, hide_at: later });
        let mut progress = around.progress();
        progress.shared.hide.store(true, Ordering::Release);
        progress.shared.clear.store(true, Ordering::Release);
        assert!(progress.step(1, 9).is_continue());
        assert!(clipboard.content().is_none() && lock(&progress.shared.revealed).is_none());
    }
}
