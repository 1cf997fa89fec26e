//! What of the page survives a lock, and how it is taken up again.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::State;

/// The page as it was.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    tab: u8,
    open: [bool; 7],
    /// The numbers of the selected rows.
    pub selected: Vec<u64>,
}

impl State {
    /// What must survive a lock.
    #[must_use]
    pub fn keep(&self) -> Kept {
        let selected = self.due.table.selected.iter().copied().collect();
        Kept { tab: self.tab as u8, open: self.due.open, selected }
    }

    /// Goes on where the session before ended.
    pub fn take_up(&mut self, kept: &Kept) {
        self.tab = usize::from(kept.tab).min(3);
        self.due.open = kept.open;
        self.due.table.selected = kept.selected.iter().copied().collect();
    }

    /// Another number whenever [`State::keep`] gives something else.
    #[must_use]
    pub fn mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.tab, self.due.open).hash(&mut hasher);
        let rows =
            self.due.table.selected.iter().fold(0, |all, row| all ^ row.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        (rows, self.due.table.selected.len()).hash(&mut hasher);
        hasher.finish()
    }
}
