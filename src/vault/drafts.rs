//! Drafts: unsaved edits that survive a lock, sealed under a key only their operator can derive.

use std::time::Duration;

use crate::crypto::Hash;
use crate::crypto::memory::SecretBuf;
use crate::model::{Action, DraftId, Object};
use crate::store::{Row, Table, Walk};

use super::commit::Staged;
use super::error::VaultError;
use super::identity::Keys;
use super::{Entry, Vault, rows};

/// How long a lock waits for another program's commit. A lock that is not recorded says so and loses nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// An unsaved edit, opened. What is in it is the window's business.
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// Its content; it may hold a secret that was typed.
    pub content: SecretBuf,
}

/// What came back of the drafts an operator left.
#[derive(Default)]
pub struct Returned {
    /// Those that opened.
    pub drafts: Vec<Draft>,
    /// Those of a lock that could not be stored which do not open any more: the operator's keys were replaced meanwhile.
    pub lost: Vec<DraftId>,
    /// Why those in the file could not be read, where they could not. They are still there.
    pub unread: Option<VaultError>,
}

impl Vault {
    /// Locks: records why (`reason` is a word of `guard::lock`), seals the drafts into the file, and drops every key. The lock happens whether or not it can be
    /// recorded; drafts that could not be stored come back sealed, to be offered again at the next unlock.
    pub fn lock(mut self, reason: &str, drafts: &[Draft]) -> (Result<(), VaultError>, Vec<Row>) {
        let sealed: Vec<Row> = drafts
            .iter()
            .filter_map(|d| {
                rows::seal_draft(self.id, self.keys.operator, &d.id.0, &self.keys.draft, &d.content).ok()
            })
            .collect();
        self.hurry();
        let recorded = self.record_lock(reason, &sealed);
        let (anchor, id, end) = (self.env.anchor.clone(), self.id, self.anchor());
        drop(self);
        if recorded.is_ok() {
            // Where it is not kept, the next unlock follows the log from the end that is.
            let _ = anchor.save(id, &end.encode());
        }
        let unsaved = if recorded.is_ok() { Vec::new() } else { sealed };
        (recorded, unsaved)
    }

    /// From now on another program's long commit, or a keyring that asks for its own password, does not keep the keys here:
    /// sleep waits for them to be gone, and not for long. For what is still to be recorded before [`Vault::lock`], which
    /// then remembers the end of the log.
    pub fn hurry(&mut self) {
        self.store.set_patience(PATIENCE);
        self.hurried = true;
    }

    /// Takes over the drafts this operator left: this session's lock puts its own in their place. Those that another window
    /// of the same operator leaves later are not touched by it. `unsaved`: those of a lock that could not be stored; where
    /// they are this operator's they are all there is, and what the file still holds is from before. Where none of them opens
    /// (their key was replaced since) the file's are what is left. A draft of the file that does not open stays there.
    pub fn drafts(&mut self, unsaved: &[Row]) -> Returned {
        let operator = self.keys.operator.0;
        let unsaved: Vec<Row> = unsaved.iter().filter(|row| row.id.starts_with(&operator)).cloned().collect();
        let (stored, unread) = match self.own_drafts() {
            Ok(stored) => (stored, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        let drafts = self.take_over(&unsaved);
        let opened = |id: DraftId| drafts.iter().any(|draft| draft.id == id);
        let lost = unsaved.iter().filter_map(draft_id).filter(|id| !opened(*id)).collect();
        if drafts.is_empty() {
            return Returned { drafts: self.take_over(&stored), lost, unread };
        }
        self.drafts_taken.extend(stored.iter().map(|row| (row.id.clone(), row.hash())));
        Returned { drafts, lost, unread }
    }

    /// Opens what opens of these.
    fn take_over(&mut self, rows: &[Row]) -> Vec<Draft> {
        let mut drafts = Vec::new();
        for row in rows {
            if let (Some(id), Ok(content)) = (draft_id(row), rows::open_draft(self.id, row, &self.keys.draft))
            {
                self.drafts_taken.insert(row.id.clone(), row.hash());
                drafts.push(Draft { id, content });
            }
        }
        drafts
    }

    /// This operator's drafts under new keys, each with the hash of what it replaces: who has the old keys opens none of them,
    /// and the operator every one.
    pub(super) fn reseal_drafts(&mut self, keys: &Keys) -> Result<Vec<(Hash, Row)>, VaultError> {
        let mut anew = Vec::new();
        for row in self.own_drafts()? {
            let Some(id) = draft_id(&row) else { continue };
            // One that does not open now did not before.
            if let Ok(content) = rows::open_draft(self.id, &row, &self.keys.draft) {
                let next = rows::seal_draft(self.id, keys.operator, &id.0, &keys.draft, &content)?;
                anew.push((row.hash(), next));
            }
        }
        Ok(anew)
    }

    /// The drafts this session took over are still its own after their keys were replaced.
    pub(super) fn drafts_resealed(&mut self, anew: &[(Hash, Row)]) {
        for (before, row) in anew {
            if let Some(taken) = self.drafts_taken.get_mut(&row.id).filter(|taken| *taken == before) {
                *taken = row.hash();
            }
        }
    }

    pub(super) fn own_drafts(&mut self) -> Result<Vec<Row>, VaultError> {
        let mut own = Vec::new();
        let operator = self.keys.operator.0;
        self.store.rows(Table::Draft, &mut |row| {
            if row.id.starts_with(&operator) {
                own.push(row.to_row());
            }
            Walk::Continue(())
        })?;
        Ok(own)
    }

    fn record_lock(&mut self, reason: &str, sealed: &[Row]) -> Result<(), VaultError> {
        self.begin(Action::SessionLock)?;
        let there = match self.own_drafts() {
            Ok(there) => there,
            Err(error) => {
                self.store.abort();
                return Err(error);
            }
        };
        let over = there.into_iter().filter(|row| self.drafts_taken.get(&row.id) == Some(&row.hash()));
        let gone: Vec<_> = over.map(|row| ((row.table, row.id), None)).collect();
        let kept = sealed.iter().map(|row| ((row.table, row.id.clone()), Some(row.clone())));
        let staged: Staged = gone.into_iter().chain(kept).collect();
        let entry = Entry::new(Action::SessionLock, Object::Vault).because(reason);
        let details = self.details(entry);
        self.commit_unanchored(Action::SessionLock, &details, staged)
    }
}

/// The id of a draft's row without its operator.
fn draft_id(row: &Row) -> Option<DraftId> {
    row.id.get(16..).and_then(DraftId::from_slice)
}
