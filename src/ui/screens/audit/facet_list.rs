//! The facets: how often each operator, action, object … occurs in what was found. Ticking one edits the query.

use super::super::pages::t;
use super::{State, edit};
use crate::audit::facets::FacetValue;
use crate::ui::frame::{Intent, Page};
use crate::ui::theme::TextRole;
use crate::ui::widgets::{self as w, thousands};
use egui::{ScrollArea, Ui};

/// The groups: title, field, how many values are shown at first.
const GROUPS: [(&str, &str, usize); 5] = [
    ("Operator", "operator", 5),
    ("Action", "action", 5),
    ("Object", "object", 4),
    ("Outcome", "outcome", 3),
    ("Host", "host", 4),
];
/// The most values shown when all are asked for.
const MOST: usize = 200;

/// Which groups are folded, and which show all their values.
#[derive(Default)]
pub(super) struct Groups {
    folded: [bool; 6],
    all: [bool; 6],
}

/// The list. `severity` puts that group first, where no legend shows it.
pub(super) fn show(ui: &mut Ui, state: &mut State, severity: bool, out: &mut Vec<Intent>) {
    ScrollArea::vertical().id_salt("facets").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.set_max_width(ui.available_width() - 4.0);
        let mut next = None;
        let total = state.found.rows.len().max(1) as f32;
        if severity {
            let chosen = edit::values(&state.good, "severity");
            let values = state.found.facets.severity.clone();
            w::text(ui, TextRole::SmallStrong, "Severity");
            values.iter().for_each(|v| value(ui, "severity", v, &chosen, total, &state.good, &mut next));
            ui.add_space(8.0);
        }
        for (i, (title, field, few)) in GROUPS.into_iter().enumerate() {
            let facets = &state.found.facets;
            let by_field = facets.by_field();
            let values =
                by_field.iter().find(|(name, _)| *name == field).map_or(&[][..], |(_, values)| *values);
            if w::facet_head(ui, title, !state.groups.folded[i]) {
                state.groups.folded[i] = !state.groups.folded[i];
            }
            if state.groups.folded[i] {
                continue;
            }
            let chosen = edit::values(&state.good, field);
            let many = if state.groups.all[i] { MOST } else { few };
            for v in values.iter().take(many).filter(|v| v.count > 0 || is_on(&chosen, v)) {
                value(ui, field, v, &chosen, total, &state.good, &mut next);
            }
            // What is ticked stays in sight, however rare.
            for v in values.iter().skip(many).filter(|v| is_on(&chosen, v)) {
                value(ui, field, v, &chosen, total, &state.good, &mut next);
            }
            let rest = values.len().saturating_sub(few);
            if rest > 0 {
                let words = if state.groups.all[i] { "fewer".to_owned() } else { format!("{rest} more…") };
                ui.horizontal(|ui| {
                    ui.add_space(24.0);
                    if w::link_small(ui, &words).clicked() {
                        state.groups.all[i] = !state.groups.all[i];
                    }
                });
            }
            ui.add_space(6.0);
        }
        sessions(ui, state, total, &mut next, out);
        ui.add_space(8.0);
        if let Some(text) = next {
            state.set(&text);
        }
    });
}

fn sessions(ui: &mut Ui, state: &mut State, total: f32, next: &mut Option<String>, out: &mut Vec<Intent>) {
    if state.found.sessions.is_empty() {
        return;
    }
    let title = format!("Session ({})", thousands(state.found.sessions.len() as u64));
    if w::facet_head(ui, &title, !state.groups.folded[5]) {
        state.groups.folded[5] = !state.groups.folded[5];
    }
    if state.groups.folded[5] {
        return;
    }
    let chosen = edit::values(&state.good, "session");
    for (tag, count) in state.found.sessions.iter().take(3) {
        let v = FacetValue { value: tag.short(), count: *count };
        value(ui, "session", &v, &chosen, total, &state.good, next);
    }
    ui.horizontal(|ui| {
        ui.add_space(24.0);
        if w::link_small(ui, "all sessions…").clicked() {
            out.push(Intent::Go(Page::Session));
        }
    });
}

fn is_on(chosen: &[String], v: &FacetValue) -> bool {
    chosen.iter().any(|c| c.eq_ignore_ascii_case(&v.value))
}

fn value(
    ui: &mut Ui,
    field: &str,
    v: &FacetValue,
    chosen: &[String],
    total: f32,
    text: &str,
    next: &mut Option<String>,
) {
    let share = v.count as f32 / total;
    let response = w::facet(ui, (field, &v.value), is_on(chosen, v), &v.value, v.count.into(), share);
    let alone = response.clicked() && ui.input(|i| i.modifiers.alt);
    if alone {
        *next = Some(edit::only(text, field, &v.value));
    } else if response.clicked() {
        *next = Some(edit::toggle(text, field, &v.value));
    }
    let t = t(ui);
    response.on_hover_ui(|ui| {
        w::text_in(ui, TextRole::Small, t.text_2, "Alt and click: only this");
    });
}
