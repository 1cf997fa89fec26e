//! Taking back edits of what is known about keys.
//!
//! What an edit changed is seen by comparing two views, and whose it was by the log: only this session's own edits are taken
//! back. Undoing is an edit like any other, recorded like any other. Everything is forgotten at a lock.

use std::sync::Arc;

use crate::app::{Command, Snapshot, Ticket, UnlockedView};
use crate::model::{Action, KeyId};
use crate::operations::{EditKey, KeyDraft};
use crate::vault::View;

/// Edits that can be taken back.
const STEPS: usize = 50;

/// The edits of this session, newest last.
#[derive(Default)]
pub(in crate::ui) struct Undo {
    known: Option<Arc<View>>,
    steps: Vec<(KeyId, KeyDraft)>,
    /// The key an undo is under way for: its edit is no new step.
    own: Option<KeyId>,
    /// A step came since somebody asked.
    fresh: bool,
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
        for id in edited(unlocked, before.log_size) {
            let (Some(old), Some(new)) = (before.keys.get(id), view.keys.get(id)) else { continue };
            let old = KeyDraft::from_record(old);
            if old == KeyDraft::from_record(new) {
                continue;
            }
            if self.own == Some(id) {
                self.own = None;
                continue;
            }
            self.steps.push((id, old));
            self.fresh = true;
        }
        self.steps.drain(..self.steps.len().saturating_sub(STEPS));
    }

    /// Whether an edit was made since the last call.
    pub(in crate::ui) fn take_fresh(&mut self) -> bool {
        std::mem::take(&mut self.fresh)
    }

    /// The command that takes back the last edit, and the key's name after it.
    pub(in crate::ui) fn take(&mut self, ticket: Ticket) -> Option<(Command, String)> {
        let (key, draft) = self.steps.pop()?;
        self.own = Some(key);
        let name = draft.name.clone();
        Some((Command::act(ticket, EditKey { key, draft }), name))
    }
}

/// The keys that this session edited from entry `from` on, each once.
fn edited(unlocked: &UnlockedView, from: u64) -> Vec<KeyId> {
    let mut keys = Vec::new();
    for seq in from..unlocked.view.log_size {
        let Some(row) = unlocked.log.get(seq) else { continue };
        let edit = matches!(row.action(), Action::KeyEdit | Action::KeyTag);
        if edit && row.session() == unlocked.view.session.tag {
            keys.extend(row.key_id().filter(|id| !keys.contains(id)));
        }
    }
    keys
}
