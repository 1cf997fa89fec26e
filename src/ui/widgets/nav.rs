//! The rail's items and the facets' rows: whole rows that react.

use super::choice::{Tick, paint_checkbox};
use super::focus::{self, Ring};
use super::paint::{icon, line, put_left, put_right, tokens};
use super::thousands;
use crate::ui::theme::{TextRole, icons, icons::Icon, size};
use egui::{
    Color32, EventFilter, Key, Modifiers, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// An item of the navigation rail, 36 high. `count` is what waits there. Collapsed: only the icon, the name as tooltip.
pub fn nav_item(
    ui: &mut Ui,
    glyph: Icon,
    label: &str,
    count: Option<u64>,
    active: bool,
    collapsed: bool,
) -> Response {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Link, true, active, label));
    let fill = if active {
        t.selected
    } else if response.hovered() {
        t.hover
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect, size::RADIUS, fill);
    if active {
        let edge =
            Rect::from_min_max(rect.min + vec2(0.0, 8.0), pos2(rect.left() + 3.0, rect.bottom() - 8.0));
        ui.painter().rect_filled(edge, 2, t.accent);
    }
    let middle = rect.center().y;
    let colour = if active { t.accent } else { t.text_2 };
    focus::shape(ui, &response, rect, size::RADIUS, Ring::Inside);
    let waiting = count.filter(|_| collapsed);
    let (left, high) = if waiting.is_some() { (11.0, size::ICON) } else { (21.0, size::ICON_LARGE) };
    icon(ui.painter(), pos2(rect.left() + left, middle), glyph, high, colour);
    if let Some(count) = waiting {
        // Beside the icon, which makes room for it.
        let count = if count > 99 { "99+".to_owned() } else { thousands(count) };
        let text = line(ui.painter(), count, TextRole::SmallMono, t.text_2, 24.0);
        put_right(ui.painter(), rect.right() - 1.0, middle, text);
    }
    if collapsed {
        return response.on_hover_text(label);
    }
    let (role, colour) = if active { (TextRole::BodyStrong, t.text) } else { (TextRole::Body, t.text_2) };
    let text = line(ui.painter(), label, role, colour, rect.width() - 90.0);
    put_left(ui.painter(), rect.left() + 41.0, middle, text);
    if let Some(count) = count {
        let text = line(ui.painter(), thousands(count), TextRole::SmallMono, t.text_2, 60.0);
        put_right(ui.painter(), rect.right() - 10.0, middle, text);
    }
    response
}

/// The head of a group of facets: a chevron and small bold words. Says whether it is to open or close: by a click, or by
/// Right or Left while it has the focus.
pub fn facet_head(ui: &mut Ui, label: &str, open: bool) -> bool {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::CONTROL), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_expanded(open));
    let glyph = if open { icons::DOWN } else { icons::RIGHT };
    icon(ui.painter(), pos2(rect.left() + 7.0, rect.center().y), glyph, size::ICON_SMALL, t.text_2);
    let text = line(ui.painter(), label, TextRole::SmallStrong, t.text_2, rect.width() - 24.0);
    put_left(ui.painter(), rect.left() + 18.0, rect.center().y, text);
    focus::shape(ui, &response, rect, size::RADIUS, Ring::Inside);
    response.clicked() || folds(ui, &response, open)
}

/// Whether the arrows fold or unfold a group whose head has the focus: Left closes what is open, Right opens what is not.
pub fn folds(ui: &Ui, head: &Response, open: bool) -> bool {
    if !head.has_focus() {
        return false;
    }
    let filter = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(head.id, filter));
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let (close, expand) = (pressed(Key::ArrowLeft), pressed(Key::ArrowRight));
    open && close || !open && expand
}

/// A value of a facet, 24 high: box, name over a bar of its share (0 to 1), count. Clicked toggles it. `of` is its field and
/// value: it keeps the focus although a tick moves what is shown around it.
pub fn facet(ui: &mut Ui, of: (&str, &str), on: bool, label: &str, count: u64, share: f32) -> Response {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let response = ui.interact(rect, ui.scope_id().with(("facet", of)), Sense::click());
    let name = format!("{label}, {}", thousands(count));
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, &name));
    let middle = rect.center().y;
    if response.hovered() {
        ui.painter().rect_filled(rect, size::RADIUS, t.hover);
    }
    let room = (rect.width() - 20.0).min(144.0);
    if share > 0.0 {
        let bar = Rect::from_min_size(
            pos2(rect.left() + 20.0, middle - 10.0),
            vec2((room * share.min(1.0)).max(1.0), 20.0),
        );
        let fill = if t.high_contrast {
            t.heat[1]
        } else if t.dark {
            t.hover
        } else {
            t.sunken
        };
        ui.painter().rect_filled(bar, 2, fill);
    }
    let tick = if on { Tick::On } else { Tick::Off };
    paint_checkbox(
        ui.painter(),
        Rect::from_center_size(pos2(rect.left() + 8.0, middle), Vec2::splat(16.0)),
        tick,
    );
    let number = line(ui.painter(), thousands(count), TextRole::SmallMono, t.text_2, 70.0);
    let end = put_right(ui.painter(), rect.right(), middle, number);
    let text = line(ui.painter(), label, TextRole::Body, t.text, end - rect.left() - 32.0);
    let cut = text.elided;
    put_left(ui.painter(), rect.left() + 24.0, middle, text);
    focus::shape(ui, &response, rect, size::RADIUS, Ring::Inside);
    if cut { response.on_hover_text(label) } else { response }
}
