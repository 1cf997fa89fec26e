//! What the rules of unusual activity found, newest first, and the two answers: it was me, it was not me; about
//! somebody else: expected, not expected. Each with a note. An answer is in the log; a finding stays listed whatever was
//! said about it, and where it was somebody else, what is to be done about it stands beside it.

use super::super::pages::paint::{Words, icon, put_left};
use super::super::pages::{answers, place, t, when};
use crate::app::{Command, UnlockedView};
use crate::audit::index::Row;
use crate::guard::unusual::{Answer, Finding};
use crate::model::operator::Permission;
use crate::model::{Action, KeyId, LockReason, Outcome, Severity};
use crate::ui::frame::{DialogRequest, Frame, Intent};
use crate::ui::shell::commands::UiCommand;
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, Button, EmptyState, EndRow, Tone, thousands};
use crate::ui::words::capital;
use egui::{Align, Layout, Rect, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};
use std::collections::HashMap;

/// Height of a finding.
const ROW: f32 = 48.0;

/// What the list remembers.
#[derive(Default)]
pub(super) struct State {
    /// What was read in the session of a finding, by the event that made it fire; for a log of this size.
    read: HashMap<u64, Vec<KeyId>>,
    log_size: usize,
}

impl State {
    /// The keys that were read in the session of entry `seq` and can be rotated, each once.
    fn read_in_session(&mut self, view: &UnlockedView, seq: u64) -> &[KeyId] {
        if std::mem::replace(&mut self.log_size, view.log.len()) != view.log.len() {
            self.read.clear();
        }
        self.read.entry(seq).or_insert_with(|| read_in_session(view, seq))
    }
}

/// Reads the log around `seq`, as far as its session goes.
fn read_in_session(view: &UnlockedView, seq: u64) -> Vec<KeyId> {
    let Some(tag) = view.log.get(seq).map(|row| row.session()) else { return Vec::new() };
    let is = |row: &Row<'_>, action: Action| row.session() == tag && row.action() == action;
    let before = (0..=seq).rev().map_while(|seq| view.log.get(seq));
    let unlocked = before.into_iter().find(|row| is(row, Action::SessionUnlock)).map_or(0, |row| row.seq());
    let mut keys: Vec<KeyId> = Vec::new();
    for row in (unlocked..).map_while(|seq| view.log.get(seq)) {
        if is(&row, Action::SessionLock) {
            break;
        }
        let read = matches!(row.action(), Action::SecretReveal | Action::SecretCopy | Action::SecretExport)
            && row.session() == tag
            && row.outcome() == Outcome::Done;
        let key = row.key_id().filter(|_| read).and_then(|id| view.keys.get(id));
        keys.extend(key.filter(|key| key.state.is_in_use()).map(|key| key.id));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// How many findings wait for an answer.
pub(super) fn open(view: &UnlockedView) -> usize {
    view.findings.iter().filter(|finding| finding.is_open()).count()
}

/// Shows the list; says whether the sessions are wanted instead.
pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
    out: &mut Vec<Intent>,
) -> bool {
    let t = t(ui);
    let head = Rect::from_min_size(rect.min, vec2(rect.width(), 36.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut back = false;
    ui.scope_builder(UiBuilder::new().id_salt("findings head").max_rect(head).layout(layout), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        w::text(ui, TextRole::Heading, "Findings");
        let (open, all) = (open(view) as u64, view.findings.len() as u64);
        let words = format!("{} without an answer, {} in all", thousands(open), thousands(all));
        w::text_in(ui, TextRole::Body, t.text_2, words);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            back = Button::secondary("Show sessions").icon(icons::HISTORY).show(ui).clicked();
        });
    });
    let body = Rect::from_min_max(pos2(rect.left(), head.bottom()), pos2(rect.right(), rect.bottom() - 16.0));
    if view.findings.is_empty() {
        place(ui, "no findings", body, |ui| {
            let words = "The rules and their numbers are in Settings, Audit.";
            EmptyState::new(icons::SUCCESS, "Nothing unusual noticed", words).show(ui);
        });
        return back;
    }
    ui.painter().rect(body, size::RADIUS_CARD, t.surface, (1.0, t.hairline), egui::StrokeKind::Inside);
    place(ui, "findings", body.shrink(1.0), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW, view.findings.len(), |ui, rows| {
            for at in rows {
                if let Some(finding) = view.findings.get(at) {
                    row(ui, at, frame, finding, state, out);
                }
            }
        });
    });
    back
}

fn row(
    ui: &mut Ui,
    at: usize,
    frame: &Frame<'_>,
    finding: &Finding,
    state: &mut State,
    out: &mut Vec<Intent>,
) {
    let t = t(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    if at > 0 {
        ui.painter().hline(rect.x_range(), rect.top().round() - 0.5, (1.0, t.hairline));
    }
    let salt = format!("{:?}", finding.key());
    let line = EndRow::new(ui, &salt, rect.shrink2(vec2(11.0, 0.0)));
    let end = line.left();
    line.show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = size::GAP;
        actions(ui, frame, finding, state, out);
    });
    let tone = match (finding.is_open(), finding.severity) {
        (false, _) => Tone::Neutral,
        (true, Severity::Critical) => Tone::Critical,
        (true, _) => Tone::Warn,
    };
    icon(
        ui.painter(),
        pos2(rect.left() + 23.0, rect.center().y),
        icons::DOUBTFUL,
        size::ICON,
        tone.tint(t).fg,
    );
    let room = (end - rect.left() - 43.0 - 16.0).max(0.0);
    let day = capital(&when::day_words(finding.time, frame.now));
    let said = match &finding.answer {
        None => String::new(),
        Some(answer) => {
            let what = Answer::words(answer.expected, answer.by == finding.operator);
            let note = answer.note.lines().next().unwrap_or_default().trim_end_matches('.');
            let why = if note.is_empty() { String::new() } else { format!(" \u{2013} {note}") };
            format!(" {} said: {what}{why}.", answer.by)
        }
    };
    let title = finding.why.trim_end_matches('.');
    let body = format!("{day} {}. Rule: {}.{said}", when::clock(finding.time), finding.rule.name());
    let role = if finding.is_open() { TextRole::BodyStrong } else { TextRole::Body };
    let first = Words::new().add(role, t.text, title).line(ui.painter(), room);
    let second = Words::new().add(TextRole::Small, t.text_2, &body).line(ui.painter(), room);
    let words = Rect::from_min_size(pos2(rect.left() + 43.0, rect.top() + 5.0), vec2(room, 38.0));
    let response = ui.interact(words, ui.unique_id().with(("finding words", at)), Sense::hover());
    let whole = format!("{title}. {body}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &whole));
    let cut = first.elided || second.elided;
    put_left(ui.painter(), words.left(), rect.top() + 16.5, first);
    put_left(ui.painter(), words.left(), rect.top() + 33.5, second);
    if cut {
        response.on_hover_text(whole);
    }
}

/// Where it leads, and what can be said, or what is to be done once it was said that it was somebody else.
fn actions(ui: &mut Ui, frame: &Frame<'_>, finding: &Finding, state: &mut State, out: &mut Vec<Intent>) {
    let Some(seq) = finding.events.last().copied() else { return };
    // Every finding has the same buttons: heard alone, they belong to this one.
    let of = format!("{}, {}", finding.why, when::clock(finding.time));
    ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
        node.set_role(egui::accesskit::Role::Group);
        node.set_label(of);
    });
    let mine = frame.unlocked().is_some_and(|view| view.view.me.name == finding.operator);
    if Button::quiet("Review").show(ui).clicked() {
        out.push(super::super::pages::look(finding));
    }
    for (label, intent) in answers(finding, mine).into_iter().flatten() {
        if Button::secondary(label).show(ui).clicked() {
            out.push(intent);
        }
    }
    if finding.answer.as_ref().is_some_and(|answer| !answer.expected) {
        next(ui, frame, (mine, seq), state, out);
    }
}

/// What is to be done where it was somebody else: lock, replace the password, rotate what was read in that session.
fn next(ui: &mut Ui, frame: &Frame<'_>, (mine, seq): (bool, u64), state: &mut State, out: &mut Vec<Intent>) {
    let Some(view) = frame.unlocked() else { return };
    let read = state.read_in_session(view, seq);
    let words = match read.len() {
        0 => "Rotate what was read…".to_owned(),
        1 => "Rotate 1 key…".to_owned(),
        many => format!("Rotate {} keys…", thousands(many as u64)),
    };
    let forbidden =
        (!view.view.me.role.may(Permission::ManageKeys)).then_some("Your role may not change keys");
    let none = read.is_empty().then_some("No key that is in use was read in that session");
    if Button::secondary(&words).disabled(forbidden.or(none)).show(ui).clicked() {
        out.push(Intent::Open(DialogRequest::RotateEach(read.to_vec())));
    }
    // The password of another operator is theirs to replace.
    let forbidden = UiCommand::PasswordExposed.unavailable(frame, false);
    if mine && Button::secondary("Password exposed…").disabled(forbidden).show(ui).clicked() {
        out.push(Intent::Open(DialogRequest::PasswordExposed));
    }
    if Button::danger_outline("Lock now").show(ui).clicked() {
        out.push(Intent::App(Command::Lock(LockReason::ByHand)));
    }
}
