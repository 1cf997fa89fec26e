//! Changing what is known about a key.
//!
//! The form saves what was changed in it and nothing else. While it is open, what was not changed in it follows the vault;
//! where somebody else changed the same field, it says so, and saving replaces it on purpose.

use std::collections::BTreeSet;

use egui::Ui;
use serde::{Deserialize, Serialize};

use crate::app::{Command, Done, Ticket, UnlockedView};
use crate::crypto::memory::SecretBuf;
use crate::model::{Action, KeyId, KeyRecord, KeyType, Outcome};
use crate::operations::{EditKey, FieldEdit, KeyDraft, KeyField};
use crate::ui::frame::{Frame, Intent};
use crate::ui::widgets::Tone;
use crate::ui::words::sentence;
use crate::vault::View;

use super::fields::KeyFields;
use super::form::{Face, Form, Send};
use super::kept::{Kept, What};
use super::parts::note;

/// The most of a value that is said in a line.
const SAID: usize = 60;

/// The form.
pub(super) struct EditKeyForm {
    key: KeyId,
    key_type: KeyType,
    fields: KeyFields,
    more: bool,
    /// The fields where nothing was typed: what is known. `None`: it came back from a draft, which somebody typed.
    untouched: Option<KeyFields>,
    /// `None`: it came back from a draft that did not keep it.
    opened: Option<Opened>,
    /// What was changed elsewhere while it was open, and is shown as it is now.
    followed: Vec<KeyField>,
    changed: bool,
}

/// What was known of the key when the form was opened.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Opened {
    /// Its fields; of those that were not changed in the form, as they are now.
    known: KeyDraft,
    /// Its version in use.
    version: u32,
    /// The length of the log.
    log_size: u64,
}

impl EditKeyForm {
    /// With what is known now.
    pub fn new(key: &KeyRecord, view: &UnlockedView) -> Self {
        let known = KeyDraft::from_record(key);
        let fields = KeyFields::of(&known, &view.view);
        let opened = Opened { known, version: key.current_number(), log_size: view.view.log_size };
        let (key, key_type) = (key.id, key.key_type);
        let (more, untouched) = (fields.has_more(), Some(fields.clone()));
        let (opened, followed) = (Some(opened), Vec::new());
        Self { key, key_type, fields, more, untouched, opened, followed, changed: false }
    }

    /// As it was before a lock.
    pub fn revived(kept: &Kept<'_>) -> Option<Self> {
        let mut fields = kept.fields();
        let opened = kept.opened.clone();
        // To the second, which is not typed.
        fields.expires_at = opened.as_ref().and_then(|opened| opened.known.expires);
        fields.process_at = opened.as_ref().and_then(|opened| opened.known.around.process_until);
        let more = fields.has_more();
        let (key, key_type) = (kept.key?, kept.key_type);
        Some(Self {
            key,
            key_type,
            fields,
            more,
            untouched: None,
            opened,
            followed: Vec::new(),
            changed: true,
        })
    }

    /// What the form says, as it would be stored.
    fn said(&self) -> KeyDraft {
        let draft = self.fields.draft(self.key_type);
        draft.check().unwrap_or(draft)
    }

    /// Shows what was changed elsewhere and not here as it is now.
    fn follow(&mut self, key: &KeyRecord, view: &View) {
        let (said, now) = (self.said(), KeyDraft::from_record(key));
        let Some(opened) = &mut self.opened else { return };
        for field in KeyField::ALL {
            if field.is_same(&now, &opened.known) {
                continue;
            }
            if field.is_same(&said, &opened.known) {
                self.fields.take_over(*field, &now, view);
                self.followed.push(*field);
                self.changed = true;
            } else if !field.is_same(&said, &now) {
                continue;
            }
            field.take_over(&now, &mut opened.known);
            if let Some(untouched) = &mut self.untouched {
                untouched.take_over(*field, &now, view);
            }
        }
    }

    /// The fields that were changed here and elsewhere, each to something else.
    fn clashes(&self, key: &KeyRecord) -> Vec<KeyField> {
        let edit = FieldEdit::of(key, self.said());
        let Some(opened) = &self.opened else { return edit.fields };
        FieldEdit { before: opened.known.clone(), version: opened.version, ..edit }.changed_since(key)
    }

    /// " by m.ito", where one operator edited it since the form was opened.
    fn by(&self, view: &UnlockedView) -> String {
        let Some(opened) = &self.opened else { return String::new() };
        let rows = (opened.log_size..view.view.log_size).filter_map(|seq| view.log.get(seq));
        let edits = rows.filter(|row| {
            row.key_id() == Some(self.key)
                && row.outcome() == Outcome::Done
                && matches!(row.action(), Action::KeyEdit | Action::KeyTag)
        });
        let names: BTreeSet<&str> = edits.map(|row| row.operator()).collect();
        match (names.first(), names.len()) {
            (Some(name), 1) => format!(" by {name}"),
            _ => String::new(),
        }
    }

    /// "Owner was changed to b.chen by m.ito meanwhile: saving replaces it."
    fn clash_words(&self, field: KeyField, key: &KeyRecord, view: &View, by: &str) -> String {
        let now = field.words(&KeyDraft::from_record(key), view);
        let now = match (field, now.as_str()) {
            (KeyField::Note, words) if !words.is_empty() => "another text".to_owned(),
            (_, "") => "nothing".to_owned(),
            (_, words) if words.chars().count() > SAID => {
                words.chars().take(SAID - 1).chain(['\u{2026}']).collect()
            }
            (_, words) => words.to_owned(),
        };
        let word = field.word();
        sentence(&match &self.opened {
            None => format!("{word} is {now} in the vault: saving replaces it"),
            Some(opened) if field == KeyField::Expires && opened.version != key.current_number() => {
                format!(
                    "version {} came meanwhile, expires: {now}. Saving replaces that",
                    key.current_number()
                )
            }
            Some(_) => format!("{word} was changed to {now}{by} meanwhile: saving replaces it"),
        })
    }

    /// What was changed elsewhere meanwhile.
    fn meanwhile(&self, ui: &mut Ui, view: &UnlockedView) {
        let Some(key) = view.keys.get(self.key) else { return };
        let by = self.by(view);
        let clashes = self.clashes(key);
        if !clashes.is_empty() {
            let lines = clashes.iter().map(|field| self.clash_words(*field, key, &view.view, &by));
            note(ui, Tone::Warn, &lines.collect::<Vec<_>>().join(" "));
        }
        if !self.followed.is_empty() {
            let mut words: Vec<&str> = self.followed.iter().map(|field| field.word()).collect();
            words.sort_unstable();
            words.dedup();
            note(
                ui,
                Tone::Info,
                &format!("Changed{by} meanwhile, and shown as it is now: {}.", words.join(", ")),
            );
        }
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
        self.fields.look_up(&view.view);
        if let Some(key) = view.keys.get(self.key) {
            self.follow(key, &view.view);
        }
        self.meanwhile(ui, view);
        let rotated = view.keys.get(self.key).map_or(frame.now, |key| key.counts_from());
        let width = ui.available_width();
        self.changed |= self.fields.name(ui, frame, Some(self.key), first, width);
        self.changed |= self.fields.texts(ui);
        self.changed |= self.fields.policy(ui, self.key_type, &view.view.settings, rotated, frame.now);
        self.changed |= self.fields.note(ui);
        self.changed |= self.fields.more(ui, frame, Some(self.key), &mut self.more);
    }

    fn blocked(&self, frame: &Frame<'_>) -> Option<String> {
        let key = frame.unlocked().and_then(|view| view.keys.get(self.key));
        let Some(key) = key else { return Some("This key is not in the vault any more.".to_owned()) };
        let problem = self.fields.problem(self.key_type, frame, Some(self.key));
        let same = || FieldEdit::of(key, self.said()).fields.is_empty();
        problem.or_else(|| same().then(|| "Nothing has changed yet.".to_owned()))
    }

    fn send(&mut self, frame: &Frame<'_>, ticket: Ticket) -> Send {
        // What is shown beside each field is what saving replaces; if even that is not so any more, the vault refuses.
        match frame.unlocked().and_then(|view| view.keys.get(self.key)) {
            Some(key) => Send::Command(Command::act(ticket, EditKey::of(key, self.said()))),
            None => Send::Stay,
        }
    }

    fn done(&mut self, _: &Done, _: &Frame<'_>, intents: &mut Vec<Intent>) -> bool {
        intents.push(Intent::Toast(Tone::Ok, format!("{} was changed.", self.fields.name.trim())));
        true
    }

    fn is_dirty(&self) -> bool {
        self.untouched.as_ref() != Some(&self.fields)
    }

    fn draft(&self) -> Option<SecretBuf> {
        if !self.is_dirty() {
            return None;
        }
        let mut kept = Kept::new(What::Edit, Some(self.key), self.key_type);
        kept.keep_fields(&self.fields);
        kept.opened.clone_from(&self.opened);
        kept.write()
    }

    fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }
}
