//! Words and glyphs for keys, versions and moments.

use crate::model::due::Due as KeyDue;
use crate::model::time::calendar_days;
use crate::model::{KeyRecord, KeyState, KeyType, Policy, Timestamp, VersionState};
use crate::ui::theme::icons::{self, Icon};
use crate::ui::widgets::{Due, Tone};

/// The glyph of a type.
pub(crate) fn type_icon(key_type: KeyType) -> Icon {
    match key_type {
        KeyType::Password | KeyType::Passphrase => icons::LOCK,
        KeyType::ApiToken => icons::TOKEN,
        KeyType::Aes256 | KeyType::ChaCha20 => icons::KEY,
        KeyType::HmacSha256 => icons::FINGERPRINT,
        KeyType::Text => icons::DOCUMENT,
        KeyType::File => icons::KEY_FILE,
    }
}

/// The tone, the glyph and the word of a state.
fn state_look(state: KeyState) -> (Tone, Icon, &'static str) {
    match state {
        KeyState::PreActive => (Tone::Neutral, icons::OPEN, "Pre-active"),
        KeyState::Active => (Tone::Info, icons::ACTIVE, "Active"),
        KeyState::Suspended => (Tone::Warn, icons::SUSPENDED, "Suspended"),
        KeyState::Deactivated => (Tone::Neutral, icons::ARCHIVE, "Deactivated"),
        KeyState::Compromised => (Tone::Critical, icons::FAILED, "Compromised"),
        KeyState::Destroyed => (Tone::Neutral, icons::DESTROY, "Destroyed"),
    }
}

/// The tone, the glyph and the words of a key's state: a destroyed one may be known to be compromised.
pub(crate) fn key_look(key: &KeyRecord) -> (Tone, Icon, &'static str) {
    match key.state {
        KeyState::Destroyed if key.compromise.is_some() => {
            (Tone::Critical, icons::DESTROY, "Destroyed, compromised")
        }
        state => state_look(state),
    }
}

/// The tone, the glyph and the word of a version's state.
pub(crate) fn version_look(state: VersionState) -> (Tone, Icon, &'static str) {
    match state {
        VersionState::Current => (Tone::Info, icons::ACTIVE, "Current"),
        VersionState::Overlap => (Tone::Warn, icons::WAITING, "Overlap"),
        VersionState::Retired => (Tone::Neutral, icons::ARCHIVE, "Retired"),
        VersionState::Compromised => (Tone::Critical, icons::FAILED, "Compromised"),
        VersionState::Destroyed => (Tone::Neutral, icons::DESTROY, "Destroyed"),
    }
}

/// How a due date looks under the policy that set it, which says from when on it is near.
pub(in crate::ui) fn due_look(due: KeyDue, policy: Option<&Policy>) -> Due {
    match due {
        KeyDue::Late(_) => Due::Late,
        KeyDue::In(_) if due.is_soon(policy) => Due::Soon,
        KeyDue::In(_) => Due::Later,
        KeyDue::OnEvidence | KeyDue::Exempt | KeyDue::NoPolicy | KeyDue::NotInUse => Due::NoDate,
    }
}

/// "4 Apr 2026".
pub(crate) fn date(moment: Timestamp) -> String {
    moment.local().format("%-d %b %Y").to_string()
}

/// "11 Apr", with the year where it is another one than now.
pub(crate) fn day(moment: Timestamp, now: Timestamp) -> String {
    let same = moment.local().format("%Y").to_string() == now.local().format("%Y").to_string();
    moment.local().format(if same { "%-d %b" } else { "%-d %b %Y" }).to_string()
}

/// "02:45".
pub(crate) fn clock(moment: Timestamp) -> String {
    moment.clock()
}

/// "4 Apr 2026 09:14", for a screen reader and for tables.
pub(crate) fn date_time(moment: Timestamp) -> String {
    format!("{} {}", date(moment), moment.clock())
}

/// How long the version in use is in use: "102 d".
pub(crate) fn age(key: &KeyRecord, now: Timestamp) -> String {
    format!("{} d", calendar_days(key.last_rotated(), now).max(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_due_date_gets_its_colour_when_its_policy_warns() {
        let with = |days| Policy { interval_days: Some(days), ..crate::model::policy::defaults()[0].clone() };
        let (week, year) = (with(6), with(365));
        let look = |days, policy| due_look(KeyDue::In(days), Some(policy));
        assert_eq!([look(2, &week), look(3, &week)], [Due::Soon, Due::Later]);
        assert_eq!([look(30, &year), look(31, &year)], [Due::Soon, Due::Later]);
        assert_eq!(due_look(KeyDue::Late(1), Some(&year)), Due::Late);
        assert_eq!(due_look(KeyDue::OnEvidence, None), Due::NoDate);
    }
}
