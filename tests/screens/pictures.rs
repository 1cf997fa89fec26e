//! Every scene held still: in light and dark, the main pages in the small window and in high contrast too. Drawn by the
//! product's own CPU renderer, so that the pictures are the same on every machine. A new look is taken over with
//! `UPDATE_SNAPSHOTS=1 cargo test --test screens`, after it was looked at; `KEYROOM_ONLY=dialog,unlock` takes only some. What
//! stands there for the picture is also asked what `access` asks of every screen.

use std::path::Path;

use egui::{Rect, Vec2, pos2, vec2};
use egui_kittest::SnapshotResults;
use image::RgbaImage;
use keyroom::ui::fixture;
use keyroom::ui::theme::Theme;

use crate::access::{self, Wrong};
use crate::scenes::{Scene, Shot, scenes, wanted};
use crate::stand::{SMALL, Stand};

const FOLDER: &str = "tests/snapshots/screens";

/// The scenes are shared out, so that the tests run side by side.
const SHARES: usize = 4;

#[test]
fn screens_of_the_first_quarter_look_as_they_did_and_can_be_heard_hit_and_read() {
    share(0);
}

#[test]
fn screens_of_the_second_quarter_look_as_they_did_and_can_be_heard_hit_and_read() {
    share(1);
}

#[test]
fn screens_of_the_third_quarter_look_as_they_did_and_can_be_heard_hit_and_read() {
    share(2);
}

#[test]
fn screens_of_the_last_quarter_look_as_they_did_and_can_be_heard_hit_and_read() {
    share(3);
}

fn share(nth: usize) {
    let (mut results, mut wrong) = (SnapshotResults::new(), Wrong::default());
    for scene in wanted(scenes().skip(nth).step_by(SHARES)) {
        let mut stand = scene.stand(scene.size(), Theme::Light);
        access::look(&stand, scene, &mut wrong);
        hold(&mut results, scene, &mut stand, "light");
        if scene.shot == Shot::Zoomed {
            continue;
        }
        stand.set_theme(Theme::Dark);
        hold(&mut results, scene, &mut stand, "dark");
        if scene.shot == Shot::Main {
            let mut stand = scene.stand(SMALL, Theme::Light);
            access::look_in_a_small_window(&stand, scene, &mut wrong);
            hold(&mut results, scene, &mut stand, "1024-light");
            stand.set_theme(Theme::HighContrastDark);
            hold(&mut results, scene, &mut stand, "1024-hc-dark");
            stand.set_theme(Theme::HighContrastLight);
            hold(&mut results, scene, &mut stand, "1024-hc-light");
        }
    }
    wrong.end();
}

fn hold(results: &mut SnapshotResults, scene: &Scene, stand: &mut Stand, look: &str) {
    // Dates are local; the pictures are of a workstation on UTC.
    if fixture::now().local().offset().local_minus_utc() != 0 {
        return;
    }
    let image = stand.driver.screenshot();
    let whole = RgbaImage::from_raw(image.width as u32, image.height as u32, image.rgba).unwrap();
    let size = vec2(image.width as f32, image.height as f32);
    let crop = crop(scene.shot, stand, size);
    let picture = image::imageops::crop_imm(
        &whole,
        crop.left() as u32,
        crop.top() as u32,
        crop.width() as u32,
        crop.height() as u32,
    );
    let name = format!("screens/{}-{look}", scene.name);
    let file = Path::new(FOLDER).join(format!("{}-{look}.png", scene.name));
    let before = std::fs::metadata(&file).and_then(|data| data.modified()).ok();
    results.add(egui_kittest::try_image_snapshot(&picture.to_image(), name));
    let after = std::fs::metadata(&file).and_then(|data| data.modified()).ok();
    if before != after {
        shrink(&file);
    }
}

fn crop(shot: Shot, stand: &Stand, size: Vec2) -> Rect {
    let whole = Rect::from_min_size(pos2(0.0, 0.0), size);
    match shot {
        Shot::Main | Shot::Whole | Shot::Zoomed => whole,
        Shot::Top(height) => whole.with_max_y(f32::from(height)),
        Shot::Part(left, top, right, bottom) => Rect::from_min_max(
            pos2(f32::from(left), f32::from(top)),
            pos2(f32::from(right), f32::from(bottom)),
        ),
        Shot::Right(width) => whole.with_min_x(size.x - f32::from(width)),
        // The dialog's padding and shadow belong to it.
        Shot::Dialog => {
            let rect = stand.dialog_rect().expand(44.0).intersect(whole);
            Rect::from_min_max(rect.min.floor(), rect.max.ceil()).intersect(whole)
        }
    }
}

/// Writes a picture that was just taken over again, without its alpha and as small as it goes.
fn shrink(file: &Path) {
    let image = image::open(file).unwrap().to_rgb8();
    let mut small = Vec::new();
    let mut encoder = png::Encoder::new(&mut small, image.width(), image.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::Up);
    encoder.set_deflate_compression(png::DeflateCompression::Level(9));
    encoder.write_header().unwrap().write_image_data(&image).unwrap();
    std::fs::write(file, small).unwrap();
    let _ = std::fs::remove_file(file.with_extension("old.png"));
}
