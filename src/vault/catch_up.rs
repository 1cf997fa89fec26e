//! Following what another program or workstation added to the same file, entry by entry, before anything of our own is
//! written on top of it.

use std::sync::Arc;

use crate::audit::leaf::RowChange;
use crate::audit::roster::SignedRoster;
use crate::audit::state::StateTree;
use crate::audit::tree::Frontier;
use crate::audit::verify::{Damage, Defect, Verifier, rosters_brought};
use crate::crypto::Hash;
use crate::store::{Head, Row, Table, Walk};

use super::error::VaultError;
use super::{Vault, log, rows, scopes};

/// Entries of another program that hold, and where they lead.
struct Followed {
    changed: Vec<RowChange>,
    end: Frontier,
    state: StateTree,
    last_leaf: Hash,
}

impl Vault {
    /// Looks whether the log moved, and follows it. Tells whether anything was new.
    ///
    /// # Errors
    /// [`VaultError::RolledBack`] or [`VaultError::Forked`] when the file is not a continuation of what was known.
    pub fn refresh(&mut self) -> Result<bool, VaultError> {
        if !self.store.is_same_file() {
            return Err(VaultError::tampered("another file was put in its place while it was open"));
        }
        let before = self.frontier.size();
        self.store.begin_read()?;
        let head = self.store.head();
        let result = match head {
            Ok(head) => self.catch_up(head),
            Err(error) => Err(error.into()),
        };
        self.store.end_read();
        result?;
        Ok(self.frontier.size() != before)
    }

    /// Follows the log to `head`. Must run inside a transaction of the store.
    pub(super) fn catch_up(&mut self, head: Option<Head>) -> Result<(), VaultError> {
        let known = self.frontier.size();
        let size = head.map_or(0, |h| h.size);
        if size < known {
            return Err(VaultError::RolledBack { file: size, seen: known });
        }
        if size == known {
            return self.same_end(head);
        }
        // All or nothing: what was followed counts once every row it changed was read. Whoever looks again later, after a disk
        // that was away, finds it new again.
        let roster = self.roster.clone();
        let followed = self.follow(known, size).and_then(|followed| {
            self.reload(&followed)?;
            Ok(followed)
        });
        let Followed { end, state, last_leaf, .. } = match followed {
            Ok(followed) => followed,
            Err(error) => {
                self.roster = roster;
                return Err(error);
            }
        };
        (self.frontier, self.state, self.last_leaf) = (end, state, Some(last_leaf));
        let (size, root) = (self.frontier.size(), self.frontier.root());
        let view = self.view_mut();
        (view.log_size, view.log_root) = (size, root);
        self.move_anchor();
        Ok(())
    }

    /// Same length, other last entry: another history.
    fn same_end(&self, head: Option<Head>) -> Result<(), VaultError> {
        let same = head.map(|h| h.last) == self.last_leaf;
        if same { Ok(()) } else { Err(VaultError::Forked { seen: self.frontier.size() }) }
    }

    /// Follows new entries. Takes over the rosters they bring, and nothing else.
    fn follow(&mut self, from: u64, to: u64) -> Result<Followed, VaultError> {
        let mut changed = Vec::new();
        let mut pending = Vec::new();
        let (id, keys) = (self.id, &self.scopes.log);
        let walked = log::walk(self.store.as_mut(), id, keys, from, to, &mut |row, record| {
            pending.push((row.leaf_hash, record));
            Ok(Walk::Continue(()))
        });
        walked.map_err(|error| self.explain_unreadable(error))?;
        // New rosters come first: the new entries may be signed by operators they name, but not by whom they replaced.
        let known_roster = self.roster.current().version;
        for (_, record) in &pending {
            for id in rosters_brought(record) {
                self.extend_roster(id)?;
            }
        }
        let end = (self.frontier.clone(), Some(self.state.clone()));
        let mut verifier = Verifier::from_trusted(self.id, &self.roster, end, known_roster);
        let mut last_leaf = self.last_leaf.unwrap_or_default();
        for (hash, record) in pending {
            last_leaf = hash;
            verifier.next(&record, &hash).map_err(|damage| match damage.what {
                Defect::OtherHistory => VaultError::Forked { seen: from },
                _ => VaultError::Log(damage),
            })?;
            changed.extend(record.delta.0);
        }
        let (end, state) = verifier.into_parts();
        Ok(Followed { changed, end, state: state.unwrap_or_default(), last_leaf })
    }

    /// An entry under a log key that came after this session began is no damage: who exposed a password replaced it. What
    /// the epoch says is believed only so far that the next unlock verifies everything.
    fn explain_unreadable(&mut self, error: VaultError) -> VaultError {
        let VaultError::Log(Damage { seq, what: Defect::Unreadable }) = error else { return error };
        let mut epoch = None;
        let read = self.store.log(seq, &mut |row| {
            epoch = Some(row.epoch);
            Walk::Break(())
        });
        let newest = self.scopes.log.newest().map(|(epoch, _)| epoch);
        match (read, epoch, newest) {
            (Ok(()), Some(epoch), Ok(newest)) if epoch > newest => VaultError::KeysReplaced,
            _ => error,
        }
    }

    fn extend_roster(&mut self, id: &[u8]) -> Result<(), VaultError> {
        let row = self.store.row(Table::Roster, id)?;
        let row = row.ok_or_else(|| VaultError::tampered("a version of the roster is missing"))?;
        let bytes = rows::open_metadata_bytes(self.id, &row, &self.scopes.metadata)?;
        let next = SignedRoster::from_bytes(bytes.as_bytes()).map_err(|_| rows::changed(&row))?;
        if !next.has_row_id(&row.id) {
            return Err(rows::changed(&row));
        }
        if next.version == self.roster.current().version + 1 {
            self.roster.extend(next)?;
        }
        Ok(())
    }

    /// Reads the rows that changed and brings the view up to date with them.
    fn reload(&mut self, followed: &Followed) -> Result<(), VaultError> {
        let mut regrant = false;
        for change in &followed.changed {
            let expected = followed.state.get(change.table, &change.id);
            let row = self.store.row(change.table, &change.id)?;
            if row.as_ref().map(Row::hash) != expected {
                let seq = followed.end.size();
                return Err(VaultError::Log(Damage { seq, what: Defect::OtherState }));
            }
            match change.table {
                Table::Key => self.reload_key(&change.id, row)?,
                Table::Settings => {
                    if let Some(row) = row {
                        let settings = rows::open_grown(self.id, &row, &self.scopes.metadata)?;
                        self.view_mut().settings = Arc::new(settings);
                    }
                }
                Table::Grant => regrant = true,
                _ => {}
            }
        }
        if regrant {
            let mut grants = Vec::new();
            self.store.rows(Table::Grant, &mut |row| {
                grants.push(row.to_row());
                Walk::Continue(())
            })?;
            self.scopes = scopes::ScopeKeys::open(self.id, grants, self.keys.operator, &self.keys.seal)?;
        }
        let roster = Arc::new(self.roster.clone());
        let me = roster.current().operator(self.keys.operator).cloned();
        let view = self.view_mut();
        if let Some(me) = me {
            view.me = me;
        }
        view.roster = roster;
        Ok(())
    }

    fn reload_key(&mut self, id: &[u8], row: Option<Row>) -> Result<(), VaultError> {
        match row {
            Some(row) => {
                let key = rows::open_grown(self.id, &row, &self.scopes.metadata)?;
                self.view_mut().keys.put(Arc::new(key));
            }
            None => {
                if let Some(id) = crate::model::KeyId::from_slice(id) {
                    self.view_mut().keys.remove(id);
                }
            }
        }
        Ok(())
    }
}
