//! Verifying the log: order, hashes, signatures, the right to sign, and the state the leaves lead to.
//!
//! Needs only what an export discloses: leaves, rosters, checkpoints. It reads no file and opens no envelope, so the
//! vault and `keyroom-verify` run the same code. What takes the time, hashing an entry and checking its signature, needs no
//! other entry: an [`Examiner`] does that on any core, and the [`Verifier`] follows in order.

use std::collections::HashMap;

use crate::crypto::Hash;
use crate::crypto::sign::VerifyingKey;
use crate::model::{Action, VaultId};
use crate::store::Table;

use super::leaf::Record;
use super::roster::{Roster, SignedRoster};
use super::rules;
use super::state::StateTree;
use super::tree::Frontier;

/// Something in the log that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event #{seq}: {what}")]
pub struct Damage {
    /// The entry at which it shows.
    pub seq: u64,
    /// What does not hold.
    pub what: Defect,
}

/// The kinds of damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Defect {
    /// It cannot be opened or read.
    #[error("the entry cannot be read: it was changed")]
    Unreadable,
    /// Its number is not the next one.
    #[error("entries are missing or out of order")]
    OutOfOrder,
    /// It belongs to another vault.
    #[error("the entry belongs to another vault")]
    OtherVault,
    /// Its hash is not the one stored beside it.
    #[error("the entry is not the one whose hash is in the log")]
    OtherHash,
    /// It was written after another history than the one before it.
    #[error("the entry does not follow from the entries before it")]
    OtherHistory,
    /// Its signer was not an operator then.
    #[error("the entry is signed by nobody who was an operator then")]
    UnknownSigner,
    /// Its roster version goes backwards: whoever was replaced since cannot sign any more.
    #[error("the entry names an older roster than the entries before it lead to")]
    OldRoster,
    /// It brought another roster than the one beside the log, or names one that no entry brought.
    #[error("the entry belongs to another roster of operators than the one beside the log")]
    OtherRoster,
    /// Its signature does not match.
    #[error("the entry's signature does not match")]
    BadSignature,
    /// The signer's role does not allow it.
    #[error("the entry changes what its signer's role may not change")]
    NotAllowed,
    /// It changes a row from a state the row was not in.
    #[error("the entry changes a row from a state the row was not in")]
    OtherRow,
    /// The state it claims is not the one its changes lead to.
    #[error("the entry claims a state its changes do not lead to")]
    OtherState,
}

/// What to check of each entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    /// Order, hashes and history.
    Hashes,
    /// And signatures, rights and the state after each entry.
    Everything,
}

/// A verifier between two stretches of the log: what it has seen, without a hold on anything.
pub struct Paused {
    vault: VaultId,
    frontier: Frontier,
    roster: RosterSeen,
    state: Option<StateTree>,
    depth: Depth,
}

impl Paused {
    /// Goes on where it stopped. `roster` must be the one from before, or a longer one.
    #[must_use]
    pub fn resume(self, roster: &Roster) -> Verifier<'_> {
        let Self { vault, frontier, roster: seen, state, depth } = self;
        Verifier { vault, examiner: Examiner::new(roster, depth), frontier, roster: seen, state }
    }

    /// Where it is: everything up to here holds.
    #[must_use]
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// The state the entries so far lead to, where it is followed.
    #[must_use]
    pub fn state(&self) -> Option<&StateTree> {
        self.state.as_ref()
    }
}

/// What an entry is by itself, without those before it.
pub struct Examined {
    hash: Hash,
    signed: Result<(), Defect>,
}

/// Finds out what needs no other entry: one for each core.
pub struct Examiner<'r> {
    roster: &'r Roster,
    depth: Depth,
    keys: HashMap<[u8; 32], VerifyingKey>,
}

impl<'r> Examiner<'r> {
    /// One that knows this roster.
    #[must_use]
    pub fn new(roster: &'r Roster, depth: Depth) -> Self {
        Self { roster, depth, keys: HashMap::new() }
    }

    /// Hashes an entry, and checks its signature and its signer's rights where that is asked for.
    pub fn examine(&mut self, record: &Record) -> Examined {
        let signed = match self.depth {
            Depth::Hashes => Ok(()),
            Depth::Everything => self.check_signer(record),
        };
        Examined { hash: record.signed.hash(), signed }
    }

    /// Checks an entry's signature and its signer's right to what it changes.
    ///
    /// # Errors
    /// The [`Defect`] that shows first.
    pub fn check_signer(&mut self, record: &Record) -> Result<(), Defect> {
        let leaf = &record.signed.leaf;
        let signer = self.roster.signer(leaf.roster_version, leaf.operator).ok_or(Defect::UnknownSigner)?;
        let key = match self.keys.get(&signer.verify_key) {
            Some(key) => *key,
            None => {
                let key = VerifyingKey::from_bytes(&signer.verify_key).map_err(|_| Defect::UnknownSigner)?;
                self.keys.insert(signer.verify_key, key);
                key
            }
        };
        record.signed.verify(&key).map_err(|_| Defect::BadSignature)?;
        let action = Action::from_number(leaf.action).ok_or(Defect::Unreadable)?;
        if rules::may_change(signer.role, action, &record.delta) { Ok(()) } else { Err(Defect::NotAllowed) }
    }
}

/// The version of the roster in force after an entry: the one it was signed under, or the one it put into the tables.
#[must_use]
pub fn roster_after(record: &Record) -> u32 {
    let versions = rosters_brought(record).filter_map(SignedRoster::version_of);
    versions.fold(record.signed.leaf.roster_version, u32::max)
}

/// The ids of the rows of the roster that an entry puts into the tables.
pub fn rosters_brought(record: &Record) -> impl Iterator<Item = &[u8]> {
    let brought = record.delta.0.iter().filter(|c| c.table == Table::Roster && c.after.is_some());
    brought.map(|change| change.id.as_slice())
}

/// Walks a log entry by entry and remembers where it is.
pub struct Verifier<'r> {
    vault: VaultId,
    examiner: Examiner<'r>,
    frontier: Frontier,
    roster: RosterSeen,
    state: Option<StateTree>,
}

/// What the entries so far say of the roster.
#[derive(Clone, Copy)]
struct RosterSeen {
    /// The newest version they lead to: the next entry may name no older one.
    newest: u32,
    /// They are all there are, so that it may name no newer one either.
    from_start: bool,
}

impl<'r> Verifier<'r> {
    /// Starts at the first entry.
    #[must_use]
    pub fn from_start(vault: VaultId, roster: &'r Roster, depth: Depth) -> Self {
        let state = (depth == Depth::Everything).then(StateTree::new);
        let examiner = Examiner::new(roster, depth);
        // The first entry is signed under the version that it brings.
        let roster = RosterSeen { newest: 1, from_start: true };
        Self { vault, examiner, frontier: Frontier::new(), roster, state }
    }

    /// Starts after a history that is already believed: it ended in `frontier` with this `state`, and under version
    /// `oldest_roster` of the roster. Who was replaced in that version cannot go on with it.
    #[must_use]
    pub fn from_trusted(
        vault: VaultId,
        roster: &'r Roster,
        (frontier, state): (Frontier, Option<StateTree>),
        oldest_roster: u32,
    ) -> Self {
        let examiner = Examiner::new(roster, Depth::Everything);
        let roster = RosterSeen { newest: oldest_roster, from_start: false };
        Self { vault, examiner, frontier, roster, state }
    }

    /// An examiner of the same roster and depth, for another core.
    #[must_use]
    pub fn examiner(&self) -> Examiner<'r> {
        Examiner::new(self.examiner.roster, self.examiner.depth)
    }

    /// Checks the next entry. `stored_hash` is the hash the file or export holds beside it.
    ///
    /// # Errors
    /// [`Damage`] says what does not hold; the verifier then stays where it was.
    pub fn next(&mut self, record: &Record, stored_hash: &Hash) -> Result<(), Damage> {
        let examined = self.examiner.examine(record);
        self.follow(record, &examined, stored_hash)
    }

    /// As [`Verifier::next`], for an entry that an [`Examiner`] of this verifier has looked at.
    ///
    /// # Errors
    /// As [`Verifier::next`].
    pub fn follow(&mut self, record: &Record, examined: &Examined, stored_hash: &Hash) -> Result<(), Damage> {
        let seq = self.frontier.size();
        let damage = |what| Damage { seq, what };
        let leaf = &record.signed.leaf;
        let hash = examined.hash;
        if leaf.seq != seq {
            return Err(damage(Defect::OutOfOrder));
        }
        if leaf.vault != self.vault {
            return Err(damage(Defect::OtherVault));
        }
        if hash != *stored_hash {
            return Err(damage(Defect::OtherHash));
        }
        if leaf.prev_root != self.frontier.root() {
            return Err(damage(Defect::OtherHistory));
        }
        if self.examiner.depth == Depth::Everything {
            if leaf.roster_version < self.roster.newest {
                return Err(damage(Defect::OldRoster));
            }
            if self.roster.from_start && leaf.roster_version > self.roster.newest {
                return Err(damage(Defect::OtherRoster));
            }
            examined.signed.map_err(damage)?;
            self.check_rosters(record).map_err(damage)?;
            self.check_state(record).map_err(damage)?;
            self.roster.newest = roster_after(record);
        }
        self.frontier.push(hash);
        Ok(())
    }

    /// Where it is: everything up to here holds.
    #[must_use]
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// The state the entries lead to, where it was followed.
    #[must_use]
    pub fn state(&self) -> Option<&StateTree> {
        self.state.as_ref()
    }

    /// Stops here for now.
    #[must_use]
    pub fn pause(self) -> Paused {
        let Self { vault, examiner, frontier, roster, state } = self;
        Paused { vault, frontier, roster, state, depth: examiner.depth }
    }

    /// Gives the state and the place back.
    #[must_use]
    pub fn into_parts(self) -> (Frontier, Option<StateTree>) {
        (self.frontier, self.state)
    }

    /// The rosters an entry brings are those beside the log, by their hashes.
    fn check_rosters(&self, record: &Record) -> Result<(), Defect> {
        let beside = |id| {
            let roster = SignedRoster::version_of(id).and_then(|n| self.examiner.roster.version(n));
            roster.is_some_and(|roster| roster.has_row_id(id))
        };
        if rosters_brought(record).all(beside) { Ok(()) } else { Err(Defect::OtherRoster) }
    }

    /// The newest version of the roster that the entries so far lead to.
    #[must_use]
    pub fn roster_version(&self) -> u32 {
        self.roster.newest
    }

    fn check_state(&mut self, record: &Record) -> Result<(), Defect> {
        let Some(state) = &mut self.state else { return Ok(()) };
        let fits = record.delta.0.iter().all(|c| state.get(c.table, &c.id) == c.before);
        if !fits {
            return Err(Defect::OtherRow);
        }
        state.apply(record.delta.0.iter().map(|c| (c.table, c.id.as_slice(), c.after)));
        if state.root() == record.signed.leaf.state_root { Ok(()) } else { Err(Defect::OtherState) }
    }
}
