//! The table: rows of 28 points, only the visible ones built, one tab stop, and the roles a screen reader needs.
//!
//! It knows how many rows there are and asks for the cells it shows; it never sorts, filters or holds data. Selection is
//! by a key the caller gives each row, so that it survives another order.

mod cell;
mod edge;
mod keys;
mod state;

pub use cell::Cell;
pub use state::TableState;

use super::choice::{Tick, paint_checkbox};
use super::focus::{self, Ring};
use super::paint::{icon, line, put_left, tokens};
use crate::ui::theme::{TextRole, icons, size};
use egui::accesskit::SortDirection;
use egui::scroll_area::ScrollBarVisibility;
use egui::{
    Color32, Id, Rect, Response, Role, ScrollArea, Sense, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};
use std::ops::Range;

/// One column of a [`Table`].
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    title: &'a str,
    width: Option<f32>,
    right: bool,
    sortable: bool,
    check: bool,
    resizable: bool,
}

impl<'a> Column<'a> {
    /// A column that shares what width is left.
    #[must_use]
    pub const fn rest(title: &'a str) -> Self {
        Self { title, width: None, right: false, sortable: false, check: false, resizable: false }
    }

    /// A column of `width` points, padding included.
    #[must_use]
    pub const fn fixed(title: &'a str, width: f32) -> Self {
        Self { width: Some(width), ..Self::rest(title) }
    }

    /// The column of boxes (32 points). What its cell paints gives way to the box under the pointer and where selected.
    #[must_use]
    pub const fn check() -> Self {
        Self { check: true, ..Self::fixed("Select", 32.0) }
    }

    /// Right-aligned: numbers.
    #[must_use]
    pub const fn right(mut self) -> Self {
        self.right = true;
        self
    }

    /// Its width in points; `None` where it shares what is left.
    #[must_use]
    pub fn width(&self) -> Option<f32> {
        self.width
    }

    /// Its left edge can be drawn to make it wider or narrower: columns stand against the right edge of the table.
    #[must_use]
    pub const fn resizable(mut self) -> Self {
        self.resizable = true;
        self
    }

    /// Its header sorts.
    #[must_use]
    pub const fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }
}

/// A column that was made wider or narrower.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resized {
    /// Which.
    pub column: usize,
    /// How wide it is to be, in points; `None`: as wide as it was at first.
    pub width: Option<f32>,
    /// The hand let go: it is worth remembering.
    pub finished: bool,
}

/// What the operator did in a table in this frame.
#[derive(Debug)]
pub struct TableResponse {
    /// The table as a whole; `has_focus()`.
    pub response: Response,
    /// The header of this column was chosen: sort by it, or turn its order around.
    pub sort: Option<usize>,
    /// A column is to have another width.
    pub resized: Option<Resized>,
    /// This row was opened (Enter, double click).
    pub opened: Option<usize>,
    /// The cursor moved to this row.
    pub moved: Option<usize>,
    /// The selection is another one.
    pub selection_changed: bool,
    /// A context menu is wanted on this row.
    pub menu: Option<(usize, Response)>,
    /// The rows on the screen.
    pub visible: Range<usize>,
}

/// A table. Build it in every frame, `show` it with a [`TableState`] and a closure that fills cells.
#[must_use = "call show"]
pub struct Table<'a> {
    name: &'a str,
    columns: &'a [Column<'a>],
    rows: usize,
    sort: Option<(usize, bool)>,
    single: bool,
    framed: bool,
    key: &'a dyn Fn(usize) -> u64,
    group: &'a dyn Fn(usize) -> bool,
    marks: &'a [(usize, Color32)],
}

impl<'a> Table<'a> {
    /// `name` is what the screen reader calls it; it must be unique on the page.
    pub fn new(name: &'a str, columns: &'a [Column<'a>], rows: usize) -> Self {
        Self {
            name,
            columns,
            rows,
            sort: None,
            single: false,
            framed: false,
            key: &|row| row as u64,
            group: &|_| false,
            marks: &[],
        }
    }

    /// The column sorted by, and whether ascending.
    pub fn sort(mut self, sort: Option<(usize, bool)>) -> Self {
        self.sort = sort;
        self
    }

    /// At most one row is selected.
    pub fn single(mut self) -> Self {
        self.single = true;
        self
    }

    /// With an edge around it.
    pub fn framed(mut self) -> Self {
        self.framed = true;
        self
    }

    /// The key of a row, by which it is selected. Without it, its index.
    pub fn key(mut self, key: &'a dyn Fn(usize) -> u64) -> Self {
        self.key = key;
        self
    }

    /// Which rows are heads of groups: filled, one cell over the whole width, not selectable.
    pub fn group(mut self, group: &'a dyn Fn(usize) -> bool) -> Self {
        self.group = group;
        self
    }

    /// Rows to mark on the scroll bar.
    pub fn marks(mut self, marks: &'a [(usize, Color32)]) -> Self {
        self.marks = marks;
        self
    }

    /// Shows it in all the room there is. `fill` is called for each visible cell; a group row's only cell has column 0.
    pub fn show(
        self,
        ui: &mut Ui,
        state: &mut TableState,
        mut fill: impl FnMut(&mut Cell<'_>),
    ) -> TableResponse {
        let room = ui.available_size();
        let (outer, _) = ui.allocate_exact_size(room, Sense::hover());
        let id = ui.make_persistent_id(("table", self.name));
        let response = ui.interact(outer, id, Sense::focusable_noninteractive());
        if std::mem::take(&mut state.focus) {
            response.request_focus();
            state.cursor = state.cursor.or((self.rows > 0).then_some(0));
        }
        let t = tokens(ui);
        let inner = if self.framed { outer.shrink(1.0) } else { outer };
        let header = Rect::from_min_size(inner.min, vec2(inner.width(), size::HEADER));
        let body = Rect::from_min_max(pos2(inner.left(), header.bottom()), inner.max);
        let scrolls = self.rows as f32 * size::ROW > body.height();
        let bar = if scrolls { size::SCROLL_BAR } else { 0.0 };
        let places = self.places(inner.width() - bar);
        state.clamp(self.rows);
        state.active = None;

        let mut out = TableResponse {
            response: response.clone(),
            sort: None,
            resized: None,
            opened: None,
            moved: None,
            selection_changed: false,
            menu: None,
            visible: 0..0,
        };
        let page = (body.height() / size::ROW).floor().max(1.0) as usize;
        let scroll_to = keys::handle(&self, ui, &response, state, page, &mut out);

        let builder = UiBuilder::new().id_salt(("table", self.name)).max_rect(inner).accessibility_parent(id);
        let mut ui_in = ui.new_child(builder);
        self.header(&mut ui_in, header, &places, state, &mut out);
        self.body(&mut ui_in, body, &places, state, scroll_to, &mut fill, &mut out);
        if self.framed {
            super::paint::edge(ui.painter(), outer, size::RADIUS_CARD, t.hairline);
        }
        self.describe(ui, &response, state, id);
        if response.has_focus() && self.rows == 0 {
            focus::shape(ui, &response, body, 0, Ring::Inside);
        }
        out
    }

    /// Left edge and width of each column.
    fn places(&self, width: f32) -> Vec<(f32, f32)> {
        let fixed: f32 = self.columns.iter().filter_map(|c| c.width).sum();
        let shares = self.columns.iter().filter(|c| c.width.is_none()).count().max(1) as f32;
        let rest = ((width - fixed) / shares).max(48.0).floor();
        let mut x = 0.0;
        self.columns
            .iter()
            .map(|column| {
                let place = (x, column.width.unwrap_or(rest));
                x += place.1;
                place
            })
            .collect()
    }

    fn header(
        &self,
        ui: &mut Ui,
        rect: Rect,
        places: &[(f32, f32)],
        state: &mut TableState,
        out: &mut TableResponse,
    ) {
        let t = tokens(ui);
        let builder = UiBuilder::new().id_salt("header").max_rect(rect).accessibility_role(Role::Row);
        let ui = &mut ui.new_child(builder);
        for (i, (column, (x, width))) in self.columns.iter().zip(places).enumerate() {
            let cell = Rect::from_min_size(rect.min + vec2(*x, 0.0), vec2(*width, rect.height()));
            let active = column.sortable || (column.check && !self.single);
            let sense = if active { Sense::CLICK } else { Sense::hover() };
            let response = ui.interact(cell, ui.unique_id().with(("column", i)), sense);
            let sorted = self.sort.filter(|(by, _)| *by == i);
            response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, column.title));
            ui.ctx().accesskit_node_builder(response.id, |node| {
                node.set_column_index(i);
                if let Some((_, up)) = sorted {
                    node.set_sort_direction(if up {
                        SortDirection::Ascending
                    } else {
                        SortDirection::Descending
                    });
                }
            });
            if column.check {
                if !self.single {
                    let tick = state.tick(self);
                    paint_checkbox(
                        ui.painter(),
                        Rect::from_center_size(cell.center(), Vec2::splat(16.0)),
                        tick,
                    );
                    if response.clicked() {
                        self.select_all(state, tick != Tick::On);
                        out.selection_changed = true;
                    }
                }
            } else {
                self.title(ui, cell, column, sorted, response.hovered() && column.sortable);
                if response.clicked() && column.sortable {
                    out.sort = Some(i);
                }
            }
            if column.resizable {
                edge::show(ui, cell, i, column.width.unwrap_or(cell.width()), out);
            }
            if state.header == Some(i) && out.response.has_focus() {
                focus::shape(ui, &out.response, cell.shrink(1.0), size::RADIUS, Ring::Inside);
            }
        }
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, t.hairline));
    }

    fn title(&self, ui: &Ui, cell: Rect, column: &Column<'_>, sorted: Option<(usize, bool)>, hovered: bool) {
        let t = tokens(ui);
        let (role, colour) = match sorted {
            Some(_) => (TextRole::SmallStrong, t.text),
            None => (TextRole::Small, if hovered { t.text } else { t.text_2 }),
        };
        let arrow = if sorted.is_some() { 16.0 } else { 0.0 };
        let most = cell.width() - 2.0 * size::CELL_PADDING - arrow;
        let text = line(ui.painter(), column.title, role, colour, most.max(8.0));
        let width = text.size().x + arrow;
        let left = if column.right {
            cell.right() - size::CELL_PADDING - width
        } else {
            cell.left() + size::CELL_PADDING
        };
        let end = put_left(ui.painter(), left.round(), cell.center().y, text);
        if let Some((_, up)) = sorted {
            let glyph = if up { icons::ARROW_UP } else { icons::ARROW_DOWN };
            icon(ui.painter(), pos2(end + 9.0, cell.center().y), glyph, 12.0, t.text_2);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one picture, passed once")]
    fn body(
        &self,
        ui: &mut Ui,
        rect: Rect,
        places: &[(f32, f32)],
        state: &mut TableState,
        scroll_to: Option<usize>,
        fill: &mut dyn FnMut(&mut Cell<'_>),
        out: &mut TableResponse,
    ) {
        let mut ui = ui
            .new_child(UiBuilder::new().id_salt("body").max_rect(rect).accessibility_parent(out.response.id));
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        let total = self.rows as f32 * size::ROW;
        let width = if total > rect.height() { rect.width() - size::SCROLL_BAR } else { rect.width() };
        let area = ScrollArea::vertical()
            .id_salt("rows")
            .auto_shrink(false)
            .animated(false)
            .scroll_bar_visibility(ScrollBarVisibility::VisibleWhenNeeded);
        area.show_viewport(&mut ui, |ui, viewport| {
            ui.set_width(width);
            ui.set_height(total);
            let top = ui.max_rect().top();
            let first = (viewport.top() / size::ROW).floor().max(0.0) as usize;
            let last = ((viewport.bottom() / size::ROW).ceil().max(0.0) as usize).min(self.rows);
            out.visible = first..last.max(first);
            for row in first..last {
                let y = top + row as f32 * size::ROW;
                let place = Rect::from_min_size(pos2(rect.left(), y), vec2(width, size::ROW));
                self.row(ui, row, place, places, state, fill, out);
            }
            if let Some(row) = scroll_to {
                // Two rows of margin, so that the cursor is never at the very edge.
                let y = top + row as f32 * size::ROW;
                let margin = if rect.height() > 6.0 * size::ROW { 2.0 * size::ROW } else { 0.0 };
                let target = Rect::from_min_max(
                    pos2(rect.left(), y - margin),
                    pos2(rect.left() + 1.0, y + size::ROW + margin),
                );
                ui.scroll_to_rect(target, None);
            }
        });
        if total > rect.height() {
            for (row, colour) in self.marks {
                let y = rect.top() + (*row as f32 + 0.5) / self.rows as f32 * rect.height();
                let mark = Rect::from_min_size(
                    pos2(rect.right() - size::SCROLL_BAR, y - 1.0),
                    vec2(size::SCROLL_BAR, 2.0),
                );
                ui.painter().rect_filled(mark, 0, *colour);
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one picture, passed once")]
    fn row(
        &self,
        ui: &mut Ui,
        row: usize,
        rect: Rect,
        places: &[(f32, f32)],
        state: &mut TableState,
        fill: &mut dyn FnMut(&mut Cell<'_>),
        out: &mut TableResponse,
    ) {
        let t = tokens(ui);
        let group = (self.group)(row);
        let key = (self.key)(row);
        let id = row_id(out.response.id, row);
        let builder = UiBuilder::new()
            .scope_id(id)
            .max_rect(rect)
            .accessibility_parent(out.response.id)
            .accessibility_role(Role::Row);
        let mut row_ui = ui.new_child(builder);
        let pointer = row_ui.interact(rect, id.with("row"), Sense::CLICK);
        let hovered = pointer.contains_pointer() && !group;
        let selected = state.is_selected(key) && !group;
        let background = if group {
            if t.dark { t.raised } else { t.sunken }
        } else if selected {
            t.selected
        } else if hovered {
            t.hover
        } else if row % 2 == 1 {
            t.row_alt
        } else {
            Color32::TRANSPARENT
        };
        row_ui.painter().rect_filled(rect, 0, background);
        if selected {
            let edge = Rect::from_min_size(rect.min, vec2(3.0, rect.height()));
            row_ui.painter().rect_filled(edge, 0, t.accent);
        }
        if t.row_line != Color32::TRANSPARENT {
            row_ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, t.row_line));
        }
        row_ui.ctx().accesskit_node_builder(row_ui.unique_id(), |node| {
            node.set_row_index(row);
            if !group {
                node.set_selected(selected);
            }
        });
        if group {
            let inner = rect.shrink2(vec2(size::CELL_PADDING, 0.0));
            Cell::show(&mut row_ui, id, row, 0, inner, (false, false, false), false, fill);
        } else {
            for (i, (column, (x, width))) in self.columns.iter().zip(places).enumerate() {
                let place = Rect::from_min_size(rect.min + vec2(*x, 0.0), vec2(*width, rect.height()));
                let boxed = column.check && (selected || hovered);
                let inner = place.shrink2(vec2(size::CELL_PADDING, 0.0));
                let look = (column.right, selected, hovered);
                let drew = Cell::show(&mut row_ui, id, row, i, inner, look, boxed, fill);
                if column.check && (boxed || !drew) {
                    let tick = if selected { Tick::On } else { Tick::Off };
                    paint_checkbox(
                        row_ui.painter(),
                        Rect::from_center_size(place.center(), Vec2::splat(16.0)),
                        tick,
                    );
                }
            }
            if state.cursor == Some(row) && std::mem::take(&mut state.menu) {
                egui::Popup::open_id(ui.ctx(), egui::Popup::default_response_id(&pointer));
                if !state.is_selected(key) {
                    state.choose(self, row);
                    out.selection_changed = true;
                }
            }
            self.pointed(ui, row, &pointer, rect, places, state, out);
        }
        if state.cursor == Some(row) && state.header.is_none() && out.response.has_focus() {
            focus::shape(ui, &out.response, rect, 0, Ring::Inside);
            state.active = Some(row_ui.unique_id());
        }
    }

    /// Clicks: plain chooses, Ctrl adds, Shift extends, the box toggles.
    #[allow(clippy::too_many_arguments, reason = "the parts of one picture, passed once")]
    fn pointed(
        &self,
        ui: &Ui,
        row: usize,
        pointer: &Response,
        rect: Rect,
        places: &[(f32, f32)],
        state: &mut TableState,
        out: &mut TableResponse,
    ) {
        if pointer.secondary_clicked() {
            if !state.is_selected((self.key)(row)) {
                state.choose(self, row);
                out.selection_changed = true;
            }
            state.cursor = Some(row);
            out.menu = Some((row, pointer.clone()));
        } else if pointer.context_menu_opened() {
            out.menu = Some((row, pointer.clone()));
        }
        if !pointer.clicked() {
            return;
        }
        out.response.request_focus();
        let modifiers = ui.input(|i| i.modifiers);
        let x = pointer.interact_pointer_pos().map_or(f32::MAX, |pos| pos.x - rect.left());
        let on_box = self
            .columns
            .iter()
            .zip(places)
            .any(|(c, (left, width))| c.check && (*left..left + width).contains(&x));
        if modifiers.shift && !self.single {
            state.extend(self, row);
        } else if (modifiers.command || on_box) && !self.single {
            state.toggle(self, row);
        } else {
            state.choose(self, row);
        }
        out.moved = (state.cursor != Some(row)).then_some(row);
        state.cursor = Some(row);
        state.header = None;
        out.selection_changed = true;
        if pointer.double_clicked() {
            out.opened = Some(row);
        }
    }

    fn select_all(&self, state: &mut TableState, all: bool) {
        state.selected.clear();
        if all {
            state
                .selected
                .extend((0..self.rows).filter(|row| !(self.group)(*row)).map(|row| (self.key)(row)));
        }
    }

    fn describe(&self, ui: &Ui, response: &Response, state: &TableState, id: Id) {
        response.widget_info(|| WidgetInfo::labeled(Role::Table, true, self.name));
        let active = state.active;
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_row_count(self.rows);
            node.set_column_count(self.columns.len());
            if !self.single {
                node.set_multiselectable();
            }
            if let Some(active) = active {
                node.set_active_descendant(active.accesskit_id());
            }
        });
    }
}

fn row_id(table: Id, row: usize) -> Id {
    table.with(("table row", row))
}

#[cfg(test)]
mod tests;
