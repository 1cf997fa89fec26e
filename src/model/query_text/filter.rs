//! A query with its leaves made ready for one kind of data, and its evaluation over blocks of rows.

use super::QueryError;
use super::term::{Expr, Node};

/// Conditions of type `P` joined by and, or, not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Filter<P> {
    /// Everything fits.
    All,
    /// One condition.
    Leaf(P),
    /// All must fit.
    And(Vec<Filter<P>>),
    /// One must fit.
    Or(Vec<Filter<P>>),
    /// It must not fit.
    Not(Box<Filter<P>>),
}

impl<P> Filter<P> {
    /// Makes the filter of a query: `leaf` decides what each field or text means.
    ///
    /// # Errors
    /// Those of `leaf`.
    pub fn of(
        node: &Node,
        leaf: &mut impl FnMut(&Node) -> Result<Filter<P>, QueryError>,
    ) -> Result<Self, QueryError> {
        let mut all = |nodes: &[Node]| nodes.iter().map(|n| Self::of(n, leaf)).collect::<Result<Vec<_>, _>>();
        match &node.expr {
            Expr::And(nodes) => all(nodes).map(Self::And),
            Expr::Or(nodes) => all(nodes).map(Self::Or),
            Expr::Not(inner) => Self::of(inner, leaf).map(Self::negated),
            Expr::Group(inner) => Self::of(inner, leaf),
            Expr::Field(_) | Expr::Text(_) => leaf(node),
        }
    }

    /// The opposite.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// Whether one thing fits, given which leaves it fits.
    pub fn test(&self, leaf: &impl Fn(&P) -> bool) -> bool {
        match self {
            Self::All => true,
            Self::Leaf(p) => leaf(p),
            Self::And(parts) => parts.iter().all(|part| part.test(leaf)),
            Self::Or(parts) => parts.iter().any(|part| part.test(leaf)),
            Self::Not(part) => !part.test(leaf),
        }
    }

    /// The same filter with its leaves made ready for something else.
    pub fn map<'a, Q>(&'a self, leaf: &mut impl FnMut(&'a P) -> Q) -> Filter<Q> {
        match self {
            Self::All => Filter::All,
            Self::Leaf(p) => Filter::Leaf(leaf(p)),
            Self::And(parts) => Filter::And(parts.iter().map(|part| part.map(leaf)).collect()),
            Self::Or(parts) => Filter::Or(parts.iter().map(|part| part.map(leaf)).collect()),
            Self::Not(part) => Filter::Not(Box::new(part.map(leaf))),
        }
    }

    /// Which of the first `len` rows of a block fit. `leaf` sets the bits of the rows that fit one condition; the bits
    /// it is given are empty.
    pub fn rows(&self, len: usize, leaf: &mut impl FnMut(&P, &mut Bits)) -> Bits {
        match self {
            Self::All => Bits::first(len),
            Self::Leaf(p) => {
                let mut bits = Bits::default();
                leaf(p, &mut bits);
                bits
            }
            Self::And(parts) => {
                let mut bits = Bits::first(len);
                for part in parts {
                    if bits.is_empty() {
                        break;
                    }
                    bits.keep(&part.rows(len, leaf));
                }
                bits
            }
            Self::Or(parts) => {
                let mut bits = Bits::default();
                for part in parts {
                    bits.add(&part.rows(len, leaf));
                }
                bits
            }
            Self::Not(part) => {
                let mut bits = Bits::first(len);
                bits.remove(&part.rows(len, leaf));
                bits
            }
        }
    }
}

/// Which rows of one block are meant: one bit each.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bits([u64; Bits::ROWS / 64]);

impl Default for Bits {
    fn default() -> Self {
        Self([0; Self::ROWS / 64])
    }
}

impl Bits {
    /// The most rows a block may have.
    pub const ROWS: usize = 4096;

    /// The first `len` rows.
    #[must_use]
    pub fn first(len: usize) -> Self {
        let mut bits = Self::default();
        for (i, word) in bits.0.iter_mut().enumerate() {
            let left = len.saturating_sub(i * 64).min(64);
            *word = if left == 64 { u64::MAX } else { (1 << left) - 1 };
        }
        bits
    }

    /// Sets the bit of `row`; rows past the end are ignored.
    pub fn set(&mut self, row: usize) {
        if let Some(word) = self.0.get_mut(row / 64) {
            *word |= 1 << (row % 64);
        }
    }

    /// Sets the bits of all rows whose value fits.
    pub fn fill<T: Copy>(&mut self, column: &[T], fits: impl Fn(T) -> bool) {
        for (word, values) in self.0.iter_mut().zip(column.chunks(64)) {
            let mut bits = 0;
            for (i, value) in values.iter().enumerate() {
                bits |= u64::from(fits(*value)) << i;
            }
            *word |= bits;
        }
    }

    /// Whether no row is meant.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// How many rows are meant.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The rows, in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(i, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros() as usize;
                (left != 0).then(|| {
                    left &= left - 1;
                    i * 64 + bit
                })
            })
        })
    }

    fn keep(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= b);
    }

    fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a |= b);
    }

    fn remove(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a &= !b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_filter() -> impl Strategy<Value = Filter<u64>> {
        let leaf = prop_oneof![Just(Filter::All), (1u64..9).prop_map(Filter::Leaf)];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Filter::And),
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Filter::Or),
                inner.prop_map(Filter::negated),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_block_at_once_gives_what_row_by_row_gives(filter in any_filter(), len in 0usize..300) {
            let rows = filter.rows(len, &mut |n, bits| (0..len).filter(|r| (*r as u64).is_multiple_of(*n)).for_each(|r| bits.set(r)));
            let one_by_one: Vec<_> = (0..len).filter(|r| filter.test(&|n| (*r as u64).is_multiple_of(*n))).collect();
            prop_assert_eq!(rows.count(), one_by_one.len());
            prop_assert_eq!(rows.iter().collect::<Vec<_>>(), one_by_one);
        }
    }

    #[test]
    fn the_first_rows_are_exactly_as_many_as_asked() {
        for len in [0, 1, 63, 64, 65, 4095, 4096] {
            assert_eq!(Bits::first(len).count(), len);
        }
    }
}
