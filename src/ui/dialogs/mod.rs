//! Everything that is asked in a dialog. One is open at a time.
//!
//! A dialog is a form: fields, the reason why its action is not there yet, the command it sends. What they share stands
//! here: waiting for the answer, an error in its own words, the password where an operation asks for it, unsaved edits that
//! survive a lock.

mod backup;
mod bulk;
mod compromised;
mod days;
mod edit_key;
mod export;
mod fields;
mod finding;
mod form;
mod generate;
mod import;
mod kept;
mod metadata;
mod new_key;
mod parts;
mod password;
mod path;
mod queue;
mod reason;
mod rotate;
mod run;
mod several;
mod unlock_time;
mod value;
pub(crate) mod words;

use std::sync::Arc;

use egui::Context;

use crate::app::platform::dialogs::FileDialogs;
use crate::crypto::memory::SecretBuf;
use crate::crypto::random_bytes;
use crate::model::{DraftId, KeyId, KeyRecord};
use crate::ui::frame::{DialogRequest, Frame, Intent};
use crate::ui::widgets::{Dialog, Outcome, Tone};
use crate::ui::words::sentence;
use crate::vault::Draft;

use form::Form;
use run::Run;

/// File dialogs, shared by the forms that ask for a path.
type Files = Option<Arc<std::sync::Mutex<Box<dyn FileDialogs>>>>;

/// The dialog that is open, and edits that wait to be taken up again.
#[derive(Default)]
pub struct Dialogs {
    open: Option<Open>,
    waiting: Vec<Open>,
    files: Files,
    changed: bool,
    dropped: Vec<DraftId>,
    /// What a dialog asks for that another one took the place of.
    after: Vec<Intent>,
}

struct Open {
    id: DraftId,
    form: Box<dyn Form>,
    run: Run,
    /// Closing was asked for while something typed would be lost.
    leaving: bool,
}

impl Dialogs {
    /// Offers "Browse…" beside paths. Without it paths are typed.
    pub fn set_files(&mut self, files: Box<dyn FileDialogs>) {
        self.files = Some(Arc::new(std::sync::Mutex::new(files)));
    }

    /// Opens a dialog in place of the one that is open.
    pub fn open(&mut self, request: DialogRequest, frame: &Frame<'_>) {
        let Some(form) = make(&request, frame, &self.files) else { return };
        if let Some(open) = &self.open {
            open.form.left(&mut self.after);
        }
        self.close();
        let id = random_bytes().map(DraftId).unwrap_or(DraftId([0; 16]));
        self.open = Some(Open::new(id, form));
    }

    /// Whether a dialog lies over the window.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Drops everything, with every secret that was typed. For a lock; the drafts were kept before.
    pub fn close_all(&mut self) {
        *self = Self { files: self.files.take(), ..Self::default() };
    }

    /// Takes up edits that came back after an unlock. What cannot be read any more is left out.
    pub fn restore(&mut self, drafts: Vec<Draft>) {
        for draft in drafts {
            let form = kept::Kept::read(&draft.content).and_then(|kept| self.revive(&kept));
            match form {
                Some(form) => self.waiting.push(Open::new(draft.id, form)),
                None => self.dropped.push(draft.id),
            }
        }
        self.changed = true;
    }

    fn revive(&self, kept: &kept::Kept<'_>) -> Option<Box<dyn Form>> {
        Some(match kept.what {
            kept::What::New => Box::new(new_key::NewKey::revived(kept, &self.files)),
            kept::What::Edit => Box::new(edit_key::EditKeyForm::revived(kept)?),
            kept::What::Rotate if !kept.others.is_empty() => {
                Box::new(queue::QueueForm::revived(kept, &self.files)?)
            }
            kept::What::Rotate => Box::new(rotate::RotateForm::revived(kept, &self.files)?),
        })
    }

    /// The edits that must survive a lock, each with all that was typed.
    #[must_use]
    pub fn drafts(&self) -> Vec<(DraftId, SecretBuf)> {
        let all = self.open.iter().chain(&self.waiting);
        all.filter_map(|open| Some((open.id, open.form.draft()?))).collect()
    }

    /// The dialogs in which nothing is left that must survive a lock.
    pub(in crate::ui) fn without_draft(&self) -> impl Iterator<Item = DraftId> {
        let all = self.open.iter().chain(&self.waiting);
        all.filter(|open| open.form.draft().is_none()).map(|open| open.id)
    }

    /// Whether [`Dialogs::drafts`] gives something else since the last call.
    pub fn take_changed(&mut self) -> bool {
        let typed = self.open.as_mut().is_some_and(|open| open.form.take_changed());
        std::mem::take(&mut self.changed) | typed
    }

    /// Edits that were saved or given up since the last call: they must not come back.
    pub fn take_dropped(&mut self) -> Vec<DraftId> {
        std::mem::take(&mut self.dropped)
    }

    /// Shows the dialog that is open, sends what it asks for, and takes the answer.
    pub fn show(&mut self, ctx: &Context, frame: &Frame<'_>) -> Vec<Intent> {
        if frame.unlocked().is_none() {
            return Vec::new();
        }
        let mut intents = std::mem::take(&mut self.after);
        if self.open.is_none() && !self.waiting.is_empty() {
            self.open = Some(self.waiting.remove(0));
            let words = "An edit that was not saved before the lock is back.".to_owned();
            intents.push(Intent::Toast(Tone::Info, words));
        }
        let Some(open) = &mut self.open else { return intents };
        let Open { id, form, run, .. } = open;
        if run.hear(form.as_mut(), frame, &mut intents) {
            self.close();
            return intents;
        }
        let outcome = run.show(ctx, (*id, form.as_mut()), frame, &mut intents);
        let leaves = match outcome {
            Some(Outcome::Confirmed) => run.confirm(form.as_mut(), frame, &mut intents),
            Some(Outcome::Cancelled) if form.is_dirty() => {
                open.leaving = true;
                false
            }
            Some(Outcome::Cancelled) => {
                run.cancel(&mut intents);
                true
            }
            None => false,
        };
        let answer = if open.leaving { discard(ctx) } else { None };
        open.leaving &= answer.is_none();
        let given_up = answer == Some(true);
        if given_up || outcome == Some(Outcome::Cancelled) && leaves {
            open.form.left(&mut intents);
        }
        if leaves || given_up {
            self.close();
        }
        intents
    }

    fn close(&mut self) {
        if let Some(open) = self.open.take() {
            self.dropped.push(open.id);
            self.changed = true;
        }
    }
}

impl Open {
    fn new(id: DraftId, form: Box<dyn Form>) -> Self {
        Self { id, form, run: Run::default(), leaving: false }
    }
}

/// Asks whether to lose what was typed; says whether that is wanted, once there is an answer.
pub(in crate::ui) fn discard(ctx: &Context) -> Option<bool> {
    let dialog = Dialog::destructive("Discard what you typed?", "Discard it", "Keep editing");
    let answer = dialog.body("It was not saved. Nothing in the vault has changed.").show(ctx, |_, _| {})?;
    Some(answer == Outcome::Confirmed)
}

/// The form of a request; `None` where the key it is about is gone.
fn make(request: &DialogRequest, frame: &Frame<'_>, files: &Files) -> Option<Box<dyn Form>> {
    let view = frame.unlocked()?;
    let key = |id: &KeyId| view.keys.get(*id);
    Some(match request {
        DialogRequest::NewKey => Box::new(new_key::NewKey::new(&view.view.me.name, files)),
        DialogRequest::EditKey(id) => Box::new(edit_key::EditKeyForm::new(key(id)?, view)),
        DialogRequest::Bulk(what, ids) => Box::new(bulk::BulkForm::new(*what, ids, frame)),
        DialogRequest::RotateEach(ids) => match ids.as_slice() {
            [one] => Box::new(rotate::RotateForm::new(key(one)?, frame, files)),
            ids => Box::new(queue::QueueForm::new(ids, frame, files)),
        },
        DialogRequest::ExportMetadata(ids) => Box::new(metadata::MetadataForm::new(ids, files)),
        DialogRequest::Rotate(id) => Box::new(rotate::RotateForm::new(key(id)?, frame, files)),
        DialogRequest::Compromised(id) => Box::new(compromised::CompromisedForm::new(key(id)?, frame.now)),
        DialogRequest::Export(id, version) => Box::new(export::ExportForm::new(key(id)?, *version, files)),
        DialogRequest::ImportFile(path) => Box::new(import::ImportForm::of_file(path, files)),
        DialogRequest::NewFromFile(path) => {
            Box::new(new_key::NewKey::of_file(path, &view.view.me.name, files))
        }
        DialogRequest::Import => Box::new(import::ImportForm::new(files)),
        DialogRequest::ExportLog => Box::new(backup::ExportLogForm::new(files)),
        DialogRequest::Backup => Box::new(backup::BackupForm::new(view, frame.now, files)),
        DialogRequest::ChangePassword => Box::new(password::PasswordForm::change(view)),
        DialogRequest::UnlockTime => Box::new(unlock_time::UnlockTime::new(view)),
        DialogRequest::PasswordExposed => Box::new(password::PasswordForm::exposed(view)),
        DialogRequest::AnswerFinding(rule, seq, expected) => {
            Box::new(finding::FindingForm::new((*rule, *seq), *expected, view)?)
        }
        other => Box::new(reason::ReasonForm::new(other, key(&about(other)?)?, frame)),
    })
}

/// The key a request is about.
fn about(request: &DialogRequest) -> Option<KeyId> {
    use DialogRequest as D;
    match request {
        D::EditKey(id)
        | D::Rotate(id)
        | D::MakeCurrent(id, _)
        | D::RetireVersion(id, _)
        | D::Activate(id)
        | D::Suspend(id)
        | D::Resume(id)
        | D::Deactivate(id)
        | D::Compromised(id)
        | D::ScheduleDestroy(id)
        | D::CancelDestroy(id)
        | D::Destroy(id)
        | D::DestroyVersion(id, _)
        | D::Reveal(id, _)
        | D::Copy(id, _)
        | D::Export(id, _) => Some(*id),
        _ => None,
    }
}

/// Why `name` cannot be the name of a key, where it cannot: `but` is the key that may have it.
fn name_problem(name: &str, frame: &Frame<'_>, but: Option<KeyId>) -> Option<String> {
    let view = frame.unlocked()?;
    let name = match crate::model::text::name("the name", name) {
        Ok(name) => name,
        Err(error) => return Some(sentence(&error.to_string())),
    };
    let same = |key: &&Arc<KeyRecord>| {
        key.name == name && key.state != crate::model::KeyState::Destroyed && Some(key.id) != but
    };
    view.view.keys.all().iter().any(|key| same(&key)).then(|| format!("A key named {name} already exists."))
}

#[cfg(test)]
mod tests;
