//! The sessions before: when, who, where, how they ended and what was done in them.

use super::super::pages::{is_narrow, place, t, when};
use crate::app::UnlockedView;
use crate::audit::sessions::{Ending, SessionSummary};
use crate::model::{LockReason, SessionTag};
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, Tokens, icons, icons::Icon};
use crate::ui::widgets::{self as w, Button, Cell, Column, EmptyState, Select, Table, TableState, thousands};
use egui::{Align, Color32, Layout, Rect, Ui, UiBuilder, pos2, vec2};
use std::collections::HashMap;

/// Whether a session ended so.
type Fits = fn(Ending) -> bool;

/// The endings to choose from, and the test for each.
const ENDINGS: [(&str, Fits); 10] = [
    ("Any ending", |_| true),
    ("Locked by operator", |e| e == Ending::Locked(LockReason::ByHand)),
    ("Idle", |e| matches!(e, Ending::Locked(LockReason::Idle { .. }))),
    ("Hard limit", |e| matches!(e, Ending::Locked(LockReason::Limit { .. }))),
    ("Computer slept or screen locked", |e| {
        matches!(e, Ending::Locked(LockReason::Suspend | LockReason::ScreenLock))
    }),
    ("Program closed", |e| e == Ending::Locked(LockReason::Exit)),
    ("No lock recorded", |e| e == Ending::Crashed),
    ("Wrong passwords", |e| e == Ending::Locked(LockReason::WrongPasswords)),
    ("Vault file replaced or damaged", |e| {
        matches!(e, Ending::Locked(LockReason::FileReplaced | LockReason::FileDamaged))
    }),
    ("Still open", |e| e == Ending::Open),
];

/// What the list remembers.
#[derive(Default)]
pub(super) struct History {
    operator: usize,
    ending: usize,
    table: TableState,
    key: Option<(u64, usize, usize)>,
    names: Vec<String>,
    rows: Vec<usize>,
    findings: HashMap<SessionTag, u32>,
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
        let mut findings = false;
        self.refresh(frame, view);
        let t = t(ui);
        let head = Rect::from_min_size(rect.min, vec2(rect.width(), 36.0));
        let layout = Layout::left_to_right(Align::Center);
        ui.scope_builder(UiBuilder::new().id_salt("history head").max_rect(head).layout(layout), |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            w::text(ui, TextRole::Heading, "History");
            let all = view.sessions.len() as u64;
            w::text_in(
                ui,
                TextRole::Mono,
                t.text_2,
                format!("{} of {}", thousands(self.rows.len() as u64), thousands(all)),
            );
            let open = super::findings::open(view) as u64;
            if !view.findings.is_empty() {
                let words = match open {
                    0 => "All findings".to_owned(),
                    1 => "1 finding without an answer".to_owned(),
                    n => format!("{} findings without an answer", thousands(n)),
                };
                ui.add_space(8.0);
                findings = w::link(ui, &words).clicked();
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| self.filters(ui, view, out));
        });
        let body =
            Rect::from_min_max(pos2(rect.left(), head.bottom()), pos2(rect.right(), rect.bottom() - 16.0));
        place(ui, "sessions", body, |ui| {
            if self.rows.is_empty() {
                let (title, words) = if view.sessions.is_empty() {
                    ("This is your first session", "A session shows here as soon as the log tells of it.")
                } else {
                    ("No session fits", "Choose another operator or another ending.")
                };
                EmptyState::new(icons::HISTORY, title, words).show(ui);
            } else {
                self.list(ui, frame, view, out);
            }
        });
        findings
    }

    fn refresh(&mut self, frame: &Frame<'_>, view: &UnlockedView) {
        let key = Some((frame.snapshot.serial, self.operator, self.ending));
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
        let fits = |s: &SessionSummary| wanted.is_none_or(|name| s.operator == *name) && ended(s.how);
        self.rows = (0..view.sessions.len()).filter(|at| fits(&view.sessions[*at])).collect();
        self.findings.clear();
        for finding in view.findings.iter() {
            let event = finding.events.last().and_then(|seq| view.log.get(*seq));
            if let Some(event) = event {
                *self.findings.entry(event.session()).or_default() += 1;
            }
        }
    }

    fn filters(&mut self, ui: &mut Ui, view: &UnlockedView, out: &mut Vec<Intent>) {
        if Button::secondary("Open in Audit").icon(icons::AUDIT).show(ui).clicked() {
            let chosen =
                self.rows.iter().map(|at| &view.sessions[*at]).find(|s| self.table.is_selected(key(s.tag)));
            let query = match chosen {
                Some(session) => format!("session:{}", session.tag.short()),
                None => "category:session".to_owned(),
            };
            out.push(Intent::ShowAudit(query));
        }
        let endings = ENDINGS.map(|(name, _)| name);
        Select::new("How it ended", &endings).quiet().show(ui, &mut self.ending);
        let names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        Select::new("Operator", &names).quiet().show(ui, &mut self.operator);
    }

    fn list(&mut self, ui: &mut Ui, frame: &Frame<'_>, view: &UnlockedView, out: &mut Vec<Intent>) {
        let narrow = is_narrow(ui);
        let count = |title| Column::fixed(title, if narrow { 68.0 } else { 76.0 }).right();
        let columns: Vec<(What, Column<'_>)> = [
            (What::Start, Column::fixed("Start", 144.0)),
            (What::End, Column::fixed("End", 144.0)),
            (What::Duration, Column::fixed("Duration", 104.0).right()),
            (What::Operator, Column::fixed("Operator", 92.0)),
            (What::Host, Column::fixed("Host", 76.0)),
            (What::How, Column::rest("How it ended")),
            (What::Reveals, count("Reveals")),
            (What::Copies, count("Copies")),
            (What::Exports, count("Exports")),
            (What::Changes, count("Changes")),
            (What::Findings, count("Findings")),
        ]
        .into_iter()
        .filter(|(what, _)| !narrow || !matches!(what, What::End | What::Host))
        .collect();
        let shown: Vec<Column<'_>> = columns.iter().map(|(_, column)| *column).collect();
        let rows = &self.rows;
        let findings = &self.findings;
        let session = |row: usize| rows.get(row).and_then(|at| view.sessions.get(*at));
        let id = |row: usize| session(row).map_or(u64::MAX, |s| key(s.tag));
        let table =
            Table::new("Sessions", &shown, rows.len()).single().framed().key(&id).sort(Some((0, false)));
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
    }
}

#[derive(Clone, Copy)]
enum What {
    Start,
    End,
    Duration,
    Operator,
    Host,
    How,
    Reveals,
    Copies,
    Exports,
    Changes,
    Findings,
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
        What::Host => cell.text(&session.host),
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
        Ending::Locked(LockReason::FileReplaced | LockReason::FileDamaged | LockReason::WrongPasswords) => {
            icons::FAILED
        }
        Ending::Locked(LockReason::Exit) => icons::SIGN_OUT,
        Ending::Crashed => icons::WARNING,
        Ending::Open => icons::ACTIVE,
    };
    (glyph, if how.is_odd() { t.warn } else { t.text_2 }, how.words())
}
