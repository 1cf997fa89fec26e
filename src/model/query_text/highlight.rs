//! What each piece of a query is while it is typed: for colours and for completion. Works on unfinished text.

use std::ops::Range;

use super::error::floor_boundary;
use super::parse::{field_and_op, is_keyword};

/// What a piece of a query is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// A field's name.
    Field,
    /// `:`, `>=`, `-`, `(`, `,` and the like.
    Mark,
    /// `AND`, `OR`, `NOT`.
    Keyword,
    /// What a field is compared with.
    Value,
    /// Words to look for.
    Text,
}

/// A piece of a query; pieces do not overlap and leave out only white space.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// Its bytes.
    pub range: Range<usize>,
    /// What it is.
    pub kind: TokenKind,
}

/// Where the caret stands: what could be completed there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Caret {
    /// A field name or a word begins here: replace `range` with what is chosen.
    Word {
        /// The bytes typed so far.
        range: Range<usize>,
    },
    /// A value of `field`.
    Value {
        /// The field.
        field: String,
        /// The bytes typed so far.
        range: Range<usize>,
    },
}

/// The pieces of `text`, in order.
#[must_use]
pub fn highlight(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    // The field whose list or value comes next, and whether its list is open.
    let (mut value_next, mut in_list) = (false, false);
    let mut pos = 0;
    while let Some(c) = text[pos..].chars().next() {
        let rest = &text[pos..];
        let mut push = |len: usize, kind| {
            tokens.push(Token { range: pos..pos + len, kind });
            len
        };
        let value_kind = if value_next || in_list { TokenKind::Value } else { TokenKind::Text };
        let keyword = ["AND", "OR", "NOT"].into_iter().find(|word| is_keyword(rest, word));
        pos += match (c, keyword, field_and_op(rest)) {
            _ if c.is_whitespace() => {
                value_next = false;
                c.len_utf8()
            }
            ('(' | ')', ..) => {
                in_list = c == '(' && value_next;
                value_next = false;
                push(1, TokenKind::Mark)
            }
            (',', ..) if in_list => push(1, TokenKind::Mark),
            ('"', ..) => push(quoted_len(rest), value_kind),
            _ if value_next || in_list => push(word_len(rest, in_list), TokenKind::Value),
            (_, Some(word), _) => push(word.len(), TokenKind::Keyword),
            (_, _, Some((field, _, op))) => {
                value_next = true;
                push(field, TokenKind::Field);
                tokens.push(Token { range: pos + field..pos + field + op, kind: TokenKind::Mark });
                field + op
            }
            ('-', ..) if rest.len() > 1 && !super::moment::is_relative(&rest[..word_len(rest, false)]) => {
                push(1, TokenKind::Mark)
            }
            _ => push(word_len(rest, false), TokenKind::Text),
        };
    }
    tokens
}

/// What stands at byte `at` of `text`: where completion would help and what it would replace.
#[must_use]
pub fn caret(text: &str, at: usize) -> Caret {
    let at = floor_boundary(text, at);
    let mut field = None;
    for token in highlight(&text[..at]) {
        let typed = &text[token.range.clone()];
        match token.kind {
            TokenKind::Field => field = Some(typed.to_owned()),
            TokenKind::Value if token.range.end == at => {
                return Caret::Value { field: field.unwrap_or_default(), range: token.range };
            }
            TokenKind::Text if token.range.end == at => return Caret::Word { range: token.range },
            TokenKind::Mark if typed == ")" => field = None,
            TokenKind::Text | TokenKind::Keyword => field = None,
            _ => {}
        }
    }
    let before = text[..at].trim_end();
    let in_list = before.ends_with(['(', ',']);
    match field {
        Some(field) if in_list || (before.len() == at && before.ends_with([':', '=', '<', '>'])) => {
            Caret::Value { field, range: at..at }
        }
        _ => Caret::Word { range: at..at },
    }
}

fn quoted_len(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    rest.len()
}

fn word_len(rest: &str, in_list: bool) -> usize {
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"') || (in_list && c == ',');
    let first = rest.chars().next().map_or(0, char::len_utf8);
    rest[first..].find(ends).map_or(rest.len(), |len| first + len)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_piece_of_a_query_is_told_apart() {
        use TokenKind::{Field, Keyword, Mark, Text, Value};
        let text = "category:(a, \"b c\") OR -operator:x due<=30d \"free\" word";
        let pieces: Vec<_> = highlight(text).into_iter().map(|t| (&text[t.range], t.kind)).collect();
        let expected = [
            ("category", Field),
            (":", Mark),
            ("(", Mark),
            ("a", Value),
            (",", Mark),
            ("\"b c\"", Value),
            (")", Mark),
            ("OR", Keyword),
            ("-", Mark),
            ("operator", Field),
            (":", Mark),
            ("x", Value),
            ("due", Field),
            ("<=", Mark),
            ("30d", Value),
            ("\"free\"", Text),
            ("word", Text),
        ];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn the_caret_knows_whether_a_field_or_a_value_is_being_typed() {
        assert_eq!(caret("oper", 4), Caret::Word { range: 0..4 });
        assert_eq!(caret("operator:", 9), Caret::Value { field: "operator".to_owned(), range: 9..9 });
        assert_eq!(caret("a operator:m.i", 14), Caret::Value { field: "operator".to_owned(), range: 11..14 });
        assert_eq!(caret("x:(a, ", 6), Caret::Value { field: "x".to_owned(), range: 6..6 });
        assert_eq!(caret("x:a ", 4), Caret::Word { range: 4..4 });
    }

    proptest! {
        #[test]
        fn pieces_never_overlap_whatever_is_typed(text in "\\PC{0,40}", at in 0usize..50) {
            let mut end = 0;
            for token in highlight(&text) {
                prop_assert!(token.range.start >= end && token.range.end > token.range.start);
                prop_assert!(text[end..token.range.start].trim().is_empty());
                end = token.range.end;
            }
            prop_assert!(text[end..].trim().is_empty());
            let _ = caret(&text, at);
        }
    }
}
