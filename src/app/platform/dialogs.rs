//! File dialogs: the desktop's own, or the news that there is none and a path has to be typed.
//!
//! A dialog may stay open for minutes, so asking for one returns at once with a [`Pending`]; the window goes on painting
//! and looks at it in every frame. No file is opened, made or checked here.
//!
//! - [`NativeDialogs`]: `rfd`; on Linux the desktop portal.
//! - [`TypedPath`]: answers at once that there is no dialog.
//! - [`ScriptedDialogs`]: for tests.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

/// The extension of a vault, without the dot.
pub const VAULT_EXTENSION: &str = "keyroom";

/// What became of a dialog.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Picked {
    /// This path was chosen. Nothing is said about what is there.
    Path(PathBuf),
    /// The dialog was closed without a choice.
    Cancelled,
    /// This desktop offers no file dialog: let the path be typed.
    NoDialog,
}

/// A dialog that is open.
pub struct Pending {
    answer: mpsc::Receiver<Picked>,
}

impl Pending {
    /// What became of it; `None` while it is open. Once it has answered, do not ask again.
    #[must_use]
    pub fn poll(&self) -> Option<Picked> {
        match self.answer.try_recv() {
            Ok(picked) => Some(picked),
            Err(mpsc::TryRecvError::Empty) => None,
            // The thread behind it died.
            Err(mpsc::TryRecvError::Disconnected) => Some(Picked::NoDialog),
        }
    }

    /// Waits for it: for tests and commands, never in a window.
    #[must_use]
    pub fn wait(self) -> Picked {
        self.answer.recv().unwrap_or(Picked::NoDialog)
    }

    fn answered(picked: Picked) -> Self {
        let (send, answer) = mpsc::sync_channel(1);
        // The receiver is alive and has room for one.
        let _ = send.send(picked);
        Self { answer }
    }
}

/// Asks a person for a path. Each call opens one dialog.
pub trait FileDialogs: Send {
    /// For a vault that exists. Starts in `folder`, where given.
    fn open_vault(&self, folder: Option<&Path>) -> Pending;

    /// For the place of a new vault, with a name proposed.
    fn save_vault(&self, folder: Option<&Path>, name: &str) -> Pending;

    /// For any file that exists. `title` says what for.
    fn pick_file(&self, title: &str) -> Pending;

    /// For the place of any new file, with a name proposed. `title` says what for.
    fn save_file(&self, title: &str, name: &str) -> Pending;
}

/// The same dialogs for several parts of the window.
#[derive(Clone)]
pub struct SharedDialogs(std::sync::Arc<std::sync::Mutex<Box<dyn FileDialogs>>>);

impl SharedDialogs {
    /// Shares `dialogs`.
    #[must_use]
    pub fn new(dialogs: Box<dyn FileDialogs>) -> Self {
        Self(std::sync::Arc::new(std::sync::Mutex::new(dialogs)))
    }

    fn with<R>(&self, ask: impl FnOnce(&dyn FileDialogs) -> R) -> R {
        let dialogs = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        ask(dialogs.as_ref())
    }
}

impl FileDialogs for SharedDialogs {
    fn open_vault(&self, folder: Option<&Path>) -> Pending {
        self.with(|d| d.open_vault(folder))
    }

    fn save_vault(&self, folder: Option<&Path>, name: &str) -> Pending {
        self.with(|d| d.save_vault(folder, name))
    }

    fn pick_file(&self, title: &str) -> Pending {
        self.with(|d| d.pick_file(title))
    }

    fn save_file(&self, title: &str, name: &str) -> Pending {
        self.with(|d| d.save_file(title, name))
    }
}

/// The desktop's own dialogs.
pub struct NativeDialogs {
    /// Called when a dialog has answered, so that a window that sleeps paints again.
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl NativeDialogs {
    /// `wake` is called on another thread whenever a dialog has answered.
    #[must_use]
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self { wake: Arc::new(wake) }
    }

    fn ask(&self, ask: impl FnOnce() -> Option<PathBuf> + Send + 'static) -> Pending {
        let (send, answer) = mpsc::sync_channel(1);
        let wake = Arc::clone(&self.wake);
        // Without a thread `send` is dropped, and the answer is that there is no dialog.
        let _ = std::thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            let picked = if portal_answers() {
                ask().map_or(Picked::Cancelled, Picked::Path)
            } else {
                Picked::NoDialog
            };
            // Nobody waits any more when the window was closed.
            let _ = send.send(picked);
            wake();
        });
        Pending { answer }
    }
}

impl FileDialogs for NativeDialogs {
    fn open_vault(&self, folder: Option<&Path>) -> Pending {
        let dialog = vault_dialog("Open a vault", folder);
        self.ask(move || dialog.pick_file())
    }

    fn save_vault(&self, folder: Option<&Path>, name: &str) -> Pending {
        let dialog = vault_dialog("Create a vault", folder).set_file_name(name);
        self.ask(move || dialog.save_file())
    }

    fn pick_file(&self, title: &str) -> Pending {
        let dialog = rfd::FileDialog::new().set_title(title);
        self.ask(move || dialog.pick_file())
    }

    fn save_file(&self, title: &str, name: &str) -> Pending {
        let dialog = rfd::FileDialog::new().set_title(title).set_file_name(name);
        self.ask(move || dialog.save_file())
    }
}

fn vault_dialog(title: &str, folder: Option<&Path>) -> rfd::FileDialog {
    let dialog = rfd::FileDialog::new().set_title(title).add_filter("Keyroom vaults", &[VAULT_EXTENSION]);
    match folder {
        Some(folder) => dialog.set_directory(folder),
        None => dialog,
    }
}

/// Whether a desktop portal is there or can be started. Without this question `rfd` would run whatever program is called
/// `zenity` on the search path, and could not tell "no dialog" from "cancelled".
#[cfg(target_os = "linux")]
fn portal_answers() -> bool {
    const PORTAL: &str = "org.freedesktop.portal.Desktop";
    const BUS: &str = "org.freedesktop.DBus";
    let answers = || -> zbus::Result<bool> {
        let timeout = std::time::Duration::from_secs(2);
        let bus = zbus::blocking::connection::Builder::session()?.method_timeout(timeout).build()?;
        let ask = |method: &str| bus.call_method(Some(BUS), "/org/freedesktop/DBus", Some(BUS), method, &());
        for list in ["ListNames", "ListActivatableNames"] {
            if ask(list)?.body().deserialize::<Vec<String>>()?.iter().any(|name| name == PORTAL) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    answers().unwrap_or(false)
}

#[cfg(not(target_os = "linux"))]
fn portal_answers() -> bool {
    true
}

/// No dialogs at all: every question is answered with [`Picked::NoDialog`] at once.
#[derive(Clone, Copy, Debug, Default)]
pub struct TypedPath;

impl FileDialogs for TypedPath {
    fn open_vault(&self, _folder: Option<&Path>) -> Pending {
        Pending::answered(Picked::NoDialog)
    }

    fn save_vault(&self, _folder: Option<&Path>, _name: &str) -> Pending {
        Pending::answered(Picked::NoDialog)
    }

    fn pick_file(&self, _title: &str) -> Pending {
        Pending::answered(Picked::NoDialog)
    }

    fn save_file(&self, _title: &str, _name: &str) -> Pending {
        Pending::answered(Picked::NoDialog)
    }
}

/// Dialogs that answer what the test said, in order, and [`Picked::Cancelled`] after that. Copies share the script.
#[derive(Clone, Default)]
pub struct ScriptedDialogs {
    script: Arc<Mutex<VecDeque<Picked>>>,
}

impl ScriptedDialogs {
    /// Answers these, in order.
    #[must_use]
    pub fn new(script: impl IntoIterator<Item = Picked>) -> Self {
        Self { script: Arc::new(Mutex::new(script.into_iter().collect())) }
    }

    /// Adds an answer to the end.
    pub fn push(&self, picked: Picked) {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).push_back(picked);
    }

    fn next(&self) -> Pending {
        let next = self.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        Pending::answered(next.unwrap_or(Picked::Cancelled))
    }
}

impl FileDialogs for ScriptedDialogs {
    fn open_vault(&self, _folder: Option<&Path>) -> Pending {
        self.next()
    }

    fn save_vault(&self, _folder: Option<&Path>, _name: &str) -> Pending {
        self.next()
    }

    fn pick_file(&self, _title: &str) -> Pending {
        self.next()
    }

    fn save_file(&self, _title: &str, _name: &str) -> Pending {
        self.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_portal_the_answer_is_to_type_the_path() {
        assert_eq!(TypedPath.open_vault(None).poll(), Some(Picked::NoDialog));
        assert_eq!(TypedPath.save_file("Export the log", "log.json").wait(), Picked::NoDialog);
    }

    #[test]
    fn a_dialog_that_dies_is_no_dialog_and_one_that_is_open_is_not_answered() {
        let (send, answer) = mpsc::sync_channel(1);
        let pending = Pending { answer };
        assert_eq!(pending.poll(), None);
        drop(send);
        assert_eq!(pending.poll(), Some(Picked::NoDialog));
    }

    #[test]
    fn a_script_is_answered_in_order_and_then_cancelled() {
        let dialogs = ScriptedDialogs::new([Picked::Path("a.keyroom".into())]);
        dialogs.push(Picked::NoDialog);
        assert_eq!(dialogs.open_vault(None).wait(), Picked::Path("a.keyroom".into()));
        assert_eq!(dialogs.pick_file("Import a key").wait(), Picked::NoDialog);
        assert_eq!(dialogs.save_vault(None, "team").wait(), Picked::Cancelled);
    }
}
