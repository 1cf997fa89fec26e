//! How many keys are due in each of the coming weeks: bars with their counts, and a dashed line at what is usual.

use crate::ui::theme::TextRole;
use crate::ui::widgets::focus::{self, Ring};
use crate::ui::widgets::paint::{line, put_left, tokens};
use crate::ui::widgets::thousands;
use egui::{CornerRadius, Rect, Role, Sense, Shape, Ui, WidgetInfo, pos2, vec2};

/// One week.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HorizonBar {
    /// Below the bar: "w19".
    pub label: String,
    /// Below that, where there is room: "4 May".
    pub date: String,
    /// What it is called: "Week 19, from 4 May".
    pub name: String,
    /// Keys due.
    pub count: u32,
    /// The bar of what is late already.
    pub late: bool,
}

/// The chart.
#[must_use = "call show"]
pub struct Horizon<'a> {
    name: &'a str,
    bars: &'a [HorizonBar],
    usual: Option<f32>,
    height: f32,
    bar_width: f32,
}

impl<'a> Horizon<'a> {
    /// `name` is what the screen reader calls it.
    pub fn new(name: &'a str, bars: &'a [HorizonBar]) -> Self {
        Self { name, bars, usual: None, height: 220.0, bar_width: 24.0 }
    }

    /// A dashed line at this count.
    pub fn usual(mut self, count: f32) -> Self {
        self.usual = Some(count);
        self
    }

    /// Another height than 220.
    pub fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// Another bar width than 24.
    pub fn bar_width(mut self, width: f32) -> Self {
        self.bar_width = width;
        self
    }

    /// Shows it over the width there is; returns the bar that was clicked.
    pub fn show(self, ui: &mut Ui) -> Option<usize> {
        let t = tokens(ui);
        let (rect, whole) = ui.allocate_exact_size(vec2(ui.available_width(), self.height), Sense::hover());
        whole.widget_info(|| WidgetInfo::labeled(Role::GraphicsObject, true, self.name));
        let dated = self.bars.iter().any(|bar| !bar.date.is_empty());
        let below = if dated { 38.0 } else { 22.0 };
        let mut plot =
            Rect::from_min_max(rect.min + vec2(0.0, 20.0), pos2(rect.right(), rect.bottom() - below));
        let most =
            self.bars.iter().map(|bar| bar.count as f32).fold(self.usual.unwrap_or(1.0), f32::max).max(1.0);
        let mut pitch = plot.width() / self.bars.len().max(1) as f32;
        // Where less than one a week is usual there is no level to show, only a line on the axis.
        if let Some(usual) = self.usual.filter(|usual| *usual >= 0.5) {
            let y = (plot.bottom() - usual / most * plot.height()).round() + 0.5;
            let words = line(ui.painter(), format!("usual {usual:.0}"), TextRole::Small, t.text_2, 80.0);
            let (left, middle) = match self.slot(words.size().x, pitch, usual / most, most, plot.height()) {
                Some(slot) => (plot.left() + pitch * slot as f32, y - 9.0),
                None => {
                    // No bars leave it room: it stands behind the last of them.
                    plot.max.x -= (words.size().x + 4.0).ceil();
                    pitch = plot.width() / self.bars.len().max(1) as f32;
                    (plot.right() + 4.0, y)
                }
            };
            let points = [pos2(plot.left(), y), pos2(plot.right(), y)];
            ui.painter().extend(Shape::dashed_line(&points, (1.0, t.text_3), 3.0, 3.0));
            put_left(ui.painter(), left, middle, words);
        }
        let widest = thousands(self.bars.iter().map(|bar| bar.count).max().unwrap_or(0).into());
        let widest = line(ui.painter(), widest, TextRole::SmallMono, t.text, f32::INFINITY).size().x;
        let crowded = widest > pitch - 3.0;
        let mut clicked = None;
        for (i, bar) in self.bars.iter().enumerate() {
            let centre = plot.left() + pitch * (i as f32 + 0.5);
            let height = (bar.count as f32 / most * plot.height()).round();
            let width = self.bar_width.min(pitch - 2.0);
            let shape = Rect::from_min_max(
                pos2((centre - width / 2.0).round(), plot.bottom() - height),
                pos2((centre + width / 2.0).round(), plot.bottom()),
            );
            let hit = Rect::from_center_size(pos2(centre, rect.center().y), vec2(pitch, rect.height()));
            let response = ui.interact(hit, whole.id.with(i), Sense::click());
            let keys = if bar.count == 1 { "key" } else { "keys" };
            let words = format!("{}: {} {keys} due", bar.name, thousands(bar.count.into()));
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &words));
            let fill = if bar.late { t.high } else { t.heat[4] };
            let corners = CornerRadius { nw: 2, ne: 2, sw: 0, se: 0 };
            ui.painter().rect_filled(shape, corners, fill);
            let strong = self.usual.is_some_and(|usual| bar.count as f32 > usual * 1.5);
            let role = if strong { TextRole::SmallStrong } else { TextRole::SmallMono };
            let below = |words: &str, y: f32| {
                let text = line(ui.painter(), words, TextRole::SmallMono, t.text_2, pitch * 2.0);
                let left = (centre - text.size().x / 2.0).round();
                put_left(ui.painter(), left, y, text);
            };
            // Counts that would run into each other stand over every second bar; each is told by name all the same.
            if i % 2 == 0 || !crowded {
                let count = line(ui.painter(), thousands(bar.count.into()), role, t.text, pitch * 2.0);
                let left = (centre - count.size().x / 2.0).round();
                put_left(ui.painter(), left, shape.top() - 10.0, count);
            }
            below(&bar.label, plot.bottom() + 12.0);
            below(&bar.date, plot.bottom() + 28.0);
            focus::shape(ui, &response, shape, 2, Ring::Around);
            if response.clicked() {
                clicked = Some(i);
            }
        }
        ui.painter().hline(plot.x_range(), plot.bottom().round() + 0.5, (1.0, t.text_3));
        clicked
    }

    /// The first of the bars over which words of `width` stand above a line at this `share` of the height: at the right, where
    /// the weeks are farthest away, else as far right as the bars leave them room.
    fn slot(&self, width: f32, pitch: f32, share: f32, most: f32, height: f32) -> Option<usize> {
        let slots = ((width / pitch).ceil().max(1.0) as usize).clamp(1, self.bars.len().max(1));
        let below = |bar: &HorizonBar, points: f32| (share - bar.count as f32 / most) * height >= points;
        let free = |points: f32| {
            let mut windows = self.bars.windows(slots).rev();
            let at = windows.position(|bars| bars.iter().all(|bar| below(bar, points)))?;
            Some(self.bars.len() - slots - at)
        };
        // A bar's own count stands 20 points above it.
        free(20.0).or_else(|| free(0.5))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(counts: &[u32]) -> Vec<HorizonBar> {
        counts.iter().map(|count| HorizonBar { count: *count, ..HorizonBar::default() }).collect()
    }

    #[test]
    fn the_words_of_the_usual_level_never_stand_behind_a_bar() {
        let some = bars(&[9, 1, 9, 1, 1, 9]);
        let slot = |bars: &[HorizonBar]| Horizon::new("", bars).slot(50.0, 30.0, 0.5, 9.0, 200.0);
        assert_eq!(slot(&some), Some(3));
        assert_eq!(slot(&bars(&[9, 1, 9, 1, 9])), None, "no two beside each other are low");
        assert_eq!(slot(&[]), None);
    }
}
