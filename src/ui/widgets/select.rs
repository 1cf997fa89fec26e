//! Choosing one of a list, and menus.

use super::field::{anatomy, frame_edge};
use super::focus::{self, Ring};
use super::paint::{explain, icon, line, put_left, put_right, tokens};
use crate::ui::theme::{TextRole, icons, icons::Icon, size};
use egui::{
    Frame, InnerResponse, Key, Margin, Popup, PopupCloseBehavior, Response, Role, Sense, Ui, WidgetInfo,
    pos2, vec2,
};

/// A field that holds one of several words.
#[must_use = "call show"]
pub struct Select<'a> {
    label: &'a str,
    choices: &'a [&'a str],
    label_hidden: bool,
    quiet: bool,
    help: Option<&'a str>,
    error: Option<&'a str>,
    width: Option<f32>,
    reason: Option<&'a str>,
    large: bool,
}

impl<'a> Select<'a> {
    /// `label` stands above and is the accessible name.
    pub fn new(label: &'a str, choices: &'a [&'a str]) -> Self {
        Self {
            label,
            choices,
            label_hidden: false,
            quiet: false,
            help: None,
            error: None,
            width: None,
            reason: None,
            large: false,
        }
    }

    /// Only the screen reader says the label.
    pub fn label_hidden(mut self) -> Self {
        self.label_hidden = true;
        self
    }

    /// Without an edge, as wide as its words: "View: Due soon".
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self.label_hidden = true;
        self
    }

    /// A persistent line of help below.
    pub fn help(mut self, help: &'a str) -> Self {
        self.help = Some(help);
        self
    }

    /// What is wrong and what to do.
    pub fn error(mut self, error: Option<&'a str>) -> Self {
        self.error = error;
        self
    }

    /// Width of the field; without it, all there is.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Refuses input where `reason` is given.
    pub fn disabled(mut self, reason: Option<&'a str>) -> Self {
        self.reason = reason;
        self
    }

    /// 36 points high.
    pub fn large(mut self) -> Self {
        self.large = true;
        self
    }

    /// Shows it; `changed()` says that `chosen` (an index into the choices) is another one.
    pub fn show(self, ui: &mut Ui, chosen: &mut usize) -> Response {
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let label = (!self.label_hidden).then_some(self.label);
        let (help, error) = (self.help, self.error);
        if self.quiet {
            return self.place(ui, width, chosen);
        }
        anatomy(ui, width, label, false, help, error, |ui| {
            if self.reason.is_some() {
                ui.add_enabled_ui(false, |ui| self.place(ui, width, chosen)).inner
            } else {
                self.place(ui, width, chosen)
            }
        })
    }

    fn place(self, ui: &mut Ui, width: f32, chosen: &mut usize) -> Response {
        let t = tokens(ui);
        let now = self.choices.get(*chosen).copied().unwrap_or_default();
        let colour = if self.quiet { t.text_2 } else { t.text };
        let text = line(ui.painter(), now, TextRole::Body, colour, width - 36.0);
        let width = if self.quiet { text.size().x + 38.0 } else { width };
        let height = if self.large { size::CONTROL_LARGE } else { size::CONTROL };
        let (rect, mut response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
        if self.quiet {
            if response.hovered() {
                ui.painter().rect_filled(rect, size::RADIUS, t.hover);
            }
        } else {
            let edge = frame_edge(t, self.error.is_some(), response.hovered());
            ui.painter().rect(rect, size::RADIUS, t.field, edge, egui::StrokeKind::Inside);
        }
        put_left(ui.painter(), rect.left() + 9.0, rect.center().y, text);
        let chevron = pos2(rect.right() - 16.0, rect.center().y);
        icon(ui.painter(), chevron, icons::DOWN, size::ICON_SMALL, t.text_2);

        let before = *chosen;
        self.keys(ui, &response, chosen);
        let choices = self.choices;
        menu(&response, |ui| {
            ui.set_min_width(width.max(120.0));
            for (i, choice) in choices.iter().enumerate() {
                if menu_choice(ui, i == *chosen, choice).clicked() {
                    *chosen = i;
                }
            }
        });
        if *chosen != before {
            response.mark_changed();
        }
        let (enabled, label) = (ui.is_enabled(), self.label);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ComboBox, enabled, label);
            info.current_text_value = Some(now.to_owned());
            info
        });
        let open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_value(now);
            node.set_expanded(open);
        });
        focus::shape(ui, &response, rect, size::RADIUS, Ring::Around);
        explain(response, self.reason)
    }

    /// Up and down choose without opening the list.
    fn keys(&self, ui: &Ui, response: &Response, chosen: &mut usize) {
        let open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(response));
        if !response.has_focus() || open {
            return;
        }
        let arrows = egui::EventFilter { vertical_arrows: true, ..Default::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
        let (up, down) = ui.input(|i| (i.key_pressed(Key::ArrowUp), i.key_pressed(Key::ArrowDown)));
        if up {
            *chosen = chosen.saturating_sub(1);
        }
        if down {
            *chosen = (*chosen + 1).min(self.choices.len().saturating_sub(1));
        }
    }
}

/// A menu that opens below `button` when that is clicked. Fill it with [`menu_item`]s.
pub fn menu<R>(button: &Response, contents: impl FnOnce(&mut Ui) -> R) -> Option<InnerResponse<R>> {
    let t = crate::ui::theme::tokens(&button.ctx);
    let frame = Frame::new()
        .fill(t.raised)
        .stroke((1.0, t.hairline))
        .corner_radius(size::RADIUS_CARD)
        .inner_margin(Margin::same(4))
        .shadow(button.ctx.global_style().visuals.popup_shadow);
    let popup = Popup::menu(button).frame(frame).gap(4.0).close_behavior(PopupCloseBehavior::CloseOnClick);
    let shown = popup.show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        contents(ui)
    });
    if shown.is_some() {
        focus::popup(&button.ctx, Popup::default_response_id(button));
    }
    shown
}

/// The context menu of a row of a table: at the pointer, or below the row where the keyboard asked for it.
pub fn context_menu<R>(row: &Response, contents: impl FnOnce(&mut Ui) -> R) -> Option<InnerResponse<R>> {
    let t = crate::ui::theme::tokens(&row.ctx);
    let frame = Frame::new()
        .fill(t.raised)
        .stroke((1.0, t.hairline))
        .corner_radius(size::RADIUS_CARD)
        .inner_margin(Margin::same(4))
        .shadow(row.ctx.global_style().visuals.popup_shadow);
    let popup = Popup::context_menu(row).frame(frame).close_behavior(PopupCloseBehavior::CloseOnClick);
    let id = Popup::default_response_id(row);
    let pointed = row.secondary_clicked() || Popup::position_of_id(&row.ctx, id).is_some();
    let popup =
        if pointed { popup } else { popup.at_position(row.rect.left_bottom() + egui::vec2(32.0, 0.0)) };
    let first = first_entry(id);
    let shown = popup.show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        contents(ui)
    });
    // The row is no stop of the keyboard: its menu cannot be entered from there.
    if shown.is_some() && focus::popup(&row.ctx, id) && focus::by_keyboard(&row.ctx) {
        row.ctx.data_mut(|data| data.insert_temp(first, true));
    }
    shown
}

/// Where it is noted that the first entry of a menu is to take the focus.
fn first_entry(menu: egui::Id) -> egui::Id {
    menu.with("first entry")
}

/// An entry of a menu: icon, words, shortcut.
pub fn menu_item(ui: &mut Ui, glyph: Option<Icon>, label: &str, shortcut: &str) -> Response {
    item(ui, glyph, label, shortcut, Role::MenuItem, None)
}

fn menu_choice(ui: &mut Ui, chosen: bool, label: &str) -> Response {
    item(ui, chosen.then_some(icons::CHECK), label, "", Role::ListBoxOption, Some(chosen))
}

fn item(
    ui: &mut Ui,
    glyph: Option<Icon>,
    label: &str,
    shortcut: &str,
    role: Role,
    chosen: Option<bool>,
) -> Response {
    let t = tokens(ui);
    let text = line(ui.painter(), label, TextRole::Body, t.text, f32::INFINITY);
    let keys = line(ui.painter(), shortcut, TextRole::SmallMono, t.text_2, f32::INFINITY);
    let room = if shortcut.is_empty() { 0.0 } else { keys.size().x + 24.0 };
    let least = 30.0 + text.size().x + room + 12.0;
    let width = if ui.is_sizing_pass() { least } else { ui.available_width().max(least) };
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::CONTROL), Sense::click());
    let first = first_entry(ui.layer_id().id);
    if !ui.is_sizing_pass() && ui.data_mut(|data| data.remove_temp::<bool>(first)).is_some() {
        response.request_focus();
    }
    if response.clicked() {
        // A click does it by itself, Enter does not.
        ui.close();
    }
    let enabled = ui.is_enabled();
    response.widget_info(|| match chosen {
        Some(on) => WidgetInfo::selected(role, enabled, on, label),
        None => WidgetInfo::labeled(role, enabled, label),
    });
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, size::RADIUS, t.hover);
    }
    if let Some(glyph) = glyph {
        icon(ui.painter(), pos2(rect.left() + 16.0, rect.center().y), glyph, size::ICON, t.text_2);
    }
    put_left(ui.painter(), rect.left() + 30.0, rect.center().y, text);
    put_right(ui.painter(), rect.right() - 8.0, rect.center().y, keys);
    focus::shape(ui, &response, rect, size::RADIUS, Ring::Inside);
    response
}
