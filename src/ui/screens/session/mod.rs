//! This session: how long it still lasts, its limits, what was done in it, what is on the clipboard; and those before.

mod cards;
mod findings;
mod history;
mod lanes;

use super::pages::is_small;
use super::pages::paint::quiet;
use super::pages::save::Saving;
use super::pages::when;
use crate::app::UnlockedView;
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, size};
use crate::ui::widgets as w;
use egui::{Rect, ScrollArea, Ui, UiBuilder, pos2, vec2};
use std::time::Duration;

/// Height of the history where the page scrolls.
const HISTORY: f32 = 360.0;

/// What a lock does.
const LOCK_DOES: &str = "A lock removes keys and decrypted data from memory, clears the clipboard if it holds a copied secret, \
                         hides the window's contents, and keeps drafts encrypted.";

/// What the page remembers between frames.
#[derive(Default)]
pub struct State {
    saving: Saving,
    history: history::History,
    /// The findings are shown in place of the sessions.
    findings: bool,
    answers: findings::State,
}

impl State {
    /// Shows the findings, not the sessions.
    pub fn show_findings(&mut self) {
        self.findings = true;
    }
}

/// Shows the page.
pub fn show(ui: &mut Ui, frame: &Frame<'_>, state: &mut State) -> Vec<Intent> {
    let mut out = Vec::new();
    let Some(view) = frame.unlocked() else { return out };
    state.saving.hear(frame, &mut out);
    // The timers count in seconds.
    ui.ctx().request_repaint_after(Duration::from_secs(1));
    let page = ui.max_rect();
    let inner = page.shrink2(vec2(size::PAGE_PADDING, 0.0));
    ui.scope_builder(UiBuilder::new().id_salt("session").max_rect(inner), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        let session = &view.view.session;
        w::page_head(
            ui,
            "Session",
            |ui| {
                let since = when::clock(session.started);
                quiet(ui, format!("{} on {}, since {since}", view.view.me.name, session.host));
            },
            |_| {},
        );
        if !is_small(ui) {
            body(ui, inner, frame, view, state, &mut out);
            return;
        }
        // To the edge of the page, so that the bar stands there and not on the cards.
        let area = Rect::from_min_max(ui.cursor().min, page.max - vec2(2.0, 0.0));
        let above = state.saving.above(area);
        ui.scope_builder(UiBuilder::new().id_salt("scrolled").max_rect(above), |ui| {
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                let whole = Rect::from_min_size(ui.cursor().min, vec2(inner.width(), f32::INFINITY));
                ui.set_max_width(inner.width());
                body(ui, whole, frame, view, state, &mut out);
            });
        });
        state.saving.dock(ui, area.with_max_x(inner.right()), frame, &mut out);
    });
    out
}

/// The cards, and below them the sessions before or the findings, within `inner`.
fn body(
    ui: &mut Ui,
    inner: Rect,
    frame: &Frame<'_>,
    view: &UnlockedView,
    state: &mut State,
    out: &mut Vec<Intent>,
) {
    let small = is_small(ui);
    let top = ui.cursor().min;
    let [first, second, third] = cards::places(top, inner.width(), small);
    cards::timers(ui, first, frame, view);
    cards::limits(ui, second, frame, view, &mut state.saving, out);
    state.findings |= cards::done(ui, third, frame, view, out);
    ui.allocate_space(vec2(inner.width(), third.bottom() - top.y + 8.0));
    w::text_in(ui, TextRole::Small, super::pages::t(ui).text_2, LOCK_DOES);
    ui.add_space(12.0);
    if !small {
        state.saving.show(ui, frame, out);
    }
    let left = pos2(inner.left(), ui.cursor().top());
    let rest = if small {
        Rect::from_min_size(left, vec2(inner.width(), HISTORY))
    } else {
        Rect::from_min_max(left, inner.max)
    };
    if state.findings {
        state.findings = !findings::show(ui, rest, frame, view, &mut state.answers, out);
    } else {
        state.findings = state.history.show(ui, rest, frame, view, out);
    }
    if small {
        ui.advance_cursor_after_rect(rest);
    }
}
