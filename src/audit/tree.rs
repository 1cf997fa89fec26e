//! The Merkle tree over the leaves (RFC 6962, section 2.1), kept as its frontier: the roots of the largest complete
//! subtrees from left to right. That is enough to append and to know the root, and it is at most 64 hashes.

use crate::crypto::{Hash, sha256};

/// The root of a tree without leaves: SHA-256 of nothing (RFC 6962, 2.1).
#[must_use]
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// The hash of a leaf: SHA-256(0x00 ‖ leaf).
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    sha256(&[&[0], leaf])
}

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The right edge of a tree: how many leaves it has and the roots of its complete subtrees, largest first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// The frontier of a tree without leaves.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A frontier as it was stored, or `None` where the number of roots does not fit the size.
    #[must_use]
    pub fn from_parts(size: u64, roots: Vec<Hash>) -> Option<Self> {
        (u64::from(size.count_ones()) == roots.len() as u64).then_some(Self { size, roots })
    }

    /// How many leaves the tree has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the complete subtrees, largest first.
    #[must_use]
    pub fn roots(&self) -> &[Hash] {
        &self.roots
    }

    /// Appends a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        // Every trailing one of the size is a complete subtree as large as the node that joins it.
        for _ in 0..self.size.trailing_ones() {
            let Some(left) = self.roots.pop() else { break };
            node = node_hash(&left, &node);
        }
        self.roots.push(node);
        self.size += 1;
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let Some(last) = roots.next() else { return empty_root() };
        roots.fold(*last, |right, left| node_hash(left, &right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use sha2::Sha256;

    #[test]
    fn the_root_is_that_of_an_independent_rfc_6962_tree_at_every_size() {
        let mut ours = Frontier::new();
        let mut oracle = MemoryBackedTree::<Sha256, Vec<u8>>::new();
        assert_eq!(ours.root()[..], oracle.root().as_bytes()[..]);
        for i in 0..300_u32 {
            let leaf = i.to_be_bytes().to_vec();
            ours.push(leaf_hash(&leaf));
            oracle.push(leaf);
            assert_eq!(ours.root()[..], oracle.root().as_bytes()[..], "{i}");
            assert_eq!(Frontier::from_parts(ours.size(), ours.roots().to_vec()).as_ref(), Some(&ours));
        }
    }

    #[test]
    fn a_frontier_whose_roots_do_not_fit_its_size_is_refused() {
        assert_eq!(Frontier::from_parts(3, vec![[0; 32]]), None);
    }
}
