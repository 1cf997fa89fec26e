//! The Keys page: the inventory, narrowed by a query and its facets, with one key open beside it.

mod actions;
mod bulk;
mod columns;
mod drawer;
mod facets;
mod kept;
mod keyboard;
mod list;
mod paint;
mod past;
mod table;
mod top;
mod words;

pub(in crate::ui) use actions::{May, of_key};
pub(in crate::ui) use words::due_look;

use std::sync::Arc;

use egui::{Rect, Ui, pos2, vec2};

use crate::app::platform::paths::Columns;
use crate::app::{Ticket, UnlockedView};
use crate::model::search::{Sort, SortBy};
use crate::model::{KeyId, KeyRecord};
use crate::ui::frame::{DialogRequest, Frame, Intent};
use crate::ui::theme::{icons, size};
use crate::ui::widgets::{EmptyState, Pane, QueryFieldState, TableState, Tone, context_menu, pane};
use crate::vault::VaultError;

pub use kept::Kept;

use super::pages::is_narrow;
use super::pages::rows::Typed;
use paint::{place, place_with, tokens};
use table::Room;

/// The width of the facets' column.
const FACETS: f32 = 192.0;

/// What the page remembers between frames. It holds names of keys: [`State::forget`] at a lock.
pub struct State {
    query: String,
    sort: Sort,
    table: TableState,
    field: QueryFieldState,
    groups: facets::Groups,
    /// The column of the facets was hidden; on a small window: its popover is to open or close.
    facets_hidden: bool,
    facets_turned: bool,
    list: list::List,
    drawer: drawer::Drawer,
    open: Option<KeyId>,
    /// Bring the open key into view once the list is there.
    jump: bool,
    /// The page is as it was before a lock: going to the open key leaves the selection.
    returning: bool,
    typed: Typed,
    /// Which columns there are and how wide: the workstation's, kept over a lock.
    columns: Columns,
    /// A reading that was asked for: its ticket, of what, and whether to copy.
    reading: Option<(Ticket, KeyId, Option<u32>, bool)>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            query: String::new(),
            sort: Sort { by: SortBy::Due, descending: false },
            table: TableState::default(),
            field: QueryFieldState::default(),
            groups: facets::Groups::default(),
            facets_hidden: false,
            facets_turned: false,
            list: list::List::default(),
            drawer: drawer::Drawer::default(),
            open: None,
            jump: false,
            returning: false,
            typed: Typed::default(),
            columns: Columns::default(),
            reading: None,
        }
    }
}

impl State {
    /// Narrows the list to this query.
    pub fn set_query(&mut self, query: &str) {
        query.clone_into(&mut self.query);
        self.table.clear();
        self.table.cursor = None;
    }

    /// Opens a key beside the list.
    pub fn open_key(&mut self, key: KeyId) {
        self.open = Some(key);
        self.jump = true;
    }

    /// Closes the key that is open.
    pub fn close_drawer(&mut self) {
        self.open = None;
    }

    /// The key that is open.
    #[must_use]
    pub fn opened(&self) -> Option<KeyId> {
        self.open
    }

    /// The key that what is asked of one is about: the open one, else that of the cursor, else the only one that is selected.
    #[must_use]
    pub fn chosen(&self, view: &UnlockedView) -> Option<KeyId> {
        let open = self.open.filter(|id| view.keys.get(*id).is_some());
        open.or_else(|| self.pointed_at(view).map(|key| key.id))
    }

    /// The key of the cursor. After a lock there is none: then the only one that is selected and shown.
    fn pointed_at<'a>(&self, view: &'a UnlockedView) -> Option<&'a Arc<KeyRecord>> {
        let hits = &self.list.hits;
        let cursor = self.table.cursor.and_then(|row| table::record(view, hits, row));
        let only = || {
            let mut shown = (0..hits.len()).filter_map(|row| table::record(view, hits, row));
            shown.find(|key| self.table.is_selected(table::number(key.id)))
        };
        cursor.or_else(|| (self.table.selected.len() == 1).then(only).flatten())
    }

    /// How many keys are shown, and how many are selected: for the status bar.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        (self.list.hits.len(), self.table.selected.len())
    }

    /// The columns as the workstation remembers them.
    pub fn set_columns(&mut self, columns: Columns) {
        self.columns = columns;
    }

    /// Drops everything that is the vault's. What must survive a lock was kept before.
    pub fn forget(&mut self) {
        let columns = std::mem::take(&mut self.columns);
        *self = Self { columns, ..Self::default() };
    }

    /// How often the list was made anew: for tests of the cache.
    #[doc(hidden)]
    #[must_use]
    pub fn times_made(&self) -> u64 {
        self.list.made
    }
}

/// Shows the page in all the room there is, to the edges.
pub fn show(ui: &mut Ui, frame: &Frame<'_>, state: &mut State) -> Vec<Intent> {
    let Some(view) = frame.unlocked() else { return Vec::new() };
    let mut intents = Vec::new();
    let page = ui.max_rect();
    let narrow = is_narrow(ui);
    state.list.refresh(view, frame.snapshot.serial, frame.now, &state.query, state.sort);
    settle(view, state);
    answers(frame, state, &mut intents);

    let may = May::of(view);
    let head = Rect::from_min_size(page.min, vec2(page.width(), size::PAGE_HEAD));
    place(ui, "head", head.shrink2(vec2(size::PAGE_PADDING, 0.0)), |ui| {
        top::head(ui, view, state, may, &mut intents);
    });
    if view.keys.is_empty() {
        let body = Rect::from_min_max(pos2(page.left(), head.bottom()), page.max);
        place(ui, "no keys", body, |ui| top::empty(ui, may, &mut intents));
        return intents;
    }

    let before = state.query.clone();
    let top = top::query_row(
        ui,
        Rect::from_min_max(pos2(page.left(), head.bottom()), page.max),
        view,
        state,
        narrow,
        &mut intents,
    );
    let t = tokens(ui);
    ui.painter().hline(page.x_range(), top - 0.5, (1.0, t.hairline));
    let mut body = Rect::from_min_max(pos2(page.left(), top), page.max);
    let open = state.open.and_then(|id| view.keys.get(id)).cloned();
    let beside = open.as_ref().map(|key| (key, drawer_place(body, narrow)));
    if let Some((key, (rect, true))) = beside {
        drawer(ui, frame, view, state, key, (rect, true), &mut intents);
        keyboard::keyboard(ui, frame, view, state, &mut intents);
        return intents;
    }
    if let Some((_, (rect, _))) = beside {
        body.max.x = rect.left() - 1.0;
    }
    if !narrow && !state.facets_hidden {
        let column = Rect::from_min_size(body.min, vec2(FACETS, body.height()));
        let inside = Rect::from_min_max(column.min + vec2(16.0, 8.0), column.max - vec2(1.0, 1.0));
        pane(ui, Pane::Facets);
        if let Some(query) =
            place(ui, "facets", inside, |ui| facets::show(ui, &state.list, &mut state.groups))
        {
            state.query = query;
        }
        ui.painter().vline(column.right() - 0.5, column.y_range(), (1.0, t.hairline));
        body.min.x = column.right();
    }
    let room = match (open.is_some(), narrow) {
        (false, _) if body.width() >= 880.0 => Room::Wide,
        (true, false) | (false, _) if body.width() >= 520.0 => Room::Beside,
        _ => Room::Narrow,
    };
    keys(ui, frame, view, state, body, room, &mut intents);
    // After the list, as it is read and as Tab goes.
    if let Some((key, place)) = beside {
        drawer(ui, frame, view, state, key, place, &mut intents);
    }
    keyboard::keyboard(ui, frame, view, state, &mut intents);
    if state.query != before {
        ui.ctx().request_repaint();
    }
    intents
}

/// Where the drawer stands, and whether it takes the whole body.
fn drawer_place(body: Rect, narrow: bool) -> (Rect, bool) {
    let wide = if narrow { 360.0 } else { 376.0 };
    let whole = body.width() < wide + 320.0;
    let left = if whole { body.left() } else { body.right() - wide };
    (Rect::from_min_max(pos2(left, body.top()), body.max), whole)
}

/// The open key, and what was asked for there.
fn drawer(
    ui: &mut Ui,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
    key: &Arc<KeyRecord>,
    (rect, whole): (Rect, bool),
    intents: &mut Vec<Intent>,
) {
    ui.painter().vline(rect.left().round() - 0.5, rect.y_range(), (1.0, tokens(ui).hairline));
    pane(ui, Pane::Drawer);
    let asked = place(ui, "drawer", rect, |ui| state.drawer.show(ui, frame, view, key, whole, intents));
    match asked {
        drawer::Asked::Nothing => {}
        drawer::Asked::Close => close(state),
        drawer::Asked::Read { version, copy } => ask(frame, view, state, key.id, version, copy, intents),
    }
}

/// Keeps the cursor on the open key where that is wanted, and drops what is gone.
fn settle(view: &UnlockedView, state: &mut State) {
    if state.open.is_some_and(|id| view.keys.get(id).is_none()) {
        state.open = None;
    }
    let Some(id) = state.open.filter(|_| std::mem::take(&mut state.jump)) else { return };
    let place = |state: &State| {
        let hits = &state.list.hits;
        (0..hits.len()).find(|row| table::record(view, hits, *row).is_some_and(|key| key.id == id))
    };
    match place(state) {
        Some(row) => {
            let selected = state.returning.then(|| std::mem::take(&mut state.table.selected));
            state.table.go_to(row, table::number(id));
            if let Some(selected) = selected {
                state.table.selected = selected;
            }
            state.returning = false;
        }
        // It is not in the list that is shown: show all.
        None if !state.query.is_empty() && !std::mem::take(&mut state.returning) => {
            state.query.clear();
            state.jump = true;
        }
        None => {}
    }
}

/// What came of a reading that was asked for here.
fn answers(frame: &Frame<'_>, state: &mut State, intents: &mut Vec<Intent>) {
    let Some((ticket, key, version, copy)) = state.reading else { return };
    let Some(reply) = frame.reply(Some(ticket)) else { return };
    state.reading = None;
    match &reply.result {
        Ok(_) if copy => {
            let seconds = frame.unlocked().map_or(0, |view| view.view.settings.clipboard_s);
            intents.push(Intent::Toast(Tone::Ok, format!("Copied. Clipboard clears in {seconds} s.")));
        }
        Err(VaultError::PasswordNeeded | VaultError::ReasonNeeded) => {
            let request =
                if copy { DialogRequest::Copy(key, version) } else { DialogRequest::Reveal(key, version) };
            intents.push(Intent::Open(request));
        }
        // Other failures are told by the frame around the page.
        _ => {}
    }
}

fn ask(
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
    key: KeyId,
    version: Option<u32>,
    copy: bool,
    intents: &mut Vec<Intent>,
) {
    let (intent, ticket) = actions::read(frame, view, key, version, copy);
    state.reading = ticket.map(|ticket| (ticket, key, version, copy));
    intents.push(intent);
}

fn close(state: &mut State) {
    state.open = None;
}

/// The table, or the words in its place, and the bar of a selection below it.
fn keys(
    ui: &mut Ui,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
    rect: Rect,
    room: Room,
    intents: &mut Vec<Intent>,
) {
    let t = tokens(ui);
    let mut rect = rect;
    if state.table.selected.len() > 1 {
        let bar = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 44.0), rect.max);
        rect.max.y = bar.top();
        ui.painter().rect_filled(bar, 0, if t.dark { t.raised } else { t.bg });
        ui.painter().hline(bar.x_range(), bar.top() + 0.5, (1.0, t.hairline));
        let inside = bar.shrink2(vec2(12.0, 8.0));
        let said = place_with(ui, "bulk", inside, egui::Layout::left_to_right(egui::Align::Center), |ui| {
            bulk::show(ui, frame, view, &state.list, &mut state.table)
        });
        intents.extend(said);
    }
    if state.list.hits.is_empty() {
        place(ui, "no hits", rect, |ui| {
            let title = "No keys match";
            let words = format!("Nothing fits \u{201C}{}\u{201D}.", state.query.trim());
            if EmptyState::new(icons::FILTER, title, &words).primary("Clear the filter").show(ui).is_some() {
                state.query.clear();
            }
        });
        return;
    }
    let mut sort = state.sort;
    let list = &state.list;
    let table = &mut state.table;
    let columns = &mut state.columns;
    pane(ui, Pane::Table);
    let (out, settled) = place(ui, "table", rect, |ui| {
        table::show(ui, view, &list.hits, frame.now, room, columns, &mut sort, table)
    });
    if settled {
        intents.push(Intent::SetColumns(state.columns.clone()));
    }
    state.sort = sort;
    let State { list, table, typed, .. } = state;
    let name = |row| table::record(view, &list.hits, row).map(|key| key.name.clone());
    let number = |row| table::record(view, &list.hits, row).map_or(0, |key| table::number(key.id));
    let typed = out.response.has_focus() && typed.follow(ui, table, list.hits.len(), name, number);
    let key_at = |state: &State, row: Option<usize>| {
        row.and_then(|row| table::record(view, &state.list.hits, row)).map(|key| key.id)
    };
    let by_mouse = out.selection_changed && ui.input(|i| i.pointer.primary_released());
    let pointed = by_mouse && {
        let at = ui.input(|i| i.pointer.interact_pos());
        let plain = ui.input(|i| i.modifiers.is_none());
        plain && at.is_some_and(|at| at.x > rect.left() + 32.0 && at.y > rect.top() + size::HEADER)
    };
    if pointed {
        state.open = key_at(state, state.table.cursor);
    } else if let Some(id) = key_at(state, out.opened) {
        state.open = Some(id);
    } else if out.moved.is_some() && state.open.is_some() && !by_mouse {
        state.open = key_at(state, out.moved);
    } else if typed && state.open.is_some() {
        state.open = key_at(state, state.table.cursor);
    }
    if let Some((row, response)) = out.menu
        && let Some(key) = table::record(view, &state.list.hits, row)
    {
        let may = May::of(view);
        let several = state.table.selected.len() > 1;
        context_menu(&response, |ui| {
            if several {
                bulk::context_items(ui, frame, view, &state.list, &state.table, intents);
            } else {
                actions::key_menu(ui, frame, view, key, may, intents);
            }
        });
    }
}
