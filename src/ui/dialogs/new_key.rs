//! Putting a new key in.

use egui::Ui;

use crate::app::{Command, Done, Ticket};
use crate::crypto::memory::SecretBuf;
use crate::model::KeyType;
use crate::operations::CreateKey;
use crate::ui::frame::{Frame, Intent};
use crate::ui::widgets::{Select, Tone, checkbox};

use super::Files;
use super::fields::KeyFields;
use super::form::{Face, Form, Send};
use super::kept::{Kept, What};
use super::parts::{half, head};
use super::value::ValueForm;

/// The form.
pub(super) struct NewKey {
    key_type: usize,
    fields: KeyFields,
    value: ValueForm,
    activate: bool,
    more: bool,
    /// As it was opened, to tell whether something was typed.
    opened: KeyFields,
    changed: bool,
}

impl NewKey {
    /// For an operator, who is proposed as the owner.
    pub fn new(me: &str, files: &Files) -> Self {
        let fields = KeyFields { owner: me.to_owned(), ..KeyFields::default() };
        Self {
            key_type: 0,
            opened: fields.clone(),
            fields,
            value: ValueForm::new(files),
            activate: true,
            more: false,
            changed: false,
        }
    }

    /// For a file that was dropped on the window.
    pub fn of_file(path: &std::path::Path, me: &str, files: &Files) -> Self {
        let mut form = Self::new(me, files);
        form.key_type = KeyType::ALL.iter().position(|t| *t == KeyType::File).unwrap_or(0);
        form.fields.name =
            path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        form.value = ValueForm::of_file(path, files);
        form.changed = true;
        form
    }

    /// As it was before a lock.
    pub fn revived(kept: &Kept<'_>, files: &Files) -> Self {
        let fields = kept.fields();
        Self {
            key_type: KeyType::ALL.iter().position(|t| *t == kept.key_type).unwrap_or(0),
            more: fields.has_more(),
            fields,
            value: ValueForm::revived(kept, files),
            activate: kept.activate,
            opened: KeyFields::default(),
            changed: true,
        }
    }

    fn key_type(&self) -> KeyType {
        KeyType::ALL.get(self.key_type).copied().unwrap_or(KeyType::Password)
    }
}

impl Form for NewKey {
    fn face(&self, _: &Frame<'_>) -> Face {
        Face::new("New key", "Add key").width(640.0)
    }

    fn contents(&mut self, ui: &mut Ui, frame: &Frame<'_>, first: bool, _: &mut Vec<Intent>) {
        let Some(view) = frame.unlocked() else { return };
        let half = half(ui);
        let titles = KeyType::ALL.map(KeyType::title);
        ui.horizontal_top(|ui| {
            let select = Select::new("Type", &titles).width(half);
            self.changed |= select.show(ui, &mut self.key_type).changed();
            self.changed |= self.fields.name(ui, frame, None, first, half);
        });
        let key_type = self.key_type();
        head(ui, "Value");
        let known = [self.fields.name.as_str(), self.fields.system.as_str(), view.view.me.name.as_str()];
        self.value.show(ui, key_type, &known);
        head(ui, "What is known about it");
        self.changed |= self.fields.texts(ui);
        self.changed |= self.fields.policy(ui, key_type, &view.view.settings, frame.now, frame.now);
        self.changed |= checkbox(ui, &mut self.activate, "In use at once").changed();
        self.changed |= self.fields.more(ui, frame, None, &mut self.more);
    }

    fn blocked(&self, frame: &Frame<'_>) -> Option<String> {
        let key_type = self.key_type();
        self.fields.problem(key_type, frame, None).or_else(|| self.value.problem(key_type))
    }

    fn send(&mut self, _: &Frame<'_>, ticket: Ticket) -> Send {
        let draft = self.fields.draft(self.key_type());
        let (value, activate) = (self.value.value(), self.activate);
        Send::Command(Command::act(ticket, CreateKey { draft, value, activate }))
    }

    fn done(&mut self, done: &Done, _: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        intents.push(Intent::Toast(Tone::Ok, format!("{} was added.", self.fields.name.trim())));
        if let Done::Key(id) = done {
            intents.push(Intent::ShowKey(*id));
        }
        true
    }

    fn is_dirty(&self) -> bool {
        self.fields != self.opened || self.value.is_dirty()
    }

    fn draft(&self) -> Option<SecretBuf> {
        if !self.is_dirty() {
            return None;
        }
        let mut kept = Kept::new(What::New, None, self.key_type());
        kept.keep_fields(&self.fields);
        kept.activate = self.activate;
        self.value.keep(&mut kept);
        kept.write()
    }

    fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed) | self.value.take_changed()
    }
}
