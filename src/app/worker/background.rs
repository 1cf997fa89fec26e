//! What the worker does when nobody asks for anything: read the log, and verify it once after an unlock.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::guard::session::{Now, Verdict};
use crate::store::Walk;
use crate::vault::{Checked, VaultError};

use super::super::snapshot::{EventDetail, Integrity, Job};
use super::locked::stop_if;
use super::{State, Worker};

const VERIFYING: &str = "Verifying the log";

impl Worker {
    /// One slice of background work.
    pub(super) fn background(&mut self) {
        let State::Open(open) = &mut self.state else { return };
        if !open.has_background_work() {
            return;
        }
        self.dirty = true;
        if open.vault.view().log_size > open.log_len() && !open.is_unreadable() {
            if let Err(error) = open.read_more() {
                open.set_verified_once();
                open.stop_reading();
                open.integrity = broken(&error);
            }
            if open.log_len() >= open.vault.view().log_size {
                // Unlocking and reading passed through far more memory than they keep.
                crate::crypto::process::trim_heap();
            }
            return;
        }
        open.set_verified_once();
        if matches!(open.integrity, Integrity::NotChecked) {
            // Not recorded: nobody asked. Damage is, by the operation that reports it.
            let _ = self.verify(false);
        }
    }

    /// Verifies the whole log; `asked` says whether an operator wanted it, and so whether it is recorded.
    pub(super) fn verify(&mut self, asked: bool) -> Result<Checked, VaultError> {
        let clock = Arc::clone(&self.services.clock);
        let shared = Arc::clone(&self.shared);
        let State::Open(open) = &mut self.state else { return Err(VaultError::Cancelled) };
        let before = std::mem::replace(&mut open.integrity, Integrity::Checking { done: 0, total: 0 });
        let mut session = open.session.clone();
        let (wake, snapshot) = (&self.wake, &shared.snapshot);
        let mut last = std::time::Duration::ZERO;
        let mut progress = |done: u64, total: u64| -> Walk {
            let now = Now { wall: clock.wall(), mono: clock.monotonic() };
            if now.mono.saturating_sub(last) > std::time::Duration::from_millis(100) {
                last = now.mono;
                let mut shown = super::lock(snapshot);
                let mut next = (**shown).clone();
                next.serial += 1;
                next.job = Some(Job { title: VERIFYING, done, total, cancellable: true });
                if let super::Phase::Unlocked(view) = &mut next.phase {
                    Arc::make_mut(view).integrity = Integrity::Checking { done, total };
                }
                *shown = Arc::new(next);
                drop(shown);
                wake();
            }
            // A lock always wins, by hand or by the clock.
            let due = matches!(session.tick(now), Verdict::Lock(_));
            stop_if(due || shared.interrupt.load(Ordering::Acquire))
        };
        let result = if asked {
            crate::operations::verify_log(&mut open.vault, &mut progress)
        } else {
            let result = open.vault.verify_log(&mut progress);
            if result.as_ref().is_err_and(VaultError::is_damage) {
                // Once more through the operation, so that the damage is in the log.
                let _ = crate::operations::verify_log(&mut open.vault, &mut progress);
            }
            result
        };
        open.integrity = match &result {
            Ok(checked) => Integrity::Verified {
                entries: checked.entries,
                at: clock.wall(),
                checkpoints: checked.checkpoints,
            },
            Err(VaultError::Cancelled) => before,
            Err(error) if error.is_damage() => broken(error),
            Err(_) => before,
        };
        open.sync();
        self.serial += 1_000;
        self.dirty = true;
        result
    }

    /// Opens one event whole.
    pub(super) fn show_detail(&mut self, seq: u64) {
        let State::Open(open) = &mut self.state else { return };
        open.detail = open.vault.entry(seq).ok().and_then(|(record, leaf_hash, signed)| {
            let leaf = &record.signed.leaf;
            let mut rows: Vec<(&'static str, usize)> = Vec::new();
            for change in &record.delta.0 {
                match rows.iter_mut().find(|(table, _)| *table == change.table.name()) {
                    Some((_, count)) => *count += 1,
                    None => rows.push((change.table.name(), 1)),
                }
            }
            let detail = EventDetail {
                event: record.event().ok()?,
                leaf_hash,
                prev_root: leaf.prev_root,
                state_root: leaf.state_root,
                roster_version: leaf.roster_version,
                signed,
                rows,
            };
            Some(Arc::new(detail))
        });
    }
}

fn broken(error: &VaultError) -> Integrity {
    let seq = match error {
        VaultError::Log(damage) => Some(damage.seq),
        _ => None,
    };
    Integrity::Broken { what: error.to_string(), seq }
}
