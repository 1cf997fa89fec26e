//! Intervals in lanes: one row for each name, a bar from where each interval begins to where it ends. How an interval ended
//! is told by shape as well as by colour.
//!
//! Bars too narrow to be told apart lie in one mark, which says how many they are. One tab stop: the arrows walk the marks.

use std::ops::Range;

use crate::ui::theme::{TextRole, Tokens, size};
use crate::ui::widgets::focus::{self, Ring};
use crate::ui::widgets::paint::{line, put_left, tokens};
use egui::epaint::Mesh;
use egui::{
    Color32, EventFilter, Key, Modifiers, Painter, Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2,
    vec2,
};

/// Room for the names at the left.
const GUTTER: f32 = 112.0;
/// Room for the days below.
const AXIS: f32 = 24.0;
/// The highest and the lowest a lane gets.
const LANE: [f32; 2] = [28.0, 44.0];
/// The height of a bar.
const BAR: f32 = 12.0;
/// The narrowest a bar gets, so that the shortest is seen and hit.
const LEAST: f32 = 4.0;

/// How an interval ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaneEnd {
    /// As it should: a plain bar.
    Plain,
    /// Worth a second look: a bar in the colour of warnings that ends in a triangle.
    Odd,
    /// It has not ended: a hollow bar.
    Open,
    /// It is the one that goes on here: a bar in the accent colour with a line at its end.
    Here,
}

/// One interval, as shares of the width: 0 is where the chart begins, 1 where it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LaneBar {
    /// Which lane.
    pub lane: usize,
    /// Where it begins.
    pub from: f32,
    /// Where it ends.
    pub to: f32,
    /// How it ended.
    pub end: LaneEnd,
}

/// Where the keyboard is.
#[derive(Debug, Clone, Default)]
pub struct LanesState {
    /// The mark that is looked at: the first of its bars.
    cursor: Option<usize>,
}

/// The chart.
#[must_use = "call show"]
pub struct Lanes<'a> {
    name: &'a str,
    lanes: &'a [String],
    bars: &'a [LaneBar],
    axis: &'a [(f32, String)],
    words: &'a dyn Fn(Range<usize>) -> String,
}

/// Bars that lie in one mark, and where it is.
struct Mark {
    bars: Range<usize>,
    rect: Rect,
    end: LaneEnd,
}

impl<'a> Lanes<'a> {
    /// `name` is what the screen reader calls it; `bars` stand lane by lane, each lane from left to right.
    pub fn new(name: &'a str, lanes: &'a [String], bars: &'a [LaneBar]) -> Self {
        Self { name, lanes, bars, axis: &[], words: &|_| String::new() }
    }

    /// Lines across the lanes, each with its words below.
    pub fn axis(mut self, axis: &'a [(f32, String)]) -> Self {
        self.axis = axis;
        self
    }

    /// What some of the bars are: said of the one under the pointer, or of those that lie in one mark.
    pub fn words(mut self, words: &'a dyn Fn(Range<usize>) -> String) -> Self {
        self.words = words;
        self
    }

    /// How high it is where there is room for `room`.
    fn lane_height(&self, room: f32) -> f32 {
        ((room - AXIS) / self.lanes.len().max(1) as f32).floor().clamp(LANE[0], LANE[1])
    }

    /// Shows it over the width there is; returns the bars of the mark that was opened.
    pub fn show(self, ui: &mut Ui, room: f32, state: &mut LanesState) -> Option<Range<usize>> {
        let t = tokens(ui);
        let pitch = self.lane_height(room);
        let height = pitch * self.lanes.len() as f32 + AXIS;
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
        let plot = Rect::from_min_max(rect.min + vec2(GUTTER, 0.0), rect.max - vec2(8.0, AXIS));
        let marks = self.marks(plot, pitch);
        let on = |at: usize| marks.iter().position(|mark| mark.bars.contains(&at));
        let mut cursor = state.cursor.and_then(on);
        let hovered = response.hover_pos().and_then(|at| under(&marks, at));
        let mut opened = None;
        if response.clicked() {
            response.request_focus();
            cursor = hovered.or(cursor);
            opened = hovered;
        }
        if response.has_focus() && !marks.is_empty() {
            if self.walk(ui, &response, &marks, &mut cursor) {
                opened = cursor;
            }
            cursor = cursor.or(Some(marks.len() - 1));
        }
        state.cursor = cursor.and_then(|at| marks.get(at)).map(|mark| mark.bars.start);
        let shown = cursor.filter(|_| response.has_focus());
        if ui.is_rect_visible(rect) {
            self.paint(ui.painter(), rect, plot, pitch, &marks, t);
            for at in [hovered, shown].into_iter().flatten() {
                if let Some(mark) = marks.get(at) {
                    let around = mark.rect.expand(3.0);
                    let stroke = if Some(at) == shown { (2.0, t.focus) } else { (1.0, t.text_2) };
                    ui.painter().rect_stroke(around, 2, stroke, egui::StrokeKind::Inside);
                }
            }
        }
        self.describe(ui, &response, cursor.and_then(|at| marks.get(at)));
        focus::shape(ui, &response, rect, size::RADIUS, Ring::Inside);
        if let Some(mark) = hovered.and_then(|at| marks.get(at)) {
            ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
            response.on_hover_text_at_pointer((self.words)(mark.bars.clone()));
        }
        opened.and_then(|at| marks.get(at)).map(|mark| mark.bars.clone())
    }

    /// The bars as they are seen: those that would run into each other because they are short lie in one mark.
    fn marks(&self, plot: Rect, pitch: f32) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        let mut lane = usize::MAX;
        for (at, bar) in self.bars.iter().enumerate() {
            let x = |share: f32| plot.left() + share.clamp(0.0, 1.0) * plot.width();
            let (left, right) = (x(bar.from), x(bar.to));
            let short = right - left < LEAST;
            let left = left.min(plot.right() - LEAST);
            let middle = plot.top() + pitch * (bar.lane as f32 + 0.5);
            let rect = Rect::from_min_max(
                pos2(left, middle - BAR / 2.0),
                pos2(right.max(left + LEAST), middle + BAR / 2.0),
            );
            let joins = |mark: &Mark| {
                let narrow = mark.bars.len() > 1 || mark.rect.width() <= LEAST + 0.5;
                bar.lane == lane && short && narrow && left < mark.rect.right() + 1.0
            };
            match marks.last_mut().filter(|mark| joins(mark)) {
                Some(mark) => {
                    mark.bars.end = at + 1;
                    mark.rect.max.x = mark.rect.right().max(rect.right());
                    mark.end = worse(mark.end, bar.end);
                }
                None => marks.push(Mark { bars: at..at + 1, rect, end: bar.end }),
            }
            lane = bar.lane;
        }
        marks
    }

    /// Moves along the marks; says whether the one that is looked at is to be opened.
    fn walk(&self, ui: &Ui, response: &Response, marks: &[Mark], cursor: &mut Option<usize>) -> bool {
        let filter =
            EventFilter { horizontal_arrows: true, vertical_arrows: true, escape: false, tab: false };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let last = marks.len() - 1;
        if pressed(Key::ArrowLeft) {
            *cursor = Some(cursor.map_or(last, |at| at.saturating_sub(1)));
        } else if pressed(Key::ArrowRight) {
            *cursor = Some(cursor.map_or(0, |at| (at + 1).min(last)));
        } else if pressed(Key::Home) {
            *cursor = Some(0);
        } else if pressed(Key::End) {
            *cursor = Some(last);
        } else if pressed(Key::ArrowUp) {
            *cursor = self.beside(marks, *cursor, false).or(*cursor);
        } else if pressed(Key::ArrowDown) {
            *cursor = self.beside(marks, *cursor, true).or(*cursor);
        } else {
            return pressed(Key::Enter) || pressed(Key::Space);
        }
        false
    }

    /// The mark nearest in time in the next lane down, or up, that has one.
    fn beside(&self, marks: &[Mark], cursor: Option<usize>, down: bool) -> Option<usize> {
        let lane = |mark: &Mark| self.bars.get(mark.bars.start).map_or(0, |bar| bar.lane);
        let here = marks.get(cursor?)?;
        let beyond = |mark: &&Mark| if down { lane(mark) > lane(here) } else { lane(mark) < lane(here) };
        let lanes = marks.iter().filter(beyond).map(lane);
        let next = if down { lanes.min() } else { lanes.max() }?;
        let far = |at: &usize| {
            marks.get(*at).map_or(f32::MAX, |m| (m.rect.center().x - here.rect.center().x).abs())
        };
        let in_next = (0..marks.len()).filter(|at| marks.get(*at).is_some_and(|mark| lane(mark) == next));
        in_next.min_by(|a, b| far(a).total_cmp(&far(b)))
    }

    fn paint(&self, painter: &Painter, rect: Rect, plot: Rect, pitch: f32, marks: &[Mark], t: &Tokens) {
        let mut used = f32::MIN;
        for (share, words) in self.axis {
            let x = (plot.left() + share * plot.width()).round() + 0.5;
            painter.vline(x, plot.top()..=plot.bottom() + 4.0, (1.0, t.hairline));
            let label = line(painter, words.as_str(), TextRole::SmallMono, t.text_2, 120.0);
            if x > used && x + 4.0 + label.size().x <= rect.right() {
                used = put_left(painter, x + 4.0, plot.bottom() + 13.0, label) + 12.0;
            }
        }
        for (at, name) in self.lanes.iter().enumerate() {
            let y = plot.top() + pitch * at as f32;
            if at > 0 {
                painter.hline(rect.x_range(), y.round() + 0.5, (1.0, t.hairline));
            }
            let name = line(painter, name.as_str(), TextRole::Body, t.text, GUTTER - 20.0);
            put_left(painter, rect.left() + 8.0, y + pitch / 2.0, name);
        }
        painter.hline(rect.x_range(), plot.bottom().round() + 0.5, (1.0, t.text_3));
        let mut mesh = Mesh::default();
        marks.iter().for_each(|mark| draw(&mut mesh, mark.rect, mark.end, t));
        painter.add(mesh);
        painter.rect_stroke(rect, size::RADIUS_CARD, (1.0, t.hairline), egui::StrokeKind::Inside);
    }

    fn describe(&self, ui: &Ui, response: &Response, cursor: Option<&Mark>) {
        response.widget_info(|| WidgetInfo::labeled(Role::GraphicsObject, true, self.name));
        let words = cursor.map(|mark| (self.words)(mark.bars.clone()));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_description("Arrows walk the bars, Enter opens one.");
            if let Some(words) = words {
                node.set_value(words);
            }
        });
    }
}

/// The marks of the chart with their words, on one line.
pub fn lanes_legend(ui: &mut Ui, kinds: &[(LaneEnd, &str)]) {
    let t = tokens(ui);
    for (end, words) in kinds {
        let text = line(ui.painter(), *words, TextRole::Small, t.text_2, f32::INFINITY);
        let (rect, response) = ui.allocate_exact_size(vec2(36.0 + text.size().x, 20.0), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, *words));
        let bar = Rect::from_center_size(pos2(rect.left() + 12.0, rect.center().y), vec2(22.0, BAR));
        let mut mesh = Mesh::default();
        draw(&mut mesh, bar, *end, t);
        ui.painter().add(mesh);
        put_left(ui.painter(), rect.left() + 36.0, rect.center().y, text);
    }
}

/// The mark under the pointer: the topmost, which is painted last.
fn under(marks: &[Mark], at: Pos2) -> Option<usize> {
    // Half a lane above and below, as nothing else is there to hit.
    let hit = |mark: &Mark| mark.rect.expand2(vec2(2.0, 8.0)).contains(at);
    let near = |mark: &Mark| (mark.rect.center().x - at.x).abs();
    let hits = (0..marks.len()).filter(|i| marks.get(*i).is_some_and(hit));
    hits.min_by(|a, b| {
        let far = |i: &usize| marks.get(*i).map_or(f32::MAX, near);
        far(a).total_cmp(&far(b))
    })
}

/// What is said of several: the one most worth a look.
fn worse(a: LaneEnd, b: LaneEnd) -> LaneEnd {
    let rank = |end: LaneEnd| match end {
        LaneEnd::Plain => 0,
        LaneEnd::Open => 1,
        LaneEnd::Here => 2,
        LaneEnd::Odd => 3,
    };
    if rank(b) > rank(a) { b } else { a }
}

fn draw(mesh: &mut Mesh, rect: Rect, end: LaneEnd, t: &Tokens) {
    match end {
        LaneEnd::Plain => mesh.add_colored_rect(rect, t.heat[4]),
        LaneEnd::Open => frame(mesh, rect, t.text_2),
        LaneEnd::Here => {
            mesh.add_colored_rect(rect, t.accent);
            let line = Rect::from_min_max(
                pos2(rect.right() - 2.0, rect.top() - 4.0),
                pos2(rect.right(), rect.bottom() + 4.0),
            );
            mesh.add_colored_rect(line, t.accent);
        }
        LaneEnd::Odd => {
            mesh.add_colored_rect(rect, t.warn);
            let foot = rect.bottom() + 1.0;
            triangle(mesh, pos2(rect.right(), foot), t.warn);
        }
    }
}

/// A triangle that stands at the end of a bar and is higher than it.
fn triangle(mesh: &mut Mesh, foot: Pos2, colour: Color32) {
    let first = mesh.vertices.len() as u32;
    for corner in [vec2(-7.0, 0.0), vec2(7.0, 0.0), vec2(0.0, -16.0)] {
        mesh.colored_vertex(foot + corner, colour);
    }
    mesh.add_triangle(first, first + 1, first + 2);
}

/// The edge of a bar, and nothing in it.
fn frame(mesh: &mut Mesh, rect: Rect, colour: Color32) {
    let inside = rect.shrink(1.5);
    for side in [
        Rect::from_min_max(rect.min, pos2(rect.right(), inside.top())),
        Rect::from_min_max(pos2(rect.left(), inside.bottom()), rect.max),
        Rect::from_min_max(rect.min, pos2(inside.left(), rect.bottom())),
        Rect::from_min_max(pos2(inside.right(), rect.top()), rect.max),
    ] {
        mesh.add_colored_rect(side, colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(lane: usize, from: f32, to: f32, end: LaneEnd) -> LaneBar {
        LaneBar { lane, from, to, end }
    }

    fn marks_of(bars: &[LaneBar]) -> Vec<(Range<usize>, LaneEnd)> {
        let names = ["a".to_owned(), "b".to_owned()];
        let plot = Rect::from_min_size(Pos2::ZERO, vec2(1000.0, 80.0));
        let marks = Lanes::new("x", &names, bars).marks(plot, 40.0);
        marks.into_iter().map(|mark| (mark.bars, mark.end)).collect()
    }

    #[test]
    fn short_bars_that_would_run_into_each_other_are_one_mark_that_tells_the_worst_of_them() {
        use LaneEnd::{Odd, Plain};
        let bars = [
            bar(0, 0.100, 0.101, Plain),
            bar(0, 0.102, 0.103, Odd),
            bar(0, 0.500, 0.501, Plain),
            bar(1, 0.501, 0.502, Plain),
        ];
        assert_eq!(marks_of(&bars), [(0..2, Odd), (2..3, Plain), (3..4, Plain)]);
    }

    #[test]
    fn long_bars_stay_their_own_however_near_and_the_last_one_is_within_the_chart() {
        use LaneEnd::{Here, Plain};
        let bars = [bar(0, 0.1, 0.2, Plain), bar(0, 0.2, 0.3, Plain), bar(0, 0.9999, 1.0, Here)];
        assert_eq!(marks_of(&bars).len(), 3);
        let names = ["a".to_owned()];
        let plot = Rect::from_min_size(Pos2::ZERO, vec2(1000.0, 40.0));
        let marks = Lanes::new("x", &names, &bars).marks(plot, 40.0);
        assert!(marks[2].rect.right() <= plot.right() && marks[2].rect.width() >= LEAST);
    }
}
