//! A field for a secret. The text lives in one buffer of fixed size that is wiped; there is no undo and no selection
//! but all of it.

use super::glyphs::{advance, glyph};
use super::label::{DOTS, dots};
use super::sink::{SecretSink, Step};
use crate::crypto::memory::SecretBuf;
use crate::ui::theme::{icons, size, tokens};
use crate::ui::widgets::field::{anatomy, frame_edge, message};
use crate::ui::widgets::focus::{self, Ring};
use crate::ui::widgets::{Button, IconButton};
use egui::{
    EventFilter, Id, Key, Modifiers, Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

/// Between the middles of two dots.
pub(super) const DOT_PITCH: f32 = 10.0;
/// Room for the button that shows what is typed, where it has a word.
const TOGGLE_WITH_WORD: f32 = 76.0;
/// Inside the field, left and right.
const PADDING: f32 = 8.0;

/// A field that takes a password or another secret.
#[must_use = "call show"]
pub struct SecretEdit<'a> {
    label: &'a str,
    secret: &'a mut SecretBuf,
    optional: bool,
    help: Option<&'a str>,
    error: Option<&'a str>,
    width: Option<f32>,
    large: bool,
    toggle: bool,
    select: bool,
    reason: Option<&'a str>,
}

/// What happened to a [`SecretEdit`].
#[derive(Debug, Clone)]
pub struct SecretResponse {
    /// The field's response: `request_focus()`, `has_focus()`.
    pub response: Response,
    /// Its content is another one.
    pub changed: bool,
    /// Enter was pressed in it.
    pub submitted: bool,
}

/// What a field remembers between frames. The caret tells the length, so it is forgotten with egui's memory at a lock.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// Byte offset, on a character's edge.
    caret: usize,
    /// All of it is selected.
    all: bool,
    shown: bool,
}

impl<'a> SecretEdit<'a> {
    /// `label` stands above, is the accessible name, and tells fields of one page apart.
    pub fn new(label: &'a str, secret: &'a mut SecretBuf) -> Self {
        Self {
            label,
            secret,
            optional: false,
            help: None,
            error: None,
            width: None,
            large: false,
            toggle: false,
            select: false,
            reason: None,
        }
    }

    /// Marks the field "(optional)".
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// A persistent line of help below.
    pub fn help(mut self, help: &'a str) -> Self {
        self.help = Some(help);
        self
    }

    /// What is wrong and what to do, in place of the help.
    pub fn error(mut self, error: Option<&'a str>) -> Self {
        self.error = error;
        self
    }

    /// Width of the field; without it, all there is.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// 36 points high.
    pub fn large(mut self) -> Self {
        self.large = true;
        self
    }

    /// With a button that shows what is typed.
    pub fn show_toggle(mut self) -> Self {
        self.toggle = true;
        self
    }

    /// Selects all of it, where `now`: the next character takes its place.
    pub fn select_all(mut self, now: bool) -> Self {
        self.select = now;
        self
    }

    /// Refuses input where `reason` is given.
    pub fn disabled(mut self, reason: Option<&'a str>) -> Self {
        self.reason = reason;
        self
    }

    /// Shows it.
    pub fn show(self, ui: &mut Ui) -> SecretResponse {
        let width = self.width.unwrap_or_else(|| ui.available_width());
        let (label, optional, help, error) = (self.label, self.optional, self.help, self.error);
        let (mut changed, mut submitted) = (false, false);
        let response = anatomy(ui, width, Some(label), optional, help, error, |ui| {
            let enabled = self.reason.is_none();
            let shown = ui.add_enabled_ui(enabled, |ui| self.place(ui, width)).inner;
            (changed, submitted) = (shown.changed, shown.submitted);
            if shown.response.has_focus() && SecretSink::caps_lock(ui.ctx()) {
                let t = tokens(ui.ctx());
                message(ui, "Caps Lock seems to be on.", Some(icons::WARNING), t.warn, width);
            }
            shown.response
        });
        SecretResponse { response, changed, submitted }
    }

    fn place(mut self, ui: &mut Ui, width: f32) -> SecretResponse {
        let id = ui.make_persistent_id(("secret field", self.label));
        let height = if self.large { size::CONTROL_LARGE } else { size::CONTROL };
        let (_, rect) = ui.allocate_space(vec2(width, height));
        let response = ui.interact(rect, id, Sense::click());
        if response.clicked() && !ui.input(|i| i.key_pressed(Key::Enter)) {
            response.request_focus();
        }
        let mut state = ui.data(|d| d.get_temp::<State>(id)).unwrap_or_default();
        state.caret = state.caret.min(self.secret.len());
        state.all |= self.select && !self.secret.is_empty();
        let focused = response.has_focus() && ui.is_enabled();
        let changed = self.edit(ui, id, focused, &mut state);
        let toggle_width = match (self.toggle, self.large) {
            (false, _) => 0.0,
            (true, false) => size::CONTROL,
            (true, true) => TOGGLE_WITH_WORD,
        };
        let inner = Rect::from_min_max(
            rect.min + vec2(PADDING, 0.0),
            pos2(rect.right() - PADDING - toggle_width, rect.bottom()),
        );
        self.paint(ui, rect, inner, &response, focused, state);
        if self.toggle {
            self.toggle(ui, rect, &mut state);
        }
        ui.data_mut(|d| d.insert_temp(id, state));
        self.describe(ui, &response);
        focus::shape(ui, &response, rect, size::RADIUS, Ring::AroundText);
        let submitted = focused && ui.input(|i| i.key_pressed(Key::Enter));
        let response = crate::ui::widgets::paint::explain(response, self.reason);
        SecretResponse { response, changed, submitted }
    }

    /// Applies what the sink caught.
    fn edit(&mut self, ui: &Ui, id: Id, focused: bool, state: &mut State) -> bool {
        if focused {
            let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
            ui.memory_mut(|m| m.set_focus_lock_filter(id, arrows));
        }
        let mut changed = false;
        SecretSink::collect(ui.ctx(), id, focused, |step, bytes| {
            changed |= match step {
                Step::Insert(_) => insert(self.secret, state, bytes),
                Step::Key(key, modifiers) => press(self.secret, state, key, modifiers),
            };
        });
        changed
    }

    fn paint(&self, ui: &Ui, rect: Rect, inner: Rect, response: &Response, focused: bool, state: State) {
        let t = tokens(ui.ctx());
        let edge = frame_edge(t, self.error.is_some(), response.hovered());
        ui.painter().rect(rect, size::RADIUS, t.field, edge, StrokeKind::Inside);
        let painter = ui.painter().with_clip_rect(inner.expand2(vec2(2.0, 0.0)).intersect(ui.clip_rect()));
        let before = characters(&self.secret.as_bytes()[..state.caret]);
        let all = characters(self.secret.as_bytes());
        let pitch = if state.shown { advance(ui.painter()) } else { DOT_PITCH };
        let fit = (inner.width() / pitch).floor().max(1.0) as usize;
        // Scrolled so that the caret is inside; dots beyond the edge are not painted at all.
        let first = before.saturating_sub(fit);
        let count = all.saturating_sub(first).min(fit);
        if state.all && all > 0 && focused {
            let width = pitch * count as f32;
            let marked =
                Rect::from_center_size(inner.left_center() + vec2(width / 2.0, 0.0), vec2(width, 20.0));
            painter.rect_filled(marked, 2, t.selected);
        }
        if state.shown {
            SecretSink::reveal(ui.ctx());
            if let Some(text) = self.secret.as_str() {
                for (i, c) in text.chars().skip(first).take(count).enumerate() {
                    let place = pos2(inner.left() + pitch * i as f32, inner.center().y);
                    glyph(&painter, place, c, t.text, t.text_3);
                }
            }
        } else {
            dots(ui, inner.left() + 2.0, inner.center().y, count);
        }
        if focused && !state.all {
            let x = (inner.left() + pitch * (before - first) as f32).round();
            painter.rect_filled(
                Rect::from_center_size(pos2(x, inner.center().y), vec2(2.0, 18.0)),
                0,
                t.accent,
            );
        }
    }

    fn toggle(&self, ui: &mut Ui, rect: Rect, state: &mut State) {
        let verb = if state.shown { "Hide" } else { "Show" };
        let name = format!("{verb} {}", self.label.to_lowercase());
        let glyph = if state.shown { icons::HIDE } else { icons::REVEAL };
        let (width, height) = if self.large { (TOGGLE_WITH_WORD, size::CONTROL) } else { (24.0, 24.0) };
        let centre = pos2(rect.right() - if self.large { 4.0 } else { 2.0 } - width / 2.0, rect.center().y);
        let builder = egui::UiBuilder::new().max_rect(Rect::from_center_size(centre, vec2(width, height)));
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        let response = ui.scope_builder(builder.layout(layout), |ui| {
            if self.large {
                let response = Button::quiet(verb).icon(glyph).show(ui);
                ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(name.as_str()));
                response
            } else {
                IconButton::new(glyph, &name).small().show(ui)
            }
        });
        if response.inner.clicked() {
            state.shown = !state.shown;
        }
    }

    /// What a screen reader learns: that there is a password field, and whether it is empty. Never the length.
    fn describe(&self, ui: &Ui, response: &Response) {
        let (enabled, label) = (ui.is_enabled(), self.label);
        response.widget_info(|| WidgetInfo::labeled(Role::PasswordInput, enabled, label));
        let value = if self.secret.is_empty() { String::new() } else { "•".repeat(DOTS) };
        let words = self.error.or(self.help);
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_value(value);
            if let Some(words) = words {
                node.set_description(words);
            }
            if self.error.is_some() {
                node.set_invalid(egui::accesskit::Invalid::True);
            }
        });
    }
}

fn insert(secret: &mut SecretBuf, state: &mut State, bytes: &[u8]) -> bool {
    if bytes.is_empty() {
        return false;
    }
    if state.all {
        secret.clear();
        (state.caret, state.all) = (0, false);
    }
    if secret.insert(state.caret, bytes).is_err() {
        return false;
    }
    state.caret += bytes.len();
    true
}

fn press(secret: &mut SecretBuf, state: &mut State, key: Key, modifiers: Modifiers) -> bool {
    let bytes = secret.as_bytes();
    let (start, end) = (0, bytes.len());
    let back = if modifiers.command { start } else { previous(bytes, state.caret) };
    let forth = if modifiers.command { end } else { next(bytes, state.caret) };
    let remove = match key {
        Key::A if modifiers.command => {
            state.all = true;
            return false;
        }
        Key::Backspace | Key::Delete if state.all => start..end,
        Key::Backspace => back..state.caret,
        Key::Delete => state.caret..forth,
        Key::ArrowLeft | Key::ArrowRight | Key::Home | Key::End => {
            state.caret = match key {
                Key::ArrowLeft if !state.all => back,
                Key::ArrowRight if !state.all => forth,
                Key::ArrowLeft | Key::Home => start,
                _ => end,
            };
            state.all = false;
            return false;
        }
        _ => return false,
    };
    state.all = false;
    let changed = !remove.is_empty();
    state.caret = remove.start;
    secret.remove(remove);
    changed
}

/// The edge of the character before `at`.
fn previous(bytes: &[u8], at: usize) -> usize {
    (0..at).rev().find(|i| is_edge(bytes, *i)).unwrap_or(0)
}

/// The edge of the character after `at`.
fn next(bytes: &[u8], at: usize) -> usize {
    (at + 1..bytes.len()).find(|i| is_edge(bytes, *i)).unwrap_or(bytes.len())
}

/// Whether a character of UTF-8 starts at `at`.
fn is_edge(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_none_or(|byte| byte & 0xC0 != 0x80)
}

fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}
