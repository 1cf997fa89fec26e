//! What must be said across the whole window: it locks soon, the log is broken, this is a demonstration.

use std::time::Duration;

use egui::text::{LayoutJob, TextFormat};
use egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::{Command, Integrity, UnlockedView};
use crate::guard::session::{HARD_SOON, WARN};
use crate::model::{LockReason, Timestamp};
use crate::ui::frame::{Frame, Intent, Page, SettingsSection};
use crate::ui::theme::{TextRole, font, icons, size, tokens};
use crate::ui::widgets::{Banner, Button, EndRow, Tone};
use crate::ui::words::sentence;

use super::draw::icon;

/// The first of the moments at which a screen reader says how long is left; the others are in the banner itself.
const MINUTE: Duration = Duration::from_secs(60);

/// Shows what is to be shown, one under the other; nothing takes no room. `since`: what is odd about the time before this
/// session, while nobody has seen it on the Overview.
pub(super) fn show(ui: &mut Ui, frame: &Frame<'_>, since: Option<&str>) -> Vec<Intent> {
    let mut intents = Vec::new();
    let Some(unlocked) = frame.unlocked() else { return intents };
    ui.spacing_mut().item_spacing.y = 0.0;
    time(ui, frame, unlocked, &mut intents);
    if let Integrity::Broken { what, seq } = &unlocked.integrity {
        let words =
            format!("The log does not hold. {} Events from there on cannot be trusted.", sentence(what));
        let banner = Banner::new(Tone::Critical, &words).icon(icons::BROKEN).full_width().action("Inspect");
        if banner.show(ui).is_some() {
            intents.push(seq.map_or(Intent::ShowIntegrity, Intent::ShowEvent));
        }
    }
    let damaged = unlocked.last_check.as_ref().and_then(|check| check.found.as_ref().err());
    if let Some(what) = damaged.filter(|_| !matches!(unlocked.integrity, Integrity::Broken { .. })) {
        let words = format!("The check found damage. {}", sentence(what));
        let banner = Banner::new(Tone::Critical, &words).icon(icons::BROKEN).full_width();
        if banner.action("What to do").show(ui).is_some() {
            intents.push(Intent::ShowSettings(SettingsSection::Vault));
        }
    }
    if let Some(since) = since {
        let banner = Banner::new(Tone::Warn, since).icon(icons::WARNING).full_width();
        if banner.action("Show").show(ui).is_some() {
            intents.push(Intent::Go(Page::Overview));
        }
    }
    if unlocked.is_demo {
        let banner = Banner::new(Tone::Info, "Demo data: nothing here is real.").full_width();
        if banner.action("Close demo").show(ui).is_some() {
            intents.push(Intent::App(Command::Close));
        }
    }
    intents
}

/// Whether there is something to be shown.
pub(super) fn any(frame: &Frame<'_>, since: Option<&str>) -> bool {
    let Some(unlocked) = frame.unlocked() else { return false };
    since.is_some()
        || warns_of_idle(frame)
        || frame.left(unlocked.hard_deadline) <= HARD_SOON
        || matches!(unlocked.integrity, Integrity::Broken { .. })
        || unlocked.last_check.as_ref().is_some_and(|check| check.found.is_err())
        || unlocked.is_demo
}

/// Whether the warning of the idle lock is shown.
pub(super) fn warns_of_idle(frame: &Frame<'_>) -> bool {
    frame.unlocked().is_some_and(|unlocked| {
        let idle = frame.left(unlocked.idle_deadline);
        idle <= WARN && idle <= frame.left(unlocked.hard_deadline)
    })
}

/// What a screen reader says of the time that is left: at 60, 30 and 10 seconds, never in between. The warning of the idle
/// lock says its last two itself.
fn last_words(frame: &Frame<'_>, unlocked: &UnlockedView) -> Option<String> {
    let (idle, hard) = (frame.left(unlocked.idle_deadline), frame.left(unlocked.hard_deadline));
    if warns_of_idle(frame) || idle.min(hard) > MINUTE {
        return None;
    }
    if idle <= hard {
        return Some("This vault locks in 60 seconds because you have been idle.".to_owned());
    }
    let said = [10, 30].into_iter().find(|seconds| hard <= Duration::from_secs(*seconds)).unwrap_or(60);
    Some(format!("This session ends in {said} seconds whatever you do. Your drafts are kept."))
}

/// The sentence of the hard limit.
pub(super) fn limit_words(ends: Timestamp) -> String {
    format!("For safety this session ends at {} whatever you do. Your drafts are kept.", ends.clock())
}

/// Says something to a screen reader, and nothing on the screen.
fn announce(ui: &Ui, words: &str) {
    let id = egui::Id::unique("keyroom announcement");
    let place = Rect::from_min_size(ui.max_rect().min, egui::Vec2::ZERO);
    let response = ui.interact(place, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, words));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Polite));
}

fn time(ui: &mut Ui, frame: &Frame<'_>, unlocked: &UnlockedView, intents: &mut Vec<Intent>) {
    let hard = frame.left(unlocked.hard_deadline);
    if let Some(words) = last_words(frame, unlocked) {
        announce(ui, &words);
    }
    if warns_of_idle(frame) {
        idle(ui, frame.left(unlocked.idle_deadline), intents);
    } else if hard <= HARD_SOON {
        let at = frame.now.plus_ms(i64::try_from(hard.as_millis()).unwrap_or(i64::MAX));
        let words = limit_words(at);
        let banner = Banner::new(Tone::Warn, &words).icon(icons::SESSION).full_width();
        if banner.action("Lock now").show(ui).is_some() {
            intents.push(Intent::App(Command::Lock(LockReason::ByHand)));
        }
    }
}

/// The warning before the idle lock: its seconds stand out, so it is painted here and not by [`Banner`].
fn idle(ui: &mut Ui, left: Duration, intents: &mut Vec<Intent>) {
    let t = tokens(ui.ctx());
    let seconds = left.as_millis().div_ceil(1000);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::TOP_BAR), Sense::hover());
    ui.painter().rect_filled(rect, 0, t.tint_warn);
    if t.high_contrast {
        ui.painter().rect_stroke(rect, 0, (1.0, t.hairline), egui::StrokeKind::Inside);
    }
    icon(ui, pos2(rect.left() + 26.0, rect.center().y), icons::SESSION, size::ICON_LARGE, t.warn);
    let mut job = LayoutJob::default();
    let count = format!("{seconds} s");
    for (words, font) in [
        ("This vault locks in ", font(TextRole::Body)),
        (count.as_str(), font(TextRole::BodyStrong)),
        (" because you have been idle.", font(TextRole::Body)),
    ] {
        job.append(words, 0.0, TextFormat::simple(font, t.text));
    }
    let galley = ui.painter().layout_job(job);
    super::draw::put(ui, rect.left() + 48.0, rect.center().y, galley);
    // Read out at 60, 30 and 10 seconds only: the words change every second, their announcement does not.
    let said = if seconds > 10 { 30 } else { 10 };
    let words = format!("This vault locks in {said} seconds because you have been idle.");
    response.widget_info(|| WidgetInfo::labeled(Role::Alert, true, &words));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_live(egui::accesskit::Live::Assertive));

    let actions = Rect::from_min_max(rect.min, pos2(rect.right() - 16.0, rect.bottom()));
    EndRow::new(ui, "idle actions", actions).show(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        if Button::secondary("Lock now").show(ui).clicked() {
            intents.push(Intent::App(Command::Lock(LockReason::ByHand)));
        }
        if Button::primary("Stay unlocked").shortcut("Space").show(ui).clicked() {
            intents.push(Intent::App(Command::StayUnlocked));
        }
    });
}
