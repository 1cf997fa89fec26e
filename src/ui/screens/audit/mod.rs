//! The audit log: a query, what it finds as bars, counts and rows, one event beside them; and whether the log holds.
//!
//! The query is the one truth: chips, facets, brush and context menu all edit it.

mod bar;
mod drawer;
mod edit;
mod facet_list;
mod found;
mod integrity;
mod list;
mod picture;
mod proof;
mod strip;

use super::pages::paint::{Words, put_left};
use super::pages::{is_narrow, place, t, tab_head, when};
use crate::app::{Ticket, UnlockedView};
use crate::audit::query::QueryError;
use crate::ui::frame::{DialogRequest, Frame, Intent};
use crate::ui::theme::{TextRole, icons};
use crate::ui::widgets::{self as w, Button, EmptyState, HistogramState, TableState, thousands};
use egui::{Align, Layout, Rect, Ui, UiBuilder, pos2, vec2};
use found::{Asked, Found, Span};

/// Where chart, list and everything right of the facets begin.
const LEFT: f32 = 192.0;

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
    /// Put the focus into the field.
    focus: bool,
    /// Check the text as soon as there is a vault.
    unread: bool,
    range: usize,
    chart_shown: bool,
    zoom: Vec<Span>,
    wheel: f32,
    chart: HistogramState,
    found: Found,
    groups: facet_list::Groups,
    table: TableState,
    selected: Option<u64>,
    /// An event to bring into view as soon as it is found.
    wanted: Option<u64>,
    /// The event whose detail was asked for.
    asked: Option<u64>,
    closed: bool,
    drawer_tab: usize,
    verify: Option<Ticket>,
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
            focus: false,
            unread: false,
            range: 2,
            chart_shown: true,
            zoom: Vec::new(),
            wheel: 0.0,
            chart: HistogramState::default(),
            found: Found::default(),
            groups: facet_list::Groups::default(),
            table: TableState::default(),
            selected: None,
            wanted: None,
            asked: None,
            closed: false,
            drawer_tab: 0,
            verify: None,
            gaps: integrity::Gaps::default(),
        }
    }
}

impl State {
    /// Asks this query, as another page or the palette wants it.
    pub fn ask(&mut self, query: &str) {
        self.tab = 0;
        self.set(query);
        if !query.is_empty() && !query.contains("time") {
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

    fn set(&mut self, text: &str) {
        text.clone_into(&mut self.text);
        self.read();
    }

    /// The text is another one.
    fn read(&mut self) {
        self.unread = true;
        self.zoom.clear();
    }

    fn set_range(&mut self) {
        self.zoom.clear();
        let rest = crate::audit::query::without_time(&self.good);
        self.set(&rest);
    }
}

/// Shows the page.
pub fn show(ui: &mut Ui, frame: &Frame<'_>, state: &mut State) -> Vec<Intent> {
    let mut out = Vec::new();
    let Some(view) = frame.unlocked() else { return out };
    integrity::hear(frame, state, &mut out);
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
        let label = if narrow { "Next" } else { "Next warning" };
        let none = state.found.facets.severity.iter().take(2).all(|f| f.count == 0);
        let reason = none.then_some("No event in the list is a warning or worse.");
        if Button::primary(label).shortcut("J").disabled(reason).show(ui).clicked() {
            list::walk(view, state, true);
        }
        if Button::secondary("Export…").icon(icons::EXPORT).show(ui).clicked() {
            out.push(Intent::Open(DialogRequest::ExportLog));
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
    let left = if narrow { body.left() } else { body.left() + LEFT };
    let (pad, right) = (body.left() + 16.0, body.right() - 16.0);
    let row = |top: f32, height: f32| Rect::from_min_max(pos2(pad, top), pos2(right, top + height));
    let mut y = body.top() + if narrow { 0.0 } else { 4.0 };
    if strip::show(ui, row(y, 28.0), left, narrow, view, frame.now) {
        state.tab = 1;
    }
    y += 28.0;
    y += query_row(ui, row(y + 4.0, 28.0), narrow, state) + 8.0;
    if !narrow || state.error.is_some() {
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
    let chart_height = if narrow { 104.0 } else { 138.0 };
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
        picture::chart(ui, chart, gutter, state);
        y += chart_height;
    }
    let modes = Rect::from_min_max(pos2(pad, y - 2.0), pos2(right, y + 34.0));
    modes_row(ui, modes, left, narrow, frame, view, state, out);
    let line = modes.bottom().round() - 0.5;
    ui.painter().hline(body.x_range(), line, (1.0, t.hairline));
    let rest = Rect::from_min_max(pos2(body.left(), line + 0.5), body.max);
    if !narrow {
        ui.painter().vline(left.round() - 0.5, rest.y_range(), (1.0, t.hairline));
        let facets = Rect::from_min_max(pos2(pad, rest.top() + 4.0), pos2(left - 1.0, rest.bottom()));
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
    let list = Rect::from_min_max(pos2(left, rest.top()), pos2(rest.right() - drawer - 1.0, rest.bottom()));
    if state.found.rows.is_empty() {
        place(ui, "nothing", list.shrink(16.0), |ui| nothing(ui, view, state));
    } else {
        place(ui, "events", list, |ui| list::show(ui, narrow, frame, view, state, out));
    }
    if open {
        let at = Rect::from_min_max(pos2(rest.right() - drawer, rest.top()), rest.max);
        drawer::show(ui, at, frame, view, state, out);
    }
}

/// The field, the help, and on a narrow window the ranges. Returns its height.
fn query_row(ui: &mut Ui, row: Rect, narrow: bool, state: &mut State) -> f32 {
    let ranges = if narrow { 260.0 } else { 0.0 };
    let field = row.with_max_x(row.right() - 36.0 - ranges);
    bar::field(ui, field, state);
    let help = Rect::from_min_size(pos2(field.right() + 8.0, row.top()), vec2(28.0, 28.0));
    bar::help(ui, help);
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
            None if (view.log.len() as u64) < view.view.log_size => state.wanted = Some(seq),
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

#[allow(clippy::too_many_arguments, reason = "the parts of one picture, passed once")]
fn modes_row(
    ui: &mut Ui,
    row: Rect,
    left: f32,
    narrow: bool,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
    out: &mut Vec<Intent>,
) {
    let t = t(ui);
    if !narrow {
        picture::heading(ui, row, "Facets");
    }
    let layout = Layout::left_to_right(Align::Center);
    let at = row.with_min_x(if narrow { row.left() } else { left });
    ui.scope_builder(UiBuilder::new().id_salt("modes").max_rect(at).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        picture::modes(ui, state);
        if narrow {
            let button = Button::secondary("Facets").icon(icons::VIEW_OPTIONS).show(ui);
            let popup = egui::Popup::from_toggle_button_response(&button)
                .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
            popup.show(|ui| {
                ui.set_width(208.0);
                ui.set_height(360.0);
                facet_list::show(ui, state, true, out);
            });
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if state.chart_shown {
                picture::zoom_buttons(ui, state);
                ui.add_space(8.0);
            }
            count(ui, narrow, frame, view, state, t);
        });
    });
}

/// How many of how many, over which time, in which zone.
fn count(
    ui: &mut Ui,
    narrow: bool,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &State,
    t: &crate::ui::theme::Tokens,
) {
    let read = view.log.len() as u64;
    let all = view.view.log_size;
    let mut words = Words::new();
    if read < all {
        words = words.add(
            TextRole::Body,
            t.text_2,
            format!("Reading {} of {} events…", thousands(read), thousands(all)),
        );
    } else {
        let role = if narrow { TextRole::Small } else { TextRole::Body };
        let bold = if narrow { TextRole::SmallStrong } else { TextRole::BodyStrong };
        let (from, to) = state.found.span;
        let moment = |at| crate::model::query_text::moment::words(at, frame.now);
        let round = |at: crate::model::Timestamp| crate::model::Timestamp(at.0 / 60_000 * 60_000);
        let (from, to) = (round(from), round(to));
        let mut range = format!("{} to {}", moment(from), moment(to));
        let length = to.since(from);
        if length > 0 && length <= 7 * 24 * 3_600_000 && !narrow {
            range += &format!(", {} h", (length + 1_800_000) / 3_600_000);
        }
        words = words
            .add(bold, t.text, thousands(state.found.rows.len() as u64))
            .add(role, t.text, " of ")
            .add(role, t.text, thousands(read))
            .add(role, t.text, " events")
            .add(TextRole::Small, t.text_2, format!("   {range}, {}", when::zone(frame.now)));
    }
    let words = words.line(ui.painter(), ui.available_width());
    let said = words.text().to_owned();
    let (rect, response) = ui.allocate_exact_size(words.size(), egui::Sense::hover());
    put_left(ui.painter(), rect.left(), rect.center().y, words);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Status, true, &said));
}

fn nothing(ui: &mut Ui, view: &UnlockedView, state: &mut State) {
    let read = view.log.len() as u64;
    if read < view.view.log_size {
        let words = format!("Reading {} of {} events…", thousands(read), thousands(view.view.log_size));
        w::text(ui, TextRole::Body, words);
        return;
    }
    if read == 0 {
        let words = "Every unlock, reveal, copy, change and export is recorded here.";
        EmptyState::new(icons::AUDIT, "No events yet", words).show(ui);
        return;
    }
    let outside = match state.found.anywhere {
        0 => "No event at any other time matches either.".to_owned(),
        1 => "1 event matches outside it.".to_owned(),
        n => format!("{} events match outside it.", thousands(n as u64)),
    };
    let empty = EmptyState::new(icons::FILTER, "No events match in this range", &outside);
    let chosen = if state.found.anywhere > 0 {
        empty.primary("Search all time").secondary("Clear the filter").show(ui)
    } else {
        empty.primary("Clear the filter").show(ui).map(|_| 1)
    };
    match chosen {
        Some(0) => {
            state.range = found::RANGES.len() - 1;
            state.set_range();
        }
        Some(_) => state.set(""),
        None => {}
    }
}
