//! Where everything stands: before an unlock, around a page, and above it.

use std::cell::Cell;
use std::sync::Arc;

use egui::{Context, Rect, Ui, pos2, vec2};

use crate::app::platform::paths::RecentVault;
use crate::app::{App, Command, Phase, Reply, Snapshot, Ticket};
use crate::ui::frame::{Frame, Intent, Page};
use crate::ui::screens::audit::AuditStatus;
use crate::ui::screens::{create, overview, palette, shortcuts, unlock, welcome};
use crate::ui::theme::{self, size};
use crate::ui::widgets::{Pane, pane};

use super::messages::Messages;
use super::{Choosing, Shell, banners, draw, rail, status_bar, top_bar};

/// Below this width the rail shows icons only.
const NARROW: f32 = 1180.0;

impl Shell {
    /// Before a vault is unlocked: welcome, unlock or create.
    pub(super) fn closed_ui(
        &mut self,
        ui: &mut Ui,
        full: Rect,
        replies: &[Reply],
        intents: &mut Vec<Intent>,
    ) {
        let snapshot = Arc::clone(&self.snapshot);
        let frame = frame(&self.app, &snapshot, &self.tickets, replies);
        let mut given_up = false;
        draw::place(ui, "closed", full, |ui| {
            if let Some(state) = &mut self.create {
                intents.extend(create::show(ui, &frame, state));
                given_up = state.is_given_up();
            } else if let Phase::Locked(locked) = &snapshot.phase {
                self.unlock.set_demo(self.demo.as_ref() == Some(&locked.path));
                intents.extend(unlock::show(ui, &frame, &self.workstation, &mut self.unlock));
            } else {
                intents.extend(welcome::show(ui, &frame, &self.workstation.recent, &mut self.welcome));
            }
        });
        if given_up {
            self.create = None;
        }
        if self.create.as_mut().is_some_and(create::State::take_wants_place) {
            self.choose(Choosing::NewVault);
        }
    }

    /// The frame of the window and the page in it.
    pub(super) fn unlocked_ui(
        &mut self,
        ui: &mut Ui,
        full: Rect,
        replies: &[Reply],
        intents: &mut Vec<Intent>,
    ) {
        self.create = None;
        self.restore_drafts();
        let snapshot = Arc::clone(&self.snapshot);
        let narrow = full.width() < NARROW || self.rail_narrow;
        self.since_unseen &= self.page != Page::Overview;
        let since_unseen = self.since_unseen;
        let Self { app, tickets, pages, told, pinned_revealed, .. } = self;
        let (page, counts) = (self.page, self.counts.of(&snapshot, app.now()));
        let keys = (page == Page::Keys).then(|| pages.key_counts());
        let (recent, zone) = (&self.workstation.recent, &self.time_zone);
        let audit = (page == Page::Audit).then(|| pages.audit_status());
        let messages = &self.messages;
        let main_menu = std::mem::take(&mut self.main_menu);
        let chrome = Chrome { narrow, page, counts, recent, zone, keys, audit, messages, main_menu };
        app.with_revealed(|revealed| {
            let revealed = revealed.or(pinned_revealed.as_ref());
            let frame = Frame { revealed, ..frame(app, &snapshot, tickets, replies) };
            let top = Rect::from_min_size(full.min, vec2(full.width(), size::TOP_BAR));
            draw::place(ui, "banners", Rect::from_min_max(top.left_bottom(), full.max), |ui| {
                let since = frame.unlocked().filter(|_| since_unseen).and_then(overview::odd_since);
                if banners::any(&frame, since.as_deref()) {
                    pane(ui, Pane::Banner);
                }
                intents.extend(banners::show(ui, &frame, since.as_deref()));
                let below = ui.min_rect().bottom().max(top.bottom());
                let bottom = full.bottom() - size::STATUS_BAR;
                let rail = if narrow { size::RAIL_COLLAPSED } else { size::RAIL };
                let middle = Rect::from_min_max(pos2(full.left(), below), pos2(full.right(), bottom));
                let (left, right) = middle.split_left_right_at_x(full.left() + rail);
                pane(ui, Pane::TopBar);
                draw::place(ui, "top bar", top, |ui| intents.extend(top_bar::show(ui, &frame, &chrome)));
                pane(ui, Pane::Rail);
                draw::place(ui, "rail", left, |ui| intents.extend(rail::show(ui, &frame, &chrome)));
                pane(ui, Pane::Page);
                let inside = page_panel(ui, right);
                draw::place(ui, "page", inside, |ui| {
                    ui.set_clip_rect(inside);
                    let wanted = pages.show(ui, page, &frame);
                    if matches!(page, Page::Overview | Page::Keys) {
                        told.listen_to(&wanted);
                    }
                    intents.extend(wanted);
                });
                if status_bar::has_controls(&frame, &chrome) {
                    pane(ui, Pane::Status);
                }
                let status = Rect::from_min_max(pos2(full.left(), bottom), full.max);
                draw::place(ui, "status bar", status, |ui| {
                    intents.extend(status_bar::show(ui, &frame, &chrome));
                });
            });
        });
    }

    /// What floats above: dialogs, palette, shortcuts.
    pub(super) fn overlays(&mut self, ctx: &Context, replies: &[Reply], intents: &mut Vec<Intent>) {
        let snapshot = Arc::clone(&self.snapshot);
        self.ask_to_lock(ctx);
        let Self { app, tickets, page, pages, palette, shortcuts, typed_path, told, .. } = self;
        let mut answer = palette::Answer::Open;
        app.with_revealed(|revealed| {
            let frame = Frame { revealed, ..frame(app, &snapshot, tickets, replies) };
            pages.dialogs(ctx, &frame, intents);
            told.hear(replies, intents);
            if let Some(open) = frame.unlocked() {
                pages.keep_drafts(app, open.view.session.tag);
            }
            if let Some(state) = palette {
                answer = palette::show(ctx, &frame, &pages.chosen_keys(*page, &frame), state);
            }
            if let Some(state) = shortcuts
                && shortcuts::show(ctx, state)
            {
                *shortcuts = None;
            }
            if let Some(state) = typed_path
                && let Some(typed) = welcome::ask_path(ctx, state)
            {
                intents.extend(typed.map(|path| Intent::App(Command::Open(path))));
                *typed_path = None;
            }
        });
        match answer {
            palette::Answer::Open => {}
            palette::Answer::Closed => self.palette = None,
            palette::Answer::Do(chosen) => {
                self.palette = None;
                self.told.listen_to(&chosen);
                intents.extend(chosen);
            }
            palette::Answer::Run(command) => {
                self.palette = None;
                intents.extend(self.command(ctx, command));
            }
        }
    }
}

/// What the parts around the page are told besides the frame.
pub(super) struct Chrome<'a> {
    pub(super) narrow: bool,
    /// The menu of the vault was asked for.
    pub(super) main_menu: bool,
    pub(super) page: Page,
    pub(super) counts: rail::Waiting,
    pub(super) recent: &'a [RecentVault],
    pub(super) zone: &'a (Option<String>, String),
    /// On the Keys page: keys shown, keys ticked.
    pub(super) keys: Option<(usize, usize)>,
    /// What was said in this session.
    pub(super) messages: &'a Messages,
    /// On the Audit page: the bar, the newer events, the place in the list.
    pub(super) audit: Option<AuditStatus>,
}

pub(in crate::ui) fn frame<'a>(
    app: &App,
    snapshot: &'a Snapshot,
    tickets: &'a Cell<Ticket>,
    replies: &'a [Reply],
) -> Frame<'a> {
    Frame { snapshot, now: app.now(), mono: app.monotonic(), revealed: None, replies, tickets }
}

/// Paints the panel a page lies on; returns the room inside.
pub(in crate::ui) fn page_panel(ui: &Ui, rect: Rect) -> Rect {
    let t = theme::tokens(ui.ctx());
    let corner = |nw| egui::CornerRadius { nw, ne: 0, sw: 0, se: 0 };
    ui.painter().rect_filled(rect, corner(size::RADIUS_PAGE), t.hairline);
    let inside = Rect::from_min_max(rect.min + vec2(1.0, 1.0), rect.max - vec2(0.0, 1.0));
    ui.painter().rect_filled(inside, corner(size::RADIUS_PAGE - 1), t.surface);
    inside
}
