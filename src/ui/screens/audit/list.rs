//! The events, newest first; their context menu, and the keys that walk and narrow.

use super::super::pages::when;
use super::{State, edit};
use crate::app::{Command, UnlockedView};
use crate::audit::index::Row;
use crate::audit::query::{clause, replace_time_range, without_time};
use crate::model::{Object, Outcome, Severity};
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, Column, Severity as Mark, Table};
use egui::{Frame as Panel, Key, Margin, Modifiers, Popup, PopupCloseBehavior, Response, Ui};

/// How a severity of the log is drawn.
pub(super) fn mark(severity: Severity) -> Mark {
    match severity {
        Severity::Info => Mark::Info,
        Severity::Notice => Mark::Notice,
        Severity::Warn => Mark::Warn,
        Severity::Critical => Mark::Critical,
    }
}

/// The table.
pub(super) fn show(
    ui: &mut Ui,
    narrow: bool,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
    out: &mut Vec<Intent>,
) {
    let mut columns = vec![
        Column::fixed("!", 28.0),
        Column::fixed("Time", 136.0),
        Column::fixed("Operator", 82.0),
        Column::fixed("Action", 136.0),
        Column::rest("Object"),
    ];
    if !narrow {
        columns.push(Column::fixed("Out", 44.0));
    }
    let found = &state.found;
    let event = |row: usize| found.row(row).and_then(|row| view.log.event_row(row));
    let key = |row: usize| event(row).map_or(u64::MAX, |event| event.seq());
    let table = Table::new("Events", &columns, found.rows.len()).single().key(&key).sort(Some((1, false)));
    let response = table.show(ui, &mut state.table, |cell| {
        let Some(event) = event(cell.row()) else { return };
        let t = cell.tokens();
        match cell.column() {
            0 => cell.severity(mark(event.severity())),
            1 => cell.styled(TextRole::Mono, t.text, &when::stamp(event.time())),
            2 => cell.styled(TextRole::Body, t.text, event.operator()),
            3 => cell.name(event.action().name()),
            4 => cell.styled(TextRole::Body, t.text, &object(&event)),
            5 => match event.outcome() {
                Outcome::Done => cell.icon(icons::CHECK, t.text_2, "done"),
                Outcome::Refused => cell.icon(icons::FORBIDDEN, t.warn, "refused"),
                Outcome::Failed => cell.icon(icons::FAILED, t.warn, "failed"),
            },
            _ => {}
        }
    });
    if response.selection_changed || response.moved.is_some() {
        let cursor = state.table.cursor;
        if let Some(seq) = cursor.and_then(event).map(|event| event.seq()) {
            state.selected = Some(seq);
        }
    }
    if response.opened.is_some() {
        state.closed = false;
    }
    if let Some((row, on)) = &response.menu
        && let Some(event) = found.row(*row).and_then(|row| view.log.event_row(row))
    {
        menu(on, &event, &state.good, &mut state.next);
    }
    keys(ui, response.response.has_focus(), view, state);
    if let Some(seq) = state.selected.filter(|seq| state.asked != Some(*seq)) {
        state.asked = Some(seq);
        state.closed = false;
        if frame.unlocked().and_then(|v| v.detail.as_ref()).is_none_or(|detail| detail.event.seq != seq) {
            out.push(Intent::App(Command::Detail { seq }));
        }
    }
}

/// What an event is about; for a session, where it was.
fn object(event: &Row<'_>) -> String {
    let session = event.action().category() == crate::model::Category::Session;
    if session && matches!(event.object(), Object::Vault) {
        event.host().to_owned()
    } else {
        event.object_words().into_owned()
    }
}

/// J and K walk to the next and the previous event that is a warning or worse; I and X keep or leave out its action.
fn keys(ui: &Ui, focused: bool, view: &UnlockedView, state: &mut State) {
    let free = focused || ui.memory(|m| m.focused().is_none());
    if !free || ui.ctx().text_edit_focused() {
        return;
    }
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    if pressed(Key::J) {
        walk(view, state, true);
    } else if pressed(Key::K) {
        walk(view, state, false);
    } else if let Some(event) = state.selected.and_then(|seq| view.log.get(seq)) {
        let action = event.action().name();
        if pressed(Key::I) {
            state.next = Some(edit::only(&state.good, "action", action));
        } else if pressed(Key::X) {
            state.next = Some(edit::exclude(&state.good, "action", action));
        }
    }
}

/// Chooses the next (older) or the previous event of severity warn or worse.
pub(super) fn walk(view: &UnlockedView, state: &mut State, older: bool) {
    let found = &state.found;
    let here = state.selected.and_then(|seq| view.log.row_of(seq)).and_then(|row| found.place(row));
    let worth = |at: &usize| {
        let event = found.row(*at).and_then(|row| view.log.event_row(row));
        event.is_some_and(|event| event.severity() >= Severity::Warn)
    };
    let end = found.rows.len();
    let next = match (older, here) {
        (true, here) => (here.map_or(0, |at| at + 1)..end).find(worth),
        (false, here) => (0..here.unwrap_or(end)).rev().find(worth),
    };
    if let Some(at) = next {
        go(view, state, at);
    }
}

/// Chooses the event at this place of the table and brings it into view.
pub(super) fn go(view: &UnlockedView, state: &mut State, at: usize) {
    let seq = state.found.row(at).and_then(|row| view.log.event_row(row)).map(|event| event.seq());
    if let Some(seq) = seq {
        state.table.go_to(at, seq);
        state.selected = Some(seq);
        state.closed = false;
    }
}

fn menu(on: &Response, event: &Row<'_>, text: &str, next: &mut Option<String>) {
    let t = crate::ui::theme::tokens(&on.ctx);
    let panel = Panel::new()
        .fill(t.raised)
        .stroke((1.0, t.hairline))
        .corner_radius(size::RADIUS_CARD)
        .inner_margin(Margin::same(4))
        .shadow(on.ctx.global_style().visuals.popup_shadow);
    let popup = Popup::context_menu(on).frame(panel).close_behavior(PopupCloseBehavior::CloseOnClick);
    popup.show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let name = event.object_name().to_owned();
        let fields = [
            ("operator", event.operator().to_owned()),
            ("action", event.action().name().to_owned()),
            ("object", name),
        ];
        for (field, value) in &fields {
            let keys = if *field == "action" { "I" } else { "" };
            if w::menu_item(ui, Some(icons::FILTER), &format!("Only {field} {value}"), keys).clicked() {
                *next = Some(edit::only(text, field, value));
            }
        }
        for (field, value) in &fields {
            let keys = if *field == "action" { "X" } else { "" };
            if w::menu_item(ui, Some(icons::MINUS), &format!("Not {field} {value}"), keys).clicked() {
                *next = Some(edit::exclude(text, field, value));
            }
        }
        let base = without_time(text);
        let at = event.time();
        if w::menu_item(ui, Some(icons::LEFT), "Before this", "").clicked() {
            *next = Some(join(&base, &format!("seq<{}", event.seq())));
        }
        if w::menu_item(ui, Some(icons::RIGHT), "After this", "").clicked() {
            *next = Some(join(&base, &format!("seq>{}", event.seq())));
        }
        if w::menu_item(ui, Some(icons::CLOCK), "Five minutes around this", "").clicked() {
            *next = Some(replace_time_range(text, at.plus_ms(-300_000), at.plus_ms(300_000)));
        }
        if w::menu_item(ui, Some(icons::SESSION), "Same session", "").clicked() {
            *next = Some(join("", &clause("session", &event.session().short())));
        }
    });
}

fn join(text: &str, clause: &str) -> String {
    crate::audit::query::with_clause(text, clause)
}
