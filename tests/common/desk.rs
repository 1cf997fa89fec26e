//! What stands around a window under test: its folder, the clocks, the clipboard, the file dialogs and the keyring, all the
//! test's own. The window itself, the application and its worker, and the vault file are the product's.

use std::path::PathBuf;
use std::sync::Arc;

use keyroom::app::platform::clipboard::MemoryClipboard;
use keyroom::app::platform::dialogs::ScriptedDialogs;
use keyroom::app::platform::paths::{self, Workstation};
use keyroom::app::{App, Services, Status};
use keyroom::crypto::memory::SecretBuf;
use keyroom::model::{Event, Timestamp};
use keyroom::operations::open_vault;
use keyroom::store::Walk;
use keyroom::ui::shell::{Shell, ShellOptions};
use keyroom::vault::anchor::MemoryAnchor;
use keyroom::vault::clock::{Clock, ManualClock};
use keyroom::vault::{Environment, Unlock, Vault};

#[cfg(target_os = "linux")]
use super::disk::Disk;

/// The password of the vaults made here.
pub const PASSWORD: &str = "correct horse battery staple orbit lantern";

/// A workstation without a window yet.
pub struct Desk {
    pub dir: tempfile::TempDir,
    pub clock: ManualClock,
    pub clipboard: MemoryClipboard,
    pub dialogs: ScriptedDialogs,
    pub anchor: Arc<MemoryAnchor>,
    #[cfg(target_os = "linux")]
    pub disk: Disk,
}

impl Desk {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self {
            #[cfg(target_os = "linux")]
            disk: Disk::under(dir.path()),
            dir,
            clock: ManualClock::at(Timestamp(1_775_812_509_000)),
            clipboard: MemoryClipboard::new(),
            dialogs: ScriptedDialogs::default(),
            anchor: Arc::new(MemoryAnchor::new()),
        }
    }

    /// A window on this workstation. It can be opened again after the last one was closed.
    pub fn shell(&self) -> Shell {
        let services = services(Arc::new(self.clock.clone()), self.anchor.clone(), self.clipboard.clone());
        Shell::new(ShellOptions {
            app: App::start(services, || {}).unwrap(),
            dialogs: Box::new(self.dialogs.clone()),
            workstation: self.workstation(),
            workstation_path: Some(self.settings()),
        })
    }

    /// Where the vault is.
    pub fn path(&self) -> PathBuf {
        self.dir.path().join("prod-vault.keyroom")
    }

    /// What the workstation remembers, as it is on the disk.
    pub fn workstation(&self) -> Workstation {
        Workstation::load(&self.settings()).workstation
    }

    /// Where that is kept.
    pub fn settings(&self) -> PathBuf {
        self.dir.path().join("settings").join(paths::FILE)
    }

    /// The same vault in a second program: unlocked with the library, on the same workstation.
    pub fn second(&self, password: &str) -> Vault {
        let password = SecretBuf::from_slice(password.as_bytes());
        let unlock = Unlock { password: &password, operator: Some("m.ito"), accept_restored: None };
        let file = open_vault(&self.path()).unwrap();
        file.unlock(self.env(), &unlock).map_err(|(_, error)| error).unwrap()
    }

    /// What a program on this workstation has around it.
    pub fn env(&self) -> Environment {
        Environment {
            clock: Arc::new(self.clock.clone()),
            anchor: self.anchor.clone(),
            host: "ws-14".to_owned(),
            os_user: "mito".to_owned(),
        }
    }

    /// What the file's log says after everything: every entry, each verified with its signature, the tree and the roster.
    pub fn verified_log(&self, password: &str) -> Vec<Event> {
        let mut vault = self.second(password);
        let mut events = Vec::new();
        vault
            .events(0, &mut |event| {
                events.push(event);
                Walk::Continue(())
            })
            .unwrap();
        let checked = keyroom::operations::verify_log(&mut vault, &mut |_, _| Walk::Continue(())).unwrap();
        assert_eq!(checked.entries, events.len() as u64);
        // The last is this look itself.
        events.pop();
        events
    }
}

/// What an application needs of a workstation.
pub fn services(clock: Arc<dyn Clock>, anchor: Arc<MemoryAnchor>, clipboard: MemoryClipboard) -> Services {
    Services {
        clock,
        anchor,
        clipboard: Box::new(clipboard),
        host: "ws-14".into(),
        os_user: "mito".into(),
        status: Status {
            memory: "Memory locked, core dumps off".into(),
            memory_ok: true,
            anchor: "the keyring of this desktop session".into(),
            ..Status::default()
        },
        watch_system: false,
    }
}
