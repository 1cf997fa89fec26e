//! The colour tokens of the four themes. Names say what a colour is for, never what it looks like.

use super::colour::{hex, shade};
use egui::Color32;

/// Background and foreground of one status, for tags, notes and banners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tint {
    /// The fill. In high contrast the surface itself: an edge is drawn instead.
    pub fill: Color32,
    /// The status colour: glyph, and the word of a tag.
    pub fg: Color32,
}

/// Every colour of one theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tokens {
    /// Whether this is a dark theme.
    pub dark: bool,
    /// Whether this is a high-contrast theme: no tints, every edge a line, hatches in charts.
    pub high_contrast: bool,

    /// The frame of the window: top bar, rail, status bar.
    pub bg: Color32,
    /// The page and what lies on it.
    pub surface: Color32,
    /// What floats: dialog, menu, palette, toast.
    pub raised: Color32,
    /// What is pressed in: group rows, tracks, masked secrets.
    pub sunken: Color32,
    /// The fill of fields: surface in light themes, sunken in dark ones.
    pub field: Color32,
    /// Every second row of a table.
    pub row_alt: Color32,
    /// Under the pointer.
    pub hover: Color32,
    /// Chosen: row, navigation item, segment.
    pub selected: Color32,
    /// Decorative edges; carries no meaning (except in high contrast, where it is a full line).
    pub hairline: Color32,
    /// The line under each table row; transparent outside high contrast.
    pub row_line: Color32,

    /// Body text.
    pub text: Color32,
    /// Secondary text, icons at rest.
    pub text_2: Color32,
    /// Hints and labels of values; still readable.
    pub text_3: Color32,
    /// Links, the primary button, what is active.
    pub accent: Color32,
    /// Passed, verified.
    pub ok: Color32,
    /// Soon; needs attention.
    pub warn: Color32,
    /// Late.
    pub high: Color32,
    /// Broken, compromised, destructive.
    pub critical: Color32,
    /// Edges of fields, secondary buttons, boxes: at least 3:1 everywhere.
    pub border_strong: Color32,
    /// The keyboard focus ring.
    pub focus: Color32,
    /// Text on `accent`.
    pub on_accent: Color32,
    /// Text on `critical`.
    pub on_critical: Color32,

    /// Fill of a passed status.
    pub tint_ok: Color32,
    /// Fill of an informing status.
    pub tint_info: Color32,
    /// Fill of a warning.
    pub tint_warn: Color32,
    /// Fill of lateness.
    pub tint_high: Color32,
    /// Fill of a critical status.
    pub tint_critical: Color32,

    /// Chart fills by severity: info, notice, warn, critical.
    pub severity: [Color32; 4],
    /// Chart fills by category, in fixed order; always with a label. Beyond six: `text_3`.
    pub category: [Color32; 6],
    /// One hue from nothing to most, h0 to h6.
    pub heat: [Color32; 7],

    /// Shadow under what floats; transparent in high contrast.
    pub shadow: Color32,
    /// The veil behind a dialog.
    pub veil: Color32,
}

impl Tokens {
    /// Tint of `ok`.
    #[must_use]
    pub fn ok_tint(&self) -> Tint {
        Tint { fill: self.tint_ok, fg: self.ok }
    }

    /// Tint of `accent`.
    #[must_use]
    pub fn info_tint(&self) -> Tint {
        Tint { fill: self.tint_info, fg: self.accent }
    }

    /// Tint of `warn`.
    #[must_use]
    pub fn warn_tint(&self) -> Tint {
        Tint { fill: self.tint_warn, fg: self.warn }
    }

    /// Tint of `high`.
    #[must_use]
    pub fn high_tint(&self) -> Tint {
        Tint { fill: self.tint_high, fg: self.high }
    }

    /// Tint of `critical`.
    #[must_use]
    pub fn critical_tint(&self) -> Tint {
        Tint { fill: self.tint_critical, fg: self.critical }
    }

    /// A tint without a status.
    #[must_use]
    pub fn neutral_tint(&self) -> Tint {
        Tint { fill: if self.high_contrast { self.surface } else { self.sunken }, fg: self.text_2 }
    }

    /// The text colour to put on heat step `step`.
    #[must_use]
    pub fn on_heat(&self, step: usize) -> Color32 {
        let fill = self.heat[step.min(6)];
        let (a, b) = (if self.dark { LIGHT.text } else { self.text }, hex(0xFF_FF_FF));
        if super::contrast(a, fill) > super::contrast(b, fill) { a } else { b }
    }
}

/// Light.
pub(super) const LIGHT: Tokens = Tokens {
    dark: false,
    high_contrast: false,
    bg: hex(0xF6F7F9),
    surface: hex(0xFFFFFF),
    raised: hex(0xFFFFFF),
    sunken: hex(0xECEFF3),
    field: hex(0xFFFFFF),
    row_alt: hex(0xF9FAFB),
    hover: hex(0xEEF2F7),
    selected: hex(0xDCE8FB),
    hairline: hex(0xD5DAE1),
    row_line: Color32::TRANSPARENT,
    text: hex(0x1A1F27),
    text_2: hex(0x4A5361),
    text_3: hex(0x5C6675),
    accent: hex(0x1F5FBF),
    ok: hex(0x1B6E3C),
    warn: hex(0x8A5300),
    high: hex(0xB3400A),
    critical: hex(0xB3261E),
    border_strong: hex(0x717B8B),
    focus: hex(0x0B57D0),
    on_accent: hex(0xFFFFFF),
    on_critical: hex(0xFFFFFF),
    tint_ok: hex(0xE3F4E9),
    tint_info: hex(0xE4EDFB),
    tint_warn: hex(0xFFF1D6),
    tint_high: hex(0xFFE8DC),
    tint_critical: hex(0xFCE4E2),
    severity: [hex(0x8B94A7), hex(0x165DA6), hex(0xA46D1A), hex(0x7E070D)],
    category: [hex(0x3695F3), hex(0x633111), hex(0x7A9326), hex(0x52247D), hex(0xB8887D), hex(0x20484E)],
    heat: [
        hex(0xECEFF3),
        hex(0xCFE0F5),
        hex(0xA3C4EA),
        hex(0x6FA2D9),
        hex(0x3875B8),
        hex(0x1F5A9C),
        hex(0x0F3B6E),
    ],
    shadow: shade(46),
    veil: shade(74),
};

/// Dark.
pub(super) const DARK: Tokens = Tokens {
    dark: true,
    high_contrast: false,
    bg: hex(0x14171C),
    surface: hex(0x1B1F26),
    raised: hex(0x232830),
    sunken: hex(0x101317),
    field: hex(0x101317),
    row_alt: hex(0x1E232B),
    hover: hex(0x29303A),
    selected: hex(0x24385A),
    hairline: hex(0x323944),
    row_line: Color32::TRANSPARENT,
    text: hex(0xE8EBF0),
    text_2: hex(0xB4BCC8),
    text_3: hex(0x9AA4B2),
    accent: hex(0x7FB0FF),
    ok: hex(0x6FD195),
    warn: hex(0xF2B84B),
    high: hex(0xFF9466),
    critical: hex(0xFF8A80),
    border_strong: hex(0x7F8A9A),
    focus: hex(0x9CC2FF),
    on_accent: hex(0x0C1A33),
    on_critical: hex(0x2A0B08),
    tint_ok: hex(0x16301F),
    tint_info: hex(0x1A2A45),
    tint_warn: hex(0x3A2B0C),
    tint_high: hex(0x3D2113),
    tint_critical: hex(0x431E1C),
    severity: [hex(0x9299A5), hex(0x8BAEF5), hex(0xFEC779), hex(0xDB4D52)],
    category: [hex(0xDAB18E), hex(0xCDE36F), hex(0x8686ED), hex(0x198A38), hex(0x98E0E9), hex(0xB25D8C)],
    heat: [
        hex(0x20262E),
        hex(0x23405F),
        hex(0x2C5C8A),
        hex(0x3A76AD),
        hex(0x66A0D6),
        hex(0x9AC4EC),
        hex(0xD4E8FB),
    ],
    shadow: shade(128),
    veil: shade(140),
};

/// White on black.
pub(super) const HC_DARK: Tokens = Tokens {
    dark: true,
    high_contrast: true,
    bg: hex(0x000000),
    surface: hex(0x000000),
    raised: hex(0x000000),
    sunken: hex(0x000000),
    field: hex(0x000000),
    row_alt: hex(0x000000),
    hover: hex(0x1F1F1F),
    selected: hex(0x00317A),
    hairline: hex(0xFFFFFF),
    row_line: hex(0x808080),
    text: hex(0xFFFFFF),
    text_2: hex(0xFFFFFF),
    text_3: hex(0xE0E0E0),
    accent: hex(0xFFE14D),
    ok: hex(0x5CFF8F),
    warn: hex(0xFFE14D),
    high: hex(0xFFA64D),
    critical: hex(0xFF8080),
    border_strong: hex(0xFFFFFF),
    focus: hex(0x00E5FF),
    on_accent: hex(0x000000),
    on_critical: hex(0x000000),
    tint_ok: hex(0x000000),
    tint_info: hex(0x000000),
    tint_warn: hex(0x000000),
    tint_high: hex(0x000000),
    tint_critical: hex(0x000000),
    severity: [hex(0xE0E0E0), hex(0xFFFFFF), hex(0xFFE14D), hex(0xFF8080)],
    category: DARK.category,
    heat: [
        hex(0x1F1F1F),
        hex(0x3A3A3A),
        hex(0x5A5A5A),
        hex(0x6E6E6E),
        hex(0x9E9E9E),
        hex(0xC8C8C8),
        hex(0xFFFFFF),
    ],
    shadow: Color32::TRANSPARENT,
    veil: shade(180),
};

/// Black on white.
pub(super) const HC_LIGHT: Tokens = Tokens {
    dark: false,
    high_contrast: true,
    bg: hex(0xFFFFFF),
    surface: hex(0xFFFFFF),
    raised: hex(0xFFFFFF),
    sunken: hex(0xFFFFFF),
    field: hex(0xFFFFFF),
    row_alt: hex(0xFFFFFF),
    hover: hex(0xEDEDED),
    selected: hex(0xCFE0FF),
    hairline: hex(0x000000),
    row_line: hex(0x767676),
    text: hex(0x000000),
    text_2: hex(0x000000),
    text_3: hex(0x333333),
    accent: hex(0x0037A6),
    ok: hex(0x00521F),
    warn: hex(0x5C3700),
    high: hex(0x7A2500),
    critical: hex(0x8C0009),
    border_strong: hex(0x000000),
    focus: hex(0x0037A6),
    on_accent: hex(0xFFFFFF),
    on_critical: hex(0xFFFFFF),
    tint_ok: hex(0xFFFFFF),
    tint_info: hex(0xFFFFFF),
    tint_warn: hex(0xFFFFFF),
    tint_high: hex(0xFFFFFF),
    tint_critical: hex(0xFFFFFF),
    severity: [hex(0x5A5A5A), hex(0x000000), hex(0x5C3700), hex(0x8C0009)],
    category: LIGHT.category,
    heat: [
        hex(0xEDEDED),
        hex(0xD0D0D0),
        hex(0xB0B0B0),
        hex(0x8A8A8A),
        hex(0x636363),
        hex(0x3A3A3A),
        hex(0x000000),
    ],
    shadow: Color32::TRANSPARENT,
    veil: shade(120),
};
