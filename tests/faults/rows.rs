//! Every bit and every exchange, row by row: in the ten tables each gives another state root, in the log and its checkpoints
//! each is found by verifying the log under its keys.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use keyroom::audit::state::StateTree;
use keyroom::store::{Row, Table};
use keyroom::vault::anchor::MemoryAnchor;
use keyroom::vault::{Vault, VaultError};
use rusqlite::{Connection, params};

use crate::base::{
    Change, THREADS, Verdict, base, folder, is_named, judge_all, name_of, root, rows, seen, sql, unlock,
};

#[test]
fn the_vault_itself_is_read_without_complaint() {
    let changes: [Change<'_>; 1] = [("nothing".into(), Box::new(|_: &Path| {}))];
    assert!(matches!(judge_all(&changes)[..], [Verdict::Harmless]));
    assert!(rows(&base().file).len() > 20);
}

#[test]
fn every_bit_of_every_row_changes_the_state_root() {
    let rows = rows(&base().file);
    let mut bits = 0_u64;
    for row in &rows {
        let hash = row.hash();
        let mut check = |changed: &Row, what: &str, bit: usize| {
            bits += 1;
            assert_ne!(changed.hash(), hash, "{}, {what}, bit {bit}", name_of(row));
        };
        for bit in 0..row.data.len() * 8 {
            let mut changed = row.clone();
            changed.data[bit / 8] ^= 1 << (bit % 8);
            check(&changed, "data", bit);
        }
        for bit in 0..row.id.len() * 8 {
            let mut changed = row.clone();
            changed.id[bit / 8] ^= 1 << (bit % 8);
            check(&changed, "id", bit);
        }
        for bit in 0..128 {
            let mut changed = row.clone();
            changed.scope[bit / 8] ^= 1 << (bit % 8);
            check(&changed, "scope", bit);
        }
        for bit in 0..64 {
            check(&Row { version: row.version ^ (1 << bit), ..row.clone() }, "version", bit);
        }
        for bit in 0..32 {
            check(&Row { epoch: row.epoch ^ (1 << bit), ..row.clone() }, "epoch", bit);
        }
        for table in Table::ALL.into_iter().filter(|t| *t != row.table) {
            check(&Row { table, ..row.clone() }, "table", 0);
        }
    }
    println!("{bits} bits of {} rows", rows.len());
    assert!(bits > 100_000, "{bits}");
    // A row's hash is what the root is made of: one changed hash, a missing row and an added row each give another root.
    let whole = root(&rows);
    for i in 0..rows.len() {
        let mut changed = rows.clone();
        changed[i].version += 1;
        assert_ne!(root(&changed), whole);
        let row = changed.remove(i);
        assert_ne!(root(&changed), whole);
        changed.extend([rows[i].clone(), Row { id: [&row.id[..], &[0]].concat(), ..row }]);
        assert_ne!(root(&changed), whole);
    }
}

#[test]
fn every_exchange_of_two_rows_contents_changes_the_state_root() {
    let rows = rows(&base().file);
    let mut tree = StateTree::new();
    rows.iter().for_each(|row| tree.load(row));
    tree.finish();
    let whole = tree.root();
    let mut pairs = 0;
    for (i, a) in rows.iter().enumerate() {
        for b in &rows[i + 1..] {
            // Once the blob alone, once everything but the id.
            let blobs =
                (Row { data: b.data.clone(), ..a.clone() }, Row { data: a.data.clone(), ..b.clone() });
            let (table_a, table_b) = (a.table, b.table);
            let all = (
                Row { id: a.id.clone(), table: table_a, ..b.clone() },
                Row { id: b.id.clone(), table: table_b, ..a.clone() },
            );
            for (x, y) in [blobs, all] {
                tree.set(x.table, &x.id, Some(x.hash()));
                tree.set(y.table, &y.id, Some(y.hash()));
                assert_ne!(tree.root(), whole, "{} and {}", name_of(a), name_of(b));
                tree.set(a.table, &a.id, Some(a.hash()));
                tree.set(b.table, &b.id, Some(b.hash()));
                assert_eq!(tree.root(), whole);
                pairs += 1;
            }
        }
    }
    assert!(pairs > 400, "{pairs}");
}

/// A place of the log or of a checkpoint: where a blob stands, and what it holds.
#[derive(Clone)]
struct Place {
    table: &'static str,
    key: &'static str,
    at: i64,
    column: &'static str,
    blob: Vec<u8>,
}

impl Place {
    fn name(&self) -> String {
        let Self { table, key, at, column, .. } = self;
        format!("{column} of {table} with {key} {at}")
    }
}

/// Every blob of the log and its checkpoints.
fn log_places(path: &Path) -> Vec<Place> {
    let seen = seen(path).unwrap();
    let mut places = Vec::new();
    for row in seen.log {
        let at = i64::try_from(row.seq).unwrap();
        let place = |column, blob| Place { table: "log", key: "seq", at, column, blob };
        places.push(place("data", row.data));
        places.push(place("leaf_hash", row.leaf_hash.to_vec()));
    }
    for row in seen.checkpoints {
        let at = i64::try_from(row.size).unwrap();
        places.push(Place { table: "checkpoint", key: "size", at, column: "data", blob: row.data });
    }
    places
}

/// An unlocked vault whose file somebody else writes to.
struct Watched {
    _dir: tempfile::TempDir,
    vault: Vault,
    other: Connection,
    /// As they are after the unlock, which is itself in the log and under a checkpoint of its own.
    places: Vec<Place>,
}

impl Watched {
    fn new(file: &[u8]) -> Self {
        let dir = folder();
        let path = dir.path().join("v.keyroom");
        std::fs::write(&path, file).unwrap();
        let mut vault = unlock(&path, Arc::new(MemoryAnchor::new())).unwrap();
        verify(&mut vault).unwrap();
        let (other, places) = (sql(&path), log_places(&path));
        Self { _dir: dir, vault, other, places }
    }

    fn put(&self, place: usize, blob: &[u8]) {
        let Place { table, key, at, column, .. } = &self.places[place];
        let statement = format!("UPDATE {table} SET {column} = ?1 WHERE {key} = ?2");
        let mut statement = self.other.prepare_cached(&statement).unwrap();
        assert_eq!(statement.execute(params![blob, at]).unwrap(), 1);
    }

    /// The log with these blobs in these places is not believed. Afterwards it is as it was.
    fn is_found(&mut self, changed: &[(usize, &[u8])], what: impl Fn() -> String) {
        changed.iter().for_each(|(place, blob)| self.put(*place, blob));
        let verified = verify(&mut self.vault);
        let names = || changed.iter().map(|(i, _)| self.places[*i].name()).collect::<Vec<_>>().join(", ");
        match verified {
            Err(error) => assert!(is_named(&error), "{}, {}: {error:?}", names(), what()),
            Ok(()) => panic!("{}, {}: nobody noticed", names(), what()),
        }
        changed.iter().for_each(|(i, _)| self.put(*i, &self.places[*i].blob));
    }
}

fn verify(vault: &mut Vault) -> Result<(), VaultError> {
    vault.verify_log(&mut |_, _| ControlFlow::Continue(())).map(|_| ())
}

/// Does `each` with every place of this file's log, spread over threads with a vault of their own; returns how many changes
/// were tried.
fn on_every_place(file: &[u8], each: impl Fn(&mut Watched, usize) -> usize + Sync) -> usize {
    std::thread::scope(|scope| {
        let work = |first: usize| {
            let each = &each;
            scope.spawn(move || {
                let mut watched = Watched::new(file);
                let mine = (0..watched.places.len()).skip(first).step_by(THREADS);
                let tried: usize = mine.map(|place| each(&mut watched, place)).sum();
                // All of it was put back: what was found was found because of the change.
                verify(&mut watched.vault).unwrap();
                tried
            })
        };
        let threads: Vec<_> = (0..THREADS).map(work).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

#[test]
fn every_byte_of_the_log_and_its_checkpoints_is_found_by_verifying_it() {
    // Of the newest entry and its checkpoint every bit; of every other byte two. They are written alike, and other bits of
    // the same byte are flipped in each. The log is a short one: what one entry costs, it costs for each byte of every other.
    let tried = on_every_place(&base().young, |watched, i| {
        let place = watched.places[i].clone();
        let alike = || watched.places.iter().filter(|p| p.table == place.table).map(|p| p.at);
        let all = Some(place.at) == alike().max();
        let nth = alike().filter(|at| *at < place.at).collect::<BTreeSet<_>>().len();
        let mut tried = 0;
        for byte in 0..place.blob.len() {
            let one = (byte * 5 + nth) % 4;
            for bit in (0..8).filter(|bit| all || bit % 4 == one) {
                let mut changed = place.blob.clone();
                changed[byte] ^= 1 << bit;
                watched.is_found(&[(i, &changed)], || format!("byte {byte} bit {bit}"));
                tried += 1;
            }
        }
        tried
    });
    println!("{tried} bits of the log");
    assert!(tried > 10_000, "{tried}");
}

#[test]
fn every_exchange_with_a_blob_of_the_log_is_found_by_verifying_it() {
    let tables = rows(&base().file);
    let tried = on_every_place(&base().file, |watched, i| {
        let places = watched.places.clone();
        for (j, other) in places.iter().enumerate().skip(i + 1) {
            watched.is_found(&[(i, &other.blob), (j, &places[i].blob)], || "exchanged".into());
        }
        // A hash in a table would not even fit; a record might. The table's own side is another state root: see above.
        let records = if places[i].column == "data" { &tables[..] } else { &[] };
        for row in records {
            watched.is_found(&[(i, &row.data)], || format!("with the content of {}", name_of(row)));
        }
        places.len() - i - 1 + records.len()
    });
    println!("{tried} exchanges");
    assert!(tried > 500, "{tried}");
}
