//! [`SystemClipboard`]: the desktop's clipboard, through `arboard`.
//!
//! On X11 whoever owns the clipboard serves it, and arboard's worker keeps what it served in its write buffer until the
//! *last* handle of the process is dropped; on dropping an owner it also hands the text to a clipboard manager. So a
//! handle lives only while something of ours is there, a secret is cleared before its handle is dropped, and a read
//! uses a handle of its own. This holds only while no other part of the process keeps one (eframe's `clipboard`
//! feature would: it stays off).

use arboard::Error;
use zeroize::Zeroizing;

use super::{Cleared, Clipboard, ClipboardError, Mark};
use crate::crypto::memory::SecretBuf;

/// The desktop's clipboard. Dropping it takes a secret of ours back.
#[derive(Default)]
pub struct SystemClipboard {
    /// Kept while something of ours, secret or not, is to be served.
    handle: Option<arboard::Clipboard>,
    /// How to recognise the secret we put there; `None` when we put none.
    secret: Option<Mark>,
}

impl SystemClipboard {
    /// Connects to nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Clipboard for SystemClipboard {
    fn copy_secret(&mut self, text: &SecretBuf) -> Result<(), ClipboardError> {
        let text = text.as_str().ok_or(ClipboardError::NotText)?;
        let mark = Mark::of(text).ok_or(ClipboardError::Unavailable)?;
        self.clear_if_ours();
        let handle = self.handle.insert(open()?);
        self.secret = Some(mark);
        // `text` is borrowed: the copy that the desktop is served from is the only one arboard makes.
        if hidden_from_histories(handle.set()).text(text).is_err() {
            self.clear_if_ours();
            self.let_go();
            return Err(ClipboardError::Unavailable);
        }
        Ok(())
    }

    fn clear_if_ours(&mut self) -> Cleared {
        let Some(mark) = self.secret.take() else { return Cleared::Nothing };
        // Dropped when this returns, unless there is something left to try again: see above.
        let Some(mut handle) = self.handle.take() else { return Cleared::Nothing };
        match handle.get_text().map(Zeroizing::new) {
            Ok(text) if !mark.is(&text) => return Cleared::NotOurs,
            Err(Error::ContentNotAvailable | Error::ConversionFailure) => return Cleared::NotOurs,
            // Ours, or nobody can tell: better to lose another program's text than to leave a secret.
            Ok(_) | Err(_) => {}
        }
        if handle.clear().is_ok() {
            return Cleared::Cleared;
        }
        self.secret = Some(mark);
        self.handle = Some(handle);
        Cleared::Failed
    }

    fn read_into(&mut self, buf: &mut SecretBuf) -> Result<(), ClipboardError> {
        let text = open()?.get_text().map(Zeroizing::new).map_err(|error| match error {
            Error::ContentNotAvailable | Error::ConversionFailure => ClipboardError::NoText,
            _ => ClipboardError::Unavailable,
        })?;
        buf.push(text.as_bytes()).map_err(|full| ClipboardError::TooLong { capacity: full.capacity })
    }

    fn copy_plain(&mut self, text: &str) -> Result<(), ClipboardError> {
        self.clear_if_ours();
        let handle = match &mut self.handle {
            Some(handle) => handle,
            none => none.insert(open()?),
        };
        handle.set_text(text).map_err(|_| {
            self.let_go();
            ClipboardError::Unavailable
        })
    }
}

impl SystemClipboard {
    /// Drops a handle that failed: the next call connects anew.
    fn let_go(&mut self) {
        self.handle = None;
        self.secret = None;
    }
}

impl Drop for SystemClipboard {
    fn drop(&mut self) {
        self.clear_if_ours();
    }
}

fn open() -> Result<arboard::Clipboard, ClipboardError> {
    arboard::Clipboard::new().map_err(|_| ClipboardError::Unavailable)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn hidden_from_histories(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtLinux;
    set.exclude_from_history()
}

#[cfg(target_os = "macos")]
fn hidden_from_histories(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtApple;
    set.exclude_from_history()
}

#[cfg(windows)]
fn hidden_from_histories(set: arboard::Set<'_>) -> arboard::Set<'_> {
    use arboard::SetExtWindows;
    set.exclude_from_monitoring().exclude_from_cloud().exclude_from_history()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_nothing_of_ours_there_is_nothing_to_clear() {
        assert_eq!(SystemClipboard::new().clear_if_ours(), Cleared::Nothing);
    }

    #[test]
    fn what_is_not_text_is_refused_before_a_clipboard_is_looked_for() {
        let mut clipboard = SystemClipboard::new();
        assert_eq!(
            clipboard.copy_secret(&SecretBuf::from_slice(&[0xff, 0xfe])),
            Err(ClipboardError::NotText)
        );
    }

    /// Needs a display: run by `scripts/ci-window.sh` under Xvfb.
    #[test]
    #[ignore = "needs a display of its own; it overwrites the clipboard"]
    fn a_secret_is_taken_back_and_what_others_copied_since_is_not() {
        let mut ours = SystemClipboard::new();
        ours.copy_secret(&SecretBuf::from_slice(b"first secret")).unwrap();
        let mut read = SecretBuf::with_capacity(64);
        ours.read_into(&mut read).unwrap();
        assert_eq!(read.as_bytes(), b"first secret");
        assert_eq!(ours.clear_if_ours(), Cleared::Cleared);
        assert_eq!(ours.clear_if_ours(), Cleared::Nothing);
        read.clear();
        assert_eq!(ours.read_into(&mut read), Err(ClipboardError::NoText));

        ours.copy_secret(&SecretBuf::from_slice(b"second secret")).unwrap();
        ours.copy_plain("a name").unwrap();
        assert_eq!(ours.clear_if_ours(), Cleared::Nothing);
        ours.read_into(&mut read).unwrap();
        assert_eq!(read.as_bytes(), b"a name");

        ours.copy_secret(&SecretBuf::from_slice(b"third secret")).unwrap();
        let mut full = SecretBuf::with_capacity(4);
        assert_eq!(ours.read_into(&mut full), Err(ClipboardError::TooLong { capacity: 4 }));
        assert!(full.is_empty());
        arboard::Clipboard::new().unwrap().set_text("somebody else's").unwrap();
        assert_eq!(ours.clear_if_ours(), Cleared::NotOurs);
    }

    /// As the one above. Asks as a clipboard's history would, with `xclip`.
    #[test]
    #[cfg(target_os = "linux")]
    #[ignore = "needs an X display of its own, and xclip; it overwrites the clipboard"]
    fn a_secret_asks_histories_to_leave_it_out_and_a_name_does_not() {
        const HINT: &str = "x-kde-passwordManagerHint";
        let asked = |target: &str| {
            let arguments = ["-selection", "clipboard", "-out", "-target", target];
            let output = std::process::Command::new("xclip").args(arguments).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        let mut ours = SystemClipboard::new();
        ours.copy_secret(&SecretBuf::from_slice(b"a secret")).unwrap();
        assert!(asked("TARGETS").lines().any(|target| target == HINT), "{}", asked("TARGETS"));
        assert_eq!(asked(HINT), "secret");
        assert_eq!(asked("UTF8_STRING"), "a secret");
        ours.copy_plain("a name").unwrap();
        assert_eq!(asked("UTF8_STRING"), "a name");
        assert!(!asked("TARGETS").contains(HINT), "a name is no secret");
    }
}
