//! What could stand at the caret of a query: names of fields, or the values of one.

use std::ops::Range;

use crate::model::query_text::{Caret, caret, quote};

/// The most suggestions shown at once.
pub(super) const MOST: usize = 8;
/// Beyond this many values only those that begin with what is typed are offered: to look inside each would be felt.
const LOOKED_INTO: usize = 5_000;

/// Calls back with the values of a field, the most useful first, each with how often it occurs; the callback says whether
/// it wants more.
pub type Values<'a> = dyn Fn(&str, &mut dyn FnMut(&str, Option<u64>) -> bool) + 'a;

/// One thing that could stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Suggestion {
    /// As it is written into the query.
    pub text: String,
    /// How often it occurs in what is shown.
    pub count: Option<u64>,
}

/// What could stand at the caret, and which bytes it would replace.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Completion {
    pub list: Vec<Suggestion>,
    pub range: Range<usize>,
    /// Whether these are names of fields.
    pub fields: bool,
}

impl Completion {
    /// What could stand at byte `at` of `text`. `asked`: offer fields even where nothing is typed.
    pub fn at(text: &str, at: usize, fields: &[&str], values: &Values<'_>, asked: bool) -> Option<Self> {
        let (range, list, is_field) = match caret(text, at) {
            Caret::Word { range } => {
                let typed = text.get(range.clone())?;
                if typed.is_empty() && !asked {
                    return None;
                }
                let fits = fields.iter().filter(|field| begins(field, typed)).take(MOST);
                let list = fits.map(|field| Suggestion { text: format!("{field}:"), count: None });
                (range, list.collect(), true)
            }
            Caret::Value { field, range } => {
                let typed = text.get(range.clone())?;
                (range, of_field(&field.to_ascii_lowercase(), typed, values), false)
            }
        };
        let range = range.start..word_end(text, range.end);
        let list: Vec<Suggestion> = list;
        (!list.is_empty()).then_some(Self { list, range, fields: is_field })
    }
}

/// The values of `field` that go with what is typed: those that begin so, then those that hold it. None where it is one.
fn of_field(field: &str, typed: &str, values: &Values<'_>) -> Vec<Suggestion> {
    let bare = typed.trim_matches('"');
    let inside = bare.to_lowercase();
    let (mut first, mut then, mut seen, mut whole) = (Vec::new(), Vec::new(), 0, false);
    values(field, &mut |value, count| {
        seen += 1;
        whole |= !typed.is_empty() && quote(value) == typed;
        let suggestion = || Suggestion { text: quote(value), count };
        if begins(value, bare) {
            first.push(suggestion());
        } else if seen <= LOOKED_INTO && then.len() < MOST && value.to_lowercase().contains(&inside) {
            then.push(suggestion());
        }
        first.len() < MOST
    });
    if whole {
        return Vec::new();
    }
    first.extend(then);
    first.truncate(MOST);
    first
}

fn begins(word: &str, typed: &str) -> bool {
    word.get(..typed.len()).is_some_and(|start| start.eq_ignore_ascii_case(typed))
}

/// Where the word ends in whose middle the caret may stand.
fn word_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | ',' | ':' | '<' | '>' | '=');
    at + rest.find(ends).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [&str; 3] = ["operator", "object", "severity"];

    fn values(field: &str, each: &mut dyn FnMut(&str, Option<u64>) -> bool) {
        let all: &[(&str, u64)] = match field {
            "operator" => &[("m.ito", 40), ("a.novak", 12), ("Svc-Deploy", 3)],
            "object" => &[("the vault", 9), ("payments-db", 2)],
            _ => &[],
        };
        let _ = all.iter().all(|(value, count)| each(value, Some(*count)));
    }

    fn at(text: &str) -> Vec<String> {
        let found = Completion::at(text, text.len(), &FIELDS, &values, false);
        found.map(|c| c.list.into_iter().map(|s| s.text).collect()).unwrap_or_default()
    }

    #[test]
    fn fields_are_offered_for_a_word_and_values_after_a_field() {
        assert_eq!(at("severity>=warn o"), ["operator:", "object:"]);
        assert_eq!(at("operator:"), ["m.ito", "a.novak", "Svc-Deploy"]);
        assert_eq!(at("Operator:s"), ["Svc-Deploy"]);
        assert_eq!(at("operator:(m.ito, no"), ["a.novak"], "what holds it is offered too");
        assert_eq!(at("object:"), ["\"the vault\"", "payments-db"], "as it must be written");
        assert_eq!(at(""), [""; 0]);
        assert_eq!(at("operator:m.ito"), [""; 0], "it is written already");
        assert_eq!(at("version:"), [""; 0]);
    }

    #[test]
    fn counts_come_along_and_a_word_is_replaced_whole() {
        let found = Completion::at("operator:m.i -7d", 11, &FIELDS, &values, false).unwrap();
        assert_eq!((found.range, found.fields), (9..12, false));
        assert_eq!(found.list, [Suggestion { text: "m.ito".to_owned(), count: Some(40) }]);
        let asked = Completion::at("", 0, &FIELDS, &values, true).unwrap();
        assert_eq!(asked.list.len(), 3);
    }

    #[test]
    fn a_hundred_thousand_values_are_not_all_looked_at() {
        let asked = std::cell::Cell::new(0);
        let many = |_: &str, each: &mut dyn FnMut(&str, Option<u64>) -> bool| {
            let _ = (0..100_000).all(|n| {
                asked.set(n);
                each(&format!("key-{n}"), None)
            });
        };
        let found = Completion::at("object:key-", 11, &FIELDS, &many, false).unwrap();
        assert_eq!(found.list.len(), MOST);
        assert!(asked.get() < 1_000, "{}", asked.get());
    }
}
