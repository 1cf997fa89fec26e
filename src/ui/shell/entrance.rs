//! What the screens before an unlock share: help and theme above, what is known of this process below.

use egui::{Align, Layout, Rect, Sense, Ui, pos2, vec2};

use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, Theme, icons, icons::Icon, size, tokens};
use crate::ui::widgets::{Button, EndRow, IconButton, link_small, paint_mark};

use super::draw::{cut, icon, placed, put};

/// Height of the bar at the bottom.
pub(in crate::ui) const FOOT: f32 = 44.0;

/// The top right corner. `theme`: whether the theme can be switched here.
pub(in crate::ui) fn head(ui: &mut Ui, theme: bool, intents: &mut Vec<Intent>) {
    let full = ui.max_rect();
    let right = if theme { 16.0 } else { 15.0 };
    let bar = Rect::from_min_size(full.min, vec2(full.width() - right, size::TOP_BAR));
    EndRow::new(ui, "entrance head", bar).show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if Button::quiet("Help").icon(icons::HELP).show(ui).clicked() {
            intents.push(Intent::OpenShortcuts);
        }
        if theme {
            let dark = tokens(ui.ctx()).dark;
            let (glyph, words, next) = if dark {
                (Icon::Sun, "Light theme", Theme::Light)
            } else {
                (Icon::Moon, "Dark theme", Theme::Dark)
            };
            if IconButton::new(glyph, words).show(ui).clicked() {
                intents.push(Intent::SetTheme(next));
            }
        }
    });
}

/// The bar at the bottom; `link` is an action at its right. Says whether that was chosen.
pub(in crate::ui) fn foot(ui: &mut Ui, frame: &Frame<'_>, link: Option<&str>) -> bool {
    let t = tokens(ui.ctx());
    let full = ui.max_rect();
    let bar = Rect::from_min_max(pos2(full.left(), full.bottom() - FOOT), full.max);
    ui.painter().hline(bar.x_range(), bar.top() + 0.5, (1.0, t.hairline));
    let status = &frame.snapshot.status;
    let inner = Rect::from_min_max(bar.min + vec2(16.0, 1.0), bar.max - vec2(16.0, 0.0));
    let chosen = placed(ui, "entrance link", inner, Layout::right_to_left(Align::Center), |ui| {
        link.is_some_and(|link| link_small(ui, link).clicked())
    });
    let reserved = link.map_or(0.0, |link| 7.0 * link.chars().count() as f32 + 24.0);
    let left = Rect::from_min_max(inner.min, inner.max - vec2(reserved, 0.0));
    placed(ui, "entrance facts", left, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let (rect, _) = ui.allocate_exact_size(vec2(20.0, FOOT), Sense::hover());
        let mark = Rect::from_center_size(pos2(rect.left() + 7.0, rect.center().y), vec2(14.0, 14.0));
        paint_mark(ui.painter(), mark, t.text_2, t.bg);
        fact(ui, &format!("Keyroom {}", version()), t.text_2);
        if !status.memory.is_empty() {
            separator(ui);
            let (glyph, colour) =
                if status.memory_ok { (icons::VERIFIED, t.ok) } else { (icons::DOUBTFUL, t.warn) };
            let (rect, _) = ui.allocate_exact_size(vec2(19.0, FOOT), Sense::hover());
            icon(ui, pos2(rect.left() + 7.0, rect.center().y), glyph, size::ICON_SMALL, colour);
            fact(ui, &status.memory, colour);
        }
        if !status.anchor.is_empty() {
            separator(ui);
            // Whether that place answers is known only then.
            fact(ui, "Rollback check: asked at unlock", t.text_2);
        }
    });
    chosen
}

/// The program's version, without the part that only counts corrections.
fn version() -> &'static str {
    let version = env!("CARGO_PKG_VERSION");
    version.rsplit_once('.').map_or(version, |(version, _)| version)
}

fn fact(ui: &mut Ui, words: &str, colour: egui::Color32) {
    let galley = cut(ui, words, TextRole::Small, colour, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, FOOT), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, words));
    put(ui, rect.left(), rect.center().y, galley);
}

fn separator(ui: &mut Ui) {
    let t = tokens(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(33.0, FOOT), Sense::hover());
    let line = Rect::from_center_size(pos2(rect.left() + 17.0, rect.center().y), vec2(1.0, 12.0));
    ui.painter().rect_filled(line, 0, t.hairline);
}
