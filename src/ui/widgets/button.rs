//! Buttons. One primary per view; the label says what happens, with `…` where more input follows.

use super::focus::{self, Ring};
use super::paint::{explain, icon, line, put_left, tokens};
use crate::ui::theme::{TextRole, Tokens, font, icons, icons::Icon, mix, size};
use egui::{Color32, Galley, Response, Role, Sense, Ui, Vec2, Widget, WidgetInfo, pos2, vec2};
use std::sync::Arc;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Primary,
    Secondary,
    Quiet,
    Danger,
    DangerOutline,
}

/// A push button; add it with `ui.add(...)` and ask `.clicked()`.
#[must_use = "add it to a ui"]
pub struct Button<'a> {
    kind: Kind,
    label: &'a str,
    icon: Option<Icon>,
    trailing: Option<Icon>,
    shortcut: Option<&'a str>,
    reason: Option<&'a str>,
    height: f32,
    min_width: f32,
    colour: Option<Color32>,
    pressed: Option<bool>,
}

impl<'a> Button<'a> {
    fn new(kind: Kind, label: &'a str) -> Self {
        Self {
            kind,
            label,
            icon: None,
            trailing: None,
            shortcut: None,
            reason: None,
            height: size::CONTROL,
            min_width: 0.0,
            colour: None,
            pressed: None,
        }
    }

    /// The one action of a view.
    pub fn primary(label: &'a str) -> Self {
        Self::new(Kind::Primary, label)
    }

    /// An ordinary action.
    pub fn secondary(label: &'a str) -> Self {
        Self::new(Kind::Secondary, label)
    }

    /// An action that stands back: no edge until the pointer is there.
    pub fn quiet(label: &'a str) -> Self {
        Self::new(Kind::Quiet, label)
    }

    /// What cannot be undone, where it is the primary action.
    pub fn danger(label: &'a str) -> Self {
        Self::new(Kind::Danger, label)
    }

    /// What cannot be undone, beside a safe primary button.
    pub fn danger_outline(label: &'a str) -> Self {
        Self::new(Kind::DangerOutline, label)
    }

    /// An icon before the label.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// A chevron after the label: a menu opens.
    pub fn opens_menu(mut self) -> Self {
        self.trailing = Some(icons::DOWN);
        self
    }

    /// A key cap after the label.
    pub fn shortcut(mut self, keys: &'a str) -> Self {
        self.shortcut = Some(keys);
        self
    }

    /// Refuses input where `reason` is given; the tooltip and the screen reader say it.
    pub fn disabled(mut self, reason: Option<&'a str>) -> Self {
        self.reason = reason;
        self
    }

    /// 36 points high, for unlock and create.
    pub fn large(mut self) -> Self {
        self.height = size::CONTROL_LARGE;
        self
    }

    /// At least this wide.
    pub fn min_width(mut self, width: f32) -> Self {
        self.min_width = width;
        self
    }

    /// Another colour for icon and label of a quiet or secondary button (a status in the top bar).
    pub fn colour(mut self, colour: Color32) -> Self {
        self.colour = Some(colour);
        self
    }

    /// Marks a toggle as on or off.
    pub fn pressed(mut self, on: bool) -> Self {
        self.pressed = Some(on);
        self
    }

    fn look(&self, t: &Tokens, response: &Response) -> Look {
        let share = if response.is_pointer_button_down_on() {
            0.2
        } else if response.hovered() {
            0.1
        } else {
            0.0
        };
        let hovered = share > 0.0;
        let surface = if share > 0.15 { t.sunken } else { t.hover };
        let filled = |fill, text| Look { fill: mix(fill, t.text, share), edge: Color32::TRANSPARENT, text };
        let clear = Color32::TRANSPARENT;
        match self.kind {
            Kind::Primary => filled(t.accent, t.on_accent),
            Kind::Danger => filled(t.critical, t.on_critical),
            Kind::Secondary => Look {
                fill: if hovered { surface } else { t.surface },
                edge: if hovered { t.text_2 } else { t.border_strong },
                text: t.text,
            },
            Kind::DangerOutline => {
                Look { fill: if hovered { surface } else { t.surface }, edge: t.critical, text: t.critical }
            }
            Kind::Quiet if self.pressed == Some(true) => Look { fill: t.selected, edge: clear, text: t.text },
            Kind::Quiet => Look { fill: if hovered { surface } else { clear }, edge: clear, text: t.text_2 },
        }
    }

    /// Adds it. Same as `ui.add`.
    pub fn show(self, ui: &mut Ui) -> Response {
        if self.reason.is_some() {
            ui.add_enabled_ui(false, |ui| self.place(ui)).inner
        } else {
            self.place(ui)
        }
    }

    /// How wide it will be, for who must leave room before it is shown.
    #[must_use]
    pub fn width(&self, ui: &Ui) -> f32 {
        self.parts(ui).width
    }

    fn parts(&self, ui: &Ui) -> Parts {
        let bold = matches!(self.kind, Kind::Primary | Kind::Danger);
        let role = if bold { TextRole::BodyStrong } else { TextRole::Body };
        let padding = if self.kind == Kind::Quiet { 9.0 } else { 12.0 };
        let set = |words, role| line(ui.painter(), words, role, Color32::PLACEHOLDER, f32::INFINITY);
        let text = set(self.label, role);
        let cap = self.shortcut.map(|keys| set(keys, TextRole::SmallMono));
        let icon_width = self.icon.map_or(0.0, |_| size::ICON + size::ICON_GAP);
        let trailing = self.trailing.map_or(0.0, |_| size::ICON_SMALL + size::ICON_GAP);
        let cap_width = cap.as_ref().map_or(0.0, |cap| cap.size().x + 12.0 + size::GAP);
        let content = icon_width + text.size().x + trailing + cap_width;
        let width = (content + 2.0 * padding).ceil().max(self.min_width);
        Parts { text, cap, icon_width, content, width }
    }

    fn place(self, ui: &mut Ui) -> Response {
        let t = tokens(ui);
        let Parts { text, cap, icon_width, content, width } = self.parts(ui);
        let (rect, response) = ui.allocate_exact_size(vec2(width, self.height), Sense::click());

        let enabled = ui.is_enabled();
        response.widget_info(|| match self.pressed {
            Some(on) => WidgetInfo::selected(Role::Button, enabled, on, self.label),
            None => WidgetInfo::labeled(Role::Button, enabled, self.label),
        });
        if ui.is_rect_visible(rect) {
            let mut look = self.look(t, &response);
            if let Some(colour) = self.colour {
                look.text = colour;
            }
            look.frame(ui, rect);
            let middle = rect.center().y;
            let mut x = (rect.center().x - content / 2.0).round();
            if let Some(glyph) = self.icon {
                icon(ui.painter(), pos2(x + size::ICON / 2.0, middle), glyph, size::ICON, look.text);
                x += icon_width;
            }
            x = put_text(ui, x, middle, text, look.text);
            if let Some(glyph) = self.trailing {
                let centre = pos2(x + size::ICON_GAP + size::ICON_SMALL / 2.0, middle);
                icon(ui.painter(), centre, glyph, size::ICON_SMALL, look.text);
            }
            if let Some(cap) = cap {
                let box_ = egui::Rect::from_min_size(
                    pos2(x + size::GAP, middle - 9.0),
                    vec2(cap.size().x + 12.0, 18.0),
                );
                super::paint::edge(ui.painter(), box_, 3, look.text);
                put_text(ui, box_.left() + 6.0, middle, cap, look.text);
            }
        }
        focus::shape(ui, &response, rect, size::RADIUS, Ring::Around);
        explain(response, self.reason)
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        self.show(ui)
    }
}

/// What stands in a button, measured.
struct Parts {
    text: Arc<Galley>,
    cap: Option<Arc<Galley>>,
    icon_width: f32,
    content: f32,
    width: f32,
}

struct Look {
    fill: Color32,
    edge: Color32,
    text: Color32,
}

impl Look {
    fn frame(&self, ui: &Ui, rect: egui::Rect) {
        ui.painter().rect(rect, size::RADIUS, self.fill, (1.0, self.edge), egui::StrokeKind::Inside);
    }
}

fn put_text(ui: &Ui, x: f32, middle: f32, galley: Arc<Galley>, colour: Color32) -> f32 {
    let size = galley.size();
    ui.painter().galley(pos2(x, (middle - size.y / 2.0).floor()), galley, colour);
    x + size.x
}

/// A button that is only an icon. Its name is its tooltip and what the screen reader says.
#[must_use = "add it to a ui"]
pub struct IconButton<'a> {
    icon: Icon,
    name: &'a str,
    reason: Option<&'a str>,
    size: Vec2,
    icon_size: f32,
    outlined: bool,
    colour: Option<Color32>,
    selected: bool,
}

impl<'a> IconButton<'a> {
    /// A 28-point button.
    pub fn new(icon: Icon, name: &'a str) -> Self {
        Self {
            icon,
            name,
            reason: None,
            size: Vec2::splat(size::CONTROL),
            icon_size: size::ICON,
            outlined: false,
            colour: None,
            selected: false,
        }
    }

    /// 24 points, for drawer heads and chips.
    pub fn small(mut self) -> Self {
        self.size = Vec2::splat(size::CONTROL_SMALL);
        self
    }

    /// With the edge of a secondary button.
    pub fn outlined(mut self) -> Self {
        self.outlined = true;
        self
    }

    /// Refuses input where `reason` is given.
    pub fn disabled(mut self, reason: Option<&'a str>) -> Self {
        self.reason = reason;
        self
    }

    /// Another colour than `text_2`.
    pub fn colour(mut self, colour: Color32) -> Self {
        self.colour = Some(colour);
        self
    }

    /// Shows a toggle as on.
    pub fn selected(mut self, on: bool) -> Self {
        self.selected = on;
        self
    }

    /// Adds it. Same as `ui.add`.
    pub fn show(self, ui: &mut Ui) -> Response {
        if self.reason.is_some() {
            ui.add_enabled_ui(false, |ui| self.place(ui)).inner
        } else {
            self.place(ui)
        }
    }

    fn place(self, ui: &mut Ui) -> Response {
        let t = tokens(ui);
        let (rect, response) = ui.allocate_exact_size(self.size, Sense::click());
        let (enabled, name) = (ui.is_enabled(), self.name);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
        if ui.is_rect_visible(rect) {
            let fill = if response.is_pointer_button_down_on() {
                t.sunken
            } else if response.hovered() {
                t.hover
            } else if self.selected {
                t.selected
            } else if self.outlined {
                t.surface
            } else {
                Color32::TRANSPARENT
            };
            let edge = if self.outlined { t.border_strong } else { Color32::TRANSPARENT };
            Look { fill, edge, text: t.text_2 }.frame(ui, rect);
            icon(ui.painter(), rect.center(), self.icon, self.icon_size, self.colour.unwrap_or(t.text_2));
        }
        focus::shape(ui, &response, rect, size::RADIUS, Ring::Around);
        let response = explain(response, self.reason);
        if self.reason.is_some() { response } else { response.on_hover_text(name) }
    }
}

impl Widget for IconButton<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        self.show(ui)
    }
}

/// A link: underlined words that lead somewhere or act.
pub fn link(ui: &mut Ui, label: &str) -> Response {
    link_in(ui, label, TextRole::Body)
}

/// A link in 12-point text.
pub fn link_small(ui: &mut Ui, label: &str) -> Response {
    link_in(ui, label, TextRole::Small)
}

fn link_in(ui: &mut Ui, label: &str, role: TextRole) -> Response {
    let t = tokens(ui);
    let text = line(ui.painter(), label, role, t.accent, ui.available_width().max(48.0));
    // At least 24 high to hit, as wide as its words.
    let height = ui.spacing().interact_size.y.min(if font(role).size < 13.0 { 20.0 } else { 24.0 });
    let (rect, response) = ui.allocate_exact_size(vec2(text.size().x, height), Sense::click());
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Link, enabled, label));
    let base = (rect.center().y + text.size().y / 2.0 - 2.0).round() + 0.5;
    let weight = if response.hovered() { 2.0 } else { 1.0 };
    ui.painter().hline(rect.x_range(), base, (weight, t.accent));
    put_left(ui.painter(), rect.left(), rect.center().y, text);
    focus::shape(ui, &response, rect, size::RADIUS_TAG, Ring::Around);
    response.on_hover_cursor(egui::CursorIcon::PointingHand)
}

/// A main button and a small one beside it that opens a menu: `(main clicked, menu button)`.
///
/// Put the menu with [`super::menu`] on the second.
pub fn split_button(ui: &mut Ui, icon: Icon, label: &str, menu_name: &str) -> (Response, Response) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = -1.0;
        let main = Button::secondary(label).icon(icon).show(ui);
        let more = IconButton::new(icons::DOWN, menu_name).outlined().show(ui);
        (main, more)
    })
    .inner
}
