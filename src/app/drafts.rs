//! Unsaved edits on their way between the window and the file: kept so that a lock at any moment can seal them, and given back
//! after the unlock.
//!
//! They are those of one session. Carrying out a lock takes a while, in which the window still draws the session that is
//! over and hears what is typed: none of that may come here any more, or it would outlive the lock.

use std::collections::BTreeMap;

use crate::crypto::memory::SecretBuf;
use crate::model::{DraftId, SessionTag};
use crate::vault::{Draft, Returned};

#[derive(Default)]
pub(super) struct Drafts {
    /// The session that is open; none from the first moment of a lock on.
    session: Option<SessionTag>,
    /// As the window last told them.
    kept: BTreeMap<DraftId, SecretBuf>,
    /// What came back after the unlock, until the window takes it.
    returned: Returned,
}

impl Drafts {
    /// A session begins. What came back is kept from here on: a lock may come before the window has said anything of it.
    pub(super) fn open(&mut self, session: SessionTag, returned: Returned) {
        self.session = Some(session);
        self.kept = returned.drafts.iter().map(|draft| (draft.id, draft.content.duplicate())).collect();
        self.returned = returned;
    }

    /// The session is over: hands out what was not saved in it.
    pub(super) fn close(&mut self) -> Vec<Draft> {
        let Self { kept, .. } = std::mem::take(self);
        kept.into_iter().map(|(id, content)| Draft { id, content }).collect()
    }

    pub(super) fn keep(&mut self, session: SessionTag, id: DraftId, content: SecretBuf) {
        if self.session == Some(session) {
            self.kept.insert(id, content);
        }
    }

    pub(super) fn forget(&mut self, session: SessionTag, id: DraftId) {
        if self.session == Some(session) {
            self.kept.remove(&id);
        }
    }

    pub(super) fn take_returned(&mut self) -> Returned {
        std::mem::take(&mut self.returned)
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty() && self.returned.drafts.is_empty()
    }
}
