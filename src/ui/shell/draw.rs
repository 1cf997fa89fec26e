//! How the frame places things: at exact points, in the fonts and colours of the theme.

use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align2, Color32, Galley, Layout, Pos2, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

use crate::ui::theme::{self, TextRole, icons::Icon};
use crate::ui::widgets::legible;

/// Shows `contents` in `rect`, wherever the cursor is.
pub(in crate::ui) fn place<R>(ui: &mut Ui, name: &str, rect: Rect, contents: impl FnOnce(&mut Ui) -> R) -> R {
    placed(ui, name, rect, Layout::top_down(egui::Align::Min), contents)
}

/// As [`place`], with another layout.
pub(in crate::ui) fn placed<R>(
    ui: &mut Ui,
    name: &str,
    rect: Rect,
    layout: Layout,
    contents: impl FnOnce(&mut Ui) -> R,
) -> R {
    let mut child = ui.new_child(UiBuilder::new().id_salt(name).max_rect(rect).layout(layout));
    contents(&mut child)
}

/// Gives `response` the focus. Not in a pass with a click: egui would take it away again, because the click was elsewhere.
/// Says whether it was given; until then, ask again.
pub(in crate::ui) fn give_focus(response: &Response) -> bool {
    if response.ctx.input(|input| input.pointer.any_click()) {
        response.ctx.request_repaint();
        return false;
    }
    response.request_focus();
    true
}

/// One line made of pieces, each in its own role and colour, all on one baseline.
pub(in crate::ui) fn pieces(ui: &Ui, pieces: &[(&str, TextRole, Color32)]) -> Arc<Galley> {
    let job = |heights: &[Option<f32>]| {
        let mut job = LayoutJob::default();
        for (i, (text, role, colour)) in pieces.iter().enumerate() {
            let mut format = TextFormat::simple(theme::font(*role), *colour);
            format.line_height = heights.get(i).copied().flatten();
            job.append(text, 0.0, format);
        }
        job.break_on_newline = false;
        job.wrap.max_rows = 1;
        ui.painter().layout_job(job)
    };
    let galley = job(&[]);
    if pieces.len() < 2 {
        return galley;
    }
    // egui sets fonts of different heights bottom to bottom. A higher line moves its text up by half of what was added.
    let Some(row) = galley.rows.first() else { return galley };
    let Some(tallest) = row.glyphs.iter().max_by(|a, b| a.font_height.total_cmp(&b.font_height)) else {
        return galley;
    };
    let mut at = 0;
    let heights: Vec<Option<f32>> = pieces
        .iter()
        .map(|(text, ..)| {
            let first = row.glyphs.get(at);
            at += text.chars().count();
            let below = |glyph: &egui::epaint::text::Glyph| glyph.pos.y - tallest.pos.y;
            first.filter(|glyph| below(glyph).abs() > 0.1).map(|glyph| glyph.font_height + 2.0 * below(glyph))
        })
        .collect();
    if heights.iter().any(Option::is_some) { job(&heights) } else { galley }
}

/// One line, cut with an ellipsis at `most`.
pub(in crate::ui) fn cut(ui: &Ui, text: &str, role: TextRole, colour: Color32, most: f32) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    let font = theme::font(role);
    let shown = legible(ui.ctx(), &font, text);
    job.append(&shown, 0.0, TextFormat::simple(font, colour));
    job.break_on_newline = false;
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    job.wrap.max_width = most.max(0.0);
    ui.painter().layout_job(job)
}

/// A glyph, and beside it words that wrap in what room there is.
pub(in crate::ui) fn bullet(ui: &mut Ui, glyph: (Icon, Color32), words: &[(&str, TextRole, Color32)]) {
    let mut job = LayoutJob::default();
    job.wrap.max_width = ui.available_width() - 24.0;
    for (words, role, colour) in words {
        let line_height = Some(theme::row_height(*role));
        job.append(words, 0.0, TextFormat { line_height, ..TextFormat::simple(theme::font(*role), *colour) });
    }
    let galley = ui.painter().layout_job(job);
    let size = vec2(ui.available_width(), galley.size().y.max(20.0));
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    icon(ui, rect.min + vec2(8.0, 10.0), glyph.0, theme::size::ICON, glyph.1);
    ui.painter().galley(rect.min + vec2(24.0, 0.0), galley, Color32::PLACEHOLDER);
    let said: String = words.iter().map(|(words, ..)| *words).collect();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
}

/// Paints `galley` from `left`, its middle at `middle`; returns where it ends.
pub(in crate::ui) fn put(ui: &Ui, left: f32, middle: f32, galley: Arc<Galley>) -> f32 {
    let size = galley.size();
    ui.painter().galley(pos2(left, (middle - size.y / 2.0).floor()), galley, Color32::PLACEHOLDER);
    left + size.x
}

/// Paints an icon around `centre`.
pub(in crate::ui) fn icon(ui: &Ui, centre: Pos2, icon: Icon, size: f32, colour: Color32) {
    ui.painter().text(centre, Align2::CENTER_CENTER, char::from(icon), theme::icon_font(size), colour);
}

/// Gives what is painted at `rect` a name for assistive technology.
pub(in crate::ui) fn label(ui: &Ui, id: &str, rect: Rect, words: &str) -> Response {
    let response = ui.interact(rect, ui.scope_id().with(id), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    response
}
