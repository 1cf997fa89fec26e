//! Painting secrets one glyph at a time, and keeping the renderer from remembering their order.

use crate::ui::theme::{TextRole, font};
use egui::{Align2, Color32, Context, Painter, Pos2, Ui, vec2};

/// More glyphs than any secret that is revealed at once.
const CURTAIN: usize = 2048;

/// Uses every printable ASCII character once in the secret font. The atlas packs glyphs in the order of their first
/// use; without this it would tell in which order the characters of a secret first appeared.
///
/// `SecretSink` calls it in the first pass and whenever the scale changes; there must be a pass running.
pub fn warm_atlas(ctx: &Context) {
    let id = font(TextRole::Secret);
    ctx.fonts_mut(|fonts| {
        for c in ' '..='~' {
            let _ = fonts.layout_no_wrap(c.to_string(), id.clone(), Color32::PLACEHOLDER);
        }
    });
}

/// Draws thousands of one glyph in the background's colour, so that no vertex buffer still holds the places of a
/// revealed secret's glyphs. Call it first in each of the frames that follow a lock.
pub fn curtain(ui: &Ui) {
    let corner = ui.max_rect().min;
    let (id, colour) = (font(TextRole::Secret), ui.visuals().panel_fill);
    for i in 0..CURTAIN {
        let place = vec2(8.0 + 9.0 * (i % 64) as f32, 4.0 + 4.0 * (i / 64) as f32);
        ui.painter().text(corner + place, Align2::LEFT_TOP, '#', id.clone(), colour);
    }
}

/// Paints one character of a secret; what cannot be seen gets a mark in `faint`.
pub(super) fn glyph(painter: &Painter, middle_left: Pos2, c: char, colour: Color32, faint: Color32) {
    let (c, colour) = match c {
        '\n' => ('↵', faint),
        '\r' => ('␍', faint),
        '\t' => ('→', faint),
        ' ' => ('·', faint),
        c if c.is_control() => ('�', faint),
        c => (c, colour),
    };
    painter.text(middle_left, Align2::LEFT_CENTER, c, font(TextRole::Secret), colour);
}

/// How far apart the glyphs of a secret stand.
pub(super) fn advance(painter: &Painter) -> f32 {
    painter.fonts_mut(|fonts| fonts.glyph_width(&font(TextRole::Secret), '0'))
}
