//! Text of several roles on one line, and the few shapes pages paint themselves.

use super::t;
use crate::ui::theme::{TextRole, font, icon_font, icons::Icon, row_height};
use crate::ui::widgets::legible_job;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align, Align2, Color32, FontSelection, Galley, Label, Painter, Pos2, Response, Sense, Ui, pos2};
use std::sync::Arc;

/// Words of several roles and colours, read as one.
#[derive(Default)]
pub(crate) struct Words {
    job: LayoutJob,
}

impl Words {
    /// No words yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// More words.
    pub(crate) fn add(mut self, role: TextRole, colour: Color32, words: impl AsRef<str>) -> Self {
        let format = TextFormat {
            line_height: Some(row_height(role)),
            valign: Align::Center,
            ..TextFormat::simple(font(role), colour)
        };
        self.job.append(words.as_ref(), 0.0, format);
        self
    }

    /// Shows them as one label that wraps.
    pub(crate) fn show(self, ui: &mut Ui) -> Response {
        ui.add(Label::new(self.job))
    }

    /// Lays them out on one line of at most `width`.
    pub(crate) fn line(self, painter: &Painter, width: f32) -> Arc<Galley> {
        self.lines(painter, width, 1)
    }

    /// Lays them out in at most `rows` lines of at most `width`.
    pub(crate) fn lines(mut self, painter: &Painter, width: f32, rows: usize) -> Arc<Galley> {
        self.job.wrap = TextWrapping {
            max_width: width,
            max_rows: rows,
            break_anywhere: rows == 1,
            ..Default::default()
        };
        self.job.break_on_newline = false;
        painter.layout_job(legible_job(painter.ctx(), self.job))
    }

    /// Lays them out in lines of at most `width`.
    pub(crate) fn paragraph(mut self, painter: &Painter, width: f32) -> Arc<Galley> {
        self.job.wrap.max_width = width;
        painter.layout_job(legible_job(painter.ctx(), self.job))
    }
}

/// One line in one role, cut at `width`.
pub(crate) fn line(
    painter: &Painter,
    role: TextRole,
    colour: Color32,
    words: &str,
    width: f32,
) -> Arc<Galley> {
    Words::new().add(role, colour, words).line(painter, width)
}

/// Paints `galley` with its left edge at `left`, its middle at `middle`; returns where it ends.
pub(crate) fn put_left(painter: &Painter, left: f32, middle: f32, galley: Arc<Galley>) -> f32 {
    let size = galley.size();
    painter.galley(pos2(left, (middle - size.y / 2.0).floor()), galley, Color32::PLACEHOLDER);
    left + size.x
}

/// Paints `galley` with its right edge at `right`; returns where it starts.
pub(crate) fn put_right(painter: &Painter, right: f32, middle: f32, galley: Arc<Galley>) -> f32 {
    let left = (right - galley.size().x).round();
    put_left(painter, left, middle, galley);
    left
}

/// Paints `glyph` around `centre`.
pub(crate) fn icon(painter: &Painter, centre: Pos2, glyph: Icon, size: f32, colour: Color32) {
    painter.text(centre, Align2::CENTER_CENTER, char::from(glyph), icon_font(size), colour);
}

/// An icon that takes part in the layout and says nothing.
pub(crate) fn glyph(ui: &mut Ui, glyph: Icon, size: f32, colour: Color32) {
    let height = ui.available_height().min(20.0).max(size);
    let (rect, _) = ui.allocate_exact_size(egui::vec2(size, height), Sense::hover());
    icon(ui.painter(), rect.center(), glyph, size, colour);
}

/// Body words in secondary colour.
pub(crate) fn quiet(ui: &mut Ui, words: impl AsRef<str>) -> Response {
    let colour = t(ui).text_2;
    Words::new().add(TextRole::Body, colour, words).show(ui)
}

/// How wide one line of `words` is.
pub(crate) fn width(ui: &Ui, role: TextRole, words: &str) -> f32 {
    let font = FontSelection::FontId(font(role)).resolve(ui.style());
    ui.painter().layout_no_wrap(words.to_owned(), font, Color32::PLACEHOLDER).size().x
}
