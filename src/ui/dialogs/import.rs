//! Putting keys in from a CSV file or from pasted rows: what would come of every row before anything is written, and what
//! came of it after. The rows themselves, with their secrets, are the worker's; the form sees names and reasons.

use std::path::Path;
use std::sync::Arc;

use egui::{Ui, vec2};

use crate::app::{Command, CsvFrom, Done, Preview, RowDone, Ticket};
use crate::crypto::memory::SecretBuf;
use crate::ui::frame::{Frame, Intent, Page};
use crate::ui::theme::{TextRole, icons, tokens};
use crate::ui::widgets::{Cell, Column, SecretEdit, Segmented, Table, TableState, Tone, text_in};
use crate::ui::words::{plural, sentence};

use super::form::{Face, Form, Send};
use super::parts::note;
use super::path::PathField;
use super::{Files, several};

/// Room for pasted rows.
const PASTED_MAX: usize = 256 * 1024;
const FILE: usize = 0;

/// The form.
pub(super) struct ImportForm {
    source: usize,
    path: PathField,
    pasted: SecretBuf,
    preview: Option<Arc<Preview>>,
    rows: Option<Arc<Vec<RowDone>>>,
    /// Rows were asked for: the worker holds them, or will.
    asked: bool,
    table: TableState,
}

impl ImportForm {
    /// Nothing chosen yet.
    pub fn new(files: &Files) -> Self {
        Self {
            source: FILE,
            path: PathField::existing("Import keys", files),
            pasted: SecretBuf::with_capacity(PASTED_MAX),
            preview: None,
            rows: None,
            asked: false,
            table: TableState::default(),
        }
    }

    /// For a file that was dropped on the window.
    pub fn of_file(path: &Path, files: &Files) -> Self {
        let mut form = Self::new(files);
        form.path.text = path.display().to_string();
        form
    }

    fn ready(&self) -> usize {
        self.preview
            .as_ref()
            .map_or(0, |preview| preview.rows.iter().filter(|row| row.problem.is_none()).count())
    }

    fn choose(&mut self, ui: &mut Ui, first: bool) {
        Segmented::new("Where the rows come from", &["CSV file", "Paste"]).show(ui, &mut self.source);
        if self.source == FILE {
            let help =
                "At most 64 MiB. A single file of any kind goes in as a key of type file, under New key.";
            self.path.show(ui, "CSV file", help, None, first);
        } else {
            let help =
                "Rows with their header, from a spreadsheet or an editor. What is pasted stays hidden.";
            SecretEdit::new("Rows", &mut self.pasted).help(help).show(ui);
        }
        let t = tokens(ui.ctx());
        let words = "Header: name, type, secret, and where you have them owner, system, tags. Title is read as name, value or \
                     password as secret, service or application as system. Types: password, passphrase, api-token, aes-256, \
                     chacha20, hmac-sha256, text, file (Base64).";
        text_in(ui, TextRole::Small, t.text_2, words);
    }

    fn previewed(&mut self, ui: &mut Ui, preview: &Preview) {
        let t = tokens(ui.ctx());
        let (ready, refused) = (self.ready(), preview.rows.len() - self.ready());
        let words = format!(
            "{} can be imported, {} not. Nothing is written yet.",
            plural(ready, "row", "rows"),
            plural(refused, "row", "rows")
        );
        note(ui, if refused == 0 { Tone::Info } else { Tone::Warn }, &words);
        for words in columns(preview) {
            text_in(ui, TextRole::Small, t.text_2, words);
        }
        let fill = |cell: &mut Cell<'_>| {
            let Some(row) = preview.rows.get(cell.row()) else { return };
            match (cell.column(), &row.problem) {
                (0, _) => cell.mono(&row.line.to_string()),
                (1, _) => cell.name(&row.name),
                (2, _) => cell.text(row.key_type.map_or("", |key_type| key_type.title())),
                (_, None) => cell.icon_text(icons::ADD, "will be imported", t.text_2),
                (_, Some(why)) => cell.icon_text(icons::FAILED, why, t.critical),
            }
        };
        list(ui, "Rows of the file", preview.rows.len(), &mut self.table, fill);
        let chosen = self.table.cursor.and_then(|row| preview.rows.get(row));
        if let Some(why) = chosen.and_then(|row| row.problem.as_ref()) {
            text_in(ui, TextRole::Small, t.text_2, sentence(why));
        }
    }

    fn results(&mut self, ui: &mut Ui, rows: &[RowDone]) {
        let t = tokens(ui.ctx());
        let failed = rows.iter().filter(|row| row.result.is_err()).count();
        let words = format!(
            "{} imported, {} not.",
            plural(rows.len() - failed, "key was", "keys were"),
            plural(failed, "row was", "rows were")
        );
        note(ui, if failed == 0 { Tone::Ok } else { Tone::Warn }, &words);
        let fill = |cell: &mut Cell<'_>| {
            let Some(row) = rows.get(cell.row()) else { return };
            match (cell.column(), &row.result) {
                (0, _) => cell.mono(&row.line.to_string()),
                (1, _) => cell.name(&row.name),
                (2, _) => cell.text(row.key_type.map_or("", |key_type| key_type.title())),
                (_, Ok(_)) => cell.icon_text(icons::SUCCESS, "imported", t.ok),
                (_, Err(why)) => cell.icon_text(icons::FAILED, why, t.critical),
            }
        };
        list(ui, "Imported rows", rows.len(), &mut self.table, fill);
        // Cells are cut at their edge: the row that is chosen is told whole.
        let chosen = self.table.cursor.and_then(|row| rows.get(row));
        if let Some(Err(why)) = chosen.map(|row| &row.result) {
            text_in(ui, TextRole::Small, t.text_2, sentence(why));
        }
        if self.source == FILE {
            note(ui, Tone::Warn, "Delete the file: it holds the values unprotected.");
        }
    }
}

/// Which columns were read as something else than they are called, and which were not read.
fn columns(preview: &Preview) -> Vec<String> {
    let mut said = Vec::new();
    if !preview.mapped.is_empty() {
        let each = preview.mapped.iter().map(|(theirs, ours)| format!("{theirs} as {ours}"));
        said.push(format!("Columns read under another name: {}.", each.collect::<Vec<_>>().join(", ")));
    }
    if !preview.ignored.is_empty() {
        said.push(format!("Columns that are not read: {}.", preview.ignored.join(", ")));
    }
    said
}

fn list(ui: &mut Ui, name: &str, rows: usize, state: &mut TableState, fill: impl FnMut(&mut Cell<'_>)) {
    let columns = [
        Column::fixed("Line", 56.0).right(),
        Column::fixed("Name", 168.0),
        Column::fixed("Type", 104.0),
        Column::rest("Result"),
    ];
    let height = (rows as f32 * 28.0 + 36.0).min(288.0);
    ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
        ui.set_min_height(height);
        Table::new(name, &columns, rows).single().framed().show(ui, state, fill);
    });
}

impl Form for ImportForm {
    fn face(&self, _: &Frame<'_>) -> Face {
        let face = |title: String, confirm: String| Face::new(title, confirm).width(720.0);
        if self.rows.is_some() {
            return face("Imported keys".to_owned(), "Show keys".to_owned()).cancel("Close");
        }
        if let Some(preview) = &self.preview {
            let title = format!("Import from {}?", preview.file);
            return face(title, format!("Import {}", several::keys(self.ready()))).cancel("Import nothing");
        }
        face("Import keys".to_owned(), "Look at the rows".to_owned()).body(
            "Every row is shown with what would come of it before anything is written. One that cannot go in stops no other.",
        )
    }

    fn contents(&mut self, ui: &mut Ui, _: &Frame<'_>, first: bool, _: &mut Vec<Intent>) {
        match (self.rows.clone(), self.preview.clone()) {
            (Some(rows), _) => self.results(ui, &rows),
            (None, Some(preview)) => self.previewed(ui, &preview),
            (None, None) => self.choose(ui, first),
        }
    }

    fn blocked(&self, _: &Frame<'_>) -> Option<String> {
        match (&self.rows, &self.preview) {
            (Some(_), _) => None,
            (None, Some(_)) => (self.ready() == 0).then(|| "No row can be imported as it is.".to_owned()),
            (None, None) if self.source == FILE => self.path.problem(),
            (None, None) => self.pasted.is_empty().then(|| "Paste the rows first.".to_owned()),
        }
    }

    fn send(&mut self, _: &Frame<'_>, ticket: Ticket) -> Send {
        if self.rows.is_some() {
            return Send::Close(vec![Intent::Go(Page::Keys)]);
        }
        if self.preview.is_some() {
            return Send::Command(Command::ImportCsv { ticket });
        }
        let from = if self.source == FILE {
            let Some(path) = self.path.path() else { return Send::Close(Vec::new()) };
            CsvFrom::File(path)
        } else {
            CsvFrom::Pasted(SecretBuf::from_slice(self.pasted.as_bytes()))
        };
        self.asked = true;
        Send::Command(Command::ReadCsv { ticket, from })
    }

    fn done(&mut self, done: &Done, _: &Frame<'_>, _: &mut Vec<Intent>) -> bool {
        self.table = TableState::default();
        match done {
            Done::Preview(preview) => {
                self.pasted.clear();
                self.preview = Some(Arc::clone(preview));
                false
            }
            Done::Imported(rows) => {
                self.rows = Some(Arc::clone(rows));
                false
            }
            _ => true,
        }
    }

    fn is_dirty(&self) -> bool {
        !self.pasted.is_empty()
    }

    fn left(&self, intents: &mut Vec<Intent>) {
        // Those that are read only now as well: the worker hears of it after them.
        if self.asked && self.rows.is_none() {
            intents.push(Intent::App(Command::ForgetCsv));
        }
    }
}
