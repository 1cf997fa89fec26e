//! Where sealed rows live. This floor sees ciphertext, ids and hashes, and nothing else; it decides nothing.
//!
//! [`Store`] is the whole contract: take the write lock and learn the head, commit one batch of rows with one leaf, read.
//! It has that shape so that a shared server can stand beside [`sqlite::SqliteStore`] without a change on any floor above.

pub mod error;
mod row;
pub mod sqlite;

pub use error::StoreError;
pub use row::{Row, RowRef};

use crate::crypto::Hash;

/// The tables whose rows make up the state of a vault. The number goes into hashes and signed leaves: never reused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum Table {
    /// What the file is: format, suite, vault id.
    Header = 0,
    /// Password slots: KDF parameters and the sealed root key of an operator.
    Slot = 1,
    /// Operators' key pairs, sealed under their root keys.
    Bundle = 2,
    /// Scope keys, sealed to operators.
    Grant = 3,
    /// The signed chain of who the operators are.
    Roster = 4,
    /// Compartments: names and epochs.
    Scope = 5,
    /// The vault's settings.
    Settings = 6,
    /// What is known about keys.
    Key = 7,
    /// The values of versions.
    Version = 8,
    /// Unsaved edits, kept over a lock.
    Draft = 9,
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 10] = [
        Self::Header,
        Self::Slot,
        Self::Bundle,
        Self::Grant,
        Self::Roster,
        Self::Scope,
        Self::Settings,
        Self::Key,
        Self::Version,
        Self::Draft,
    ];

    /// The name in the file and in what is sealed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Slot => "slot",
            Self::Bundle => "bundle",
            Self::Grant => "grant",
            Self::Roster => "roster",
            Self::Scope => "scope",
            Self::Settings => "settings",
            Self::Key => "key",
            Self::Version => "version",
            Self::Draft => "draft",
        }
    }

    /// The table with this number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|t| *t as u8 == number)
    }
}

/// One entry of the log as it is stored: a sealed leaf and the hash it has in the tree.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogRow {
    /// Its place, from 0.
    pub seq: u64,
    /// The epoch of the log key that seals it.
    pub epoch: u32,
    /// Its hash in the tree (RFC 6962 leaf hash).
    pub leaf_hash: Hash,
    /// The sealed record.
    pub data: Vec<u8>,
}

/// A sealed checkpoint: a signed statement about the first `size` leaves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckpointRow {
    /// How many leaves it covers.
    pub size: u64,
    /// The epoch of the log key that seals it.
    pub epoch: u32,
    /// The sealed note.
    pub data: Vec<u8>,
}

/// The end of the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Head {
    /// How many leaves there are.
    pub size: u64,
    /// The hash of the last one.
    pub last: Hash,
}

/// Everything one commit changes. It takes effect whole or not at all.
#[derive(Debug)]
pub struct Batch {
    /// Rows to insert or replace.
    pub puts: Vec<Row>,
    /// Rows to delete.
    pub deletes: Vec<(Table, Vec<u8>)>,
    /// The leaf that records it.
    pub leaf: LogRow,
    /// The checkpoint over the log with that leaf.
    pub checkpoint: CheckpointRow,
    /// The checkpoint to drop because the new one stands for it.
    pub drop_checkpoint: Option<u64>,
}

/// What a walk over many rows is told after each.
pub type Walk = std::ops::ControlFlow<()>;

/// Whether work that is one call of somebody else's code must end before it is done.
pub type Stop<'a> = &'a dyn Fn() -> bool;

/// A place that holds one vault's rows and log.
pub trait Store: Send {
    /// Takes the write lock and tells the end of the log, so that the caller can see whether it still knows everything.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when another program holds the lock too long, [`StoreError::ReadOnly`] and the like.
    fn begin(&mut self) -> Result<Option<Head>, StoreError>;

    /// Applies `batch` and makes it durable, or changes nothing; gives the write lock back either way.
    ///
    /// # Errors
    /// Any [`StoreError`]; nothing of the batch has taken effect then.
    fn commit(&mut self, batch: &Batch) -> Result<(), StoreError>;

    /// Gives the write lock back without a change.
    fn abort(&mut self);

    /// Waits no longer than this for another program's lock from now on. A wish: a store may know no waiting.
    fn set_patience(&mut self, patience: std::time::Duration);

    /// Starts reading one consistent moment, until [`Store::end_read`].
    ///
    /// # Errors
    /// Any [`StoreError`].
    fn begin_read(&mut self) -> Result<(), StoreError>;

    /// Ends what [`Store::begin_read`] started.
    fn end_read(&mut self);

    /// The end of the log, or `None` where there is none.
    ///
    /// # Errors
    /// Any [`StoreError`].
    fn head(&mut self) -> Result<Option<Head>, StoreError>;

    /// One row.
    ///
    /// # Errors
    /// Any [`StoreError`].
    fn row(&mut self, table: Table, id: &[u8]) -> Result<Option<Row>, StoreError>;

    /// Walks all rows of a table in the order of their ids. Each is lent for its step: whoever keeps one copies it.
    ///
    /// # Errors
    /// Any [`StoreError`].
    fn rows(&mut self, table: Table, each: &mut dyn FnMut(RowRef<'_>) -> Walk) -> Result<(), StoreError>;

    /// Walks the log from leaf `from` on.
    ///
    /// # Errors
    /// Any [`StoreError`].
    fn log(&mut self, from: u64, each: &mut dyn FnMut(LogRow) -> Walk) -> Result<(), StoreError>;

    /// The checkpoint that covers exactly `size` leaves.
    ///
    /// # Errors
    /// Any [`StoreError`].
    fn checkpoint(&mut self, size: u64) -> Result<Option<CheckpointRow>, StoreError>;

    /// The sizes all stored checkpoints cover, ascending.
    ///
    /// # Errors
    /// Any [`StoreError`].
    fn checkpoint_sizes(&mut self) -> Result<Vec<u64>, StoreError>;

    /// The moments of failed unlocks since the last success, oldest first, in milliseconds since 1970. A hint only: it
    /// stands outside everything that is signed, because nobody who could sign it was there.
    ///
    /// # Errors
    /// Any [`StoreError`].
    fn attempts(&mut self) -> Result<Vec<i64>, StoreError>;

    /// Notes a failed unlock.
    ///
    /// # Errors
    /// Any [`StoreError`].
    fn add_attempt(&mut self, at: i64) -> Result<(), StoreError>;

    /// Forgets the oldest `count` failed unlocks, once they are in the log. Those that came since stay.
    ///
    /// # Errors
    /// Any [`StoreError`].
    fn clear_attempts(&mut self, count: usize) -> Result<(), StoreError>;

    /// Whether the place still holds the same file that was opened.
    fn is_same_file(&self) -> bool;

    /// Looks through the file's own structure. `stop` is asked all along.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when it does not hold together; [`StoreError::Cancelled`] when `stop` says so.
    fn check_structure(&mut self, stop: Stop<'_>) -> Result<(), StoreError>;

    /// Copies everything, as of one moment, to a new file. `progress` is told pages done and pages in all.
    ///
    /// # Errors
    /// Any [`StoreError`]; [`StoreError::Cancelled`] when `progress` breaks. The target is removed then.
    fn backup(
        &mut self,
        target: &std::path::Path,
        progress: &mut dyn FnMut(u64, u64) -> Walk,
    ) -> Result<(), StoreError>;

    /// Rewrites the file without free pages, so that nothing deleted is left in it. `stop` is asked all along.
    ///
    /// # Errors
    /// Any [`StoreError`], [`StoreError::Cancelled`] where `stop` says so: the file is as it was then.
    fn compact(&mut self, stop: Stop<'_>) -> Result<(), StoreError>;
}
