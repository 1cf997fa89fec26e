//! How a histogram is drawn: axes, stacked bars, the usual level, marks of what is critical, and the brush.

use super::super::scale::{Axis, round_up};
use super::{Bar, HANDLE, Histogram, HistogramState, TOP};
use crate::ui::theme::{TextRole, Tokens};
use crate::ui::widgets::paint::{line, put_left, put_right, tokens};
use crate::ui::widgets::status::{Severity, diamond};
use crate::ui::widgets::thousands;
use egui::epaint::Mesh;
use egui::{Color32, Painter, Rect, StrokeKind, Ui, pos2, vec2};
use std::ops::Range;

/// Each severity that is present is at least this high.
pub(super) const LEAST: f32 = 3.0;
/// Between two severities of a bar.
const GAP: f32 = 1.0;

impl Histogram<'_> {
    pub(super) fn paint(&self, ui: &Ui, rect: Rect, plot: Rect, state: &HistogramState) {
        let t = tokens(ui);
        let painter = ui.painter_at(rect.expand(1.0));
        let most =
            self.bars.iter().map(|b| (b.total() as f32).max(b.usual.unwrap_or(0.0))).fold(0.0, f32::max);
        let axis = Axis { top: round_up(most), scale: state.scale };
        let pitch = self.pitch(plot);
        self.axes(&painter, plot, axis, t);

        let mut mesh = Mesh::default();
        let mut behind = Mesh::default();
        let mut step = Vec::new();
        let width = if pitch >= 4.0 { pitch - 2.0 } else { (pitch * 0.75).max(1.0) };
        for (i, bar) in self.bars.iter().enumerate() {
            let left = plot.left() + pitch * i as f32;
            if bar.quiet {
                let band = Rect::from_min_max(pos2(left, plot.top()), pos2(left + pitch, plot.bottom()));
                behind.add_colored_rect(band, t.sunken.gamma_multiply(0.5));
            }
            if let Some(usual) = bar.usual {
                let y = (plot.bottom() - axis.share(usual) * plot.height()).round() - 0.5;
                step.push(pos2(left, y));
                step.push(pos2(left + pitch, y));
            }
            let x = (left + 1.0).round();
            self.stack(&mut mesh, bar, x..x + width.round().max(1.0), plot, axis, t);
        }
        painter.add(behind);
        painter.add(mesh);
        if t.high_contrast {
            self.hatches(&painter, plot, axis, width, t);
        }
        if step.len() > 1 {
            painter.line(step, (1.0, t.border_strong.gamma_multiply(0.7)));
        }
        painter.hline(plot.x_range(), plot.bottom().round() - 0.5, (1.0, t.text_3));
        self.diamonds(&painter, plot, axis, t);
        if let Some(at) = self.reviewed {
            let x = (plot.left() + pitch * at).round() + 0.5;
            let points = [pos2(x, rect.top()), pos2(x, plot.bottom())];
            painter.extend(egui::Shape::dashed_line(&points, (1.0, t.accent), 4.0, 3.0));
        }
        if let Some(brush) = &state.brush {
            self.brush(&painter, plot, brush, t);
        }
        if let Some(cursor) = state.cursor.filter(|_| ui.memory(|m| m.focused().is_some())) {
            let left = plot.left() + pitch * cursor as f32;
            let mark =
                Rect::from_min_max(pos2(left, plot.bottom() + 1.0), pos2(left + pitch, plot.bottom() + 4.0));
            painter.rect_filled(mark, 0, t.focus);
        }
    }

    fn axes(&self, painter: &Painter, plot: Rect, axis: Axis, t: &Tokens) {
        for share in [1.0, 0.5, 0.0] {
            let y = (plot.bottom() - share * plot.height()).round() - 0.5;
            if share > 0.0 {
                painter.hline(
                    plot.x_range(),
                    y,
                    (1.0, t.hairline.gamma_multiply(if t.high_contrast { 0.3 } else { 0.6 })),
                );
            }
            let label = line(
                painter,
                thousands(axis.at(share).round() as u64),
                TextRole::SmallMono,
                t.text_2,
                self.gutter,
            );
            put_right(painter, plot.left() - 8.0, y - if share == 0.0 { 4.0 } else { 0.0 }, label);
        }
        let pitch = self.pitch(plot);
        let end = line(painter, self.end_label, TextRole::SmallMono, t.text_2, 80.0);
        let mut free = plot.right();
        if !self.end_label.is_empty() {
            free = put_right(painter, plot.right(), plot.bottom() + 11.0, end) - 8.0;
        }
        let mut used = f32::MIN;
        for (bar, words) in self.axis {
            let x = plot.left() + pitch * *bar as f32;
            let label = line(painter, *words, TextRole::SmallMono, t.text_2, 200.0);
            painter.vline(x.round() + 0.5, plot.bottom()..=plot.bottom() + 4.0, (1.0, t.text_3));
            if x > used && x + 2.0 + label.size().x < free {
                used = put_left(painter, x + 2.0, plot.bottom() + 11.0, label) + 8.0;
            }
        }
    }

    /// The segments of a bar from the bottom: their severity and their top and bottom.
    pub(super) fn segments(bar: &Bar, plot: Rect, axis: Axis) -> Vec<(Severity, f32, f32)> {
        let mut heights = Vec::new();
        let total = bar.total() as f32;
        let whole = axis.share(total) * plot.height();
        for severity in Severity::ALL {
            let count = bar.counts[severity as usize];
            if count > 0 {
                heights.push((severity, (count as f32 / total * whole).max(LEAST)));
            }
        }
        // What the least height adds is taken from the largest part.
        let gaps = GAP * heights.len().saturating_sub(1) as f32;
        let stacked: f32 = heights.iter().map(|(_, h)| h).sum::<f32>() + gaps;
        let wanted = whole.max(stacked.min(plot.height()));
        if let Some((_, largest)) = heights.iter_mut().max_by(|a, b| a.1.total_cmp(&b.1)) {
            *largest = (*largest - (stacked - wanted).max(0.0)).max(LEAST);
        }
        let mut y = plot.bottom();
        heights
            .into_iter()
            .map(|(severity, height)| {
                let segment = (severity, (y - height).round(), y.round());
                y = segment.1 - GAP;
                segment
            })
            .collect()
    }

    fn stack(&self, mesh: &mut Mesh, bar: &Bar, x: Range<f32>, plot: Rect, axis: Axis, t: &Tokens) {
        for (severity, upper, lower) in Self::segments(bar, plot, axis) {
            let hatched = t.high_contrast && matches!(severity, Severity::Info | Severity::Critical);
            let fill = severity.fill(t);
            let fill = if hatched { fill.gamma_multiply(0.35) } else { fill };
            mesh.add_colored_rect(Rect::from_min_max(pos2(x.start, upper), pos2(x.end, lower)), fill);
        }
    }

    /// In high contrast, info and critical are hatched: light and grave differ without colour.
    fn hatches(&self, painter: &Painter, plot: Rect, axis: Axis, width: f32, t: &Tokens) {
        for (i, bar) in self.bars.iter().enumerate() {
            let x = (plot.left() + self.pitch(plot) * i as f32 + 1.0).round();
            for (severity, upper, lower) in Self::segments(bar, plot, axis) {
                if matches!(severity, Severity::Info | Severity::Critical) {
                    hatch(
                        painter,
                        Rect::from_min_max(pos2(x, upper), pos2(x + width, lower)),
                        severity.fill(t),
                    );
                }
            }
        }
    }

    fn diamonds(&self, painter: &Painter, plot: Rect, axis: Axis, t: &Tokens) {
        let pitch = self.pitch(plot);
        for (i, bar) in self.bars.iter().enumerate().filter(|(_, bar)| bar.counts[3] > 0) {
            let upper = Self::segments(bar, plot, axis).last().map_or(plot.bottom(), |(_, upper, _)| *upper);
            let centre = pos2(plot.left() + pitch * (i as f32 + 0.5), upper - 7.0);
            diamond(painter, centre, 4.5, Severity::Critical.fill(t));
        }
    }

    fn brush(&self, painter: &Painter, plot: Rect, brush: &Range<usize>, t: &Tokens) {
        let pitch = self.pitch(plot);
        let (left, right) =
            (plot.left() + pitch * brush.start as f32, plot.left() + pitch * brush.end as f32);
        let whole = Rect::from_min_max(pos2(plot.left(), plot.top() - TOP + 2.0), plot.right_bottom());
        let veil = t.surface.gamma_multiply(0.58);
        painter.rect_filled(Rect::from_min_max(whole.min, pos2(left, whole.bottom())), 0, veil);
        painter.rect_filled(Rect::from_min_max(pos2(right, whole.top()), whole.max), 0, veil);
        let chosen = Rect::from_min_max(pos2(left.round(), whole.top()), pos2(right.round(), whole.bottom()));
        painter.rect_stroke(chosen, 0, (1.0, t.accent), StrokeKind::Inside);
        for x in [chosen.left(), chosen.right()] {
            let handle = Rect::from_center_size(pos2(x.round() + 0.5, plot.center().y), HANDLE);
            painter.rect(handle, 2, t.surface, (1.0, t.accent), StrokeKind::Inside);
            painter.vline(handle.center().x, handle.top() + 7.0..=handle.bottom() - 7.0, (1.0, t.accent));
        }
    }
}

/// Lines at 45 degrees inside `rect`.
fn hatch(painter: &Painter, rect: Rect, colour: Color32) {
    let painter = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    let mut y = (rect.top() / 4.0).floor() * 4.0;
    while y < rect.bottom() + rect.width() {
        let from = pos2(rect.left(), y);
        painter.line_segment([from, from + vec2(rect.width(), -rect.width())], (1.5, colour));
        y += 4.0;
    }
}
