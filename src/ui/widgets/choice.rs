//! Choices: checkbox, switch, radio, segmented control.

use super::focus::{self, Ring};
use super::paint::{edge, icon, line, put_left, tokens};
use crate::ui::theme::{TextRole, icons, size};
use egui::accesskit::Toggled;
use egui::{
    Color32, CornerRadius, Painter, Rect, Response, Role, Sense, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo,
    pos2, vec2,
};

/// A box to tick, with its words; the whole row reacts.
pub fn checkbox(ui: &mut Ui, on: &mut bool, label: &str) -> Response {
    let mut response = row(ui, label, 16.0, 8.0);
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    let (enabled, now) = (ui.is_enabled(), *on);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, now, label));
    let rect = box_rect(response.rect);
    paint_checkbox(ui.painter(), rect, if now { Tick::On } else { Tick::Off });
    focus::shape(ui, &response, rect, 3, Ring::Around);
    response
}

/// A box over several others: `None` is mixed. A click asks for all, or for none.
pub fn checkbox_mixed(ui: &mut Ui, on: &mut Option<bool>, label: &str) -> Response {
    let mut response = row(ui, label, 16.0, 8.0);
    if response.clicked() {
        *on = Some(*on != Some(true));
        response.mark_changed();
    }
    let (enabled, now) = (ui.is_enabled(), *on);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, enabled, now == Some(true), label));
    if now.is_none() {
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_toggled(Toggled::Mixed));
    }
    let rect = box_rect(response.rect);
    paint_checkbox(ui.painter(), rect, now.map_or(Tick::Mixed, |on| if on { Tick::On } else { Tick::Off }));
    focus::shape(ui, &response, rect, 3, Ring::Around);
    response
}

/// What a box shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    /// Empty.
    Off,
    /// Ticked.
    On,
    /// Some of what it stands for.
    Mixed,
}

/// Paints the 16-point box of a checkbox, for tables and facets that react as a row.
pub fn paint_checkbox(painter: &Painter, rect: Rect, tick: Tick) {
    let t = crate::ui::theme::tokens(painter.ctx());
    if tick == Tick::Off {
        painter.rect(rect, 3, t.field, (1.0, t.border_strong), StrokeKind::Inside);
        return;
    }
    painter.rect_filled(rect, 3, t.accent);
    let glyph = if tick == Tick::On { icons::CHECK } else { icons::MINUS };
    icon(painter, rect.center(), glyph, 12.0, t.on_accent);
}

/// A setting that acts at once. Only in Settings; elsewhere a checkbox.
pub fn switch(ui: &mut Ui, on: &mut bool, label: &str) -> Response {
    let mut response = row(ui, label, 36.0, 8.0);
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    let (enabled, now) = (ui.is_enabled(), *on);
    response.widget_info(|| WidgetInfo::selected(Role::Switch, enabled, now, label));
    let t = tokens(ui);
    let rect =
        Rect::from_center_size(pos2(response.rect.left() + 18.0, response.rect.center().y), vec2(36.0, 20.0));
    if now {
        ui.painter().rect_filled(rect, 10, t.accent);
        ui.painter().circle_filled(pos2(rect.right() - 10.0, rect.center().y), 7.0, t.on_accent);
    } else {
        ui.painter().rect(rect, 10, t.field, (1.0, t.border_strong), StrokeKind::Inside);
        ui.painter().circle_filled(pos2(rect.left() + 10.0, rect.center().y), 6.0, t.border_strong);
    }
    focus::shape(ui, &response, rect, 10, Ring::Around);
    response
}

/// One of several that exclude each other, one below the other. Clicked says it was chosen.
pub fn radio(ui: &mut Ui, chosen: bool, label: &str) -> Response {
    let response = row(ui, label, 16.0, 8.0);
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, chosen, label));
    let t = tokens(ui);
    let centre = pos2(response.rect.left() + 8.0, response.rect.center().y);
    if chosen {
        ui.painter().circle_filled(centre, 8.0, t.accent);
        ui.painter().circle_filled(centre, 3.5, t.on_accent);
    } else {
        ui.painter().circle(centre, 7.5, t.field, (1.0, t.border_strong));
    }
    focus::shape(ui, &response, Rect::from_center_size(centre, Vec2::splat(16.0)), 8, Ring::Around);
    response
}

fn box_rect(row: Rect) -> Rect {
    Rect::from_min_size(pos2(row.left(), (row.center().y - 8.0).round()), Vec2::splat(16.0))
}

/// The clickable row of a choice: its control's place, then its words.
fn row(ui: &mut Ui, label: &str, control: f32, gap: f32) -> Response {
    let t = tokens(ui);
    let text = line(ui.painter(), label, TextRole::Body, t.text, ui.available_width() - control - gap);
    let words = if label.is_empty() { 0.0 } else { gap + text.size().x };
    let (rect, response) = ui.allocate_exact_size(vec2(control + words, size::CONTROL), Sense::click());
    put_left(ui.painter(), rect.left() + control + gap, rect.center().y, text);
    response
}

/// A few choices side by side, one of them active. One tab stop; the arrows move.
#[must_use = "call show"]
pub struct Segmented<'a> {
    name: &'a str,
    choices: &'a [&'a str],
    small: bool,
}

impl<'a> Segmented<'a> {
    /// `name` is what the screen reader calls the group.
    pub fn new(name: &'a str, choices: &'a [&'a str]) -> Self {
        Self { name, choices, small: false }
    }

    /// 24 points high, 12-point words.
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// Shows it; `changed()` says that `active` is another one.
    pub fn show(self, ui: &mut Ui, active: &mut usize) -> Response {
        let t = tokens(ui);
        let (height, padding) = if self.small { (size::CONTROL_SMALL, 10.0) } else { (size::CONTROL, 10.0) };
        let (plain, bold) = if self.small {
            (TextRole::Small, TextRole::SmallStrong)
        } else {
            (TextRole::Body, TextRole::BodyStrong)
        };
        let texts: Vec<_> = self
            .choices
            .iter()
            .enumerate()
            .map(|(i, label)| {
                let (role, colour) = if i == *active { (bold, t.text) } else { (plain, t.text_2) };
                // As wide as its bold form, so that nothing moves when another is chosen.
                let wide = line(ui.painter(), *label, bold, colour, f32::INFINITY).size().x;
                (line(ui.painter(), *label, role, colour, f32::INFINITY), (wide + 2.0 * padding).ceil())
            })
            .collect();
        let width = texts.iter().map(|(_, width)| width).sum::<f32>();
        let (rect, mut response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
        let before = *active;
        self.keys(ui, &response, active);

        let painter = ui.painter().clone();
        // The choices lie inside the group in the accessibility tree: "10" alone says nothing.
        let group = ui.new_child(UiBuilder::new().max_rect(rect).accessibility_parent(response.id));
        painter.rect_filled(rect, size::RADIUS, t.surface);
        let mut x = rect.left();
        let last = texts.len().saturating_sub(1);
        for (i, (text, width)) in texts.into_iter().enumerate() {
            let cell = Rect::from_min_size(pos2(x, rect.top()), vec2(width, height));
            let part = group.interact(cell, response.id.with(i), Sense::CLICK);
            if part.clicked() {
                *active = i;
            }
            let (enabled, on, label) = (ui.is_enabled(), *active == i, self.choices[i]);
            part.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, on, label));
            let radius = |at_end: bool| if at_end { size::RADIUS } else { 0 };
            let (w, e) = (radius(i == 0), radius(i == last));
            let corners = CornerRadius { nw: w, sw: w, ne: e, se: e };
            if i == before || part.hovered() {
                painter.rect_filled(cell, corners, if i == before { t.selected } else { t.hover });
            }
            if i > 0 {
                painter.vline(x, cell.y_range(), (1.0, t.border_strong));
            }
            let text_width = text.size().x;
            put_left(&painter, (cell.center().x - text_width / 2.0).round(), cell.center().y, text);
            x += width;
        }
        edge(&painter, rect, size::RADIUS, t.border_strong);
        if *active != before {
            response.mark_changed();
        }
        let (name, enabled) = (self.name, ui.is_enabled());
        response.widget_info(|| WidgetInfo::labeled(Role::RadioGroup, enabled, name));
        focus::shape(ui, &response, rect, size::RADIUS, Ring::Around);
        response
    }

    fn keys(&self, ui: &Ui, response: &Response, active: &mut usize) {
        if !response.has_focus() {
            return;
        }
        let arrows = egui::EventFilter { horizontal_arrows: true, ..Default::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
        let (left, right) =
            ui.input(|i| (i.key_pressed(egui::Key::ArrowLeft), i.key_pressed(egui::Key::ArrowRight)));
        if left {
            *active = active.saturating_sub(1);
        }
        if right {
            *active = (*active + 1).min(self.choices.len().saturating_sub(1));
        }
    }
}

/// A flat fill with no edge, used by several widgets for tracks.
pub(super) fn track(painter: &Painter, rect: Rect, share: f32, fill: Color32, behind: Color32) {
    painter.rect_filled(rect, 2, behind);
    let done =
        Rect::from_min_max(rect.min, pos2(rect.left() + rect.width() * share.clamp(0.0, 1.0), rect.bottom()));
    if done.width() >= 1.0 {
        painter.rect_filled(done, 2, fill);
    }
}
