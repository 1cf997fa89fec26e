//! Dialogs: a question over the window. The safe answer is the primary button and has the focus; Esc is the safe answer.

use super::button::Button;
use super::elide::middle_elide;
use super::end_row::EndRow;
use super::focus;
use super::text::{text, text_in};
use crate::ui::theme::{self, TextRole, size};
use egui::{Context, Frame, Id, Key, Margin, Modal, Modifiers, Role, Ui, UiBuilder};

/// The most characters of a title that are shown: two lines.
const TITLE_MOST: usize = 84;

/// How a dialog was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The action was chosen.
    Confirmed,
    /// The safe answer, Esc, or a click beside the dialog.
    Cancelled,
}

/// A modal dialog, shown in every frame it is open.
#[must_use = "call show"]
pub struct Dialog<'a> {
    title: &'a str,
    body: &'a str,
    confirm: &'a str,
    cancel: &'a str,
    destructive: bool,
    reason: Option<&'a str>,
    width: f32,
    has_fields: bool,
}

impl<'a> Dialog<'a> {
    /// A dialog whose action can be undone: the action is the primary button.
    pub fn new(title: &'a str, confirm: &'a str) -> Self {
        Self {
            title,
            body: "",
            confirm,
            cancel: "Cancel",
            destructive: false,
            reason: None,
            width: size::DIALOG,
            has_fields: false,
        }
    }

    /// A dialog whose action cannot be undone: the safe answer `keep` is primary, the action is outlined.
    pub fn destructive(title: &'a str, confirm: &'a str, keep: &'a str) -> Self {
        Self { destructive: true, cancel: keep, ..Self::new(title, confirm) }
    }

    /// What happens, in a sentence or two.
    pub fn body(mut self, body: &'a str) -> Self {
        self.body = body;
        self
    }

    /// The words of the safe answer.
    pub fn cancel(mut self, label: &'a str) -> Self {
        self.cancel = label;
        self
    }

    /// Why the action cannot be chosen yet.
    pub fn blocked(mut self, reason: Option<&'a str>) -> Self {
        self.reason = reason;
        self
    }

    /// Another width than 480.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// The contents request the focus for their first field themselves; the safe button does not take it.
    pub fn has_fields(mut self) -> Self {
        self.has_fields = true;
        self
    }

    /// Shows it with `contents` between body and buttons. `first` is true in the first frame: request the focus of
    /// the first field then. Returns the answer once there is one; the caller then stops showing it.
    pub fn show(self, ctx: &Context, contents: impl FnOnce(&mut Ui, bool)) -> Option<Outcome> {
        let t = theme::tokens(ctx);
        let id = Id::unique(("keyroom dialog", self.title));
        let first = focus::dialog(ctx, id);

        let frame = Frame::new()
            .fill(t.raised)
            .stroke((1.0, t.hairline))
            .corner_radius(size::RADIUS_PAGE)
            .inner_margin(Margin::same(20))
            .shadow(ctx.global_style().visuals.window_shadow);
        // The contents lie inside the dialog in the accessibility tree too, not beside it.
        let role = if self.destructive { Role::AlertDialog } else { Role::Dialog };
        let inside = UiBuilder::new().accessibility_role(role).accessibility_label(self.title);
        let response = Modal::new(id).backdrop_color(t.veil).frame(frame).show(ctx, |ui| {
            ui.set_width(self.width - 42.0);
            let scope = ui.scope_builder(inside, |ui| {
                ctx.accesskit_node_builder(ui.unique_id(), |node| node.set_modal());
                (ui.unique_id(), self.inside(ui, first, contents))
            });
            let (node, outcome) = scope.inner;
            let rect = scope.response.rect.expand(20.0);
            ctx.accesskit_node_builder(node, |node| node.set_bounds(bounds(rect)));
            outcome
        });
        let escaped = response.is_top_modal
            && !response.any_popup_open
            && ctx.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
        response.inner.or(escaped.then_some(Outcome::Cancelled))
    }

    fn inside(&self, ui: &mut Ui, first: bool, contents: impl FnOnce(&mut Ui, bool)) -> Option<Outcome> {
        let t = theme::tokens(ui.ctx());
        ui.spacing_mut().item_spacing.y = 8.0;
        // A long name must not push the buttons out of the window; the accessible name has all of it.
        let title = text(ui, TextRole::Title, middle_elide(self.title, TITLE_MOST));
        ui.ctx().accesskit_node_builder(title.id, |node| node.set_role(Role::Heading));
        if !self.body.is_empty() {
            text_in(ui, TextRole::Body, t.text_2, self.body);
        }
        ui.add_space(8.0);
        contents(ui, first);
        ui.add_space(12.0);
        let mut outcome = None;
        let row = egui::vec2(ui.available_width(), size::CONTROL);
        let (row, _) = ui.allocate_exact_size(row, egui::Sense::hover());
        EndRow::new(ui, "buttons", row).show(ui, |ui| {
            let confirm = if self.destructive {
                Button::danger_outline(self.confirm)
            } else {
                Button::primary(self.confirm)
            };
            let cancel =
                if self.destructive { Button::primary(self.cancel) } else { Button::secondary(self.cancel) };
            // The primary button stands at the right.
            let (mut confirm, mut cancel) = (Some(confirm.disabled(self.reason)), Some(cancel));
            for safe in [!self.destructive, self.destructive] {
                let button = if safe { cancel.take() } else { confirm.take() };
                let Some(button) = button else { continue };
                let response = button.show(ui);
                if first && !self.has_fields && safe {
                    response.request_focus();
                }
                if response.clicked() {
                    outcome = Some(if safe { Outcome::Cancelled } else { Outcome::Confirmed });
                }
            }
        });
        outcome
    }
}

/// A rectangle as the accessibility tree has it.
pub fn bounds(rect: egui::Rect) -> egui::accesskit::Rect {
    let ([x0, y0], [x1, y1]) = (<[f32; 2]>::from(rect.min), <[f32; 2]>::from(rect.max));
    egui::accesskit::Rect { x0: x0.into(), y0: y0.into(), x1: x1.into(), y1: y1.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::offscreen::Driver;
    use crate::ui::theme::Theme;
    use std::sync::{Arc, Mutex};

    #[derive(Default)]
    struct Page {
        open: bool,
        outcome: Option<Outcome>,
    }

    fn page() -> (Driver<impl FnMut(&mut Ui)>, Arc<Mutex<Page>>) {
        let shared = Arc::new(Mutex::new(Page::default()));
        let inside = shared.clone();
        let mut driver = Driver::new(egui::vec2(600.0, 400.0), move |ui: &mut Ui| {
            let page = &mut *inside.lock().unwrap();
            page.open |= Button::secondary("Destroy…").show(ui).clicked();
            if page.open {
                let dialog = Dialog::destructive("Destroy version 5?", "Destroy version 5", "Keep it");
                if let Some(outcome) = dialog.body("It is gone.").show(ui.ctx(), |_, _| {}) {
                    page.outcome = Some(outcome);
                    page.open = false;
                }
            }
        });
        theme::install(driver.ctx(), Theme::Light);
        driver.settle(4);
        driver.key(Key::Tab, Modifiers::NONE);
        driver.key(Key::Enter, Modifiers::NONE);
        driver.settle(4);
        (driver, shared)
    }

    #[test]
    fn the_safe_answer_has_the_focus_and_enter_chooses_it() {
        let (mut driver, page) = page();
        assert!(driver.find("Keep it").unwrap().focused);
        driver.key(Key::Enter, Modifiers::NONE);
        assert_eq!(page.lock().unwrap().outcome, Some(Outcome::Cancelled));
    }

    #[test]
    fn escape_is_the_safe_answer_and_the_focus_returns() {
        let (mut driver, page) = page();
        driver.key(Key::Escape, Modifiers::NONE);
        assert_eq!(page.lock().unwrap().outcome, Some(Outcome::Cancelled));
        driver.settle(4);
        assert!(driver.find("Destroy…").unwrap().focused);
    }

    #[test]
    fn a_question_over_a_dialog_has_the_focus_and_gives_it_back_when_it_is_answered() {
        let mut driver = Driver::new(egui::vec2(600.0, 400.0), {
            let (mut open, mut asks) = (false, false);
            move |ui: &mut Ui| {
                open |= Button::secondary("Edit…").show(ui).clicked();
                if open {
                    let dialog = Dialog::new("Edit", "Save");
                    asks |= dialog.show(ui.ctx(), |_, _| {}) == Some(Outcome::Cancelled);
                }
                if asks {
                    let dialog = Dialog::destructive("Discard it?", "Discard", "Keep editing");
                    match dialog.show(ui.ctx(), |_, _| {}) {
                        Some(Outcome::Cancelled) => asks = false,
                        Some(Outcome::Confirmed) => (asks, open) = (false, false),
                        None => {}
                    }
                }
            }
        });
        theme::install(driver.ctx(), Theme::Light);
        focus::install(driver.ctx());
        driver.settle(4);
        driver.key(Key::Tab, Modifiers::NONE);
        driver.key(Key::Enter, Modifiers::NONE);
        driver.settle(4);
        assert!(driver.find("Cancel").unwrap().focused);
        driver.key(Key::Escape, Modifiers::NONE);
        driver.settle(6);
        assert!(driver.find("Keep editing").unwrap().focused);
        driver.key(Key::Enter, Modifiers::NONE);
        driver.settle(6);
        assert!(driver.find("Keep editing").is_none());
        assert!(driver.find("Cancel").unwrap().focused);
        driver.key(Key::Enter, Modifiers::NONE);
        driver.settle(6);
        driver.click("Discard").unwrap();
        driver.settle(6);
        assert!(driver.find("Edit…").unwrap().focused, "both are gone: the focus is where it all began");
    }

    #[test]
    fn tab_stays_inside_and_reaches_the_action() {
        let (mut driver, page) = page();
        driver.key(Key::Tab, Modifiers::NONE);
        assert!(driver.find("Destroy version 5").unwrap().focused);
        driver.key(Key::Tab, Modifiers::NONE);
        assert!(driver.find("Keep it").unwrap().focused);
        driver.click("Destroy version 5").unwrap();
        assert_eq!(page.lock().unwrap().outcome, Some(Outcome::Confirmed));
    }
}
