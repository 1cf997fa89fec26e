//! One event: as a sentence, then what is known of it, what it changed, its raw form, and what proves it.

use super::super::pages::paint::{Words, glyph};
use super::super::pages::{answers, pair, place, t, when};
use super::State;
use super::list::{self, mark};
use crate::app::{EventDetail, UnlockedView};
use crate::guard::unusual::{Answer, Finding};
use crate::model::{Action, Event, LockReason, Object, Outcome};
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, IconButton, thousands};
use crate::ui::words::plural;
use egui::{Align, Frame as Panel, Layout, Margin, Rect, ScrollArea, Ui, pos2, vec2};

use super::proof;

/// Width of the labels.
const LABEL: f32 = 88.0;

/// The drawer in `rect`.
pub(super) fn show(
    ui: &mut Ui,
    rect: Rect,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
    out: &mut Vec<Intent>,
) {
    let t = t(ui);
    let Some(row) = state.selected.and_then(|seq| view.log.get(seq)) else { return };
    let seq = row.seq();
    let detail = view.detail.as_deref().filter(|detail| detail.event.seq == seq);
    let event = detail.map_or_else(|| row.event(), |detail| detail.event.clone());
    ui.painter().vline(rect.left().round() - 0.5, rect.y_range(), (1.0, t.hairline));
    let inner = rect.shrink2(vec2(16.0, 6.0));
    let head = Rect::from_min_size(inner.min, vec2(inner.width(), 28.0));
    place(ui, "drawer head", head, |ui| {
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            w::text_in(ui, TextRole::Mono, t.text_2, format!("#{}", thousands(seq)));
            w::severity_tag(ui, mark(event.severity));
            let room = ui.available_rect_before_wrap();
            w::EndRow::new(ui, "step", room).show(ui, |ui| step(ui, view, state));
        });
    });
    let sentence = sentence(&event, t).paragraph(ui.painter(), inner.width());
    let words = Rect::from_min_size(pos2(inner.left(), head.bottom() + 4.0), sentence.size());
    let response = ui.interact(words, ui.unique_id().with("sentence"), egui::Sense::hover());
    let said = event.sentence();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
    ui.painter().galley(words.min, sentence, t.text);
    let tabs = Rect::from_min_size(pos2(inner.left(), words.bottom() + 4.0), vec2(inner.width(), 36.0));
    let names = [("Summary", None), ("Changes", None), ("Raw", None), ("Proof", None)];
    place(ui, "drawer tabs", tabs, |ui| w::tabs(ui, "Event", &names, &mut state.drawer_tab));
    ui.painter().hline(rect.x_range(), tabs.bottom().round() - 0.5, (1.0, t.hairline));
    // To the edge of the window, so that the bar stands there and not on the words.
    let end = pos2(rect.right() - 2.0, inner.bottom());
    let body = Rect::from_min_max(pos2(inner.left(), tabs.bottom() + 8.0), end);
    place(ui, "drawer body", body, |ui| {
        let area = ScrollArea::vertical().id_salt(("event", state.drawer_tab)).auto_shrink(false);
        area.show(ui, |ui| {
            ui.set_max_width(inner.width());
            ui.spacing_mut().item_spacing.y = 4.0;
            match state.drawer_tab {
                0 => summary(ui, frame, view, &event, detail, state, out),
                1 => changes(ui, &event, detail.is_some()),
                2 => raw(ui, &event, detail, out),
                _ => proof::show(ui, frame, view, detail, seq, &mut state.around, out),
            }
        });
    });
}

/// Previous, next, close.
fn step(ui: &mut Ui, view: &UnlockedView, state: &mut State) {
    ui.spacing_mut().item_spacing.x = 4.0;
    let here = state.selected.and_then(|seq| view.log.row_of(seq)).and_then(|row| state.found.place(row));
    let last = state.found.rows.len().checked_sub(1);
    let below = here.filter(|at| Some(*at) != last).map(|at| at + 1);
    let above = here.and_then(|at| at.checked_sub(1));
    let no = |to: Option<usize>| to.is_none().then_some("There is no other event that way.");
    let up = IconButton::new(icons::ARROW_UP, "Previous event in the list").small().disabled(no(above));
    if up.show(ui).clicked()
        && let Some(at) = above
    {
        list::go(view, state, at);
    }
    if IconButton::new(icons::ARROW_DOWN, "Next event in the list")
        .small()
        .disabled(no(below))
        .show(ui)
        .clicked()
        && let Some(at) = below
    {
        list::go(view, state, at);
    }
    if IconButton::new(icons::CLOSE, "Close the event").small().show(ui).clicked() {
        state.closed = true;
    }
}

/// The event's sentence, its object in bold.
fn sentence(event: &Event, t: &crate::ui::theme::Tokens) -> Words {
    let (whole, object) = (event.sentence(), event.object.words());
    match whole.split_once(object.as_str()) {
        Some((before, after)) => Words::new()
            .add(TextRole::Body, t.text, before)
            .add(TextRole::BodyStrong, t.text, &object)
            .add(TextRole::Body, t.text, after),
        None => Words::new().add(TextRole::Body, t.text, whole),
    }
}

fn summary(
    ui: &mut Ui,
    frame: &Frame<'_>,
    view: &UnlockedView,
    event: &Event,
    detail: Option<&EventDetail>,
    state: &mut State,
    out: &mut Vec<Intent>,
) {
    let t = t(ui);
    why(ui, view, event.seq, out);
    pair(ui, LABEL, "When", |ui| {
        Words::new()
            .add(TextRole::Body, t.text, format!("{} ", when::date(event.time)))
            .add(TextRole::Mono, t.text, when::clock_s(event.time))
            .show(ui);
    });
    pair(ui, LABEL, "", |ui| {
        w::text_in(ui, TextRole::Mono, t.text_2, event.time.iso());
    });
    pair(ui, LABEL, "Operator", |ui| {
        w::text(ui, TextRole::Body, &event.operator);
    });
    pair(ui, LABEL, "Where", |ui| {
        w::text(ui, TextRole::Body, format!("{}, OS user {}", event.host, event.os_user));
    });
    pair(ui, LABEL, "Session", |ui| {
        let tag = event.session.short();
        if w::link(ui, &tag).clicked() {
            state.next = Some(format!("session:{tag}"));
        }
        if let Some(session) = view.sessions.iter().find(|s| s.tag == event.session) {
            let lasted = when::span(session.duration_ms(frame.now));
            let events = plural(session.events, "event", "events");
            w::text(ui, TextRole::Body, format!("{lasted}, {events}"));
        }
    });
    if event.outcome != Outcome::Done {
        pair(ui, LABEL, "Outcome", |ui| {
            w::icon_text(ui, icons::FAILED, event.outcome.word(), t.warn);
        });
    }
    pair(ui, LABEL, "Reason", |ui| {
        if event.reason.is_empty() {
            w::text_in(ui, TextRole::Body, t.text_2, "none given");
        } else {
            w::text(ui, TextRole::Body, reason(event));
        }
    });
    pair(ui, LABEL, "Proof", |ui| match detail {
        Some(detail) if detail.signed => {
            w::icon_text(ui, icons::VERIFIED, "signed, follows its history", t.ok);
        }
        Some(_) => {
            w::icon_text(ui, icons::BROKEN, "the signature does not match", t.critical);
        }
        None => {
            w::text_in(ui, TextRole::Body, t.text_2, "opening the entry");
        }
    });
    if let Object::Key { id, name, .. } = &event.object {
        pair(ui, LABEL, "Key", |ui| {
            if view.view.keys.get(*id).is_some() {
                if w::link(ui, name).clicked() {
                    out.push(Intent::ShowKey(*id));
                }
                if w::link(ui, "all its events").clicked() {
                    state.next = Some(crate::audit::query::clause("key", name));
                }
            } else {
                w::text(ui, TextRole::Body, format!("{name}, no longer in the vault"));
            }
        });
    }
}

/// Why, in words: a lock's reason stands in the log as its code.
fn reason(event: &Event) -> String {
    let lock = LockReason::from_word(&event.reason).filter(|_| event.action == Action::SessionLock);
    lock.map_or_else(|| event.reason.clone(), LockReason::words)
}

/// The findings that rest on this event, each with what was said about it, or the two answers where nothing was.
fn why(ui: &mut Ui, view: &UnlockedView, seq: u64, out: &mut Vec<Intent>) {
    let resting: Vec<_> = view.findings.iter().filter(|f| f.events.contains(&seq)).collect();
    if resting.is_empty() {
        return;
    }
    let t = t(ui);
    let grave = resting.iter().any(|f| f.severity == crate::model::Severity::Critical);
    let tint = if grave { t.critical_tint() } else { t.warn_tint() };
    let edge = if t.high_contrast { t.hairline } else { tint.fill };
    let panel = Panel::new().fill(tint.fill).stroke((1.0, edge)).corner_radius(size::RADIUS_CARD);
    panel.inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.horizontal_top(|ui| {
            glyph(ui, icons::WARNING, size::ICON, tint.fg);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 1.0;
                w::text(ui, TextRole::BodyStrong, "Why this stands out");
                for finding in resting.iter().take(4) {
                    Words::new()
                        .add(TextRole::Small, t.text, finding.why.trim_end_matches('.'))
                        .add(TextRole::Small, t.text_2, format!(" ({})", finding.rule.name()))
                        .show(ui);
                    answer(ui, view, finding, out);
                }
            });
        });
    });
    ui.add_space(6.0);
}

/// What was said about a finding, or what can be.
fn answer(ui: &mut Ui, view: &UnlockedView, finding: &Finding, out: &mut Vec<Intent>) {
    let mine = view.view.me.name == finding.operator;
    if let Some(answer) = &finding.answer {
        let what = Answer::words(answer.expected, answer.by == finding.operator);
        w::text(ui, TextRole::Small, format!("{} said: {what}.", answer.by));
        if !answer.expected && w::link_small(ui, "What to do next").clicked() {
            out.push(Intent::ShowFindings);
        }
    }
    let Some(answers) = answers(finding, mine) else { return };
    ui.add_space(4.0);
    let row = ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        for (label, intent) in answers {
            if w::Button::secondary(label).show(ui).clicked() {
                out.push(intent);
            }
        }
    });
    // Heard alone, the buttons belong to this finding.
    ui.ctx().accesskit_node_builder(row.response.id, |node| {
        node.set_role(egui::accesskit::Role::Group);
        node.set_label(finding.why.as_str());
    });
    ui.add_space(4.0);
}

fn changes(ui: &mut Ui, event: &Event, opened: bool) {
    let t = t(ui);
    if event.changes.is_empty() {
        let words = if opened { "This event changed no field." } else { "Opening the entry…" };
        w::text_in(ui, TextRole::Body, t.text_2, words);
        return;
    }
    for change in &event.changes {
        let (sign, name, colour) = match (change.before.is_empty(), change.after.is_empty()) {
            (true, _) => ("+", "added", t.ok),
            (_, true) => ("\u{2212}", "removed", t.high),
            _ => ("~", "changed", t.accent),
        };
        ui.horizontal(|ui| {
            Words::new()
                .add(TextRole::Mono, colour, format!("{sign} "))
                .add(TextRole::BodyStrong, t.text, &change.field)
                .add(TextRole::Small, t.text_2, format!("  {name}"))
                .show(ui);
        });
        for (label, value) in [("before", &change.before), ("after", &change.after)] {
            if !value.is_empty() {
                pair(ui, LABEL, label, |ui| {
                    w::text_in(ui, TextRole::Body, t.text, value);
                });
            }
        }
        ui.add_space(6.0);
    }
    w::text_in(ui, TextRole::Small, t.text_3, "Values of secrets are never in the log.");
}

fn raw(ui: &mut Ui, event: &Event, detail: Option<&EventDetail>, out: &mut Vec<Intent>) {
    let t = t(ui);
    let text = raw_text(event, detail);
    if w::Button::secondary("Copy").icon(icons::COPY).show(ui).clicked() {
        out.push(Intent::App(crate::app::Command::CopyPlain(text.clone())));
    }
    ui.add_space(8.0);
    w::text_in(ui, TextRole::SmallMono, t.text, text);
}

/// The event as JSON, in the order of its fields.
fn raw_text(event: &Event, detail: Option<&EventDetail>) -> String {
    let mut value = super::copy::value(event);
    if let (Some(detail), Some(map)) = (detail, value.as_object_mut()) {
        let rows: serde_json::Map<_, _> =
            detail.rows.iter().map(|(table, n)| ((*table).to_owned(), serde_json::json!(n))).collect();
        map.insert("rows".to_owned(), serde_json::Value::Object(rows));
        map.insert("roster".to_owned(), serde_json::json!(detail.roster_version));
    }
    serde_json::to_string_pretty(&value).unwrap_or_default()
}
