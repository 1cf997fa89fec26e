//! The look of this workstation's window, and its keys.

use super::form::Form;
use crate::ui::frame::Intent;
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

/// The keys, by where they work.
const KEYS: [(&str, &[(&str, &str)]); 4] = [
    (
        "Everywhere",
        &[
            ("Ctrl K", "Command palette"),
            ("Ctrl L", "Lock now"),
            ("Ctrl 1 to 6", "Overview, Keys, Rotation, Audit, Session, Settings"),
            ("Ctrl F", "Search or filter of this page"),
            ("F6", "Next part of the window"),
            ("Alt Left", "Back"),
            ("Ctrl + / Ctrl \u{2212} / Ctrl 0", "Zoom"),
            ("F1", "All shortcuts"),
            ("Esc", "Close what lies on top"),
        ],
    ),
    (
        "Lists",
        &[
            ("Up Down Home End", "Move"),
            ("Shift with these", "Select more"),
            ("Space", "Select or not"),
            ("Enter", "Open"),
            ("Menu", "Context menu"),
        ],
    ),
    (
        "Audit",
        &[
            ("J / K", "Next and previous event that is a warning or worse"),
            ("I / X", "Only, or without, the action of the chosen event"),
            ("Left Right in the chart", "Walk the bars; Shift extends the range, Enter applies it"),
            ("+ \u{2212} 0 in the chart", "Zoom in, out, all"),
            ("Backspace in the chart", "Take the range away"),
        ],
    ),
    ("Keys", &[("Ctrl N", "New key"), ("Ctrl R", "Rotate the chosen key"), ("Ctrl E", "Edit it")]),
];

pub(super) fn keyboard(ui: &mut Ui, form: &mut Form, out: &mut Vec<Intent>) {
    form.row(ui, "All shortcuts", "As a list over the window.", 140.0, |ui| {
        if Button::secondary("Show list").show(ui).clicked() {
            out.push(Intent::OpenShortcuts);
        }
    });
    for (title, keys) in KEYS {
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
}
