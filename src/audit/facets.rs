//! How often each severity, operator, action … occurs in a selection. One pass; every count is a door: it comes with the
//! clause that opens the list behind it.

use std::collections::HashMap;

use super::index::{LogIndex, Selection};
use super::query::clause;
use crate::model::{Action, Category, Outcome, Severity};

/// One value of a field and how many events have it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FacetValue {
    /// The value, as shown and as the query language writes it.
    pub value: String,
    /// How many events.
    pub count: u32,
}

/// The counts of a selection. Severities and outcomes are all there, most severe first; the others only where they
/// occur, most frequent first.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Facets {
    /// By severity, critical first.
    pub severity: Vec<FacetValue>,
    /// By outcome.
    pub outcome: Vec<FacetValue>,
    /// By category.
    pub category: Vec<FacetValue>,
    /// By action.
    pub action: Vec<FacetValue>,
    /// By operator's name.
    pub operator: Vec<FacetValue>,
    /// By object's name, versions together.
    pub object: Vec<FacetValue>,
    /// By workstation.
    pub host: Vec<FacetValue>,
}

impl FacetValue {
    /// The clause that picks this value of `field`.
    #[must_use]
    pub fn clause(&self, field: &str) -> String {
        clause(field, &self.value)
    }
}

impl Facets {
    /// The facets by the name of their field, in the order they are shown.
    #[must_use]
    pub fn by_field(&self) -> [(&'static str, &[FacetValue]); 7] {
        [
            ("severity", &self.severity),
            ("operator", &self.operator),
            ("action", &self.action),
            ("category", &self.category),
            ("object", &self.object),
            ("outcome", &self.outcome),
            ("host", &self.host),
        ]
    }
}

/// Counts the events of a selection.
#[must_use]
pub fn facets(index: &LogIndex, selection: &Selection) -> Facets {
    let names = index.names();
    let mut severity = [0u32; Severity::ALL.len()];
    let mut outcome = [0u32; Outcome::ALL.len()];
    let mut action = vec![0u32; Action::ALL.len()];
    let mut operator = vec![0u32; names.operators.list().len()];
    let mut host = vec![0u32; names.hosts.list().len()];
    let mut object = vec![0u32; names.objects.list().len()];
    for row in selection.rows() {
        let Some((block, at)) = index.block_of(*row) else { continue };
        add(&mut severity, block.severity[at].into());
        add(&mut outcome, block.outcome[at].into());
        add(&mut action, block.action[at].into());
        add(&mut operator, block.operator[at].into());
        add(&mut host, block.host[at].into());
        add(&mut object, block.object[at] as usize);
    }
    let mut category = [0u32; Category::ALL.len()];
    for (action, count) in Action::ALL.iter().zip(&action) {
        category[action.category() as usize] += count;
    }
    let value = |value: &str, count: u32| FacetValue { value: value.to_owned(), count };
    let severities = Severity::ALL.iter().zip(severity).rev();
    Facets {
        severity: severities.map(|(s, count)| value(s.word(), count)).collect(),
        outcome: Outcome::ALL.iter().zip(outcome).map(|(o, count)| value(o.word(), count)).collect(),
        category: sorted(Category::ALL.iter().map(|c| c.word()).zip(category)),
        action: sorted(Action::ALL.iter().map(|a| a.name()).zip(action)),
        operator: sorted(names.operators.list().iter().map(|o| o.name.as_str()).zip(operator)),
        object: sorted(names.objects.list().iter().map(|o| o.name()).zip(object)),
        host: sorted(names.hosts.list().iter().map(|h| &**h).zip(host)),
    }
}

fn add(counts: &mut [u32], at: usize) {
    if let Some(count) = counts.get_mut(at) {
        *count = count.saturating_add(1);
    }
}

/// Values that occur, those of the same name together, most frequent first, then by name.
fn sorted<'a>(counts: impl Iterator<Item = (&'a str, u32)>) -> Vec<FacetValue> {
    let mut by_name: HashMap<&str, u32> = HashMap::new();
    for (name, count) in counts.filter(|(_, count)| *count > 0) {
        *by_name.entry(name).or_default() += count;
    }
    let mut values: Vec<(&str, u32)> = by_name.into_iter().collect();
    values.sort_unstable_by(|(a, x), (b, y)| y.cmp(x).then(a.cmp(b)));
    values.into_iter().map(|(name, count)| FacetValue { value: name.to_owned(), count }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::index::tests::busy_log;
    use super::*;
    use crate::audit::query;
    use crate::model::Timestamp;

    #[test]
    fn every_count_is_the_number_of_events_its_clause_picks() {
        let index = LogIndex::from_events(&busy_log(6000));
        let base = query::parse("severity>=notice", Timestamp(0)).unwrap();
        let facets = facets(&index, &base.select(&index));
        for (field, values) in facets.by_field() {
            assert!(values.len() > 1, "{field}");
            for value in values {
                let text = query::with_clause(base.text(), &value.clause(field));
                let found = query::parse(&text, Timestamp(0)).unwrap().select(&index);
                assert_eq!(found.len() as u32, value.count, "{text}");
            }
            let sum: u32 = values.iter().map(|v| v.count).sum();
            assert_eq!(sum as usize, base.select(&index).len(), "{field}");
        }
        assert!(facets.operator.is_sorted_by(|a, b| a.count >= b.count));
        assert_eq!(facets.severity[0].value, "critical");
    }
}
