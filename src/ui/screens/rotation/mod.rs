//! Rotation: what is due, the policies that decide it, and what was done.

mod due;
mod history;
mod kept;
mod policies;
mod policy_form;
mod side;

use super::pages::save::Saving;
use super::pages::stock::Stock;
use super::pages::tab_head;
use crate::ui::frame::{Frame, Intent};
use egui::Ui;

pub use kept::Kept;

/// What the page remembers between frames.
#[derive(Default)]
pub struct State {
    tab: usize,
    stock: Stock,
    due: due::Due,
    policies: policies::Policies,
    history: history::History,
    saving: Saving,
}

impl State {
    /// Opens the policies, as the settings ask for it.
    pub fn show_policies(&mut self) {
        self.tab = 1;
    }
}

/// Shows the page.
pub fn show(ui: &mut Ui, frame: &Frame<'_>, state: &mut State) -> Vec<Intent> {
    let mut out = Vec::new();
    let Some(view) = frame.unlocked() else { return out };
    let fresh = state.stock.refresh(frame, view);
    if state.saving.hear(frame, &mut out) {
        state.policies.saved();
    }
    let page = ui.max_rect();
    let tabs =
        [("Due", None), ("Policies", Some(view.view.settings.policies.len() as u64)), ("History", None)];
    let on_policies = state.tab == 1;
    let policies = &mut state.policies;
    let body = tab_head(ui, "Rotation", &tabs, &mut state.tab, |ui| {
        if on_policies {
            policies.head(ui, frame);
        }
    });
    match state.tab {
        0 => state.due.show(ui, body, frame, view, &state.stock, fresh, &mut out),
        1 => state.policies.show(ui, body, frame, view, &mut state.saving, &mut out),
        _ => state.history.show(ui, body, frame, view, &mut out),
    }
    ui.advance_cursor_after_rect(page);
    out
}
