//! Every bit and every exchange, row by row: in the ten tables each gives another state root, in the log and its checkpoints
//! each is found by verifying the log under its keys.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use keyroom::audit::state::StateTree;
use keyroom::store::{Row, Table};
use keyroom::vault::anchor::MemoryAnchor;
use keyroom::vault::{Vault, VaultError};
use rusqlite::{Connection, params};

use crate::base::{
    Change, THREADS, Verdict, base, folder, is_named, judge_all, name_of, root, rows, seen_in, sql, unlock,
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

/// A place of the log or of a checkpoint: where its blob stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    table: &'static str,
    key: &'static str,
    at: i64,
    column: &'static str,
}

/// Every blob of the log and its checkpoints, with what it holds.
fn log_places() -> Vec<(Place, Vec<u8>)> {
    let seen = seen_in(&base().file);
    let mut places = Vec::new();
    for row in seen.log {
        let at = i64::try_from(row.seq).unwrap();
        let place = |column| Place { table: "log", key: "seq", at, column };
        places.push((place("data"), row.data));
        places.push((place("leaf_hash"), row.leaf_hash.to_vec()));
    }
    for row in seen.checkpoints {
        let at = i64::try_from(row.size).unwrap();
        places.push((Place { table: "checkpoint", key: "size", at, column: "data" }, row.data));
    }
    places
}

/// An unlocked vault whose file somebody else writes to.
struct Watched {
    _dir: tempfile::TempDir,
    path: PathBuf,
    vault: Vault,
    other: Connection,
}

impl Watched {
    fn new() -> Self {
        let dir = folder();
        let path = dir.path().join("v.keyroom");
        std::fs::write(&path, &base().file).unwrap();
        let vault = unlock(&path, Arc::new(MemoryAnchor::new())).unwrap();
        let other = sql(&path);
        Self { _dir: dir, path, vault, other }
    }

    fn put(&self, place: Place, blob: &[u8]) {
        let Place { table, key, at, column } = place;
        let statement = format!("UPDATE {table} SET {column} = ?1 WHERE {key} = ?2");
        let mut statement = self.other.prepare_cached(&statement).unwrap();
        assert_eq!(statement.execute(params![blob, at]).unwrap(), 1);
    }

    fn verify(&mut self) -> Result<(), VaultError> {
        self.vault.verify_log(&mut |_, _| ControlFlow::Continue(())).map(|_| ())
    }

    /// The log with these blobs in these places is not believed.
    fn is_found(&mut self, changed: &[(Place, &[u8])], what: &str) {
        changed.iter().for_each(|(place, blob)| self.put(*place, blob));
        match self.verify() {
            Err(error) => assert!(is_named(&error), "{what}: {error:?} ({})", self.path.display()),
            Ok(()) => panic!("{what}: nobody noticed"),
        }
    }
}

/// Does `each` with every number below `count`, spread over threads with a vault of their own.
fn on_watched(count: usize, each: impl Fn(&mut Watched, usize) + Sync) {
    std::thread::scope(|scope| {
        for first in 0..THREADS {
            let each = &each;
            scope.spawn(move || {
                let mut watched = Watched::new();
                (first..count).step_by(THREADS).for_each(|i| each(&mut watched, i));
                watched.verify().unwrap();
            });
        }
    });
}

#[test]
fn every_byte_of_the_log_and_its_checkpoints_is_found_by_verifying_it() {
    let places = log_places();
    let newest = places.iter().filter(|(p, _)| p.table == "log").map(|(p, _)| p.at).max();
    // A bit of every byte; of the newest entry and of the checkpoints every bit.
    let mut flips = Vec::new();
    for (i, (place, blob)) in places.iter().enumerate() {
        let all = place.table == "checkpoint" || Some(place.at) == newest;
        for byte in 0..blob.len() {
            let bits = if all { 0..8 } else { (byte * 5) % 8..(byte * 5) % 8 + 1 };
            flips.extend(bits.map(|bit| (i, byte, bit)));
        }
    }
    on_watched(flips.len(), |watched, n| {
        let (i, byte, bit) = flips[n];
        let (place, blob) = &places[i];
        let mut changed = blob.clone();
        changed[byte] ^= 1 << bit;
        watched.is_found(&[(*place, &changed)], &format!("{place:?} byte {byte} bit {bit}"));
        watched.put(*place, blob);
    });
    println!("{} bits of {} blobs of the log", flips.len(), places.len());
    assert!(flips.len() > 10_000, "{}", flips.len());
}

#[test]
fn every_exchange_with_a_blob_of_the_log_is_found_by_verifying_it() {
    let (places, tables) = (log_places(), rows(&base().file));
    let mut pairs = Vec::new();
    for (i, (place, _)) in places.iter().enumerate() {
        pairs.extend((i + 1..places.len()).map(|j| (i, Some(j), None)));
        // A hash in a table would not even fit; a record might.
        if place.column == "data" {
            pairs.extend((0..tables.len()).map(|row| (i, None, Some(row))));
        }
    }
    on_watched(pairs.len(), |watched, n| {
        let (i, other, row) = pairs[n];
        let (place, blob) = &places[i];
        let what = format!("{place:?} with {other:?} {row:?}");
        match (other, row) {
            (Some(j), _) => {
                let (second, its) = &places[j];
                watched.is_found(&[(*place, its), (*second, blob)], &what);
                watched.put(*second, its);
            }
            // The table's own side is another state root: the test above.
            (None, Some(row)) => watched.is_found(&[(*place, &tables[row].data)], &what),
            (None, None) => {}
        }
        watched.put(*place, blob);
    });
    println!("{} exchanges", pairs.len());
    assert!(pairs.len() > 500, "{}", pairs.len());
}
