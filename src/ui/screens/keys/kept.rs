//! What of the page survives a lock, and how it is taken up again.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde::{Deserialize, Serialize};

use super::State;
use crate::model::KeyId;
use crate::model::search::{Sort, SortBy};

/// The orders by their number in what is kept. Never renumbered: drafts outlive the program that wrote them.
const ORDERS: [SortBy; 9] = [
    SortBy::Name,
    SortBy::Type,
    SortBy::Owner,
    SortBy::State,
    SortBy::Version,
    SortBy::Age,
    SortBy::Due,
    SortBy::LastUsed,
    SortBy::System,
];

/// The page as it was.
#[derive(Serialize, Deserialize)]
pub struct Kept<'a> {
    /// The query as typed.
    pub query: &'a str,
    /// Place in [`ORDERS`], and whether backwards.
    sort: (u8, bool),
    open: Option<KeyId>,
    tab: u8,
    /// The numbers of the selected rows.
    pub selected: Vec<u64>,
}

impl State {
    /// What must survive a lock.
    #[must_use]
    pub fn keep(&self) -> Kept<'_> {
        let order = ORDERS.iter().position(|by| *by == self.sort.by).unwrap_or(0);
        Kept {
            query: &self.query,
            sort: (order as u8, self.sort.descending),
            open: self.open,
            tab: self.drawer.tab as u8,
            selected: self.table.selected.iter().copied().collect(),
        }
    }

    /// Goes on where the session before ended.
    pub fn take_up(&mut self, kept: &Kept<'_>) {
        let by = ORDERS.get(usize::from(kept.sort.0)).copied().unwrap_or(SortBy::Due);
        self.sort = Sort { by, descending: kept.sort.1 };
        kept.query.clone_into(&mut self.query);
        self.table.selected = kept.selected.iter().copied().collect();
        self.open = kept.open;
        self.drawer.tab = usize::from(kept.tab).min(4);
        (self.jump, self.returning) = (kept.open.is_some(), true);
    }

    /// Another number whenever [`State::keep`] gives something else.
    #[must_use]
    pub fn mark(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.query, self.sort, self.open, self.drawer.tab).hash(&mut hasher);
        // The rows stand in no order.
        let rows =
            self.table.selected.iter().fold(0, |all, row| all ^ row.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        (rows, self.table.selected.len()).hash(&mut hasher);
        hasher.finish()
    }
}
