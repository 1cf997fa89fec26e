//! What the window does at a lock: it forgets, and then paints over what it had painted.
//!
//! The worker has dropped the session by the time the window notices. What is left is the window's own: state of pages
//! and dialogs, egui's memory, the last frames in the renderer. See `SECURITY.md`, "Memory after a lock".

use egui::{Context, Ui, ViewportCommand};

use crate::app::Snapshot;
use crate::crypto::process;
use crate::model::SessionTag;
use crate::ui::widgets::{SecretSink, curtain};

/// Frames painted after a lock, so that caches and vertex buffers turn over.
const FRAMES: u8 = 4;
/// Calls of `logic` a hidden window is given to get them painted.
const PATIENCE: u8 = 40;

/// A session ended, or began; between two looks even both.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Change {
    /// The session that was open is over: locked, closed, or already another one.
    pub(super) over: bool,
    /// A session is open that was not.
    pub(super) begun: bool,
}

/// Follows the lock.
#[derive(Default)]
pub(super) struct Watch {
    session: Option<SessionTag>,
    frames: u8,
    patience: u8,
    /// The lock was asked for because the window is minimised.
    asked: bool,
}

impl Watch {
    /// Whether the vault is to be locked now because the window was minimised: once, until it is so again.
    pub(super) fn minimised(&mut self, ctx: &Context, snapshot: &Snapshot) -> bool {
        let is = ctx.input(|input| input.viewport().minimized) == Some(true);
        let locks = is && snapshot.unlocked().is_some_and(|unlocked| unlocked.view.settings.locks.minimised);
        let asked = std::mem::replace(&mut self.asked, locks);
        locks && !asked
    }

    /// What became of the session since the last look.
    pub(super) fn change(&mut self, snapshot: &Snapshot) -> Change {
        let session = snapshot.unlocked().map(|unlocked| unlocked.view.session.tag);
        let before = std::mem::replace(&mut self.session, session);
        let changed = before != session;
        Change { over: changed && before.is_some(), begun: changed && session.is_some() }
    }

    /// Forgets what egui holds and asks for the frames that paint over the rest.
    pub(super) fn forget(&mut self, ctx: &Context) {
        egui::Popup::close_all(ctx);
        ctx.memory_mut(|memory| memory.data.clear());
        SecretSink::clear(ctx);
        (self.frames, self.patience) = (FRAMES, PATIENCE);
        self.urge(ctx);
    }

    /// In `logic`: gets the frames painted even while the window is hidden.
    pub(super) fn urge(&mut self, ctx: &Context) {
        if self.frames > 0 && self.patience > 0 {
            self.patience -= 1;
            ctx.send_viewport_cmd(ViewportCommand::RequestPaintWhileHidden);
            ctx.request_repaint();
        }
    }

    /// First thing in each frame.
    pub(super) fn paint(&mut self, ui: &Ui) {
        if self.frames == 0 {
            return;
        }
        curtain(ui);
        self.frames -= 1;
        if self.frames == 0 {
            process::trim_heap();
        } else {
            ui.ctx().request_repaint();
        }
    }
}
