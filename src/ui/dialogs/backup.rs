//! Copies for elsewhere: a backup of the vault, and the log for somebody without the password.

use egui::Ui;

use crate::app::{Command, Done, Ticket, UnlockedView};
use crate::model::Timestamp;
use crate::ui::frame::{Frame, Intent};
use crate::ui::widgets::{Tone, checkbox, thousands};
use crate::ui::words::plural;

use super::form::{Face, Form, MARKED, Send};
use super::parts::note;
use super::path::PathField;
use super::{Files, words};

/// What was written, for a toast.
pub(super) fn written(done: &Done) -> String {
    match done {
        Done::Written(files) => match files.as_slice() {
            [file] => format!("Written to {}.", file.display()),
            files => format!("{} written.", plural(files.len(), "file", "files")),
        },
        _ => "Written.".to_owned(),
    }
}

/// Copying the vault and verifying the copy.
pub(super) struct BackupForm {
    path: PathField,
    edited: bool,
}

impl BackupForm {
    /// With a name for today.
    pub fn new(view: &UnlockedView, now: Timestamp, files: &Files) -> Self {
        let stem = view.path.file_stem().map_or_else(|| "vault".into(), |stem| stem.to_string_lossy());
        let name = format!("{stem}-{}.keyroom", now.local().format("%Y-%m-%d"));
        let mut path = PathField::new("Back up the vault", name.clone(), files);
        if let Some(folder) = view.path.parent() {
            path.text = folder.join(name).display().to_string();
        }
        Self { path, edited: false }
    }
}

impl Form for BackupForm {
    fn face(&self, _: &Frame<'_>) -> Face {
        Face::new("Back up the vault", "Back up now")
            .body("The copy is as encrypted as the vault, and opens with the same password. It is verified once written.")
            .width(560.0)
    }

    fn contents(&mut self, ui: &mut Ui, frame: &Frame<'_>, first: bool, _: &mut Vec<Intent>) {
        let wrong = self.path.no_folder();
        let help = "Another disk than the vault's protects against more.";
        self.edited |= self.path.show(ui, "File", help, wrong.as_deref(), first);
        let last = frame.unlocked().and_then(|view| view.last_backup);
        let said = match last {
            Some(at) => format!("The last backup is from {}.", words::date(at)),
            None => "This vault has no backup.".to_owned(),
        };
        note(ui, Tone::Info, &said);
    }

    fn blocked(&self, frame: &Frame<'_>) -> Option<String> {
        let same = frame.unlocked().map(|view| &view.path) == self.path.path().as_ref();
        let missing = self.path.no_folder().map(|_| MARKED.to_owned());
        self.path.problem().or_else(|| same.then(|| "That is the vault itself.".to_owned())).or(missing)
    }

    fn take_edited(&mut self) -> bool {
        std::mem::take(&mut self.edited)
    }

    fn send(&mut self, _: &Frame<'_>, ticket: Ticket) -> Send {
        let Some(path) = self.path.path() else { return Send::Close(Vec::new()) };
        Send::Command(Command::Backup { ticket, path })
    }

    fn done(&mut self, done: &Done, _: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        let words = written(done).replacen("Written", "Backed up and verified: written", 1);
        intents.push(Intent::Toast(Tone::Ok, words));
        true
    }
}

/// Exporting the log.
pub(super) struct ExportLogForm {
    path: PathField,
    edited: bool,
    disclose: bool,
}

impl ExportLogForm {
    /// Without details unless asked for.
    pub fn new(files: &Files) -> Self {
        Self { path: PathField::new("Export the log", "keyroom-log", files), edited: false, disclose: false }
    }
}

impl Form for ExportLogForm {
    fn face(&self, frame: &Frame<'_>) -> Face {
        let size = frame.unlocked().map_or(0, |view| view.view.log_size);
        Face::new("Export the log", "Export log")
            .body(format!(
                "{} signed entries go to a folder, where anybody can verify them without the vault and without a password.",
                thousands(size)
            ))
            .width(560.0)
    }

    fn contents(&mut self, ui: &mut Ui, _: &Frame<'_>, first: bool, _: &mut Vec<Intent>) {
        self.edited |= self.path.show(ui, "Folder", "A new or empty folder.", None, first);
        checkbox(ui, &mut self.disclose, "With the details: who, which key, from where, why");
        let words = if self.disclose {
            "Names of keys, operators and workstations and the reasons given can be read in it. No values."
        } else {
            "It proves that nothing was changed, and tells nothing of what happened."
        };
        note(ui, if self.disclose { Tone::Warn } else { Tone::Info }, words);
    }

    fn blocked(&self, _: &Frame<'_>) -> Option<String> {
        self.path.problem().map(|words| words.replace("the file", "the folder"))
    }

    fn take_edited(&mut self) -> bool {
        std::mem::take(&mut self.edited)
    }

    fn send(&mut self, _: &Frame<'_>, ticket: Ticket) -> Send {
        let Some(dir) = self.path.path() else { return Send::Close(Vec::new()) };
        Send::Command(Command::ExportLog { ticket, dir, disclose: self.disclose })
    }

    fn done(&mut self, done: &Done, _: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        intents.push(Intent::Toast(Tone::Ok, format!("The log was exported. {}", written(done))));
        true
    }
}
