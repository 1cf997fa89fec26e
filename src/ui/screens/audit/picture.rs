//! The chart and, where there is room, its legend: which is the severity facet.

use super::super::pages::paint::{line, put_left, put_right};
use super::super::pages::{place, t, when};
use super::{State, edit};
use crate::audit::chart::Histogram as Counted;
use crate::audit::query::{replace_time_range, without_time};
use crate::model::Timestamp;
use crate::model::time::DAY_MS;
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, Histogram, IconButton, Scale, Severity, thousands};
use egui::{Align, Layout, Rect, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Width of a bar with its gap, at least.
const PITCH: f32 = 7.2;

/// How many bars a plot of this width may have.
pub(super) fn bins(width: f32) -> usize {
    (width / PITCH).clamp(24.0, 160.0) as usize
}

/// The legend: four rows of 24 that toggle a severity, and how long a bar is.
pub(super) fn legend(ui: &mut Ui, rect: Rect, state: &mut State) {
    let t = t(ui);
    let chosen = edit::values(&state.good, "severity");
    for (i, severity) in
        [Severity::Critical, Severity::Warn, Severity::Notice, Severity::Info].into_iter().enumerate()
    {
        let top = rect.top() + 24.0 * i as f32;
        let row = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), 24.0));
        let count =
            state.found.facets.severity.iter().find(|f| f.value == severity.word()).map_or(0, |f| f.count);
        let on = chosen.iter().any(|v| v.eq_ignore_ascii_case(severity.word()));
        let response = ui.interact(row, ui.unique_id().with(("severity", i)), Sense::click());
        let name = format!("{}, {}", severity.word(), thousands(count.into()));
        response.widget_info(|| WidgetInfo::selected(egui::Role::CheckBox, true, on, &name));
        if response.hovered() {
            ui.painter().rect_filled(row, size::RADIUS, t.hover);
        }
        let middle = row.center().y;
        let square = Rect::from_center_size(pos2(row.left() + 8.0, middle), vec2(16.0, 16.0));
        w::paint_checkbox(ui.painter(), square, if on { w::Tick::On } else { w::Tick::Off });
        w::paint_severity(ui.painter(), pos2(row.left() + 31.0, middle), severity);
        let words = line(ui.painter(), TextRole::Body, t.text, severity.word(), 70.0);
        put_left(ui.painter(), row.left() + 42.0, middle, words);
        let number = line(ui.painter(), TextRole::SmallMono, t.text_2, &thousands(count.into()), 70.0);
        put_right(ui.painter(), row.right(), middle, number);
        if response.clicked() {
            let text = edit::toggle(&state.good, "severity", severity.word());
            state.set(&text);
        }
    }
    let at = Rect::from_min_size(pos2(rect.left(), rect.top() + 98.0), vec2(rect.width() + 20.0, 20.0));
    place(ui, "step", at, |ui| {
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| axis(ui, state));
    });
}

/// How long a bar is, and by which scale it is high: a menu.
pub(super) fn axis(ui: &mut Ui, state: &mut State) {
    let t = t(ui);
    ui.spacing_mut().item_spacing.x = 4.0;
    let step = state.found.bins.as_ref().map(|bins| bins.step_label.clone()).unwrap_or_default();
    w::text_in(ui, TextRole::Small, t.text_2, format!("{step},"));
    let button = w::link_small(ui, state.chart.scale.word());
    let words = format!("Scale: {}", state.chart.scale.word());
    ui.ctx().accesskit_node_builder(button.id, |node| node.set_label(words));
    w::menu(&button, |ui| {
        for scale in Scale::ALL {
            let chosen = (scale == state.chart.scale).then_some(icons::CHECK);
            if w::menu_item(ui, chosen, scale.title(), "").clicked() {
                state.chart.scale = scale;
            }
        }
    });
}

/// The bars in `rect`. A brush becomes the query's only clause about time; wheel and keys only zoom.
pub(super) fn chart(ui: &mut Ui, rect: Rect, gutter: f32, state: &mut State) {
    let found = &state.found;
    let ticks: Vec<(usize, &str)> = found.ticks.iter().map(|(bar, words)| (*bar, words.as_str())).collect();
    let words = |bar: usize| found.bins.as_ref().map(|bins| words(bins, bar)).unwrap_or_default();
    let at_end = state.zoom.is_empty();
    let chart = Histogram::new("Events over time", &found.bars)
        .axis(&ticks)
        .words(&words)
        .height(rect.height())
        .gutter(gutter)
        .end_label(if at_end { "now" } else { "" });
    let response = place(ui, "chart", rect, |ui| chart.show(ui, &mut state.chart));
    if let Some(step) = response.zoom {
        zoom(state, step, response.hovered);
    }
    let wheel = ui.input(|i| i.smooth_scroll_delta().y);
    if let Some(bar) = response.hovered.filter(|_| wheel.abs() > 0.5) {
        state.wheel += wheel;
        ui.input_mut(|i| i.smooth_scroll_delta = egui::Vec2::ZERO);
        if state.wheel.abs() > 24.0 {
            let step = if state.wheel > 0.0 { 1 } else { -1 };
            state.wheel = 0.0;
            zoom(state, step, Some(bar));
        }
    }
    if response.response.secondary_clicked() {
        zoom(state, -1, None);
    }
    state.bar_words = response.words;
    if response.applied {
        apply(state);
    }
}

/// The brush becomes the query's range; none takes the range away.
pub(super) fn apply(state: &mut State) {
    let Some(bins) = &state.found.bins else { return };
    let text = match &state.chart.brush {
        Some(brush) => {
            let (Some(first), Some(last)) =
                (bins.bins.get(brush.start), bins.bins.get(brush.end.saturating_sub(1)))
            else {
                return;
            };
            replace_time_range(&state.good, first.start, last.end)
        }
        None => without_time(&state.good),
    };
    state.set(&text);
}

/// A closer look around a bar (1), the one before it (-1), or all of it (0). Changes nothing but the picture.
pub(super) fn zoom(state: &mut State, step: i32, around: Option<usize>) {
    let Some(bins) = &state.found.bins else { return };
    let (Some(first), Some(last)) = (bins.bins.first(), bins.bins.last()) else { return };
    match step {
        0 => state.zoom.clear(),
        1 => {
            let (from, to) = (first.start.0, last.end.0);
            let length = (to - from) / 2;
            let middle = around
                .or(state.chart.cursor)
                .or(state.chart.brush.as_ref().map(|b| (b.start + b.end) / 2))
                .and_then(|bar| bins.bins.get(bar))
                .map_or(from / 2 + to / 2, |bin| bin.start.0 / 2 + bin.end.0 / 2);
            if length >= 60_000 {
                let start = (middle - length / 2).clamp(from, (to - length).max(from));
                state.zoom.push((Timestamp(start), Timestamp(start + length)));
            }
        }
        _ => {
            state.zoom.pop();
        }
    }
}

/// Wider, closer, all; and the chart's numbers.
pub(super) fn zoom_buttons(ui: &mut Ui, state: &mut State) {
    let zoomed = !state.zoom.is_empty();
    let reason = (!zoomed).then_some("The chart shows all of the range already.");
    ui.spacing_mut().item_spacing.x = 0.0;
    if IconButton::new(icons::ZOOM_OUT, "Undo the last zoom").small().disabled(reason).show(ui).clicked() {
        zoom(state, -1, None);
    }
    if IconButton::new(icons::ZOOM_IN, "Zoom in; the list stays").small().show(ui).clicked() {
        zoom(state, 1, None);
    }
    ui.spacing_mut().item_spacing.x = 8.0;
    if IconButton::new(icons::UNDO, "Show all of the range").small().disabled(reason).show(ui).clicked() {
        zoom(state, 0, None);
    }
    let as_table = IconButton::new(icons::ROWS, "Show the chart's numbers as a table");
    if as_table.small().selected(state.numbers_shown).show(ui).clicked() {
        state.numbers_shown = !state.numbers_shown;
    }
}

/// "Sat 11 Apr, 00:00 to 06:00".
pub(super) fn words(counted: &Counted, bar: usize) -> String {
    counted.bins.get(bar).map_or_else(String::new, |bin| {
        let day = bin.start.local().format("%a %-d %b");
        if bin.end.since(bin.start) < DAY_MS {
            format!("{day}, {} to {}", when::clock(bin.start), when::clock(bin.end))
        } else if bin.end.since(bin.start) < 2 * DAY_MS {
            day.to_string()
        } else {
            format!("{} to {}", when::date(bin.start), when::date(bin.end.plus_ms(-1)))
        }
    })
}

/// The left of the row between chart and list: what is shown, and on a narrow window the way to the facets.
pub(super) fn modes(ui: &mut Ui, state: &mut State) {
    let mut mode = usize::from(!state.chart_shown);
    if w::Segmented::new("View", &["Histogram", "Table only"]).show(ui, &mut mode).changed() {
        state.chart_shown = mode == 0;
    }
}

/// A heading at the left of `rect`.
pub(super) fn heading(ui: &mut Ui, rect: Rect, words: &str) {
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().id_salt(words).max_rect(rect).layout(layout), |ui| {
        w::text(ui, TextRole::Heading, words);
    });
}
