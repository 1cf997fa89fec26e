//! The commands of the window: one table that the palette, the list of shortcuts and the keyboard all read.

use egui::{Key, KeyboardShortcut, Modifiers};

use crate::model::operator::Permission;
use crate::ui::frame::{Frame, Page};
use crate::ui::theme::{Theme, icons, icons::Icon};

/// Something the operator can ask the window for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UiCommand {
    /// The command palette.
    Palette,
    /// Another page.
    Go(Page),
    /// Lock the vault.
    Lock,
    /// Start the idle time anew.
    StayUnlocked,
    /// Put a new key in.
    NewKey,
    /// Put keys in from a file.
    Import,
    /// The search or query field of this page.
    Find,
    /// Give the chosen key a new version.
    Rotate,
    /// Change what is known about the chosen key.
    Edit,
    /// Undo the last edit of what is known about a key.
    Undo,
    /// Verify the whole log.
    VerifyLog,
    /// Export the log.
    ExportLog,
    /// Back the vault up.
    Backup,
    /// A new password.
    ChangePassword,
    /// The password was exposed.
    PasswordExposed,
    /// Take our value off the clipboard.
    ClearClipboard,
    /// Stop the job that runs.
    CancelJob,
    /// Open another vault.
    OpenVault,
    /// Make a vault.
    CreateVault,
    /// Lock, and show the list of vaults.
    CloseVault,
    /// Another look.
    Theme(Theme),
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// As large as it was made.
    ZoomReset,
    /// The rail wide or narrow.
    ToggleRail,
    /// The page before this one.
    Back,
    /// Back again.
    Forward,
    /// The next part of the window.
    NextPane,
    /// The part of the window before this one.
    PreviousPane,
    /// The list of shortcuts.
    Shortcuts,
    /// Lock and end.
    Quit,
}

/// Where a command stands in the list of shortcuts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Group {
    /// Where to go.
    Go,
    /// Keys.
    Keys,
    /// The vault.
    Vault,
    /// The session.
    Session,
    /// The window.
    Window,
}

impl Group {
    /// All groups, in the order of the list.
    pub const ALL: [Self; 5] = [Self::Go, Self::Keys, Self::Session, Self::Vault, Self::Window];

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Go => "Pages",
            Self::Keys => "Keys",
            Self::Vault => "Vault",
            Self::Session => "Session",
            Self::Window => "Window",
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy)]
pub struct Row {
    /// The command.
    pub command: UiCommand,
    /// Its words.
    pub title: &'static str,
    /// Other words people look for.
    pub aliases: &'static str,
    /// Where it stands.
    pub group: Group,
    /// Its glyph.
    pub icon: Icon,
    /// Its keys; the first is the one that is shown.
    pub keys: &'static [KeyboardShortcut],
    /// The keys as they are shown; empty where there are none.
    pub shown: &'static str,
    /// Whether the page itself listens to the keys.
    pub by_page: bool,
}

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

const fn key(modifiers: Modifiers, key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(modifiers, key)
}

const fn row(
    command: UiCommand,
    title: &'static str,
    aliases: &'static str,
    group: Group,
    icon: Icon,
    keys: &'static [KeyboardShortcut],
    shown: &'static str,
) -> Row {
    Row { command, title, aliases, group, icon, keys, shown, by_page: false }
}

const fn by_page(row: Row) -> Row {
    Row { by_page: true, ..row }
}

/// Every command, in the order of the list of shortcuts.
pub const TABLE: &[Row] = &[
    row(
        UiCommand::Go(Page::Overview),
        "Overview",
        "go home start",
        Group::Go,
        icons::OVERVIEW,
        &[key(CTRL, Key::Num1)],
        "Ctrl 1",
    ),
    row(
        UiCommand::Go(Page::Keys),
        "Keys",
        "go inventory list secrets",
        Group::Go,
        icons::KEY,
        &[key(CTRL, Key::Num2)],
        "Ctrl 2",
    ),
    row(
        UiCommand::Go(Page::Rotation),
        "Rotation",
        "go due overdue calendar",
        Group::Go,
        icons::ROTATE,
        &[key(CTRL, Key::Num3)],
        "Ctrl 3",
    ),
    row(
        UiCommand::Go(Page::Audit),
        "Audit",
        "go log events history",
        Group::Go,
        icons::AUDIT,
        &[key(CTRL, Key::Num4)],
        "Ctrl 4",
    ),
    row(
        UiCommand::Go(Page::Session),
        "Session",
        "go timer limits",
        Group::Go,
        icons::SESSION,
        &[key(CTRL, Key::Num5)],
        "Ctrl 5",
    ),
    row(
        UiCommand::Go(Page::Settings),
        "Settings",
        "go preferences options",
        Group::Go,
        icons::SETTINGS,
        &[key(CTRL, Key::Num6), key(CTRL, Key::Comma)],
        "Ctrl 6",
    ),
    row(
        UiCommand::Palette,
        "Search keys, events, commands",
        "palette find",
        Group::Go,
        icons::SEARCH,
        &[key(CTRL_SHIFT, Key::P), key(CTRL, Key::K)],
        "Ctrl K",
    ),
    by_page(row(
        UiCommand::Find,
        "Search on this page",
        "find query filter",
        Group::Go,
        icons::FILTER,
        &[key(CTRL, Key::F), key(Modifiers::NONE, Key::F3)],
        "Ctrl F",
    )),
    row(
        UiCommand::Back,
        "Back",
        "previous page",
        Group::Go,
        icons::LEFT,
        &[key(Modifiers::ALT, Key::ArrowLeft)],
        "Alt Left",
    ),
    row(
        UiCommand::Forward,
        "Forward",
        "next page",
        Group::Go,
        icons::RIGHT,
        &[key(Modifiers::ALT, Key::ArrowRight)],
        "Alt Right",
    ),
    row(
        UiCommand::NewKey,
        "New key…",
        "add create generate",
        Group::Keys,
        icons::ADD,
        &[key(CTRL, Key::N)],
        "Ctrl N",
    ),
    row(UiCommand::Import, "Import keys…", "csv add upload", Group::Keys, icons::IMPORT, &[], ""),
    row(
        UiCommand::Rotate,
        "Rotate the chosen key…",
        "new version renew",
        Group::Keys,
        icons::ROTATE,
        &[key(CTRL, Key::R)],
        "Ctrl R",
    ),
    row(
        UiCommand::Edit,
        "Edit the chosen key…",
        "rename owner tags",
        Group::Keys,
        icons::EDIT,
        &[key(CTRL, Key::E)],
        "Ctrl E",
    ),
    row(
        UiCommand::Undo,
        "Undo the last edit",
        "revert",
        Group::Keys,
        icons::UNDO,
        &[key(CTRL, Key::Z)],
        "Ctrl Z",
    ),
    row(
        UiCommand::Lock,
        "Lock now",
        "close secure leave",
        Group::Session,
        icons::LOCK,
        &[key(CTRL, Key::L)],
        "Ctrl L",
    ),
    row(
        UiCommand::StayUnlocked,
        "Stay unlocked",
        "extend session idle",
        Group::Session,
        icons::SESSION,
        &[],
        "Space",
    ),
    row(
        UiCommand::ClearClipboard,
        "Clear the clipboard now",
        "copied secret",
        Group::Session,
        icons::CLIPBOARD,
        &[],
        "",
    ),
    row(
        UiCommand::CancelJob,
        "Cancel the running job",
        "stop verify",
        Group::Session,
        icons::FORBIDDEN,
        &[],
        "",
    ),
    row(
        UiCommand::VerifyLog,
        "Verify the whole log",
        "chain integrity check",
        Group::Vault,
        icons::VERIFIED,
        &[],
        "",
    ),
    row(UiCommand::ExportLog, "Export the log…", "audit report proof", Group::Vault, icons::EXPORT, &[], ""),
    row(UiCommand::Backup, "Back up the vault…", "copy save", Group::Vault, icons::ARCHIVE, &[], ""),
    row(UiCommand::ChangePassword, "Change the password…", "master", Group::Vault, icons::LOCK, &[], ""),
    row(
        UiCommand::PasswordExposed,
        "The password was exposed…",
        "compromised leaked stolen device",
        Group::Vault,
        icons::DOUBTFUL,
        &[],
        "",
    ),
    row(
        UiCommand::OpenVault,
        "Open another vault…",
        "file switch",
        Group::Vault,
        icons::FOLDER,
        &[key(CTRL, Key::O)],
        "Ctrl O",
    ),
    row(UiCommand::CreateVault, "Create a vault…", "new", Group::Vault, icons::ADD, &[], ""),
    row(UiCommand::CloseVault, "Close this vault", "leave switch", Group::Vault, icons::SIGN_OUT, &[], ""),
    row(
        UiCommand::Theme(Theme::System),
        "Theme: as the system",
        "look appearance",
        Group::Window,
        icons::SCREEN,
        &[],
        "",
    ),
    row(
        UiCommand::Theme(Theme::Light),
        "Theme: light",
        "look appearance bright",
        Group::Window,
        icons::SCREEN,
        &[],
        "",
    ),
    row(
        UiCommand::Theme(Theme::Dark),
        "Theme: dark",
        "look appearance night",
        Group::Window,
        icons::SCREEN,
        &[],
        "",
    ),
    row(
        UiCommand::Theme(Theme::HighContrastLight),
        "Theme: high contrast light",
        "look accessibility",
        Group::Window,
        icons::SCREEN,
        &[],
        "",
    ),
    row(
        UiCommand::Theme(Theme::HighContrastDark),
        "Theme: high contrast dark",
        "look accessibility",
        Group::Window,
        icons::SCREEN,
        &[],
        "",
    ),
    row(
        UiCommand::ZoomIn,
        "Zoom in",
        "larger bigger text",
        Group::Window,
        icons::ZOOM_IN,
        &[key(CTRL, Key::Plus), key(CTRL, Key::Equals)],
        "Ctrl +",
    ),
    row(
        UiCommand::ZoomOut,
        "Zoom out",
        "smaller text",
        Group::Window,
        icons::ZOOM_OUT,
        &[key(CTRL, Key::Minus)],
        "Ctrl -",
    ),
    row(
        UiCommand::ZoomReset,
        "Zoom to 100 %",
        "actual size reset",
        Group::Window,
        icons::SEARCH,
        &[key(CTRL, Key::Num0)],
        "Ctrl 0",
    ),
    row(
        UiCommand::ToggleRail,
        "Rail wide or narrow",
        "sidebar collapse",
        Group::Window,
        icons::ROWS,
        &[key(Modifiers::NONE, Key::F9)],
        "F9",
    ),
    row(
        UiCommand::NextPane,
        "Next part of the window",
        "pane focus",
        Group::Window,
        icons::RIGHT,
        &[key(Modifiers::NONE, Key::F6)],
        "F6",
    ),
    row(
        UiCommand::PreviousPane,
        "Previous part of the window",
        "pane focus",
        Group::Window,
        icons::LEFT,
        &[key(Modifiers::SHIFT, Key::F6)],
        "Shift F6",
    ),
    row(
        UiCommand::Shortcuts,
        "Keyboard shortcuts",
        "help keys",
        Group::Window,
        icons::KEYBOARD,
        &[key(Modifiers::NONE, Key::F1), key(CTRL, Key::Slash)],
        "F1",
    ),
    row(
        UiCommand::Quit,
        "Quit",
        "exit end close",
        Group::Window,
        icons::SIGN_OUT,
        &[key(CTRL, Key::Q)],
        "Ctrl Q",
    ),
];

impl UiCommand {
    /// Its row of the table.
    #[must_use]
    pub fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.command == self)
    }

    /// Why it cannot be done now, in words; `None` where it can.
    #[must_use]
    pub fn unavailable(self, frame: &Frame<'_>, chosen: bool) -> Option<&'static str> {
        if self.needs_no_vault() {
            return None;
        }
        let Some(unlocked) = frame.unlocked() else { return Some("Unlock the vault first") };
        let needs = |permission| {
            (!unlocked.view.me.role.may(permission)).then_some(match permission {
                Permission::ManageKeys => "Your role may not change keys",
                Permission::ChangeSettings => "Your role may not change settings",
                _ => "Your role may not do this",
            })
        };
        match self {
            Self::NewKey | Self::Import | Self::Undo => needs(Permission::ManageKeys),
            Self::Rotate | Self::Edit => needs(Permission::ManageKeys).or(if chosen {
                None
            } else {
                Some("Choose a key on the Keys page first")
            }),
            Self::VerifyLog | Self::ExportLog => needs(Permission::ReadLog).or_else(|| busy(frame)),
            Self::ClearClipboard if frame.snapshot.clipboard.is_none() => {
                Some("Nothing of this vault is on the clipboard")
            }
            Self::CancelJob => match &frame.snapshot.job {
                Some(job) if job.cancellable => None,
                Some(_) => Some("This job cannot be stopped"),
                None => Some("Nothing is running"),
            },
            _ => None,
        }
    }

    /// Whether it can be done without an unlocked vault.
    #[must_use]
    pub fn needs_no_vault(self) -> bool {
        matches!(
            self,
            Self::OpenVault
                | Self::CreateVault
                | Self::Theme(_)
                | Self::ZoomIn
                | Self::ZoomOut
                | Self::ZoomReset
                | Self::Shortcuts
                | Self::Quit
        )
    }
}

fn busy(frame: &Frame<'_>) -> Option<&'static str> {
    frame.snapshot.job.is_some().then_some("Another job is running")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_key_or_their_words() {
        let mut keys: Vec<_> = TABLE.iter().flat_map(|row| row.keys).collect();
        let count = keys.len();
        keys.dedup();
        for (i, a) in keys.iter().enumerate() {
            assert!(keys[i + 1..].iter().all(|b| a != b), "{a:?}");
        }
        assert_eq!(count, keys.len());
        for (i, a) in TABLE.iter().enumerate() {
            assert!(
                TABLE[i + 1..].iter().all(|b| a.title != b.title && a.command != b.command),
                "{}",
                a.title
            );
        }
    }

    #[test]
    fn what_has_keys_shows_them() {
        for row in TABLE {
            assert!(row.keys.is_empty() || !row.shown.is_empty(), "{}", row.title);
        }
    }
}
