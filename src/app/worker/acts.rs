//! Commands on an unlocked vault: operations, and those that hand a value on (to the screen, the clipboard, a file).

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::formats::encode;
use crate::model::{Action, KeyId};
use crate::operations::{self, ChangePassword, Copy, ExportList, ExportOne, Hide, Reveal, undelivered};
use crate::store::Walk;
use crate::vault::{Vault, VaultError};

use super::super::Revealed;
use super::super::command::{Act, Command, Done, Read};
use super::super::platform::files::NewFile;
use super::super::snapshot::ClipboardState;
use super::locked::file_name;
use super::{State, Worker};

impl Worker {
    /// Runs a command that needs an unlocked vault.
    pub(super) fn act(&mut self, command: Command) {
        let (ticket, result) = match command {
            Command::StepUp { ticket, password } => {
                (ticket, self.on_vault(|vault| operations::step_up(vault, &password).map(|()| Done::Nothing)))
            }
            Command::Act { ticket, act } => (ticket, self.on_vault(|vault| act.run(vault))),
            Command::Batch { ticket, title, acts } => (ticket, self.batch(title, acts)),
            Command::Reveal { ticket, read } => (ticket, self.reveal(read)),
            Command::Copy { ticket, read } => (ticket, self.copy(read)),
            Command::Export { ticket, read, path } => (ticket, self.export(read, &path)),
            Command::ExportList { ticket, keys, path } => (ticket, self.export_list(&keys, &path)),
            Command::ChangePassword { ticket, old, new } => {
                let change = |vault: &mut crate::vault::Vault| {
                    let params = vault.view().session.params;
                    vault.perform(ChangePassword { old, new, params }).map(|()| Done::Nothing)
                };
                (ticket, self.on_vault(change))
            }
            Command::ChangeUnlockTime { ticket, password, params } => {
                let change = |vault: &mut crate::vault::Vault| {
                    operations::change_unlock_time(vault, &password, params).map(|()| Done::Nothing)
                };
                (ticket, self.on_vault(change))
            }
            Command::PasswordExposed { ticket, old, new, reason } => {
                let replaced = self.long_work("Replacing your keys", |vault, step| {
                    let params = vault.view().session.params;
                    operations::password_exposed(vault, &old, &new, params, &reason, step)
                        .map(|()| Done::Nothing)
                });
                (ticket, replaced)
            }
            Command::VerifyLog { ticket } => return self.start_verification(Some(ticket)),
            Command::CheckVault { ticket } => return self.start_check(ticket),
            Command::ExportLog { ticket, dir, disclose } => return self.start_export(ticket, &dir, disclose),
            Command::Backup { ticket, path } => (ticket, self.backup(&path)),
            Command::ReadCsv { ticket, from } => (ticket, self.read_csv(from)),
            Command::ImportCsv { ticket } => (ticket, self.import()),
            Command::ForgetCsv => return self.forget_csv(),
            Command::VerifyEvent { ticket, seq } => {
                (ticket, self.on_vault(|vault| vault.verify_around(seq).map(Done::Around)))
            }
            Command::Events { ticket, seqs } => (ticket, self.on_vault(|vault| events(vault, &seqs))),
            Command::Detail { seq } => return self.show_detail(seq),
            // Everything else was handled before an unlocked vault was needed.
            _ => return,
        };
        crate::crypto::memory::burn_stack();
        self.reply(ticket, result);
    }

    pub(super) fn on_vault(
        &mut self,
        run: impl FnOnce(&mut crate::vault::Vault) -> Result<Done, VaultError>,
    ) -> Result<Done, VaultError> {
        let State::Open(open) = &mut self.state else { return Err(VaultError::Cancelled) };
        let result = run(&mut open.vault);
        open.sync();
        result
    }

    /// Runs operations one after the other, until all are done, somebody stops it, or the session is over.
    fn batch(&mut self, title: &'static str, acts: Vec<Box<dyn Act>>) -> Result<Done, VaultError> {
        let total = acts.len() as u64;
        let mut results = Vec::with_capacity(acts.len());
        let ran = self.long_work(title, |vault, step| {
            for act in acts {
                if step(results.len() as u64, total).is_break() {
                    break;
                }
                results.push(act.run(vault).map(|_| ()));
            }
            Ok(Done::Nothing)
        });
        if let State::Open(open) = &mut self.state {
            open.catch_up();
        }
        ran.map(|_| Done::Each(Arc::new(results)))
    }

    fn reveal(&mut self, read: Read) -> Result<Done, VaultError> {
        self.hide();
        let mono = self.services.clock.monotonic();
        let shared = Arc::clone(&self.shared);
        self.on_vault(|vault| {
            let key = read.key;
            let shown = vault.perform(Reveal { key, version: read.version, reason: read.reason })?;
            let seconds = u64::from(vault.view().settings.reveal_s);
            let display = encode::to_display(shown.key_type, &shown.value);
            let (version, name) = (shown.version, shown.name);
            let hide_at = mono + Duration::from_secs(seconds);
            *super::lock(&shared.revealed) = Some(Revealed { key, version, name, display, hide_at });
            Ok(Done::Nothing)
        })
    }

    /// Stops showing what is shown; that too is in the log.
    pub(super) fn hide(&mut self) {
        let shown = super::lock(&self.shared.revealed).take().map(|shown| (shown.key, shown.version));
        self.record_hidden(shown);
    }

    /// Records that a version is not shown any more. It is gone from the screen whether or not that can be recorded.
    pub(super) fn record_hidden(&mut self, shown: Option<(KeyId, u32)>) {
        let Some((key, version)) = shown else { return };
        self.dirty = true;
        let _ = self.on_vault(|vault| vault.perform(Hide { key, version }).map(|()| Done::Nothing));
    }

    fn copy(&mut self, read: Read) -> Result<Done, VaultError> {
        let mut copied = None;
        let result = self.on_vault(|vault| {
            let done = vault.perform(Copy { key: read.key, version: read.version, reason: read.reason })?;
            copied = Some(done);
            Ok(Done::Nothing)
        });
        let Some(copied) = copied else { return result };
        if let Err(error) = self.services.clipboard.copy_secret(&copied.text) {
            let error = VaultError::Workstation(error.to_string());
            return self.on_vault(|vault| {
                Err(undelivered(vault, Action::SecretCopy, read.key, copied.version, error))
            });
        }
        let clears_at =
            self.services.clock.monotonic() + Duration::from_secs(u64::from(copied.clear_after_s));
        let what = format!("{} v{}", copied.name, copied.version);
        self.clipboard = Some(ClipboardState { what, clears_at, stuck: false });
        result
    }

    fn export(&mut self, read: Read, path: &Path) -> Result<Done, VaultError> {
        // The file is made first: what has no place to go to is not handed out, and nothing is overwritten.
        let file = NewFile::create(path)?;
        self.on_vault(|vault| {
            let key = read.key;
            let value = vault.perform(ExportOne { key, version: read.version, reason: read.reason })?;
            let written = file.write(value.value.as_bytes());
            let failed = |error| undelivered(vault, Action::SecretExport, key, value.version, error);
            Ok(Done::Written(vec![written.map_err(failed)?]))
        })
    }

    fn export_list(&mut self, keys: &[KeyId], path: &Path) -> Result<Done, VaultError> {
        let name = file_name(path);
        self.on_vault(|vault| {
            let list = ExportList { keys, to: &name };
            let write = |file: NewFile, text: &str| file.write(text.as_bytes());
            let written = operations::export_list(vault, list, || NewFile::create(path), write)?;
            Ok(Done::Written(vec![written]))
        })
    }

    fn backup(&mut self, path: &Path) -> Result<Done, VaultError> {
        self.long_work("Backing up", |vault, step| {
            operations::backup(vault, path, step)?;
            Ok(Done::Written(vec![path.to_owned()]))
        })
    }
}

/// These events with what they changed, which the index of the log does not keep.
fn events(vault: &mut Vault, seqs: &[u64]) -> Result<Done, VaultError> {
    let mut events = Vec::with_capacity(seqs.len());
    for seq in seqs {
        vault.events(*seq, &mut |event| {
            events.push(event);
            Walk::Break(())
        })?;
    }
    Ok(Done::Events(Arc::new(events)))
}
