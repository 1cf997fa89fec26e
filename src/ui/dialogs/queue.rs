//! Several keys rotated one after the other: who is left out and why, then a form for each with "2 of 5", at last what came
//! of each. Every rotation is its own; stopping leaves what is done as it is.

use egui::{Align, Layout, Ui, vec2};

use crate::app::{Done, Ticket};
use crate::crypto::memory::SecretBuf;
use crate::model::{KeyId, KeyRecord, KeyState};
use crate::ui::frame::{Frame, Intent, Page};
use crate::ui::theme::{TextRole, tokens};
use crate::ui::widgets::{Button, TableState, Tone, text, text_in, thousands};

use super::Files;
use super::form::{Face, Form, Send};
use super::kept::Kept;
use super::rotate::RotateForm;
use super::several::{self, Came, Split};

/// The form.
pub(super) struct QueueForm {
    ids: Vec<KeyId>,
    split: Split,
    /// The keys that are rotated, once it has begun.
    keys: Vec<KeyId>,
    /// The form of the key at hand.
    form: Option<RotateForm>,
    /// The form is another than in the frame before.
    fresh: bool,
    /// What must survive a lock is another.
    changed: bool,
    came: Vec<(String, Came)>,
    table: TableState,
    files: Files,
    over: bool,
    busy: bool,
}

impl QueueForm {
    /// For these keys, in this order.
    pub fn new(ids: &[KeyId], frame: &Frame<'_>, files: &Files) -> Self {
        let mut form = Self {
            ids: ids.to_vec(),
            split: Split::default(),
            keys: Vec::new(),
            form: None,
            fresh: false,
            changed: false,
            came: Vec::new(),
            table: TableState::default(),
            files: files.clone(),
            over: false,
            busy: false,
        };
        form.split.refresh(frame, &form.ids, why_not);
        form
    }

    /// As it was before a lock: the key at hand and those after it.
    pub fn revived(kept: &Kept<'_>, files: &Files) -> Option<Self> {
        let form = RotateForm::revived(kept, files)?;
        let keys: Vec<KeyId> = kept.key.into_iter().chain(kept.others.iter().copied()).collect();
        Some(Self {
            ids: keys.clone(),
            split: Split::default(),
            keys,
            form: Some(form),
            fresh: true,
            changed: true,
            came: Vec::new(),
            table: TableState::default(),
            files: files.clone(),
            over: false,
            busy: false,
        })
    }

    /// Goes on to the key after those that are done; keys that went in the meantime are left out.
    fn advance(&mut self, frame: &Frame<'_>) {
        let before = self.form.take();
        (self.fresh, self.changed) = (true, true);
        while let Some(id) = self.keys.get(self.came.len()) {
            let key = frame.unlocked().and_then(|view| view.keys.get(*id));
            match key.map(|key| (key, why_not(key))) {
                Some((key, None)) => {
                    let form = RotateForm::new(key, frame, &self.files);
                    self.form = Some(match &before {
                        Some(before) => form.because_of(before),
                        None => form,
                    });
                    return;
                }
                Some((key, Some(why))) => self.came.push((key.name.clone(), Came::Not(why))),
                None => {
                    self.came.push((id.to_string(), Came::Not("It is not in the vault any more".to_owned())))
                }
            }
        }
        self.over = true;
    }

    fn name(&self, frame: &Frame<'_>) -> String {
        let id = self.keys.get(self.came.len());
        let key = id.and_then(|id| frame.unlocked()?.keys.get(*id));
        key.map_or_else(String::new, |key| key.name.clone())
    }

    fn rotated(&self) -> usize {
        self.came.iter().filter(|(_, came)| matches!(came, Came::Done(_))).count()
    }
}

impl Form for QueueForm {
    fn face(&self, frame: &Frame<'_>) -> Face {
        if self.over {
            let rotated = thousands(self.rotated() as u64);
            let title = format!("{rotated} of {} rotated", several::keys(self.came.len()));
            return Face::new(title, "Go to Rotation").cancel("Close").width(600.0);
        }
        let title = |count| format!("Rotate {}, one after the other", several::keys(count));
        match &self.form {
            Some(form) => {
                let inner = form.face(frame);
                Face { title: title(self.keys.len()), cancel: "Stop here", ..inner }
            }
            None => Face::new(title(self.split.keys.len()), "Start")
                .body(
                    "Each is a rotation of its own, with its own entry in the log. You can skip a key, or stop at any time: \
                     what is done stays done.",
                )
                .width(600.0),
        }
    }

    fn contents(&mut self, ui: &mut Ui, frame: &Frame<'_>, first: bool, intents: &mut Vec<Intent>) {
        if self.over {
            return several::results(ui, &mut self.table, &self.came);
        }
        if self.form.is_none() {
            self.split.refresh(frame, &self.ids, why_not);
            let t = tokens(ui.ctx());
            let names: Vec<&str> = self.split.keys.iter().take(6).map(|key| key.name.as_str()).collect();
            let more = match self.split.keys.len().saturating_sub(names.len()) {
                0 => String::new(),
                more => format!(" and {} more", thousands(more as u64)),
            };
            text_in(ui, TextRole::Body, t.text, format!("{}{more}", names.join(", ")));
            return self.split.show_out(ui);
        }
        let (place, count, name) = (self.came.len() + 1, self.keys.len(), self.name(frame));
        let mut skip = false;
        let size = vec2(ui.available_width(), 28.0);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            ui.set_min_size(size);
            // The answer that is waited for is about this key.
            let wait = self.busy.then_some("This key is being rotated.");
            skip = Button::secondary("Skip this key").disabled(wait).show(ui).clicked();
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let [place, count] = [place, count].map(|n| thousands(n as u64));
                text(ui, TextRole::BodyStrong, format!("{place} of {count}: {name}"));
            });
        });
        let fresh = std::mem::take(&mut self.fresh);
        if let Some(form) = &mut self.form {
            // Each key its own fields: what one remembers is not the next one's.
            ui.push_id(("key", place), |ui| form.contents(ui, frame, first || fresh, intents));
        }
        if skip {
            self.came.push((name, Came::Not("skipped".to_owned())));
            self.advance(frame);
            ui.ctx().request_repaint();
        }
    }

    fn blocked(&self, frame: &Frame<'_>) -> Option<String> {
        match &self.form {
            _ if self.over => None,
            Some(form) => form.blocked(frame),
            None if self.split.keys.is_empty() => {
                Some("None of the selected keys can be rotated.".to_owned())
            }
            None => None,
        }
    }

    fn send(&mut self, frame: &Frame<'_>, ticket: Ticket) -> Send {
        if self.over {
            return Send::Close(vec![Intent::Go(Page::Rotation)]);
        }
        match &mut self.form {
            Some(form) => form.send(frame, ticket),
            None => {
                self.keys = self.split.keys.iter().map(|key| key.id).collect();
                self.advance(frame);
                Send::Stay
            }
        }
    }

    fn done(&mut self, done: &Done, frame: &Frame<'_>, _: &mut Vec<Intent>) -> bool {
        let words = self.form.as_ref().map(|form| form.result(done, frame)).unwrap_or_default();
        self.came.push((self.name(frame), Came::Done(words)));
        self.advance(frame);
        false
    }

    fn set_busy(&mut self, busy: bool) {
        self.busy = busy;
    }

    fn is_dirty(&self) -> bool {
        self.form.as_ref().is_some_and(Form::is_dirty)
    }

    fn left(&self, intents: &mut Vec<Intent>) {
        if !self.over && !self.came.is_empty() {
            let words = format!(
                "{} of {} rotated. The others are as they were.",
                thousands(self.rotated() as u64),
                several::keys(self.keys.len())
            );
            intents.push(Intent::Toast(Tone::Info, words));
        }
    }

    fn draft(&self) -> Option<SecretBuf> {
        let others = self.keys.get(self.came.len() + 1..).unwrap_or_default();
        self.form.as_ref()?.draft_with(others)
    }

    fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed) | self.form.as_mut().is_some_and(Form::take_changed)
    }
}

/// Why a key cannot be rotated.
fn why_not(key: &KeyRecord) -> Option<String> {
    match key.state {
        state if state.is_in_use() => None,
        // A new value puts it back into use: nothing that is done to it as one of many.
        KeyState::Suspended => {
            Some("It is suspended; rotate it by itself to put it back into use".to_owned())
        }
        state => Some(format!("It is {}", state.word())),
    }
}
