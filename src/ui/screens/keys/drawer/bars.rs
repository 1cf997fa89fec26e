//! The versions as bars over time: current filled, past due in the colour of lateness, overlap hatched, retired outlined,
//! destroyed dashed; a dot for each reading.

use chrono::{Datelike, Months, NaiveDate};
use egui::{Rect, Sense, Shape, StrokeKind, Ui, pos2, vec2};

use crate::model::due::due_date;
use crate::model::{Timestamp, VersionRecord, VersionState};
use crate::ui::theme::{TextRole, icons};
use crate::ui::words::plural;

use super::super::paint::{hatch, icon, named, put, tokens};
use super::super::words;
use super::Look;

/// How many versions are drawn, the newest first.
const MOST: usize = 4;
/// A row, and the bar in it.
const ROW: f32 = 20.0;
const BAR: f32 = 12.0;
/// The room for "v7".
const LABEL: f32 = 36.0;

/// Draws them over the width there is.
pub(super) fn show(ui: &mut Ui, look: &Look<'_>) {
    let t = tokens(ui);
    let now = look.frame.now;
    let shown: Vec<&VersionRecord> = look.key.versions.iter().rev().take(MOST).collect();
    let Some(oldest) = shown.last() else { return };
    let height = shown.len() as f32 * ROW + 26.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let plot = Rect::from_min_max(
        pos2(rect.left() + LABEL, rect.top()),
        pos2(rect.right() - 4.0, rect.bottom() - 24.0),
    );
    let ends = shown.iter().filter_map(|v| v.overlap_ends).max().map_or(now, |end| end.max(now));
    let span = ends.since(oldest.current_from).max(86_400_000) as f32;
    let x = |moment: Timestamp| {
        let share = moment.since(oldest.current_from) as f32 / span;
        (plot.left() + share.clamp(0.0, 1.0) * plot.width()).round()
    };
    for (i, version) in shown.iter().enumerate() {
        let middle = plot.top() + (i as f32 + 0.5) * ROW;
        let (role, colour) =
            if i == 0 { (TextRole::SmallMono, t.text) } else { (TextRole::SmallMono, t.text_2) };
        let label = format!("v{}", version.number);
        let end = put(ui.painter(), pos2(rect.left(), middle), role, colour, &label, LABEL);
        if version.state == VersionState::Current {
            // Hack has no bold here: a second stroke half a point beside makes it so.
            put(ui.painter(), pos2(rect.left() + 0.5, middle), role, colour, &label, LABEL);
        }
        let _ = end;
        bar(ui, look, version, middle, &x);
        let row = Rect::from_min_max(pos2(rect.left(), middle - 10.0), pos2(rect.right(), middle + 10.0));
        let words = told(version, look);
        named(ui, row, "version bar", egui::Role::Label, &words).on_hover_text(&words);
    }
    axis(ui, plot, oldest.current_from, ends, &x);
}

fn bar(ui: &Ui, look: &Look<'_>, version: &VersionRecord, middle: f32, x: &dyn Fn(Timestamp) -> f32) {
    let t = tokens(ui);
    let now = look.frame.now;
    let painter = ui.painter();
    let at = |from: Timestamp, to: Timestamp| {
        let (left, right) = (x(from), x(to));
        Rect::from_min_max(pos2(left, middle - BAR / 2.0), pos2(right.max(left + 3.0), middle + BAR / 2.0))
    };
    let to = version.current_to.unwrap_or(now);
    let whole = at(version.current_from, to);
    match version.state {
        VersionState::Current => {
            painter.rect_filled(whole, 2, t.heat[4]);
            let due = due_date(look.key, &look.view.view.settings);
            if let Some(due) = due.filter(|due| *due < now && look.key.state.is_in_use()) {
                painter.rect_filled(at(due, now), 2, t.high);
            }
        }
        VersionState::Compromised => {
            painter.rect_filled(whole, 2, t.tint_critical);
            painter.rect_stroke(whole, 2, (1.0, t.critical), StrokeKind::Inside);
        }
        VersionState::Retired | VersionState::Overlap => {
            painter.rect_stroke(whole, 2, (1.0, t.text_2), StrokeKind::Inside);
            if let Some(end) = version.overlap_ends {
                let overlap = at(to, end);
                hatch(painter, overlap, t.text_2);
                painter.rect_stroke(overlap, 2, (1.0, t.text_2), StrokeKind::Inside);
            }
        }
        VersionState::Destroyed => {
            let box_ = whole.shrink(0.5);
            let corners =
                [box_.left_top(), box_.right_top(), box_.right_bottom(), box_.left_bottom(), box_.left_top()];
            painter.extend(Shape::dashed_line(&corners, (1.0, t.text_2), 3.0, 2.0));
            icon(painter, pos2(whole.right() + 11.0, middle), icons::CLOSE, 12.0, t.text_2);
        }
    }
    if version.state == VersionState::Destroyed {
        return;
    }
    let filled = version.state == VersionState::Current;
    let mut last = f32::NEG_INFINITY;
    let readings = look.past.events.iter().rev().filter(|e| e.is_reading());
    for told in readings.filter(|e| e.version == Some(version.number)) {
        let place = x(told.time).clamp(whole.left() + 4.0, (whole.right() - 4.0).max(whole.left() + 4.0));
        // Readings a few minutes apart are one dot.
        if place - last >= 7.0 {
            last = place;
            painter.circle_filled(pos2(place, middle), 2.5, if filled { t.surface } else { t.text_2 });
        }
    }
}

/// A line with the names of months.
fn axis(ui: &Ui, plot: Rect, from: Timestamp, to: Timestamp, x: &dyn Fn(Timestamp) -> f32) {
    let t = tokens(ui);
    let y = plot.bottom() + 4.0;
    ui.painter().hline(plot.x_range(), y.round() + 0.5, (1.0, t.hairline));
    let (first, last) = (from.local().date_naive(), to.local().date_naive());
    let months = (last.year() - first.year()) * 12 + last.month() as i32 - first.month() as i32;
    let step = [1, 3, 6, 12, 24, 60].into_iter().find(|step| months / step <= 5).unwrap_or(120);
    let mut month = NaiveDate::from_ymd_opt(first.year(), 1, 1);
    let mut edge = f32::NEG_INFINITY;
    while let Some(day) = month.filter(|day| *day <= last) {
        if day > first || day.month() == first.month() && day.year() == first.year() {
            let moment = Timestamp::parse(&day.format("%Y-%m-%d").to_string()).unwrap_or(from);
            let at = x(moment.max(from));
            let words = day.format(if step >= 12 { "%Y" } else { "%b" }).to_string();
            let left = (at - 10.0).max(plot.left() - 2.0);
            if left > edge && left + 24.0 < plot.right() + 6.0 {
                ui.painter().vline(at.round() + 0.5, y..=y + 4.0, (1.0, t.text_3));
                edge = put(ui.painter(), pos2(left, y + 12.0), TextRole::SmallMono, t.text_2, &words, 60.0)
                    + 8.0;
            }
        }
        month = day.checked_add_months(Months::new(step.unsigned_abs()));
    }
}

/// The bar in words.
fn told(version: &VersionRecord, look: &Look<'_>) -> String {
    let (_, _, state) = words::version_look(version.state);
    let to = version.current_to.map_or_else(|| "now".to_owned(), words::date);
    let reads =
        look.past.events.iter().filter(|e| e.is_reading() && e.version == Some(version.number)).count();
    let reads = plural(reads, "reading", "readings");
    format!(
        "v{} {}, {} to {to}, {reads}",
        version.number,
        state.to_lowercase(),
        words::date(version.current_from)
    )
}
