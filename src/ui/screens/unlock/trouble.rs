//! What is wrong with the file, in full, and what can be done about it.

use egui::Ui;

use crate::app::{ClipboardState, LockedView};
use crate::ui::frame::Intent;
use crate::ui::widgets::{Banner, Button, Tone, checkbox, thousands};
use crate::ui::words::{plural, sentence};
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
            VaultError::KeysReplaced => {
                ("Locked, and the lock is not in the log", "It takes the new keys to write there.".to_owned())
            }
            VaultError::NotRecorded { cause, .. } => {
                ("Locked, but the lock could not be recorded", sentence(&cause.to_string()))
            }
            error => ("Locked, but not everything could be stored", sentence(&error.to_string())),
        };
        if locked.unsaved && matches!(error, VaultError::KeysReplaced) {
            words += " If it was your own password that was exposed, what was not saved here is lost, and the next unlock says so; \
                      else this program alone keeps it until then: do not close it.";
        } else if locked.unsaved {
            words += " Until the next unlock this program alone keeps what was not saved: do not close it.";
        }
        Banner::new(Tone::Warn, title).body(&words).show(ui);
        ui.add_space(12.0);
    } else if locked.unsaved {
        // The last lock was in order; what an earlier one could not store belongs to somebody who was not here since.
        let title = "An edit of another operator is not stored yet";
        let words = "Until they unlock, this program alone keeps it: do not close it.";
        Banner::new(Tone::Warn, title).body(words).show(ui);
        ui.add_space(12.0);
    }
    let Some(error) = locked.error.as_ref().filter(|_| locked.opening_since.is_none()) else { return };
    let words = sentence(&error.to_string());
    match error {
        VaultError::WrongPassword | VaultError::Wait { .. } | VaultError::NoSuchOperator => return,
        VaultError::RolledBack { .. } | VaultError::Forked { .. } => {
            let title = if matches!(error, VaultError::RolledBack { .. }) {
                "This is an older copy"
            } else {
                "This copy has another history"
            };
            Banner::new(Tone::Warn, title).body(&history(error)).show(ui);
            ui.add_space(8.0);
            let mut accept = state.accept;
            checkbox(ui, &mut accept, "Accept this copy");
            if accept != state.accept {
                state.accept = accept;
                state.focus = true;
            }
        }
        _ if error.is_damage() => {
            let title = "This vault cannot be trusted as it is";
            Banner::new(Tone::Critical, title).body(&words).show(ui);
            ui.add_space(16.0);
            let width = ui.available_width();
            let open = Button::primary("Open a backup…").large().min_width(width).show(ui);
            if !ui.memory(|memory| memory.focused().is_some()) {
                open.request_focus();
            }
            if open.clicked() {
                intents.push(Intent::ChooseVault);
            }
        }
        _ => {
            Banner::new(Tone::Critical, "The vault could not be opened").body(&words).show(ui);
        }
    }
    ui.add_space(16.0);
}

/// Whether the file is damaged: no password opens it any more.
pub(super) fn is_damaged(locked: &LockedView) -> bool {
    locked.opening_since.is_none() && locked.error.as_ref().is_some_and(VaultError::is_damage)
}

/// How the history of the file differs from what this computer has seen; the title says that it does.
fn history(error: &VaultError) -> String {
    match error {
        VaultError::RolledBack { file, seen } => format!(
            "Its log has {}; this computer has seen {}. If it was restored from a backup on purpose, accept it as such.",
            plural(*file, "event", "events"),
            thousands(*seen)
        ),
        VaultError::Forked { seen } => format!(
            "It differs from what this computer has seen up to event {}: two copies were changed separately, or it was \
             forged. Compare the copies; accept one only on purpose.",
            thousands(*seen)
        ),
        error => sentence(&error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_copy_is_told_by_its_numbers_and_not_again_by_its_title() {
        let words = history(&VaultError::RolledBack { file: 1_204, seen: 1_377 });
        assert!(words.starts_with("Its log has 1,204 events; this computer has seen 1,377."), "{words}");
        assert!(!words.contains("older copy"), "{words}");
        assert!(history(&VaultError::Forked { seen: 9_000 }).contains("up to event 9,000"));
    }
}
