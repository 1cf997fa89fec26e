//! Taking back edits of what is known about keys, and doing them again.
//!
//! What an edit changed is seen by comparing two views, and whose it was by the log: only this session's own edits are taken
//! back. Edits that came together are one step. Undoing is an edit like any other, recorded like any other. Everything is
//! forgotten at a lock.

use std::sync::Arc;

use crate::app::{Act, Command, Snapshot, Ticket, UnlockedView};
use crate::model::{Action, KeyId};
use crate::operations::{EditKey, KeyDraft};
use crate::vault::View;

/// Edits that can be taken back.
const STEPS: usize = 50;

/// What keys were like before an edit.
type Step = Vec<(KeyId, KeyDraft)>;

/// The edits of this session, newest last.
#[derive(Default)]
pub(in crate::ui) struct Undo {
    known: Option<Arc<View>>,
    steps: Vec<Step>,
    /// What was taken back and can be done again.
    undone: Vec<Step>,
    /// Where the edit that is under way belongs, and the keys it is about; it is no new step.
    own: Option<(Way, Vec<KeyId>)>,
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

/// What [`Undo::take`] comes to.
pub(in crate::ui) struct Taken {
    pub(in crate::ui) command: Command,
    /// What is said once it is done.
    pub(in crate::ui) words: String,
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
        let was = |id: KeyId| {
            let (old, new) = (before.keys.get(id)?, view.keys.get(id)?);
            let old = KeyDraft::from_record(old);
            (old != KeyDraft::from_record(new)).then_some((id, old))
        };
        let step: Step = edited(unlocked, before.log_size).into_iter().filter_map(was).collect();
        if step.is_empty() {
            return;
        }
        match self.own.take_if(|(_, keys)| step.iter().any(|(id, _)| keys.contains(id))) {
            Some((Way::Undo, _)) => self.undone.push(step),
            Some((Way::Redo, _)) => self.steps.push(step),
            None => {
                self.steps.push(step);
                self.undone.clear();
                self.fresh = true;
            }
        }
        self.steps.drain(..self.steps.len().saturating_sub(STEPS));
    }

    /// Whether an edit was made since the last call.
    pub(in crate::ui) fn take_fresh(&mut self) -> bool {
        std::mem::take(&mut self.fresh)
    }

    /// The command that goes one step back or forth.
    pub(in crate::ui) fn take(&mut self, way: Way, ticket: Ticket) -> Option<Taken> {
        let step = match way {
            Way::Undo => self.steps.pop(),
            Way::Redo => self.undone.pop(),
        }?;
        self.own = Some((way, step.iter().map(|(id, _)| *id).collect()));
        let what = match step.as_slice() {
            [(_, draft)] => format!("{} is as it was", draft.name),
            keys => format!("{} keys are as they were", keys.len()),
        };
        let words = match way {
            Way::Undo => format!("{what} before the last edit."),
            Way::Redo => format!("{what} before that was undone."),
        };
        if let [(key, draft)] = step.as_slice() {
            let command = Command::act(ticket, EditKey { key: *key, draft: draft.clone() });
            return Some(Taken { command, words });
        }
        let acts = step.into_iter().map(|(key, draft)| Box::new(EditKey { key, draft }) as Box<dyn Act>);
        Some(Taken { command: Command::Batch { ticket, title: "Editing keys", acts: acts.collect() }, words })
    }
}

/// The keys that this session edited from entry `from` on, each once.
fn edited(unlocked: &UnlockedView, from: u64) -> Vec<KeyId> {
    let mut keys = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for seq in from..unlocked.view.log_size {
        let Some(row) = unlocked.log.get(seq) else { continue };
        let edit = matches!(row.action(), Action::KeyEdit | Action::KeyTag);
        if edit && row.session() == unlocked.view.session.tag {
            keys.extend(row.key_id().filter(|id| seen.insert(*id)));
        }
    }
    keys
}
