//! [`MemoryClipboard`]: a clipboard that only this process sees, with other programs played by the test.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use super::{Cleared, Clipboard, ClipboardError, Mark};
use crate::crypto::memory::SecretBuf;

/// A clipboard for tests. Copies share it, so that a test can look at what the window put there.
#[derive(Clone, Default)]
pub struct MemoryClipboard {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    content: Option<Zeroizing<String>>,
    secret: Option<Mark>,
    broken: bool,
}

impl MemoryClipboard {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What another program would paste.
    #[must_use]
    pub fn content(&self) -> Option<String> {
        self.lock().content.as_ref().map(|text| text.as_str().to_owned())
    }

    /// Another program copies `text`, or empties the clipboard.
    pub fn replace_from_outside(&self, text: Option<&str>) {
        self.lock().content = text.map(|text| Zeroizing::new(text.to_owned()));
    }

    /// From now on every call fails (`true`) or works again.
    pub fn set_broken(&self, broken: bool) {
        self.lock().broken = broken;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn working(&self) -> Result<MutexGuard<'_, Inner>, ClipboardError> {
        let inner = self.lock();
        if inner.broken { Err(ClipboardError::Unavailable) } else { Ok(inner) }
    }
}

impl Clipboard for MemoryClipboard {
    fn copy_secret(&mut self, text: &SecretBuf) -> Result<(), ClipboardError> {
        let text = text.as_str().ok_or(ClipboardError::NotText)?;
        let mut inner = self.working()?;
        inner.secret = Some(Mark::of(text).ok_or(ClipboardError::Unavailable)?);
        inner.content = Some(Zeroizing::new(text.to_owned()));
        Ok(())
    }

    fn clear_if_ours(&mut self) -> Cleared {
        let mut inner = self.lock();
        if inner.broken && inner.secret.is_some() {
            return Cleared::Failed;
        }
        let Some(mark) = inner.secret.take() else { return Cleared::Nothing };
        if !inner.content.as_ref().is_some_and(|text| mark.is(text)) {
            return Cleared::NotOurs;
        }
        inner.content = None;
        Cleared::Cleared
    }

    fn read_into(&mut self, buf: &mut SecretBuf) -> Result<(), ClipboardError> {
        let inner = self.working()?;
        let text = inner.content.as_ref().ok_or(ClipboardError::NoText)?;
        buf.push(text.as_bytes()).map_err(|full| ClipboardError::TooLong { capacity: full.capacity })
    }

    fn copy_plain(&mut self, text: &str) -> Result<(), ClipboardError> {
        let mut inner = self.working()?;
        inner.secret = None;
        inner.content = Some(Zeroizing::new(text.to_owned()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_behaves_as_the_systems_does() {
        let mut clipboard = MemoryClipboard::new();
        let outside = clipboard.clone();
        assert_eq!(clipboard.clear_if_ours(), Cleared::Nothing);
        clipboard.copy_secret(&SecretBuf::from_slice(b"secret")).unwrap();
        assert_eq!(outside.content().as_deref(), Some("secret"));
        assert_eq!(clipboard.clear_if_ours(), Cleared::Cleared);
        assert_eq!(outside.content(), None);
        clipboard.copy_secret(&SecretBuf::from_slice(b"secret")).unwrap();
        outside.replace_from_outside(Some("other"));
        assert_eq!(clipboard.clear_if_ours(), Cleared::NotOurs);
        let mut small = SecretBuf::with_capacity(2);
        assert_eq!(clipboard.read_into(&mut small), Err(ClipboardError::TooLong { capacity: 2 }));
        clipboard.copy_secret(&SecretBuf::from_slice(b"secret")).unwrap();
        outside.set_broken(true);
        assert_eq!(clipboard.clear_if_ours(), Cleared::Failed);
        assert_eq!(clipboard.copy_plain("x"), Err(ClipboardError::Unavailable));
        outside.set_broken(false);
        assert_eq!(clipboard.clear_if_ours(), Cleared::Cleared);
    }
}
