//! The state root: one hash over every row of every table but the log, so that a row that was deleted, added, swapped or
//! taken from an older file shows.
//!
//! Rows fall into 1024 buckets by the first ten bits of their ids (which are random, so buckets stay even). A bucket's
//! hash is SHA-256(0x02 ‖ (table, id length, id, row hash) of its rows in order); an empty bucket's is 32 zeros. The root
//! is the binary tree over the 1024 bucket hashes with SHA-256(0x03 ‖ left ‖ right). One row's change costs one bucket and ten
//! nodes, whatever the size of the vault.

use std::thread::available_parallelism;

use crate::crypto::{Hash, sha256};
use crate::store::{RowRef, Table};

/// Buckets: a power of two. At 100,000 keys a bucket holds about 200 rows, 10 KB to hash.
const BUCKETS: usize = 1024;
const EMPTY: Hash = [0; 32];

/// The hashes of all rows, and the tree over them.
#[derive(Clone)]
pub struct StateTree {
    buckets: Vec<Vec<Entry>>,
    /// A heap: node 1 is the root, node `n` has children `2n` and `2n + 1`, the last 1024 are the buckets.
    nodes: Vec<Hash>,
    stale: bool,
}

#[derive(Clone)]
struct Entry {
    table: Table,
    id: Box<[u8]>,
    hash: Hash,
}

impl Default for StateTree {
    fn default() -> Self {
        Self::new()
    }
}

impl StateTree {
    /// The tree over no rows.
    #[must_use]
    pub fn new() -> Self {
        let mut nodes = vec![EMPTY; 2 * BUCKETS];
        // Without rows all nodes of one level are the same.
        let (mut level, mut hash) = (BUCKETS, EMPTY);
        while level > 1 {
            level /= 2;
            hash = node_hash(&hash, &hash);
            nodes[level..2 * level].fill(hash);
        }
        Self { buckets: vec![Vec::new(); BUCKETS], nodes, stale: false }
    }

    /// The root over all rows.
    #[must_use]
    pub fn root(&self) -> Hash {
        debug_assert!(!self.stale, "bulk loading must end with finish()");
        self.nodes[1]
    }

    /// The hash of a row, or `None` where there is none.
    #[must_use]
    pub fn get(&self, table: Table, id: &[u8]) -> Option<Hash> {
        let bucket = &self.buckets[bucket_of(id)];
        bucket.binary_search_by(|e| e.key().cmp(&(table, id))).ok().map(|i| bucket[i].hash)
    }

    /// Sets or removes a row's hash and brings the root up to date.
    pub fn set(&mut self, table: Table, id: &[u8], hash: Option<Hash>) {
        self.place(table, id, hash);
        let bucket = bucket_of(id);
        let mut node = BUCKETS + bucket;
        self.nodes[node] = bucket_hash(&self.buckets[bucket]);
        while node > 1 {
            node /= 2;
            self.nodes[node] = node_hash(&self.nodes[2 * node], &self.nodes[2 * node + 1]);
        }
    }

    /// Sets or removes rows' hashes, one or a hundred thousand, and brings the root up to date.
    pub fn apply<'a>(&mut self, changes: impl ExactSizeIterator<Item = (Table, &'a [u8], Option<Hash>)>) {
        /// From here on hashing every bucket once is cheaper than hashing one for every row.
        const MANY: usize = BUCKETS;
        if changes.len() < MANY {
            changes.for_each(|(table, id, hash)| self.set(table, id, hash));
        } else {
            changes.for_each(|(table, id, hash)| self.place(table, id, hash));
            self.rehash_all();
        }
    }

    /// Adds a row while loading many; [`StateTree::finish`] must follow before the root is asked for.
    pub fn load<'r>(&mut self, row: impl Into<RowRef<'r>>) {
        let row = row.into();
        let entry = Entry { table: row.table, id: row.id.into(), hash: row.hash() };
        self.buckets[bucket_of(row.id)].push(entry);
        self.stale = true;
    }

    /// Takes over what another core loaded into a tree of its own; [`StateTree::finish`] must follow.
    pub fn load_all(&mut self, other: Self) {
        for (bucket, mut theirs) in self.buckets.iter_mut().zip(other.buckets) {
            if bucket.is_empty() {
                *bucket = theirs;
            } else {
                bucket.append(&mut theirs);
            }
        }
        self.stale = true;
    }

    /// Ends loading: sorts and hashes everything once, on all cores where there is much of it.
    pub fn finish(&mut self) {
        /// Rows that one core has sorted and hashed before a second one has started.
        const FEW: usize = 4096;
        let cores = if self.len() < FEW { 1 } else { available_parallelism().map_or(1, usize::from) };
        let share = BUCKETS.div_ceil(cores);
        let hashes = &mut self.nodes[BUCKETS..];
        std::thread::scope(|scope| {
            let mut shares = self.buckets.chunks_mut(share).zip(hashes.chunks_mut(share));
            let own = shares.next();
            for (buckets, hashes) in shares {
                scope.spawn(|| finish_buckets(buckets, hashes));
            }
            if let Some((buckets, hashes)) = own {
                finish_buckets(buckets, hashes);
            }
        });
        self.rehash_inner();
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.buckets.iter().map(Vec::len).sum()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows in which two states differ: at most `limit` of them.
    #[must_use]
    pub fn differences(&self, other: &Self, limit: usize) -> Vec<(Table, Vec<u8>)> {
        let mut found = Vec::new();
        for (bucket, theirs) in self.buckets.iter().zip(&other.buckets) {
            let missing = bucket.iter().filter(|e| other.get(e.table, &e.id) != Some(e.hash));
            let extra = theirs.iter().filter(|e| self.get(e.table, &e.id).is_none());
            found.extend(missing.chain(extra).map(|e| (e.table, e.id.to_vec())));
            if found.len() >= limit {
                break;
            }
        }
        found.truncate(limit);
        found
    }

    fn place(&mut self, table: Table, id: &[u8], hash: Option<Hash>) {
        let bucket = &mut self.buckets[bucket_of(id)];
        match (bucket.binary_search_by(|e| e.key().cmp(&(table, id))), hash) {
            (Ok(i), Some(hash)) => bucket[i].hash = hash,
            (Ok(i), None) => drop(bucket.remove(i)),
            (Err(i), Some(hash)) => bucket.insert(i, Entry { table, id: id.into(), hash }),
            (Err(_), None) => {}
        }
    }

    fn rehash_all(&mut self) {
        for (i, bucket) in self.buckets.iter().enumerate() {
            self.nodes[BUCKETS + i] = bucket_hash(bucket);
        }
        self.rehash_inner();
    }

    fn rehash_inner(&mut self) {
        for node in (1..BUCKETS).rev() {
            self.nodes[node] = node_hash(&self.nodes[2 * node], &self.nodes[2 * node + 1]);
        }
        self.stale = false;
    }
}

impl Entry {
    fn key(&self) -> (Table, &[u8]) {
        (self.table, &self.id)
    }
}

/// The first ten bits of the id, read as a big-endian number; an id shorter than two bytes counts as zero-filled.
fn bucket_of(id: &[u8]) -> usize {
    let byte = |i: usize| usize::from(id.get(i).copied().unwrap_or(0));
    (byte(0) << 2) | (byte(1) >> 6)
}

fn finish_buckets(buckets: &mut [Vec<Entry>], hashes: &mut [Hash]) {
    for (bucket, hash) in buckets.iter_mut().zip(hashes) {
        bucket.sort_unstable_by(|a, b| a.key().cmp(&b.key()));
        *hash = bucket_hash(bucket);
    }
}

fn bucket_hash(bucket: &[Entry]) -> Hash {
    if bucket.is_empty() {
        return EMPTY;
    }
    let mut bytes = Vec::with_capacity(1 + bucket.len() * 64);
    bytes.push(2);
    for entry in bucket {
        bytes.push(entry.table as u8);
        bytes.extend_from_slice(&u32::try_from(entry.id.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend_from_slice(&entry.id);
        bytes.extend_from_slice(&entry.hash);
    }
    sha256(&[&bytes])
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[3], left, right])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Row;
    use proptest::prelude::*;

    fn row(table: Table, n: u16, data: u8) -> Row {
        let mut id = vec![0; 16];
        id[..2].copy_from_slice(&n.to_be_bytes());
        Row { table, id, version: 1, scope: [0; 16], epoch: 0, data: vec![data; 10] }
    }

    proptest! {
        #[test]
        fn any_order_of_changes_gives_the_root_of_loading_the_result(changes in proptest::collection::vec((0u16..40, any::<bool>(), any::<u8>()), 0..80)) {
            let mut stepwise = StateTree::new();
            let mut rows = std::collections::BTreeMap::new();
            for (n, keep, data) in changes {
                let row = row(Table::Key, n.wrapping_mul(1637), data);
                stepwise.set(row.table, &row.id, keep.then(|| row.hash()));
                if keep { rows.insert(row.id.clone(), row); } else { rows.remove(&row.id); }
            }
            let mut loaded = StateTree::new();
            rows.values().for_each(|r| loaded.load(r));
            loaded.finish();
            prop_assert_eq!(stepwise.root(), loaded.root());
            prop_assert!(stepwise.differences(&loaded, 5).is_empty());
        }
    }

    #[test]
    fn a_state_loaded_on_several_cores_is_that_of_one_and_the_empty_one_that_of_no_rows() {
        let rows: Vec<_> = (0..6000).map(|n| row(Table::Key, n, 1)).collect();
        let mut one_by_one = StateTree::new();
        rows.iter().for_each(|r| one_by_one.set(r.table, &r.id, Some(r.hash())));
        let mut loaded = StateTree::new();
        for share in rows.rchunks(1700) {
            let mut part = StateTree::new();
            share.iter().for_each(|r| part.load(r));
            loaded.load_all(part);
        }
        loaded.finish();
        assert_eq!(loaded.root(), one_by_one.root());
        assert!(loaded.differences(&one_by_one, 1).is_empty());
        rows.iter().for_each(|r| one_by_one.set(r.table, &r.id, None));
        assert_eq!(one_by_one.root(), StateTree::new().root());
    }

    #[test]
    fn a_row_in_another_table_or_with_other_bytes_changes_the_root() {
        let roots: Vec<_> =
            [row(Table::Key, 1, 1), row(Table::Version, 1, 1), row(Table::Key, 1, 2), row(Table::Key, 2, 1)]
                .iter()
                .map(|r| {
                    let mut t = StateTree::new();
                    t.load(r);
                    t.finish();
                    t.root()
                })
                .collect();
        for (i, a) in roots.iter().enumerate() {
            assert!(!roots[i + 1..].contains(a));
        }
    }
}
