//! Changing a query by its parts: a chip removed, a facet ticked, a brush drawn. What a person typed stays as they typed
//! it wherever it is not what changes.

use std::ops::Range;

use super::parse::is_keyword;
use super::term::{Expr, Node, quoted};
use super::{Pattern, parse};

/// One part of a query that all results fit: a child of its outermost "and".
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Clause {
    /// Its bytes.
    pub range: Range<usize>,
    /// Its tree.
    pub node: Node,
}

/// A clause in words, as a chip shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chip {
    /// "operator is not svc-deploy".
    pub words: String,
    /// The bytes of its clause.
    pub range: Range<usize>,
    /// The field it is about, where it is about one.
    pub field: Option<&'static str>,
    /// Whether it asks for a time: the chip of the brush.
    pub is_time: bool,
}

/// The clauses of a query, in order; none where it is empty or cannot be read.
#[must_use]
pub fn clauses(text: &str) -> Vec<Clause> {
    let Ok(Some(node)) = parse(text) else { return Vec::new() };
    clauses_of(&node)
}

pub(super) fn clauses_of(node: &Node) -> Vec<Clause> {
    let clause = |node: &Node| Clause { range: node.span.clone(), node: node.clone() };
    match &node.expr {
        Expr::And(nodes) => nodes.iter().map(clause).collect(),
        _ => vec![clause(node)],
    }
}

/// `text` with `clause` added, unless it says so already. An "or" at the top is put in parentheses first.
#[must_use]
pub fn with_clause(text: &str, clause: &str) -> String {
    let (text, clause) = (text.trim(), clause.trim());
    if text.is_empty() || clause.is_empty() {
        return format!("{text}{clause}");
    }
    if clauses(text).iter().any(|c| text.get(c.range.clone()) == Some(clause)) {
        return text.to_owned();
    }
    let is_or = matches!(parse(text), Ok(Some(Node { expr: Expr::Or(_), .. })));
    if is_or { format!("({text}) {clause}") } else { format!("{text} {clause}") }
}

/// `text` without its clause number `index`, counted from 0 as [`clauses`] lists them.
#[must_use]
pub fn without_clause(text: &str, index: usize) -> String {
    match clauses(text).get(index) {
        Some(clause) => without_range(text, clause.range.clone()),
        None => text.to_owned(),
    }
}

/// `text` without the clauses that `matches` picks.
#[must_use]
pub fn without_fields(text: &str, matches: impl Fn(&Node) -> bool) -> String {
    let mut text = text.to_owned();
    for clause in clauses(&text).iter().rev().filter(|clause| matches(&clause.node)) {
        text = without_range(&text, clause.range.clone());
    }
    text
}

/// Cuts a clause out with the `AND` that joined it and the space around it.
fn without_range(text: &str, range: Range<usize>) -> String {
    let mut before = text[..range.start].trim_end();
    let mut after = text[range.end..].trim_start();
    let joined_before =
        before.strip_suffix("AND").filter(|b| b.is_empty() || b.ends_with([' ', ')', '\t', '\n']));
    if let Some(cut) = joined_before {
        before = cut.trim_end();
    } else if is_keyword(after, "AND") {
        after = after[3..].trim_start();
    }
    if before.is_empty() || after.is_empty() {
        format!("{before}{after}")
    } else {
        format!("{before} {after}")
    }
}

/// A value as it must be typed after an operator: in quotation marks where it would read as something else.
#[must_use]
pub fn quote(value: &str) -> String {
    let special = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | ',');
    let order = value.starts_with(['<', '>', '=']) || value.starts_with("!=");
    if value.is_empty() || order || value.contains(special) || value.contains("..") {
        quoted(value)
    } else {
        value.to_owned()
    }
}

/// Words as they must be typed to be looked for as they are.
#[must_use]
pub fn quote_text(words: &str) -> String {
    let reads_as_itself = matches!(
        parse(words),
        Ok(Some(Node { expr: Expr::Text(value), .. })) if !value.quoted && value.text == words
    );
    if reads_as_itself { words.to_owned() } else { quoted(words) }
}

impl Chip {
    /// The chips of a query. `describe` gives the words, the field and whether it is a time, for a field or a text and
    /// whether it is negated; anything more involved shows as it was typed.
    #[must_use]
    pub fn all(
        text: &str,
        node: Option<&Node>,
        describe: impl Fn(&Node, bool) -> (String, Option<&'static str>, bool),
    ) -> Vec<Self> {
        let clauses = node.map(clauses_of).unwrap_or_default();
        let chip = |clause: Clause| {
            let (mut inner, mut negative) = (&clause.node, false);
            while let Expr::Not(next) | Expr::Group(next) = &inner.expr {
                negative ^= matches!(inner.expr, Expr::Not(_));
                inner = next;
            }
            let (words, field, is_time) = match &inner.expr {
                Expr::Field(term) => describe(inner, negative ^ term.is_negative()),
                Expr::Text(_) => describe(inner, negative),
                _ => (text.get(clause.range.clone()).unwrap_or("").to_owned(), None, false),
            };
            Self { words, range: clause.range, field, is_time }
        };
        clauses.into_iter().map(chip).collect()
    }

    /// How a chip names the values of a field: "is a", "is a or b", "is 4 of 9"; `of` is how many there are.
    #[must_use]
    pub fn is_words(field: &str, values: &[String], of: Option<usize>, negative: bool) -> String {
        let not = if negative { " not" } else { "" };
        match (values, of) {
            ([one], _) => format!("{field} is{not} {one}"),
            ([a, b], _) => format!("{field} is{not} {a} or {b}"),
            (many, Some(of)) => format!("{field} is{not} {} of {of}", many.len()),
            (many, None) => format!("{field} is{not} one of {}", many.len()),
        }
    }
}

impl Pattern {
    /// The pattern as typed: `payments-*`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Equals(text) | Self::Contains(text) => text.clone(),
            Self::Glob(pieces) => pieces.join("*"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_clause_goes_with_the_and_that_joined_it() {
        assert_eq!(without_clause("a AND b c", 0), "b c");
        assert_eq!(without_clause("a AND b c", 1), "a c");
        assert_eq!(without_clause("a  b AND c", 2), "a  b");
        assert_eq!(without_clause("BRAND AND b", 1), "BRAND");
        assert_eq!(without_clause("(a OR b) c", 0), "c");
        assert_eq!(without_clause("a OR b", 0), "");
        assert_eq!(without_clause("a", 9), "a");
    }

    #[test]
    fn a_clause_is_added_once_and_an_or_is_kept_together() {
        assert_eq!(with_clause("", "a:b"), "a:b");
        assert_eq!(with_clause("x", "a:b"), "x a:b");
        assert_eq!(with_clause("x a:b", "a:b"), "x a:b");
        assert_eq!(with_clause("x OR y", "a:b"), "(x OR y) a:b");
    }

    proptest! {
        #[test]
        fn any_value_survives_its_quoting(value in "\\PC{0,20}") {
            let text = format!("f:{}", quote(&value));
            let node = parse(&text).unwrap().unwrap();
            let Expr::Field(term) = node.expr else { panic!() };
            prop_assert!(matches!(term.operand, super::super::Operand::One(v) if v.text == value));
            if !value.trim().is_empty() {
                let node = parse(&quote_text(&value)).unwrap().unwrap();
                prop_assert!(matches!(node.expr, Expr::Text(v) if v.text == value));
            }
        }

        #[test]
        fn removing_a_clause_leaves_a_query_with_one_less(
            parts in proptest::collection::vec("[a-c]{1,3}|f:[a-c]|\"[a-c ]{0,4}\"|\\(a OR b\\)|-x", 1..6),
            and in any::<bool>(),
            index in 0usize..6,
        ) {
            let text = parts.join(if and { " AND " } else { " " });
            let index = index % parts.len();
            let left = clauses(&without_clause(&text, index));
            prop_assert_eq!(left.len(), parts.len() - 1);
        }

        #[test]
        fn editing_never_panics(text in "\\PC{0,40}", clause in "\\PC{0,20}", index in 0usize..5) {
            let _ = (with_clause(&text, &clause), without_clause(&text, index));
        }
    }
}
