//! A command's session: unlock, do one thing, lock. Both ends are recorded like any other session's.

use std::path::Path;
use std::sync::Arc;

use super::args::Open;
use super::failure::Failure;
use super::{input, output};
use crate::app::platform::host::Host;
use crate::crypto::memory::SecretBuf;
use crate::model::LockReason;
use crate::operations;
use crate::vault::anchor::KeyringAnchor;
use crate::vault::clock::SystemClock;
use crate::vault::{AnchorStatus, Environment, Operation, Vault, VaultError, VaultFile, View};

/// This workstation.
pub(super) fn environment() -> Environment {
    let here = Host::here();
    Environment {
        clock: Arc::new(SystemClock),
        anchor: Arc::new(KeyringAnchor::new()),
        host: here.name,
        os_user: here.user,
    }
}

/// An unlocked vault, and the password for what asks for it again.
pub(super) struct Session {
    vault: Vault,
    password: SecretBuf,
}

impl Session {
    /// Performs an operation; one that needs the password again is given the one that unlocked.
    pub(super) fn perform<O: Operation>(&mut self, operation: O) -> Result<O::Outcome, Failure> {
        if operation.needs(&self.vault.view()).password_again && !self.vault.is_stepped_up() {
            operations::step_up(&mut self.vault, &self.password)?;
        }
        Ok(self.vault.perform(operation)?)
    }

    pub(super) fn view(&self) -> Arc<View> {
        self.vault.view()
    }

    pub(super) fn vault(&mut self) -> &mut Vault {
        &mut self.vault
    }

    pub(super) fn password(&self) -> &SecretBuf {
        &self.password
    }
}

/// The vault's file, still locked.
pub(super) fn file(open: &Open) -> Result<VaultFile, Failure> {
    operations::open_vault(&open.vault).map_err(|error| Failure::from(error).about(&open.vault))
}

/// Refuses a new file whose folder is not there, before anybody is asked for a password.
pub(super) fn need_folder(file: &Path) -> Result<(), Failure> {
    match file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        Some(folder) => Err(Failure::new("not_found", "this folder does not exist").about(folder)),
        None => Ok(()),
    }
}

/// Unlocks, does `work`, and locks, whatever came of it.
pub(super) fn with<T>(
    open: &Open,
    work: impl FnOnce(&mut Session) -> Result<T, Failure>,
) -> Result<T, Failure> {
    with_accepted(open, None, work)
}

/// [`with`], accepting a file that disagrees with what this computer remembers, for a reason.
pub(super) fn with_accepted<T>(
    open: &Open,
    accept_restored: Option<&str>,
    work: impl FnOnce(&mut Session) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let file = file(open)?;
    if file.needs_name() && open.operator.is_none() {
        return Err(Failure {
            code: "which_operator",
            ..Failure::usage("this vault has several operators; name yours with --operator")
        });
    }
    let password = input::password(&open.password)?;
    let operator = open.operator.as_deref();
    let unlocked = match accept_restored {
        Some(reason) => operations::accept_restored(file, environment(), &password, operator, reason),
        None => operations::unlock(file, environment(), &password, operator),
    };
    let vault = unlocked.map_err(|(_, error)| error)?;
    // A keyring that is not there is told by `vault info`; one that forgot or was tampered with is told each time.
    if let AnchorStatus::Again(why) = &vault.view().anchor {
        output::note(&format!("whether this is an older copy was not checked: {why}"));
    }
    let mut session = Session { vault, password };
    let done = work(&mut session);
    lock(session.vault);
    done
}

/// Locks as a program does that ends. What the window left unsaved was not taken over, and stays where it is.
pub(super) fn lock(vault: Vault) {
    let (recorded, _) = operations::lock(vault, LockReason::Exit, &[]);
    if let Err(error) = recorded {
        let why = match error {
            VaultError::NotRecorded { cause, .. } => cause.to_string(),
            error => error.to_string(),
        };
        output::note(&format!("the end of this session could not be recorded: {why}"));
    }
}

/// Whether a rollback would be noticed, in a word and in words.
pub(super) fn anchor_words(status: &AnchorStatus) -> (&'static str, String) {
    match status {
        AnchorStatus::On => ("on", "on: this computer remembers the end of the log".to_owned()),
        AnchorStatus::First => {
            ("first", "on from now: this computer had not seen this vault before".to_owned())
        }
        AnchorStatus::Again(why) => {
            ("again", format!("on again: at this unlock an older copy would not have been noticed; {why}"))
        }
        AnchorStatus::Off(why) => ("off", format!("off: {why}")),
    }
}
