//! One row of a table, owned or lent, and the hash that stands for it.

use super::Table;
use crate::crypto::{Hash, sha256};

/// One row of a table. `data` is an envelope, or public parameters where the table holds those.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Which table.
    pub table: Table,
    /// Its id: 2 to 64 bytes.
    pub id: Vec<u8>,
    /// Counts the writes of this row, from 1.
    pub version: u64,
    /// The scope whose key seals it; zeros where nothing does.
    pub scope: [u8; 16],
    /// The epoch of that key.
    pub epoch: u32,
    /// The content.
    pub data: Vec<u8>,
}

/// A [`Row`] that somebody else holds: an unlock reads a hundred thousand of them and keeps none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RowRef<'a> {
    /// As [`Row::table`].
    pub table: Table,
    /// As [`Row::id`].
    pub id: &'a [u8],
    /// As [`Row::version`].
    pub version: u64,
    /// As [`Row::scope`].
    pub scope: [u8; 16],
    /// As [`Row::epoch`].
    pub epoch: u32,
    /// As [`Row::data`].
    pub data: &'a [u8],
}

impl Row {
    /// As [`RowRef::hash`].
    #[must_use]
    pub fn hash(&self) -> Hash {
        RowRef::from(self).hash()
    }
}

impl RowRef<'_> {
    /// The hash that stands for the row in deltas and in the state root: SHA-256 over every column, each with its length
    /// or at a fixed width, in the order of the struct.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let id_len = u32::try_from(self.id.len()).unwrap_or(u32::MAX).to_be_bytes();
        let data_len = u64::try_from(self.data.len()).unwrap_or(u64::MAX).to_be_bytes();
        sha256(&[
            b"keyroom/row/1",
            &[self.table as u8],
            &id_len,
            self.id,
            &self.version.to_be_bytes(),
            &self.scope,
            &self.epoch.to_be_bytes(),
            &data_len,
            self.data,
        ])
    }

    /// A copy to keep.
    #[must_use]
    pub fn to_row(&self) -> Row {
        let Self { table, id, version, scope, epoch, data } = *self;
        Row { table, id: id.to_vec(), version, scope, epoch, data: data.to_vec() }
    }
}

impl<'a> From<&'a Row> for RowRef<'a> {
    fn from(row: &'a Row) -> Self {
        let Row { table, id, version, scope, epoch, data } = row;
        Self { table: *table, id, version: *version, scope: *scope, epoch: *epoch, data }
    }
}
