//! The look of this workstation's window, and its keys.

use super::form::Form;
use crate::model::time::{Shown, shown};
use crate::ui::frame::Intent;
use crate::ui::shell::commands::{self, Bindings, Group, PARTS, Row, TABLE, UiCommand};
use crate::ui::theme::{self, TextRole, Theme, icons, size, tokens};
use crate::ui::widgets::{self as w, Banner, Button, IconButton, Segmented, Tone};
use egui::{Key, Ui};

/// From the edge to the words of a command.
const KEYS: f32 = 216.0;
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
    let keys = [UiCommand::ZoomIn, UiCommand::ZoomOut].map(|command| commands::shown(ui.ctx(), command));
    let keys: Vec<&str> = keys.iter().map(String::as_str).filter(|keys| !keys.is_empty()).collect();
    let help = if keys.is_empty() { String::new() } else { format!("{} does the same.", keys.join(" or ")) };
    form.row(ui, "Zoom", &help, 360.0, |ui| {
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

/// The command whose keys are being changed, and what is to be said about one.
#[derive(Default)]
pub(super) struct Changing {
    command: Option<UiCommand>,
    said: Option<(UiCommand, String)>,
}

pub(super) fn keyboard(
    ui: &mut Ui,
    form: &mut Form,
    letters: bool,
    changing: &mut Changing,
    out: &mut Vec<Intent>,
) {
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
    let mut bindings = commands::bindings(ui.ctx());
    let before = bindings.clone();
    if !bindings.ignored().is_empty() {
        form.block(ui, &["shortcut keys settings file left out"], |ui| {
            let words = format!(
                "Left out of this workstation\u{2019}s settings file, because the keys make no sense or are another\u{2019}s: {}.",
                bindings.ignored().join(", ")
            );
            Banner::new(Tone::Warn, &words).show(ui);
        });
    }
    let help = "For this workstation; the vault does not know them. A key that another command has is not taken from it.";
    form.row(ui, "Keys of commands", help, 140.0, |ui| {
        let reason = (!bindings.are_changed()).then_some("All are as they were made.");
        if Button::secondary("Restore all").disabled(reason).show(ui).clicked() {
            bindings.restore_all();
            *changing = Changing::default();
        }
    });
    for group in Group::ALL {
        let rows: Vec<&'static Row> = TABLE.iter().filter(|row| row.group == group).collect();
        let found: Vec<&str> =
            rows.iter().map(|row| row.title).chain([group.title(), "shortcut key"]).collect();
        form.block(ui, &found, |ui| {
            w::text(ui, TextRole::BodyStrong, group.title());
            ui.spacing_mut().item_spacing.y = 2.0;
            for row in rows {
                command(ui, row, &mut bindings, changing);
            }
        });
    }
    if bindings != before {
        out.push(Intent::SetKeys(bindings.kept()));
    }
    for (title, part) in PARTS {
        keys(ui, form, title, part);
    }
}

/// A command, its keys, and how to change them.
fn command(ui: &mut Ui, row: &'static Row, bindings: &mut Bindings, changing: &mut Changing) {
    let t = tokens(ui.ctx());
    let waits = changing.command == Some(row.command);
    ui.horizontal(|ui| {
        ui.set_min_height(size::CONTROL);
        let left = ui.cursor().left();
        let keys = bindings.shown(row);
        if waits {
            let said = w::text_in(ui, TextRole::Small, t.accent, "Press the keys. Esc leaves them.");
            ui.ctx().accesskit_node_builder(said.id, |node| node.set_live(egui::accesskit::Live::Polite));
        } else if keys.is_empty() {
            w::text_in(ui, TextRole::Small, t.text_3, "no key");
        } else {
            w::key_cap(ui, &keys);
        }
        ui.add_space((left + KEYS - ui.cursor().left()).max(8.0));
        w::text_in(ui, TextRole::Body, t.text, row.title);
        let room = ui.available_rect_before_wrap();
        w::EndRow::new(ui, row.title, room).show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let button = |ui: &mut Ui, glyph, verb: &str| {
                IconButton::new(glyph, &format!("{verb} {}", row.title)).show(ui).clicked()
            };
            if bindings.is_changed(row) && button(ui, icons::UNDO, "Restore the keys of") {
                changing.said = bindings.restore(row).err().map(|why| (row.command, why));
            }
            if !keys.is_empty() && row.command != UiCommand::Lock && button(ui, icons::CLOSE, "No key for") {
                bindings.clear(row);
                *changing = Changing::default();
            }
            if button(ui, icons::EDIT, "Change the keys of") {
                (changing.command, changing.said) = (Some(row.command), None);
                ui.ctx().memory_mut(|memory| memory.stop_text_input());
            }
        });
    });
    if let Some((_, why)) = changing.said.as_ref().filter(|(about, _)| *about == row.command) {
        let said = w::text_in(ui, TextRole::Small, t.warn, why.as_str());
        ui.ctx().accesskit_node_builder(said.id, |node| node.set_live(egui::accesskit::Live::Polite));
    }
    if !waits {
        return;
    }
    if let Some(chord) = commands::record(ui.ctx()) {
        changing.command = None;
        if chord.logical_key != Key::Escape {
            changing.said = bindings.set(row, chord).err().map(|why| (row.command, why));
        }
        ui.ctx().request_repaint();
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
                ui.add_space((KEYS - 8.0 - cap.rect.width()).max(8.0));
                w::text_in(ui, TextRole::Body, t.text, *what);
            });
        }
    });
}
