//! The mark: a doorway whose opening is a key. The shapes of `assets/keyroom-symbol.svg`, drawn by the painter.

use super::paint::tokens;
use egui::epaint::{Mesh, PathShape};
use egui::{Color32, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, Vec2, pos2, vec2};

/// The mark, `size` points square, in `colour` (usually the accent). The keyhole shows what lies behind as `surface`.
pub fn mark(ui: &mut Ui, size: f32, colour: Color32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size), Sense::hover());
    let hole = tokens(ui).surface;
    paint_mark(ui.painter(), rect, colour, hole);
    response
}

/// Paints the mark into `rect`, the keyhole in `hole`.
pub fn paint_mark(painter: &egui::Painter, rect: Rect, colour: Color32, hole: Color32) {
    let at = |x: f32, y: f32| rect.min + vec2(x, y) / 512.0 * rect.width();
    let mut door = vec![at(96.0, 480.0)];
    corner(&mut door, at(96.0, 480.0), at(64.0, 480.0), at(64.0, 448.0));
    door.push(at(64.0, 224.0));
    cubic(&mut door, [at(64.0, 224.0), at(64.0, 118.0), at(150.0, 32.0), at(256.0, 32.0)]);
    cubic(&mut door, [at(256.0, 32.0), at(362.0, 32.0), at(448.0, 118.0), at(448.0, 224.0)]);
    door.push(at(448.0, 448.0));
    corner(&mut door, at(448.0, 448.0), at(448.0, 480.0), at(416.0, 480.0));
    painter.add(Shape::Path(PathShape::convex_polygon(door, colour, Stroke::NONE)));

    let unit = rect.width() / 512.0;
    // The small drawing up to 24 points, whose teeth sit on whole pixels; the icon's own above.
    if rect.width() <= 24.0 {
        painter.circle_filled(at(256.0, 192.0), 64.0 * unit, hole);
        let bars = [(224.0, 230.0, 64.0, 250.0), (288.0, 320.0, 64.0, 32.0), (288.0, 384.0, 64.0, 32.0)];
        fill(painter, bars.map(|(x, y, w, h)| Rect::from_min_size(at(x, y), vec2(w, h) * unit)), hole);
    } else {
        painter.circle_filled(at(256.0, 192.0), 72.0 * unit, hole);
        let bars = [(224.0, 240.0, 64.0, 240.0), (288.0, 320.0, 64.0, 48.0), (288.0, 400.0, 48.0, 48.0)];
        fill(painter, bars.map(|(x, y, w, h)| Rect::from_min_size(at(x, y), vec2(w, h) * unit)), hole);
    }
}

fn fill(painter: &egui::Painter, rects: [Rect; 3], colour: Color32) {
    let mut mesh = Mesh::default();
    for rect in rects {
        mesh.add_colored_rect(rect, colour);
    }
    painter.add(mesh);
}

/// A quarter turn of a rounded corner.
fn corner(path: &mut Vec<Pos2>, from: Pos2, control: Pos2, to: Pos2) {
    let pull = |p: Pos2| p + (control - p) * 0.55;
    cubic(path, [from, pull(from), pull(to), to]);
}

fn cubic(path: &mut Vec<Pos2>, [a, b, c, d]: [Pos2; 4]) {
    for i in 1..=12_u8 {
        let t = f32::from(i) / 12.0;
        let s = 1.0 - t;
        let blend = |a: f32, b: f32, c: f32, d: f32| {
            s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d
        };
        path.push(pos2(blend(a.x, b.x, c.x, d.x), blend(a.y, b.y, c.y, d.y)));
    }
}
