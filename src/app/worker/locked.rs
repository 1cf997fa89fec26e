//! A vault file that is open and locked: trying passwords, making vaults, finding KDF parameters.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::crypto::CryptoError;
use crate::crypto::kdf::{self, KdfParams};
use crate::crypto::memory::SecretBuf;
use crate::guard::attempts;
use crate::model::{LockReason, VaultId};
use crate::operations::{self, NewPassword, create_vault, open_vault};
use crate::store::Row;
use crate::vault::clock::Clock;
use crate::vault::{NewVault, Vault, VaultError, VaultFile};

use super::super::command::Done;
use super::super::snapshot::{Job, LockedView};
use super::open::Open;
use super::{State, Worker};

/// A locked file.
pub(super) struct Locked {
    pub path: PathBuf,
    /// Which vault it is, where that is known.
    pub vault: Option<VaultId>,
    pub name: String,
    pub is_demo: bool,
    pub reason: Option<LockReason>,
    pub lock_error: Option<VaultError>,
    /// Drafts that could not be stored when the vault was locked, sealed.
    pub unsaved: Vec<Row>,
    file: Option<VaultFile>,
    needs_operator: bool,
    params: KdfParams,
    failed: usize,
    wait_until: Option<Duration>,
    opening_since: Option<Duration>,
    error: Option<VaultError>,
}

impl Locked {
    /// Opens the file at `path`; what is wrong with it is shown where the password would be asked for.
    pub(super) fn new(path: PathBuf, name: Option<String>, clock: &dyn Clock) -> Self {
        let stem = path.file_stem().map(|s| s.to_string_lossy().into_owned());
        let mut locked = Self {
            name: name.or(stem).unwrap_or_default(),
            path,
            vault: None,
            is_demo: false,
            reason: None,
            lock_error: None,
            unsaved: Vec::new(),
            file: None,
            needs_operator: false,
            params: KdfParams::DEFAULT,
            failed: 0,
            wait_until: None,
            opening_since: None,
            error: None,
        };
        locked.reopen(clock);
        locked
    }

    /// Why the file cannot even be tried, if it cannot.
    pub(super) fn opening_error(&self) -> Option<&VaultError> {
        if self.file.is_none() { self.error.as_ref() } else { None }
    }

    fn reopen(&mut self, clock: &dyn Clock) {
        match open_vault(&self.path) {
            Ok(file) => self.hold(file, clock),
            Err(error) => self.error = Some(error),
        }
    }

    fn hold(&mut self, mut file: VaultFile, clock: &dyn Clock) {
        self.vault = Some(file.vault());
        self.needs_operator = file.needs_name();
        self.params = file.params();
        let now = clock.wall();
        let failed = file.attempts_at(now);
        self.failed = failed.len();
        let wait = attempts::delay(&failed, now);
        self.wait_until = wait.map(|wait| clock.monotonic() + wait);
        self.file = Some(file);
    }

    pub(super) fn view(&self) -> LockedView {
        LockedView {
            path: self.path.clone(),
            name: self.name.clone(),
            needs_operator: self.needs_operator,
            params: self.params,
            failed: self.failed,
            wait_until: self.wait_until,
            reason: self.reason,
            opening_since: self.opening_since,
            error: self.error.clone(),
            lock_error: self.lock_error.clone(),
            unsaved: !self.unsaved.is_empty(),
        }
    }
}

impl Worker {
    pub(super) fn open_file(&mut self, path: PathBuf) {
        if !self.close(LockReason::ByHand) {
            return;
        }
        let mut locked = Locked::new(path, None, &*self.services.clock);
        locked.unsaved = locked.vault.and_then(|vault| self.unsaved.remove(&vault)).unwrap_or_default();
        self.state = match locked.opening_error() {
            Some(error) => State::Nothing(Some((locked.path.clone(), error.clone()))),
            None => State::Locked(Box::new(locked)),
        };
    }

    pub(super) fn unlock(&mut self, password: &SecretBuf, operator: Option<&str>, accept: Option<&str>) {
        let env = self.services.environment();
        let clock = std::sync::Arc::clone(&self.services.clock);
        let State::Locked(locked) = &mut self.state else { return };
        locked.error = None;
        if locked.file.is_none() {
            locked.reopen(&*clock);
        }
        // A file that cannot be opened is not tried either; why not is told.
        let Some(file) = locked.file.take() else { return };
        locked.opening_since = Some(clock.monotonic());
        self.dirty = true;
        self.publish();
        let result = match accept {
            Some(reason) => operations::accept_restored(file, env, password, operator, reason),
            None => operations::unlock(file, env, password, operator),
        };
        let cancelled = self.shared.must_stop();
        self.shared.spend_cancels();
        self.dirty = true;
        let State::Locked(locked) = &mut self.state else { return };
        locked.opening_since = None;
        match result {
            Ok(vault) => {
                let (path, is_demo) = (locked.path.clone(), locked.is_demo);
                let unsaved = std::mem::take(&mut locked.unsaved);
                self.enter(vault, path, is_demo, unsaved);
                if cancelled {
                    self.lock(LockReason::ByHand, None);
                }
            }
            Err((file, error)) => {
                locked.hold(*file, &*clock);
                locked.error = Some(error);
            }
        }
        crate::crypto::memory::burn_stack();
    }

    pub(super) fn create(
        &mut self,
        path: PathBuf,
        name: &str,
        operator: &str,
        password: &NewPassword,
        params: KdfParams,
    ) -> Result<(), VaultError> {
        self.set_job(Some(Job { title: "Creating the vault", done: 0, total: 0, cancellable: false }));
        let new = NewVault { name, operator, password: &password.value, params };
        let made = create_vault(&path, self.services.environment(), &new, &password.weak_because);
        self.set_job(None);
        let vault = made?;
        if self.close(LockReason::ByHand) {
            self.enter(vault, path, false, Vec::new());
        }
        Ok(())
    }

    /// A vault was unlocked: everything of the session starts here.
    /// `unsaved`: drafts that an earlier lock could not store. Those of other operators wait for them.
    pub(super) fn enter(&mut self, mut vault: Vault, path: PathBuf, is_demo: bool, unsaved: Vec<Row>) {
        let (me, session) = (vault.view().me.id, vault.view().session.tag);
        let (own, others): (Vec<_>, Vec<_>) = unsaved.into_iter().partition(|row| row.id.starts_with(&me.0));
        super::lock(&self.shared.drafts).open(session, vault.drafts(&own));
        let mut open = Open::new(vault, path, is_demo, self.now());
        open.unsaved_of_others = others;
        self.state = State::Open(Box::new(open));
        self.dirty = true;
    }

    pub(super) fn calibrate(&mut self, target_ms: u64) -> Result<Done, VaultError> {
        let title = "Measuring this computer";
        self.set_job(Some(Job { title, done: 0, total: 0, cancellable: true }));
        let mut tries = 0;
        let shared = std::sync::Arc::clone(&self.shared);
        let result = kdf::calibrate(Duration::from_millis(target_ms), &mut |_| {
            tries += 1;
            self.set_job(Some(Job { title, done: tries, total: 0, cancellable: true }));
            stop_if(shared.must_stop())
        });
        self.shared.spend_cancels();
        self.set_job(None);
        match result {
            Ok(found) => Ok(Done::Calibrated(found)),
            Err(CryptoError::Cancelled) => Err(VaultError::Cancelled),
            Err(error) => Err(error.into()),
        }
    }

    /// Builds a demonstration vault and unlocks it at once.
    pub(super) fn open_demo(&mut self) {
        let title = "Building the demonstration vault";
        self.set_job(Some(Job { title, done: 0, total: 0, cancellable: true }));
        let built = self.build_demo(title);
        self.shared.spend_cancels();
        self.set_job(None);
        match built {
            Ok((folder, path, password)) => {
                if !self.close(LockReason::ByHand) {
                    return;
                }
                self.demo = Some(folder);
                let mut locked = Locked::new(path, None, &*self.services.clock);
                locked.is_demo = true;
                self.state = State::Locked(Box::new(locked));
                self.unlock(&password, Some(super::super::demo::OPERATOR), None);
            }
            Err(error) => self.state = State::Nothing(Some((PathBuf::from("demo"), error))),
        }
    }

    fn build_demo(
        &mut self,
        title: &'static str,
    ) -> Result<(tempfile::TempDir, PathBuf, SecretBuf), VaultError> {
        let folder = tempfile::tempdir().map_err(|e| VaultError::Workstation(e.to_string()))?;
        let path = folder.path().join("prod-vault.keyroom");
        let password = SecretBuf::from_slice(super::super::demo::PASSWORD.as_bytes());
        let shared = std::sync::Arc::clone(&self.shared);
        let options = super::super::demo::DemoOptions::default();
        super::super::demo::build(&path, &password, &options, &mut |done, total| {
            self.set_job(Some(Job { title, done, total, cancellable: true }));
            stop_if(shared.must_stop())
        })?;
        Ok((folder, path, password))
    }
}

/// Whether a job goes on.
pub(super) fn stop_if(stop: bool) -> std::ops::ControlFlow<()> {
    if stop { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
}

/// A vault's file name without its folder, for the log and for labels.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}
