//! Chips: a filter in force, and key caps.

use super::focus::{self, Ring};
use super::paint::{edge, icon, line, put_left, tokens};
use crate::ui::theme::{TextRole, icons, icons::Icon, size};
use egui::{Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

/// A filter in force: its words, and an x that removes it.
#[must_use = "call show"]
pub struct FilterChip<'a> {
    words: &'a str,
    icon: Option<Icon>,
    accent: bool,
    excluded: bool,
}

/// What happened to a [`FilterChip`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChipAction {
    /// Its words were clicked: edit it.
    Edit,
    /// Its x was clicked: remove it.
    Remove,
}

impl<'a> FilterChip<'a> {
    /// `words` say the filter: "severity is warn or worse".
    pub fn new(words: &'a str) -> Self {
        Self { words, icon: None, accent: false, excluded: false }
    }

    /// An icon before the words.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The chip of the brush: accent edge.
    pub fn accent(mut self) -> Self {
        self.accent = true;
        self
    }

    /// The filter excludes: its words are struck through.
    pub fn excluded(mut self) -> Self {
        self.excluded = true;
        self
    }

    /// Shows it.
    pub fn show(self, ui: &mut Ui) -> Option<ChipAction> {
        let t = tokens(ui);
        let colour = if self.excluded { t.text_2 } else { t.text };
        let most = (ui.available_width() - 60.0).max(48.0);
        let text = line(ui.painter(), self.words, TextRole::Small, colour, most);
        let lead = self.icon.map_or(0.0, |_| size::ICON_SMALL + size::ICON_GAP);
        let width = (9.0 + lead + text.size().x + size::CONTROL_SMALL).ceil();
        let (rect, body) = ui.allocate_exact_size(vec2(width, size::CONTROL_SMALL), Sense::click());
        let enabled = ui.is_enabled();
        body.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, self.words));
        let cross = Rect::from_min_max(pos2(rect.right() - size::CONTROL_SMALL, rect.top()), rect.max);
        let remove = ui.interact(cross, body.id.with("remove"), Sense::click());
        remove.widget_info(|| {
            WidgetInfo::labeled(Role::Button, enabled, format!("Remove filter {}", self.words))
        });

        let fill = if body.hovered() && !remove.hovered() { t.hover } else { t.surface };
        ui.painter().rect_filled(rect, size::RADIUS, fill);
        if remove.hovered() {
            ui.painter().rect_filled(cross.shrink(3.0), size::RADIUS, t.hover);
        }
        edge(ui.painter(), rect, size::RADIUS, if self.accent { t.accent } else { t.border_strong });
        let middle = rect.center().y;
        let mut x = rect.left() + 9.0;
        if let Some(glyph) = self.icon {
            icon(ui.painter(), pos2(x + 7.0, middle), glyph, size::ICON_SMALL, t.accent);
            x += lead;
        }
        let end = put_left(ui.painter(), x, middle, text);
        if self.excluded {
            ui.painter().hline(x..=end, middle.round() + 0.5, (1.0, colour));
        }
        icon(ui.painter(), cross.center(), icons::CLOSE, size::ICON_SMALL, t.text_2);
        focus::shape(ui, &body, rect, size::RADIUS, Ring::Around);
        focus::shape(ui, &remove, cross.shrink(2.0), size::RADIUS, Ring::Inside);
        let keyed = body.has_focus()
            && ui.input(|i| i.key_pressed(egui::Key::Delete) || i.key_pressed(egui::Key::Backspace));
        if remove.clicked() || keyed {
            Some(ChipAction::Remove)
        } else {
            body.clicked().then_some(ChipAction::Edit)
        }
    }
}

/// The cap of a key: `Ctrl K`.
pub fn key_cap(ui: &mut Ui, keys: &str) -> Response {
    let t = tokens(ui);
    let text = line(ui.painter(), keys, TextRole::SmallMono, t.text_2, f32::INFINITY);
    let (rect, response) = ui.allocate_exact_size(Vec2::new(text.size().x + 10.0, 18.0), Sense::hover());
    ui.painter().rect_filled(rect, 3, t.sunken);
    edge(ui.painter(), rect, 3, t.hairline);
    put_left(ui.painter(), rect.left() + 5.0, rect.center().y, text);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, keys));
    response
}
