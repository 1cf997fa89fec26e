//! How often each due bucket, type, owner … occurs among the keys found.

use std::collections::HashMap;

use super::block::{Block, NO_DATE, Words};
use super::condition::{BUCKETS, clause};
use super::dates::day_start;
use super::index::{Hits, KeyIndex};
use crate::model::due::DueBucket;
use crate::model::{KeyState, KeyType, Timestamp};

/// One value of a field and how many keys have it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FacetValue {
    /// As shown: "API token", "30 days", "a.novak".
    pub label: String,
    /// As a query writes it: `api-token`, `30d`, `a.novak`.
    pub value: String,
    /// How many keys.
    pub count: u32,
}

impl FacetValue {
    /// The clause that picks this value of `field`.
    #[must_use]
    pub fn clause(&self, field: &str) -> String {
        // The buckets' words need no quotation marks, and a name without any is written as one.
        if self.value.is_empty() { format!("{field}:\"\"") } else { clause(field, &self.value) }
    }
}

/// The counts. Due buckets are all there, most urgent first; the others only where they occur, most frequent first.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct KeyFacets {
    /// By due bucket.
    pub due: Vec<FacetValue>,
    /// By type.
    pub key_type: Vec<FacetValue>,
    /// By state.
    pub state: Vec<FacetValue>,
    /// By owner.
    pub owner: Vec<FacetValue>,
    /// By system; keys without one are left out.
    pub system: Vec<FacetValue>,
    /// By tag; a key counts for each of its tags.
    pub tag: Vec<FacetValue>,
}

impl KeyFacets {
    /// The facets by the name of their field, in the order they are shown.
    #[must_use]
    pub fn by_field(&self) -> [(&'static str, &[FacetValue]); 6] {
        [
            ("due", &self.due),
            ("type", &self.key_type),
            ("state", &self.state),
            ("owner", &self.owner),
            ("system", &self.system),
            ("tag", &self.tag),
        ]
    }

    /// How many keys fall into a bucket.
    #[must_use]
    pub fn due_in(&self, bucket: DueBucket) -> u32 {
        let at = BUCKETS.iter().position(|(_, b)| *b == bucket);
        at.and_then(|at| self.due.get(at)).map_or(0, |value| value.count)
    }
}

impl KeyIndex {
    /// Counts the keys found, as they stand at `now`.
    #[must_use]
    pub fn facets(&self, hits: &Hits, now: Timestamp) -> KeyFacets {
        let starts = [0, 1, 8, 15, 31].map(|days| day_start(now, days));
        let mut due = [0u32; BUCKETS.len()];
        let mut types = [0u32; 16];
        let mut states = [0u32; KeyState::ALL.len()];
        let (mut owners, mut systems, mut tags) = (Counts::default(), Counts::default(), Counts::default());
        for key in hits.refs() {
            let Some((block, at)) = self.block_at(*key) else { continue };
            let numbers = &block.numbers[at];
            let bucket = starts.iter().filter(|start| numbers.due >= **start).count();
            due[if numbers.due == NO_DATE { BUCKETS.len() - 1 } else { bucket }] += 1;
            types[usize::from(numbers.key_type) % 16] += 1;
            states[usize::from(numbers.state) % KeyState::ALL.len()] += 1;
            let block_number = key.block();
            owners.add(block_number, block.owners.of(at));
            systems.add(block_number, block.systems.of(at));
            tags.add(block_number, block.tags.of(at));
        }
        let (owners, systems, tags) = (
            owners.values(self, |block| &block.owners),
            systems.values(self, |block| &block.systems),
            tags.values(self, |block| &block.tags),
        );
        let buckets = BUCKETS.into_iter().zip(due);
        let value = |label: &str, value: &str, count| FacetValue {
            label: label.to_owned(),
            value: value.to_owned(),
            count,
        };
        let found_types =
            KeyType::ALL.into_iter().map(|t| value(t.title(), t.word(), types[t as usize % 16]));
        let found_states = KeyState::ALL.into_iter().zip(states).map(|(s, n)| value(s.word(), s.word(), n));
        KeyFacets {
            due: buckets.map(|((word, bucket), n)| value(bucket.title(), word, n)).collect(),
            key_type: frequent(found_types),
            state: frequent(found_states),
            owner: owners,
            system: systems,
            tag: tags,
        }
    }
}

/// Counts by a block's own numbers; names come in only once all keys are counted.
#[derive(Default)]
struct Counts(Vec<Vec<u32>>);

impl Counts {
    fn add(&mut self, block: usize, ids: &[u16]) {
        if self.0.len() <= block {
            self.0.resize_with(block + 1, Vec::new);
        }
        let counts = &mut self.0[block];
        for id in ids {
            let id = usize::from(*id);
            if counts.len() <= id {
                counts.resize(id + 1, 0);
            }
            counts[id] += 1;
        }
    }

    fn values<'a>(&self, index: &'a KeyIndex, words: impl Fn(&'a Block) -> &'a Words) -> Vec<FacetValue> {
        let mut by_name: HashMap<&str, (&str, u32)> = HashMap::new();
        for (block, counts) in index.blocks().zip(&self.0) {
            for ((shown, lower), count) in words(block).names().zip(counts) {
                if !lower.is_empty() {
                    by_name.entry(lower).or_insert((shown, 0)).1 += count;
                }
            }
        }
        frequent(by_name.into_values().map(|(shown, count)| FacetValue {
            label: shown.to_owned(),
            value: shown.to_owned(),
            count,
        }))
    }
}

fn frequent(values: impl Iterator<Item = FacetValue>) -> Vec<FacetValue> {
    let mut values: Vec<_> = values.filter(|value| value.count > 0).collect();
    values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.label.cmp(&b.label)));
    values
}

#[cfg(test)]
mod tests {
    use super::super::index::tests::{NOW, index};
    use super::super::{Sort, parse, with_clause};
    use super::*;

    #[test]
    fn every_count_is_the_number_of_keys_its_clause_finds() {
        let index = index(4000);
        let search = |text: &str| index.search(&parse(text, NOW).unwrap(), Sort::default());
        let facets = index.facets(&search("pay"), NOW);
        for (field, values) in facets.by_field() {
            assert!(values.iter().filter(|v| v.count > 0).count() > 1, "{field}");
            for value in values {
                let text = with_clause("pay", &value.clause(field));
                assert_eq!(search(&text).len() as u32, value.count, "{text}");
            }
        }
        assert_eq!(facets.due_in(DueBucket::Overdue), search("pay due:overdue").len() as u32);
    }
}
