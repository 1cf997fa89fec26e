//! The sessions before: when, who, where, how they ended and what was done in them.

use super::super::pages::rows::{self, Order, Typed};
use super::super::pages::{is_narrow, is_small, place, t, when};
use super::lanes;
use crate::app::UnlockedView;
use crate::audit::sessions::{Ending, SessionSummary};
use crate::model::time::{Shown, shown};
use crate::model::{LockReason, SessionTag, Timestamp};
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, Tokens, icons, icons::Icon};
use crate::ui::widgets::{
    self as w, Button, Cell, Column, EmptyState, EndRow, Segmented, Select, Table, TableState, thousands,
};
use crate::ui::words::plural;
use egui::{Align, Color32, Layout, Rect, Ui, UiBuilder, pos2, vec2};
use serde_json::json;
use std::collections::HashMap;

/// Whether a session ended so.
type Fits = fn(Ending) -> bool;

/// The endings to choose from, and the test for each.
const ENDINGS: [(&str, Fits); 11] = [
    ("Any ending", |_| true),
    ("Locked by operator", |e| e == Ending::Locked(LockReason::ByHand)),
    ("Idle", |e| matches!(e, Ending::Locked(LockReason::Idle { .. }))),
    ("Hard limit", |e| matches!(e, Ending::Locked(LockReason::Limit { .. }))),
    ("Computer slept or screen locked", |e| {
        matches!(e, Ending::Locked(LockReason::Suspend | LockReason::ScreenLock))
    }),
    ("Window minimised", |e| e == Ending::Locked(LockReason::Minimised)),
    ("Program closed", |e| e == Ending::Locked(LockReason::Exit)),
    ("No lock recorded", |e| e == Ending::Crashed),
    ("Wrong passwords", |e| e == Ending::Locked(LockReason::WrongPasswords)),
    ("Vault file replaced or damaged", |e| {
        matches!(e, Ending::Locked(LockReason::FileReplaced | LockReason::FileDamaged))
    }),
    ("Still open", |e| e == Ending::Open),
];

/// What of a session is copied, by the names of the command line.
const COPIED: [&str; 15] = [
    "session",
    "operator",
    "host",
    "os_user",
    "started",
    "ended",
    "how",
    "seconds",
    "reveals",
    "copies",
    "exports",
    "changes",
    "rotations",
    "refused",
    "findings",
];

/// How far back to look.
const DAYS: [(&str, Option<i64>); 5] = [
    ("Any time", None),
    ("7 days", Some(7)),
    ("14 days", Some(14)),
    ("30 days", Some(30)),
    ("90 days", Some(90)),
];
/// Where the lanes begin while any time is chosen: the third.
const LANE_DAYS: usize = 2;
/// From this width of the window on, the account has a column of its own.
const WIDE: f32 = 1500.0;

/// What the list was made for: the snapshot, what was chosen, the minute, how times are shown, and the order.
type Key = (u64, [usize; 4], i64, Shown, Order<What>);

/// What the list remembers.
pub(super) struct History {
    operator: usize,
    ending: usize,
    /// Which of [`DAYS`].
    days: usize,
    /// The lanes are shown in place of the table.
    as_lanes: usize,
    lanes: lanes::Chart,
    table: TableState,
    typed: Typed,
    order: Order<What>,
    key: Option<Key>,
    names: Vec<String>,
    rows: Vec<usize>,
    findings: HashMap<SessionTag, u32>,
}

impl Default for History {
    fn default() -> Self {
        Self {
            operator: 0,
            ending: 0,
            days: 0,
            as_lanes: 0,
            lanes: lanes::Chart::default(),
            table: TableState::default(),
            typed: Typed::default(),
            order: Order { by: What::Start, ascending: false },
            key: None,
            names: Vec::new(),
            rows: Vec::new(),
            findings: HashMap::new(),
        }
    }
}

impl History {
    /// Shows the list; says whether the findings are wanted instead.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        frame: &Frame<'_>,
        view: &UnlockedView,
        out: &mut Vec<Intent>,
    ) -> bool {
        let (mut findings, small) = (false, is_small(ui));
        self.refresh(frame, view);
        let t = t(ui);
        let head = Rect::from_min_size(rect.min, vec2(rect.width(), 36.0));
        let layout = Layout::left_to_right(Align::Center);
        ui.scope_builder(UiBuilder::new().id_salt("history head").max_rect(head).layout(layout), |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            w::text(ui, TextRole::Heading, "History");
            let all = view.sessions.len() as u64;
            let shown = if self.as_lanes > 0 { self.lanes.shown() } else { self.rows.len() } as u64;
            w::text_in(ui, TextRole::Mono, t.text_2, format!("{} of {}", thousands(shown), thousands(all)));
            ui.add_space(8.0);
            Segmented::new("Show the sessions as", &["Table", "Lanes"]).small().show(ui, &mut self.as_lanes);
            let open = super::findings::open(view) as u64;
            if !view.findings.is_empty() {
                let words = match open {
                    0 => "All findings".to_owned(),
                    n if is_narrow(ui) => plural(n, "finding", "findings"),
                    1 => "1 finding without an answer".to_owned(),
                    n => format!("{} findings without an answer", thousands(n)),
                };
                ui.add_space(8.0);
                findings = w::link(ui, &words).clicked();
            }
            if !small {
                let room = ui.available_rect_before_wrap();
                EndRow::new(ui, "filters", room).show(ui, |ui| self.filters(ui, view, out));
            }
        });
        let mut top = head.bottom();
        if small {
            let line = head.translate(vec2(0.0, head.height()));
            EndRow::new(ui, "filters", line).show(ui, |ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                self.filters(ui, view, out);
            });
            top = line.bottom();
        }
        let body = Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), rect.bottom() - 16.0));
        place(ui, "sessions", body, |ui| {
            let none = if self.as_lanes > 0 { self.lanes.shown() == 0 } else { self.rows.is_empty() };
            if none {
                let (title, words) = if view.sessions.is_empty() {
                    ("This is your first session", "A session shows here as soon as the log tells of it.")
                } else {
                    ("No session fits", "Choose another operator, another ending or more days.")
                };
                EmptyState::new(icons::HISTORY, title, words).show(ui);
            } else if self.as_lanes > 0 {
                w::pane(ui, w::Pane::Chart);
                self.lanes.show(ui, frame, view, out);
            } else {
                w::pane(ui, w::Pane::Table);
                self.list(ui, frame, view, out);
            }
        });
        findings
    }

    fn refresh(&mut self, frame: &Frame<'_>, view: &UnlockedView) {
        // The bar of this session grows; a minute is more than a point of the chart.
        let minute = if self.as_lanes > 0 { frame.now.0 / 60_000 } else { 0 };
        let key = Some((
            frame.snapshot.serial,
            [self.operator, self.ending, self.days, self.as_lanes],
            minute,
            shown(),
            self.order,
        ));
        if self.key == key {
            return;
        }
        self.key = key;
        let mut names: Vec<String> = view.sessions.iter().map(|s| s.operator.clone()).collect();
        names.sort_unstable();
        names.dedup();
        names.insert(0, "All operators".to_owned());
        self.names = names;
        let wanted = (self.operator > 0).then(|| self.names.get(self.operator)).flatten();
        let ended = ENDINGS.get(self.ending).map_or(ENDINGS[0].1, |(_, test)| *test);
        let days = DAYS.get(self.days).and_then(|(_, days)| *days);
        let since = days.map(|days| first_day(frame.now, days));
        let reaches = |s: &SessionSummary| since.is_none_or(|at| s.ended.is_none_or(|end| end >= at));
        let fits =
            |s: &SessionSummary| wanted.is_none_or(|name| s.operator == *name) && ended(s.how) && reaches(s);
        self.rows = (0..view.sessions.len()).filter(|at| fits(&view.sessions[*at])).collect();
        if self.as_lanes > 0 {
            let days = days.or(DAYS[LANE_DAYS].1).unwrap_or(1);
            self.lanes.set(&self.rows, view, first_day(frame.now, days), frame.now);
        }
        self.findings.clear();
        for finding in view.findings.iter() {
            let event = finding.events.last().and_then(|seq| view.log.get(*seq));
            if let Some(event) = event {
                *self.findings.entry(event.session()).or_default() += 1;
            }
        }
        // The lanes are in the order of time, whatever the table is in.
        if self.as_lanes == 0 {
            self.sort(view, frame.now);
        }
    }

    /// Puts the rows in the order of a column; among the same, the latest stay first.
    fn sort(&mut self, view: &UnlockedView, now: Timestamp) {
        let Self { order, rows, findings, .. } = self;
        // As the view has them: the latest first.
        rows.sort_unstable();
        let session = |at: &usize| &view.sessions[*at];
        let found = |at: &usize| findings.get(&session(at).tag).copied().unwrap_or(0);
        let end = |at: &usize| session(at).ended.unwrap_or(Timestamp(i64::MAX));
        match order.by {
            What::Start => order.sort(rows, |at| session(at).started),
            What::End => order.sort(rows, end),
            What::Duration => order.sort(rows, |at| session(at).duration_ms(now)),
            What::Operator => order.sort(rows, |at| session(at).operator.to_lowercase()),
            What::Host => order.sort(rows, |at| session(at).host.to_lowercase()),
            What::Account => order.sort(rows, |at| session(at).os_user.to_lowercase()),
            What::How => order.sort(rows, |at| session(at).how.words()),
            What::Reveals => order.sort(rows, |at| session(at).reveals),
            What::Copies => order.sort(rows, |at| session(at).copies),
            What::Exports => order.sort(rows, |at| session(at).exports),
            What::Changes => order.sort(rows, |at| session(at).changes),
            What::Findings => order.sort(rows, found),
        }
    }

    /// The session with the cursor, on the clipboard.
    fn copy(&self, form: rows::Form, view: &UnlockedView, now: Timestamp, out: &mut Vec<Intent>) {
        let Some(at) = self.table.cursor.and_then(|row| self.rows.get(row)) else { return };
        let s = &view.sessions[*at];
        let found = self.findings.get(&s.tag).copied().unwrap_or(0);
        let row = vec![
            json!(s.tag.to_string()),
            json!(s.operator),
            json!(s.host),
            json!(s.os_user),
            json!(s.started.iso()),
            json!(s.ended.map(Timestamp::iso)),
            json!(s.how.words()),
            json!(s.duration_ms(now) / 1000),
            json!(s.reveals),
            json!(s.copies),
            json!(s.exports),
            json!(s.changes),
            json!(s.rotations),
            json!(s.refused),
            json!(found),
        ];
        rows::copy(&COPIED, &[row], form, "1 session", out);
    }

    fn filters(&mut self, ui: &mut Ui, view: &UnlockedView, out: &mut Vec<Intent>) {
        let days = DAYS.map(|(name, _)| name);
        if self.as_lanes > 0 {
            // Lanes always have a beginning.
            let mut at = if self.days == 0 { LANE_DAYS } else { self.days } - 1;
            if Select::new("How far back", &days[1..]).quiet().show(ui, &mut at).changed() {
                self.days = at + 1;
            }
        } else {
            Select::new("How far back", &days).quiet().show(ui, &mut self.days);
        }
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        Select::new("Operator", &names).quiet().show(ui, &mut self.operator);
        let endings = ENDINGS.map(|(name, _)| name);
        Select::new("How it ended", &endings).quiet().show(ui, &mut self.ending);
        if Button::secondary("Open in Audit").icon(icons::AUDIT).show(ui).clicked() {
            let chosen =
                self.rows.iter().map(|at| &view.sessions[*at]).find(|s| self.table.is_selected(key(s.tag)));
            let query = match chosen {
                Some(session) => format!("session:{}", session.tag.short()),
                None => "category:session".to_owned(),
            };
            out.push(Intent::ShowAudit(query));
        }
    }

    fn list(&mut self, ui: &mut Ui, frame: &Frame<'_>, view: &UnlockedView, out: &mut Vec<Intent>) {
        let (narrow, wide) = (is_narrow(ui), ui.ctx().content_rect().width() >= WIDE);
        let count = |title| Column::fixed(title, if narrow { 68.0 } else { 76.0 }).right();
        let columns: Vec<(What, Column<'_>)> = [
            (What::Start, Column::fixed("Start", 144.0)),
            (What::End, Column::fixed("End", 144.0)),
            (What::Duration, Column::fixed("Duration", 104.0).right()),
            (What::Operator, Column::fixed("Operator", 92.0)),
            (What::Host, Column::fixed("Host", 76.0)),
            (What::Account, Column::fixed("OS user", 92.0)),
            (What::How, Column::rest("How it ended")),
            (What::Reveals, count("Reveals")),
            (What::Copies, count("Copies")),
            (What::Exports, count("Exports")),
            (What::Changes, count("Changes")),
            (What::Findings, count("Findings")),
        ]
        .into_iter()
        .filter(|(what, _)| !narrow || !matches!(what, What::End | What::Host))
        .filter(|(what, _)| wide || !matches!(what, What::Account))
        .collect();
        let shown: Vec<Column<'_>> = columns.iter().map(|(_, column)| column.sortable()).collect();
        let sorted = columns.iter().position(|(what, _)| *what == self.order.by);
        let sorted = sorted.map(|at| (at, self.order.ascending));
        let rows = &self.rows;
        let findings = &self.findings;
        let session = |row: usize| rows.get(row).and_then(|at| view.sessions.get(*at));
        let id = |row: usize| session(row).map_or(u64::MAX, |s| key(s.tag));
        let table = Table::new("Sessions", &shown, rows.len()).single().framed().key(&id).sort(sorted);
        let response = table.show(ui, &mut self.table, |cell| {
            let (Some(session), Some((what, _))) = (session(cell.row()), columns.get(cell.column())) else {
                return;
            };
            let found = findings.get(&session.tag).copied().unwrap_or(0);
            fill(cell, *what, session, found, frame, view);
        });
        if let Some(session) = response.opened.and_then(session) {
            out.push(Intent::ShowAudit(format!("session:{}", session.tag.short())));
        }
        if response.response.has_focus() {
            let name = |row| session(row).map(|session| session.operator.clone());
            self.typed.follow(ui, &mut self.table, rows.len(), name, id);
            if let Some(form) = rows::copied(ui) {
                self.copy(form, view, frame.now, out);
            }
        }
        if let Some((what, _)) = response.sort.and_then(|at| columns.get(at)) {
            let chosen = self.table.cursor.and_then(|row| self.rows.get(row)).copied();
            self.order.turn(*what);
            self.sort(view, frame.now);
            self.table.cursor = chosen.and_then(|at| self.rows.iter().position(|row| *row == at));
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum What {
    Start,
    End,
    Duration,
    Operator,
    Host,
    Account,
    How,
    Reveals,
    Copies,
    Exports,
    Changes,
    Findings,
}

/// Midnight at the start of the first of the last `days` days, today one of them.
fn first_day(now: Timestamp, days: i64) -> Timestamp {
    when::midnight(now.plus_days(1 - days))
}

/// Where it was: "ws-14, OS user mito".
pub(super) fn place_words(session: &SessionSummary) -> String {
    format!("{}, OS user {}", session.host, session.os_user)
}

fn key(tag: SessionTag) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&tag.0[..8]);
    u64::from_le_bytes(bytes)
}

fn fill(
    cell: &mut Cell<'_>,
    what: What,
    session: &SessionSummary,
    findings: u32,
    frame: &Frame<'_>,
    view: &UnlockedView,
) {
    let t = cell.tokens();
    let current = session.tag == view.view.session.tag;
    let number = |cell: &mut Cell<'_>, count: u32| {
        let colour = if count == 0 { t.text_2 } else { t.text };
        cell.styled(TextRole::Mono, colour, &thousands(count.into()));
    };
    match what {
        What::Start => cell.styled(TextRole::Mono, t.text, &when::stamp(session.started)),
        What::End if current => cell.styled(TextRole::Body, t.accent, "still open"),
        What::End => match session.ended {
            Some(at) => cell.mono(&when::stamp(at)),
            None => cell.text("still open"),
        },
        What::Duration => cell.mono(&when::span(session.duration_ms(frame.now))),
        What::Operator => cell.name(&session.operator),
        What::Host => cell.explained(&session.host, &place_words(session)),
        What::Account => cell.text(&session.os_user),
        What::How => {
            let (glyph, colour, words) = ending(session.how, current, t);
            cell.icon_text(glyph, &words, colour);
        }
        What::Reveals => number(cell, session.reveals),
        What::Copies => number(cell, session.copies),
        What::Exports => number(cell, session.exports),
        What::Changes => number(cell, session.changes),
        What::Findings if findings > 0 => {
            cell.icon_text(icons::WARNING, &findings.to_string(), t.warn);
        }
        What::Findings => number(cell, 0),
    }
}

fn ending(how: Ending, current: bool, t: &Tokens) -> (Icon, Color32, String) {
    if current {
        return (icons::ACTIVE, t.accent, "this session".to_owned());
    }
    let glyph = match how {
        Ending::Locked(LockReason::ByHand) | Ending::OtherLock => icons::LOCK,
        Ending::Locked(LockReason::Idle { .. }) => icons::CLOCK,
        Ending::Locked(LockReason::Limit { .. }) => icons::SESSION,
        Ending::Locked(LockReason::Suspend) => icons::SLEEP,
        Ending::Locked(LockReason::ScreenLock) => icons::SCREEN,
        Ending::Locked(LockReason::Minimised) => icons::MINIMISED,
        Ending::Locked(
            LockReason::FileReplaced
            | LockReason::FileDamaged
            | LockReason::KeysReplaced
            | LockReason::WrongPasswords,
        ) => icons::FAILED,
        Ending::Locked(LockReason::Exit) => icons::SIGN_OUT,
        Ending::Crashed => icons::WARNING,
        Ending::Open => icons::ACTIVE,
    };
    (glyph, if how.is_odd() { t.warn } else { t.text_2 }, how.words())
}
