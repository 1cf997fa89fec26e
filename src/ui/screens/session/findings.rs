//! What the rules of unusual activity found, newest first, and the two answers: it was me, it was not me; about
//! somebody else: expected, not expected. An answer is in
//! the log; a finding stays listed whatever was said about it.

use super::super::pages::paint::{Words, icon, put_left};
use super::super::pages::{place, t, when};
use crate::app::{Command, Ticket, UnlockedView};
use crate::guard::unusual::{Answer, Finding};
use crate::model::{LockReason, Severity};
use crate::operations::AnswerFinding;
use crate::ui::frame::{DialogRequest, Frame, Intent};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, Button, EmptyState, Tone, thousands};
use crate::ui::words::sentence;
use egui::{Align, Layout, Rect, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

/// Height of a finding.
const ROW: f32 = 48.0;

/// What the list remembers.
#[derive(Default)]
pub(super) struct State {
    /// An answer on its way, and what is said once it is recorded.
    asked: Option<(Ticket, Tone, &'static str)>,
}

impl State {
    /// Tells whether the answer was recorded.
    pub(super) fn hear(&mut self, frame: &Frame<'_>, out: &mut Vec<Intent>) {
        let Some((ticket, tone, words)) = self.asked else { return };
        let Some(reply) = frame.reply(Some(ticket)) else { return };
        self.asked = None;
        out.push(match &reply.result {
            Ok(_) => Intent::Toast(tone, words.to_owned()),
            Err(error) => Intent::Toast(Tone::Critical, sentence(&error.to_string())),
        });
    }
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
    let builder = UiBuilder::new().id_salt(("finding", at)).max_rect(rect.shrink2(vec2(11.0, 0.0)));
    let mut line = ui.new_child(builder.layout(Layout::right_to_left(Align::Center)));
    line.spacing_mut().item_spacing.x = size::GAP;
    actions(&mut line, frame, finding, state, out);
    let end = line.min_rect().left();
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
    let room = end - rect.left() - 43.0 - 16.0;
    let day = when::day_words(finding.time, frame.now);
    let said = match &finding.answer {
        None => String::new(),
        Some(answer) => {
            let what = Answer::words(answer.expected, answer.by == finding.operator);
            format!(" {} said: {what}.", answer.by)
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

/// From the right: what can be said, or what is to be done once it was said that it was somebody else.
fn actions(ui: &mut Ui, frame: &Frame<'_>, finding: &Finding, state: &mut State, out: &mut Vec<Intent>) {
    let Some(seq) = finding.events.last().copied() else { return };
    // Every finding has the same buttons: heard alone, they belong to this one.
    let of = format!("{}, {}", finding.why, when::clock(finding.time));
    ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
        node.set_role(egui::accesskit::Role::Group);
        node.set_label(of);
    });
    match &finding.answer {
        None => {
            let busy = state.asked.map(|_| "An answer is being recorded");
            let mut answer = |expected: bool, tone: Tone, words: &'static str| {
                let ticket = frame.ticket();
                let act = AnswerFinding { rule: finding.rule, seq, expected, note: String::new() };
                out.push(Intent::App(Command::act(ticket, act)));
                state.asked = Some((ticket, tone, words));
            };
            let mine = frame.unlocked().is_some_and(|view| view.view.me.name == finding.operator);
            let (yes, no) = if mine { ("It was me", "It was not me") } else { ("Expected", "Not expected") };
            if Button::secondary(no).disabled(busy).show(ui).clicked() {
                let words = "Recorded as critical. Replace the password, and rotate what was read.";
                answer(false, Tone::Warn, words);
            }
            if Button::secondary(yes).disabled(busy).show(ui).clicked() {
                answer(true, Tone::Ok, "Recorded. The finding stays listed.");
            }
        }
        Some(answer) if !answer.expected => {
            if Button::danger_outline("Lock now").show(ui).clicked() {
                out.push(Intent::App(Command::Lock(LockReason::ByHand)));
            }
            if Button::secondary("Password exposed…").show(ui).clicked() {
                out.push(Intent::Open(DialogRequest::PasswordExposed));
            }
        }
        Some(_) => {}
    }
    if Button::quiet("Review").show(ui).clicked() {
        out.push(super::super::pages::look(finding));
    }
}
