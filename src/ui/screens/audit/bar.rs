//! The query: its field with the fields' names in colour, its chips, what is wrong with it, and the ranges.

use super::super::pages::paint::{line, put_left};
use super::super::pages::{place, t, wrong_query};
use super::State;
use super::found::{Found, RANGES};
use crate::audit::query::{FIELDS, without_clause};
use crate::ui::shell::commands::{UiCommand, pressed};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{
    self as w, ChipAction, FilterChip, IconButton, QueryField, QueryResponse, Segmented,
};
use egui::{Align, Layout, Rect, Ui, UiBuilder, vec2};

/// How long typing must pause before it is read, in seconds.
const PAUSE: f64 = 0.25;
/// The accessible name of the field.
pub(super) const NAME: &str = "Filter events";

/// The field in `rect`; what is typed is read at once.
pub(super) fn field(ui: &mut Ui, rect: Rect, state: &mut State) {
    let State { text, field, found, error, .. } = state;
    let found = &*found;
    let values = |field: &str, each: &mut dyn FnMut(&str, Option<u64>) -> bool| offer(found, field, each);
    let hint = "severity>=warn  operator:name  -7d  or words";
    let wrong = field.said(text, error.as_ref());
    let said = QueryField::new(NAME, FIELDS, &values).hint(hint).wrong(wrong);
    let out = said.show(ui, rect, text, field);
    typed(ui, &out, state);
    if out.entered {
        state.table.take_focus();
    }
    state.field.resume |= pressed(ui.ctx(), UiCommand::Find);
}

/// The values of a field, most frequent in what is shown first.
fn offer(found: &Found, field: &str, each: &mut dyn FnMut(&str, Option<u64>) -> bool) {
    match field {
        "time" => ["today", "yesterday", "-24h", "-7d", "-30d"].iter().all(|value| each(value, None)),
        "after" | "before" => ["today", "yesterday", "-7d", "-30d"].iter().all(|value| each(value, None)),
        "session" => {
            let sessions = found.sessions.iter();
            each("current", None)
                && sessions.map(|(tag, n)| (tag.short(), *n)).all(|(tag, n)| each(&tag, Some(n.into())))
        }
        _ => {
            let field = if field == "key" { "object" } else { field };
            let by_field = found.facets.by_field();
            let values =
                by_field.iter().find(|(name, _)| *name == field).map_or(&[][..], |(_, values)| *values);
            values.iter().all(|value| each(&value.value, Some(value.count.into())))
        }
    };
}

/// Reads what is typed once the typing pauses: a word half typed finds nothing and would empty the list.
fn typed(ui: &Ui, out: &QueryResponse, state: &mut State) {
    let now = ui.input(|i| i.time);
    if out.changed {
        state.typed_at = Some(now);
    }
    if out.settled {
        state.typed_at = None;
        state.read();
        return;
    }
    let Some(at) = state.typed_at else { return };
    if now - at >= PAUSE || out.response.lost_focus() {
        state.typed_at = None;
        state.read();
    } else {
        ui.ctx().request_repaint_after_secs((PAUSE - (now - at)) as f32);
    }
}

/// What the help explains: a filter that can be clicked, and what it finds.
const EXAMPLES: [(&str, &str); 8] = [
    ("severity>=warn", "warn or critical"),
    ("operator:m.ito -action:session.*", "one operator, without sessions"),
    ("action:(secret.reveal, secret.copy)", "one of several"),
    ("object:payments-*", "a name that begins so"),
    ("-7d", "the last seven days"),
    ("session:current", "this session"),
    ("outcome:refused OR outcome:failed", "either"),
    ("reason:\"ticket 12\"", "words in the reason"),
];

/// The help of the language.
pub(super) fn help(ui: &mut Ui, at: Rect, state: &mut State) {
    let button = place(ui, "help", at, |ui| IconButton::new(icons::HELP, "How to write a filter").show(ui));
    let mut chosen = None;
    w::menu(&button, |ui| {
        // A menu stretches its lines; this one is read.
        ui.with_layout(Layout::top_down(Align::Min), |ui| {
            egui::Frame::new().inner_margin(egui::Margin::same(8)).show(ui, |ui| chosen = explain(ui));
        });
    });
    if let Some(example) = chosen {
        state.set(example);
        state.field.focus = true;
    }
}

/// What the help says; returns the example that was clicked.
fn explain(ui: &mut Ui) -> Option<&'static str> {
    let t = t(ui);
    let mut chosen = None;
    ui.set_width(492.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    w::text(ui, TextRole::SmallStrong, "Examples: choose one to use it");
    ui.add_space(4.0);
    for (example, words) in EXAMPLES {
        let (row, response) = ui.allocate_exact_size(vec2(492.0, 24.0), egui::Sense::click());
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::Role::MenuItem, true, format!("{example}, {words}"))
        });
        if response.hovered() || response.has_focus() {
            ui.painter().rect_filled(row.expand2(vec2(6.0, 0.0)), size::RADIUS, t.hover);
        }
        let left = line(ui.painter(), TextRole::SmallMono, t.accent, example, 264.0);
        put_left(ui.painter(), row.left(), row.center().y, left);
        let right = line(ui.painter(), TextRole::Small, t.text_2, words, row.width() - 276.0);
        put_left(ui.painter(), row.left() + 276.0, row.center().y, right);
        if response.clicked() {
            chosen = Some(example);
        }
    }
    ui.add_space(8.0);
    w::text(ui, TextRole::SmallStrong, "Fields");
    ui.add_space(4.0);
    w::text_in(ui, TextRole::SmallMono, t.text_2, FIELDS.join("  "));
    ui.add_space(8.0);
    let words =
        "Other words are looked for everywhere. A minus in front leaves out; OR and parentheses join.";
    w::text_in(ui, TextRole::Small, t.text_2, words);
    chosen
}

/// The chips, or what is wrong, in `rect`.
pub(super) fn chips(ui: &mut Ui, rect: Rect, state: &mut State) {
    let t = t(ui);
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().id_salt("chips").max_rect(rect).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if let Some(error) = state.field.said(&state.text, state.error.as_ref()).cloned() {
            if let Some(better) = wrong_query(ui, &error, &state.text) {
                state.set(&better);
            }
            return;
        }
        let chips = state.found.chips.clone();
        for (i, chip) in chips.iter().enumerate() {
            if ui.available_width() < 160.0 && i + 1 < chips.len() {
                w::text_in(ui, TextRole::Small, t.text_2, format!("{} more", chips.len() - i));
                break;
            }
            let mut shown = FilterChip::new(&chip.words);
            if chip.is_time {
                shown = shown.icon(icons::CLOCK).accent();
            }
            match shown.show(ui) {
                Some(ChipAction::Remove) => state.set(&without_clause(&state.good.clone(), i)),
                Some(ChipAction::Edit) => state.field.focus = true,
                None => {}
            }
        }
        if !chips.is_empty() && w::link_small(ui, "Clear all").clicked() {
            state.set("");
        }
    });
}

/// The presets at the right end of `rect`.
pub(super) fn ranges(ui: &mut Ui, rect: Rect, small: bool, state: &mut State) {
    let layout = Layout::right_to_left(Align::Center);
    let names: Vec<&str> = RANGES.iter().map(|(name, _)| *name).collect();
    ui.scope_builder(UiBuilder::new().id_salt("ranges").max_rect(rect).layout(layout), |ui| {
        let control = Segmented::new("Range", &names);
        let control = if small { control.small() } else { control };
        if control.show(ui, &mut state.range).changed() {
            state.set_range();
        }
    });
}
