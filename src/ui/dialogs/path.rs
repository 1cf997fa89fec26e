//! A path: typed, or picked where the desktop offers a dialog.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use egui::Ui;

use crate::app::platform::dialogs::{Pending, Picked};
use crate::ui::widgets::{Button, TextField};

use super::Files;

/// Width of the button beside it.
const BROWSE: f32 = 88.0;

/// A path that is being entered.
pub(super) struct PathField {
    /// As typed.
    pub text: String,
    files: Files,
    pending: Option<Pending>,
    /// What the file dialog is for; `Some(name)` where a new file is made.
    title: &'static str,
    save: Option<String>,
    /// The path that was looked at last, and whether its folder is missing.
    looked: (String, bool),
}

impl PathField {
    /// The path of a file that exists.
    pub fn existing(title: &'static str, files: &Files) -> Self {
        Self {
            text: String::new(),
            files: files.clone(),
            pending: None,
            title,
            save: None,
            looked: Default::default(),
        }
    }

    /// The path of a new file; `name` is proposed.
    pub fn new(title: &'static str, name: impl Into<String>, files: &Files) -> Self {
        Self { save: Some(name.into()), ..Self::existing(title, files) }
    }

    /// Shows it; says whether the path is another one.
    pub fn show(&mut self, ui: &mut Ui, label: &str, help: &str, error: Option<&str>, first: bool) -> bool {
        let mut changed = self.poll();
        let has_dialogs = self.files.is_some();
        let button = if has_dialogs { BROWSE + 8.0 } else { 0.0 };
        let width = ui.available_width() - button;
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            let field = TextField::new(label, &mut self.text).mono().width(width).help(help).error(error);
            let response = field.show(ui);
            if first {
                response.request_focus();
            }
            changed |= response.changed();
            if has_dialogs {
                ui.vertical(|ui| {
                    // As high as the label above the field.
                    ui.add_space(24.0);
                    let waiting = self.pending.is_some().then_some("The file dialog is open");
                    if Button::secondary("Browse…").min_width(BROWSE).disabled(waiting).show(ui).clicked() {
                        self.browse();
                    }
                });
            }
        });
        if self.pending.is_some() {
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
        }
        // Once for each path: a share may answer late.
        if self.looked.0 != self.text {
            let folder = self.path().and_then(|path| path.parent().map(Path::to_owned));
            let missing = folder.is_some_and(|folder| folder.is_absolute() && !folder.is_dir());
            self.looked = (self.text.clone(), missing);
        }
        changed
    }

    /// That the folder a new file is to stand in does not exist, where it does not.
    pub fn no_folder(&self) -> Option<String> {
        let path = self.path().filter(|_| self.looked.1 && self.looked.0 == self.text)?;
        let folder = path.parent()?.display().to_string();
        Some(format!("There is no folder {folder}. Choose another one, or make it first."))
    }

    fn browse(&mut self) {
        let Some(files) = &self.files else { return };
        let files = files.lock().unwrap_or_else(PoisonError::into_inner);
        self.pending = Some(match &self.save {
            Some(name) => files.save_file(self.title, name),
            None => files.pick_file(self.title),
        });
    }

    fn poll(&mut self) -> bool {
        let Some(picked) = self.pending.as_ref().and_then(Pending::poll) else { return false };
        self.pending = None;
        match picked {
            Picked::Path(path) => {
                self.text = path.display().to_string();
                true
            }
            Picked::NoDialog => {
                self.files = None;
                false
            }
            Picked::Cancelled => false,
        }
    }

    /// The path, where one was entered. `~` stands for the home folder.
    pub fn path(&self) -> Option<PathBuf> {
        let text = self.text.trim();
        if text.is_empty() {
            return None;
        }
        let home = text.strip_prefix("~/").zip(std::env::var_os("HOME"));
        Some(home.map_or_else(|| PathBuf::from(text), |(rest, home)| Path::new(&home).join(rest)))
    }

    /// Why the path cannot be used yet.
    pub fn problem(&self) -> Option<String> {
        match self.path() {
            None => Some("Name the file.".to_owned()),
            Some(path) if !path.is_absolute() => Some("Type the whole path, from the root.".to_owned()),
            Some(_) => None,
        }
    }
}
