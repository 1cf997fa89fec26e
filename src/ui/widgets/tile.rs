//! Tiles: a number that leads to the list behind it.

use super::focus::{self, Ring};
use super::paint::{icon, line, put_left, tokens};
use crate::ui::theme::{TextRole, icons, icons::Icon, size};
use egui::{Color32, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// A tile of the overview, 92 high: label, big number in `colour`, a small note. Clicked leads on.
pub fn tile(ui: &mut Ui, width: f32, label: &str, value: &str, note: &str, colour: Color32) -> Response {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 92.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{label}: {value}. {note}")));
    let fill = if response.hovered() { t.hover } else { t.surface };
    ui.painter().rect(rect, size::RADIUS_CARD, fill, (1.0, t.hairline), StrokeKind::Inside);
    let left = rect.left() + 15.0;
    let put = |words: &str, role, colour, y| {
        let text = line(ui.painter(), words, role, colour, width - 48.0);
        put_left(ui.painter(), left, rect.top() + y, text);
    };
    put(label, TextRole::Body, t.text_2, 21.0);
    put(value, TextRole::Display, colour, 49.0);
    put(note, TextRole::Small, t.text_2, 73.0);
    icon(ui.painter(), pos2(rect.right() - 22.0, rect.top() + 21.0), icons::RIGHT, size::ICON, t.text_2);
    focus::shape(ui, &response, rect, size::RADIUS_CARD, Ring::Around);
    response
}

/// A bucket of a list, 64 high: glyph and label over a number; a border and a check while it is chosen.
pub fn bucket(
    ui: &mut Ui,
    width: f32,
    glyph: Icon,
    colour: Color32,
    label: &str,
    count: &str,
    on: bool,
) -> Response {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 64.0), Sense::click());
    let name = format!("{label}: {count}");
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &name));
    let fill = if response.hovered() { t.hover } else { t.surface };
    let edge = if on { (2.0, t.accent) } else { (1.0, t.hairline) };
    ui.painter().rect(rect, size::RADIUS_CARD, fill, edge, StrokeKind::Inside);
    let first = rect.top() + 17.0;
    icon(ui.painter(), pos2(rect.left() + 20.0, first), glyph, size::ICON_SMALL, colour);
    let words = line(ui.painter(), label, TextRole::Small, t.text, width - 60.0);
    put_left(ui.painter(), rect.left() + 33.0, first, words);
    let late = if colour == t.high { t.high } else { t.text };
    let number = line(ui.painter(), count, TextRole::Title, late, width - 24.0);
    put_left(ui.painter(), rect.left() + 12.0, rect.top() + 43.0, number);
    if on {
        icon(ui.painter(), pos2(rect.right() - 20.0, first), icons::CHECK, size::ICON_SMALL, t.accent);
    }
    focus::shape(ui, &response, rect, size::RADIUS_CARD, Ring::Around);
    response
}
