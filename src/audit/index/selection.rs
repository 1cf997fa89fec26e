//! Which rows of an index are meant.

use super::LogIndex;

/// Row numbers, ascending.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Selection {
    rows: Vec<u32>,
}

impl Selection {
    /// Every row.
    #[must_use]
    pub fn all(index: &LogIndex) -> Self {
        Self { rows: (0..index.rows_len()).collect() }
    }

    /// These rows.
    #[must_use]
    pub fn of(mut rows: Vec<u32>) -> Self {
        if !rows.is_sorted() {
            rows.sort_unstable();
        }
        rows.dedup();
        Self { rows }
    }

    /// The row numbers, ascending.
    #[must_use]
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The row number at `at`, counted from the start of the selection.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<u32> {
        self.rows.get(at).copied()
    }

    /// How many rows are meant.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Where `row` stands in the selection; where it would stand, if it is not in it.
    ///
    /// # Errors
    /// The row is not selected: the place where it would be.
    pub fn position(&self, row: u32) -> Result<usize, usize> {
        self.rows.binary_search(&row)
    }
}
