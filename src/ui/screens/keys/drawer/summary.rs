//! The first tab: what stands out, the secret, the facts, the versions and the last events.

use egui::{Rect, Role, Ui, pos2, vec2};

use crate::model::due::{due, due_date, policy_of};
use crate::model::period::{ended, review_waits};
use crate::model::{KeyRecord, KeyState, Policy, PolicyChoice};
use crate::ui::frame::{DialogRequest, Intent, RotationTab};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{Button, Tone, link, text};

use super::super::actions;
use super::super::paint::{self, key_value, place_with, tokens};
use super::super::words;
use super::{LABEL, Look, activity, bars, part, row, row_mono, secret};
use crate::model::due::Due;
use crate::ui::words::sentence;

/// Shows it; a value to read, where that was asked for.
pub(super) fn show(
    ui: &mut Ui,
    look: &Look<'_>,
    tab: &mut usize,
    intents: &mut Vec<Intent>,
) -> Option<(Option<u32>, bool)> {
    stands_out(ui, look, intents);
    ui.add_space(12.0);
    let wish = secret::show(ui, look, intents);
    ui.add_space(10.0);
    facts(ui, look, intents);
    ui.add_space(14.0);
    if part(ui, "Versions", None, Some("Show all")) {
        *tab = 1;
    }
    ui.add_space(4.0);
    bars::show(ui, look);
    ui.add_space(12.0);
    let events = look.past.events.len();
    if part(ui, "Activity", Some(events as u64), (events > 0).then_some("Show all")) {
        *tab = 2;
    }
    activity::few(ui, look, 4, intents);
    wish
}

/// What is most worth knowing of the key now, and what to do about it.
fn stands_out(ui: &mut Ui, look: &Look<'_>, intents: &mut Vec<Intent>) {
    let key = look.key;
    let settings = &look.view.view.settings;
    let act = |ui: &mut Ui, tone, title: &str, body: &str, button: Option<Button<'_>>| {
        notice(ui, tone, title, body, button)
    };
    let secondary = |label| look.may.manage.then(|| Button::secondary(label));
    if let Some(at) = key.destroy_at {
        let (day, over) = (words::date(at), at <= look.frame.now);
        let (title, body) = if over {
            ("Can be destroyed now", format!("Since {day}. The time to take it back is over"))
        } else {
            (
                "Destruction scheduled",
                format!("Can be destroyed from {day} on. Until then it can be taken back"),
            )
        };
        let (label, request) = if over {
            ("Destroy…", DialogRequest::Destroy(key.id))
        } else {
            ("Cancel…", DialogRequest::CancelDestroy(key.id))
        };
        if act(ui, Tone::Warn, title, &body, secondary(label)) {
            intents.push(Intent::Open(request));
        }
        ui.add_space(4.0);
    }
    match key.state {
        KeyState::PreActive => {
            if act(ui, Tone::Neutral, "Not in use yet", "Activate it when it is", secondary("Activate…")) {
                intents.push(Intent::Open(DialogRequest::Activate(key.id)));
            }
        }
        KeyState::Active => {
            let due = due(key, settings, look.frame.now);
            let date = due_date(key, settings).map(words::date).unwrap_or_default();
            let policy = policy_of(key, settings);
            let (tone, title, body) = match due {
                Due::Late(_) => (Tone::High, due.words(), format!("Was due {date}")),
                Due::In(0) => {
                    (Tone::Warn, "Due today".to_owned(), format!("{date}, last changed {}", since(look)))
                }
                Due::In(_) if due.is_soon(policy) => (Tone::Warn, format!("Due {}", due.words()), date),
                Due::In(_) => (Tone::Neutral, format!("Due {}", due.words()), date),
                _ => (Tone::Neutral, "No date".to_owned(), no_date(key, policy)),
            };
            let blocked = actions::why_not_rotate(key, look.may);
            let button = match tone {
                Tone::High | Tone::Warn => Button::primary("Rotate…"),
                _ => Button::secondary("Rotate…"),
            };
            let button = button.icon(icons::ROTATE).disabled(blocked.as_deref());
            if act(ui, tone, &title, &body, Some(button)) {
                intents.push(Intent::Open(DialogRequest::Rotate(key.id)));
            }
        }
        KeyState::Suspended => {
            let why = key.suspended.clone().unwrap_or_default();
            let now = look.frame.now;
            let title = match (key.life.review_by, review_waits(key, now)) {
                (Some(by), None) => format!("Review by {}", words::date(by)),
                (Some(_), Some(0)) => "Review today".to_owned(),
                (Some(by), Some(_)) => format!("Review was due {}", words::day(by, now)),
                (None, _) => "Suspended".to_owned(),
            };
            let over = ended(key, settings, now);
            let why = match over {
                Some(date) => format!("Due {}: only a new value brings it back. {why}", words::date(date)),
                None => why,
            };
            let (label, request) = match over {
                Some(_) => ("Rotate…", DialogRequest::Rotate(key.id)),
                None => ("Resume…", DialogRequest::Resume(key.id)),
            };
            if act(ui, Tone::Warn, &title, &why, secondary(label)) {
                intents.push(Intent::Open(request));
            }
        }
        KeyState::Deactivated => {
            let until = key.process_until(settings).map(|until| words::date(until.date));
            let doing = key.key_type.processing_words();
            if let (Some(_), None, Some(day)) =
                (key.process_over(settings, look.frame.now), key.destroy_at, &until)
            {
                let title = format!("Needed by nothing since {day}");
                let body = format!("Out of use, and it may not {doing} any more");
                if act(ui, Tone::Warn, &title, &body, secondary("Destroy…")) {
                    intents.push(Intent::Open(DialogRequest::ScheduleDestroy(key.id)));
                }
            } else {
                let body = match until {
                    Some(day) => format!("Its values may still be read, to {doing} until {day}"),
                    None => "Its values may still be read".to_owned(),
                };
                act(ui, Tone::Neutral, "Out of use", &body, None);
            }
        }
        KeyState::Compromised => {
            let known = key.compromise.as_ref();
            let title = known.map_or_else(
                || "Compromised".to_owned(),
                |c| format!("Compromised, noticed {}", words::date(c.noticed)),
            );
            let body =
                known.map(|c| format!("{}. {}", sentence(c.reason.words()).trim_end_matches('.'), c.note));
            act(ui, Tone::Critical, &title, &body.unwrap_or_default(), None);
        }
        KeyState::Destroyed => {
            let when = key.destroyed.map(words::date).unwrap_or_default();
            let (tone, title, body) = match &key.compromise {
                Some(known) => {
                    let noticed = words::date(known.noticed);
                    let reason = sentence(known.reason.words());
                    let title = format!("Destroyed {when}, compromised");
                    (Tone::Critical, title, format!("Noticed {noticed}. {reason} {}", known.note))
                }
                None => {
                    (Tone::Neutral, format!("Destroyed {when}"), "What was known about it stays".to_owned())
                }
            };
            act(ui, tone, &title, &body, None);
        }
    }
}

/// Why an active key has no date.
fn no_date(key: &KeyRecord, policy: Option<&Policy>) -> String {
    match (&key.policy, policy) {
        (PolicyChoice::Exempt { reason }, _) => sentence(&format!("Exempt: {reason}")),
        (_, Some(policy)) => format!("Only on evidence, by the policy \u{201C}{}\u{201D}.", policy.name),
        (_, None) => "No policy says when it must change.".to_owned(),
    }
}

fn since(look: &Look<'_>) -> String {
    words::date(look.key.last_rotated())
}

/// A tinted box: bold line, small line, one button. Says whether that was clicked.
fn notice(ui: &mut Ui, tone: Tone, title: &str, body: &str, button: Option<Button<'_>>) -> bool {
    let t = tokens(ui);
    let tint = tone.tint(t);
    let width = ui.available_width();
    let room = width - 36.0 - if button.is_some() { 128.0 } else { 12.0 };
    let small = ui.painter().layout(body.to_owned(), crate::ui::theme::font(TextRole::Small), t.text, room);
    let height = (34.0 + small.size().y).max(50.0).ceil();
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), egui::Sense::hover());
    ui.painter().rect_filled(rect, size::RADIUS_CARD, tint.fill);
    if t.high_contrast {
        ui.painter().rect_stroke(rect, size::RADIUS_CARD, (1.0, t.hairline), egui::StrokeKind::Inside);
    }
    let glyph = if tone == Tone::Neutral { icons::CLOCK } else { tone.icon() };
    paint::icon(ui.painter(), pos2(rect.left() + 20.0, rect.center().y), glyph, size::ICON, tint.fg);
    let top = rect.center().y - (17.0 + small.size().y) / 2.0;
    let at = pos2(rect.left() + 36.0, top + 7.0);
    paint::put(ui.painter(), at, TextRole::BodyStrong, t.text, title, room);
    ui.painter().galley(pos2(rect.left() + 36.0, (top + 18.0).round()), small, t.text);
    let words = if body.is_empty() { title.to_owned() } else { format!("{title}. {body}") };
    let role =
        if matches!(tone, Tone::High | Tone::Warn | Tone::Critical) { Role::Alert } else { Role::Status };
    response.widget_info(|| egui::WidgetInfo::labeled(role, true, &words));
    let Some(button) = button else { return false };
    let place = Rect::from_min_max(rect.min, rect.max - vec2(8.0, 0.0));
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    place_with(ui, title, place, layout, |ui| button.show(ui).clicked())
}

fn facts(ui: &mut Ui, look: &Look<'_>, intents: &mut Vec<Intent>) {
    let key = look.key;
    let settings = &look.view.view.settings;
    let policy = policy_of(key, settings);
    let said = match (policy, &key.policy) {
        (Some(policy), _) => match policy.overlap_days {
            0 => policy.name.clone(),
            days => format!("{}, overlap {days} d", policy.name),
        },
        (None, PolicyChoice::Exempt { .. }) => "Exempt".to_owned(),
        (None, _) => "None".to_owned(),
    };
    key_value(ui, LABEL, "Policy", |ui| {
        if link(ui, &said).clicked() {
            intents.push(Intent::ShowRotation(RotationTab::Policies(policy.map(|policy| policy.id))));
        }
    });
    row(ui, "Type", key.key_type.title());
    row(ui, "Owner", if key.owner.is_empty() { "none" } else { &key.owner });
    if !key.around.sponsor.is_empty() {
        row(ui, "Sponsor", &key.around.sponsor);
    }
    if !key.system.is_empty() {
        row(ui, "System", &key.system);
    }
    for (label, told) in [("Contact", &key.later.contact), ("In use at", &key.later.deployed)] {
        if !told.is_empty() {
            row(ui, label, told);
        }
    }
    if let Some(expires) = key.later.expires {
        row(ui, "Value expires", &words::date(expires));
    }
    if let Some(version) = key.current() {
        if !version.description.is_empty() {
            row(ui, "Value", &version.description);
        }
        row_mono(ui, "Fingerprint", &version.fingerprint_short());
        if let Some(check) = &version.check_value {
            row_mono(ui, "Check value", check);
        }
    }
    key_value(ui, LABEL, "Last revealed", |ui| match look.past.last_reveal() {
        Some(told) => {
            ui.spacing_mut().item_spacing.x = 4.0;
            text(ui, TextRole::Body, words::day(told.time, look.frame.now));
            text(ui, TextRole::Mono, words::clock(told.time));
            text(ui, TextRole::Body, format!("by {}", told.operator));
        }
        None => {
            text(
                ui,
                TextRole::Body,
                if key.ever_revealed { "not in the log that was read" } else { "never" },
            );
        }
    });
}
