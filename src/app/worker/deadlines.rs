//! What work that takes long looks at itself, because nothing else does while it runs: the input that comes meanwhile, the
//! session's clock, and whether what is shown or copied is to be gone. It wipes at once and records nothing.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::guard::session::{Now, SessionClock, Verdict};
use crate::model::KeyId;

use super::super::platform::clipboard::{Cleared, Clipboard};
use super::super::snapshot::ClipboardState;
use super::super::{Services, Shared, lock};

/// How long until a clipboard that did not let go is asked again.
const AGAIN: Duration = Duration::from_secs(2);

/// Looks at them.
pub(super) struct Deadlines<'a> {
    shared: &'a Shared,
    services: &'a mut Services,
    held: &'a mut Option<ClipboardState>,
    seen: Seen,
}

/// What was seen.
pub(super) struct Seen {
    /// The session with the input that came.
    pub session: SessionClock,
    /// The version that is not shown any more; that is still to be recorded.
    pub hidden: Option<(KeyId, u32)>,
}

impl<'a> Deadlines<'a> {
    pub(super) fn new(
        shared: &'a Shared,
        services: &'a mut Services,
        held: &'a mut Option<ClipboardState>,
        session: SessionClock,
    ) -> Self {
        Self { shared, services, held, seen: Seen { session, hidden: None } }
    }

    /// Looks once. Tells how the session stands, and whether something is gone now.
    pub(super) fn look(&mut self) -> (Verdict, bool) {
        let now = self.now();
        if self.shared.active.swap(false, Ordering::AcqRel) {
            self.seen.session.activity(now);
        }
        let gone = self.hide(now.mono) | self.clear(now.mono);
        (self.seen.session.tick(now), gone)
    }

    /// Looks once. Tells whether the work must end.
    pub(super) fn must_stop(&mut self) -> bool {
        let (verdict, _) = self.look();
        matches!(verdict, Verdict::Lock(_)) || self.shared.must_stop()
    }

    pub(super) fn now(&self) -> Now {
        Now { wall: self.services.clock.wall(), mono: self.services.clock.monotonic() }
    }

    /// What of ours is on the clipboard.
    pub(super) fn clipboard(&self) -> Option<ClipboardState> {
        self.held.clone()
    }

    pub(super) fn end(self) -> Seen {
        self.seen
    }

    fn hide(&mut self, mono: Duration) -> bool {
        let asked = self.shared.hide.swap(false, Ordering::AcqRel);
        let mut revealed = lock(&self.shared.revealed);
        let over = revealed.as_ref().is_some_and(|shown| asked || shown.hide_at <= mono);
        let Some(shown) = revealed.take_if(|_| over) else { return false };
        self.seen.hidden = Some((shown.key, shown.version));
        true
    }

    fn clear(&mut self, mono: Duration) -> bool {
        let asked = self.shared.clear.swap(false, Ordering::AcqRel);
        let over = self.held.as_ref().is_some_and(|held| asked || held.clears_at <= mono);
        over && clear(self.held, &mut *self.services.clipboard, mono)
    }
}

/// Takes our value off the clipboard, if it still holds it. Tells whether there was one to take.
pub(super) fn clear(
    held: &mut Option<ClipboardState>,
    clipboard: &mut dyn Clipboard,
    mono: Duration,
) -> bool {
    let Some(state) = held.take() else { return false };
    if clipboard.clear_if_ours() == Cleared::Failed {
        *held = Some(ClipboardState { clears_at: mono + AGAIN, stuck: true, ..state });
    }
    true
}
