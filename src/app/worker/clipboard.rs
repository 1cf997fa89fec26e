//! What of ours is on the clipboard, until it is not.
//!
//! A clipboard that does not let go is asked again and again, and that is shown: nothing is said to be cleared that is not.

use super::Worker;
use super::deadlines::clear;

/// What a value is called once the vault is locked: its name is the vault's.
const NAMELESS: &str = "a value of this vault";

impl Worker {
    /// Takes our value off the clipboard, if it still holds it.
    pub(super) fn clear_clipboard(&mut self) {
        let mono = self.services.clock.monotonic();
        self.dirty |= clear(&mut self.clipboard, &mut *self.services.clipboard, mono);
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
