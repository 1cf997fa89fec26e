//! Rows of settings: what it is and what it means at the left, the control at the right. While something is searched,
//! only rows that say it are shown, each section under its own heading.

use super::super::pages::t;
use crate::ui::theme::TextRole;
use crate::ui::widgets as w;
use egui::{Rect, Ui, UiBuilder, pos2, vec2};

/// The least width for the words of a row beside its control.
const LEAST: f32 = 200.0;

/// What is being shown.
pub(super) struct Form {
    filter: String,
    section: &'static str,
    /// The heading of the section was shown.
    headed: bool,
    /// A line is due before the next row.
    line: bool,
    /// Rows shown.
    pub(super) hits: usize,
}

impl Form {
    /// Rows that say `filter`, in lower case; all where it is empty.
    pub(super) fn new(filter: String) -> Self {
        Self { filter, section: "", headed: false, line: false, hits: 0 }
    }

    /// Whether something is searched.
    pub(super) fn searches(&self) -> bool {
        !self.filter.is_empty()
    }

    /// Another section begins.
    pub(super) fn section(&mut self, title: &'static str) {
        self.section = title;
        self.headed = false;
        self.line = false;
    }

    fn wants(&self, words: &[&str]) -> bool {
        self.filter.is_empty()
            || words.iter().chain([&self.section]).any(|w| w.to_lowercase().contains(&self.filter))
    }

    fn head(&mut self, ui: &mut Ui) {
        self.hits += 1;
        if !std::mem::replace(&mut self.headed, true) {
            let response = w::text(ui, TextRole::Heading, self.section);
            ui.ctx().accesskit_node_builder(response.id, |node| node.set_role(egui::Role::Heading));
            ui.add_space(8.0);
        }
        if std::mem::replace(&mut self.line, true) {
            w::rule(ui);
        }
    }

    /// A setting with its control at the right, where there is room for `room` points.
    pub(super) fn row(
        &mut self,
        ui: &mut Ui,
        title: &str,
        help: &str,
        room: f32,
        control: impl FnOnce(&mut Ui),
    ) {
        if !self.wants(&[title, help]) {
            return;
        }
        self.head(ui);
        let t = t(ui);
        let top = ui.cursor().min;
        let width = ui.available_width();
        // Where the words would be squeezed, the control stands below them.
        let below = room > 0.0 && width - room - 24.0 < LEAST;
        let words_width = if below { width } else { width - room - 24.0 };
        let left = Rect::from_min_size(top + vec2(0.0, 9.0), vec2(words_width, 20.0));
        let mut words = ui.new_child(UiBuilder::new().id_salt((title, "words")).max_rect(left));
        words.spacing_mut().item_spacing.y = 2.0;
        w::text(&mut words, TextRole::Body, title);
        if !help.is_empty() {
            w::text_in(&mut words, TextRole::Small, t.text_2, help);
        }
        let control_top = if below { words.min_rect().bottom() + 6.0 } else { top.y + 8.0 };
        let right = Rect::from_min_max(
            pos2(top.x + width - room.min(width), control_top),
            pos2(top.x + width, control_top + 28.0),
        );
        let bottom = w::EndRow::new(ui, title, right).show(ui, |ui| {
            control(ui);
            ui.min_rect().bottom()
        });
        let control_height = if room > 0.0 { bottom - top.y + 8.0 } else { 0.0 };
        let height = (words.min_rect().height() + 18.0).max(control_height).max(44.0);
        ui.allocate_space(vec2(width, height));
    }

    /// Something over the whole width; `words` are what a search finds it by.
    pub(super) fn block(&mut self, ui: &mut Ui, words: &[&str], contents: impl FnOnce(&mut Ui)) {
        if self.wants(words) {
            self.head(ui);
            ui.add_space(8.0);
            contents(ui);
            ui.add_space(8.0);
        }
    }
}
