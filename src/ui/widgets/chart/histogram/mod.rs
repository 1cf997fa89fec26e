//! Events over time as stacked bars, with a brush that chooses a range: by drag, by its handles, by click and
//! Shift-click, and by keyboard. Every severity that is present can be seen, however rare.

mod keys;
mod paint;
#[cfg(test)]
mod tests;

pub use keys::KEYS;

use super::scale::Scale;
use crate::ui::theme::size;
use crate::ui::widgets::focus::{self, Ring};
use crate::ui::widgets::status::Severity;
use crate::ui::widgets::thousands;
use egui::{EventFilter, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use keys::Move;
use std::ops::Range;

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
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), self.height), Sense::hover());
        // By its name: what comes and goes above it, such as the range it has just set, takes the focus from it no more.
        let id = ui.make_persistent_id(("histogram", self.name));
        let response = ui.interact(rect, id, Sense::click_and_drag());
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
        let beside = |on: bool| match (here, on) {
            (Some(bar), true) => (bar + 1).min(last),
            (Some(bar), false) => bar.saturating_sub(1),
            (None, true) => 0,
            (None, false) => last,
        };
        match keys::pressed(ui, escape) {
            None => {}
            Some(Move::Extend(on)) => extend(state, beside(on)),
            Some(Move::Walk(on)) => state.cursor = Some(beside(on)),
            Some(Move::First) => state.cursor = Some(0),
            Some(Move::Last) => state.cursor = Some(last),
            Some(Move::Apply) => {
                let outside = |bar: &usize| state.brush.as_ref().is_none_or(|b| !b.contains(bar));
                if let Some(bar) = state.cursor.filter(outside) {
                    state.brush = Some(bar..bar + 1);
                }
                out.applied = state.brush.is_some();
            }
            Some(Move::Clear) => {
                state.brush = None;
                out.applied = true;
            }
            Some(Move::Zoom(step)) => out.zoom = Some(step),
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
