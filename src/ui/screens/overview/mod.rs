//! The overview: what needs me now. Since the last session, what to do next, the coming weeks, four counts, a month of
//! activity. Nothing here can be changed; every number is a door.

mod activity;
mod next;
mod since;

pub use since::odd_since;

use super::pages::paint::{Words, glyph, quiet};
use super::pages::stock::Stock;
use super::pages::{is_small, t, when};
use crate::app::UnlockedView;
use crate::model::due::DueBucket;
use crate::ui::frame::{DialogRequest, Frame, Intent, RotationTab};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{self as w, EmptyState, Horizon};
use crate::ui::words::plural;
use egui::{ScrollArea, Ui, UiBuilder, pos2, vec2};

/// Between the blocks of the page.
const GAP: f32 = 24.0;
/// Width of the right column.
const RIGHT: f32 = 400.0;

/// What the overview remembers between frames.
#[derive(Default)]
pub struct State {
    stock: Stock,
    activity: activity::Activity,
    /// The banner about the last session was closed.
    dismissed: bool,
}

/// Shows the overview.
pub fn show(ui: &mut Ui, frame: &Frame<'_>, state: &mut State) -> Vec<Intent> {
    let mut out = Vec::new();
    let Some(view) = frame.unlocked() else { return out };
    state.stock.refresh(frame, view);
    let page_rect = ui.max_rect();
    let rect = page_rect.shrink2(vec2(size::PAGE_PADDING, 0.0));
    ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        w::page_head(
            ui,
            "Overview",
            |ui| {
                quiet(ui, when::long_day(frame.now));
            },
            |_| {},
        );
        if view.view.keys.all().is_empty() {
            // Failed unlocks and a crash are told in an empty vault too.
            since::show(ui, frame, view, &mut state.dismissed, &mut out);
            empty(ui, &mut out);
            return;
        }
        // To the edge of the page, so that the bar stands there and not on the cards.
        let area = egui::Rect::from_min_max(ui.cursor().min, page_rect.max - vec2(2.0, 0.0));
        ui.scope_builder(UiBuilder::new().id_salt("scrolled").max_rect(area), |ui| {
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                ui.set_max_width(rect.width());
                page(ui, frame, view, state, &mut out);
            });
        });
    });
    out
}

fn page(ui: &mut Ui, frame: &Frame<'_>, view: &UnlockedView, state: &mut State, out: &mut Vec<Intent>) {
    since::show(ui, frame, view, &mut state.dismissed, out);
    ui.add_space(GAP);
    let top = ui.cursor().min;
    let width = ui.available_width();
    let right = RIGHT.min(width * 0.42);
    let left = width - right - GAP;
    let tasks = next::tasks(frame, view, &state.stock);
    // The list decides how high both are; seven rows are the most.
    let room = if is_small(ui) { width } else { left };
    let height = next::height(ui, &tasks, room).max(5.0 * next::ROW) + 2.0;
    if is_small(ui) {
        column(ui, top, width, |ui| next::show(ui, tasks, height, out));
        ui.allocate_space(vec2(width, 28.0 + height));
        ui.add_space(GAP);
        let (at, height) = (ui.cursor().min, 5.0 * next::ROW);
        column(ui, at, width, |ui| horizon(ui, &state.stock, height, out));
        ui.allocate_space(vec2(width, 28.0 + height));
        below(ui, frame, view, state, out);
        return;
    }
    column(ui, top, left, |ui| next::show(ui, tasks, height, out));
    let at = pos2(top.x + left + GAP, top.y);
    column(ui, at, right, |ui| horizon(ui, &state.stock, height, out));
    ui.allocate_space(vec2(width, 28.0 + height));
    below(ui, frame, view, state, out);
}

/// The counts and the last month.
fn below(ui: &mut Ui, frame: &Frame<'_>, view: &UnlockedView, state: &mut State, out: &mut Vec<Intent>) {
    ui.add_space(GAP);
    tiles(ui, frame, view, &state.stock, out);
    ui.add_space(GAP);
    w::pane(ui, w::Pane::Chart);
    state.activity.show(ui, frame, view, out);
    ui.add_space(size::GAP_LARGE);
}

fn column(ui: &mut Ui, at: egui::Pos2, width: f32, contents: impl FnOnce(&mut Ui)) {
    let rect = egui::Rect::from_min_size(at, vec2(width, 1000.0));
    let mut child = ui.new_child(UiBuilder::new().id_salt(("column", at.x as i32)).max_rect(rect));
    child.spacing_mut().item_spacing.y = 0.0;
    contents(&mut child);
}

/// A heading of 28 points with small words at the right.
fn heading(ui: &mut Ui, title: &str, note: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), egui::Sense::hover());
    let t = t(ui);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect.with_max_y(rect.bottom() - 6.0)));
    child.horizontal(|ui| {
        w::text(ui, TextRole::Heading, title);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            w::text_in(ui, TextRole::Small, t.text_2, note);
        });
    });
}

fn horizon(ui: &mut Ui, stock: &Stock, height: f32, out: &mut Vec<Intent>) {
    heading(ui, "Rotation horizon", "Keys due, next 8 weeks");
    let t = t(ui);
    let rect = egui::Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), height));
    ui.painter().rect(rect, size::RADIUS_CARD, t.surface, (1.0, t.hairline), egui::StrokeKind::Inside);
    let inner = rect.shrink2(vec2(16.0, 12.0));
    let mut child = ui.new_child(UiBuilder::new().max_rect(inner));
    let ui = &mut child;
    ui.horizontal(|ui| {
        glyph(ui, icons::CALENDAR, size::ICON, t.text_2);
        let words = match stock.busy(8) {
            Some(week) => Words::new()
                .add(TextRole::Body, t.text_2, format!("Week {} is busy: ", week.number))
                .add(TextRole::BodyStrong, t.text, plural(week.count, "key", "keys"))
                .add(TextRole::Body, t.text_2, format!(", usual {}.", stock.usual())),
            None => Words::new().add(TextRole::Body, t.text_2, "No week stands out."),
        };
        words.show(ui);
    });
    let bars = stock.bars(8, true, true);
    let chart = Horizon::new("Rotation horizon", &bars).usual(stock.usual() as f32);
    let left = rect.bottom() - 12.0 - ui.cursor().top() - 4.0;
    if let Some(bar) = chart.height(left.max(120.0)).show(ui) {
        out.push(match bar.checked_sub(1).and_then(|week| stock.weeks.get(week)) {
            None => Intent::ShowKeys("due:overdue".to_owned()),
            Some(week) => Intent::ShowKeys(format!("due<={}d", week.until)),
        });
    }
}

fn tiles(ui: &mut Ui, frame: &Frame<'_>, view: &UnlockedView, stock: &Stock, out: &mut Vec<Intent>) {
    let t = t(ui);
    let gap = 12.0;
    let room = ui.available_width();
    let width = ((room - 3.0 * gap) / 4.0).floor();
    let last = room - 3.0 * (width + gap);
    let newest = view.findings.first().map(|f| f.time);
    let open = view.findings.iter().filter(|f| f.is_open()).count();
    let overdue = stock.bucket(DueBucket::Overdue);
    let soon = stock.bucket(DueBucket::Today) + stock.bucket(DueBucket::Days7);
    let ended = stock.overlap_ended.len() as u64;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        let new = match stock.new_keys {
            0 => "none new this week".to_owned(),
            n => format!("{n} new this week"),
        };
        let keys = w::thousands(stock.items.len() as u64);
        if w::tile(ui, width, "Keys", &keys, &new, t.text).clicked() {
            out.push(Intent::ShowKeys(String::new()));
        }
        let colour = if overdue > 0 { t.high } else { t.text };
        let note = match soon {
            0 => "none due within 7 days".to_owned(),
            n => format!("{} due within 7 days", w::thousands(n.into())),
        };
        if w::tile(ui, width, "Overdue", &w::thousands(overdue.into()), &note, colour).clicked() {
            out.push(Intent::ShowKeys("due:overdue".to_owned()));
        }
        let note = match ended {
            0 => "none waits to be retired".to_owned(),
            n => format!("{n} can be retired"),
        };
        let overlap = w::thousands(stock.in_overlap.into());
        if w::tile(ui, width, "In overlap", &overlap, &note, t.text).clicked() {
            out.push(Intent::ShowRotation(RotationTab::Overlap));
        }
        let note = match newest {
            Some(at) => format!("latest {} {}", when::day_words(at, frame.now), when::clock(at)),
            None => "nothing unusual noticed".to_owned(),
        };
        if w::tile(ui, last, "Findings", &w::thousands(open as u64), &note, t.text).clicked() {
            out.push(Intent::ShowFindings);
        }
    });
}

fn empty(ui: &mut Ui, out: &mut Vec<Intent>) {
    let state = EmptyState::new(
        icons::KEY,
        "No keys yet",
        "Add your first key, or bring keys in from a file. This page then tells what needs you.",
    );
    match state.primary("New key…").secondary("Import…").show(ui) {
        Some(0) => out.push(Intent::Open(DialogRequest::NewKey)),
        Some(_) => out.push(Intent::Open(DialogRequest::Import)),
        None => {}
    }
}
