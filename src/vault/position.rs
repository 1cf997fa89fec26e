//! Where a sealed blob belongs. The position is bound into every envelope as additional data and is never stored: it is
//! rebuilt from the row a blob was read from, so a blob that was moved, or taken from an older row, does not open.

use crate::crypto::encoding::Writer;
use crate::model::VaultId;
use crate::store::RowRef;

/// The suite of algorithms: 1 is XChaCha20-Poly1305, HKDF-SHA-256, SHA-256, X-Wing, Ed25519, Argon2id. Any other is refused.
pub const SUITE: u16 = 1;
/// The number of the encoding of sealed payloads. One number for all: it changes rarely and never silently.
pub const SCHEMA: u16 = 1;

/// The scope of what every operator may read: metadata.
pub const METADATA: [u8; 16] = [0x4D; 16];
/// The scope of the log.
pub const LOG: [u8; 16] = [0x4C; 16];
/// The scope of rows that no scope key seals.
pub const NONE: [u8; 16] = [0; 16];

/// The place of one sealed blob.
pub struct Position<'a> {
    /// The vault.
    pub vault: VaultId,
    /// The table, and the part of the row where it holds several blobs.
    pub place: &'a str,
    /// The row's id.
    pub id: &'a [u8],
    /// The row's version.
    pub version: u64,
    /// The scope whose key seals it.
    pub scope: [u8; 16],
    /// The epoch of that key.
    pub epoch: u32,
}

impl<'a> Position<'a> {
    /// The place of a row's only blob.
    #[must_use]
    pub fn of(vault: VaultId, row: impl Into<RowRef<'a>>) -> Self {
        let row = row.into();
        Self {
            vault,
            place: row.table.name(),
            id: row.id,
            version: row.version,
            scope: row.scope,
            epoch: row.epoch,
        }
    }

    /// The bytes that are bound into the envelope.
    #[must_use]
    pub fn aad(&self) -> Vec<u8> {
        // What is fixed takes 97 bytes; an unlock makes one of these for every key.
        let mut w = Writer::with_capacity(97 + self.place.len() + self.id.len());
        w.part(b"keyroom/row/1").u16(SUITE).array(&self.vault.0).part(self.place.as_bytes()).part(self.id);
        w.u64(self.version).u16(SCHEMA).array(&self.scope).u32(self.epoch);
        w.into_bytes()
    }
}
