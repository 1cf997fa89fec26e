//! What the rows of a table can do beside being walked: be copied as lines for a spreadsheet or as JSON, be found by the
//! letters their name begins with, and stand in the order of a column. Never a value of a key.

use std::cmp::Reverse;
use std::sync::Arc;

use egui::{Event, Ui};
use serde_json::{Map, Value};

use crate::app::{Command, UnlockedView};
use crate::formats::csv_export;
use crate::model::{KeyId, KeyRecord};
use crate::ui::frame::{Frame, Intent};
use crate::ui::shell::commands::{UiCommand, pressed};
use crate::ui::widgets::{TableState, Tone};
use crate::ui::words::plural;

/// Seconds after which what was typed is over and the next letter begins anew.
const PAUSE: f64 = 1.0;

/// As what rows are copied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    /// A line each, with tabs, below a head.
    Lines,
    /// An array of objects.
    Json,
}

/// Takes the keys that copy out of the input, as lines or as JSON. Where a text has the focus they are its.
pub(crate) fn copied(ui: &Ui) -> Option<Form> {
    if ui.ctx().text_edit_focused() {
        return None;
    }
    let json = pressed(ui.ctx(), UiCommand::CopyMetadata).then_some(Form::Json);
    json.or_else(|| pressed(ui.ctx(), UiCommand::CopyName).then_some(Form::Lines))
}

/// Puts rows on the clipboard; `what` says what they are, counted: "3 sessions".
pub(crate) fn copy(head: &[&str], rows: &[Vec<Value>], form: Form, what: &str, out: &mut Vec<Intent>) {
    let (text, said) = match form {
        Form::Lines => {
            let cell = |value: &Value| match value {
                Value::Null => String::new(),
                Value::String(words) => words.clone(),
                other => other.to_string(),
            };
            let rows = rows.iter().map(|row| row.iter().map(cell).collect());
            (csv_export::lines(head, rows), format!("Copied {what}."))
        }
        Form::Json => {
            let object = |row: &Vec<Value>| {
                let fields = head.iter().map(|head| (*head).to_owned()).zip(row.iter().cloned());
                Value::Object(fields.collect::<Map<_, _>>())
            };
            let all: Vec<Value> = rows.iter().map(object).collect();
            (serde_json::to_string_pretty(&all).unwrap_or_default(), format!("Copied {what} as JSON."))
        }
    };
    out.push(Intent::App(Command::CopyPlain(text)));
    out.push(Intent::Toast(Tone::Ok, said));
}

/// Puts what is known about keys on the clipboard.
pub(crate) fn copy_keys(
    frame: &Frame<'_>,
    view: &UnlockedView,
    ids: &[KeyId],
    form: Form,
    out: &mut Vec<Intent>,
) {
    let keys: Vec<Arc<KeyRecord>> = ids.iter().filter_map(|id| view.keys.get(*id).cloned()).collect();
    let settings = &view.view.settings;
    let (text, form) = match form {
        Form::Lines => (csv_export::tsv(&keys, settings, frame.now), ""),
        Form::Json => (csv_export::json(&keys, settings, frame.now), " as JSON"),
    };
    out.push(Intent::App(Command::CopyPlain(text)));
    let said = format!("Copied what is known about {}{form}. No values.", plural(keys.len(), "key", "keys"));
    out.push(Intent::Toast(Tone::Ok, said));
}

/// What was typed lately while a table has the focus.
#[derive(Default)]
pub(crate) struct Typed {
    letters: String,
    at: f64,
}

impl Typed {
    /// Takes the letters of this frame and goes to the next row whose name begins with them; says whether the cursor moved.
    /// Call it only while the table has the focus.
    pub(crate) fn follow(
        &mut self,
        ui: &Ui,
        table: &mut TableState,
        rows: usize,
        name: impl Fn(usize) -> Option<String>,
        key: impl Fn(usize) -> u64,
    ) -> bool {
        let (letters, now) = ui.input_mut(|input| {
            let mut letters = String::new();
            if !input.modifiers.command && !input.modifiers.alt {
                input.events.retain(|event| match event {
                    // Space selects.
                    Event::Text(text) if !text.trim().is_empty() => {
                        letters.push_str(&text.to_lowercase());
                        false
                    }
                    _ => true,
                });
            }
            (letters, input.time)
        });
        if letters.is_empty() {
            return false;
        }
        if now - self.at > PAUSE {
            self.letters.clear();
        }
        self.at = now;
        let first = self.letters.is_empty();
        self.letters.push_str(&letters);
        let here = table.cursor.unwrap_or(0);
        // The same letter again goes on to the next one; more letters stay where they still fit.
        let from = if first { here + 1 } else { here };
        let wanted = self.letters.as_str();
        let fits = |row: &usize| name(*row).is_some_and(|name| name.to_lowercase().starts_with(wanted));
        let Some(row) = (from..rows).chain(0..from.min(rows)).find(fits) else { return false };
        table.go_to(row, key(row));
        true
    }
}

/// The column a table is in the order of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Order<C> {
    pub(crate) by: C,
    pub(crate) ascending: bool,
}

impl<C: Copy + PartialEq> Order<C> {
    /// The header of `by` was chosen: its order, or the other way round.
    pub(crate) fn turn(&mut self, by: C) {
        self.ascending = self.by != by || !self.ascending;
        self.by = by;
    }

    /// Sorts rows by what `key` says of them; those of which it says the same stay as they stand.
    pub(crate) fn sort<T, K: Ord>(&self, rows: &mut [T], key: impl Fn(&T) -> K) {
        if self.ascending {
            rows.sort_by_cached_key(key);
        } else {
            rows.sort_by_cached_key(|row| Reverse(key(row)));
        }
    }
}
