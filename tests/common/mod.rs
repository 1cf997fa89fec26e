//! What the tests share: pictures drawn by the product's own CPU renderer, the same on every machine.
#![allow(dead_code, reason = "each test binary uses its part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where the ground it stands on is missing")]

pub mod bad;
pub mod desk;
#[cfg(target_os = "linux")]
pub mod disk;
pub mod window;

use keyroom::ui::offscreen::CpuRenderer;

/// Draws `egui_kittest` snapshots without a graphics driver.
#[derive(Default)]
pub struct SnapshotRenderer(CpuRenderer);

impl egui_kittest::TestRenderer for SnapshotRenderer {
    fn handle_delta(&mut self, delta: &mut egui::TexturesDelta) {
        self.0.apply(delta);
        delta.clear();
    }

    fn render(&mut self, ctx: &egui::Context, output: &egui::FullOutput) -> Result<image::RgbaImage, String> {
        let ppp = ctx.pixels_per_point();
        let size = ctx.content_rect().size() * ppp;
        let primitives = ctx.tessellate(output.shapes.clone(), ppp);
        let background = ctx.global_style().visuals.panel_fill;
        let size = [size.x.round() as usize, size.y.round() as usize];
        let image = self.0.render(&primitives, size, ppp, background);
        image::RgbaImage::from_raw(image.width as u32, image.height as u32, image.rgba)
            .ok_or_else(|| "the picture has the wrong size".to_owned())
    }
}
