//! The shortcuts of the page.

use egui::{Key, Modifiers, Ui};

use crate::app::{Command, UnlockedView};
use crate::model::{KeyRecord, KeyState};
use crate::ui::frame::{Bulk, DialogRequest, Frame, Intent};
use crate::ui::shell::commands::{UiCommand, pressed};
use crate::ui::widgets::Tone;

use super::super::pages::rows::{self, Form};
use super::actions::{self, May};
use super::{State, ask, bulk, close};

/// Takes the keys of this frame.
pub(super) fn keyboard(
    ui: &Ui,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
    intents: &mut Vec<Intent>,
) {
    let ctx = ui.ctx();
    if ctx.memory(|m| m.top_modal_layer().is_some()) {
        return;
    }
    let hit = |command| pressed(ctx, command);
    if hit(UiCommand::Find) {
        state.field.resume = true;
        ctx.request_repaint();
    }
    if hit(UiCommand::Facets) {
        if super::is_narrow(ui) {
            state.facets_turned = true;
        } else {
            state.facets_hidden = !state.facets_hidden;
        }
        ctx.request_repaint();
    }
    if hit(UiCommand::Details) {
        let at = state.pointed_at(view).map(|key| key.id);
        state.open = if state.open.is_some() { None } else { at };
        ctx.request_repaint();
    }
    let may = May::of(view);
    if hit(UiCommand::NewKey) && may.manage {
        intents.push(Intent::Open(DialogRequest::NewKey));
    }
    if ctx.any_popup_open() {
        return;
    }
    if state.table.selected.len() > 1 {
        several(ui, frame, view, state, may, intents);
    }
    let key = state.chosen(view).and_then(|id| view.keys.get(id)).cloned();
    if let Some(key) = key {
        if !ctx.text_edit_focused() && may.manage {
            if hit(UiCommand::Rename) && key.state != KeyState::Destroyed {
                intents.push(Intent::Open(DialogRequest::EditKey(key.id)));
            }
            if hit(UiCommand::Delete) {
                intents.extend(delete(&key));
            }
        }
        if hit(UiCommand::Rotate) && actions::why_not_rotate(&key, may).is_none() {
            intents.push(Intent::Open(DialogRequest::Rotate(key.id)));
        }
        if hit(UiCommand::Edit) && may.manage && key.state != KeyState::Destroyed {
            intents.push(Intent::Open(DialogRequest::EditKey(key.id)));
        }
        if hit(UiCommand::Reveal) {
            if frame.revealed.is_some_and(|shown| shown.key == key.id) {
                intents.push(Intent::App(Command::Hide));
            } else if actions::why_not_read(&key, may).is_none() {
                state.open = Some(key.id);
                state.drawer.tab = 0;
                ask(frame, view, state, key.id, None, false, intents);
            }
        }
        match rows::copied(ui) {
            Some(Form::Json) => rows::copy_keys(frame, view, &[key.id], Form::Json, intents),
            Some(Form::Lines) => {
                intents.push(Intent::App(Command::CopyPlain(key.name.clone())));
                intents.push(Intent::Toast(Tone::Ok, format!("Copied the name {}.", key.name)));
            }
            None => {}
        }
    } else if hit(UiCommand::Rotate) || hit(UiCommand::Edit) {
        intents.push(Intent::Toast(Tone::Neutral, "Choose a key in the list first.".to_owned()));
    }
    let free = ctx.memory(|m| m.focused()).is_none() || !ctx.text_edit_focused();
    if free && (state.open.is_some() || !state.table.selected.is_empty()) {
        let escaped = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
        if escaped && state.open.is_some() {
            close(state);
        } else if escaped {
            state.table.clear();
        }
    }
}

/// The shortcuts that are about all selected keys.
fn several(
    ui: &Ui,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &State,
    may: May,
    intents: &mut Vec<Intent>,
) {
    if ui.ctx().text_edit_focused() {
        return;
    }
    let ids = || bulk::selected(view, &state.list, &state.table);
    if may.manage && pressed(ui.ctx(), UiCommand::Rotate) {
        intents.push(Intent::Open(DialogRequest::RotateEach(ids())));
    }
    if may.manage && pressed(ui.ctx(), UiCommand::Delete) {
        intents.push(Intent::Open(DialogRequest::Bulk(Bulk::Destroy, ids())));
    }
    if let Some(form) = rows::copied(ui) {
        rows::copy_keys(frame, view, &ids(), form, intents);
    }
}

/// Delete never destroys: it asks to schedule that, which can be taken back until the day.
fn delete(key: &KeyRecord) -> Option<Intent> {
    let may = key.state.may_become(KeyState::Destroyed) && key.destroy_at.is_none();
    may.then(|| Intent::Open(DialogRequest::ScheduleDestroy(key.id)))
}
