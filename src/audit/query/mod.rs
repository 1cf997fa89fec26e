//! The query language of the audit log: `severity>=warn -operator:svc-deploy time:2026-03-01..2026-03-31`.
//!
//! The form of a query (and, or, not, lists, ranges) is [`crate::model::query_text`]; here stands what the fields mean
//! for events. A query is read once ([`parse`]), then held against an index by number instead of by name
//! ([`Query::select`]), so that a pass over a million events takes milliseconds. `:` compares names as a whole (use `*`
//! for parts) and looks inside reasons; case never matters. Reads no clock: now is given.

mod condition;
mod ready;
mod words;

pub use crate::model::query_text::{
    Caret, Chip, QueryError, Token, TokenKind, caret, highlight, quote, with_clause, without_clause,
};
pub use condition::{Condition, FIELDS};

use super::index::{LogIndex, Row, Selection};
use crate::model::query_text::{self, Expr, Filter, Node, moment, without_fields};
use crate::model::{SessionTag, Timestamp};

/// A query that was understood.
#[derive(Clone, Debug)]
pub struct Query {
    text: String,
    filter: Filter<Condition>,
    chips: Vec<Chip>,
}

/// What a query may refer to beside the events.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Context {
    /// Now, for `-7d` and `today`.
    pub now: Timestamp,
    /// The session of `session:current`.
    pub session: Option<SessionTag>,
}

/// Reads a query. An empty one picks every event.
///
/// # Errors
/// [`QueryError`] says what is wrong, where, and what was probably meant.
pub fn parse(text: &str, now: Timestamp) -> Result<Query, QueryError> {
    parse_in(text, Context { now, session: None })
}

/// Reads a query that may say `session:current`.
///
/// # Errors
/// As [`parse`].
pub fn parse_in(text: &str, context: Context) -> Result<Query, QueryError> {
    let node = query_text::parse(text)?;
    let filter = match &node {
        Some(node) => Filter::of(node, &mut |leaf| condition::condition(leaf, text, context))?,
        None => Filter::All,
    };
    let chips = Chip::all(text, node.as_ref(), |leaf, negative| words::words(leaf, text, negative, context));
    Ok(Query { text: text.to_owned(), filter, chips })
}

impl Query {
    /// The query as typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it picks every event.
    #[must_use]
    pub fn is_all(&self) -> bool {
        matches!(self.filter, Filter::All)
    }

    /// Its top-level clauses in words, each with its bytes in [`Query::text`].
    #[must_use]
    pub fn chips(&self) -> &[Chip] {
        &self.chips
    }

    /// Whether one event fits.
    #[must_use]
    pub fn matches(&self, row: &Row<'_>) -> bool {
        self.filter.test(&|condition: &Condition| condition.holds(row))
    }

    /// The rows that fit, in one pass.
    #[must_use]
    pub fn select(&self, index: &LogIndex) -> Selection {
        if self.is_all() { Selection::all(index) } else { ready::select(&self.filter, index, 0) }
    }

    /// The rows of `index` from row `from` on that fit: what a new snapshot adds to an older one's selection.
    #[must_use]
    pub fn select_from(&self, index: &LogIndex, from: u32) -> Selection {
        ready::select(&self.filter, index, from)
    }
}

/// `text` without any clause that asks for a time.
#[must_use]
pub fn without_time(text: &str) -> String {
    without_fields(text, asks_for_time)
}

/// `text` with its clauses about time replaced by this range, `to` not included: a new brush instead of the old one.
#[must_use]
pub fn replace_time_range(text: &str, from: Timestamp, to: Timestamp) -> String {
    let (from, to) = if from <= to { (from, to) } else { (to, from) };
    with_clause(&without_time(text), &format!("time:{}..{}", moment::write(from), moment::write(to)))
}

/// The clause that picks one value of a field: `operator:a.novak`, with quotation marks where it needs them.
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

fn asks_for_time(node: &Node) -> bool {
    match &node.expr {
        Expr::Field(term) => matches!(term.field.to_ascii_lowercase().as_str(), "time" | "after" | "before"),
        Expr::Text(value) => condition::is_bare_time(value),
        Expr::Not(inner) | Expr::Group(inner) => asks_for_time(inner),
        Expr::And(nodes) | Expr::Or(nodes) => nodes.iter().all(asks_for_time),
    }
}

#[cfg(test)]
mod tests {
    use super::super::index::tests::busy_log;
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_775_812_509_000);

    fn count(text: &str, index: &LogIndex) -> usize {
        parse(text, NOW).unwrap().select(index).len()
    }

    fn expected(index: &LogIndex, fits: impl Fn(&Row<'_>) -> bool) -> usize {
        index.iter().filter(|row| fits(row)).count()
    }

    #[test]
    fn every_field_picks_what_it_says() {
        use crate::model::{Category, Outcome, Severity};
        let index = LogIndex::from_events(&busy_log(9000));
        let is = |text: &str, fits: &dyn Fn(&Row<'_>) -> bool| {
            let found = count(text, &index);
            assert_eq!(found, expected(&index, fits), "{text}");
            assert!(found > 0 && found < index.len(), "{text} picks {found}");
        };
        is("operator:m.ito", &|r| r.operator() == "m.ito");
        is("operator:svc-*", &|r| r.operator() == "Svc-Deploy");
        is("operator:(m.ito, A.NOVAK)", &|r| ["m.ito", "a.novak"].contains(&r.operator()));
        is("operator!=m.ito", &|r| r.operator() != "m.ito");
        is("-operator:m.ito", &|r| r.operator() != "m.ito");
        is("host:ws-3", &|r| r.host() == "ws-3");
        is("severity>=warn", &|r| r.severity() >= Severity::Warn);
        is("severity:notice..warn", &|r| (Severity::Notice..=Severity::Warn).contains(&r.severity()));
        is("severity:(info, critical)", &|r| [Severity::Info, Severity::Critical].contains(&r.severity()));
        is("outcome:refused", &|r| r.outcome() == Outcome::Refused);
        is("-outcome:done", &|r| r.outcome() != Outcome::Done);
        is("action:secret.reveal", &|r| r.action().name() == "secret.reveal");
        is("action:session.unlock", &|r| r.action().name() == "session.unlock");
        is("action:secret.*", &|r| r.action().category() == Category::Secret);
        is("action:reveal", &|r| r.action().name() == "secret.reveal");
        is("category:(secret, rotation)", &|r| {
            [Category::Secret, Category::Rotation].contains(&r.action().category())
        });
        is("object:key-7", &|r| r.object_name() == "key-7");
        is("object:\"the vault\"", &|r| r.object_name() == "the vault");
        is("key:key-1*", &|r| r.key_id().is_some() && r.object_name().starts_with("key-1"));
        is("version:2", &|r| r.version() == Some(2));
        is("version>=4", &|r| r.version().is_some_and(|v| v >= 4));
        is("reason:\"ticket 1\"", &|r| r.reason().contains("Ticket 1"));
        is("reason=\"ticket 1\"", &|r| r.reason() == "Ticket 1");
        is("seq:48..49", &|r| (48..=49).contains(&r.seq()));
        is("seq<100", &|r| r.seq() < 100);
        is("seq:#123", &|r| r.seq() == 123);
        is("session:07070707", &|r| r.session().0 == [7; 16]);
        is("revealed", &|r| r.action().sentence().contains("revealed") || r.reason().contains("revealed"));
        is("\"key-7 v3\"", &|r| {
            r.object_words().contains("key-7 v3") || r.object_words().ends_with("key-7 v3")
        });
        is("ticket OR operator:m.ito", &|r| r.operator() == "m.ito" || r.reason().contains("Ticket"));
        is("(ticket OR key-7) severity:warn", &|r| {
            r.severity() == Severity::Warn
                && (r.reason().contains("Ticket") || r.object_name().contains("key-7"))
        });
    }

    #[test]
    fn times_may_be_dates_days_or_distances_from_now() {
        let index = LogIndex::from_events(&busy_log(9000));
        let (first, last) = index.time_range().unwrap();
        let day = first.plus_days(2).local().format("%Y-%m-%d").to_string();
        let from = Timestamp::parse(&day).unwrap();
        let to = from.plus_days(1);
        let on_that_day = expected(&index, |r| from <= r.time() && r.time() < to);
        assert!(on_that_day > 1000);
        assert_eq!(count(&format!("time:{day}"), &index), on_that_day);
        assert_eq!(count(&format!("time:{day}..{day}"), &index), on_that_day);
        assert_eq!(count(&format!("after:{day}"), &index), expected(&index, |r| r.time() >= from));
        assert_eq!(count(&format!("before:{day}"), &index), expected(&index, |r| r.time() < from));
        let ago = parse("-2d", last).unwrap().select(&index).len();
        assert_eq!(ago, expected(&index, |r| r.time() >= last.plus_days(-2)));
        assert_eq!(parse("time>=-2d", last).unwrap().select(&index).len(), ago);
    }

    #[test]
    fn the_current_session_is_the_one_it_is_asked_in() {
        let index = LogIndex::from_events(&busy_log(500));
        let context = Context { now: NOW, session: Some(SessionTag([3; 16])) };
        let found = parse_in("session:current", context).unwrap().select(&index);
        assert_eq!(found.rows(), (150..200).collect::<Vec<u32>>());
        assert!(parse("session:current", NOW).unwrap_err().message.contains("no session"));
    }

    #[test]
    fn a_key_is_found_under_every_name_it_ever_had() {
        let mut events = busy_log(2);
        for (event, name) in events.iter_mut().zip(["old-name", "new-name"]) {
            event.object = crate::model::Object::Key {
                id: crate::model::KeyId([5; 16]),
                name: name.to_owned(),
                version: None,
            };
        }
        let index = LogIndex::from_events(&events);
        assert_eq!((count("object:new-name", &index), count("key:new-name", &index)), (1, 2));
        assert_eq!(count("key:05050505", &index), 2);
    }

    #[test]
    fn what_is_wrong_is_said_with_what_was_probably_meant() {
        let problem = |text: &str| parse(text, NOW).unwrap_err();
        assert_eq!(problem("actr:x").message, "Unknown field `actr`. Did you mean `operator`?");
        assert_eq!(problem("actor:x").suggestion.as_deref(), Some("operator"));
        assert_eq!(problem("level:x").suggestion.as_deref(), Some("severity"));
        assert_eq!(problem("severity:wran").suggestion.as_deref(), Some("warn"));
        assert_eq!(
            problem("outcome:ok").message,
            "The value `ok` is not an outcome. Use done, refused, failed."
        );
        assert_eq!(problem("action:secret.revael").suggestion.as_deref(), Some("secret.reveal"));
        assert_eq!(
            problem("a due:").sentence(),
            "The filter has a problem at character 6: expected a value after `due:`."
        );
        assert!(problem("time:soon").message.contains("is not a time"));
        assert!(problem("seq:abc").message.contains("is not a number"));
        assert!(problem("operator>a").message.contains("cannot be compared"));
        assert!(problem("operator:a..b").message.contains("no order"));
    }

    #[test]
    fn chips_say_each_clause_in_words_and_know_its_place() {
        let text = "category:(secret, rotation, session, audit) -operator:svc-deploy \
                    time:2026-04-09T12:00..2026-04-13T12:00 severity>=warn payments -7d (a OR b) object:x-*";
        let query = parse(text, NOW).unwrap();
        let words: Vec<_> = query.chips().iter().map(|c| c.words.as_str()).collect();
        assert_eq!(
            words,
            [
                "category is 4 of 8",
                "operator is not svc-deploy",
                "9 Apr 12:00 to 13 Apr 12:00",
                "severity is warn or higher",
                "contains \u{201C}payments\u{201D}",
                "last 7 days",
                "(a OR b)",
                "object is x-*",
            ]
        );
        assert_eq!(&text[query.chips()[1].range.clone()], "-operator:svc-deploy");
        assert!(query.chips()[2].is_time && query.chips()[5].is_time);
        assert_eq!(query.chips()[0].field, Some("category"));
    }

    #[test]
    fn a_new_brush_replaces_the_old_one_and_leaves_the_rest() {
        let (from, to) = (NOW, NOW.plus_days(1));
        let once = replace_time_range("severity>=warn -7d after:today", from, to);
        assert!(once.starts_with("severity>=warn time:"), "{once}");
        let twice = replace_time_range(&once, from.plus_days(-3), to);
        assert_eq!(twice.matches("time:").count(), 1);
        assert_eq!(without_time(&twice), "severity>=warn");
        let index = LogIndex::from_events(&busy_log(20_000));
        let found = parse(&replace_time_range("", from, to), NOW).unwrap().select(&index).len();
        assert_eq!(found, expected(&index, |r| from <= r.time() && r.time() < to));
    }

    #[test]
    fn a_facet_value_becomes_a_clause_that_means_exactly_it() {
        assert_eq!(clause("operator", "a.novak"), "operator:a.novak");
        assert_eq!(clause("object", "the vault"), "object:\"the vault\"");
        assert_eq!(clause("object", "a*"), "object:\"a*\"");
    }

    const PARTS: &[&str] = &[
        "operator:m.ito",
        "operator:*o*",
        "severity>=warn",
        "severity<critical",
        "outcome!=done",
        "action:key.*",
        "category:(secret, key)",
        "object:key-*",
        "key:key-3",
        "version:1..3",
        "reason:ticket",
        "seq:100..4500",
        "session:01",
        "time>=2026-04-01",
        "-3d",
        "host:ws-1",
        "key-7",
        "\"key-2 v3\"",
        "account:m*",
        "today",
        "enrolled",
    ];

    fn any_query() -> impl Strategy<Value = String> {
        let leaf = proptest::sample::select(PARTS.to_vec()).prop_map(str::to_owned);
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} {b}")),
                (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
                inner.clone().prop_map(|a| format!("NOT ({a})")),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn one_pass_picks_exactly_what_matches_one_by_one(text in any_query()) {
            let index = LogIndex::from_events(&busy_log(5000));
            let query = parse(&text, NOW).unwrap();
            let one_by_one: Vec<u32> = index.iter().filter(|r| query.matches(r)).map(|r| r.row()).collect();
            let selected = query.select(&index);
            prop_assert_eq!(selected.rows(), one_by_one.as_slice());
            let later = query.select_from(&index, 4000);
            let tail: Vec<u32> = one_by_one.into_iter().filter(|r| *r >= 4000).collect();
            prop_assert_eq!(later.rows(), tail.as_slice());
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_a_query_panic(text in "\\PC{0,50}") {
            let _ = parse(&text, NOW);
            let _ = replace_time_range(&text, NOW, NOW.plus_days(1));
        }

        #[test]
        fn no_field_with_any_value_panics(field in proptest::sample::select(FIELDS.to_vec()), value in "\\PC{0,12}") {
            for op in [":", ">=", "<", "!=", "=", ">", "<="] {
                if let Ok(query) = parse(&format!("{field}{op}{value}"), NOW) {
                    prop_assert!(!query.chips().iter().any(|c| c.words.is_empty()));
                }
            }
        }
    }
}
