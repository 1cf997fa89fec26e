//! What several pages need and no widget knows: words for times, text of several roles on one line, keys counted by when
//! they are due, and settings that are saved with the password where it is asked for.

pub(crate) mod paint;
pub(crate) mod save;
pub(crate) mod stock;
pub(crate) mod when;

use crate::ui::theme::{Tokens, tokens};
use egui::{Rect, Ui, UiBuilder};

/// The colours in force.
pub(crate) fn t(ui: &Ui) -> &'static Tokens {
    tokens(ui.ctx())
}

/// Shows `contents` in exactly `rect`, clipped to it.
pub(crate) fn place<R>(ui: &mut Ui, salt: &str, rect: Rect, contents: impl FnOnce(&mut Ui) -> R) -> R {
    let builder = UiBuilder::new().id_salt(salt).max_rect(rect);
    let mut child = ui.new_child(builder);
    // Rings and handles may stand out a little.
    child.set_clip_rect(rect.expand(4.0).intersect(ui.clip_rect()));
    contents(&mut child)
}

/// Whether the window is so narrow that the rail is collapsed and facets hide in a popover.
pub(crate) fn is_narrow(ui: &Ui) -> bool {
    ui.ctx().content_rect().width() < 1180.0
}

/// "1 key", "12 keys".
pub(crate) fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", crate::ui::widgets::thousands(count), if count == 1 { one } else { many })
}
