//! Clauses of a key search as a person would say them: the text of chips.

use super::condition::FIELDS;
use crate::model::query_text::{Chip, Expr, Node, Op, Operand, Term, Value, moment};
use crate::model::{KeyType, Timestamp};

/// The words of a field or a text, the field, and whether it is a time (never: no brush belongs to keys).
pub(super) fn words(leaf: &Node, negative: bool, now: Timestamp) -> (String, Option<&'static str>, bool) {
    match &leaf.expr {
        Expr::Text(value) => {
            let verb = if negative { "does not contain" } else { "contains" };
            (format!("{verb} \u{201C}{}\u{201D}", value.text), None, false)
        }
        Expr::Field(term) => {
            let name = term.field.to_ascii_lowercase();
            let field = FIELDS.iter().copied().find(|field| *field == name);
            (field_words(&name, term, negative, now), field, false)
        }
        _ => (String::new(), None, false),
    }
}

fn field_words(field: &str, term: &Term, negative: bool, now: Timestamp) -> String {
    let not = if negative { "not " } else { "" };
    let values = match &term.operand {
        Operand::One(value) => vec![value_words(field, value, now)],
        Operand::List(values) => values.iter().map(|v| value_words(field, v, now)).collect(),
        Operand::Range(from, to) => {
            let side = |v: &Option<Value>| v.as_ref().map(|v| value_words(field, v, now));
            return match (side(from), side(to)) {
                (Some(from), Some(to)) => format!("{not}{field} {from} to {to}"),
                (Some(from), None) => format!("{not}{field} from {from}"),
                (None, Some(to)) => format!("{not}{field} up to {to}"),
                (None, None) => term.to_string(),
            };
        }
    };
    let first = values.first().map_or("", String::as_str);
    match (field, term.op) {
        ("due", Op::Is | Op::Eq | Op::Ne) => format!("{not}due {}", values.join(" or ")),
        ("due", Op::Le) => format!("{not}due within {first}"),
        ("due", Op::Lt) => format!("{not}due in less than {first}"),
        ("due", Op::Ge) => format!("{not}due in {first} or more"),
        ("due", Op::Gt) => format!("{not}due in more than {first}"),
        ("used" | "rotated" | "created", Op::Lt | Op::Le) => format!("{not}{field} before {first}"),
        ("used" | "rotated" | "created", Op::Gt | Op::Ge) => format!("{not}{field} since {first}"),
        ("review", Op::Lt | Op::Le) => format!("{not}review by {first}"),
        ("process", Op::Lt | Op::Le) => format!("{not}process until {first} at most"),
        ("process", Op::Gt | Op::Ge) => format!("{not}process until {first} at least"),
        ("used" | "rotated" | "created" | "review" | "process" | "ever", _) => {
            format!("{not}{field} {}", values.join(" or "))
        }
        (
            "name" | "purpose" | "note" | "contact" | "deployed" | "custodian" | "location" | "shared"
            | "runbook",
            Op::Is,
        ) => {
            let verb = if negative { "does not contain" } else { "contains" };
            format!("{field} {verb} \u{201C}{}\u{201D}", values.join("\u{201D} or \u{201C}"))
        }
        (_, Op::Gt) => format!("{not}{field} above {first}"),
        (_, Op::Ge) => format!("{not}{field} {first} or more"),
        (_, Op::Lt) => format!("{not}{field} below {first}"),
        (_, Op::Le) => format!("{not}{field} {first} or less"),
        (_, Op::Is | Op::Eq | Op::Ne) => Chip::is_words(field, &values, None, negative),
    }
}

fn value_words(field: &str, value: &Value, now: Timestamp) -> String {
    let word = value.text.to_ascii_lowercase();
    match (field, word.as_str()) {
        ("due", "7d") => "7 days".to_owned(),
        ("due", "none") => "never".to_owned(),
        ("due" | "age", _) => days(&word).unwrap_or_else(|| date(&value.text, now)),
        ("used" | "rotated" | "created" | "review" | "process", _) => word
            .strip_prefix('-')
            .and_then(days)
            .map_or_else(|| date(&value.text, now), |length| format!("{length} ago")),
        ("type", _) => KeyType::from_word(&word).map_or_else(|| value.text.clone(), |t| t.title().to_owned()),
        _ => value.text.clone(),
    }
}

/// `30d` as "30 days".
fn days(word: &str) -> Option<String> {
    let digits = word.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0)?;
    let unit = match &word[digits..] {
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        _ => return None,
    };
    let number = &word[..digits];
    Some(if number == "1" { format!("1 {unit}") } else { format!("{number} {unit}s") })
}

fn date(text: &str, now: Timestamp) -> String {
    let relative = matches!(text.to_ascii_lowercase().as_str(), "today" | "yesterday" | "tomorrow" | "now");
    match moment::read(text, now) {
        Some(span) if !relative => moment::words(span.from, now),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::index::tests::NOW;
    use super::super::parse;

    #[test]
    fn chips_say_each_clause_in_words() {
        let chips = |text: &str| {
            parse(text, NOW).unwrap().chips().iter().map(|c| c.words.clone()).collect::<Vec<_>>().join(" | ")
        };
        assert_eq!(chips("state:active due<=30d"), "state is active | due within 30 days");
        assert_eq!(chips("type:api-token -owner:ops"), "type is API token | owner is not ops");
        assert_eq!(chips("due:(overdue, 7d) used<-90d"), "due overdue or 7 days | used before 90 days ago");
        assert_eq!(
            chips("age>1y ever:exported pay"),
            "age above 1 year | ever exported | contains \u{201C}pay\u{201D}"
        );
        assert_eq!(chips("review<=today -review:never"), "review by today | not review never");
        assert_eq!(
            chips("shared:acme process<=2029-05-01"),
            "shared contains \u{201C}acme\u{201D} | process until 1 May 2029 at most"
        );
        assert_eq!(chips("name:a version>=3"), "name contains \u{201C}a\u{201D} | version 3 or more");
    }
}
