//! The query field: coloured as it is typed, completed on request, with what is wrong said below it.

use super::paint::{icon, tokens};
use crate::model::search::{Caret, FIELDS, TokenKind, caret, highlight};
use crate::ui::theme::{TextRole, Tokens, font, icons, size};
use crate::ui::widgets::IconButton;
use egui::text::{CCursor, CCursorRange, LayoutJob, TextFormat};
use egui::text_edit::TextEditState;
use egui::{
    Area, Color32, EventFilter, Frame, Id, Key, Margin, Modifiers, Order, Rect, Response, Role, Sense,
    StrokeKind, TextEdit, Ui, WidgetInfo, pos2, vec2,
};

/// The most suggestions shown at once.
const MOST: usize = 8;

/// What the field remembers between frames.
#[derive(Default)]
pub(super) struct QueryField {
    /// Which suggestion is chosen, while suggestions show.
    chosen: Option<usize>,
    /// Suggestions were sent away until something is typed.
    dismissed: bool,
    /// Take the focus in the next frame.
    pub focus: bool,
}

impl QueryField {
    /// Shows the field over `width`. `values` are the values known for a field.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        text: &mut String,
        width: f32,
        wrong: Option<&str>,
        values: &dyn Fn(&str) -> Vec<String>,
    ) -> Response {
        let t = tokens(ui);
        let rect = Rect::from_min_size(ui.cursor().min, vec2(width, size::CONTROL));
        let id = ui.make_persistent_id("key query");
        let completing = self.before(ui, id, text, values);
        let margin = Margin { left: 32, right: 30, top: 0, bottom: 0 };
        let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, _: f32| {
            ui.fonts_mut(|fonts| fonts.layout_job(coloured(text.as_str(), t)))
        };
        let hint = egui::RichText::new("Filter keys").color(t.text_3).font(font(TextRole::Body));
        let back = ui.painter().add(egui::Shape::Noop);
        let edit = TextEdit::singleline(text)
            .id(id)
            .hint_text(hint)
            .char_limit(1000)
            .desired_width(width - 62.0)
            .min_size(rect.size())
            .align(egui::Align2::LEFT_CENTER)
            .frame(Frame::NONE.inner_margin(margin))
            .layouter(&mut layouter);
        let response = ui.put(rect, edit);
        let colour = if response.hovered() { t.text_2 } else { t.border_strong };
        let edge = if wrong.is_some() { (2.0, t.critical) } else { (1.0, colour) };
        let shape = egui::epaint::RectShape::new(rect, size::RADIUS, t.field, edge, StrokeKind::Inside);
        ui.painter().set(back, shape);
        icon(ui.painter(), pos2(rect.left() + 16.0, rect.center().y), icons::FILTER, size::ICON, t.text_2);
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_label("Filter keys");
            node.set_role(Role::SearchInput);
            if let Some(words) = wrong {
                node.set_description(words);
                node.set_invalid(egui::accesskit::Invalid::True);
            }
        });
        if response.changed() {
            (self.dismissed, self.chosen) = (false, None);
        }
        if std::mem::take(&mut self.focus) {
            response.request_focus();
        }
        if !text.is_empty() {
            let place = Rect::from_center_size(pos2(rect.right() - 16.0, rect.center().y), vec2(24.0, 24.0));
            let clear = ui.scope_builder(egui::UiBuilder::new().max_rect(place), |ui| {
                IconButton::new(icons::CLOSE, "Clear filter").small().show(ui)
            });
            if clear.inner.clicked() {
                text.clear();
                response.request_focus();
            }
        }
        if let Some(list) = completing.filter(|_| response.has_focus()) {
            self.suggestions(ui, rect, id, text, &list);
        }
        response
    }

    /// Finds what could stand at the caret, and takes the keys of the list before the field sees them.
    fn before(
        &mut self,
        ui: &Ui,
        id: Id,
        text: &mut String,
        values: &dyn Fn(&str) -> Vec<String>,
    ) -> Option<Completion> {
        if !ui.memory(|m| m.has_focus(id)) || self.dismissed {
            return None;
        }
        let at = TextEditState::load(ui.ctx(), id)
            .and_then(|state| state.cursor.char_range())
            .map_or(text.len(), |range| byte_of(text, range.primary.index.into()));
        let list = Completion::at(text, at, values)?;
        let arrows =
            EventFilter { vertical_arrows: true, tab: self.chosen.is_some(), ..EventFilter::default() };
        let filter = EventFilter { horizontal_arrows: true, ..arrows };
        ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
        let (down, up, take, away) = ui.input_mut(|i| {
            let chosen = self.chosen.is_some();
            (
                i.consume_key(Modifiers::NONE, Key::ArrowDown),
                i.consume_key(Modifiers::NONE, Key::ArrowUp),
                chosen
                    && (i.consume_key(Modifiers::NONE, Key::Enter)
                        || i.consume_key(Modifiers::NONE, Key::Tab)),
                chosen && i.consume_key(Modifiers::NONE, Key::Escape),
            )
        });
        let last = list.words.len() - 1;
        if down {
            self.chosen = Some(self.chosen.map_or(0, |at| (at + 1).min(last)));
        }
        if up {
            self.chosen = self.chosen.and_then(|at| at.checked_sub(1));
        }
        if away {
            (self.dismissed, self.chosen) = (true, None);
            return None;
        }
        if take {
            let chosen = self.chosen.unwrap_or(0).min(last);
            self.accept(ui, id, text, &list, chosen);
            return None;
        }
        Some(list)
    }

    fn accept(&mut self, ui: &Ui, id: Id, text: &mut String, list: &Completion, chosen: usize) {
        let Some(word) = list.words.get(chosen) else { return };
        text.replace_range(list.range.clone(), word);
        let caret = text[..list.range.start + word.len()].chars().count();
        let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
        state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(caret))));
        state.store(ui.ctx(), id);
        self.chosen = None;
        self.dismissed = !word.ends_with(':');
        ui.memory_mut(|m| m.request_focus(id));
    }

    fn suggestions(&mut self, ui: &mut Ui, field: Rect, id: Id, text: &mut String, list: &Completion) {
        let t = tokens(ui);
        let frame = Frame::new()
            .fill(t.raised)
            .stroke((1.0, t.hairline))
            .corner_radius(size::RADIUS_CARD)
            .inner_margin(Margin::same(4))
            .shadow(ui.visuals().popup_shadow);
        let mut taken = None;
        let area = Area::new(id.with("suggestions"))
            .order(Order::Foreground)
            .fixed_pos(pos2(field.left(), field.bottom() + 4.0))
            .constrain(true);
        area.show(ui.ctx(), |ui| {
            frame.show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                ui.set_width(240.0);
                for (i, word) in list.words.iter().enumerate() {
                    let (rect, response) = ui.allocate_exact_size(vec2(240.0, 24.0), Sense::CLICK);
                    let on = self.chosen == Some(i);
                    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, on, word));
                    if on || response.hovered() {
                        let fill = if on { t.selected } else { t.hover };
                        ui.painter().rect_filled(rect, size::RADIUS, fill);
                    }
                    let at = pos2(rect.left() + 8.0, rect.center().y);
                    super::paint::put(ui.painter(), at, TextRole::Mono, t.text, word, 220.0);
                    if response.clicked() {
                        taken = Some(i);
                    }
                }
            });
        });
        if let Some(chosen) = taken {
            self.accept(ui, id, text, list, chosen);
        }
    }
}

/// What could stand at the caret.
struct Completion {
    words: Vec<String>,
    range: std::ops::Range<usize>,
}

impl Completion {
    fn at(text: &str, at: usize, values: &dyn Fn(&str) -> Vec<String>) -> Option<Self> {
        let (range, words) = match caret(text, at) {
            Caret::Word { range } => {
                let typed = text.get(range.clone())?;
                if typed.is_empty() {
                    return None;
                }
                let words = FIELDS.iter().filter(|f| f.starts_with(typed)).map(|f| format!("{f}:"));
                (range, words.collect::<Vec<_>>())
            }
            Caret::Value { field, range } => {
                let typed = text.get(range.clone())?.to_lowercase();
                let fits = |v: &String| v.to_lowercase().starts_with(&typed) && *v != typed;
                (range, values(&field).into_iter().filter(fits).collect())
            }
        };
        let words: Vec<String> = words.into_iter().take(MOST).collect();
        (!words.is_empty()).then_some(Self { words, range })
    }
}

fn byte_of(text: &str, character: usize) -> usize {
    text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
}

/// The query in its colours.
fn coloured(text: &str, t: &Tokens) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut append = |words: &str, colour: Color32| {
        job.append(words, 0.0, TextFormat::simple(font(TextRole::Mono), colour));
    };
    let mut at = 0;
    for token in highlight(text) {
        append(text.get(at..token.range.start).unwrap_or_default(), t.text);
        let colour = match token.kind {
            TokenKind::Field => t.accent,
            TokenKind::Mark | TokenKind::Keyword => t.text_2,
            TokenKind::Value | TokenKind::Text => t.text,
        };
        append(text.get(token.range.clone()).unwrap_or_default(), colour);
        at = token.range.end;
    }
    append(text.get(at..).unwrap_or_default(), t.text);
    job.wrap.max_rows = 1;
    job.break_on_newline = false;
    job
}
