//! What the forms are put together from besides their fields: heads, banners, lines of help.

use egui::Ui;

use crate::ui::theme::{TextRole, tokens};
use crate::ui::widgets::{Banner, Tone, section, text_in};

/// Half the width there is, for two fields side by side.
pub(super) fn half(ui: &Ui) -> f32 {
    ((ui.available_width() - ui.spacing().item_spacing.x) / 2.0).floor()
}

/// A banner in a form.
pub(super) fn note(ui: &mut Ui, tone: Tone, words: &str) {
    banner(ui, Banner::new(tone, words));
}

/// A banner with actions in a form; says which was chosen.
pub(super) fn banner(ui: &mut Ui, banner: Banner<'_>) -> Option<usize> {
    // In a place of its own, so that what follows stands below the whole of it.
    banner.show(ui)
}

/// The head of a part of a form.
pub(super) fn head(ui: &mut Ui, title: &str) {
    ui.add_space(4.0);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        section(ui, title);
    });
}

/// A line of help over several fields.
pub(super) fn hint(ui: &mut Ui, words: &str) {
    let t = tokens(ui.ctx());
    text_in(ui, TextRole::Small, t.text_2, words);
}
