//! What is wrong with the file, in full, and what can be done about it.

use egui::Ui;

use crate::app::{ClipboardState, LockedView};
use crate::ui::frame::Intent;
use crate::ui::theme::icons;
use crate::ui::widgets::{Banner, Button, Tone, checkbox};
use crate::ui::words::sentence;
use crate::vault::VaultError;

use super::State;

/// Says that a copied value is still on the clipboard, where the clipboard did not let go of it.
pub(super) fn clipboard(ui: &mut Ui, held: Option<&ClipboardState>) {
    if held.is_some_and(|held| held.stuck) {
        let words = "The clipboard could not be cleared and may still hold a value of this vault. Clearing it is tried again.";
        Banner::new(Tone::Warn, words).show(ui);
        ui.add_space(12.0);
    }
}

/// Shows what there is to say above the fields; nothing takes no room.
pub(super) fn show(ui: &mut Ui, locked: &LockedView, state: &mut State, intents: &mut Vec<Intent>) {
    if let Some(error) = &locked.lock_error {
        let (title, mut words) = match error {
            VaultError::NotRecorded { cause, .. } => {
                ("Locked, but the lock could not be recorded", sentence(&cause.to_string()))
            }
            error => ("Locked, but not everything could be stored", sentence(&error.to_string())),
        };
        if locked.unsaved {
            words += " Until the next unlock this program alone keeps what was not saved: do not close it.";
        }
        Banner::new(Tone::Warn, title).body(&words).show(ui);
        ui.add_space(12.0);
    }
    let Some(error) = locked.error.as_ref().filter(|_| locked.opening_since.is_none()) else { return };
    let words = sentence(&error.to_string());
    match error {
        VaultError::WrongPassword | VaultError::Wait { .. } | VaultError::WhichOperator => return,
        VaultError::RolledBack { .. } | VaultError::Forked { .. } => {
            let title = if matches!(error, VaultError::RolledBack { .. }) {
                "This is an older copy"
            } else {
                "This copy has another history"
            };
            Banner::new(Tone::Warn, title).body(&words).show(ui);
            ui.add_space(8.0);
            let mut accept = state.accept;
            checkbox(ui, &mut accept, "Accept this copy…");
            if accept != state.accept {
                state.accept = accept;
                state.focus = true;
            }
        }
        _ => {
            let title = if error.is_damage() {
                "This vault cannot be trusted as it is"
            } else {
                "The vault could not be opened"
            };
            Banner::new(Tone::Critical, title).body(&words).show(ui);
            ui.add_space(8.0);
            if Button::secondary("Open another vault…").icon(icons::FOLDER).show(ui).clicked() {
                intents.push(Intent::ChooseVault);
            }
        }
    }
    ui.add_space(16.0);
}
