//! The status bar: facts, and the job that runs, with its way out.

use egui::{Align, Color32, Layout, Rect, Sense, Ui, pos2, vec2};

use crate::app::{Command, Job, UnlockedView};
use crate::ui::frame::{Frame, Intent};
use crate::ui::screens::audit::AuditStatus;
use crate::ui::theme::{TextRole, icons, size, tokens};
use crate::ui::widgets::{link_small, thousands};
use crate::ui::words::ago;

use super::draw::{icon, label, pieces, placed, put};
use super::layout::Chrome;
use super::words::countdown;

pub(super) fn show(ui: &mut Ui, frame: &Frame<'_>, chrome: &Chrome<'_>) -> Vec<Intent> {
    let t = tokens(ui.ctx());
    let mut intents = Vec::new();
    let Some(unlocked) = frame.unlocked() else { return intents };
    let bar = ui.max_rect();
    let inner = Rect::from_min_max(bar.min + vec2(16.0, 0.0), bar.max - vec2(16.0, 0.0));

    let zone = match &chrome.zone.0 {
        Some(name) => format!("{name} {}", chrome.zone.1),
        None => chrome.zone.1.clone(),
    };
    let (name, offset) = zone.rsplit_once(' ').map_or(("", zone.as_str()), |(name, offset)| (name, offset));
    let gap = if name.is_empty() { "" } else { " " };
    let text = [(name, TextRole::Small), (gap, TextRole::Small), (offset, TextRole::SmallMono)]
        .map(colour(t.text_2));
    let galley = pieces(ui, &text);
    let left = inner.right() - galley.size().x;
    put(ui, left, bar.center().y, galley);
    label(ui, "zone", Rect::from_min_max(pos2(left, bar.top()), inner.max), &format!("Time zone {zone}"));

    let room = Rect::from_min_max(inner.min, pos2(left - 16.0, inner.bottom()));
    let room = chrome.messages.show(ui, room);
    placed(ui, "facts", room, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        if let Some(audit) = &chrome.audit {
            self::audit(ui, unlocked.view.log_size, audit, &mut intents);
        } else {
            vault(ui, frame, unlocked, chrome);
        }
        if let Some(job) = &frame.snapshot.job {
            separator(ui);
            self::job(ui, job, &mut intents);
        } else if !chrome.narrow || frame.snapshot.clipboard.is_some() {
            separator(ui);
            clipboard(ui, frame);
        }
    });
    intents
}

/// Whether there is something in it that can be used.
pub(super) fn has_controls(frame: &Frame<'_>, chrome: &Chrome<'_>) -> bool {
    !chrome.messages.is_empty()
        || frame.snapshot.job.as_ref().is_some_and(|job| job.cancellable)
        || chrome.audit.as_ref().is_some_and(|audit| audit.newer > 0)
}

/// What there is in the vault.
fn vault(ui: &mut Ui, frame: &Frame<'_>, unlocked: &UnlockedView, chrome: &Chrome<'_>) {
    let shown = chrome.keys.map_or(chrome.counts.keys, |(shown, _)| shown as u64);
    let mut keys = format!("{} {}", thousands(shown), if shown == 1 { "key" } else { "keys" });
    if chrome.keys.is_none() && chrome.counts.destroyed > 0 {
        keys.push_str(&format!(", {} more destroyed", thousands(chrome.counts.destroyed)));
    }
    if let Some((_, ticked)) = chrome.keys {
        keys.push_str(" shown");
        if ticked > 0 {
            keys = format!("{keys}, {} selected", thousands(ticked as u64));
        }
    }
    fact(ui, &[(&keys, TextRole::Small)]);
    separator(ui);
    let log = thousands(unlocked.view.log_size);
    fact(ui, &[("Log size ", TextRole::Small), (&log, TextRole::SmallMono)]);
    separator(ui);
    let backup = match unlocked.last_backup {
        Some(at) => format!("Last backup {}", ago(at, frame.now)),
        None => "No backup yet".to_owned(),
    };
    fact(ui, &[(&backup, TextRole::Small)]);
}

/// What the Audit page tells: the bar, what is new, where in the list one is.
fn audit(ui: &mut Ui, log_size: u64, audit: &AuditStatus, intents: &mut Vec<Intent>) {
    match &audit.bar {
        Some(words) => fact(ui, &[(words, TextRole::Small)]),
        None => fact(ui, &[("Log size ", TextRole::Small), (&thousands(log_size), TextRole::SmallMono)]),
    }
    if audit.newer > 0 {
        separator(ui);
        let newer = thousands(audit.newer as u64);
        let words = if audit.newer == 1 { " newer event. " } else { " newer events. " };
        fact(ui, &[(&newer, TextRole::SmallMono), (words, TextRole::Small)]);
        if link_small(ui, "Show").clicked() {
            intents.push(Intent::ShowNewerEvents);
        }
    }
    if let Some((at, of)) = audit.place {
        separator(ui);
        let words = format!("Event {} of {}", thousands(at as u64), thousands(of as u64));
        fact(ui, &[(&words, TextRole::Small)]);
    }
}

fn colour(colour: Color32) -> impl Fn((&str, TextRole)) -> (&str, TextRole, Color32) {
    move |(text, role)| (text, role, colour)
}

fn fact(ui: &mut Ui, text: &[(&str, TextRole)]) {
    let t = tokens(ui.ctx());
    let coloured: Vec<_> = text.iter().copied().map(colour(t.text_2)).collect();
    let galley = pieces(ui, &coloured);
    let words: String = text.iter().map(|(words, _)| *words).collect();
    let (rect, response) =
        ui.allocate_exact_size(vec2(galley.size().x, ui.available_height()), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &words));
    put(ui, rect.left(), rect.center().y, galley);
}

fn separator(ui: &mut Ui) {
    let t = tokens(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(33.0, ui.available_height()), Sense::hover());
    let line = Rect::from_center_size(pos2(rect.left() + 16.5, rect.center().y), vec2(1.0, 12.0));
    ui.painter().rect_filled(line, 0, t.hairline);
}

fn clipboard(ui: &mut Ui, frame: &Frame<'_>) {
    let t = tokens(ui.ctx());
    match &frame.snapshot.clipboard {
        None => fact(ui, &[("Clipboard: nothing from this vault", TextRole::Small)]),
        Some(state) if state.stuck => {
            let words = format!("{} is still on the clipboard; clearing it is tried again", state.what);
            crate::ui::widgets::icon_text(ui, icons::WARNING, &words, t.warn);
        }
        Some(state) => {
            let (rect, _) = ui.allocate_exact_size(vec2(20.0, ui.available_height()), Sense::hover());
            icon(ui, pos2(rect.left() + 7.0, rect.center().y), icons::CLIPBOARD, size::ICON_SMALL, t.text_2);
            let words = format!("{}, clears in ", state.what);
            let time = countdown(frame.left(state.clears_at));
            fact(ui, &[(&words, TextRole::Small), (&time, TextRole::SmallMono)]);
        }
    }
}

fn job(ui: &mut Ui, job: &Job, intents: &mut Vec<Intent>) {
    let share = match job.total {
        0 => thousands(job.done),
        total => format!("{} of {}", thousands(job.done), thousands(total)),
    };
    let percent =
        (job.total > 0).then(|| format!(" ({} %)", job.done.saturating_mul(100) / job.total.max(1)));
    fact(
        ui,
        &[
            (job.title, TextRole::Small),
            (" ", TextRole::Small),
            (&share, TextRole::SmallMono),
            (percent.as_deref().unwrap_or_default(), TextRole::SmallMono),
        ],
    );
    if job.cancellable {
        ui.add_space(8.0);
        if link_small(ui, "Cancel").clicked() {
            intents.push(Intent::App(Command::CancelJob));
        }
    }
}
