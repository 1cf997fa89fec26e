//! The events, newest first; their context menu, and the keys that walk and narrow.

use super::super::pages::{rows, when};
use super::{State, copy, edit};
use crate::app::{Command, UnlockedView};
use crate::audit::index::Row;
use crate::audit::query::{clause, replace_time_range, without_time};
use crate::model::{Object, Outcome, Severity};
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, icons};
use crate::ui::widgets::{self as w, Column, Severity as Mark, Table};
use crate::ui::words::plural;
use egui::{Key, Modifiers, Response, Ui};

/// How a severity of the log is drawn.
pub(super) fn mark(severity: Severity) -> Mark {
    match severity {
        Severity::Info => Mark::Info,
        Severity::Notice => Mark::Notice,
        Severity::Warn => Mark::Warn,
        Severity::Critical => Mark::Critical,
    }
}

/// Width of the column of actions: the longest name fits.
pub(super) const ACTION_WIDTH: f32 = 174.0;

/// A list at least this wide has a column for the outcome.
const OUTCOME_FROM: f32 = 640.0;

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
        Column::fixed("!", 44.0),
        Column::fixed("Time", when::stamp_width(136.0)).sortable(),
        Column::fixed("Operator", 82.0),
        Column::fixed("Action", ACTION_WIDTH),
        Column::rest("Object"),
    ];
    // Beside an open event the object needs the room more; what came of that event stands there.
    if !narrow && ui.available_width() >= OUTCOME_FROM {
        columns.push(Column::fixed("Out", 44.0));
    }
    state.column = state.column.min(columns.len() - 1);
    let (found, waiting) = (&state.found, &state.waiting);
    let event = |row: usize| found.row(row).and_then(|row| view.log.event_row(row));
    let key = |row: usize| event(row).map_or(u64::MAX, |event| event.seq());
    let sorted = Some((1, found.oldest_first));
    let table = Table::new("Events", &columns, found.rows.len()).key(&key).sort(sorted);
    let at = (state.column, state.table.cursor);
    let focused = ui.memory(|m| m.focused()).is_some_and(|id| Some(id) == state.table_id);
    let response = table.show(ui, &mut state.table, |cell| {
        let Some(event) = event(cell.row()) else { return };
        let t = cell.tokens();
        if focused && at == (cell.column(), Some(cell.row())) {
            cell.outline();
        }
        match cell.column() {
            0 => {
                cell.severity(mark(event.severity()));
                if waiting.at(event.seq()) {
                    cell.icon(icons::DOUBTFUL, t.warn, "finding without an answer");
                }
            }
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
    state.table_id = Some(response.response.id);
    state.hold.scrolled = response.visible.start > 0;
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
        if on.secondary_clicked() {
            let x = on.interact_pointer_pos().map_or(0.0, |at| at.x - on.rect.left());
            state.menu_column = column_at(&columns, on.rect.width(), x);
        }
        menu(on, &event, state.menu_column, &state.good, &mut state.next, out);
    }
    if response.sort.is_some() {
        state.found.oldest_first = !state.found.oldest_first;
        if let Some(at) =
            state.selected.and_then(|seq| view.log.row_of(seq)).and_then(|row| state.found.place(row))
        {
            go(view, state, at);
        }
    }
    if response.response.has_focus() {
        copies(ui, frame, view, state, out);
    }
    keys(ui, response.response.has_focus(), columns.len(), view, state);
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

/// The column of the action: where the keyboard begins.
pub(super) const ACTION: usize = 3;

/// The field and the value of a cell, as a query names them.
fn value(event: &Row<'_>, column: usize) -> (&'static str, String) {
    match column {
        0 => ("severity", event.severity().word().to_owned()),
        1 => ("time", event.time().local().format("%Y-%m-%d").to_string()),
        2 => ("operator", event.operator().to_owned()),
        4 if object(event) == event.host() => ("host", event.host().to_owned()),
        4 => ("object", event.object_name().to_owned()),
        5 => ("outcome", event.outcome().word().to_owned()),
        _ => ("action", event.action().name().to_owned()),
    }
}

/// The column at `x` of a row of this width.
fn column_at(columns: &[Column<'_>], width: f32, x: f32) -> usize {
    let fixed: f32 = columns.iter().map(|c| c.width().unwrap_or(0.0)).sum();
    let mut end = 0.0;
    let found = columns.iter().position(|column| {
        end += column.width().unwrap_or(width - fixed);
        x < end
    });
    found.unwrap_or(ACTION)
}

/// Only this value of the cell, or all but it. The day of a time replaces what the query says about time.
fn narrow(text: &str, event: &Row<'_>, column: usize, only: bool) -> String {
    let (field, value) = value(event, column);
    match (field, only) {
        ("time", true) => join(&without_time(text), &format!("time:{value}")),
        ("time", false) => join(text, &format!("-time:{value}")),
        (_, true) => edit::only(text, field, &value),
        (_, false) => edit::exclude(text, field, &value),
    }
}

/// Left and Right choose a column. I and X keep or leave out the value of its cell; J and K walk to the next and the
/// previous event that is a warning or worse or has a finding to answer, brackets to another day, braces to another session.
/// These are off where the workstation has single-letter shortcuts off.
fn keys(ui: &Ui, focused: bool, columns: usize, view: &UnlockedView, state: &mut State) {
    let free = focused || ui.memory(|m| m.focused().is_none());
    if !free || ui.ctx().text_edit_focused() {
        return;
    }
    let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    let shifted = |key| ui.input_mut(|i| i.consume_key(Modifiers::SHIFT, key));
    if focused && pressed(Key::ArrowLeft) {
        state.column = state.column.saturating_sub(1);
    } else if focused && pressed(Key::ArrowRight) {
        state.column = (state.column + 1).min(columns.saturating_sub(1));
    }
    if state.letters_off {
        return;
    }
    let day = |event: &Row<'_>| event.time().local().date_naive().to_string();
    let session = |event: &Row<'_>| event.session().to_string();
    if pressed(Key::J) {
        walk(view, state, true);
    } else if pressed(Key::K) {
        walk(view, state, false);
    } else if pressed(Key::OpenCurlyBracket) || shifted(Key::OpenCurlyBracket) || shifted(Key::OpenBracket) {
        leap(view, state, false, &session);
    } else if pressed(Key::CloseCurlyBracket) || shifted(Key::CloseCurlyBracket) || shifted(Key::CloseBracket)
    {
        leap(view, state, true, &session);
    } else if pressed(Key::OpenBracket) {
        leap(view, state, false, &day);
    } else if pressed(Key::CloseBracket) {
        leap(view, state, true, &day);
    } else if let Some(event) = state.selected.and_then(|seq| view.log.get(seq)) {
        if pressed(Key::I) {
            state.next = Some(narrow(&state.good, &event, state.column, true));
        } else if pressed(Key::X) {
            state.next = Some(narrow(&state.good, &event, state.column, false));
        }
    }
}

/// Goes to the nearest event, later or earlier in time, of which `what` is another.
fn leap(view: &UnlockedView, state: &mut State, later: bool, what: &dyn Fn(&Row<'_>) -> String) {
    let found = &state.found;
    let event = |at: usize| found.row(at).and_then(|row| view.log.event_row(row));
    let Some(here) = state.table.cursor.or((!found.rows.is_empty()).then_some(0)) else { return };
    let Some(now) = event(here).map(|event| what(&event)) else { return };
    let other = |at: &usize| event(*at).is_some_and(|event| what(&event) != now);
    let down = later == found.oldest_first;
    let next = if down { (here + 1..found.rows.len()).find(other) } else { (0..here).rev().find(other) };
    if let Some(at) = next {
        go(view, state, at);
    }
}

/// Ctrl+C copies the chosen events as rows, Ctrl+Shift+C as JSON.
fn copies(ui: &Ui, frame: &Frame<'_>, view: &UnlockedView, state: &mut State, out: &mut Vec<Intent>) {
    let Some(form) = rows::copied(ui).filter(|_| !state.table.selected.is_empty()) else { return };
    let as_json = form == rows::Form::Json;
    let mut rows: Vec<usize> = state
        .table
        .selected
        .iter()
        .filter_map(|seq| view.log.row_of(*seq).and_then(|row| state.found.place(row)))
        .collect();
    rows.sort_unstable();
    let all = rows.len() as u64;
    rows.truncate(copy::MOST);
    let events = rows.iter().filter_map(|at| state.found.row(*at).and_then(|row| view.log.event_row(row)));
    let form = if as_json { " as JSON" } else { "" };
    let copied = plural(rows.len(), "event", "events");
    let words = if all > rows.len() as u64 {
        format!("Copied the first {copied} of {}{form}. Export the log for all of them.", w::thousands(all))
    } else {
        format!("Copied {copied}{form}.")
    };
    if as_json {
        let seqs = events.map(|event| event.seq()).collect();
        state.copying.ask(frame, seqs, words, out);
        return;
    }
    out.push(Intent::App(Command::CopyPlain(copy::tsv(events))));
    out.push(Intent::Toast(w::Tone::Ok, words));
}

/// Where an event stands in the list.
pub(super) fn place_of(view: &UnlockedView, state: &State, seq: u64) -> Option<usize> {
    view.log.row_of(seq).and_then(|row| state.found.place(row))
}

/// Chooses the next event down the list, or up it, that is of severity warn or worse or at which a finding waits.
pub(super) fn walk(view: &UnlockedView, state: &mut State, down: bool) {
    let (found, waiting) = (&state.found, &state.waiting);
    let here = state.selected.and_then(|seq| place_of(view, state, seq));
    let worth = |at: &usize| {
        let event = found.row(*at).and_then(|row| view.log.event_row(row));
        event.is_some_and(|event| event.severity() >= Severity::Warn || waiting.at(event.seq()))
    };
    let end = found.rows.len();
    let next = match (down, here) {
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

/// The context menu of a cell.
fn menu(
    on: &Response,
    event: &Row<'_>,
    column: usize,
    text: &str,
    next: &mut Option<String>,
    out: &mut Vec<Intent>,
) {
    w::context_menu(on, |ui| {
        let (field, shown) = value(event, column);
        if w::menu_item(ui, Some(icons::FILTER), &format!("Only {field} {shown}"), "I").clicked() {
            *next = Some(narrow(text, event, column, true));
        }
        if w::menu_item(ui, Some(icons::MINUS), &format!("Exclude {field} {shown}"), "X").clicked() {
            *next = Some(narrow(text, event, column, false));
        }
        if w::menu_item(ui, Some(icons::COPY), "Copy value", "").clicked() {
            let copied = if column == 1 { event.time().iso() } else { shown };
            out.push(Intent::App(Command::CopyPlain(copied)));
        }
        w::rule(ui);
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
            *next = Some(clause("session", &event.session().short()));
        }
        if w::menu_item(ui, Some(icons::KEY), "Same object", "").clicked() {
            *next = Some(clause("object", event.object_name()));
        }
    });
}

fn join(text: &str, clause: &str) -> String {
    crate::audit::query::with_clause(text, clause)
}
