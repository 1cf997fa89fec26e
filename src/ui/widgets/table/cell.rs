//! A cell that is being filled: the caller says what is in it, the table says where and in which colours.

use crate::ui::theme::{TextRole, Tokens, icons::Icon, size, tokens};
use crate::ui::widgets::paint::{icon, line, put_left, put_right};
use crate::ui::widgets::status::{Due, Severity, paint_severity};
use egui::{Color32, Id, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2};

/// One visible cell.
pub struct Cell<'a> {
    ui: &'a mut Ui,
    row: usize,
    column: usize,
    rect: Rect,
    right: bool,
    selected: bool,
    hovered: bool,
    /// A box stands here: paint nothing, only say what is in it.
    hidden: bool,
    said: String,
    /// What is said of it under the pointer.
    hint: Option<String>,
    /// How far it is filled.
    x: f32,
}

impl<'a> Cell<'a> {
    #[allow(clippy::too_many_arguments, reason = "the parts of one picture, passed once")]
    pub(super) fn show(
        ui: &'a mut Ui,
        row_id: Id,
        row: usize,
        column: usize,
        rect: Rect,
        (right, selected, hovered): (bool, bool, bool),
        hidden: bool,
        fill: &mut dyn FnMut(&mut Cell<'_>),
    ) -> bool {
        let response = ui.interact(rect, row_id.with(("cell", column)), Sense::hover());
        let x = if right { rect.right() } else { rect.left() };
        let (said, hint) = (String::new(), None);
        let mut cell = Cell { ui, row, column, rect, right, selected, hovered, hidden, said, hint, x };
        fill(&mut cell);
        let Cell { ui, said, hint, .. } = cell;
        response.widget_info(|| WidgetInfo::labeled(Role::Cell, true, &said));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_row_index(row);
            node.set_column_index(column);
        });
        if let Some(hint) = hint {
            response.on_hover_text(hint);
        }
        !said.is_empty()
    }

    /// The row's index.
    #[must_use]
    pub fn row(&self) -> usize {
        self.row
    }

    /// The column's index.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// Whether the row is selected.
    #[must_use]
    pub fn selected(&self) -> bool {
        self.selected
    }

    /// Whether the pointer is on the row.
    #[must_use]
    pub fn hovered(&self) -> bool {
        self.hovered
    }

    /// The colours.
    #[must_use]
    pub fn tokens(&self) -> &'static Tokens {
        tokens(self.ui.ctx())
    }

    /// Secondary text; cut at the edge of the cell.
    pub fn text(&mut self, words: &str) {
        self.styled(TextRole::Body, self.tokens().text_2, words);
    }

    /// Secondary text that means more than it says: `said` is what the screen reader and the tooltip say.
    pub fn explained(&mut self, words: &str, said: &str) {
        let heard = std::mem::take(&mut self.said);
        self.text(words);
        self.said = heard;
        self.say(said);
        self.hint = Some(said.to_owned());
    }

    /// The name of the row: text colour, bold where selected.
    pub fn name(&mut self, words: &str) {
        let role = if self.selected { TextRole::BodyStrong } else { TextRole::Body };
        self.styled(role, self.tokens().text, words);
    }

    /// Times, counts, versions, hashes, as secondary text; `styled` makes them primary.
    pub fn mono(&mut self, words: &str) {
        self.styled(TextRole::Mono, self.tokens().text_2, words);
    }

    /// Text in any role and colour.
    pub fn styled(&mut self, role: TextRole, colour: Color32, words: &str) {
        self.say(words);
        if self.hidden {
            return;
        }
        let room = if self.right { self.x - self.rect.left() } else { self.rect.right() - self.x };
        let text = line(self.ui.painter(), words, role, colour, room.max(0.0));
        let middle = self.rect.center().y;
        self.x = if self.right {
            put_right(self.ui.painter(), self.x, middle, text) - size::ICON_GAP
        } else {
            put_left(self.ui.painter(), self.x, middle, text) + size::ICON_GAP
        };
    }

    /// An icon in 16 points; `name` is what it means.
    pub fn icon(&mut self, glyph: Icon, colour: Color32, name: &str) {
        self.say(name);
        self.glyph(glyph, size::ICON, colour);
    }

    /// A status: glyph of 14 points and words in one colour.
    pub fn icon_text(&mut self, glyph: Icon, words: &str, colour: Color32) {
        if self.right {
            self.styled(TextRole::Body, colour, words);
            self.glyph(glyph, size::ICON_SMALL, colour);
        } else {
            self.glyph(glyph, size::ICON_SMALL, colour);
            self.x -= 2.0;
            self.styled(TextRole::Body, colour, words);
        }
    }

    /// A due date.
    pub fn due(&mut self, due: Due, words: &str) {
        let (glyph, colour) = due.look(self.tokens());
        self.icon_text(glyph, words, colour);
    }

    /// The mark of a severity.
    pub fn severity(&mut self, severity: Severity) {
        self.say(severity.word());
        if !self.hidden {
            let centre = pos2(self.x + 6.0, self.rect.center().y);
            paint_severity(self.ui.painter(), centre, severity);
            self.x += 18.0;
        }
    }

    /// An edge around the cell: the keyboard is at it.
    pub fn outline(&mut self) {
        let edge = (1.0, self.tokens().focus);
        let around = self.rect.expand2(egui::vec2(4.0, -3.0));
        self.ui.painter().rect_stroke(around, size::RADIUS, edge, egui::StrokeKind::Inside);
    }

    /// Anything else; `said` is what the screen reader says of it.
    pub fn ui(&mut self, said: &str, contents: impl FnOnce(&mut Ui)) {
        self.say(said);
        if !self.hidden {
            let layout = egui::Layout::left_to_right(egui::Align::Center);
            self.ui.scope_builder(UiBuilder::new().max_rect(self.rect).layout(layout), contents);
        }
    }

    fn glyph(&mut self, glyph: Icon, side: f32, colour: Color32) {
        if self.hidden {
            return;
        }
        let half = if self.right { -side / 2.0 } else { side / 2.0 };
        icon(self.ui.painter(), pos2(self.x + half, self.rect.center().y), glyph, side, colour);
        self.x += 2.0 * half + if self.right { -size::ICON_GAP } else { size::ICON_GAP };
    }

    fn say(&mut self, words: &str) {
        if !self.said.is_empty() {
            self.said.push(' ');
        }
        self.said.push_str(words);
    }
}
