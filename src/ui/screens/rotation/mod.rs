//! Rotation: what is due, the policies that decide it, and what was done.

mod due;
mod history;
mod kept;
mod notices;
mod overlap;
mod policies;
mod policy_form;
mod side;

use super::pages::save::Saving;
use super::pages::stock::Stock;
use super::pages::{is_small, tab_head};
use crate::model::KeyId;
use crate::ui::frame::{Frame, Intent, RotationTab};
use egui::{Rect, ScrollArea, Ui, UiBuilder, vec2};

pub use kept::Kept;

/// The tabs.
const OVERLAP: usize = 1;
const POLICIES: usize = 2;

/// Height of what is due where the page scrolls.
const TALL: f32 = 720.0;

/// What the page remembers between frames.
#[derive(Default)]
pub struct State {
    tab: usize,
    stock: Stock,
    due: due::Due,
    overlap: overlap::Overlap,
    policies: policies::Policies,
    history: history::History,
    saving: Saving,
}

impl State {
    /// The keys that are chosen where one can be: on Due those that are selected, on Overlap that of the version.
    #[must_use]
    pub fn chosen(&self) -> Vec<KeyId> {
        match self.tab {
            0 => self.due.chosen(&self.stock).iter().map(|item| item.key.id).collect(),
            OVERLAP => self.overlap.chosen(&self.stock).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a question lies over the page.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.policies.asks()
    }

    /// Goes to a tab, as another page wants it.
    pub fn show_tab(&mut self, tab: RotationTab) {
        match tab {
            RotationTab::Overlap => self.tab = OVERLAP,
            RotationTab::Policies(policy) => {
                self.tab = POLICIES;
                self.policies.open(policy);
            }
        }
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
    let tabs = [
        ("Due", None),
        ("Overlap", Some(state.stock.overlaps.len() as u64).filter(|count| *count > 0)),
        ("Policies", Some(view.view.settings.policies.len() as u64)),
        ("History", None),
    ];
    let tab = state.tab;
    let mut next = tab;
    let State { policies, due, stock, .. } = state;
    let body = tab_head(ui, "Rotation", &tabs, &mut next, |ui| match tab {
        0 => due.head(ui, stock, &mut out),
        POLICIES => policies.head(ui, frame),
        _ => {}
    });
    state.tab = next;
    match state.tab {
        0 => {
            let mut overlaps = false;
            let mut show = |ui: &mut Ui, body: Rect| {
                state.due.show(ui, body, frame, view, &state.stock, fresh, &mut overlaps, &mut out);
            };
            if is_small(ui) {
                let inside =
                    UiBuilder::new().id_salt("scrolled").max_rect(body.with_max_x(body.right() - 2.0));
                ui.scope_builder(inside, |ui| {
                    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                        let whole = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), TALL));
                        show(ui, whole);
                        ui.advance_cursor_after_rect(whole);
                    });
                });
            } else {
                show(ui, body);
            }
            if overlaps {
                state.tab = OVERLAP;
            }
        }
        OVERLAP => {
            let forbidden = may_not(view);
            state.overlap.show(ui, body, frame, &state.stock, forbidden, &mut out);
        }
        POLICIES => state.policies.show(ui, body, frame, view, &mut state.saving, &mut out),
        _ => state.history.show(ui, body, frame, view, &mut out),
    }
    ui.advance_cursor_after_rect(page);
    out
}

/// Why keys cannot be changed, where the role does not let one.
fn may_not(view: &crate::app::UnlockedView) -> Option<&'static str> {
    let may = view.view.me.role.may(crate::model::operator::Permission::ManageKeys);
    (!may).then_some("Your role may not change keys.")
}
