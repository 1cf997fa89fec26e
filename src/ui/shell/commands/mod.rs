//! The commands of the window: one table that the palette, the list of shortcuts and the keyboard all read, and
//! the keys that this workstation has put in the place of its.

mod bindings;
mod table;

use egui::KeyboardShortcut;

use crate::model::operator::Permission;
use crate::ui::frame::{Frame, Page};
use crate::ui::theme::{Theme, icons::Icon};

pub(in crate::ui) use bindings::take;
pub use bindings::{Bindings, Kept, bindings, install, pressed, record, shown};
pub use table::{PARTS, TABLE};

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
    /// Show or hide the value of the chosen key.
    Reveal,
    /// Change the name of the chosen key.
    Rename,
    /// Schedule the destruction of the chosen keys.
    Delete,
    /// Put the name of the chosen key on the clipboard.
    CopyName,
    /// Put what is known about the chosen keys on the clipboard.
    CopyMetadata,
    /// Undo the last edit of what is known about a key.
    Undo,
    /// Do again what was undone last.
    Redo,
    /// Verify the whole log.
    VerifyLog,
    /// Look through the whole vault.
    CheckVault,
    /// Export the log.
    ExportLog,
    /// Back the vault up.
    Backup,
    /// A new password.
    ChangePassword,
    /// What an unlock costs.
    UnlockTime,
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
    /// The menu of the vault: others, a new one, close this one.
    MainMenu,
    /// Close the dialog that is open, or the drawer.
    CloseTop,
    /// The action of the dialog or of the wizard's step.
    Confirm,
    /// The wizard's next step.
    StepOn,
    /// The wizard's step before.
    StepBack,
    /// Show or hide the facets.
    Facets,
    /// Show or hide the chart.
    Chart,
    /// Show or hide the details of the row the cursor is on.
    Details,
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
    /// Its keys, unless the workstation has others ([`Bindings`]); the first is the one that is shown.
    pub keys: &'static [KeyboardShortcut],
    /// The keys as they are shown; empty where there are none.
    pub shown: &'static str,
    /// Whether the page itself listens to the keys.
    pub by_page: bool,
}

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
                // Replacing keys signs anew who the operators are.
                Permission::ManageOperators => "Only an administrator may: change your password and tell one",
                _ => "Your role may not do this",
            })
        };
        match self {
            Self::NewKey | Self::Import | Self::Undo | Self::Redo => needs(Permission::ManageKeys),
            Self::Rotate | Self::Edit => needs(Permission::ManageKeys).or(if chosen {
                None
            } else {
                Some("Choose a key on the Keys or the Rotation page first")
            }),
            Self::UnlockTime => needs(Permission::ChangeSettings),
            Self::PasswordExposed => needs(Permission::ManageOperators),
            Self::VerifyLog | Self::CheckVault | Self::ExportLog => needs(Permission::ReadLog),
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
                | Self::CloseTop
                | Self::Shortcuts
                | Self::Quit
        )
    }
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
    fn replacing_exposed_keys_is_offered_to_whom_it_is_not_refused() {
        use crate::app::Phase;
        use crate::model::Role;
        use std::sync::Arc;
        for role in [Role::Administrator, Role::Custodian, Role::Auditor] {
            let mut stage = crate::ui::fixture::Stage::new(1);
            let Phase::Unlocked(open) = &mut stage.snapshot.phase else { panic!("it is unlocked") };
            Arc::make_mut(&mut Arc::make_mut(open).view).me.role = role;
            let why = UiCommand::PasswordExposed.unavailable(&stage.frame(), false);
            assert_eq!(why.is_none(), role.may(Permission::ManageOperators), "{role:?}: {why:?}");
        }
    }

    #[test]
    fn what_has_keys_shows_them() {
        for row in TABLE {
            assert!(row.keys.is_empty() || !row.shown.is_empty(), "{}", row.title);
        }
    }
}
