//! Tabs: words over a line, the active one bold with an accent edge. One tab stop; the arrows move.

use super::focus::{self, Ring};
use super::paint::{line, put_left, tokens};
use crate::ui::theme::{TextRole, size};
use egui::{EventFilter, Key, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Shows the tabs `names` (each with a count, where one is known); `changed()` says that `active` is another one.
pub fn tabs(ui: &mut Ui, name: &str, names: &[(&str, Option<u64>)], active: &mut usize) -> Response {
    let t = tokens(ui);
    let height = 36.0;
    let cells: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(i, (label, count))| {
            let (role, colour) =
                if i == *active { (TextRole::BodyStrong, t.text) } else { (TextRole::Body, t.text_2) };
            let wide = line(ui.painter(), *label, TextRole::BodyStrong, colour, f32::INFINITY).size().x;
            let text = line(ui.painter(), *label, role, colour, f32::INFINITY);
            let count = count.map(|n| {
                line(ui.painter(), super::thousands(n), TextRole::SmallMono, t.text_2, f32::INFINITY)
            });
            let width = wide + count.as_ref().map_or(0.0, |c| c.size().x + 6.0);
            (text, count, width)
        })
        .collect();
    let words: f32 = cells.iter().map(|(_, _, width)| width).sum();
    let gaps = cells.len().saturating_sub(1).max(1) as f32;
    // Bold words are wider than plain ones: where the room is short, the tabs close up rather than leave it.
    let gap = ((ui.available_width() - words) / gaps).floor().clamp(8.0, 20.0);
    let width = words + gap * gaps;
    let (rect, mut response) = ui.allocate_exact_size(vec2(width.max(0.0), height), Sense::click());
    let before = *active;
    if response.has_focus() {
        let arrows = EventFilter { horizontal_arrows: true, ..Default::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
        let (left, right) = ui.input(|i| (i.key_pressed(Key::ArrowLeft), i.key_pressed(Key::ArrowRight)));
        if left {
            *active = active.saturating_sub(1);
        }
        if right {
            *active = (*active + 1).min(names.len().saturating_sub(1));
        }
    }
    let mut x = rect.left();
    for (i, (text, count, width)) in cells.into_iter().enumerate() {
        let cell = Rect::from_min_size(pos2(x, rect.top()), vec2(width, height));
        let part = ui.interact(cell.expand2(vec2(gap / 2.0, 0.0)), response.id.with(i), Sense::CLICK);
        if part.clicked() {
            *active = i;
        }
        let (on, enabled, label) = (*active == i, ui.is_enabled(), names[i].0);
        part.widget_info(|| WidgetInfo::selected(Role::Tab, enabled, on, label));
        let end = put_left(ui.painter(), x, cell.center().y, text);
        if let Some(count) = count {
            put_left(ui.painter(), end + 6.0, cell.center().y, count);
        }
        if i == before {
            let under = Rect::from_min_max(pos2(x, cell.bottom() - 2.0), cell.right_bottom());
            ui.painter().rect_filled(under, 0, t.accent);
        } else if part.hovered() {
            let under = Rect::from_min_max(pos2(x, cell.bottom() - 2.0), cell.right_bottom());
            ui.painter().rect_filled(under, 0, t.border_strong);
        }
        if on {
            let ring = cell.shrink2(vec2(-4.0, 5.0));
            focus::shape(ui, &response, ring, size::RADIUS, Ring::Around);
        }
        x += width + gap;
    }
    if *active != before {
        response.mark_changed();
    }
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::TabList, enabled, name));
    response
}
