//! This session: how long it still lasts, its limits, what was done in it, what is on the clipboard; and those before.

mod cards;
mod findings;
mod history;

use super::pages::paint::quiet;
use super::pages::save::Saving;
use super::pages::when;
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::size;
use crate::ui::widgets as w;
use egui::{Rect, Ui, UiBuilder, pos2, vec2};
use std::time::Duration;

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
        let top = ui.cursor().min;
        let [first, second, third] = cards::places(top, inner.width());
        cards::timers(ui, first, frame, view);
        cards::limits(ui, second, frame, view, &mut state.saving, &mut out);
        state.findings |= cards::done(ui, third, frame, view, &mut out);
        ui.allocate_space(vec2(inner.width(), first.height() + 16.0));
        state.saving.show(ui, frame, &mut out);
        let rest = Rect::from_min_max(pos2(inner.left(), ui.cursor().top()), inner.max);
        if state.findings {
            state.findings = !findings::show(ui, rest, frame, view, &mut state.answers, &mut out);
        } else {
            state.findings = state.history.show(ui, rest, frame, view, &mut out);
        }
    });
    out
}
