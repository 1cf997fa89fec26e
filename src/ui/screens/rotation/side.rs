//! Beside the list: the coming weeks, the one that is too full, and how punctual rotations were.

use super::super::pages::paint::{Words, glyph};
use super::super::pages::stock::{Stock, WEEKS};
use super::super::pages::{pair, t};
use crate::ui::frame::Intent;
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, Horizon};
use crate::ui::words::plural;
use egui::{Frame as Panel, Margin, ScrollArea, Ui, UiBuilder, vec2};

/// Width of what is said before a number: so wide that a key's name and days stand beside it where the page is small.
const LABEL: f32 = 108.0;

pub(super) fn show(ui: &mut Ui, stock: &Stock, out: &mut Vec<Intent>) {
    let rect = ui.max_rect().shrink2(vec2(16.0, 16.0));
    ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            w::text(ui, TextRole::Heading, "Next 12 weeks");
            ui.add_space(8.0);
            let bars = stock.bars(WEEKS, false, false);
            let chart = Horizon::new("Keys due in the next 12 weeks", &bars);
            // A line at nothing tells nothing.
            let chart = match stock.usual() {
                0 => chart,
                usual => chart.usual(usual as f32),
            };
            let bar = chart.height(168.0).bar_width(14.0).show(ui);
            if let Some(week) = bar.and_then(|bar| stock.weeks.get(bar)) {
                out.push(Intent::ShowKeys(format!("due<={}d", week.until)));
            }
            ui.add_space(16.0);
            busy(ui, stock);
            punctuality(ui, stock, out);
        });
    });
}

fn busy(ui: &mut Ui, stock: &Stock) {
    let Some(week) = stock.busy(WEEKS) else { return };
    let t = t(ui);
    let edge = if t.high_contrast { t.hairline } else { t.tint_info };
    let panel = Panel::new().fill(t.tint_info).stroke((1.0, edge)).corner_radius(size::RADIUS_CARD);
    panel.inner_margin(Margin::symmetric(12, 10)).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.horizontal_top(|ui| {
            glyph(ui, icons::CALENDAR, size::ICON, t.accent);
            ui.vertical(|ui| {
                Words::new()
                    .add(TextRole::BodyStrong, t.text, format!("Week {} is busy. ", week.number))
                    .add(
                        TextRole::Body,
                        t.text,
                        format!("{}, usual {}.", plural(week.count, "key", "keys"), stock.usual()),
                    )
                    .show(ui);
                ui.add_space(4.0);
                w::text_in(
                    ui,
                    TextRole::Small,
                    t.text_2,
                    format!("It begins on {}. A key may be rotated before its day.", week.monday),
                );
            });
        });
    });
    ui.add_space(20.0);
}

fn punctuality(ui: &mut Ui, stock: &Stock, out: &mut Vec<Intent>) {
    let t = t(ui);
    w::text(ui, TextRole::Heading, "On time");
    ui.add_space(6.0);
    let told = &stock.punctuality;
    if told.all == 0 {
        w::text_in(ui, TextRole::Body, t.text_2, "No key was rotated under a policy in the last 90 days.");
        return;
    }
    ui.spacing_mut().item_spacing.y = 4.0;
    pair(ui, LABEL, "Last 90 days", |ui| {
        Words::new()
            .add(TextRole::BodyStrong, t.text, w::thousands(told.on_time.into()))
            .add(TextRole::Body, t.text, " of ")
            .add(TextRole::Mono, t.text, w::thousands(told.all.into()))
            .show(ui);
    });
    let Some((key, days)) = &told.longest else { return };
    pair(ui, LABEL, "Median delay", |ui| {
        Words::new()
            .add(TextRole::BodyStrong, t.text, told.median_late.to_string())
            .add(TextRole::Body, t.text, if told.median_late == 1 { " day" } else { " days" })
            .show(ui);
    });
    pair(ui, LABEL, "Longest delay", |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        if w::link(ui, &key.name).clicked() {
            out.push(Intent::ShowKey(key.id));
        }
        Words::new().add(TextRole::Body, t.text, format!(", {days} d")).show(ui);
    });
}
