//! Triangles to pixels, as a graphics card would: top-left rule on coordinates of 1/256 pixel, so that two triangles
//! never share a pixel and never leave one out; bilinear textures; premultiplied blending of gamma-encoded bytes.
//!
//! Three short cuts carry nearly all the work: rectangles of one colour, glyphs that lie on whole pixels, and rows of
//! one colour inside any triangle.

use super::Image;
use egui::epaint::{ClippedPrimitive, ImageData, Mesh, Primitive, Vertex};
use egui::{Color32, Rect, TextureId, TexturesDelta};
use std::collections::HashMap;
use std::ops::Range;

/// Steps in a pixel.
const SUB: i64 = 256;

/// Draws what [`egui::Context::tessellate`] returns.
#[derive(Default)]
pub struct CpuRenderer {
    textures: HashMap<TextureId, Texture>,
}

struct Texture {
    width: usize,
    height: usize,
    texels: Vec<Color32>,
}

impl CpuRenderer {
    /// A renderer without textures.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes over new and changed textures; drops freed ones. Call before [`CpuRenderer::render`], for every pass.
    pub fn apply(&mut self, delta: &TexturesDelta) {
        for (id, changes) in &delta.set {
            for change in changes {
                let ImageData::Color(image) = &change.image;
                let [width, height] = image.size;
                match change.pos {
                    None => {
                        let texels = image.pixels.clone();
                        self.textures.insert(*id, Texture { width, height, texels });
                    }
                    Some([x, y]) => {
                        let Some(texture) = self.textures.get_mut(id) else { continue };
                        for row in 0..height {
                            let to = (y + row) * texture.width + x;
                            let from = row * width;
                            texture.texels[to..to + width].copy_from_slice(&image.pixels[from..from + width]);
                        }
                    }
                }
            }
        }
        for id in &delta.free {
            self.textures.remove(id);
        }
    }

    /// A picture of `primitives` on `background`, `size_px` pixels large, `ppp` pixels to the point.
    #[must_use]
    pub fn render(
        &mut self,
        primitives: &[ClippedPrimitive],
        size_px: [usize; 2],
        ppp: f32,
        background: Color32,
    ) -> Image {
        let [width, height] = size_px;
        let mut canvas = Canvas {
            width,
            pixels: vec![background; width * height],
            ramp: Vec::with_capacity(width),
            clip_x: 0..0,
            clip_y: 0..0,
        };
        for primitive in primitives {
            let Primitive::Mesh(mesh) = &primitive.primitive else { continue };
            let Some(texture) = self.textures.get(&mesh.texture_id) else { continue };
            canvas.clip(primitive.clip_rect, ppp, height);
            canvas.mesh(mesh, texture, ppp);
        }
        let mut rgba = Vec::with_capacity(4 * width * height);
        for pixel in &canvas.pixels {
            rgba.extend_from_slice(&pixel.to_array());
        }
        Image { width, height, rgba }
    }
}

struct Canvas {
    width: usize,
    pixels: Vec<Color32>,
    /// A row of one colour, kept so that filling is copying.
    ramp: Vec<Color32>,
    clip_x: Range<i64>,
    clip_y: Range<i64>,
}

/// A vertex in steps of 1/[`SUB`] pixel.
#[derive(Clone, Copy)]
struct Point {
    x: i64,
    y: i64,
}

impl Canvas {
    fn clip(&mut self, rect: Rect, ppp: f32, height: usize) {
        let px = |v: f32| (v * ppp).round() as i64;
        self.clip_x = px(rect.min.x).max(0)..px(rect.max.x).min(self.width as i64);
        self.clip_y = px(rect.min.y).max(0)..px(rect.max.y).min(height as i64);
    }

    fn mesh(&mut self, mesh: &Mesh, texture: &Texture, ppp: f32) {
        let mut at = 0;
        while at + 3 <= mesh.indices.len() {
            if at + 6 <= mesh.indices.len() && self.quad(mesh, at, texture, ppp) {
                at += 6;
                continue;
            }
            let v = [0, 1, 2].map(|k| &mesh.vertices[mesh.indices[at + k] as usize]);
            self.triangle(v, texture, ppp);
            at += 3;
        }
    }

    /// Draws two triangles at once where they are one upright rectangle of one colour, and either plain or a glyph
    /// whose texels lie on whole pixels. Says whether it did.
    fn quad(&mut self, mesh: &Mesh, at: usize, texture: &Texture, ppp: f32) -> bool {
        let vertex = |k: usize| &mesh.vertices[mesh.indices[at + k] as usize];
        let (a, b, c) = (vertex(0), vertex(1), vertex(2));
        // epaint's own order for rectangles: (a, b, c) (c, b, d), or a fan (a, b, c) (a, c, d).
        let index = &mesh.indices[at..at + 6];
        let d = vertex(5);
        let (first, last) = if index[3] == index[2] && index[4] == index[1] {
            (a, d)
        } else if index[3] == index[0] && index[4] == index[2] {
            (b, d)
        } else {
            return false;
        };
        let corners = [a, b, c, d];
        if corners.iter().any(|v| v.color != a.color) {
            return false;
        }
        let (min, max) = (first.pos.min(last.pos), first.pos.max(last.pos));
        if corners
            .iter()
            .any(|v| (v.pos.x != min.x && v.pos.x != max.x) || (v.pos.y != min.y && v.pos.y != max.y))
        {
            return false;
        }
        let (left, top) = (fixed(min.x, ppp), fixed(min.y, ppp));
        let (right, bottom) = (fixed(max.x, ppp), fixed(max.y, ppp));
        let pixel = |v: i64| (v + SUB / 2 - 1).div_euclid(SUB);
        let columns = pixel(left).max(self.clip_x.start)..pixel(right).min(self.clip_x.end);
        let rows = pixel(top).max(self.clip_y.start)..pixel(bottom).min(self.clip_y.end);
        if corners.iter().all(|v| v.uv == a.uv) {
            let colour = tint(texture.at(a.uv.x, a.uv.y), a.color);
            for y in rows {
                self.fill(y, columns.clone(), colour);
            }
            return true;
        }
        let (uv0, uv1) = if first.pos == min { (first.uv, last.uv) } else { (last.uv, first.uv) };
        let (u0, v0) = (uv0.x * texture.width as f32, uv0.y * texture.height as f32);
        let (u1, v1) = (uv1.x * texture.width as f32, uv1.y * texture.height as f32);
        let whole = |v: f32| (v - v.round()).abs() < 0.01;
        let same = |uv: f32, px: i64| (uv * SUB as f32 - px as f32).abs() < 3.0;
        let upright = (first.pos == min || last.pos == min) && left % SUB == 0 && top % SUB == 0;
        if !(upright && whole(u0) && whole(v0) && same(u1 - u0, right - left) && same(v1 - v0, bottom - top))
        {
            return false;
        }
        let (u0, v0) = (u0.round() as i64 - left / SUB, v0.round() as i64 - top / SUB);
        if columns.is_empty() {
            return true;
        }
        let length = (columns.end - columns.start) as usize;
        for y in rows {
            let from = (y + v0) as usize * texture.width + (columns.start + u0) as usize;
            let to = y as usize * self.width + columns.start as usize;
            let texels = &texture.texels[from..from + length];
            let pixels = &mut self.pixels[to..to + length];
            for i in 0..length {
                let texel = texels[i];
                if texel.a() != 0 {
                    pixels[i] = over(tint(texel, a.color), pixels[i]);
                }
            }
        }
        true
    }

    fn triangle(&mut self, v: [&Vertex; 3], texture: &Texture, ppp: f32) {
        let q = v.map(|v| Point { x: fixed(v.pos.x, ppp), y: fixed(v.pos.y, ppp) });
        let area = cross(q[0], q[1], q[2]);
        if area == 0 {
            return;
        }
        let sign = area.signum();
        let row = |y: i64| y * SUB + SUB / 2;
        let (low, high) =
            (q.iter().map(|p| p.y).min().unwrap_or(0), q.iter().map(|p| p.y).max().unwrap_or(0));
        let rows =
            low.div_euclid(SUB).max(self.clip_y.start)..(high.div_euclid(SUB) + 1).min(self.clip_y.end);
        let plain =
            v[0].color == v[1].color && v[1].color == v[2].color && v[0].uv == v[1].uv && v[1].uv == v[2].uv;
        let colour = tint(texture.at(v[0].uv.x, v[0].uv.y), v[0].color);
        let edges = [(q[1], q[2]), (q[2], q[0]), (q[0], q[1])];
        for y in rows {
            let Some(columns) = self.span(&edges, sign, row(y)) else { continue };
            if plain {
                self.fill(y, columns, colour);
            } else {
                self.shade(y, columns, v, q, area, texture);
            }
        }
    }

    /// The pixels of a row whose centres are inside all three edges.
    fn span(&self, edges: &[(Point, Point); 3], sign: i64, y: i64) -> Option<Range<i64>> {
        let Range { mut start, mut end } = self.clip_x.clone();
        let origin = start;
        for (a, b) in edges {
            let (dx, dy) = ((b.x - a.x) * sign, (b.y - a.y) * sign);
            let top_left = (dy == 0 && dx > 0) || dy < 0;
            let x = origin * SUB + SUB / 2;
            let inside = dx * (y - a.y) - dy * (x - a.x) - i64::from(!top_left);
            let step = -dy * SUB;
            if step > 0 {
                start = start
                    .max(origin + (-inside).div_euclid(step) + i64::from((-inside).rem_euclid(step) != 0));
            } else if step < 0 {
                end = end.min(origin + inside.div_euclid(-step) + 1);
            } else if inside < 0 {
                return None;
            }
        }
        (start < end).then_some(start..end)
    }

    fn fill(&mut self, y: i64, columns: Range<i64>, colour: Color32) {
        if columns.start >= columns.end || colour == Color32::TRANSPARENT {
            return;
        }
        let start = y as usize * self.width + columns.start as usize;
        let length = (columns.end - columns.start) as usize;
        let pixels = &mut self.pixels[start..start + length];
        if colour.a() == 255 {
            if self.ramp.len() < length || self.ramp.first() != Some(&colour) {
                self.ramp.clear();
                self.ramp.resize(length, colour);
            }
            pixels.copy_from_slice(&self.ramp[..length]);
        } else {
            // Neighbours are mostly alike: blend once for each run of equal pixels.
            let (mut below, mut blended) = (pixels[0], over(colour, pixels[0]));
            for pixel in pixels {
                if *pixel != below {
                    below = *pixel;
                    blended = over(colour, below);
                }
                *pixel = blended;
            }
        }
    }

    fn shade(
        &mut self,
        y: i64,
        columns: Range<i64>,
        v: [&Vertex; 3],
        q: [Point; 3],
        area: i64,
        texture: &Texture,
    ) {
        let p = Point { x: columns.start * SUB + SUB / 2, y: y * SUB + SUB / 2 };
        let area = area as f32;
        let share = [(q[1], q[2]), (q[2], q[0]), (q[0], q[1])]
            .map(|(a, b)| (cross(a, b, p) as f32 / area, -((b.y - a.y) * SUB) as f32 / area));
        let blend = |of: [f32; 3]| {
            let at = of[0] * share[0].0 + of[1] * share[1].0 + of[2] * share[2].0;
            let step = of[0] * share[0].1 + of[1] * share[1].1 + of[2] * share[2].1;
            (at, step)
        };
        let mut channels = [0, 1, 2, 3].map(|i| blend(v.map(|v| f32::from(v.color.to_array()[i]))));
        let (mut s, mut t) = (blend(v.map(|v| v.uv.x)), blend(v.map(|v| v.uv.y)));
        let flat = v[0].uv == v[1].uv && v[1].uv == v[2].uv;
        let white = flat && texture.at(v[0].uv.x, v[0].uv.y) == Color32::WHITE;
        let start = y as usize * self.width;
        for x in columns {
            let byte = |c: (f32, f32)| (c.0 + 0.5).clamp(0.0, 255.0) as u8;
            let colour =
                premultiplied([byte(channels[0]), byte(channels[1]), byte(channels[2]), byte(channels[3])]);
            let colour = if white { colour } else { tint(texture.at(s.0, t.0), colour) };
            let pixel = &mut self.pixels[start + x as usize];
            *pixel = over(colour, *pixel);
            for channel in &mut channels {
                channel.0 += channel.1;
            }
            s.0 += s.1;
            t.0 += t.1;
        }
    }
}

impl Texture {
    /// The bilinear sample at `u`, `v` (0 to 1), clamped to the edge.
    fn at(&self, u: f32, v: f32) -> Color32 {
        let x = (u * self.width as f32 - 0.5).clamp(0.0, (self.width - 1) as f32);
        let y = (v * self.height as f32 - 0.5).clamp(0.0, (self.height - 1) as f32);
        let (x0, y0) = (x as usize, y as usize);
        let (fx, fy) = (x - x0 as f32, y - y0 as f32);
        let texel = |x: usize, y: usize| {
            self.texels[y.min(self.height - 1) * self.width + x.min(self.width - 1)].to_array()
        };
        if fx == 0.0 && fy == 0.0 {
            return premultiplied(texel(x0, y0));
        }
        let (a, b, c, d) = (texel(x0, y0), texel(x0 + 1, y0), texel(x0, y0 + 1), texel(x0 + 1, y0 + 1));
        premultiplied([0, 1, 2, 3].map(|i| {
            let mix = |p: u8, q: u8, f: f32| f32::from(p) + (f32::from(q) - f32::from(p)) * f;
            let (top, bottom) = (mix(a[i], b[i], fx), mix(c[i], d[i], fx));
            (top + (bottom - top) * fy + 0.5) as u8
        }))
    }
}

fn fixed(points: f32, ppp: f32) -> i64 {
    (f64::from(points) * f64::from(ppp) * SUB as f64).round() as i64
}

fn cross(a: Point, b: Point, p: Point) -> i64 {
    (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)
}

#[allow(clippy::disallowed_methods, reason = "carries pixels that others coloured")]
fn premultiplied([r, g, b, a]: [u8; 4]) -> Color32 {
    Color32::from_rgba_premultiplied(r, g, b, a)
}

/// `a * b / 255`, rounded.
fn scale(a: u8, b: u32) -> u32 {
    let product = u32::from(a) * b + 128;
    (product + (product >> 8)) >> 8
}

fn tint(texel: Color32, colour: Color32) -> Color32 {
    if texel == Color32::WHITE {
        return colour;
    }
    let (t, c) = (texel.to_array(), colour.to_array());
    let mul = |i: usize| scale(t[i], u32::from(c[i])) as u8;
    premultiplied([mul(0), mul(1), mul(2), mul(3)])
}

fn over(colour: Color32, below: Color32) -> Color32 {
    let (c, d) = (colour.to_array(), below.to_array());
    let rest = 255 - u32::from(c[3]);
    if rest == 0 {
        return colour;
    }
    let add = |i: usize| (u32::from(c[i]) + scale(d[i], rest)).min(255) as u8;
    premultiplied([add(0), add(1), add(2), add(3)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::epaint::{ClippedPrimitive, WHITE_UV};
    use egui::{Pos2, pos2};

    fn white() -> CpuRenderer {
        let mut renderer = CpuRenderer::new();
        let texture = Texture { width: 1, height: 1, texels: vec![Color32::WHITE] };
        renderer.textures.insert(TextureId::default(), texture);
        renderer
    }

    fn draw(points: &[Pos2], indices: &[u32], colour: Color32) -> Image {
        let vertices = points.iter().map(|pos| Vertex { pos: *pos, uv: WHITE_UV, color: colour }).collect();
        let mesh = Mesh { vertices, indices: indices.to_vec(), ..Mesh::default() };
        let clip_rect = Rect::from_min_max(pos2(0.0, 0.0), pos2(16.0, 16.0));
        let primitive = ClippedPrimitive { clip_rect, primitive: Primitive::Mesh(mesh) };
        white().render(&[primitive], [16, 16], 1.0, Color32::BLACK)
    }

    #[test]
    fn triangles_that_share_an_edge_cover_every_pixel_once() {
        let half = Color32::WHITE.gamma_multiply(0.5);
        let (a, b) = (pos2(1.3, 1.7), pos2(14.6, 2.2));
        let (c, d) = (pos2(2.1, 13.9), pos2(15.2, 14.4));
        let image = draw(&[a, b, c, d], &[0, 1, 2, 2, 1, 3], half);
        let seen: std::collections::BTreeSet<_> = image.rgba.chunks(4).map(|px| px[0]).collect();
        assert_eq!(
            seen.into_iter().collect::<Vec<_>>(),
            vec![0, half.r()],
            "no pixel twice, none at another value"
        );
        assert_eq!(image.pixel(8, 8)[0], half.r());
    }

    #[test]
    fn a_rectangle_drawn_fast_equals_the_same_drawn_as_triangles() {
        let (a, b) = (pos2(2.5, 3.25), pos2(9.75, 3.25));
        let (c, d) = (pos2(2.5, 11.5), pos2(9.75, 11.5));
        let fast = draw(&[a, b, c, d], &[0, 1, 2, 2, 1, 3], Color32::RED);
        let slow = draw(&[a, b, c, d], &[0, 1, 2, 3, 2, 1], Color32::RED);
        assert_eq!(fast, slow);
    }
}
