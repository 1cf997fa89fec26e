//! Theme and zoom: what the workstation remembers, and what the window makes of it.

use crate::app::platform::paths::Theme as Remembered;
use crate::ui::theme::Theme;

/// The zoom factors the window goes through.
pub(super) const ZOOM: [f32; 9] = [0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 1.9, 2.0];

/// The window's theme for what the workstation remembers.
pub(in crate::ui) fn theme_of(remembered: Remembered) -> Theme {
    match remembered {
        Remembered::System => Theme::System,
        Remembered::Light => Theme::Light,
        Remembered::Dark => Theme::Dark,
        Remembered::HighContrastLight => Theme::HighContrastLight,
        Remembered::HighContrastDark => Theme::HighContrastDark,
    }
}

/// What the workstation remembers of the window's theme.
pub(in crate::ui) fn remembered(theme: Theme) -> Remembered {
    match theme {
        Theme::System => Remembered::System,
        Theme::Light => Remembered::Light,
        Theme::Dark => Remembered::Dark,
        Theme::HighContrastLight => Remembered::HighContrastLight,
        Theme::HighContrastDark => Remembered::HighContrastDark,
    }
}

/// The zoom factor one step from `now`.
pub(in crate::ui) fn zoom_step(now: f32, larger: bool) -> f32 {
    let next = if larger {
        ZOOM.iter().find(|zoom| **zoom > now + 0.01)
    } else {
        ZOOM.iter().rev().find(|zoom| **zoom < now - 0.01)
    };
    next.copied().unwrap_or(now)
}
