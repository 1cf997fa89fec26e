//! Committing: one signed leaf with everything a transaction staged, durable before anybody hears of it.

use std::collections::BTreeMap;

use crate::audit::checkpoint::Checkpoint;
use crate::audit::leaf::{Delta, Details, Leaf, Record, RowChange};
use crate::audit::roster::SignedRoster;
use crate::audit::tree::Frontier;
use crate::crypto::encoding::Writer;
use crate::crypto::envelope::{self, Padding};
use crate::crypto::{Hash, random_bytes};
use crate::model::Action;
use crate::store::{Batch, CheckpointRow, LogRow, Row, StoreError, Table};

use super::error::VaultError;
use super::position::{LOG, Position};
use super::{Vault, anchored};

/// A checkpoint is kept for every so many leaves besides the newest: one segment of the integrity strip.
pub(super) const CHECKPOINT_EVERY: u64 = 4096;

/// Rows to write (`Some`) or delete (`None`), by table and id.
pub(super) type Staged = BTreeMap<(Table, Vec<u8>), Option<Row>>;

/// What rows hashed to before a commit.
type Undo = Vec<((Table, Vec<u8>), Option<Hash>)>;

impl Vault {
    /// Signs and commits one leaf. The write lock must be held; it is given back either way. Who commits a new version of the
    /// roster moves the anchor, after taking it over: an anchor at this end with the older roster would let those it replaced
    /// go on from there.
    pub(super) fn commit(
        &mut self,
        action: Action,
        details: &Details,
        staged: Staged,
    ) -> Result<(), VaultError> {
        let known = self.roster.current().version;
        let brings = |id: &[u8]| SignedRoster::version_of(id).is_some_and(|version| version > known);
        let new_roster = staged.keys().any(|(table, id)| *table == Table::Roster && brings(id));
        self.commit_unanchored(action, details, staged)?;
        if !new_roster {
            self.move_anchor();
        }
        Ok(())
    }

    /// [`Vault::commit`] without the anchor, for who moves it later.
    pub(super) fn commit_unanchored(
        &mut self,
        action: Action,
        details: &Details,
        staged: Staged,
    ) -> Result<(), VaultError> {
        let delta = self.delta(&staged);
        let before = self.apply_to_state(&staged);
        let committed = self.build(action, details, &staged, delta).and_then(|(batch, frontier)| {
            let stored = self.store.commit(&batch);
            stored
                .map(|()| (frontier, batch.leaf.leaf_hash))
                .map_err(|cause| VaultError::NotRecorded { action, cause })
        });
        let (frontier, leaf_hash) = match committed {
            Ok(committed) => committed,
            Err(error) => {
                self.store.abort();
                self.state.apply(before.iter().map(|((table, id), hash)| (*table, id.as_slice(), *hash)));
                return Err(error);
            }
        };
        self.frontier = frontier;
        self.last_leaf = Some(leaf_hash);
        let (size, root) = (self.frontier.size(), self.frontier.root());
        let view = self.view_mut();
        (view.log_size, view.log_root) = (size, root);
        Ok(())
    }

    fn build(
        &mut self,
        action: Action,
        details: &Details,
        staged: &Staged,
        delta: Delta,
    ) -> Result<(Batch, Frontier), VaultError> {
        let (salt, details) = (random_bytes()?, details.encode()?);
        let seq = self.frontier.size();
        let leaf = Leaf {
            vault: self.id,
            seq,
            prev_root: self.frontier.root(),
            time: self.now(),
            session: self.view.session.tag,
            operator: self.keys.operator,
            action: action.number(),
            roster_version: self.roster.current().version,
            delta: delta.hash(),
            state_root: self.state.root(),
            details: Details::commitment(&salt, &details),
        };
        let record = Record { signed: leaf.sign(&self.keys.sign), salt, details, delta };
        let leaf_hash = record.signed.hash();
        let mut frontier = self.frontier.clone();
        frontier.push(leaf_hash);
        let (epoch, log_key) = self.scopes.log.newest()?;
        let aad = log_place(self.id, "log", &seq.to_be_bytes(), epoch).aad();
        let data = envelope::seal(log_key, &aad, &record.encode(), Padding::Metadata)?;
        let leaf = LogRow { seq, epoch, leaf_hash, data };
        let checkpoint = self.checkpoint(&frontier)?;
        let drop_checkpoint = (seq > 0 && !seq.is_multiple_of(CHECKPOINT_EVERY)).then_some(seq);
        let puts = staged.values().flatten().cloned().collect();
        let deletes = staged.iter().filter(|(_, row)| row.is_none()).map(|(key, _)| key.clone()).collect();
        Ok((Batch { puts, deletes, leaf, checkpoint, drop_checkpoint }, frontier))
    }

    fn delta(&self, staged: &Staged) -> Delta {
        let changes = staged.iter().map(|((table, id), row)| RowChange {
            table: *table,
            id: id.clone(),
            before: self.state.get(*table, id),
            after: row.as_ref().map(Row::hash),
        });
        Delta(changes.filter(|c| c.before != c.after).collect())
    }

    fn checkpoint(&self, frontier: &Frontier) -> Result<CheckpointRow, VaultError> {
        let (size, root) = (frontier.size(), frontier.root());
        let note = Checkpoint { vault: self.id, size, root }.sign(&self.keys.sign);
        let mut w = Writer::new();
        w.part(note.as_bytes()).part(&frontier.roots().concat()).array(&self.keys.operator.0);
        w.u32(self.roster.current().version);
        let (epoch, log_key) = self.scopes.log.newest()?;
        let aad = log_place(self.id, "checkpoint", &size.to_be_bytes(), epoch).aad();
        let data = envelope::seal(log_key, &aad, &w.into_bytes(), Padding::Metadata)?;
        Ok(CheckpointRow { size, epoch, data })
    }

    /// Brings the state up to `staged` and tells what to set to undo it.
    fn apply_to_state(&mut self, staged: &Staged) -> Undo {
        let before =
            staged.keys().map(|(table, id)| ((*table, id.clone()), self.state.get(*table, id))).collect();
        let changes =
            staged.iter().map(|((table, id), row)| (*table, id.as_slice(), row.as_ref().map(Row::hash)));
        self.state.apply(changes);
        before
    }

    /// Remembers the new end of the log outside the file. A failure turns the protection off and says so; the commit stands.
    pub(super) fn move_anchor(&mut self) {
        if self.hurried {
            return;
        }
        let status = match self.env.anchor.save(self.id, &self.anchor().encode()) {
            Ok(()) => self.view.anchor.clone().kept(),
            Err(error) => super::AnchorStatus::Off(error.to_string()),
        };
        self.view_mut().anchor = status;
    }

    /// What is to be remembered of the vault as it is now.
    pub(super) fn anchor(&self) -> anchored::Anchor {
        anchored::Anchor {
            genesis: self.roster.genesis(),
            roster: self.roster.current().hash(),
            frontier: self.frontier.clone(),
            time: self.now(),
        }
    }

    /// What the log says of an act besides its signed body.
    pub(super) fn details(&self, entry: super::Entry) -> Details {
        Details {
            object: entry.object,
            outcome: entry.outcome,
            severity: entry.severity,
            reason: entry.reason,
            changes: entry.changes,
            operator: self.view.me.name.clone(),
            host: self.env.host.clone(),
            os_user: self.env.os_user.clone(),
        }
    }

    /// Records something that changes no row.
    pub(super) fn record(&mut self, action: Action, entry: super::Entry) -> Result<(), VaultError> {
        self.begin(action)?;
        let details = self.details(entry);
        self.commit(action, &details, Staged::new())
    }

    /// Takes the write lock and makes sure that everything in the log is known.
    pub(super) fn begin(&mut self, action: Action) -> Result<(), VaultError> {
        let head = self.store.begin().map_err(|cause| match cause {
            damaged @ StoreError::Damaged(_) => VaultError::Store(damaged),
            cause => VaultError::NotRecorded { action, cause },
        })?;
        let result = self.catch_up(head);
        if result.is_err() {
            self.store.abort();
        }
        result
    }
}

/// The place of a row of the log or of its checkpoints.
pub(super) fn log_place<'a>(
    vault: crate::model::VaultId,
    place: &'a str,
    id: &'a [u8],
    epoch: u32,
) -> Position<'a> {
    Position { vault, place, id, version: 1, scope: LOG, epoch }
}
