//! Integrity: whether the log holds, what that proves in plain words, and what it does not.

use super::super::pages::paint::{Words, glyph};
use super::super::pages::{pair, t, when};
use super::proof::hash;
use super::{State, strip};
use crate::app::{Command, Integrity, UnlockedView};
use crate::audit::index::LogIndex;
use crate::model::Timestamp;
use crate::ui::frame::{DialogRequest, Frame, Intent};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, Button, Tone, thousands};
use crate::ui::words::{plural, sentence};
use crate::vault::AnchorStatus;
use egui::{Rect, ScrollArea, Sense, Ui, UiBuilder, vec2};

const LABEL: f32 = 152.0;

/// The longest time without an event, told once for every length of the log.
#[derive(Default)]
pub(super) struct Gaps {
    read: Option<usize>,
    longest: Option<(Timestamp, Timestamp)>,
}

impl Gaps {
    fn refresh(&mut self, log: &LogIndex) {
        if self.read == Some(log.len()) {
            return;
        }
        self.read = Some(log.len());
        let mut last: Option<Timestamp> = None;
        self.longest = None;
        for row in log.iter() {
            let at = row.time();
            if let Some(before) = last
                && self.longest.is_none_or(|(from, to)| at.since(before) > to.since(from))
            {
                self.longest = Some((before, at));
            }
            last = Some(at);
        }
    }
}

pub(super) fn show(
    ui: &mut Ui,
    body: Rect,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
    out: &mut Vec<Intent>,
) {
    state.gaps.refresh(&view.log);
    // To the edge of the page, so that the bar stands there and not on the words.
    let inner = Rect::from_min_max(body.min + vec2(size::PAGE_PADDING, 0.0), body.max - vec2(2.0, 0.0));
    ui.scope_builder(UiBuilder::new().id_salt("integrity").max_rect(inner), |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.add_space(16.0);
            ui.set_max_width((body.width() - 2.0 * size::PAGE_PADDING).min(920.0));
            ui.spacing_mut().item_spacing.y = 6.0;
            banner(ui, frame, view, state, out);
            ui.add_space(8.0);
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 12.0), Sense::hover());
            let pieces = format!("The log in pieces of {} events", thousands(strip::PIECE));
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &pieces));
            strip::bar(ui, rect, view);
            w::text_in(ui, TextRole::Small, t(ui).text_2, format!("{pieces}, oldest at the left"));
            ui.add_space(12.0);
            facts(ui, view);
            ui.add_space(12.0);
            gaps(ui, frame, view, &state.gaps);
            ui.add_space(12.0);
            explain(ui);
            ui.add_space(16.0);
        });
    });
}

fn banner(ui: &mut Ui, frame: &Frame<'_>, view: &UnlockedView, state: &mut State, out: &mut Vec<Intent>) {
    let t = t(ui);
    let said = strip::say(&view.integrity, frame.now, t);
    ui.horizontal(|ui| {
        glyph(ui, said.icon, size::ICON_LARGE, said.colour);
        Words::new()
            .add(TextRole::Heading, said.colour, format!("{} ", said.state))
            .add(TextRole::Body, t.text_2, &said.more)
            .show(ui);
    });
    let words = match &view.integrity {
        Integrity::Verified { entries, .. } => format!(
            "Every one of the {} follows from the one before, is signed by an operator who may sign, and leads to the \
             state the vault is in.",
            plural(*entries, "event", "events")
        ),
        Integrity::NotChecked => {
            "The newest events were checked at the unlock; the whole log was not.".to_owned()
        }
        Integrity::Checking { .. } => "The whole log is being read and checked.".to_owned(),
        Integrity::Broken { what, .. } => {
            format!("{} Events from there on cannot be trusted.", sentence(what))
        }
        Integrity::Restored { holds } => {
            let found = holds.map_or_else(String::new, |entries| {
                format!(" In itself it holds: {} verified.", plural(entries, "event", "events"))
            });
            format!(
                "An operator accepted a file that is older than, or differs from, what this computer had seen. The acceptance \
                 is in the log.{found}"
            )
        }
    };
    w::text(ui, TextRole::Body, words);
    ui.add_space(4.0);
    if let Integrity::Checking { done, total } = &view.integrity {
        if w::progress(ui, 280.0, "Verifying", *done, *total, true) {
            out.push(Intent::App(Command::CancelJob));
        }
        return;
    }
    ui.horizontal(|ui| {
        if Button::primary("Verify now").icon(icons::VERIFIED).show(ui).clicked() {
            verify(frame, state, out);
        }
        if Button::secondary("Export…").icon(icons::EXPORT).show(ui).clicked() {
            out.push(Intent::Open(DialogRequest::ExportLog));
        }
        if let Integrity::Broken { seq: Some(seq), .. } = &view.integrity
            && Button::secondary("Show events from here").show(ui).clicked()
        {
            out.push(Intent::ShowAudit(format!("seq>={seq}")));
        }
    });
}

/// Starts a verification of the whole log.
pub(super) fn verify(frame: &Frame<'_>, state: &mut State, out: &mut Vec<Intent>) {
    let ticket = frame.ticket();
    state.verify = Some(ticket);
    out.push(Intent::App(Command::VerifyLog { ticket }));
}

/// Says how a verification went.
pub(super) fn hear(frame: &Frame<'_>, state: &mut State, out: &mut Vec<Intent>) {
    let Some(reply) = frame.reply(state.verify) else { return };
    state.verify = None;
    out.push(match &reply.result {
        Ok(crate::app::Done::Checked(checked)) => {
            let words = format!(
                "The log holds: {}, {}.",
                plural(checked.entries, "event", "events"),
                plural(checked.checkpoints, "checkpoint", "checkpoints")
            );
            Intent::Toast(Tone::Ok, words)
        }
        Ok(_) => return,
        Err(crate::vault::VaultError::Cancelled) => {
            Intent::Toast(Tone::Neutral, "Verification stopped. Nothing was changed.".to_owned())
        }
        Err(error) => {
            let words = sentence(&error.to_string());
            Intent::Toast(Tone::Critical, words)
        }
    });
}

fn facts(ui: &mut Ui, view: &UnlockedView) {
    let t = t(ui);
    w::section(ui, "The log");
    pair(ui, LABEL, "Events", |ui| {
        w::text(ui, TextRole::Mono, thousands(view.view.log_size));
    });
    if let Integrity::Verified { checkpoints, .. } = &view.integrity {
        pair(ui, LABEL, "Checkpoints", |ui| {
            w::text(ui, TextRole::Mono, thousands(*checkpoints));
        });
    }
    pair(ui, LABEL, "Rollback protection", |ui| match &view.view.anchor {
        AnchorStatus::On => {
            w::icon_text(ui, icons::VERIFIED, "on: this computer remembers where the log ended", t.ok);
        }
        AnchorStatus::First => {
            w::icon_text(ui, icons::INFO, "on from now: this computer had not seen the vault before", t.text);
        }
        AnchorStatus::Again(why) => {
            w::icon_text(
                ui,
                icons::DOUBTFUL,
                &format!("on again: not checked at this unlock; {why}"),
                t.warn,
            );
        }
        AnchorStatus::Off(why) => {
            w::icon_text(ui, icons::DOUBTFUL, &format!("off: {why}"), t.warn);
        }
    });
    hash(ui, "Root of the tree", &view.view.log_root);
    hash(
        ui,
        "Genesis fingerprint: compare it with the one you wrote down when the vault was made",
        &view.view.roster.genesis(),
    );
}

fn gaps(ui: &mut Ui, frame: &Frame<'_>, view: &UnlockedView, gaps: &Gaps) {
    w::section(ui, "Gaps");
    let size = view.view.log_size;
    if matches!(view.integrity, Integrity::Verified { .. }) && size > 0 {
        let words = format!("No events are missing between #0 and #{}.", thousands(size - 1));
        w::text(ui, TextRole::Body, words);
    } else {
        w::text(ui, TextRole::Body, "Whether events are missing is known once the whole log is verified.");
    }
    if let Some((from, to)) = gaps.longest {
        let moment = |at: Timestamp| format!("{} {}", when::day_words(at, frame.now), when::clock(at));
        let words = format!(
            "The longest time without an event: from {} to {}, {}.",
            moment(from),
            moment(to),
            when::span(to.since(from))
        );
        w::text(ui, TextRole::Body, words);
    }
}

fn explain(ui: &mut Ui) {
    w::section(ui, "What this proves, and what not");
    for words in [
        "The log is a tree of hashes, and each entry is signed. The check shows that no recorded event was changed, removed or \
         put in another order since it was written, and that the vault is in the state the log leads to.",
        "It does not show that every action was recorded: what somebody does with a secret outside Keyroom, or with the \
         file on another computer, is not in it.",
        "Who controls this computer and holds an administrator's password could write another history after the last point \
         that is remembered elsewhere. The memory of this computer, an exported log and its checkpoints are such points: \
         keep an export where that person cannot reach it.",
        "An exported log can be verified by anyone with keyroom-verify, without the vault and without a password.",
    ] {
        w::text(ui, TextRole::Body, words);
        ui.add_space(2.0);
    }
}
