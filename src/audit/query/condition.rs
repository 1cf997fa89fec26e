//! What each field of the audit log compares, and the words it accepts.

use super::super::index::Row;
use super::Context;
use crate::model::query_text::moment::{self, Window};
use crate::model::query_text::{
    Expr, Filter, Node, Op, Operand, Pattern, QueryError, Term, Value, lower, unknown_field, unknown_value,
};
use crate::model::{Action, Category, Outcome, Severity};

/// The fields, in the order they are offered.
pub const FIELDS: &[&str] = &[
    "time", "after", "before", "severity", "operator", "action", "category", "object", "key", "version",
    "outcome", "session", "host", "account", "reason", "seq",
];

/// What people type who come from elsewhere.
const ALIASES: &[(&str, &str)] = &[
    ("actor", "operator"),
    ("user", "operator"),
    ("who", "operator"),
    ("level", "severity"),
    ("priority", "severity"),
    ("result", "outcome"),
    ("status", "outcome"),
    ("state", "outcome"),
    ("event", "action"),
    ("type", "action"),
    ("group", "category"),
    ("target", "object"),
    ("name", "object"),
    ("secret", "key"),
    ("workstation", "host"),
    ("machine", "host"),
    ("note", "reason"),
    ("since", "after"),
    ("until", "before"),
    ("date", "time"),
    ("id", "seq"),
    ("number", "seq"),
];

/// One condition on an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// It happened in one of these windows.
    Time(Vec<Window>),
    /// Its place in the log is in one of these ranges, both ends included.
    Seq(Vec<(u64, u64)>),
    /// The operator's name.
    Operator(Vec<Pattern>),
    /// The workstation.
    Host(Vec<Pattern>),
    /// The account on the workstation.
    Account(Vec<Pattern>),
    /// The first hex digits of the session's tag.
    Session(Vec<String>),
    /// One of these actions: bit n is entry n of [`Action::ALL`].
    Action(u128),
    /// One of these severities: bit n is entry n of [`Severity::ALL`].
    Severity(u8),
    /// One of these outcomes: bit n is entry n of [`Outcome::ALL`].
    Outcome(u8),
    /// The object's name at that time.
    Object(Vec<Pattern>),
    /// A key by its id or by any name it ever had.
    Key(Vec<Pattern>),
    /// The version is in one of these ranges, both ends included.
    Version(Vec<(u64, u64)>),
    /// The reason.
    Reason(Vec<Pattern>),
    /// Words anywhere in what was done, to what, by whom, where and why.
    Text(Pattern),
}

impl Condition {
    /// Whether it holds for one event. A key is known here by its id and its name in that event only.
    #[must_use]
    pub fn holds(&self, row: &Row<'_>) -> bool {
        let any = |patterns: &[Pattern], text: &str| patterns.iter().any(|p| p.matches(text));
        let within =
            |ranges: &[(u64, u64)], n: u64| ranges.iter().any(|(from, to)| (*from..=*to).contains(&n));
        match self {
            Self::Time(windows) => windows.iter().any(|w| w.holds(row.time().0)),
            Self::Seq(ranges) => within(ranges, row.seq()),
            Self::Operator(patterns) => any(patterns, row.operator()),
            Self::Host(patterns) => any(patterns, row.host()),
            Self::Account(patterns) => any(patterns, row.os_user()),
            Self::Session(starts) => {
                let tag = row.session().to_string();
                starts.iter().any(|start| tag.starts_with(start))
            }
            Self::Action(bits) => bits >> (row.action() as u32) & 1 == 1,
            Self::Severity(bits) => bits >> (row.severity() as u32) & 1 == 1,
            Self::Outcome(bits) => bits >> (row.outcome() as u32) & 1 == 1,
            Self::Object(patterns) => any(patterns, row.object_name()),
            Self::Key(patterns) => row.key_id().is_some_and(|id| {
                any(patterns, row.object_name()) || patterns.iter().any(|p| starts_id(p, &id.to_string()))
            }),
            Self::Version(ranges) => row.version().is_some_and(|v| within(ranges, v.into())),
            Self::Reason(patterns) => any(patterns, row.reason()),
            Self::Text(pattern) => {
                let texts = [row.operator(), row.object_name(), row.host(), row.os_user(), row.reason()];
                texts.iter().any(|text| pattern.matches(text))
                    || says_action(pattern, row.action())
                    || with_version(pattern).is_some_and(|(name, version)| {
                        row.version().is_some_and(|v| v.to_string() == version)
                            && lower(row.object_name()).ends_with(name)
                    })
            }
        }
    }
}

/// Whether a pattern is the beginning of an id in hex; eight digits at least, so that names are not mistaken for ids.
pub(super) fn starts_id(pattern: &Pattern, id: &str) -> bool {
    matches!(pattern, Pattern::Equals(text) if text.len() >= 8 && id.starts_with(text.as_str()))
}

pub(super) fn says_action(pattern: &Pattern, action: Action) -> bool {
    pattern.matches_lower(action.name()) || pattern.matches_lower(action.sentence())
}

/// `payments-db v7` as name and version.
pub(super) fn with_version(pattern: &Pattern) -> Option<(&str, &str)> {
    let Pattern::Contains(text) = pattern else { return None };
    let (name, version) = text.rsplit_once(" v")?;
    let number = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
    number.then_some((name, version))
}

/// Whether bare words are a time: `-7d`, `today`, `yesterday`.
pub(super) fn is_bare_time(value: &Value) -> bool {
    !value.quoted
        && (moment::is_relative(&value.text) || matches!(value.text.as_str(), "today" | "yesterday"))
}

/// What a field or a text means.
pub(super) fn condition(leaf: &Node, text: &str, context: Context) -> Result<Filter<Condition>, QueryError> {
    let term = match &leaf.expr {
        Expr::Field(term) => term,
        Expr::Text(value) => return text_condition(value, text, context).map(Filter::Leaf),
        _ => return Ok(Filter::All),
    };
    let condition = match term.field.to_ascii_lowercase().as_str() {
        "time" => Condition::Time(moment::windows(term, text, context.now)?),
        "after" => Condition::Time(with_op(term, Op::Ge, text, context)?),
        "before" => Condition::Time(with_op(term, Op::Lt, text, context)?),
        "seq" => Condition::Seq(numbers(term, text)?),
        "version" => Condition::Version(numbers(term, text)?),
        "operator" => Condition::Operator(term.patterns(text, false)?),
        "host" => Condition::Host(term.patterns(text, false)?),
        "account" => Condition::Account(term.patterns(text, false)?),
        "object" => Condition::Object(term.patterns(text, false)?),
        "key" => Condition::Key(term.patterns(text, false)?),
        "reason" => Condition::Reason(term.patterns(text, true)?),
        "session" => Condition::Session(sessions(term, text, context)?),
        "action" => Condition::Action(actions(term, text)?),
        "category" => Condition::Action(categories(term, text)?),
        "severity" => {
            let known: Vec<_> = Severity::ALL.iter().map(|s| s.word()).collect();
            Condition::Severity(ranked(term, text, "a severity", &known)?)
        }
        "outcome" => {
            let known: Vec<_> = Outcome::ALL.iter().map(|o| o.word()).collect();
            let mut bits = 0;
            for value in term.names(text)? {
                bits |= 1 << word_at(value, text, "an outcome", &known)?;
            }
            Condition::Outcome(bits)
        }
        _ => return Err(unknown_field(text, term.field_span.clone(), FIELDS, ALIASES)),
    };
    let filter = Filter::Leaf(condition);
    Ok(if term.is_negative() { filter.negated() } else { filter })
}

fn text_condition(value: &Value, text: &str, context: Context) -> Result<Condition, QueryError> {
    if is_bare_time(value) {
        let span = moment::span(value, text, context.now)?;
        let to = if span.whole_days { span.to.0 } else { i64::MAX };
        return Ok(Condition::Time(vec![Window { from: span.from.0, to }]));
    }
    Ok(Condition::Text(match value.pattern(true) {
        // Without a star at its ends a glob would have to fit a whole field: words are looked for anywhere.
        Pattern::Glob(mut pieces) => {
            pieces.insert(0, String::new());
            pieces.push(String::new());
            Pattern::Glob(pieces)
        }
        other => other,
    }))
}

fn with_op(term: &Term, op: Op, text: &str, context: Context) -> Result<Vec<Window>, QueryError> {
    let values = term.names(text)?;
    let one = |value: &Value| {
        moment::windows(&Term { op, operand: Operand::One(value.clone()), ..term.clone() }, text, context.now)
    };
    values.iter().map(one).collect::<Result<Vec<_>, _>>().map(|windows| windows.concat())
}

/// Ranges of whole numbers, both ends included. `#` and `v` may stand before a number.
fn numbers(term: &Term, text: &str) -> Result<Vec<(u64, u64)>, QueryError> {
    let one = |value: &Value| -> Result<u64, QueryError> {
        let digits = value.text.trim_start_matches(['#', 'v']).replace([',', '_'], "");
        digits.parse().map_err(|_| {
            let message = format!("The value `{}` is not a number.", value.text);
            QueryError::at(text, value.span.clone(), message)
        })
    };
    // An empty range is one whose start lies behind its end.
    let (nothing, most) = ((1, 0), u64::MAX);
    let range = |n: u64| match term.op {
        Op::Is | Op::Eq | Op::Ne => (n, n),
        Op::Gt => n.checked_add(1).map_or(nothing, |from| (from, most)),
        Op::Ge => (n, most),
        Op::Lt => n.checked_sub(1).map_or(nothing, |to| (0, to)),
        Op::Le => (0, n),
    };
    match &term.operand {
        Operand::One(value) => Ok(vec![range(one(value)?)]),
        Operand::List(values) => values.iter().map(|v| one(v).map(range)).collect(),
        Operand::Range(from, to) => {
            let from = from.as_ref().map(one).transpose()?.unwrap_or(0);
            let to = to.as_ref().map(one).transpose()?.unwrap_or(most);
            Ok(vec![(from, to)])
        }
    }
}

fn sessions(term: &Term, text: &str, context: Context) -> Result<Vec<String>, QueryError> {
    let one = |value: &Value| {
        if value.text.eq_ignore_ascii_case("current") && !value.quoted {
            return context.session.map(|tag| tag.to_string()).ok_or_else(|| {
                QueryError::at(text, value.span.clone(), "there is no session that is current here")
            });
        }
        let start = value.text.trim_end_matches('*').to_ascii_lowercase();
        if start.len() <= 32 && start.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(start);
        }
        let message = format!(
            "The value `{}` is not a session. Use `current` or the first digits of its tag.",
            value.text
        );
        Err(QueryError::at(text, value.span.clone(), message))
    };
    term.names(text)?.iter().map(one).collect()
}

/// An action by its whole name; where there is none of that name, every action whose name holds the word.
fn actions(term: &Term, text: &str) -> Result<u128, QueryError> {
    let mut bits = 0;
    for value in term.names(text)? {
        let (whole, part) = (value.pattern(false), value.pattern(true));
        let by = |pattern: &Pattern| -> u128 {
            let fits = Action::ALL.iter().enumerate().filter(|(_, a)| pattern.matches_lower(a.name()));
            fits.fold(0, |bits, (i, _)| bits | 1 << i)
        };
        let exact = by(&whole);
        let found = if exact == 0 && term.op != Op::Eq { by(&part) } else { exact };
        if found == 0 {
            let names: Vec<_> = Action::ALL.iter().map(|a| a.name()).collect();
            return Err(unknown_value(text, value.span.clone(), &value.text, "an action", &names));
        }
        bits |= found;
    }
    Ok(bits)
}

fn categories(term: &Term, text: &str) -> Result<u128, QueryError> {
    let known: Vec<_> = Category::ALL.iter().map(|c| c.word()).collect();
    let mut bits = 0;
    for value in term.names(text)? {
        let category = Category::ALL[word_at(value, text, "a category", &known)?];
        let fits = Action::ALL.iter().enumerate().filter(|(_, a)| a.category() == category);
        bits = fits.fold(bits, |bits, (i, _)| bits | 1 << i);
    }
    Ok(bits)
}

/// Words that have an order: which of them are asked for, as bits.
fn ranked(term: &Term, text: &str, what: &str, known: &[&'static str]) -> Result<u8, QueryError> {
    let all = (1u8 << known.len()) - 1;
    let at = |value: &Value| word_at(value, text, what, known);
    let from = |n: usize| all & (all << n);
    match &term.operand {
        Operand::Range(low, high) => {
            let low = low.as_ref().map(at).transpose()?.unwrap_or(0);
            let high = high.as_ref().map(at).transpose()?.unwrap_or(known.len() - 1);
            Ok(from(low) & !from(high + 1))
        }
        Operand::One(value) if term.op.is_order() => {
            let n = at(value)?;
            Ok(match term.op {
                Op::Gt => from(n + 1),
                Op::Ge => from(n),
                Op::Lt => all & !from(n),
                _ => all & !from(n + 1),
            })
        }
        _ => {
            let mut bits = 0;
            for value in term.names(text)? {
                bits |= 1 << at(value)?;
            }
            Ok(bits)
        }
    }
}

fn word_at(value: &Value, text: &str, what: &str, known: &[&'static str]) -> Result<usize, QueryError> {
    let word = value.text.to_ascii_lowercase();
    let found = known.iter().position(|known| *known == word);
    found.ok_or_else(|| unknown_value(text, value.span.clone(), &value.text, what, known))
}
