//! Work that takes longer than a command may: verifying and exporting the log, looking through the whole vault. It is done in slices between commands, so
//! that a command, a deadline or a lock never waits for more than one of them.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use crate::model::Timestamp;
use crate::operations::{LogExport, LogVerification, VaultCheck, WholeCheck};
use crate::store::Stop;
use crate::vault::{Checked, Vault, VaultError};

use super::super::command::{Done, Ticket};
use super::super::snapshot::{Integrity, Job, LastCheck};
use super::background::broken;
use super::deadlines::Deadlines;
use super::{State, Worker};

/// Work that is under way.
pub(super) struct Running {
    work: Work,
    /// Who waits for it; nobody for what the worker began by itself.
    tickets: Vec<Ticket>,
    done: u64,
    total: u64,
}

enum Work {
    /// The verification, and what was known before it.
    Verify(Box<LogVerification>, Integrity),
    Export(Box<LogExport>),
    /// The look through the whole vault, and since when it goes on.
    Check(Box<VaultCheck>, Duration),
}

impl Running {
    fn new(work: Work, ticket: Option<Ticket>) -> Self {
        Self { work, tickets: ticket.into_iter().collect(), done: 0, total: 0 }
    }

    /// Whether somebody waits for it.
    pub(super) fn is_asked(&self) -> bool {
        !self.tickets.is_empty()
    }

    /// As the window shows it.
    pub(super) fn job(&self) -> Job {
        let title = match self.work {
            Work::Verify(..) => "Verifying the log",
            Work::Export(_) => "Exporting the log",
            Work::Check(..) => CHECKING,
        };
        Job { title, done: self.done, total: self.total, cancellable: true }
    }

    /// One slice. `stop`: whether what cannot be sliced must end.
    fn step(&mut self, vault: &mut Vault, stop: Stop<'_>) -> Result<Option<Done>, VaultError> {
        match &mut self.work {
            Work::Verify(verification, _) => verification.step(vault).map(|done| done.map(Done::Checked)),
            Work::Export(export) => export.step(vault).map(|done| done.map(|r| Done::Written(r.files))),
            Work::Check(check, _) => check.step(vault, stop).map(|done| done.map(Done::WholeChecked)),
        }
    }

    /// Looks how far it is; tells whether that is another percentage than before.
    fn look(&mut self, vault: &Vault) -> bool {
        let before = percent(self.done, self.total);
        (self.done, self.total) = match &self.work {
            Work::Verify(verification, _) => verification.progress(vault),
            Work::Export(export) => export.progress(),
            Work::Check(check, _) => check.progress(vault),
        };
        before != percent(self.done, self.total)
    }
}

/// What the look through the whole vault is called while it runs.
pub const CHECKING: &str = "Checking the vault";

/// Hundredths done, for telling whether a change is worth a new picture.
pub(super) fn percent(done: u64, total: u64) -> u64 {
    done.saturating_mul(100) / total.max(1)
}

fn verified(log: &Checked, at: Timestamp) -> Integrity {
    Integrity::Verified { entries: log.entries, at, checkpoints: log.checkpoints }
}

/// What a look through the whole vault came to; `None` where it did not come to its end.
fn found(result: &Result<Done, VaultError>) -> Option<Result<WholeCheck, String>> {
    match result {
        Ok(Done::WholeChecked(found)) => Some(Ok(found.clone())),
        Err(error) if error.is_damage() => Some(Err(error.to_string())),
        _ => None,
    }
}

impl Worker {
    /// Begins to verify the log, or joins the verification that is under way. `ticket`: of the operator who asked.
    pub(super) fn start_verification(&mut self, ticket: Option<Ticket>) {
        let State::Open(open) = &mut self.state else {
            return self.answer(ticket, Err(VaultError::Cancelled));
        };
        open.set_verified_once(true);
        let under_way = open.jobs.iter_mut().find_map(|job| match &mut job.work {
            Work::Verify(verification, _) => Some((verification, &mut job.tickets)),
            Work::Export(_) | Work::Check(..) => None,
        });
        let begun = match under_way {
            Some((verification, tickets)) => verification.ask(&mut open.vault).map(|()| {
                tickets.extend(ticket);
            }),
            None => LogVerification::begin(&mut open.vault, ticket.is_some()).map(|verification| {
                let checking = Integrity::Checking { done: 0, total: open.vault.view().log_size };
                let before = std::mem::replace(&mut open.integrity, checking);
                open.jobs.push_back(Running::new(Work::Verify(Box::new(verification), before), ticket));
            }),
        };
        open.sync();
        self.dirty = true;
        if let Err(error) = begun {
            self.answer(ticket, Err(error));
        }
    }

    /// Begins to look through the whole vault, or joins the look that is under way. It goes before what nobody waits for.
    pub(super) fn start_check(&mut self, ticket: Ticket) {
        let State::Open(open) = &mut self.state else {
            return self.reply(ticket, Err(VaultError::Cancelled));
        };
        self.dirty = true;
        if let Some(job) = open.jobs.iter_mut().find(|job| matches!(job.work, Work::Check(..))) {
            job.tickets.push(ticket);
            return;
        }
        let begun = VaultCheck::begin(&mut open.vault);
        open.sync();
        match begun {
            Ok(check) => {
                let work = Work::Check(Box::new(check), self.services.clock.monotonic());
                open.jobs.push_front(Running::new(work, Some(ticket)));
            }
            Err(error) => self.reply(ticket, Err(error)),
        }
    }

    /// Begins to export the log. It goes before what nobody waits for.
    pub(super) fn start_export(&mut self, ticket: Ticket, dir: &Path, disclose: bool) {
        let State::Open(open) = &mut self.state else {
            return self.reply(ticket, Err(VaultError::Cancelled));
        };
        let begun = LogExport::begin(&mut open.vault, dir, disclose);
        open.sync();
        self.dirty = true;
        match begun {
            Ok(export) => open.jobs.push_front(Running::new(Work::Export(Box::new(export)), Some(ticket))),
            Err(error) => self.reply(ticket, Err(error)),
        }
    }

    /// Does one slice of the foremost job.
    pub(super) fn advance_job(&mut self) {
        let State::Open(open) = &mut self.state else { return };
        let Some(job) = open.jobs.front_mut() else { return };
        // What cannot be sliced looks at the session's clock, and at what is to be gone, as all long work does.
        let session = open.session.clone();
        let looks = Deadlines::new(&self.shared, &mut self.services, &mut self.clipboard, session);
        let looks = RefCell::new(looks);
        let result = job.step(&mut open.vault, &|| looks.borrow_mut().must_stop());
        let seen = looks.into_inner().end();
        open.session = seen.session;
        self.dirty |= job.look(&open.vault);
        if matches!(job.work, Work::Verify(..)) {
            open.integrity = Integrity::Checking { done: job.done, total: job.total };
        }
        self.dirty |= open.sync();
        self.record_hidden(seen.hidden);
        match result {
            Ok(None) => {}
            Ok(Some(done)) => self.finish_job(Ok(done)),
            Err(error) => self.finish_job(Err(error)),
        }
    }

    /// Gives the foremost job up.
    pub(super) fn cancel_job(&mut self) {
        let State::Open(open) = &mut self.state else { return };
        if !open.jobs.is_empty() {
            self.finish_job(Err(VaultError::Cancelled));
        }
    }

    /// Gives every job up, before a lock.
    pub(super) fn drop_jobs(&mut self) {
        while matches!(&self.state, State::Open(open) if !open.jobs.is_empty()) {
            self.finish_job(Err(VaultError::Cancelled));
        }
    }

    fn finish_job(&mut self, result: Result<Done, VaultError>) {
        let State::Open(open) = &mut self.state else { return };
        let Some(job) = open.jobs.pop_front() else { return };
        let mut result = result;
        match job.work {
            Work::Verify(_, before) => {
                let asked = !job.tickets.is_empty();
                match &result {
                    Ok(Done::Checked(checked)) => {
                        open.integrity = match before {
                            // That it was accepted is what there is to know of it first, until somebody asks.
                            Integrity::Restored { .. } if !asked => {
                                Integrity::Restored { holds: Some(checked.entries) }
                            }
                            _ => verified(checked, self.services.clock.wall()),
                        };
                    }
                    Err(error) if error.is_damage() => open.integrity = broken(error),
                    // What a look through the whole vault found meanwhile stays.
                    _ if matches!(open.integrity, Integrity::Checking { .. }) => open.integrity = before,
                    _ => {}
                }
                if !asked && matches!(result, Err(VaultError::Store(_))) && !open.integrity.is_broken() {
                    // The file was held, or its disk away.
                    open.set_verified_once(false);
                    open.rest(self.services.clock.monotonic());
                }
            }
            Work::Export(export) if matches!(result, Err(VaultError::Cancelled)) => {
                result = Err(export.cancel(&mut open.vault));
            }
            Work::Export(_) => {}
            Work::Check(check, since) => {
                let (at, mono) = (self.services.clock.wall(), self.services.clock.monotonic());
                match &result {
                    Ok(Done::WholeChecked(found)) => open.integrity = verified(&found.log, at),
                    // What does not hold is not the log.
                    Err(error) if error.is_damage() => {
                        open.integrity = check.log().map_or_else(|| broken(error), |log| verified(log, at));
                    }
                    _ => {}
                }
                if let Some(found) = found(&result) {
                    open.last_check = Some(LastCheck { at, took: mono.saturating_sub(since), found });
                }
            }
        }
        open.sync();
        self.dirty = true;
        crate::crypto::memory::burn_stack();
        for ticket in job.tickets {
            self.reply(ticket, result.clone());
        }
    }

    fn answer(&mut self, ticket: Option<Ticket>, result: Result<Done, VaultError>) {
        if let Some(ticket) = ticket {
            self.reply(ticket, result);
        }
    }
}
