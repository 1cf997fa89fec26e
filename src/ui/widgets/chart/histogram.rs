//! Events over time as stacked bars, with a brush that chooses a range: by drag, by its handles, by click and
//! Shift-click, and by keyboard. Every severity that is present can be seen, however rare.

use super::scale::{Axis, Scale, round_up};
use crate::ui::theme::{TextRole, Tokens, size};
use crate::ui::widgets::focus::{self, Ring};
use crate::ui::widgets::paint::{line, put_left, put_right, tokens};
use crate::ui::widgets::status::{Severity, diamond};
use crate::ui::widgets::thousands;
use egui::epaint::Mesh;
use egui::{
    Color32, EventFilter, Key, Modifiers, Painter, Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};
use std::ops::Range;

/// Each severity that is present is at least this high.
const LEAST: f32 = 3.0;
/// Between two severities of a bar.
const GAP: f32 = 1.0;
/// Handles of the brush.
const HANDLE: egui::Vec2 = vec2(7.0, 23.0);
/// Above the plot, for diamonds; below it, for labels.
const TOP: f32 = 14.0;
const BOTTOM: f32 = 20.0;

/// One step of time.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bar {
    /// Events by severity: info, notice, warn, critical.
    pub counts: [u32; 4],
    /// What is usual at this time of day and week.
    pub usual: Option<f32>,
    /// Outside working days: a band behind.
    pub quiet: bool,
}

impl Bar {
    fn total(&self) -> u32 {
        self.counts.iter().sum()
    }
}

/// What a histogram remembers between frames. The screen keeps it.
#[derive(Debug, Clone, Default)]
pub struct HistogramState {
    /// The bars chosen.
    pub brush: Option<Range<usize>>,
    /// The bar the keyboard is at.
    pub cursor: Option<usize>,
    /// How counts become heights.
    pub scale: Scale,
    grab: Option<Grab>,
}

#[derive(Debug, Clone, Copy)]
enum Grab {
    /// A new brush, from this bar.
    New(usize),
    /// The left or the right edge.
    Left,
    Right,
    /// The whole brush, taken at this bar.
    Whole(usize),
}

/// What the operator did in a histogram in this frame.
#[derive(Debug)]
pub struct HistogramResponse {
    /// The chart's response.
    pub response: Response,
    /// The brush is another one.
    pub brush_changed: bool,
    /// The drag ended, or the keyboard applied the brush: filter now.
    pub applied: bool,
    /// The bar under the pointer.
    pub hovered: Option<usize>,
    /// What the bar under the pointer or, without one, under the keyboard's cursor shows, in words.
    pub words: Option<String>,
    /// Zoom in (+1) or out (-1) was asked for; 0 is fit.
    pub zoom: Option<i32>,
}

/// The chart. `show` it with a [`HistogramState`].
#[must_use = "call show"]
pub struct Histogram<'a> {
    name: &'a str,
    bars: &'a [Bar],
    axis: &'a [(usize, &'a str)],
    words: &'a dyn Fn(usize) -> String,
    height: f32,
    gutter: f32,
    reviewed: Option<f32>,
    end_label: &'a str,
}

impl<'a> Histogram<'a> {
    /// `name` is what the screen reader calls it.
    pub fn new(name: &'a str, bars: &'a [Bar]) -> Self {
        Self {
            name,
            bars,
            axis: &[],
            words: &|_| String::new(),
            height: 138.0,
            gutter: 40.0,
            reviewed: None,
            end_label: "",
        }
    }

    /// Ticks: the bar they stand at, and their words ("Mon 6 Apr").
    pub fn axis(mut self, ticks: &'a [(usize, &'a str)]) -> Self {
        self.axis = ticks;
        self
    }

    /// The time of a bar in words, for tooltip and screen reader: "Sat 11 Apr, 00:00 to 06:00".
    pub fn words(mut self, words: &'a dyn Fn(usize) -> String) -> Self {
        self.words = words;
        self
    }

    /// Another height than 138.
    pub fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// Room for the numbers at the left; 40 without.
    pub fn gutter(mut self, gutter: f32) -> Self {
        self.gutter = gutter;
        self
    }

    /// Where the review stands, in bars from the left.
    pub fn reviewed(mut self, at: Option<f32>) -> Self {
        self.reviewed = at;
        self
    }

    /// A word at the right end of the axis ("now").
    pub fn end_label(mut self, words: &'a str) -> Self {
        self.end_label = words;
        self
    }

    /// Shows it over the width there is.
    pub fn show(self, ui: &mut Ui, state: &mut HistogramState) -> HistogramResponse {
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), self.height), Sense::click_and_drag());
        let plot = Rect::from_min_max(
            pos2(rect.left() + self.gutter, rect.top() + TOP),
            pos2(rect.right(), rect.bottom() - BOTTOM),
        );
        let count = self.bars.len();
        state.brush =
            state.brush.take().map(|b| b.start.min(count)..b.end.min(count)).filter(|b| !b.is_empty());
        state.cursor = state.cursor.filter(|bar| *bar < count);
        let mut out = HistogramResponse {
            response: response.clone(),
            brush_changed: false,
            applied: false,
            hovered: None,
            words: None,
            zoom: None,
        };
        if count > 0 {
            let before = state.brush.clone();
            self.pointer(ui, &response, plot, state, &mut out);
            self.keys(ui, &response, state, &mut out);
            out.brush_changed = before != state.brush;
        }
        if ui.is_rect_visible(rect) {
            self.paint(ui, rect, plot, state);
        }
        self.describe(ui, &response, state);
        focus::shape(ui, &response, rect, size::RADIUS, Ring::Inside);
        let told = out.hovered.or(state.cursor.filter(|_| response.has_focus()));
        out.words = told.map(|bar| self.say(bar));
        if let Some(bar) = out.hovered
            && !response.dragged()
        {
            let words = self.say(bar);
            out.response = out.response.on_hover_text_at_pointer(words);
        }
        out
    }

    fn pitch(&self, plot: Rect) -> f32 {
        plot.width() / self.bars.len().max(1) as f32
    }

    fn bar_at(&self, plot: Rect, x: f32) -> usize {
        let bar = ((x - plot.left()) / self.pitch(plot)).floor().max(0.0) as usize;
        bar.min(self.bars.len().saturating_sub(1))
    }

    /// The edge between two bars that is nearest to `x`.
    fn edge_at(&self, plot: Rect, x: f32) -> usize {
        let edge = ((x - plot.left()) / self.pitch(plot)).round().max(0.0) as usize;
        edge.min(self.bars.len())
    }

    fn pointer(
        &self,
        ui: &Ui,
        response: &Response,
        plot: Rect,
        state: &mut HistogramState,
        out: &mut HistogramResponse,
    ) {
        let shift = ui.input(|i| i.modifiers.shift);
        if let Some(pos) = response.hover_pos().filter(|pos| plot.expand2(vec2(4.0, TOP)).contains(*pos)) {
            out.hovered = Some(self.bar_at(plot, pos.x));
            if self.handle_under(plot, state, pos.x).is_some() {
                ui.ctx().set_cursor_icon(egui::CursorIcon::ResizeHorizontal);
            }
        }
        let Some(pos) = response.interact_pointer_pos() else {
            state.grab = None;
            return;
        };
        let bar = self.bar_at(plot, pos.x);
        if response.drag_started() {
            let from = ui.input(|i| i.pointer.press_origin()).unwrap_or(pos);
            let at = self.bar_at(plot, from.x);
            state.grab = Some(self.handle_under(plot, state, from.x).unwrap_or_else(|| match &state.brush {
                Some(brush) if brush.contains(&at) && !shift => Grab::Whole(at),
                _ => Grab::New(at),
            }));
        }
        if response.dragged() {
            self.drag(plot, pos.x, bar, state);
        }
        if response.drag_stopped() {
            state.grab = None;
            out.applied = state.brush.is_some();
        }
        if response.clicked() {
            response.request_focus();
            state.brush = Some(match (&state.brush, state.cursor) {
                (Some(brush), _) if shift => brush.start.min(bar)..brush.end.max(bar + 1),
                (None, Some(cursor)) if shift => cursor.min(bar)..cursor.max(bar) + 1,
                _ => bar..bar + 1,
            });
            state.cursor = Some(bar);
            out.applied = true;
        }
    }

    fn handle_under(&self, plot: Rect, state: &HistogramState, x: f32) -> Option<Grab> {
        let brush = state.brush.as_ref()?;
        let near = |edge: usize| (plot.left() + self.pitch(plot) * edge as f32 - x).abs() <= HANDLE.x;
        if near(brush.end) {
            Some(Grab::Right)
        } else if near(brush.start) {
            Some(Grab::Left)
        } else {
            None
        }
    }

    fn drag(&self, plot: Rect, x: f32, bar: usize, state: &mut HistogramState) {
        let Some(grab) = state.grab else { return };
        let edge = self.edge_at(plot, x);
        state.brush = match (grab, state.brush.clone()) {
            (Grab::New(from), _) => Some(from.min(bar)..from.max(bar) + 1),
            (Grab::Left, Some(b)) => Some(edge.min(b.end - 1)..b.end),
            (Grab::Right, Some(b)) => Some(b.start..edge.max(b.start + 1)),
            (Grab::Whole(from), Some(b)) => {
                let length = b.len();
                let start = (b.start + bar).saturating_sub(from).min(self.bars.len() - length);
                // Grab again where the brush now is, unless it touches an end.
                let moved = start as isize - b.start as isize;
                state.grab = Some(Grab::Whole((from as isize + moved).max(0) as usize));
                Some(start..start + length)
            }
            (_, None) => None,
        };
    }

    fn keys(&self, ui: &Ui, response: &Response, state: &mut HistogramState, out: &mut HistogramResponse) {
        if !response.has_focus() {
            return;
        }
        // Esc lets go of a brush first, and only then of the chart.
        let escape = state.brush.is_some();
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, escape, tab: false };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
        let last = self.bars.len() - 1;
        let pressed = |modifiers, key| ui.input_mut(|i| i.consume_key(modifiers, key));
        let here = state.cursor.or(state.brush.as_ref().map(|b| b.end - 1));
        let extend = |state: &mut HistogramState, to: usize| {
            let at = here.unwrap_or(to);
            let brush = state.brush.clone().unwrap_or(at..at + 1);
            // The end the cursor stands on moves; the other stays.
            let (start, end) = if at + 1 == brush.end && !(at == brush.start && to < at) {
                (brush.start.min(to), if to < brush.start { brush.start + 1 } else { to + 1 })
            } else {
                (to.min(brush.end - 1), brush.end.max(to + 1))
            };
            state.brush = Some(start..end);
            state.cursor = Some(to);
        };
        if pressed(Modifiers::SHIFT, Key::ArrowRight) {
            extend(state, here.map_or(0, |bar| (bar + 1).min(last)));
        } else if pressed(Modifiers::SHIFT, Key::ArrowLeft) {
            extend(state, here.map_or(last, |bar| bar.saturating_sub(1)));
        } else if pressed(Modifiers::NONE, Key::ArrowRight) {
            state.cursor = Some(here.map_or(0, |bar| (bar + 1).min(last)));
        } else if pressed(Modifiers::NONE, Key::ArrowLeft) {
            state.cursor = Some(here.map_or(last, |bar| bar.saturating_sub(1)));
        } else if pressed(Modifiers::NONE, Key::Home) {
            state.cursor = Some(0);
        } else if pressed(Modifiers::NONE, Key::End) {
            state.cursor = Some(last);
        } else if pressed(Modifiers::NONE, Key::Enter) || pressed(Modifiers::NONE, Key::Space) {
            let outside = |bar: &usize| state.brush.as_ref().is_none_or(|b| !b.contains(bar));
            if let Some(bar) = state.cursor.filter(outside) {
                state.brush = Some(bar..bar + 1);
            }
            out.applied = state.brush.is_some();
        } else if state.brush.is_some() && pressed(Modifiers::NONE, Key::Escape) {
            state.brush = None;
            out.applied = true;
        } else if pressed(Modifiers::NONE, Key::Backspace) {
            out.zoom = Some(-1);
        } else if pressed(Modifiers::NONE, Key::ArrowUp) || pressed(Modifiers::NONE, Key::Plus) {
            out.zoom = Some(1);
        } else if pressed(Modifiers::NONE, Key::ArrowDown) || pressed(Modifiers::NONE, Key::Minus) {
            out.zoom = Some(-1);
        } else if pressed(Modifiers::NONE, Key::Num0) {
            out.zoom = Some(0);
        }
    }

    fn paint(&self, ui: &Ui, rect: Rect, plot: Rect, state: &HistogramState) {
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
    fn segments(bar: &Bar, plot: Rect, axis: Axis) -> Vec<(Severity, f32, f32)> {
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

    fn say(&self, bar: usize) -> String {
        let counts = self.bars.get(bar).map(|b| b.counts).unwrap_or_default();
        let mut words = format!(
            "{}: {} events",
            (self.words)(bar),
            thousands(counts.iter().map(|n| u64::from(*n)).sum())
        );
        for severity in [Severity::Critical, Severity::Warn] {
            let count = counts[severity as usize];
            if count > 0 {
                words += &format!(", {count} {}", severity.word());
            }
        }
        if let Some(usual) = self.bars.get(bar).and_then(|b| b.usual) {
            words += &format!(", usual {usual:.0}");
        }
        words
    }

    fn describe(&self, ui: &Ui, response: &Response, state: &HistogramState) {
        response.widget_info(|| WidgetInfo::labeled(Role::GraphicsObject, true, self.name));
        let brush = state.brush.as_ref().map(|b| {
            format!("chosen from {} to {}", (self.words)(b.start), (self.words)(b.end.saturating_sub(1)))
        });
        let cursor = state.cursor.map(|bar| self.say(bar));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            if let Some(words) = cursor {
                node.set_value(words);
            }
            if let Some(words) = brush {
                node.set_description(words);
            }
        });
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::offscreen::Driver;
    use crate::ui::theme::{self, Theme};
    use std::sync::{Arc, Mutex};

    fn chart() -> (Driver<impl FnMut(&mut Ui)>, Arc<Mutex<HistogramState>>) {
        let shared = Arc::new(Mutex::new(HistogramState::default()));
        let inside = shared.clone();
        let bars = [Bar { counts: [30, 5, 1, 1], ..Bar::default() }; 10];
        let driver = Driver::new(vec2(240.0, 138.0), move |ui: &mut Ui| {
            let words = |bar: usize| format!("hour {bar}");
            Histogram::new("Events", &bars).words(&words).show(ui, &mut inside.lock().unwrap());
        });
        theme::install(driver.ctx(), Theme::Light);
        let mut driver = driver;
        driver.settle(4);
        (driver, shared)
    }

    fn brush(state: &Arc<Mutex<HistogramState>>) -> Option<Range<usize>> {
        state.lock().unwrap().brush.clone()
    }

    // The plot is 200 wide from x = 40: 20 points to a bar.
    fn x(bar: usize) -> egui::Pos2 {
        pos2(50.0 + 20.0 * bar as f32, 60.0)
    }

    #[test]
    fn dragging_brushes_and_handles_resize() {
        let (mut driver, state) = chart();
        driver.drag(x(2), x(4));
        assert_eq!(brush(&state), Some(2..5));
        driver.drag(pos2(140.0, 60.0), pos2(181.0, 60.0));
        assert_eq!(brush(&state), Some(2..7));
        driver.drag(x(4), x(5));
        assert_eq!(brush(&state), Some(3..8));
    }

    #[test]
    fn a_click_chooses_a_bar_and_escape_lets_go() {
        let (mut driver, state) = chart();
        driver.click_at(x(6));
        assert_eq!(brush(&state), Some(6..7));
        driver.key(Key::Escape, Modifiers::NONE);
        assert_eq!(brush(&state), None);
        let chart = driver.find("Events").unwrap();
        assert!(chart.focused, "the chart keeps the focus");
    }

    #[test]
    fn the_keyboard_does_all_the_mouse_does() {
        let (mut driver, state) = chart();
        driver.key(Key::Tab, Modifiers::NONE);
        driver.key(Key::ArrowRight, Modifiers::NONE);
        driver.key(Key::ArrowRight, Modifiers::NONE);
        driver.key(Key::Enter, Modifiers::NONE);
        assert_eq!(brush(&state), Some(1..2));
        driver.key(Key::ArrowRight, Modifiers::SHIFT);
        driver.key(Key::ArrowRight, Modifiers::SHIFT);
        assert_eq!(brush(&state), Some(1..4));
        driver.key(Key::ArrowLeft, Modifiers::SHIFT);
        assert_eq!(brush(&state), Some(1..3));
        let chart = driver.find("Events").unwrap();
        assert_eq!(chart.value.as_deref(), Some("hour 2: 37 events, 1 critical, 1 warn"));
    }

    #[test]
    fn one_event_among_thousands_can_be_seen() {
        let plot = Rect::from_min_size(pos2(0.0, 0.0), vec2(100.0, 104.0));
        let bar = Bar { counts: [100_000, 0, 1, 1], ..Bar::default() };
        for scale in Scale::ALL {
            let segments = Histogram::segments(&bar, plot, Axis { top: 100_000.0, scale });
            assert_eq!(segments.len(), 3);
            assert!(segments.iter().all(|(_, upper, lower)| lower - upper >= LEAST), "{scale:?}");
            assert!(segments[2].1 >= plot.top(), "{scale:?}");
        }
    }
}
