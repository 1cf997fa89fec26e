//! What the log says about the key, newest first; every line leads to the event.

use egui::{Sense, Ui, WidgetInfo, pos2, vec2};

use crate::model::Severity;
use crate::ui::frame::Intent;
use crate::ui::theme::{TextRole, size};
use crate::ui::widgets::{self, paint_severity, text_in};

use super::super::actions;
use super::super::paint::{put, put_right, tokens};
use super::super::past::Told;
use super::super::words;
use super::{Look, part};

/// The most events shown here; the Audit page has them all.
const MOST: usize = 100;

/// Shows the tab.
pub(super) fn show(ui: &mut Ui, look: &Look<'_>, intents: &mut Vec<Intent>) -> Option<(Option<u32>, bool)> {
    let events = look.past.events.len();
    if part(ui, "Events", Some(events as u64), Some("Open in Audit")) {
        intents.push(actions::audit_of(look.key));
    }
    few(ui, look, MOST, intents);
    if events > MOST || look.past.more {
        let t = tokens(ui);
        text_in(ui, TextRole::Small, t.text_2, format!("The newest {MOST}. The Audit page has all."));
    }
    None
}

/// The newest events, a line each.
pub(super) fn few(ui: &mut Ui, look: &Look<'_>, most: usize, intents: &mut Vec<Intent>) {
    let t = tokens(ui);
    if look.past.events.is_empty() {
        text_in(ui, TextRole::Body, t.text_2, "Nothing yet. Every reveal, copy and change is recorded here.");
        return;
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for told in look.past.events.iter().take(most) {
            if line(ui, told, look) {
                intents.push(Intent::ShowEvent(told.seq));
            }
        }
    });
}

fn line(ui: &mut Ui, told: &Told, look: &Look<'_>) -> bool {
    let t = tokens(ui);
    let with_reason = !told.reason.is_empty();
    let height = if with_reason { 44.0 } else { size::ROW };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, (1.0, t.hairline));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect.shrink2(vec2(0.0, 1.0)), 0, t.hover);
    }
    let middle = rect.top() + 14.0;
    paint_severity(ui.painter(), pos2(rect.left() + 6.0, middle), severity(told.severity));
    let when = format!("{} {}", words::day(told.time, look.frame.now), words::clock(told.time));
    let left = put_right(ui.painter(), pos2(rect.right(), middle), TextRole::SmallMono, t.text_2, &when);
    let room = left - rect.left() - 26.0;
    let words = format!("{} {}", told.operator, told.words());
    put(ui.painter(), pos2(rect.left() + 18.0, middle), TextRole::Body, t.text, &words, room);
    if with_reason {
        let at = pos2(rect.left() + 18.0, middle + 17.0);
        put(ui.painter(), at, TextRole::Small, t.text_2, &told.reason, rect.width() - 18.0);
    }
    let said = format!("{when}: {words}. {}", told.reason);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Link, true, said.trim_end_matches(". ")));
    response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
}

fn severity(severity: Severity) -> widgets::Severity {
    match severity {
        Severity::Info => widgets::Severity::Info,
        Severity::Notice => widgets::Severity::Notice,
        Severity::Warn => widgets::Severity::Warn,
        Severity::Critical => widgets::Severity::Critical,
    }
}
