//! Finding keys: the search field, the filters, the order and the counts of the Keys page.
//!
//! A [`KeyIndex`] keeps, beside the records, one buffer of lower-case text and a few numbers per key, in blocks of about
//! a thousand sorted by name. A keystroke over 100,000 keys is one pass over those buffers; an edit rewrites one block;
//! a clone shares all of them. Holds what is known about keys, never a secret. Reads no clock: now is given.

mod block;
mod condition;
mod dates;
mod facets;
mod index;
mod ready;
#[cfg(test)]
mod tests;
mod words;

pub use condition::{Condition, FIELDS, KeyQuery, clause, parse, parse_in};
pub use facets::{FacetValue, KeyFacets};
pub use index::{Hits, KeyIndex, KeyRef, Sort, SortBy};

pub use super::query_text::{
    Caret, Chip, QueryError, Token, TokenKind, caret, highlight, with_clause, without_clause,
};
