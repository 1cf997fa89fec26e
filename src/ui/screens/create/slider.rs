//! A slider: a value between two ends, by pointer and by keyboard.

use egui::{EventFilter, Key, Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::{size, tokens};

/// Shows it over the whole width. `changed()` while it moves; the value keeps to steps of `step`.
pub(super) fn slider(
    ui: &mut Ui,
    name: &str,
    value: &mut f32,
    range: std::ops::RangeInclusive<f32>,
    step: f32,
    words: &str,
) -> Response {
    let t = tokens(ui.ctx());
    let (low, high) = (*range.start(), *range.end());
    let (rect, mut response) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::CONTROL), Sense::click_and_drag());
    let ends = (rect.left() + 8.0, rect.right() - 8.0);
    let before = *value;
    if let Some(pointer) = response.interact_pointer_pos() {
        *value = egui::remap_clamp(pointer.x, ends.0..=ends.1, low..=high);
    }
    if response.has_focus() {
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
        ui.input(|input| {
            let pressed = |key| input.num_presses(key) as f32;
            let up = pressed(Key::ArrowRight) + pressed(Key::ArrowUp) + 5.0 * pressed(Key::PageUp);
            let down = pressed(Key::ArrowLeft) + pressed(Key::ArrowDown) + 5.0 * pressed(Key::PageDown);
            *value += step * (up - down);
            if input.key_pressed(Key::Home) {
                *value = low;
            }
            if input.key_pressed(Key::End) {
                *value = high;
            }
        });
    }
    *value = ((*value / step).round() * step).clamp(low, high);
    if (*value - before).abs() > step / 2.0 {
        response.mark_changed();
    }
    let x = egui::remap_clamp(*value, low..=high, ends.0..=ends.1);
    let track = Rect::from_min_max(pos2(ends.0, rect.center().y - 2.0), pos2(ends.1, rect.center().y + 2.0));
    ui.painter().rect_filled(track, 2, t.sunken);
    if t.high_contrast || t.dark {
        ui.painter().rect_stroke(track, 2, (1.0, t.hairline), StrokeKind::Inside);
    }
    ui.painter().rect_filled(Rect::from_min_max(track.min, pos2(x, track.bottom())), 2, t.accent);
    let edge = if response.hovered() || response.dragged() { t.accent } else { t.border_strong };
    ui.painter().circle(pos2(x, rect.center().y), 8.0, t.surface, (2.0, edge));
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(f64::from(low));
        node.set_max_numeric_value(f64::from(high));
        node.set_numeric_value(f64::from(*value));
        node.set_value(words);
    });
    response
}
