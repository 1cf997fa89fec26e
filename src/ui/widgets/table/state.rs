//! Which row has the cursor and which rows are selected.

use super::Table;
use crate::ui::widgets::Tick;
use std::collections::HashSet;

/// What a table remembers between frames. The screen keeps it.
#[derive(Debug, Clone, Default)]
pub struct TableState {
    /// The row the keyboard is at.
    pub cursor: Option<usize>,
    /// The keys of the selected rows.
    pub selected: HashSet<u64>,
    /// Where a range started.
    pub(super) anchor: Option<usize>,
    /// The column header the keyboard is at.
    pub(super) header: Option<usize>,
    /// The context menu of the cursor's row was asked for by the keyboard.
    pub(super) menu: bool,
    /// Bring the cursor into view in the next frame.
    pub(super) reveal: bool,
    /// Take the focus in the next frame.
    pub(super) focus: bool,
    /// Bring this row into view in the next frame.
    pub(super) into_view: Option<usize>,
    /// The accessibility node of the cursor's row in this pass.
    pub(super) active: Option<egui::Id>,
}

impl TableState {
    /// Whether the row with this key is selected.
    #[must_use]
    pub fn is_selected(&self, key: u64) -> bool {
        self.selected.contains(&key)
    }

    /// Puts the cursor on `row`, selects only the row with `key`, and scrolls there.
    pub fn go_to(&mut self, row: usize, key: u64) {
        self.cursor = Some(row);
        self.anchor = Some(row);
        self.header = None;
        self.selected.clear();
        self.selected.insert(key);
        self.reveal = true;
    }

    /// Gives the table the focus, on its first row where it has no cursor.
    pub fn take_focus(&mut self) {
        self.focus = true;
    }

    /// Gives it no focus after all: it is not shown.
    pub fn drop_focus(&mut self) {
        self.focus = false;
    }

    /// Brings `row` into view and leaves cursor and selection alone.
    pub fn scroll_to(&mut self, row: usize) {
        self.into_view = Some(row);
    }

    /// Selects nothing.
    pub fn clear(&mut self) {
        self.selected.clear();
        self.anchor = None;
    }

    pub(super) fn clamp(&mut self, rows: usize) {
        self.cursor = self.cursor.filter(|_| rows > 0).map(|row| row.min(rows - 1));
        self.anchor = self.anchor.filter(|row| *row < rows);
    }

    /// How much of what the table shows is selected: what a filter hides does not count, nor do heads of groups.
    pub(super) fn tick(&self, table: &Table<'_>) -> Tick {
        if self.selected.is_empty() {
            return Tick::Off;
        }
        let rows = (0..table.rows).filter(|row| !(table.group)(*row));
        let (mut some, mut all) = (false, true);
        for row in rows {
            let is = self.is_selected((table.key)(row));
            (some, all) = (some | is, all & is);
            if some && !all {
                return Tick::Mixed;
            }
        }
        if some { Tick::On } else { Tick::Off }
    }

    /// Selects `row` only.
    pub(super) fn choose(&mut self, table: &Table<'_>, row: usize) {
        self.selected.clear();
        self.selected.insert((table.key)(row));
        self.anchor = Some(row);
    }

    pub(super) fn toggle(&mut self, table: &Table<'_>, row: usize) {
        let key = (table.key)(row);
        if !self.selected.remove(&key) {
            self.selected.insert(key);
        }
        self.anchor = Some(row);
    }

    /// Selects everything from the anchor to `row`.
    pub(super) fn extend(&mut self, table: &Table<'_>, row: usize) {
        let anchor = self.anchor.or(self.cursor).unwrap_or(row);
        self.anchor = Some(anchor);
        self.selected.clear();
        let range = anchor.min(row)..=anchor.max(row);
        self.selected.extend(range.filter(|row| !(table.group)(*row)).map(|row| (table.key)(row)));
    }
}
