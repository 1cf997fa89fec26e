//! What the worker does when nobody asks for anything: read the log, verify it once after an unlock, and go on with what
//! takes longer; a slice at a time.

use std::sync::Arc;

use crate::vault::VaultError;

use super::super::snapshot::{EventDetail, Integrity};
use super::{State, Worker};

impl Worker {
    /// One slice of background work.
    pub(super) fn background(&mut self) {
        let mono = self.services.clock.monotonic();
        let State::Open(open) = &mut self.state else { return };
        if open.rests(mono) {
            return self.advance_job();
        }
        let reads = open.is_behind();
        if reads {
            match open.read_more() {
                Ok(worth_showing) => {
                    self.dirty |= worth_showing;
                    if !open.is_behind() {
                        // Unlocking and reading passed through far more memory than they keep.
                        crate::crypto::process::trim_heap();
                    }
                }
                Err(error) => {
                    open.stopped_by(&error, mono);
                    self.dirty = true;
                }
            }
        } else if open.wants_to_hear_again() {
            self.dirty = true;
            if let Err(error) = open.hear_again() {
                open.stopped_by(&error, mono);
            }
        } else if open.wants_verification() {
            open.set_verified_once(true);
            // What was accepted although it is another file than was seen here is looked through as any.
            if matches!(open.integrity, Integrity::NotChecked | Integrity::Restored { .. }) {
                self.start_verification(None);
            }
        }
        let State::Open(open) = &self.state else { return };
        if open.jobs.front().is_some_and(|job| job.is_asked() || !reads) {
            self.advance_job();
        }
    }

    /// Opens one event whole.
    pub(super) fn show_detail(&mut self, seq: u64) {
        let State::Open(open) = &mut self.state else { return };
        let checkpoint = open.vault.checkpoint_over(seq).ok().flatten();
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
                checkpoint,
                rows,
            };
            Some(Arc::new(detail))
        });
    }
}

/// What damage says of the log.
pub(super) fn broken(error: &VaultError) -> Integrity {
    let seq = match error {
        VaultError::Log(damage) => Some(damage.seq),
        _ => None,
    };
    Integrity::Broken { what: error.to_string(), seq }
}
