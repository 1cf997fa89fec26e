//! Taking back edits of what is known about keys, and doing them again.
//!
//! What an edit changed is seen by comparing two views, and whose it was by the log: only this session's own edits are taken
//! back, field by field, and a field that somebody changed since stays as it is. Edits that came together are one step. A
//! step is gone only once it was taken back: what was refused can be tried again. Undoing is an edit like any other,
//! recorded like any other. Everything is forgotten at a lock.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use crate::app::{Act, Command, Done, Reply, Snapshot, Ticket, UnlockedView};
use crate::model::{Action, KeyId, Outcome};
use crate::operations::{FieldEdit, KeyField, PutBack, PutBackDone};
use crate::vault::{Vault, VaultError, View};

/// Edits that can be taken back.
const STEPS: usize = 50;
/// Keys whose fields that stayed are named in a message; more are counted.
const NAMED: usize = 2;

/// What one edit did, to one key or to several at once.
type Step = Vec<FieldEdit>;

/// What the worker has put back, for the window to hear of.
type Heard = Arc<Mutex<Vec<PutBackDone>>>;

/// The edits of this session, newest last.
#[derive(Default)]
pub(in crate::ui) struct Undo {
    known: Option<Arc<View>>,
    steps: Vec<Step>,
    /// What was taken back and can be done again.
    undone: Vec<Step>,
    /// What is under way.
    pending: Option<Pending>,
    /// Asked for while something was under way.
    queue: VecDeque<Way>,
    heard: Heard,
    /// Entries of the log that are no new step.
    own: HashSet<u64>,
    /// A step came since somebody asked.
    fresh: bool,
}

/// Back or forth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::ui) enum Way {
    /// Take the last edit back.
    Undo,
    /// Do again what was taken back.
    Redo,
}

/// The step that is under way. It stays where it is until it is done.
struct Pending {
    ticket: Ticket,
    way: Way,
    step: Step,
    /// Fields that were known to have been changed since when it was asked for.
    left: Vec<(KeyId, Vec<KeyField>)>,
}

/// What [`Undo::take`] comes to.
pub(in crate::ui) enum Taken {
    /// This is to be done; the answer is for [`Undo::hear`].
    Command(Command),
    /// Nothing can be taken back, in words.
    Nothing(String),
    /// Something is under way; this comes after it.
    Later,
}

impl Undo {
    /// Looks for edits since the last snapshot.
    pub(super) fn watch(&mut self, snapshot: &Snapshot) {
        let Some(unlocked) = snapshot.unlocked() else { return };
        let view = &unlocked.view;
        let before = self.known.replace(Arc::clone(view));
        let Some(before) = before.filter(|before| before.session.tag == view.session.tag) else { return };
        if before.log_size == view.log_size {
            return;
        }
        self.own.extend(lock(&self.heard).iter().map(|done| done.seq));
        let between = |id: KeyId| FieldEdit::between(before.keys.get(id)?, view.keys.get(id)?);
        let step: Step =
            edited(unlocked, before.log_size, &self.own).into_iter().filter_map(between).collect();
        self.own.retain(|seq| *seq >= view.log_size);
        if step.is_empty() {
            return;
        }
        self.steps.push(step);
        self.steps.drain(..self.steps.len().saturating_sub(STEPS));
        self.undone.clear();
        self.fresh = true;
    }

    /// Whether an edit was made since the last call.
    pub(in crate::ui) fn take_fresh(&mut self) -> bool {
        std::mem::take(&mut self.fresh)
    }

    /// One step back or forth from the keys as they are now.
    pub(in crate::ui) fn take(&mut self, way: Way, ticket: Ticket, view: &View) -> Taken {
        if self.pending.is_some() {
            if self.queue.len() < STEPS {
                self.queue.push_back(way);
            }
            return Taken::Later;
        }
        let Some(step) = self.steps_of(way).last().cloned() else {
            let verb = if way == Way::Undo { "undo" } else { "do again" };
            return Taken::Nothing(format!("There is nothing to {verb} in this session."));
        };
        let mut left = Vec::new();
        let mut acts: Vec<Box<dyn Act>> = Vec::new();
        for edit in &step {
            let (put, stays) = match view.keys.get(edit.key) {
                Some(key) => edit.split(key),
                None => (Vec::new(), edit.fields.clone()),
            };
            if put.is_empty() {
                left.push((edit.key, stays));
            } else {
                acts.push(Box::new(Putting { edit: edit.clone(), heard: Arc::clone(&self.heard) }));
            }
        }
        let act = match acts.len() {
            0 => {
                // It never can be taken back any more: what was before it can.
                self.steps_of(way).pop();
                return Taken::Nothing(format!("Nothing was put back. {}", stays_words(&left, view)));
            }
            1 => acts.pop(),
            _ => None,
        };
        self.pending = Some(Pending { ticket, way, step, left });
        Taken::Command(match act {
            Some(act) => Command::Act { ticket, act },
            None => Command::Batch { ticket, title: "Editing keys", acts },
        })
    }

    /// Takes the answer, if it came, and tells it in words; an error where nothing was put back. A step that was done moves
    /// from one pile to the other; what of it was not stays where it was.
    pub(in crate::ui) fn hear(
        &mut self,
        replies: &[Reply],
        view: &View,
    ) -> Option<Result<String, VaultError>> {
        let ticket = self.pending.as_ref()?.ticket;
        let reply = replies.iter().find(|reply| reply.ticket == ticket)?;
        let Pending { way, step, mut left, .. } = self.pending.take()?;
        let done: Vec<PutBackDone> = std::mem::take(&mut *lock(&self.heard));
        // The view that shows them may be still to come.
        let known = self.known.as_ref().map_or(0, |view| view.log_size);
        self.own.extend(done.iter().map(|done| done.seq).filter(|seq| *seq >= known));
        let error = match &reply.result {
            Ok(Done::Each(results)) => results.iter().find_map(|result| result.clone().err()),
            Ok(_) => None,
            Err(error) => Some(error.clone()),
        };
        let mut done: HashMap<KeyId, PutBackDone> = done.into_iter().map(|done| (done.key, done)).collect();
        let gone: HashSet<KeyId> = left.iter().map(|(key, _)| *key).collect();
        // An edit may have come on top of it, or have ended what can be done again.
        let at = self.steps_of(way).iter().rposition(|known| *known == step);
        let (mut back, mut again) = (Step::new(), Step::new());
        for edit in step {
            if let Some(PutBackDone { put, left: stays, .. }) = done.remove(&edit.key) {
                if !stays.is_empty() {
                    left.push((edit.key, stays));
                }
                back.push(edit.reversed(put));
            } else if !gone.contains(&edit.key) {
                again.push(edit);
            }
        }
        let complete = again.is_empty();
        if !complete {
            self.queue.clear();
        }
        if let Some(at) = at {
            self.steps_of(way).splice(at..=at, (!complete).then_some(again));
        }
        if back.is_empty() {
            return Some(Err(error.unwrap_or(VaultError::Cancelled)));
        }
        let said = words(way, &back, &left, view);
        self.steps_of(way.other()).push(back);
        Some(match error {
            Some(error) => Err(error),
            None if complete => Ok(said),
            None => Err(VaultError::Cancelled),
        })
    }

    /// What was asked for while something was under way, once that is over.
    pub(in crate::ui) fn next(&mut self) -> Option<Way> {
        if self.pending.is_none() { self.queue.pop_front() } else { None }
    }

    fn steps_of(&mut self, way: Way) -> &mut Vec<Step> {
        match way {
            Way::Undo => &mut self.steps,
            Way::Redo => &mut self.undone,
        }
    }
}

impl Way {
    fn other(self) -> Self {
        match self {
            Self::Undo => Self::Redo,
            Self::Redo => Self::Undo,
        }
    }
}

/// Puts the fields of one key back and says so to the window.
struct Putting {
    edit: FieldEdit,
    heard: Heard,
}

impl Act for Putting {
    fn run(self: Box<Self>, vault: &mut Vault) -> Result<Done, VaultError> {
        let done = vault.perform(PutBack(self.edit))?;
        lock(&self.heard).push(done);
        Ok(Done::Nothing)
    }
}

fn lock(heard: &Heard) -> std::sync::MutexGuard<'_, Vec<PutBackDone>> {
    heard.lock().unwrap_or_else(PoisonError::into_inner)
}

fn words(way: Way, back: &[FieldEdit], left: &[(KeyId, Vec<KeyField>)], view: &View) -> String {
    let what = match back {
        [edit] if edit.fields.contains(&KeyField::Name) => format!("{} is as it was", edit.after.name),
        [edit] => format!("{} is as it was", name_of(edit.key, view)),
        keys => format!("{} keys are as they were", keys.len()),
    };
    let when = match way {
        Way::Undo => "before the last edit",
        Way::Redo => "before that was undone",
    };
    if left.is_empty() {
        format!("{what} {when}.")
    } else {
        format!("{what} {when}. {}", stays_words(left, view))
    }
}

/// "Changed since, and left alone: owner and tags of payments-db."
fn stays_words(left: &[(KeyId, Vec<KeyField>)], view: &View) -> String {
    let of = |(key, fields): &(KeyId, Vec<KeyField>)| {
        let words: Vec<&str> = fields.iter().map(|field| field.word()).collect();
        let listed = match words.as_slice() {
            [all @ .., before, last] => [all, &[&*format!("{before} and {last}")]].concat().join(", "),
            words => words.concat(),
        };
        format!("{listed} of {}", name_of(*key, view))
    };
    let mut named: Vec<String> = left.iter().take(NAMED).map(of).collect();
    match left.len().saturating_sub(NAMED) {
        0 => {}
        1 => named.push("1 key more".to_owned()),
        more => named.push(format!("{more} keys more")),
    }
    format!("Changed since, and left alone: {}.", named.join("; "))
}

fn name_of(key: KeyId, view: &View) -> String {
    view.keys.get(key).map_or_else(|| "a key that is gone".to_owned(), |key| key.name.clone())
}

/// The keys that this session edited from entry `from` on, each once, but for what was put `own`. Where somebody else edited
/// the same key in that time, nobody can tell whose change is whose, and nothing of it is taken back.
fn edited(unlocked: &UnlockedView, from: u64, own: &HashSet<u64>) -> Vec<KeyId> {
    let mut keys = Vec::new();
    let (mut seen, mut doubtful) = (HashSet::new(), HashSet::new());
    for seq in from..unlocked.view.log_size {
        let Some(row) = unlocked.log.get(seq) else { continue };
        let edit = matches!(row.action(), Action::KeyEdit | Action::KeyTag) && row.outcome() == Outcome::Done;
        let Some(id) = row.key_id().filter(|_| edit) else { continue };
        if own.contains(&seq) || row.session() != unlocked.view.session.tag {
            doubtful.insert(id);
        } else if seen.insert(id) {
            keys.push(id);
        }
    }
    keys.retain(|id| !doubtful.contains(id));
    keys
}
