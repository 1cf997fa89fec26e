//! What happened since the operator was last here: one grey line when nothing is odd, a banner when something is. Every
//! clause leads to what it says.

use super::super::pages::paint::{Words, glyph};
use super::super::pages::{t, when};
use crate::app::{Integrity, UnlockedView};
use crate::audit::query::replace_time_range;
use crate::audit::sessions::{Ending, SessionSummary};
use crate::model::Action;
use crate::ui::frame::{Frame, Intent, SettingsSection};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, IconButton};
use crate::ui::words::{plural, sentence};
use crate::vault::AnchorStatus;
use egui::{Layout, Sense, Ui, UiBuilder, pos2, vec2};

/// A piece of the line: words, and where they lead.
enum Clause {
    Text(String),
    Link(String, Box<dyn Fn() -> Intent>),
}

fn link(words: impl Into<String>, to: impl Fn() -> Intent + 'static) -> Clause {
    Clause::Link(words.into(), Box::new(to))
}

pub(super) fn show(
    ui: &mut Ui,
    frame: &Frame<'_>,
    view: &UnlockedView,
    dismissed: &mut bool,
    out: &mut Vec<Intent>,
) {
    let (clauses, odd) = clauses(frame, view);
    let t = t(ui);
    let loud = odd && !*dismissed;
    let (fill, mark, lead) =
        if loud { (t.tint_warn, t.warn, 36.0) } else { (egui::Color32::TRANSPARENT, t.text_3, 24.0) };
    let back = ui.painter().add(egui::Shape::Noop);
    let top = ui.cursor().min;
    let width = ui.available_width();
    let room = width - lead - if loud { 48.0 } else { 0.0 };
    let inner = egui::Rect::from_min_size(pos2(top.x + lead, top.y + 6.0), vec2(room, 24.0));
    let layout = Layout::left_to_right(egui::Align::Center).with_main_wrap(true);
    let mut child = ui.new_child(UiBuilder::new().id_salt("since").max_rect(inner).layout(layout));
    child.spacing_mut().item_spacing = vec2(0.0, 2.0);
    child.spacing_mut().interact_size.y = 24.0;
    let (strong, colour) = if loud { (TextRole::BodyStrong, t.text) } else { (TextRole::Body, t.text_2) };
    if is_first(view) {
        say(&mut child, strong, colour, "This is your first session. ");
    } else {
        say(&mut child, strong, colour, "Since your last session: ");
    }
    for clause in clauses {
        match clause {
            Clause::Text(words) => say(&mut child, TextRole::Body, colour, &words),
            Clause::Link(words, to) => {
                if w::link(&mut child, &words).clicked() {
                    out.push(to());
                }
            }
        }
    }
    let height = (child.min_rect().height() + 12.0).max(36.0);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let role = if loud { egui::Role::Alert } else { egui::Role::Status };
    response.widget_info(|| egui::WidgetInfo::labeled(role, true, "Since your last session"));
    let edge = if loud && t.high_contrast { t.hairline } else { fill };
    let shape =
        egui::epaint::RectShape::new(rect, size::RADIUS_CARD, fill, (1.0, edge), egui::StrokeKind::Inside);
    ui.painter().set(back, shape);
    let at = egui::Rect::from_center_size(
        pos2(rect.left() + if loud { 20.0 } else { 8.0 }, rect.top() + 18.0),
        vec2(size::ICON, size::ICON),
    );
    let mark_icon = if loud { icons::WARNING } else { icons::HISTORY };
    let mut place = ui.new_child(UiBuilder::new().max_rect(at));
    glyph(&mut place, mark_icon, size::ICON, mark);
    if loud {
        let at = egui::Rect::from_center_size(pos2(rect.right() - 22.0, rect.top() + 18.0), vec2(24.0, 24.0));
        let mut place = ui.new_child(UiBuilder::new().id_salt("close").max_rect(at));
        if IconButton::new(icons::CLOSE, "Close this notice").small().show(&mut place).clicked() {
            *dismissed = true;
        }
    }
}

fn say(ui: &mut Ui, role: TextRole, colour: egui::Color32, words: &str) {
    // Word by word, so that a long line may wrap between links.
    for word in words.split_inclusive(' ') {
        Words::new().add(role, colour, word).show(ui);
    }
}

/// What an operator must hear of the time before this session wherever they are, in one sentence; `None` where nothing is odd.
pub fn odd_since(view: &UnlockedView) -> Option<String> {
    let failed = view.view.session.failed_before.len();
    let attempts = (failed > 0).then(|| {
        format!(
            "{} since your last session",
            plural(failed, "failed unlock attempt", "failed unlock attempts")
        )
    });
    let crashed = before(view).filter(|last| last.how == Ending::Crashed);
    let crashed = crashed.map(|_| "no lock of your last session is recorded".to_owned());
    let odd: Vec<String> = attempts.into_iter().chain(crashed).collect();
    (!odd.is_empty()).then(|| sentence(&odd.join("; ")))
}

fn clauses(frame: &Frame<'_>, view: &UnlockedView) -> (Vec<Clause>, bool) {
    let session = &view.view.session;
    let mut clauses = Vec::new();
    let mut odd = false;
    if let Some(last) = before(view) {
        odd |= last_time(frame, last, &mut clauses);
    }
    odd |= failures(frame, view, &mut clauses);
    odd |= integrity(&view.integrity, &mut clauses);
    clauses.push(Clause::Text(" ".to_owned()));
    match session.new_since_anchor {
        // Said only where something was remembered, and the file is still that.
        Some(0) if view.view.anchor == AnchorStatus::On && !accepted(view) => {
            clauses.push(link("File unchanged.", || Intent::ShowIntegrity));
        }
        None | Some(0) => {}
        Some(n) => {
            let from = session.log_size_at_start.saturating_sub(n);
            // Another workstation's, or this one's while its keyring was away.
            let words = format!("{} this computer had not seen.", plural(n, "event", "events"));
            clauses.push(link(words, move || Intent::ShowAudit(format!("seq>={from}"))));
        }
    }
    match &view.view.anchor {
        AnchorStatus::On => {}
        AnchorStatus::First => {
            clauses.push(Clause::Text(" ".to_owned()));
            let words = "This computer had not seen the vault before.";
            clauses.push(link(words, || Intent::ShowSettings(SettingsSection::Vault)));
        }
        AnchorStatus::Again(_) | AnchorStatus::Off(_) => {
            odd = true;
            let off = matches!(view.view.anchor, AnchorStatus::Off(_));
            let words = if off {
                "Rollback protection is off."
            } else {
                "Whether it is an older copy was not checked."
            };
            clauses.push(Clause::Text(" ".to_owned()));
            clauses.push(link(words, || Intent::ShowSettings(SettingsSection::Vault)));
        }
    }
    (clauses, odd)
}

/// The operator's session before this one.
fn before(view: &UnlockedView) -> Option<&SessionSummary> {
    let this = view.view.session.tag;
    view.sessions.iter().find(|s| s.tag != this && s.operator_id == view.view.me.id)
}

/// Whether this session began with a copy that differs from what this computer had seen; its log says so, whatever a
/// verification found since.
fn accepted(view: &UnlockedView) -> bool {
    let session = &view.view.session;
    let mut mine = view.log.iter().rev().take_while(|row| row.time() >= session.started);
    matches!(view.integrity, Integrity::Restored { .. })
        || mine.any(|row| row.action() == Action::VaultAcceptRestored && row.session() == session.tag)
}

fn is_first(view: &UnlockedView) -> bool {
    before(view).is_none()
}

fn last_time(frame: &Frame<'_>, last: &SessionSummary, clauses: &mut Vec<Clause>) -> bool {
    let query = format!("session:{}", last.tag.short());
    let day = when::day_words(last.started, frame.now);
    let unlocked = format!("unlocked {day} {} on {}", when::clock(last.started), last.host);
    let lasted = when::span(last.duration_ms(frame.now));
    let crashed = last.how == Ending::Crashed;
    let session = move |words: String| {
        let query = query.clone();
        link(words, move || Intent::ShowAudit(query.clone()))
    };
    if crashed {
        clauses.push(session(unlocked));
        clauses.push(Clause::Text("; ".to_owned()));
        let why = "no lock of it is recorded: it crashed, or is still open in another program";
        clauses.push(session(why.to_owned()));
        clauses.push(Clause::Text(". ".to_owned()));
    } else {
        clauses.push(session(format!("{unlocked} for {lasted}.")));
        clauses.push(Clause::Text(" ".to_owned()));
    }
    crashed
}

fn failures(frame: &Frame<'_>, view: &UnlockedView, clauses: &mut Vec<Clause>) -> bool {
    let failed = &view.view.session.failed_before;
    let (Some(first), Some(last)) = (failed.iter().min().copied(), failed.iter().max().copied()) else {
        return false;
    };
    let count = plural(failed.len(), "failed unlock attempt", "failed unlock attempts");
    let (from, to) = (when::clock(first), when::clock(last));
    let times = if from == to { from } else { format!("{from}\u{2013}{to}") };
    let words = format!("{count} since then, {} {times}.", when::day_words(first, frame.now));
    // A failed unlock is told by the session that follows it, so the range reaches to now.
    let query = replace_time_range("action:session.unlock_failed", first.plus_ms(-1000), frame.now);
    clauses.push(link(words, move || Intent::ShowAudit(query.clone())));
    clauses.push(Clause::Text(" ".to_owned()));
    true
}

fn integrity(integrity: &Integrity, clauses: &mut Vec<Clause>) -> bool {
    let (words, odd) = match integrity {
        Integrity::NotChecked => ("Log not checked yet.".to_owned(), false),
        Integrity::Checking { .. } => ("Log being verified.".to_owned(), false),
        Integrity::Verified { entries, .. } => {
            (format!("Log verified: {}.", plural(*entries, "event", "events")), false)
        }
        Integrity::Broken { .. } => ("The log does not hold.".to_owned(), true),
        Integrity::Restored { .. } => ("A restored copy was accepted.".to_owned(), true),
    };
    clauses.push(link(words, || Intent::ShowIntegrity));
    odd
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixture::Stage;
    use std::sync::Arc;

    /// What the line says of a vault that was changed so.
    fn said(change: impl FnOnce(&mut UnlockedView)) -> String {
        let mut stage = Stage::new(3);
        stage.change(change);
        let frame = stage.frame();
        let (clauses, _) = clauses(&frame, frame.unlocked().unwrap());
        let words = |clause: &Clause| match clause {
            Clause::Text(words) | Clause::Link(words, _) => words.clone(),
        };
        clauses.iter().map(words).collect()
    }

    #[test]
    fn a_verified_log_is_said_with_how_many_events_it_has() {
        let words = said(|view| {
            view.integrity =
                Integrity::Verified { entries: 1_204, at: view.view.session.started, checkpoints: 3 };
        });
        assert!(words.contains("Log verified: 1,204 events."), "{words}");
    }

    #[test]
    fn the_file_is_unchanged_only_where_its_end_was_remembered_and_is_still_that() {
        let session = |view: &mut UnlockedView, new| {
            Arc::make_mut(&mut view.view).session.new_since_anchor = new;
        };
        assert!(said(|view| session(view, Some(0))).contains("File unchanged."));
        let first = said(|view| {
            session(view, None);
            Arc::make_mut(&mut view.view).anchor = AnchorStatus::First;
        });
        assert!(!first.contains("unchanged") && first.contains("had not seen the vault before"), "{first}");
        let newer = said(|view| session(view, Some(2)));
        assert!(
            !newer.contains("unchanged") && newer.contains("2 events this computer had not seen"),
            "{newer}"
        );
    }

    #[test]
    fn a_copy_that_was_accepted_is_not_an_unchanged_file_even_once_it_is_verified() {
        let restored = said(|view| view.integrity = Integrity::Restored { holds: None });
        assert!(!restored.contains("unchanged") && restored.contains("restored copy"), "{restored}");
        let verified = said(|view| {
            let mut events: Vec<_> = view.log.iter().map(|row| row.event()).collect();
            let last = events.last_mut().unwrap();
            (last.action, last.session) = (Action::VaultAcceptRestored, view.view.session.tag);
            view.log = Arc::new(crate::audit::index::LogIndex::from_events(&events));
        });
        assert!(!verified.contains("unchanged"), "{verified}");
    }
}
