//! All keys, in blocks sorted by name; searched, filtered and ordered.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::block::{Block, NO_DATE, Words};
use super::condition::KeyQuery;
use super::ready::Ready;
use crate::model::query_text::lower;
use crate::model::{KeyId, KeyRecord, Settings};

/// Parts of the table that finds a key by its id: an edit copies one of them.
const PARTS: usize = 64;

/// The keys of a vault, ready to be searched. `Clone` shares everything and costs microseconds.
#[derive(Clone)]
pub struct KeyIndex {
    settings: Arc<Settings>,
    blocks: Vec<Arc<Block>>,
    by_id: Vec<Arc<HashMap<KeyId, Arc<KeyRecord>>>>,
}

/// A key's place in one index: good for that index and its clones until either changes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeyRef {
    block: u32,
    at: u32,
}

impl KeyRef {
    pub(super) fn block(self) -> usize {
        self.block as usize
    }
}

/// What the list is ordered by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SortBy {
    /// Name, whatever its case.
    Name,
    /// Type, as [`crate::model::KeyType::title`].
    Type,
    /// Owner, whatever its case.
    Owner,
    /// System, whatever its case.
    System,
    /// State, in the order of a key's life.
    State,
    /// Number of the version in use.
    Version,
    /// How long the version in use is current; the newest first.
    Age,
    /// Next rotation; the most urgent first, those without a date last either way.
    Due,
    /// Last use; the longest unused first, those never used last either way.
    LastUsed,
}

/// An order and its direction. Keys that are alike stand by name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// Backwards.
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { by: SortBy::Name, descending: false }
    }
}

/// The keys a query found, in the asked order.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Hits {
    refs: Vec<KeyRef>,
}

impl Hits {
    /// The keys' places.
    #[must_use]
    pub fn refs(&self) -> &[KeyRef] {
        &self.refs
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.refs.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.refs.is_empty()
    }
}

impl KeyIndex {
    /// An index of these keys. `settings` decides when each is due: a change of policies needs a new index.
    #[must_use]
    pub fn new(settings: Arc<Settings>, keys: impl IntoIterator<Item = Arc<KeyRecord>>) -> Self {
        let mut sorted: Vec<((String, KeyId), Arc<KeyRecord>)> =
            keys.into_iter().map(|key| (Block::order_of(&key), key)).collect();
        sorted.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let records: Vec<Arc<KeyRecord>> = sorted.into_iter().map(|(_, key)| key).collect();
        let mut parts = vec![HashMap::new(); PARTS];
        for record in &records {
            parts[part_of(record.id)].insert(record.id, Arc::clone(record));
        }
        let halves = records.chunks(Block::MAX / 2);
        let blocks = halves.map(|keys| Arc::new(Block::of(keys.to_vec(), &settings))).collect();
        Self { settings, blocks, by_id: parts.into_iter().map(Arc::new).collect() }
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_id.iter().map(|part| part.len()).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The settings the due dates come from.
    #[must_use]
    pub fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// The key with this id.
    #[must_use]
    pub fn get(&self, id: KeyId) -> Option<&Arc<KeyRecord>> {
        self.by_id[part_of(id)].get(&id)
    }

    /// The key at a place that this index gave.
    #[must_use]
    pub fn record(&self, key: KeyRef) -> Option<&Arc<KeyRecord>> {
        self.blocks.get(key.block as usize)?.records.get(key.at as usize)
    }

    /// Every key, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<KeyRecord>> {
        self.blocks.iter().flat_map(|block| &block.records)
    }

    /// The keys of `hits`, in their order.
    pub fn records<'a>(&'a self, hits: &'a Hits) -> impl Iterator<Item = &'a Arc<KeyRecord>> {
        hits.refs.iter().filter_map(|key| self.record(*key))
    }

    /// Puts a key in, in place of the one with the same id.
    pub fn put(&mut self, key: Arc<KeyRecord>) {
        let order = Block::order_of(&key);
        if self.get(key.id).is_some_and(|old| Block::order_of(old) != order) {
            self.remove(key.id);
        }
        let at_block = self.block_for(&order);
        let mut records = self.blocks.get(at_block).map(|block| block.records.clone()).unwrap_or_default();
        match records.binary_search_by(|record| Block::order_of(record).cmp(&order)) {
            Ok(at) => records[at] = Arc::clone(&key),
            Err(at) => records.insert(at, Arc::clone(&key)),
        }
        self.replace(at_block, records);
        Arc::make_mut(&mut self.by_id[part_of(key.id)]).insert(key.id, key);
    }

    /// Takes a key out; says whether it was there.
    pub fn remove(&mut self, id: KeyId) -> bool {
        let Some(key) = self.get(id).map(Arc::clone) else { return false };
        let at_block = self.block_for(&Block::order_of(&key));
        if let Some(block) = self.blocks.get(at_block) {
            let records = block.records.iter().filter(|record| record.id != id).cloned().collect();
            self.replace(at_block, records);
        }
        Arc::make_mut(&mut self.by_id[part_of(id)]).remove(&id);
        true
    }

    /// The keys that fit, in this order.
    #[must_use]
    pub fn search(&self, query: &KeyQuery, sort: Sort) -> Hits {
        let filter = query.filter().map(&mut |condition| Ready::of(condition));
        let mut refs = Vec::new();
        for (block, keys) in (0u32..).zip(&self.blocks) {
            let bits = filter.rows(keys.len(), &mut |condition, bits| condition.mark(keys, bits));
            refs.extend(bits.iter().map(|at| KeyRef { block, at: at as u32 }));
        }
        self.order(&mut refs, sort);
        Hits { refs }
    }

    /// The hits in another order.
    #[must_use]
    pub fn sorted(&self, hits: &Hits, sort: Sort) -> Hits {
        let mut refs = hits.refs.clone();
        refs.sort_unstable();
        self.order(&mut refs, sort);
        Hits { refs }
    }

    pub(super) fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().map(|block| &**block)
    }

    pub(super) fn block_at(&self, key: KeyRef) -> Option<(&Block, usize)> {
        let block = self.blocks.get(key.block as usize)?;
        ((key.at as usize) < block.len()).then_some((block, key.at as usize))
    }

    /// Orders places that stand by name, which is how blocks stand.
    fn order(&self, refs: &mut [KeyRef], sort: Sort) {
        if sort.by == SortBy::Name {
            if sort.descending {
                refs.reverse();
            }
            return;
        }
        let words = match sort.by {
            SortBy::Owner => self.ranks(|block| &block.owners),
            SortBy::System => self.ranks(|block| &block.systems),
            _ => Vec::new(),
        };
        let mut keyed: Vec<(i64, KeyRef)> =
            refs.iter().map(|key| (self.rank(*key, sort, &words), *key)).collect();
        keyed.sort_unstable();
        refs.iter_mut().zip(keyed).for_each(|(to, (_, from))| *to = from);
    }

    /// A number that sorts as asked.
    fn rank(&self, key: KeyRef, sort: Sort, words: &[Vec<i64>]) -> i64 {
        let Some((block, at)) = self.block_at(key) else { return i64::MAX };
        let numbers = &block.numbers[at];
        let dated = |date: i64| (date != NO_DATE).then_some(date);
        let rank = match sort.by {
            SortBy::Name => Some(0),
            SortBy::Type => Some(super::condition::type_rank(numbers.key_type)),
            SortBy::Owner => block.owners.of(at).first().map(|id| words[key.block()][usize::from(*id)]),
            SortBy::System => block.systems.of(at).first().map(|id| words[key.block()][usize::from(*id)]),
            SortBy::State => Some(numbers.state.into()),
            SortBy::Version => Some(numbers.version.into()),
            SortBy::Age => Some(numbers.rotated.saturating_neg()),
            SortBy::Due => dated(numbers.due),
            SortBy::LastUsed => dated(numbers.used),
        };
        match rank {
            None => i64::MAX,
            Some(rank) if sort.descending => rank.saturating_neg(),
            Some(rank) => rank,
        }
    }

    /// For each block and each of its owners or systems, where that name stands among all.
    fn ranks(&self, of: impl Fn(&Block) -> &Words) -> Vec<Vec<i64>> {
        let all: BTreeSet<&str> =
            self.blocks().flat_map(|block| of(block).names()).map(|(_, lower)| lower).collect();
        let ranks: HashMap<&str, i64> = all.into_iter().zip(0..).collect();
        let rank = |(_, lower): (&str, &str)| ranks.get(lower).copied().unwrap_or(i64::MAX);
        self.blocks().map(|block| of(block).names().map(rank).collect()).collect()
    }

    /// The block in which a key of this order is or belongs.
    fn block_for(&self, order: &(String, KeyId)) -> usize {
        let starts_after = |block: &Arc<Block>| {
            block
                .records
                .first()
                .is_some_and(|first| (lower(&first.name).as_ref(), first.id) <= (order.0.as_str(), order.1))
        };
        self.blocks.partition_point(starts_after).saturating_sub(1)
    }

    /// Puts other keys in the place of a block: none where they are none, two where they are too many.
    fn replace(&mut self, at: usize, records: Vec<Arc<KeyRecord>>) {
        let pieces = records.len().div_ceil(Block::MAX).max(1);
        let size = records.len().div_ceil(pieces).max(1);
        let blocks: Vec<_> =
            records.chunks(size).map(|keys| Arc::new(Block::of(keys.to_vec(), &self.settings))).collect();
        let end = (at + 1).min(self.blocks.len());
        self.blocks.splice(at.min(end)..end, blocks);
    }
}

impl std::fmt::Debug for KeyIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyIndex").field("len", &self.len()).finish_non_exhaustive()
    }
}

fn part_of(id: KeyId) -> usize {
    usize::from(id.0[0]) % PARTS
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::parse;
    use super::*;
    use crate::model::key::Compromise;
    use crate::model::key::tests::sample;
    use crate::model::state::CompromiseReason;
    use crate::model::{KeyState, KeyType, Timestamp};
    use proptest::prelude::*;

    pub(in crate::model::search) const NOW: Timestamp = Timestamp(1_780_000_000_000);

    /// A key made from a number: same number, same key.
    pub(in crate::model::search) fn key(n: u32) -> KeyRecord {
        let pick = |salt: u32, of: u32| n.wrapping_mul(2_654_435_761).rotate_left(salt * 5) / 7 % of;
        let mut key = sample(&format!("{}-{n}", ["Payments", "legacy", "edge", "vpn"][pick(1, 4) as usize]));
        let mut id = [0; 16];
        id[..4].copy_from_slice(&n.wrapping_mul(0x9E37_79B9).to_le_bytes());
        key.id = KeyId(id);
        key.key_type = KeyType::ALL[pick(2, 8) as usize];
        key.state = KeyState::ALL[(pick(3, 12) as usize).saturating_sub(6)];
        key.owner = ["a.novak", "m.ito", "S.Okafor", "ops"][pick(4, 4) as usize].to_owned();
        key.system = format!("sys-{}", pick(5, 9));
        key.tags =
            if pick(6, 2) == 0 { vec!["pci".to_owned(), format!("t{}", pick(1, 5))] } else { Vec::new() };
        key.note = if pick(3, 5) == 0 { "Call Köln first".to_owned() } else { String::new() };
        key.critical = pick(2, 9) == 0;
        key.ever_exported = pick(4, 5) == 0;
        key.last_used = (pick(5, 3) > 0).then(|| NOW.plus_days(-i64::from(pick(6, 200))));
        key.created = NOW.plus_days(-i64::from(pick(1, 400)));
        key.versions[0].current_from = NOW.plus_days(-i64::from(pick(2, 400)));
        key.versions[0].number = pick(3, 14) + 1;
        let known = match key.state {
            KeyState::Compromised => true,
            KeyState::Destroyed => pick(2, 2) == 0,
            _ => false,
        };
        key.compromise = known.then(|| Compromise {
            reason: CompromiseReason::KeyCompromise,
            occurred: NOW,
            noticed: NOW,
            note: "leaked".to_owned(),
        });
        if pick(4, 3) == 0 {
            key.later.contact = "on-call@example.org".to_owned();
            key.around.sponsor = "K.Lind".to_owned();
            key.around.shared_with = "Acme, Globex".to_owned();
            key.around.location = format!("Berlin, rack {}", pick(5, 7));
            key.around.process_until = Some(NOW.plus_days(i64::from(pick(6, 700)) - 350));
        }
        if key.state == KeyState::Suspended {
            key.life.review_by = Some(NOW.plus_days(i64::from(pick(2, 60)) - 20));
        }
        key
    }

    pub(in crate::model::search) fn index(of: u32) -> KeyIndex {
        KeyIndex::new(Arc::default(), (0..of).map(|n| Arc::new(key(n))))
    }

    fn names(index: &KeyIndex, hits: &Hits) -> Vec<String> {
        index.records(hits).map(|key| key.name.clone()).collect()
    }

    fn everything() -> KeyQuery {
        parse("", NOW).unwrap()
    }

    #[test]
    fn without_a_query_every_key_is_found_by_name_whatever_its_case() {
        let index = index(5000);
        let hits = index.search(&everything(), Sort::default());
        let mut expected: Vec<_> = (0..5000).map(|n| key(n).name).collect();
        expected.sort_by_key(|name| name.to_lowercase());
        assert_eq!(names(&index, &hits), expected);
        let back = index.sorted(&hits, Sort { descending: true, ..Sort::default() });
        assert!(names(&index, &back).iter().eq(expected.iter().rev()));
    }

    #[test]
    fn every_order_sorts_and_keys_without_a_date_come_last_either_way() {
        use crate::model::due::due_date;
        let index = index(3000);
        let records = |by, descending| {
            let hits = index.search(&everything(), Sort { by, descending });
            index.records(&hits).cloned().collect::<Vec<_>>()
        };
        let used: Vec<_> = records(SortBy::LastUsed, true).iter().map(|k| k.last_used).collect();
        let dated = used.iter().filter(|t| t.is_some()).count();
        assert!(used[..dated].is_sorted_by(|a, b| a >= b) && used[dated..].iter().all(Option::is_none));
        let settings = index.settings();
        let dates: Vec<_> = records(SortBy::Due, false)
            .iter()
            .map(|k| if k.state.is_in_use() { due_date(k, settings) } else { None })
            .collect();
        let dated = dates.iter().filter(|t| t.is_some()).count();
        assert!(dates[..dated].is_sorted() && dates[dated..].iter().all(Option::is_none));
        assert!(
            records(SortBy::Owner, false)
                .is_sorted_by_key(|k| (k.owner.to_lowercase(), k.name.to_lowercase()))
        );
        assert!(
            records(SortBy::System, false)
                .is_sorted_by_key(|k| (k.system.to_lowercase(), k.name.to_lowercase()))
        );
        assert!(records(SortBy::Type, false).is_sorted_by_key(|k| k.key_type.title()));
        assert!(records(SortBy::Version, true).is_sorted_by(|a, b| a.current_number() >= b.current_number()));
        assert!(records(SortBy::Age, false).is_sorted_by(|a, b| a.last_rotated() >= b.last_rotated()));
        assert!(records(SortBy::State, false).is_sorted_by_key(|k| k.state));
    }

    #[test]
    fn an_older_clone_keeps_its_keys_while_the_index_changes() {
        let mut index = index(3000);
        let before = index.clone();
        index.put(Arc::new(KeyRecord { name: "aaa".to_owned(), ..key(7) }));
        assert!(index.remove(key(8).id));
        assert_eq!((before.len(), index.len()), (3000, 2999));
        assert_eq!(before.get(key(7).id).map(|k| k.name.clone()), Some(key(7).name));
        assert_eq!(names(&index, &index.search(&everything(), Sort::default()))[0], "aaa");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn changed_one_by_one_it_is_the_index_made_at_once(
            changes in proptest::collection::vec((0u32..60, 0u32..60, any::<bool>()), 0..200),
        ) {
            let mut index = index(40);
            let mut expected: HashMap<KeyId, KeyRecord> = (0..40).map(|n| (key(n).id, key(n))).collect();
            for (n, name, put) in changes {
                let record = KeyRecord { name: key(name).name, ..key(n) };
                if put {
                    expected.insert(record.id, record.clone());
                    index.put(Arc::new(record));
                } else {
                    prop_assert_eq!(index.remove(record.id), expected.remove(&record.id).is_some());
                }
            }
            let rebuilt = KeyIndex::new(Arc::default(), expected.into_values().map(Arc::new));
            prop_assert_eq!(index.len(), rebuilt.len());
            let all = |index: &KeyIndex| index.iter().map(|k| (k.name.clone(), k.id)).collect::<Vec<_>>();
            prop_assert_eq!(all(&index), all(&rebuilt));
        }
    }

    #[test]
    fn a_block_that_grows_too_large_is_split_and_an_empty_one_goes() {
        let mut index = KeyIndex::new(Arc::default(), []);
        for n in 0..Block::MAX as u32 + 10 {
            index.put(Arc::new(key(n)));
        }
        assert_eq!(index.blocks.len(), 2);
        for n in 0..Block::MAX as u32 + 10 {
            assert!(index.remove(key(n).id));
        }
        assert!(index.is_empty() && index.blocks.is_empty());
    }
}
