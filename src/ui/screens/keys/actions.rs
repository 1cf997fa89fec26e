//! What may be done with a key in its state, as a menu.

use crate::model::operator::Permission;
use crate::model::{KeyId, KeyRecord, KeyState, Timestamp, VersionRecord, VersionState};
use crate::ui::frame::{DialogRequest, Intent};
use crate::ui::shell::commands::{UiCommand, shown};
use crate::ui::theme::icons::{self, Icon};
use crate::ui::widgets::menu_item;
use egui::Ui;

use super::super::pages::rows::{self, Form};
use crate::app::{Command, Read, UnlockedView};
use crate::ui::frame::Frame;

/// What the operator may do at all.
#[derive(Clone, Copy)]
pub(crate) struct May {
    /// Change keys.
    pub manage: bool,
    /// Read values.
    pub read: bool,
    role: &'static str,
}

impl May {
    /// By the operator's role.
    pub fn of(view: &UnlockedView) -> Self {
        let role = view.view.me.role;
        let manage = role.may(Permission::ManageKeys);
        Self { manage, read: role.may(Permission::ReadSecrets), role: role.word() }
    }

    /// Why a key cannot be changed, where it cannot.
    pub fn why_not_manage(self) -> Option<String> {
        (!self.manage).then(|| format!("As {} you may not change keys", self.role))
    }

    /// Why a value cannot be read, where it cannot.
    pub fn why_not_read(self) -> Option<String> {
        (!self.read).then(|| format!("As {} you may not read secrets", self.role))
    }
}

/// Why the key cannot be rotated now, where it cannot.
pub(super) fn why_not_rotate(key: &KeyRecord, may: May) -> Option<String> {
    let state = || (!key.state.may_be_rotated()).then(|| format!("It is {}", key.state.word()));
    may.why_not_manage().or_else(state)
}

/// Why the values of a key cannot be read, where they cannot.
pub(super) fn why_not_read(key: &KeyRecord, may: May) -> Option<String> {
    may.why_not_read().or_else(|| (!key.state.may_be_read()).then(|| "Its values were destroyed".to_owned()))
}

/// Shows or copies a value: at once, or through a dialog where a reason or the password is asked for.
pub(super) fn read(
    frame: &Frame<'_>,
    view: &UnlockedView,
    key: KeyId,
    version: Option<u32>,
    copy: bool,
) -> (Intent, Option<crate::app::Ticket>) {
    let settings = &view.view.settings;
    let asks = settings.reveal_needs_reason || settings.reveal_needs_password && !view.stepped_up;
    if asks {
        let request =
            if copy { DialogRequest::Copy(key, version) } else { DialogRequest::Reveal(key, version) };
        return (Intent::Open(request), None);
    }
    let ticket = frame.ticket();
    let read = Read { key, version, reason: String::new() };
    let command = if copy { Command::Copy { ticket, read } } else { Command::Reveal { ticket, read } };
    (Intent::App(command), Some(ticket))
}

/// What may be done: its glyph, its words, the command whose keys do the same, and the dialog that asks.
pub(in crate::ui) type Act = (Icon, &'static str, Option<UiCommand>, DialogRequest);

/// The actions on a key, in groups parted by a line.
pub(in crate::ui) fn of_key(key: &KeyRecord, may: May, now: Timestamp) -> Vec<Vec<Act>> {
    use DialogRequest as D;
    let id = key.id;
    let mut groups = vec![Vec::new(), Vec::new(), Vec::new()];
    if !may.manage {
        return groups;
    }
    if key.state.may_be_rotated() {
        groups[0].push((icons::ROTATE, "Rotate…", Some(UiCommand::Rotate), D::Rotate(id)));
    }
    if key.state != KeyState::Destroyed {
        groups[0].push((icons::EDIT, "Edit…", Some(UiCommand::Edit), D::EditKey(id)));
    }
    if may.read && key.state.may_be_read() {
        groups[0].push((icons::EXPORT, "Export value…", None, D::Export(id, None)));
    }
    match key.state {
        KeyState::PreActive => groups[1].push((icons::ACTIVE, "Activate…", None, D::Activate(id))),
        KeyState::Active => groups[1].push((icons::SUSPENDED, "Suspend…", None, D::Suspend(id))),
        KeyState::Suspended => {
            groups[1].push((icons::ACTIVE, "Resume…", None, D::Resume(id)));
            groups[1].push((icons::SUSPENDED, "Keep suspended…", None, D::Suspend(id)));
        }
        _ => {}
    }
    if key.state.may_become(KeyState::Deactivated) {
        groups[1].push((icons::ARCHIVE, "Deactivate…", None, D::Deactivate(id)));
    }
    let destroyed = key.state == KeyState::Destroyed && key.compromise.is_none();
    if key.state.may_become(KeyState::Compromised) || destroyed {
        groups[2].push((icons::FAILED, "Mark as compromised…", None, D::Compromised(id)));
    }
    if key.state.may_become(KeyState::Destroyed) {
        match key.destroy_at {
            None => groups[2].push((icons::DESTROY, "Schedule destruction…", None, D::ScheduleDestroy(id))),
            Some(_) => {
                groups[2].push((icons::UNDO, "Cancel destruction…", None, D::CancelDestroy(id)));
            }
        }
        // What was never used, or what is in the wrong hands, need not wait.
        let at_once = matches!(key.state, KeyState::PreActive | KeyState::Compromised);
        if at_once || key.destroy_at.is_some_and(|at| at <= now) {
            groups[2].push((icons::DESTROY, "Destroy values…", None, D::Destroy(id)));
        }
    }
    groups
}

/// Copying what is known about keys, as items of a menu.
pub(super) fn copy_items(
    ui: &mut Ui,
    frame: &Frame<'_>,
    view: &UnlockedView,
    ids: &dyn Fn() -> Vec<KeyId>,
    intents: &mut Vec<Intent>,
) {
    let keys = shown(ui.ctx(), UiCommand::CopyMetadata);
    if menu_item(ui, Some(icons::COPY), "Copy as JSON", &keys).clicked() {
        rows::copy_keys(frame, view, &ids(), Form::Json, intents);
    }
    if menu_item(ui, Some(icons::COPY), "Copy for a spreadsheet", "").clicked() {
        rows::copy_keys(frame, view, &ids(), Form::Lines, intents);
    }
}

/// The menu of a key.
pub(super) fn key_menu(
    ui: &mut Ui,
    frame: &Frame<'_>,
    view: &UnlockedView,
    key: &KeyRecord,
    may: May,
    intents: &mut Vec<Intent>,
) {
    let now = frame.now;
    ui.set_min_width(220.0);
    if menu_item(ui, Some(icons::COPY), "Copy name", &shown(ui.ctx(), UiCommand::CopyName)).clicked() {
        intents.push(Intent::App(Command::CopyPlain(key.name.clone())));
    }
    copy_items(ui, frame, view, &|| vec![key.id], intents);
    if menu_item(ui, Some(icons::AUDIT), "Open in Audit", "").clicked() {
        intents.push(audit_of(key));
    }
    for group in of_key(key, may, now).into_iter().filter(|group| !group.is_empty()) {
        line(ui);
        for (glyph, label, command, request) in group {
            let keys = command.map_or_else(String::new, |command| shown(ui.ctx(), command));
            if menu_item(ui, Some(glyph), label, &keys).clicked() {
                intents.push(Intent::Open(request));
            }
        }
    }
}

/// The menu of a version. Reading it is told by the answer: `Some(true)` to copy, `Some(false)` to reveal.
pub(super) fn version_menu(
    ui: &mut Ui,
    key: &KeyRecord,
    version: &VersionRecord,
    may: May,
    intents: &mut Vec<Intent>,
) -> Option<bool> {
    use DialogRequest as D;
    ui.set_min_width(200.0);
    let mut read = None;
    let number = version.number;
    let mut any = false;
    if may.read && version.state != VersionState::Destroyed && key.state.may_be_read() {
        any = true;
        if menu_item(ui, Some(icons::REVEAL), "Reveal", "").clicked() {
            read = Some(false);
        }
        if menu_item(ui, Some(icons::COPY), "Copy", "").clicked() {
            read = Some(true);
        }
        if menu_item(ui, Some(icons::EXPORT), "Export value…", "").clicked() {
            intents.push(Intent::Open(D::Export(key.id, Some(number))));
        }
    }
    if may.manage {
        if key.state.is_in_use() && version.state.may_return() {
            any = true;
            if menu_item(ui, Some(icons::UNDO), "Make current…", "").clicked() {
                intents.push(Intent::Open(D::MakeCurrent(key.id, number)));
            }
        }
        if version.state == VersionState::Overlap && key.state != KeyState::Destroyed {
            any = true;
            if menu_item(ui, Some(icons::ARCHIVE), "Retire now…", "").clicked() {
                intents.push(Intent::Open(D::RetireVersion(key.id, number)));
            }
        }
        let kept = matches!(version.state, VersionState::Current | VersionState::Destroyed);
        if !kept && key.state != KeyState::Destroyed {
            any = true;
            if menu_item(ui, Some(icons::DESTROY), "Destroy value…", "").clicked() {
                intents.push(Intent::Open(D::DestroyVersion(key.id, number)));
            }
        }
    }
    if !any {
        let reason = if version.state == VersionState::Destroyed {
            "Its value is gone"
        } else {
            "Nothing can be done with it in your role"
        };
        crate::ui::widgets::text(ui, crate::ui::theme::TextRole::Small, reason);
    }
    read
}

/// The Audit page with everything about a key.
pub(super) fn audit_of(key: &KeyRecord) -> Intent {
    let name = key.name.replace('\\', "\\\\").replace('"', "\\\"");
    Intent::ShowAudit(format!("key:\"{name}\""))
}

/// A line between groups of a menu.
pub(super) fn line(ui: &mut Ui) {
    ui.add_space(4.0);
    crate::ui::widgets::rule(ui);
    ui.add_space(4.0);
}
