//! The table itself, one command a line.

use egui::{Key, KeyboardShortcut, Modifiers};

use crate::ui::frame::Page;
use crate::ui::theme::{Theme, icons, icons::Icon};
use crate::ui::widgets::HISTOGRAM_KEYS;

use super::{Group, Row, UiCommand};

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
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    row(UiCommand::Go(Page::Overview), "Overview", "go home start", Group::Go, icons::OVERVIEW, &[key(CTRL, Key::Num1)], "Ctrl 1"),
    row(UiCommand::Go(Page::Keys), "Keys", "go inventory list secrets", Group::Go, icons::KEY, &[key(CTRL, Key::Num2)], "Ctrl 2"),
    row(UiCommand::Go(Page::Rotation), "Rotation", "go due overdue calendar", Group::Go, icons::ROTATE, &[key(CTRL, Key::Num3)], "Ctrl 3"),
    row(UiCommand::Go(Page::Audit), "Audit", "go log events history", Group::Go, icons::AUDIT, &[key(CTRL, Key::Num4)], "Ctrl 4"),
    row(UiCommand::Go(Page::Session), "Session", "go timer limits", Group::Go, icons::SESSION, &[key(CTRL, Key::Num5)], "Ctrl 5"),
    row(UiCommand::Go(Page::Settings), "Settings", "go preferences options", Group::Go, icons::SETTINGS, &[key(CTRL, Key::Num6), key(CTRL, Key::Comma)], "Ctrl 6"),
    row(UiCommand::Palette, "Search keys, events, commands", "palette find", Group::Go, icons::SEARCH, &[key(CTRL_SHIFT, Key::P), key(CTRL, Key::K)], "Ctrl K"),
    by_page(row(UiCommand::Find, "Search on this page", "find query filter", Group::Go, icons::FILTER, &[key(CTRL, Key::F), key(Modifiers::NONE, Key::F3)], "Ctrl F")),
    row(UiCommand::Back, "Back", "previous page", Group::Go, icons::LEFT, &[key(Modifiers::ALT, Key::ArrowLeft)], "Alt Left"),
    row(UiCommand::Forward, "Forward", "next page", Group::Go, icons::RIGHT, &[key(Modifiers::ALT, Key::ArrowRight)], "Alt Right"),
    row(UiCommand::NewKey, "New key…", "add create generate", Group::Keys, icons::ADD, &[key(CTRL, Key::N)], "Ctrl N"),
    row(UiCommand::Import, "Import keys…", "csv add upload", Group::Keys, icons::IMPORT, &[], ""),
    row(UiCommand::Rotate, "Rotate…", "new version renew", Group::Keys, icons::ROTATE, &[key(CTRL, Key::R)], "Ctrl R"),
    row(UiCommand::Edit, "Edit…", "rename owner tags", Group::Keys, icons::EDIT, &[key(CTRL, Key::E)], "Ctrl E"),
    by_page(row(UiCommand::Rename, "Rename…", "edit name", Group::Keys, icons::EDIT, &[key(Modifiers::NONE, Key::F2)], "F2")),
    by_page(row(UiCommand::Delete, "Schedule destruction…", "delete remove", Group::Keys, icons::DESTROY, &[key(Modifiers::NONE, Key::Delete)], "Delete")),
    by_page(row(UiCommand::CopyName, "Copy name", "clipboard", Group::Keys, icons::COPY, &[key(CTRL, Key::C)], "Ctrl C")),
    by_page(row(UiCommand::CopyMetadata, "Copy as JSON", "clipboard metadata", Group::Keys, icons::COPY, &[key(CTRL_SHIFT, Key::C)], "Ctrl Shift C")),
    by_page(row(UiCommand::Reveal, "Reveal or hide", "show value", Group::Keys, icons::REVEAL, &[key(CTRL, Key::H)], "Ctrl H")),
    row(UiCommand::Undo, "Undo the last edit", "revert", Group::Keys, icons::UNDO, &[key(CTRL, Key::Z)], "Ctrl Z"),
    row(UiCommand::Redo, "Do again what was undone", "redo repeat", Group::Keys, icons::REDO, &[key(CTRL_SHIFT, Key::Z)], "Ctrl Shift Z"),
    row(UiCommand::Lock, "Lock now", "close secure leave", Group::Session, icons::LOCK, &[key(CTRL, Key::L)], "Ctrl L"),
    row(UiCommand::StayUnlocked, "Stay unlocked", "extend session idle", Group::Session, icons::SESSION, &[], "Space"),
    row(UiCommand::ClearClipboard, "Clear the clipboard now", "copied secret", Group::Session, icons::CLIPBOARD, &[], ""),
    row(UiCommand::CancelJob, "Cancel the running job", "stop verify", Group::Session, icons::FORBIDDEN, &[], ""),
    row(UiCommand::VerifyLog, "Verify the whole log", "chain integrity check", Group::Vault, icons::VERIFIED, &[], ""),
    row(UiCommand::CheckVault, "Check everything", "whole vault structure values integrity damage", Group::Vault, icons::VERIFIED, &[], ""),
    row(UiCommand::ExportLog, "Export the log…", "audit report proof", Group::Vault, icons::EXPORT, &[key(CTRL_SHIFT, Key::E)], "Ctrl Shift E"),
    row(UiCommand::Backup, "Back up the vault…", "copy save", Group::Vault, icons::ARCHIVE, &[], ""),
    row(UiCommand::ChangePassword, "Change the password…", "master", Group::Vault, icons::LOCK, &[], ""),
    row(UiCommand::UnlockTime, "Change the unlock time…", "kdf argon2 calibrate memory passes slow", Group::Vault, icons::CLOCK, &[], ""),
    row(UiCommand::PasswordExposed, "The password was exposed…", "compromised leaked stolen device", Group::Vault, icons::DOUBTFUL, &[], ""),
    row(UiCommand::OpenVault, "Open another vault…", "file switch", Group::Vault, icons::FOLDER, &[key(CTRL, Key::O)], "Ctrl O"),
    row(UiCommand::CreateVault, "Create a vault…", "new", Group::Vault, icons::ADD, &[], ""),
    row(UiCommand::CloseVault, "Close this vault", "leave switch", Group::Vault, icons::SIGN_OUT, &[], ""),
    row(UiCommand::Theme(Theme::System), "Theme: as the system", "look appearance", Group::Window, icons::SCREEN, &[], ""),
    row(UiCommand::Theme(Theme::Light), "Theme: light", "look appearance bright", Group::Window, icons::SCREEN, &[], ""),
    row(UiCommand::Theme(Theme::Dark), "Theme: dark", "look appearance night", Group::Window, icons::SCREEN, &[], ""),
    row(UiCommand::Theme(Theme::HighContrastLight), "Theme: high contrast light", "look accessibility", Group::Window, icons::SCREEN, &[], ""),
    row(UiCommand::Theme(Theme::HighContrastDark), "Theme: high contrast dark", "look accessibility", Group::Window, icons::SCREEN, &[], ""),
    row(UiCommand::ZoomIn, "Zoom in", "larger bigger text", Group::Window, icons::ZOOM_IN, &[key(CTRL, Key::Plus), key(CTRL, Key::Equals)], "Ctrl +"),
    row(UiCommand::ZoomOut, "Zoom out", "smaller text", Group::Window, icons::ZOOM_OUT, &[key(CTRL, Key::Minus)], "Ctrl -"),
    row(UiCommand::ZoomReset, "Zoom to 100 %", "actual size reset", Group::Window, icons::SEARCH, &[key(CTRL, Key::Num0)], "Ctrl 0"),
    row(UiCommand::ToggleRail, "Rail wide or narrow", "sidebar collapse", Group::Window, icons::ROWS, &[key(Modifiers::NONE, Key::F9)], "F9"),
    row(UiCommand::NextPane, "Next part of the window", "pane focus", Group::Window, icons::RIGHT, &[key(Modifiers::NONE, Key::F6)], "F6"),
    row(UiCommand::PreviousPane, "Previous part of the window", "pane focus", Group::Window, icons::LEFT, &[key(Modifiers::SHIFT, Key::F6)], "Shift F6"),
    row(UiCommand::MainMenu, "Main menu", "vault switch file", Group::Window, icons::ROWS, &[key(Modifiers::NONE, Key::F10)], "F10"),
    row(UiCommand::CloseTop, "Close the dialog or drawer", "leave dismiss", Group::Window, icons::CLOSE, &[key(CTRL, Key::W)], "Ctrl W"),
    by_page(row(UiCommand::Confirm, "Confirm the dialog or step", "save primary", Group::Window, icons::CHECK, &[key(CTRL, Key::Enter), key(CTRL, Key::S)], "Ctrl Enter")),
    by_page(row(UiCommand::StepOn, "Next step of the wizard", "continue create", Group::Window, icons::RIGHT, &[key(Modifiers::ALT, Key::N)], "Alt N")),
    by_page(row(UiCommand::StepBack, "Step before in the wizard", "back create", Group::Window, icons::LEFT, &[key(Modifiers::ALT, Key::B)], "Alt B")),
    by_page(row(UiCommand::Facets, "Facets: show or hide", "panel column filter", Group::Window, icons::VIEW_OPTIONS, &[key(Modifiers::NONE, Key::F7)], "F7")),
    by_page(row(UiCommand::Chart, "Chart: show or hide", "panel histogram audit", Group::Window, icons::OVERVIEW, &[key(Modifiers::NONE, Key::F8)], "F8")),
    by_page(row(UiCommand::Details, "Details: show or hide", "drawer panel open row", Group::Window, icons::INFO, &[key(Modifiers::ALT, Key::Enter)], "Alt Enter")),
    row(UiCommand::Shortcuts, "Keyboard shortcuts", "help keys", Group::Window, icons::KEYBOARD, &[key(Modifiers::NONE, Key::F1), key(CTRL, Key::Slash)], "F1"),
    row(UiCommand::Quit, "Quit", "exit end close", Group::Window, icons::SIGN_OUT, &[key(CTRL, Key::Q)], "Ctrl Q"),
];

/// Keys that parts of pages listen to by themselves: where, and each with what it does.
pub const PARTS: &[(&str, &[(&str, &str)])] = &[
    (
        "In lists and fields",
        &[
            ("Tab", "Next control"),
            ("Esc", "Close what lies on top"),
            ("Up Down", "Move in a list"),
            ("Home End", "First, last row"),
            ("Shift Up Down", "Select more"),
            ("Space", "Tick a row"),
            ("Enter", "Open a row, do the default"),
            ("Alt Enter", "Open the details of a row"),
            ("Left Right", "Fold, unfold a group"),
            ("Menu", "What can be done with a row"),
            ("Delete", "Remove a filter"),
        ],
    ),
    (
        "Audit",
        &[
            ("J K", "Next, previous to look at"),
            ("I X", "Only the value of this cell, not it"),
            ("[ ]", "The day before, the day after"),
            ("{ }", "The session before, after"),
        ],
    ),
    ("Chart", HISTOGRAM_KEYS),
    (
        "Lanes",
        &[
            ("Left Right", "The session before, after"),
            ("Up Down", "The lane above, below"),
            ("Enter", "The session in Audit"),
        ],
    ),
];
