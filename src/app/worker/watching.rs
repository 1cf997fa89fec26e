//! The rules of unusual activity over the log of the open vault: hears every event once as it is read, and the whole log
//! once more, in slices, after the rules were changed. Until then what the old rules found stays.

use std::sync::Arc;

use crate::guard::unusual::{Answer, Facts, Finding, Watch};
use crate::model::{Action, Event, UnusualLimits};
use crate::vault::View;

/// The rules and what they found.
pub(super) struct Watching {
    watch: Watch,
    /// Newest first.
    findings: Arc<Vec<Finding>>,
    /// The same log under changed rules, as far as it was heard.
    again: Option<Again>,
}

struct Again {
    watch: Watch,
    next: u64,
    found: Vec<Finding>,
}

impl Watching {
    /// Nothing was heard yet.
    pub(super) fn new(limits: UnusualLimits) -> Self {
        Self { watch: Watch::new(limits), findings: Arc::default(), again: None }
    }

    /// What was found, newest first.
    pub(super) fn findings(&self) -> Arc<Vec<Finding>> {
        Arc::clone(&self.findings)
    }

    /// The rules from now on. Where they changed, the log must be heard again.
    pub(super) fn set_limits(&mut self, limits: &UnusualLimits) {
        let in_force = self.again.as_ref().map_or(&self.watch, |again| &again.watch).limits();
        if in_force != limits {
            self.again = Some(Again { watch: Watch::new(limits.clone()), next: 0, found: Vec::new() });
        }
    }

    /// Hears the newest event of the log.
    pub(super) fn hear(&mut self, event: &Event, view: &View) {
        let found = self.watch.observe(event, &facts(event, view));
        if !found.is_empty() {
            let findings = Arc::make_mut(&mut self.findings);
            findings.extend(found);
            findings.sort_by_key(|f| std::cmp::Reverse(f.time));
        }
        if event.action == Action::AuditAnswer {
            Answer::apply(event, Arc::make_mut(&mut self.findings).as_mut_slice());
        }
    }

    /// The event from which on the log must be heard again.
    pub(super) fn wants_again(&self) -> Option<u64> {
        self.again.as_ref().map(|again| again.next)
    }

    /// Hears a slice of the log again; `end`: how much of the log there is. The new findings count once all was heard.
    pub(super) fn hear_again(&mut self, events: &[Event], end: u64, view: &View) {
        let Some(mut again) = self.again.take() else { return };
        for event in events {
            again.found.extend(again.watch.observe(event, &facts(event, view)));
            Answer::apply(event, &mut again.found);
            again.next = event.seq + 1;
        }
        // A log that gives no more is heard as far as it goes.
        if again.next < end && !events.is_empty() {
            self.again = Some(again);
            return;
        }
        again.found.sort_by_key(|f| std::cmp::Reverse(f.time));
        (self.watch, self.findings) = (again.watch, Arc::new(again.found));
    }
}

fn facts(event: &Event, view: &View) -> Facts {
    let key = event.object.key_id().and_then(|id| view.keys.get(id));
    key.map(|key| Facts::of(key)).unwrap_or_default()
}
