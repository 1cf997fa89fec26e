//! Words that every page and dialog sets the same way: counted things, and messages as sentences.
//!
//! What is said is decided where it is said; here is only how it is put together.

use crate::model::Timestamp;
use crate::model::time::calendar_days;

/// "1 key", "3 keys", "1,204 keys".
pub(crate) fn plural(count: impl Count, one: &str, many: &str) -> String {
    let count = count.count();
    format!("{} {}", super::widgets::thousands(count), if count == 1 { one } else { many })
}

/// `words` with a capital letter first.
pub(crate) fn capital(words: &str) -> String {
    let mut chars = words.chars();
    let first: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}", chars.as_str())
}

/// `words` as a sentence: a capital letter first, a full stop last.
pub(crate) fn sentence(words: &str) -> String {
    let stop = if words.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{}{stop}", capital(words))
}

/// How long ago: "just now", "5 min ago", "3 h ago", "yesterday", "2 d ago", "4 months ago". By calendar days, as dates are
/// read; within the day by hours.
pub(crate) fn ago(then: Timestamp, now: Timestamp) -> String {
    let minutes = now.since(then) / 60_000;
    match (calendar_days(then, now), minutes) {
        (..=0, ..=0) => "just now".to_owned(),
        (..=0, 1..=59) => format!("{minutes} min ago"),
        (..=0, _) => format!("{} h ago", minutes / 60),
        (1, _) => "yesterday".to_owned(),
        (days @ 2..=60, _) => format!("{days} d ago"),
        (days, _) => format!("{} months ago", days / 30),
    }
}

/// `words` with curly quotation marks for grave accents, which stand over the next letter in running text.
pub(crate) fn quoted(words: &str) -> String {
    let mut open = false;
    let mut curl = |c| match c {
        '`' => {
            open = !open;
            if open { '\u{201C}' } else { '\u{201D}' }
        }
        c => c,
    };
    words.chars().map(&mut curl).collect()
}

/// A number of things, of whatever type it was counted in.
pub(crate) trait Count {
    /// The number itself.
    fn count(self) -> u64;
}

impl Count for u64 {
    fn count(self) -> u64 {
        self
    }
}

impl Count for u32 {
    fn count(self) -> u64 {
        self.into()
    }
}

impl Count for usize {
    fn count(self) -> u64 {
        self as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_one_and_all_else_are_many() {
        assert_eq!(plural(0_u32, "key", "keys"), "0 keys");
        assert_eq!(plural(1_usize, "key", "keys"), "1 key");
        assert_eq!(plural(1204_u64, "key", "keys"), "1,204 keys");
    }

    #[test]
    fn a_sentence_begins_with_a_capital_and_ends_with_one_stop() {
        assert_eq!(sentence("the file is locked"), "The file is locked.");
        assert_eq!(sentence("Really?"), "Really?");
        assert_eq!(sentence("étude"), "Étude.");
    }

    #[test]
    fn how_long_ago_is_said_by_calendar_days_and_within_the_day_by_hours() {
        let now = Timestamp::parse("2026-04-16").unwrap().plus_ms(9 * 3_600_000);
        let said = |ms: i64| ago(now.plus_ms(-ms), now);
        assert_eq!([said(-5), said(59_000), said(180_000)], ["just now", "just now", "3 min ago"]);
        assert_eq!([said(7_300_000), said(10 * 3_600_000)], ["2 h ago", "yesterday"]);
        // Forty hours and two midnights.
        assert_eq!(said(40 * 3_600_000), "2 d ago");
        assert_eq!(said(90 * 86_400_000), "3 months ago");
    }

    #[test]
    fn grave_accents_become_quotation_marks_that_open_and_close() {
        assert_eq!(quoted("`a` and `b`"), "\u{201C}a\u{201D} and \u{201C}b\u{201D}");
        assert_eq!(quoted("expected a value after `due:`."), "expected a value after \u{201C}due:\u{201D}.");
    }
}
