//! The opened events in columns: about 34 bytes each, and every name once.
//!
//! Made for a few million events that are only ever appended to. Full blocks are shared between clones, so a new
//! snapshot after each event costs microseconds whatever the length of the log. What changed in an event (its field
//! by field list) is not kept: the drawer that shows it opens that one entry again.

mod block;
mod intern;
mod row;
mod selection;

pub(in crate::audit) use block::Block;
pub(in crate::audit) use intern::{Named, OperatorName};
pub use row::Row;
pub use selection::Selection;

use std::sync::Arc;

use crate::model::{Event, SessionTag, Timestamp};
use intern::{Interner, NO_VERSION};

/// The columns of a log. `Clone` is cheap and gives a snapshot that stays as it is.
#[derive(Clone, Default)]
pub struct LogIndex {
    blocks: Vec<Arc<Block>>,
    tail: Block,
    names: Names,
}

/// Everything that is said by number in the columns.
#[derive(Clone, Default)]
pub(in crate::audit) struct Names {
    pub(in crate::audit) operators: Interner<Arc<OperatorName>>,
    pub(in crate::audit) hosts: Interner<Arc<str>>,
    pub(in crate::audit) accounts: Interner<Arc<str>>,
    pub(in crate::audit) objects: Interner<Arc<Named>>,
    pub(in crate::audit) sessions: Interner<SessionTag>,
    pub(in crate::audit) reasons: Interner<Arc<str>>,
}

impl LogIndex {
    /// An index of these events, which must come in the order of the log.
    #[must_use]
    pub fn from_events<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut index = Self::default();
        for event in events {
            index.push(event);
        }
        index
    }

    /// Appends an event. One that does not come after the last by its place in the log is left out, and `false` returned.
    pub fn push(&mut self, event: &Event) -> bool {
        if self.last_seq().is_some_and(|last| event.seq <= last) {
            return false;
        }
        let names = &mut self.names;
        let (object, version) = names.objects.object(&event.object);
        self.tail.push(block::Record {
            seq: event.seq,
            time: event.time.0,
            operator: names.operators.operator(event.operator_id, &event.operator),
            host: names.hosts.short(&event.host),
            account: names.accounts.short(&event.os_user),
            object,
            version: version.unwrap_or(NO_VERSION),
            session: names.sessions.tag(event.session),
            reason: names.reasons.text(&event.reason),
            action: event.action,
            severity: event.severity,
            outcome: event.outcome,
        });
        if self.tail.len() == Block::ROWS {
            self.blocks.push(Arc::new(std::mem::take(&mut self.tail)));
        }
        true
    }

    /// How many events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.blocks.len() * Block::ROWS + self.tail.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The event in row `row`, counted from 0.
    #[must_use]
    pub fn event_row(&self, row: u32) -> Option<Row<'_>> {
        let (block, at) = self.block_of(row)?;
        Some(Row { names: &self.names, block, at, row })
    }

    /// The event at this place in the log.
    #[must_use]
    pub fn get(&self, seq: u64) -> Option<Row<'_>> {
        self.event_row(self.row_of(seq)?)
    }

    /// The row of the event at this place in the log.
    #[must_use]
    pub fn row_of(&self, seq: u64) -> Option<u32> {
        let count = self.block_count();
        let block = partition_point(count, |i| self.block(i).last_seq().is_some_and(|last| last < seq));
        let at = self.block(block).find(seq)?;
        u32::try_from(block * Block::ROWS + at).ok()
    }

    /// All events, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Row<'_>> {
        (0..self.rows_len()).filter_map(|row| self.event_row(row))
    }

    /// The events after the first `heard`, oldest first.
    pub fn after(&self, heard: usize) -> impl Iterator<Item = Row<'_>> {
        let from = u32::try_from(heard).unwrap_or(u32::MAX);
        (from..self.rows_len()).filter_map(|row| self.event_row(row))
    }

    /// The events of a selection, in its order.
    pub fn rows<'a>(&'a self, selection: &'a Selection) -> impl DoubleEndedIterator<Item = Row<'a>> {
        selection.rows().iter().filter_map(|row| self.event_row(*row))
    }

    /// From the earliest to the latest time of any event.
    #[must_use]
    pub fn time_range(&self) -> Option<(Timestamp, Timestamp)> {
        let mut range: Option<(i64, i64)> = None;
        for i in 0..self.block_count() {
            let Some((from, to)) = self.block(i).time_range() else { continue };
            range = Some(range.map_or((from, to), |(a, b)| (a.min(from), b.max(to))));
        }
        range.map(|(from, to)| (Timestamp(from), Timestamp(to)))
    }

    /// The place in the log of the last event.
    #[must_use]
    pub fn last_seq(&self) -> Option<u64> {
        self.tail.last_seq().or_else(|| self.blocks.last()?.last_seq())
    }

    /// Bytes held by columns and names, roughly.
    #[must_use]
    pub fn memory(&self) -> usize {
        let names = &self.names;
        self.len() * Block::ROW_BYTES
            + names.operators.memory(|o| o.name.len())
            + names.hosts.memory(|s| s.len())
            + names.accounts.memory(|s| s.len())
            + names.objects.memory(|o| o.name().len() + size_of::<Named>())
            + names.sessions.memory(|_| 0)
            + names.reasons.memory(|s| s.len())
    }

    pub(in crate::audit) fn names(&self) -> &Names {
        &self.names
    }

    /// Blocks in order; all but the last hold [`Block::ROWS`] rows.
    pub(in crate::audit) fn block_count(&self) -> usize {
        self.blocks.len() + 1
    }

    pub(in crate::audit) fn block(&self, index: usize) -> &Block {
        self.blocks.get(index).map_or(&self.tail, |block| block)
    }

    pub(in crate::audit) fn block_of(&self, row: u32) -> Option<(&Block, usize)> {
        let row = row as usize;
        let block = self.block(row / Block::ROWS);
        let at = row % Block::ROWS;
        (row < self.len() && at < block.len()).then_some((block, at))
    }

    /// The number of rows as rows are counted; a log of four billion events is cut there.
    pub(in crate::audit) fn rows_len(&self) -> u32 {
        u32::try_from(self.len()).unwrap_or(u32::MAX)
    }
}

impl std::fmt::Debug for LogIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogIndex").field("len", &self.len()).finish_non_exhaustive()
    }
}

fn partition_point(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

#[cfg(test)]
pub(in crate::audit) mod tests {
    use super::*;
    use crate::model::event::tests::sample;
    use crate::model::{Action, KeyId, Object, OperatorId, Outcome, Severity};

    /// A log with a bit of everything: `len` events a minute apart.
    pub(in crate::audit) fn busy_log(len: u64) -> Vec<Event> {
        let operators = ["m.ito", "a.novak", "s.okafor", "Svc-Deploy"];
        (0..len)
            .map(|seq| {
                let state = std::cell::Cell::new(seq.wrapping_add(1));
                let pick = |n: u64| {
                    state.set(
                        state.get().wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F),
                    );
                    (state.get() >> 33) % n
                };
                let who = pick(operators.len() as u64) as usize;
                let action = Action::ALL[pick(Action::ALL.len() as u64) as usize];
                let mut event =
                    sample(seq, Timestamp(1_775_000_000_000 + seq as i64 * 60_000), operators[who], action);
                event.operator_id = OperatorId([who as u8; 16]);
                event.session = SessionTag([(seq / 50) as u8; 16]);
                event.host = format!("ws-{}", pick(5));
                event.outcome = Outcome::ALL[usize::from(pick(7) == 0) + usize::from(pick(11) == 0)];
                event.severity = Severity::ALL[pick(4) as usize];
                event.object = match pick(5) {
                    0 => Object::Vault,
                    1 => Object::Keys { count: pick(9) as u32 },
                    2 => Object::Operator { id: OperatorId([9; 16]), name: "a.novak".to_owned() },
                    _ => {
                        let n = pick(40);
                        Object::Key {
                            id: KeyId([n as u8; 16]),
                            name: format!("key-{n}"),
                            version: Some(n as u32 % 5 + 1),
                        }
                    }
                };
                event.reason = if pick(3) == 0 { format!("Ticket {}", pick(20)) } else { String::new() };
                event
            })
            .collect()
    }

    #[test]
    fn every_event_comes_back_as_it_went_in_but_for_its_changes() {
        let events = busy_log(10_000);
        let index = LogIndex::from_events(&events);
        assert_eq!(index.len(), events.len());
        for (event, row) in events.iter().zip(index.iter()) {
            assert_eq!(row.event(), *event);
            assert_eq!(row.object_words(), event.object.words());
            assert_eq!(row.sentence(), event.sentence());
        }
        assert_eq!(index.get(9_999).map(|r| r.seq()), Some(9_999));
        assert!(index.get(10_000).is_none());
        assert_eq!(index.time_range(), Some((events[0].time, events[9_999].time)));
    }

    #[test]
    fn gaps_in_the_log_keep_their_places() {
        let mut index = LogIndex::default();
        let seqs: Vec<u64> = (0..6000).map(|i| i + i / 100 * 7).chain([1 << 40]).collect();
        for seq in &seqs {
            assert!(index.push(&sample(*seq, Timestamp(0), "m", Action::KeyEdit)));
        }
        assert!(!index.push(&sample(3, Timestamp(0), "m", Action::KeyEdit)));
        for (row, seq) in seqs.iter().enumerate() {
            assert_eq!(index.row_of(*seq), Some(row as u32));
        }
        assert_eq!(index.row_of(103), None);
    }

    #[test]
    fn a_snapshot_stays_as_it_is_while_the_log_grows() {
        let events = busy_log(9000);
        let mut index = LogIndex::from_events(&events[..5000]);
        let snapshot = index.clone();
        events[5000..].iter().for_each(|e| assert!(index.push(e)));
        assert_eq!((snapshot.len(), index.len()), (5000, 9000));
        assert!(snapshot.iter().zip(&events).all(|(row, event)| row.event() == *event));
        assert!(index.iter().zip(&events).all(|(row, event)| row.event() == *event));
    }

    #[test]
    fn an_event_costs_at_most_forty_bytes_and_its_names_are_kept_once() {
        let index = LogIndex::from_events(&busy_log(50_000));
        assert!(index.memory() < 50_000 * 40 + 200_000, "{}", index.memory());
    }

    #[test]
    fn more_hosts_than_a_column_can_number_share_one_name() {
        let mut index = LogIndex::default();
        let mut event = sample(0, Timestamp(0), "m", Action::KeyEdit);
        for seq in 0..70_000 {
            event.seq = seq;
            event.host = format!("host-{seq}");
            index.push(&event);
        }
        assert_eq!(index.get(65_534).map(|r| r.host().to_owned()).as_deref(), Some("host-65534"));
        assert_eq!(index.get(69_999).map(|r| r.host().to_owned()).as_deref(), Some("(more names)"));
    }
}
