//! What the widgets draw with: one-line text that fits, icons, and the arrangement of both. No widget of its own.

use crate::ui::theme::{self, TextRole, Tokens, icons::Icon};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align2, Color32, Galley, Painter, Pos2, Rect, Response, Ui, pos2};
use std::sync::Arc;

/// The tokens in force in `ui`.
pub(super) fn tokens(ui: &Ui) -> &'static Tokens {
    theme::tokens(ui.ctx())
}

/// One line of text, cut with an ellipsis at `max_width`.
pub(super) fn line(
    painter: &Painter,
    text: impl Into<String>,
    role: TextRole,
    colour: Color32,
    max_width: f32,
) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    let (text, font) = (text.into(), theme::font(role));
    let shown = super::legible(painter.ctx(), &font, &text);
    job.append(&shown, 0.0, TextFormat::simple(font, colour));
    job.wrap = TextWrapping { max_width, max_rows: 1, break_anywhere: true, ..TextWrapping::default() };
    job.break_on_newline = false;
    painter.layout_job(job)
}

/// Paragraph text, wrapped at `max_width`.
pub(super) fn paragraph(
    painter: &Painter,
    text: impl Into<String>,
    role: TextRole,
    colour: Color32,
    max_width: f32,
) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    let format = TextFormat {
        line_height: Some(theme::row_height(role)),
        ..TextFormat::simple(theme::font(role), colour)
    };
    job.append(&text.into(), 0.0, format);
    job.wrap.max_width = max_width;
    painter.layout_job(job)
}

/// Paints `galley` with its left edge at `left`, its middle at `middle`. Returns where it ends.
pub(super) fn put_left(painter: &Painter, left: f32, middle: f32, galley: Arc<Galley>) -> f32 {
    let size = galley.size();
    painter.galley(pos2(left, (middle - size.y / 2.0).floor()), galley, Color32::PLACEHOLDER);
    left + size.x
}

/// Paints `galley` with its right edge at `right`. Returns where it starts.
pub(super) fn put_right(painter: &Painter, right: f32, middle: f32, galley: Arc<Galley>) -> f32 {
    let left = right - galley.size().x;
    put_left(painter, left.round(), middle, galley);
    left
}

/// Paints `icon` around `centre`.
pub(super) fn icon(painter: &Painter, centre: Pos2, icon: Icon, size: f32, colour: Color32) {
    painter.text(centre, Align2::CENTER_CENTER, char::from(icon), theme::icon_font(size), colour);
}

/// The tooltip and the description of a control that refuses input, with the reason.
pub(super) fn explain(response: Response, reason: Option<&str>) -> Response {
    let Some(reason) = reason else { return response };
    response.ctx.accesskit_node_builder(response.id, |node| node.set_description(reason));
    response.on_disabled_hover_text(reason)
}

/// A plain rectangle edge of one point inside `rect`.
pub(super) fn edge(painter: &Painter, rect: Rect, radius: u8, colour: Color32) {
    painter.rect_stroke(rect, radius, (1.0, colour), egui::StrokeKind::Inside);
}
