//! The field of every query: coloured as it is typed, what is wrong underlined, completed with fields and their values.
//!
//! The list opens below the field, under the word that it completes, so that it never covers what is typed. Down and Up
//! move in it, Tab takes the first or the chosen one, Enter the chosen one, Esc closes it and leaves the text alone.

mod completion;

pub use completion::Values;

use super::focus::{self, Ring};
use super::paint::{icon, line, put_left, put_right, tokens};
use super::{IconButton, thousands};
use crate::model::query_text::{QueryError, TokenKind, highlight};
use crate::ui::theme::{TextRole, Tokens, font, icons, icons::Icon, size};
use completion::{Completion, Suggestion};
use egui::accesskit::{AutoComplete, HasPopup, Invalid};
use egui::text::{CCursor, CCursorRange, LayoutJob, TextFormat};
use egui::text_edit::TextEditState;
use egui::{
    Area, EventFilter, Frame, Id, Key, Margin, Modifiers, Order, Rect, Response, Role, Sense, Stroke,
    StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use std::ops::Range;

/// The width of the list.
const LIST: f32 = 288.0;
/// Where the text begins.
const LEAD: f32 = 32.0;

/// What a query field remembers between frames.
#[derive(Default)]
pub struct QueryFieldState {
    /// Take the focus in the next frame.
    pub focus: bool,
    /// The same, ready for one more word: behind what is written, and a space.
    pub resume: bool,
    /// Which suggestion is chosen, while suggestions show.
    chosen: Option<usize>,
    /// Suggestions were sent away until something is typed.
    dismissed: bool,
    /// Suggestions were asked for where nothing is typed.
    asked: bool,
    /// Something is being typed: it has the focus and Enter was not pressed since.
    typing: bool,
}

impl QueryFieldState {
    /// What is wrong with `text`, unless it lies at the end of what is being typed: that is not wrong yet, it is not whole.
    #[must_use]
    pub fn said<'a>(&self, text: &str, error: Option<&'a QueryError>) -> Option<&'a QueryError> {
        error.filter(|error| !self.typing || error.range.end < text.trim_end().len())
    }
}

/// A query field. Build it in every frame, `show` it with the text and a [`QueryFieldState`].
#[must_use = "call show"]
pub struct QueryField<'a> {
    name: &'a str,
    fields: &'a [&'a str],
    values: &'a Values<'a>,
    hint: &'a str,
    icon: Icon,
    wrong: Option<&'a QueryError>,
    limit: usize,
}

/// What happened in a query field in this frame.
pub struct QueryResponse {
    /// The response of the text itself.
    pub response: Response,
    /// The text is another one: typed, completed or cleared.
    pub changed: bool,
    /// It is to be read at once: a suggestion was taken, it was cleared, or Enter was pressed.
    pub settled: bool,
    /// Enter was pressed: on to what was found.
    pub entered: bool,
}

impl<'a> QueryField<'a> {
    /// `name` is the accessible name; `fields` are offered in this order, `values` are those of one field.
    pub fn new(name: &'a str, fields: &'a [&'a str], values: &'a Values<'a>) -> Self {
        Self { name, fields, values, hint: "", icon: icons::SEARCH, wrong: None, limit: 2000 }
    }

    /// Grey words while the field is empty.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// Another icon than the magnifying glass.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = icon;
        self
    }

    /// What is wrong with the text: underlined where it is, and told to the screen reader.
    pub fn wrong(mut self, wrong: Option<&'a QueryError>) -> Self {
        self.wrong = wrong;
        self
    }

    /// Shows it in `rect`.
    pub fn show(
        self,
        ui: &mut Ui,
        rect: Rect,
        text: &mut String,
        state: &mut QueryFieldState,
    ) -> QueryResponse {
        let t = tokens(ui);
        let id = ui.make_persistent_id(("query", self.name));
        let before = text.clone();
        let mut settled = false;
        let list = self.keys(ui, id, text, state, &mut settled);

        let back = ui.painter().add(egui::Shape::Noop);
        let wrong = self.wrong.map(|error| error.range.clone());
        let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, _: f32| {
            ui.painter().layout_job(coloured(text.as_str(), wrong.as_ref(), t))
        };
        let margin = Margin { left: LEAD as i8, right: 32, top: 5, bottom: 7 };
        let edit = TextEdit::singleline(text)
            .id(id)
            .hint_text(egui::RichText::new(self.hint).color(t.text_3))
            .font(font(TextRole::Mono))
            .char_limit(self.limit)
            .desired_width(rect.width() - LEAD - 32.0)
            .align(egui::Align2::LEFT_CENTER)
            .frame(Frame::NONE.inner_margin(margin))
            .text_color(t.text)
            .layouter(&mut layouter);
        let builder = UiBuilder::new().id_salt(self.name).max_rect(rect);
        let response = ui.scope_builder(builder, |ui| ui.add_sized(rect.size(), edit)).inner;
        let edge = super::field::frame_edge(t, self.wrong.is_some(), response.hovered());
        let shape = egui::epaint::RectShape::new(rect, size::RADIUS, t.field, edge, StrokeKind::Inside);
        ui.painter().set(back, shape);
        icon(ui.painter(), pos2(rect.left() + 17.0, rect.center().y), self.icon, size::ICON, t.text_2);
        focus::shape(ui, &response, rect, size::RADIUS, Ring::AroundText);
        if response.changed() {
            (state.dismissed, state.asked, state.chosen) = (false, false, None);
        }
        super::focus::keep_at_enter(ui, &response);
        let entered = super::focus::entered(ui.ctx()) == Some(id);
        settled |= entered;
        if std::mem::take(&mut state.resume) {
            at_the_end(ui, id, text);
            state.focus = true;
        }
        if std::mem::take(&mut state.focus) {
            response.request_focus();
        }
        settled |= self.clear(ui, rect, &response, text);

        // On the click that chooses a suggestion the field has just lost the focus.
        let open = response.has_focus() || (response.lost_focus() && ui.input(|i| i.pointer.any_click()));
        let list = list.filter(|_| open);
        if let Some(list) = &list {
            // After the text, whose own filter would let Tab and Esc go.
            let filter =
                EventFilter { tab: true, escape: true, vertical_arrows: true, horizontal_arrows: true };
            ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
            if let Some(at) = self.suggestions(ui, rect, id, text, state, list) {
                settled |= accept(ui, id, text, list, at, state);
            }
        }
        let changed = *text != before;
        let typing = (state.typing || changed) && !settled && (response.has_focus() || state.focus);
        if typing != state.typing {
            state.typing = typing;
            ui.ctx().request_repaint();
        }
        self.describe(ui, &response, id, state, list.as_ref());
        QueryResponse { changed, settled, entered, response }
    }

    /// Finds what could stand at the caret, and takes the keys of the list before the text sees them.
    fn keys(
        &self,
        ui: &Ui,
        id: Id,
        text: &mut String,
        state: &mut QueryFieldState,
        settled: &mut bool,
    ) -> Option<Completion> {
        if !ui.memory(|m| m.has_focus(id)) {
            state.asked = false;
            return None;
        }
        let at = TextEditState::load(ui.ctx(), id)
            .and_then(|state| state.cursor.char_range())
            .map_or(text.len(), |range| byte_of(text, range.primary.index.into()));
        let pressed = |key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
        let find = |text: &str, asked: bool| Completion::at(text, at, self.fields, self.values, asked);
        let list = if state.dismissed { None } else { find(text, state.asked) };
        let Some(list) = list else {
            state.chosen = None;
            if pressed(Key::ArrowDown) {
                (state.dismissed, state.asked) = (false, true);
                ui.ctx().request_repaint();
            }
            return None;
        };
        let last = list.list.len() - 1;
        state.chosen = state.chosen.map(|chosen| chosen.min(last));
        if pressed(Key::ArrowDown) {
            state.chosen = Some(state.chosen.map_or(0, |chosen| (chosen + 1).min(last)));
        }
        if pressed(Key::ArrowUp) {
            state.chosen = state.chosen.and_then(|chosen| chosen.checked_sub(1));
        }
        if pressed(Key::Escape) {
            (state.dismissed, state.asked, state.chosen) = (true, false, None);
            return None;
        }
        let take = pressed(Key::Tab) || state.chosen.is_some() && pressed(Key::Enter);
        if take {
            *settled |= accept(ui, id, text, &list, state.chosen.unwrap_or(0), state);
            return None;
        }
        Some(list)
    }

    fn clear(&self, ui: &mut Ui, rect: Rect, response: &Response, text: &mut String) -> bool {
        if text.is_empty() {
            return false;
        }
        let at = Rect::from_center_size(pos2(rect.right() - 16.0, rect.center().y), vec2(24.0, 24.0));
        let builder = UiBuilder::new().id_salt(("clear", self.name)).max_rect(at);
        let clear = ui
            .scope_builder(builder, |ui| IconButton::new(icons::CLOSE, "Clear the filter").small().show(ui));
        if !clear.inner.clicked() {
            return false;
        }
        text.clear();
        response.request_focus();
        true
    }

    /// The list; returns the suggestion that was clicked.
    fn suggestions(
        &self,
        ui: &Ui,
        field: Rect,
        id: Id,
        text: &str,
        state: &QueryFieldState,
        list: &Completion,
    ) -> Option<usize> {
        let t = tokens(ui);
        let before = text.get(..list.range.start).unwrap_or_default();
        let galley = ui.painter().layout_job(coloured(before, None, t));
        let left = (field.left() + LEAD - 12.0 + galley.size().x).min(field.right() - LIST).max(field.left());
        let frame = Frame::new()
            .fill(t.raised)
            .stroke((1.0, t.hairline))
            .corner_radius(size::RADIUS_CARD)
            .inner_margin(Margin::same(4))
            .shadow(ui.visuals().popup_shadow);
        let area = Area::new(id.with("suggestions"))
            .order(Order::Foreground)
            .fixed_pos(pos2(left.round(), field.bottom() + 4.0))
            .constrain(true);
        let mut clicked = None;
        area.show(ui.ctx(), |ui| {
            frame.show(ui, |ui| {
                let node = id.with("list");
                let name = if list.fields { "Fields" } else { "Values" };
                let builder = UiBuilder::new().scope_id(node).accessibility_role(Role::ListBox);
                ui.scope_builder(builder.accessibility_label(name), |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    ui.set_width(LIST - 10.0);
                    for (i, suggestion) in list.list.iter().enumerate() {
                        if self.option(ui, id, i, suggestion, state.chosen == Some(i)) {
                            clicked = Some(i);
                        }
                    }
                    let words = "Tab takes it, Esc closes";
                    let (rect, _) = ui.allocate_exact_size(vec2(LIST - 10.0, 22.0), Sense::hover());
                    let hint = line(ui.painter(), words, TextRole::Small, t.text_2, rect.width() - 16.0);
                    put_left(ui.painter(), rect.left() + 8.0, rect.center().y, hint);
                });
            });
        });
        clicked
    }

    fn option(&self, ui: &mut Ui, id: Id, at: usize, suggestion: &Suggestion, on: bool) -> bool {
        let t = tokens(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(LIST - 10.0, 24.0), Sense::hover());
        let response = ui.interact(rect, option_id(id, at), Sense::CLICK);
        let words = match suggestion.count {
            Some(1) => format!("{}, 1 found", suggestion.text),
            Some(count) => format!("{}, {} found", suggestion.text, thousands(count)),
            None => suggestion.text.clone(),
        };
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, on, &words));
        if on || response.hovered() {
            ui.painter().rect_filled(rect, size::RADIUS, if on { t.selected } else { t.hover });
        }
        if on {
            let edge = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
            ui.painter().rect_filled(edge, 0, t.accent);
        }
        let count = suggestion.count.map(thousands).unwrap_or_default();
        let count = line(ui.painter(), count, TextRole::SmallMono, t.text_2, 90.0);
        let room = rect.width() - 24.0 - count.size().x;
        put_right(ui.painter(), rect.right() - 8.0, rect.center().y, count);
        let text = line(ui.painter(), suggestion.text.as_str(), TextRole::Mono, t.text, room);
        put_left(ui.painter(), rect.left() + 8.0, rect.center().y, text);
        response.clicked()
    }

    fn describe(
        &self,
        ui: &Ui,
        response: &Response,
        id: Id,
        state: &QueryFieldState,
        list: Option<&Completion>,
    ) {
        let wrong = self.wrong.map(QueryError::sentence);
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_label(self.name);
            node.set_role(Role::SearchInput);
            node.set_auto_complete(AutoComplete::List);
            node.set_has_popup(HasPopup::Listbox);
            node.set_expanded(list.is_some());
            if list.is_some() {
                node.push_controlled(id.with("list").accesskit_id());
            }
            if let Some(chosen) = state.chosen.filter(|_| list.is_some()) {
                node.set_active_descendant(option_id(id, chosen).accesskit_id());
            }
            if let Some(words) = wrong {
                node.set_description(words);
                node.set_invalid(Invalid::True);
            }
        });
    }
}

fn option_id(field: Id, at: usize) -> Id {
    field.with(("suggestion", at))
}

/// Puts a suggestion into the text; tells whether the query is whole with it.
fn accept(
    ui: &Ui,
    id: Id,
    text: &mut String,
    list: &Completion,
    at: usize,
    state: &mut QueryFieldState,
) -> bool {
    let Some(chosen) = list.list.get(at) else { return false };
    text.replace_range(list.range.clone(), &chosen.text);
    let caret = text[..list.range.start + chosen.text.len()].chars().count();
    let mut edit = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    edit.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(caret))));
    edit.store(ui.ctx(), id);
    // After a field its values are offered at once; after a value nothing is until more is typed.
    (state.chosen, state.asked, state.dismissed) = (None, false, !list.fields);
    // In the next pass: where it was clicked, the click still takes the focus away from the text in this one.
    state.focus = true;
    ui.ctx().request_repaint();
    !list.fields
}

/// The caret behind what is written and a space, so that what is typed next is a word of its own.
fn at_the_end(ui: &Ui, id: Id, text: &mut String) {
    if ui.memory(|memory| memory.has_focus(id)) {
        return;
    }
    if !text.is_empty() && !text.ends_with(' ') {
        text.push(' ');
    }
    let mut edit = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    edit.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(text.chars().count()))));
    edit.store(ui.ctx(), id);
}

fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
}

/// The query in its colours, what is wrong underlined.
fn coloured(text: &str, wrong: Option<&Range<usize>>, t: &Tokens) -> LayoutJob {
    let whole = |range: &Range<usize>| text.is_char_boundary(range.start) && text.is_char_boundary(range.end);
    let wrong = wrong.map(|range| at_least_a_letter(text, range)).filter(whole);
    let mut job = LayoutJob::default();
    let mut append = |range: Range<usize>, colour| {
        for (part, bad) in parts(range, wrong.as_ref()) {
            let mut format = TextFormat::simple(font(TextRole::Mono), colour);
            if bad {
                format.underline = Stroke::new(2.0, t.critical);
            }
            job.append(text.get(part).unwrap_or_default(), 0.0, format);
        }
    };
    let mut at = 0;
    for token in highlight(text) {
        append(at..token.range.start, t.text);
        at = token.range.end;
        let colour = match token.kind {
            TokenKind::Field => t.accent,
            TokenKind::Mark | TokenKind::Keyword => t.text_2,
            TokenKind::Value | TokenKind::Text => t.text,
        };
        append(token.range, colour);
    }
    append(at..text.len(), t.text);
    job.wrap.max_width = f32::INFINITY;
    job.break_on_newline = false;
    job
}

/// The range to underline: where something is missing, the letter before it.
fn at_least_a_letter(text: &str, range: &Range<usize>) -> Range<usize> {
    let end = range.end.min(text.len());
    if range.start < end {
        return range.start..end;
    }
    let start =
        text.get(..end).and_then(|before| before.char_indices().next_back()).map_or(end, |(at, _)| at);
    start..end
}

/// `range` in up to three pieces, each wholly inside or outside `wrong`.
fn parts(range: Range<usize>, wrong: Option<&Range<usize>>) -> Vec<(Range<usize>, bool)> {
    let Some(wrong) = wrong else { return vec![(range, false)] };
    let (from, to) = (wrong.start.clamp(range.start, range.end), wrong.end.clamp(range.start, range.end));
    let pieces = [(range.start..from, false), (from..to, true), (to..range.end, false)];
    pieces.into_iter().filter(|(piece, _)| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests;
