//! The menu of the columns: which there are. Widths are drawn in the header.

use egui::{Popup, PopupCloseBehavior, Ui};

use super::State;
use super::paint::tokens;
use super::table::{What, is_shown};
use crate::ui::frame::Intent;
use crate::ui::theme::{icons, size};
use crate::ui::widgets::{Button, IconButton, checkbox, rule};

/// Shows the button; its menu changes the columns at once.
pub(super) fn show(ui: &mut Ui, state: &mut State, intents: &mut Vec<Intent>) {
    let t = tokens(ui);
    let button = IconButton::new(icons::VIEW_OPTIONS, "Columns").show(ui);
    let look = egui::Frame::new()
        .fill(t.raised)
        .stroke((1.0, t.hairline))
        .corner_radius(size::RADIUS_CARD)
        .inner_margin(egui::Margin::symmetric(12, 8))
        .shadow(ui.visuals().popup_shadow);
    let popup =
        Popup::menu(&button).frame(look).gap(4.0).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    popup.show(|ui| {
        ui.set_width(168.0);
        ui.spacing_mut().item_spacing.y = 0.0;
        let before = state.columns.clone();
        for what in What::OPTIONAL {
            let mut on = is_shown(&state.columns, what);
            let title = if what == What::Version { "Version" } else { what.title() };
            if checkbox(ui, &mut on, title).changed() {
                let shown = What::OPTIONAL
                    .into_iter()
                    .filter(|other| if *other == what { on } else { is_shown(&state.columns, *other) });
                state.columns.shown = Some(shown.map(|what| what.word().to_owned()).collect());
            }
        }
        ui.add_space(4.0);
        rule(ui);
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            // Its words stand under the labels of the boxes.
            ui.add_space(15.0);
            if Button::quiet("Reset columns").show(ui).clicked() {
                state.columns = Default::default();
            }
        });
        if state.columns != before {
            intents.push(Intent::SetColumns(state.columns.clone()));
        }
    });
}
