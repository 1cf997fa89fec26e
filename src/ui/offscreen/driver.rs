//! Plays the person in front of the window: finds things by the names a screen reader would say, clicks, types, looks.

use super::{CpuRenderer, Image};
use egui::accesskit::{Node, NodeId, Role, TreeUpdate};
use egui::{
    Context, Event, Key, Modifiers, PointerButton, Pos2, RawInput, Rect, Ui, Vec2, ViewportCommand, pos2,
};

/// Drives an app that draws itself into a [`Ui`].
pub struct Driver<A> {
    app: A,
    ctx: Context,
    renderer: CpuRenderer,
    size: Vec2,
    has_window_focus: bool,
    time: f64,
    events: Vec<Event>,
    shapes: Vec<egui::epaint::ClippedShape>,
    nodes: Vec<(NodeId, Node)>,
    focus: Option<NodeId>,
    commands: Vec<ViewportCommand>,
    repaint: bool,
}

/// Something on the screen, as assistive technology sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its role.
    pub role: Role,
    /// Its accessible name.
    pub label: String,
    /// Its value, where it has one.
    pub value: Option<String>,
    /// Where it is, in points.
    pub rect: Rect,
    /// Whether it refuses input.
    pub disabled: bool,
    /// Whether it has the keyboard focus.
    pub focused: bool,
}

/// Nothing, or nothing usable, has that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotThere {
    /// No node has the label.
    #[error("nothing on the screen is called \"{0}\"")]
    Missing(String),
    /// It is there but refuses input.
    #[error("\"{0}\" is disabled")]
    Disabled(String),
}

impl<A: FnMut(&mut Ui)> Driver<A> {
    /// A driver for `app` on a screen of `size` points. Draws nothing yet.
    #[must_use]
    pub fn new(size: Vec2, app: A) -> Self {
        let ctx = Context::default();
        ctx.enable_accesskit();
        Self {
            app,
            ctx,
            renderer: CpuRenderer::new(),
            size,
            has_window_focus: true,
            time: 0.0,
            events: Vec::new(),
            shapes: Vec::new(),
            nodes: Vec::new(),
            focus: None,
            commands: Vec::new(),
            repaint: true,
        }
    }

    /// The egui context, to install the theme or plugins in.
    #[must_use]
    pub fn ctx(&self) -> &Context {
        &self.ctx
    }

    /// The app.
    pub fn app(&mut self) -> &mut A {
        &mut self.app
    }

    /// Changes the size of the screen, in points.
    pub fn set_size(&mut self, size: Vec2) {
        self.size = size;
    }

    /// Whether the window has the keyboard from now on; it does at first.
    pub fn set_window_focus(&mut self, has_it: bool) {
        self.has_window_focus = has_it;
    }

    /// Changes how many pixels a point has.
    pub fn set_pixels_per_point(&mut self, ppp: f32) {
        self.ctx.set_pixels_per_point(ppp);
    }

    /// Runs one pass with the events queued so far; 1/60 s goes by.
    pub fn step(&mut self) {
        self.time += 1.0 / 60.0;
        let input = RawInput {
            time: Some(self.time),
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size)),
            events: std::mem::take(&mut self.events),
            focused: self.has_window_focus,
            ..RawInput::default()
        };
        let app = &mut self.app;
        let mut output = self.ctx.run_ui(input, |ui| app(ui));
        self.renderer.apply(&output.textures_delta);
        self.shapes = std::mem::take(&mut output.shapes);
        if let Some(update) = output.platform_output.accesskit_update.take() {
            self.see(update);
        }
        self.repaint = false;
        for viewport in output.viewport_output.values_mut() {
            self.commands.append(&mut viewport.commands);
            self.repaint |= viewport.repaint_delay.is_zero();
        }
        output.drop_without_applying_deltas();
    }

    /// Steps until nothing moves any more, at most `most` times. Says how often.
    pub fn settle(&mut self, most: usize) -> usize {
        for done in 1..=most {
            self.step();
            if !self.repaint && self.events.is_empty() {
                return done;
            }
        }
        most
    }

    /// Lets `seconds` go by on egui's clock (tooltips, animations).
    pub fn pass_time(&mut self, seconds: f64) {
        self.time += seconds;
        self.step();
    }

    /// Everything on the screen, in reading order.
    #[must_use]
    pub fn all(&self) -> Vec<Found> {
        self.nodes.iter().map(|(id, node)| self.found(*id, node)).collect()
    }

    /// The accessibility tree of the last step, in reading order.
    #[must_use]
    pub fn nodes(&self) -> &[(NodeId, Node)] {
        &self.nodes
    }

    /// What has the keyboard focus, as the last step told it.
    #[must_use]
    pub fn focus(&self) -> Option<NodeId> {
        self.focus
    }

    /// What the last step painted.
    #[must_use]
    pub fn shapes(&self) -> &[egui::epaint::ClippedShape] {
        &self.shapes
    }

    /// The first thing whose accessible name is `label`.
    #[must_use]
    pub fn find(&self, label: &str) -> Option<Found> {
        let matches = |node: &Node| name(node) == Some(label);
        // An interactive thing first: a button and the text painted on it may share the name.
        let node = self.nodes.iter().find(|(_, n)| matches(n) && n.role() != Role::Label);
        let node = node.or_else(|| self.nodes.iter().find(|(_, n)| matches(n)));
        node.map(|(id, node)| self.found(*id, node))
    }

    /// The first thing with this role and accessible name.
    #[must_use]
    pub fn find_role(&self, role: Role, label: &str) -> Option<Found> {
        let node = self.nodes.iter().find(|(_, n)| n.role() == role && name(n) == Some(label));
        node.map(|(id, node)| self.found(*id, node))
    }

    /// Clicks the thing called `label` and settles.
    ///
    /// # Errors
    /// [`NotThere`] when nothing has the name, or it is disabled.
    pub fn click(&mut self, label: &str) -> Result<(), NotThere> {
        let found = self.find(label).ok_or_else(|| NotThere::Missing(label.to_owned()))?;
        if found.disabled {
            return Err(NotThere::Disabled(label.to_owned()));
        }
        self.click_at(found.rect.center());
        Ok(())
    }

    /// Clicks at a point and settles.
    pub fn click_at(&mut self, pos: Pos2) {
        self.hover(pos);
        self.button(pos, true);
        self.step();
        self.button(pos, false);
        self.settle(8);
    }

    /// Presses at `from`, moves to `to`, releases; settles.
    pub fn drag(&mut self, from: Pos2, to: Pos2) {
        self.hover(from);
        self.button(from, true);
        self.step();
        self.hover(from.lerp(to, 0.5));
        self.hover(to);
        self.button(to, false);
        self.settle(8);
    }

    /// Moves the pointer.
    pub fn hover(&mut self, pos: Pos2) {
        self.events.push(Event::PointerMoved(pos));
        self.step();
    }

    /// Types `text` into what has the focus, one character at a time; settles.
    pub fn type_text(&mut self, text: &str) {
        for c in text.chars() {
            self.events.push(Event::Text(c.to_string()));
            self.step();
        }
        self.settle(4);
    }

    /// Presses and releases a key; settles.
    pub fn key(&mut self, key: Key, modifiers: Modifiers) {
        self.events.push(Event::ModifiersChanged(modifiers));
        for pressed in [true, false] {
            let repeat = false;
            self.events.push(Event::Key { key, physical_key: None, pressed, repeat, modifiers });
        }
        self.step();
        self.events.push(Event::ModifiersChanged(Modifiers::NONE));
        self.settle(8);
    }

    /// Queues any event for the next step.
    pub fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    /// The window commands sent since the last call.
    pub fn take_commands(&mut self) -> Vec<ViewportCommand> {
        std::mem::take(&mut self.commands)
    }

    /// The triangles of the last step, as a graphics card would get them.
    #[must_use]
    pub fn triangles(&self) -> Vec<egui::ClippedPrimitive> {
        self.ctx.tessellate(self.shapes.clone(), self.ctx.pixels_per_point())
    }

    /// A picture of the last step.
    #[must_use]
    pub fn screenshot(&mut self) -> Image {
        let ppp = self.ctx.pixels_per_point();
        let size = self.size * ppp;
        let primitives = self.triangles();
        let background = self.ctx.global_style().visuals.panel_fill;
        self.renderer.render(&primitives, [size.x.round() as usize, size.y.round() as usize], ppp, background)
    }

    fn button(&mut self, pos: Pos2, pressed: bool) {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        self.events.push(Event::PointerButton { pos, button, pressed, modifiers });
    }

    fn see(&mut self, update: TreeUpdate) {
        self.focus = Some(update.focus);
        self.nodes = update.nodes;
        self.nodes.sort_by(|(_, a), (_, b)| {
            let place = |n: &Node| n.bounds().map_or((0.0, 0.0), |b| (b.y0, b.x0));
            place(a).partial_cmp(&place(b)).unwrap_or(std::cmp::Ordering::Equal)
        });
    }

    fn found(&self, id: NodeId, node: &Node) -> Found {
        let rect = node.bounds().map_or(Rect::NOTHING, |b| {
            Rect::from_min_max(pos2(b.x0 as f32, b.y0 as f32), pos2(b.x1 as f32, b.y1 as f32))
        });
        Found {
            role: node.role(),
            label: name(node).unwrap_or_default().to_owned(),
            value: node.value().map(str::to_owned),
            rect,
            disabled: node.is_disabled(),
            focused: self.focus == Some(id),
        }
    }
}

/// The accessible name; egui gives labels theirs as a value.
fn name(node: &Node) -> Option<&str> {
    node.label().or_else(|| if node.role() == Role::Label { node.value() } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::{self, Theme};
    use crate::ui::widgets::Button;
    use egui::vec2;

    #[test]
    fn a_button_is_found_by_its_name_clicked_and_seen_at_any_scale() {
        let mut clicks = 0;
        let mut driver = Driver::new(vec2(200.0, 60.0), |ui: &mut Ui| {
            if Button::primary("Rotate…").show(ui).clicked() {
                clicks += 1;
            }
            Button::secondary("Undo").disabled(Some("Nothing to undo")).show(ui);
        });
        theme::install(driver.ctx(), Theme::Light);
        driver.set_pixels_per_point(2.0);
        driver.settle(4);
        driver.click("Rotate…").unwrap();
        assert_eq!(driver.click("Undo"), Err(NotThere::Disabled("Undo".into())));
        assert_eq!(driver.click("Redo"), Err(NotThere::Missing("Redo".into())));
        let rect = driver.find("Rotate…").unwrap().rect;
        let image = driver.screenshot();
        assert_eq!([image.width, image.height], [400, 120]);
        let inside = rect.left_center() + vec2(4.0, 0.0);
        let accent = theme::tokens(driver.ctx()).accent.to_array();
        let seen = image.pixel((inside.x * 2.0) as usize, (inside.y * 2.0) as usize);
        assert!(
            seen.iter().zip(accent).all(|(a, b)| a.abs_diff(b) < 40),
            "{seen:?} is no button of {accent:?}"
        );
        drop(driver);
        assert_eq!(clicks, 1);
    }

    #[test]
    fn a_picture_is_written_as_png() {
        let mut driver = Driver::new(vec2(20.0, 10.0), |_: &mut Ui| {});
        driver.step();
        let mut png = Vec::new();
        driver.screenshot().write_png(&mut png).unwrap();
        assert_eq!(&png[1..4], b"PNG");
    }
}
