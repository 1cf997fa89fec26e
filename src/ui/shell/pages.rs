//! The pages and dialogs of an unlocked vault, behind one door: what is shown, and what is forgotten at a lock.

use egui::{Context, Ui};

use crate::app::Reply;
use crate::model::KeyId;
use crate::ui::frame::{DialogRequest, Frame, Intent, Page, SettingsSection};
use crate::ui::widgets::{EmptyState, Tone};
use crate::vault::Draft;

/// The state of every page and of the dialogs.
#[derive(Default)]
pub(in crate::ui) struct Pages {
    chosen: Option<KeyId>,
}

impl Pages {
    /// Shows `page`.
    pub(super) fn show(&mut self, ui: &mut Ui, page: Page, _frame: &Frame<'_>) -> Vec<Intent> {
        let _ = EmptyState::new(crate::ui::theme::icons::WAITING, page.title(), "Not there yet.").show(ui);
        Vec::new()
    }

    /// Shows the dialogs; says whether one is there to show what failed.
    pub(super) fn dialogs(&mut self, _ctx: &Context, _frame: &Frame<'_>, _intents: &mut Vec<Intent>) -> bool {
        false
    }

    /// Drops what knows something of the vault.
    pub(super) fn forget(&mut self) {
        *self = Self { chosen: self.chosen };
    }

    /// The key that is chosen on the Keys page.
    pub(in crate::ui) fn chosen_key(&self) -> Option<KeyId> {
        self.chosen
    }

    /// Whether a dialog lies over the page.
    pub(in crate::ui) fn is_dialog_open(&self) -> bool {
        false
    }

    /// Hands unsaved edits back to the dialogs they came from.
    pub(super) fn restore(&mut self, _drafts: Vec<Draft>) {}

    /// Opens a dialog.
    pub(in crate::ui) fn open(&mut self, _request: DialogRequest, _frame: &Frame<'_>) {}

    /// The Keys page with this query.
    pub(in crate::ui) fn show_keys(&mut self, _query: String) {}

    /// The Keys page with this key open.
    pub(in crate::ui) fn show_key(&mut self, key: KeyId) {
        self.chosen = Some(key);
    }

    /// The Audit page with this query.
    pub(in crate::ui) fn show_audit(&mut self, _query: String) {}

    /// The Audit page with this event open.
    pub(in crate::ui) fn show_event(&mut self, _seq: u64) {}

    /// The Settings page at a section.
    pub(in crate::ui) fn show_settings(&mut self, _section: SettingsSection) {}
}

/// Says what failed where no dialog is there to say it.
pub(super) fn toast_failures(replies: &[Reply], intents: &mut Vec<Intent>) {
    for reply in replies {
        if let Err(error) = &reply.result {
            intents.push(Intent::Toast(Tone::Critical, sentence(&error.to_string())));
        }
    }
}

/// `words` as a sentence: a capital letter first, a full stop last.
pub(in crate::ui) fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    let stop = if words.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", chars.as_str())
}
