//! The type scale. Nothing is smaller than 12 pt; digits that are compared stand in Hack.

use egui::{FontFamily, FontId, RichText};

/// What a piece of text is, which decides its font, size and line height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextRole {
    /// 24/32 bold: the unlock title, big numbers.
    Display,
    /// 18/26 bold: titles of pages and dialogs.
    Title,
    /// 15/22 bold: sections and drawers.
    Heading,
    /// 14/20.
    Body,
    /// 14/20 bold: active navigation, the selected row's name.
    BodyStrong,
    /// 12/16: captions, axis labels, the status bar.
    Small,
    /// 12/16 bold: group heads, the sorted column.
    SmallStrong,
    /// 13/20 Hack: hashes, times, queries, counts in columns.
    Mono,
    /// 12/16 Hack.
    SmallMono,
    /// 16/24 Hack: a revealed secret.
    Secret,
}

impl TextRole {
    const fn size(self) -> f32 {
        match self {
            Self::Display => 24.0,
            Self::Title => 18.0,
            Self::Heading => 15.0,
            Self::Body | Self::BodyStrong => 14.0,
            Self::Mono => 13.0,
            Self::Small | Self::SmallStrong | Self::SmallMono => 12.0,
            Self::Secret => 16.0,
        }
    }
}

/// The name of the bold family.
pub(super) const BOLD: &str = "bold";
/// The name of the icon family.
pub(super) const ICONS: &str = "icons";

/// The font of a role.
#[must_use]
pub fn font(role: TextRole) -> FontId {
    let family = match role {
        TextRole::Display
        | TextRole::Title
        | TextRole::Heading
        | TextRole::BodyStrong
        | TextRole::SmallStrong => FontFamily::Name(BOLD.into()),
        TextRole::Body | TextRole::Small => FontFamily::Proportional,
        TextRole::Mono | TextRole::SmallMono | TextRole::Secret => FontFamily::Monospace,
    };
    FontId::new(role.size(), family)
}

/// The font of an icon, `size` points high.
#[must_use]
pub fn icon_font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(ICONS.into()))
}

/// The line height of a role, in points.
#[must_use]
pub const fn row_height(role: TextRole) -> f32 {
    match role {
        TextRole::Display => 32.0,
        TextRole::Title => 26.0,
        TextRole::Heading => 22.0,
        TextRole::Body | TextRole::BodyStrong | TextRole::Mono => 20.0,
        TextRole::Small | TextRole::SmallStrong | TextRole::SmallMono => 16.0,
        TextRole::Secret => 24.0,
    }
}

/// Text in a role, in the colour of its surroundings; add `.color(tokens.…)` for another.
pub fn rich(role: TextRole, text: impl Into<String>) -> RichText {
    RichText::new(text).font(font(role)).line_height(Some(row_height(role)))
}
