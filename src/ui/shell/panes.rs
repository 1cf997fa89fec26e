//! F6: the focus goes from one part of the window to the next.
//!
//! The parts hold whatever they hold, so there is no list of first widgets. Instead a place without a look takes the focus
//! where the part begins, for one frame, and passes it on to the widget that comes next.

use egui::{FocusDirection, Id, Rect, Sense, Ui};

/// The parts, in the order F6 visits them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Pane {
    TopBar,
    Rail,
    Page,
    Status,
}

impl Pane {
    const ALL: [Self; 4] = [Self::TopBar, Self::Rail, Self::Page, Self::Status];
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Take,
    PassOn,
}

/// Where F6 is.
#[derive(Default)]
pub(super) struct Panes {
    at: usize,
    jump: Option<(Pane, Step)>,
}

impl Panes {
    /// Goes to the next part, or to the one before.
    pub(super) fn go(&mut self, forth: bool) {
        let count = Pane::ALL.len();
        self.at = (self.at + if forth { 1 } else { count - 1 }) % count;
        self.jump = Some((Pane::ALL[self.at], Step::Take));
    }

    /// Where `pane` begins. To be called in each frame, before its contents.
    pub(super) fn anchor(&mut self, ui: &Ui, pane: Pane) {
        let Some((wanted, step)) = self.jump.filter(|(wanted, _)| *wanted == pane) else { return };
        let id = Id::unique(("keyroom pane", pane as usize));
        let place = Rect::from_min_size(ui.max_rect().min, egui::Vec2::ZERO);
        if step == Step::PassOn {
            ui.memory_mut(|memory| memory.move_focus(FocusDirection::Next));
        }
        let response = ui.interact(place, id, Sense::focusable_noninteractive());
        if step == Step::Take {
            response.request_focus();
            self.jump = Some((wanted, Step::PassOn));
        } else {
            self.jump = None;
        }
        ui.ctx().request_repaint();
    }
}
