//! The three cards: timers, limits, what was done and what is on the clipboard.

use super::super::pages::number::Number;
use super::super::pages::paint::{Words, glyph, put_left, width};
use super::super::pages::save::{Saving, forbidden};
use super::super::pages::{pair, place, t, when};
use crate::app::{Command, UnlockedView};
use crate::audit::sessions::SessionSummary;
use crate::model::Settings;
use crate::operations::SettingsEdit;
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, Button, EndRow, thousands};
use egui::{
    Align, Color32, FontFamily, FontId, Layout, Pos2, Rect, Role, Sense, StrokeKind, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};
use std::time::Duration;

/// Height of a card.
const HEIGHT: f32 = 248.0;
/// From the edge of the limits to their boxes.
const LABEL: f32 = 108.0;
/// Between cards.
const GAP: f32 = 16.0;

/// Where the cards stand.
pub(super) fn places(top: Pos2, width: f32, stacked: bool) -> [Rect; 3] {
    if stacked {
        let below = |at: usize| pos2(top.x, top.y + at as f32 * (HEIGHT + GAP));
        return [0, 1, 2].map(|at| Rect::from_min_size(below(at), vec2(width, HEIGHT)));
    }
    let room = width - 2.0 * GAP;
    // The limits need their width; on a small window the others give way.
    let middle = (room / 3.0).max(352.0).floor();
    let first = ((room - middle) / 2.0).floor();
    let mut left = top.x;
    [first, middle, room - middle - first].map(|width| {
        let rect = Rect::from_min_size(pos2(left, top.y), vec2(width, HEIGHT));
        left += width + GAP;
        rect
    })
}

fn card(ui: &mut Ui, salt: &str, rect: Rect, contents: impl FnOnce(&mut Ui)) {
    let t = t(ui);
    ui.painter().rect(rect, size::RADIUS_CARD, t.surface, (1.0, t.hairline), StrokeKind::Inside);
    place(ui, salt, rect.shrink2(vec2(17.0, 12.0)), |ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
        contents(ui);
    });
}

/// How long the session still lasts, and how it came about.
pub(super) fn timers(ui: &mut Ui, rect: Rect, frame: &Frame<'_>, view: &UnlockedView) {
    let t = t(ui);
    let session = &view.view.session;
    let settings: &Settings = &view.view.settings;
    card(ui, "timers", rect, |ui| {
        let (idle, hard) = (frame.left(view.idle_deadline), frame.left(view.hard_deadline));
        let idle_limit = Duration::from_secs(u64::from(settings.idle_lock_min) * 60);
        let hard_limit = Duration::from_secs(u64::from(settings.session_limit_h) * 3600);
        let top = ui.cursor().min;
        let width = ((ui.available_width() - 24.0) / 2.0).floor();
        let ends = frame.now.plus_ms(i64::try_from(hard.as_millis()).unwrap_or(0));
        let soon = idle <= Duration::from_secs(60);
        let colour = if soon { t.warn } else { t.text };
        timer(
            ui,
            top,
            width,
            "Locks when idle",
            (idle, idle_limit),
            colour,
            if soon { t.warn } else { t.accent },
        );
        let at = pos2(top.x + width + 24.0, top.y);
        let title = format!("Ends at {}", when::clock(ends));
        let soon = hard <= Duration::from_secs(300);
        let colour = if soon { t.warn } else { t.text };
        timer(ui, at, width, &title, (hard, hard_limit), colour, if soon { t.warn } else { t.accent });
        ui.allocate_space(vec2(ui.available_width(), 96.0));
        let narrow = rect.width() < 330.0;
        let label = if narrow { 104.0 } else { 112.0 };
        pair(ui, label, "Started", |ui| {
            // Without the year it stays on one line: a session never lasts into the next but by hours.
            let day = if narrow { when::day(session.started) } else { when::date(session.started) };
            Words::new()
                .add(TextRole::Body, t.text, format!("{} ", day.trim_start()))
                .add(TextRole::Mono, t.text, when::clock_s(session.started))
                .show(ui);
        });
        pair(ui, label, "Unlocked with", |ui| w::text(ui, TextRole::Body, "password"));
        pair(ui, label, "Session", |ui| {
            // As the log's filter takes it: `session:00545e5e`.
            w::text(ui, TextRole::Mono, session.tag.short());
        });
        let process = frame.snapshot.status.details.iter().find(|(name, _)| name == "Process");
        let (name, number) = match process {
            Some((_, number)) => ("Process", format!("{number}, ")),
            None => ("Account", String::new()),
        };
        pair(ui, label, name, |ui| {
            w::text(ui, TextRole::Body, format!("{number}OS user {}", session.os_user));
        });
        pair(ui, label, "Program", |ui| {
            w::text(ui, TextRole::Body, concat!("Keyroom ", env!("CARGO_PKG_VERSION")));
        });
    });
}

/// A title, the time left in large figures, a bar of how much that is, and of what.
fn timer(
    ui: &mut Ui,
    at: Pos2,
    width: f32,
    title: &str,
    (left, limit): (Duration, Duration),
    colour: Color32,
    fill: Color32,
) {
    let t = t(ui);
    let rect = Rect::from_min_size(at, vec2(width, 84.0));
    let response = ui.interact(rect, ui.unique_id().with(title), Sense::hover());
    let said = format!("{title}: {} of {}", when::countdown(left), when::countdown(limit));
    response.widget_info(|| WidgetInfo::labeled(Role::Timer, true, &said));
    let painter = ui.painter();
    let words = Words::new().add(TextRole::Body, t.text_2, title).line(painter, width);
    put_left(painter, at.x, at.y + 11.0, words);
    let font = FontId::new(22.0, FontFamily::Monospace);
    let figures = painter.layout_no_wrap(when::countdown(left), font, colour);
    // Hack comes without a bold face: twice, a little apart.
    let place = pos2(at.x, at.y + 24.0);
    painter.galley(place, figures.clone(), colour);
    painter.galley(place + vec2(0.8, 0.0), figures, colour);
    let bar = Rect::from_min_size(pos2(at.x, at.y + 60.0), vec2(width, 4.0));
    painter.rect_filled(bar, 2, if t.high_contrast { t.heat[1] } else { t.sunken });
    let share = if limit.is_zero() { 0.0 } else { (left.as_secs_f32() / limit.as_secs_f32()).min(1.0) };
    let done = bar.with_max_x(bar.left() + (bar.width() * share).max(2.0));
    painter.rect_filled(done, 2, fill);
    let of = Words::new().add(TextRole::Small, t.text_2, "of ").add(
        TextRole::SmallMono,
        t.text_2,
        when::countdown(limit),
    );
    put_left(painter, at.x, at.y + 75.0, of.line(painter, width));
}

/// The limits, changed at once: with the password, as every change of the settings.
pub(super) fn limits(
    ui: &mut Ui,
    rect: Rect,
    frame: &Frame<'_>,
    view: &UnlockedView,
    saving: &mut Saving,
    out: &mut Vec<Intent>,
) {
    let now: Settings = saving.wanted().cloned().unwrap_or_else(|| (*view.view.settings).clone());
    let no = forbidden(frame);
    card(ui, "limits", rect, |ui| {
        head(ui, "Limits", "idle at most 15 min");
        ui.add_space(4.0);
        let mut asked: Option<(&str, String, Settings)> = None;
        let mut change = |ui: &mut Ui,
                          label: &'static str,
                          unit: &str,
                          values: &[u32],
                          at: u32,
                          set: fn(&mut Settings, u32)| {
            if let Some(value) = choose(ui, label, unit, values, at, no) {
                let mut next = now.clone();
                set(&mut next, value);
                asked = Some((label, format!("{value} {unit}"), next));
            }
        };
        change(ui, "Lock when idle", "min", &[1, 2, 5, 10, 15], now.idle_lock_min, |s, v| {
            s.idle_lock_min = v
        });
        change(ui, "End session after", "h", &[2, 4, 8, 12], now.session_limit_h, |s, v| {
            s.session_limit_h = v
        });
        change(ui, "Clipboard clears", "s", &[10, 15, 30, 60], now.clipboard_s, |s, v| s.clipboard_s = v);
        change(ui, "Revealed hides", "s", &[10, 20, 30, 60], now.reveal_s, |s, v| s.reveal_s = v);
        ticks(ui, "Lock when", |ui| {
            ui.add_enabled_ui(no.is_none(), |ui| {
                let mut minimised = now.locks.minimised;
                if w::checkbox(ui, &mut minimised, "minimised").changed() {
                    let mut next = now.clone();
                    next.locks.minimised = minimised;
                    asked = Some(("Lock when minimised", on(minimised), next));
                }
            });
        });
        ticks(ui, "Reveal needs", |ui| {
            ui.add_enabled_ui(no.is_none(), |ui| {
                let (mut password, mut reason) = (now.reveal_needs_password, now.reveal_needs_reason);
                if w::checkbox(ui, &mut password, "password").changed() {
                    let next = Settings { reveal_needs_password: password, ..now.clone() };
                    asked = Some(("Password before a reveal", on(password), next));
                }
                if w::checkbox(ui, &mut reason, "reason").changed() {
                    let next = Settings { reveal_needs_reason: reason, ..now.clone() };
                    asked = Some(("Reason before a reveal", on(reason), next));
                }
            });
        });
        if let Some((what, to, after)) = asked {
            saving.ask(frame, (what, &to), SettingsEdit { before: now, after }, out);
        }
    });
}

/// A label and the boxes after it, below each other in the rows of a card.
fn ticks(ui: &mut Ui, label: &str, boxes: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        let left = ui.cursor().left();
        w::text(ui, TextRole::Body, label);
        ui.add_space((left + LABEL - ui.cursor().left()).max(0.0));
        boxes(ui);
    });
}

fn on(on: bool) -> String {
    if on { "on" } else { "off" }.to_owned()
}

fn head(ui: &mut Ui, title: &str, note: &str) {
    let t = t(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
    let mut line = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
    w::text(&mut line, TextRole::Heading, title);
    line.with_layout(Layout::right_to_left(Align::Center), |ui| {
        w::text_in(ui, TextRole::Small, t.text_2, note);
    });
}

/// A label and its choices; the value that was chosen now.
fn choose(ui: &mut Ui, label: &str, unit: &str, values: &[u32], at: u32, no: Option<&str>) -> Option<u32> {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 30.0), Sense::hover());
    let mut line = ui.new_child(
        UiBuilder::new().id_salt(label).max_rect(rect).layout(Layout::left_to_right(Align::Center)),
    );
    w::text(&mut line, TextRole::Body, label);
    let number = Number { name: label, unit, values, small: true };
    let room = line.available_rect_before_wrap();
    EndRow::new(&line, label, room).show(&mut line, |ui| number.show(ui, at, no))
}

/// What was done in this session, and what of it is on the clipboard.
/// Says whether the findings are wanted.
pub(super) fn done(
    ui: &mut Ui,
    rect: Rect,
    frame: &Frame<'_>,
    view: &UnlockedView,
    out: &mut Vec<Intent>,
) -> bool {
    let mut findings = false;
    let upper = rect.with_max_y(rect.top() + 129.0);
    let lower = rect.with_min_y(upper.bottom() + GAP);
    let session = &view.view.session;
    card(ui, "done", upper, |ui| {
        head(ui, "In this session", "");
        counts(ui, view, out);
        ui.add_space(4.0);
        let t = t(ui);
        let mine = |f: &&crate::guard::unusual::Finding| {
            f.time >= session.started && f.operator == view.view.me.name
        };
        match view.findings.iter().filter(mine).count() {
            0 => {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 6.0;
                    glyph(ui, icons::SUCCESS, size::ICON_SMALL, t.ok);
                    w::text_in(ui, TextRole::Small, t.ok, "Nothing unusual noticed");
                });
            }
            n => {
                ui.horizontal(|ui| {
                    glyph(ui, icons::WARNING, size::ICON_SMALL, t.warn);
                    let words = format!("{n} {} noticed", if n == 1 { "finding" } else { "findings" });
                    if w::link_small(ui, &words).clicked() {
                        findings = true;
                    }
                });
            }
        }
    });
    card(ui, "clipboard", lower, |ui| {
        let t = t(ui);
        head(ui, "Clipboard", "");
        ui.horizontal(|ui| {
            glyph(ui, icons::CLIPBOARD, size::ICON, t.text_2);
            match &frame.snapshot.clipboard {
                None => {
                    w::text_in(ui, TextRole::Body, t.text_2, "Nothing from this vault");
                }
                Some(held) => {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        if Button::secondary("Clear now").show(ui).clicked() {
                            out.push(Intent::App(Command::ClearClipboard));
                        }
                        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                            let left = format!("clears in {}", when::countdown(frame.left(held.clears_at)));
                            let stuck = held.stuck.then_some("could not be cleared; tried again");
                            held_words(ui, &held.what, stuck.unwrap_or(&left), held.stuck);
                        });
                    })
                    .inner
                }
            }
        });
    });
    findings
}

/// What is on the clipboard, and below it how it stands: the countdown must not be what is cut.
fn held_words(ui: &mut Ui, what: &str, stands: &str, warns: bool) {
    let t = t(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{what}, {stands}")));
    let colour = if warns { t.warn } else { t.text_2 };
    let first = Words::new().add(TextRole::Body, t.text, what).line(ui.painter(), rect.width());
    let second = Words::new().add(TextRole::Small, colour, stands).line(ui.painter(), rect.width());
    put_left(ui.painter(), rect.left(), rect.top() + 9.0, first);
    put_left(ui.painter(), rect.left(), rect.top() + 27.0, second);
}

/// One of the counts: what is counted, its words, and the query that finds the same.
struct Counted {
    of: fn(&SessionSummary) -> u32,
    one: &'static str,
    many: &'static str,
    query: &'static str,
}

const COUNTED: [Counted; 5] = [
    Counted { of: |s| s.reveals, one: "reveal", many: "reveals", query: "action:secret.reveal" },
    Counted { of: |s| s.copies, one: "copy", many: "copies", query: "action:secret.copy" },
    Counted {
        of: |s| s.exports,
        one: "export",
        many: "exports",
        query: "action:(secret.export, key.export_list)",
    },
    Counted {
        of: |s| s.changes,
        one: "change",
        many: "changes",
        query: "category:(key, operator, policy, rotation) -action:(key.export_list, rotation.complete)",
    },
    Counted { of: |s| s.rotations, one: "rotation", many: "rotations", query: "action:rotation.complete" },
];

/// What of this session `query` asks for: what was done, as it is counted; not what was refused.
fn of_this_session(query: &str) -> String {
    format!("session:current outcome:done {query}")
}

fn counts(ui: &mut Ui, view: &UnlockedView, out: &mut Vec<Intent>) {
    let t = t(ui);
    let tag = view.view.session.tag;
    let known = view.sessions.iter().find(|s| s.tag == tag);
    let of = |pick: fn(&SessionSummary) -> u32| known.map_or(0, pick);
    let counts = COUNTED.map(|counted| {
        let count = of(counted.of);
        (count, if count == 1 { counted.one } else { counted.many }, counted.query)
    });
    // On a narrow card the columns move together.
    let widths = counts.map(|(_, what, _)| width(ui, TextRole::Small, what).ceil());
    let gap = ((ui.available_width() - widths.iter().sum::<f32>()) / 4.0).floor().clamp(2.0, 28.0);
    let top = ui.cursor().min;
    let mut left = top.x;
    for ((count, what, query), width) in counts.into_iter().zip(widths) {
        let at = Rect::from_min_size(pos2(left, top.y), vec2(width + 1.0, 44.0));
        left += width + gap;
        let number = Words::new().add(TextRole::Title, t.text, thousands(count.into()));
        put_left(ui.painter(), at.left(), at.top() + 12.0, number.line(ui.painter(), width + gap));
        let below = at.with_min_y(at.top() + 22.0);
        place(ui, what, below, |ui| {
            if count == 0 {
                ui.add_space(2.0);
                w::text_in(ui, TextRole::Small, t.text_2, what)
                    .widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("0 {what}")));
            } else if w::link_small(ui, what).clicked() {
                out.push(Intent::ShowAudit(of_this_session(query)));
            }
        });
    }
    ui.allocate_space(vec2(ui.available_width(), 40.0));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::query::{Context, parse_in};
    use crate::ui::fixture::Stage;

    #[test]
    fn each_count_opens_as_many_events_as_it_says() {
        let stage = Stage::new(60);
        let view = stage.snapshot.unlocked().unwrap();
        let mut seen = [0; COUNTED.len()];
        for session in view.sessions.iter() {
            let context = Context { now: stage.frame().now, session: Some(session.tag) };
            for (counted, seen) in COUNTED.iter().zip(&mut seen) {
                let query = parse_in(&of_this_session(counted.query), context).unwrap();
                let found = query.select(&view.log).len();
                assert_eq!(found, (counted.of)(session) as usize, "{}", counted.query);
                *seen += found;
            }
        }
        // The fixture's people do most of it.
        assert!(seen[0] > 0 && seen[1] > 0 && seen[2] > 0 && seen[3] > 0, "{seen:?}");
    }
}
