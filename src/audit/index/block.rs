//! Some thousand rows, column by column.

use crate::model::query_text::Bits;
use crate::model::{Action, Outcome, Severity};

/// The columns of up to [`Block::ROWS`] events.
#[derive(Clone, Default)]
pub(in crate::audit) struct Block {
    first_seq: u64,
    /// The places in the log, kept only where they do not simply count up from the first.
    seqs: Vec<u64>,
    pub(in crate::audit) time: Vec<i64>,
    pub(in crate::audit) operator: Vec<u16>,
    pub(in crate::audit) host: Vec<u16>,
    pub(in crate::audit) account: Vec<u16>,
    pub(in crate::audit) object: Vec<u32>,
    pub(in crate::audit) version: Vec<u32>,
    pub(in crate::audit) session: Vec<u32>,
    pub(in crate::audit) reason: Vec<u32>,
    /// Index into [`Action::ALL`].
    pub(in crate::audit) action: Vec<u8>,
    /// Index into [`Severity::ALL`].
    pub(in crate::audit) severity: Vec<u8>,
    /// Index into [`Outcome::ALL`].
    pub(in crate::audit) outcome: Vec<u8>,
    times: Option<(i64, i64)>,
}

/// One row, with its names already numbered.
pub(super) struct Record {
    pub(super) seq: u64,
    pub(super) time: i64,
    pub(super) operator: u16,
    pub(super) host: u16,
    pub(super) account: u16,
    pub(super) object: u32,
    pub(super) version: u32,
    pub(super) session: u32,
    pub(super) reason: u32,
    pub(super) action: Action,
    pub(super) severity: Severity,
    pub(super) outcome: Outcome,
}

impl Block {
    /// As many as one set of bits covers.
    pub(in crate::audit) const ROWS: usize = Bits::ROWS;
    /// What a row takes in all columns.
    pub(super) const ROW_BYTES: usize = size_of::<i64>() + 3 * size_of::<u16>() + 4 * size_of::<u32>() + 3;

    pub(in crate::audit) fn len(&self) -> usize {
        self.time.len()
    }

    pub(super) fn push(&mut self, record: Record) {
        let len = self.len();
        if len == 0 {
            self.first_seq = record.seq;
        } else if self.seqs.is_empty() && record.seq != self.first_seq.wrapping_add(len as u64) {
            self.seqs = (0..len as u64).map(|i| self.first_seq + i).collect();
        }
        if !self.seqs.is_empty() {
            self.seqs.push(record.seq);
        }
        self.time.push(record.time);
        self.operator.push(record.operator);
        self.host.push(record.host);
        self.account.push(record.account);
        self.object.push(record.object);
        self.version.push(record.version);
        self.session.push(record.session);
        self.reason.push(record.reason);
        self.action.push(record.action as u8);
        self.severity.push(record.severity as u8);
        self.outcome.push(record.outcome as u8);
        let (from, to) = self.times.unwrap_or((record.time, record.time));
        self.times = Some((from.min(record.time), to.max(record.time)));
    }

    pub(in crate::audit) fn seq(&self, at: usize) -> u64 {
        self.seqs.get(at).copied().unwrap_or(self.first_seq + at as u64)
    }

    pub(super) fn last_seq(&self) -> Option<u64> {
        self.len().checked_sub(1).map(|last| self.seq(last))
    }

    /// The row in this block with this place in the log.
    pub(super) fn find(&self, seq: u64) -> Option<usize> {
        if !self.seqs.is_empty() {
            return self.seqs.binary_search(&seq).ok();
        }
        let at = usize::try_from(seq.checked_sub(self.first_seq)?).ok()?;
        (at < self.len()).then_some(at)
    }

    /// From the earliest to the latest time in the block, both included.
    pub(in crate::audit) fn time_range(&self) -> Option<(i64, i64)> {
        self.times
    }
}
