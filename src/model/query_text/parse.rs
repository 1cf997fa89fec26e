//! From text to tree, by recursive descent with a bounded depth.

use std::ops::Range;

use super::term::{Expr, Node, Op, Operand, Term, Value};
use super::{QueryError, moment};

/// The longest query, in bytes.
pub const TEXT_MAX: usize = 8192;
/// The deepest nesting of parentheses and negations.
pub const DEPTH_MAX: usize = 32;

/// Reads a query; `None` where nothing is asked.
///
/// # Errors
/// [`QueryError`] says what is wrong and where.
pub fn parse(text: &str) -> Result<Option<Node>, QueryError> {
    if text.len() > TEXT_MAX {
        let message = format!("the query is longer than {TEXT_MAX} bytes");
        return Err(QueryError::at(text, TEXT_MAX..text.len(), message));
    }
    let mut parser = Parser { text, pos: 0, depth: 0 };
    parser.skip_space();
    if parser.at_end() {
        return Ok(None);
    }
    let node = parser.any()?;
    if !parser.at_end() {
        return Err(parser.error_here("a `)` without its `(`"));
    }
    Ok(Some(node))
}

struct Parser<'a> {
    text: &'a str,
    pos: usize,
    depth: usize,
}

type Parsed<T> = Result<T, QueryError>;

impl Parser<'_> {
    /// `a b OR c`
    fn any(&mut self) -> Parsed<Node> {
        let mut nodes = vec![self.all()?];
        while self.take_keyword("OR") {
            nodes.push(self.all_after("OR")?);
        }
        Ok(joined(nodes, Expr::Or))
    }

    fn all_after(&mut self, keyword: &str) -> Parsed<Node> {
        self.skip_space();
        if self.at_term() { self.all() } else { Err(self.missing_after(keyword)) }
    }

    /// `a AND b c`
    fn all(&mut self) -> Parsed<Node> {
        let mut nodes = Vec::new();
        loop {
            self.skip_space();
            if self.take_keyword("AND") {
                self.skip_space();
                if nodes.is_empty() || !self.at_term() {
                    return Err(self.missing_after("AND"));
                }
            } else if !self.at_term() {
                break;
            }
            nodes.push(self.one()?);
        }
        if nodes.is_empty() {
            return Err(self.missing_term());
        }
        Ok(joined(nodes, Expr::And))
    }

    /// `NOT a`, `-a`, `(a)`, `a`
    fn one(&mut self) -> Parsed<Node> {
        let start = self.pos;
        if self.take_keyword("NOT") {
            self.skip_space();
            if !self.at_term() {
                return Err(self.missing_after("NOT"));
            }
            return self.negated(start);
        }
        let rest = self.rest();
        if let Some(after) = rest.strip_prefix('-') {
            let attached = after.chars().next().is_some_and(|c| !c.is_whitespace() && c != ')');
            if attached && !moment::is_relative(self.peek_bare()) {
                self.pos += 1;
                return self.negated(start);
            }
        }
        if rest.starts_with('(') { self.group() } else { self.term() }
    }

    fn negated(&mut self, start: usize) -> Parsed<Node> {
        self.deeper()?;
        let node = self.one()?;
        self.depth -= 1;
        Ok(Node { span: start..node.span.end, expr: Expr::Not(Box::new(node)) })
    }

    fn group(&mut self) -> Parsed<Node> {
        let start = self.pos;
        self.deeper()?;
        self.pos += 1;
        self.skip_space();
        let inner = self.any()?;
        self.skip_space();
        if !self.take(')') {
            return Err(QueryError::at(self.text, start..start + 1, "this parenthesis is never closed"));
        }
        self.depth -= 1;
        Ok(Node { span: start..self.pos, expr: Expr::Group(Box::new(inner)) })
    }

    fn deeper(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(
                self.error_here(format!("more than {DEPTH_MAX} parentheses or negations inside each other"))
            );
        }
        Ok(())
    }

    fn term(&mut self) -> Parsed<Node> {
        let start = self.pos;
        if let Some((field_len, op, op_len)) = field_and_op(self.rest()) {
            let field_span = start..start + field_len;
            let field = self.text[field_span.clone()].to_owned();
            self.pos = field_span.end + op_len;
            let operand = self.operand(field_span.start)?;
            let expr = Expr::Field(Term { field, field_span, op, operand });
            return Ok(Node { span: start..self.pos, expr });
        }
        let value = if self.rest().starts_with('"') { self.quoted()? } else { self.bare() };
        Ok(Node { span: start..self.pos, expr: Expr::Text(value) })
    }

    fn operand(&mut self, field_start: usize) -> Parsed<Operand> {
        let rest = self.rest();
        if rest.starts_with('(') {
            return self.list(field_start);
        }
        let missing = rest.chars().next().is_none_or(|c| c.is_whitespace() || c == ')');
        if missing {
            return Err(self.missing_value(field_start));
        }
        if rest.starts_with('"') {
            let first = self.quoted()?;
            if self.rest().starts_with("..") {
                self.pos += 2;
                let to = self.range_end()?;
                return Ok(Operand::Range(Some(first), to));
            }
            return Ok(Operand::One(first));
        }
        let word = self.bare();
        let Some((from, to)) = split_range(&word) else { return Ok(Operand::One(word)) };
        let to = if to.is_none() { self.range_end()? } else { to };
        if from.is_none() && to.is_none() {
            return Err(QueryError::at(self.text, word.span, "expected a value on one side of `..`"));
        }
        Ok(Operand::Range(from, to))
    }

    /// What may follow `from..` directly: a quoted value, a bare one, or nothing.
    fn range_end(&mut self) -> Parsed<Option<Value>> {
        match self.rest().chars().next() {
            Some('"') => self.quoted().map(Some),
            Some(c) if !c.is_whitespace() && c != '(' && c != ')' => Ok(Some(self.bare())),
            _ => Ok(None),
        }
    }

    fn list(&mut self, field_start: usize) -> Parsed<Operand> {
        let open = self.pos;
        self.pos += 1;
        let mut values = Vec::new();
        loop {
            self.skip_space();
            let value = if self.rest().starts_with('"') { self.quoted()? } else { self.list_item() };
            if value.text.is_empty() && !value.quoted {
                if self.at_end() {
                    return Err(QueryError::at(self.text, open..open + 1, "this list is never closed"));
                }
                return Err(self.missing_value(field_start));
            }
            values.push(value);
            self.skip_space();
            if self.take(')') {
                return Ok(Operand::List(values));
            }
            if !self.take(',') {
                if self.at_end() {
                    return Err(QueryError::at(self.text, open..open + 1, "this list is never closed"));
                }
                return Err(self.error_here("expected `,` between the values of the list"));
            }
        }
    }

    fn list_item(&mut self) -> Value {
        self.word(|c| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '"'))
    }

    fn bare(&mut self) -> Value {
        self.word(|c| c.is_whitespace() || matches!(c, '(' | ')' | '"'))
    }

    fn word(&mut self, ends: impl Fn(char) -> bool) -> Value {
        let start = self.pos;
        let len = self.rest().find(ends).unwrap_or(self.rest().len());
        self.pos += len;
        Value { text: self.text[start..self.pos].to_owned(), quoted: false, span: start..self.pos }
    }

    fn quoted(&mut self) -> Parsed<Value> {
        let start = self.pos;
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.pos = start + at + 1;
                    return Ok(Value { text, quoted: true, span: start..self.pos });
                }
                '\\' => match chars.next() {
                    Some((_, next @ ('"' | '\\'))) => text.push(next),
                    Some((_, next)) => text.extend(['\\', next]),
                    None => break,
                },
                other => text.push(other),
            }
        }
        Err(QueryError::at(self.text, start..start + 1, "this quotation mark is never closed"))
    }

    fn rest(&self) -> &str {
        &self.text[self.pos..]
    }

    fn at_end(&self) -> bool {
        self.pos == self.text.len()
    }

    /// Whether a term, a negation or a group may start here.
    fn at_term(&self) -> bool {
        let rest = self.rest();
        !rest.is_empty() && !rest.starts_with(')') && !is_keyword(rest, "OR") && !is_keyword(rest, "AND")
    }

    fn peek_bare(&self) -> &str {
        self.rest().split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"')).next().unwrap_or("")
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.pos += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.rest().starts_with(wanted);
        if found {
            self.pos += wanted.len_utf8();
        }
        found
    }

    fn take_keyword(&mut self, word: &str) -> bool {
        self.skip_space();
        let found = is_keyword(self.rest(), word);
        if found {
            self.pos += word.len();
        }
        found
    }

    fn error_here(&self, message: impl Into<String>) -> QueryError {
        QueryError::at(self.text, self.pos..self.pos, message)
    }

    /// Points at the operator, which is the last thing that was right.
    fn missing_value(&self, field_start: usize) -> QueryError {
        let typed = &self.text[field_start..self.pos];
        let end = self.pos.saturating_sub(1).max(field_start);
        QueryError::at(self.text, end..self.pos, format!("expected a value after `{}`", typed.trim_end()))
    }

    fn missing_after(&self, keyword: &str) -> QueryError {
        self.error_here(format!("expected a term on both sides of `{keyword}`"))
    }

    fn missing_term(&self) -> QueryError {
        if self.rest().starts_with(')') && self.depth == 0 {
            return self.error_here("a `)` without its `(`");
        }
        if is_keyword(self.rest(), "OR") {
            self.missing_after("OR")
        } else {
            self.error_here("expected a term")
        }
    }
}

fn joined(mut nodes: Vec<Node>, with: impl Fn(Vec<Node>) -> Expr) -> Node {
    if nodes.len() == 1 {
        return nodes.remove(0);
    }
    let start = nodes.first().map_or(0, |n| n.span.start);
    let end = nodes.last().map_or(start, |n| n.span.end);
    Node { span: Range { start, end }, expr: with(nodes) }
}

/// Whether `rest` starts with `word` as a word of its own.
pub(super) fn is_keyword(rest: &str, word: &str) -> bool {
    rest.strip_prefix(word)
        .is_some_and(|after| after.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')')))
}

/// The length of a field name at the start of `text`, and the operator after it with its length.
pub(super) fn field_and_op(text: &str) -> Option<(usize, Op, usize)> {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let len = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))?;
    let rest = &text[len..];
    if let Some(after) = rest.strip_prefix(':') {
        return Some(order(after).map_or((len, Op::Is, 1), |(op, op_len)| (len, op, op_len + 1)));
    }
    order(rest).map(|(op, op_len)| (len, op, op_len))
}

fn order(text: &str) -> Option<(Op, usize)> {
    let ops = [
        (">=", Op::Ge),
        ("<=", Op::Le),
        ("!=", Op::Ne),
        ("==", Op::Eq),
        (">", Op::Gt),
        ("<", Op::Lt),
        ("=", Op::Eq),
    ];
    ops.into_iter().find(|(symbol, _)| text.starts_with(symbol)).map(|(symbol, op)| (op, symbol.len()))
}

/// `a..b` as its two sides.
fn split_range(word: &Value) -> Option<(Option<Value>, Option<Value>)> {
    let at = word.text.find("..")?;
    let side = |range: Range<usize>| {
        let text = word.text[range.clone()].to_owned();
        let span = word.span.start + range.start..word.span.start + range.end;
        (!text.is_empty()).then_some(Value { text, quoted: false, span })
    };
    Some((side(0..at), side(at + 2..word.text.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical(text: &str) -> String {
        parse(text).unwrap().unwrap().to_string()
    }

    fn problem(text: &str) -> (usize, String) {
        let error = parse(text).unwrap_err();
        (error.character, error.message)
    }

    #[test]
    fn terms_side_by_side_are_all_wanted_and_or_binds_looser() {
        let node = parse("a b OR c AND d").unwrap().unwrap();
        let Expr::Or(sides) = node.expr else { panic!("{node:?}") };
        assert!(sides.iter().all(|side| matches!(&side.expr, Expr::And(two) if two.len() == 2)));
    }

    #[test]
    fn a_field_takes_one_value_a_list_a_range_or_a_comparison() {
        for text in [
            "action:secret.reveal",
            "action:(secret.reveal, \"a b\", c*)",
            "seq:48000..49000",
            "seq:..7",
            "severity>=warn",
            "a!=b",
            "time:2026-04-09T12:00..2026-04-13T12:00",
        ] {
            assert_eq!(canonical(text), text);
        }
        assert_eq!(canonical("due:<=30d"), "due<=30d");
        assert_eq!(
            canonical("time:\"2026-03-01 12:00\"..\"2026-03-02\""),
            "time:\"2026-03-01 12:00\"..\"2026-03-02\""
        );
    }

    #[test]
    fn a_minus_negates_except_where_it_starts_a_span_of_time() {
        assert_eq!(canonical("-operator:x -(a b) NOT c"), "NOT operator:x NOT (a b) NOT c");
        let node = parse("-7d").unwrap().unwrap();
        assert!(matches!(node.expr, Expr::Text(v) if v.text == "-7d"));
        assert!(matches!(parse("-7x").unwrap().unwrap().expr, Expr::Not(_)));
    }

    #[test]
    fn what_is_missing_is_said_with_its_place() {
        assert_eq!(problem("owner:ops due:"), (14, "expected a value after `due:`".to_owned()));
        assert_eq!(problem("a OR"), (5, "expected a term on both sides of `OR`".to_owned()));
        assert_eq!(problem("OR a").1, "expected a term on both sides of `OR`");
        assert_eq!(problem("AND a").1, "expected a term on both sides of `AND`");
        assert_eq!(problem("a AND OR b").1, "expected a term on both sides of `AND`");
        assert_eq!(problem("a)").1, "a `)` without its `(`");
        assert_eq!(problem(")").1, "a `)` without its `(`");
        assert_eq!(problem("(a"), (1, "this parenthesis is never closed".to_owned()));
        assert_eq!(problem("x \"a"), (3, "this quotation mark is never closed".to_owned()));
        assert_eq!(problem("x:(a"), (3, "this list is never closed".to_owned()));
        assert_eq!(problem("x:(a b)").1, "expected `,` between the values of the list");
        assert_eq!(problem("x:..").1, "expected a value on one side of `..`");
        assert_eq!(problem("()").1, "expected a term");
        assert_eq!(problem("é due:"), (6, "expected a value after `due:`".to_owned()));
    }

    #[test]
    fn a_query_that_is_too_deep_or_too_long_is_refused_instead_of_exhausting_the_stack() {
        assert!(parse(&"(".repeat(DEPTH_MAX + 1)).unwrap_err().message.contains("inside each other"));
        assert!(parse(&"-".repeat(8000)).is_err());
        assert!(parse(&"NOT ".repeat(2000)).is_err());
        assert!(parse(&"a".repeat(TEXT_MAX + 1)).unwrap_err().message.contains("longer than"));
    }

    #[test]
    fn nothing_asked_is_no_query() {
        assert_eq!(parse("  "), Ok(None));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic_and_what_it_prints_reads_back(text in "\\PC{0,60}") {
            if let Ok(Some(node)) = parse(&text) {
                let printed = node.to_string();
                let again = parse(&printed).unwrap().unwrap();
                prop_assert_eq!(again.to_string(), printed);
            }
        }

        #[test]
        fn no_query_like_text_makes_the_parser_panic(
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    "a", "time", ":", "=", "!=", "<", ">=", "(", ")", "\"", "\\", " ", "..", ",", "-", "-7d", "OR ",
                    "AND ", "NOT ", "é", "*", "severity", "warn",
                ]), 0..24),
        ) {
            let text = parts.concat();
            match parse(&text) {
                Ok(Some(node)) => {
                    let printed = node.to_string();
                    let again = parse(&printed).unwrap().unwrap();
                    prop_assert_eq!(again.to_string(), printed);
                }
                Ok(None) => prop_assert!(text.trim().is_empty()),
                Err(error) => prop_assert!(text.is_char_boundary(error.position)),
            }
        }
    }
}
