//! Writing what is known about keys to a file for a spreadsheet.

use egui::Ui;

use crate::app::{Command, Done, Ticket};
use crate::model::KeyId;
use crate::ui::frame::{Frame, Intent};
use crate::ui::widgets::Tone;

use super::Files;
use super::form::{Face, Form, Send};
use super::path::PathField;
use super::several;

/// The form.
pub(super) struct MetadataForm {
    ids: Vec<KeyId>,
    path: PathField,
}

impl MetadataForm {
    /// For these keys, in this order.
    pub fn new(ids: &[KeyId], files: &Files) -> Self {
        Self { ids: ids.to_vec(), path: PathField::new("Export what is known about keys", "keys.csv", files) }
    }
}

impl Form for MetadataForm {
    fn face(&self, _: &Frame<'_>) -> Face {
        Face::new(format!("Export what is known about {}", several::keys(self.ids.len())), "Export")
            .body("A CSV file with a row for each key: names, owners, dates, states. No value is in it. This is recorded.")
            .width(560.0)
    }

    fn contents(&mut self, ui: &mut Ui, _: &Frame<'_>, first: bool, _: &mut Vec<Intent>) {
        let help = "A new file that only you may read; an existing one is not overwritten.";
        self.path.show(ui, "File", help, None, first);
    }

    fn blocked(&self, _: &Frame<'_>) -> Option<String> {
        self.path.problem()
    }

    fn send(&mut self, frame: &Frame<'_>, ticket: Ticket) -> Send {
        let (Some(path), Some(view)) = (self.path.path(), frame.unlocked()) else {
            return Send::Close(Vec::new());
        };
        // A key that another program destroyed meanwhile is still known; one that never was cannot have been chosen.
        let keys = self.ids.iter().copied().filter(|id| view.keys.get(*id).is_some()).collect();
        Send::Command(Command::ExportList { ticket, keys, path })
    }

    fn done(&mut self, done: &Done, _: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        intents.push(Intent::Toast(Tone::Ok, super::backup::written(done)));
        true
    }
}
