//! The events at which a finding waits for an answer: those that made a rule fire. Found once for each list of findings.

use crate::guard::unusual::Finding;
use std::collections::HashSet;
use std::sync::Arc;

/// The events, by their place in the log.
#[derive(Default)]
pub(super) struct Waiting {
    of: Option<Arc<Vec<Finding>>>,
    seqs: HashSet<u64>,
}

impl Waiting {
    /// Brings them up to date.
    pub(super) fn refresh(&mut self, findings: &Arc<Vec<Finding>>) {
        if self.of.as_ref().is_some_and(|of| Arc::ptr_eq(of, findings)) {
            return;
        }
        let open = findings.iter().filter(|finding| finding.answer.is_none());
        self.seqs = open.filter_map(|finding| finding.events.last().copied()).collect();
        self.of = Some(Arc::clone(findings));
    }

    /// Whether a finding waits at this event.
    pub(super) fn at(&self, seq: u64) -> bool {
        self.seqs.contains(&seq)
    }

    /// All of them, in no order.
    pub(super) fn all(&self) -> impl Iterator<Item = u64> {
        self.seqs.iter().copied()
    }
}
