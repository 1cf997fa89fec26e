//! The fonts: Noto Sans for text, Hack for digits, Lucide for icons. All compiled in. A real window adds the
//! desktop's own for scripts that these do not have (eframe's `system_fonts`); pictures and tests never do.

use super::type_scale::{BOLD, ICONS};
use egui::{FontData, FontDefinitions, FontFamily, FontTweak};
use std::sync::Arc;

/// The font definitions for [`egui::Context::set_fonts`].
#[must_use]
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let mut add = |name: &str, bytes: &'static [u8], tweak: FontTweak| {
        fonts.font_data.insert(name.into(), Arc::new(FontData::from_static(bytes).tweak(tweak)));
    };
    // Unhinted: at 12 to 14 points hinting closes the gap under the dot of an i.
    let plain = || FontTweak { hinting: Some(false), ..FontTweak::default() };
    add("noto", ttf_noto_sans::REGULAR, plain());
    add("noto-bold", ttf_noto_sans::BOLD, plain());
    add("lucide", lucide_icons::LUCIDE_FONT_BYTES, plain());
    if let Some(hack) = fonts.font_data.get_mut("Hack") {
        *hack = Arc::new(FontData::clone(hack).tweak(plain()));
    }

    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let with = |first: &str| std::iter::once(first.to_owned()).chain(fallback.clone()).collect::<Vec<_>>();
    fonts.families.insert(FontFamily::Proportional, with("noto"));
    fonts.families.insert(FontFamily::Name(BOLD.into()), with("noto-bold"));
    fonts.families.insert(FontFamily::Name(ICONS.into()), vec!["lucide".into()]);
    if let Some(mono) = fonts.families.get_mut(&FontFamily::Monospace) {
        mono.insert(1.min(mono.len()), "noto".into());
    }
    fonts
}
