//! Words for moments and messages.

use crate::model::Timestamp;
use crate::vault::VaultError;

/// "4 Apr 2026".
pub(crate) fn date(moment: Timestamp) -> String {
    moment.local().format("%-d %b %Y").to_string()
}

/// "1 key", "3 keys".
pub(crate) fn plural(count: usize, one: &str, many: &str) -> String {
    let number = crate::ui::widgets::thousands(count as u64);
    format!("{number} {}", if count == 1 { one } else { many })
}

/// `words` as a sentence: a capital letter first, a full stop last.
pub(crate) fn sentence(words: &str) -> String {
    let mut chars = words.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let rest = chars.as_str();
    let stop = if rest.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{rest}{stop}")
}

/// An error in its own words, as a sentence.
pub(super) fn error(error: &VaultError) -> String {
    sentence(&error.to_string())
}
