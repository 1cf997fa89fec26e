//! The fields of a key search that are about time: due in days from today, age, and dates.

use super::block::NO_DATE;
use super::condition::{BUCKETS, Condition, DateField, Lowered};
use crate::model::Timestamp;
use crate::model::due::DueBucket;
use crate::model::query_text::moment::{self, Window};
use crate::model::query_text::{self, Filter, Op, Operand, QueryError, Term, Value};
use crate::model::time::DAY_MS;

/// `due:overdue` and the other buckets, `due<=30d` in days from today, or dates.
pub(super) fn due(term: &Term, text: &str, now: Timestamp) -> Lowered {
    let one = |value: &Value| -> Lowered {
        let word = value.text.to_ascii_lowercase();
        let bucket = BUCKETS.iter().find(|(name, _)| *name == word).map(|(_, bucket)| *bucket);
        match (bucket, term.op.is_order(), days(&word)) {
            (Some(DueBucket::None), false, _) => Ok(Filter::Leaf(Condition::NoDate(DateField::Due))),
            (Some(bucket), false, _) => Ok(due_window(bucket_days(bucket), now)),
            (_, _, Some(days)) => Ok(due_window(compared_days(term.op, days), now)),
            (None, ..) if moment::read(&value.text, now).is_none() => {
                let known = BUCKETS.map(|(name, _)| name);
                let message = format!(
                    "The value `{}` is not a time to be due. Use {}, 45d or a date.",
                    value.text,
                    known.join(", ")
                );
                let near = query_text::closest(&word, known);
                Err(QueryError::at(text, value.span.clone(), message).suggesting(near))
            }
            _ => {
                let single = Term { operand: Operand::One(value.clone()), ..term.clone() };
                Ok(Filter::Leaf(Condition::Date(DateField::Due, moment::windows(&single, text, now)?)))
            }
        }
    };
    let in_days = |side: &Option<Value>| side.as_ref().map(|v| days(&v.text));
    match &term.operand {
        Operand::One(value) => one(value),
        Operand::List(values) => values.iter().map(one).collect::<Result<Vec<_>, _>>().map(Filter::Or),
        Operand::Range(from, to) => match (in_days(from), in_days(to)) {
            (Some(None), _) | (_, Some(None)) => dates(DateField::Due, term, text, now),
            (from, to) => Ok(due_window((from.flatten(), to.flatten()), now)),
        },
    }
}

/// The furthest day that is asked for, in days from today: more than two hundred years.
const DAYS_MOST: i64 = 100_000;

/// A number of days: `30d`, `2w`, `0`, `-3d`.
fn days(word: &str) -> Option<i64> {
    let (sign, rest) = word.strip_prefix('-').map_or((1, word), |rest| (-1, rest));
    // One sign at most: `parse` would take a second one.
    if !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()) {
        let days: i64 = rest.parse().ok()?;
        return (days <= DAYS_MOST).then_some(sign * days);
    }
    match rest {
        "today" => Some(0),
        _ => {
            let days = moment::duration(rest).filter(|ms| ms % DAY_MS == 0)? / DAY_MS;
            (days <= DAYS_MOST).then_some(sign * days)
        }
    }
}

/// From which day to which, both included, counted from today.
type DayRange = (Option<i64>, Option<i64>);

fn compared_days(op: Op, days: i64) -> DayRange {
    match op {
        Op::Is | Op::Eq | Op::Ne => (Some(days), Some(days)),
        Op::Gt => (Some(days + 1), None),
        Op::Ge => (Some(days), None),
        Op::Lt => (None, Some(days - 1)),
        Op::Le => (None, Some(days)),
    }
}

fn bucket_days(bucket: DueBucket) -> DayRange {
    match bucket {
        DueBucket::Overdue => (None, Some(-1)),
        DueBucket::Today => (Some(0), Some(0)),
        DueBucket::Days7 => (Some(1), Some(7)),
        DueBucket::Days14 => (Some(8), Some(14)),
        DueBucket::Days30 => (Some(15), Some(30)),
        DueBucket::Later => (Some(31), None),
        DueBucket::None => (Some(1), Some(0)),
    }
}

fn due_window((from, to): DayRange, now: Timestamp) -> Filter<Condition> {
    let from = from.map_or(NO_DATE + 1, |days| day_start(now, days));
    let to = to.map_or(i64::MAX, |days| day_start(now, days + 1));
    Filter::Leaf(Condition::Date(DateField::Due, vec![Window { from, to }]))
}

/// Midnight, in local time, `days` days from today.
pub(super) fn day_start(now: Timestamp, days: i64) -> i64 {
    let today = now.local().date_naive();
    let date = chrono::TimeDelta::try_days(days).and_then(|days| today.checked_add_signed(days));
    date.and_then(moment::local_midnight).map_or_else(|| now.plus_days(days).0, |at| at.0)
}

/// `age>90d`: how long the version in use has been current.
pub(super) fn age(term: &Term, text: &str, now: Timestamp) -> Lowered {
    let ago = |value: &Value| {
        moment::duration(&value.text).map(|ms| now.0.saturating_sub(ms)).ok_or_else(|| {
            let message =
                format!("The value `{}` is not a length of time. Write 90d, 12w or 1y.", value.text);
            QueryError::at(text, value.span.clone(), message)
        })
    };
    let one = |value: &Value| {
        let then = ago(value)?;
        let (from, to) = match term.op {
            Op::Is | Op::Eq | Op::Ne => (then, then.saturating_add(DAY_MS)),
            Op::Gt => (NO_DATE + 1, then),
            Op::Ge => (NO_DATE + 1, then.saturating_add(1)),
            Op::Lt => (then.saturating_add(1), i64::MAX),
            Op::Le => (then, i64::MAX),
        };
        Ok(Window { from, to })
    };
    let windows = match &term.operand {
        Operand::One(value) => vec![one(value)?],
        Operand::List(values) => values.iter().map(one).collect::<Result<_, _>>()?,
        Operand::Range(least, most) => {
            let from = most.as_ref().map(ago).transpose()?.unwrap_or(NO_DATE + 1);
            let to = least.as_ref().map(ago).transpose()?.map_or(i64::MAX, |then| then.saturating_add(1));
            vec![Window { from, to }]
        }
    };
    Ok(Filter::Leaf(Condition::Date(DateField::Rotated, windows)))
}

pub(super) fn dates(field: DateField, term: &Term, text: &str, now: Timestamp) -> Lowered {
    if let Operand::One(value) = &term.operand
        && value.text.eq_ignore_ascii_case("never")
        && !term.op.is_order()
    {
        return Ok(Filter::Leaf(Condition::NoDate(field)));
    }
    let mut windows = moment::windows(term, text, now)?;
    // A key without the date is neither before nor after anything.
    windows.iter_mut().for_each(|window| window.from = window.from.max(NO_DATE + 1));
    Ok(Filter::Leaf(Condition::Date(field, windows)))
}
