//! What the page paints beside widgets: one-line text, icons, hatches; and the places things stand in.

use crate::ui::theme::{self, TextRole, Tokens, icons::Icon};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{
    Align2, Color32, Layout, Painter, Pos2, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};

/// The colours in force.
pub(crate) fn tokens(ui: &Ui) -> &'static Tokens {
    theme::tokens(ui.ctx())
}

/// Shows `contents` in exactly `rect`; rings may stand out of it a little.
pub(crate) fn place<R>(ui: &mut Ui, salt: &str, rect: Rect, contents: impl FnOnce(&mut Ui) -> R) -> R {
    place_with(ui, salt, rect, Layout::top_down(egui::Align::Min), contents)
}

/// As [`place`], laid out otherwise.
pub(crate) fn place_with<R>(
    ui: &mut Ui,
    salt: &str,
    rect: Rect,
    layout: Layout,
    contents: impl FnOnce(&mut Ui) -> R,
) -> R {
    let mut child = ui.new_child(UiBuilder::new().id_salt(salt).max_rect(rect).layout(layout));
    child.set_clip_rect(rect.expand(4.0).intersect(ui.clip_rect()));
    contents(&mut child)
}

/// Paints one line of text, cut at `room`, with its left edge at `at.x` and its middle at `at.y`. Returns its end.
pub(crate) fn put(
    painter: &Painter,
    at: Pos2,
    role: TextRole,
    colour: Color32,
    words: &str,
    room: f32,
) -> f32 {
    let galley = line(painter, role, colour, words, room);
    let size = galley.size();
    painter.galley(pos2(at.x, (at.y - size.y / 2.0).floor()), galley, colour);
    at.x + size.x
}

/// As [`put`], with its right edge at `at.x`. Returns its left edge.
pub(crate) fn put_right(painter: &Painter, at: Pos2, role: TextRole, colour: Color32, words: &str) -> f32 {
    let galley = line(painter, role, colour, words, f32::INFINITY);
    let left = (at.x - galley.size().x).round();
    painter.galley(pos2(left, (at.y - galley.size().y / 2.0).floor()), galley, colour);
    left
}

fn line(
    painter: &Painter,
    role: TextRole,
    colour: Color32,
    words: &str,
    room: f32,
) -> std::sync::Arc<egui::Galley> {
    let mut job = LayoutJob::default();
    job.append(words, 0.0, TextFormat::simple(theme::font(role), colour));
    job.wrap = TextWrapping { max_width: room, max_rows: 1, break_anywhere: true, ..TextWrapping::default() };
    job.break_on_newline = false;
    painter.layout_job(job)
}

/// Paints `glyph` around `centre`.
pub(crate) fn icon(painter: &Painter, centre: Pos2, glyph: Icon, size: f32, colour: Color32) {
    painter.text(centre, Align2::CENTER_CENTER, char::from(glyph), theme::icon_font(size), colour);
}

/// Fills `rect` with lines from lower left to upper right.
pub(crate) fn hatch(painter: &Painter, rect: Rect, colour: Color32) {
    let painter = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let mut x = rect.left() - rect.height();
    while x < rect.right() {
        painter.line_segment([pos2(x, rect.bottom()), pos2(x + rect.height(), rect.top())], (1.0, colour));
        x += 4.0;
    }
}

/// A row of a key-value list: a quiet label, then the value at `label_width`, wrapped to the room there is.
pub(crate) fn key_value<R>(
    ui: &mut Ui,
    label_width: f32,
    label: &str,
    value: impl FnOnce(&mut Ui) -> R,
) -> R {
    let t = tokens(ui);
    let top = ui.cursor().min;
    let width = ui.available_width();
    named(ui, Rect::from_min_size(top, vec2(label_width - 8.0, 20.0)), label, Role::Label, label);
    put(ui.painter(), pos2(top.x, top.y + 10.0), TextRole::Body, t.text_3, label, label_width - 8.0);
    // As high as one line: the first line of wrapped words is as high as the room they are given.
    let rect = Rect::from_min_size(top + vec2(label_width, 0.0), vec2((width - label_width).max(0.0), 20.0));
    let layout = Layout::left_to_right(egui::Align::Min).with_main_wrap(true);
    let mut child = ui.new_child(UiBuilder::new().id_salt(label).max_rect(rect).layout(layout));
    child.spacing_mut().interact_size.y = 20.0;
    child.spacing_mut().item_spacing = vec2(6.0, 2.0);
    let result = value(&mut child);
    let height = child.min_rect().height().max(20.0);
    ui.allocate_exact_size(vec2(width, height), Sense::hover());
    result
}

/// Something painted, with a name for assistive technology.
pub(crate) fn named(ui: &mut Ui, rect: Rect, salt: &str, role: Role, words: &str) -> Response {
    let id = ui.unique_id().with((salt, rect.min.y as i32));
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(role, true, words));
    response
}
