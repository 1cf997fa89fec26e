//! The language of every search field: what `state:active due<=30d -owner:"a b" payments` means as a tree.
//!
//! ```text
//! query := term { [AND] term } | query OR query | '(' query ')'      AND is the default, OR binds looser
//! term  := ['-' | 'NOT '] ( field op value | text )
//! op    := ':'  '='  '!='  '>'  '>='  '<'  '<='                      ':' may stand before the others
//! value := bare | "quoted" | glob* | (one, two) | from..to
//! ```
//!
//! Only the form lives here. Which fields there are and what they compare with is decided where they are known: in
//! [`super::search`] for keys and in the audit log's own query module for events. Nothing here reads a clock (moments
//! relative to now are given it) and nothing panics, whatever is typed.

mod edit;
mod error;
mod filter;
mod highlight;
pub mod moment;
mod parse;
mod pattern;
mod suggest;
mod term;

pub use edit::{Chip, Clause, clauses, quote, quote_text, with_clause, without_clause, without_fields};
pub use error::QueryError;
pub use filter::{Bits, Filter};
pub use highlight::{Caret, Token, TokenKind, caret, highlight};
pub use parse::{DEPTH_MAX, TEXT_MAX, parse};
pub use pattern::{Pattern, lower};
pub use suggest::{closest, unknown_field, unknown_value};
pub use term::{Expr, Node, Op, Operand, Term, Value};
