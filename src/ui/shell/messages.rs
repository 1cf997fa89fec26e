//! What was said at the bottom of the window, kept until the lock: a toast goes away, and must not be the only place a fact
//! appears.

use egui::{Align, Layout, Rect, ScrollArea, Sense, Ui, pos2, vec2};

use crate::model::Timestamp;
use crate::ui::theme::{TextRole, size, tokens};
use crate::ui::widgets::{Tone, link_small, menu, text_in};

use super::draw::{icon, placed};

/// No more than so many are kept.
const MOST: usize = 50;
/// Width of the list.
const WIDTH: f32 = 440.0;

/// One message.
pub(super) struct Message {
    at: Timestamp,
    tone: Tone,
    words: String,
}

/// The messages of this session, oldest first.
#[derive(Default)]
pub(super) struct Messages(Vec<Message>);

impl Messages {
    /// Keeps one.
    pub(super) fn keep(&mut self, at: Timestamp, tone: Tone, words: &str) {
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(Message { at, tone, words: words.to_owned() });
    }

    /// Whether nothing was said yet.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A link to the list at the right end of `room`. Returns how much room is left of it; nothing takes none.
    pub(super) fn show(&self, ui: &mut Ui, room: Rect) -> Rect {
        if self.0.is_empty() {
            return room;
        }
        let label =
            if self.0.len() == 1 { "1 message".to_owned() } else { format!("{} messages", self.0.len()) };
        let start = placed(ui, "messages", room, Layout::right_to_left(Align::Center), |ui| {
            let link = link_small(ui, &label);
            menu(&link, |ui| self.list(ui));
            ui.min_rect().left()
        });
        Rect::from_min_max(room.min, pos2(start - 16.0, room.bottom()))
    }

    /// The list, newest first.
    fn list(&self, ui: &mut Ui) {
        let t = tokens(ui.ctx());
        let width = WIDTH.min(ui.ctx().content_rect().width() - 32.0);
        ui.set_width(width);
        ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(8.0, 0.0);
            for Message { at, tone, words } in self.0.iter().rev() {
                ui.horizontal_top(|ui| {
                    let (rect, _) = ui.allocate_exact_size(vec2(16.0, 28.0), Sense::hover());
                    icon(ui, rect.center() + vec2(4.0, 0.0), tone.icon(), size::ICON_SMALL, tone.tint(t).fg);
                    ui.add_space(2.0);
                    ui.vertical(|ui| {
                        ui.set_width(width - 96.0);
                        ui.add_space(4.0);
                        text_in(ui, TextRole::Body, t.text, words.as_str());
                        ui.add_space(4.0);
                    });
                    ui.add_space(2.0);
                    ui.vertical(|ui| {
                        ui.add_space(6.0);
                        text_in(ui, TextRole::SmallMono, t.text_2, at.clock());
                    });
                });
            }
        });
    }
}
