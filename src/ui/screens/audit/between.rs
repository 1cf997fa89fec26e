//! Between chart and list: what is shown, how much that is of how much, and over which time. And what is said where the
//! list is empty.

use super::super::pages::paint::{Words, put_left};
use super::super::pages::{t, when};
use super::{State, facet_list, found, picture};
use crate::app::UnlockedView;
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, icons};
use crate::ui::widgets::{self as w, Button, EmptyState, EndRow, thousands};
use crate::ui::words::plural;
use egui::{Align, Layout, Rect, Ui, UiBuilder};

/// The row in `row`; `left` is where the list begins.
#[allow(clippy::too_many_arguments, reason = "the parts of one picture, passed once")]
pub(super) fn show(
    ui: &mut Ui,
    row: Rect,
    left: f32,
    narrow: bool,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
    out: &mut Vec<Intent>,
) {
    let t = t(ui);
    if !narrow && !state.facets_hidden {
        picture::heading(ui, row, "Facets");
    }
    let layout = Layout::left_to_right(Align::Center);
    let at = row.with_min_x(if narrow { row.left() } else { left });
    ui.scope_builder(UiBuilder::new().id_salt("modes").max_rect(at).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        picture::modes(ui, state);
        if narrow {
            let button = Button::secondary("Facets").icon(icons::VIEW_OPTIONS).show(ui);
            if std::mem::take(&mut state.facets_turned) {
                egui::Popup::toggle_id(ui.ctx(), egui::Popup::default_response_id(&button));
            }
            let popup = egui::Popup::from_toggle_button_response(&button)
                .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
            popup.show(|ui| {
                ui.set_width(208.0);
                ui.set_height(360.0);
                facet_list::show(ui, state, true, out);
            });
            if state.chart_shown {
                picture::axis(ui, state);
                ui.spacing_mut().item_spacing.x = 8.0;
            }
        }
        let mut room = ui.available_rect_before_wrap();
        if state.chart_shown {
            let buttons = EndRow::new(ui, "zoom", room);
            room.max.x = buttons.left() - 8.0;
            buttons.show(ui, |ui| picture::zoom_buttons(ui, state));
        }
        let builder = UiBuilder::new().id_salt("count").max_rect(room);
        ui.scope_builder(builder.layout(Layout::right_to_left(Align::Center)), |ui| {
            count(ui, narrow, frame, view, state, t);
        });
    });
}

/// How many of how many, over which time, in which zone.
fn count(
    ui: &mut Ui,
    narrow: bool,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &State,
    t: &crate::ui::theme::Tokens,
) {
    let mut words = Words::new();
    if let Some((read, all)) = state.reading {
        words = words.add(
            TextRole::Body,
            t.text_2,
            format!("Reading {} of {} events…", thousands(read), thousands(all)),
        );
    } else {
        let role = if narrow { TextRole::Small } else { TextRole::Body };
        let bold = if narrow { TextRole::SmallStrong } else { TextRole::BodyStrong };
        let (from, to) = state.found.span;
        let moment = |at| crate::model::query_text::moment::words(at, frame.now);
        let round = |at: crate::model::Timestamp| crate::model::Timestamp(at.0 / 60_000 * 60_000);
        let (from, to) = (round(from), round(to));
        let mut range = format!("{} to {}", moment(from), moment(to));
        let length = to.since(from);
        if length > 0 && length <= 7 * 24 * 3_600_000 && !narrow {
            range += &format!(", {} h", (length + 1_800_000) / 3_600_000);
        }
        words = words
            .add(bold, t.text, thousands(state.found.rows.len() as u64))
            .add(role, t.text, " of ")
            .add(role, t.text, thousands(view.log.len() as u64))
            .add(role, t.text, " events")
            .add(TextRole::Small, t.text_2, format!("   {range}, {}", when::zone(frame.now)));
    }
    let words = words.line(ui.painter(), ui.available_width());
    let said = words.text().to_owned();
    let (rect, response) = ui.allocate_exact_size(words.size(), egui::Sense::hover());
    put_left(ui.painter(), rect.left(), rect.center().y, words);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Status, true, &said));
}

/// Why nothing is shown, and what to do.
pub(super) fn nothing(ui: &mut Ui, view: &UnlockedView, state: &mut State) {
    if let Some((read, all)) = state.reading {
        w::text(ui, TextRole::Body, format!("Reading {} of {} events…", thousands(read), thousands(all)));
        return;
    }
    if view.log.is_empty() {
        let words = "Every unlock, reveal, copy, change and export is recorded here.";
        EmptyState::new(icons::AUDIT, "No events yet", words).show(ui);
        return;
    }
    let all = state.range == found::RANGES.len() - 1 && state.found.anywhere == 0;
    let title = if all { "No events match" } else { "No events match in this range" };
    let outside = match state.found.anywhere {
        0 if all => format!("None of the {} fits this filter.", plural(view.log.len(), "event", "events")),
        0 => "No event at any other time matches either.".to_owned(),
        1 => "1 event matches outside it.".to_owned(),
        n => format!("{} events match outside it.", thousands(n as u64)),
    };
    let empty = EmptyState::new(icons::FILTER, title, &outside);
    let chosen = if state.found.anywhere > 0 {
        empty.primary("Search all time").secondary("Clear the filter").show(ui)
    } else {
        empty.primary("Clear the filter").show(ui).map(|_| 1)
    };
    match chosen {
        Some(0) => {
            state.range = found::RANGES.len() - 1;
            state.set_range();
        }
        Some(_) => state.set(""),
        None => {}
    }
}
