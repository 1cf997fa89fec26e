//! F6: the focus goes from one part of the window to the next.
//!
//! The parts hold whatever they hold, so there is no list of first widgets. Instead a place without a look takes the focus
//! where the part begins, for one frame, and passes it on to the widget that comes next. Only parts that were there in the
//! last frame are visited.

use egui::{Context, FocusDirection, Id, Plugin, Rect, Sense, Ui};

/// The parts, in the order F6 visits them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Pane {
    /// The bar over everything.
    #[default]
    TopBar,
    /// What must be said across the whole window.
    Banner,
    /// The list of pages.
    Rail,
    /// The page, from its head on.
    Page,
    /// Its chart.
    Chart,
    /// The facets of its list.
    Facets,
    /// Its list.
    Table,
    /// What is open beside the list.
    Drawer,
    /// The bar below everything.
    Status,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Take,
    PassOn,
}

#[derive(Default)]
struct Panes {
    at: Pane,
    /// A jump is under way: the widget that gets the focus next may stand in a later part, where this one holds none.
    lands: bool,
    landed: Option<Id>,
    jump: Option<(Pane, Step)>,
    /// The parts of the pass that goes on, and of the one before.
    seen: Vec<Pane>,
    known: Vec<Pane>,
}

impl Plugin for Panes {
    fn debug_name(&self) -> &'static str {
        "keyroom panes"
    }

    fn on_begin_pass(&mut self, _: &mut Ui) {
        self.known = std::mem::take(&mut self.seen);
        self.known.sort_unstable();
        self.known.dedup();
    }
}

/// Goes to the next part, or to the one before.
pub fn next_pane(ctx: &Context, forth: bool) {
    let panes = ctx.plugin_or_default::<Panes>();
    let mut panes = panes.lock();
    let (at, known) = (panes.at, &panes.known);
    let next = if forth {
        known.iter().find(|pane| **pane > at).or(known.first())
    } else {
        known.iter().rev().find(|pane| **pane < at).or(known.last())
    };
    if let Some(next) = next.copied() {
        panes.at = next;
        panes.lands = true;
        panes.jump = Some((next, Step::Take));
        drop(panes);
        ctx.request_repaint();
    }
}

/// The widget that has the focus is shown here: F6 goes on from this part, however the focus came to it.
pub(super) fn focused_here(ctx: &Context, id: Id) {
    let panes = ctx.plugin_or_default::<Panes>();
    let mut panes = panes.lock();
    if panes.jump.is_some() || panes.landed == Some(id) {
        return;
    }
    if std::mem::take(&mut panes.lands) {
        panes.landed = Some(id);
    } else if let Some(here) = panes.seen.last().copied() {
        (panes.at, panes.landed) = (here, None);
    }
}

/// Where `pane` begins. To be called in each frame in which it is there, before its contents.
pub fn pane(ui: &Ui, pane: Pane) {
    let panes = ui.ctx().plugin_or_default::<Panes>();
    let step = {
        let mut panes = panes.lock();
        panes.seen.push(pane);
        match panes.jump {
            Some((wanted, step)) if wanted == pane => {
                panes.jump = (step == Step::Take).then_some((pane, Step::PassOn));
                step
            }
            _ => return,
        }
    };
    let id = Id::unique(("keyroom pane", pane as usize));
    let place = Rect::from_min_size(ui.max_rect().min, egui::Vec2::ZERO);
    if step == Step::PassOn {
        ui.memory_mut(|memory| memory.move_focus(FocusDirection::Next));
    }
    let response = ui.interact(place, id, Sense::focusable_noninteractive());
    if step == Step::Take {
        response.request_focus();
    }
    ui.ctx().request_repaint();
}
