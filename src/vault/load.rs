//! Loading the tables at an unlock: every row is read once, hashed into the state, and opened where the view needs it.
//!
//! One thread reads and the others hash and open: of a hundred thousand keys, reading is a fifth of the work. Rows travel in
//! packs, each one buffer for many rows, that go round between the threads and are never given back to the allocator in
//! between, which would wipe them. Nothing here decides whether the rows are those the log names; the caller does.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use crate::audit::state::StateTree;
use crate::crypto::memory::burn_stack;
use crate::model::{Compartment, KeyRecord, Settings, VaultId};
use crate::store::{RowRef, Store, StoreError, Table, Walk};

use super::error::VaultError;
use super::rows;
use super::scopes::ScopeKeys;

/// Threads that hash and open, at most.
const OPENERS: usize = 4;
/// Packs for each of them: one being opened, one waiting, one being filled.
const PACKS: usize = 3;
/// When a pack is full, in bytes: enough that handing it over costs nothing, few enough that it stays in a core's cache.
const PACK: usize = 128 << 10;

/// What the tables hold.
#[derive(Default)]
pub(super) struct Loaded {
    pub state: StateTree,
    /// In any order.
    pub records: Vec<Arc<KeyRecord>>,
    pub settings: Option<Settings>,
    /// Oldest first: new keys go into the first one.
    pub compartments: Vec<Compartment>,
    /// Why a row did not open, where one did not.
    pub broken: Option<VaultError>,
}

/// Reads all tables at the moment the store is reading.
pub(super) fn load_tables(
    store: &mut dyn Store,
    vault: VaultId,
    scopes: &ScopeKeys,
) -> Result<Loaded, VaultError> {
    let openers = std::thread::available_parallelism().map_or(1, usize::from).min(OPENERS);
    let (full, packs) = channel();
    let (give_back, empty) = channel();
    for _ in 0..openers * PACKS {
        // The receiver stands two lines above.
        let _ = give_back.send(Pack::default());
    }
    let packs = Mutex::new(packs);
    std::thread::scope(|scope| {
        let open = |give_back: Sender<Pack>| {
            let packs = &packs;
            scope.spawn(move || {
                let part = open_packs(packs, &give_back, vault, scopes);
                // The system keeps the stack of a thread that ended for the next one: what was opened must not stay on it.
                burn_stack();
                part
            })
        };
        let openers: Vec<_> = (0..openers).map(|_| open(give_back.clone())).collect();
        drop(give_back);
        // Takes `full` along: the openers wait for more until it is gone.
        let read = fill_packs(store, full, &empty);
        let mut loaded = Loaded::default();
        for opener in openers {
            let part = opener.join().map_err(|_| VaultError::tampered("a row made its reader fail"))?;
            loaded.merge(part);
        }
        read?;
        loaded.state.finish();
        loaded.compartments.sort_by_key(|c| (c.created, c.id));
        Ok(loaded)
    })
}

fn fill_packs(store: &mut dyn Store, full: Sender<Pack>, empty: &Receiver<Pack>) -> Result<(), StoreError> {
    // Where every opener died there is nobody to give a pack back; their panics come out of `join`.
    let next = || empty.recv().unwrap_or_default();
    let mut pack = next();
    for table in Table::ALL {
        store.rows(table, &mut |row| {
            pack.put(row);
            if pack.bytes.len() >= PACK {
                let _ = full.send(std::mem::replace(&mut pack, next()));
            }
            Walk::Continue(())
        })?;
    }
    let _ = full.send(pack);
    Ok(())
}

fn open_packs(
    packs: &Mutex<Receiver<Pack>>,
    give_back: &Sender<Pack>,
    vault: VaultId,
    scopes: &ScopeKeys,
) -> Loaded {
    let mut part = Loaded::default();
    loop {
        let pack = packs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut pack) = pack else { return part };
        for row in pack.rows() {
            part.state.load(row);
            if let Err(error) = part.open(vault, row, scopes) {
                part.broken.get_or_insert(error);
            }
        }
        pack.clear();
        let _ = give_back.send(pack);
    }
}

impl Loaded {
    fn open(&mut self, vault: VaultId, row: RowRef<'_>, scopes: &ScopeKeys) -> Result<(), VaultError> {
        match row.table {
            Table::Key => self.records.push(Arc::new(rows::open_grown(vault, row, &scopes.metadata)?)),
            Table::Settings => self.settings = Some(rows::open_grown(vault, row, &scopes.metadata)?),
            Table::Scope => self.compartments.push(rows::open_metadata(vault, row, &scopes.metadata)?),
            _ => {}
        }
        Ok(())
    }

    fn merge(&mut self, part: Self) {
        self.state.load_all(part.state);
        self.records.extend(part.records);
        self.compartments.extend(part.compartments);
        self.settings = self.settings.take().or(part.settings);
        self.broken = self.broken.take().or(part.broken);
    }
}

/// Many rows, one after another in one buffer.
#[derive(Default)]
struct Pack {
    bytes: Vec<u8>,
    heads: Vec<Head>,
}

/// A row without its bytes: the next of the buffer are its id, the next after those its data.
struct Head {
    table: Table,
    version: u64,
    scope: [u8; 16],
    epoch: u32,
    id: usize,
    data: usize,
}

impl Pack {
    fn put(&mut self, row: RowRef<'_>) {
        let RowRef { table, id, version, scope, epoch, data } = row;
        self.bytes.extend_from_slice(id);
        self.bytes.extend_from_slice(data);
        self.heads.push(Head { table, version, scope, epoch, id: id.len(), data: data.len() });
    }

    fn rows(&self) -> impl Iterator<Item = RowRef<'_>> {
        let mut rest = self.bytes.as_slice();
        self.heads.iter().map(move |&Head { table, version, scope, epoch, id, data }| {
            let (id, after) = rest.split_at(id);
            let (data, after) = after.split_at(data);
            rest = after;
            RowRef { table, id, version, scope, epoch, data }
        })
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.heads.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_gives_back_the_rows_it_was_given_and_none_of_those_before() {
        let row = |n: u8, id, data| RowRef {
            table: Table::Version,
            id,
            version: u64::from(n),
            scope: [n; 16],
            epoch: 7,
            data,
        };
        let rows = [row(1, b"ab", b""), row(2, b"", b"xyz"), row(3, b"c", b"0123456789")];
        let mut pack = Pack::default();
        pack.put(row(9, b"before", b"before"));
        pack.clear();
        rows.iter().for_each(|row| pack.put(*row));
        assert!(pack.rows().eq(rows));
    }
}
