//! Banners: what must be said on the page or across the window, with what to do about it.

use super::button::Button;
use super::end_row::EndRow;
use super::paint::{edge, icon, paragraph, tokens};
use super::status::Tone;
use crate::ui::theme::{TextRole, icons::Icon, size};
use egui::accesskit::Live;
use egui::{Rect, Role, Sense, Ui, pos2, vec2};

/// A note on the page or across the window, with what to do about it.
#[must_use = "call show"]
pub struct Banner<'a> {
    tone: Tone,
    icon: Icon,
    words: &'a str,
    body: Option<&'a str>,
    actions: Vec<(Button<'a>, f32)>,
    full_width: bool,
}

impl<'a> Banner<'a> {
    /// One sentence in a tone.
    pub fn new(tone: Tone, words: &'a str) -> Self {
        Self { tone, icon: tone.icon(), words, body: None, actions: Vec::new(), full_width: false }
    }

    /// Another glyph than the tone's.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = icon;
        self
    }

    /// Small lines below; the words above become bold.
    pub fn body(mut self, body: &'a str) -> Self {
        self.body = Some(body);
        self
    }

    /// An action at the right. Several stand side by side in the order given.
    pub fn action(self, label: &'a str) -> Self {
        self.with(Button::secondary(label), label)
    }

    /// The primary action at the right.
    pub fn primary(self, label: &'a str) -> Self {
        self.with(Button::primary(label), label)
    }

    /// The primary action, with its key.
    pub fn primary_key(self, label: &'a str, keys: &'a str) -> Self {
        self.with(Button::primary(label).shortcut(keys), label)
    }

    fn with(mut self, button: Button<'a>, label: &str) -> Self {
        self.actions.push((button, label.chars().count() as f32));
        self
    }

    /// Between top bar and page: 44 high, no corners.
    pub fn full_width(mut self) -> Self {
        self.full_width = true;
        self
    }

    /// Shows it; returns the index of the action chosen.
    pub fn show(self, ui: &mut Ui) -> Option<usize> {
        let t = tokens(ui);
        let tint = self.tone.tint(t);
        let radius = if self.full_width { 0 } else { size::RADIUS_CARD };
        let least = if self.actions.is_empty() && !self.full_width { 36.0 } else { size::TOP_BAR };
        let width = ui.available_width();
        let buttons: f32 = self.actions.iter().map(|(_, chars)| chars * 8.0 + 64.0).sum();
        let role = if self.body.is_some() { TextRole::BodyStrong } else { TextRole::Body };
        let room = (width - 48.0 - buttons).max(120.0);
        let words = paragraph(ui.painter(), self.words, role, t.text, room);
        let body = self.body.map(|body| paragraph(ui.painter(), body, TextRole::Small, t.text, room));
        let text_height = words.size().y + body.as_ref().map_or(0.0, |b| b.size().y + 2.0);
        let height = (text_height + 16.0).max(least);
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
        ui.painter().rect_filled(rect, radius, tint.fill);
        if t.high_contrast {
            edge(ui.painter(), rect, radius, t.hairline);
        }
        let left = rect.left() + if self.full_width { 48.0 } else { 36.0 };
        let centre = pos2(left - if self.full_width { 23.0 } else { 16.0 }, rect.center().y);
        let side = if self.full_width { size::ICON_LARGE } else { size::ICON };
        icon(ui.painter(), centre, self.icon, side, tint.fg);
        let mut y = (rect.center().y - text_height / 2.0).round();
        let first = words.size().y;
        ui.painter().galley(pos2(left, y), words, t.text);
        y += first + 2.0;
        if let Some(body) = body {
            ui.painter().galley(pos2(left, y), body, t.text);
        }
        let whole = match self.body {
            Some(body) => format!("{}. {body}", self.words.trim_end_matches('.')),
            None => self.words.to_owned(),
        };
        let role = if matches!(self.tone, Tone::Warn | Tone::High | Tone::Critical) {
            Role::Alert
        } else {
            Role::Status
        };
        response.widget_info(|| egui::WidgetInfo::labeled(role, true, &whole));
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(Live::Polite));

        let margin = if self.full_width { 16.0 } else { 8.0 };
        let area = Rect::from_min_max(pos2(left, rect.top()), pos2(rect.right() - margin, rect.bottom()));
        let mut chosen = None;
        EndRow::new(ui, &whole, area).show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            for (i, (button, _)) in self.actions.into_iter().enumerate() {
                if button.show(ui).clicked() {
                    chosen = Some(i);
                }
            }
        });
        chosen
    }
}
