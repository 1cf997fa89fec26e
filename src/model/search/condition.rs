//! What each field of a key compares, and the words it accepts.

use std::sync::OnceLock;

use super::block::{COMPROMISED, COPIED, CRITICAL, EXPORTED, REVEALED};
use super::dates::{age, dates, due};
use super::words;
use crate::model::due::DueBucket;
use crate::model::query_text::moment::Window;
use crate::model::query_text::{
    self, Chip, Expr, Filter, Node, Op, Operand, Pattern, QueryError, Term, Value, quote, unknown_field,
    unknown_value,
};
use crate::model::{KeyState, KeyType, Settings, Timestamp};

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
    "review",
    "ever",
    "purpose",
    "note",
    "contact",
    "deployed",
    "sponsor",
    "custodian",
    "location",
    "shared",
    "runbook",
    "process",
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
    ("custodians", "custodian"),
    ("site", "location"),
    ("shared-with", "shared"),
    ("decrypt", "process"),
];

/// What `ever:` knows.
const EVER: &[(&str, u8)] =
    &[("revealed", REVEALED), ("copied", COPIED), ("exported", EXPORTED), ("compromised", COMPROMISED)];

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
    /// Whom to ask about it.
    Contact,
    /// Where its value is in use.
    Deployed,
    /// Who answers for it where its owner is a team or a system.
    Sponsor,
    /// Who looks after it.
    Custodian,
    /// Where it is kept or used.
    Location,
    /// Who else has its value.
    Shared,
    /// Where to read what to do.
    Runbook,
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
    /// By when its suspension is to be looked at again.
    Review,
    /// Until when what it protected may be processed.
    Process,
}

/// A policy as a key may carry it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PolicyMatch {
    /// Named by the key, or standing for its type.
    Policy(super::super::PolicyId, Vec<KeyType>),
    /// Exempt.
    Exempt,
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

pub(super) type Lowered = Result<Filter<Condition>, QueryError>;

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
        "contact" => prose(TextField::Contact)?,
        "deployed" => prose(TextField::Deployed)?,
        "sponsor" => name(TextField::Sponsor)?,
        "custodian" => prose(TextField::Custodian)?,
        "location" => prose(TextField::Location)?,
        "shared" => prose(TextField::Shared)?,
        "runbook" => prose(TextField::Runbook)?,
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
        "review" => date(DateField::Review)?,
        "process" => date(DateField::Process)?,
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
        if value.text.eq_ignore_ascii_case("exempt") && !value.quoted {
            matches.push(PolicyMatch::Exempt);
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

/// Where a type stands when types are sorted by their titles.
pub(super) fn type_rank(key_type: u8) -> i64 {
    let of = KeyType::ALL.into_iter().find(|t| *t as u8 == key_type);
    of.map_or(i64::MAX, |of| KeyType::ALL.into_iter().filter(|t| t.title() < of.title()).count() as i64)
}
