//! Banners and toasts: what the program says on its own.

use super::button::{Button, IconButton};
use super::paint::{edge, icon, paragraph, tokens};
use super::status::Tone;
use super::text::text_in;
use crate::ui::theme::{TextRole, icons, icons::Icon, size};
use egui::accesskit::Live;
use egui::{Align2, Area, Context, Frame, Margin, Order, Rect, Role, Sense, Ui, UiBuilder, pos2, vec2};

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
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        ui.scope_builder(UiBuilder::new().max_rect(area).layout(layout), |ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            for (i, (button, _)) in self.actions.into_iter().enumerate().rev() {
                if button.show(ui).clicked() {
                    chosen = Some(i);
                }
            }
        });
        chosen
    }
}

/// A short message that goes away by itself; what it did can be undone while it shows.
#[derive(Debug, Clone)]
pub struct Toast {
    /// Its glyph.
    pub icon: Icon,
    /// Its colour.
    pub tone: Tone,
    /// One sentence.
    pub words: String,
    /// What can be done about it: "Undo".
    pub action: Option<String>,
    /// Seconds it stays; at least 5. It stays longer while the pointer is on it.
    pub seconds: f32,
    /// Given back with the action.
    pub tag: u64,
}

impl Toast {
    /// A toast of 8 seconds without an action.
    #[must_use]
    pub fn new(tone: Tone, words: impl Into<String>) -> Self {
        Self { icon: tone.icon(), tone, words: words.into(), action: None, seconds: 8.0, tag: 0 }
    }

    /// With an action and the tag that comes back when it is chosen.
    #[must_use]
    pub fn action(mut self, label: impl Into<String>, tag: u64) -> Self {
        self.action = Some(label.into());
        self.tag = tag;
        self
    }

    /// With another glyph.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = icon;
        self
    }
}

/// The toasts on the screen: at most four, the newest below.
#[derive(Debug, Default)]
pub struct Toasts {
    showing: Vec<(u64, Toast, Option<f64>)>,
    next: u64,
}

impl Toasts {
    /// Adds one; the oldest goes when there are more than four.
    pub fn push(&mut self, toast: Toast) {
        self.next += 1;
        self.showing.push((self.next, toast, None));
        if self.showing.len() > 4 {
            self.showing.remove(0);
        }
    }

    /// Removes all; for a lock.
    pub fn clear(&mut self) {
        self.showing.clear();
    }

    /// Shows them at the bottom right; returns the tags of actions chosen.
    pub fn show(&mut self, ctx: &Context) -> Vec<u64> {
        let now = ctx.input(|i| i.time);
        let mut chosen = Vec::new();
        let mut gone = Vec::new();
        if self.showing.is_empty() {
            return chosen;
        }
        let area = Area::new(egui::Id::unique("keyroom toasts"))
            .order(Order::Foreground)
            .anchor(Align2::RIGHT_BOTTOM, vec2(-16.0, -(size::STATUS_BAR + 16.0)));
        let hovered = area.show(ctx, |ui| {
            ui.spacing_mut().item_spacing.y = 8.0;
            for (id, toast, until) in &mut self.showing {
                let until = until.get_or_insert(now + f64::from(toast.seconds.max(5.0)));
                match show_toast(ui, 480.0, toast) {
                    ToastEvent::None => {}
                    ToastEvent::Action => {
                        chosen.push(toast.tag);
                        gone.push(*id);
                    }
                    ToastEvent::Close => gone.push(*id),
                }
                if now >= *until {
                    gone.push(*id);
                }
            }
        });
        if hovered.response.contains_pointer() {
            for (_, _, until) in &mut self.showing {
                *until = until.map(|until| until.max(now + 2.0));
            }
        } else {
            self.showing.retain(|(id, _, _)| !gone.contains(id));
        }
        if chosen.is_empty() {
            let soonest = self.showing.iter().filter_map(|(_, _, until)| *until).fold(f64::MAX, f64::min);
            if soonest < f64::MAX {
                ctx.request_repaint_after_secs((soonest - now).max(0.05) as f32);
            }
        } else {
            self.showing.retain(|(id, _, _)| !gone.contains(id));
        }
        chosen
    }
}

/// What happened to a toast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToastEvent {
    /// Nothing.
    None,
    /// Its action was chosen.
    Action,
    /// It was closed.
    Close,
}

/// One toast, where the caller stands. [`Toasts`] places them in the corner.
pub fn show_toast(ui: &mut Ui, width: f32, toast: &Toast) -> ToastEvent {
    let t = tokens(ui);
    let colour = if toast.tone == Tone::Neutral { t.text_2 } else { toast.tone.tint(t).fg };
    let mut event = ToastEvent::None;
    let frame = Frame::new()
        .fill(t.raised)
        .stroke((1.0, t.hairline))
        .corner_radius(size::RADIUS_PAGE)
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(Margin { left: 12, right: 8, top: 5, bottom: 5 });
    frame.show(ui, |ui| {
        ui.set_width(width - 20.0);
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(18.0, 18.0), Sense::hover());
            icon(ui.painter(), rect.center(), toast.icon, size::ICON, colour);
            let words = text_in(ui, TextRole::Body, t.text, toast.words.as_str());
            ui.ctx().accesskit_node_builder(words.id, |node| {
                node.set_role(Role::Status);
                // A label's words are its value; what is announced is the name.
                node.set_label(toast.words.as_str());
                node.set_live(Live::Polite);
            });
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let name = format!("Close message: {}", toast.words);
                if IconButton::new(icons::CLOSE, &name).show(ui).clicked() {
                    event = ToastEvent::Close;
                }
                if let Some(label) = &toast.action
                    && Button::quiet(label).colour(t.accent).show(ui).clicked()
                {
                    event = ToastEvent::Action;
                }
            });
        });
    });
    event
}
