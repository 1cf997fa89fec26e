//! Reading in peace: while somebody reads, what happens anew waits below the list instead of moving it.

use std::sync::Arc;

use super::State;
use super::found;
use crate::app::UnlockedView;
use crate::audit::index::LogIndex;
use crate::ui::frame::Frame;

/// Beyond this many events a log that is being read is shown in larger steps.
const LONG: usize = 50_000;

/// The log as the page shows it.
#[derive(Default)]
pub(super) struct Hold {
    log: Option<Arc<LogIndex>>,
    /// Whether that log was read to its end: an unfinished one is followed, whoever reads.
    whole: bool,
    /// The list was scrolled away from its beginning.
    pub(super) scrolled: bool,
    /// How many newer events fit the query, told once for each length of the log.
    newer: (usize, usize),
    /// The last frame the page was shown in.
    shown: u64,
}

impl Hold {
    /// Shows the newest from the next frame on.
    pub(super) fn release(&mut self) {
        self.log = None;
    }

    /// How many events that fit the query wait.
    pub(super) fn newer(&self) -> usize {
        if self.log.is_some() { self.newer.1 } else { 0 }
    }
}

/// The log to show in place of `view`'s, where newer events wait.
pub(super) fn hold(
    frame_number: u64,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
) -> Option<Arc<LogIndex>> {
    let came_back = frame_number > state.hold.shown + 1;
    state.hold.shown = frame_number;
    let reading = state.selected.is_some() || state.hold.scrolled;
    let waits = reading && !came_back && state.hold.whole && state.wanted.is_none();
    // While a long log is read, what is found in it is not counted anew for every percent.
    let shown = state.hold.log.as_ref().map_or(0, |log| log.len());
    let grows = state.reading.is_some() && shown > LONG && view.log.len() < shown / 4 * 5;
    let keep = waits || grows;
    let held = state.hold.log.clone().filter(|held| keep && held.len() <= view.log.len());
    let Some(held) = held else {
        state.hold.log = Some(Arc::clone(&view.log));
        state.hold.whole = view.log.len() as u64 >= view.view.log_size;
        state.hold.newer = (view.log.len(), 0);
        return None;
    };
    if waits && state.hold.newer.0 != view.log.len() {
        let from = u32::try_from(held.len()).unwrap_or(u32::MAX);
        let fit =
            found::read(&state.good, frame, view).map_or(0, |query| query.select_from(&view.log, from).len());
        state.hold.newer = (view.log.len(), fit);
    }
    Some(held)
}
