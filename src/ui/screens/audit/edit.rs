//! Changing the query by its parts: a value ticked, a brush read back from what is typed.

use crate::audit::query::{clause, with_clause, without_clause};
use crate::model::Timestamp;
use crate::model::query_text::moment;
use crate::model::query_text::{Expr, Op, Term, clauses};

/// The values that `text` asks of `field` with `field:value` or a list.
pub(super) fn values(text: &str, field: &str) -> Vec<String> {
    clauses(text).iter().find_map(|c| plain(&c.node.expr, field, text)).unwrap_or_default()
}

/// `text` with `value` of `field` asked for, or no longer asked for where it was.
pub(super) fn toggle(text: &str, field: &str, value: &str) -> String {
    for (i, found) in clauses(text).iter().enumerate() {
        let Some(mut values) = plain(&found.node.expr, field, text) else { continue };
        let before = values.len();
        values.retain(|v| !v.eq_ignore_ascii_case(value));
        if values.len() == before {
            values.push(value.to_owned());
        }
        if values.is_empty() {
            return without_clause(text, i);
        }
        let (head, tail) = (text.get(..found.range.start), text.get(found.range.end..));
        return format!("{}{}{}", head.unwrap_or(""), any_of(field, &values), tail.unwrap_or(""));
    }
    with_clause(text, &clause(field, value))
}

/// `text` that asks for this value of `field` and no other.
pub(super) fn only(text: &str, field: &str, value: &str) -> String {
    let at = clauses(text).iter().position(|c| plain(&c.node.expr, field, text).is_some());
    let rest = at.map_or_else(|| text.to_owned(), |at| without_clause(text, at));
    with_clause(&rest, &clause(field, value))
}

/// `text` that does not want this value of `field`.
pub(super) fn exclude(text: &str, field: &str, value: &str) -> String {
    with_clause(text, &format!("-{}", clause(field, value)))
}

/// `text` without what it asks of `field` in plain values: what the counts of that field are taken over.
pub(super) fn without(text: &str, field: &str) -> Option<String> {
    let at = clauses(text).iter().position(|c| plain(&c.node.expr, field, text).is_some())?;
    Some(without_clause(text, at))
}

/// The range a `time:` clause of `text` asks for, where it is one range with both ends known.
pub(super) fn time_range(text: &str, now: Timestamp) -> Option<(Timestamp, Timestamp)> {
    let found = clauses(text);
    let mut terms = found.iter().filter_map(|c| match &c.node.expr {
        Expr::Field(term) if term.field.eq_ignore_ascii_case("time") => Some(term),
        _ => None,
    });
    let windows = moment::windows(terms.next()?, text, now).ok()?;
    match windows.as_slice() {
        [one] if one.from > i64::MIN => Some((Timestamp(one.from), Timestamp(one.to.min(now.0)))),
        _ => None,
    }
    .filter(|(from, to)| from < to)
}

fn any_of(field: &str, values: &[String]) -> String {
    let prefix = field.len() + 1;
    match values {
        [one] => clause(field, one),
        many => {
            let list: Vec<String> =
                many.iter().map(|v| clause(field, v).get(prefix..).unwrap_or("").to_owned()).collect();
            format!("{field}:({})", list.join(", "))
        }
    }
}

/// The values of a clause that says `field` is one of them.
fn plain(expr: &Expr, field: &str, text: &str) -> Option<Vec<String>> {
    let Expr::Field(term) = expr else { return None };
    let Term { op: Op::Is | Op::Eq, .. } = term else { return None };
    if !term.field.eq_ignore_ascii_case(field) {
        return None;
    }
    term.names(text).ok().map(|values| values.iter().map(|v| v.text.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_ticked_joins_the_others_of_its_field_and_leaves_again() {
        let one = toggle("severity>=warn", "operator", "m.ito");
        assert_eq!(one, "severity>=warn operator:m.ito");
        let two = toggle(&one, "operator", "a.novak");
        assert_eq!(two, "severity>=warn operator:(m.ito, a.novak)");
        assert_eq!(values(&two, "operator"), ["m.ito", "a.novak"]);
        assert_eq!(toggle(&two, "operator", "M.Ito"), "severity>=warn operator:a.novak");
        assert_eq!(toggle("operator:m.ito", "operator", "m.ito"), "");
        assert_eq!(toggle("", "object", "the vault"), "object:\"the vault\"");
        assert_eq!(only(&two, "operator", "s.okafor"), "severity>=warn operator:s.okafor");
        assert_eq!(exclude("", "action", "key.edit"), "-action:key.edit");
    }

    #[test]
    fn the_brush_is_read_back_from_the_query() {
        let now = Timestamp::parse("2026-04-16").unwrap();
        let (from, to) = (now.plus_days(-3), now.plus_days(-1));
        let text = crate::audit::query::replace_time_range("operator:x", from, to);
        assert_eq!(time_range(&text, now), Some((from, to)));
        assert_eq!(time_range("time>=-2d", now), Some((now.plus_days(-2), now)));
        assert_eq!(time_range("operator:x", now), None);
    }
}
