//! Writing a value to a file.

use std::sync::Arc;

use egui::Ui;

use crate::app::{Command, Done, Read, Ticket};
use crate::model::{KeyId, KeyRecord};
use crate::ui::frame::{Frame, Intent};
use crate::ui::widgets::{TextField, Tone};

use super::Files;
use super::form::{Face, Form, Send};
use super::parts::note;
use super::path::PathField;

/// The form.
pub(super) struct ExportForm {
    key: KeyId,
    version: Option<u32>,
    name: String,
    path: PathField,
    reason: String,
}

impl ExportForm {
    /// For a version of a key; the one in use where none is named.
    pub fn new(key: &Arc<KeyRecord>, version: Option<u32>, files: &Files) -> Self {
        let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
        let file: String = key.name.chars().map(plain).collect();
        let number = version.unwrap_or(key.current_number());
        let path = PathField::new("Export the value", format!("{file}-v{number}.key"), files);
        Self { key: key.id, version: Some(number), name: key.name.clone(), path, reason: String::new() }
    }
}

impl Form for ExportForm {
    fn face(&self, _: &Frame<'_>) -> Face {
        let version = self.version.unwrap_or(0);
        Face::new(format!("Export version {version} of {}", self.name), "Export value")
            .body("The value is written as it is, unprotected, to a file that only you may read. This is recorded.")
            .width(560.0)
    }

    fn contents(&mut self, ui: &mut Ui, _: &Frame<'_>, first: bool, _: &mut Vec<Intent>) {
        self.path.show(ui, "File", "A new file; an existing one is not overwritten.", None, first);
        TextField::new("Reason", &mut self.reason).limit(2000).show(ui);
        note(ui, Tone::Warn, "Delete the file once it is where it is needed.");
    }

    fn blocked(&self, _: &Frame<'_>) -> Option<String> {
        let problem = self.path.problem();
        problem.or_else(|| self.reason.trim().is_empty().then(|| "Give a reason; it is recorded.".to_owned()))
    }

    fn needs_password(&self, frame: &Frame<'_>) -> bool {
        frame.unlocked().is_some_and(|view| !view.stepped_up)
    }

    fn asks_before(&self) -> &'static str {
        "a value is exported"
    }

    fn send(&mut self, _: &Frame<'_>, ticket: Ticket) -> Send {
        let Some(path) = self.path.path() else { return Send::Close(Vec::new()) };
        let read = Read { key: self.key, version: self.version, reason: self.reason.clone() };
        Send::Command(Command::Export { ticket, read, path })
    }

    fn done(&mut self, done: &Done, _: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        intents.push(Intent::Toast(Tone::Ok, super::backup::written(done)));
        true
    }
}
