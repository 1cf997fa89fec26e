//! Above the list: the page's head, the query with its chips, the facets of a small window; and the page without a key.

use egui::{Popup, PopupCloseBehavior, Rect, Ui, pos2, vec2};

use crate::app::UnlockedView;
use crate::model::search::FIELDS as FIELDS_OF_KEYS;
use crate::ui::frame::{DialogRequest, Intent};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{
    Button, ChipAction, EmptyState, FilterChip, QueryField, page_head, text_in, thousands,
};

use super::super::pages::wrong_query;
use super::actions::May;
use super::paint::{place_with, tokens};
use super::{FACETS, State, columns, facets, list};

/// Title, counts, actions.
pub(super) fn head(ui: &mut Ui, view: &UnlockedView, state: &State, may: May, intents: &mut Vec<Intent>) {
    let t = tokens(ui);
    let (shown, all) = (state.list.hits.len() as u64, view.keys.len() as u64);
    let beside = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if all > 0 {
            let destroyed = match state.list.destroyed {
                0 => String::new(),
                n => format!(" ({} destroyed)", thousands(n)),
            };
            let words = format!("{} of {}{destroyed}", thousands(shown), thousands(all));
            text_in(ui, TextRole::Small, t.text_2, words);
        }
    };
    let reason = may.why_not_manage();
    page_head(ui, "Keys", beside, |ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        if Button::secondary("Import…").icon(icons::IMPORT).disabled(reason.as_deref()).show(ui).clicked() {
            intents.push(Intent::Open(DialogRequest::Import));
        }
        if Button::secondary("New key…").icon(icons::ADD).disabled(reason.as_deref()).show(ui).clicked() {
            intents.push(Intent::Open(DialogRequest::NewKey));
        }
    });
}

/// What stands in the place of everything while there is no key.
pub(super) fn empty(ui: &mut Ui, may: May, intents: &mut Vec<Intent>) {
    let words = "Add your first key, or import from a file.";
    let state = EmptyState::new(icons::KEY, "No keys yet", words);
    let state = if may.manage { state.primary("New key…").secondary("Import…") } else { state };
    match state.show(ui) {
        Some(0) => intents.push(Intent::Open(DialogRequest::NewKey)),
        Some(_) => intents.push(Intent::Open(DialogRequest::Import)),
        None => {}
    }
}

/// The query, its chips, or the button of the facets; returns where the row ends.
pub(super) fn query_row(
    ui: &mut Ui,
    room: Rect,
    view: &UnlockedView,
    state: &mut State,
    narrow: bool,
    intents: &mut Vec<Intent>,
) -> f32 {
    let whole = Rect::from_min_size(room.min + vec2(16.0, 1.0), vec2(room.width() - 32.0, size::CONTROL));
    // The button of the columns stands at the right of everything.
    let row = whole.with_max_x(whole.right() - 36.0);
    let end = Rect::from_min_max(pos2(row.right() + 8.0, row.top()), whole.max);
    let button = if narrow { 96.0 } else { 0.0 };
    let chips = !narrow && !state.list.chips.is_empty();
    let width = if narrow {
        row.width() - button
    } else if chips {
        480.0_f32.min(row.width())
    } else {
        row.width().min(480.0)
    };
    let State { field, query, list, table, .. } = state;
    let list = &*list;
    let values =
        |field: &str, each: &mut dyn FnMut(&str, Option<u64>) -> bool| known(view, list, field, each);
    let place = Rect::from_min_size(row.min, vec2(width, size::CONTROL));
    let shown =
        QueryField::new("Filter keys", FIELDS_OF_KEYS, &values).hint("Filter keys").icon(icons::FILTER);
    let wrong = field.said(query, list.error.as_ref()).cloned();
    let typed = shown.wrong(wrong.as_ref()).show(ui, place, query, field);
    if typed.entered && !list.hits.is_empty() {
        table.take_focus();
    }
    let rest = Rect::from_min_max(pos2(row.left() + width + 8.0, row.top()), row.max);
    if chips {
        place_with(ui, "chips", rest, egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            self::chips(ui, state);
        });
    } else if narrow {
        place_with(ui, "facets button", rest, egui::Layout::right_to_left(egui::Align::Center), |ui| {
            popover(ui, state);
        });
    }
    place_with(ui, "columns", end, egui::Layout::right_to_left(egui::Align::Center), |ui| {
        columns::show(ui, state, intents);
    });
    let Some(wrong) = wrong else { return row.bottom() + 9.0 };
    let line = Rect::from_min_size(row.left_bottom() + vec2(0.0, 4.0), vec2(row.width(), 20.0));
    place_with(ui, "wrong", line, egui::Layout::left_to_right(egui::Align::Center), |ui| {
        if let Some(meant) = wrong_query(ui, &wrong, &state.query) {
            state.query = meant;
        }
    });
    row.bottom() + 28.0
}

/// The values that could stand after a field: those the facets count, and the policies by name.
fn known(
    view: &UnlockedView,
    list: &list::List,
    field: &str,
    each: &mut dyn FnMut(&str, Option<u64>) -> bool,
) {
    match field {
        "policy" => {
            view.view.settings.policies.iter().all(|policy| each(&policy.name, None))
                && ["none", "exempt"].into_iter().all(|value| each(value, None))
        }
        "review" => ["today", "never"].into_iter().all(|value| each(value, None)),
        "critical" => ["yes", "no"].into_iter().all(|value| each(value, None)),
        "ever" => {
            let words = ["revealed", "copied", "exported", "compromised"];
            words.into_iter().all(|value| each(value, None))
        }
        _ => {
            let at = list::FIELDS.iter().position(|(name, _)| *name == field);
            let values = at.and_then(|at| list.groups.get(at)).map(Vec::as_slice).unwrap_or_default();
            values.iter().all(|value| each(&value.facet.value, Some(value.facet.count.into())))
        }
    };
}

fn chips(ui: &mut Ui, state: &mut State) {
    let mut removed = None;
    let count = state.list.chips.len();
    for (i, chip) in state.list.chips.iter().enumerate() {
        if ui.available_width() < 140.0 && i + 1 < count {
            let t = tokens(ui);
            text_in(ui, TextRole::Small, t.text_2, format!("{} more", count - i));
            break;
        }
        match FilterChip::new(&chip.words).show(ui) {
            Some(ChipAction::Remove) => removed = Some(i),
            Some(ChipAction::Edit) => state.field.focus = true,
            None => {}
        }
    }
    if let Some(index) = removed {
        state.query = state.list.without_chip(index);
    }
}

/// The facets as a popover, where there is no room for their column.
fn popover(ui: &mut Ui, state: &mut State) {
    let t = tokens(ui);
    let button = Button::secondary("Facets").icon(icons::VIEW_OPTIONS).show(ui);
    if std::mem::take(&mut state.facets_turned) {
        Popup::toggle_id(ui.ctx(), Popup::default_response_id(&button));
    }
    let look = egui::Frame::new()
        .fill(t.raised)
        .stroke((1.0, t.hairline))
        .corner_radius(size::RADIUS_CARD)
        .inner_margin(egui::Margin::symmetric(16, 8))
        .shadow(ui.visuals().popup_shadow);
    let popup =
        Popup::menu(&button).frame(look).gap(4.0).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    popup.show(|ui| {
        ui.set_width(FACETS - 32.0);
        ui.set_max_height(420.0);
        if let Some(query) = facets::show(ui, &state.list, &mut state.groups) {
            state.query = query;
        }
    });
}
