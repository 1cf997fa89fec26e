//! Words for moments and messages.

use crate::model::Timestamp;
use crate::ui::words::sentence;
use crate::vault::VaultError;

/// "4 Apr 2026".
pub(crate) fn date(moment: Timestamp) -> String {
    moment.local().format("%-d %b %Y").to_string()
}

/// An error in its own words, as a sentence.
pub(super) fn error(error: &VaultError) -> String {
    match error {
        // The error's own words are those of an unlock; here the vault is open, and something else was asked for.
        VaultError::WrongPassword => "That is not your password. Nothing was done; try again.".to_owned(),
        error => sentence(&error.to_string()),
    }
}
