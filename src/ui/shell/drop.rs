//! A file dropped on the window: rows of keys go to the import, anything else becomes a new key of type file.

use std::path::{Path, PathBuf};

use egui::{Align2, Context, Id, LayerId, Order, Ui};

use crate::ui::frame::{DialogRequest, Intent};
use crate::ui::theme::{self, TextRole};
use crate::ui::widgets::Tone;

use super::Shell;
use super::commands::UiCommand;

impl Shell {
    /// Takes what was dropped in this frame.
    pub(super) fn dropped(&mut self, ctx: &Context, intents: &mut Vec<Intent>) {
        let paths: Vec<PathBuf> = ctx
            .input_mut(|i| std::mem::take(&mut i.raw.dropped_files))
            .into_iter()
            .map(|f| f.path().to_owned())
            .collect();
        let Some(first) = paths.first() else { return };
        if self.is_covered() {
            let words = "Close the dialog first, then drop the file again.".to_owned();
            intents.push(Intent::Toast(Tone::Neutral, words));
            return;
        }
        if let Some(reason) = self.why_not(UiCommand::Import) {
            intents.push(Intent::Toast(Tone::Neutral, format!("{reason}.")));
            return;
        }
        if paths.len() > 1 {
            let words = "Drop one file at a time. The first one is taken.".to_owned();
            intents.push(Intent::Toast(Tone::Info, words));
        }
        let request = if is_table(first) {
            DialogRequest::ImportFile(first.clone())
        } else {
            DialogRequest::NewFromFile(first.clone())
        };
        intents.push(Intent::Open(request));
    }

    /// While a file is held over the window: what would become of it.
    pub(super) fn hovered(&self, ui: &Ui) {
        let ctx = ui.ctx();
        if ctx.input(|i| i.raw.hovered_files.is_empty()) {
            return;
        }
        let t = theme::tokens(ctx);
        let painter = ctx.layer_painter(LayerId::new(Order::Foreground, Id::unique("keyroom drop")));
        let room = ctx.content_rect();
        painter.rect_filled(room, 0, t.veil);
        let words = if self.why_not(UiCommand::Import).is_none() {
            "Drop a CSV file to import keys, or any other file to keep it as a key"
        } else {
            "Unlock the vault before you drop a file"
        };
        let galley = painter.layout_no_wrap(words.to_owned(), theme::font(TextRole::Heading), t.text);
        let at = Align2::CENTER_CENTER.anchor_size(room.center(), galley.size());
        painter.rect(
            at.expand(16.0),
            theme::size::RADIUS_PAGE,
            t.raised,
            (2.0, t.accent),
            egui::StrokeKind::Inside,
        );
        painter.galley(at.min, galley, t.text);
    }
}

/// Whether a file is taken for rows of keys: by its name alone, so that nothing is read before it is asked for.
fn is_table(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    matches!(ending.as_deref(), Some("csv" | "tsv"))
}
