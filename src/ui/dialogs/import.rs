//! Putting keys in from a CSV file, and what came of every row.

use std::sync::Arc;

use egui::{Ui, vec2};

use crate::app::{Command, Done, Ticket};
use crate::model::KeyId;
use crate::ui::frame::{Frame, Intent, Page};
use crate::ui::theme::{TextRole, icons, tokens};
use crate::ui::widgets::{Column, Table, TableState, Tone, text_in};

use super::fields::note;
use super::form::{Face, Form, Send};
use super::path::PathField;
use super::{Files, words};

/// What came of each row: its name, and the key or why not.
type Rows = Arc<Vec<(String, Result<KeyId, String>)>>;

/// The form.
pub(super) struct ImportForm {
    path: PathField,
    rows: Option<Rows>,
    table: TableState,
}

impl ImportForm {
    /// Nothing chosen yet.
    pub fn new(files: &Files) -> Self {
        Self { path: PathField::existing("Import keys", files), rows: None, table: TableState::default() }
    }

    fn results(&mut self, ui: &mut Ui, rows: &Rows) {
        let t = tokens(ui.ctx());
        let failed = rows.iter().filter(|(_, result)| result.is_err()).count();
        let good = rows.len() - failed;
        let words = format!(
            "{} imported, {} not.",
            words::plural(good, "key was", "keys were"),
            words::plural(failed, "row was", "rows were")
        );
        let tone = if failed == 0 { Tone::Ok } else { Tone::Warn };
        note(ui, tone, &words);
        let columns =
            [Column::fixed("Row", 56.0).right(), Column::fixed("Name", 200.0), Column::rest("Result")];
        let height = (rows.len() as f32 * 28.0 + 36.0).min(320.0);
        ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
            ui.set_min_height(height);
            let table = Table::new("Imported rows", &columns, rows.len()).single().framed();
            table.show(ui, &mut self.table, |cell| {
                let Some((name, result)) = rows.get(cell.row()) else { return };
                match (cell.column(), result) {
                    (0, _) => cell.mono(&(cell.row() + 1).to_string()),
                    (1, _) => cell.name(name),
                    (_, Ok(_)) => cell.icon_text(icons::SUCCESS, "imported", t.ok),
                    (_, Err(why)) => cell.icon_text(icons::FAILED, why, t.critical),
                }
            });
        });
        // Cells are cut at their edge: the row that is chosen is told whole.
        let chosen = self.table.cursor.and_then(|row| rows.get(row));
        if let Some((name, Err(why))) = chosen {
            text_in(ui, TextRole::Small, t.text_2, format!("{name}: {why}"));
        }
        let words = "Delete the file: it holds the values unprotected.";
        note(ui, Tone::Warn, words);
    }
}

impl Form for ImportForm {
    fn face(&self, _: &Frame<'_>) -> Face {
        if self.rows.is_some() {
            return Face::new("Imported keys", "Show keys").cancel("Close").width(640.0);
        }
        Face::new("Import keys", "Import")
            .body(
                "From a CSV file with a header of name, type, secret, and where you have them owner, system, tags. Each row \
                 goes in as it stands or is refused with its reason; one bad row stops no other.",
            )
            .width(640.0)
    }

    fn contents(&mut self, ui: &mut Ui, _: &Frame<'_>, first: bool, _: &mut Vec<Intent>) {
        if let Some(rows) = self.rows.clone() {
            return self.results(ui, &rows);
        }
        let help = "Types: password, passphrase, api-token, aes-256, chacha20, hmac-sha256, text, file.";
        self.path.show(ui, "CSV file", help, None, first);
    }

    fn blocked(&self, _: &Frame<'_>) -> Option<String> {
        if self.rows.is_some() { None } else { self.path.problem() }
    }

    fn send(&mut self, _: &Frame<'_>, ticket: Ticket) -> Send {
        if self.rows.is_some() {
            return Send::Close(vec![Intent::Go(Page::Keys)]);
        }
        let Some(path) = self.path.path() else { return Send::Close(Vec::new()) };
        Send::Command(Command::ImportCsv { ticket, path })
    }

    fn done(&mut self, done: &Done, _: &Frame<'_>, _: &mut Vec<Intent>) -> bool {
        if let Done::Imported(rows) = done {
            self.rows = Some(Arc::clone(rows));
        }
        self.rows.is_none()
    }
}
