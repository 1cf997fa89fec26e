//! What dialogs about several keys share: which of them it can be done to, why not to the others, and what came of each.

use std::sync::Arc;

use egui::{Ui, vec2};

use crate::model::{KeyId, KeyRecord};
use crate::ui::frame::Frame;
use crate::ui::theme::{TextRole, icons, tokens};
use crate::ui::widgets::{Column, Table, TableState, text_in, thousands};
use crate::ui::words::plural;

/// The most points a list in a dialog is high.
const HIGH: f32 = 228.0;

/// The keys a dialog is about, in the order they were chosen.
#[derive(Default)]
pub(super) struct Split {
    made_for: Option<u64>,
    /// Those it can be done to.
    pub keys: Vec<Arc<KeyRecord>>,
    /// The names of the others, each with the reason.
    pub out: Vec<(String, String)>,
    table: TableState,
}

impl Split {
    /// Looks at the keys again, where the vault is another. `why_not` says why it cannot be done to a key.
    pub fn refresh(
        &mut self,
        frame: &Frame<'_>,
        ids: &[KeyId],
        why_not: impl Fn(&KeyRecord) -> Option<String>,
    ) {
        let Some(view) = frame.unlocked() else { return };
        if self.made_for == Some(frame.snapshot.serial) {
            return;
        }
        self.made_for = Some(frame.snapshot.serial);
        self.keys.clear();
        self.out.clear();
        for key in ids.iter().filter_map(|id| view.keys.get(*id)) {
            match why_not(key) {
                Some(reason) => self.out.push((key.name.clone(), reason)),
                None => self.keys.push(Arc::clone(key)),
            }
        }
    }

    /// Lists the keys that are left out, where there are any.
    pub fn show_out(&mut self, ui: &mut Ui) {
        if self.out.is_empty() {
            return;
        }
        let t = tokens(ui.ctx());
        let all = self.out.len() + self.keys.len();
        let verb = if self.out.len() == 1 { "is" } else { "are" };
        let [out, all] = [self.out.len(), all].map(|n| thousands(n as u64));
        let words = format!("{out} of the {all} selected keys {verb} left out:");
        text_in(ui, TextRole::Body, t.text_2, words);
        list(ui, "Keys left out", ["Key", "Why"], &mut self.table, &self.out, |cell, (_, why)| {
            cell.text(why)
        });
    }
}

/// What came of one key.
pub(super) enum Came {
    /// It was done; what is so now.
    Done(String),
    /// It was not, and that is as it was wanted.
    Not(String),
    /// It failed.
    Failed(String),
}

/// The results, one key a row.
pub(super) fn results(ui: &mut Ui, table: &mut TableState, rows: &[(String, Came)]) {
    let t = tokens(ui.ctx());
    list(ui, "What came of each key", ["Key", "Result"], table, rows, |cell, (_, came)| match came {
        Came::Done(words) => cell.icon_text(icons::SUCCESS, words, t.ok),
        Came::Not(words) => cell.icon_text(icons::NONE, words, t.text_2),
        Came::Failed(words) => cell.icon_text(icons::FAILED, words, t.critical),
    });
    // Cells are cut at their edge: the row that is chosen is told whole.
    if let Some((name, Came::Failed(why))) = table.cursor.and_then(|row| rows.get(row)) {
        text_in(ui, TextRole::Small, t.text_2, format!("{name}: {why}"));
    }
}

fn list<R>(
    ui: &mut Ui,
    name: &str,
    titles: [&str; 2],
    state: &mut TableState,
    rows: &[(String, R)],
    fill: impl Fn(&mut crate::ui::widgets::Cell<'_>, &(String, R)),
) {
    let columns = [Column::fixed(titles[0], 200.0), Column::rest(titles[1])];
    let height = (rows.len() as f32 * 28.0 + 36.0).min(HIGH);
    ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
        ui.set_min_height(height);
        Table::new(name, &columns, rows.len()).single().framed().show(ui, state, |cell| {
            let Some(row) = rows.get(cell.row()) else { return };
            if cell.column() == 0 { cell.name(&row.0) } else { fill(cell, row) }
        });
    });
}

/// "1 key", "5 keys".
pub(super) fn keys(count: usize) -> String {
    plural(count, "key", "keys")
}
