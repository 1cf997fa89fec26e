//! What every dialog has in common: what it says, what it sends, and what becomes of it.

use egui::Ui;

use crate::app::{Command, Done, Ticket};
use crate::crypto::memory::SecretBuf;
use crate::ui::frame::{Frame, Intent};

/// How a dialog presents itself in this frame.
pub(super) struct Face {
    /// Its title.
    pub title: String,
    /// What happens, in a sentence or two.
    pub body: String,
    /// The words of its action.
    pub confirm: String,
    /// The words of the safe answer.
    pub cancel: &'static str,
    /// The action cannot be undone: the safe answer is the primary button.
    pub destructive: bool,
    /// Its width.
    pub width: f32,
    /// Its contents take the focus.
    pub fields: bool,
}

impl Face {
    /// A dialog of 480 points with fields.
    pub fn new(title: impl Into<String>, confirm: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            body: String::new(),
            confirm: confirm.into(),
            cancel: "Cancel",
            destructive: false,
            width: crate::ui::theme::size::DIALOG,
            fields: true,
        }
    }

    /// What happens.
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        self
    }

    /// It cannot be undone; `keep` are the words of the safe answer, which has the focus.
    pub fn destructive(self, keep: &'static str) -> Self {
        Self { destructive: true, cancel: keep, fields: false, ..self }
    }

    /// Another width.
    pub fn width(self, width: f32) -> Self {
        Self { width, ..self }
    }

    /// Other words for the safe answer.
    pub fn cancel(self, cancel: &'static str) -> Self {
        Self { cancel, ..self }
    }
}

/// Why the action is not there yet, where a field says itself what is wrong with it.
pub(super) const MARKED: &str = "Correct the marked field.";

/// What a confirmed dialog wants.
pub(super) enum Send {
    /// This to be done; the dialog stays until the answer.
    Command(Command),
    /// These intents, and to be closed.
    Close(Vec<Intent>),
    /// To go on: it shows something else now.
    Stay,
}

/// One dialog.
pub(super) trait Form {
    /// How it looks now.
    fn face(&self, frame: &Frame<'_>) -> Face;

    /// Its fields. `first` is true in the first frame: take the focus then.
    fn contents(&mut self, ui: &mut Ui, frame: &Frame<'_>, first: bool, intents: &mut Vec<Intent>);

    /// Why the action cannot be chosen yet, in words.
    fn blocked(&self, frame: &Frame<'_>) -> Option<String>;

    /// What is to be done. What was typed stays, for the case that it fails.
    fn send(&mut self, frame: &Frame<'_>, ticket: Ticket) -> Send;

    /// It was done. Says whether the dialog closes.
    fn done(&mut self, done: &Done, frame: &Frame<'_>, intents: &mut Vec<Intent>) -> bool;

    /// Whether the password is asked for from the start.
    fn needs_password(&self, _frame: &Frame<'_>) -> bool {
        false
    }

    /// What the password is asked for again before, where it is: "a value is shown".
    fn asks_before(&self) -> &'static str {
        "this is done"
    }

    /// Whether something was typed that would be lost.
    fn is_dirty(&self) -> bool {
        false
    }

    /// Whether what the last error was about is another since the last call: the error is over then.
    fn take_edited(&mut self) -> bool {
        false
    }

    /// Whether an answer is waited for, before its contents are shown: what would take the dialog elsewhere must wait too.
    fn set_busy(&mut self, _busy: bool) {}

    /// It was left by the safe answer, or another dialog took its place.
    fn left(&self, _intents: &mut Vec<Intent>) {}

    /// What must survive a lock.
    fn draft(&self) -> Option<SecretBuf> {
        None
    }

    /// Whether what must survive a lock is another since the last call.
    fn take_changed(&mut self) -> bool {
        false
    }
}
