//! A row that ends where its room ends, and whose parts still come from left to right: for Tab and for a screen reader as they
//! are seen. A layout from the right would turn that order around.

use egui::{Align, Id, Layout, Rect, Ui, UiBuilder};

/// A row of things at the right end of a room.
#[must_use = "call show"]
pub struct EndRow {
    id: Id,
    room: Rect,
    known: Option<f32>,
}

impl EndRow {
    /// In `room`; `salt` tells it from others in `ui`.
    pub fn new(ui: &Ui, salt: &str, room: Rect) -> Self {
        let id = ui.scope_id().with(("end row", salt));
        Self { id, room, known: ui.data(|data| data.get_temp(id)) }
    }

    /// Where it begins.
    #[must_use]
    pub fn left(&self) -> f32 {
        self.known.map_or(self.room.left(), |width| self.room.right() - width)
    }

    /// Shows it. How wide it is is known from the pass before; where that was not so, this pass is drawn again before anything
    /// is seen of it.
    pub fn show<R>(self, ui: &mut Ui, contents: impl FnOnce(&mut Ui) -> R) -> R {
        let layout = Layout::left_to_right(Align::Center);
        let builder = UiBuilder::new().id_salt(self.id).max_rect(self.room.with_min_x(self.left()));
        let mut child = ui.new_child(builder.layout(layout));
        let result = contents(&mut child);
        let width = child.min_rect().width();
        if self.known != Some(width) {
            ui.data_mut(|data| data.insert_temp(self.id, width));
            ui.ctx().request_discard("a row at the right end has another width");
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::offscreen::Driver;
    use crate::ui::theme::{self, Theme};
    use crate::ui::widgets::Button;
    use egui::{Key, Modifiers, vec2};

    #[test]
    fn the_row_ends_at_its_room_from_the_first_frame_on_and_tab_goes_as_it_is_seen() {
        let mut driver = Driver::new(vec2(400.0, 60.0), |ui: &mut Ui| {
            let room = Rect::from_min_size(egui::pos2(0.0, 0.0), vec2(390.0, 40.0));
            EndRow::new(ui, "row", room).show(ui, |ui| {
                Button::secondary("Import…").show(ui);
                Button::secondary("New key…").show(ui);
            });
        });
        theme::install(driver.ctx(), Theme::Light);
        driver.step();
        let place = |driver: &Driver<_>, name: &str| driver.find(name).unwrap();
        let (first, last) = (place(&driver, "Import…").rect, place(&driver, "New key…").rect);
        assert!(first.right() < last.left() && (last.right() - 390.0).abs() < 1.0, "{first:?} {last:?}");
        for name in ["Import…", "New key…"] {
            driver.key(Key::Tab, Modifiers::NONE);
            assert!(place(&driver, name).focused, "{name}");
        }
    }
}
