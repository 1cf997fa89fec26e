//! Changing what is known about a key.

use std::sync::Arc;

use egui::Ui;

use crate::app::{Command, Done, Ticket, UnlockedView};
use crate::crypto::memory::SecretBuf;
use crate::model::{KeyId, KeyRecord, KeyType};
use crate::operations::EditKey;
use crate::ui::frame::{Frame, Intent};
use crate::ui::widgets::Tone;

use super::fields::KeyFields;
use super::form::{Face, Form, Send};
use super::kept::{Kept, What};

/// The form.
pub(super) struct EditKeyForm {
    key: KeyId,
    key_type: KeyType,
    fields: KeyFields,
    opened: Option<KeyFields>,
    more: bool,
    changed: bool,
}

impl EditKeyForm {
    /// With what is known now.
    pub fn new(key: &Arc<KeyRecord>, view: &UnlockedView) -> Self {
        let fields = KeyFields::of(key, &view.view);
        let opened = Some(fields.clone());
        Self { key: key.id, key_type: key.key_type, more: fields.has_more(), fields, opened, changed: false }
    }

    /// As it was before a lock.
    pub fn revived(kept: &Kept<'_>) -> Option<Self> {
        let fields = kept.fields();
        let more = fields.has_more();
        Some(Self { key: kept.key?, key_type: kept.key_type, fields, opened: None, more, changed: true })
    }
}

impl Form for EditKeyForm {
    fn face(&self, frame: &Frame<'_>) -> Face {
        let view = frame.unlocked();
        let name = view.and_then(|v| v.keys.get(self.key)).map_or_else(String::new, |key| key.name.clone());
        Face::new(format!("Edit {name}"), "Save changes").width(640.0)
    }

    fn contents(&mut self, ui: &mut Ui, frame: &Frame<'_>, first: bool, _: &mut Vec<Intent>) {
        let Some(view) = frame.unlocked() else { return };
        let rotated = view.keys.get(self.key).map_or(frame.now, |key| key.counts_from());
        let width = ui.available_width();
        self.changed |= self.fields.name(ui, frame, Some(self.key), first, width);
        self.changed |= self.fields.texts(ui);
        self.changed |= self.fields.policy(ui, self.key_type, &view.view.settings, rotated, frame.now);
        self.changed |= self.fields.note(ui);
        self.changed |= self.fields.more(ui, frame, Some(self.key), &mut self.more);
    }

    fn blocked(&self, frame: &Frame<'_>) -> Option<String> {
        if frame.unlocked().is_some_and(|view| view.keys.get(self.key).is_none()) {
            return Some("This key is not in the vault any more.".to_owned());
        }
        let same = self.opened.as_ref() == Some(&self.fields);
        let problem = self.fields.problem(self.key_type, frame, Some(self.key));
        problem.or_else(|| same.then(|| "Nothing has changed yet.".to_owned()))
    }

    fn send(&mut self, _: &Frame<'_>, ticket: Ticket) -> Send {
        let draft = self.fields.draft(self.key_type);
        Send::Command(Command::act(ticket, EditKey { key: self.key, draft }))
    }

    fn done(&mut self, _: &Done, _: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        intents.push(Intent::Toast(Tone::Ok, format!("{} was changed.", self.fields.name.trim())));
        true
    }

    fn is_dirty(&self) -> bool {
        self.opened.as_ref() != Some(&self.fields)
    }

    fn draft(&self) -> Option<SecretBuf> {
        if !self.is_dirty() {
            return None;
        }
        let mut kept = Kept::new(What::Edit, Some(self.key), self.key_type);
        kept.keep_fields(&self.fields);
        kept.write()
    }

    fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }
}
