//! The list of shortcuts: every command of the window that has keys, by group.

use egui::{
    Align2, Area, Context, Frame, Id, Key, Margin, Modal, Modifiers, Order, Rect, ScrollArea, Sense, Ui,
    pos2, vec2,
};

use crate::ui::shell::commands::{Group, PARTS, TABLE, UiCommand, bindings, pressed};
use crate::ui::shell::draw::{cut, icon, pieces, put};
use crate::ui::theme::{TextRole, icons, size, tokens};
use crate::ui::widgets::{IconButton, key_cap, section, text};

/// Nothing is remembered but that it is open.
#[derive(Default)]
pub struct State {
    shown: bool,
}

const WIDTH: f32 = 720.0;

/// Shows the list over the window; says whether it was closed.
pub fn show(ctx: &Context, state: &mut State) -> bool {
    let t = tokens(ctx);
    let height = (ctx.content_rect().height() - 96.0).min(560.0);
    let frame = Frame::new()
        .fill(t.raised)
        .stroke((1.0, t.hairline))
        .corner_radius(size::RADIUS_PAGE)
        .inner_margin(Margin::same(20))
        .shadow(ctx.global_style().visuals.window_shadow);
    let id = Id::unique("keyroom shortcuts");
    let area = Area::new(id).anchor(Align2::CENTER_CENTER, vec2(0.0, 0.0)).order(Order::Foreground);
    let mut closed = false;
    let response = Modal::new(id).area(area).backdrop_color(t.veil).frame(frame).show(ctx, |ui| {
        ui.set_width(WIDTH - 42.0);
        ui.horizontal(|ui| {
            text(ui, TextRole::Title, "Keyboard shortcuts");
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let close = IconButton::new(icons::CLOSE, "Close").show(ui);
                if !state.shown {
                    close.request_focus();
                    state.shown = true;
                }
                closed |= close.clicked();
            });
        });
        ui.add_space(8.0);
        ScrollArea::vertical()
            .max_height(height - 80.0)
            .min_scrolled_height(height - 80.0)
            .auto_shrink([false, true])
            .show(ui, columns);
    });
    let escaped = response.is_top_modal
        && (pressed(ctx, UiCommand::Shortcuts)
            | ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)));
    closed || escaped || response.backdrop_response.clicked()
}

fn columns(ui: &mut Ui) {
    ui.spacing_mut().item_spacing = vec2(24.0, 0.0);
    // Clear of the scroll bar.
    ui.set_max_width(ui.available_width() - 12.0);
    ui.columns(2, |columns| {
        for group in [Group::Go, Group::Session] {
            group_of(&mut columns[0], group);
        }
        for (title, keys) in PARTS {
            section(&mut columns[0], title);
            for (keys, words) in *keys {
                line(&mut columns[0], None, words, keys);
            }
            columns[0].add_space(12.0);
        }
        for group in [Group::Keys, Group::Vault, Group::Window] {
            group_of(&mut columns[1], group);
        }
    });
}

fn group_of(ui: &mut Ui, group: Group) {
    section(ui, group.title());
    let bindings = bindings(ui.ctx());
    for row in TABLE.iter().filter(|row| row.group == group) {
        let keys = bindings.shown(row);
        if !keys.is_empty() {
            line(ui, Some(row.icon), row.title, &keys);
        }
    }
    ui.add_space(12.0);
}

fn line(ui: &mut Ui, glyph: Option<icons::Icon>, words: &str, keys: &str) {
    let t = tokens(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, format!("{words}: {keys}")));
    if let Some(glyph) = glyph {
        icon(ui, pos2(rect.left() + 8.0, rect.center().y), glyph, size::ICON, t.text_2);
    }
    // As wide as its cap, and the words have all that is left.
    let cap = pieces(ui, &[(keys, TextRole::SmallMono, t.text_2)]).size().x + 10.0;
    let room = rect.width() - 26.0 - cap - 12.0;
    put(ui, rect.left() + 26.0, rect.center().y, cut(ui, words, TextRole::Body, t.text, room));
    let place = Rect::from_min_max(pos2(rect.right() - cap, rect.top()), rect.max);
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    ui.scope_builder(egui::UiBuilder::new().max_rect(place).layout(layout), |ui| {
        key_cap(ui, keys);
    });
}
