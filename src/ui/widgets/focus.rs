//! The focus ring: one overlay for the whole window, two colours wide, shown when the keyboard moves the focus.
//!
//! Widgets tell their shape with [`shape`]; what does not (egui's own widgets) gets the ring of a control.

use crate::ui::theme;
use egui::{
    Context, Event, FullOutput, Id, Key, LayerId, Painter, Plugin, RawInput, Rect, Response, StrokeKind, Ui,
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
    /// The dialogs that are open, the topmost last.
    dialogs: Vec<Open>,
    /// The menus and lists that are open.
    popups: Vec<Popup>,
    /// What gets the focus back in the next pass.
    give_back: Option<Id>,
    /// The field of one line in which Enter was pressed, and in which pass.
    entered: Option<(u64, Id)>,
}

/// A menu or a list that is open.
struct Popup {
    id: Id,
    /// The pass that showed it last.
    pass: u64,
    /// What had the focus beside it: a button, a row.
    opener: Option<Id>,
    /// Which of its entries has it.
    inside: Option<Id>,
}

/// A dialog that is open.
struct Open {
    id: Id,
    /// The pass that showed it last.
    pass: u64,
    /// What had the focus before it opened.
    opener: Option<Id>,
    /// What had it last while this was the topmost: Esc, which egui takes as "nothing", must not lose the place.
    inside: Option<Id>,
}

impl Default for FocusRing {
    fn default() -> Self {
        let (dialogs, popups) = (Vec::new(), Vec::new());
        Self { keyboard: true, shape: None, dialogs, popups, give_back: None, entered: None }
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
    if response.gained_focus() {
        // In a list that scrolls the keyboard must not lead to where nothing is seen.
        ui.scroll_to_rect(rect.expand(8.0), None);
    }
    super::panes::focused_here(ui.ctx(), response.id);
    let (id, clip, layer) = (response.id, ui.clip_rect(), response.layer_id);
    let shape = Shape { id, rect, clip, layer, radius, ring };
    ui.ctx().plugin_or_default::<FocusRing>().lock().shape = Some(shape);
}

/// Tells that a dialog is shown in this pass; says whether it was not in the one before. When it is not shown any more, what
/// had the focus before it opened gets it back.
pub(super) fn dialog(ctx: &Context, id: Id) -> bool {
    let (pass, focused) = (ctx.cumulative_pass_nr(), ctx.memory(|m| m.focused()));
    let ring = ctx.plugin_or_default::<FocusRing>();
    let mut ring = ring.lock();
    ring.give_back = None;
    match ring.dialogs.iter_mut().find(|open| open.id == id) {
        Some(open) => {
            open.pass = pass;
            false
        }
        None => {
            // The entry of a menu that was chosen is gone with it.
            let menu = ring.popups.iter().find(|popup| popup.inside.is_some() && popup.inside == focused);
            let focused = menu.map_or(focused, |menu| menu.opener);
            let opener = focused.or(ring.dialogs.last().and_then(|below| below.inside));
            ring.dialogs.push(Open { id, pass, opener, inside: None });
            true
        }
    }
}

/// Tells that a menu or a list is shown in this pass; says whether it was not in the one before. When it is closed by a key,
/// what had the focus beside it gets it back.
pub(super) fn popup(ctx: &Context, id: Id) -> bool {
    let (pass, focused) = (ctx.cumulative_pass_nr(), ctx.memory(|m| m.focused()));
    let ring = ctx.plugin_or_default::<FocusRing>();
    let mut ring = ring.lock();
    match ring.popups.iter_mut().find(|popup| popup.id == id) {
        Some(popup) => {
            popup.pass = pass;
            false
        }
        None => {
            ring.popups.push(Popup { id, pass, opener: focused, inside: None });
            true
        }
    }
}

/// Whether a menu or a list is open that was told with [`popup`].
pub(super) fn is_popup_open(ctx: &Context) -> bool {
    !ctx.plugin_or_default::<FocusRing>().lock().popups.is_empty()
}

/// Whether the last input was a key, not the pointer.
pub(super) fn by_keyboard(ctx: &Context) -> bool {
    ctx.plugin_or_default::<FocusRing>().lock().keyboard
}

/// Enter in a field of one line: egui would let the focus go there, and nobody would hear of it.
pub(super) fn keep_at_enter(ui: &Ui, response: &Response) {
    let left = response.lost_focus() && ui.memory(|memory| memory.focused().is_none());
    if left && ui.input(|input| input.key_pressed(Key::Enter)) {
        response.request_focus();
        let pass = ui.ctx().cumulative_pass_nr();
        ui.ctx().plugin_or_default::<FocusRing>().lock().entered = Some((pass, response.id));
    }
}

/// The field of one line in which Enter was pressed in this pass. It has the focus still.
pub fn entered(ctx: &Context) -> Option<Id> {
    let entered = ctx.plugin_or_default::<FocusRing>().lock().entered;
    entered.filter(|(pass, _)| *pass == ctx.cumulative_pass_nr()).map(|(_, id)| id)
}

impl FocusRing {
    /// Follows the focus in and out of menus, and gives it back where one is gone.
    fn menus(&mut self, ctx: &Context) {
        let (pass, focused) = (ctx.cumulative_pass_nr(), ctx.memory(|m| m.focused()));
        // Not of the response: after a click, to ask egui for that takes the focus away.
        let shape = self.shape.filter(|shape| Some(shape.id) == focused);
        let layer = shape.map(|shape| shape.layer.id);
        for popup in self.popups.iter_mut().filter(|popup| popup.pass == pass) {
            if layer == Some(popup.id) {
                popup.inside = focused;
            } else if focused.is_some() {
                popup.opener = focused;
            }
        }
        let keyboard = self.keyboard;
        let gone = |popup: &Popup| keyboard && (focused.is_none() || focused == popup.inside);
        let closed = self.popups.iter().find(|popup| popup.pass != pass);
        if let Some(closed) = closed.filter(|popup| gone(popup)) {
            self.give_back = closed.opener;
            ctx.request_repaint();
        }
        self.popups.retain(|popup| popup.pass == pass);
    }

    /// Forgets the dialogs this pass did not show. Their opener gets the focus back in the next pass, not in this one: egui
    /// lets nothing below a dialog have it in the pass after the dialog's last. Where another dialog has taken its place,
    /// the opener is that one's from now on.
    fn close(&mut self, ctx: &Context) {
        let pass = ctx.cumulative_pass_nr();
        let Some(closed) = self.dialogs.iter().position(|open| open.pass != pass) else { return };
        let opener = self.dialogs[closed].opener;
        let over = self.dialogs[closed..].iter().any(|open| open.pass == pass);
        self.dialogs.retain(|open| open.pass == pass);
        match self.dialogs.last_mut() {
            Some(above) if over => above.opener = opener,
            _ => self.give_back = opener,
        }
        ctx.request_repaint();
    }
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
        if let Some(id) = self.give_back.take() {
            ui.memory_mut(|m| m.request_focus(id));
        }
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        self.menus(&ctx);
        self.close(&ctx);
        let Some(focused) = ctx.memory(|m| m.focused()) else { return };
        if let Some(top) = self.dialogs.last_mut() {
            top.inside = Some(focused);
        }
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
