//! The focus ring: one overlay for the whole window, two colours wide, shown when the keyboard moves the focus.
//!
//! Widgets tell their shape with [`shape`]; what does not (egui's own widgets) gets the ring of a control.

use crate::ui::theme;
use egui::{
    Context, Event, FullOutput, Id, LayerId, Painter, Plugin, RawInput, Rect, Response, StrokeKind, Ui,
};

/// Where the ring lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ring {
    /// Around the widget, with a gap: the usual.
    Around,
    /// Inside the widget: table rows, and whatever touches a clip edge.
    Inside,
    /// Around, and shown after a click too: what takes text.
    AroundText,
}

#[derive(Clone, Copy)]
struct Shape {
    id: Id,
    rect: Rect,
    clip: Rect,
    layer: LayerId,
    radius: u8,
    ring: Ring,
}

/// Draws the ring at the end of each pass.
struct FocusRing {
    keyboard: bool,
    shape: Option<Shape>,
    /// What gets the focus back, and in how many passes.
    give_back: Option<(Id, u8)>,
}

impl Default for FocusRing {
    fn default() -> Self {
        Self { keyboard: true, shape: None, give_back: None }
    }
}

/// Registers the overlay. Once per context.
pub(super) fn install(ctx: &Context) {
    ctx.plugin_or_default::<FocusRing>();
}

/// Tells the ring the shape of a widget, if that has the focus.
pub(super) fn shape(ui: &Ui, response: &Response, rect: Rect, radius: u8, ring: Ring) {
    if !response.has_focus() {
        return;
    }
    let (id, clip, layer) = (response.id, ui.clip_rect(), response.layer_id);
    let shape = Shape { id, rect, clip, layer, radius, ring };
    ui.ctx().plugin_or_default::<FocusRing>().lock().shape = Some(shape);
}

/// Gives the focus back to what opened a dialog that now closes. Not at once: for one more pass egui lets nothing below
/// the dialog have it.
pub(super) fn give_back(ctx: &Context, id: Id) {
    ctx.plugin_or_default::<FocusRing>().lock().give_back = Some((id, 2));
    ctx.request_repaint();
}

impl Plugin for FocusRing {
    fn debug_name(&self) -> &'static str {
        "keyroom focus ring"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        for event in &input.events {
            match event {
                Event::PointerButton { pressed: true, .. } => self.keyboard = false,
                Event::Key { pressed: true, .. } => self.keyboard = true,
                _ => {}
            }
        }
    }

    fn on_begin_pass(&mut self, ui: &mut Ui) {
        match &mut self.give_back {
            Some((_, passes)) if *passes > 1 => {
                *passes -= 1;
                ui.ctx().request_repaint();
            }
            Some((id, _)) => {
                ui.memory_mut(|m| m.request_focus(*id));
                self.give_back = None;
            }
            None => {}
        }
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let Some(focused) = ctx.memory(|m| m.focused()) else { return };
        let shape = self.shape.take().filter(|shape| shape.id == focused).or_else(|| {
            let response = ctx.read_response(focused)?;
            let (rect, layer, ring) = (response.rect, response.layer_id, Ring::Around);
            let clip = response.interact_rect.expand(4.0);
            Some(Shape { id: focused, rect, clip, layer, radius: theme::size::RADIUS, ring })
        });
        let Some(shape) = shape else { return };
        if self.keyboard || shape.ring == Ring::AroundText {
            paint(&Painter::new(ctx, shape.layer, shape.clip), shape.rect, shape.radius, shape.ring);
        }
    }

    fn output_hook(&mut self, _ctx: &Context, _output: &mut FullOutput) {
        self.shape = None;
    }
}

/// Paints the ring of a widget at `rect`: two points of focus colour, parted from the widget by the surface's.
pub(super) fn paint(painter: &Painter, rect: Rect, radius: u8, ring: Ring) {
    let t = theme::tokens(painter.ctx());
    if ring == Ring::Inside {
        painter.rect_stroke(rect, radius, (2.0, t.focus), StrokeKind::Inside);
        painter.rect_stroke(rect.shrink(2.0), radius.saturating_sub(2), (1.0, t.surface), StrokeKind::Inside);
    } else {
        painter.rect_stroke(rect, radius, (2.0, t.surface), StrokeKind::Outside);
        painter.rect_stroke(rect.expand(2.0), radius + 2, (2.0, t.focus), StrokeKind::Outside);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::offscreen::Driver;
    use crate::ui::theme::Theme;
    use crate::ui::widgets::Button;
    use egui::{Key, Modifiers, vec2};

    #[test]
    fn the_ring_shows_for_the_keyboard_and_hides_for_the_mouse() {
        let mut driver = Driver::new(vec2(200.0, 80.0), |ui: &mut Ui| {
            ui.add_space(20.0);
            ui.horizontal(|ui| {
                ui.add_space(20.0);
                Button::primary("Rotate…").show(ui);
            });
        });
        theme::install(driver.ctx(), Theme::Light);
        install(driver.ctx());
        driver.settle(4);
        driver.key(Key::Tab, Modifiers::NONE);
        let button = driver.find("Rotate…").unwrap();
        assert!(button.focused);
        let ring = theme::tokens(driver.ctx()).focus.to_array();
        let at = |driver: &mut Driver<_>| {
            driver.screenshot().pixel(button.rect.center().x as usize, button.rect.top() as usize - 3)
        };
        assert_eq!(at(&mut driver), ring);
        driver.click_at(button.rect.center());
        assert_ne!(at(&mut driver), ring);
        driver.key(Key::ArrowUp, Modifiers::NONE);
        assert_eq!(at(&mut driver), ring, "the next key brings it back");
    }
}
