//! Frames of a page: head, card, key-value rows, empty state.

use super::button::Button;
use super::end_row::EndRow;
use super::paint::{icon, paragraph, tokens};
use super::text::{text, text_in};
use crate::ui::theme::{TextRole, icons::Icon, size};
use egui::{Align, CornerRadius, Frame, InnerResponse, Layout, Margin, Role, Sense, Ui, UiBuilder, vec2};

/// The head of a page: title, whatever stands beside it, actions at the right.
pub fn page_head(ui: &mut Ui, title: &str, beside: impl FnOnce(&mut Ui), actions: impl FnOnce(&mut Ui)) {
    let size = vec2(ui.available_width(), size::PAGE_HEAD);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(size);
        ui.spacing_mut().item_spacing.x = 12.0;
        let heading = text(ui, TextRole::Title, title);
        ui.ctx().accesskit_node_builder(heading.id, |node| {
            node.set_role(Role::Heading);
            node.set_label(title);
        });
        beside(ui);
        let room = ui.available_rect_before_wrap();
        EndRow::new(ui, "actions", room).show(ui, actions);
    });
}

/// A bordered group on the page.
pub fn card<R>(ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let t = tokens(ui);
    Frame::new()
        .fill(t.surface)
        .stroke((1.0, t.hairline))
        .corner_radius(CornerRadius::same(size::RADIUS_CARD))
        .inner_margin(Margin::same(16))
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            contents(ui)
        })
}

/// A row of a key-value list: a quiet label of `label_width`, then the value.
pub fn key_value<R>(ui: &mut Ui, label_width: f32, label: &str, value: impl FnOnce(&mut Ui) -> R) -> R {
    let t = tokens(ui);
    let top = ui.cursor().min;
    let width = ui.available_width();
    let galley = paragraph(ui.painter(), label, TextRole::Body, t.text_3, label_width - 8.0);
    let label_height = galley.size().y;
    let value_rect =
        egui::Rect::from_min_size(top + vec2(label_width, 0.0), vec2((width - label_width).max(0.0), 20.0));
    let label_id = ui.next_auto_id().with(label);
    let label_rect = egui::Rect::from_min_size(top, vec2(label_width - 8.0, label_height));
    let named = ui.interact(label_rect, label_id, Sense::hover());
    named.widget_info(|| egui::WidgetInfo::labeled(Role::Label, true, label));
    ui.painter().galley(top, galley, t.text_3);
    let mut child = ui.new_child(
        UiBuilder::new()
            .id_salt(label)
            .max_rect(value_rect)
            .layout(Layout::left_to_right(Align::Min).with_main_wrap(true))
            .accessibility_label(label),
    );
    child.spacing_mut().interact_size.y = 20.0;
    child.spacing_mut().item_spacing = vec2(6.0, 2.0);
    let result = value(&mut child);
    let height = child.min_rect().height().max(label_height).max(20.0);
    ui.allocate_exact_size(vec2(width, height), Sense::hover());
    result
}

/// What a list shows when it has nothing: why, and what to do.
#[must_use = "call show"]
pub struct EmptyState<'a> {
    icon: Icon,
    title: &'a str,
    body: &'a str,
    actions: Vec<(&'a str, bool)>,
}

impl<'a> EmptyState<'a> {
    /// `title` says what is not there, `body` why or what to do.
    pub fn new(icon: Icon, title: &'a str, body: &'a str) -> Self {
        Self { icon, title, body, actions: Vec::new() }
    }

    /// The primary thing to do.
    pub fn primary(mut self, label: &'a str) -> Self {
        self.actions.push((label, true));
        self
    }

    /// Another thing to do.
    pub fn secondary(mut self, label: &'a str) -> Self {
        self.actions.push((label, false));
        self
    }

    /// Shows it in the middle of what room there is; returns the index of the action chosen.
    pub fn show(self, ui: &mut Ui) -> Option<usize> {
        let t = tokens(ui);
        let mut chosen = None;
        ui.vertical_centered(|ui| {
            ui.add_space((ui.available_height().min(600.0) / 2.0 - 90.0).max(24.0));
            let (rect, _) = ui.allocate_exact_size(vec2(40.0, 40.0), Sense::hover());
            icon(ui.painter(), rect.center(), self.icon, 24.0, t.text_3);
            text(ui, TextRole::Heading, self.title);
            ui.scope(|ui| {
                ui.set_max_width(420.0);
                text_in(ui, TextRole::Body, t.text_2, self.body);
            });
            ui.add_space(8.0);
            for (i, (label, primary)) in self.actions.into_iter().enumerate() {
                if i > 0 {
                    ui.add_space(8.0);
                }
                let button = if primary { Button::primary(label) } else { Button::secondary(label) };
                if button.show(ui).clicked() {
                    chosen = Some(i);
                }
            }
        });
        chosen
    }
}
