//! How Keyroom looks: four themes, one set of token names, one type scale, one set of icons.
//!
//! All colours of the program are made here and nowhere else (a lint holds that); contrast is computed in the tests.
//! Call [`install`] once per egui context and [`apply`] whenever the operator chooses another theme. Everything else
//! asks for [`tokens`].

mod colour;
mod fonts;
pub mod icons;
pub mod size;
mod tokens;
mod type_scale;
mod visuals;

pub use colour::{contrast, mix};
pub use fonts::definitions;
pub use tokens::{Tint, Tokens};
pub use type_scale::{TextRole, font, icon_font, rich, row_height};

use serde::{Deserialize, Serialize};

/// What the operator chose in Settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// Light or dark, as the operating system is set.
    #[default]
    System,
    /// Dark text on white.
    Light,
    /// Light text on near-black.
    Dark,
    /// White on black, every edge drawn, no tints.
    HighContrastDark,
    /// Black on white, every edge drawn, no tints.
    HighContrastLight,
}

impl Theme {
    /// Every choice, in the order Settings lists them.
    pub const ALL: [Self; 5] =
        [Self::System, Self::Light, Self::Dark, Self::HighContrastDark, Self::HighContrastLight];

    /// The words Settings shows.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
            Self::HighContrastDark => "High contrast dark",
            Self::HighContrastLight => "High contrast light",
        }
    }

    /// The colours of this theme; `dark` decides for [`Theme::System`].
    #[must_use]
    pub fn tokens(self, dark: bool) -> &'static Tokens {
        match self {
            Self::System if dark => &tokens::DARK,
            Self::System | Self::Light => &tokens::LIGHT,
            Self::Dark => &tokens::DARK,
            Self::HighContrastDark => &tokens::HC_DARK,
            Self::HighContrastLight => &tokens::HC_LIGHT,
        }
    }
}

/// Remembers the theme in the context. A plugin and not egui's `data`, because a lock clears that.
#[derive(Default)]
struct Current {
    theme: Theme,
    reduced_motion: bool,
}

impl egui::Plugin for Current {
    fn debug_name(&self) -> &'static str {
        "keyroom theme"
    }
}

/// Loads the fonts and applies `theme`. Once per context and before its first pass: the widgets need the fonts.
pub fn install(ctx: &egui::Context, theme: Theme) {
    ctx.set_fonts(definitions());
    apply(ctx, theme);
}

/// Makes `theme` the look of everything from the next pass on.
pub fn apply(ctx: &egui::Context, theme: Theme) {
    ctx.plugin_or_default::<Current>().lock().theme = theme;
    restyle(ctx);
}

/// Switches animations off or on. egui does not know what the operating system prefers: it is a setting.
pub fn set_reduced_motion(ctx: &egui::Context, reduced: bool) {
    ctx.plugin_or_default::<Current>().lock().reduced_motion = reduced;
    restyle(ctx);
}

fn restyle(ctx: &egui::Context) {
    let (theme, still) =
        ctx.with_plugin(|current: &mut Current| (current.theme, current.reduced_motion)).unwrap_or_default();
    ctx.set_theme(match theme {
        Theme::System => egui::ThemePreference::System,
        Theme::Light | Theme::HighContrastLight => egui::ThemePreference::Light,
        Theme::Dark | Theme::HighContrastDark => egui::ThemePreference::Dark,
    });
    ctx.set_style_of(egui::Theme::Light, visuals::style(theme.tokens(false), false, still));
    ctx.set_style_of(egui::Theme::Dark, visuals::style(theme.tokens(true), true, still));
}

/// The theme last given to [`apply`].
#[must_use]
pub fn current(ctx: &egui::Context) -> Theme {
    ctx.with_plugin(|current: &mut Current| current.theme).unwrap_or_default()
}

/// The colours in force. Cheap: a pointer to a constant.
#[must_use]
pub fn tokens(ctx: &egui::Context) -> &'static Tokens {
    current(ctx).tokens(ctx.theme() == egui::Theme::Dark)
}

#[cfg(test)]
mod tests;
