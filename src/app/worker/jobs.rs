//! Work that takes longer than a command may: verifying and exporting the log. It is done in slices between commands, so
//! that a command, a deadline or a lock never waits for more than one of them.

use std::path::Path;

use crate::operations::{LogExport, LogVerification};
use crate::vault::{Vault, VaultError};

use super::super::command::{Done, Ticket};
use super::super::snapshot::{Integrity, Job};
use super::background::broken;
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
        };
        Job { title, done: self.done, total: self.total, cancellable: true }
    }

    /// One slice.
    fn step(&mut self, vault: &mut Vault) -> Result<Option<Done>, VaultError> {
        match &mut self.work {
            Work::Verify(verification, _) => verification.step(vault).map(|done| done.map(Done::Checked)),
            Work::Export(export) => export.step(vault).map(|done| done.map(|r| Done::Written(r.files))),
        }
    }

    /// Looks how far it is; tells whether that is another percentage than before.
    fn look(&mut self, vault: &Vault) -> bool {
        let before = percent(self.done, self.total);
        (self.done, self.total) = match &self.work {
            Work::Verify(verification, _) => verification.progress(vault),
            Work::Export(export) => export.progress(),
        };
        before != percent(self.done, self.total)
    }
}

/// Hundredths done, for telling whether a change is worth a new picture.
pub(super) fn percent(done: u64, total: u64) -> u64 {
    done.saturating_mul(100) / total.max(1)
}

impl Worker {
    /// Begins to verify the log, or joins the verification that is under way. `ticket`: of the operator who asked.
    pub(super) fn start_verification(&mut self, ticket: Option<Ticket>) {
        let State::Open(open) = &mut self.state else {
            return self.answer(ticket, Err(VaultError::Cancelled));
        };
        open.set_verified_once();
        let under_way = open.jobs.iter_mut().find_map(|job| match &mut job.work {
            Work::Verify(verification, _) => Some((verification, &mut job.tickets)),
            Work::Export(_) => None,
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
        let result = job.step(&mut open.vault);
        self.dirty |= job.look(&open.vault);
        if matches!(job.work, Work::Verify(..)) {
            open.integrity = Integrity::Checking { done: job.done, total: job.total };
        }
        self.dirty |= open.sync();
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
                open.integrity = match &result {
                    Ok(Done::Checked(checked)) => Integrity::Verified {
                        entries: checked.entries,
                        at: self.services.clock.wall(),
                        checkpoints: checked.checkpoints,
                    },
                    Err(error) if error.is_damage() => broken(error),
                    _ => before,
                };
            }
            Work::Export(export) if matches!(result, Err(VaultError::Cancelled)) => {
                result = Err(export.cancel(&mut open.vault));
            }
            Work::Export(_) => {}
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
