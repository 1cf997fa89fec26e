//! A month of events, to look at: a click opens the log at that day.

use super::super::pages::paint::{Words, put_left};
use super::super::pages::{t, when};
use crate::app::UnlockedView;
use crate::audit::chart::{self, Histogram as Counted};
use crate::audit::index::Selection;
use crate::audit::query::{self, replace_time_range};
use crate::model::time::{Shown, shown};
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::TextRole;
use crate::ui::widgets::{self as w, Bar, Histogram, HistogramState, Severity};
use egui::{Align, Layout, Sense, Ui, vec2};

/// The month, counted once for every length of the log and hour.
#[derive(Default)]
pub(super) struct Activity {
    key: Option<(usize, i64, u32, Shown)>,
    counted: Option<Counted>,
    bars: Vec<Bar>,
    ticks: Vec<(usize, String)>,
    chart: HistogramState,
}

impl Activity {
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        frame: &Frame<'_>,
        view: &UnlockedView,
        out: &mut Vec<Intent>,
    ) {
        let t = t(ui);
        self.refresh(ui, frame, view);
        let step = self.counted.as_ref().map(|c| c.step_label.clone()).unwrap_or_default();
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
        let mut head =
            ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
        Words::new().add(TextRole::Heading, t.text, "Activity").show(&mut head);
        w::text_in(&mut head, TextRole::Small, t.text_2, format!("30 days, {step}"));
        head.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if w::link_small(ui, "Open in Audit").clicked() {
                out.push(Intent::ShowAudit(String::new()));
            }
            ui.add_space(8.0);
            for severity in [Severity::Critical, Severity::Warn, Severity::Notice, Severity::Info] {
                legend(ui, severity);
            }
        });
        let height = (ui.clip_rect().bottom() - ui.cursor().top() - 20.0).clamp(110.0, 220.0);
        let ticks: Vec<(usize, &str)> =
            self.ticks.iter().map(|(bar, words)| (*bar, words.as_str())).collect();
        let counted = &self.counted;
        let words = |bar: usize| counted.as_ref().map(|c| bin_words(c, bar)).unwrap_or_default();
        let chart = Histogram::new("Activity of the last 30 days", &self.bars).axis(&ticks).words(&words);
        let response = chart.height(height).end_label("now").show(ui, &mut self.chart);
        if response.brush_changed || response.applied {
            let bar = self.chart.brush.take().map(|brush| brush.start);
            if let Some(bin) =
                bar.and_then(|bar| counted.as_ref()?.bins.get(bar)).filter(|_| response.applied)
            {
                let day = when::midnight(bin.start);
                out.push(Intent::ShowAudit(replace_time_range("", day, day.plus_days(1))));
            }
        }
    }

    fn refresh(&mut self, ui: &Ui, frame: &Frame<'_>, view: &UnlockedView) {
        let bins = ((ui.available_width() - 40.0) / 7.2).clamp(24.0, 160.0) as u32;
        let key = Some((view.log.len(), frame.now.0 / 3_600_000, bins, shown()));
        if self.key == key {
            return;
        }
        self.key = key;
        let from = frame.now.plus_days(-30);
        let month = query::parse(&replace_time_range("", from, frame.now.plus_ms(1000)), frame.now);
        let rows = month.map_or_else(|_| Selection::default(), |month| month.select(&view.log));
        let counted = chart::histogram(&view.log, &rows, from, frame.now, bins as usize);
        self.bars =
            counted.bins.iter().map(|b| Bar { counts: b.counts, usual: None, quiet: b.weekend }).collect();
        self.ticks = ticks(&counted);
        self.counted = Some(counted);
    }
}

/// The first bar of each Monday, and the first of all.
fn ticks(counted: &Counted) -> Vec<(usize, String)> {
    use chrono::{Datelike, Timelike, Weekday};
    let words = |bar: &chart::Bin| bar.start.local().format("%a %-d %b").to_string();
    let monday = |bar: &chart::Bin| {
        let at = bar.start.local();
        at.weekday() == Weekday::Mon && at.hour() == 0
    };
    counted
        .bins
        .iter()
        .enumerate()
        .filter(|(i, bar)| *i == 0 || monday(bar))
        .map(|(i, bar)| (i, words(bar)))
        .collect()
}

/// "Sat 11 Apr, 00:00 to 06:00".
fn bin_words(counted: &Counted, bar: usize) -> String {
    counted.bins.get(bar).map_or_else(String::new, |bin| {
        let day = bin.start.local().format("%a %-d %b");
        format!("{day}, {} to {}", when::clock(bin.start), when::clock(bin.end))
    })
}

fn legend(ui: &mut Ui, severity: Severity) {
    let t = t(ui);
    let words = Words::new().add(TextRole::Small, t.text, severity.word()).line(ui.painter(), 80.0);
    let (rect, response) = ui.allocate_exact_size(vec2(20.0 + words.size().x + 8.0, 20.0), Sense::hover());
    w::paint_severity(ui.painter(), egui::pos2(rect.left() + 6.0, rect.center().y), severity);
    put_left(ui.painter(), rect.left() + 20.0, rect.center().y, words);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, severity.word()));
}
