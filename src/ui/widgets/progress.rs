//! Progress with numbers, and the strength of a password.

use super::button::Button;
use super::choice::track;
use super::paint::{line, put_left, tokens};
use super::text::text_in;
use crate::ui::theme::{TextRole, size};
use egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// A bar, how much of how many, and a way out. Returns whether Cancel was chosen.
pub fn progress(ui: &mut Ui, bar_width: f32, verb: &str, done: u64, total: u64, cancel: bool) -> bool {
    let t = tokens(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let share = if total == 0 { 0.0 } else { done as f32 / total as f32 };
        let (rect, response) = ui.allocate_exact_size(vec2(bar_width, size::CONTROL), Sense::hover());
        let bar = Rect::from_center_size(rect.center(), vec2(bar_width, 6.0));
        track(ui.painter(), bar, share, t.accent, t.sunken);
        if t.high_contrast {
            super::paint::edge(ui.painter(), bar, 2, t.border_strong);
        }
        let words = format!("{verb} {} of {}", thousands(done), thousands(total));
        response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &words));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_min_numeric_value(0.0);
            node.set_max_numeric_value(total as f64);
            node.set_numeric_value(done as f64);
        });
        ui.spacing_mut().item_spacing.x = 4.0;
        text_in(ui, TextRole::Body, t.text, verb);
        text_in(ui, TextRole::Mono, t.text, thousands(done));
        text_in(ui, TextRole::Body, t.text, "of");
        text_in(ui, TextRole::Mono, t.text, thousands(total));
        ui.add_space(4.0);
        cancel && Button::quiet("Cancel").show(ui).clicked()
    })
    .inner
}

/// A number with thousands separators.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How strong a password is: five steps as a bar, a word, bits and advice. Never a bar alone.
pub fn strength_meter(ui: &mut Ui, width: f32, score: u8, word: &str, bits: u32, advice: &str) {
    let t = tokens(ui);
    let score = score.min(4);
    let colour = match score {
        0 | 1 => t.critical,
        2 => t.warn,
        _ => t.ok,
    };
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        let (rect, response) = ui.allocate_exact_size(vec2(width, 20.0), Sense::hover());
        let cell = (width - 160.0 - 16.0) / 5.0;
        for i in 0..5_u8 {
            let left = rect.left() + f32::from(i) * (cell + 4.0);
            let part = Rect::from_min_size(pos2(left, rect.center().y - 3.0), vec2(cell, 6.0));
            ui.painter().rect_filled(part, 2, if i <= score { colour } else { t.sunken });
            if t.high_contrast {
                super::paint::edge(ui.painter(), part, 2, t.border_strong);
            }
        }
        let words = format!("{word}, about {bits} bits");
        let text = line(ui.painter(), words.as_str(), TextRole::Small, colour, 152.0);
        put_left(ui.painter(), rect.right() - 152.0, rect.center().y, text);
        response.widget_info(|| WidgetInfo::labeled(Role::Meter, true, format!("Strength: {words}")));
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_min_numeric_value(0.0);
            node.set_max_numeric_value(4.0);
            node.set_numeric_value(f64::from(score));
            node.set_value(words.as_str());
        });
        if !advice.is_empty() {
            text_in(ui, TextRole::Small, t.text_2, advice);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn numbers_get_their_separators() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(1_204), "1,204");
        assert_eq!(thousands(1_004_318), "1,004,318");
    }
}
