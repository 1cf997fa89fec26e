//! What of ours is on the clipboard, until it is not.
//!
//! A clipboard that does not let go is asked again and again, and that is shown: nothing is said to be cleared that is not.

use std::time::Duration;

use super::super::platform::clipboard::Cleared;
use super::super::snapshot::ClipboardState;
use super::Worker;

/// How long until a clipboard that did not let go is asked again.
const AGAIN: Duration = Duration::from_secs(2);
/// What a value is called once the vault is locked: its name is the vault's.
const NAMELESS: &str = "a value of this vault";

impl Worker {
    /// Takes our value off the clipboard, if it still holds it.
    pub(super) fn clear_clipboard(&mut self) {
        let Some(held) = self.clipboard.take() else { return };
        self.dirty = true;
        if self.services.clipboard.clear_if_ours() == Cleared::Failed {
            let clears_at = self.services.clock.monotonic() + AGAIN;
            self.clipboard = Some(ClipboardState { clears_at, stuck: true, ..held });
        }
    }

    /// [`Worker::clear_clipboard`] at a lock. What stays there stays without its name.
    pub(super) fn clear_clipboard_at_lock(&mut self) {
        self.clear_clipboard();
        if let Some(held) = &mut self.clipboard {
            NAMELESS.clone_into(&mut held.what);
        }
    }

    /// Puts a text there that is no secret. A value of ours that was there is gone then.
    pub(super) fn copy_plain(&mut self, text: &str) {
        // Plain text that cannot be copied is not worth a dialog; the window sees nothing new on the clipboard.
        if self.services.clipboard.copy_plain(text).is_ok() {
            self.dirty |= self.clipboard.take().is_some();
        }
    }
}
