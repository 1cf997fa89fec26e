//! The audit log: a query, what it finds as bars, counts and rows, one event beside them; and whether the log holds.
//!
//! The query is the one truth: chips, facets, brush and context menu all edit it.

mod bar;
mod between;
mod copy;
mod drawer;
mod edit;
mod facet_list;
mod found;
mod hold;
mod integrity;
mod kept;
mod list;
mod numbers;
mod picture;
mod proof;
mod range;
mod strip;
mod waiting;

use super::pages::{is_narrow, place, t, tab_head};
use crate::app::{Ticket, UnlockedView};
use crate::audit::query::QueryError;
use crate::model::{KeyId, Object, Timestamp};
use crate::ui::frame::{DialogRequest, Frame, Intent};
use crate::ui::shell::commands::{UiCommand, pressed};
use crate::ui::theme::icons;
use crate::ui::widgets::{Button, HistogramState, Pane, QueryFieldState, TableState, pane};
use egui::{Rect, Ui, pos2, vec2};
use found::{Asked, Found, Span};

pub use kept::Kept;

/// Where chart, list and everything right of the facets begin.
const LEFT: f32 = 206.0;

/// What the page remembers between frames.
pub struct State {
    tab: usize,
    /// The query as typed.
    text: String,
    /// The last one that was understood; what is shown is its result.
    good: String,
    error: Option<QueryError>,
    /// A query that was asked for while drawing.
    next: Option<String>,
    field: QueryFieldState,
    /// When the text was last typed at and not yet read.
    typed_at: Option<f64>,
    /// Check the text as soon as there is a vault.
    unread: bool,
    range: usize,
    chart_shown: bool,
    zoom: Vec<Span>,
    wheel: f32,
    chart: HistogramState,
    found: Found,
    groups: facet_list::Groups,
    /// The column of the facets was hidden; on a small window: its popover is to open or close.
    facets_hidden: bool,
    facets_turned: bool,
    table: TableState,
    /// The table's node, to know whether it has the focus.
    table_id: Option<egui::Id>,
    /// The column the keyboard is at.
    column: usize,
    /// The column a context menu was opened on.
    menu_column: usize,
    /// The chart's numbers, where they are shown instead of it.
    numbers: TableState,
    numbers_shown: bool,
    /// What is typed for a range.
    typed: range::Typed,
    hold: hold::Hold,
    waiting: waiting::Waiting,
    /// How far the log is read, until it is: events read, and in all.
    reading: Option<(u64, u64)>,
    /// What the bar under the pointer or the cursor shows.
    bar_words: Option<String>,
    selected: Option<u64>,
    /// An event to bring into view as soon as it is found.
    wanted: Option<u64>,
    /// The event whose detail was asked for.
    asked: Option<u64>,
    closed: bool,
    /// Single letters and brackets are no shortcuts here.
    letters_off: bool,
    drawer_tab: usize,
    verify: Option<Ticket>,
    around: proof::Around,
    copying: copy::Copying,
    gaps: integrity::Gaps,
}

impl Default for State {
    fn default() -> Self {
        Self {
            tab: 0,
            text: String::new(),
            good: String::new(),
            error: None,
            next: None,
            field: QueryFieldState::default(),
            typed_at: None,
            unread: false,
            range: 2,
            chart_shown: true,
            zoom: Vec::new(),
            wheel: 0.0,
            chart: HistogramState::default(),
            found: Found::default(),
            groups: facet_list::Groups::default(),
            facets_hidden: false,
            facets_turned: false,
            table: TableState::default(),
            table_id: None,
            column: list::ACTION,
            menu_column: list::ACTION,
            numbers: TableState::default(),
            numbers_shown: false,
            typed: range::Typed::default(),
            hold: hold::Hold::default(),
            waiting: waiting::Waiting::default(),
            reading: None,
            bar_words: None,
            selected: None,
            wanted: None,
            asked: None,
            closed: false,
            letters_off: false,
            drawer_tab: 0,
            verify: None,
            around: proof::Around::default(),
            copying: copy::Copying::default(),
            gaps: integrity::Gaps::default(),
        }
    }
}

impl State {
    /// Asks this query, as another page or the palette wants it.
    pub fn ask(&mut self, query: &str) {
        self.tab = 0;
        self.set(query);
        if !query.is_empty() && crate::audit::query::without_time(query) == query.trim() {
            // A list elsewhere counted over all time: here it must be found too.
            self.range = found::RANGES.len() - 1;
        }
    }

    /// Opens this event.
    pub fn open(&mut self, seq: u64) {
        self.tab = 0;
        self.set("");
        self.range = found::RANGES.len() - 1;
        self.wanted = Some(seq);
    }

    /// Closes the event that is open.
    pub fn close_drawer(&mut self) {
        self.closed = true;
    }

    /// Opens the page on integrity.
    pub fn show_integrity(&mut self) {
        self.tab = 1;
    }

    /// The query as typed.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.text
    }

    /// How many events the list shows.
    #[must_use]
    pub fn shown(&self) -> usize {
        self.found.rows.len()
    }

    /// The event that is looked at.
    #[must_use]
    pub fn selected(&self) -> Option<u64> {
        self.selected
    }

    /// The key of the event that is open beside the list.
    #[must_use]
    pub fn chosen(&self, view: &UnlockedView) -> Option<KeyId> {
        let seq = self.selected.filter(|_| self.tab == 0 && !self.closed)?;
        let Object::Key { id, .. } = view.log.get(seq)?.event().object else { return None };
        view.keys.get(id).map(|key| key.id)
    }

    /// What the status bar says while this page is shown.
    #[must_use]
    pub fn status(&self) -> AuditStatus {
        AuditStatus {
            bar: self.bar_words.clone(),
            newer: self.hold.newer(),
            place: self
                .table
                .cursor
                .filter(|_| self.selected.is_some())
                .map(|at| (at + 1, self.found.rows.len())),
        }
    }

    /// Lets the events that waited into the list.
    pub fn show_newer(&mut self) {
        self.hold.release();
        self.table.clear();
        self.table.cursor = None;
        self.selected = None;
        self.asked = None;
        if let Some(first) = self.found.rows.len().checked_sub(1) {
            self.table.scroll_to(if self.found.oldest_first { first } else { 0 });
        }
    }

    /// Whether single letters and brackets are shortcuts.
    pub fn set_letters(&mut self, on: bool) {
        self.letters_off = !on;
    }

    fn set(&mut self, text: &str) {
        text.clone_into(&mut self.text);
        self.typed_at = None;
        self.read();
    }

    /// The text is another one.
    fn read(&mut self) {
        self.unread = true;
        self.zoom.clear();
        self.hold.release();
    }

    fn set_range(&mut self) {
        self.zoom.clear();
        let rest = crate::audit::query::without_time(&self.good);
        self.set(&rest);
    }
}

/// What the page tells the status bar.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct AuditStatus {
    /// The bar under the pointer or the keyboard's cursor, in words.
    pub bar: Option<String>,
    /// Events that fit the query and wait to be shown.
    pub newer: usize,
    /// The place of the chosen event in the list, from 1, and how long the list is.
    pub place: Option<(usize, usize)>,
}

/// Shows the page.
pub fn show(ui: &mut Ui, frame: &Frame<'_>, state: &mut State) -> Vec<Intent> {
    let mut out = Vec::new();
    let Some(view) = frame.unlocked() else { return out };
    let (read, all) = (view.log.len() as u64, view.view.log_size);
    state.reading = (read < all).then_some((read, all));
    let newer_wait = hold::hold(ui.ctx().cumulative_frame_nr(), frame, view, state);
    let held = newer_wait.map(|log| UnlockedView { log, ..view.clone() });
    let view = held.as_ref().unwrap_or(view);
    integrity::hear(frame, state, &mut out);
    state.waiting.refresh(&view.findings);
    state.around.hear(frame);
    state.copying.hear(frame, &mut out);
    if let Some(next) = state.next.take() {
        state.set(&next);
    }
    if std::mem::take(&mut state.unread) {
        match found::read(&state.text, frame, view) {
            Ok(_) => {
                state.good.clone_from(&state.text);
                state.error = None;
            }
            Err(error) => state.error = Some(error),
        }
    }
    let page = ui.max_rect();
    let body = header(ui, view, state, &mut out);
    if state.tab == 1 {
        integrity::show(ui, body, frame, view, state, &mut out);
    } else {
        review(ui, body, frame, view, state, &mut out);
    }
    ui.advance_cursor_after_rect(page);
    out
}

fn header(ui: &mut Ui, view: &UnlockedView, state: &mut State, out: &mut Vec<Intent>) -> Rect {
    let narrow = is_narrow(ui);
    let mut tab = state.tab;
    let tabs = [("Review", None), ("Integrity", None)];
    let body = tab_head(ui, "Audit", &tabs, &mut tab, |ui| {
        if state.tab == 1 {
            return;
        }
        if Button::secondary("Export…").icon(icons::EXPORT).show(ui).clicked() {
            out.push(Intent::Open(DialogRequest::ExportLog));
        }
        let label = if narrow { "Next" } else { "Next warning" };
        let none = state.found.facets.severity.iter().take(2).all(|f| f.count == 0)
            && !state.waiting.all().any(|seq| list::place_of(view, state, seq).is_some());
        let reason = none.then_some("No event in the list is a warning or has a finding to answer.");
        let mut next = Button::primary(label).disabled(reason);
        if !state.letters_off {
            next = next.shortcut("J");
        }
        if next.show(ui).clicked() {
            list::walk(view, state, true);
        }
    });
    state.tab = tab;
    body
}

fn review(
    ui: &mut Ui,
    body: Rect,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
    out: &mut Vec<Intent>,
) {
    let t = t(ui);
    let narrow = is_narrow(ui);
    panels(ui, narrow, view, state);
    let left = if narrow { body.left() } else { body.left() + LEFT };
    let (pad, right) = (body.left() + 16.0, body.right() - 16.0);
    let row = |top: f32, height: f32| Rect::from_min_max(pos2(pad, top), pos2(right, top + height));
    let mut y = body.top() + if narrow { 0.0 } else { 4.0 };
    if strip::show(ui, row(y, 28.0), left, narrow, view, frame.now) {
        state.tab = 1;
    }
    y += 28.0;
    y += query_row(ui, row(y + 4.0, 28.0), narrow, frame.now, state) + 8.0;
    if !narrow || state.field.said(&state.text, state.error.as_ref()).is_some() {
        let chips = row(y, 24.0);
        let end = if narrow { right } else { right - 300.0 };
        bar::chips(ui, chips.with_max_x(end), state);
        if !narrow {
            bar::ranges(ui, chips, true, state);
        }
        y += 28.0;
    }
    let chart_left = if narrow { body.left() + 8.0 } else { left - 44.0 };
    let gutter = if narrow { 40.0 } else { 44.0 };
    let chart_height = if state.numbers_shown {
        if narrow { 172.0 } else { 232.0 }
    } else if narrow {
        104.0
    } else {
        138.0
    };
    let chart = Rect::from_min_max(pos2(chart_left, y), pos2(body.right() - 8.0, y + chart_height));
    let asked = Asked {
        text: &state.good.clone(),
        range: state.range,
        zoom: state.zoom.last().copied(),
        bins: picture::bins(chart.width() - gutter),
    };
    if state.found.refresh(frame, view, &asked) {
        state.chart.brush.clone_from(&state.found.brush);
        settle(view, state);
    }
    if state.chart_shown {
        if !narrow {
            let at = Rect::from_min_size(pos2(pad, y + 10.0), vec2(LEFT - 60.0, 120.0));
            picture::legend(ui, at, state);
        }
        pane(ui, Pane::Chart);
        if state.numbers_shown {
            numbers::show(ui, chart.with_min_x(left), state);
        } else {
            picture::chart(ui, chart, gutter, state);
        }
        y += chart_height;
    }
    let modes = Rect::from_min_max(pos2(pad, y - 2.0), pos2(right, y + 34.0));
    between::show(ui, modes, left, narrow, frame, view, state, out);
    let line = modes.bottom().round() - 0.5;
    ui.painter().hline(body.x_range(), line, (1.0, t.hairline));
    let rest = Rect::from_min_max(pos2(body.left(), line + 0.5), body.max);
    let list_left = if state.facets_hidden { body.left() } else { left };
    if !narrow && !state.facets_hidden {
        ui.painter().vline(left.round() - 0.5, rest.y_range(), (1.0, t.hairline));
        let facets = Rect::from_min_max(pos2(pad, rest.top() + 4.0), pos2(left - 1.0, rest.bottom()));
        pane(ui, Pane::Facets);
        place(ui, "facets", facets, |ui| facet_list::show(ui, state, false, out));
    }
    let open = state.selected.is_some_and(|seq| view.log.get(seq).is_some()) && !state.closed;
    let drawer = if !open {
        0.0
    } else if narrow {
        344.0
    } else {
        364.0
    };
    let end = pos2(rest.right() - drawer - 1.0, rest.bottom());
    let list = Rect::from_min_max(pos2(list_left, rest.top()), end);
    if state.found.rows.is_empty() {
        state.hold.scrolled = false;
        state.table.drop_focus();
        place(ui, "nothing", list.shrink(16.0), |ui| between::nothing(ui, view, state));
    } else {
        pane(ui, Pane::Table);
        place(ui, "events", list, |ui| list::show(ui, narrow, frame, view, state, out));
    }
    if open {
        let at = Rect::from_min_max(pos2(rest.right() - drawer, rest.top()), rest.max);
        pane(ui, Pane::Drawer);
        drawer::show(ui, at, frame, view, state, out);
    }
}

/// The keys that show or hide the facets, the chart and the details.
fn panels(ui: &Ui, narrow: bool, view: &UnlockedView, state: &mut State) {
    if ui.ctx().memory(|memory| memory.top_modal_layer().is_some()) {
        return;
    }
    let hit = |command| pressed(ui.ctx(), command);
    if hit(UiCommand::Facets) {
        state.facets_turned = narrow;
        state.facets_hidden ^= !narrow;
    }
    if hit(UiCommand::Chart) {
        state.chart_shown = !state.chart_shown;
    }
    if hit(UiCommand::Details) {
        match state.selected {
            Some(_) => state.closed = !state.closed,
            None => list::go(view, state, 0),
        }
    }
}

/// The field, the help, from and to, and on a narrow window the ranges. Returns its height.
fn query_row(ui: &mut Ui, row: Rect, narrow: bool, now: Timestamp, state: &mut State) -> f32 {
    let ranges = if narrow { 260.0 } else { 0.0 };
    let field = row.with_max_x(row.right() - 72.0 - ranges);
    bar::field(ui, field, state);
    let button = |at: f32| Rect::from_min_size(pos2(field.right() + at, row.top()), vec2(28.0, 28.0));
    bar::help(ui, button(8.0), state);
    range::show(ui, button(44.0), now, state);
    if narrow {
        bar::ranges(ui, row, false, state);
    }
    row.height()
}

/// Keeps the chosen event chosen, and goes to the one that is wanted.
fn settle(view: &UnlockedView, state: &mut State) {
    if let Some(seq) = state.wanted.take() {
        match view.log.row_of(seq).and_then(|row| state.found.place(row)) {
            Some(at) => list::go(view, state, at),
            // It may not have been read yet.
            None if state.reading.is_some() => state.wanted = Some(seq),
            None => {}
        }
        return;
    }
    let place = state.selected.and_then(|seq| view.log.row_of(seq)).and_then(|row| state.found.place(row));
    match (place, state.selected) {
        (Some(at), Some(seq)) if state.table.cursor != Some(at) => state.table.go_to(at, seq),
        (None, Some(_)) => {
            state.selected = None;
            state.asked = None;
            state.table.clear();
            state.table.cursor = None;
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
