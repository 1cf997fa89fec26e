//! A secret on the screen: twelve dots, or its characters painted one by one. Neither can be selected or read aloud.

use super::glyphs::{advance, glyph};
use super::sink::SecretSink;
use crate::crypto::memory::SecretBuf;
use crate::ui::theme::{TextRole, row_height, size, tokens};
use egui::{Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// Characters in a group.
const GROUP: usize = 4;
/// Between groups, in points.
const GAP: f32 = 6.0;
/// Dots of a masked secret, whatever its length.
pub(super) const DOTS: usize = 12;

/// A secret that is not revealed: a field of twelve dots. `of` names whose it is ("payments-db version 7").
pub fn masked_secret(ui: &mut Ui, of: &str, width: f32) -> Response {
    let t = tokens(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::CONTROL), Sense::hover());
    ui.painter().rect(rect, size::RADIUS, t.sunken, (1.0, t.border_strong), StrokeKind::Inside);
    dots(ui, rect.left() + 12.0, rect.center().y, DOTS);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("Secret of {of}, hidden")));
    response
}

/// Paints `count` dots from `left` on.
pub(super) fn dots(ui: &Ui, left: f32, middle: f32, count: usize) {
    let t = tokens(ui.ctx());
    for i in 0..count {
        ui.painter().circle_filled(pos2(left + 2.5 + super::edit::DOT_PITCH * i as f32, middle), 2.5, t.text);
    }
}

/// A revealed secret in groups of four, wrapped to the width there is. `of` names whose it is; the value itself is
/// never given to assistive technology.
pub fn secret_label(ui: &mut Ui, of: &str, secret: &SecretBuf) -> Response {
    SecretSink::reveal(ui.ctx());
    let t = tokens(ui.ctx());
    let width = ui.available_width();
    let step = advance(ui.painter());
    let places = |paint: &mut dyn FnMut(usize, f32, char)| {
        let (mut line, mut column, mut x) = (0, 0, 0.0);
        for_each_char(secret, &mut |c| {
            if column > 0 && column % GROUP == 0 {
                x += GAP;
            }
            let rest = (GROUP - column % GROUP) as f32 * step;
            if column > 0 && x + if column % GROUP == 0 { rest } else { step } > width {
                (line, column, x) = (line + 1, 0, 0.0);
            }
            paint(line, x, c);
            x += step;
            column += 1;
            if c == '\n' {
                (line, column, x) = (line + 1, 0, 0.0);
            }
        });
        line + 1
    };
    let lines = places(&mut |_, _, _| {});
    let height = row_height(TextRole::Secret);
    let (rect, response) = ui.allocate_exact_size(vec2(width, lines as f32 * height), Sense::hover());
    let (top, bottom) = (ui.clip_rect().top(), ui.clip_rect().bottom());
    places(&mut |line, x, c| {
        let middle = rect.top() + (line as f32 + 0.5) * height;
        if middle + height > top && middle - height < bottom {
            glyph(ui.painter(), pos2(rect.left() + x, middle), c, t.text, t.text_3);
        }
    });
    let label = format!("Secret of {of}, revealed on the screen only");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &label));
    response
}

/// The characters of a text secret; the bytes of another in hexadecimal.
fn for_each_char(secret: &SecretBuf, each: &mut dyn FnMut(char)) {
    if let Some(text) = secret.as_str() {
        text.chars().for_each(each);
    } else {
        for byte in secret.as_bytes() {
            for digit in [byte >> 4, byte & 15] {
                each(char::from_digit(u32::from(digit), 16).unwrap_or('?'));
            }
        }
    }
}
