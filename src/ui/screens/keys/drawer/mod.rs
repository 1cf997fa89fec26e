//! The drawer: one key, told in five tabs.

mod activity;
mod bars;
mod notes;
mod policy;
mod secret;
mod summary;
mod terms;
mod versions;

use std::sync::Arc;

use egui::{Layout, Rect, ScrollArea, Ui, pos2, vec2};

use crate::app::UnlockedView;
use crate::model::KeyRecord;
use crate::ui::frame::{Frame, Intent};
use crate::ui::theme::{TextRole, icons, size};
use crate::ui::widgets::{Button, EndRow, IconButton, menu, tabs, tag, text_cut};

use super::actions::{self, May};
use super::paint::{self, place, place_with, tokens};
use super::past::Past;
use super::words;

/// The width of the labels of key-value rows, with the gap to the value.
const LABEL: f32 = 120.0;

/// What the drawer remembers between frames.
#[derive(Default)]
pub(super) struct Drawer {
    /// The tab that shows.
    pub tab: usize,
    past: Past,
}

/// What the drawer asks of the page.
pub(super) enum Asked {
    /// Nothing.
    Nothing,
    /// Be closed.
    Close,
    /// Show or copy a value.
    Read { version: Option<u32>, copy: bool },
}

/// What a tab may look at.
struct Look<'a> {
    frame: &'a Frame<'a>,
    view: &'a UnlockedView,
    key: &'a KeyRecord,
    past: &'a Past,
    may: May,
}

impl Drawer {
    /// Shows the key. Where it `covers` the list, it leads back to it.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        frame: &Frame<'_>,
        view: &UnlockedView,
        key: &Arc<KeyRecord>,
        covers: bool,
        intents: &mut Vec<Intent>,
    ) -> Asked {
        self.past.refresh(&view.log, &view.view, key.id);
        let may = May::of(view);
        let rect = ui.max_rect();
        let inner = rect.shrink2(vec2(size::PAGE_PADDING, 0.0));
        let mut asked = Asked::Nothing;
        if self.head(ui, inner, (key, may, covers), frame, intents) {
            asked = Asked::Close;
        }
        let t = tokens(ui);
        let narrow = rect.width() < 370.0;
        let left = inner.left() - if narrow { 4.0 } else { 0.0 };
        let strip =
            Rect::from_min_max(pos2(left, rect.top() + 68.0), pos2(inner.right(), rect.top() + 104.0));
        let versions = key.versions.len() as u64;
        place(ui, "tabs", strip, |ui| {
            let names = [
                ("Summary", None),
                ("Versions", Some(versions).filter(|n| !narrow && *n < 10)),
                ("Activity", None),
                ("Policy", None),
                ("Notes", None),
            ];
            tabs(ui, &key.name, &names, &mut self.tab);
        });
        let under = rect.top() + 104.0;
        ui.painter().hline(rect.x_range(), under - 0.5, (1.0, t.hairline));
        let body = Rect::from_min_max(pos2(rect.left(), under), rect.max);
        let Self { tab, past } = self;
        let look = Look { frame, view, key, past, may };
        place(ui, "drawer body", body, |ui| {
            // Each key and tab keeps its own scroll position.
            ScrollArea::vertical().id_salt((key.id, *tab)).auto_shrink(false).show(ui, |ui| {
                let width = inner.width();
                let margin = egui::Margin { left: 16, right: 0, top: 12, bottom: 16 };
                egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
                    ui.set_max_width(width);
                    ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
                    let wish = match *tab {
                        0 => summary::show(ui, &look, tab, intents),
                        1 => versions::show(ui, &look, intents),
                        2 => activity::show(ui, &look, intents),
                        3 => policy::show(ui, &look, intents),
                        _ => notes::show(ui, &look, intents),
                    };
                    if let Some((version, copy)) = wish {
                        asked = Asked::Read { version, copy };
                    }
                });
            });
        });
        asked
    }

    /// Where it stands, its name and its state; says whether to close.
    fn head(
        &self,
        ui: &mut Ui,
        inner: Rect,
        (key, may, covers): (&KeyRecord, May, bool),
        frame: &Frame<'_>,
        intents: &mut Vec<Intent>,
    ) -> bool {
        let t = tokens(ui);
        let mut close = false;
        let crumb = Rect::from_min_size(inner.min + vec2(0.0, 12.0), vec2(inner.width() - 64.0, 24.0));
        place_with(ui, "crumb", crumb, Layout::left_to_right(egui::Align::Center), |ui| {
            if covers {
                close |= Button::quiet("Back").icon(icons::LEFT).show(ui).clicked();
            }
            text_cut(ui, TextRole::Small, t.text_2, format!("Keys / {}", key.name));
        });
        let buttons =
            Rect::from_min_max(pos2(crumb.right(), crumb.top()), pos2(inner.right(), crumb.bottom()));
        EndRow::new(ui, "buttons", buttons.translate(vec2(-2.0, 0.0))).show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            let more = IconButton::new(icons::MORE, "More actions").small().show(ui);
            menu(&more, |ui| {
                if let Some(view) = frame.unlocked() {
                    actions::key_menu(ui, frame, view, key, may, intents);
                }
            });
            if !covers {
                close |= IconButton::new(icons::CLOSE, "Close key").small().show(ui).clicked();
            }
        });
        let middle = inner.top() + 51.0;
        let (tone, glyph, word) = words::key_look(key);
        paint::icon(
            ui.painter(),
            pos2(inner.left() + 10.0, middle),
            words::type_icon(key.key_type),
            size::ICON_LARGE,
            t.text_2,
        );
        let row =
            Rect::from_min_max(pos2(inner.left() + 28.0, middle - 14.0), pos2(inner.right(), middle + 14.0));
        place_with(ui, "title", row, Layout::right_to_left(egui::Align::Center), |ui| {
            tag(ui, tone, glyph, word);
            ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
                let title = text_cut(ui, TextRole::Title, t.text, &key.name);
                ui.ctx().accesskit_node_builder(title.id, |node| {
                    node.set_role(egui::Role::Heading);
                    node.set_label(key.name.as_str());
                });
            });
        });
        close
    }
}

/// The head of a part of a tab: bold words, a count, and a link at the right that is `true` when clicked.
fn part(ui: &mut Ui, title: &str, count: Option<u64>, link: Option<&str>) -> bool {
    let t = tokens(ui);
    let mut clicked = false;
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), 22.0),
        Layout::left_to_right(egui::Align::Center),
        |ui| {
            ui.set_min_size(vec2(ui.available_width(), 22.0));
            crate::ui::widgets::text(ui, TextRole::BodyStrong, title);
            if let Some(count) = count {
                let words = crate::ui::widgets::thousands(count);
                crate::ui::widgets::text_in(ui, TextRole::SmallMono, t.text_2, words);
            }
            if let Some(link) = link {
                ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                    let shown = crate::ui::widgets::link_small(ui, link);
                    let name = format!("{link}: {title}");
                    ui.ctx().accesskit_node_builder(shown.id, |node| node.set_label(name));
                    clicked = shown.clicked();
                });
            }
        },
    );
    clicked
}

/// A key-value row with plain words.
fn row(ui: &mut Ui, label: &str, value: &str) {
    paint::key_value(ui, LABEL, label, |ui| {
        crate::ui::widgets::text(ui, TextRole::Body, value);
    });
}

/// A key-value row with a value in Hack.
fn row_mono(ui: &mut Ui, label: &str, value: &str) {
    paint::key_value(ui, LABEL, label, |ui| {
        crate::ui::widgets::text(ui, TextRole::Mono, value);
    });
}
