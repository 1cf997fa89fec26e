//! A number that is one of a few: those side by side, and beside them the one in force where it is none of them, as the
//! command line can set it.

use crate::ui::theme::TextRole;
use crate::ui::widgets::{Segmented, text};
use egui::Ui;

/// A number that can be chosen.
pub(crate) struct Number<'a> {
    /// What it is of.
    pub(crate) name: &'a str,
    /// What it is counted in.
    pub(crate) unit: &'a str,
    /// What is offered.
    pub(crate) values: &'a [u32],
    /// 24 points high.
    pub(crate) small: bool,
}

impl Number<'_> {
    /// Shows it with `at` in force; returns another one that was chosen. `no`: why none may be.
    pub(crate) fn show(&self, ui: &mut Ui, at: u32, no: Option<&str>) -> Option<u32> {
        let mut names: Vec<String> = self.values.iter().map(u32::to_string).collect();
        if let Some(last) = names.last_mut() {
            *last = format!("{last} {}", self.unit);
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let offered = self.values.iter().position(|value| *value == at);
        let mut active = offered.unwrap_or(usize::MAX);
        let control = Segmented::new(self.name, &names);
        let control = if self.small { control.small() } else { control };
        if offered.is_none() {
            let role = if self.small { TextRole::SmallMono } else { TextRole::Mono };
            text(ui, role, format!("{at} {}", self.unit));
        }
        let response = ui.add_enabled_ui(no.is_none(), |ui| control.show(ui, &mut active)).inner;
        let chosen = self.values.get(active).copied().filter(|_| response.changed());
        if let Some(no) = no {
            response.on_disabled_hover_text(no);
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::offscreen::Driver;
    use crate::ui::theme::{self, Theme};
    use egui::vec2;

    #[test]
    fn the_value_in_force_is_told_where_it_is_none_of_those_offered() {
        for (at, told) in [(12, true), (30, false)] {
            let mut driver = Driver::new(vec2(400.0, 60.0), move |ui: &mut Ui| {
                let number =
                    Number { name: "Clipboard clears", unit: "s", values: &[10, 30, 60], small: true };
                number.show(ui, at, None);
            });
            theme::install(driver.ctx(), Theme::Light);
            driver.settle(3);
            assert_eq!(driver.find(&format!("{at} s")).is_some(), told);
        }
    }
}
