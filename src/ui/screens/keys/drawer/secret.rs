//! The secret's row: twelve dots, Reveal and Copy; or the value itself for a short time.

use egui::{Layout, Rect, ScrollArea, Ui, vec2};

use crate::app::{Command, Revealed};
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{Button, IconButton, masked_secret, secret_label, text, text_in};

use super::super::actions;
use super::super::paint::{place_with, tokens};
use super::Look;

/// The width of the two buttons, so that nothing moves when one changes its word.
const REVEAL: f32 = 90.0;
const COPY: f32 = 80.0;

/// Shows it; a value to read, where that was asked for.
pub(super) fn show(ui: &mut Ui, look: &Look<'_>, intents: &mut Vec<Intent>) -> Option<(Option<u32>, bool)> {
    let t = tokens(ui);
    let key = look.key;
    let shown = look.frame.revealed.filter(|shown| shown.key == key.id);
    let version = shown.map_or(key.current_number(), |shown| shown.version);
    ui.scope(|ui| {
        ui.spacing_mut().interact_size.y = 20.0;
        ui.horizontal(|ui| {
            text(ui, TextRole::BodyStrong, "Secret");
            text_in(ui, TextRole::Body, t.text_2, format!("version {version}"));
        });
    });
    let blocked = actions::why_not_read(key, look.may);
    let blocked = blocked.as_deref();
    let mut wish = None;
    if let Some(shown) = shown {
        value(ui, look.frame, shown, intents);
        ui.horizontal(|ui| {
            if Button::secondary("Copy")
                .icon(icons::COPY)
                .min_width(COPY)
                .disabled(blocked)
                .show(ui)
                .clicked()
            {
                wish = Some((Some(shown.version), true));
            }
            if Button::secondary("Hide").icon(icons::HIDE).min_width(REVEAL).show(ui).clicked() {
                intents.push(Intent::App(Command::Hide));
            }
        });
        return wish;
    }
    ui.horizontal(|ui| {
        let width = ui.available_width() - REVEAL - COPY - 16.0;
        masked_secret(ui, &format!("{} version {version}", key.name), width);
        let reveal = Button::secondary("Reveal").icon(icons::REVEAL).min_width(REVEAL);
        if reveal.disabled(blocked).show(ui).clicked() {
            wish = Some((None, false));
        }
        let copy = Button::secondary("Copy").icon(icons::COPY).min_width(COPY);
        if copy.disabled(blocked).show(ui).clicked() {
            wish = Some((None, true));
        }
    });
    if clipboard(ui, look, intents) {
        return wish;
    }
    let settings = &look.view.view.settings;
    let words = match blocked {
        Some(reason) => format!("{reason}."),
        None => format!(
            "Both are recorded. Hides in {} s, clears in {} s.",
            settings.reveal_s, settings.clipboard_s
        ),
    };
    text_in(ui, TextRole::Small, t.text_2, words);
    wish
}

/// While a value of this key is on the clipboard: how long still, and the way to clear it now. Says whether it is.
fn clipboard(ui: &mut Ui, look: &Look<'_>, intents: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    let Some(state) = &look.frame.snapshot.clipboard else { return false };
    let version = state.what.strip_prefix(look.key.name.as_str()).and_then(|rest| rest.strip_prefix(" v"));
    let Some(version) = version else { return false };
    let left = look.frame.left(state.clears_at).as_secs_f32().ceil() as u64;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        text_in(
            ui,
            TextRole::Small,
            t.text_2,
            format!("v{version} is on the clipboard, cleared in {left} s."),
        );
        if crate::ui::widgets::link_small(ui, "Clear now").clicked() {
            intents.push(Intent::App(Command::ClearClipboard));
        }
    });
    true
}

/// The value in a box, how long it still shows, and the button that hides it.
fn value(ui: &mut Ui, frame: &Frame<'_>, shown: &Revealed, intents: &mut Vec<Intent>) {
    let t = tokens(ui);
    let left = frame.left(shown.hide_at).as_secs_f32().ceil() as u64;
    let back = ui.painter().add(egui::Shape::Noop);
    let width = ui.available_width();
    let outer = egui::Frame::NONE.inner_margin(egui::Margin { left: 9, right: 72, top: 2, bottom: 2 });
    let framed = outer.show(ui, |ui| {
        ui.set_width(width - 81.0);
        ScrollArea::vertical().id_salt("value").max_height(192.0).auto_shrink([false, true]).show(ui, |ui| {
            secret_label(ui, &format!("{} version {}", shown.name, shown.version), &shown.display);
        });
    });
    let rect = framed.response.rect;
    let edge = egui::epaint::RectShape::new(
        rect,
        size::RADIUS,
        t.field,
        (1.0, t.border_strong),
        egui::StrokeKind::Inside,
    );
    ui.painter().set(back, edge);
    let end = Rect::from_min_size(rect.right_top() - vec2(72.0, 0.0), vec2(70.0, size::CONTROL));
    place_with(ui, "countdown", end, Layout::right_to_left(egui::Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if IconButton::new(icons::HIDE, "Hide secret").small().show(ui).clicked() {
            intents.push(Intent::App(Command::Hide));
        }
        text_in(ui, TextRole::SmallMono, t.text_2, format!("{}:{:02}", left / 60, left % 60));
    });
    text_in(ui, TextRole::Small, t.text_2, format!("Hides in {left} s. This reveal was recorded."));
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(250));
}
