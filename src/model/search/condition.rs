//! What each field of a key compares, the words it accepts, and how a block of keys is held against it.

use std::sync::OnceLock;

use super::block::{
    Block, COPIED, CRITICAL, EXPORTED, FIELD_END, Field, IN_USE, NO_DATE, Numbers, REVEALED, TAG_END,
};
use super::words;
use crate::model::due::DueBucket;
use crate::model::query_text::moment::{self, Window};
use crate::model::query_text::{
    self, Bits, Chip, Expr, Filter, Node, Op, Operand, Pattern, QueryError, Term, Value, quote,
    unknown_field, unknown_value,
};
use crate::model::time::DAY_MS;
use crate::model::{KeyState, KeyType, PolicyChoice, Settings, Timestamp};

/// The fields, in the order they are offered.
pub const FIELDS: &[&str] = &[
    "name",
    "type",
    "state",
    "due",
    "owner",
    "system",
    "environment",
    "tag",
    "critical",
    "policy",
    "version",
    "used",
    "rotated",
    "age",
    "created",
    "ever",
    "purpose",
    "note",
];

const ALIASES: &[(&str, &str)] = &[
    ("status", "state"),
    ("kind", "type"),
    ("label", "tag"),
    ("tags", "tag"),
    ("env", "environment"),
    ("app", "system"),
    ("application", "system"),
    ("operator", "owner"),
    ("overdue", "due"),
    ("expires", "due"),
    ("rotation", "due"),
    ("last-used", "used"),
    ("title", "name"),
    ("notes", "note"),
    ("exposed", "ever"),
];

/// What `ever:` knows.
const EVER: &[(&str, u8)] = &[("revealed", REVEALED), ("copied", COPIED), ("exported", EXPORTED)];

/// The buckets of `due:` by the word a query uses.
pub(super) const BUCKETS: [(&str, DueBucket); 7] = [
    ("overdue", DueBucket::Overdue),
    ("today", DueBucket::Today),
    ("7d", DueBucket::Days7),
    ("14d", DueBucket::Days14),
    ("30d", DueBucket::Days30),
    ("later", DueBucket::Later),
    ("none", DueBucket::None),
];

/// A search over keys that was understood.
#[derive(Clone, Debug)]
pub struct KeyQuery {
    text: String,
    filter: Filter<Condition>,
    chips: Vec<Chip>,
}

impl KeyQuery {
    /// The query as typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it finds every key.
    #[must_use]
    pub fn is_all(&self) -> bool {
        matches!(self.filter, Filter::All)
    }

    /// Its top-level clauses in words, each with its bytes.
    #[must_use]
    pub fn chips(&self) -> &[Chip] {
        &self.chips
    }

    pub(super) fn filter(&self) -> &Filter<Condition> {
        &self.filter
    }
}

/// One condition on a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Condition {
    /// A field of text.
    Text(TextField, Vec<Pattern>),
    /// Words anywhere in name, owner, system, environment, purpose, tags or note.
    Anywhere(Pattern),
    /// One of these types: bit n is the type with discriminant n.
    Type(u16),
    /// One of these states.
    State(u8),
    /// All of these flags are set, or not.
    Flag(u8, bool),
    /// The policy that decides for it, by the types it stands for and by itself.
    Policy(Vec<PolicyMatch>),
    /// The version in use is in one of these ranges.
    Version(Vec<(u32, u32)>),
    /// A date of it lies in one of these windows.
    Date(DateField, Vec<Window>),
    /// It has no such date.
    NoDate(DateField),
}

/// The fields of text a query may name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TextField {
    /// Its name.
    Name,
    /// Its owner.
    Owner,
    /// Its system.
    System,
    /// Its environment.
    Environment,
    /// What it is for.
    Purpose,
    /// Any of its tags.
    Tag,
    /// Its note.
    Note,
}

/// The dates a query may name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DateField {
    /// Its next rotation.
    Due,
    /// When it was put in.
    Created,
    /// When the version in use became current.
    Rotated,
    /// When it was last read.
    Used,
}

/// A policy as a key may carry it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PolicyMatch {
    /// Named by the key, or standing for its type.
    Policy(super::super::PolicyId, Vec<KeyType>),
    /// Exempt, or of a type no policy stands for.
    None {
        /// The types some policy stands for.
        covered: Vec<KeyType>,
    },
}

/// Reads a search. An empty one finds every key; `policy:` knows the default policies only.
///
/// # Errors
/// [`QueryError`] says what is wrong, where, and what was probably meant.
pub fn parse(text: &str, now: Timestamp) -> Result<KeyQuery, QueryError> {
    static DEFAULTS: OnceLock<Settings> = OnceLock::new();
    parse_in(text, now, DEFAULTS.get_or_init(Settings::default))
}

/// Reads a search in a vault with these settings, whose policies may be named.
///
/// # Errors
/// As [`parse`].
pub fn parse_in(text: &str, now: Timestamp, settings: &Settings) -> Result<KeyQuery, QueryError> {
    let node = query_text::parse(text)?;
    let filter = match &node {
        Some(node) => Filter::of(node, &mut |leaf| condition(leaf, text, now, settings))?,
        None => Filter::All,
    };
    let chips = Chip::all(text, node.as_ref(), |leaf, negative| words::words(leaf, negative, now));
    Ok(KeyQuery { text: text.to_owned(), filter, chips })
}

/// The clause that picks one value of a field: `owner:a.novak`, with quotation marks where it needs them.
#[must_use]
pub fn clause(field: &str, value: &str) -> String {
    let starred = value.contains('*');
    let value = if starred {
        format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        quote(value)
    };
    format!("{field}:{value}")
}

type Lowered = Result<Filter<Condition>, QueryError>;

fn condition(leaf: &Node, text: &str, now: Timestamp, settings: &Settings) -> Lowered {
    let term = match &leaf.expr {
        Expr::Field(term) => term,
        Expr::Text(value) => return Ok(Filter::Leaf(Condition::Anywhere(anywhere(value)))),
        _ => return Ok(Filter::All),
    };
    let prose = |field| term.patterns(text, true).map(|p| Filter::Leaf(Condition::Text(field, p)));
    let name = |field| term.patterns(text, false).map(|p| Filter::Leaf(Condition::Text(field, p)));
    let date = |field| dates(field, term, text, now);
    let filter = match term.field.to_ascii_lowercase().as_str() {
        "name" => prose(TextField::Name)?,
        "purpose" => prose(TextField::Purpose)?,
        "note" => prose(TextField::Note)?,
        "owner" => name(TextField::Owner)?,
        "system" => name(TextField::System)?,
        "environment" => name(TextField::Environment)?,
        "tag" => name(TextField::Tag)?,
        "type" => Filter::Leaf(Condition::Type(types(term, text)?)),
        "state" => Filter::Leaf(Condition::State(states(term, text)?)),
        "critical" => flag(term, text)?,
        "ever" => ever(term, text)?,
        "policy" => policy(term, text, settings)?,
        "version" => Filter::Leaf(Condition::Version(versions(term, text)?)),
        "due" => due(term, text, now)?,
        "age" => age(term, text, now)?,
        "created" => date(DateField::Created)?,
        "rotated" => date(DateField::Rotated)?,
        "used" => date(DateField::Used)?,
        _ => return Err(unknown_field(text, term.field_span.clone(), FIELDS, ALIASES)),
    };
    Ok(if term.is_negative() { filter.negated() } else { filter })
}

fn anywhere(value: &Value) -> Pattern {
    match value.pattern(true) {
        Pattern::Glob(mut pieces) => {
            pieces.insert(0, String::new());
            pieces.push(String::new());
            Pattern::Glob(pieces)
        }
        other => other,
    }
}

fn types(term: &Term, text: &str) -> Result<u16, QueryError> {
    let mut bits = 0;
    for value in term.names(text)? {
        let pattern = value.pattern(false);
        let fits = |t: &KeyType| pattern.matches(t.word()) || pattern.matches(t.title());
        let found = KeyType::ALL.into_iter().filter(fits).fold(0u16, |bits, t| bits | 1 << t as u8);
        if found == 0 {
            let known = KeyType::ALL.map(KeyType::word);
            return Err(unknown_value(text, value.span.clone(), &value.text, "a type", &known));
        }
        bits |= found;
    }
    Ok(bits)
}

fn states(term: &Term, text: &str) -> Result<u8, QueryError> {
    let mut bits = 0;
    for value in term.names(text)? {
        let pattern = value.pattern(false);
        let found = KeyState::ALL.into_iter().filter(|s| pattern.matches_lower(s.word()));
        let found = found.fold(0u8, |bits, s| bits | 1 << s as u8);
        if found == 0 {
            let known = KeyState::ALL.map(KeyState::word);
            return Err(unknown_value(text, value.span.clone(), &value.text, "a state", &known));
        }
        bits |= found;
    }
    Ok(bits)
}

fn flag(term: &Term, text: &str) -> Lowered {
    let one = |value: &Value| match value.text.to_ascii_lowercase().as_str() {
        "yes" | "true" => Ok(Filter::Leaf(Condition::Flag(CRITICAL, true))),
        "no" | "false" => Ok(Filter::Leaf(Condition::Flag(CRITICAL, false))),
        _ => Err(unknown_value(text, value.span.clone(), &value.text, "yes or no", &["yes", "no"])),
    };
    term.names(text)?.iter().map(one).collect::<Result<Vec<_>, _>>().map(Filter::Or)
}

fn ever(term: &Term, text: &str) -> Lowered {
    let one = |value: &Value| {
        let word = value.text.to_ascii_lowercase();
        let known = EVER.iter().find(|(name, _)| *name == word);
        known.map(|(_, bit)| Filter::Leaf(Condition::Flag(*bit, true))).ok_or_else(|| {
            let words: Vec<_> = EVER.iter().map(|(name, _)| *name).collect();
            unknown_value(
                text,
                value.span.clone(),
                &value.text,
                "something that can have happened to a key",
                &words,
            )
        })
    };
    term.names(text)?.iter().map(one).collect::<Result<Vec<_>, _>>().map(Filter::Or)
}

fn policy(term: &Term, text: &str, settings: &Settings) -> Lowered {
    let mut matches = Vec::new();
    for value in term.names(text)? {
        if value.text.eq_ignore_ascii_case("none") && !value.quoted {
            let covered = settings.policies.iter().flat_map(|p| p.default_for.clone()).collect();
            matches.push(PolicyMatch::None { covered });
            continue;
        }
        let pattern = value.pattern(false);
        let found = settings.policies.iter().filter(|policy| pattern.matches(&policy.name));
        let before = matches.len();
        matches.extend(found.map(|policy| PolicyMatch::Policy(policy.id, policy.default_for.clone())));
        if matches.len() == before {
            let message = format!("The value `{}` is not the name of a policy.", value.text);
            return Err(QueryError::at(text, value.span.clone(), message));
        }
    }
    Ok(Filter::Leaf(Condition::Policy(matches)))
}

fn versions(term: &Term, text: &str) -> Result<Vec<(u32, u32)>, QueryError> {
    let one = |value: &Value| -> Result<u32, QueryError> {
        value.text.trim_start_matches('v').parse().map_err(|_| {
            let message = format!("The value `{}` is not a number.", value.text);
            QueryError::at(text, value.span.clone(), message)
        })
    };
    let range = |n: u32| match term.op {
        Op::Is | Op::Eq | Op::Ne => (n, n),
        Op::Gt => n.checked_add(1).map_or((1, 0), |from| (from, u32::MAX)),
        Op::Ge => (n, u32::MAX),
        Op::Lt => n.checked_sub(1).map_or((1, 0), |to| (0, to)),
        Op::Le => (0, n),
    };
    match &term.operand {
        Operand::One(value) => Ok(vec![range(one(value)?)]),
        Operand::List(values) => values.iter().map(|v| one(v).map(range)).collect(),
        Operand::Range(from, to) => {
            let from = from.as_ref().map(one).transpose()?.unwrap_or(0);
            Ok(vec![(from, to.as_ref().map(one).transpose()?.unwrap_or(u32::MAX))])
        }
    }
}

/// `due:overdue` and the other buckets, `due<=30d` in days from today, or dates.
fn due(term: &Term, text: &str, now: Timestamp) -> Lowered {
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

/// A number of days: `30d`, `2w`, `0`, `-3d`.
fn days(word: &str) -> Option<i64> {
    let (sign, rest) = word.strip_prefix('-').map_or((1, word), |rest| (-1, rest));
    if let Ok(days) = rest.parse::<i64>() {
        return (days.abs() <= 100_000).then_some(sign * days);
    }
    match rest {
        "today" => Some(0),
        _ => moment::duration(rest).filter(|ms| ms % DAY_MS == 0).map(|ms| sign * ms / DAY_MS),
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
    let date = today.checked_add_signed(chrono::TimeDelta::days(days));
    date.and_then(moment::local_midnight).map_or_else(|| now.plus_days(days).0, |at| at.0)
}

/// `age>90d`: how long the version in use has been current.
fn age(term: &Term, text: &str, now: Timestamp) -> Lowered {
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

fn dates(field: DateField, term: &Term, text: &str, now: Timestamp) -> Lowered {
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

/// Where a type stands when types are sorted by their titles.
pub(super) fn type_rank(key_type: u8) -> i64 {
    let of = KeyType::ALL.into_iter().find(|t| *t as u8 == key_type);
    of.map_or(i64::MAX, |of| KeyType::ALL.into_iter().filter(|t| t.title() < of.title()).count() as i64)
}

/// A condition ready to be held against blocks.
pub(super) struct Ready<'a> {
    condition: &'a Condition,
    finder: Option<memchr::memmem::Finder<'a>>,
}

impl<'a> Ready<'a> {
    pub(super) fn of(condition: &'a Condition) -> Self {
        let finder = match condition {
            Condition::Anywhere(Pattern::Contains(part)) => {
                Some(memchr::memmem::Finder::new(part.as_bytes()))
            }
            _ => None,
        };
        Self { condition, finder }
    }

    /// Sets the bits of the keys of `block` that fit.
    pub(super) fn mark(&self, block: &Block, bits: &mut Bits) {
        if let Some(finder) = &self.finder {
            return find_all(finder, block, bits);
        }
        let numbers = &block.numbers;
        let within =
            |ranges: &[(u32, u32)], n: u32| ranges.iter().any(|(from, to)| (*from..=*to).contains(&n));
        match self.condition {
            Condition::Text(field, patterns) => {
                let fits = |at: &usize| text_fits(block, *at, *field, patterns);
                (0..block.len()).filter(fits).for_each(|at| bits.set(at));
            }
            Condition::Anywhere(pattern) => {
                let fields =
                    |at: usize| block.text.get(block.span(at)).unwrap_or("").split([FIELD_END, TAG_END]);
                let fits = |at: &usize| fields(*at).any(|text| pattern.matches_lower(text));
                (0..block.len()).filter(fits).for_each(|at| bits.set(at));
            }
            Condition::Type(types) => bits.fill(numbers, |n| types >> n.key_type & 1 == 1),
            Condition::State(states) => bits.fill(numbers, |n| states >> n.state & 1 == 1),
            Condition::Flag(flags, set) => bits.fill(numbers, |n| (n.flags & flags == *flags) == *set),
            Condition::Version(ranges) => bits.fill(numbers, |n| within(ranges, n.version)),
            Condition::Date(field, windows) => {
                bits.fill(numbers, |n| {
                    let date = date_of(n, *field);
                    date != NO_DATE && windows.iter().any(|window| window.holds(date))
                });
            }
            Condition::NoDate(field) => bits.fill(numbers, |n| date_of(n, *field) == NO_DATE),
            Condition::Policy(matches) => {
                let fits = |at: &usize| matches.iter().any(|m| m.holds(block, *at));
                (0..block.len()).filter(fits).for_each(|at| bits.set(at));
            }
        }
    }
}

/// One pass over the buffer; after a find the rest of that key is skipped.
fn find_all(finder: &memchr::memmem::Finder<'_>, block: &Block, bits: &mut Bits) {
    let text = block.text.as_bytes();
    let (mut from, mut at) = (0, 0);
    while let Some(found) = text.get(from..).and_then(|rest| finder.find(rest)) {
        let found = from + found;
        while at < block.len() && block.span(at).end <= found {
            at += 1;
        }
        if at == block.len() {
            return;
        }
        bits.set(at);
        from = block.span(at).end;
        at += 1;
    }
}

fn text_fits(block: &Block, at: usize, field: TextField, patterns: &[Pattern]) -> bool {
    let any = |text: &str| patterns.iter().any(|pattern| pattern.matches_lower(text));
    match field {
        TextField::Name => any(block.field(at, Field::Name)),
        TextField::Owner => any(block.field(at, Field::Owner)),
        TextField::System => any(block.field(at, Field::System)),
        TextField::Environment => any(block.field(at, Field::Environment)),
        TextField::Purpose => any(block.field(at, Field::Purpose)),
        TextField::Note => any(block.field(at, Field::Note)),
        TextField::Tag => block.field(at, Field::Tags).split_terminator(TAG_END).any(any),
    }
}

fn date_of(numbers: Numbers, field: DateField) -> i64 {
    match field {
        DateField::Due if numbers.flags & IN_USE == 0 => NO_DATE,
        DateField::Due => numbers.due,
        DateField::Created => numbers.created,
        DateField::Rotated => numbers.rotated,
        DateField::Used => numbers.used,
    }
}

impl PolicyMatch {
    fn holds(&self, block: &Block, at: usize) -> bool {
        let Some(record) = block.records.get(at) else { return false };
        match (self, &record.policy) {
            (Self::Policy(id, _), PolicyChoice::Named(named)) => id == named,
            (Self::Policy(_, types), PolicyChoice::TypeDefault) => types.contains(&record.key_type),
            (Self::None { covered }, PolicyChoice::TypeDefault) => !covered.contains(&record.key_type),
            (Self::None { .. }, PolicyChoice::Exempt { .. }) => true,
            (Self::Policy(..), PolicyChoice::Exempt { .. }) | (Self::None { .. }, PolicyChoice::Named(_)) => {
                false
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::index::tests::{NOW, index, key};
    use super::super::{KeyIndex, Sort};
    use super::*;
    use crate::model::KeyRecord;
    use crate::model::due::{Due, due as due_of};
    use proptest::prelude::*;

    fn check(index: &KeyIndex, text: &str, fits: impl Fn(&KeyRecord) -> bool) {
        let hits = index.search(&parse(text, NOW).unwrap(), Sort::default());
        let found: Vec<_> = index.records(&hits).map(|k| k.name.clone()).collect();
        let expected: Vec<_> = index.iter().filter(|k| fits(k)).map(|k| k.name.clone()).collect();
        assert_eq!(found, expected, "{text}");
        assert!(!found.is_empty() && found.len() < index.len(), "{text} finds {}", found.len());
    }

    #[test]
    fn every_field_finds_what_it_says() {
        let index = index(4000);
        check(&index, "owner:a.novak", |k| k.owner == "a.novak");
        check(&index, "owner:s.okafor", |k| k.owner == "S.Okafor");
        check(&index, "-owner:(a.novak, ops)", |k| k.owner != "a.novak" && k.owner != "ops");
        check(&index, "owner:*novak", |k| k.owner == "a.novak");
        check(&index, "name:pay", |k| k.name.contains("Pay"));
        check(&index, "name=payments-*1", |k| k.name.starts_with("Payments-") && k.name.ends_with('1'));
        check(&index, "tag:pci", |k| k.tags.iter().any(|t| t == "pci"));
        check(&index, "tag:t3", |k| k.tags.iter().any(|t| t == "t3"));
        check(&index, "system:sys-4", |k| k.system == "sys-4");
        check(&index, "note:köln", |k| k.note.contains("Köln"));
        check(&index, "type:api-token", |k| k.key_type == KeyType::ApiToken);
        check(&index, "type:\"aes key\"", |k| k.key_type == KeyType::Aes256);
        check(&index, "state:active", |k| k.state == KeyState::Active);
        check(&index, "state:(suspended, compromised)", |k| {
            [KeyState::Suspended, KeyState::Compromised].contains(&k.state)
        });
        check(&index, "critical:yes", |k| k.critical);
        check(&index, "ever:exported", |k| k.ever_exported);
        check(&index, "version>=10", |k| k.current_number() >= 10);
        check(&index, "version:v3..5", |k| (3..=5).contains(&k.current_number()));
        check(&index, "used:never", |k| k.last_used.is_none());
        check(&index, "used<-90d", |k| k.last_used.is_some_and(|t| t < NOW.plus_days(-90)));
        check(&index, "age>200d", |k| k.last_rotated() < NOW.plus_days(-200));
        check(&index, "created:-30d", |k| k.created >= NOW.plus_days(-30));
        check(&index, "policy:\"token 90 d\"", |k| k.key_type == KeyType::ApiToken);
        check(&index, "policy:none", |k| matches!(k.key_type, KeyType::Text | KeyType::File));
        check(&index, "köln", |k| k.note.contains("Köln"));
        check(&index, "pay novak", |k| k.name.contains("Pay") && k.owner == "a.novak");
        check(&index, "pay OR tag:t2", |k| k.name.contains("Pay") || k.tags.iter().any(|t| t == "t2"));
    }

    #[test]
    fn due_is_counted_in_calendar_days_as_the_list_shows_it() {
        let index = index(4000);
        let settings = Settings::default();
        let left = |k: &KeyRecord| match due_of(k, &settings, NOW) {
            Due::Late(days) => Some(-i64::from(days)),
            Due::In(days) => Some(i64::from(days)),
            Due::NoPolicy | Due::NotInUse => None,
        };
        check(&index, "due<=30d", |k| left(k).is_some_and(|d| d <= 30));
        check(&index, "due>30d", |k| left(k).is_some_and(|d| d > 30));
        check(&index, "due:0d..30d", |k| left(k).is_some_and(|d| (0..=30).contains(&d)));
        check(&index, "-due<=30d", |k| left(k).is_none_or(|d| d > 30));
        let date = NOW.plus_days(20).local().format("%Y-%m-%d").to_string();
        check(&index, &format!("due<={date}"), |k| left(k).is_some_and(|d| d <= 20));
        for (word, bucket) in BUCKETS {
            if bucket != DueBucket::Today {
                check(&index, &format!("due:{word}"), |k| due_of(k, &settings, NOW).bucket() == bucket);
            }
        }
        check(&index, "due:(overdue, today, 7d)", |k| left(k).is_some_and(|d| d <= 7));
    }

    #[test]
    fn words_are_not_found_across_two_fields_or_two_tags() {
        let mut record = key(1);
        (record.name, record.owner, record.tags) = ("ab".into(), "cd".into(), vec!["ef".into(), "gh".into()]);
        let index = KeyIndex::new(std::sync::Arc::default(), [std::sync::Arc::new(record)]);
        let found = |text: &str| index.search(&parse(text, NOW).unwrap(), Sort::default()).len();
        assert_eq!(
            (found("abcd"), found("efgh"), found("tag:efgh"), found("gh"), found("a*c")),
            (0, 0, 0, 1, 0)
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_what_was_probably_meant() {
        let problem = |text: &str| parse(text, NOW).unwrap_err();
        assert_eq!(problem("ownr:x").message, "Unknown field `ownr`. Did you mean `owner`?");
        assert_eq!(problem("status:x").suggestion.as_deref(), Some("state"));
        assert_eq!(problem("state:actve").suggestion.as_deref(), Some("active"));
        assert_eq!(problem("type:token").suggestion, None);
        assert_eq!(problem("due:overdu").suggestion.as_deref(), Some("overdue"));
        assert!(problem("age>x").message.contains("not a length of time"));
        assert!(problem("policy:nope").message.contains("not the name of a policy"));
        assert_eq!(problem("owner:ops due:").character, 14);
    }

    proptest! {
        #[test]
        fn no_text_makes_a_search_panic(text in "\\PC{0,40}") {
            let _ = parse(&text, NOW);
        }

        #[test]
        fn no_field_with_any_value_panics(field in proptest::sample::select(FIELDS.to_vec()), value in "\\PC{0,12}|[-0-9dwymo.]{1,8}") {
            let index = index(20);
            for op in [":", ">=", "<", "!="] {
                if let Ok(query) = parse(&format!("{field}{op}{value}"), NOW) {
                    prop_assert!(!query.chips().iter().any(|c| c.words.is_empty()));
                    let _ = index.search(&query, Sort::default());
                }
            }
        }

        #[test]
        fn free_words_find_exactly_the_keys_that_hold_them(word in "[a-z0-9.-]{1,5}") {
            let index = index(300);
            let hits = index.search(&parse(&quote_text(&word), NOW).unwrap(), Sort::default());
            let holds = |k: &KeyRecord| {
                [&k.name, &k.owner, &k.system, &k.environment, &k.purpose, &k.note]
                    .into_iter().chain(&k.tags).any(|t| t.to_lowercase().contains(&word))
            };
            prop_assert_eq!(hits.len(), index.iter().filter(|k| holds(k)).count());
        }
    }

    use crate::model::query_text::quote_text;
}
