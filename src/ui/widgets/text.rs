//! Words on the page.

use super::legible;
use super::paint::tokens;
use crate::ui::theme::{TextRole, font, rich};
use egui::{Color32, Label, Response, Ui};
use std::borrow::Cow;

/// Words in a role, in the colour the role has by itself.
pub fn text(ui: &mut Ui, role: TextRole, words: impl Into<String>) -> Response {
    let t = tokens(ui);
    let colour = match role {
        TextRole::Small | TextRole::SmallMono => t.text_2,
        _ => t.text,
    };
    text_in(ui, role, colour, words)
}

/// Words in a role and a colour.
pub fn text_in(ui: &mut Ui, role: TextRole, colour: Color32, words: impl Into<String>) -> Response {
    said(ui, role, &words.into(), |words| Label::new(rich(role, words).color(colour)))
}

/// Words on one line, cut with `…` where there is no room; the tooltip has them whole.
pub fn text_cut(ui: &mut Ui, role: TextRole, colour: Color32, words: impl Into<String>) -> Response {
    said(ui, role, &words.into(), |words| Label::new(rich(role, words).color(colour)).truncate())
}

/// A label of what can be painted of `words`; a screen reader has all of them.
fn said(ui: &mut Ui, role: TextRole, words: &str, label: impl FnOnce(&str) -> Label) -> Response {
    let shown = legible(ui.ctx(), &font(role), words);
    let response = ui.add(label(&shown));
    if let Cow::Owned(_) = shown {
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_value(words));
    }
    response
}

/// The head of a section: small bold words over a line.
pub fn section(ui: &mut Ui, title: &str) -> Response {
    let t = tokens(ui);
    let response = text_in(ui, TextRole::SmallStrong, t.text_3, title);
    ui.add_space(4.0);
    let y = ui.cursor().top().round() - 0.5;
    ui.painter().hline(ui.max_rect().x_range(), y, (1.0, t.hairline));
    ui.add_space(6.0);
    response
}

/// A line across the page.
pub fn rule(ui: &mut Ui) {
    let t = tokens(ui);
    // A menu is measured first: there it must not ask for all the room there is.
    let width = if ui.is_sizing_pass() { 1.0 } else { ui.available_width() };
    let (rect, _) = ui.allocate_exact_size(egui::vec2(width, 1.0), egui::Sense::hover());
    ui.painter().rect_filled(rect, 0, t.hairline);
}
