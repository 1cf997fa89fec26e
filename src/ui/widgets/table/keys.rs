//! The keyboard in a table: arrows, Home, End, Page Up and Down; Shift extends, Ctrl only moves, Space toggles, Enter
//! opens. Up from the first row reaches the headers; there Left and Right move and Enter sorts.

use super::super::focus;
use super::{Table, TableResponse, TableState};
use egui::{EventFilter, Key, Modifiers, Response, Ui};

/// Handles this frame's keys. Returns the row to bring into view.
pub(super) fn handle(
    table: &Table<'_>,
    ui: &Ui,
    response: &Response,
    state: &mut TableState,
    page: usize,
    out: &mut TableResponse,
) -> Option<usize> {
    let wanted = std::mem::take(&mut state.reveal).then_some(state.cursor).flatten();
    let wanted = wanted.or(state.into_view.take());
    // The keys are a menu's while one is open.
    if !response.has_focus() || focus::is_popup_open(ui.ctx()) {
        return wanted;
    }
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
    if table.rows == 0 {
        return None;
    }
    if let Some(column) = state.header {
        in_header(table, ui, state, column, out);
        return None;
    }
    let before = state.cursor;
    let (target, modifiers) = ui.input_mut(|input| {
        let modifiers = input.modifiers;
        let mut press = |key| {
            input.consume_key(Modifiers::NONE, key)
                || input.consume_key(Modifiers::SHIFT, key)
                || input.consume_key(Modifiers::COMMAND, key)
                || input.consume_key(Modifiers::COMMAND | Modifiers::SHIFT, key)
        };
        let last = table.rows - 1;
        let here = before.unwrap_or(0);
        let target = if press(Key::ArrowDown) {
            Some(before.map_or(0, |row| (row + 1).min(last)))
        } else if press(Key::ArrowUp) {
            if here == 0 { None } else { Some(here - 1) }
        } else if press(Key::PageDown) {
            Some((here + page.saturating_sub(1)).min(last))
        } else if press(Key::PageUp) {
            Some(here.saturating_sub(page.saturating_sub(1)))
        } else if press(Key::Home) {
            Some(0)
        } else if press(Key::End) {
            Some(last)
        } else {
            return (None, modifiers);
        };
        (Some(target), modifiers)
    });
    match target {
        Some(Some(row)) => {
            let row = past_groups(table, row, before);
            state.cursor = Some(row);
            if modifiers.shift && !table.single {
                state.anchor = state.anchor.or(before);
                state.extend(table, row);
                out.selection_changed = true;
            } else if !modifiers.command || table.single {
                state.choose(table, row);
                out.selection_changed = true;
            }
            out.moved = (before != Some(row)).then_some(row);
            return Some(row);
        }
        Some(None) => state.header = table.columns.iter().position(|c| c.sortable || c.check),
        None => act(table, ui, state, out),
    }
    wanted
}

/// Space, Enter, Ctrl+A, and the key of the context menu.
fn act(table: &Table<'_>, ui: &Ui, state: &mut TableState, out: &mut TableResponse) {
    let (space, enter, all) = ui.input_mut(|input| {
        (
            input.consume_key(Modifiers::NONE, Key::Space),
            // With Alt it is the page's: it shows and hides the details.
            !input.modifiers.alt && input.consume_key(Modifiers::NONE, Key::Enter),
            input.consume_key(Modifiers::COMMAND, Key::A),
        )
    });
    let menu = ui.input_mut(|input| {
        input.consume_key(Modifiers::SHIFT, Key::F10) || input.consume_key(Modifiers::NONE, Key::Menu)
    });
    if let Some(row) = state.cursor.filter(|row| !(table.group)(*row)) {
        state.menu = menu;
        if space {
            if table.single {
                state.choose(table, row)
            } else {
                state.toggle(table, row)
            }
            out.selection_changed = true;
        }
        if enter {
            out.opened = Some(row);
        }
    }
    if all && !table.single {
        table.select_all(state, true);
        out.selection_changed = true;
    }
}

fn in_header(table: &Table<'_>, ui: &Ui, state: &mut TableState, column: usize, out: &mut TableResponse) {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let active = |i: &usize| table.columns.get(*i).is_some_and(|c| c.sortable || (c.check && !table.single));
    if pressed(Key::ArrowDown) {
        state.header = None;
        state.cursor = state.cursor.or(Some(0));
    } else if let Some(wider) = shifted(ui).filter(|_| table.columns[column].resizable) {
        let width = table.columns[column].width.unwrap_or_default();
        out.resized = Some(super::edge::step(column, width, wider));
    } else if pressed(Key::ArrowLeft) {
        state.header = (0..column).rev().find(active).or(Some(column));
    } else if pressed(Key::ArrowRight) {
        state.header = (column + 1..table.columns.len()).find(active).or(Some(column));
    } else if pressed(Key::Enter) || pressed(Key::Space) {
        if table.columns[column].check {
            let all = state.tick(table) != crate::ui::widgets::Tick::On;
            table.select_all(state, all);
            out.selection_changed = true;
        } else {
            out.sort = Some(column);
        }
    }
}

/// Shift with Right or Left: whether wider.
fn shifted(ui: &Ui) -> Option<bool> {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::SHIFT, key));
    if pressed(Key::ArrowRight) { Some(true) } else { pressed(Key::ArrowLeft).then_some(false) }
}

/// The nearest row to `row` that is no group head, first in the direction of travel.
fn past_groups(table: &Table<'_>, row: usize, before: Option<usize>) -> usize {
    let usable = |row: &usize| !(table.group)(*row);
    let down = before.is_none_or(|before| row >= before);
    let (mut after, mut ahead) = (row..table.rows, (0..=row).rev());
    if down {
        after.find(usable).or_else(|| ahead.find(usable)).unwrap_or(row)
    } else {
        ahead.find(usable).or_else(|| after.find(usable)).unwrap_or(row)
    }
}
