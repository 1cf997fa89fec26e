//! [`MemoryAnchor`]: anchors in this process only, with moods, so that tests can see what a broken keyring does to an unlock.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{AnchorError, AnchorStore, plausible};
use crate::model::VaultId;

/// How a [`MemoryAnchor`] answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mood {
    /// As it should.
    #[default]
    Works,
    /// It is not there.
    Unavailable,
    /// It does not answer.
    TimesOut,
    /// It says that what it holds is not an anchor.
    Nonsense,
    /// It answers, with bytes that mean nothing.
    Garbage,
    /// It reads, and refuses to write.
    ReadOnly,
}

/// A keyring for tests. Copies share what they hold.
#[derive(Clone, Default)]
pub struct MemoryAnchor {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    mood: Mood,
    held: BTreeMap<VaultId, Vec<u8>>,
    saves: usize,
}

impl MemoryAnchor {
    /// An empty one that works.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Changes how it answers from now on.
    pub fn set_mood(&self, mood: Mood) {
        self.lock().mood = mood;
    }

    /// What it holds for `vault`, whatever its mood.
    #[must_use]
    pub fn peek(&self, vault: VaultId) -> Option<Vec<u8>> {
        self.lock().held.get(&vault).cloned()
    }

    /// Puts `bytes` there, or takes them away, as another program of the same user could.
    pub fn plant(&self, vault: VaultId, bytes: Option<Vec<u8>>) {
        let mut inner = self.lock();
        match bytes {
            Some(bytes) => inner.held.insert(vault, bytes),
            None => inner.held.remove(&vault),
        };
    }

    /// How many times something was saved.
    #[must_use]
    pub fn saves(&self) -> usize {
        self.lock().saves
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AnchorStore for MemoryAnchor {
    fn load(&self, vault: VaultId) -> Result<Option<Vec<u8>>, AnchorError> {
        let inner = self.lock();
        match inner.mood {
            Mood::Works | Mood::ReadOnly => {}
            Mood::Garbage => return Ok(Some(b"not an anchor".to_vec())),
            Mood::Unavailable => return Err(AnchorError::Unavailable("no keyring answers")),
            Mood::TimesOut => return Err(AnchorError::TimedOut),
            Mood::Nonsense => return Err(AnchorError::Nonsense),
        }
        let Some(bytes) = inner.held.get(&vault) else { return Ok(None) };
        plausible(bytes)?;
        Ok(Some(bytes.clone()))
    }

    fn save(&self, vault: VaultId, bytes: &[u8]) -> Result<(), AnchorError> {
        plausible(bytes)?;
        let mut inner = self.lock();
        match inner.mood {
            Mood::Works | Mood::Nonsense | Mood::Garbage => {}
            Mood::Unavailable | Mood::ReadOnly => return Err(AnchorError::Unavailable("no keyring answers")),
            Mood::TimesOut => return Err(AnchorError::TimedOut),
        }
        inner.held.insert(vault, bytes.to_vec());
        inner.saves += 1;
        Ok(())
    }

    fn describe(&self) -> &'static str {
        "this process only"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_one_anchor_for_each_vault() {
        let store = MemoryAnchor::new();
        let (a, b) = (VaultId([1; 16]), VaultId([2; 16]));
        assert_eq!(store.load(a), Ok(None));
        store.save(a, b"one").unwrap();
        store.clone().save(a, b"two").unwrap();
        assert_eq!(store.load(a), Ok(Some(b"two".to_vec())));
        assert_eq!(store.load(b), Ok(None));
        assert_eq!(store.saves(), 2);
    }

    #[test]
    fn its_moods_are_those_of_real_keyrings() {
        let store = MemoryAnchor::new();
        let vault = VaultId([1; 16]);
        store.save(vault, b"one").unwrap();
        store.set_mood(Mood::TimesOut);
        assert_eq!(store.load(vault), Err(AnchorError::TimedOut));
        assert_eq!(store.save(vault, b"two"), Err(AnchorError::TimedOut));
        store.set_mood(Mood::ReadOnly);
        assert_eq!(store.load(vault), Ok(Some(b"one".to_vec())));
        assert!(store.save(vault, b"two").is_err());
        store.set_mood(Mood::Works);
        store.plant(vault, Some(vec![0; super::super::ANCHOR_MAX + 1]));
        assert_eq!(store.load(vault), Err(AnchorError::Nonsense));
    }
}
