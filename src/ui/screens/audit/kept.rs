//! What of the page survives a lock, and how it is taken up again.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::{State, found};

/// The page as it was.
#[derive(Serialize, Deserialize)]
pub struct Kept<'a> {
    tab: u8,
    text: &'a str,
    range: u8,
    selected: Option<u64>,
    closed: bool,
}

impl State {
    /// What must survive a lock.
    #[must_use]
    pub fn keep(&self) -> Kept<'_> {
        Kept {
            tab: self.tab as u8,
            text: &self.text,
            range: self.range as u8,
            selected: self.selected,
            closed: self.closed,
        }
    }

    /// Goes on where the session before ended.
    pub fn take_up(&mut self, kept: &Kept<'_>) {
        self.tab = usize::from(kept.tab).min(1);
        self.set(kept.text);
        self.range = usize::from(kept.range).min(found::RANGES.len() - 1);
        (self.wanted, self.closed) = (kept.selected, kept.closed);
    }

    /// Another number whenever [`State::keep`] gives something else.
    #[must_use]
    pub fn mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.tab, &self.text, self.range, self.selected, self.closed).hash(&mut hasher);
        hasher.finish()
    }
}
