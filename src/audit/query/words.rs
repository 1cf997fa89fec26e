//! Clauses of an audit query as a person would say them: the text of chips.

use super::Context;
use super::condition::{FIELDS, is_bare_time};
use crate::model::query_text::moment::{self, Window};
use crate::model::query_text::{Chip, Expr, Node, Op, Operand, Term, Value};
use crate::model::{Category, Timestamp};

/// The words of a field or a text, the field, and whether it is a time.
pub(super) fn words(
    leaf: &Node,
    text: &str,
    negative: bool,
    context: Context,
) -> (String, Option<&'static str>, bool) {
    match &leaf.expr {
        Expr::Text(value) if is_bare_time(value) => {
            let words = bare_time(value);
            (if negative { format!("not {words}") } else { words }, Some("time"), true)
        }
        Expr::Text(value) => {
            let verb = if negative { "does not contain" } else { "contains" };
            (format!("{verb} \u{201C}{}\u{201D}", value.text), None, false)
        }
        Expr::Field(term) => {
            let name = term.field.to_ascii_lowercase();
            let field = FIELDS.iter().copied().find(|field| *field == name);
            let is_time = matches!(field, Some("time" | "after" | "before"));
            let words =
                if is_time { time(term, text, negative, context) } else { said(&name, term, negative) };
            (words, field, is_time)
        }
        _ => (String::new(), None, false),
    }
}

fn bare_time(value: &Value) -> String {
    match value.text.strip_prefix('-') {
        Some(length) => format!("last {}", length_words(length)),
        None => value.text.clone(),
    }
}

/// `7d` as "7 days".
fn length_words(length: &str) -> String {
    let digits = length.find(|c: char| !c.is_ascii_digit()).unwrap_or(length.len());
    let (number, unit) = length.split_at(digits);
    let unit = match unit.to_ascii_lowercase().as_str() {
        "s" => "second",
        "m" | "min" => "minute",
        "h" => "hour",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        _ => "day",
    };
    if number == "1" { unit.to_owned() } else { format!("{number} {unit}s") }
}

fn time(term: &Term, text: &str, negative: bool, context: Context) -> String {
    let not = if negative { "not " } else { "" };
    if let Operand::One(value) = &term.operand {
        if matches!(term.op, Op::Is | Op::Eq | Op::Ne | Op::Ge)
            && term.field != "before"
            && is_bare_time(value)
        {
            return format!("{not}{}", bare_time(value));
        }
        let verb = match (term.field.to_ascii_lowercase().as_str(), term.op) {
            ("after", _) | (_, Op::Ge) => Some("since"),
            ("before", _) | (_, Op::Lt) => Some("before"),
            (_, Op::Gt) => Some("after"),
            (_, Op::Le) => Some("until"),
            _ => None,
        };
        return match (verb, moment::read(&value.text, context.now)) {
            (Some(verb), Some(span)) => format!("{not}{verb} {}", moment::words(span.from, context.now)),
            (None, Some(span)) => format!("{not}{}", moment::words(span.from, context.now)),
            (_, None) => term.to_string(),
        };
    }
    match moment::windows(term, text, context.now).as_deref() {
        Ok([window]) => format!("{not}{}", window_words(*window, term, context)),
        _ => format!("{not}{}", said("time", term, false)),
    }
}

fn window_words(window: Window, term: &Term, context: Context) -> String {
    let Operand::Range(_, end) = &term.operand else { return term.to_string() };
    let say = |ms: i64| moment::words(Timestamp(ms), context.now);
    let whole_days =
        end.as_ref().and_then(|v| moment::read(&v.text, context.now)).is_some_and(|span| span.whole_days);
    // A range that ends with a day is said with that day, not with the midnight after it.
    let last = if whole_days { window.to.saturating_sub(1) / 1000 * 1000 } else { window.to };
    let until = if whole_days { Timestamp(last).local().format("%-d %b").to_string() } else { say(last) };
    match (window.from, window.to) {
        (i64::MIN, _) => format!("until {until}"),
        (from, i64::MAX) => format!("since {}", say(from)),
        (from, _) => format!("{} to {until}", say(from)),
    }
}

fn said(field: &str, term: &Term, negative: bool) -> String {
    let values = match &term.operand {
        Operand::One(value) => vec![value.text.clone()],
        Operand::List(values) => values.iter().map(|v| v.text.clone()).collect(),
        Operand::Range(from, to) => return range(field, from.as_ref(), to.as_ref(), negative),
    };
    let not = if negative { " not" } else { "" };
    let first = values.first().map_or("", String::as_str);
    if field == "reason" && term.op != Op::Eq {
        let verb = if negative { "does not contain" } else { "contains" };
        return format!("reason {verb} \u{201C}{}\u{201D}", values.join("\u{201D} or \u{201C}"));
    }
    let (least, most) = if field == "severity" { ("higher", "lower") } else { ("more", "less") };
    match term.op {
        Op::Gt => format!("{field} is{not} above {first}"),
        Op::Ge => format!("{field} is{not} {first} or {least}"),
        Op::Lt => format!("{field} is{not} below {first}"),
        Op::Le => format!("{field} is{not} {first} or {most}"),
        Op::Is | Op::Eq | Op::Ne => {
            Chip::is_words(field, &values, (field == "category").then_some(Category::ALL.len()), negative)
        }
    }
}

fn range(field: &str, from: Option<&Value>, to: Option<&Value>, negative: bool) -> String {
    let not = if negative { " not" } else { "" };
    match (from, to) {
        (Some(from), Some(to)) => format!("{field} is{not} {} to {}", from.text, to.text),
        (Some(from), None) => format!("{field} is{not} {} or more", from.text),
        (None, Some(to)) => format!("{field} is{not} {} or less", to.text),
        (None, None) => field.to_owned(),
    }
}
