//! Toasts: short messages that go away by themselves. What they say is kept elsewhere too; they must not be the only place.

use super::button::{Button, IconButton};
use super::paint::{icon, tokens};
use super::status::Tone;
use super::text::text_in;
use crate::ui::theme::{TextRole, icons, icons::Icon, row_height, size};
use egui::accesskit::Live;
use egui::{Align2, Area, Context, Frame, Margin, Order, Rect, Role, Sense, Ui, UiBuilder, pos2, vec2};

/// Seconds a toast stays, and one that carries an action.
const SECONDS: f32 = 6.0;
const SECONDS_WITH_ACTION: f32 = 12.0;
/// After the pointer or the focus left, toasts stay for this many seconds more.
const GRACE: f64 = 2.0;
/// Between the parts of a toast.
const GAP: f32 = 8.0;
/// No more than so many show at once.
const MOST: usize = 3;

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
    /// Given back with the action.
    pub tag: u64,
}

impl Toast {
    /// A toast of 6 seconds without an action.
    #[must_use]
    pub fn new(tone: Tone, words: impl Into<String>) -> Self {
        Self { icon: tone.icon(), tone, words: words.into(), action: None, tag: 0 }
    }

    /// With an action and the tag that comes back when it is chosen; it stays 12 seconds.
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

    fn seconds(&self) -> f64 {
        f64::from(if self.action.is_some() { SECONDS_WITH_ACTION } else { SECONDS })
    }
}

/// The toasts on the screen: at most three, the newest below.
#[derive(Debug, Default)]
pub struct Toasts {
    showing: Vec<Showing>,
    next: u64,
}

#[derive(Debug)]
struct Showing {
    id: u64,
    toast: Toast,
    /// When it goes, once it was shown.
    until: Option<f64>,
}

impl Toasts {
    /// Adds one; the oldest goes when there are more than three.
    pub fn push(&mut self, toast: Toast) {
        self.next += 1;
        self.showing.push(Showing { id: self.next, toast, until: None });
        if self.showing.len() > MOST {
            self.showing.remove(0);
        }
    }

    /// Removes all; for a lock.
    pub fn clear(&mut self) {
        self.showing.clear();
    }

    /// Shows them at the bottom, in the middle; returns the tags of actions chosen. Time stands still for all of them while
    /// the pointer is on one, or the focus in one.
    pub fn show(&mut self, ctx: &Context) -> Vec<u64> {
        let mut chosen = Vec::new();
        if self.showing.is_empty() {
            return chosen;
        }
        let now = ctx.input(|i| i.time);
        let (mut gone, mut held) = (Vec::new(), false);
        let width = f32::min(480.0, ctx.content_rect().width() - 32.0);
        let area = Area::new(egui::Id::unique("keyroom toasts"))
            .order(Order::Foreground)
            // Above the status bar, and above the bar of what can be done with a selection, which it must not cover.
            .anchor(Align2::CENTER_BOTTOM, vec2(0.0, -(size::STATUS_BAR + size::TOP_BAR + 12.0)));
        let place = area.show(ctx, |ui| {
            ui.spacing_mut().item_spacing.y = 8.0;
            for Showing { id, toast, until } in &mut self.showing {
                until.get_or_insert(now + toast.seconds());
                let (event, has_focus) = ui.push_id(*id, |ui| one(ui, width, toast)).inner;
                held |= has_focus;
                match event {
                    ToastEvent::None => continue,
                    ToastEvent::Action => chosen.push(toast.tag),
                    ToastEvent::Close => {}
                }
                gone.push(*id);
            }
        });
        if held || place.response.contains_pointer() {
            for showing in &mut self.showing {
                showing.until = showing.until.map(|until| until.max(now + GRACE));
            }
        }
        let stays = |s: &Showing| !gone.contains(&s.id) && s.until.is_none_or(|until| now < until);
        self.showing.retain(stays);
        let soonest = self.showing.iter().filter_map(|showing| showing.until).fold(f64::MAX, f64::min);
        if soonest < f64::MAX {
            ctx.request_repaint_after_secs((soonest - now).max(0.05) as f32);
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

/// One toast, where the caller stands. [`Toasts`] places them.
pub fn show_toast(ui: &mut Ui, width: f32, toast: &Toast) -> ToastEvent {
    one(ui, width, toast).0
}

/// Also says whether something in it has the focus.
fn one(ui: &mut Ui, width: f32, toast: &Toast) -> (ToastEvent, bool) {
    let t = tokens(ui);
    let colour = if toast.tone == Tone::Neutral { t.text_2 } else { toast.tone.tint(t).fg };
    let (mut event, mut focused) = (ToastEvent::None, false);
    let frame = Frame::new()
        .fill(t.raised)
        .stroke((1.0, t.hairline))
        .corner_radius(size::RADIUS_PAGE)
        .shadow(ui.visuals().popup_shadow)
        .inner_margin(Margin { left: 12, right: 8, top: 5, bottom: 5 });
    frame.show(ui, |ui| {
        // The buttons have their room first; the words go on in further lines.
        let action = toast.action.as_deref().map(|label| Button::quiet(label).colour(t.accent));
        let action_width = action.as_ref().map_or(0.0, |action| action.width(ui) + GAP);
        let whole = Rect::from_min_size(ui.cursor().min, vec2(width - 20.0, size::CONTROL));
        let spot = pos2(whole.left() + 9.0, whole.center().y);
        icon(ui.painter(), spot, toast.icon, size::ICON, colour);
        let above = ((size::CONTROL - row_height(TextRole::Body)) / 2.0).floor();
        let words = Rect::from_min_max(
            whole.min + vec2(18.0 + GAP, above),
            pos2(whole.right() - size::CONTROL - GAP - action_width, whole.bottom()),
        );
        let mut child = ui.new_child(UiBuilder::new().max_rect(words));
        let said = text_in(&mut child, TextRole::Body, t.text, toast.words.as_str());
        ui.ctx().accesskit_node_builder(said.id, |node| {
            node.set_role(Role::Status);
            node.set_label(toast.words.as_str());
            node.set_live(Live::Polite);
        });
        let height = (child.min_rect().height() + 2.0 * above).max(size::CONTROL);
        let (whole, _) = ui.allocate_exact_size(vec2(whole.width(), height), Sense::hover());
        let buttons = whole.with_min_x(words.right() + GAP);
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        ui.scope_builder(UiBuilder::new().max_rect(buttons).layout(layout), |ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            if let Some(action) = action {
                let action = action.show(ui);
                if action.clicked() {
                    event = ToastEvent::Action;
                }
                focused |= action.has_focus();
            }
            let name = format!("Close message: {}", toast.words);
            let close = IconButton::new(icons::CLOSE, &name).show(ui);
            if close.clicked() {
                event = ToastEvent::Close;
            }
            focused |= close.has_focus();
        });
    });
    (event, focused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::offscreen::Driver;
    use crate::ui::theme::{self, Theme};
    use egui::accesskit::Role;

    #[test]
    fn long_words_go_on_in_a_second_line_and_leave_the_buttons_their_room() {
        let words = "The key of the jump host was rotated, and its version before stays accepted until \
                     tomorrow because the policy gives an overlap of one day.";
        let mut driver = Driver::new(vec2(520.0, 120.0), |ui: &mut Ui| {
            show_toast(ui, 480.0, &Toast::new(Tone::Ok, words).action("Undo", 1));
        });
        theme::install(driver.ctx(), Theme::Light);
        driver.settle(4);
        let said = driver.find_role(Role::Status, words).unwrap().rect;
        let undo = driver.find("Undo").unwrap().rect;
        let close = driver.find(&format!("Close message: {words}")).unwrap().rect;
        assert!(said.height() > 30.0, "{said:?}");
        assert!(said.right() <= undo.left() && undo.right() <= close.left(), "{said:?} {undo:?} {close:?}");
    }
}
