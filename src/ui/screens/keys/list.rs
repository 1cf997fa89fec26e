//! The keys that are shown and the counts beside them: made anew when the vault, the query, the order or the minute
//! changes, and kept in between.

use crate::app::UnlockedView;
use crate::model::query_text::{Expr, Op, Operand, clauses};
use crate::model::search::{
    Chip, FacetValue, Hits, KeyFacets, QueryError, Sort, clause, parse_in, with_clause, without_clause,
};
use crate::model::{KeyState, Timestamp};

/// The fields that have facets, with the heads of their groups.
pub(super) const FIELDS: [(&str, &str); 6] = [
    ("due", "Due"),
    ("type", "Type"),
    ("state", "State"),
    ("owner", "Owner"),
    ("system", "System"),
    ("tag", "Tag"),
];

/// One value of a facet and whether it is ticked.
pub(super) struct Value {
    pub facet: FacetValue,
    pub on: bool,
}

/// What was found.
#[derive(Default)]
pub(super) struct List {
    made_for: Option<(u64, String, Sort, i64)>,
    /// The last query that could be read.
    good: String,
    /// The keys, in order.
    pub hits: Hits,
    /// By field, in the order of [`FIELDS`].
    pub groups: Vec<Vec<Value>>,
    /// The clauses of the query in words.
    pub chips: Vec<Chip>,
    /// What is wrong with what is typed now.
    pub error: Option<QueryError>,
    /// How many of them are destroyed.
    pub destroyed: u64,
    /// How often it was made.
    pub made: u64,
}

impl List {
    /// Brings everything up to date. The result of the last good query stays while what is typed cannot be read.
    pub fn refresh(&mut self, view: &UnlockedView, serial: u64, now: Timestamp, query: &str, sort: Sort) {
        let minute = now.0 / 60_000;
        let same = |(s, q, o, m): &(u64, String, Sort, i64)| {
            *s == serial && q == query && *o == sort && *m == minute
        };
        if self.made_for.as_ref().is_some_and(same) {
            return;
        }
        self.made += 1;
        self.made_for = Some((serial, query.to_owned(), sort, minute));
        let settings = &view.view.settings;
        self.error = match parse_in(query, now, settings) {
            Ok(_) => {
                query.clone_into(&mut self.good);
                None
            }
            Err(error) => Some(error),
        };
        let parsed = parse_in(&self.good, now, settings).or_else(|_| parse_in("", now, settings));
        let Ok(parsed) = parsed else { return };
        self.chips = parsed.chips().to_vec();
        self.hits = view.keys.search(&parsed, sort);
        let found = self.hits.refs().iter().filter_map(|at| view.keys.record(*at));
        self.destroyed = found.filter(|key| key.state == KeyState::Destroyed).count() as u64;
        let found = view.keys.facets(&self.hits, now);
        self.groups = FIELDS.iter().map(|(field, _)| self.group(view, now, field, &found)).collect();
    }

    /// The values of one field, counted as if the query said nothing about that field.
    fn group(&self, view: &UnlockedView, now: Timestamp, field: &str, found: &KeyFacets) -> Vec<Value> {
        let of = |facets: &KeyFacets| {
            let by_field = facets.by_field();
            by_field.iter().find(|(name, _)| *name == field).map(|(_, v)| v.to_vec()).unwrap_or_default()
        };
        let mine = of(found);
        if !self.chips.iter().any(|chip| chip.field == Some(field)) {
            return mine.into_iter().map(|facet| Value { facet, on: false }).collect();
        }
        let wider = parse_in(&self.without(field), now, &view.view.settings);
        let all = wider.map(|query| of(&view.keys.facets(&view.keys.search(&query, Sort::default()), now)));
        let all = all.unwrap_or_else(|_| mine.clone());
        let listed = self.listed(field);
        let mut values: Vec<Value> = all
            .into_iter()
            .map(|facet| {
                let on = match &listed {
                    Some(listed) => listed.iter().any(|v| v.eq_ignore_ascii_case(&facet.value)),
                    // A range or a negation: ticked is what all of passes.
                    None => {
                        let passed = mine.iter().find(|m| m.value == facet.value).map_or(0, |m| m.count);
                        facet.count > 0 && passed == facet.count
                    }
                };
                Value { facet, on }
            })
            .collect();
        for value in listed.unwrap_or_default() {
            if !values.iter().any(|v| v.facet.value.eq_ignore_ascii_case(&value)) {
                values.push(Value { facet: FacetValue { label: value.clone(), value, count: 0 }, on: true });
            }
        }
        values
    }

    /// The values the query names for `field`, where it does nothing else with it.
    fn listed(&self, field: &str) -> Option<Vec<String>> {
        let mut values = Vec::new();
        for (chip, clause) in self.chips.iter().zip(clauses(&self.good)) {
            if chip.field != Some(field) {
                continue;
            }
            let Expr::Field(term) = &clause.node.expr else { return None };
            let named = match (&term.operand, term.op) {
                (Operand::One(value), Op::Is | Op::Eq) => std::slice::from_ref(value),
                (Operand::List(list), Op::Is | Op::Eq) => list,
                _ => return None,
            };
            if named.iter().any(|value| value.text.contains('*') && !value.quoted) {
                return None;
            }
            values.extend(named.iter().map(|value| value.text.clone()));
        }
        Some(values)
    }

    fn without(&self, field: &str) -> String {
        let mut text = self.good.clone();
        for (at, chip) in self.chips.iter().enumerate().rev() {
            if chip.field == Some(field) {
                text = without_clause(&text, at);
            }
        }
        text
    }

    /// The query with one value of a field ticked or not ticked any more.
    pub fn toggled(&self, group: usize, value: &str) -> String {
        let Some((field, _)) = FIELDS.get(group) else { return self.good.clone() };
        let values = self.groups.get(group).map(Vec::as_slice).unwrap_or_default();
        let chosen: Vec<&str> = values
            .iter()
            .filter(|v| v.on != (v.facet.value == value))
            .map(|v| v.facet.value.as_str())
            .collect();
        let rest = self.without(field);
        match chosen.as_slice() {
            [] => rest,
            [one] => with_clause(&rest, &clause(field, one)),
            many => {
                let quoted: Vec<String> =
                    many.iter().map(|v| clause(field, v)[field.len() + 1..].to_owned()).collect();
                with_clause(&rest, &format!("{field}:({})", quoted.join(",")))
            }
        }
    }

    /// The query without one of its clauses.
    pub fn without_chip(&self, index: usize) -> String {
        without_clause(&self.good, index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixture;

    fn list(query: &str) -> (List, crate::app::Snapshot, Timestamp) {
        let (snapshot, now) = fixture::unlocked(300);
        let mut list = List::default();
        list.refresh(snapshot.unlocked().unwrap(), 1, now, query, Sort::default());
        (list, snapshot, now)
    }

    #[test]
    fn ticking_and_unticking_a_facet_edits_the_query() {
        let (first, ..) = list("pay");
        assert_eq!(first.toggled(0, "overdue"), "pay due:overdue");
        let (second, ..) = list("pay due:overdue");
        assert_eq!(second.toggled(0, "7d"), "pay due:(overdue,7d)");
        assert_eq!(second.toggled(0, "overdue"), "pay");
        let gone = |list: &List| {
            list.groups[2].iter().find(|v| v.facet.value == "destroyed").map_or(0, |v| v.facet.count)
        };
        assert_eq!(first.destroyed, u64::from(gone(&first)), "of what is found, not of the vault");
        let (third, ..) = list("owner:a.novak due:(overdue,7d)");
        assert_eq!(third.toggled(0, "overdue"), "owner:a.novak due:7d");
        assert_eq!(third.toggled(3, "m.ito"), "due:(overdue,7d) owner:(a.novak,m.ito)");
    }

    #[test]
    fn a_range_ticks_the_buckets_it_holds_whole() {
        let (list, ..) = list("due<=30d");
        let on: Vec<&str> = list.groups[0].iter().filter(|v| v.on).map(|v| v.facet.value.as_str()).collect();
        assert_eq!(on, ["overdue", "today", "7d", "14d", "30d"]);
        assert!(list.groups[0].iter().any(|v| v.facet.value == "later" && v.facet.count > 0));
    }

    #[test]
    fn the_result_of_the_last_good_query_stays_and_nothing_is_made_twice() {
        let (mut list, snapshot, now) = list("owner:a.novak");
        let found = list.hits.len();
        let view = snapshot.unlocked().unwrap();
        list.refresh(view, 1, now, "owner:a.novak", Sort::default());
        assert_eq!(list.made, 1);
        list.refresh(view, 1, now, "owner:a.novak due:", Sort::default());
        assert_eq!((list.hits.len(), list.error.is_some()), (found, true));
        list.refresh(view, 1, now, "", Sort::default());
        assert_eq!((list.hits.len(), list.error.is_some()), (300, false));
    }
}
