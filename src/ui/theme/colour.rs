//! Arithmetic on colours: mixing and the WCAG 2 contrast ratio. Makes no colour of its own.
#![allow(clippy::disallowed_methods, reason = "the theme is where colours are made")]

use egui::Color32;

/// An opaque colour from `0xRRGGBB`.
pub(super) const fn hex(rgb: u32) -> Color32 {
    let [_, r, g, b] = rgb.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

/// Black at `alpha` of 255, for shadows and the veil behind a dialog.
pub(super) const fn shade(alpha: u8) -> Color32 {
    Color32::from_rgba_premultiplied(0, 0, 0, alpha)
}

/// `share` (0 to 1) of `over` in `base`, in gamma space as a painter's overlay would.
#[must_use]
pub fn mix(base: Color32, over: Color32, share: f32) -> Color32 {
    let channel = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share).round() as u8;
    let (a, b) = (base.to_array(), over.to_array());
    Color32::from_rgba_premultiplied(
        channel(a[0], b[0]),
        channel(a[1], b[1]),
        channel(a[2], b[2]),
        channel(a[3], b[3]),
    )
}

/// The contrast ratio of WCAG 2.2, from 1 to 21. Both colours are taken as opaque.
#[must_use]
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance (WCAG 2.2, definition).
fn luminance(colour: Color32) -> f32 {
    let linear = |v: u8| {
        let v = f32::from(v) / 255.0;
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
}
