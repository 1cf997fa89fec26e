//! The command palette: commands, keys and settings by a few letters. Names are searched, secrets never are; what was
//! typed is gone after a lock.

mod items;
mod matching;

use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align2, Area, Context, FontSelection, Frame as EguiFrame, Id, Key, Modal, Modifiers, Order, Rect, Role,
    ScrollArea, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2,
};

use crate::app::{Command, Read};
use crate::audit::query::clause;
use crate::model::KeyId;
use crate::ui::frame::{DialogRequest, Frame, Intent, RotationTab};
use crate::ui::shell::commands::{UiCommand, bindings, pressed};
use crate::ui::shell::draw::{cut, icon, pieces, place, put};
use crate::ui::theme::{TextRole, font, icons, size, tokens};
use crate::ui::widgets::bounds;

use items::{Item, Section, Target, sections};

/// Width of the palette.
const WIDTH: f32 = 640.0;
/// How far it is from the top.
const TOP: f32 = 96.0;
/// Height of the field.
const INPUT: f32 = 48.0;
/// Height of a row.
const ROW: f32 = 36.0;
/// Height of the line below the rows.
const FOOT: f32 = 32.0;

/// What the palette remembers while it is open.
#[derive(Default)]
pub struct State {
    query: String,
    cursor: usize,
    /// The cursor moved: its row is to be seen.
    moved: bool,
    asked_focus: bool,
    /// What was offered, for which query and which snapshot.
    found: Option<(String, u64, Vec<Section>)>,
}

/// What became of it in this frame.
pub enum Answer {
    /// It stays open.
    Open,
    /// It was closed.
    Closed,
    /// A command of the table was chosen.
    Run(UiCommand),
    /// Something else was chosen.
    Do(Vec<Intent>),
}

/// Shows the palette over the window. `chosen` are the keys that are chosen on the page below it.
pub fn show(ctx: &Context, frame: &Frame<'_>, chosen: &[KeyId], state: &mut State) -> Answer {
    let t = tokens(ctx);
    let serial = frame.snapshot.serial;
    let known = state.found.as_ref().is_some_and(|(query, at, _)| *query == state.query && *at == serial);
    if !known {
        state.found =
            Some((state.query.clone(), serial, sections(&state.query, frame, chosen, &bindings(ctx))));
    }
    let sections = state.found.as_ref().map(|(.., found)| found.clone()).unwrap_or_default();
    let count: usize = sections.iter().map(|section| section.items.len()).sum();
    let entered = keys(ctx, state, count);

    let screen = ctx.content_rect();
    let width = WIDTH.min(screen.width() - 32.0);
    let top = TOP.min((screen.height() - 300.0).max(8.0));
    let id = Id::unique("keyroom palette");
    let area = Area::new(id).anchor(Align2::CENTER_TOP, vec2(0.0, top)).order(Order::Foreground);
    let look = EguiFrame::new()
        .fill(t.raised)
        .stroke((1.0, t.hairline))
        .corner_radius(size::RADIUS_PAGE)
        .shadow(ctx.global_style().visuals.window_shadow);
    let mut clicked = None;
    let response = Modal::new(id).area(area).backdrop_color(t.veil).frame(look).show(ctx, |ui| {
        ui.set_width(width - 2.0);
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        input(ui, state);
        ui.spacing_mut().scroll =
            egui::style::ScrollStyle { floating_width: 3.0, ..egui::style::ScrollStyle::thin() };
        let most = screen.height() - top - INPUT - FOOT - 24.0;
        let most = most.clamp(80.0, 412.0);
        // As high as what was found at once: the modal only ever gives the room it had in the frame before.
        ScrollArea::vertical().max_height(most).min_scrolled_height(most).show(ui, |ui| {
            clicked = rows(ui, state, &sections);
        });
        foot(ui);
    });
    let place = response.response.rect;
    ctx.accesskit_node_builder(response.response.id, |node| {
        node.set_role(Role::Dialog);
        node.set_modal();
        node.set_label("Command palette");
        node.set_bounds(bounds(place));
    });
    state.moved = false;
    let escaped = pressed(ctx, UiCommand::Palette)
        | ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    if escaped || response.backdrop_response.clicked() {
        return Answer::Closed;
    }
    let wanted = clicked.or(entered.then_some(state.cursor));
    let item = wanted.and_then(|wanted| sections.iter().flat_map(|section| &section.items).nth(wanted));
    match item {
        Some(item) if item.reason.is_none() => answer(item, frame),
        _ => Answer::Open,
    }
}

/// Moves the cursor; says whether Enter was pressed.
fn keys(ctx: &Context, state: &mut State, count: usize) -> bool {
    let last = count.saturating_sub(1);
    let before = state.cursor;
    let entered = ctx.input_mut(|input| {
        let mut pressed = |key| input.count_and_consume_key(Modifiers::NONE, key);
        let (down, up) = (pressed(Key::ArrowDown), pressed(Key::ArrowUp));
        let (page_down, page_up) = (pressed(Key::PageDown), pressed(Key::PageUp));
        // From the last row down is the first, and the other way round.
        if down > 0 && state.cursor == last {
            state.cursor = 0;
        } else if up > 0 && state.cursor == 0 {
            state.cursor = last;
        } else {
            state.cursor = (state.cursor + down).saturating_sub(up);
        }
        state.cursor = (state.cursor + 6 * page_down).saturating_sub(6 * page_up).min(last);
        pressed(Key::Enter) > 0
    });
    state.moved |= before != state.cursor;
    entered
}

fn input(ui: &mut Ui, state: &mut State) {
    let t = tokens(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), INPUT), Sense::hover());
    icon(ui, pos2(rect.left() + 26.0, rect.center().y), icons::SEARCH, size::ICON_LARGE, t.text_2);
    let cap = pieces(ui, &[("Esc", TextRole::SmallMono, t.text_2)]);
    let cap_rect = Rect::from_min_size(
        pos2(rect.right() - 15.0 - cap.size().x - 10.0, rect.center().y - 9.0),
        vec2(cap.size().x + 10.0, 18.0),
    );
    ui.painter().rect(cap_rect, 3, t.sunken, (1.0, t.hairline), egui::StrokeKind::Inside);
    put(ui, cap_rect.left() + 5.0, cap_rect.center().y, cap);
    // The ring lies around the field: it fills the row but for that.
    let field = Rect::from_min_max(
        pos2(rect.left() + 42.0, rect.top() + 7.0),
        pos2(cap_rect.left() - 10.0, rect.bottom() - 8.0),
    );
    let words = "Search keys, events, commands";
    let before = state.query.clone();
    let response = place(ui, "query", field, |ui| {
        let hint = egui::RichText::new(words).color(t.text_3);
        let edit = TextEdit::singleline(&mut state.query)
            .id(Id::unique("keyroom palette query"))
            .font(FontSelection::FontId(egui::FontId::new(15.0, font(TextRole::Body).family)))
            .hint_text(hint)
            .char_limit(200)
            .text_color(t.text)
            .frame(EguiFrame::NONE.inner_margin(egui::Margin { left: 6, right: 6, top: 5, bottom: 6 }))
            .align(Align2::LEFT_CENTER)
            .desired_width(field.width() - 12.0);
        ui.add_sized(field.size(), edit)
    });
    // Once: asking in every frame would start the input method anew each time.
    if !std::mem::replace(&mut state.asked_focus, true) {
        response.request_focus();
    }
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label(words));
    if state.query != before {
        state.cursor = 0;
        state.moved = true;
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, t.hairline));
}

/// The rows; returns the number of the one that was clicked.
fn rows(ui: &mut Ui, state: &mut State, sections: &[Section]) -> Option<usize> {
    let t = tokens(ui.ctx());
    let mut clicked = None;
    let mut number = 0;
    if sections.is_empty() {
        let words = format!("Nothing fits “{}”.", state.query.trim());
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 64.0), Sense::hover());
        put(
            ui,
            rect.left() + 16.0,
            rect.center().y,
            cut(ui, &words, TextRole::Body, t.text_2, rect.width() - 32.0),
        );
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
        return None;
    }
    ui.add_space(4.0);
    for section in sections {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
        put(
            ui,
            rect.left() + 16.0,
            rect.center().y + 1.0,
            pieces(ui, &[(section.title, TextRole::Small, t.text_2)]),
        );
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, section.title));
        for item in &section.items {
            if row(ui, item, number == state.cursor, state.moved) {
                clicked = Some(number);
            }
            number += 1;
        }
    }
    ui.add_space(8.0);
    clicked
}

fn row(ui: &mut Ui, item: &Item, on: bool, moved: bool) -> bool {
    let t = tokens(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let rect = rect.shrink2(vec2(8.0, 0.0));
    let id = ui.scope_id().with((&item.title, &item.detail));
    let response = ui.interact(rect, id, Sense::CLICK);
    if on && moved {
        response.scroll_to_me(None);
    }
    let words = [item.title.as_str(), item.detail.as_str(), item.reason.unwrap_or_default()];
    let words = words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(", ");
    let enabled = item.reason.is_none();
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, enabled, on, &words));
    if on || response.hovered() {
        ui.painter().rect_filled(rect, size::RADIUS, if on { t.selected } else { t.hover });
    }
    if on {
        let edge = Rect::from_min_max(rect.min, pos2(rect.left() + 3.0, rect.bottom()));
        ui.painter().rect_filled(edge, 1, t.accent);
    }
    let middle = rect.center().y;
    let colour = if on { t.accent } else { t.text_2 };
    icon(ui, pos2(rect.left() + 16.0, middle), item.icon, size::ICON, colour);
    let keys = if item.shortcut.is_empty() && on && enabled { "Enter" } else { item.shortcut.as_str() };
    let mut right = rect.right() - 8.0;
    if !keys.is_empty() {
        let cap = pieces(ui, &[(keys, TextRole::SmallMono, t.text_2)]);
        let place =
            Rect::from_min_max(pos2(right - cap.size().x - 10.0, middle - 9.0), pos2(right, middle + 9.0));
        ui.painter().rect(place, 3, t.sunken, (1.0, t.hairline), egui::StrokeKind::Inside);
        put(ui, place.left() + 5.0, middle, cap);
        right = place.left() - 12.0;
    }
    let left = rect.left() + 36.0;
    let title = title(ui, item, right - left);
    let mut x = put(ui, left, middle, title) + 12.0;
    if let Some(reason) = item.reason {
        icon(ui, pos2(x + 6.0, middle + 0.5), icons::FORBIDDEN, 12.0, t.text_2);
        x += 15.0;
        put(ui, x, middle + 1.0, cut(ui, reason, TextRole::Small, t.text_2, right - x));
    } else if !item.detail.is_empty() && right > x {
        put(ui, x, middle + 1.0, cut(ui, &item.detail, TextRole::Small, t.text_2, right - x));
    }
    response.clicked()
}

/// The title, with the letters that were typed in bold and accent.
fn title(ui: &Ui, item: &Item, room: f32) -> std::sync::Arc<egui::Galley> {
    let t = tokens(ui.ctx());
    let colour = if item.reason.is_some() { t.text_2 } else { t.text };
    let mut job = LayoutJob::default();
    for (i, c) in item.title.chars().enumerate() {
        let (role, colour) = if item.places.contains(&i) {
            (TextRole::BodyStrong, t.accent)
        } else {
            (TextRole::Body, colour)
        };
        job.append(c.encode_utf8(&mut [0; 4]), 0.0, TextFormat::simple(font(role), colour));
    }
    job.break_on_newline = false;
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    job.wrap.max_width = room;
    ui.painter().layout_job(job)
}

fn foot(ui: &mut Ui) {
    let t = tokens(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), FOOT), Sense::hover());
    let corner = egui::CornerRadius { nw: 0, ne: 0, sw: size::RADIUS_PAGE - 1, se: size::RADIUS_PAGE - 1 };
    ui.painter().rect_filled(rect, corner, t.bg);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, (1.0, t.hairline));
    let mut x = rect.left() + 16.0;
    let middle = rect.center().y + 0.5;
    for (keys, words) in [(&["↑", "↓"][..], "choose"), (&["Enter"][..], "do it"), (&["Esc"][..], "close")]
    {
        for key in keys {
            let cap = pieces(ui, &[(key, TextRole::SmallMono, t.text_2)]);
            let place = Rect::from_min_size(pos2(x, middle - 8.0), vec2(cap.size().x + 9.0, 16.0));
            ui.painter().rect(place, 3, t.raised, (1.0, t.hairline), egui::StrokeKind::Inside);
            put(ui, place.left() + 4.5, middle, cap);
            x = place.right() + 4.0;
        }
        x = put(ui, x, middle, pieces(ui, &[(words, TextRole::Small, t.text_2)])) + 16.0;
    }
    let words = pieces(ui, &[("Secrets are never searched", TextRole::Small, t.text_2)]);
    let left = rect.right() - 16.0 - words.size().x;
    if left > x {
        put(ui, left, middle, words);
    }
}

/// What choosing a row comes to.
fn answer(item: &Item, frame: &Frame<'_>) -> Answer {
    match &item.target {
        Target::Command(command) => Answer::Run(*command),
        Target::Key(key) => Answer::Do(vec![Intent::ShowKey(*key)]),
        Target::Open(request) => Answer::Do(vec![Intent::Open(request.clone())]),
        Target::Rotate(key) => Answer::Do(vec![Intent::Open(DialogRequest::Rotate(*key))]),
        Target::Reveal(key) => Answer::Do(reveal(frame, *key)),
        Target::Activity(name) => Answer::Do(vec![Intent::ShowAudit(clause("object", name))]),
        Target::Events(words) => Answer::Do(vec![Intent::ShowAudit(words.clone())]),
        Target::Settings(section) => Answer::Do(vec![Intent::ShowSettings(*section)]),
        Target::Policies => Answer::Do(vec![Intent::ShowRotation(RotationTab::Policies(None))]),
    }
}

/// Shows the key and its value: at once, or after the question its settings ask for.
fn reveal(frame: &Frame<'_>, key: KeyId) -> Vec<Intent> {
    let asks = frame.unlocked().is_some_and(|unlocked| {
        let settings = &unlocked.view.settings;
        settings.reveal_needs_reason || settings.reveal_needs_password && !unlocked.stepped_up
    });
    let how = if asks {
        Intent::Open(DialogRequest::Reveal(key, None))
    } else {
        let read = Read { key, version: None, reason: String::new() };
        Intent::App(Command::Reveal { ticket: frame.ticket(), read })
    };
    vec![Intent::ShowKey(key), how]
}
