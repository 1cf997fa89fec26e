//! The look of this workstation's window, and its keys.

use super::form::Form;
use crate::model::time::{Shown, shown};
use crate::ui::frame::Intent;
use crate::ui::shell::commands::{Group, PARTS, TABLE};
use crate::ui::theme::{self, TextRole, Theme, tokens};
use crate::ui::widgets::{self as w, Button, Segmented};
use egui::Ui;

/// The zoom factors offered, in percent.
const ZOOM: [u16; 6] = [75, 100, 125, 150, 175, 200];

pub(super) fn appearance(ui: &mut Ui, form: &mut Form, out: &mut Vec<Intent>) {
    form.block(ui, &["theme light dark high contrast colours look"], |ui| {
        let t = tokens(ui.ctx());
        w::text(ui, TextRole::Body, "Theme");
        w::text_in(ui, TextRole::Small, t.text_2, "For this workstation; the vault does not know it.");
        ui.add_space(4.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        let now = theme::current(ui.ctx());
        for theme in Theme::ALL {
            if w::radio(ui, now == theme, theme.label()).clicked() {
                out.push(Intent::SetTheme(theme));
            }
        }
    });
    let now = shown();
    let help = "What is typed is read in the same zone. The log itself is kept in UTC.";
    form.row(ui, "Time zone", help, 260.0, |ui| {
        let mut active = usize::from(now.utc);
        if Segmented::new("Time zone", &["This computer's", "UTC"]).show(ui, &mut active).changed() {
            out.push(Intent::SetTime(Shown { utc: active == 1, ..now }));
        }
    });
    form.row(ui, "Clock", "Times that are typed have 24 hours.", 200.0, |ui| {
        let mut active = usize::from(now.twelve_hours);
        if Segmented::new("Clock", &["24 h", "12 h"]).show(ui, &mut active).changed() {
            out.push(Intent::SetTime(Shown { twelve_hours: active == 1, ..now }));
        }
    });
    form.row(ui, "Zoom", "Ctrl + and Ctrl \u{2212} do the same.", 360.0, |ui| {
        let names = ZOOM.map(|percent| format!("{percent} %"));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let now = ui.ctx().zoom_factor();
        let mut active = ZOOM
            .iter()
            .position(|percent| (f32::from(*percent) / 100.0 - now).abs() < 0.01)
            .unwrap_or(usize::MAX);
        if Segmented::new("Zoom", &names).show(ui, &mut active).changed()
            && let Some(percent) = ZOOM.get(active)
        {
            out.push(Intent::SetZoom(f32::from(*percent) / 100.0));
        }
    });
}

pub(super) fn keyboard(ui: &mut Ui, form: &mut Form, letters: bool, out: &mut Vec<Intent>) {
    let title = "Single-letter shortcuts";
    let help =
        "J K I X and the brackets on the Audit page. For this workstation; the vault does not know it.";
    form.row(ui, title, help, 60.0, |ui| {
        let mut on = letters;
        let response = w::switch(ui, &mut on, "");
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(title));
        if response.changed() {
            out.push(Intent::SetLetters(on));
        }
    });
    form.row(ui, "All shortcuts", "As a list over the window.", 140.0, |ui| {
        if Button::secondary("Show list").show(ui).clicked() {
            out.push(Intent::OpenShortcuts);
        }
    });
    for group in Group::ALL {
        let rows = TABLE.iter().filter(|row| row.group == group && !row.shown.is_empty());
        keys(ui, form, group.title(), &rows.map(|row| (row.shown, row.title)).collect::<Vec<_>>());
    }
    for (title, part) in PARTS {
        keys(ui, form, title, part);
    }
}

/// The keys of a group, as the list over the window has them.
fn keys(ui: &mut Ui, form: &mut Form, title: &str, keys: &[(&str, &str)]) {
    let mut words: Vec<&str> = keys.iter().flat_map(|(key, what)| [*key, *what]).collect();
    words.extend([title, "shortcut key"]);
    form.block(ui, &words, |ui| {
        let t = tokens(ui.ctx());
        w::text(ui, TextRole::BodyStrong, title);
        ui.spacing_mut().item_spacing.y = 2.0;
        for (key, what) in keys {
            ui.horizontal(|ui| {
                let cap = w::key_cap(ui, key);
                ui.add_space((200.0 - cap.rect.width()).max(8.0));
                w::text_in(ui, TextRole::Body, t.text, *what);
            });
        }
    });
}
